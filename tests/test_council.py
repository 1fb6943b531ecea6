"""An invented council in the graph: everyone once, and the same graph in whatever order its files come."""

from __future__ import annotations

import csv
from collections import Counter
from collections.abc import Iterable, Sequence
from pathlib import Path

import pytest

from graph.loading import load
from graph.records import stays
from graph.store import Store
from ingest.extract import Extract
from ingest.generate import AS_AT, generate
from ingest.recognise import read

AUTHORITY = "E08000025"
SOURCES = ("903", "ssd", "allocations", "partners")
Row = dict[str, str]


@pytest.fixture(scope="module")
def loaded(council: Path, graph_store: Store) -> Store:
    graph_store.clear()
    _load(graph_store, _read(council, SOURCES))
    return graph_store


def _read(council: Path, sources: Iterable[str]) -> list[Extract]:
    """What one command reads: the sources it names, in that order."""
    return read([council / source for source in sources], AUTHORITY, today=AS_AT)


def _load(store: Store, extracts: Sequence[Extract]) -> None:
    for extract in extracts:
        assert load(store, extract).unmatched is not None


def truth(council: Path, name: str) -> list[Row]:
    with (council / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- once each ---


def test_every_child_is_there_once(council: Path, loaded: Store) -> None:
    found = [r["id"] for r in loaded.read("MATCH (c:Child) RETURN c.id AS id")]
    children = truth(council, "children")
    assert sorted(found) == sorted(f"{AUTHORITY}/{r['child_number']}" for r in children)
    assert any(r["earlier_number"] for r in children)


def test_every_worker_is_there_once(council: Path, loaded: Store) -> None:
    found = loaded.read(
        "MATCH (p:Professional) RETURN p.registration AS registration, p.staff_id AS staff, p.name AS name"
    )
    workers = truth(council, "workers")
    assert Counter(r["name"] for r in found) == Counter(r["worker_name"] for r in workers)
    registered = [r["registration"] for r in found if r["registration"]]
    assert sorted(registered) == sorted(r["registration_number"] for r in workers if r["registration_number"])
    numbered = [r["staff"] for r in found if r["staff"]]
    assert sorted(numbered) == sorted(r["staff_number"] for r in workers if r["staff_number"])


def test_every_review_is_there_once(council: Path, loaded: Store) -> None:
    found = loaded.read(
        "MATCH (m:Meeting {kind: 'review'})-[:ABOUT]->(c:Child) RETURN c.id AS child, toString(m.on) AS on"
    )
    told = [(f"{AUTHORITY}/{r['child_number']}", r["review_date"]) for r in truth(council, "reviews")]
    assert sorted((r["child"], r["on"]) for r in found) == sorted(told)


def test_every_stay_is_there_once(council: Path, loaded: Store) -> None:
    told = sorted((r["child_number"], r["stay_start"], r["stay_end"]) for r in truth(council, "stays"))
    found = [
        (records.child.id.partition("/")[2], stay.start.isoformat(), stay.end.isoformat() if stay.end else "")
        for records in loaded.records(loaded.child_ids(AUTHORITY))
        for stay in stays(records)
    ]
    assert sorted(found) == told


def test_a_visit_is_there_once_and_by_the_agency(loaded: Store) -> None:
    found = loaded.read(
        "MATCH (m:Meeting {kind: 'visit'})-[:ABOUT]->(c:Child) WITH c.id AS child, m.on AS on, count(*) AS n "
        "RETURN max(n) AS most, count(*) AS days"
    )
    assert found[0]["days"] and found[0]["most"] == 1


# --- in any order ---


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("invented") / "small"
    generate(folder, children=6, seed=6)
    return folder


def _digest(store: Store, *commands: Sequence[Extract]) -> str:
    store.clear()
    for extracts in commands:
        _load(store, extracts)
    return store.digest()


def test_the_graph_is_the_same_in_any_order_and_in_one_command_or_three(small: Path, store: Store) -> None:
    assert any(r["earlier_number"] for r in truth(small, "children"))  # a number changed, and one source says so
    of = {source: _read(small, [source]) for source in SOURCES}
    returns, ssd, officers, partners = (of[source] for source in SOURCES)
    whole = _digest(store, _read(small, SOURCES))
    assert _digest(store, _read(small, reversed(SOURCES))) == whole
    assert _digest(store, [*returns, *ssd], officers, partners) == whole
    assert _digest(store, partners, [*officers, *returns[::-1]], ssd) == whole
    assert _digest(store, ssd, returns[1:], partners[::-1], [*officers, *returns[:1]]) == whole


@pytest.mark.long
@pytest.mark.timeout(7200)
def test_a_thousand_children_are_there_once_in_any_order(
    tmp_path_factory: pytest.TempPathFactory, graph_store: Store
) -> None:
    large = tmp_path_factory.mktemp("invented") / "large"
    generate(large, children=1000, seed=2)
    returns, ssd, officers, partners = (_read(large, [source]) for source in SOURCES)
    orders = (
        [[*ssd, *returns, *officers, *partners]],
        [partners, [*officers, *returns[::-1]], ssd],
        [[*returns[1:], *partners[::-1]], [*ssd, *returns[:1]], officers],
    )
    digests = []
    for commands in orders:
        digests.append(_digest(graph_store, *commands))
        for once in (test_every_child_is_there_once, test_every_worker_is_there_once, test_every_review_is_there_once,
                     test_every_stay_is_there_once):  # fmt: skip
            once(large, graph_store)
    assert len(set(digests)) == 1
    assert sum(graph_store.counts().values()) > 900_000
