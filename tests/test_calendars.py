"""Working days, school days, months and stretches of days."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from graph.calendars import (
    add_months,
    add_school_days,
    add_working_days,
    birthday,
    common,
    days_in,
    first_of_months,
    joined,
    school_age,
    school_days_between,
    without,
    working_days_between,
)

DATES = st.dates(date(2000, 1, 1), date(2040, 12, 31))


def d(text: str) -> date:
    return date.fromisoformat(text)


def test_a_week_has_five_working_days_and_its_last_day_is_not_counted() -> None:
    assert working_days_between(d("2026-03-02"), d("2026-03-09")) == 5  # Monday to Monday
    assert working_days_between(d("2026-03-06"), d("2026-03-09")) == 1  # Friday to Monday
    assert working_days_between(d("2026-03-07"), d("2026-03-09")) == 0  # a weekend


def test_the_same_day_and_the_wrong_way_round_are_no_days() -> None:
    assert working_days_between(d("2026-03-02"), d("2026-03-02")) == 0
    assert working_days_between(d("2026-03-09"), d("2026-03-02")) == 0


def test_bank_holidays_of_england_are_no_working_days() -> None:
    assert working_days_between(d("2025-12-24"), d("2025-12-31")) == 3  # Christmas Day and Boxing Day
    assert working_days_between(d("2026-04-02"), d("2026-04-08")) == 2  # Good Friday and Easter Monday
    assert working_days_between(d("2026-08-31"), d("2026-09-01")) == 0  # the summer one: not Scotland's
    assert working_days_between(d("2026-08-03"), d("2026-08-04")) == 1  # Scotland's is a working day here


def test_holidays_moved_from_a_weekend_and_single_ones_count() -> None:
    assert working_days_between(d("2026-12-28"), d("2026-12-29")) == 0  # Boxing Day 2026 is a Saturday
    assert working_days_between(d("2022-09-19"), d("2022-09-20")) == 0  # the state funeral
    assert working_days_between(d("2023-05-08"), d("2023-05-09")) == 0  # the coronation
    assert working_days_between(d("2020-05-04"), d("2020-05-05")) == 1  # May Day moved to 8 May


def test_the_nth_working_day_after_a_day_does_not_count_the_day() -> None:
    assert add_working_days(d("2026-03-02"), 5) == d("2026-03-09")
    assert add_working_days(d("2025-12-24"), 1) == d("2025-12-29")
    assert add_working_days(d("2026-03-07"), 1) == d("2026-03-09")  # from a Saturday, Monday is day 1
    assert add_working_days(d("2026-03-07"), 0) == d("2026-03-07")
    assert add_working_days(d("2026-03-09"), -1) == d("2026-03-06")


@given(DATES, st.integers(1, 60))
def test_adding_and_counting_working_days_agree(start: date, n: int) -> None:
    end = add_working_days(start, n)
    assert working_days_between(start + timedelta(days=1), end + timedelta(days=1)) == n
    assert working_days_between(end, end + timedelta(days=1)) == 1


def test_school_days_leave_out_august_weekends_and_bank_holidays() -> None:
    assert school_days_between(d("2026-07-30"), d("2026-09-03")) == 4  # 30 and 31 July, 1 and 2 September
    assert school_days_between(d("2026-08-01"), d("2026-09-01")) == 0
    assert school_days_between(d("2025-12-22"), d("2026-01-05")) == 7  # no school calendar is assumed
    assert add_school_days(d("2026-07-30"), 2) == d("2026-09-01")


def test_months_are_calendar_months_and_end_with_the_month() -> None:
    assert add_months(d("2025-08-31"), 6) == d("2026-02-28")
    assert add_months(d("2023-08-31"), 6) == d("2024-02-29")
    assert add_months(d("2026-03-31"), -1) == d("2026-02-28")
    assert add_months(d("2026-01-15"), 3) == d("2026-04-15")


def test_twelve_months_to_31_march_begin_on_1_april_as_the_year_of_the_return() -> None:
    assert first_of_months(d("2026-03-31"), 12) == d("2025-04-01")
    assert first_of_months(d("2024-02-29"), 12) == d("2023-03-01")


def test_a_birthday_on_29_february_falls_on_1_march_in_other_years() -> None:
    assert birthday(d("2008-02-29"), 16) == d("2024-02-29")
    assert birthday(d("2008-02-29"), 17) == d("2025-03-01")


def test_compulsory_school_age_begins_after_the_fifth_birthday() -> None:
    assert school_age(d("2012-05-12"))[0] == d("2017-08-31")
    assert school_age(d("2012-09-01"))[0] == d("2017-12-31")
    assert school_age(d("2012-01-02"))[0] == d("2017-03-31")
    assert school_age(d("2012-08-31"))[0] == d("2017-08-31")  # five on the day itself


def test_compulsory_school_age_ends_with_the_last_friday_of_june_of_the_year_of_the_sixteenth_birthday() -> None:
    assert school_age(d("2012-05-12"))[1] == d("2028-07-01")  # Friday 30 June is the last day
    assert school_age(d("2012-08-31"))[1] == d("2028-07-01")
    assert school_age(d("2012-09-01"))[1] == d("2029-06-30")  # a year later: Friday 29 June


def test_stretches_that_touch_are_one_and_empty_ones_none() -> None:
    a, b, c, e = d("2026-01-01"), d("2026-02-01"), d("2026-03-01"), d("2026-04-01")
    assert joined([(b, c), (a, b)]) == ((a, c),)
    assert joined([(a, b), (c, e)]) == ((a, b), (c, e))
    assert joined([(b, b), (c, a), (None, c)]) == ()
    assert joined([(a, None), (b, c)]) == ((a, date.max),)


def test_common_days_and_days_left_over() -> None:
    a, b, c, e = d("2026-01-01"), d("2026-01-11"), d("2026-01-21"), d("2026-01-31")
    assert common(((a, c),), ((b, e),)) == ((b, c),)
    assert without(((a, e),), ((b, c),)) == ((a, b), (c, e))
    assert without(((a, c),), ((a, c),)) == ()
    assert days_in(((a, b), (c, e))) == 20


SOME = st.lists(st.tuples(DATES, DATES), max_size=6).map(joined)


@given(SOME, SOME)
def test_common_and_left_over_days_make_up_the_whole(a: tuple, b: tuple) -> None:
    assert days_in(common(a, b)) + days_in(without(a, b)) == days_in(a)
    assert common(without(a, b), b) == ()
