"""An invented child: who they are, and where and under what law they live while they are looked after."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from random import Random

from graph.records import age
from ingest.generate import chance as by
from ingest.generate.places import Spot

FIRST_NUMBER = 900_100
CHECK_LETTERS = "ABCDEFGHJKLMNPQRTUVWXYZ"


@dataclass(frozen=True)
class Story:
    """How things go for a child: what makes one page of the demonstration differ from another.

    moves, workers: changes of home and of social worker a year, beside those that come of themselves. late: share
    of visits and reviews that are late. far: the last move went far away. apart: the agencies do not meet.
    complex: the description of the cohort fits. troubled: some of it does.
    """

    moves: float
    workers: float
    late: float
    far: bool = False
    apart: bool = False
    complex: bool = False
    troubled: bool = False


STORIES: dict[str, Story] = {
    "settled": Story(0.025, 0.225, 0.003),
    "new faces": Story(0.03, 2.4, 0.05),
    "sent far": Story(0.1, 0.4, 0.01, far=True),
    "apart": Story(0.03, 0.38, 0.01, apart=True),
    "on the move": Story(1.75, 0.48, 0.02, troubled=True),
}
COMPLEX = Story(2.6, 0.4, 0.003, far=True, apart=True, complex=True)
SHARES = {"settled": 55, "new faces": 12, "sent far": 8, "apart": 9, "on the move": 16}


@dataclass(frozen=True)
class Home:
    """A stay in one home, half-open; `reason` is why it ended (903 code).

    becomes: the day from which its type is another, with the same carer (a change of status only).
    """

    type: str
    provider: str
    spot: Spot
    urn: str
    start: date
    end: date | None = None
    reason: str | None = None
    becomes: tuple[date, str] | None = None

    def type_on(self, day: date) -> str:
        """The type of placement on a day."""
        return self.becomes[1] if self.becomes and self.becomes[0] <= day else self.type


@dataclass(frozen=True)
class Away:
    """A few days elsewhere that end no placement: hospital, a carer's holiday (903 codes T1 to T4)."""

    type: str
    spot: Spot
    start: date
    end: date


@dataclass
class Child:
    """An invented child and their time in care, half-open; `end` is None while they are looked after.

    until, route, ceased: when and how care ends, whether or not the files reach so far (`until` and the route of
    `shares.ROUTES`), and the 903 code with which it ends. statuses: each legal status and the day it began.
    """

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
    until: date
    route: str
    ceased: str
    statuses: list[tuple[date, str]] = field(default_factory=list)
    homes: list[Home] = field(default_factory=list)
    away: list[Away] = field(default_factory=list)

    def at(self, day: date) -> Home:
        """The home on a day: the first one before, the last one after."""
        return next((h for h in reversed(self.homes) if h.start <= day), self.homes[0])

    def status(self, day: date) -> str:
        """The legal status on a day: the first one before, the last one after."""
        return next((s for start, s in reversed(self.statuses) if start <= day), self.statuses[0][1])

    def moves(self) -> Iterator[tuple[Home, Home]]:
        """Each home and the next."""
        return pairwise(self.homes)

    def cared_for(self, day: date) -> bool:
        """Whether they are looked after on a day."""
        return self.start <= day and (self.end is None or day < self.end)

    def age(self, day: date) -> int:
        """Whole years on a day."""
        return age(self.born, day)

    def chance(self, seed: int, purpose: str) -> Random:
        """The child's own source of chance for a purpose."""
        return by.stream(seed, self.number, purpose)


def nhs_number(n: int) -> str:
    """An NHS number of the range kept for tests (999…), with its check digit."""
    for candidate in range(999_000_000 + 7 * n, 999_000_000 + 7 * n + 7):
        digits = str(candidate)
        check = -sum(int(d) * w for d, w in zip(digits, range(10, 1, -1), strict=True)) % 11
        if check < 10:
            return f"{digits}{check}"
    raise AssertionError("seven numbers running without a check digit")


def upn(n: int, born: date, uasc: bool, last: date) -> str:
    """A unique pupil number of an authority there is not (999), or why there is none."""
    if uasc:
        return "UN2"
    if age(born, last) < 4:
        return "UN1"
    digits = f"999{4000 + n // 1000}{(born.year + 4) % 100:02d}{n % 1000:03d}"
    return CHECK_LETTERS[sum(int(d) * w for d, w in zip(digits, range(2, 14), strict=True)) % 23] + digits
