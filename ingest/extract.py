"""What a reader hands on: the tables of one source, what it covers, and what it could not use.

The contract between `ingest` and `graph`. `tables` maps the table names of `graph.model` to DataFrames with
the columns of `columns_of`, cells typed (date, int, float, bool, str, tuple of str; None = absent). `id` is
any text unique in the extract; a reference (`from`, `to`, a link, a property that refers) is `Kind:id`, an
authority `LocalAuthority:<ONS code>`. `row` is `file:row`, the row number as a spreadsheet shows it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

import pandas as pd

from graph.model import Node, Relationship, by_table, links, properties
from graph.records import Coverage


def columns_of(kind: type[Node] | type[Relationship]) -> list[str]:
    """The columns of a kind's table, in order."""
    ends = [] if issubclass(kind, Node) else ["from", "to"]
    names = [p.name for p in properties(kind) if p.in_tables]
    return ["id", *ends, *names, *(one.name for one in links(kind)), "row"]


def shaped(table: str, frame: pd.DataFrame) -> pd.DataFrame:
    """A table as the contract has it: its kind's columns in order, every cell a value or None."""
    found = frame.reindex(columns=columns_of(by_table()[table])).astype(object)
    return found.where(found.notna(), None).reset_index(drop=True)


@dataclass(frozen=True)
class Refusal:
    """One thing that was refused, told so that a person who may not see the child can find and mend it.

    found: the value of a coded column, the shape (99/99/9999) of a date or identifier, the length of a name
    or free text. whole_row: False where the row was kept without this value.
    """

    file: str
    row: int | None
    column: str
    found: str
    expected: str
    do: str
    whole_row: bool = True


@dataclass(frozen=True)
class FileReport:
    """What became of one file: rows read = used + set aside + refused."""

    file: str
    recognised_as: str  # "ssda903 episodes", "tables meetings", or "" where it was not recognised
    rows: int = 0
    refused: int = 0
    set_aside: Mapping[str, int] | None = None  # reason → rows
    problem: str = ""  # why it could not be used at all

    @property
    def used(self) -> int:
        """Rows that reached a table."""
        return self.rows - self.refused - sum((self.set_aside or {}).values())


@dataclass(frozen=True)
class Extract:
    """One source, read and checked.

    kind: "ssda903", "ssd", "allocations" or "tables". authority: ONS code. supplier: who supplied it. digest:
    SHA-256 of the files' bytes, the authority, the options and the reader's version: the same extract has the
    same digest.
    """

    kind: str
    authority: str
    supplier: str
    digest: str
    tables: Mapping[str, pd.DataFrame]
    files: tuple[FileReport, ...]
    refusals: tuple[Refusal, ...] = ()
    notes: tuple[str, ...] = ()  # kept, but worth knowing: a child with no header row …
    coverage: tuple[Coverage, ...] = ()
    covers_from: date | None = None
    covers_to: date | None = None
    full: bool = True
    extracted_on: date | None = None
