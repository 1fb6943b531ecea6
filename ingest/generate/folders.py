"""Files to write: the project's own tables, a folder a supplier."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from graph.model import by_table
from ingest.extract import columns_of

COVERAGE = ["table", "of", "from", "to", "full"]


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
class Worker:
    """An invented professional, and when they were in post."""

    id: str
    name: str
    agency: Agency
    start: date
    end: date | None = None
    registration: str | None = None

    def there(self, day: date) -> bool:
        """Whether they were in post on a day."""
        return self.start <= day and (self.end is None or day < self.end)


class Folder:
    """The tables of one supplier; people and agencies come in as they are spoken of."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.tables: dict[str, list[dict[str, Any]]] = {}
        self._there: set[tuple[str, str]] = set()

    def add(self, table: str, /, **row: Any) -> str:
        """A row of a node table; its id."""
        self.tables.setdefault(table, []).append(row)
        return str(row.get("id", ""))

    def once(self, table: str, /, **row: Any) -> str:
        """A row of a node table that may already be there; its id."""
        if (table, row["id"]) not in self._there:
            self._there.add((table, row["id"]))
            self.add(table, **row)
        return str(row["id"])

    def join(self, table: str, from_: str, to: str, /, **row: Any) -> None:
        """A row of a relationship table."""
        self.add(table, **{"from": from_, "to": to}, **row)

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
        if ("professionals", worker.id) not in self._there:
            self.once(
                "professionals", id=worker.id, name=worker.name, registration=worker.registration,
                staff_id=worker.id,
            )  # fmt: skip
            self.join("works_for", worker.id, self.agency(worker.agency), start=worker.start, end=worker.end)
        return worker.id

    def covers(self, first: date, last: date, *tables: str) -> None:
        """Say that tables (`table` or `table:of`) are complete between two days."""
        for each in tables:
            table, _, of = each.partition(":")
            self.add("coverage", **{"table": table, "of": of, "from": first, "to": last, "full": True})

    def write(self, root: Path) -> None:
        """One CSV a table: the columns used, in the order of the model."""
        for table, rows in self.tables.items():
            columns = COVERAGE if table == "coverage" else columns_of(by_table()[table])
            used = [c for c in columns if any(r.get(c) not in (None, "", ()) for r in rows)]
            write_csv(root / self.name / f"{table}.csv", COVERAGE if table == "coverage" else used, rows)


def write_csv(path: Path, columns: list[str], rows: Iterable[Mapping[str, Any]], dates: str = "%Y-%m-%d") -> None:
    """A CSV of rows, cells as the project's tables have them."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\r\n")
        writer.writerow(columns)
        writer.writerows([_cell(row.get(c), dates) for c in columns] for row in rows)


def _cell(value: Any, dates: str) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, date):
        return value.strftime(dates)
    return ";".join(value) if isinstance(value, tuple | list) else str(value)
