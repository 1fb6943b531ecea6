"""Files to write: the project's own tables, a folder a supplier, row by row as children are told of."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import IO, Any

COVERAGE = "coverage"
# The columns each table is written with: of those of the model, the ones an invented council fills in.
COLUMNS: Mapping[str, tuple[str, ...]] = {
    table: tuple(columns.split())
    for table, columns in {
        "children": "id local_id name born sex ethnicity upn nhs_number uasc known_since synthetic",
        "professionals": "id name registration staff_id",
        "agencies": "id kind name service phase",
        "teams": "id name part_of",
        "placements": "id urn kind provider postcode",
        "persons": "id name kind",
        "meetings": "id kind on status seen alone participation chair about recorded_by",
        "plans": "id kind version start end made_on interval about part_of replaces considered_at recorded_by with "
                 "addresses",
        "assessments": "id kind on by_role result about considered_at recorded_by",
        "needs": "id kind identified_on met about recorded_by",
        "referrals": "id need made clock_start first_contact closed closed_reason outcome about to by addresses "
                     "continues",
        "events": "id kind on end interview_on response_on about recorded_by",
        "recommendations": "id about_what service made_on done_on about made_at",
        "decisions": "id kind change on by_role informed_child_on about made_at",
        "alerts": "id kind raised answered_on escalated_on escalated_to about to by",
        "notices": "id change recipient sent_on about to by",
        "views": "id on medium about_what about considered_at informed heard_by",
        "involved_with": "from to role service need agency team start end start_reason end_reason",
        "works_for": "from to start end",
        "serves": "from to",
        "in_area": "from to",
        "placed_at": "from to place_type provider start end start_reason end_reason change_reason emergency until_18 "
                     "basis id",
        "attends": "from to start end reason_end",
        "attended": "from to how agency knew_case",
        "holds": "from to start",
        "objected_to": "from to on answered_on escalated_on",
        "related_to": "from to relation parental_responsibility contact_order main_carer",
        "sibling_of": "from to",
        "trusts": "from to said_on",
        COVERAGE: "table of from to full",
    }.items()
}  # fmt: skip


@dataclass(frozen=True)
class Agency:
    """An invented organisation."""

    id: str
    kind: str
    name: str
    area: str  # ONS code of the authority it serves
    service: str | None = None
    phase: str | None = None


@dataclass(frozen=True)
class Department:
    """A team within an agency, as a case system lists them."""

    id: str
    name: str
    agency: Agency


@dataclass(frozen=True)
class Worker:
    """An invented professional, and when they were in post."""

    id: str
    name: str
    agency: Agency
    start: date
    end: date | None = None
    registration: str | None = None
    department: Department | None = None


# Columns that are flags, and those that hold several ids; others are written as they are.
_SPECIAL = frozenset({
    "synthetic", "uasc", "seen", "alone", "emergency", "until_18", "knew_case", "parental_responsibility",
    "contact_order", "main_carer", "full", "recorded_by", "part_of", "considered_at", "with",
})  # fmt: skip


class Table:
    """A CSV that rows are added to; it is opened with its first row.

    british: dates as DD/MM/YYYY, as the return has them.
    """

    def __init__(self, path: Path, columns: tuple[str, ...], british: bool = False) -> None:
        self._path, self._columns = path, columns
        self._known = frozenset(columns)
        self._special = [n for n, column in enumerate(columns) if british or column in _SPECIAL]
        self._file: IO[str] | None = None
        self._write: Any = None

    def open(self) -> None:
        """Write the header, where it is not yet there."""
        if self._file is None:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            self._file = self._path.open("w", encoding="utf-8", newline="")
            self._write = csv.writer(self._file, lineterminator="\r\n").writerow
            self._write(self._columns)

    def add(self, row: Mapping[str, Any]) -> None:
        """A row by the names of its columns; a name that is none of them is a mistake of ours."""
        if self._file is None:
            self.open()
        if not row.keys() <= self._known:
            raise KeyError(f"{self._path.stem}: {sorted(row.keys() - self._known)}")
        cells = list(map(row.get, self._columns))
        for n in self._special:
            if cells[n] is not None:
                cells[n] = _cell(cells[n])
        self._write(cells)

    def close(self) -> None:
        """Close the file, if it was opened."""
        if self._file:
            self._file.close()


def _cell(value: Any) -> Any:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return f"{value.day:02}/{value.month:02}/{value.year}"
    return ";".join(value) if isinstance(value, tuple) else value


# Tables whose rows name a child outright, beside those with `about`.
_OF_A_CHILD = frozenset({"involved_with", "attends", "placed_at", "related_to", "trusts"})


class Folder:
    """The tables of one supplier; people and agencies come in as they are spoken of.

    speaks: whether the child who is being told of has been spoken of. named: everyone who has been, by their id.
    """

    def __init__(self, root: Path, name: str) -> None:
        self.name = name
        self.speaks = False
        self._root = root / name
        self._tables: dict[str, Table] = {}
        self._there: set[tuple[str, str]] = set()
        self.named: dict[str, Worker] = {}

    def add(self, table: str, /, **row: Any) -> str:
        """A row of a table; its id."""
        if "about" in row or table in _OF_A_CHILD:
            self.speaks = True
        if table not in self._tables:
            self._tables[table] = Table(self._root / f"{table}.csv", COLUMNS[table])
        self._tables[table].add(row)
        return str(row.get("id", ""))

    def once(self, table: str, /, **row: Any) -> str:
        """A row that is about no child, and may already be there; its id."""
        if (table, row["id"]) not in self._there:
            self._there.add((table, row["id"]))
            self.add(table, **row)
        return str(row["id"])

    def join(self, table: str, from_: str, to: str, /, **row: Any) -> None:
        """A row of a relationship table."""
        self.add(table, **row, **{"from": from_, "to": to})

    def agency(self, agency: Agency) -> str:
        """An agency, and the area it serves; its id."""
        if ("agencies", agency.id) not in self._there:
            self.once(
                "agencies", id=agency.id, kind=agency.kind, name=agency.name, service=agency.service,
                phase=agency.phase,
            )  # fmt: skip
            table, end = ("in_area", f"Agency:{agency.id}") if agency.phase else ("serves", agency.id)
            self.join(table, end, agency.area)
        return agency.id

    def person(self, worker: Worker) -> str:
        """A professional and whom they work for; their id."""
        self.named[worker.id] = worker
        if ("professionals", worker.id) not in self._there:
            self.once(
                "professionals", id=worker.id, name=worker.name, registration=worker.registration,
                staff_id=worker.id,
            )  # fmt: skip
            self.join("works_for", worker.id, self.agency(worker.agency), start=worker.start, end=worker.end)
        return worker.id

    def department(self, department: Department | None) -> str | None:
        """A team; its id."""
        if department is None:
            return None
        part_of = self.agency(department.agency)
        return self.once("teams", id=department.id, name=department.name, part_of=part_of)

    def covers(self, first: date, last: date, *tables: str) -> None:
        """Say that tables (`table` or `table:of`) are complete between two days."""
        for each in tables:
            table, _, of = each.partition(":")
            self.add(COVERAGE, **{"table": table, "of": of, "from": first, "to": last, "full": True})

    def close(self) -> None:
        """Close every file."""
        for table in self._tables.values():
            table.close()
