"""The children looked-after return (SSDA903) as CSV files: one year or several, to the tables of the graph.

Columns and codes: DfE, children looked-after return, specifications of 2017-18 to 2026-27. A file is known by
its header, not by its name; columns that a year lacks or adds do no harm. What is read: header, episodes (also
DfE's extended output with PL_LA and PL_DISTANCE), reviews, missing, OC2, UASC and social worker episodes. The
other tables are recognised and set aside. Of OC2, convictions and the reasons and offers around an answer have
no place in the model and are left out.

Two rows with the same natural key: in two files, that of the later year is kept and the other set aside; in
one file, the one that has ended (else the later row) is kept and the other refused.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from graph.records import Coverage
from graph.reference import codes
from ingest import checking
from ingest import ssda903_records as records
from ingest.episodes import Frames, authority_name
from ingest.extract import Extract, Refusal
from ingest.ledger import Ledger
from ingest.reading import File
from ingest.ssda903_columns import (
    ANSWERS,
    EPISODES,
    HEADER,
    MISSING,
    OC2,
    REVIEWS,
    TABLES,
    WORKERS,
    Table,
    column_name,
    recognise,
    year_in,
)

__all__ = ["KIND", "read", "recognise", "year_in"]

KIND = "ssda903"
# DfE first asked for social workers in the return of 2023-24.
SOCIAL_WORKERS_FROM = date(2023, 4, 1)

Say = Callable[[str], None]

# --- reading ----------------------------------------------------------------------------------------------


def read(
    files: Sequence[File],
    *,
    authority: str,
    digest: str,
    covers: tuple[date, date] | None = None,
    partial: bool = False,
    today: date,
    say: Say = lambda _: None,
    ledger: Ledger | None = None,
) -> Extract:
    """One extract from the files of one folder.

    authority: ONS code of the authority whose return it is, "" where it is only checked. covers: the days it
    covers, where the rule (1 April before the earliest DEC to 31 March after the latest DECOM or DEC, at most
    today) is wrong. partial: not every child is in it.
    """
    ledger = ledger or Ledger()
    checked = [found for file in files if (found := _checked(file, ledger)) is not None]
    period = _period(checked, covers, today, ledger)
    checked = [part for c in checked if (part := _dated(c, checked, period, today, ledger)) is not None]
    frames = _put_together(checked, ledger)
    say("Looking up postcodes")
    tables = records.tables(frames, authority, ledger)
    first, last = period if period else (None, None)
    return Extract(
        kind=KIND,
        authority=authority,
        supplier=authority_name(authority),
        digest=digest,
        tables=tables,
        files=ledger.reports(),
        refusals=ledger.in_order(),
        notes=tuple(ledger.notes),
        coverage=_coverage(checked, period, today, told=covers is not None, full=not partial),
        covers_from=first,
        covers_to=last,
        full=not partial,
    )


@dataclass(frozen=True)
class _Checked:
    """One file's rows as values, with `file` and `row` (file:row) beside the return's own columns."""

    table: Table
    file: str
    frame: pd.DataFrame
    of_year: int | None = None  # where it had to be found out

    @property
    def year(self) -> int | None:
        """The year of the return: of the 31 March that ends it."""
        return self.of_year or year_in(self.file) or (_march(max(d)).year if (d := self.days()) else None)

    def days(self, to: date = date.max, *, ends: bool = False) -> list[date]:
        """The days on which its rows began or ended (only ended), as far as they are known by then."""
        names = self.table.ends if ends else (*self.table.starts, *self.table.ends)
        return [day for name in names for day in self.frame[name] if day and day <= to]


def _checked(file: File, ledger: Ledger) -> _Checked | None:
    if file.sheet is None:
        ledger.fail(file, file.problem)
        return None
    table = recognise(file.sheet.frame.columns)
    if table is None:
        raise ValueError("not a file of the return")
    frame = file.sheet.frame.rename(columns=column_name)
    if problem := _problem(table, frame):
        ledger.fail(file, problem, f"{KIND} {table.name}")
        return None
    ledger.enter(file, f"{KIND} {table.name}")
    if table.reason:
        ledger.set_aside([file.name] * len(frame), table.reason)
        return None
    _note_columns(table, frame, file.name, ledger)
    return _Checked(table, file.name, _values(table, frame, file.name, ledger))


def _problem(table: Table, frame: pd.DataFrame) -> str:
    """Why a recognised file cannot be used, or nothing."""
    if not frame.columns.is_unique:
        return "Two of its columns are the same column of the return under two names."
    needed = [c.name for c in table.columns if c.required or c.name in table.needed]
    lacking = [name for name in needed if name not in frame]
    return f"It has no column {' or '.join(lacking)}, without which no row can be used." if lacking else ""


def _note_columns(table: Table, frame: pd.DataFrame, file: str, ledger: Ledger) -> None:
    optional = {"UASC", "PL_LA", "PL_DISTANCE", "DOB"} if table is not HEADER else {"UASC"}
    named = {c.name for c in table.columns}
    if lacking := sorted(named - optional - set(frame)):
        ledger.note(f"{file} has no column {', '.join(lacking)}: read as blank.")
    if unknown := [str(c) for c in frame if c not in named and c not in table.unread]:
        ledger.note(f"{file}: columns that are not used: {', '.join(unknown)}.")


def _values(table: Table, text: pd.DataFrame, file: str, ledger: Ledger) -> pd.DataFrame:
    """The rows of a file as values; repeated, refused and short-break rows are accounted for."""
    text, again = checking.set_apart_duplicates(text)
    ledger.repeated(file, again)
    frame, refusals = checking.check(text, table.columns, file)
    ledger.refuse(refusals)
    if table.starts:
        frame, refusals = checking.refuse_ends(frame, table.starts[0], table.ends[0], file)
        ledger.refuse(refusals)
    frame = frame.assign(file=file, row=[f"{file}:{n}" for n in frame.index])
    if table is not EPISODES:
        return frame
    frame, refusals = checking.refuse_without(frame, ("REC", "REASON_PLACE_CHANGE"), "DEC", file)
    ledger.refuse(refusals)
    short = frame["LS"].isin(codes.SHORT_BREAKS)
    ledger.set_aside(frame["file"][short], "short breaks (V3, V4)")
    return frame.loc[~short]


# --- several files, several years ---


def _put_together(checked: Sequence[_Checked], ledger: Ledger) -> Frames:
    """The rows of each table from all its files, each fact once."""
    of = {table.name: [c for c in checked if c.table is table] for table in TABLES}
    return {table.name: _each_once(table, of[table.name], ledger) for table in TABLES if of[table.name]}


def _each_once(table: Table, parts: Sequence[_Checked], ledger: Ledger) -> pd.DataFrame:
    """One row a natural key: the later year's, in one file the one that ended, else the last."""
    ordered = sorted(parts, key=lambda c: (c.year or 0, max(c.days(), default=date.min), c.file))
    ranked = [c.frame.assign(_rank=n) for n, c in enumerate(ordered)]
    frame = pd.concat([f for f in ranked if len(f)] or ranked[:1], ignore_index=True)
    closed = frame[table.ended].notna() if table.ended else False
    ranked_rows = frame.assign(_closed=closed, _at=range(len(frame))).sort_values(["_rank", "_closed", "_at"])
    key = list(table.key)
    last = ~ranked_rows.duplicated(key, keep="last")
    winner = ranked_rows.groupby(key)["file"].transform("last")
    lost, same_file = ranked_rows.loc[~last], (winner == ranked_rows["file"]).loc[~last]
    ledger.set_aside(lost["file"][~same_file], "repeated in another file")
    ledger.refuse(_same_twice(table, row) for row in lost["row"][same_file])
    kept = ranked_rows.loc[last].sort_values("_at")
    return kept.drop(columns=["_rank", "_closed", "_at"]).reset_index(drop=True)


def _same_twice(table: Table, row: str) -> Refusal:
    file, _, number = row.rpartition(":")
    names = " and ".join(name for name in table.key if name != "year")
    return Refusal(
        file, int(number), names, f"the same {names} twice, with different content", "one row for each",
        "Keep the row that is right and remove the other.",
    )  # fmt: skip


def _dated(
    part: _Checked, checked: Sequence[_Checked], period: tuple[date, date] | None, today: date, ledger: Ledger
) -> _Checked | None:
    """A file with its year, where its rows need it: OC2's carry no date, and stand on 31 March.

    The year is that of the file's name; of a single OC2, else, the last that the extract covers. Without one,
    and before the year has ended, its rows are set aside.
    """
    if part.table is not OC2:
        return part
    alone = sum(c.table is OC2 for c in checked) == 1
    year = year_in(part.file) or (_march(period[1]).year if period and alone else None)
    if year and date(year, 3, 31) <= today:
        return replace(part, frame=part.frame.assign(year=year), of_year=year)
    if year is None:
        ledger.note(f"{part.file}: which year it is for cannot be told; put the year in the file's name.")
    reason = "health answers of a year that has not ended" if year else "yearly health answers without a year"
    ledger.set_aside(part.frame["file"], reason)
    return None


# --- what is covered ---


def _april(day: date) -> date:
    return date(day.year - ((day.month, day.day) < (4, 1)), 4, 1)


def _march(day: date) -> date:
    return date(_april(day).year + 1, 3, 31)


def _span(ended: Sequence[date], days: Sequence[date], today: date) -> tuple[date, date] | None:
    """From 1 April before the earliest end to 31 March after the latest day, at most today."""
    if not days:
        return None
    return _april(min(ended) if ended else max(days)), min(_march(max(days)), today)


def _period(
    checked: Sequence[_Checked], covers: tuple[date, date] | None, today: date, ledger: Ledger
) -> tuple[date, date] | None:
    """The days an extract covers, from its episodes; without them, from its other tables."""
    if covers:
        return covers
    for parts in ([c for c in checked if c.table is EPISODES], checked):
        ended = [day for c in parts for day in c.days(today, ends=True)]
        if span := _span(ended, [day for c in parts for day in c.days(today)], today):
            _note_gap(span, ended, ledger)
            return span
    if checked:
        ledger.note("Which days the files cover cannot be told from them: say so with --covers FROM:TO.")
    return None


def _note_gap(span: tuple[date, date], ended: Sequence[date], ledger: Ledger) -> None:
    """A year of care in which nothing ended is more likely a slip in a date than a quiet year."""
    years = {_march(day).year for day in ended}
    quiet = [y for y in range(_march(span[0]).year, max(years, default=0)) if y not in years]
    if quiet:
        ledger.note(
            f"The files seem to cover {span[0]:%d/%m/%Y} to {span[1]:%d/%m/%Y}, though nothing ended in the "
            f"year to 31 March {quiet[-1]}: if an early end date is a slip, mend it or say --covers FROM:TO."
        )


def _coverage(
    checked: Sequence[_Checked], period: tuple[date, date] | None, today: date, *, told: bool, full: bool
) -> tuple[Coverage, ...]:
    """What the files hold, and for which days; a file with a header and no rows says that there were none.

    Where several years' files lie together each covers its own. OC2 covers the year it is of; social workers
    are covered from 1 April before the earliest SW_DEC, not before the return asked for them.
    """
    if period is None:
        return ()
    tables = [c.table.name for c in checked]
    several = len(set(tables)) < len(tables)
    lines = []
    for part in checked:
        days = period if told else _covered_days(part, period, several, today)
        if days:
            lines += [Coverage(table, of, *days, full) for table, of in _covered_tables(part.table)]
    return tuple(dict.fromkeys(lines))


def _covered_tables(table: Table) -> list[tuple[str, str | None]]:
    parts: dict[str, list[tuple[str, str | None]]] = {
        EPISODES.name: [("looks_after", None), ("placed_at", None)],
        REVIEWS.name: [("meetings", "review")],
        MISSING.name: [("events", "missing"), ("events", "away")],
        WORKERS.name: [("involved_with", "social_worker")],
        OC2.name: [("assessments", kind) for kind in ("sdq", *ANSWERS.values())],
    }
    return parts.get(table.name, [])


def _covered_days(part: _Checked, period: tuple[date, date], several: bool, today: date) -> tuple[date, date] | None:
    first, last = period
    own = _span(part.days(today, ends=True), part.days(today), today)
    if own is None and part.year:
        own = date(part.year - 1, 4, 1), date(part.year, 3, 31)
    if own and (several or part.table in (WORKERS, OC2)):
        first = max(first, own[0])
    if own and (several or part.table is OC2):
        last = min(last, own[1])
    if part.table is WORKERS:
        first = max(first, SOCIAL_WORKERS_FROM)
    return (first, last) if first <= last else None
