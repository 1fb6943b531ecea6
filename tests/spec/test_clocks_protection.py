"""Clocks: child protection conferences, core groups, and strategy discussions again and again."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records, statuses

PLAN = """
child | born
Ash   | 2016-05-12

plans | kind             | start      | end
cp    | child protection | 2023-10-31 | {end}
"""
ICPC, RCPC = "initial child protection conference", "review child protection conference"


def protected(*met: str, end: str = "", covers: str | None = None, icpc: str = "2023-10-31") -> Records:
    """met: `kind | on` or `kind | on | status`, beside the initial conference (none where `icpc` is empty)."""
    rows = [f"m0 | {ICPC} | {icpc} |"] if icpc else []
    rows += [f"m{n} | {row}" for n, row in enumerate(met, 1)]
    meetings = "\nmeetings | kind | on | status\n" + "\n".join(rows) + "\n" if rows else ""
    return records(PLAN.format(end=end) + meetings, covers=covers)


def only(of: Records, rule: str, on: str, **changed: object) -> Finding:
    (found,) = findings(of, rule, on, **changed)
    return found


# --- clocks.cp_review ---


@pytest.mark.parametrize(("on", "status"), [("2024-01-31", "clear"), ("2024-02-01", "raised")])
def test_the_first_review_conference_is_due_in_three_calendar_months(on: str, status: str):
    assert only(protected(), "clocks.cp_review", on).status == status


@pytest.mark.parametrize(
    ("first", "in_time", "late"),
    [("2024-01-10", "2024-07-10", "2024-07-11"), ("2023-12-31", "2024-06-30", "2024-07-01")],
)
def test_each_later_one_in_six_from_when_the_last_was_held(first: str, in_time: str, late: str):
    of = protected(f"{RCPC} | {first} |")
    assert only(of, "clocks.cp_review", in_time).status == "clear"
    assert only(of, "clocks.cp_review", late).subject == "Meeting:m1"


def test_31_august_and_six_months_is_the_last_day_of_february():
    of = protected(f"{RCPC} | 2024-01-31 |", f"{RCPC} | 2024-08-31 |")
    found = {f.subject: f for f in findings(of, "clocks.cp_review", "2024-09-01")}
    assert found["Meeting:m1"].measures["late_days"] == 31  # 31 January and six months is 31 July
    in_time = protected(f"{RCPC} | 2024-01-31 |", f"{RCPC} | 2024-07-31 |", f"{RCPC} | 2025-01-31 |")
    assert only(in_time, "clocks.cp_review", "2025-02-28").measures["next_due"] == date(2025, 7, 31)
    leap = protected(f"{RCPC} | 2023-12-31 |", icpc="2023-10-31")
    assert only(leap, "clocks.cp_review", "2024-01-01").measures["next_due"] == date(2024, 6, 30)


def test_child_v_three_and_six_months_is_in_time():
    """The review of Child V: a conference in October 2017, reviews in January and July 2018."""
    of = records(
        f"child | born\nAsh | 2016-05-12\n\nplans | kind | start\ncp | child protection | 2017-10-18\n\n"
        f"meetings | kind | on\nm0 | {ICPC} | 2017-10-18\nm1 | {RCPC} | 2018-01-17\nm2 | {RCPC} | 2018-07-17\n"
    )
    assert only(of, "clocks.cp_review", "2018-08-31").status == "clear"
    assert "not applicable" in only(of, "clocks.review", "2018-08-31").status


def test_one_held_late_differs_from_one_outstanding_and_is_raised_for_twelve_months():
    of = protected(f"{RCPC} | 2024-02-10 |", f"{RCPC} | 2024-08-10 |", f"{RCPC} | 2025-02-10 |")
    found = only(of, "clocks.cp_review", "2025-02-09")
    assert found.status == "raised"
    assert found.sentence == (
        "The review child protection conference due by 31 January 2024 was held on 10 February 2024, 10 days late."
    )
    assert only(of, "clocks.cp_review", "2025-02-10").status == "clear"
    assert "is 9 days overdue" in only(of, "clocks.cp_review", "2024-02-09").sentence


@pytest.mark.parametrize("status", ["cancelled", "adjourned"])
def test_one_not_held_does_not_stop_the_clock(status: str):
    assert only(protected(f"{RCPC} | 2024-01-20 | {status}"), "clocks.cp_review", "2024-02-01").status == "raised"


def test_without_a_conference_on_record_it_is_counted_from_the_plan():
    found = only(protected(icpc=""), "clocks.cp_review", "2024-02-01")
    assert (found.status, found.subject) == ("raised", "Plan:cp")
    other = only(protected(icpc="2022-03-01"), "clocks.cp_review", "2024-02-01")  # of an earlier plan
    assert other.subject == "Plan:cp"


@pytest.mark.parametrize("rule", ["clocks.cp_review", "clocks.core_group"])
def test_they_apply_while_a_child_protection_plan_is_in_force(rule: str):
    ended = protected(end="2024-04-01")
    assert only(ended, rule, "2024-03-31").status == "raised"
    assert only(ended, rule, "2024-04-01").status == "not applicable"
    assert only(protected(), rule, "2023-10-30").status == "not applicable"
    none = records("child | born\nAsh | 2016-05-12\n")
    assert only(none, rule, "2024-02-01").status == "not applicable"
    unknown = only(records("child | born\nAsh | 2016-05-12\n", covers="meetings"), rule, "2024-02-01")
    assert (unknown.status, "plans:child protection" in unknown.reason) == ("not assessable", True)


def test_versions_of_a_plan_that_follow_one_another_are_one():
    text = PLAN.format(end="2024-01-15") + "cp2 | child protection | 2024-01-15 |\n"
    text += f"\nmeetings | kind | on\nm0 | {ICPC} | 2023-10-31\n"
    assert only(records(text), "clocks.cp_review", "2024-02-01").measures["due"] == date(2024, 1, 31)


def test_conferences_that_no_load_covers_leave_it_open():
    found = only(protected(covers="plans"), "clocks.cp_review", "2024-02-01")
    assert (found.status, f"meetings:{RCPC}" in found.reason) == ("not assessable", True)
    part = f"plans meetings:{RCPC.replace(' ', '_')}@2023-10-01..2024-02-02"
    assert only(protected(covers=part), "clocks.cp_review", "2024-06-01").measures["days_over"] == 2


# --- clocks.core_group ---


@pytest.mark.parametrize(("on", "status"), [("2023-11-14", "clear"), ("2023-11-15", "raised")])
def test_the_first_core_group_meets_within_10_working_days(on: str, status: str):
    assert only(protected(), "clocks.core_group", on).status == status


@pytest.mark.parametrize(("on", "status"), [("2023-11-14", "clear"), ("2023-11-15", "raised")])
def test_one_that_met_late_is_told_as_that(on: str, status: str):
    found = only(protected(f"core group | {on} |"), "clocks.core_group", "2024-01-31")
    assert found.status == status
    if status == "raised":
        assert found.sentence == "The first core group due by 14 November 2023 met on 15 November 2023, 1 day late."
        assert {e.id for e in found.evidence} == {"m0", "m1"}


def test_later_core_groups_have_no_day_by_which_they_are_due():
    assert only(protected("core group | 2023-11-10 |"), "clocks.core_group", "2025-01-31").status == "clear"


def test_core_groups_that_no_load_covers_leave_it_open():
    for on in ("2023-11-01", "2024-01-31"):
        found = only(protected(covers="plans"), "clocks.core_group", on)
        assert (found.status, "meetings:core group" in found.reason) == ("not assessable", True)


# --- clocks.repeat_strategy ---


def enquired(strategies: list[str], enquiries: list[str], covers: str | None = None) -> Records:
    text = "child | born\nAsh | 2016-05-12\n"
    if strategies:
        text += "\nmeetings | kind | on\n" + "".join(f"s{d} | strategy discussion | {d}\n" for d in strategies)
    if enquiries:
        text += "\nassessments | kind | on\n" + "".join(f"e{d} | s47 | {d}\n" for d in enquiries)
    return records(text, covers=covers)


@pytest.mark.parametrize(
    ("strategies", "enquiries", "status"),
    [
        (["2024-01-10", "2024-05-10", "2024-09-10"], [], "raised"),
        (["2024-01-10"], ["2024-05-10", "2024-09-10"], "raised"),
        (["2024-01-10", "2024-05-10"], ["2024-01-10", "2024-05-10"], "clear"),  # on one day: one
        (["2024-01-10", "2024-05-10"], ["2024-05-11"], "raised"),
        ([], ["2024-05-10"], "clear"),
        ([], [], "clear"),
    ],
)
def test_three_in_twelve_months_and_two_on_one_day_are_one(strategies: list[str], enquiries: list[str], status: str):
    found = only(enquired(strategies, enquiries), "clocks.repeat_strategy", "2024-12-31")
    assert found.status == status
    assert len(found.evidence) == len(strategies) + len(enquiries)


@pytest.mark.parametrize(("on", "status"), [("2025-01-09", "raised"), ("2025-01-10", "clear")])
def test_the_twelve_months_end_on_the_day(on: str, status: str):
    of = enquired(["2024-01-10", "2024-05-10", "2024-09-10"], [])
    assert only(of, "clocks.repeat_strategy", on).status == status
    assert only(of, "clocks.repeat_strategy", "2024-09-09").status == "clear"


def test_how_many_is_a_house_rule_and_printed():
    found = only(enquired(["2024-01-10", "2024-05-10"], []), "clocks.repeat_strategy", "2024-12-31", repeat_strategy=2)
    assert (found.status, found.parameters["repeat_strategy"]) == ("raised", 2)
    assert found.sentence.startswith("2 strategy discussions or section 47 enquiries from 1 January 2024")


def test_fewer_than_three_say_nothing_where_either_is_not_covered():
    for covers, named in (("meetings", "assessments:s47"), ("assessments", "meetings:strategy discussion")):
        found = only(enquired(["2024-01-10"], [], covers=covers), "clocks.repeat_strategy", "2024-12-31")
        assert (found.status, named in found.reason) == ("not assessable", True)
    three = enquired(["2024-01-10", "2024-05-10", "2024-09-10"], [], covers="")
    assert only(three, "clocks.repeat_strategy", "2024-12-31").status == "raised"


def test_it_does_not_apply_at_18():
    of = records("child | born\nAsh | 2006-05-12\n")
    assert only(of, "clocks.repeat_strategy", "2024-05-12").status == "not applicable"


@given(st.sets(st.dates(date(2023, 1, 1), date(2025, 6, 30)), max_size=6),
       st.sets(st.dates(date(2023, 1, 1), date(2025, 6, 30)), max_size=6))  # fmt: skip
def test_it_counts_days_and_not_records(strategies: set[date], enquiries: set[date]):
    of = enquired([str(d) for d in sorted(strategies)], [str(d) for d in sorted(enquiries)])
    inside = {d for d in strategies | enquiries if date(2024, 1, 1) <= d <= date(2024, 12, 31)}
    found = only(of, "clocks.repeat_strategy", "2024-12-31")
    assert found.measures["count"] == len(inside)
    assert (found.status == "raised") == (len(inside) >= 3)
    assert statuses(of, "clocks.repeat_strategy", "2024-12-31") == {"": found.status}
