"""The Standard Safeguarding Dataset (SSD) as CSV files: a case system's own records, to the tables of the graph.

Source: Data to Insight, Standard Safeguarding Dataset. A file is known by its header, not by its name. What is read:
persons, episodes, placements, legal status, involvements, professionals, departments, reviews, visits, health,
immunisations, SDQ, missing, care leavers, family, linked identifiers. Other tables are recognised and set aside.

**What it covers.** An extract holds several years and ends on the day it was made, and says neither. So it is taken
to reach from the earliest day on which anyone's period of care ended (before it, whoever left care is not in the
extract) to the latest day of anything in it, at most today. Where no care ended, it begins with the earliest end of
an episode, else with the latest start. Reviews, visits, health checks and SDQs are covered from their own first day
on, and involvements from the first that ended: an extract of current workers only says nothing of former ones.
Involvements are covered for the roles that occur in it and no other, health checks for the kinds that occur.
`covers` says otherwise. A table whose file is absent is not covered; headers without rows mean there were none.

**What is left out, and why.** The date of the last contact with a reviewing officer: it does not say whether she
visited, called or held a review, nor who she was, and only the last is kept. Whether a return interview was offered
and accepted: it has no date, and so is no interview. Short breaks (V3, V4), as DfE has it. Two rows of one fact (the
same worker, role and child from the same day): one is kept, the one that lasts longest or says most.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date

import pandas as pd

from graph.records import Coverage
from graph.reference import roles as reference_roles
from ingest import checking, roles, ssd_records
from ingest.episodes import Frames, authority_name
from ingest.extract import Extract
from ingest.ledger import Ledger
from ingest.reading import File
from ingest.ssd_columns import (
    EPISODES,
    HEALTH,
    INVOLVEMENTS,
    MISSING,
    NAMES,
    PLACEMENTS,
    REVIEWS,
    SDQ,
    TABLES,
    VISITS,
    Table,
    column_name,
    recognise,
)

__all__ = ["KIND", "NAMES", "read", "recognise"]

KIND = "ssd"
# What ssd_cla_health is for; an extract whose table has no rows says that there were none of these.
HEALTH_CHECKS = ("health assessment", "dental check", "development check")

Say = Callable[[str], None]
Period = tuple[date, date]


def read(
    files: Sequence[File],
    *,
    authority: str,
    digest: str,
    role_map: roles.RoleMap | None = None,
    covers: Period | None = None,
    partial: bool = False,
    today: date,
    say: Say = lambda _: None,
    ledger: Ledger | None = None,
) -> Extract:
    """One extract from the files of one folder.

    authority: ONS code of the authority whose case system it is, "" where it is only checked. role_map: what its
    words for roles mean; the default map where nothing is said. covers: the days it covers, where the rule above is
    wrong. partial: not every child is in it.
    """
    ledger = ledger or Ledger()
    frames = _put_together([found for file in files if (found := _checked(file, ledger)) is not None])
    say("Looking up postcodes")
    tables = ssd_records.tables(frames, authority, role_map or roles.default(), ledger)
    period = covers or _period(tables, today)
    if period is None and frames:
        ledger.note("Which days the files cover cannot be told from them: say so with --covers FROM:TO.")
    return Extract(
        kind=KIND,
        authority=authority,
        supplier=authority_name(authority),
        digest=digest,
        tables=tables,
        files=ledger.reports(),
        refusals=ledger.in_order(),
        notes=tuple(ledger.notes),
        coverage=_coverage(frames, tables, period, today, told=covers is not None, full=not partial),
        covers_from=period[0] if period else None,
        covers_to=period[1] if period else None,
        full=not partial,
    )


# --- from files to frames ---


def _checked(file: File, ledger: Ledger) -> tuple[Table, pd.DataFrame] | None:
    """A file's rows as values, by what we call its columns, with `file` and `row` (file:row)."""
    if file.sheet is None:
        ledger.fail(file, file.problem)
        return None
    table = recognise(file.sheet.frame.columns)
    if table is None:
        raise ValueError("not a file of the SSD")
    known_as = f"{KIND} {table.name.removeprefix('ssd_')}"
    text = file.sheet.frame.rename(columns=column_name)
    if problem := _problem(table, text):
        ledger.fail(file, problem, known_as)
        return None
    ledger.enter(file, known_as)
    if table.reason:
        ledger.set_aside([file.name] * len(text), table.reason)
        return None
    _note_columns(table, text, file.name, ledger)
    return table, _values(table, text, file.name, ledger)


def _problem(table: Table, text: pd.DataFrame) -> str:
    """Why a recognised file cannot be used, or nothing."""
    if not text.columns.is_unique:
        return "Two of its columns are the same column of the SSD under two names."
    lacking = [name for name in table.required if name not in text]
    return f"It has no column {' or '.join(lacking)}, without which no row can be used." if lacking else ""


def _note_columns(table: Table, text: pd.DataFrame, file: str, ledger: Ledger) -> None:
    named = {c.name for c in table.columns.values()}
    # Of these an extract has one or the other, or the linked identifiers have them instead.
    either = {"pers_upn", "clap_cla_placement_la", "clar_cla_person_id", "clar_cla_episode_id", "clav_cla_episode_id"}
    if lacking := sorted(named - either - set(text)):
        ledger.note(f"{file} has no column {', '.join(lacking)}: read as blank.")
    if unknown := [str(c) for c in text if c not in named and c not in table.unread]:
        ledger.note(f"{file}: columns that are not used: {', '.join(unknown)}.")


def _values(table: Table, text: pd.DataFrame, file: str, ledger: Ledger) -> pd.DataFrame:
    text, again = checking.set_apart_duplicates(text)
    ledger.repeated(file, again)
    frame, refusals = checking.check(text, tuple(table.columns.values()), file)
    ledger.refuse(refusals)
    if {"start", "end"} <= set(table.columns):
        start, end = table.columns["start"].name, table.columns["end"].name
        frame, refusals = checking.refuse_ends(frame, start, end, file)
        ledger.refuse(refusals)
    ours = frame.rename(columns={column.name: name for name, column in table.columns.items()})
    return ours.assign(file=file, row=[f"{file}:{n}" for n in ours.index])


def _put_together(checked: Sequence[tuple[Table, pd.DataFrame]]) -> Frames:
    """The rows of each table from all its files."""
    parts = {table.name: [frame for t, frame in checked if t is table] for table in TABLES}
    return {
        name: pd.concat([f for f in frames if len(f)] or frames[:1], ignore_index=True)
        for name, frames in parts.items()
        if frames
    }


# --- what is covered ---


def _days(frame: pd.DataFrame | None, names: Iterable[str], today: date) -> list[date]:
    if frame is None:
        return []
    return [day for name in names if name in frame for day in frame[name] if day is not None and day <= today]


def _period(tables: Mapping[str, pd.DataFrame], today: date) -> Period | None:
    """The days an extract covers: see above."""
    happened = ("looks_after", "involved_with", "meetings", "events", "assessments")
    days = [day for name in happened for day in _days(tables.get(name), ("start", "on", "end"), today)]
    if not days:
        return None
    care = tables.get("looks_after")
    left = care.loc[care["end_reason"] != "X1"] if care is not None else None
    ended = _days(left, ("end",), today) or _days(care, ("end",), today)
    return min(ended) if ended else max(_days(care, ("start",), today), default=min(days)), max(days)


def _coverage(
    frames: Frames,
    tables: Mapping[str, pd.DataFrame],
    period: Period | None,
    today: date,
    *,
    told: bool,
    full: bool,
) -> tuple[Coverage, ...]:
    if period is None:
        return ()
    first, last = period
    lines = [
        Coverage(table, of, first if told else max(first, begins), last, full)
        for table, of, begins in _covered(frames, tables, today)
    ]
    return tuple(dict.fromkeys(line for line in lines if line.start <= line.end))


def _covered(frames: Frames, tables: Mapping[str, pd.DataFrame], today: date) -> list[tuple[str, str | None, date]]:
    """What an extract holds, and from which day on at the earliest."""
    found: list[tuple[str, str | None, date]] = []
    if EPISODES.name in frames:
        found.append(("looks_after", None, date.min))
        found += [("placed_at", None, date.min)] if PLACEMENTS.name in frames else []
    if INVOLVEMENTS.name in frames:
        rows = tables["involved_with"].loc[tables["involved_with"]["row"].isin(frames[INVOLVEMENTS.name]["row"])]
        begins = min(_days(rows, ("end",), today), default=max(_days(rows, ("start",), today), default=date.min))
        held = [role for role in reference_roles.roles() if role != "other" and (rows["role"] == role).any()]
        found += [("involved_with", role, begins) for role in held]
    for table, kind in ((REVIEWS, "review"), (VISITS, "visit")):
        if table.name in frames:
            found.append(("meetings", kind, _first(tables["meetings"], kind, today)))
    if MISSING.name in frames:
        found += [("events", kind, date.min) for kind in ("missing", "away")]
    checks = tables.get("assessments")
    if HEALTH.name in frames and checks is not None:
        kinds = sorted(set(checks["kind"]) - {"sdq", "immunisations"}) or HEALTH_CHECKS
        found += [("assessments", kind, _first(checks, kind, today)) for kind in kinds]
    if SDQ.name in frames and checks is not None:
        found.append(("assessments", "sdq", _first(checks, "sdq", today)))
    return found


def _first(frame: pd.DataFrame, kind: str, today: date) -> date:
    """The first day of a kind; where there is none, the beginning of time."""
    return min(_days(frame.loc[frame["kind"] == kind], ("on",), today), default=date.min)
