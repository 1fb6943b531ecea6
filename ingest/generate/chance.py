"""Drawing by chance so that it can be repeated, and England's shares to draw by.

Shares: DfE, children looked after in England including adoptions, 2024-25; stability measures for children
looked after, 2025; children's social work workforce, 2025 (Open Government Licence). A guide, not a model: an
invented council should look like a council.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from random import Random
from typing import TypeVar

K = TypeVar("K")

# Age at the end of the year: from, to (not reached).
AGES: Mapping[tuple[int, int], float] = {
    (0, 1): 4,
    (1, 5): 12,
    (5, 10): 18,
    (10, 16): 38,
    (16, 18): 27,
}
SEXES: Mapping[str, float] = {"M": 56, "F": 44}
ETHNICITIES: Mapping[str, float] = {
    "WBRI": 66, "WOTH": 5, "MWBC": 4, "MWAS": 2, "MOTH": 5, "BCRB": 2, "BAFR": 6, "AIND": 1, "APKN": 3,
    "ABAN": 1, "OOTH": 4, "NOBT": 1,
}  # fmt: skip
NEEDS: Mapping[str, float] = {"N1": 67, "N5": 12, "N8": 8, "N4": 7, "N2": 2, "N3": 2, "N6": 1}
SHARE_UASC = 0.08
# Why a placement changed, without changes of status only.
CHANGES: Mapping[str, float] = {
    "CARPL": 34, "OTHER": 25, "CREQB": 8, "CREQO": 7, "CHILD": 3, "LAREQ": 2, "ALLEG": 1, "STAND": 1,
    "CLOSE": 1,
}  # fmt: skip
WORKER_CHANGES: Mapping[str, float] = {"TSPROC": 19, "MANAGE": 17, "ABSENC": 5, "ORGRST": 4, "CHCHAN": 0.5}
# Type of placement by age from, to.
PLACES: Mapping[tuple[int, int], Mapping[str, float]] = {
    (0, 5): {"U6": 56, "U3": 14, "P1": 12, "U5": 7, "A5": 7, "R3": 4},
    (5, 10): {"U6": 46, "U4": 16, "U1": 8, "U3": 11, "P1": 11, "K2": 8},
    (10, 16): {"U6": 38, "U4": 14, "U1": 6, "U3": 5, "K2": 27, "P1": 8, "S1": 2},
    (16, 18): {"U6": 27, "U4": 12, "U3": 6, "K2": 15, "K3": 34, "P1": 6},
}
PROVIDERS: Mapping[str, Mapping[str, float]] = {
    "foster": {"PR1": 52, "PR4": 41, "PR5": 7},
    "kin": {"PR1": 100},
    "K2": {"PR1": 15, "PR4": 78, "PR5": 7},
    "K3": {"PR4": 85, "PR5": 15},
    "other": {"PR4": 60, "PR1": 40},
}
# Where a home is: in the authority, outside within 20 miles, outside and further; by who provides it.
WHERE: Mapping[str, Mapping[str, float]] = {
    "PR1": {"in": 76, "near": 21, "far": 3},
    "PR4": {"in": 37, "near": 37, "far": 26},
    "PR5": {"in": 40, "near": 38, "far": 22},
}


def stream(*of: object) -> Random:
    """A source of chance of its own for each purpose, so that more of one thing changes no other."""
    return Random(":".join(map(str, of)))


def pick(chance: Random, shares: Mapping[K, float]) -> K:
    """One of the keys, as often as its share says."""
    return chance.choices(list(shares), list(shares.values()))[0]


def share(shares: Mapping[K, float], key: K) -> float:
    """How often a key is picked, from 0 to 1."""
    return shares[key] / sum(shares.values())


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
