"""Realistic mistakes in the files of an invented council, each of them written down: what, where, what to expect.

Made at the end, file by file, in rows drawn by chance; one mistake a row. `truth/dirt.csv` names the file, the row as
a spreadsheet numbers it, the column, the kind of mistake, and what a load must make of it.
"""

from __future__ import annotations

import csv
import io
import os
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from random import Random

from ingest.generate import chance as by
from ingest.generate.dirt_kinds import (
    IMPOSSIBLE,
    LONE,
    NOBODY,
    REFUSED_ROW,
    SET_ASIDE,
    SPOTS,
    UNKNOWN_CODE,
    UNKNOWN_ROLES,
    UNSURE,
    Spot,
)  # fmt: skip
from ingest.generate.folders import Table

FILE = "dirt.csv"
COLUMNS = ("file", "row_number", "column_name", "mistake", "expected")
SOURCES = ("903", "ssd", "allocations", "partners")
DOUBLED = Spot("", "doubled row", SET_ASIDE)
LONGER = Spot("", "a cell too many", REFUSED_ROW)
QUOTED = Spot("", "stray quotation mark", REFUSED_ROW)
Row = dict[str, str]


@dataclass(frozen=True)
class Mistake:
    """One mistake: the file within the council's folder, and the row as a spreadsheet numbers it."""

    file: str
    row: int
    column: str
    kind: str
    expected: str


def soil(folder: Path, share: float, seed: int) -> None:
    """Make mistakes in so many of the rows of every source in a council's folder, and write them down in truth/."""
    told = Table(folder / "truth" / FILE, COLUMNS)
    told.open()
    for source in SOURCES:
        for path in sorted((folder / source).rglob("*.csv")):
            name = path.relative_to(folder).as_posix()
            for one in _soil_file(path, name, source, share, by.stream(seed, "dirt", name)):
                told.add(dict(zip(COLUMNS, (one.file, one.row, one.column, one.kind, one.expected), strict=True)))
    told.close()


def _soil_file(path: Path, name: str, source: str, share: float, chance: Random) -> Iterator[Mistake]:
    """Copy a file row by row, with mistakes in it, and put the copy in its place."""
    copy, spots = path.with_suffix(".soiled"), SPOTS[source].get(path.stem, ())
    lone, made = source != "partners" or path.stem in LONE, set[str]()
    with path.open(encoding="utf-8", newline="") as clean, copy.open("w", encoding="utf-8", newline="") as soiled:
        rows = csv.reader(clean)
        header = next(rows)
        soiled.write(_line(header))
        written = 1
        for cells in rows:
            written += 1
            row = dict(zip(header, cells, strict=True))
            spot = _choose(row, spots, lone, chance) if chance.random() < share else None
            lines = _lines(cells, header, spot, chance)
            if spot and lines[0] in made:  # two rows made alike would be one row repeated
                spot, lines = None, [_line(cells)]
            soiled.writelines(lines)
            if spot:
                made.add(lines[0])
                written += spot is DOUBLED
                yield Mistake(name, written, spot.column, spot.kind, spot.expected)
    os.replace(copy, path)


def _choose(row: Row, spots: Sequence[Spot], lone: bool, chance: Random) -> Spot | None:
    """A mistake that can be made in a row; None where none can."""
    named = [replace(spot, column=_name(spot.column, row), start=_name(spot.start, row)) for spot in spots]
    able = [spot for spot in named if _can(spot, row)]
    whole = [DOUBLED, *((LONGER, QUOTED) if lone and not any("," in c or '"' in c for c in row.values()) else ())]
    return chance.choice(able if able and chance.random() < 0.75 else whole)


def _name(column: str, row: Row) -> str:
    """The column's name in the file: some have a space where the list of mistakes has a line."""
    return column if column in row else column.replace("_", " ")


def _can(spot: Spot, row: Row) -> bool:
    """Whether a mistake can be made in a row: the cell is filled in, as the column it depends on must be."""
    cell = row.get(spot.column, "")
    if spot.only and row[spot.only[0]] not in spot.only[1]:
        return False
    if not cell or cell in ("-1", "NULL", "XXXXXXX") or cell.startswith("1900-01-01"):
        return False
    if spot.kind == "UPN of the wrong length":
        return len(cell) == 13
    if spot.kind == "number with .0":
        return cell.isdecimal()
    return bool(_day(row.get(spot.start, ""))) if spot.start else True


def _lines(cells: Sequence[str], header: Sequence[str], spot: Spot | None, chance: Random) -> list[str]:
    """A row as it is written: once or twice, longer, or with a cell that is wrong."""
    if spot is None:
        return [_line(cells)]
    if spot is DOUBLED:
        return [_line(cells)] * 2
    if spot is LONGER:
        return [_line([*cells, "see file"])]
    if spot is QUOTED:
        at = next(n for n, cell in enumerate(cells) if cell)
        return [",".join([*cells[:at], f'"{cells[at]}', *cells[at + 1 :]]) + "\r\n"]
    at = header.index(spot.column)
    wrong = _wrong(spot, cells[at], dict(zip(header, cells, strict=True)), chance)
    return [_line([*cells[:at], wrong, *cells[at + 1 :]])]


def _line(cells: Sequence[str]) -> str:
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerow(cells)
    return text.getvalue()


# --- mistakes in a cell ---


def _wrong(spot: Spot, cell: str, row: Row, chance: Random) -> str:
    match spot.kind:
        case "impossible date":
            return chance.choice(IMPOSSIBLE)
        case "end before start":
            start = _day(row[spot.start])
            return _written(start - by.days(chance, 1, 60), cell) if start else cell
        case "missing key":
            return ""
        case "unknown code":
            return UNKNOWN_CODE
        case "neither yes nor no":
            return UNSURE
        case "mistyped postcode":
            return f"{cell[:-1]}{chance.choice('CIKMOV')}"
        case "postcode that is not there":
            return f"ZX{chance.randint(1, 9)} {chance.randint(1, 9)}ZX"
        case "UPN of the wrong length":
            return cell[:-1]
        case "NHS number that fails its check":
            return f"{cell[:-1]}{(int(cell[-1]) + 1) % 10}"
        case "registration number of nobody":
            return cell.removeprefix("SW")
        case "number in words":
            return "not known"
        case "number with .0":
            return f"{cell}.0"
        case "reference to nothing":
            kind, colon, _ = cell.rpartition(":")
            return f"{kind}{colon}{NOBODY}-{chance.randint(1, 10**9)}"
        case "a role nobody knows":
            return chance.choice(UNKNOWN_ROLES)
    raise KeyError(spot.kind)


_WRITTEN = (r"(\d{4})-(\d{2})-(\d{2})", r"(\d{2})/(\d{2})/(\d{4})")


def _day(text: str) -> date | None:
    """A day in any of the ways in which the files write one."""
    if found := re.match(_WRITTEN[0], text):
        return date(*map(int, found.groups()))
    if found := re.match(_WRITTEN[1], text):
        return date(*map(int, reversed(found.groups())))
    return None


def _written(day: date, like: str) -> str:
    """A day as another is written."""
    if re.match(_WRITTEN[1], like):
        return f"{day.day:02}/{day.month:02}/{day.year}"
    return f"{day.isoformat()}{like[10:]}"
