"""The project's own files: a folder with one CSV a table, or a workbook with one sheet a table.

How a partner agency hands over what it knows with nothing but a spreadsheet. Columns are those of the model;
all are optional but the required ones. Dates are DD/MM/YYYY or YYYY-MM-DD, flags yes or no, several ids are
parted by `;`. A column that points at one kind takes a bare id, else `Kind:id`; an authority is given by its
ONS code, DfE's three digits or its name. A row whose first cell begins with # explains, and is set aside.

`id` is any text unique in its table; where it is blank the row gets one. A child named in `about`, `from` or
`to` without a row of its own is taken for the authority's own number. The same id twice, or the same
relationship twice, with different content: the later row is kept and the earlier refused.

The tables are those of `graph.model`. The table `coverage` says what the folder covers, a line each:

    table  a table's name
    of     a part of it: a role of involved_with; a kind of meetings, events, plans or assessments; a kind of
           agency of attended or referrals; blank = the whole table
    from   first day covered
    to     last day covered
    full   yes = everything of that kind in those days (yes where blank)
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import pandas as pd

from graph import reference
from graph.errors import TeamaroundError
from graph.model import (
    AGENCY_KINDS,
    Child,
    Kind,
    LocalAuthority,
    Node,
    Property,
    Relationship,
    by_table,
    links,
    properties,
)
from graph.records import Coverage
from graph.reference import roles
from graph.reference.codes import code_list
from ingest import checking
from ingest import roles as local_roles
from ingest.checking import NHS_NUMBER, UPN, URN, Column
from ingest.extract import Extract, Refusal, columns_of, shaped
from ingest.ledger import Ledger, counted
from ingest.reading import File
from ingest.ssda903_columns import read_child

KIND = "tables"
COVERAGE = "coverage"
EXPLAINS = "#"
NO_DAYS = (
    "These tables do not say which days they cover, so it cannot be told whether something is missing from them: "
    "fill in the table coverage, or load them with --covers FROM:TO."
)

Frames = dict[str, pd.DataFrame]
Ids = Mapping[str, Mapping[str, str]]  # kind → id as written → id as handed on

# Properties that take the codes of the return, by table.
CODE_LISTS = {
    ("children", "ethnicity"): "ethnic",
    ("placements", "provider"): "provider",
    ("placed_at", "place_type"): "place",
    ("placed_at", "provider"): "provider",
    ("placed_at", "start_reason"): "rne",
    ("placed_at", "end_reason"): "rec",
    ("placed_at", "change_reason"): "change",
    ("looks_after", "legal_status"): "ls",
    ("looks_after", "need"): "cin",
    ("looks_after", "start_reason"): "rne",
    ("looks_after", "end_reason"): "rec",
    ("meetings", "participation"): "participation",
}
_IDENTIFIERS: Mapping[str, Mapping[str, Any]] = {"upn": UPN, "nhs_number": NHS_NUMBER, "urn": URN}
CHILD_KEYS = ("local_id", "nhs_number", "upn")

# --- columns, from the model ---


def columns(kind: Kind) -> list[Column]:
    """The columns of a kind's CSV as they are checked, in order."""
    first = [Column("id", "identifier")]
    if issubclass(kind, Relationship):
        first += [Column(end, "reference", required=True) for end in ("from", "to")]
    given = [_property_column(kind, p) for p in properties(kind) if p.in_tables]
    return [*first, *given, *(Column(one.name, "list", required=one.name == "about") for one in links(kind))]


def _property_column(kind: Kind, prop: Property) -> Column:
    if prop.name in _IDENTIFIERS:
        return Column(prop.name, required=prop.required, **_IDENTIFIERS[prop.name])
    if prop.refers:
        return Column(prop.name, "reference", required=prop.required)
    if prop.name == "role":
        return Column("role", "code", tuple(roles.roles()), prop.required, read_role)
    codes = prop.codes
    if listed := CODE_LISTS.get((kind.table, prop.name)):
        codes = tuple(code_list(listed))
    if codes:
        return Column(prop.name, "code", codes, prop.required)
    if prop.name in ("local_id", "staff_id"):
        return Column(prop.name, "identifier", required=prop.required, read=read_child,
                      expected="a number, written in full (as text, not as 1.2E+05)")  # fmt: skip
    if prop.type == "text" and prop.name in ("registration", "login"):
        return Column(prop.name, "identifier", required=prop.required)
    if prop.name == "postcode":
        return Column(prop.name, "postcode", required=prop.required)
    if prop.type == "bytes":
        raise ValueError(f"{prop.name} is no column of a table")
    return Column(prop.name, prop.type, required=prop.required)


def read_role(text: str) -> str | None:
    """A role by its code or its label, or by a spelling that case systems use for it."""
    return local_roles.default().role(text)


_COVERAGE_COLUMNS = (
    Column("table", "code", tuple(by_table()), required=True),
    Column("of", "text"),
    Column("from", "date", required=True),
    Column("to", "date", required=True),
    Column("full", "flag"),
)


def recognise(name: str, header: Iterable[str]) -> str | None:
    """The table a file holds: its name must be a table's and its header one of its columns; else None."""
    table = table_in(name)
    cells = {column_name(cell) for cell in header}
    if table == COVERAGE:
        return table if {"table", "from"} <= cells else None
    return table if table in by_table() and cells & {c.name for c in columns(by_table()[table])} else None


def table_in(name: str) -> str:
    """The table that the name of a file says, or of a sheet (`book.xlsx[meetings]`)."""
    sheet = re.search(r"\[([^\[\],]*)[^\[\]]*\]$", name)
    return (sheet[1] if sheet else Path(name).stem).strip().casefold().replace(" ", "_").replace("-", "_")


def column_name(cell: str) -> str:
    """A header cell as the tables write it."""
    return "_".join(cell.casefold().replace("-", " ").split())


# --- reading ---


def read(
    files: Sequence[File],
    *,
    authority: str,
    supplier: str,
    digest: str,
    covers: tuple[date, date] | None = None,
    partial: bool = False,
    ledger: Ledger | None = None,
) -> Extract:
    """One extract from the files of one folder, or the sheets of one workbook.

    authority: ONS code of the authority whose children they are about. covers: takes the place of the days in
    coverage; where there is none, every table is covered for them. partial: not everything is in it.
    """
    ledger = ledger or Ledger()
    sheets = _sheets(files, ledger)
    said = sheets.pop(COVERAGE, None)
    coverage = _coverage(said, list(sheets), covers, partial, ledger)
    if not coverage:
        ledger.note(NO_DAYS)
    frames = {table: _checked(table, sheet, ledger) for table, sheet in sheets.items()}
    tables = _Folder(frames, _refused_children(sheets, frames), ledger).resolved()
    return Extract(
        kind=KIND,
        authority=authority,
        supplier=supplier,
        digest=digest,
        tables={name: shaped(name, frame) for name, frame in tables.items()},
        files=ledger.reports(),
        refusals=ledger.in_order(),
        notes=tuple(ledger.notes),
        coverage=coverage,
        covers_from=min((c.start for c in coverage), default=None),
        covers_to=max((c.end for c in coverage), default=None),
        full=bool(coverage) and all(c.full for c in coverage),
    )


def _sheets(files: Sequence[File], ledger: Ledger) -> dict[str, tuple[str, pd.DataFrame]]:
    """Each table's file and text; files that cannot be used are accounted for."""
    found: dict[str, tuple[str, pd.DataFrame]] = {}
    for file in files:
        if file.sheet is None:
            ledger.fail(file, file.problem)
            continue
        table = recognise(file.name, file.sheet.frame.columns)
        frame = file.sheet.frame.rename(columns=column_name)
        if table is None:
            _unknown(file, ledger)
        elif problem := _problem(table, frame, found):
            ledger.fail(file, problem, f"{KIND} {table}")
        else:
            ledger.enter(file, f"{KIND} {table}")
            _note_columns(table, frame, file.name, ledger)
            found[table] = (file.name, without_explanations(frame, file.name, ledger))
    return found


def _unknown(file: File, ledger: Ledger) -> None:
    name = table_in(file.name)
    if name in by_table() or name == COVERAGE:
        ledger.fail(file, f"Its first row names no column of {name}: is the header row missing?")
        return
    ledger.enter(file, "")
    rows = len(file.sheet.frame) if file.sheet else 0
    ledger.set_aside([file.name] * rows, "no table has this name")
    if near := get_close_matches(name, [*by_table(), COVERAGE], n=1):
        ledger.note(f"{file.name} does not have the name of a table. Is it {near[0]}?")


def _problem(table: str, frame: pd.DataFrame, found: Mapping[str, Any]) -> str:
    """Why a recognised file cannot be used, or nothing."""
    if table in found:
        return f"The folder has another file of {table}: put the rows into one."
    if not frame.columns.is_unique:
        return "Two of its columns have the same name but for case or spacing."
    lacking = [c.name for c in columns_in(table) if c.required and c.name not in frame]
    return f"It has no column {' or '.join(lacking)}, without which no row can be used." if lacking else ""


def columns_in(table: str) -> Sequence[Column]:
    """The columns of a table, coverage among them."""
    return _COVERAGE_COLUMNS if table == COVERAGE else columns(by_table()[table])


def _note_columns(table: str, frame: pd.DataFrame, file: str, ledger: Ledger) -> None:
    known = {column.name for column in columns_in(table)}
    if unknown := [str(name) for name in frame if name not in known]:
        ledger.note(f"{file}: not a column of {table}, and left out: {', '.join(unknown)}.")


def without_explanations(frame: pd.DataFrame, file: str, ledger: Ledger) -> pd.DataFrame:
    """The rows of text without those that begin with #, which are set aside."""
    explains = [cell.startswith(EXPLAINS) for cell in frame.iloc[:, 0]]
    ledger.set_aside([file] * sum(explains), "a row of explanation (#)")
    return frame.loc[[not each for each in explains]]


def _checked(table: str, sheet: tuple[str, pd.DataFrame], ledger: Ledger) -> pd.DataFrame:
    """A table's rows as values, each with an id and its `row`; references are still as they were written."""
    file, text = sheet
    text, again = checking.set_apart_duplicates(text)
    ledger.repeated(file, again)
    if "role" in text:
        text = _with_local_role(text)
    frame, refusals = checking.check(text, columns_in(table), file)
    ledger.refuse(refusals)
    for start, end in (("start", "end"), ("on", "end")):
        if {start, end} <= set(frame):
            frame, refusals = checking.refuse_ends(frame, start, end, file)
            ledger.refuse(refusals)
    if table == Child.table:
        frame = _identified(frame, file, ledger)
    ids = [given or f"{table} {n}" for n, given in zip(frame.index, frame["id"], strict=True)]
    frame = frame.assign(id=ids, row=[f"{file}:{n}" for n in frame.index])
    return last_of(frame, ["id"], "id", ledger)


def _with_local_role(text: pd.DataFrame) -> pd.DataFrame:
    """The role as it is written, where that is a spelling of its own, kept beside ours."""
    ours = {checking.folded(name) for role in roles.roles().values() for name in (role.role, role.label)}
    said = text["local_role"] if "local_role" in text else [""] * len(text)
    kept = [
        own or ("" if checking.folded(role) in ours else role) for own, role in zip(said, text["role"], strict=True)
    ]
    return text.assign(local_role=kept)


def _identified(frame: pd.DataFrame, file: str, ledger: Ledger) -> pd.DataFrame:
    """Children who can be told from others; one without an id of its own goes by what tells it."""
    nobody = frame[list(CHILD_KEYS)].isna().all(axis=1)
    expected = "one of local_id, nhs_number or upn (UN1 to UN5 tell nobody)"
    do = "Fill in one of them: without it the child cannot be told from others."
    ledger.refuse(Refusal(file, row, "local_id", "nothing", expected, do) for row in frame.index[nobody])
    kept = frame.loc[~nobody]
    keys = kept[["id", *CHILD_KEYS]].itertuples(index=False)
    return kept.assign(id=[next(key for key in given if key) for given in keys])


def last_of(frame: pd.DataFrame, key: list[str], said: str, ledger: Ledger) -> pd.DataFrame:
    """One row a key: of two with the same, the later is kept and the earlier refused."""
    earlier = frame.duplicated(key, keep="last")
    for row in frame["row"][earlier]:
        file, _, number = row.rpartition(":")
        ledger.refuse([Refusal(
            file, int(number), said, f"the same {said} twice, with different content", "one row for each",
            "Keep the row that is right and remove the other.",
        )])  # fmt: skip
    return frame.loc[~earlier]


# --- references ---


def _refused_children(sheets: Mapping[str, tuple[str, pd.DataFrame]], frames: Frames) -> set[str]:
    """Ids of children whose rows were refused: what points at them is refused too."""
    if Child.table not in frames or "id" not in sheets[Child.table][1]:
        return set()
    return set(sheets[Child.table][1]["id"]) - set(frames[Child.table]["id"])


class _Folder:
    """The checked tables of one folder, and the ids that its rows may point at.

    Rows fall out in order (a child, then what is about the child, then what joins two rows), so that nothing
    is left pointing at a row that was refused.
    """

    def __init__(self, frames: Frames, refused_children: set[str], ledger: Ledger) -> None:
        self._frames = frames
        self._refused_children = refused_children
        self._ledger = ledger
        self._ids: dict[str, dict[str, str]] = {}  # kind → id as written → id as handed on
        self._nameless: dict[str, str] = {}  # children without a row of their own → where they are first named

    def resolved(self) -> Frames:
        """The tables with every reference as `Kind:id`."""
        self._name_authorities()
        nodes, relationships = self._kinds(Node), self._kinds(Relationship)
        for kind in (Child, *nodes):
            if any(one.name == "about" for one in links(kind)):
                self._point(kind, "about", ("Child",))
            self._gather(kind)
        for kind in relationships:
            for end, ends in zip(("from", "to"), kind.reads, strict=True):  # type: ignore[union-attr]
                self._point(kind, end, ends)
            key = list(kind.key)
            self._frames[kind.table] = last_of(self._frames[kind.table], key, " and ".join(key), self._ledger)
            self._gather(kind)
        for kind in (*nodes, *relationships):
            self._point_elsewhere(kind)
        self._add_nameless()
        return self._frames

    def _kinds(self, of: type) -> list[Kind]:
        return [kind for table, kind in by_table().items() if table in self._frames and issubclass(kind, of)]

    def _name_authorities(self) -> None:
        """Rows of local_authorities.csv go by the ONS code; one that is not known keeps its own."""
        frame = self._frames.get(LocalAuthority.table)
        if frame is not None:
            codes = [_authority(code) or code for code in frame["code"]]
            self._ids["LocalAuthority"] = dict(zip(frame["id"], codes, strict=True))
            self._frames[LocalAuthority.table] = frame.assign(id=codes, code=codes)

    def _gather(self, kind: Kind) -> None:
        if kind is not LocalAuthority and kind.table in self._frames:
            ids = self._frames[kind.table]["id"]
            self._ids[kind.__name__] = dict(zip(ids, ids, strict=True))

    def _point_elsewhere(self, kind: Kind) -> None:
        """The references a row can live without."""
        for one in links(kind):
            if one.name != "about":
                self._point(kind, one.name, one.to)
        for prop in properties(kind):
            if prop.refers:
                self._point(kind, prop.name, prop.refers)

    def _point(self, kind: Kind, name: str, to: tuple[str, ...]) -> None:
        """Replace one column's references by `Kind:id`; refuse those that point at nothing."""
        frame = self._frames[kind.table]
        required = name in ("from", "to", "about") and (name == "about" or issubclass(kind, Relationship))
        cells = [self._pointed(cell, to, row) for cell, row in zip(frame[name], frame["row"], strict=True)]
        lost = []
        for (found, bad), row in zip(cells, frame["row"], strict=True):
            whole = required and not found
            lost.append(whole)
            self._ledger.refuse(_points_at_nothing(text, name, to, row, whole) for text in bad)
        column = pd.Series([found for found, _ in cells], index=frame.index, dtype=object)
        self._frames[kind.table] = frame.assign(**{name: column}).loc[[not each for each in lost]]

    def _pointed(self, cell: Any, to: tuple[str, ...], row: str) -> tuple[Any, list[str]]:
        """A cell with its references as `Kind:id`, and those that point at nothing."""
        texts = cell if isinstance(cell, tuple) else (cell,) if cell else ()
        found = [self._find(text, to, row) for text in texts]
        good = tuple(dict.fromkeys(one for one in found if one))
        bad = [text for text, one in zip(texts, found, strict=True) if not one]
        return (good or None) if isinstance(cell, tuple) else (good[0] if good else None), bad

    def _find(self, text: str, to: tuple[str, ...], row: str) -> str | None:
        """`Kind:id` for what a cell points at, or None. Where one kind is possible its id alone will do."""
        kind, _, own = text.partition(":")
        kind, own = kind.strip(), own.strip()
        if kind not in to:
            if len(to) > 1:
                return None
            kind, own = to[0], text
        found = self._ids.get(kind, {}).get(own)
        if found is None and kind == "LocalAuthority":
            found = _authority(own)
        if found is None and kind == "Child":  # a number that a spreadsheet took for one, as `local_id` is mended
            own = read_child(own) or own
            found = self._ids.get(kind, {}).get(own)
        if found is None and kind == "Child" and own not in self._refused_children:
            self._nameless.setdefault(own, row)
            found = own
        return f"{kind}:{found}" if found else None

    def _add_nameless(self) -> None:
        """Children who are named but have no row: what names them is the authority's own number."""
        if not self._nameless:
            return
        rows = [{"id": child, "local_id": child, "row": row} for child, row in self._nameless.items()]
        there = self._frames.get(Child.table)
        added = shaped(Child.table, pd.DataFrame(rows))
        self._frames[Child.table] = added if there is None else pd.concat([there.astype(object), added])
        files = sorted({row.rpartition(":")[0] for row in self._nameless.values()})
        self._ledger.note(
            f"{counted(len(rows), 'child')} without a row in children, kept: what names them is taken for the "
            f"authority's own number (first named in {', '.join(files)})."
        )


def _authority(text: str) -> str | None:
    try:
        return reference.authority(text).code
    except TeamaroundError:
        return None


def _points_at_nothing(text: str, name: str, to: tuple[str, ...], row: str, whole_row: bool) -> Refusal:
    file, _, number = row.rpartition(":")
    if len(to) > 1:
        expected = "an id with its kind: " + " or ".join(f"{kind}:id" for kind in to)
    elif to == ("LocalAuthority",):
        expected = "an authority's ONS code, DfE's three digits or its name"
    else:
        expected = f"the id of a row of the table {table_of(to[0])}, from the same folder or workbook"
    do = "Add the row it points at, or correct the id."
    return Refusal(file, int(number), name, checking.shape(text), expected, do, whole_row)


# --- coverage ---


def _coverage(
    said: tuple[str, pd.DataFrame] | None,
    tables: Sequence[str],
    covers: tuple[date, date] | None,
    partial: bool,
    ledger: Ledger,
) -> tuple[Coverage, ...]:
    """What the folder says it covers, or what the command line says instead."""
    if said is None:
        return tuple(Coverage(table, None, *covers, not partial) for table in tables) if covers else ()
    file, text = said
    text, again = checking.set_apart_duplicates(text)
    ledger.repeated(file, again)
    frame, refusals = checking.check(text, _COVERAGE_COLUMNS, file)
    ledger.refuse(refusals)
    lines = []
    for row, table, of, first, last, full in frame.itertuples(name=None):
        column = _part_column(table)
        part = column.value(of) if of else None
        if last < first:
            expected = "a day that is not before from"
            ledger.refuse([Refusal(file, row, "to", "an earlier date", expected, checking.CORRECT)])
        elif of and part is None:
            ledger.refuse([checking.refusal(column, of, file, row)])
        else:
            start, end = covers or (first, last)
            lines.append(Coverage(table, part, start, end, full is not False and not partial))
    return tuple(dict.fromkeys(lines))


# A 903 has missing periods and no return interviews: whether a source has them is said apart.
RETURN_INTERVIEW = "return interview"


def _part_column(table: str) -> Column:
    """What a part of a table may be: a role, a kind of its own, a kind of agency."""
    if table == "involved_with":
        return Column("of", "code", tuple(roles.roles()), True, read_role)
    if table in ("attended", "referrals"):
        return Column("of", "code", AGENCY_KINDS, True)
    kinds = next((p.codes for p in properties(by_table()[table]) if p.name == "kind"), ())
    if table == "events":
        kinds = (*kinds, RETURN_INTERVIEW)
    return Column("of", "code" if kinds else "text", kinds, True)


# --- writing ---


def write_tables(tables: Mapping[str, pd.DataFrame], folder: Path, coverage: Iterable[Coverage] = ()) -> None:
    """Write tables as `ingest.extract` describes them, so that reading the folder gives them back.

    Files of the same name are replaced. `row` is left out: it will be the row written here.
    """
    for table, frame in tables.items():
        names = [name for name in columns_of(by_table()[table]) if name in frame and name != "row"]
        rows = ([as_text(cell) for cell in row] for row in frame[names].itertuples(index=False))
        write_csv(folder / f"{table}.csv", names, rows)
    lines = [[c.table, c.of or "", as_text(c.start), as_text(c.end), as_text(c.full)] for c in coverage]
    if lines:
        write_csv(folder / f"{COVERAGE}.csv", [column.name for column in _COVERAGE_COLUMNS], lines)


def as_text(cell: Any) -> str:
    """A cell as the tables write it."""
    if isinstance(cell, tuple | list):
        return ";".join(cell)
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, date):
        return cell.isoformat()
    return "" if cell is None or cell != cell else str(cell)


def write_csv(path: Path, header: list[str], rows: Iterable[list[str]], encoding: str = "utf-8") -> None:
    """Write one CSV, and the folders it is in."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding=encoding, newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([header, *rows])


def table_of(kind: str) -> str:
    """The table that holds the rows of a kind."""
    return next(table for table, each in by_table().items() if each.__name__ == kind)
