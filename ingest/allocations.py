"""The list of independent reviewing officers: which child, who, from when to when.

Many case systems' extracts hold no reviewing officers. This is the spreadsheet that fills the gap in two minutes:
a CSV, or a sheet of a workbook, with the columns child (the authority's own number), iro, start, end, and if there
is one staff_id; other names for them are known (`Child ID`, `Reviewing officer`, `From`, `To` …).

* A child who is only in the list becomes a child of the authority: the number is its own, and an officer is only
  appointed for a child who is looked after (section 25A of the Children Act 1989).
* An officer goes by the staff id, which joins her to whoever has it in another source; else by her name within the
  council's social care agency. A name alone never joins her to a worker of another source who has a number: two
  people may share a name.
* `end` is the first day she is no longer the child's reviewing officer; blank = she still is.
* A list is of today by nature: it takes the place of the authority's earlier list, it covers the days from the
  earliest start to today, and loaded on another day it is another load. Where no allocation in it has ended it is
  taken to say nothing of former officers, and covers today alone. `covers` says otherwise. A list without rows (an
  empty template) covers nothing.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Sequence
from datetime import date

import pandas as pd

from graph.records import Coverage
from ingest import checking
from ingest.checking import Column
from ingest.episodes import authority_name, department
from ingest.extract import Extract, Refusal, shaped
from ingest.ledger import Ledger, counted
from ingest.reading import File
from ingest.ssda903_columns import read_child
from ingest.tables import last_of, without_explanations

KIND = "allocations"
ROLE = "iro"

COLUMNS = (
    Column("child", "identifier", required=True, read=read_child, expected="the authority's own number for the child"),
    # What is written where nobody is allocated is not a name.
    Column("iro", "text", filler=r"[-–.?]+|n/?a|none|nobody|no iro|vacan(?:t|cy)|un-?allocated|tb[ac]|not allocated"),
    Column("staff_id", "identifier", read=read_child, expected="the officer's number in the staff list"),
    Column("start", "date", required=True),
    Column("end", "date"),
)
MEANINGS = {
    "child": "the council's own number for the child",
    "iro": "name of the independent reviewing officer",
    "staff_id": "the officer's number in the staff list: joins her to the same number in other sources",
    "start": "first day she was the child's reviewing officer",
    "end": "first day she no longer was; blank = she still is. Keep allocations that have ended",
}
_ALIASES = {
    "child": (
        "child", "child id", "childs id", "child number", "child no", "child ref", "child unique id", "childs number",
        "local id", "local number", "person id", "client id", "case number", "case id", "unique id",
    ),
    "iro": (
        "iro", "iro name", "name of iro", "allocated iro", "current iro", "reviewing officer", "reviewing officer name",
        "independent reviewing officer", "independent reviewing officer name", "allocated reviewing officer",
    ),
    "staff_id": (
        "staff id", "staff number", "staff no", "iro id", "iro staff id", "iro staff number", "employee id",
        "employee number", "employee no", "payroll number", "worker id",
    ),
    "start": (
        "start", "start date", "from", "from date", "date from", "since", "allocated", "allocated on", "allocated from",
        "date allocated", "allocation date", "allocation start", "allocation start date", "iro start", "iro start date",
    ),
    "end": (
        "end", "end date", "to", "to date", "date to", "until", "ended", "ended on", "date ended", "allocated to",
        "allocation end", "allocation end date", "iro end", "iro end date",
    ),
}  # fmt: skip
_NAMES = {alias: name for name, aliases in _ALIASES.items() for alias in aliases}
_UNREAD = re.compile(r".*\be ?mail\b.*")


def recognise(columns: Iterable[str]) -> bool:
    """Whether a header is that of a list of reviewing officers: it names a child and an officer, and a day."""
    names = {column_name(cell) for cell in columns}
    return {"child", "iro"} <= names and bool(names & {"start", "end"})


def column_name(cell: str) -> str:
    """A header cell by the name it goes by here; any other as it is written."""
    tidy = " ".join(re.sub(r"[^a-z0-9]+", " ", cell.casefold().replace("'", "").replace("’", "")).split())
    return _NAMES.get(tidy, cell)


# --- reading ---


def read(
    files: Sequence[File],
    *,
    authority: str,
    digest: str,
    supplier: str = "",
    covers: tuple[date, date] | None = None,
    partial: bool = False,
    today: date,
    ledger: Ledger | None = None,
) -> Extract:
    """One extract from the lists of one folder.

    authority: ONS code, "" where the list is only checked. supplier: the authority where nothing is said. covers:
    the days it covers, where the rule above is wrong. partial: officers or children are missing from it.
    """
    ledger = ledger or Ledger()
    checked = [frame for file in files if (frame := _checked(file, ledger)) is not None]
    rows = _put_together(checked, ledger)
    _note_doubts(rows, ledger)
    period = _period(rows, covers, today, ledger)
    full = bool(period) and not partial
    return Extract(
        kind=KIND,
        authority=authority,
        supplier=supplier or authority_name(authority),
        digest=digest if covers else hashlib.sha256(f"{digest} {today}".encode()).hexdigest(),
        tables={name: shaped(name, frame) for name, frame in _tables(rows, authority).items()},
        files=ledger.reports(),
        refusals=ledger.in_order(),
        notes=tuple(ledger.notes),
        coverage=(Coverage("involved_with", ROLE, *period, full),) if period else (),
        covers_from=period[0] if period else None,
        covers_to=period[1] if period else None,
        full=full,
    )


def _checked(file: File, ledger: Ledger) -> pd.DataFrame | None:
    """The rows of one list as values, with `person` (who the officer is here) and `row`."""
    if file.sheet is None:
        ledger.fail(file, file.problem)
        return None
    text = file.sheet.frame.rename(columns=column_name)
    if problem := _problem(text):
        ledger.fail(file, problem, KIND)
        return None
    ledger.enter(file, KIND)
    known = {column.name for column in COLUMNS}
    if unknown := [str(name) for name in text if name not in known and not _UNREAD.fullmatch(str(name).casefold())]:
        ledger.note(f"{file.name}: columns that are not used: {', '.join(unknown)}.")
    text = without_explanations(text, file.name, ledger)
    text, again = checking.set_apart_duplicates(text)
    ledger.repeated(file.name, again)
    frame, refusals = checking.check(text, COLUMNS, file.name)
    ledger.refuse(refusals)
    frame, refusals = checking.refuse_ends(frame, "start", "end", file.name)
    ledger.refuse(refusals)
    nobody = frame["iro"].isna() & frame["staff_id"].isna()
    ledger.refuse(_names_nobody(file.name, row) for row in frame.index[nobody])
    frame = frame.loc[~nobody]
    people = [_person(staff, name) for staff, name in zip(frame["staff_id"], frame["iro"], strict=True)]
    return frame.assign(person=people, row=[f"{file.name}:{n}" for n in frame.index])


def _problem(text: pd.DataFrame) -> str:
    """Why a list cannot be used, or nothing."""
    named = [name for name in text if name in _ALIASES]
    if twice := sorted({str(name) for name in named if named.count(name) > 1}):
        return f"It has two columns for {' and for '.join(twice)}: remove one, or give it another name."
    return "" if "start" in named else "It has no column start, without which no row can be used."


def _names_nobody(file: str, row: int) -> Refusal:
    return Refusal(
        file, row, "iro", "no name", "the name of the reviewing officer",
        "Fill it in; or remove the row: a child has no officer on record on days for which there is no row.",
    )  # fmt: skip


def _person(staff_id: str | None, name: str | None) -> str:
    """Who an officer is in this list: her staff id; else her name, whatever its case and spacing."""
    return f"staff {staff_id.casefold()}" if staff_id else f"name {checking.folded(name or '')}"


def _put_together(checked: Sequence[pd.DataFrame], ledger: Ledger) -> pd.DataFrame:
    """Every allocation once: of two for one child, officer and start that differ, the later row is kept."""
    filled = [frame for frame in checked if len(frame)]
    if not filled:
        return pd.DataFrame(columns=[*(column.name for column in COLUMNS), "person", "row"], dtype=object)
    rows = pd.concat(filled, ignore_index=True)
    again = rows.duplicated(["child", "person", "start", "end"])
    ledger.set_aside([row.rpartition(":")[0] for row in rows["row"][again]], "repeated in another row")
    return last_of(rows.loc[~again], ["child", "person", "start"], "child and iro and start", ledger)


def _note_doubts(rows: pd.DataFrame, ledger: Ledger) -> None:
    """What is kept and worth a look, in counts."""
    if shared := sum(_overlap(own) for _, own in rows.groupby("child")):
        ledger.note(
            f"{counted(shared, 'child')} with two reviewing officers on the same days, kept as they are: "
            "where one took over from the other, fill in the end of the earlier allocation."
        )
    named = rows.dropna(subset="iro").assign(folded=lambda all_: [checking.folded(name) for name in all_["iro"]])
    several = named.groupby("folded")["person"].nunique()
    if count := int((several > 1).sum()):
        names, they = (counted(count, "name"), "is") if count == 1 else (counted(count, "name"), "are")
        ledger.note(
            f"{names} {they} written with more than one staff id, or with and without one: each is kept as a person "
            "of their own. Where they are the same, write the same staff id in every row."
        )


def _overlap(allocations: pd.DataFrame) -> bool:
    """Whether two people are one child's officer on one day."""
    spells = list(allocations[["start", "end", "person"]].itertuples(index=False, name=None))
    return any(
        who != other and start < (until or date.max) and since < (end or date.max)
        for n, (start, end, who) in enumerate(spells)
        for since, until, other in spells[n + 1 :]
        if start != end and since != until
    )


def _period(
    rows: pd.DataFrame, covers: tuple[date, date] | None, today: date, ledger: Ledger
) -> tuple[date, date] | None:
    """The days of which the list tells: see above."""
    if covers and len(rows):
        return covers
    starts = [start for start in rows["start"] if start <= today]
    if not starts:
        return None
    if rows["end"].notna().any():
        return min(starts), today
    ledger.note(
        "No allocation in the list of reviewing officers has ended: it is taken to name the officers of today, and "
        "what came before cannot be assessed. Add those that ended, or load it with --covers FROM:TO."
    )
    return today, today


# --- to the tables of the graph ---


def _tables(rows: pd.DataFrame, authority: str) -> dict[str, pd.DataFrame]:
    """Children, officers, and who reviews whom; the council's agency as the reader of the return makes it."""
    children, people = rows.drop_duplicates("child"), rows.drop_duplicates("person", keep="last")
    own, agency, serves = department(authority, rows["row"].iloc[0] if len(rows) else "")
    return {
        "children": pd.DataFrame(
            {"id": children["child"], "local_id": children["child"], "row": children["row"]}, dtype=object
        ),
        "agencies": pd.DataFrame([agency] if len(rows) else [], dtype=object),
        "serves": pd.DataFrame([serves] if len(rows) else [], dtype=object),
        "professionals": pd.DataFrame(
            {"id": people["person"], "name": people["iro"], "staff_id": people["staff_id"], "row": people["row"]},
            dtype=object,
        ),
        "involved_with": pd.DataFrame({
            "id": [f"{c}|{p}|{s}" for c, p, s in rows[["child", "person", "start"]].itertuples(index=False)],
            "from": [f"Professional:{person}" for person in rows["person"]],
            "to": [f"Child:{child}" for child in rows["child"]],
            "role": ROLE, "agency": own, "start": rows["start"], "end": rows["end"],
            "row": rows["row"],
        }, dtype=object),
    }  # fmt: skip
