"""Where an invented child lives while looked after, and under which legal status."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from random import Random

from graph.records import age
from graph.reference.codes import CONNECTED_PERSON, FOSTER, REGISTERED_BUILDINGS
from ingest.generate import chance as by
from ingest.generate.childhood import FIRST_NUMBER, Child, Home
from ingest.generate.places import Map

# Supported accommodation has a code of its own (K3) from 2024-25.
SUPPORTED_SINCE = date(2024, 4, 1)
OWN_SERVICE, OTHER_SERVICES = 1, (2, 4)


def live(child: Child, seed: int, last: date, area: Map) -> None:
    """Give a child their homes and legal statuses, from the first day of care on."""
    chance = child.chance(seed, "care")
    end = child.end or last
    child.statuses = list(_statuses(child, end, chance))
    days = _days_of_moves(child, end, chance)
    for n, start in enumerate([child.start, *days]):
        final = n == len(days)
        far = child.story.far and (final or (child.story.complex and n % 2 == 1))
        home = replace(_home(child, chance, start, far, area), end=child.end if final else days[n])
        child.homes.append(home if final else replace(home, reason=_why(child, chance)))


def _days_of_moves(child: Child, end: date, chance: Random) -> list[date]:
    """When homes changed, weeks apart at least."""
    if child.story.complex:
        return list(_breakdowns(child.start, end - timedelta(days=60), chance))
    found = by.spread(chance, child.story.moves, child.start, end)
    if child.story.far and (end - child.start).days > 300:
        found.append(end - by.days(chance, 90, 290))
    kept: list[date] = []
    for day in sorted(map(by.weekday, found)):
        if (day - (kept[-1] if kept else child.start)).days > 40 and day < end - timedelta(days=7):
            kept.append(day)
    return kept


def _breakdowns(start: date, end: date, chance: Random) -> Iterator[date]:
    day = start
    while (day := by.weekday(day + by.days(chance, 105, 170))) < end:
        yield day


def _home(child: Child, chance: Random, start: date, far: bool, area: Map) -> Home:
    type_ = "U6" if child.story.complex else by.pick(chance, by.of_age(by.PLACES, age(child.born, start)))
    if type_ == "P1":
        return Home(type_, "PR0", child.home, "", start)
    provider = by.pick(chance, by.PROVIDERS[_kind(type_)])
    if far and provider == "PR1":
        provider = "PR4"
    spot = area.placement(chance, child.home, "far" if far else by.pick(chance, by.WHERE[provider]))
    if type_ == "K3" and start < SUPPORTED_SINCE:
        type_ = "H5"
    return Home(type_, provider, spot, _urn(child, type_, provider, chance), start)


def _kind(type_: str) -> str:
    if type_ in CONNECTED_PERSON:
        return "kin"
    return "foster" if type_ in FOSTER else type_ if type_ in by.PROVIDERS else "other"


def _urn(child: Child, type_: str, provider: str, chance: Random) -> str:
    """Of the building, or of the fostering service; blank where nothing is registered."""
    if type_ in REGISTERED_BUILDINGS:
        return f"SC99{(int(child.number) - FIRST_NUMBER) % 10_000:04d}{len(child.homes):02d}"
    if type_ not in FOSTER:
        return ""
    return f"SC9900{OWN_SERVICE if provider == 'PR1' else chance.randint(*OTHER_SERVICES):02d}"


def _why(child: Child, chance: Random) -> str:
    """Why a home ended."""
    carer_asked = child.story.complex or (child.story.troubled and chance.random() < 0.6)
    return chance.choice(("CREQB", "CREQB", "CREQO")) if carer_asked else by.pick(chance, by.CHANGES)


def _statuses(child: Child, end: date, chance: Random) -> Iterator[tuple[date, str]]:
    """Legal statuses and the days they began: for most an interim and then a full care order."""
    first = "V2" if child.uasc else by.pick(chance, {"V2": 45, "C1": 43, "L1": 11, "L2": 1})
    yield child.start, first
    if child.uasc or (first == "V2" and chance.random() < 0.55):
        return
    day = child.start
    if first != "C1":
        day = by.weekday(day + (by.days(chance, 30, 200) if first == "V2" else by.days(chance, 4, 9)))
        if day >= end:
            return
        yield day, "C1"
    day = by.weekday(day + by.days(chance, 180, 330))
    if day >= end:
        return
    yield day, "C2"
    adoption = age(child.born, day) < 4 and chance.random() < 0.5
    if adoption and (day := by.weekday(day + by.days(chance, 20, 90))) < end:
        yield day, "E1"
