"""What several loads say becomes one record: by trust, in any order, and however a load is cut off."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.identity import hashed
from graph.loading import load
from graph.merging import Claim, Standing, Values, claims_of, merged, written
from graph.model import Assessment, Child, Event, Kind, PlacedAt
from graph.store import Store
from ingest.extract import Extract
from tests.extracts import extract

NEVER = date.min


def claim(load: str, kind: str = "ssda903", covers_to: str = "2024-03-31", **values: Any) -> Claim:
    return Claim(Standing(load, kind, date.fromisoformat(covers_to), NEVER), values, (f"{load}:a.csv:2",))


def stored(kind: Kind, claims: Sequence[Claim]) -> Values:
    """What the graph would give back: the same values, lists as lists."""
    return dict(written(kind, claims))


def again(kind: Kind, values: Values, claims: Sequence[Claim]) -> list[Claim]:
    return claims_of(kind, values, {c.load.id: c.load for c in claims})


EVERY_TYPE = [
    claim("one", miles=3.0, emergency=True, start=date(2023, 5, 1), place_type="U6", **{"from": "Child:a"}),
    claim("two", miles=2.5, emergency=False, start=date(2023, 5, 1), end=date(2024, 1, 1), **{"from": "Child:a"}),
]


@pytest.mark.parametrize(
    ("kind", "claims"),
    [
        (PlacedAt, EVERY_TYPE),
        (Child, [claim("one", aliases=["7", "8"], local_id="1"), claim("two", aliases=["9"], born=date(2012, 5, 12))]),
        (Assessment, [claim("one", result="ja – 18½ \"x\" 'y'\n"), claim("two", result="é")]),
    ],
)
def test_what_each_load_says_comes_back_as_it_was_said(kind: Kind, claims: list[Claim]) -> None:
    back = again(kind, stored(kind, claims), claims)
    assert sorted(back, key=lambda c: c.load.id) == claims
    assert all(type(b.values[k]) is type(c.values[k]) for b, c in zip(back, claims, strict=True) for k in c.values)


def test_loads_that_agree_keep_lines_only() -> None:
    claims = [claim("one", miles=3.0), claim("two", miles=3.0)]
    assert written(PlacedAt, claims) == {"miles": 3.0, "sources": ["one:a.csv:2", "two:a.csv:2"]}


def test_of_three_loads_any_one_taken_away_leaves_what_the_others_say() -> None:
    claims = [
        claim("one", miles=3.0, place_type="U6"),
        claim("two", covers_to="2025-03-31", miles=4.0, end=date(2024, 8, 1)),
        claim("three", kind="tables", place_type="K2", basis="regulation 24"),
    ]
    for order in itertools.permutations(claims):
        values: Values = {}
        for n, one in enumerate(order):
            values = stored(PlacedAt, [*again(PlacedAt, values, order[:n]), one])
        assert values == stored(PlacedAt, claims)
        for gone in claims:
            left = [c for c in claims if c is not gone]
            assert written(PlacedAt, again(PlacedAt, values, left)) == written(PlacedAt, left)


@pytest.mark.parametrize(
    ("newer_to", "older_end", "end"),
    [
        ("2025-03-31", "2024-01-10", None),  # the newer return covers the day and has the record open
        ("2025-03-31", "2025-03-31", None),
        ("2025-03-31", "2025-04-01", "2025-04-01"),  # a day that the newer does not reach: not denied
    ],
)
def test_an_end_is_denied_by_a_more_trusted_load_that_covers_the_day(
    newer_to: str, older_end: str, end: str | None
) -> None:
    older = claim("older", end=date.fromisoformat(older_end))
    found = merged(Event, [older, claim("newer", covers_to=newer_to)])
    assert found.get("end") == (date.fromisoformat(end) if end else None)


def test_what_is_known_with_the_end_comes_from_the_load_that_ends_it() -> None:
    open_still = claim("one", end_reason="X1")
    ended = claim("two", covers_to="2025-03-31", end=date(2024, 8, 1), change_reason="CARPL")
    assert merged(PlacedAt, [open_still, ended]) == {"end": date(2024, 8, 1), "change_reason": "CARPL"}


def test_ends_of_the_most_trusted_load_and_those_of_the_other_when_it_goes() -> None:
    claims = [
        claim("one", **{"from": "Child:a", "to": "Placement:elm"}),
        claim("two", covers_to="2025-03-31", **{"from": "Child:a", "to": "Placement:oak"}),
    ]
    values = stored(PlacedAt, claims)
    assert values["to"] == "Placement:oak"
    assert [json.loads(c)["load"] for c in values["claims"]] == ["one"]
    assert written(PlacedAt, again(PlacedAt, values, claims[:1]))["to"] == "Placement:elm"


# --- any history of loads ---

PERIODS = ("2022-04-01..2023-03-31", "2023-04-01..2024-03-31", "2022-04-01..2024-03-31")
DAYS = st.sampled_from(["", "2022-11-01", "2023-06-01", "2024-03-31", "2025-01-01"])


@st.composite
def extracts(draw: st.DrawFn) -> Extract:
    """A small extract about some of three children, whose values differ from the next one's."""
    one_of = lambda *options: draw(st.sampled_from(options))  # noqa: E731
    rows: dict[str, list[str]] = {
        "children | local_id | upn": [],
        "agencies | kind | name": ["s | school | Hill School", "c | camhs | Seaside"],
        "professionals | registration": ["w | SW1"],
        "placements | urn | postcode": ["oak | SC11 | B13 9AA", "elm | SC12 | B14 7AA"],
        "placed_at | from | to | start | end | place_type | miles | emergency | change_reason": [],
        "involved_with | from | to | role | start | end | agency": [],
        "meetings | kind | on | about | participation | seen | recorded_by": [],
        "plans | kind | start | about | considered_at": [],
    }
    children, _, _, _, stays, involved, meetings, plans = rows.values()
    for c in draw(st.sets(st.sampled_from(["x", "X", "z:/ 3"]), min_size=1)):
        children.append(f"{c} | {c} | {one_of('', 'A123', 'B123')}")
        end, home = draw(DAYS), one_of("oak", "elm")
        stays.append(
            f" | Child:{c} | Placement:{home} | 2022-05-01 | {end} | {one_of('U6', 'K2')} | "
            f"{one_of('', '3.0', '2.5')} | {one_of('', 'yes', 'no')} | {one_of('', 'CARPL')}"
        )
        if draw(st.booleans()):
            agency = one_of("", "Agency:s", "Agency:c")
            involved.append(f" | Professional:w | Child:{c} | social_worker | 2022-05-01 | {draw(DAYS)} | {agency}")
        if draw(st.booleans()):
            meeting = f"m{len(meetings)}"
            seen, by = one_of("", "yes", "no"), one_of("", "Agency:s", "Agency:s;Agency:c")
            meetings.append(f"{meeting} | review | 2022-09-01 | Child:{c} | {one_of('', 'PN1', 'PN2')} | {seen} | {by}")
            plans.append(f"p{meeting} | care | 2022-05-01 | Child:{c} | {one_of('', 'Meeting:' + meeting)}")
    text = "\n\n".join("\n".join([header, *lines]) for header, lines in rows.items() if lines)
    kind = one_of("ssda903", "ssda903", "tables")
    return extract(text, kind=kind, covers=one_of(*PERIODS), full=one_of(True, True, False))


class PowerCut(Exception):
    pass


class Mortal(Store):
    """The store, cut off after so many writes of two rows each, or things said; None: never."""

    left: int | None = None

    def tick(self, _: str = "") -> None:
        if self.left is not None:
            self.left -= 1
            if self.left < 0:
                raise PowerCut

    def _in_batches(self, cypher: str, rows: Sequence[Any]) -> None:
        if self.left is None:
            return super()._in_batches(cypher, rows)
        for at in range(0, len(rows), 2):
            self.tick()
            super()._in_batches(cypher, rows[at : at + 2])


def replaces(new: Extract, old: Extract) -> bool:
    """The rule in words: full, of the same kind, a period and tables within its own."""
    assert new.covers_from and new.covers_to and old.covers_from and old.covers_to
    within = new.covers_from <= old.covers_from and old.covers_to <= new.covers_to
    return new.full and new.kind == old.kind and within and set(old.tables) <= set(new.tables)


def check_history(store: Mortal, every: list[Extract], history: list[tuple[int, int | None]]) -> None:
    """Loading in this order, cut off there, leaves what loading those that stand at the end would give."""
    store.clear()
    stand: list[Extract] = []
    for which, cut in [*history, (0, None)]:
        source = every[which % len(every)]
        store.left = cut
        try:
            load(store, source, say=store.tick)
        except PowerCut:
            pass
        store.left = None
        id = hashed("Load", source.kind, source.supplier, source.digest)
        row = next((r for r in store.loads() if r["id"] == id), {})
        stands = row.get("finished") and not row.get("superseded_by")
        if stands and source not in stand:
            stand = [*(e for e in stand if not replaces(source, e)), source]
    found = store.digest()
    store.clear()
    alone = not any(replaces(a, b) for a, b in itertools.permutations(stand, 2))
    for source in reversed(stand) if alone else stand:
        load(store, source)
    assert store.digest() == found


histories = given(
    every=st.lists(extracts(), min_size=2, max_size=4, unique_by=lambda e: e.digest),
    history=st.lists(
        st.tuples(st.integers(0, 3), st.none() | st.integers(0, 60)), min_size=2, max_size=5
    ),
)  # fmt: skip
unhurried = settings(deadline=None, suppress_health_check=list(HealthCheck))


@pytest.fixture(scope="module")
def cut(graph_store: Store) -> Mortal:
    return Mortal(graph_store._driver, graph_store._database)


@histories
@settings(unhurried, max_examples=5, derandomize=True, phases=[Phase.generate])
def test_a_history_of_loads_leaves_what_those_that_stand_say(
    cut: Mortal, every: list[Extract], history: list[tuple[int, int | None]]
) -> None:
    check_history(cut, every, history)


@pytest.mark.long
@pytest.mark.timeout(3600)
@histories
@settings(unhurried, max_examples=300)
def test_any_history_of_loads_leaves_what_those_that_stand_say(
    cut: Mortal, every: list[Extract], history: list[tuple[int, int | None]]
) -> None:
    check_history(cut, every, history)
