"""Schools: when the child was on which roll, PEP meetings, and exclusions."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from random import Random

from graph.calendars import add_working_days, school_age
from ingest.generate import chance as by
from ingest.generate.folders import Worker
from ingest.generate.partners.desk import Desk

FIRST_IN_TIME = 0.88  # of first PEPs, those within ten working days
EXCLUSIONS = {True: 0.9, False: 0.035}  # a year, of children who are troubled and of others


def write(desk: Desk) -> None:
    """What the schools and the virtual school have."""
    chance = desk.chance("education")
    schools = desk.folders["schools"]
    for school, start, end in desk.team.schools:
        if end is None or end > desk.first:
            schools.join("attends", desk.child.number, schools.agency(school), start=start, end=end)
    _peps(desk, chance)
    troubled = desk.child.story.troubled or desk.child.story.complex
    for on in by.spread(chance, EXCLUSIONS[troubled], max(desk.child.start, desk.first), desk.last):
        if desk.team.one("designated_teacher", on) and desk.child.age(on) >= 7:
            desk.event(schools, "exclusion", by.weekday(on))


def terms(first: date, last: date, chance: Random) -> Iterator[date]:
    """A day in each school term between two days."""
    for year in range(first.year, last.year + 1):
        for month, day in ((1, 20), (5, 10), (10, 8)):
            on = by.weekday(date(year, month, day) + by.days(chance, 0, 35))
            if first <= on <= last:
                yield on


def _peps(desk: Desk, chance: Random) -> None:
    """A PEP meeting at first and each term: social worker, designated teacher, virtual school.

    Where agencies keep apart education meets alone; where one worker holds everything it meets that worker.
    """
    child = desk.child
    begins, ends = school_age(child.born)
    start = max(child.start, begins)
    days = set(terms(max(desk.first, start), desk.last, desk.chance("terms")))
    late = chance.random() >= FIRST_IN_TIME
    soon = add_working_days(start, chance.randint(14, 30) if late else chance.randint(3, 10))
    if late and desk.covers(soon) and start < ends and child.start >= desk.first:
        desk.plant("clocks.pep", "the first PEP", add_working_days(start, 10), "drawn late", soon)
    for on in sorted({*days, soon}):
        if desk.covers(on) and on < ends and (on == soon or chance.random() >= child.story.late):
            _pep(desk, on, chance)


def _pep(desk: Desk, on: date, chance: Random) -> None:
    story = desk.child.story
    worker, teacher, adviser = (desk.team.one(r, on) for r in ("social_worker", "designated_teacher", "virtual_school"))
    who: tuple[Worker | None, ...] = (worker, teacher, adviser)
    if story.complex:
        who = (worker, teacher)
    elif story.apart:
        who = (teacher, adviser)
    there = [(each, "present") for each in who if each]
    if there:
        alone = story.apart and not story.complex and teacher is not None
        desk.meeting("pep", on, there, desk.folders["schools"] if alone else None, recorded=chance)
