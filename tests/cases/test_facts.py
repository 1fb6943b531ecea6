"""Every numbered fact of the reviews: its finding, its record, what mending it changes, and what is left without it."""

from __future__ import annotations

from typing import Any

import pytest

from docs import cases
from docs.pages import FOLDER
from graph.findings import run
from ingest.cases import AS_AT
from tests.cases.common import Line, Mend, Tables, findings, found_for, raised, records, sources
from tests.cases.facts import CASES

COUNTED = {"sophie": 18, "b": 15, "v": 18}


def lines(kind: str, *, spoilt: bool = False) -> list[Any]:
    """The lines of a kind with their case, as the parameters of a test."""
    return [
        pytest.param(case, line, id=f"{case}-{fact.n}-{line.what}")
        for case, facts in CASES.items()
        for fact in facts
        for line in fact.lines
        if line.kind == kind and (line.spoil or not spoilt)
    ]


@pytest.mark.parametrize("case", CASES)
def test_no_fact_is_left_out(case: str) -> None:
    assert [fact.n for fact in CASES[case]] == list(range(1, COUNTED[case] + 1))
    assert all(fact.lines for fact in CASES[case])


@pytest.mark.parametrize(("case", "line"), lines("raised"))
def test_its_finding_is_raised_and_stands_on_its_records(case: str, line: Line) -> None:
    found = found_for(case, line)
    behind = {source for f in found for e in f.evidence for source in sources(e)}
    for one in line.shows:
        assert set(one.of(case)) <= behind, one


@pytest.mark.parametrize(("case", "line"), lines("raised"))
def test_mended_it_clears_and_no_other_changes_but_those_that_read_the_same_record(case: str, line: Line) -> None:
    on, child = line.on or AS_AT[case], line.children[0]
    before = raised(findings(case, child, line.on))
    after = raised(run(records(case, line.mend, child), on))
    assert {rule for rule, _ in before - after} == {line.what, *line.clears}
    assert {rule for rule, _ in after - before} == line.instead
    assert not {(f.rule, f.subject) for f in found_for(case, line)} & after


@pytest.mark.parametrize(("case", "line"), lines("raised"))
def test_without_its_record_it_is_clear_or_cannot_be_said(case: str, line: Line) -> None:
    on, child = line.on or AS_AT[case], line.children[0]
    after = run(records(case, away(case, line), child, line.uncover), on, only=[line.what])
    assert after
    assert not {(f.rule, f.subject) for f in found_for(case, line)} & raised(after)


def away(case: str, line: Line) -> Mend | None:
    """What takes a line's records away; nothing where it is enough that no load covers them."""
    if line.away or line.uncover:
        return line.away
    gone = {source for one in line.shows for source in one.of(case)}

    def take(tables: Tables) -> None:
        for one in line.shows:
            frame = tables[one.table]
            tables[one.table] = frame.loc[[row not in gone for row in frame["row"]]]

    return take


@pytest.mark.parametrize(("case", "line"), lines("shown"))
def test_what_is_no_finding_is_shown(case: str, line: Line) -> None:
    assert line.says
    for child in line.children:
        assert line.says(records(case, child=child), line.on or AS_AT[case])


@pytest.mark.parametrize(("case", "line"), lines("quiet"))
def test_what_stays_quiet(case: str, line: Line) -> None:
    for child in line.children:
        found = [f for f in findings(case, child, line.on) if f.rule == line.what]
        assert found
        assert {f.status for f in found} <= set(line.status)


@pytest.mark.parametrize(("case", "line"), lines("quiet", spoilt=True))
def test_it_is_quiet_because_the_records_are_there_and_not_because_nobody_looks(case: str, line: Line) -> None:
    found = run(records(case, line.spoil, line.children[0]), line.on or AS_AT[case], only=[line.what])
    assert "raised" in {f.status for f in found}


def test_the_page_of_the_cases_is_fresh_and_has_every_fact() -> None:
    written = (FOLDER / "cases.md").read_text(encoding="utf-8")
    assert written == cases.page(), "docs/ is stale: `python -m docs` writes it anew"
    for facts in CASES.values():
        for fact in facts:
            assert f"| {fact.n} | {fact.says} |" in written
