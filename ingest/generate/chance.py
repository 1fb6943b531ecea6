"""Drawing by chance so that it can be repeated."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import TypeVar

K = TypeVar("K")

YEAR = 365.25


def stream(*of: object) -> Random:
    """A source of chance of its own for each purpose, so that more of one thing changes no other."""
    return Random(":".join(map(str, of)))


def pick(chance: Random, shares: Mapping[K, float]) -> K:
    """One of the keys, as often as its share says."""
    return chance.choices(list(shares), list(shares.values()))[0]


def of_age(by_age: Mapping[tuple[int, int], K], age: int) -> K:
    """What holds at an age; the last where someone is older."""
    return next((v for (_, below), v in by_age.items() if age < below), list(by_age.values())[-1])


def days(chance: Random, least: int, most: int) -> timedelta:
    """A number of days, both ends possible."""
    return timedelta(days=chance.randint(least, most))


def between(chance: Random, first: date, last: date) -> date:
    """A day from first to last, both possible; first where last is before it."""
    return first + timedelta(days=chance.randint(0, max(0, (last - first).days)))


def spread(chance: Random, a_year: float, start: date, end: date) -> list[date]:
    """Days in [start, end) at which something happens, so many a year on average and no memory."""
    found = []
    day = float(start.toordinal())
    while a_year and (day := day + chance.expovariate(a_year / 365.25)) < end.toordinal():
        found.append(date.fromordinal(int(day)))
    return found


def weekday(day: date) -> date:
    """The day, or the Monday after it."""
    return day + timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)


def years(chance: Random, mean: float, shape: float) -> timedelta:
    """A length of time drawn from a gamma distribution with this mean in years: the larger the shape, the nearer."""
    return timedelta(days=max(2, round(chance.gammavariate(shape, mean / shape) * YEAR)))
