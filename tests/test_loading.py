"""Loading: the same again changes nothing, order does not matter, a corrected year retires what is gone."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial

import pytest

from graph.errors import TeamaroundError
from graph.loading import load
from graph.model import Load, LooksAfter
from graph.records import stays
from graph.server import Connection
from graph.store import Store
from graph.writing import in_order
from ingest.extract import Extract
from tests.extracts import AUTHORITY, extract

YEAR_1 = """
children  | local_id | born       | upn
a         | 1        | 2012-05-12 | A123456789012
b         | 2        | 2014-02-01 |

professionals | registration
w             | SW1

placements | urn  | postcode
oak        | SC11 | B13 9AA
elm        | SC12 | B14 7AA

involved_with | from           | to      | role          | start      | end
              | Professional:w | Child:a | social_worker | 2023-05-01 |
              | Professional:w | Child:b | social_worker | 2023-06-01 |

placed_at | from    | to            | start      | end        | place_type
          | Child:a | Placement:oak | 2023-05-01 |            | U6
          | Child:b | Placement:elm | 2023-06-01 |            | U6

looks_after | from                     | to      | start
            | LocalAuthority:E08000025 | Child:a | 2023-05-01
            | LocalAuthority:E08000025 | Child:b | 2023-06-01

meetings | kind   | on         | about
m1       | review | 2023-05-20 | Child:a
"""
# A year on: the stay that was open has ended, and a new one begins; the second child is no longer in the return.
YEAR_2 = """
children  | local_id | born       | upn
a         | 1        | 2012-05-12 |

professionals | registration
w             | SW1

placements | urn  | postcode
oak        | SC11 | B13 9AA
fir        | SC13 | CV1 2AA

involved_with | from           | to      | role          | start      | end
              | Professional:w | Child:a | social_worker | 2023-05-01 | 2024-09-01

placed_at | from    | to            | start      | end        | place_type
          | Child:a | Placement:oak | 2023-05-01 | 2024-08-01 | U6
          | Child:a | Placement:fir | 2024-08-01 |            | U6

looks_after | from                     | to      | start
            | LocalAuthority:E08000025 | Child:a | 2023-05-01
"""


PERIOD_3 = "2025-04-01..2026-03-31"


def year_1(text: str = YEAR_1) -> Extract:
    return extract(text, kind="ssda903", covers="2023-04-01..2024-03-31")


def year_2(text: str = YEAR_2) -> Extract:
    return extract(text, kind="ssda903", covers="2024-04-01..2025-03-31")


def digest(store: Store, *extracts: Extract) -> str:
    store.clear()
    for one in extracts:
        load(store, one)
    return store.digest()


def test_the_same_extract_twice_is_one_graph(store: Store) -> None:
    once = digest(store, year_1())
    again = load(store, year_1())
    assert again.unchanged_since is not None
    assert store.digest() == once


def test_a_load_that_was_cut_off_is_mended_by_the_same_load(store: Store) -> None:
    whole = digest(store, year_1())
    store.clear()
    cut_off(store, year_1(), after="meetings")
    assert store.digest() != whole
    load(store, year_1())
    assert store.digest() == whole


def test_a_load_that_was_cut_off_is_taken_back_by_another(store: Store) -> None:
    whole = digest(store, year_2())
    store.clear()
    cut_off(store, year_1(), after="placed_at")
    load(store, year_2())
    assert store.digest() == whole


def test_two_years_in_either_order_are_one_graph(store: Store) -> None:
    assert digest(store, year_1(), year_2()) == digest(store, year_2(), year_1())


def test_a_later_year_closes_what_was_open(store: Store) -> None:
    for order in itertools.permutations((year_1(), year_2())):
        digest(store, *order)
        found = stays(store.child_records(f"{AUTHORITY}/1"))
        assert [(s.start, s.end) for s in found] == [
            (date(2023, 5, 1), date(2024, 8, 1)),
            (date(2024, 8, 1), None),
        ]


def test_a_value_the_later_year_leaves_blank_stays(store: Store) -> None:
    for order in itertools.permutations((year_1(), year_2())):
        digest(store, *order)
        assert store.child_records(f"{AUTHORITY}/1").child.upn == "A123456789012"


def test_an_end_that_the_newer_extract_takes_back_is_open_again(store: Store) -> None:
    ended = YEAR_1.replace("2023-06-01 |            | U6", "2023-06-01 | 2024-01-10 | U6")
    newer = YEAR_1.replace("meetings | kind   | on         | about\nm1       | review | 2023-05-20 | Child:a", "")
    later = extract(newer, kind="ssda903", covers="2023-10-01..2025-03-31")
    for order in itertools.permutations((year_1(ended), later)):
        digest(store, *order)
        assert stays(store.child_records(f"{AUTHORITY}/2"))[-1].end is None


def test_a_corrected_year_retires_what_is_gone_from_it_and_nothing_else(store: Store) -> None:
    without_b = "\n".join(line for line in YEAR_1.splitlines() if "Child:b" not in line and not line.startswith("b "))
    corrected = year_1(without_b)
    expected = digest(store, corrected, year_2())
    store.clear()
    load(store, year_1())
    load(store, year_2())
    done = load(store, corrected)
    assert done.retired == {"children": 1, "placements": 1, "placed_at": 1, "involved_with": 1, "looks_after": 1}
    loads = {row["id"]: row for row in store.loads()}
    assert sum(1 for row in loads.values() if row.get("superseded_by")) == 1
    store.delete_nodes(Load, [i for i, row in loads.items() if row.get("superseded_by")])
    assert store.digest() == expected


@pytest.mark.parametrize("kind", ["ssd", "allocations"])
def test_of_snapshots_that_roll_on_by_a_day_the_latest_stands_whatever_their_order(store: Store, kind: str) -> None:
    gone = "\n".join(line for line in YEAR_1.splitlines() if "Child:b" not in line and not line.startswith("b "))
    nights = [
        extract(text, kind=kind, covers=f"2020-04-0{n}..2026-03-1{n}")
        for n, text in enumerate((YEAR_1, YEAR_1.replace("U6", "K2"), gone), start=1)
    ]
    expected = digest(store, nights[-1])
    for order in itertools.permutations(nights):
        store.clear()
        done = [load(store, night) for night in order]
        assert [bool(one.later) for one in done] == [nights[-1] in order[:n] or (
            nights[1] in order[:n] and night is nights[0]) for n, night in enumerate(order)]  # fmt: skip
        superseded = [row["id"] for row in store.loads() if row.get("superseded_by")]
        store.delete_nodes(Load, superseded)
        assert store.digest() == expected


def test_a_snapshot_that_begins_years_later_leaves_what_the_earlier_one_says(store: Store) -> None:
    load(store, extract(YEAR_1, kind="ssd", covers="2016-04-01..2025-03-31"))
    done = load(store, extract(YEAR_2, kind="ssd", covers="2024-04-01..2026-03-31"))
    assert done.retired == {} and not any(row.get("superseded_by") for row in store.loads())


def test_another_years_file_retires_nothing(store: Store) -> None:
    load(store, year_1())
    assert load(store, year_2()).retired == {}
    assert store.child_ids() == [f"{AUTHORITY}/1", f"{AUTHORITY}/2"]


def test_a_partial_extract_retires_nothing(store: Store) -> None:
    load(store, year_1())
    part = extract("children | local_id\na | 1", kind="ssda903", full=False)
    assert load(store, part).retired == {}
    assert len(store.child_ids()) == 2


def test_the_same_stay_corrected_to_another_home_moves(store: Store) -> None:
    load(store, year_1())
    load(store, year_1(YEAR_1.replace("Placement:elm", "Placement:oak")))
    records = store.child_records(f"{AUTHORITY}/2")
    home = records.get(stays(records)[0].first.to_id)
    assert getattr(home, "urn", None) == "SC11"


@pytest.mark.parametrize("orders", [(0, 1), (1, 0)])
def test_the_903_is_believed_about_stays_and_the_case_system_about_workers(
    store: Store, orders: tuple[int, int]
) -> None:
    statutory = extract(
        """
children | local_id
a        | 1

placements | urn
oak        | SC11

professionals | registration
w             | SW1

placed_at | from    | to            | start      | place_type
          | Child:a | Placement:oak | 2023-05-01 | U6

involved_with | from           | to      | role          | start      | start_reason
              | Professional:w | Child:a | social_worker | 2023-05-01 | MANAGE
""",
        kind="ssda903",
    )
    case_system = extract(statutory_as_tables := _other("U4", "TSPROC"), kind="tables")
    assert statutory_as_tables
    both = (statutory, case_system)
    digest(store, *(both[i] for i in orders))
    records = store.child_records(f"{AUTHORITY}/1")
    from graph.model import Involvement, PlacedAt

    assert [p.place_type for p in records.of(PlacedAt)] == ["U6"]
    assert [i.start_reason for i in records.of(Involvement)] == ["TSPROC"]
    assert all(len(r.sources) == 2 for r in (*records.of(PlacedAt), *records.of(Involvement)))


def _other(place_type: str, reason: str) -> str:
    return f"""
children | local_id
x        | 1

placements | urn
home       | SC11

professionals | registration
worker        | SW1

placed_at | from    | to             | start      | place_type
          | Child:x | Placement:home | 2023-05-01 | {place_type}

involved_with | from                | to      | role          | start      | start_reason
              | Professional:worker | Child:x | social_worker | 2023-05-01 | {reason}
"""


def test_a_partner_joins_a_child_by_upn_and_waits_for_one_who_is_not_on_record(store: Store) -> None:
    school = extract(
        """
children | upn
p        | A123456789012
q        | B123456789012

agencies | kind   | name
hill     | school | Hill School

attends | from    | to          | start
        | Child:p | Agency:hill | 2023-09-04
        | Child:q | Agency:hill | 2023-09-04
""",
        supplier="hill school",
    )
    load(store, year_1())
    done = load(store, school)
    assert set(done.unmatched) == {"children.csv:3", "attends.csv:3"}
    from graph.model import Attends

    assert len(store.child_records(f"{AUTHORITY}/1").of(Attends)) == 1
    # The same folder again changes nothing: it is loaded by itself when the child comes.
    assert load(store, school).unchanged_since
    came = load(store, extract("children | local_id | upn\nc | 3 | B123456789012", kind="ssda903", covers=PERIOD_3))
    assert [again.unmatched for again in came.again] == [()]
    assert len(store.child_records(f"{AUTHORITY}/3").of(Attends)) == 1


def test_urls_keep_their_name_for_a_child_over_loads(store: Store) -> None:
    load(store, year_1())
    ref = store.child_records(f"{AUTHORITY}/1").child.ref
    load(store, year_2())
    assert ref and ref.isalnum() and store.child_records(f"{AUTHORITY}/1").child.ref == ref
    assert store.child_id(ref) == f"{AUTHORITY}/1"


def test_a_child_who_is_not_there_is_a_sentence_without_her_number(store: Store) -> None:
    with pytest.raises(TeamaroundError) as told:
        store.child_records("E08000025/4711")
    assert "4711" not in str(told.value)


def test_reading_only_cannot_write(store: Store) -> None:
    with pytest.raises(TeamaroundError, match="only reads"):
        store.read("CREATE (n:Child {id: 'x'}) RETURN n")


def without_b() -> Extract:
    """Year 1 as it is sent again: the second child was not looked after at all."""
    return year_1("\n".join(row for row in YEAR_1.splitlines() if "Child:b" not in row and not row.startswith("b ")))


def test_a_correction_that_was_cut_off_takes_nothing_from_what_stands(store: Store) -> None:
    whole = digest(store, year_1(), year_2())
    store.clear()
    load(store, year_1())
    cut_off(store, without_b(), after="placed_at")
    load(store, year_2())
    assert store.digest() == whole


def test_a_correction_cut_off_while_it_takes_back_is_finished_by_whatever_comes_next(store: Store) -> None:
    whole = digest(store, without_b(), year_2())
    for following in (year_2(), without_b()):
        store.clear()
        load(store, year_1())
        cut_off(store, without_b(), after="this one does not")
        load(store, following)
        load(store, year_2())
        assert store.digest() == whole


def test_an_authority_that_a_folder_lists_stays_when_the_folder_no_longer_does(store: Store) -> None:
    load(store, year_1())
    text = "local_authorities | code | name\nE08000025 | E08000025 | Brum"
    load(store, extract(text + "\n\nneeds | kind | identified_on | about", supplier="partner"))
    assert store.read("MATCH (a:LocalAuthority {id: 'E08000025'}) RETURN a.name AS n") == [{"n": "Birmingham"}]
    empty = text.splitlines()[0] + "\n\nneeds | kind | identified_on | about"
    load(store, extract(empty, supplier="partner"))
    assert len(store.child_records(f"{AUTHORITY}/1").of(LooksAfter)) == 1


def test_what_a_waiting_extract_said_before_its_child_came_is_not_left_beside_what_it_says_now(store: Store) -> None:
    partner = extract(
        """
children | upn | local_id
p        | A123456789012 |
q        |     | 2

persons | name | kind
m       | Mo   | mother

related_to | from | to | relation
           | Person:m | Child:p | mother
           | Person:m | Child:q | mother
""",
        supplier="partner",
    )
    whole = digest(store, year_1(), partner)
    store.clear()
    assert load(store, partner).unmatched
    assert not load(store, year_1()).again[0].unmatched
    assert store.digest() == whole
    assert store.counts()["Person"] == 1


def test_a_upn_that_two_children_on_record_share_joins_nobody(store: Store) -> None:
    load(store, extract("children | local_id | upn\na | 1 | A1\nb | 2 | A1"))
    done = load(store, extract("children | upn\np | A1", supplier="school"))
    assert done.unmatched == ("children.csv:2",)


def test_two_loads_at_once_take_turns(store: Store, server: Connection) -> None:
    whole = digest(store, year_1(), year_2())
    store.clear()
    order: list[str] = []
    writing = threading.Event()

    def first() -> None:
        def slowly(line: str) -> None:
            writing.set()
            time.sleep(0.1)
            order.append("first")

        load(store, year_1(), say=slowly)

    with Store.open(server) as other, ThreadPoolExecutor() as threads:
        one = threads.submit(first)
        writing.wait(30)
        load(other, year_2(), say=lambda _: order.append("second"))
        one.result()
    assert order == sorted(order)
    assert store.digest() == whole
    assert all(row.get("finished") for row in store.loads())


def test_the_graph_opens_and_is_read_while_a_load_is_at_work(store: Store, server: Connection) -> None:
    load(store, year_1())
    with store.alone(), Store.open(server) as reader:
        assert reader.child_records(f"{AUTHORITY}/1").child.local_id == "1"


def test_who_reads_while_records_come_and_go_sees_a_child_or_none(store: Store) -> None:
    """A page that is open during a nightly load: no traceback, whatever is there at that moment."""
    load(store, year_1())
    done = threading.Event()

    def read() -> int:
        times = 0
        while not done.is_set():
            times += 1
            try:
                list(store.records([f"{AUTHORITY}/1", f"{AUTHORITY}/2"]))
            except TeamaroundError:
                pass  # what a page says in one sentence
        return times

    with ThreadPoolExecutor() as threads:
        readers = [threads.submit(read) for _ in range(2)]
        for _ in range(5):
            load(store, without_b())
            load(store, year_1())
        done.set()
        assert all(reader.result() > 5 for reader in readers)


def test_values_are_never_cypher(store: Store) -> None:
    bad = "x'}) DETACH DELETE n //"
    load(store, extract(f"children | local_id | name\na | {bad} | {bad}"))
    assert store.child_records(f"{AUTHORITY}/{bad}").child.name == bad
    assert store.find_child(bad) == f"{AUTHORITY}/{bad}"


def test_after_what_fails_nothing_more_is_written() -> None:
    done: list[int] = []

    def work(n: int) -> None:
        if n == 2:
            raise PowerCut
        done.append(n)

    with pytest.raises(PowerCut), in_order() as put:
        for n in range(20):
            put(partial(work, n))
    assert done == [0, 1]


class PowerCut(Exception):
    pass


def cut_off(store: Store, source: Extract, after: str) -> None:
    """Load as if the power went: an exception after one table is written."""

    def stop(word: str) -> Callable[[str], None]:
        def say(line: str) -> None:
            if line.endswith(word.replace("_", " ")):
                raise PowerCut

        return say

    with pytest.raises(PowerCut):
        load(store, source, say=stop(after))
