"""Who says what: where loads differ the order of trust decides, and it is told without a child's details."""

from __future__ import annotations

import itertools
from datetime import date
from typing import Any

import pytest

from graph.disagreements import Disagreement, Word, differing, disagreements
from graph.loading import load
from graph.merging import Claim, Standing, written
from graph.model import Assessment, Child, Involvement, Kind, LooksAfter, PlacedAt, Plan
from graph.store import Store
from ingest.extract import Extract
from tests.extracts import AUTHORITY, extract

DAY = date(2024, 3, 31)


def claim(kind: str, row: str, supplier: str = "case system", covers_to: date = DAY, **values: Any) -> Claim:
    return Claim(Standing(f"{kind}{row}", kind, covers_to, DAY, supplier), values, (f"{kind}{row}:{row}",))


def found(kind: Kind, *claims: Claim) -> list[tuple[str, str, tuple[str, ...], str]]:
    each = differing(kind, claims, written(kind, claims))
    return [(d.property, d.kept.source, tuple(o.source for o in d.others), d.how) for d in each]


@pytest.mark.parametrize(
    ("kind", "name", "statutory", "other", "how"),
    [
        (LooksAfter, "legal_status", "C2", "E1", "C2, not E1"),
        (PlacedAt, "place_type", "U6", "K2", "U6, not K2"),
        (PlacedAt, "emergency", True, False, "yes, not no"),
        (PlacedAt, "miles", 3.0, 2.5, "3.0, not 2.5"),
        (PlacedAt, "end", date(2023, 9, 1), date(2023, 9, 15), "14 days apart"),
        (PlacedAt, "basis", "the uncle, Jo Day", "regulation 24", "differs"),
        (PlacedAt, "to", "Placement:a", "Placement:b", "differs"),
        (LooksAfter, "legal_status", "C2", "see Ada's file", "differs"),
        (Child, "born", date(2012, 5, 12), date(2012, 12, 5), "207 days apart"),
        (Child, "name", "Ada Day", "Ada Doe", "differs"),
        (Child, "upn", "A123", "A124", "differs"),
        (Child, "sex", "female", "unknown", "female, not unknown"),
    ],
)
def test_how_far_two_sources_are_apart_is_told_without_a_childs_details(
    kind: Kind, name: str, statutory: Any, other: Any, how: str
) -> None:
    both = claim("ssda903", "a.csv:2", **{name: statutory}), claim("ssd", "b.csv:9", **{name: other})
    for claims in itertools.permutations(both):
        assert found(kind, *claims) == [(name, "ssda903", ("ssd",), how)]


@pytest.mark.parametrize(
    ("role", "other", "how"), [("iro", "social_worker", "iro, not social_worker"), ("iro", "Jo Day", "differs")]
)
def test_a_role_is_told_and_what_is_none_is_not(role: str, other: str, how: str) -> None:
    both = claim("ssd", "b.csv:9", role=role), claim("ssda903", "a.csv:2", role=other)
    assert found(Involvement, *both) == [("role", "ssd", ("ssda903",), how)]


def test_tables_go_by_who_supplied_them() -> None:
    school, health = claim("tables", "s.csv:2", "Hill School", result="3"), claim("ssd", "b.csv:9", result="4")
    assert found(Assessment, school, health) == [("result", "Hill School", ("ssd",), "differs")]


def test_of_three_that_differ_all_are_named_and_one_who_agrees_is_not() -> None:
    claims = [
        claim("ssda903", "a.csv:2", interval=7), claim("ssd", "b.csv:2", interval=14),
        claim("tables", "c.csv:2", "health", interval=28), claim("tables", "d.csv:2", "school", interval=28),
    ]  # fmt: skip
    (one,) = found(Plan, *claims)
    assert set(one[2]) == {"ssd", "ssda903"} and one[3] in ("28, not 14 or 7", "28, not 7 or 14")


def test_what_one_load_says_and_another_does_not_is_no_disagreement() -> None:
    assert found(PlacedAt, claim("ssda903", "a.csv:2", place_type="U6"), claim("ssd", "b.csv:9", provider="PR1")) == []


def test_an_end_that_only_the_later_return_knows_is_none() -> None:
    earlier = claim("ssda903", "a.csv:2", covers_to=date(2023, 3, 31), place_type="U6")
    later = claim("ssda903", "b.csv:2", end=date(2023, 9, 1), end_reason="X1", place_type="U6")
    assert found(PlacedAt, earlier, later) == []
    # nor is an end that the later return takes back: it knows of none
    denied = claim("ssda903", "a.csv:3", covers_to=date(2023, 3, 31), end=date(2023, 1, 1))
    assert found(PlacedAt, denied, claim("ssda903", "b.csv:3")) == []


RETURN = """
children | local_id | born
a | 1 | 2012-05-12
b | 2 | 2014-02-01

placements | urn | postcode
oak | SC11 | B13 9AA

professionals | registration
w | SW1

placed_at | from | to | start | place_type
 | Child:a | Placement:oak | 2023-05-01 | K2
 | Child:b | Placement:oak | 2023-06-01 | K2

looks_after | from | to | start | legal_status
 | LocalAuthority:E08000025 | Child:a | 2023-05-01 | C2

involved_with | from | to | role | start | start_reason
 | Professional:w | Child:a | social_worker | 2023-05-01 | MANAGE

meetings | kind | on | about | participation
m | review | 2023-05-20 | Child:a | PN1
"""
SSD = RETURN.replace("C2", "E1").replace("2012-05-12", "2012-05-13").replace("MANAGE", "OTHER").replace("PN1", "PN2")


def both_orders() -> list[tuple[Extract, ...]]:
    every = extract(RETURN, kind="ssda903", supplier="Birmingham"), extract(SSD, kind="ssd", supplier="case system")
    return list(itertools.permutations(every))


def test_loading_the_return_and_the_case_system_doubles_nothing_and_says_what_merged(store: Store) -> None:
    for order in both_orders():
        store.clear()
        load(store, order[0])
        before = store.counts()
        done = load(store, order[1])
        assert {k: n for k, n in store.counts().items() if k not in ("Load", "Kept")} == {
            k: n for k, n in before.items() if k not in ("Load", "Kept")
        }
        assert done.merged == {
            "children": 2, "placements": 1, "professionals": 1, "placed_at": 2, "looks_after": 1, "involved_with": 1,
            "meetings": 1,
        }  # fmt: skip


EXPECTED = [
    Disagreement(
        "children", "born", Word("ssda903", "children.csv:2"), (Word("ssd", "children.csv:2"),), "1 day apart"
    ),
    Disagreement(
        "involved_with", "start_reason", Word("ssd", "involved_with.csv:2"), (Word("ssda903", "involved_with.csv:2"),),
        "OTHER, not MANAGE",
    ),
    Disagreement(
        "looks_after", "legal_status", Word("ssda903", "looks_after.csv:2"), (Word("ssd", "looks_after.csv:2"),),
        "C2, not E1",
    ),
    Disagreement(
        "meetings", "participation", Word("ssda903", "meetings.csv:2"), (Word("ssd", "meetings.csv:2"),), "PN1, not PN2"
    ),
]  # fmt: skip


def test_disagreements_are_told_by_the_load_that_meets_them_and_stand_in_the_graph(store: Store) -> None:
    for order in both_orders():
        store.clear()
        assert load(store, order[0]).disagreements == []
        done = load(store, order[1])
        assert sorted(done.disagreements, key=lambda d: d.table) == EXPECTED
        assert disagreements(store, AUTHORITY) == EXPECTED
        assert disagreements(store, "E08000026") == []


def test_a_disagreement_goes_with_the_load_that_is_replaced(store: Store) -> None:
    statutory, case_system = both_orders()[0]
    for one in (case_system, statutory, extract(RETURN, kind="ssd", supplier="case system")):
        load(store, one)
    assert disagreements(store, AUTHORITY) == []
