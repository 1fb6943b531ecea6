"""Our figures against plain second ways to them: enumeration, a walk through the days, DfE's definition in pandas.

Nothing here uses what it checks: no stays joined, no NetworkX, no calendar of ours.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from itertools import combinations, groupby, pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bench.truth import together
from graph.calendars import add_working_days, school_days_between, working_days_between
from graph.findings import Finding, run
from graph.measures import coc, coverage, hhi_d, moves_per_1000_days, secon, upc_d
from graph.memory import everyone
from graph.model import Agency, Attended, Involvement, Meeting, Professional
from graph.network import affiliation, alter_graph
from graph.records import Coverage, Records, as_at
from ingest.extract import Extract
from ingest.generate import AS_AT, generate
from ingest.recognise import read

AUTHORITY = "E08000025"
FIRST = date(2025, 4, 1)  # the return's year that ends on AS_AT
steady = settings(derandomize=True, deadline=None)
Row = dict[str, str]


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("invented") / "council"
    generate(folder, children=60, seed=3, as_at=AS_AT)
    return folder


@pytest.fixture(scope="module")
def extracts(council: Path) -> list[Extract]:
    return read([council], AUTHORITY, today=AS_AT)


@pytest.fixture(scope="module")
def of_return(extracts: list[Extract]) -> dict[str, Records]:
    """Each child's records as the return alone tells them, by the return's number."""
    return {r.child.local_id or "": r for r in children(e for e in extracts if e.kind == "ssda903")}


@pytest.fixture(scope="module")
def teams(extracts: list[Extract]) -> list[Records]:
    """Each child's records from all sources, as if attendance at meetings were covered throughout."""
    attended = Coverage("attended", None, date(2000, 1, 1), AS_AT)
    return [dataclasses.replace(r, coverage=(*r.coverage, attended)) for r in children(extracts)]


def children(extracts: Iterable[Extract]) -> list[Records]:
    given = list(extracts)
    return list(everyone(together(given), [c for e in given for c in e.coverage]))


def found(records: Records, rule: str) -> list[Finding]:
    return list(run(records, AS_AT, only=[rule]))


# --- DfE's counts, straight from the files of the return ---


def rows(council: Path, table: str) -> pd.DataFrame:
    """The rows of a table of every year, text as it stands; of a row that stands in several years the last."""
    frames = [pd.read_csv(f, dtype=str, keep_default_na=False) for f in sorted(council.glob(f"903/*/{table}.csv"))]
    return pd.concat(frames, ignore_index=True)


def day(column: pd.Series) -> pd.Series:
    return pd.to_datetime(column, format="%d/%m/%Y")


def in_year(start: pd.Series, end: pd.Series) -> pd.Series:
    """Which stretches hold on a day of the year: an end is the first day on which a thing no longer holds."""
    return (start <= pd.Timestamp(AS_AT)) & (end.isna() | (end > pd.Timestamp(FIRST)))


def looked_after(council: Path) -> set[str]:
    last = rows(council, "episodes").drop_duplicates(["CHILD", "DECOM"], keep="last")
    return set(last[(last["DEC"] == "") & ~last["LS"].isin(["V3", "V4"])]["CHILD"])


def test_social_workers_in_the_year_are_what_a_count_of_the_return_gives(
    council: Path, of_return: dict[str, Records]
) -> None:
    """DfE: distinct social workers in the year; a worker id that begins XX may be anyone."""
    held = rows(council, "sw_episodes").drop_duplicates(["CHILD", "SW_ID", "SW_DECOM"], keep="last")
    held = held[in_year(day(held["SW_DECOM"]), day(held["SW_DEC"]))]
    named = held[~held["SW_ID"].str.startswith("XX")].groupby("CHILD")["SW_ID"].nunique()
    distinct = held.groupby("CHILD")["SW_ID"].nunique()
    compared = 0
    for child in sorted(looked_after(council)):
        (finding,) = found(of_return[child], "continuity.social_workers")
        least, most = finding.measures["social_workers"], finding.measures["at_most"]
        if child in named.index:
            assert least == named[child]
        assert least <= distinct.get(child, 0) <= most
        assert (finding.status == "raised") == (least >= 3)
        compared += 1
    assert compared > 30
    assert distinct.max() >= 3, "an invented council in which no worker changes would check nothing"


def test_placements_in_the_year_are_what_a_count_of_the_return_gives(
    council: Path, of_return: dict[str, Records]
) -> None:
    """DfE: placements in the year, temporary ones and changes of status alone left out."""
    expected = placements(rows(council, "episodes"))
    compared = {
        child: (found(of_return[child], "continuity.placements")[0].measures["placements"], expected[child])
        for child in sorted(looked_after(council))
    }

    assert {child: counts for child, counts in compared.items() if counts[0] != counts[1]} == {}
    assert len(compared) > 30
    assert max(n for _, n in compared.values()) >= 3


def placements(episodes: pd.DataFrame) -> dict[str, int]:
    """Placements that held on a day of the year, by child."""
    last = episodes.drop_duplicates(["CHILD", "DECOM"], keep="last").copy()
    last = last[~last["LS"].isin(["V3", "V4"])]
    last["start"], last["end"] = day(last["DECOM"]), day(last["DEC"])
    counts = {}
    for child, own in last.sort_values(["CHILD", "start"]).groupby("CHILD"):
        starts, ends = one_child(own.to_dict("records"))
        counts[str(child)] = int(in_year(pd.Series(starts), pd.to_datetime(pd.Series(ends))).sum())
    return counts


def one_child(episodes: list[dict[Any, Any]]) -> tuple[list[Any], list[Any]]:
    """When each placement of a child began and ended.

    Another one begins with care and with another carer (RNE S, P, B); not where the status of the placement alone
    changed, nor with the return from a temporary placement to the home before it.
    """
    starts: list[Any] = []
    ends: list[Any] = []
    home: dict[Any, Any] = {}
    away = False
    for row in episodes:
        temporary = row["PLACE"].startswith("T")
        back = away and all(row[k] == home[k] for k in ("PLACE", "PL_POST", "URN"))
        same = bool(starts) and row["RNE"] != "S" and (
            temporary or back or row["RNE"] in ("L", "T", "U") or home["REASON_PLACE_CHANGE"] == "PLACE"
        )  # fmt: skip
        if same:
            ends[-1] = row["end"]
        elif not temporary:
            starts.append(row["start"])
            ends.append(row["end"])
        home, away = (home, True) if temporary else (row, False)
    return starts, ends


# --- indices of continuity ---

contacts = st.lists(st.sampled_from("abcd"), min_size=4, max_size=12)
spells = st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 60), st.integers(1, 40)), max_size=8)
WINDOW = (date(2024, 1, 10), date(2024, 2, 20))


@given(contacts)
@steady
def test_indices_over_contacts_are_what_enumeration_gives(who: list[str]) -> None:
    """COC: the chance that two of the contacts are with one person. SECON: that one is with whom the last was."""
    pairs = [a == b for a, b in combinations(who, 2)]
    steps = [a == b for a, b in pairwise(who)]

    assert coc(who) == pytest.approx(sum(pairs) / len(pairs))
    assert secon(who) == pytest.approx(sum(steps) / len(steps))


@given(spells)
@steady
def test_indices_over_days_are_what_a_walk_through_the_days_gives(drawn: list[tuple[str, int, int]]) -> None:
    """HHI: the chance that two days, taken at random from those held, are with one person."""
    held = [(who, WINDOW[0] + timedelta(a - 20), WINDOW[0] + timedelta(a - 20 + n)) for who, a, n in drawn]

    assert_days(held, *WINDOW, coverage(held, *WINDOW), upc_d(held, *WINDOW), hhi_d(held, *WINDOW))


def assert_days(
    held: Sequence[tuple[str, date, date | None]], a: date, b: date,
    cover: float | None, upc: float | None, hhi: float | None, within: float = 1e-9,
) -> None:  # fmt: skip
    """The three shares, against looking at each day of [a, b) in turn."""
    there = [{who for who, start, end in held if start <= d and (end is None or d < end)} for d in walk(a, b)]
    each = Counter(who for day in there for who in day)
    total = sum(each.values())

    assert cover == pytest.approx(sum(map(bool, there)) / len(there), abs=within)
    assert upc == pytest.approx(max(each.values(), default=0) / len(there), abs=within)
    assert hhi == (pytest.approx(sum(n * n for n in each.values()) / total**2, abs=within) if total else None)


def walk(a: date, b: date) -> Iterator[date]:
    return (a + timedelta(n) for n in range((b - a).days))


def test_shares_shown_with_social_workers_are_those_of_a_walk_through_the_year(of_return: dict[str, Records]) -> None:
    shown = [(r, f) for r in of_return.values() for f in found(r, "continuity.social_workers") if f.measures]
    for records, finding in shown:
        born, said = records.child.born, finding.measures
        first = max(FIRST, born) if born else FIRST
        workers = [i for i in records.of(Involvement) if i.role == "social_worker" and i.start]
        held = [(i.from_id, i.start or AS_AT, i.end) for i in workers if i.start and i.start <= AS_AT]
        assert_days(held, first, AS_AT, said["coverage"], said["upc_d"], said["hhi_d"], within=0.005)
    assert len(shown) > 30


def test_moves_per_1000_days_are_moves_over_days_each_counted(council: Path, of_return: dict[str, Records]) -> None:
    assert moves_per_1000_days(7, 1277) == pytest.approx(5.48, abs=0.01)
    for child in looked_after(council):
        said = found(of_return[child], "continuity.placements")[0].measures
        if said["days_in_care"]:
            assert said["moves_per_1000_days"] == pytest.approx(said["moves"] / said["days_in_care"] * 1000, abs=0.01)


# --- who exchanged with whom, without NetworkX ---

TOOK_PART = ("present", "substitute", "sent report")
Ties = dict[str, set[str]]


def ties(records: Records) -> Ties:
    """Who took part in a meeting with whom in the year, and everyone who is involved on the day."""
    who: dict[str, set[str]] = {}
    for row in records.of(Attended):
        if row.how in TOOK_PART and isinstance(records.get(row.from_id), Professional | Agency):
            who.setdefault(row.to_id, set()).add(row.from_id)
    found: Ties = {i.from_id: set() for i in records.of(Involvement) if is_there(i)}
    for meeting in records.of(Meeting):
        counts = records.child.id in meeting.about and meeting.kind != "family time" and meeting.status != "cancelled"
        if counts and meeting.on and FIRST <= meeting.on <= AS_AT and len(who.get(meeting.id, ())) > 1:
            for a in who[meeting.id]:
                found.setdefault(a, set()).update(who[meeting.id] - {a})
    return found


def is_there(involvement: Involvement) -> bool:
    return bool(involvement.start and involvement.start <= AS_AT and (not involvement.end or involvement.end > AS_AT))


def parts(of: Iterable[str], joined: Callable[[str, str], bool]) -> set[frozenset[str]]:
    """The groups that joining two by two leaves: each starts alone, and takes over the name of whom it joins."""
    name = {who: who for who in of}
    for a, b in combinations(sorted(name), 2):
        if joined(a, b) and name[a] != name[b]:
            gone, kept = name[b], name[a]
            name = {who: kept if n == gone else n for who, n in name.items()}
    by_name = sorted(name, key=lambda who: name[who])
    return {frozenset(g) for _, g in groupby(by_name, key=lambda who: name[who])}


def test_the_network_is_who_met_whom(teams: list[Records]) -> None:
    for records in teams:
        seen = as_at(records, AS_AT)
        graph, expected = alter_graph(seen, AS_AT), ties(seen)
        assert {who: set(graph[who]) for who in graph} == expected


def test_single_points_are_those_without_whom_the_others_fall_apart(teams: list[Records]) -> None:
    """Everyone who is still there is taken out in turn."""
    compared = raised = 0
    for records in teams:
        seen = as_at(records, AS_AT)
        every = ties(seen)
        here = {who for who in every if any(is_there(i) for i in of_person(seen, who)) or not of_person(seen, who)}
        graph = {who: every[who] & here for who in here}
        if any(affiliation(seen, who, AS_AT).kind is None for who in here) or not any(graph.values()):
            continue  # of someone whose agency nobody recorded the rule says nothing
        points = {f.subject.partition(":")[2] for f in found(records, "silos.single_point") if f.status == "raised"}
        assert points == {who for who in graph if holds_together(graph, who)}
        compared, raised = compared + 1, raised + len(points)
    assert compared > 30
    assert raised


def of_person(records: Records, who: str) -> list[Involvement]:
    return [i for i in records.of(Involvement) if i.from_id == who]


def holds_together(graph: Mapping[str, set[str]], who: str) -> bool:
    """Whether one of a network of four or more parts the others when they are gone."""
    network = next(part for part in parts(graph, lambda a, b: b in graph[a]) if who in part)
    left = parts(network - {who}, lambda a, b: b in graph[a])
    return len(network) >= 4 and len(left) > 1


def test_groups_that_nothing_joins_are_those_that_joining_two_by_two_leaves(teams: list[Records]) -> None:
    compared = apart = 0
    for records in teams:
        (finding,) = found(records, "silos.disconnected")
        if "groups" not in finding.measures:
            continue
        seen = as_at(records, AS_AT)
        graph, at = ties(seen), alter_graph(seen, AS_AT).nodes
        unknown = {who for who in graph if at[who]["agency_kind"] is None}
        long = {who for who in graph if long_there(seen, who)}
        groups = parts(graph, lambda a, b, g=graph, s=seen: b in g[a] or one_agency(s, a, b))  # type: ignore[misc]
        expected = sorted(tuple(sorted(group & long)) for group in groups if (group & long) - unknown)
        assert finding.measures["groups"] == expected
        compared, apart = compared + 1, apart + (len(expected) > 1)
    assert compared > 30
    assert apart


def long_there(records: Records, who: str) -> bool:
    """Whether someone has been there for 28 days, without a break, in a role that is not apart by design."""
    held = [i for i in of_person(records, who) if is_there(i)]
    if all(i.role in ("interpreter", "independent_visitor") for i in held):
        return False
    since = min(i.start or AS_AT for i in held)
    while earlier := [
        i.start for i in of_person(records, who) if i.start and i.start < since and (not i.end or i.end >= since)
    ]:
        since = min(earlier)
    return (AS_AT - since).days >= 28


def one_agency(records: Records, a: str, b: str) -> bool:
    at = alter_graph(records, AS_AT).nodes
    if at[a]["agency"] and at[b]["agency"]:
        return bool(at[a]["agency"] == at[b]["agency"])
    return at[a]["agency_kind"] is not None and at[a]["agency_kind"] == at[b]["agency_kind"]


# --- working days ---

# England's bank holidays of three years, as gov.uk lists them (the coronation of 8 May 2023 among them).
BANK_HOLIDAYS = {
    date.fromisoformat(d)
    for d in (
        "2023-01-02 2023-04-07 2023-04-10 2023-05-01 2023-05-08 2023-05-29 2023-08-28 2023-12-25 2023-12-26 "
        "2024-01-01 2024-03-29 2024-04-01 2024-05-06 2024-05-27 2024-08-26 2024-12-25 2024-12-26 "
        "2025-01-01 2025-04-18 2025-04-21 2025-05-05 2025-05-26 2025-08-25 2025-12-25 2025-12-26"
    ).split()
}
listed_days = st.dates(date(2023, 1, 1), date(2025, 12, 31))


def works(d: date) -> bool:
    return d.weekday() < 5 and d not in BANK_HOLIDAYS


@given(listed_days, listed_days)
@steady
def test_working_days_are_those_of_a_walk_through_the_calendar(a: date, b: date) -> None:
    assert working_days_between(a, b) == sum(map(works, walk(a, b)))
    assert school_days_between(a, b) == sum(works(d) and d.month != 8 for d in walk(a, b))


@given(st.dates(date(2023, 3, 1), date(2025, 9, 1)), st.integers(1, 40))
@steady
def test_the_nth_working_day_after_a_day_is_the_nth_met_walking(d: date, n: int) -> None:
    after = [each for each in walk(d + timedelta(1), d + timedelta(90)) if works(each)]
    before = [each for each in walk(d - timedelta(80), d) if works(each)]

    assert add_working_days(d, n) == after[n - 1]
    assert add_working_days(d, -n) == before[-n]
