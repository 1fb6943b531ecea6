"""Templates to fill in: a folder of CSVs, or one workbook with drop-downs.

Both hold every table of `graph.model`, `coverage` and the list of reviewing officers, with a row that explains the
columns. Rows whose first cell begins with # are set aside, so that a template read untouched holds nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

from graph.errors import TeamaroundError
from graph.model import Child, Kind, Property, Relationship, by_table, links, properties
from graph.reference import roles
from graph.reference.codes import code_list
from ingest import allocations, checking, tables
from ingest.checking import Column
from ingest.ledger import listed
from ingest.tables import COVERAGE, EXPLAINS
from ingest.template_words import COVERAGE_MEANINGS, EXAMPLES, READ_ME

ALLOCATIONS = "iro_allocations"
# The tables partners use most; the others follow in the order of the model.
FIRST = (
    "children", "agencies", "professionals", "involved_with", COVERAGE, "attends", "meetings", "attended",
    "assessments", "events", "referrals", "alerts", "views", "plans", "needs", ALLOCATIONS,
)  # fmt: skip
TEXT = 49  # the number of the format in which a spreadsheet leaves a cell as it was typed
LAST_ROW = 10_000  # down to which cells are checked
FLAGS = ("yes", "no")
LISTS = "Lists"
_WIDTHS = {"date": 13, "flag": 11, "integer": 11, "number": 11, "postcode": 13, "code": 22, "text": 22}
_WIDE = 26


def write(path: Path) -> list[Path]:
    """Write a workbook where the path ends with .xlsx, else a folder of CSVs; answers the files.

    Raises TeamaroundError, and writes nothing, where one of them is there already.
    """
    if path.suffix.lower() == ".xlsx":
        return [write_workbook_template(path)]
    if path.suffix.lower() in (".xls", ".xlsm", ".ods", ".csv"):
        raise TeamaroundError(f"{path.name}: name a folder, or a workbook that ends with .xlsx.")
    return write_template(path)


# --- what each column means ---


def order() -> list[str]:
    """Every table of a template, the commonest first."""
    return [*FIRST, *(table for table in by_table() if table not in FIRST)]


def columns(table: str) -> Sequence[Column]:
    """The columns of a table of the template."""
    return allocations.COLUMNS if table == ALLOCATIONS else tables.columns_in(table)


def explanations(table: str, *, codes: bool = True) -> dict[str, str]:
    """What each column of a table means, and what it takes; its codes where nothing else lists them."""
    if table == ALLOCATIONS:
        meant, needed = allocations.MEANINGS, {"child": "", "iro": " (or staff_id)", "start": ""}
    elif table == COVERAGE:
        meant, needed = COVERAGE_MEANINGS, {c.name: "" for c in columns(table) if c.required}
    else:
        kind = by_table()[table]
        meant = _meanings(kind, codes)
        needed = {c.name: "" for c in columns(table) if c.required}
        if kind is Child:
            needed = dict.fromkeys(tables.CHILD_KEYS, f": one of {', '.join(tables.CHILD_KEYS)}")
    return {name: text + (f" (required{needed[name]})" if name in needed else "") for name, text in meant.items()}


def _meanings(kind: Kind, codes: bool) -> dict[str, str]:
    meant = {"id": "any text unique in this table; may be blank where nothing points at the row"}
    if issubclass(kind, Relationship):
        meant |= {end: _ends(ends) for end, ends in zip(("from", "to"), kind.reads, strict=True)}
    typed = {column.name: column for column in tables.columns(kind)}
    meant |= {p.name: _meaning(p, typed[p.name], codes) for p in properties(kind) if p.in_tables}
    return meant | {one.name: f"{one.meaning}: {_ends(one.to)}; several are parted by ;" for one in links(kind)}


def _meaning(prop: Property, column: Column, codes: bool) -> str:
    takes = {"date": "DD/MM/YYYY", "flag": "yes or no", "list": "parted by ;"}.get(column.kind, "")
    if column.codes:
        takes = ", ".join(column.codes) if codes else "choose from the list"
    takes = takes or (_ends(prop.refers) if prop.refers else "")
    return f"{prop.meaning}: {takes}" if takes else prop.meaning


def _ends(kinds: tuple[str, ...]) -> str:
    if kinds == ("LocalAuthority",):
        return "an authority's ONS code, DfE's three digits or its name"
    if len(kinds) == 1:
        return f"the id of a row of {tables.table_of(kinds[0])}"
    return " or ".join(f"{kind}:id ({tables.table_of(kind)})" for kind in kinds)


# --- a folder of CSVs ---


def write_template(folder: Path) -> list[Path]:
    """Write an empty CSV a table, each with a row that explains its columns; answers the files.

    Raises TeamaroundError, and writes nothing, where one of them is there already.
    """
    files = {folder / f"{table}.csv": explanations(table) for table in order()}
    if there := sorted(path.name for path in files if path.exists()):
        raise TeamaroundError(f"{folder.name} already holds {listed(there)}: name a folder that is new or empty.")
    for path, explained in files.items():
        first, *rest = explained.values()
        # With a mark before it, so that a spreadsheet reads names with accents rightly.
        tables.write_csv(path, list(explained), [[f"{EXPLAINS} {first}", *rest]], encoding="utf-8-sig")
    return list(files)


# --- a workbook ---


def examples() -> Mapping[str, Mapping[str, str]]:
    """One invented row a table; where one points at another, that other is there."""
    found = {}
    for line in EXAMPLES.strip().splitlines():
        table, *cells = [part.strip() for part in line.split("|")]
        found[table] = dict(cell.split("=", 1) for cell in cells)
    return found


def write_workbook_template(path: Path) -> Path:
    """Write one workbook: what to do, a sheet a table with drop-downs and an example, and the lists behind them.

    Raises TeamaroundError, and writes nothing, where the file is there already.
    """
    if path.exists():
        raise TeamaroundError(f"{path.name} is there already: name a file that is new.")
    path.parent.mkdir(parents=True, exist_ok=True)
    with xlsxwriter.Workbook(path) as book:
        _Book(book).write()
    return path


class _Book:
    """A workbook being written: its formats, and the lists that its drop-downs take."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self._book = book
        self._lists: dict[tuple[str, ...], str] = {}  # what may be chosen → the name of its range
        self._sources: list[Mapping[str, str]] = []
        top = {"valign": "top", "text_wrap": True}
        header = {**top, "bold": True, "font_color": "white", "border": 1}
        self._formats: dict[str, xlsxwriter.format.Format] = {
            name: book.add_format(how)
            for name, how in {
                "title": {"bold": True, "font_size": 16},
                "heading": {"bold": True, "font_size": 12, **top},
                "text": top,
                "required": {**header, "bg_color": "#7A1F3D"},
                "optional": {**header, "bg_color": "#33475B"},
                "explains": {**top, "bg_color": "#EEF1F4", "font_size": 9},
                "example": {"italic": True, "font_color": "#808080", "num_format": TEXT},
                "example date": {"italic": True, "font_color": "#808080", "num_format": "dd/mm/yyyy", "align": "left"},
                "date": {"num_format": "dd/mm/yyyy", "align": "left"},
                "cell": {"num_format": TEXT},
                "number": {},
            }.items()
        }

    def write(self) -> None:
        self._read_me(self._book.add_worksheet("Read me"))
        shown = examples()
        for table in order():
            sheet = self._book.add_worksheet(table)
            sheet.set_tab_color("#33475B" if table in FIRST else "#B8C2CC")
            self._table(sheet, table, shown[table])
        self._write_lists(self._book.add_worksheet(LISTS))

    def _read_me(self, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        sheet.hide_gridlines(2)
        sheet.set_column(0, 0, 24)
        sheet.set_column(1, 1, 110)
        for row, (left, right) in enumerate(READ_ME):
            # What stands alone is a heading; the first is the title.
            kind = "text" if right else "heading" if row else "title"
            sheet.write_string(row, 0, left, self._formats[kind])
            sheet.write_string(row, 1, right, self._formats["text"])
            if len(right) > 110:
                sheet.set_row(row, 15 * (1 + len(right) // 100))

    def _table(self, sheet: xlsxwriter.worksheet.Worksheet, table: str, example: Mapping[str, str]) -> None:
        """A header, a row that explains it, an example, and then cells that are checked as they are filled in."""
        explained = explanations(table, codes=False)
        lines = 1
        for place, column in enumerate(columns(table)):
            text = explained[column.name]
            needed = "(required" in text
            width = max(_WIDTHS.get(column.kind, _WIDE), len(column.name) + 3)
            lines = max(lines, 1 + len(text) // (width - 1))
            sheet.set_column(place, place, width, self._formats[_cell_kind(column)])
            sheet.write_string(0, place, column.name, self._formats["required" if needed else "optional"])
            sheet.write_string(1, place, _marked(text, place), self._formats["explains"])
            self._example(sheet, place, column, example.get(column.name, ""))
            if rule := self._rule(table, column):
                sheet.data_validation(3, place, LAST_ROW, place, {**rule, "ignore_blank": True})
        sheet.set_row(1, 13 * (lines + 1))
        sheet.freeze_panes(1, 0)

    def _example(self, sheet: xlsxwriter.worksheet.Worksheet, place: int, column: Column, text: str) -> None:
        if column.kind == "date" and text:
            sheet.write_datetime(2, place, date.fromisoformat(text), self._formats["example date"])
        else:
            sheet.write_string(2, place, _marked(text, place), self._formats["example"])

    def _rule(self, table: str, column: Column) -> dict[str, Any] | None:
        """What a cell of a column may hold, as a spreadsheet checks it; text it does not check."""
        if column.kind == "date":
            first, last = date(checking.EARLIEST, 1, 1), date(checking.LATEST, 12, 31)
            return {
                "validate": "date", "criteria": "between", "minimum": first, "maximum": last,
                "error_title": "A date", "error_message": "Write a day as 31/12/2024.",
            }  # fmt: skip
        source = _choices(table, column)
        if not source:
            return None
        return {
            "validate": "list", "source": f"={self._named(source, _list_name(table, column))}",
            "error_title": "Choose from the list", "error_message": "Choose one of the list at the arrow of the cell.",
        }  # fmt: skip

    def _named(self, source: Mapping[str, str], name: str) -> str:
        """The name of the range that holds these choices; the same choices are listed once."""
        if (key := tuple(source)) not in self._lists:
            self._lists[key] = f"list_{len(self._lists) + 1}_{name}"
            self._sources.append(source)
        return self._lists[key]

    def _write_lists(self, sheet: xlsxwriter.worksheet.Worksheet) -> None:
        """What each drop-down takes, and beside it what it means."""
        for n, (source, name) in enumerate(zip(self._sources, self._lists.values(), strict=True)):
            left = 2 * n
            sheet.set_column(left, left, max(len(name), *map(len, source)))
            sheet.set_column(left + 1, left + 1, 40 if any(source.values()) else 3)
            sheet.write_string(0, left, name.split("_", 2)[2], self._formats["optional"])
            for row, (choice, meaning) in enumerate(source.items(), 1):
                sheet.write_string(row, left, choice)
                sheet.write_string(row, left + 1, meaning)
            letter = xlsxwriter.utility.xl_col_to_name(left, col_abs=True)
            self._book.define_name(name, f"={LISTS}!{letter}$2:{letter}${len(source) + 1}")
        sheet.freeze_panes(1, 0)


def _marked(text: str, place: int) -> str:
    """The text of a row that is set aside: its first cell begins with #."""
    return text if place else f"{EXPLAINS} {text}".strip()


def _list_name(table: str, column: Column) -> str:
    """What a list of choices is called: a role and yes or no are the same everywhere."""
    if column.kind == "flag":
        return "yes_or_no"
    return column.name if column.name == "role" else f"{table}_{column.name}"


def _cell_kind(column: Column) -> str:
    """How a column's cells are formatted: as text, so that no leading zero is lost and nothing becomes a date."""
    return "date" if column.kind == "date" else "number" if column.kind in ("integer", "number") else "cell"


def _choices(table: str, column: Column) -> Mapping[str, str]:
    """What may be chosen in a column, each with what it means; nothing where any text will do."""
    if column.kind == "flag":
        return dict.fromkeys(FLAGS, "")
    if column.name == "role":
        return {role.label: role.role for role in roles.roles().values()}
    if listed_as := tables.CODE_LISTS.get((table, column.name)):
        return code_list(listed_as)
    return _plain(column.codes)


def _plain(codes: Iterable[str]) -> Mapping[str, str]:
    return dict.fromkeys(codes, "")
