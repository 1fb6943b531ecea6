"""The children looked-after return (SSDA903) of an invented council: a folder a year, as a council uploads it.

Columns: DfE, children looked-after return, CSV specification.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from ingest.generate.childhood import Child
from ingest.generate.folders import Table
from ingest.generate.numbers import number_on
from ingest.generate.told import Episode, Told

COLUMNS = {
    "header": "CHILD SEX DOB ETHNIC UPN MOTHER MC_DOB",
    "episodes": "CHILD DECOM RNE LS CIN PLACE PLACE_PROVIDER DEC REC REASON_PLACE_CHANGE HOME_POST PL_POST URN",
    "reviews": "CHILD DOB REVIEW REVIEW_CODE",
    "missing": "CHILD DOB MISSING MIS_START MIS_END",
    "oc2": "CHILD DOB SDQ_SCORE SDQ_REASON CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK HEALTH_ASSESSMENT "
           "SUBSTANCE_MISUSE INTERVENTION_RECEIVED INTERVENTION_OFFERED",
    "uasc": "CHILD SEX DOB DUC",
    "sw_episodes": "CHILD DOB SW_ID SW_DECOM SW_DEC SW_REASON",
}  # fmt: skip
Row = dict[str, Any]
# SDQ: normal (to 13) 45, borderline 13, concern (17 and over) 42, mean 14.9: a normal distribution cut at 0 and 40.
SDQ_MIDDLE, SDQ_SPREAD, SHARE_SDQ = 14.1, 9.16, 0.78
IMMUNISED, DEVELOPMENT, CONVICTED, MISUSE = 0.84, 0.885, 0.02, 0.045


@dataclass(frozen=True)
class Year:
    """A return year: 1 April to 31 March, or to the day the files end."""

    start: date
    last: date
    complete: bool

    @property
    def name(self) -> str:
        """As DfE names it: 2025-26."""
        return f"{self.start.year}-{(self.start.year + 1) % 100:02d}"

    def meets(self, start: date, end: date | None) -> bool:
        """Whether [start, end) has a day in it, or ends on its first."""
        return start <= self.last and (end is None or end >= self.start)

    def known(self, end: date | None) -> date | None:
        """An end as the return of this year knows it."""
        return end if end and end <= self.last else None


def years(last: date, count: int = 3) -> list[Year]:
    """The return years up to a day, the oldest first."""
    latest = last.year - ((last.month, last.day) < (4, 1))
    return [
        Year(date(y, 4, 1), min(last, date(y + 1, 3, 31)), date(y + 1, 3, 31) <= last)
        for y in range(latest - count + 1, latest + 1)
    ]


class Returns:
    """One folder a year, with a file a table; a table without rows has its header."""

    def __init__(self, root: Path, over: list[Year], seed: int) -> None:
        self._over, self._seed = over, seed
        self._tables = {
            year.name: {
                t: Table(root / year.name / f"{t}.csv", tuple(c.split()), british=True) for t, c in COLUMNS.items()
            }
            for year in over
        }
        for tables in self._tables.values():
            for table in tables.values():
                table.open()

    def tell(self, told: Told) -> None:
        """Write a child into the return of every year in which they were looked after."""
        for year in self._over:
            found = [e for e in told.episodes if year.meets(e.start, e.end)]
            if found:
                self._add(told, found, year)

    def close(self) -> None:
        """Close every file."""
        for tables in self._tables.values():
            for table in tables.values():
                table.close()

    def _add(self, told: Told, found: list[Episode], year: Year) -> None:
        tables, child = self._tables[year.name], told.child
        number = number_on(child, self._seed, self._over[-1].start, year.start)
        key = {"CHILD": number, "DOB": child.born}
        sex = child.sex if year.start >= date(2024, 4, 1) else {"M": "1", "F": "2"}[child.sex]
        mother = "0" if child.sex == "F" and child.age(year.last) >= 12 else ""
        tables["header"].add({**key, "SEX": sex, "ETHNIC": child.ethnicity, "UPN": child.upn, "MOTHER": mother})
        for episode in found:
            tables["episodes"].add({**_episode(child, episode, year), "CHILD": number})
        for review in told.reviews:
            if year.start <= review.on <= year.last:
                tables["reviews"].add({**key, "REVIEW": review.on, "REVIEW_CODE": review.participation})
        for gone in told.absences:
            if year.start <= gone.start <= year.last:
                tables["missing"].add({**key, "MISSING": "M", "MIS_START": gone.start, "MIS_END": year.known(gone.end)})
        for row in _social_workers(told, year):
            tables["sw_episodes"].add({**key, **row})
        if child.uasc:
            tables["uasc"].add({**key, "SEX": sex, "DUC": None})
        if year.complete and child.start <= year.start and (child.end is None or child.end > year.last):
            tables["oc2"].add({**key, **_outcomes(told, year, child.chance(self._seed, year.name))})


def _social_workers(told: Told, year: Year) -> Iterator[Row]:
    if year.start < date(2023, 4, 1):
        return  # asked from 2023-24
    for tie in told.team.ties:
        if tie.role == "social_worker" and year.meets(tie.start, tie.end):
            yield {
                "SW_ID": tie.who.registration, "SW_DECOM": tie.start, "SW_DEC": year.known(tie.end),
                "SW_REASON": tie.reason,
            }  # fmt: skip


def _episode(child: Child, episode: Episode, year: Year) -> Row:
    """An episode as the return of a year has it: an end after the year is not yet known."""
    ended = year.known(episode.end)
    return {
        "CHILD": child.number, "DECOM": episode.start, "RNE": episode.rne, "LS": episode.status, "CIN": child.need,
        "PLACE": episode.place, "PLACE_PROVIDER": episode.provider, "DEC": ended,
        "REC": episode.rec if ended else None, "REASON_PLACE_CHANGE": episode.reason if ended else None,
        "HOME_POST": None if child.uasc else child.home.postcode, "PL_POST": episode.spot.postcode,
        "URN": episode.urn,
    }  # fmt: skip


def _outcomes(told: Told, year: Year, chance: Random) -> Row:
    """Health and conduct in the year, for those looked after all of it."""
    child = told.child
    years = child.age(year.last)
    asked = 4 <= years <= 16
    scored = asked and chance.random() < SHARE_SDQ
    misuse = years >= 11 and chance.random() < MISUSE
    received = misuse and chance.random() < 0.5
    return {
        "SDQ_SCORE": _sdq(told, chance) if scored else None,
        "SDQ_REASON": None if scored or not asked else chance.choice(("SDQ2", "SDQ4", "SDQ5")),
        "CONVICTED": int(years >= 10 and chance.random() < CONVICTED),
        "HEALTH_CHECK": int(chance.random() < DEVELOPMENT) if years < 5 else None,
        "IMMUNISATIONS": int(chance.random() < IMMUNISED),
        "TEETH_CHECK": int(_done(told, year, "dental check")),
        "HEALTH_ASSESSMENT": int(_done(told, year, "review health assessment", "initial health assessment")),
        "SUBSTANCE_MISUSE": int(misuse),
        "INTERVENTION_RECEIVED": int(received) if misuse else None,
        "INTERVENTION_OFFERED": 1 if misuse and not received else None,
    }


def _sdq(told: Told, chance: Random) -> int:
    """A score: of those whose homes break down higher than of the others."""
    story = told.child.story
    higher = 9.0 if story.complex else 5.0 if story.troubled else -0.6
    return max(0, min(40, round(chance.gauss(SDQ_MIDDLE + higher, SDQ_SPREAD))))


def _done(told: Told, year: Year, *kinds: str) -> bool:
    """Whether a check is on record in the year."""
    return any(check.kind in kinds and year.start <= check.on <= year.last for check in told.checks)
