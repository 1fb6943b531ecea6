"""Counting days as regulations and schools count them: working days, school days, calendar months.

Intervals are half-open, [a, b): a is counted, b is not.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache, lru_cache
from itertools import islice
from typing import cast

import holidays
import numpy as np
from dateutil.relativedelta import FR, relativedelta

# Beyond these years weekends alone are left out.
YEARS = range(1980, 2061)

# Stretches of days, [start, end) each: in order, apart from one another, none of them empty.
Days = tuple[tuple[date, date], ...]


def working_days_between(a: date, b: date) -> int:
    """Working days in [a, b): not Saturdays, Sundays or bank holidays in England. None where b is before a.

    As regulation 2 of the Care Planning, Placement and Case Review (England) Regulations 2010 has it. Bank
    holidays are those of the `holidays` library, one-off ones (a coronation, a state funeral) included.
    """
    return int(np.busday_count(a, max(a, b), busdaycal=_working()))


def add_working_days(d: date, n: int) -> date:
    """The nth working day after d, which is not itself counted; before it where n is negative.

    n = 0 is d itself, a working day or not. From a Saturday, the first working day after it is day 1.
    """
    return _offset(d, n, _working())


def school_days_between(a: date, b: date) -> int:
    """Working days outside August in [a, b).

    No school calendar is assumed: half terms, Easter and Christmas holidays count, so that a limit in school
    days is reached early rather than late. Say so where it is shown.
    """
    return int(np.busday_count(a, max(a, b), busdaycal=_school()))


def add_school_days(d: date, n: int) -> date:
    """The nth working day outside August after d, which is not itself counted; before it where negative."""
    return _offset(d, n, _school())


@lru_cache(maxsize=4096)  # rules ask for the same few days again and again
def add_months(d: date, n: int) -> date:
    """The same day of the month n calendar months later (or earlier), the last one where there is none.

    31 August and six months is 28 February, or 29 in a leap year.
    """
    return d + relativedelta(months=n)


def first_of_months(t: date, n: int) -> date:
    """The first day of the n months that end with day t: 1 April of the year before for a 31 March and 12."""
    return add_months(t, -n) + timedelta(days=1)


def birthday(born: date, years: int) -> date:
    """The day someone turns an age: 1 March in a year without the 29 February they were born on.

    Family Law Reform Act 1969 section 9: an age is reached as the anniversary of the birth begins.
    """
    try:
        return born.replace(year=born.year + years)
    except ValueError:
        return date(born.year + years, 3, 1)


@lru_cache(maxsize=1024)
def school_age(born: date) -> tuple[date, date]:
    """Compulsory school age as [start, end) for a date of birth.

    It begins on the 31 August, 31 December or 31 March on or next after the fifth birthday, and ends with the
    last Friday of June of the school year (September to August) in which the child turns 16. Education Act
    1996 section 8; Start of Compulsory School Age Order 1998; School Leaving Date Order 1997.
    """
    five, sixteen = birthday(born, 5), birthday(born, 16)
    days = (date(five.year, 3, 31), date(five.year, 8, 31), date(five.year, 12, 31))
    start = next(d for d in days if d >= five)
    summer = sixteen.year if sixteen.month < 9 else sixteen.year + 1
    leaves = date(summer, 6, 30) + relativedelta(weekday=FR(-1))
    return start, leaves + timedelta(days=1)


# The days on which school terms end for the purposes of school age: Start of Compulsory School Age Order 1998.
TERMS_END = ((3, 31), (8, 31), (12, 31))


def term_end(d: date, after: int = 0) -> date:
    """The last day of the term a day is in, or of the term so many after it: 31 March, 31 August or 31 December.

    No school calendar is assumed: holidays belong to the term they follow.
    """
    ends = (date(year, *end) for year in range(d.year, d.year + after // 3 + 2) for end in TERMS_END)
    return next(islice((end for end in ends if end >= d), after, None))


# --- stretches of days ---


def joined(stretches: Iterable[tuple[date | None, date | None]]) -> Days:
    """Stretches joined where they touch or overlap; what has no start, or ends before it, is left out.

    An end that is absent is the end of time.
    """
    found: list[tuple[date, date]] = []
    for start, end in sorted((a, b or date.max) for a, b in stretches if a):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return tuple(found)


def common(a: Days, b: Days) -> Days:
    """The days that are in both."""
    pairs = ((max(p, r), min(q, s)) for p, q in a for r, s in b)
    return tuple(sorted((start, end) for start, end in pairs if start < end))


def without(a: Days, b: Days) -> Days:
    """The days of a that are not in b."""
    left = a
    for start, end in b:
        left = tuple((p, q) for r, s in left for p, q in ((r, min(s, start)), (max(r, end), s)) if p < q)
    return left


def days_in(stretches: Days) -> int:
    """How many days they hold."""
    return sum((end - start).days for start, end in stretches)


def _offset(d: date, n: int, days: np.busdaycalendar) -> date:
    if n == 0:
        return d
    found = np.busday_offset(d, n, roll="backward" if n > 0 else "forward", busdaycal=days)
    return cast(date, found.astype(object))


@cache
def _working() -> np.busdaycalendar:
    return np.busdaycalendar(holidays=sorted(holidays.country_holidays("GB", subdiv="ENG", years=YEARS)))


@cache
def _school() -> np.busdaycalendar:
    august = [date(year, 8, 1) + timedelta(days=n) for year in YEARS for n in range(31)]
    return np.busdaycalendar(holidays=sorted({*_working().holidays.astype(object), *august}))
