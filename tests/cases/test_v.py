"""The review of Child V: unborn at its start, two authorities, four children in one folder."""

from __future__ import annotations

from datetime import date

import pytest

from graph.findings import run
from graph.model import LivesWith, PlacedAt, SiblingOf
from graph.records import age, in_care, involvements, looked_after
from ingest.cases import AS_AT
from tests.cases.common import findings, raised, records
from tests.cases.v import MOVED, UNBORN, the_same_health_visitor

T = AS_AT["v"]
YOUNG, OLD = ("", "sibling-3"), ("sibling-1", "sibling-2")


def test_four_children_and_each_the_sibling_of_the_others() -> None:
    ages = {c: records("v", child=c).child.born for c in (*YOUNG, *OLD)}
    assert age(ages["sibling-1"] or T, date(2015, 11, 9)) == 10  # paragraph 3.1; 6.47 says that all were under ten
    assert age(ages["sibling-1"] or T, date(2010, 7, 1)) == 4
    assert age(ages["sibling-2"] or T, date(2010, 7, 1)) == 2
    assert len(records("v").of(SiblingOf)) == 3


def test_unborn_at_the_start_expected_and_born_a_month_early() -> None:
    v = records("v").child
    assert v.expected and v.born and (v.expected - v.born).days == 28  # 36 weeks
    (asked,) = (f for f in run(records("v"), date(2016, 4, 1)) if f.status == "raised")
    assert asked.rule == "voice.parent_absent" and asked.sentence.startswith("Father")  # 6.6: he was not consulted
    assert {f.status for f in run(records("v"), UNBORN, only=["continuity.social_workers"])} == {"clear"}


@pytest.mark.parametrize("on", [UNBORN, date(2016, 5, 27), date(2016, 6, 30), date(2017, 4, 30)])
def test_what_was_decided_before_the_birth_does_not_fall_out_of_the_record_with_it(on: date) -> None:
    found = {rule for rule, _ in raised(run(records("v"), on))}
    assert {"continuity.closed_with_leaver", "silos.against_dissent"} <= found


@pytest.mark.parametrize("child", YOUNG)
def test_15_no_clock_of_looked_after_children_runs_for_those_who_live_with_their_father(child: str) -> None:
    of = records("v", child=child)
    assert not looked_after(of) and not of.of(PlacedAt) and len(of.of(LivesWith)) == 3
    found = findings("v", child)
    assert {f.status for f in found if f.rule in ("area.notice", "area.approval")} == {"not applicable"}
    assert {f.status for f in found if f.rule == "continuity.ended_without_review"} == {"not applicable"}


@pytest.mark.parametrize("child", OLD)
def test_15_siblings_1_and_2_are_looked_after_from_march_2018_and_their_clocks_are_in_time(child: str) -> None:
    care = in_care(records("v", child=child), T)
    assert care and care.start == date(2018, 3, 12)
    for rule in ("clocks.review", "clocks.visit"):
        assert {f.status for f in findings("v", child) if f.rule == rule} == {"clear"}
    assert {f.status for f in findings("v", child) if f.rule == "clocks.cp_review"} == {"not applicable"}


def test_9_it_is_one_change_of_carer_with_the_father_and_his_mother() -> None:
    (found,) = (f for f in findings("v", on=MOVED) if f.rule == "continuity.turnover_at_move")
    assert found.subject.startswith("LivesWith:")
    assert "Buckinghamshire to Hertfordshire" in found.sentence
    assert {e.id for e in found.evidence if e.kind == "LivesWith"} == {r.id for r in records("v").of(LivesWith)}


def test_11_one_health_visitor_is_a_bridge_and_two_of_one_trust_are_the_agencys() -> None:
    (two,) = (f for f in findings("v", on=MOVED) if f.rule == "continuity.no_bridge")
    assert two.status == "raised" and "Buckinghamshire Healthcare Trust" in two.sentence
    (one,) = run(records("v", the_same_health_visitor), MOVED, only=["continuity.no_bridge"])
    assert one.status == "clear" and "Health visitor 1" in one.sentence


def test_7_the_health_visitor_was_there_on_every_day_without_a_social_worker() -> None:
    v = records("v")
    (gap,) = (f for f in findings("v", on=T) if f.subject == "role:social_worker" and f.rule == "continuity.role_gap")
    visitors = involvements(v, "health_visitor")
    for one in gap.measures["gaps"]:
        first, last = date.fromisoformat(one["from"]), date.fromisoformat(one["to"])
        assert any((i.start or T) <= first and (i.end or T) >= last for i in visitors)


def test_12_and_18_they_sat_at_the_same_tables_and_no_alert_was_answered() -> None:
    (found,) = (f for f in findings("v", on=date(2018, 3, 31)) if f.rule == "silos.unanswered_alerts")
    assert found.measures["reciprocity"] == 0
