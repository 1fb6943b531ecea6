"""Who comes into care, when, with which brothers and sisters, and how it will end.

Families come at any time in the eighteen years before the last day, a few fewer each year; a child stays for a
time that depends on how care ends (`shares`). Those who are there on some day of the files are told of, and
families come until as many children as were asked for are looked after on the last day. So the children on that
day, those who came and those who left in a year, and their ages all follow from one another, as in life.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import count
from random import Random

from faker import Faker

from graph.calendars import birthday
from graph.records import age
from ingest.generate import chance as by
from ingest.generate import shares
from ingest.generate.childhood import COMPLEX, FIRST_NUMBER, SHARES, STORIES, Child, Story, nhs_number, upn
from ingest.generate.places import Map, Spot

Ends = Mapping[str, Mapping[str, float]]  # by route, the 903 codes with which care ends

WINDOW = 18  # years in which those who are still there can have come
FEWER = 0.04  # of each year's, how many fewer come the year after
SHARE_COMPLEX, LEAST_COMPLEX = 0.02, 3
NEWBORN = 0.62  # of those who come before they are one, at birth or soon after
TOGETHER = 0.75  # of brothers and sisters, those who leave care as the first one does


@dataclass(frozen=True)
class Coming:
    """One child's time in care: born, and from when to when by which route (`shares.ROUTES`) and 903 code."""

    born: date
    start: date
    until: date
    route: str
    ceased: str


@dataclass(frozen=True)
class Source:
    """What families are made of: the days the files cover, the map, names, and the seed."""

    seed: int
    first: date
    last: date
    area: Map
    faker: Faker


def families(children: int, source: Source) -> Iterator[list[Child]]:
    """Families with the children of theirs who were looked after on some day from `first` to `last`.

    As many as make up `children` who are looked after on the last day.
    """
    complex_ones = max(LEAST_COMPLEX, round(children * SHARE_COMPLEX)) if children >= 10 else 0
    there, named = 0, 0
    for number in count():
        if there >= children:
            return
        chance = by.stream(source.seed, "family", number)
        uasc, members = (False, _complex(chance, source)) if number < complex_ones else _members(chance, source)
        told = _within(members, children - there, source)
        if told:
            household = _household(number, uasc, number < complex_ones, chance, source)
            yield [_child(named + n, household, coming, source) for n, coming in enumerate(told)]
            there += sum(c.until > source.last for c in told)
            named += len(told)


def _within(members: list[Coming], most: int, source: Source) -> list[Coming]:
    """Those who are looked after on some day of the files; of those who still are, no more than `most`."""
    seen = [c for c in members if c.until > source.first and c.start < source.last - timedelta(days=3)]
    still = [c for c in seen if c.until > source.last]
    return [c for c in seen if c not in still[most:]]


# --- when, and for how long ---


def _members(chance: Random, source: Source) -> tuple[bool, list[Coming]]:
    """A child, and brothers and sisters who come with them or are born later; whether the child is unaccompanied."""
    start = _day(chance, source.last)
    ages = by.pick(chance, shares.STARTS)
    born = start - timedelta(days=round(_age(chance, ages) * by.YEAR))
    years = age(born, start)
    if chance.random() < by.of_age(shares.UASC, years):
        return True, [_unaccompanied(chance, born, start)]
    first = _coming(chance, born, start)
    found = [first]
    youngest = eldest = born
    for _ in range(by.pick(chance, shares.SIBLINGS) - 1):
        gap = by.days(chance, 330, 1300)
        if chance.random() < 0.5:
            eldest -= gap
            other = eldest
        else:
            youngest += gap
            other = youngest
        if sibling := _sibling(chance, other, first):
            found.append(sibling)
    return False, found


def _day(chance: Random, last: date) -> date:
    """A day in the years before the last one, the longer ago a little the likelier."""
    while True:
        ago = WINDOW * chance.random()
        if chance.random() * (1 + FEWER * WINDOW) <= 1 + FEWER * ago:
            return last - timedelta(days=round(ago * by.YEAR))


# Within a band: more of those of 10 to 15 come at the end of it, and few of 16 or 17 in the last weeks before 18.
_LATER = {10: (0.55, 1.0), 16: (1.15, 0.97)}


def _age(chance: Random, ages: shares.Ages) -> float:
    low, high = ages
    if high == 1:
        return chance.random() * 0.12 if chance.random() < NEWBORN else chance.random()
    power, reach = _LATER.get(low, (1.0, 1.0))
    return low + (high - low) * chance.random() ** power * reach


def _coming(chance: Random, born: date, start: date) -> Coming:
    years = age(born, start)
    route = by.pick(chance, by.of_age(shares.ROUTES, years))
    if route == "18":
        return _until(chance, born, start, route, birthday(born, 18), shares.ENDS)
    mean, shape = shares.LENGTHS[route]
    length = by.years(chance, mean * by.of_age(shares.LONGER, years), shape)
    return _until(chance, born, start, route, start + length, shares.ENDS)


def _unaccompanied(chance: Random, born: date, start: date) -> Coming:
    route = by.pick(chance, shares.UASC_ROUTES)
    length = by.years(chance, *shares.LENGTHS["other"]) if route != "18" else timedelta(days=9999)
    return _until(chance, born, start, route, start + length, shares.UASC_ENDS)


def _until(chance: Random, born: date, start: date, route: str, day: date, ends: Ends) -> Coming:
    """Who turns 18 before the day leaves care on that birthday."""
    of_age = birthday(born, 18)
    if day >= of_age:
        route, day = "18", of_age
    return Coming(born, start, day, route, by.pick(chance, ends[route]))


def _sibling(chance: Random, born: date, first: Coming) -> Coming | None:
    """A brother or sister; one who is born later comes at birth. None for one who does not come."""
    start = first.start if born <= first.start else born + by.days(chance, 0, 14)
    own = _coming(chance, born, start)
    if start >= birthday(born, 17) or (start > first.start and (start - first.start).days > 900):
        return None
    fits = first.route in ("home", "kin", "other") or (first.route == "adopted" and age(born, start) < 5)
    if fits and chance.random() < TOGETHER and start + timedelta(days=21) < first.until < birthday(born, 18):
        return replace(own, until=first.until, route=first.route, ceased=first.ceased)
    return own


def _complex(chance: Random, source: Source) -> list[Coming]:
    """A child of the cohort: 13 to 15 on the last day, and some three years in care."""
    born = source.last - timedelta(days=round(chance.uniform(13, 16) * by.YEAR))
    start = source.last - by.days(chance, 1000, 1450)
    return [Coming(born, start, birthday(born, 18), "18", by.pick(chance, shares.ENDS["18"]))]


# --- who they are ---


@dataclass(frozen=True)
class Household:
    """What brothers and sisters share."""

    family: int
    surname: str
    home: Spot
    ethnicity: str
    need: str
    uasc: bool
    complex: bool


def _household(family: int, uasc: bool, complex_one: bool, chance: Random, source: Source) -> Household:
    ethnicity = by.pick(chance, shares.UASC_ETHNICITIES if uasc else shares.ETHNICITIES)
    need = "N1" if complex_one else "N8" if uasc else by.pick(chance, shares.NEEDS)
    return Household(family, source.faker.last_name(), source.area.home(chance), ethnicity, need, uasc, complex_one)


def _child(nth: int, household: Household, coming: Coming, source: Source) -> Child:
    chance, faker, last = by.stream(source.seed, FIRST_NUMBER + nth, "child"), source.faker, source.last
    sex = by.pick(chance, {"M": 91, "F": 9} if household.uasc else shares.SEXES)
    forename = faker.first_name_male() if sex == "M" else faker.first_name_female()
    story = _for_age(STORIES[by.pick(chance, SHARES)], coming.born, min(last, coming.until))
    return Child(
        number=f"{FIRST_NUMBER + nth}", family=household.family, sex=sex, born=coming.born,
        name=f"{forename} {household.surname}", ethnicity=household.ethnicity,
        upn=upn(nth, coming.born, household.uasc, last), nhs_number=nhs_number(nth), uasc=household.uasc,
        need=household.need, story=COMPLEX if household.complex else story, home=household.home, start=coming.start,
        end=coming.until if coming.until <= last else None, until=coming.until, route=coming.route,
        ceased=coming.ceased,
    )  # fmt: skip


def _for_age(story: Story, born: date, last: date) -> Story:
    """Little children move less, and are placed nearer."""
    small = age(born, last) < 6
    return replace(story, moves=min(story.moves, 0.35), far=False, troubled=False) if small else story
