"""The eighteen facts of Sophie's review, and what mending each changes."""

from __future__ import annotations

from datetime import date

import pandas as pd

from graph.findings import run
from graph.model import Agency, Attends
from graph.records import Records, moves, stays
from tests.cases.common import Fact, Tables, add, change, finds, quiet, remove, row, shown

WARWICKSHIRE, COVENTRY = "LocalAuthority:E10000031", "LocalAuthority:E08000026"
COHORT = ("cohort.matches", "cohort.no_plan")


def one_home_less(tables: Tables) -> None:
    """The move of November 2015 was a move within one household: the carer stayed."""
    change(tables, "placed_at", {"id": "stay-7"}, carer_changed=False)


def one_school_less(tables: Tables) -> None:
    """She stayed at her sixth secondary school."""
    change(tables, "attends", {"to": "Agency:secondary-6"}, end=None, reason_end=None)
    remove(tables, "attends", {"to": "Agency:secondary-7"})


def schools_of_one_authority(tables: Tables) -> None:
    """Every school was in Warwickshire."""
    for n in (3, 4, 6, 7):
        change(tables, "in_area", {"from": f"Agency:secondary-{n}"}, to=WARWICKSHIRE)


def homes_of_two_authorities(tables: Tables) -> None:
    """Every home was in Warwickshire or Coventry, the last one in Coventry."""
    for n in (5, 7, 8):
        change(tables, "in_area", {"from": f"Placement:home-{n}"}, to=COVENTRY)


def home_again(tables: Tables) -> None:
    """The last home is in Warwickshire."""
    change(tables, "in_area", {"from": "Placement:home-8"}, to=WARWICKSHIRE)


def planned_moves(tables: Tables) -> None:
    """Every home ended as the care plan had it."""
    for reason in ("CREQB", "CREQO"):
        change(tables, "placed_at", {"change_reason": reason}, change_reason="CARPL")


def never_in_danger(tables: Tables) -> None:
    """No missing periods, no exploitation."""
    remove(tables, "events", {"kind": "missing"})
    remove(tables, "assessments", {"kind": "exploitation"})
    remove(tables, "needs", {"kind": "exploitation"})


def no_neglect(tables: Tables) -> None:
    """Care began for another reason."""
    change(tables, "looks_after", {"need": "N1"}, need="N8")


def well(tables: Tables) -> None:
    """No self-harm, and nobody asked for CAMHS."""
    for kind in ("self-harm", "suicide attempt"):
        remove(tables, "events", {"kind": kind})
    remove(tables, "referrals", {"need": "mental health"})
    remove(tables, "needs", {"kind": "mental health"})


def assessed_in_march(tables: Tables) -> None:
    """The health assessment of 2016 was made a year after the one before."""
    change(tables, "assessments", {"id": "health-2016"}, on=date(2016, 3, 10))


def health_plan_at_reviews(tables: Tables) -> None:
    """Reviews went through the health plan."""
    change(tables, "plans", {"id": "health"}, considered_at=_reviews(tables))


def _reviews(tables: Tables) -> tuple[str, ...]:
    return tuple(f"Meeting:{id}" for id in tables["meetings"]["id"] if id.startswith("review-"))


def the_reviewing_officer_has_it(tables: Tables) -> None:
    """The reviewing officer was sent the health plan."""
    add(tables, "holds", from_="Professional:reviewing-officer", to="Plan:health", start=date(2013, 3, 22))


def a_new_care_plan(tables: Tables) -> None:
    """The care plan was written anew in May 2016, and the placement plan is part of it."""
    add(tables, "plans", id="care-2", kind="care", version="2", start=date(2016, 5, 26), made_on=date(2016, 5, 26),
        about=("Child:sophie",), replaces=("Plan:care",))  # fmt: skip
    change(tables, "plans", {"id": "placement-8"}, part_of=("Plan:care-2",))


def parts_of_the_care_plan(tables: Tables) -> None:
    """Health plan, PEP and safety plan are parts of the care plan."""
    for plan in ("health", "pep-plan-11", "safety"):
        change(tables, "plans", {"id": plan}, part_of=("Plan:care",))


def everyone_at_one_table(tables: Tables) -> None:
    """One call of August 2016 was a call of everyone."""
    for who in (
        "reviewing-officer", "nurse", "police-officer", "exploitation-worker", "teacher-7", "doctor-nottinghamshire",
    ):  # fmt: skip
        add(tables, "attended", from_=f"Professional:{who}", to="Meeting:call-virtual-school-adviser-2016-08-09",
            how="present")  # fmt: skip


def seen_while_she_waited(tables: Tables) -> None:
    """CAMHS of Warwickshire and of Leicestershire each saw her before the next move."""
    change(tables, "referrals", {"id": "camhs-4"}, first_contact=date(2015, 11, 25))
    change(tables, "referrals", {"id": "camhs-5"}, first_contact=date(2016, 3, 20))


def a_plan_for_permanence(tables: Tables) -> None:
    """A plan for permanence was made by the second review."""
    add(tables, "plans", kind="permanence", made_on=date(2013, 6, 20), about=("Child:sophie",),
        considered_at=_reviews(tables))  # fmt: skip


def a_health_lead(tables: Tables) -> None:
    """The nurse holds the whole view of her health."""
    add(tables, "involved_with", from_="Professional:nurse", to="Child:sophie", role="health_lead",
        agency="Agency:looked-after-health", start=date(2013, 3, 22))  # fmt: skip


def no_health_plan(tables: Tables) -> None:
    """There is no health plan at all."""
    remove(tables, "plans", {"id": "health"})
    remove(tables, "holds", {"to": "Plan:health"})


def camhs_came(tables: Tables) -> None:
    """CAMHS of Nottinghamshire works with her from August 2016."""
    add(tables, "involved_with", from_="Agency:camhs-nottinghamshire", to="Child:sophie", role="camhs",
        need="mental health", agency="Agency:camhs-nottinghamshire", start=date(2016, 8, 15))  # fmt: skip


def one_view_changed_the_plan(tables: Tables) -> None:
    """What she said of where she lives went into the placement plan."""
    change(tables, "views", {"id": "view-6"}, informed=("Plan:placement-8",))


def a_plan_of_several_agencies(tables: Tables) -> None:
    """The agencies made a plan for her together."""
    add(tables, "plans", kind="multi-agency", start=date(2015, 2, 2), made_on=date(2015, 2, 2), about=("Child:sophie",))
    plan = tables["plans"]["id"].iloc[-1]
    for who in ("social-worker", "nurse"):
        add(tables, "holds", from_=f"Professional:{who}", to=f"Plan:{plan}", start=date(2015, 2, 2))


def nobody_exchanged(tables: Tables) -> None:
    """Nothing says who was at any meeting."""
    tables["attended"] = tables["attended"].iloc[:0]


def no_schools(tables: Tables) -> None:
    """No school is on record."""
    tables["attends"] = tables["attends"].iloc[:0]


def late_visit(tables: Tables) -> None:
    remove(tables, "meetings", {"id": "visit-2016-05-19"})


def late_review(tables: Tables) -> None:
    remove(tables, "meetings", {"id": "review-2015-11-05"})


def no_peps(tables: Tables) -> None:
    remove(tables, "meetings", {"kind": "pep"})
    tables["plans"] = tables["plans"].loc[tables["plans"]["kind"] != "pep"]


def no_interview(tables: Tables) -> None:
    change(tables, "events", {"id": "missing-2016-07-16"}, interview_on=None)


def a_late_care_plan(tables: Tables) -> None:
    frame = tables["plans"].loc[tables["plans"]["kind"] != "care"]
    tables["plans"] = frame.assign(part_of=pd.Series([()] * len(frame), index=frame.index, dtype=object))


# --- what is shown ---


def _placements(records: Records, t: date) -> str:
    homes, moved = stays(records), len(moves(records))
    (found,) = run(records, t, only=["continuity.placements"])
    days, rate = found.measures["days_in_care"], found.measures["moves_per_1000_days"]
    return f"{len(homes)} placements, {moved} moves in {days:,} days: {rate} per 1,000 days"


def _schools(records: Records, t: date) -> str:
    phases = [of.phase for a in records.of(Attends) if isinstance(of := records.get(a.to_id), Agency)]
    return f"{phases.count('primary')} primary and {phases.count('secondary')} secondary schools"


def _interviews(records: Records, t: date) -> str:
    found = run(records, t, only=["clocks.return_interview"])
    in_time = [f for f in found if f.status == "clear"]
    return f"{len(in_time)} of {len(found)} return interviews within 72 hours"


def _centralisation(records: Records, t: date) -> str:
    (found,) = run(records, t, only=["silos.single_point"])
    m = found.measures
    return f"centralisation {m['centralisation']}, rise of fragmentation {m['fragmentation_rise']}"


def _waited(records: Records, t: date) -> str:
    found = [f for f in run(records, t, only=["area.waiting_list_reset"]) if f.status == "raised"]
    m = found[-1].measures
    return f"{m['resets']} waits closed at moves, {m['days_waited']} days waited, {m['contacts']} contacts"


FACTS = (
    Fact(1, "Eight foster placements in three and a half years", (
        finds("continuity.placements", row("placed_at", "stay-6", "stay-7", "stay-8"), mend=one_home_less,
              clears=("area.waiting_list_reset",)),
        shown("placements and moves", _placements),
    )),
    Fact(2, "Two primary and seven secondary schools", (
        finds("continuity.schools", row("attends", to="Agency:secondary-6"), row("attends", to="Agency:secondary-7"),
              mend=one_school_less, away=no_schools, uncover=("attends",)),
        shown("schools", _schools),
    )),
    Fact(3, "Schools in five authorities", (
        finds("area.provider_churn", *(row("in_area", from_=f"Agency:secondary-{n}") for n in range(3, 8)),
              subject="role:school", mend=schools_of_one_authority),
    )),
    Fact(4, "Moved between and within four authorities", (
        finds("area.provider_churn", *(row("in_area", from_=f"Placement:home-{n}") for n in range(4, 9)),
              subject="role:placement", mend=homes_of_two_authorities, clears=("area.at_a_distance",)),
        finds("area.outside_authority", row("placed_at", "stay-8"), row("in_area", from_="Placement:home-8"),
              mend=home_again, clears=("area.at_a_distance",)),
        finds("area.at_a_distance", row("placed_at", "stay-8"), row("in_area", from_="Placement:home-8"),
              mend=home_again, clears=("area.outside_authority",)),
    )),
    Fact(5, "Settled, in crisis, moved, settled: start again", (
        finds("continuity.start_again", row("placed_at", "stay-4", "stay-5", "stay-6", "stay-7"),
              row("events", "self-harm-2015-05-02", "missing-2015-11-07", "notice-by-carer-2016-03-18"),
              mend=planned_moves, clears=("cohort.f3", *COHORT),
              instead=("cohort.near", "continuity.ended_without_review")),
    )),
    Fact(6, "Missing again and again, sexually exploited, significant harm", (
        finds("cohort.f2", row("events", "missing-2016-06-25", "missing-2016-07-16", "missing-2016-08-06"),
              row("assessments", "exploitation-2015"), row("needs", "exploitation"),
              mend=never_in_danger, clears=COHORT, instead=("cohort.near",), away=never_in_danger),
        shown("return interviews", _interviews),
    )),
    Fact(7, "The four features by which such children are recognised", (
        finds("cohort.matches", row("looks_after", start=date(2013, 3, 4)), row("plans", "child-protection-2"),
              row("events", "self-harm-2016-07-30"), row("placed_at", "stay-7"),
              mend=no_neglect, clears=("cohort.f1", "cohort.no_plan"), instead=("cohort.near",), away=well),
    )),
    Fact(8, "Health assessments fifteen months apart", (
        finds("clocks.health_assessment", row("assessments", "health-2015", "health-2016"), mend=assessed_in_march,
              uncover=("assessments",)),
    )),
    Fact(9, "Reviews did not go through the health plan; the reviewing officer relied on the social worker for it", (
        finds("silos.plan_not_considered", row("plans", "health"), mend=health_plan_at_reviews),
        finds("silos.sole_holder", row("plans", "health"), row("holds", to="Plan:health"),
              mend=the_reviewing_officer_has_it),
    )),
    Fact(10, "The care plan of the first order never changed", (
        finds("silos.stale_plan", row("plans", "care"), row("placed_at", "stay-8"), mend=a_new_care_plan),
    )),
    Fact(11, "Plans that stand apart from one another and from the care plan", (
        finds("silos.plan_orphan", row("plans", "health", "pep-plan-11", "safety"), mend=parts_of_the_care_plan),
    )),
    Fact(12, "One professional holds all the information", (
        finds("silos.single_point", row("involved_with", role="social_worker"), mend=everyone_at_one_table,
              away=nobody_exchanged),
        shown("the network without her", _centralisation),
    )),
    Fact(13, "Always on a waiting list", (
        finds("area.waiting_list_reset", row("referrals", "camhs-4", "camhs-5"), mend=seen_while_she_waited),
        shown("waits", _waited),
    )),
    Fact(14, "Permanence is not mentioned", (
        finds("clocks.permanence", row("looks_after", start=date(2013, 3, 4)), mend=a_plan_for_permanence,
              uncover=("plans",)),
    )),
    Fact(15, "No clinician has the whole view of her health", (
        finds("continuity.role_gap", row("plans", "health"), subject="role:health_lead", mend=a_health_lead,
              away=no_health_plan),
    )),
    Fact(16, "Her mental health was left to the social worker alone", (
        finds("silos.unmet_need", row("needs", "mental-health"), row("referrals", "camhs-6"), mend=camhs_came),
    )),
    Fact(17, "Her voice is in the file and informs no plan", (
        finds("voice.without_effect", row("views", "view-5", "view-6", "view-7"), mend=one_view_changed_the_plan),
    )),
    Fact(18, "Each part did what its own role asks, and no one planned for a child like her", (
        finds("cohort.no_plan", row("looks_after", start=date(2013, 3, 4)), row("referrals", "camhs-6"),
              mend=a_plan_of_several_agencies, away=well),
        quiet("clocks.review", spoil=late_review),
        quiet("clocks.visit", spoil=late_visit),
        quiet("clocks.care_plan", spoil=a_late_care_plan),
        quiet("clocks.pep", spoil=no_peps),
        quiet("clocks.return_interview", spoil=no_interview),
        quiet("continuity.social_workers"),
    )),
)  # fmt: skip
