"""Clocks: reviews and visits that were due, late, outstanding, or in time."""

from __future__ import annotations

import dataclasses
import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.clocks.review_and_visit import REVIEWS, next_review_due
from graph.analysis.clocks.running import Period, law_on
from graph.findings import Finding
from graph.records import Records, as_at
from tests.spec.small import findings, records, statuses


def only(of: Records, rule: str, on: str) -> Finding:
    (found,) = findings(of, rule, on)
    return found


def due(of: Records, on: str) -> date | None:
    day = date.fromisoformat(on)
    return next_review_due(as_at(of, day), day)


# --- clocks.review ---

CARE = """
child | born
Ash   | 2012-05-12

looks_after | legal_status | start      | start_reason
care        | C2           | 2024-01-08 | S
"""


def reviewed(*on: str, status: str = "") -> str:
    rows = "\n".join(f"r{n} | review | {day} | {status}" for n, day in enumerate(on, 1))
    return f"{CARE}\nmeetings | kind | on | status\n{rows}\n"


@pytest.mark.parametrize(
    ("on", "status"),
    [
        ("2024-01-08", "clear"),
        ("2024-02-05", "clear"),  # 20 working days after Monday 8 January
        ("2024-02-06", "raised"),
    ],
)
def test_the_first_review_is_due_within_20_working_days(on: str, status: str):
    assert only(records(CARE), "clocks.review", on).status == status


def test_a_bank_holiday_is_no_working_day():
    easter = records(CARE.replace("2024-01-08", "2024-03-18"))
    # Good Friday and Easter Monday, 29 March and 1 April.
    assert only(easter, "clocks.review", "2024-04-17").status == "clear"
    assert only(easter, "clocks.review", "2024-04-18").status == "raised"


def test_an_outstanding_review_says_how_long():
    found = only(records(CARE), "clocks.review", "2024-02-15")
    assert found.sentence == (
        "The first review due by 5 February 2024 is 10 days overdue: there is no record of it up to 15 February 2024."
    )
    assert found.measures == {
        "trigger": date(2024, 1, 8), "due": date(2024, 2, 5), "done": None, "days_over": 10,
        "next_due": date(2024, 2, 5),
    }  # fmt: skip
    assert found.subject == "LooksAfter:care"
    assert (found.kind, "regulation 33" in found.citation) == ("S", True)


def test_a_review_held_late_differs_from_one_outstanding_and_has_the_same_key():
    late = only(records(reviewed("2024-02-09")), "clocks.review", "2024-03-01")
    assert late.sentence == "The first review due by 5 February 2024 was held on 9 February 2024, 4 days late."
    assert late.measures["late_days"] == 4
    assert late.measures["next_due"] == date(2024, 5, 9)
    assert late.key == only(records(CARE), "clocks.review", "2024-02-15").key


@pytest.mark.parametrize(
    ("second", "status"),
    [("2024-05-01", "clear"), ("2024-05-02", "raised")],
)
def test_the_second_is_due_three_calendar_months_after_the_first_was_held(second: str, status: str):
    found = findings(records(reviewed("2024-02-01", second)), "clocks.review", "2024-06-01")
    assert [f.status for f in found] == [status]


def test_each_later_one_is_due_six_months_after_the_one_before():
    of = records(reviewed("2024-01-31", "2024-02-29"))
    assert due(of, "2024-03-01") == date(2024, 8, 29)
    # 31 August and six months is the last day of February.
    of = records(reviewed("2024-01-31", "2024-04-30", "2024-08-31"))
    assert due(of, "2024-09-01") == date(2025, 2, 28)
    assert only(of, "clocks.review", "2025-02-28").status == "clear"
    assert only(of, "clocks.review", "2025-03-01").subject == "Meeting:r3"


def test_it_is_counted_from_the_actual_review_not_from_its_due_date():
    """The second held a month early: the third is due six months after that."""
    of = records(reviewed("2024-02-01", "2024-04-01"))
    assert due(of, "2024-04-02") == date(2024, 10, 1)


@pytest.mark.parametrize("status", ["adjourned", "cancelled"])
def test_a_review_adjourned_or_cancelled_does_not_stop_the_clock(status: str):
    found = only(records(reviewed("2024-02-01", status=status)), "clocks.review", "2024-02-06")
    assert found.status == "raised"
    assert f"Not held: 1 February 2024 ({status}), which does not stop the clock." in found.sentence
    assert "r1" in {e.id for e in found.evidence}


@pytest.mark.parametrize(("on", "status"), [("2025-02-08", "raised"), ("2025-02-09", "clear")])
def test_a_review_held_late_is_raised_for_twelve_months(on: str, status: str):
    of = records(reviewed("2024-02-09", "2024-05-08", "2024-11-07"))
    assert only(of, "clocks.review", on).status == status


def test_when_it_is_clear_it_says_when_the_next_is_due():
    found = only(records(reviewed("2024-02-01")), "clocks.review", "2024-03-01")
    assert found.sentence.endswith("The next is due by 1 May 2024.")
    assert found.measures["next_due"] == date(2024, 5, 1)
    assert found.subject == ""


def test_each_late_review_is_a_finding_of_its_own():
    of = records(reviewed("2024-02-09", "2024-05-31"))
    assert statuses(of, "clocks.review", "2024-06-01") == {"LooksAfter:care": "raised", "Meeting:r1": "raised"}


def test_a_new_period_of_care_starts_the_clock_again():
    text = CARE.replace("start      | start_reason", "start | end | start_reason").replace(
        "2024-01-08 | S", "2020-01-06 | 2021-01-06 | S\ncare2 | C2 | 2024-01-08 | | S"
    )
    assert due(records(text), "2024-01-20") == date(2024, 2, 5)


def test_a_review_of_an_earlier_period_of_care_is_none_of_this_one():
    assert due(records(reviewed("2021-01-04")), "2024-01-20") == date(2024, 2, 5)


def test_a_change_of_legal_status_does_not():
    text = CARE.replace("start      | start_reason", "start | end | start_reason").replace(
        "2024-01-08 | S", "2024-01-08 | 2024-01-22 | S\ncare2 | E1 | 2024-01-22 | | L"
    )
    assert due(records(text), "2024-01-30") == date(2024, 2, 5)


# Coverage


def test_without_coverage_of_reviews_it_cannot_be_said_whether_one_is_overdue():
    found = only(records(CARE, covers="looks_after"), "clocks.review", "2024-02-06")
    assert found.status == "not assessable"
    assert "meetings:review" in found.reason
    # Before it is due there is nothing to ask.
    assert only(records(CARE, covers="looks_after"), "clocks.review", "2024-02-05").status == "clear"


def test_lateness_needs_the_days_to_the_due_date_covered():
    days = "looks_after meetings:review@2024-01-09..{}"
    assert (
        only(records(CARE, covers=days.format("2024-02-05")), "clocks.review", "2024-03-01").status == "not assessable"
    )
    found = only(records(CARE, covers=days.format("2024-02-06")), "clocks.review", "2024-03-01")
    assert (found.status, found.measures["days_over"]) == ("raised", 1)  # said only as far as loads reach


def test_a_review_held_late_needs_them_covered_too():
    days = "looks_after meetings:review@2024-01-09..{}"
    of = reviewed("2024-02-09")
    assert only(records(of, covers=days.format("2024-02-04")), "clocks.review", "2024-03-01").status == "not assessable"
    assert only(records(of, covers=days.format("2024-02-05")), "clocks.review", "2024-03-01").status == "raised"


LONG = CARE.replace("2024-01-08", "2019-01-08")


def test_where_loads_begin_after_care_the_first_review_seen_may_be_a_later_one():
    of = records(
        LONG + "\nmeetings | kind | on\nr1 | review | 2024-05-01\n",
        covers="looks_after meetings@2024-04-01..2025-03-31",
    )
    assert due(of, "2024-06-01") == date(2024, 11, 1)
    found = {f.subject: f for f in findings(of, "clocks.review", "2024-06-01")}
    assert found["LooksAfter:care"].status == "not assessable"
    assert "to 31 March 2024" in found["LooksAfter:care"].reason
    assert statuses(of, "clocks.review", "2024-11-02") == {
        "LooksAfter:care": "not assessable", "Meeting:r1": "raised",
    }  # fmt: skip


def test_a_year_without_any_review_is_late_whenever_the_last_one_was():
    of = records(LONG, covers="looks_after meetings@2023-04-01..2024-03-31")
    # The last one unseen was on 31 March 2023 at the latest, the next due by 30 September.
    assert only(of, "clocks.review", "2023-09-30").status == "not assessable"
    found = only(of, "clocks.review", "2023-10-05")
    assert (found.status, found.measures["due"], found.measures["days_over"]) == ("raised", date(2023, 9, 30), 5)
    assert "Loads cover reviews from 1 April 2023" in found.sentence
    assert found.measures["next_due"] is None


# To whom it does not apply


@pytest.mark.parametrize("rule", ["clocks.review", "clocks.visit"])
def test_it_does_not_apply_to_a_child_who_is_not_looked_after(rule: str):
    never = records("child | born\nAsh | 2012-05-12\n")
    assert only(never, rule, "2024-02-06").status == "not applicable"
    left = records(
        CARE.replace("start      | start_reason", "start | end | start_reason").replace(
            "2024-01-08 | S", "2024-01-08 | 2024-03-01 | S"
        )
    )
    assert only(left, rule, "2024-03-01").status == "not applicable"
    assert only(left, "clocks.review", "2024-02-29").status == "raised"
    assert due(left, "2024-03-01") is None
    unknown = records("child | born\nAsh | 2012-05-12\n", covers="meetings")
    assert only(unknown, rule, "2024-02-06").status == "not assessable"


@pytest.mark.parametrize("rule", ["clocks.review", "clocks.visit"])
def test_short_breaks_are_not_being_looked_after(rule: str):
    assert only(records(CARE.replace("C2", "V4")), rule, "2024-02-06").status == "not applicable"


@pytest.mark.parametrize("rule", ["clocks.review", "clocks.visit"])
def test_it_does_not_apply_from_the_eighteenth_birthday_nor_once_placed_for_adoption(rule: str):
    adult = records(CARE.replace("2012-05-12", "2006-02-06"))
    assert only(adult, rule, "2024-02-06").status == "not applicable"
    placed = records(CARE + "\nplaced_at | to | place_type | start\n | oak | A5 | 2024-01-08\n")
    assert only(placed, rule, "2024-02-06").reason == "the child is placed for adoption, which has clocks of its own"


def test_the_law_has_dates():
    assert law_on(REVIEWS, date(2011, 3, 31)) is None
    assert law_on(REVIEWS, date(2011, 4, 1)) == REVIEWS[0]
    before = records(CARE.replace("2024-01-08", "2010-01-08"))
    assert only(before, "clocks.review", "2011-03-31").status == "not applicable"
    assert only(before, "clocks.review", "2011-04-02").status == "raised"


def test_periods_are_counted_as_the_law_counts_them():
    assert Period(6, "months").after(date(2023, 8, 31)) == date(2024, 2, 29)
    assert Period(7, "days").after(date(2024, 2, 26)) == date(2024, 3, 4)
    assert Period(20, "working days").after(date(2024, 1, 8)) == date(2024, 2, 5)


def test_a_review_written_down_later_is_not_yet_known():
    late = CARE + "\nmeetings | kind | on | recorded_on\nr1 | review | 2024-02-01 | 2024-02-20\n"
    assert only(records(late), "clocks.review", "2024-02-10").status == "raised"
    assert only(records(late), "clocks.review", "2024-02-20").status == "clear"


# --- clocks.visit ---

HOME = (
    CARE
    + """
placed_at | to  | start      | end        | place_type | until_18 | basis | start_reason | change_reason
oak_stay  | oak | 2024-01-08 | {end}      | {type}     | {until}  | {basis} | S          |
"""
)


def visited(*on: str, end: str = "", type: str = "U6", until: str = "", basis: str = "", more: str = "") -> str:
    rows = "\n".join(f"v{n} | visit | {day}" for n, day in enumerate(on, 1))
    meetings = f"\nmeetings | kind | on\n{rows}\n" if on else ""
    return HOME.format(end=end, type=type, until=until, basis=basis) + meetings + more


EVERY_SIX_WEEKS = ("2024-01-15", "2024-02-26", "2024-04-08", "2024-05-20", "2024-07-01", "2024-08-12", "2024-09-23",
                   "2024-11-04", "2024-12-16")  # fmt: skip


@pytest.mark.parametrize(("on", "status"), [("2024-01-15", "clear"), ("2024-01-16", "raised")])
def test_the_first_visit_is_due_within_a_week_of_the_start(on: str, status: str):
    assert only(records(visited()), "clocks.visit", on).status == status


@pytest.mark.parametrize(("on", "status"), [("2024-02-26", "clear"), ("2024-02-27", "raised")])
def test_the_next_is_due_within_six_weeks(on: str, status: str):
    found = only(records(visited("2024-01-15")), "clocks.visit", on)
    assert (found.status, found.measures["next_due"]) == (status, date(2024, 2, 26))
    assert found.subject == "PlacedAt:oak_stay"


def test_visits_in_time_are_clear_and_say_when_the_next_is_due():
    found = only(records(visited(*EVERY_SIX_WEEKS)), "clocks.visit", "2025-01-20")
    assert found.status == "clear"
    assert found.sentence.endswith("The next is due by 27 January 2025.")


def test_one_finding_a_placement_tells_of_every_late_visit():
    of = records(visited("2024-01-20", "2024-03-12"))
    found = only(of, "clocks.visit", "2024-05-01")
    assert found.sentence == (
        "In the placement of 8 January 2024, the visit due by 23 April 2024 is 8 days overdue, with no record of it "
        "up to 1 May 2024; 2 visits came late: 20 January 2024 (5 days) and 12 March 2024 (10 days)."
    )
    assert [late.get("late_days") for late in found.measures["late"]] == [5, 10, None]
    assert found.measures["days_over"] == 8
    assert {e.id for e in found.evidence} == {"oak_stay", "v1", "v2"}


@pytest.mark.parametrize(
    ("until", "type", "on", "status"),
    [
        ("", "U6", "2025-02-03", "clear"),  # 42 days after 23 December
        ("", "U6", "2025-02-04", "raised"),
        ("yes", "U6", "2025-02-04", "clear"),
        ("yes", "U6", "2025-03-23", "clear"),  # three months
        ("yes", "U6", "2025-03-24", "raised"),
        ("", "U4", "2025-03-23", "clear"),  # a long-term foster home is meant to last to 18
        ("", "U4", "2025-03-24", "raised"),
        ("no", "U4", "2025-02-04", "raised"),
    ],
)
def test_after_the_first_year_three_months_where_it_is_meant_to_last_to_18(until: str, type: str, on: str, status: str):
    of = records(visited(*EVERY_SIX_WEEKS, "2024-12-23", until=until, type=type))
    assert only(of, "clocks.visit", on).status == status


@pytest.mark.parametrize(("last", "due_by"), [("2024-11-26", "2025-01-07"), ("2024-11-27", "2025-02-27")])
def test_the_first_year_ends_the_day_before_its_anniversary(last: str, due_by: str):
    """Six weeks from 27 November is 8 January, a year after the start: no longer the first year."""
    of = records(visited(*EVERY_SIX_WEEKS[:7], "2024-11-01", last, until="yes"))
    assert only(of, "clocks.visit", "2024-12-01").measures["next_due"] == date.fromisoformat(due_by)


def test_in_the_first_year_it_is_six_weeks_whatever_it_is_meant_for():
    of = records(visited("2024-01-15", until="yes"))
    assert only(of, "clocks.visit", "2024-02-27").status == "raised"


def test_each_move_starts_the_clock_again():
    moved = (
        visited("2024-01-15", "2024-02-20", end="2024-03-01")
        + """
placed_at | to  | start      | place_type | start_reason
elm_stay  | elm | 2024-03-01 | K2         | P
"""
    )
    of = records(moved)
    assert statuses(of, "clocks.visit", "2024-03-08") == {"PlacedAt:oak_stay": "clear", "PlacedAt:elm_stay": "clear"}
    assert statuses(of, "clocks.visit", "2024-03-09") == {"PlacedAt:oak_stay": "clear", "PlacedAt:elm_stay": "raised"}


def test_a_visit_missed_before_the_placement_ended_stays_missed():
    of = records(
        visited(end="2024-01-16")
        + "\nplaced_at | to | start | place_type | start_reason\nelm_stay | elm | 2024-01-16 | K2 | P\n"
    )
    found = {f.subject: f for f in findings(of, "clocks.visit", "2024-01-20")}
    assert found["PlacedAt:oak_stay"].status == "raised"
    assert "is not on record before it ended" in found["PlacedAt:oak_stay"].sentence
    assert found["PlacedAt:elm_stay"].status == "clear"
    in_time = records(
        visited(end="2024-01-15")
        + "\nplaced_at | to | start | place_type | start_reason\nelm_stay | elm | 2024-01-15 | K2 | P\n"
    )
    assert statuses(in_time, "clocks.visit", "2024-01-20")["PlacedAt:oak_stay"] == "clear"


def test_a_change_of_status_in_the_same_home_does_not_start_it_again():
    same = (
        visited("2024-01-15", end="2024-02-20")
        + "\nplaced_at | to | start | place_type | start_reason\n | oak | 2024-02-20 | U6 | L\n"
    )
    assert statuses(records(same), "clocks.visit", "2024-02-27") == {"PlacedAt:oak_stay": "raised"}


# With parents, and on a temporary approval


def test_with_parents_it_is_six_weeks_for_as_long_as_it_lasts():
    of = records(visited(*EVERY_SIX_WEEKS, "2024-12-23", until="yes", type="P1"))
    assert only(of, "clocks.visit", "2025-02-03").status == "clear"
    assert only(of, "clocks.visit", "2025-02-04").status == "raised"


REVIEW = "\nmeetings | kind | on\nr1 | review | 2024-01-22\n"


@pytest.mark.parametrize(
    ("basis", "type", "weeks"),
    [("regulation 24", "U3", 4), ("Reg. 24", "U3", 4), ("regulation 19", "P1", 6), ("connected person", "U3", 6)],
)
def test_weekly_to_the_first_review_where_regulation_19_or_24_applies(basis: str, type: str, weeks: int):
    of = records(visited("2024-01-15", "2024-01-22", basis=basis, type=type, more=REVIEW))
    found = only(of, "clocks.visit", "2024-02-01")
    assert found.measures["next_due"] == date.fromordinal(date(2024, 1, 22).toordinal() + 7 * weeks)
    without = records(visited("2024-01-15", basis=basis, type=type))
    expected = "clear" if basis == "connected person" else "raised"
    assert only(without, "clocks.visit", "2024-01-23").status == expected


def test_under_an_interim_care_order_with_parents_too():
    of = visited("2024-01-15", "2024-01-22", type="P1", more=REVIEW).replace("| C2 ", "| C1 ")
    assert only(records(of), "clocks.visit", "2024-02-19").status == "clear"
    assert only(records(of), "clocks.visit", "2024-02-20").status == "raised"


# What is a visit

SAM = """
involved_with | from | role           | start
i1            | Sam  | social_worker  | 2023-01-01
i2            | Vera | health_visitor | 2023-01-01
"""


@pytest.mark.parametrize(
    ("who", "how", "counts"),
    [
        ("Sam", "present", True),
        ("Sam", "apologies", True),  # no one is on record as there: it stays a visit by someone
        ("Vera", "present", False),
        ("Stranger", "substitute", True),
        ("police", "present", False),
    ],
)
def test_a_visit_is_by_a_social_worker_or_by_someone_not_named(who: str, how: str, counts: bool):
    attended = f"\nattended | from | to | how\na1 | {who} | v1 | {how}\n"
    of = records(visited("2024-01-15", more=SAM + attended))
    assert only(of, "clocks.visit", "2024-01-16").status == ("clear" if counts else "raised")


def test_a_joint_visit_counts_and_one_at_which_the_child_was_not_seen_does_not():
    joint = visited("2024-01-15").replace("v1 | visit", "v1 | joint visit")
    assert only(records(joint), "clocks.visit", "2024-01-16").status == "clear"
    for seen, status in (("yes", "clear"), ("no", "raised"), ("", "clear")):
        row = f"v1 | visit | 2024-01-15 | {seen}"
        text = visited("2024-01-15").replace("kind | on", "kind | on | seen").replace("v1 | visit | 2024-01-15", row)
        assert only(records(text), "clocks.visit", "2024-01-16").status == status


# Coverage and the window


def test_without_coverage_of_visits_it_cannot_be_said():
    found = only(records(visited(), covers="looks_after placed_at meetings:review"), "clocks.visit", "2024-02-01")
    assert (found.status, found.subject) == ("not assessable", "")
    assert "meetings:visit" in found.reason


def test_coverage_that_ends_before_the_due_date_is_not_enough():
    covers = "looks_after placed_at meetings:visit@2024-01-01..{}"
    early = only(records(visited("2024-01-15"), covers=covers.format("2024-02-26")), "clocks.visit", "2024-03-10")
    assert early.status == "not assessable" and "from 27 February 2024" in early.reason
    enough = only(records(visited("2024-01-15"), covers=covers.format("2024-02-27")), "clocks.visit", "2024-03-10")
    assert (enough.status, enough.measures["days_over"]) == ("raised", 1)


def test_where_loads_begin_within_a_placement_the_day_before_is_the_latest_visit_unseen():
    covers = "looks_after placed_at meetings:visit@2024-04-01..2024-12-31"
    of = records(visited(), covers=covers)
    assert only(of, "clocks.visit", "2024-05-12").status == "not assessable"
    found = only(of, "clocks.visit", "2024-05-13")
    assert (found.status, found.measures["due"]) == ("raised", date(2024, 5, 12))
    assert "Loads cover visits from 1 April 2024" in found.sentence


def test_late_visits_are_told_for_twelve_months():
    on = ("2024-01-20", "2024-03-02", "2024-04-13", "2024-05-25", "2024-07-06", "2024-08-17", "2024-09-28",
          "2024-11-09", "2024-12-21")  # fmt: skip
    of = records(visited(*on))
    assert only(of, "clocks.visit", "2025-01-19").status == "raised"
    assert only(of, "clocks.visit", "2025-01-20").status == "clear"


def test_visits_after_the_day_are_not_known():
    of = records(visited("2024-01-15", "2024-02-28"))
    assert "is 1 day overdue" in only(of, "clocks.visit", "2024-02-27").sentence
    assert "1 visit came late: 28 February 2024 (2 days)" in only(of, "clocks.visit", "2024-02-28").sentence


@given(st.randoms(use_true_random=False))
def test_rows_in_any_order_give_the_same_findings(shuffle: random.Random):
    of = records(visited("2024-01-20", "2024-03-12", end="2024-05-01", more=REVIEW + SAM))
    rows, nodes = list(of.relationships), list(of.nodes.items())
    shuffle.shuffle(rows)
    shuffle.shuffle(nodes)
    mixed = dataclasses.replace(of, relationships=tuple(rows), nodes=dict(nodes))
    for rule in ("clocks.review", "clocks.visit"):
        assert findings(of, rule, "2024-06-01") == findings(mixed, rule, "2024-06-01")
