"""What is told of one child: plain records, from which every file is written.

`ingest.generate.stories` gives one `Told` a child, family after family; a `Writer` writes what its source would.
A planted error or gap is a `Told` changed in between.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Protocol

from ingest.generate.childhood import Child, Home
from ingest.generate.places import Spot
from ingest.generate.team import Team


@dataclass(frozen=True)
class Episode:
    """An episode as the return has it: one home under one legal status, half-open; `end` None while it lasts.

    rne, rec, reason: 903 codes of why it began, why it ceased and why the placement changed with it. opens: it
    is the first row of a stay, as DfE counts placements.
    """

    start: date
    end: date | None
    rne: str
    status: str
    place: str
    provider: str
    urn: str
    spot: Spot
    rec: str | None
    reason: str | None
    opens: bool


@dataclass(frozen=True)
class Review:
    """A review that was held, and how the child took part (903 code)."""

    on: date
    participation: str


@dataclass(frozen=True)
class Visit:
    """A visit of the social worker."""

    on: date
    seen: bool
    alone: bool


@dataclass(frozen=True)
class Absence:
    """A missing period, half-open; `interview` is the day of the return interview, where there was one."""

    start: date
    end: date | None
    interview: date | None


@dataclass(frozen=True)
class Check:
    """A health assessment, first or later, or a dental check, on its day."""

    kind: str  # as `graph.model.ASSESSMENT_KINDS` has it
    on: date


@dataclass(frozen=True)
class Told:
    """One child: who they are, who works with them, and what happened.

    family: brothers and sisters who are told of too. first, last: the days of the files; `last` is the last day
    of which anything is told, of a child who left care the one before.
    """

    child: Child
    family: tuple[Child, ...]
    team: Team
    episodes: list[Episode]
    reviews: list[Review]
    visits: list[Visit]
    absences: list[Absence]
    checks: list[Check]
    first: date
    last: date

    def covers(self, day: date) -> bool:
        """Whether a day is one to tell of."""
        return self.first <= day <= self.last


class Writer(Protocol):
    """What one source holds of each child, written as the children are told of."""

    def tell(self, told: Told) -> None:
        """Write one child."""

    def close(self) -> None:
        """Write what comes last, and close the files."""


def episodes(child: Child) -> list[Episode]:
    """A row for each change of home, of its status, of legal status, and for a few days away."""
    homes, statuses = {h.start: h for h in child.homes}, dict(child.statuses)
    becomes = {h.becomes[0] for h in child.homes if h.becomes and (h.end is None or h.becomes[0] < h.end)}
    leave, back = {a.start: a for a in child.away}, {a.end for a in child.away}
    days = sorted({*homes, *statuses, *becomes, *leave, *back})
    home, status, found = child.homes[0], child.statuses[0][1], []
    for n, day in enumerate(days):
        end = days[n + 1] if n + 1 < len(days) else child.end
        home, status = homes.get(day, home), statuses.get(day, status)
        away = leave.get(day)
        carer, law = day in homes or day in leave or day in back, day in statuses
        rne = "S" if n == 0 else "B" if carer and law else "P" if carer else _same_carer(day in becomes, law)
        found.append(Episode(
            day, end, rne, status, away.type if away else home.type_on(day), "" if away else home.provider,
            "" if away else home.urn, away.spot if away else home.spot,
            "X1" if n + 1 < len(days) else child.ceased if child.end else None,
            _reason(end, home, homes, becomes, {*leave, *back}), day in homes,
        ))  # fmt: skip
    return found


def _same_carer(becomes: bool, law: bool) -> str:
    return ("U" if law else "T") if becomes else "L"


def _reason(end: date | None, home: Home, homes: dict[date, Home], becomes: set[date], away: set[date]) -> str | None:
    """Why the placement changed at the end of a row; nothing where only the law did, or care ended."""
    if end in homes:
        return home.reason
    return "PLACE" if end in becomes else "OTHER" if end in away else None


def day_before(day: date) -> date:
    """The day before."""
    return day - timedelta(days=1)
