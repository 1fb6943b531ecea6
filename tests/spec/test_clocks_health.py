"""Clocks: health assessments that were due, late, outstanding, or in time."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records, statuses

RULE = "clocks.health_assessment"
CARE = """
child | born
Ash   | {born}

looks_after | legal_status | start      | start_reason
care        | C2           | 2024-01-08 | S
"""
COVERS = "looks_after assessments:initial_health_assessment{0} assessments:review_health_assessment{0}"


def assessed(*on: str, born: str = "2012-05-12", start: str = "2024-01-08", covers: str | None = None) -> Records:
    kinds = ["initial health assessment", *["review health assessment"] * len(on)]
    rows = "\n".join(f"a{n} | {kind} | {day}" for n, (kind, day) in enumerate(zip(kinds, on, strict=False), 1))
    text = CARE.format(born=born).replace("2024-01-08", start) + (f"\nassessments | kind | on\n{rows}\n" if on else "")
    return records(text, covers=covers)


def only(of: Records, on: str) -> Finding:
    (found,) = findings(of, RULE, on)
    return found


@pytest.mark.parametrize(
    ("on", "status"),
    [("2024-01-08", "clear"), ("2024-02-05", "clear"), ("2024-02-06", "raised")],
)
def test_the_first_is_due_within_20_working_days_of_the_start_of_care(on: str, status: str):
    assert only(assessed(), on).status == status


def test_an_outstanding_one_says_how_long_and_what_set_it_off():
    found = only(assessed(), "2024-02-15")
    assert found.sentence == (
        "The health assessment due by 5 February 2024 is 10 days overdue: there is no record of it up to "
        "15 February 2024."
    )
    assert (found.subject, found.measures["days_over"]) == ("LooksAfter:care", 10)
    assert (found.kind, "regulation 7" in found.citation) == ("S", True)


@pytest.mark.parametrize(
    ("born", "last", "in_time"),
    [
        ("2012-05-12", "2024-02-29", "2025-02-28"),  # from five: twelve months, from a leap day too
        ("2012-05-12", "2024-01-31", "2025-01-31"),
        ("2022-05-12", "2024-01-31", "2024-07-31"),  # under five: six
        ("2022-05-12", "2024-08-31", "2025-02-28"),  # 31 August and six months is the last day of February
        ("2022-05-12", "2023-08-31", "2024-02-29"),
    ],
)
def test_the_next_is_due_in_six_months_under_five_and_in_twelve_from_five(born: str, last: str, in_time: str):
    of = assessed(last, born=born, start=last)
    day_after = str(date.fromisoformat(in_time) + timedelta(days=1))
    assert only(of, in_time).status == "clear"
    assert statuses(of, RULE, day_after) == {"Assessment:a1": "raised"}


@pytest.mark.parametrize(("born", "due"), [("2019-08-01", "2024-07-31"), ("2019-07-31", "2025-01-31")])
def test_six_months_that_end_on_the_fifth_birthday_or_later_are_twelve(born: str, due: str):
    found = only(assessed("2024-01-31", born=born), "2024-02-01")
    assert found.measures["next_due"] == date.fromisoformat(due)


def test_one_made_late_is_raised_for_twelve_months_and_differs_from_one_outstanding():
    of = assessed("2024-01-31", "2025-05-03")
    found = only(of, "2025-06-01")
    assert found.sentence == "The health assessment due by 31 January 2025 was made on 3 May 2025, 92 days late."
    assert (found.subject, found.measures["late_days"], "days_over" in found.measures) == ("Assessment:a1", 92, False)
    assert {e.id for e in found.evidence} == {"a1", "a2"}
    assert only(of, "2026-05-02").status == "raised"
    assert only(of, "2026-05-03").status == "clear"


def test_one_made_in_the_three_months_before_care_is_the_first():
    assert only(assessed("2023-10-08"), "2024-03-01").measures["next_due"] == date(2024, 10, 8)
    assert only(assessed("2023-10-07"), "2024-03-01").status == "raised"


def test_the_yearly_answer_of_the_903_stops_no_clock_and_is_named():
    yearly = CARE.format(born="2012-05-12").replace("2024-01-08", "2022-01-10") + (
        "\nassessments | kind | on | result\ny | health assessment | 2024-03-31 | yes\n"
    )
    whole = records(yearly)
    assert only(whole, "2024-04-30").status == "raised"
    found = only(records(yearly, covers="looks_after assessments:health_assessment"), "2024-04-30")
    assert found.status == "not assessable"
    assert "assessments:initial health assessment" in found.reason
    assert found.reason.endswith("in the year to 31 March 2024, and not on which day")


def test_without_coverage_it_cannot_be_said_even_before_it_is_due():
    for on in ("2024-01-20", "2024-03-01"):
        found = only(assessed(covers="looks_after"), on)
        assert (found.status, "assessments:review health assessment" in found.reason) == ("not assessable", True)


def test_where_loads_begin_after_the_last_it_is_counted_from_the_day_before():
    covers = COVERS.format("@2024-04-01..2026-03-31")
    of = assessed(covers=covers)
    assert only(of, "2025-03-31").status == "not assessable"
    found = only(of, "2025-04-05")
    assert (found.status, found.measures["due"], found.measures["days_over"]) == ("raised", date(2025, 3, 31), 5)
    assert "Loads cover health assessments from 1 April 2024" in found.sentence


def test_it_is_overdue_only_as_far_as_loads_reach():
    covers = COVERS.format("@2024-01-01..2024-02-07")
    assert only(assessed(covers=covers), "2024-06-01").measures["days_over"] == 2
    assert only(assessed(covers=COVERS.format("@2024-01-01..2024-02-05")), "2024-06-01").status == "not assessable"


def test_one_written_down_later_is_not_yet_known():
    text = CARE.format(born="2012-05-12") + (
        "\nassessments | kind | on | recorded_on\na | initial health assessment | 2024-02-01 | 2024-02-20\n"
    )
    assert only(records(text), "2024-02-19").status == "raised"
    assert only(records(text), "2024-02-20").status == "clear"


def test_it_applies_to_looked_after_children_under_18_alone():
    assert only(records("child | born\nAsh | 2012-05-12\n"), "2024-02-06").status == "not applicable"
    assert only(assessed(born="2006-02-06"), "2024-02-06").reason == "the child is 18 or over"
    unknown = records("child | born\nAsh | 2012-05-12\n", covers="assessments")
    assert only(unknown, "2024-02-06").status == "not assessable"
    left = records(CARE.format(born="2012-05-12").replace("start      |", "start | end |").replace(
        "2024-01-08 | S", "2024-01-08 | 2024-03-01 | S"))  # fmt: skip
    assert only(left, "2024-02-29").status == "raised"
    assert only(left, "2024-03-01").status == "not applicable"


@given(st.lists(st.integers(1, 900), min_size=1, max_size=5, unique=True))
def test_what_comes_after_the_day_changes_nothing(days: list[int]):
    start = date(2024, 1, 8)
    on = sorted(str(start + timedelta(days=n)) for n in days)
    t = str(start + timedelta(days=300))
    known = [d for d in on if d <= t]
    with_kinds = assessed(*on)
    assert statuses(with_kinds, RULE, t) == statuses(assessed(*known), RULE, t)
