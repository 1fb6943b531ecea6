"""Invented children, in families."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from itertools import count as counter
from itertools import pairwise
from random import Random

from faker import Faker

from graph.calendars import birthday
from graph.records import age
from ingest.generate import chance as by
from ingest.generate.places import Map, Spot

YEAR = 365.25
FIRST_NUMBER = 900_100
CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


@dataclass(frozen=True)
class Story:
    """How things go for a child: what makes one page of the demonstration differ from another.

    moves, workers: changes of home and of social worker a year. gap: share of changes of worker that leave
    nobody for a while. late: share of visits and reviews that are late. far: the last move went far away.
    apart: the agencies do not meet. complex: the description of the cohort fits. troubled: some of it does.
    """

    moves: float
    workers: float
    gap: float
    late: float
    far: bool = False
    apart: bool = False
    complex: bool = False
    troubled: bool = False


STORIES: dict[str, Story] = {
    "settled": Story(0.12, 0.35, 0.05, 0.003),
    "new faces": Story(0.2, 2.6, 0.3, 0.05),
    "sent far": Story(0.3, 0.9, 0.1, 0.01, far=True),
    "apart": Story(0.2, 0.7, 0.1, 0.01, apart=True),
    "on the move": Story(1.6, 0.9, 0.2, 0.02, troubled=True),
}
COMPLEX = Story(2.6, 0.4, 0.0, 0.003, far=True, apart=True, complex=True)
SHARES = {"settled": 55, "new faces": 14, "sent far": 12, "apart": 9, "on the move": 12}
SHARE_COMPLEX, LEAST_COMPLEX = 0.03, 3
SHARE_LEFT = 0.25  # of families, those whose children left care in the years of the return
SHARE_EIGHTEEN = 0.4  # of those who left, those who turned 18
SIBLINGS = {1: 70, 2: 20, 3: 10}


@dataclass(frozen=True)
class Home:
    """A stay in one home, half-open; `reason` is why it ended (903 code)."""

    type: str
    provider: str
    spot: Spot
    urn: str
    start: date
    end: date | None = None
    reason: str | None = None


@dataclass
class Child:
    """An invented child and their time in care, half-open; `end` is None while they are looked after."""

    number: str
    family: int
    sex: str
    born: date
    name: str
    ethnicity: str
    upn: str
    nhs_number: str
    uasc: bool
    need: str
    story: Story
    home: Spot
    start: date
    end: date | None
    statuses: list[tuple[date, str]] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)

    def at(self, day: date) -> Home:
        """The home on a day: the first one before, the last one after."""
        return next((h for h in reversed(self.homes) if h.start <= day), self.homes[0])

    def moves(self) -> Iterator[tuple[Home, Home]]:
        """Each home and the next."""
        return pairwise(self.homes)

    def chance(self, seed: int, purpose: str) -> Random:
        """The child's own source of chance for a purpose."""
        return by.stream(seed, self.number, purpose)


@dataclass(frozen=True)
class Family:
    """What siblings share: `start` and `left` are when care began and ended; `complex` is an only child."""

    number: int
    surname: str
    home: Spot
    ethnicity: str
    eldest: date
    need: str
    uasc: bool
    start: date
    left: date | None
    complex: bool


def children(count: int, seed: int, first: date, last: date, area: Map, faker: Faker) -> list[Child]:
    """So many children. first, last: the days the files cover."""
    complex_ones = max(LEAST_COMPLEX, round(count * SHARE_COMPLEX)) if count >= 10 else 0
    found: list[Child] = []
    for number in counter():
        if len(found) >= count:
            break
        chance = by.stream(seed, "family", number)
        size = 1 if len(found) < complex_ones else by.pick(chance, SIBLINGS)
        family = _family(number, size, len(found) < complex_ones, chance, first, last, area, faker)
        for born in _births(family, size, chance, last):
            if child := _child(family, born, len(found), chance, first, last, faker):
                found.append(child)
    return found[:count]


def _family(
    number: int, size: int, complex_one: bool, chance: Random, first: date, last: date, area: Map, faker: Faker
) -> Family:
    leaves = not complex_one and chance.random() < SHARE_LEFT
    day = by.between(chance, first + timedelta(days=40), last) if leaves else last
    of_age = leaves and chance.random() < SHARE_EIGHTEEN
    left = day if leaves and not of_age else None
    eldest = _born(chance, day, (13, 16) if complex_one else (18, 18) if of_age else by.pick(chance, by.AGES))
    alone = not complex_one and size == 1 and age(eldest, day) >= 16
    uasc = alone and chance.random() < by.SHARE_UASC / by.share(by.AGES, (16, 18))
    need = "N1" if complex_one else "N8" if uasc else by.pick(chance, by.NEEDS)
    start = _came(chance, eldest, day, complex_one, uasc)
    return Family(
        number, faker.last_name(), area.home(chance), by.pick(chance, by.ETHNICITIES), eldest, need, uasc, start,
        left, complex_one,
    )  # fmt: skip


def _born(chance: Random, last: date, ages: tuple[int, int]) -> date:
    low, high = ages
    return last - timedelta(days=round(chance.uniform(low, high) * YEAR))


def _came(chance: Random, born: date, last: date, complex_one: bool, uasc: bool) -> date:
    """When care began: 72% of children have been looked after for a year or more."""
    if complex_one:
        return last - timedelta(days=chance.randint(1000, 1450))
    earliest = birthday(born, 15) if uasc else born
    span = min(chance.expovariate(1 / (1.2 if uasc else 3.2)), (last - earliest).days / YEAR)
    return max(earliest, last - timedelta(days=max(25, round(span * YEAR))))


def _births(family: Family, size: int, chance: Random, last: date) -> list[date]:
    """The eldest's birth and those of the others, a year or more apart."""
    births = [family.eldest]
    for _ in range(size - 1):
        births.append(births[-1] + by.days(chance, 330, 1300))
    return [born for born in births if born < last - timedelta(days=20)]


def _child(family: Family, born: date, nth: int, chance: Random, first: date, last: date, faker: Faker) -> Child | None:
    """One child of a family; None for one who was not looked after in the years of the return."""
    sex = by.pick(chance, {"M": 90, "F": 10} if family.uasc else by.SEXES)
    name = f"{faker.first_name_male() if sex == 'M' else faker.first_name_female()} {family.surname}"
    start = max(family.start, born + by.days(chance, 0, 14))
    end = min((d for d in (family.left, birthday(born, 18)) if d and d <= last), default=None)
    if end and end < max(first, start) + timedelta(days=30):
        return None
    story = COMPLEX if family.complex else _for_age(STORIES[by.pick(chance, SHARES)], born, last)
    return Child(
        f"{FIRST_NUMBER + nth}", family.number, sex, born, name, family.ethnicity,
        _upn(nth, born, family.uasc, last), _nhs_number(nth), family.uasc, family.need, story, family.home, start,
        end,
    )  # fmt: skip


def _for_age(story: Story, born: date, last: date) -> Story:
    """Little children move less, and are placed nearer."""
    small = age(born, last) < 6
    return replace(story, moves=min(story.moves, 0.4), far=False, troubled=False) if small else story


def _nhs_number(n: int) -> str:
    """An NHS number of the range kept for tests (999…), with its check digit."""
    for candidate in range(999_000_000 + 7 * n, 999_000_000 + 7 * n + 7):
        digits = str(candidate)
        check = -sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"
    raise AssertionError("seven numbers running without a check digit")


def _upn(n: int, born: date, uasc: bool, last: date) -> str:
    """A unique pupil number of an authority there is not (999), or why there is none."""
    if uasc:
        return "UN2"
    if age(born, last) < 4:
        return "UN1"
    digits = f"999{4000 + n // 1000}{(born.year + 4) % 100:02d}{n % 1000:03d}"
    return CHECK_LETTERS[sum(int(d) * w for d, w in zip(digits, range(2, 14), strict=True)) % 23] + digits
