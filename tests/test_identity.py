"""The same fact from two places is one record; two facts are never made one."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pytest

from graph import identity
from graph.identity import ORDER, Identified
from graph.model import Kind, Node, label, links, properties
from graph.plain import pack, plain, unpack
from graph.register import entries, register
from tests.extracts import AUTHORITY, extract

TWO_CHILDREN = """
children | local_id | nhs_number
a        | 1        | 9434765919
b        | 2        |
"""


def identified(text: str, on_record: str = "", *, other: str = AUTHORITY) -> Identified:
    """An extract identified while another, of the same authority or of another one, is on record."""
    tables, before = plain(extract(text).tables), plain(extract(on_record).tables) if on_record else {}
    everyone = [
        *entries("this", AUTHORITY, None, tables.get("children", {})),
        *entries("before", other, date(2020, 4, 1), before.get("children", {})),
    ]
    return identity.identified(tables, AUTHORITY, register(everyone), "this")


def ids(text: str, table: str) -> list[str]:
    return [row["id"] for row in identified(text).rows.get(table, [])]


def test_a_childs_id_is_the_authoritys_code_and_its_own_number() -> None:
    assert ids(TWO_CHILDREN, "children") == ["E08000025/1", "E08000025/2"]


@pytest.mark.parametrize("key", ["nhs_number", "upn"])
def test_a_child_without_local_number_joins_by_an_exact_key(key: str) -> None:
    found = identified(f"children | {key}\np | X1\nq | X2", f"children | local_id | {key}\na | 1 | X1")
    assert [r["id"] for r in found.rows["children"]] == ["E08000025/1"]
    assert found.unmatched == ("children.csv:3",)


def test_a_code_for_no_upn_joins_nobody() -> None:
    found = identified("children | upn\np | UN1", "children | local_id | upn\na | 1 | UN1")
    assert found.unmatched == ("children.csv:2",)


def test_a_upn_typed_wrong_does_not_join_two_children_of_one_authority() -> None:
    found = identified("children | local_id | upn\np | 2 | A1", "children | local_id | upn\na | 1 | A1")
    assert [r["id"] for r in found.rows["children"]] == ["E08000025/2"]


def test_a_child_who_came_from_another_authority_keeps_her_id() -> None:
    found = identified(
        "children | local_id | upn\np | 77 | A1", "children | local_id | upn\na | 5 | A1", other="E08000026"
    )
    assert [(r["id"], r["local_id"], r["aliases"]) for r in found.rows["children"]] == [("E08000026/5", "5", ("77",))]


@pytest.mark.parametrize(
    ("first", "second", "one"),
    [
        ("registration\nw | SW1", "registration\nx | SW1", True),
        ("registration\nw | SW1", "registration\nw | SW2", False),
        ("staff_id\nw | 7", "staff_id\nx | 7", True),
        ("name\nw | Ann Lee", "name\nx | ann  lee", True),
        ("registration | identified\nw | XX1 | no", "registration | identified\nx | XX1 | no", False),
    ],
)
def test_a_worker_is_known_by_registration_then_staff_number_then_name(first: str, second: str, one: bool) -> None:
    found = {ids(f"professionals | {text}", "professionals")[0] for text in (first, second)}
    assert (len(found) == 1) is one


def test_two_people_of_a_name_in_two_agencies_are_two() -> None:
    text = """
professionals | name
w | Ann Lee
x | Ann Lee

agencies | kind | name
s | school | Hill School
t | school | Vale School

works_for | from | to
 | Professional:w | Agency:s
 | Professional:x | Agency:t
"""
    assert len(set(ids(text, "professionals"))) == 2


PLACEMENTS = (
    TWO_CHILDREN
    + """
placements | urn | postcode
h1 | {0} | {1}
h2 | {2} | {3}

placed_at | from | to | start | place_type
 | Child:a | Placement:h1 | 2023-05-01 | {4}
 | Child:b | Placement:h2 | 2023-05-01 | {4}
"""
)


@pytest.mark.parametrize(
    ("urns", "postcodes", "place_type", "homes"),
    [
        (("SC1", "SC1"), ("B13 9AA", "B13 9AA"), "K2", 1),  # a children's home is one by its URN
        (("SC1", "SC1"), ("B13 9AA", "B13 9AA"), "U6", 2),  # a fostering service's URN is not a home
        (("", ""), ("", ""), "U6", 2),
    ],
)
def test_a_registered_building_is_one_home_and_a_foster_home_is_the_childs(
    urns: tuple[str, str], postcodes: tuple[str, str], place_type: str, homes: int
) -> None:
    text = PLACEMENTS.format(urns[0], postcodes[0], urns[1], postcodes[1], place_type)
    assert len(set(ids(text, "placements"))) == homes


def test_two_stays_in_one_foster_home_are_one_home() -> None:
    text = PLACEMENTS.format("SC1", "B13 9AA", "SC1", "B13 9AA", "U6").replace(
        "Child:b | Placement:h2 | 2023-05-01", "Child:a | Placement:h2 | 2023-09-01"
    )
    assert len(set(ids(text, "placements"))) == 1


def test_a_meeting_is_one_however_many_record_it_and_two_visits_on_a_day_are_two() -> None:
    text = (
        TWO_CHILDREN
        + """
professionals | registration
w | SW1
x | SW2

meetings | kind | on | about
m | review | 2023-05-20 | Child:a
n | review | 2023-05-20 | Child:a
v | visit | 2023-05-20 | Child:a
u | visit | 2023-05-20 | Child:a

attended | from | to | how
 | Professional:w | Meeting:v | present
 | Professional:x | Meeting:u | present
"""
    )
    found = identified(text).rows["meetings"]
    assert sorted(r["kind"] for r in found) == ["review", "visit", "visit"]
    assert {len(r["rows"]) for r in found if r["kind"] == "review"} == {2}


def test_parallel_spells_between_the_same_two_stay_apart() -> None:
    text = (
        TWO_CHILDREN
        + """
professionals | registration
w | SW1

involved_with | from | to | role | start
 | Professional:w | Child:a | social_worker | 2023-05-01
 | Professional:w | Child:a | social_worker | 2023-09-01
 | Professional:w | Child:a | iro | 2023-05-01
"""
    )
    assert len(set(ids(text, "involved_with"))) == 3


def test_a_plan_may_point_at_a_later_line_and_a_notice_at_a_stay() -> None:
    text = (
        TWO_CHILDREN
        + """
placements | urn
h | SC1

placed_at | from | to | start
s | Child:a | Placement:h | 2023-05-01

plans | kind | start | about | part_of
health | health | 2023-05-01 | Child:a | Plan:care
care | care | 2023-05-01 | Child:a |

notices | change | recipient | sent_on | about
n | PlacedAt:s | iro | 2023-05-01 | Child:a
"""
    )
    rows = identified(text).rows
    plans = {r["kind"]: r for r in rows["plans"]}
    assert plans["health"]["part_of"] == (f"Plan:{plans['care']['id']}",)
    assert rows["notices"][0]["change"] == f"PlacedAt:{rows['placed_at'][0]['id']}"


def test_ids_do_not_depend_on_the_extracts_own() -> None:
    renamed = TWO_CHILDREN.replace("a        |", "zz       |")
    tail = "\nmeetings | kind | on | about\nm | review | 2023-05-20 | Child:{}"
    assert ids(TWO_CHILDREN + tail.format("a"), "meetings") == ids(renamed + tail.format("zz"), "meetings")


def test_numbers_that_differ_in_case_only_are_two_children() -> None:
    text = """
children | local_id
a | Ab/1
b | aB/1

placements | urn
h | SC1

placed_at | from | to | start | place_type
 | Child:a | Placement:h | 2023-05-01 | K2
 | Child:b | Placement:h | 2023-05-01 | K2

looks_after | from | to | start
 | LocalAuthority:E08000025 | Child:a | 2023-05-01
 | LocalAuthority:E08000025 | Child:b | 2023-05-01
"""
    for table in ("children", "placed_at", "looks_after"):
        assert len(set(ids(text, table))) == 2


@pytest.mark.parametrize("number", ["12/3", "a:b::c", "Child:7", "zwölf 12", "x" * 500, "';DROP", "{id: 1}"])
def test_any_number_is_a_childs_number(number: str) -> None:
    text = "children | local_id\na:/ 1 | {0}\n\nmeetings | kind | on | about\nm | review | 2023-05-20 | Child:a:/ 1"
    found = identified(text.format(number)).rows
    assert found["children"][0]["id"] == f"E08000025/{number}"
    assert found["meetings"][0]["about"] == (f"Child:E08000025/{number}",)


def test_a_upn_that_two_children_of_a_folder_share_joins_neither_to_another_authoritys_child() -> None:
    text = "children | local_id | upn\np | 1 | A1\nq | 2 | A1"
    found = identified(text, "children | local_id | upn\na | 5 | A1", other="E08000026")
    assert [r["id"] for r in found.rows["children"]] == ["E08000025/1", "E08000025/2"]


def test_a_row_without_number_is_the_child_of_the_same_folder_who_has_its_upn_whatever_the_order() -> None:
    for rows in ("p | 1 | A1\nq |  | A1", "q |  | A1\np | 1 | A1"):
        assert ids(f"children | local_id | upn\n{rows}", "children") == ["E08000025/1"]


@pytest.mark.parametrize("on_record", ["", "children | local_id | upn\na | 9 | A1"])
def test_a_row_whose_upn_two_children_have_waits(on_record: str) -> None:
    second = "" if on_record else "\nq | 2 | A1"
    found = identified(f"children | local_id | upn\nx | | A1\np | 1 | A1{second}", on_record)
    assert found.unmatched == ("children.csv:2",)


def test_a_row_without_number_may_tell_who_another_is() -> None:
    text = "children | local_id | nhs_number | upn\nq | | N1 |\np | | N1 | A1\na | 1 | | A1"
    assert ids(text, "children") == ["E08000025/1"]
    assert identified(text).unmatched == ()


def test_a_child_named_twice_is_one() -> None:
    text = "children | local_id\na | 1\nb | 1\n\nmeetings | kind | on | about\nm | review | 2023-05-20 | {}"
    assert ids(text.format("Child:a;Child:b"), "meetings") == ids(text.format("Child:a"), "meetings")


def test_an_involvement_is_what_a_notice_may_tell_of() -> None:
    text = (
        TWO_CHILDREN
        + """
professionals | registration
w | SW1

involved_with | from | to | role | start
i | Professional:w | Child:a | social_worker | 2023-05-01

notices | change | recipient | sent_on | about
n | Involvement:i | child | 2023-05-01 | Child:a
"""
    )
    rows = identified(text).rows
    assert rows["notices"][0]["change"] == f"Involvement:{rows['involved_with'][0]['id']}"


def test_a_kind_stands_after_those_its_rows_point_at() -> None:
    def pointed_at(kind: Kind) -> set[str]:
        found = {to for one in links(kind) for to in one.to} | {to for p in properties(kind) for to in p.refers}
        return found if issubclass(kind, Node) else found | {to for ends in kind.reads for to in ends}

    for n, kind in enumerate(ORDER):
        before = {label(k) if issubclass(k, Node) else k.__name__ for k in ORDER[:n]}
        assert pointed_at(kind) <= before | {kind.__name__}, kind


# --- what is kept of an extract ---

EVERY_TYPE = """
children | local_id | born | uasc | aliases | name
a | 1 | 2012-05-12 | no | 7;8 | Zoë "Z" O'Neill
b | 2 | | | |

placements | urn | postcode
h | SC1 | B13 9AA

placed_at | from | to | start | place_type | miles
 | Child:a | Placement:h | 2023-05-01 | U6 | 2.5
 | Child:b | Placement:h | 2023-06-01 | U6 | 0.0

plans | kind | start | interval | about
p | care | 2023-05-01 | 14 | Child:a
"""


def test_what_is_kept_comes_back_as_it_was() -> None:
    tables = plain(extract(EVERY_TYPE).tables)
    back = {table: unpack(table, pack(table, columns)) for table, columns in tables.items()}
    types = {n: [type(v) for v in of] for columns in tables.values() for n, of in columns.items()}
    assert {n: [type(v) for v in of] for columns in back.values() for n, of in columns.items()} == types
    again, first = (
        identity.identified(each, AUTHORITY, register(entries("", AUTHORITY, None, each["children"])), "")
        for each in (back, tables)
    )
    assert again == first == identified(EVERY_TYPE)


def test_a_full_postcode_is_not_kept_and_tells_homes_apart_all_the_same() -> None:
    tables = plain(extract(EVERY_TYPE).tables)
    assert "B13" not in repr(tables)
    assert ids(EVERY_TYPE, "placements") != ids(EVERY_TYPE.replace("9AA", "9AB"), "placements")
    assert ids(EVERY_TYPE, "placements") == ids(EVERY_TYPE.replace("B13 9AA", "b13  9aa"), "placements")


def test_numbers_as_pandas_gives_them_are_kept_as_pythons() -> None:
    frame = pd.DataFrame({"id": ["p"], "kind": ["care"], "interval": [np.int64(14)], "row": ["plans.csv:2"]})
    columns = plain({"plans": frame})["plans"]
    assert unpack("plans", pack("plans", columns))["interval"] == (14,)
