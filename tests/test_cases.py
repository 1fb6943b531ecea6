"""The published reviews as tables: each fact raises its finding, and mending the fact clears it and no other."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from functools import cache
from typing import Any

import pandas as pd
import pytest

from graph.calendars import add_months, add_working_days
from graph.errors import TeamaroundError
from graph.findings import Finding, run
from graph.memory import records_of
from graph.model import Attends, Event, InArea, Involvement, Meeting, PlacedAt, Plan, View
from graph.network import exchanges
from graph.records import Records, age, moves, stays
from ingest.cases import AS_AT, AUTHORITY, case_folder, cases
from ingest.extract import Extract
from ingest.recognise import read

Tables = dict[str, pd.DataFrame]
Mend = Callable[[Tables], None]
SOPHIE, T = "E10000031/sophie", AS_AT["sophie"]


@cache
def _extract(name: str) -> Extract:
    (extract,) = read([case_folder(name)], AUTHORITY[name])
    return extract


def sophie(mend: Mend | None = None) -> Records:
    """Sophie's records, as they are or with something mended."""
    extract = _extract("sophie")
    tables = {table: frame.copy() for table, frame in extract.tables.items()}
    if mend:
        mend(tables)
    return records_of(tables, SOPHIE, extract.coverage, authority=AUTHORITY["sophie"])


@cache
def as_published() -> tuple[Finding, ...]:
    """Every finding of the case as it is."""
    return run(sophie(), T)


def of(rule: str, findings: tuple[Finding, ...] | None = None) -> list[Finding]:
    """The findings of one rule."""
    return [f for f in (as_published() if findings is None else findings) if f.rule == rule]


def raised(findings: tuple[Finding, ...]) -> set[tuple[str, str]]:
    """What is raised, by rule and subject."""
    return {(f.rule, f.subject) for f in findings if f.status == "raised"}


# --- the files ---


@pytest.mark.parametrize("name", cases())
def test_every_case_reads_without_a_refusal(name: str) -> None:
    extract = _extract(name)
    assert extract.refusals == ()
    assert [f.file for f in extract.files if f.problem or f.rows != f.used] == []
    assert extract.notes == ()
    assert extract.covers_to == AS_AT[name]


@pytest.mark.parametrize("name", cases())
def test_every_child_of_a_case_is_marked_as_invented(name: str) -> None:
    assert list(_extract(name).tables["children"]["synthetic"]) == [True]


def test_a_case_that_is_not_there_is_answered_with_those_that_are() -> None:
    with pytest.raises(TeamaroundError, match="sophie"):
        case_folder("nobody")


# --- what the review says, as records ---


def test_eight_foster_placements_in_three_and_a_half_years_from_march_2013_at_twelve() -> None:
    records = sophie()
    homes = stays(records)
    assert len(homes) == 8 and len({s.first.to_id for s in homes}) == 8
    assert len(moves(records)) == 7
    assert homes[0].start == date(2013, 3, 4) and (T - homes[0].start).days == 1278
    assert records.child.born and age(records.child.born, homes[0].start) == 12
    assert age(records.child.born, T) == 15
    assert min((s.end or T) - s.start for s in homes) <= timedelta(days=159)


def test_schools_in_five_areas_and_homes_in_four_are_not_reconciled() -> None:
    records = sophie()
    schools = [records.get(a.to_id) for a in records.of(Attends)]
    assert [getattr(s, "phase", None) for s in schools].count("primary") == 2
    assert [getattr(s, "phase", None) for s in schools].count("secondary") == 7
    area = {a.from_id: a.to_id for a in records.of(InArea)}
    assert len({area[a.to_id] for a in records.of(Attends)}) == 5
    assert len({area[p.to_id] for p in records.of(PlacedAt)}) == 4


def test_crisis_move_calm_and_crisis_again() -> None:
    records = sophie()
    events = [e.on for e in records.of(Event) if e.on]
    for home in stays(records):
        assert not [d for d in events if home.start <= d < home.start + timedelta(days=28)]
        inside = [d for d in events if home.start <= d < (home.end or T)]
        assert inside and (home.end is None or max(inside) >= home.end - timedelta(days=56))


def test_missing_again_and_again_with_each_return_interview_within_72_hours() -> None:
    missing = [e for e in sophie().of(Event) if e.kind == "missing"]
    assert len(missing) == 17
    assert all(e.end and e.interview_on and (e.interview_on - e.end).days <= 3 for e in missing)


def test_no_plan_for_permanence_one_care_plan_and_three_plans_that_are_part_of_none() -> None:
    plans = sophie().of(Plan)
    assert not [p for p in plans if p.kind in ("permanence", "multi-agency")]
    assert len([p for p in plans if p.kind == "care"]) == 1
    open_orphans = {p.kind for p in plans if p.end is None and not p.part_of}
    assert open_orphans == {"care", "health", "pep", "safety"}


def test_the_social_worker_and_nobody_else_exchanged_with_each() -> None:
    records = sophie()
    (worker,) = {i.from_id for i in records.of(Involvement) if i.role == "social_worker"}
    met = exchanges(records, T)
    assert met and all(worker in (e.a, e.b) for e in met)
    now = {i.from_id for i in records.of(Involvement) if i.end is None}
    assert now - {worker} <= {e.a for e in met} | {e.b for e in met}


def test_views_are_heard_and_change_nothing() -> None:
    views = sophie().of(View)
    assert views and all(v.heard_by and not v.informed for v in views)


def test_reviews_visits_and_the_first_health_assessment_are_in_time() -> None:
    records = sophie()
    start = stays(records)[0].start
    reviews = [m.on for m in records.of(Meeting) if m.kind == "review" and m.on]
    assert reviews[0] <= add_working_days(start, 20)
    assert reviews[1] <= add_months(reviews[0], 3)
    later = zip(reviews[1:], [*reviews[2:], T], strict=True)
    assert all(b <= add_months(a, 6) for a, b in later)
    assessed = [a.on for a in records.nodes.values() if getattr(a, "kind", "") == "initial health assessment"]  # type: ignore[attr-defined]
    assert len(assessed) == 1 and assessed[0] <= add_working_days(start, 20)


# --- facts of the review and their findings (findings.md, the last table) ---


def test_1_placements() -> None:
    (found,) = of("continuity.placements")
    assert found.status == "raised"
    assert found.measures["placements"] == 3
    assert found.measures["days_in_care"] == 1278
    assert found.measures["moves_per_1000_days"] == 5.48
    assert found.measures["hhi_d"] >= 0.125


@pytest.mark.parametrize("rule", ["area.outside_authority", "area.at_a_distance"])
def test_4_she_lives_outside_the_authority_and_at_a_distance(rule: str) -> None:
    (found,) = of(rule)
    assert found.status == "raised" and found.fact


def test_6_high_risk_behaviour_in_early_adolescence() -> None:
    (found,) = of("cohort.f2")
    assert found.status == "raised"
    kinds = {e.kind for e in found.evidence}
    assert {"Event", "Assessment"} <= kinds


def test_7_she_meets_the_description_for_certain() -> None:
    (found,) = of("cohort.matches")
    assert found.status == "raised"
    assert {f.rule for f in as_published() if f.rule.startswith("cohort.f") and f.status == "raised"} == {
        "cohort.f1", "cohort.f2", "cohort.f3", "cohort.f4",
    }  # fmt: skip
    assert [f.status for f in of("cohort.near")] == ["clear"]


def test_9_no_review_considered_the_health_plan() -> None:
    plan = _plan(sophie(), "health")
    (found,) = [f for f in of("silos.plan_not_considered") if f.subject == f"Plan:{plan}"]
    assert found.status == "raised"
    # The review says of the care plan too that it was never meaningfully reviewed; every other was considered.
    missed = {f.subject for f in of("silos.plan_not_considered") if f.status == "raised"}
    assert missed == {f"Plan:{plan}", f"Plan:{_plan(sophie(), 'care')}"}


def test_12_one_person_holds_everything() -> None:
    (found,) = of("silos.single_point")
    assert found.status == "raised" and found.fact
    assert found.measures["centralisation"] == 1.0
    assert found.measures["fragmentation_rise"] == 1.0
    assert [f.status for f in of("silos.disconnected")] == ["clear"]


def test_15_no_clinician_with_the_whole_view() -> None:
    gaps = {f.subject: f.status for f in of("continuity.role_gap")}
    assert gaps.pop("role:health_lead") == "raised"
    assert gaps.pop("role:personal_adviser") == "not applicable"  # she is fifteen
    assert set(gaps.values()) == {"clear"}


@pytest.mark.parametrize("rule", ["clocks.review", "clocks.visit"])
def test_18_each_part_did_what_it_had_to(rule: str) -> None:
    assert {f.status for f in of(rule)} == {"clear"}


def test_no_change_of_social_worker_is_recorded() -> None:
    assert [f.status for f in of("continuity.social_workers")] == ["clear"]


def test_the_team_stayed_at_each_move_and_no_service_stopped() -> None:
    for rule in ("continuity.turnover_at_move", "area.service_gap"):
        assert {f.status for f in of(rule)} <= {"clear", "not assessable"}
        assert "clear" in {f.status for f in of(rule)}


# --- each fact mended ---


def _change(tables: Tables, table: str, where: dict[str, str], **values: Any) -> None:
    """Change values in the rows of a table with these cells; there must be such rows."""
    frame = tables[table]
    chosen = [all(row[c] == v for c, v in where.items()) for row in frame.to_dict("records")]
    assert any(chosen), (table, where)
    for column, value in values.items():
        cells = [value if hit else old for hit, old in zip(chosen, frame[column], strict=True)]
        tables[table] = tables[table].assign(**{column: pd.Series(cells, index=frame.index, dtype=object)})


def _add(tables: Tables, table: str, **values: Any) -> None:
    row = {"id": "mended", **values, "row": f"{table}.csv:999"}
    added = pd.DataFrame([row], columns=list(tables[table].columns), dtype=object)
    tables[table] = pd.concat([tables[table].astype(object), added], ignore_index=True)


def _remove(tables: Tables, table: str, where: dict[str, str]) -> None:
    frame = tables[table]
    chosen = [all(row[c] == v for c, v in where.items()) for row in frame.to_dict("records")]
    assert any(chosen), (table, where)
    tables[table] = frame.loc[[not hit for hit in chosen]]


def _plan(records: Records, kind: str) -> str:
    return next(p.id for p in records.of(Plan) if p.kind == kind)


def one_home_less(tables: Tables) -> None:
    """The move of November 2015 was a move within one household: the carer stayed."""
    _change(tables, "placed_at", {"id": "stay-7"}, carer_changed=False)


def home_again(tables: Tables) -> None:
    """The last home is in Warwickshire."""
    _change(tables, "in_area", {"from": "Placement:home-8"}, to="LocalAuthority:E10000031")


def never_in_danger(tables: Tables) -> None:
    """No missing periods, no exploitation."""
    _remove(tables, "events", {"kind": "missing"})
    _remove(tables, "assessments", {"kind": "exploitation"})
    _remove(tables, "needs", {"kind": "exploitation"})


def no_neglect(tables: Tables) -> None:
    """Care began for another reason."""
    _change(tables, "looks_after", {"need": "N1"}, need="N8")


def planned_moves(tables: Tables) -> None:
    """Every home ended as the care plan had it."""
    for reason in ("CREQB", "CREQO"):
        _change(tables, "placed_at", {"change_reason": reason}, change_reason="CARPL")


def well(tables: Tables) -> None:
    """No self-harm, and nobody asked for CAMHS."""
    for kind in ("self-harm", "suicide attempt"):
        _remove(tables, "events", {"kind": kind})
    _remove(tables, "referrals", {"need": "mental health"})
    _remove(tables, "needs", {"kind": "mental health"})


def health_plan_at_reviews(tables: Tables) -> None:
    """Reviews went through the health plan."""
    reviews = tuple(f"Meeting:{id}" for id in tables["meetings"]["id"] if id.startswith("review-"))
    frame = tables["plans"]
    cells = [reviews if id == "health" else old for id, old in zip(frame["id"], frame["considered_at"], strict=True)]
    tables["plans"] = frame.assign(considered_at=pd.Series(cells, index=frame.index, dtype=object))


def everyone_at_one_table(tables: Tables) -> None:
    """One call of July 2016 was a call of everyone."""
    day = "call-virtual-school-adviser-2016-08-09"
    for who in (
        "reviewing-officer",
        "nurse",
        "police-officer",
        "exploitation-worker",
        "teacher-7",
        "doctor-nottinghamshire",
    ):
        _add(
            tables,
            "attended",
            **{"id": f"mended-{who}", "from": f"Professional:{who}", "to": f"Meeting:{day}"},
            how="present",
        )


def a_health_lead(tables: Tables) -> None:
    """The nurse holds the whole view of her health."""
    _add(
        tables, "involved_with", **{"from": "Professional:nurse", "to": "Child:sophie"}, role="health_lead",
        agency="Agency:looked-after-health", start=date(2013, 3, 22),
    )  # fmt: skip


def no_health_plan(tables: Tables) -> None:
    """There is no health plan at all."""
    _remove(tables, "plans", {"id": "health"})
    _remove(tables, "holds", {"to": "Plan:health"})


MENDED: list[tuple[Mend, set[str], set[str]]] = [
    # what is mended, the rules whose finding clears, the rules that are raised in its stead
    (one_home_less, {"continuity.placements"}, set()),
    (home_again, {"area.outside_authority", "area.at_a_distance"}, set()),
    (never_in_danger, {"cohort.f2", "cohort.matches"}, {"cohort.near"}),
    (no_neglect, {"cohort.f1", "cohort.matches"}, {"cohort.near"}),
    (planned_moves, {"cohort.f3", "cohort.matches"}, {"cohort.near"}),
    (well, {"cohort.f4", "cohort.matches"}, {"cohort.near"}),
    (health_plan_at_reviews, {"silos.plan_not_considered"}, set()),
    (everyone_at_one_table, {"silos.single_point"}, set()),
    (a_health_lead, {"continuity.role_gap"}, set()),
    (no_health_plan, {"continuity.role_gap", "silos.plan_not_considered"}, set()),
]


@pytest.mark.parametrize(("mend", "clears", "instead"), MENDED, ids=[m.__name__ for m, *_ in MENDED])
def test_a_fact_mended_clears_its_own_finding_and_no_other(mend: Mend, clears: set[str], instead: set[str]) -> None:
    before, after = raised(as_published()), raised(run(sophie(mend), T))
    assert {rule for rule, _ in before - after} == clears
    assert {rule for rule, _ in after - before} == instead


def test_late_visits_and_a_late_review_would_be_seen() -> None:
    """The clocks are clear because the records are in time, not because nobody looks."""

    def fewer(tables: Tables) -> None:
        _remove(tables, "meetings", {"id": "visit-2016-05-19"})
        _remove(tables, "meetings", {"id": "review-2015-11-05"})

    found = raised(run(sophie(fewer), T)) - raised(as_published())
    assert {rule for rule, _ in found} == {"clocks.visit", "clocks.review"}
