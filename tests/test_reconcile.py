"""DfE's counts from the graph and from the return's own rows: what each counts, and that the two agree."""

from __future__ import annotations

import ast
import random
from collections.abc import Sequence
from datetime import date, timedelta
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import reconcile
from graph.identity import identify
from graph.loading import load
from graph.memory import records
from graph.reconcile import LINES, days_of, ranged, reconciled
from graph.records import Records
from graph.store import Store
from ingest import own_count, recognise
from ingest.extract import Extract, shaped
from ingest.generate import generate
from tests.extracts import AUTHORITY, extract

DAY = date(2024, 3, 31)
NAMES = {line.key for line in LINES}


def of_return(text: str, covers: str = "2023-04-01..2024-03-31") -> Extract:
    return extract(text, kind="ssda903", supplier="Birmingham", covers=covers)


def children(*extracts: Extract) -> list[Records]:
    """The records of each child as a graph would hold them, of one extract or of several with no row in common."""
    names = sorted({table for e in extracts for table in e.tables})
    tables = {n: pd.concat([e.tables[n] for e in extracts if n in e.tables], ignore_index=True) for n in names}
    found = identify(tables, authority=AUTHORITY)
    return [records(found, row["id"]) for row in found.rows["children"]]


def both(text: str, day: date = DAY) -> dict[str, tuple[int, int]]:
    """What is counted, the lines that are 0 left out; the two ways of counting have to agree."""
    one = of_return(text)
    own, graph = own_count.count([one], day), reconcile.count(children(one), day)
    assert own == graph
    assert set(graph) == NAMES
    return {key: counted for key, counted in graph.items() if counted != (0, 0)}


# --- what is counted ---

CHILD = """
children | local_id
a        | a
"""


def care(*rows: str) -> str:
    """Care and stays of one child from lines `start | end | RNE | LS | PLACE | home | reason for change`."""
    cells = [[cell.strip() for cell in row.split("|")] + [""] * 7 for row in rows]
    blocks = [CHILD.strip("\n")]
    blocks.append("looks_after | from | to | start | end | start_reason | legal_status")
    blocks[-1] += "".join(
        f"\n | LocalAuthority:{AUTHORITY} | Child:a | {c[0]} | {c[1]} | {c[2]} | {c[3]}" for c in cells
    )
    homes = sorted({c[5] for c in cells})
    blocks.append("placements | postcode_sector" + "".join(f"\n{h} | {h}1 1" for h in homes))
    blocks.append("placed_at | from | to | start | end | start_reason | place_type | change_reason | miles")
    blocks[-1] += "".join(
        f"\n | Child:a | Placement:{c[5]} | {c[0]} | {c[1]} | {c[2]} | {c[4]} | {c[6]} | {c[7]}" for c in cells
    )
    blocks.append("in_area | from | to" + "".join(f"\n | Placement:{h} | LocalAuthority:{AUTHORITY}" for h in homes))
    return "\n\n".join(blocks)


def placements(*rows: str, day: date = DAY) -> int:
    (key,) = [k for k in both(care(*rows), day) if k.startswith("placements")]
    return int(key[-1])


OPEN = "2023-01-09 |            | S | C2 | U6 | oak"
TO_JUNE = "2023-01-09 | 2023-06-01 | S | C2 | U6 | oak"


def test_a_child_is_looked_after_on_the_day_whose_episode_is_open() -> None:
    assert both(care(OPEN))["looked_after"] == (1, 1)
    assert both(care(TO_JUNE)) == {}
    assert both(care("2023-01-09 | 2024-03-31 | S | C2 | U6 | oak")) == {}
    assert both(care("2023-01-09 | 2024-04-01 | S | C2 | U6 | oak"))["looked_after"] == (1, 1)
    assert both(care("2024-04-01 | | S | C2 | U6 | oak")) == {}


def test_short_breaks_are_no_care() -> None:
    assert both(care("2023-01-09 | | S | V4 | U6 | oak")) == {}
    assert both(care("2023-01-09 | 2023-05-01 | S | V3 | U6 | ash", "2023-07-01 | | S | C2 | U6 | oak")) == both(
        care("2023-07-01 | | S | C2 | U6 | oak")
    )


@pytest.mark.parametrize(
    ("rows", "number"),
    [
        ([OPEN], 1),
        ([TO_JUNE, "2023-06-01 | | P | C2 | U6 | elm"], 2),
        ([TO_JUNE, "2023-06-01 | 2023-09-01 | P | C2 | K2 | elm", "2023-09-01 | | B | C1 | U6 | oak"], 3),
        # The carer stays: a new legal status, another home with the same carer, or both.
        ([TO_JUNE, "2023-06-01 | | L | C1 | U6 | oak"], 1),
        ([TO_JUNE, "2023-06-01 | | T | C2 | U6 | elm"], 1),
        ([TO_JUNE, "2023-06-01 | | U | C1 | U6 | elm"], 1),
        # A change of status alone.
        (["2023-01-09 | 2023-06-01 | S | C2 | U6 | oak | PLACE", "2023-06-01 | | P | C2 | U4 | oak"], 1),
        # A stay in hospital, and back; and not back.
        ([TO_JUNE, "2023-06-01 | 2023-06-08 | P | C2 | T1 | ward", "2023-06-08 | | P | C2 | U6 | oak"], 1),
        ([TO_JUNE, "2023-06-01 | 2023-06-08 | P | C2 | T1 | ward", "2023-06-08 | | P | C2 | U6 | elm"], 2),
        # In hospital on the day: the placement goes on.
        ([TO_JUNE, "2023-06-01 | | P | C2 | T1 | ward"], 1),
        # A placement before the year, and one that ends on its first day, are of the year before.
        (["2022-01-09 | 2023-03-31 | S | C2 | U6 | oak", "2023-03-31 | | P | C2 | U6 | elm"], 1),
        (["2022-01-09 | 2023-04-01 | S | C2 | U6 | oak", "2023-04-01 | | P | C2 | U6 | elm"], 1),
        (["2022-01-09 | 2023-04-02 | S | C2 | U6 | oak", "2023-04-02 | | P | C2 | U6 | elm"], 2),
        # Home for the summer and in care again with the same carer: another placement.
        ([TO_JUNE, "2023-09-01 | | S | C2 | U6 | oak"], 2),
        # A day left out between episodes: it is not known what was there.
        ([TO_JUNE, "2023-06-02 | | L | C2 | U6 | oak"], 2),
    ],
)
def test_placements_are_counted_as_dfe_counts_them(rows: Sequence[str], number: int) -> None:
    assert placements(*rows) == number


def test_the_year_of_another_day_is_the_twelve_months_that_end_with_it() -> None:
    moved = [TO_JUNE, "2023-06-01 | | P | C2 | U6 | elm"]

    assert placements(*moved, day=date(2024, 5, 30)) == 2
    assert placements(*moved, day=date(2024, 5, 31)) == 1


def workers(*rows: str) -> dict[str, tuple[int, int]]:
    """Lines `who | start | end`; a name that begins XX is nobody."""
    cells = [[cell.strip() for cell in row.split("|")] for row in rows]
    names = dict.fromkeys(c[0] for c in cells)
    people = "professionals | registration | identified" + "".join(
        f"\n{n} | {'' if n.startswith('XX') else n} | {'no' if n.startswith('XX') else 'yes'}" for n in names
    )
    held = "involved_with | from | to | role | start | end" + "".join(
        f"\n | Professional:{who} | Child:a | social_worker | {start} | {end}" for who, start, end in cells
    )
    found = both("\n\n".join([care(OPEN), people, held]))
    return {key.removeprefix("workers_"): n for key, n in found.items() if key.startswith("workers")}


def test_social_workers_are_counted_once_each() -> None:
    assert workers("SW1 | 2023-01-09 | ") == {"1": (1, 1)}
    assert workers("SW1 | 2023-01-09 | 2023-06-01", "SW2 | 2023-06-01 | ") == {"2": (1, 1)}
    returned = ("SW1 | 2023-01-09 | 2023-06-01", "SW2 | 2023-06-01 | 2023-09-01", "SW1 | 2023-09-01 | ")
    assert workers(*returned) == {"2": (1, 1)}
    assert workers(*returned, "SW3 | 2024-01-01 | ") == {"3": (1, 1)}
    assert workers("SW1 | 2022-01-09 | 2023-04-01", "SW2 | 2023-04-01 | ") == {"1": (1, 1)}


def test_a_child_without_a_social_worker_on_record_is_counted_as_that() -> None:
    assert both(care(OPEN))["workers_0"] == (1, 1)
    assert workers("SW1 | 2022-01-09 | 2023-04-01") == {"0": (1, 1)}


def test_workers_of_whom_it_is_not_said_who_they_are_make_a_range() -> None:
    assert workers("XX1 | 2023-01-09 | ") == {"1": (1, 1)}
    assert workers("SW1 | 2023-01-09 | 2023-06-01", "XX1 | 2023-06-01 | ") == {"1": (0, 1), "2": (0, 1)}
    assert workers("SW1 | 2023-01-09 | 2023-06-01", "SW2 | 2023-06-01 | ", "XX1 | 2023-06-01 | ") == {
        "2": (0, 1),
        "3": (0, 1),
    }


def test_where_the_placement_is_on_the_day() -> None:
    at = "2023-01-09 | | S | C2 | U6 | oak | | {}"
    near, far, unknown = (care(at.format(miles)) for miles in ("20.0", "20.1", ""))

    assert "far" not in both(near) and both(far)["far"] == (1, 1) and both(unknown)["far_unknown"] == (1, 1)
    elsewhere = near.replace(f"Placement:oak | LocalAuthority:{AUTHORITY}", "Placement:oak | LocalAuthority:E08000016")
    assert "outside" not in both(near) and both(elsewhere)["outside"] == (1, 1)
    nowhere = near[: near.index("\n\nin_area")]
    assert both(nowhere)["outside_unknown"] == (1, 1)


def test_an_old_code_of_the_same_authority_is_not_another_one() -> None:
    """Barnsley was E08000016 and is E08000038."""
    old = care(OPEN).replace(AUTHORITY, "E08000016")
    now = old.replace("Placement:oak | LocalAuthority:E08000016", "Placement:oak | LocalAuthority:E08000038")

    assert "outside" not in both(now)


# --- the two hold each other ---


@st.composite
def histories(draw: st.DrawFn) -> str:
    """A child's episodes end to end, now and then with a gap, a spell at home or in hospital, and the workers."""
    chance = random.Random(draw(st.integers(0, 2**32)))
    rows, start, first = [], date(2022, 6, 1) + timedelta(chance.randrange(400)), True
    for n in range(chance.randint(1, 8)):
        end = start + timedelta(chance.choice((1, 7, 30, 90, 200)))
        last = n == 7 or chance.random() < 0.15
        reason = "S" if first else chance.choice(("P", "P", "P", "L", "T", "U", "B", ""))
        place = chance.choice(("T1", "T4")) if not first and chance.random() < 0.25 else chance.choice(("U6", "K2"))
        change = chance.choice(("", "", "PLACE", "CARPL", "CREQB"))
        cells = (start, "" if last else end, reason, chance.choice(("C2", "C2", "V2")), place, chance.choice("oea"),
                 "" if last else change, chance.choice(("5", "25", "")))  # fmt: skip
        rows.append(" | ".join(map(str, cells)))
        first = chance.random() < 0.1
        start = end + timedelta(chance.choice((0, 0, 0, 0, 3)) + 40 * first)
        if last:
            break
    return care(*rows)


@given(histories(), st.sampled_from((DAY, date(2023, 3, 31), date(2023, 10, 15))))
@settings(max_examples=60, deadline=None)
def test_whatever_a_history_is_the_two_ways_of_counting_agree(history: str, day: date) -> None:
    both(history, day)


def test_the_second_count_uses_nothing_of_the_first() -> None:
    tree = ast.parse(Path(own_count.__file__).read_text(encoding="utf-8"))
    names = {n.module for n in ast.walk(tree) if isinstance(n, ast.ImportFrom)}
    names |= {a.name for n in ast.walk(tree) if isinstance(n, ast.Import) for a in n.names}

    assert {n for n in names if n and n.startswith(("graph.", "ingest."))} == {"ingest.extract"}


# --- several years, and no return ---


def test_where_two_years_repeat_an_episode_the_later_one_counts() -> None:
    before = of_return(care(OPEN))
    after = of_return(
        care("2023-01-09 | 2024-06-01 | S | C2 | U6 | oak", "2024-06-01 | | P | C2 | U6 | elm"),
        covers="2024-04-01..2025-03-31",
    )
    for order in ([before, after], [after, before]):
        own = own_count.count(order, date(2025, 3, 31))
        assert own and own["looked_after"] == (1, 1) and own["placements_2"] == (1, 1)


def test_a_child_whom_the_later_year_does_not_know_is_not_looked_after_by_it() -> None:
    before = of_return(care(OPEN))
    after = of_return(care(OPEN).replace("a        | a", "b        | b").replace("Child:a", "Child:b"),
                      covers="2024-04-01..2025-03-31")  # fmt: skip
    counted = {day: own_count.count([before, after], day) for day in (DAY, date(2025, 3, 31))}
    assert {day: own and own["looked_after"] for day, own in counted.items()} == {
        DAY: (1, 1), date(2025, 3, 31): (1, 1),
    }  # fmt: skip


def test_without_episodes_of_the_return_there_is_nothing_to_count() -> None:
    assert own_count.count([], DAY) is None
    assert own_count.count([extract(care(OPEN))], DAY) is None
    assert own_count.count([of_return(CHILD)], DAY) is None


def test_a_return_without_social_workers_or_areas_still_counts_the_rest() -> None:
    own = own_count.count([of_return(care(OPEN)[: care(OPEN).index("\n\nin_area")])], DAY)

    assert own and own["workers_0"] == (1, 1) and own["outside_unknown"] == (1, 1) and own["placements_1"] == (1, 1)


def test_a_return_in_which_no_one_is_looked_after_on_the_day() -> None:
    empty = of_return(care(OPEN))
    tables = {name: shaped(name, frame.iloc[:0]) for name, frame in empty.tables.items()}
    nobody = Extract("ssda903", AUTHORITY, "Birmingham", "d", tables, ())

    assert own_count.count([nobody], DAY) == dict.fromkeys(NAMES, (0, 0)) == reconcile.count([], DAY)


# --- beside each other ---


def test_a_difference_is_said_in_words() -> None:
    graph = dict.fromkeys(NAMES, (0, 0)) | {"looked_after": (46, 46), "workers_2": (3, 5), "far": (1, 1)}
    own = dict.fromkeys(NAMES, (0, 0)) | {"looked_after": (45, 45), "workers_2": (3, 4), "far": (3, 3)}
    said = {r.line.key: r.difference for r in reconciled(own, graph) if r.differ}

    assert said == {"looked_after": "1 more", "workers_2": "0 to 1 more", "far": "2 fewer"}
    assert {r.difference for r in reconciled(own, graph) if not r.differ} == {"none"}
    assert (ranged((46, 46)), ranged((3, 1200)), ranged(None)) == ("46", "3 to 1,200", "")
    assert {(r.difference, r.differ) for r in reconciled(None, graph)} == {("", False)}


@pytest.mark.parametrize(
    ("own", "graph", "said"),
    [
        ((3, 3), (9, 11), "6 to 8 more"),
        ((9, 11), (3, 3), "6 to 8 fewer"),
        ((3, 4), (3, 3), "0 to 1 fewer"),
        ((3, 5), (2, 6), "1 fewer to 1 more"),
        ((1003, 1005), (3, 5), "1,000 fewer"),
    ],
)
def test_a_difference_of_ranges_is_a_range(own: tuple[int, int], graph: tuple[int, int], said: str) -> None:
    assert reconcile.Reconciled(LINES[0], own, graph).difference == said


def test_every_line_says_what_it_counts_and_why_two_counts_may_differ() -> None:
    assert len(LINES) == len(NAMES) <= 12
    assert all(line.label and line.definition and line.why.endswith(".") for line in LINES)


@pytest.mark.parametrize(
    ("last", "days"),
    [
        (date(2026, 3, 31), (date(2026, 3, 31),)),
        (date(2026, 11, 23), (date(2026, 3, 31), date(2026, 11, 23))),
        (date(2026, 3, 30), (date(2025, 3, 31), date(2026, 3, 30))),
    ],
)
def test_the_days_counted_on_are_the_last_31_march_and_the_last_day_covered(last: date, days: tuple[date, ...]) -> None:
    assert days_of(last) == days


# --- an invented council in the store ---


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> list[Extract]:
    folder = tmp_path_factory.mktemp("council")
    generate(folder, children=25, seed=4, as_at=date(2026, 3, 31))
    return recognise.read([folder], AUTHORITY, today=date(2026, 4, 1))


def test_the_graph_of_an_invented_council_agrees_with_its_return(store: Store, council: list[Extract]) -> None:
    returns = [e for e in council if e.kind == "ssda903"]
    for one in returns:
        load(store, one)
    for year in (2024, 2025, 2026):
        day = date(year, 3, 31)
        graph = reconcile.count(store.records(store.child_ids(AUTHORITY)), day)
        assert own_count.count(returns, day) == graph
        assert graph["looked_after"][0] > 0


def test_a_stay_that_another_source_doubles_shows_as_a_difference(store: Store) -> None:
    one = of_return(care(TO_JUNE, "2023-06-01 | | P | C2 | U6 | elm"))
    doubled = extract(care("2023-02-01 | 2023-06-01 | P | C2 | U6 | ash"))
    for each in (one, doubled):
        load(store, each)

    graph = reconcile.count(store.records(store.child_ids(AUTHORITY)), DAY)

    differing = {r.line.key: r.difference for r in reconciled(own_count.count([one], DAY), graph) if r.differ}
    assert differing == {"placements_2": "1 fewer", "placements_3": "1 more"}
