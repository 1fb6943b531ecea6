"""Measures of continuity, shown beside findings and never as alarms.

Days and contacts are different data and have different measures: an allocation or a placement lasts, a visit
happens. None is “undefined”, which is not 0. That indices made for patients and doctors are used for children
and social workers is an adaptation of ours, and no index says what the child felt.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from itertools import pairwise

from graph.calendars import common, days_in, joined

# Who or what is held (a worker, a home, a school), from when, and to when: half-open, no end where it is open.
Held = tuple[str, date, date | None]

# A house rule: with fewer contacts an index takes so few values that it says nothing.
LEAST_CONTACTS = 4


def days_held(spells: Iterable[Held], a: date, b: date) -> dict[str, int]:
    """Days in [a, b) that each holder has; a day a holder has twice counts once."""
    by_holder: dict[str, list[tuple[date, date | None]]] = {}
    for who, start, end in spells:
        by_holder.setdefault(who, []).append((start, end))
    held = {who: days_in(common(joined(of), joined([(a, b)]))) for who, of in by_holder.items()}
    return {who: n for who, n in held.items() if n}


def coverage(spells: Iterable[Held], a: date, b: date) -> float | None:
    """Share of the days in [a, b) on which anyone is there at all: |union of spells| / |window|."""
    window = joined([(a, b)])
    there = joined((start, end) for _, start, end in spells)
    return days_in(common(there, window)) / days_in(window) if window else None


def upc_d(spells: Iterable[Held], a: date, b: date) -> float | None:
    """Usual provider continuity in days: the most days anyone has, over the days of the window [a, b).

    Days on which no one is there lower it. After Breslau and Reeb 1975, who count contacts.
    """
    window = days_in(joined([(a, b)]))
    return max(days_held(spells, a, b).values(), default=0) / window if window else None


def hhi_d(spells: Iterable[Held], a: date, b: date) -> float | None:
    """How far the days held in [a, b) are with few: the sum of squared shares, from 1/k for k alike to 1 for one.

    The Herfindahl–Hirschman index, which is what Bice and Boxerman's index tends to as contacts become many;
    theirs, put to days, changes with the unit and can fall below 0. None where no day is held.
    """
    held = days_held(spells, a, b).values()
    return sum((n / sum(held)) ** 2 for n in held) if held else None


def coc(contacts: Sequence[str], least: int = LEAST_CONTACTS) -> float | None:
    """Continuity of care over contacts, one holder each: (Σ nᵢ² − N) / (N (N − 1)); None under `least` contacts.

    The chance that two contacts taken at random were with the same person. Bice and Boxerman 1977, Medical
    Care 15:347. It falls as contacts and people rise and is blind to order: show it with `secon` and N. Only
    contacts within one service: one worker, one doctor and one teacher are not discontinuity.
    """
    n = len(contacts)
    if n < max(least, 2):
        return None
    return (sum(m * m for m in Counter(contacts).values()) - n) / (n * (n - 1))


def secon(contacts: Sequence[str], least: int = LEAST_CONTACTS) -> float | None:
    """Sequential continuity: the share of contacts, in order of time, with the same person as the one before.

    Steinwachs 1979, Medical Care 17:551. None under `least` contacts. Of spells it says nothing: neighbours
    among them are different people by definition.
    """
    if len(contacts) < max(least, 2):
        return None
    return sum(a == b for a, b in pairwise(contacts)) / (len(contacts) - 1)


def moves_per_1000_days(moves: int, days: int) -> float | None:
    """1000 × changes of placement / days in care; coming into care is no move. None where there are no days.

    The rate of the United States' Child and Family Services Reviews (round 4, placement stability), there
    for those who come into care within 12 months; here for one child's whole time in care.
    """
    return 1000 * moves / days if days else None
