"""What is asked of a child's story to say what is planted in it, and the register of what is asked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import date, timedelta

from graph.calendars import Days, first_of_months, joined
from ingest.generate.childhood import Home
from ingest.generate.team import Tie
from ingest.generate.told import Told

NIGHT = timedelta(days=1)
FOR_ADOPTION = ("A5", "A6")
Found = Iterator[tuple[str, str, date, date | None, str]]  # rule, subject, from, to, why
Plants = Callable[[Told, date], Found]
EVERY: list[Plants] = []


def plants(function: Plants) -> Plants:
    """A function that tells what is planted for a finding or several."""
    EVERY.append(function)
    return function


def care_of(told: Told, t: date) -> Days:
    """The days in care, to the last one."""
    return joined([(told.child.start, told.child.end or t + NIGHT)])


def since(t: date, months: int = 12) -> date:
    """The first of so many months to a day."""
    return first_of_months(t, months)


def held_by(ties: Iterable[Tie], t: date) -> Days:
    """The days on which one of these is there."""
    return joined((tie.start, tie.end or t + NIGHT) for tie in ties)


def in_care(told: Told, t: date) -> bool:
    """Whether the child is looked after on a day: of who has left nothing is planted."""
    return told.child.cared_for(t)


def moves_of(told: Told, t: date, months: int = 12) -> list[tuple[Home, Home]]:
    """Each home and the next, where the change falls in the months to a day."""
    if not in_care(told, t):
        return []
    return [(a, b) for a, b in told.child.moves() if since(t, months) <= b.start <= t]
