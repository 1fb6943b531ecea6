"""Clocks: return interviews within 72 hours, that is three days where records have days alone."""

from __future__ import annotations

from datetime import date

import pytest

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records, statuses

RULE = "clocks.return_interview"


def gone(end: str = "2024-03-02", interview: str = "", on: str = "2024-03-01", kind: str = "missing") -> str:
    return (
        "child | born\nAsh | 2010-05-12\n\n"
        f"events | kind | on | end | interview_on\nm1 | {kind} | {on} | {end} | {interview}\n"
    )


def only(of: Records, on: str) -> Finding:
    (found,) = findings(of, RULE, on)
    return found


@pytest.mark.parametrize(
    ("interview", "status", "late"),
    [("2024-03-02", "clear", 0), ("2024-03-05", "clear", 0), ("2024-03-06", "raised", 1)],
)
def test_in_time_is_three_days_after_the_day_of_return(interview: str, status: str, late: int):
    found = only(records(gone(interview=interview)), "2024-04-01")
    assert (found.status, found.subject, found.measures["late_days"]) == (status, "Event:m1", late)
    assert found.measures["due"] == date(2024, 3, 5)


@pytest.mark.parametrize(("on", "status"), [("2024-03-05", "clear"), ("2024-03-06", "raised")])
def test_outstanding_from_the_day_after(on: str, status: str):
    assert only(records(gone()), on).status == status


def test_a_leap_day_is_a_day():
    assert only(records(gone(on="2024-02-26", end="2024-02-27")), "2024-03-01").status == "clear"
    assert only(records(gone(on="2023-02-26", end="2023-02-27")), "2023-03-03").status == "raised"


def test_an_outstanding_one_says_how_long():
    assert only(records(gone()), "2024-03-15").sentence == (
        "Missing from 1 March 2024 to 2 March 2024: the return interview due by 5 March 2024 is 10 days overdue: "
        "there is no record of it up to 15 March 2024."
    )


def test_an_interview_is_not_known_before_its_day_nor_the_return_before_it():
    of = records(gone(interview="2024-03-08"))
    assert "3 days late" in only(of, "2024-03-08").sentence
    assert "is 2 days overdue" in only(of, "2024-03-07").sentence
    still = only(of, "2024-03-01")
    assert (still.status, "no return is on record" in still.sentence) == ("clear", True)


def test_each_missing_period_is_a_finding_and_those_in_time_are_shown_whenever_they_were():
    text = gone(interview="2024-03-03") + "m2 | missing | 2022-01-01 | 2022-01-02 | 2022-01-04\n"
    text += "m3 | missing | 2024-04-01 | 2024-04-02 |\n"
    assert statuses(records(text), RULE, "2024-05-01") == {
        "Event:m1": "clear", "Event:m2": "clear", "Event:m3": "raised",
    }  # fmt: skip


@pytest.mark.parametrize(("on", "status"), [("2025-03-03", "raised"), ("2025-03-04", "clear")])
def test_it_looks_at_those_that_fell_due_in_twelve_months(on: str, status: str):
    """Due on 4 March 2024: the twelve months to 3 March 2025 begin on that day."""
    found = only(records(gone(on="2024-02-28", end="2024-03-01")), on)
    assert (found.status, "there is no record" in found.sentence) == (status, status == "raised")
    assert "no return interview is on record" in found.sentence or status == "raised"


@pytest.mark.parametrize(("on", "status"), [("2025-03-09", "raised"), ("2025-03-10", "clear")])
def test_one_held_late_is_raised_for_twelve_months(on: str, status: str):
    assert only(records(gone(interview="2024-03-10")), on).status == status


def test_away_is_not_missing():
    assert [f.subject for f in findings(records(gone(kind="away")), RULE, "2024-04-01")] == [""]


def test_a_903_has_missing_periods_and_no_interviews():
    found = only(records(gone(), covers="events:missing"), "2024-04-01")
    assert (found.status, found.subject) == ("not assessable", "Event:m1")
    assert "events:return interview" in found.reason
    both = records(gone(), covers="events:missing events:return_interview")
    assert only(both, "2024-04-01").status == "raised"
    # An interview on record needs no coverage.
    assert only(records(gone(interview="2024-03-03"), covers="events:missing"), "2024-04-01").status == "clear"


def test_coverage_must_reach_past_the_day_it_was_due():
    covers = "events:missing events:return_interview@2024-01-01..{}"
    assert only(records(gone(), covers=covers.format("2024-03-05")), "2024-04-01").status == "not assessable"
    assert only(records(gone(), covers=covers.format("2024-03-06")), "2024-04-01").measures["days_over"] == 1


def test_without_coverage_of_missing_periods_others_may_be_unseen():
    assert statuses(records(gone(interview="2024-03-03"), covers=""), RULE, "2024-04-01") == {
        "Event:m1": "clear", "": "not assessable",
    }  # fmt: skip
    none = only(records("child | born\nAsh | 2010-05-12\n"), "2024-04-01")
    assert (none.status, "No missing period is on record" in none.sentence) == ("clear", True)


def test_an_interview_dated_before_the_return_says_nothing():
    found = only(records(gone(interview="2024-03-01")), "2024-04-01")
    assert (found.status, "before the return" in found.reason) == ("not assessable", True)


def test_nothing_is_asked_of_returns_before_the_guidance():
    assert only(records(gone(on="2013-12-01", end="2013-12-02")), "2014-02-01").status == "clear"
    assert only(records(gone(on="2014-01-01", end="2014-01-02")), "2014-02-01").status == "raised"


def test_it_does_not_apply_from_the_eighteenth_birthday():
    of = records(gone().replace("2010-05-12", "2006-03-20"))
    assert only(of, "2024-03-19").status == "raised"
    assert only(of, "2024-03-20").status == "not applicable"
