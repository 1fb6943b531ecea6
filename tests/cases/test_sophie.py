"""The review of Sophie: what it says as records, and all that the software finds in them."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from graph.calendars import add_months, add_working_days
from graph.findings import Finding, run
from graph.model import Attends, Event, InArea, Involvement, Meeting, PlacedAt, Plan, View
from graph.network import exchanges
from graph.records import age, moves, stays
from ingest.cases import AS_AT
from tests.cases.common import findings, raised, records
from tests.cases.sophie import FACTS, late_review, late_visit

T = AS_AT["sophie"]


def of(rule: str) -> list[Finding]:
    return [f for f in findings("sophie") if f.rule == rule]


# --- what the review says, as records ---


def test_eight_foster_placements_in_three_and_a_half_years_from_march_2013_at_twelve() -> None:
    sophie = records("sophie")
    homes = stays(sophie)
    assert len(homes) == 8 and len({s.first.to_id for s in homes}) == 8
    assert len(moves(sophie)) == 7
    assert homes[0].start == date(2013, 3, 4) and (T - homes[0].start).days == 1278
    assert sophie.child.born and age(sophie.child.born, homes[0].start) == 12
    assert age(sophie.child.born, T) == 15
    assert min((s.end or T) - s.start for s in homes) <= timedelta(days=159)


def test_schools_in_five_areas_and_homes_in_four_are_not_reconciled() -> None:
    sophie = records("sophie")
    schools = [sophie.get(a.to_id) for a in sophie.of(Attends)]
    assert [getattr(s, "phase", None) for s in schools].count("primary") == 2
    assert [getattr(s, "phase", None) for s in schools].count("secondary") == 7
    area = {a.from_id: a.to_id for a in sophie.of(InArea)}
    assert len({area[a.to_id] for a in sophie.of(Attends)}) == 5
    assert len({area[p.to_id] for p in sophie.of(PlacedAt)}) == 4


def test_crisis_move_calm_and_crisis_again() -> None:
    sophie = records("sophie")
    events = [e.on for e in sophie.of(Event) if e.on]
    for home in stays(sophie):
        assert not [d for d in events if home.start <= d < home.start + timedelta(days=28)]
        inside = [d for d in events if home.start <= d < (home.end or T)]
        assert inside and (home.end is None or max(inside) >= home.end - timedelta(days=56))


def test_missing_again_and_again_with_each_return_interview_within_72_hours() -> None:
    missing = [e for e in records("sophie").of(Event) if e.kind == "missing"]
    assert len(missing) == 17
    assert all(e.end and e.interview_on and (e.interview_on - e.end).days <= 3 for e in missing)


def test_no_plan_for_permanence_one_care_plan_and_three_plans_that_are_part_of_none() -> None:
    plans = records("sophie").of(Plan)
    assert not [p for p in plans if p.kind in ("permanence", "multi-agency")]
    assert len([p for p in plans if p.kind == "care"]) == 1
    assert {p.kind for p in plans if p.end is None and not p.part_of} == {"care", "health", "pep", "safety"}


def test_the_social_worker_and_nobody_else_exchanged_with_each() -> None:
    sophie = records("sophie")
    (worker,) = {i.from_id for i in sophie.of(Involvement) if i.role == "social_worker"}
    met = exchanges(sophie, T)
    assert met and all(worker in (e.a, e.b) for e in met)
    now = {i.from_id for i in sophie.of(Involvement) if i.end is None}
    assert now - {worker} <= {e.a for e in met} | {e.b for e in met}


def test_views_are_heard_and_change_nothing() -> None:
    views = records("sophie").of(View)
    assert views and all(v.heard_by and not v.informed for v in views)


def test_reviews_and_the_first_health_assessment_are_in_time() -> None:
    sophie = records("sophie")
    start = stays(sophie)[0].start
    reviews = [m.on for m in sophie.of(Meeting) if m.kind == "review" and m.on]
    assert reviews[0] <= add_working_days(start, 20)
    assert reviews[1] <= add_months(reviews[0], 3)
    later = zip(reviews[1:], [*reviews[2:], T], strict=True)
    assert all(b <= add_months(a, 6) for a, b in later)
    assessed = [a.on for a in sophie.nodes.values() if getattr(a, "kind", "") == "initial health assessment"]  # type: ignore[attr-defined]
    assert len(assessed) == 1 and assessed[0] <= add_working_days(start, 20)


# --- what the software finds ---

BESIDE = {
    "area.over_20_miles",  # her last home is 51 miles from Warwickshire
    "silos.absent_agency",  # the same records as the one who holds everything: nobody else is at a review
    *(f"cohort.f{n}" for n in (1, 3, 4)),  # the other features of fact 7
}


def test_what_is_raised_is_what_the_review_says_and_what_follows_from_it() -> None:
    said = {line.what for fact in FACTS for line in fact.lines if line.kind == "raised"}
    assert {rule for rule, _ in raised(findings("sophie"))} == said | BESIDE


def test_1_placements() -> None:
    (found,) = of("continuity.placements")
    assert found.measures["placements"] == 3 and found.measures["days_in_care"] == 1278
    assert found.measures["moves_per_1000_days"] == 5.48
    assert found.measures["hhi_d"] >= 0.125


@pytest.mark.parametrize("rule", ["area.outside_authority", "area.at_a_distance"])
def test_4_where_she_lives_is_a_fact_and_no_alarm(rule: str) -> None:
    (found,) = of(rule)
    assert found.status == "raised" and found.fact


def test_5_four_cycles_of_move_calm_crisis_and_move() -> None:
    (found,) = of("continuity.start_again")
    assert found.measures["cycles"] == 4 and found.measures["persistent"]


def test_7_for_certain_and_so_not_near() -> None:
    assert [f.status for f in of("cohort.matches")] == ["raised"]
    assert [f.status for f in of("cohort.near")] == ["clear"]


def test_8_three_months_late() -> None:
    (found,) = (f for f in of("clocks.health_assessment") if f.status == "raised")
    assert found.measures["late_days"] == 92


def test_9_health_plan_and_care_plan_are_at_no_review_and_only_the_health_plan_has_one_holder() -> None:
    plans = {p.id: p.kind for p in records("sophie").of(Plan)}
    missed = {plans[f.subject[5:]] for f in of("silos.plan_not_considered") if f.status == "raised"}
    assert missed == {"health", "care"}  # of the care plan the review says that it was never meaningfully reviewed
    assert [plans[f.subject[5:]] for f in of("silos.sole_holder") if f.status == "raised"] == ["health"]


def test_11_three_plans_stand_apart() -> None:
    assert [f.status for f in of("silos.plan_orphan")].count("raised") == 3


def test_12_a_star() -> None:
    (found,) = of("silos.single_point")
    assert found.fact and found.measures["centralisation"] == found.measures["fragmentation_rise"] == 1.0
    assert [f.status for f in of("silos.disconnected")] == ["clear"]


def test_14_the_plan_for_permanence_is_missed_since_care_began() -> None:
    (found,) = (f for f in of("clocks.permanence") if f.status == "raised")
    assert found.subject.startswith("LooksAfter:")
    assert found.measures["due"] == date(2013, 6, 20)


def test_15_every_other_role_was_held() -> None:
    gaps = {f.subject: f.status for f in of("continuity.role_gap")}
    assert gaps.pop("role:health_lead") == "raised"
    assert gaps.pop("role:personal_adviser") == "not applicable"  # she is fifteen
    assert set(gaps.values()) == {"clear"}


def test_18_every_other_clock_is_in_time_and_the_rest_is_still_raised() -> None:
    clocks = {f.rule: set() for f in findings("sophie") if f.family == "clocks"}  # type: dict[str, set[str]]
    for f in findings("sophie"):
        if f.family == "clocks":
            clocks[f.rule].add(f.status)
    late = {"clocks.health_assessment", "clocks.permanence"}
    not_hers = {"clocks.pathway", "clocks.cp_review", "clocks.core_group"}  # fifteen, on no child protection plan
    assert {rule for rule, status in clocks.items() if status == {"not applicable"}} == not_hers
    assert {rule for rule, status in clocks.items() if status == {"clear"}} == set(clocks) - late - not_hers


def test_the_team_stayed_at_each_move_and_no_service_stopped() -> None:
    for rule in ("continuity.turnover_at_move", "area.service_gap", "continuity.no_bridge"):
        statuses = {f.status for f in of(rule)}
        assert "clear" in statuses and statuses <= {"clear", "not assessable"}


def test_late_visits_and_a_late_review_would_be_seen() -> None:
    for spoil, rule in ((late_visit, "clocks.visit"), (late_review, "clocks.review")):
        found = raised(run(records("sophie", spoil), T)) - raised(findings("sophie"))
        assert {r for r, _ in found} == {rule}
