"""The children looked-after return (SSDA903) of an invented council: a folder a year, as a council uploads it.

Columns: DfE, children looked-after return, CSV specification.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from graph.records import age
from graph.reference import codes
from ingest.generate import chance as by
from ingest.generate.childhood import Child
from ingest.generate.folders import write_csv
from ingest.generate.meetings import Review
from ingest.generate.records import Missing
from ingest.generate.team import Team

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


@dataclass(frozen=True)
class Told:
    """What a return asks of one child."""

    child: Child
    team: Team
    reviews: list[Review]
    missing: list[Missing]


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
        """Whether [start, end) has a day in it."""
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


def write_returns(root: Path, told: list[Told], over: list[Year], seed: int) -> None:
    """One folder a year, with a file a table; a table without rows has its header."""
    for year in over:
        rows: dict[str, list[Row]] = {table: [] for table in COLUMNS}
        for one in told:
            episodes = [e for e in _episodes(one.child) if year.meets(e["DECOM"], e["DEC"])]
            if episodes:
                _add(rows, one, episodes, year, seed)
        for table, found in rows.items():
            write_csv(root / year.name / f"{table}.csv", COLUMNS[table].split(), found, dates="%d/%m/%Y")


def _add(rows: dict[str, list[Row]], one: Told, episodes: list[Row], year: Year, seed: int) -> None:
    child = one.child
    key = {"CHILD": child.number, "DOB": child.born}
    sex = child.sex if year.start >= date(2024, 4, 1) else {"M": "1", "F": "2"}[child.sex]
    mother = "0" if child.sex == "F" and age(child.born, year.last) >= 12 else ""
    rows["header"].append(key | {"SEX": sex, "ETHNIC": child.ethnicity, "UPN": child.upn, "MOTHER": mother})
    rows["episodes"] += [_as_known(e, year) for e in episodes]
    rows["reviews"] += [
        key | {"REVIEW": r.on, "REVIEW_CODE": r.participation} for r in one.reviews if year.start <= r.on <= year.last
    ]
    rows["missing"] += [
        key | {"MISSING": kind, "MIS_START": start, "MIS_END": year.known(end)}
        for kind, start, end in one.missing
        if year.start <= start <= year.last
    ]
    rows["sw_episodes"] += _social_workers(one, key, year)
    if child.uasc:
        rows["uasc"].append(key | {"SEX": sex, "DUC": None})
    if year.complete and child.start <= year.start and (child.end is None or child.end > year.last):
        rows["oc2"].append(key | _outcomes(child, year, seed))


def _social_workers(one: Told, key: Row, year: Year) -> Iterator[Row]:
    if year.start < date(2023, 4, 1):
        return  # asked from 2023-24
    for tie in one.team.ties:
        if tie.role == "social_worker" and year.meets(tie.start, tie.end):
            yield key | {
                "SW_ID": tie.who.registration, "SW_DECOM": tie.start, "SW_DEC": year.known(tie.end),
                "SW_REASON": tie.reason,
            }  # fmt: skip


def _as_known(episode: Row, year: Year) -> Row:
    """An episode as the return of a year has it: an end after the year is not yet known."""
    if year.known(episode["DEC"]):
        return episode
    return episode | {"DEC": None, "REC": None, "REASON_PLACE_CHANGE": None}


def _episodes(child: Child) -> list[Row]:
    """A row for each change of home or of legal status."""
    homes = {h.start: h for h in child.homes}
    statuses = dict(child.statuses)
    days = sorted({*homes, *statuses})
    home, status, rows = child.homes[0], child.statuses[0][1], []
    for n, day in enumerate(days):
        end = days[n + 1] if n + 1 < len(days) else child.end
        home, status = homes.get(day, home), statuses.get(day, status)
        new = ("B" if day in statuses else "P") if day in homes else "L"
        moves = end in homes
        rows.append({
            "CHILD": child.number, "DECOM": day, "RNE": "S" if n == 0 else new, "LS": status, "CIN": child.need,
            "PLACE": home.type, "PLACE_PROVIDER": "" if home.type in codes.TEMPORARY else home.provider,
            "DEC": end, "REC": "X1" if n + 1 < len(days) else _ceased(child),
            "REASON_PLACE_CHANGE": home.reason if moves else None,
            "HOME_POST": None if child.uasc else child.home.postcode, "PL_POST": home.spot.postcode,
            "URN": home.urn,
        })  # fmt: skip
    return rows


def _ceased(child: Child) -> str | None:
    """Why care ended."""
    if child.end is None:
        return None
    years, chance = age(child.born, child.end), by.stream(child.number, "ceased")
    if years >= 18:
        return by.pick(chance, {"E17": 17, "E5": 12, "E7": 2, "E8": 6})
    young = {"E11": 25, "E45": 30, "E4A": 35, "E41": 10}
    return by.pick(chance, young if years < 6 else {"E4A": 55, "E4B": 10, "E45": 20, "E41": 8, "E8": 7})


def _outcomes(child: Child, year: Year, seed: int) -> Row:
    """Health and conduct in the year, for those looked after all of it."""
    chance = by.stream(seed, child.number, year.name)
    years = age(child.born, year.last)
    asked = 4 <= years <= 16
    scored = asked and chance.random() < 0.8
    high = 23 if child.story.complex else 14.5
    return {
        "SDQ_SCORE": max(0, min(40, round(chance.gauss(high, 6)))) if scored else None,
        "SDQ_REASON": None if scored or not asked else chance.choice(("SDQ2", "SDQ4", "SDQ5")),
        "CONVICTED": int(years >= 10 and chance.random() < 0.02),
        "HEALTH_CHECK": int(chance.random() < 0.88) if years < 5 else None,
        "IMMUNISATIONS": int(chance.random() < 0.84),
        "TEETH_CHECK": int(chance.random() < 0.81),
        "HEALTH_ASSESSMENT": int(chance.random() < 0.90),
        "SUBSTANCE_MISUSE": (misuse := int(years >= 11 and chance.random() < 0.03)),
        "INTERVENTION_RECEIVED": (received := chance.randint(0, 1)) if misuse else None,
        "INTERVENTION_OFFERED": 1 if misuse and not received else None,
    }
