"""The schools of an invented child."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from ingest.generate import chance as by
from ingest.generate.childhood import Child
from ingest.generate.council import Council
from ingest.generate.folders import Agency

# Of moves to a home in another area, near or far, those after which the child goes to another school.
NEAR, FAR, SAME_AREA = 0.2, 0.5, 0.04
BY_ITSELF = 0.012  # changes of school a year without a change of home
SCHOOLS, ELSEWHERE = 60, 3  # schools of a phase in the council's area, and in each other one

Attended = tuple[Agency, date, date | None]


def schools(child: Child, council: Council) -> Iterator[Attended]:
    """Schools from reception to year 11: another one at eleven, and after some moves; a place may take weeks."""
    chance = child.chance(council.seed, "schools")
    reception = date(child.born.year + (4 if child.born.month < 9 else 5), 9, 4)
    secondary, leaves = reception.replace(year=reception.year + 7), date(reception.year + 12, 6, 30)
    begins = max(reception, min(child.start - timedelta(days=400), council.first))
    stops = min(leaves, child.end or council.last + timedelta(days=1), council.last + timedelta(days=1))
    days = _changes(child, secondary, begins, stops, chance)
    for start, end in zip([begins, *days], [*days, leaves], strict=True):
        if start >= stops:
            return
        moved = start not in (begins, secondary)
        on_roll = by.weekday(start + _until_there_is_a_place(child, chance)) if moved else start
        if on_roll <= council.last and on_roll < end:
            yield _school(child, council, start, secondary, chance), on_roll, end if end <= council.last else None


def _changes(child: Child, secondary: date, begins: date, stops: date, chance: Random) -> list[date]:
    """Days on which a school ends, weeks apart at least."""
    found = [secondary, *by.spread(chance, BY_ITSELF, begins, stops)]
    for a, b in child.moves():
        near = a.spot.authority == b.spot.authority
        if chance.random() < (SAME_AREA if near else FAR if child.story.far or child.story.complex else NEAR):
            found.append(b.start)
    kept: list[date] = []
    for day in sorted(d for d in found if begins < d < stops):
        if not kept or (day - kept[-1]).days > 60:
            kept.append(day)
    return kept


def _until_there_is_a_place(child: Child, chance: Random) -> timedelta:
    slow = chance.random() < (0.5 if child.story.far else 0.06)
    return by.days(chance, 35, 80) if slow else by.days(chance, 2, 12)


def _school(child: Child, council: Council, start: date, secondary: date, chance: Random) -> Agency:
    area = child.at(start).spot.authority
    phase = "secondary" if start >= secondary else "primary"
    return council.school(area, phase, chance.randint(1, SCHOOLS if area == council.authority else ELSEWHERE))
