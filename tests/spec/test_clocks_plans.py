"""Clocks: the care plan, the PEP, the plan for permanence, the pathway needs assessment."""

from __future__ import annotations

import dataclasses
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.calendars import term_end
from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records

CARE = """
child | born
Ash   | 2012-05-12

looks_after | legal_status | start      | start_reason
care        | C2           | 2024-01-08 | S
"""


def planned(kind: str, *rows: str, care: str = CARE, more: str = "") -> str:
    """Rows of plans: `made_on | start | end`."""
    lines = "\n".join(f"p{n} | {kind} | {row}" for n, row in enumerate(rows, 1))
    return f"{care}\nplans | kind | made_on | start | end\n{lines}\n{more}" if rows else f"{care}{more}"


def only(of: Records, rule: str, on: str, **changed: object) -> Finding:
    (found,) = findings(of, rule, on, **changed)
    return found


# --- to whom they apply ---

LOOKED_AFTER = ("clocks.care_plan", "clocks.pep", "clocks.permanence", "clocks.pathway")


@pytest.mark.parametrize("rule", LOOKED_AFTER)
def test_they_apply_to_looked_after_children_under_18_alone(rule: str):
    never = records("child | born\nAsh | 2008-01-01\n")
    assert only(never, rule, "2025-01-01").status == "not applicable"
    assert only(records(CARE.replace("2012-05-12", "2006-02-06")), rule, "2024-02-06").status == "not applicable"
    adopted = records(CARE + "\nplaced_at | to | place_type | start\n | oak | A5 | 2024-01-08\n")
    assert "placed for adoption" in only(adopted, rule, "2024-06-01").reason
    breaks = records(CARE.replace("C2", "V4"))
    assert only(breaks, rule, "2024-06-01").status == "not applicable"


@pytest.mark.parametrize("rule", LOOKED_AFTER)
def test_where_no_load_says_whether_the_child_is_looked_after_they_cannot_be_assessed(rule: str):
    unknown = records("child | born\nAsh | 2008-03-01\n", covers="plans meetings assessments")
    found = only(unknown, rule, "2025-01-01")
    assert (found.status, "looks_after" in found.reason) == ("not assessable", True)


# --- clocks.care_plan ---


@pytest.mark.parametrize(("on", "status"), [("2024-01-22", "clear"), ("2024-01-23", "raised")])
def test_a_care_plan_is_due_within_10_working_days_of_the_start(on: str, status: str):
    found = only(records(CARE), "clocks.care_plan", on)
    assert (found.status, found.subject) == (status, "LooksAfter:care" if status == "raised" else "")
    assert (found.kind, "regulation 4(2)" in found.citation) == ("S", True)


@pytest.mark.parametrize(
    ("plan", "status"),
    [
        ("2024-01-05 | |", "clear"),  # before the first placement
        ("2024-01-22 | |", "clear"),
        ("2024-01-23 | |", "raised"),
        (" | 2024-01-22 |", "clear"),  # where nobody says when it was made
        ("2024-01-08 | 2024-01-08 | 2024-01-22", "raised"),  # half-open: no longer in force on the 22nd
        ("2024-01-08 | 2024-01-08 | 2024-01-23", "clear"),
    ],
)
def test_a_plan_counts_that_was_in_force_on_the_due_date_or_came_later(plan: str, status: str):
    assert only(records(planned("care", plan)), "clocks.care_plan", "2024-03-01").status == status


def test_a_bank_holiday_is_no_working_day():
    easter = records(CARE.replace("2024-01-08", "2024-03-25"))  # Good Friday and Easter Monday follow
    assert only(easter, "clocks.care_plan", "2024-04-10").status == "clear"
    assert only(easter, "clocks.care_plan", "2024-04-11").status == "raised"


def test_one_made_late_is_raised_for_twelve_months_and_differs_from_none():
    of = records(planned("care", "2024-02-01 | |"))
    found = only(of, "clocks.care_plan", "2024-03-01")
    assert found.sentence == "The care plan due by 22 January 2024 was made on 1 February 2024, 10 days late."
    assert {e.id for e in found.evidence} == {"care", "p1"}
    assert only(of, "clocks.care_plan", "2025-01-31").status == "raised"
    assert only(of, "clocks.care_plan", "2025-02-01").status == "clear"
    none = only(records(CARE), "clocks.care_plan", "2024-03-01")
    assert "there is no record of it up to 1 March 2024" in none.sentence
    assert none.key == found.key


def test_without_coverage_of_care_plans_nothing_is_said():
    for on in ("2024-01-15", "2024-03-01"):
        found = only(records(CARE, covers="looks_after plans:health"), "clocks.care_plan", on)
        assert (found.status, "plans:care" in found.reason) == ("not assessable", True)


def test_one_covered_day_after_it_was_due_is_enough_because_a_plan_lasts():
    covers = "looks_after plans:care@{}..{}"
    late = records(CARE, covers=covers.format("2024-02-01", "2024-02-10"))
    found = only(late, "clocks.care_plan", "2024-06-01")
    assert (found.status, found.measures["days_over"]) == ("raised", 19)
    early = records(CARE, covers=covers.format("2024-01-01", "2024-01-22"))
    assert only(early, "clocks.care_plan", "2024-06-01").status == "not assessable"
    # What came before the loads may have been there: this one may be a second version.
    second = records(planned("care", "2024-02-01 | |"), covers=covers.format("2024-02-01", "2024-03-01"))
    assert only(second, "clocks.care_plan", "2024-03-01").status == "not assessable"


def test_a_plan_written_after_the_day_is_not_yet_known():
    of = records(planned("care", "2024-01-30 | 2024-01-10 |"))
    assert only(of, "clocks.care_plan", "2024-01-29").status == "raised"
    assert "10 days late" not in only(of, "clocks.care_plan", "2024-01-29").sentence
    assert "8 days late" in only(of, "clocks.care_plan", "2024-01-30").sentence


# --- clocks.pep ---


@pytest.mark.parametrize(("on", "status"), [("2024-01-22", "clear"), ("2024-01-23", "raised")])
def test_a_first_pep_is_due_within_10_working_days(on: str, status: str):
    assert only(records(CARE), "clocks.pep", on).status == status


def test_how_many_days_is_local_practice_and_printed():
    found = only(records(CARE), "clocks.pep", "2024-01-23", pep_working_days=20)
    assert (found.status, found.parameters["pep_working_days"]) == ("clear", 20)


@pytest.mark.parametrize(
    ("last", "due"),
    [
        ("2024-01-20", "2024-08-31"),  # spring: by the end of the summer term
        ("2024-03-31", "2024-08-31"),
        ("2024-04-01", "2024-12-31"),  # summer: by the end of the autumn term
        ("2024-08-31", "2024-12-31"),
        ("2024-09-01", "2025-03-31"),
        ("2024-12-31", "2025-03-31"),
    ],
)
def test_then_one_by_the_end_of_the_next_term(last: str, due: str):
    of = records(planned("pep", f"{last} | |", care=CARE.replace("2024-01-08", last)))
    assert only(of, "clocks.pep", last).measures["next_due"] == date.fromisoformat(due)
    late = only(of, "clocks.pep", str(date.fromisoformat(due) + timedelta(days=3)))
    assert (late.status, late.measures["days_over"], late.subject) == ("raised", 3, "Plan:p1")


@pytest.mark.parametrize(("on", "status"), [("2024-08-31", "clear"), ("2024-09-01", "raised")])
def test_a_term_without_one_is_overdue_the_day_after_its_end(on: str, status: str):
    assert only(records(planned("pep", "2024-01-20 | |")), "clocks.pep", on).status == status


def test_a_pep_meeting_counts_as_the_plan_does_and_the_two_of_one_day_are_one():
    meeting = "\nmeetings | kind | on | status\nm1 | pep | 2024-06-01 |\nm2 | pep | 2024-11-01 | cancelled\n"
    of = records(planned("pep", "2024-01-20 | |", "2024-06-01 | |", more=meeting))
    found = only(of, "clocks.pep", "2024-12-31")
    assert (found.status, found.measures["next_due"]) == ("clear", date(2024, 12, 31))
    assert only(of, "clocks.pep", "2025-01-01").status == "raised"  # a cancelled one is none


@pytest.mark.parametrize(
    ("born", "on", "status"),
    [
        ("2019-01-08", "2024-03-30", "not applicable"),  # five in January: school age from 31 March
        ("2019-01-08", "2024-03-31", "clear"),
        ("2019-01-08", "2024-04-15", "clear"),  # ten working days after 31 March, Easter Monday left out
        ("2019-01-08", "2024-04-16", "raised"),
        ("2008-05-12", "2024-06-28", "raised"),  # the last Friday of June
        ("2008-05-12", "2024-06-29", "not applicable"),
    ],
)
def test_it_applies_at_compulsory_school_age(born: str, on: str, status: str):
    assert only(records(CARE.replace("2012-05-12", born)), "clocks.pep", on).status == status


def test_a_pep_of_before_school_age_is_not_asked_for_again_at_once():
    of = records(planned("pep", "2024-03-01 | |", care=CARE.replace("2012-05-12", "2019-01-08")))
    assert only(of, "clocks.pep", "2024-04-30").measures["next_due"] == date(2024, 8, 31)


def test_it_needs_the_plans_and_the_meetings():
    for covers in ("looks_after plans:pep", "looks_after meetings:pep"):
        found = only(records(CARE, covers=covers), "clocks.pep", "2024-03-01")
        assert found.status == "not assessable"
        assert ("plans:pep" in found.reason) != ("meetings:pep" in found.reason)
    both = records(CARE, covers="looks_after plans:pep meetings:pep")
    assert only(both, "clocks.pep", "2024-03-01").status == "raised"


def test_without_a_date_of_birth_it_cannot_be_said():
    of = records(CARE)
    child = dataclasses.replace(of.child, born=None)
    nobody = dataclasses.replace(of, child=child, nodes={**of.nodes, "Ash": child})
    assert only(nobody, "clocks.pep", "2024-03-01").reason == "the child's date of birth is not on record"


@given(st.dates(date(2000, 1, 1), date(2030, 12, 31)))
def test_terms_end_three_times_a_year(d: date):
    this, next_ = term_end(d), term_end(d, after=1)
    assert d <= this < next_ == term_end(this + timedelta(days=1))
    assert (next_ - this).days in range(90, 154)
    assert term_end(d, after=3) == this.replace(year=this.year + 1)


# --- clocks.permanence ---


def reviewed(*on: str, plan: str = "", covers: str | None = None) -> Records:
    rows = "\n".join(f"r{n} | review | {day}" for n, day in enumerate(on, 1))
    more = f"\nmeetings | kind | on\n{rows}\n" if on else ""
    return records(planned("permanence", *([plan] if plan else []), more=more), covers=covers)


def test_nothing_is_due_before_the_second_review():
    for on in ((), ("2024-02-01",)):
        found = only(reviewed(*on), "clocks.permanence", "2025-01-01")
        assert (found.status, "due by the second review" in found.sentence) == ("clear", True)


@pytest.mark.parametrize(("on", "status"), [("2024-05-01", "clear"), ("2024-05-02", "raised")])
def test_it_is_due_on_the_day_of_the_second_review(on: str, status: str):
    assert only(reviewed("2024-02-01", "2024-05-01"), "clocks.permanence", on).status == status


@pytest.mark.parametrize(
    ("plan", "status"),
    [
        ("2024-05-01 | |", "clear"),
        ("2024-05-02 | |", "raised"),
        ("2024-03-01 | 2024-03-01 | 2024-05-01", "raised"),  # no longer in force at the second review
        ("2024-03-01 | 2024-03-01 | 2024-05-02", "clear"),
    ],
)
def test_a_plan_in_force_at_it_is_in_time(plan: str, status: str):
    assert only(reviewed("2024-02-01", "2024-05-01", plan=plan), "clocks.permanence", "2024-06-01").status == status


def test_it_says_how_many_reviews_went_by():
    found = only(reviewed("2024-02-01", "2024-05-01", "2024-10-31"), "clocks.permanence", "2024-11-01")
    assert found.sentence == (
        "The plan for permanence due by 1 May 2024 is 184 days overdue: there is no record of it up to "
        "1 November 2024. 3 reviews on record since 8 January 2024, the second on 1 May 2024."
    )
    assert (found.subject, found.measures["reviews"]) == ("LooksAfter:care", 3)
    assert {e.id for e in found.evidence} == {"care", "r1", "r2", "r3"}


def test_it_needs_reviews_and_plans():
    one = reviewed("2024-02-01", covers="looks_after plans:permanence")
    assert "meetings:review" in only(one, "clocks.permanence", "2025-01-01").reason
    two = reviewed("2024-02-01", "2024-05-01", covers="looks_after meetings:review")
    found = only(two, "clocks.permanence", "2025-01-01")
    assert (found.status, "plans:permanence" in found.reason) == ("not assessable", True)
    # Two reviews on record are two, whatever else there was.
    seen = reviewed("2024-02-01", "2024-05-01", covers="looks_after plans:permanence")
    assert only(seen, "clocks.permanence", "2025-01-01").status == "raised"


def test_the_second_review_is_not_known_before_its_day():
    assert only(reviewed("2024-02-01", "2024-05-01"), "clocks.permanence", "2024-04-30").status == "clear"


# --- clocks.pathway ---

SIXTEEN = """
child | born
Ash   | 2008-11-30

looks_after | legal_status | start      | start_reason
care        | C2           | {start}    | S
"""


def young(start: str = "2023-01-09", more: str = "", covers: str | None = None) -> Records:
    return records(SIXTEEN.format(start=start) + more, covers=covers)


ASSESSED = "\nassessments | kind | on\na1 | pathway needs | {}\n"


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2024-11-29", "not applicable"),
        ("2024-11-30", "clear"),  # sixteen
        ("2025-02-28", "clear"),  # three months after 30 November
        ("2025-03-01", "raised"),
        ("2026-11-29", "raised"),
        ("2026-11-30", "not applicable"),  # eighteen
    ],
)
def test_it_is_due_three_months_after_the_sixteenth_birthday(on: str, status: str):
    assert only(young(), "clocks.pathway", on).status == status


@pytest.mark.parametrize(
    ("start", "on", "status"),
    [
        ("2025-01-06", "2025-04-06", "not applicable"),  # not yet thirteen weeks
        ("2025-01-06", "2025-04-07", "clear"),
        ("2025-01-06", "2025-07-07", "clear"),
        ("2025-01-06", "2025-07-08", "raised"),
    ],
)
def test_who_becomes_eligible_later_has_three_months_from_then(start: str, on: str, status: str):
    assert only(young(start), "clocks.pathway", on).status == status


@pytest.mark.parametrize(("on", "status"), [("2025-02-28", "clear"), ("2025-03-01", "raised"), ("2024-10-01", "clear")])
def test_one_assessed_late_differs_from_one_not_assessed(on: str, status: str):
    found = only(young(more=ASSESSED.format(on)), "clocks.pathway", "2025-06-01")
    assert found.status == status
    if status == "raised":
        assert (found.measures["late_days"], found.subject) == (1, "LooksAfter:care")


def test_a_pathway_plan_follows_from_the_assessment_and_stops_the_clock():
    plan = "\nplans | kind | made_on\np1 | pathway | 2025-02-01\n"
    assert only(young(more=plan), "clocks.pathway", "2025-06-01").status == "clear"


def test_without_coverage_of_the_assessment_it_cannot_be_said():
    found = only(young(covers="looks_after plans"), "clocks.pathway", "2025-06-01")
    assert (found.status, "assessments:pathway needs" in found.reason) == ("not assessable", True)


def test_where_care_since_fourteen_is_not_covered_who_is_eligible_cannot_be_said():
    of = young("2025-01-06", covers="looks_after@2025-01-01..2026-12-31 assessments")
    assert only(of, "clocks.pathway", "2025-02-01").status == "not assessable"
