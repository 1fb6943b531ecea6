"""The dashboard on a real graph: what pages read is what the whole record says.

End-to-end tests in a browser on a real server belong here too.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from dashboard import cohort, data
from dashboard.data import StoreSource
from dashboard.serve import free_port
from graph.analyse import analyse, is_kept
from graph.analysis.cohort.around import answers as features_of
from graph.calendars import add_months
from graph.findings import run
from graph.loading import load
from graph.network import affiliation, meetings_with
from graph.parameters import DEFAULTS, of
from graph.records import Records, as_at, during, involvements
from graph.server import Connection
from graph.store import Store
from ingest import cases, recognise
from ingest.generate import generate
from tests.browser.conftest import await_dashboard

COUNCIL, T = "E08000025", date(2026, 3, 31)


@pytest.fixture(scope="module")
def source(graph_store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[StoreSource]:
    """An invented council that looks after 10 children, and a published case, loaded and analysed; only read from."""
    graph_store.clear()
    folder = tmp_path_factory.mktemp("council")
    generate(folder, children=10, seed=5, as_at=T)
    for path, code, t in (
        (folder, COUNCIL, T),
        (cases.case_folder("sophie"), cases.AUTHORITY["sophie"], cases.AS_AT["sophie"]),
    ):
        for extract in recognise.read([path], code, today=date.today(), say=lambda _: None):
            load(graph_store, extract, files=[f.file for f in extract.files], rows=0, refused=0, set_aside=0)
        analyse(graph_store, code, t)
    yield StoreSource(graph_store)


def whole(source: StoreSource, authority: str = COUNCIL) -> dict[str, Records]:
    """Every child of an authority with everything on record."""
    store = source.store
    return {r.child.id: r for r in store.records(store.child_ids(authority))}


def test_authorities_come_with_the_day_of_their_analysis(source: StoreSource) -> None:
    assert [(a.name, a.as_at) for a in source.authorities()] == [
        ("Birmingham", T),
        ("Warwickshire", cases.AS_AT["sophie"]),
    ]


def test_rows_from_the_light_read_are_those_of_the_whole_records(source: StoreSource) -> None:
    every = whole(source)
    light = source.caseload(COUNCIL)
    assert [r.child.id for r in light] == sorted(every)
    for records in light:
        full = every[records.child.id]
        assert data.child_row(records, [], T) == data.child_row(full, [], T)
        one, other = (as_at(r, T) for r in (records, full))
        assert cohort.row(one, [], T, DEFAULTS) == cohort.row(other, [], T, DEFAULTS)
    assert any(data.child_row(r, [], T).iros for r in light)
    assert any(data.child_row(r, [], T).next_review for r in light)


def test_what_an_analysis_wrote_is_what_the_rules_say(source: StoreSource) -> None:
    analysis = source.authorities()[0].analysis
    told = sorted((r.child, r.rule, r.family, r.fact, r.status) for r in source.raised(analysis))
    found = [f for r in whole(source).values() for f in run(r, T) if is_kept(f)]
    assert told == sorted((f.child, f.rule, f.family, f.fact, f.status) for f in found)
    assert told


def test_the_features_read_back_are_those_the_rules_find(source: StoreSource) -> None:
    written = data.by_child(source.raised(source.authorities()[0].analysis))
    found = {id: features_of(as_at(records, T), T, DEFAULTS) for id, records in whole(source).items()}
    assert {id: cohort.answers(written.get(id, ())) for id in found} == found
    assert {answer for told in found.values() for answer in told.values()} == {"yes", "no", "unknown"}


def test_pages_look_with_the_parameters_of_the_analysis(graph_store: Store, source: StoreSource) -> None:
    assert source.authorities()[0].parameters == DEFAULTS
    chosen = of({"cohort_features": 2, "f2_ages": [11, 14]})
    analyse(graph_store, COUNCIL, T, parameters=chosen)
    assert source.authorities()[0].parameters == chosen
    (of_council,) = (a for a in source.authorities() if a.code == COUNCIL)
    rows = cohort.rows(source.caseload(COUNCIL), data.by_child(source.raised(of_council.analysis)), T, chosen)
    assert cohort.counted(rows, 2).certain.n == 10
    analyse(graph_store, COUNCIL, T)


def test_a_child_is_found_by_ref_and_by_nothing_else(source: StoreSource) -> None:
    full = next(iter(whole(source).values()))
    assert full.child.ref and full.child.local_id
    found = source.records(full.child.ref)
    assert found and found.child.id == full.child.id
    assert source.records(full.child.id) is None
    assert source.records(full.child.local_id) is None


def test_who_talks_to_whom_is_what_the_networks_of_the_children_say(source: StoreSource) -> None:
    expected: dict[tuple[str, str], list[int]] = {}
    since = add_months(T, -12)
    for records in whole(source).values():
        teams: dict[str, set[str]] = {}
        for i in involvements(records):
            kind = affiliation(records, i.agency, T).kind if i.agency else affiliation(records, i.from_id, T).kind
            named = i.agency or i.from_id
            if during(i, since, T) and (i.end is None or i.end > since) and kind and records.get(named):
                teams.setdefault(kind, set()).add(i.from_id)
        met = [set(who) for _, who in meetings_with(records, T)]
        for a in teams:
            for b in teams:
                if a < b:
                    pair = expected.setdefault((a, b), [0, 0])
                    pair[0] += 1
                    pair[1] += any(x != y for m in met for x in m & teams[a] for y in m & teams[b])
    assert {(p.a, p.b): [p.both, p.exchanged] for p in source.pairs(COUNCIL, T)} == expected
    assert any(n for _, n in expected.values())


# --- in a browser, on a real server ---


@pytest.fixture(scope="module")
def served(source: StoreSource, server: Connection, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The dashboard as `teamaround serve` runs it, on the tests' own graph."""
    port, log = free_port(8700), tmp_path_factory.mktemp("served") / "log.txt"

    named = {"URI": server.uri, "USER": server.user, "PASSWORD": server.password, "DATABASE": server.database}
    environment = os.environ | {f"TEAMAROUND_NEO4J_{k}": v for k, v in named.items()}
    with log.open("w") as out:
        command = [sys.executable, "-m", "teamaround", "serve", "--no-browser", "--port", str(port)]
        process = subprocess.Popen(command, stdout=out, stderr=out, env=environment, cwd=Path(__file__).parents[2])
    try:
        await_dashboard(port, process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)
    assert "Traceback" not in log.read_text(), log.read_text()


def test_from_my_children_to_a_child_on_a_real_graph(served: str, browser: Browser, source: StoreSource) -> None:
    page = browser.new_page(base_url=served, viewport={"width": 1366, "height": 900})
    page.goto("/")
    expect(
        page.get_by_text(re.compile(r"\d+ children looked after by Birmingham, as at 31 March 2026"))
    ).to_be_visible()
    page.locator("table.plain a").first.click()
    expect(page.locator("iframe[sandbox]")).to_be_visible(timeout=60_000)
    expect(page.locator(".findings")).to_be_visible()
    ref = page.url.rpartition("=")[2]
    assert source.records(ref)
    page.goto("/cohort")
    assert len(source.store.child_ids(COUNCIL)) > 10  # of whom some have left
    expect(page.get_by_text("10 children looked after by Birmingham")).to_be_visible()
    page.close()
