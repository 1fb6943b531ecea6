"""The clocks and the voice of the case of Sophie, and their counterfactuals."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pandas as pd
import pytest

from graph.findings import Finding, rules, run
from graph.records import Records
from ingest.cases import AS_AT
from tests.cases.common import Tables, raised, records
from tests.cases.common import add as _add
from tests.cases.common import change as _change
from tests.cases.common import remove as _remove

T = AS_AT["sophie"]

MINE = [rule for rule in rules() if rule.startswith(("clocks.", "voice."))]


def sophie(mend: Callable[[Tables], None] | None = None) -> Records:
    return records("sophie", mend)


def found(mend: Callable[[Tables], None] | None = None) -> tuple[Finding, ...]:
    return run(sophie(mend), T, only=MINE)


def test_what_is_raised_is_what_the_review_says_and_nothing_else():
    assert {rule for rule, _ in raised(found())} == {
        "clocks.health_assessment", "clocks.permanence", "voice.without_effect",
    }  # fmt: skip


def test_8_health_assessments_fifteen_months_apart():
    (late,) = (f for f in found() if f.rule == "clocks.health_assessment")
    assert (late.measures["trigger"], late.measures["done"]) == (date(2015, 3, 10), date(2016, 6, 10))
    assert late.measures["late_days"] == 92
    assert {e.start for e in late.evidence} == {date(2015, 3, 10), date(2016, 6, 10)}


def test_14_no_plan_for_permanence():
    (missing,) = (f for f in found() if f.rule == "clocks.permanence")
    assert missing.measures["due"] == date(2013, 6, 20)
    assert missing.measures["reviews"] == 8


def test_17_her_voice_is_recorded_and_unused():
    (unused,) = (f for f in found() if f.rule == "voice.without_effect")
    assert {e.kind for e in unused.evidence} == {"View"}
    assert unused.measures == {"views": 3, "informed": 0}


def test_6_each_of_seventeen_return_interviews_was_in_time():
    interviews = [f for f in found() if f.rule == "clocks.return_interview"]
    assert len({f.subject for f in interviews}) == len(interviews) == 17
    assert {f.status for f in interviews} == {"clear"}


def test_18_every_other_clock_is_clear_or_does_not_apply():
    said = {rule: {f.status for f in found() if f.rule == rule} for rule in MINE if rule.startswith("clocks.")}
    not_hers = {"clocks.pathway", "clocks.cp_review", "clocks.core_group"}  # fifteen, and on no child protection plan
    assert {rule for rule, status in said.items() if status == {"not applicable"}} == not_hers
    late = {"clocks.health_assessment", "clocks.permanence"}
    assert {rule for rule, status in said.items() if status == {"clear"}} == set(said) - not_hers - late


def assessed_in_march(tables: Tables) -> None:
    _change(tables, "assessments", {"id": "health-2016"}, on=date(2016, 3, 10))


def a_plan_for_permanence(tables: Tables) -> None:
    _add(tables, "plans", kind="permanence", made_on=date(2013, 6, 20), about=("Child:sophie",))


def one_view_changed_the_plan(tables: Tables) -> None:
    frame = tables["views"]
    cells = [("Plan:placement-8",) if i == "view-6" else () for i in frame["id"]]
    tables["views"] = frame.assign(informed=pd.Series(cells, index=frame.index, dtype=object))


def no_views(tables: Tables) -> None:
    tables["views"] = tables["views"].iloc[:0]


@pytest.mark.parametrize(
    ("mend", "clears"),
    [
        (assessed_in_march, "clocks.health_assessment"),
        (a_plan_for_permanence, "clocks.permanence"),
        (one_view_changed_the_plan, "voice.without_effect"),
        (no_views, "voice.without_effect"),
    ],
)
def test_a_fact_mended_clears_its_own_finding_and_no_other(mend: Callable[[Tables], None], clears: str):
    before, after = raised(found()), raised(found(mend))
    assert {rule for rule, _ in before - after} == {clears}
    assert after <= before


def fewer_peps(tables: Tables) -> None:
    _remove(tables, "meetings", {"kind": "pep"})
    tables["plans"] = tables["plans"].loc[tables["plans"]["kind"] != "pep"]


def no_call_before_the_review(tables: Tables) -> None:
    _remove(tables, "meetings", {"id": "call-before-review-2016-04-28"})


def no_interview(tables: Tables) -> None:
    _change(tables, "events", {"id": "missing-2016-07-16"}, interview_on=None)


def mother_stayed_away(tables: Tables) -> None:
    tables["attended"] = tables["attended"].loc[tables["attended"]["from"] != "Person:mother"]


@pytest.mark.parametrize(
    ("spoil", "raises"),
    [
        (fewer_peps, "clocks.pep"),
        (no_call_before_the_review, "voice.iro_not_spoken"),
        (no_interview, "clocks.return_interview"),
        (mother_stayed_away, "voice.parent_absent"),
    ],
)
def test_the_clear_ones_are_clear_because_the_records_are_there(spoil: Callable[[Tables], None], raises: str):
    before, after = raised(found()), raised(found(spoil))
    assert {rule for rule, _ in after - before} == {raises}
    assert before <= after
