"""What the tests of the cases share: their records, changed or not, and how a fact is written down.

A fact of a review has lines, one for each thing the software must say of it: a finding that is raised with the
fact's records in its evidence, something that is shown without being a finding, or a rule that stays quiet.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from typing import Any, Literal

import pandas as pd

from graph.findings import Evidence, Finding, run
from graph.memory import records_of
from graph.model import by_table
from graph.records import Records
from ingest.cases import AS_AT, AUTHORITY, case_folder
from ingest.extract import Extract, columns_of
from ingest.recognise import read

Tables = dict[str, pd.DataFrame]
Mend = Callable[[Tables], None]

# --- a case ---


@cache
def extract(case: str) -> Extract:
    """The tables of a case, read as any folder is."""
    (found,) = read([case_folder(case)], AUTHORITY[case])
    return found


def child_id(case: str, child: str = "") -> str:
    """The id of a child of a case: of the one it is about where none is named."""
    rows = extract(case).tables["children"]
    (local,) = rows["local_id"][rows["id"] == (child or case)]
    return f"{AUTHORITY[case]}/{local}"


def records(case: str, mend: Mend | None = None, child: str = "", uncover: Sequence[str] = ()) -> Records:
    """The records of a child of a case, as they are or with something changed; uncover: tables no load covers."""
    if mend is None and not uncover:
        return _as_published(case, child)
    tables = {table: frame.copy() for table, frame in extract(case).tables.items()}
    if mend:
        mend(tables)
    covered = [c for c in extract(case).coverage if c.table not in uncover]
    return records_of(tables, child_id(case, child), covered, authority=AUTHORITY[case])


@cache
def _as_published(case: str, child: str) -> Records:
    of = extract(case)
    return records_of(of.tables, child_id(case, child), of.coverage, authority=AUTHORITY[case])


@cache
def findings(case: str, child: str = "", on: date | None = None) -> tuple[Finding, ...]:
    """Every finding about a child of a case as it is, on its day or another."""
    return run(records(case, child=child), on or AS_AT[case])


def raised(found: Sequence[Finding]) -> set[tuple[str, str]]:
    """What is raised, by rule and subject."""
    return {(f.rule, f.subject) for f in found if f.status == "raised"}


# --- rows of a case, and changing them ---


@dataclass(frozen=True)
class Row:
    """Rows of a table of a case, by what stands in their cells."""

    table: str
    where: tuple[tuple[str, Any], ...]

    def of(self, case: str) -> list[str]:
        """Their `file:row`; there must be some."""
        frame = extract(case).tables[self.table]
        found = [str(row) for row, hit in zip(frame["row"], _chosen(frame, dict(self.where)), strict=True) if hit]
        assert found, self
        return found


def row(table: str, *ids: str, **where: Any) -> tuple[Row, ...]:
    """Rows by their ids, or by what stands in their cells (`from_` for the column `from`)."""
    if ids:
        return tuple(Row(table, (("id", id),)) for id in ids)
    return (Row(table, tuple((name.removesuffix("_"), value) for name, value in where.items())),)


def _chosen(frame: pd.DataFrame, where: dict[str, Any]) -> list[bool]:
    return [all(cells[name] == value for name, value in where.items()) for cells in frame.to_dict("records")]


def change(tables: Tables, table: str, where: dict[str, Any], **values: Any) -> None:
    """Change values in the rows with these cells (`from_` for the column `from`); there must be such rows."""
    frame = tables[table]
    chosen = _chosen(frame, where)
    assert any(chosen), (table, where)
    for said, value in values.items():
        name = said.removesuffix("_")
        cells = [value if hit else old for hit, old in zip(chosen, tables[table][name], strict=True)]
        tables[table] = tables[table].assign(**{name: pd.Series(cells, index=frame.index, dtype=object)})


def add(tables: Tables, table: str, **values: Any) -> None:
    """Add a row (`from_` for the column `from`), to a table that is not there too."""
    names = columns_of(by_table()[table])
    there = tables.get(table, pd.DataFrame(columns=names, dtype=object))
    n = len(there)
    row = {"id": f"mended-{n}", "row": f"{table}.csv:{900 + n}"}
    row |= {name.removesuffix("_"): value for name, value in values.items()}
    assert set(row) <= set(names), row
    frame = pd.DataFrame([[row.get(name) for name in names]], columns=names, dtype=object)
    tables[table] = pd.concat([there.astype(object), frame], ignore_index=True)


def remove(tables: Tables, table: str, where: dict[str, Any]) -> None:
    """Remove the rows of a table with these cells; there must be such rows."""
    chosen = _chosen(tables[table], where)
    assert any(chosen), (table, where)
    tables[table] = tables[table].loc[[not hit for hit in chosen]]


def meet(
    tables: Tables, kind: str, on: date, who: Sequence[str], *, about: str, by: Sequence[str], **values: Any
) -> None:
    """Add a meeting about a child with those who were there (`Kind:id`), recorded by these agencies."""
    id = f"mended-{kind}-{on}"
    add(tables, "meetings", id=id, kind=kind, on=on, about=(f"Child:{about}",),
        recorded_by=tuple(f"Agency:{a}" for a in by), **values)  # fmt: skip
    for each in who:
        add(tables, "attended", from_=each, to=f"Meeting:{id}", how="present")


# --- facts ---

Kind = Literal["raised", "shown", "quiet"]
Shows = Callable[[Records, date], str]


@dataclass(frozen=True)
class Line:
    """One thing the software must say of a fact.

    kind: raised (a finding with the fact's records in its evidence), shown (something said without a finding), quiet
    (a rule that is not raised). what: the rule, or what is shown. shows: the fact's records. subject: which of the
    rule's findings, where that is not told by the records. on: the day, where it is not the case's; children: of
    whom, where it is not the child the case is about.
    mend: what would have made it another story; clears, instead: the other rules that change with it, because they
    read the same record. away: what to take away so that it is no longer raised, the fact's records where not said;
    uncover: the tables no load covers then, of a fact that is the lack of a record.
    says: of what is shown, its words. status: of what stays quiet. spoil: a change that raises it.
    """

    kind: Kind
    what: str
    shows: tuple[Row, ...] = ()
    subject: str = ""
    on: date | None = None
    children: tuple[str, ...] = ("",)
    mend: Mend | None = None
    clears: frozenset[str] = frozenset()
    instead: frozenset[str] = frozenset()
    away: Mend | None = None
    uncover: tuple[str, ...] = ()
    says: Shows | None = None
    status: tuple[str, ...] = ("clear",)
    spoil: Mend | None = None


@dataclass(frozen=True)
class Fact:
    """A numbered fact of a review, in our words, and what the software must say of it."""

    n: int
    says: str
    lines: tuple[Line, ...]


def finds(rule: str, *shows: tuple[Row, ...], mend: Mend, clears: Sequence[str] = (), instead: Sequence[str] = (),
          **more: Any) -> Line:  # fmt: skip
    """A line with a finding."""
    rows = tuple(one for of in shows for one in of)
    return Line("raised", rule, rows, mend=mend, clears=frozenset(clears), instead=frozenset(instead), **more)


def shown(what: str, says: Shows, **more: Any) -> Line:
    """A line with something shown."""
    return Line("shown", what, says=says, **more)


def quiet(rule: str, **more: Any) -> Line:
    """A line with a rule that stays quiet."""
    return Line("quiet", rule, **more)


def sources(evidence: Evidence) -> list[str]:
    """The `file:row` of a record behind a finding."""
    return [source.removeprefix("load:") for source in evidence.sources]


def found_for(case: str, line: Line) -> list[Finding]:
    """The findings of a line's rule that are raised and stand on one of the fact's records."""
    wanted = {source for one in line.shows for source in one.of(case)}
    of = [
        f for f in findings(case, line.children[0], line.on)
        if f.rule == line.what and f.status == "raised" and line.subject in ("", f.subject)
    ]  # fmt: skip
    return [f for f in of if wanted & {source for e in f.evidence for source in sources(e)}]
