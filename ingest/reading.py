"""Bytes to tables of text: whatever a spreadsheet or a case system calls a CSV, and each sheet of a workbook.

Nothing is interpreted here. Every cell is text without the blanks around it, an empty one is "", and each row
keeps the number a spreadsheet shows beside it, so that a person can find it again. A sheet of a workbook reads as
the CSV of that sheet would: a date as YYYY-MM-DD, a whole number without a point, an error as nothing.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from graph.errors import TeamaroundError
from graph.model import by_table
from ingest.workbooks import STARTS, Cells, sheets, squeezed

SEPARATORS = ",;\t|"
# How files begin that are often given for a CSV.
OTHER_FORMATS = {
    b"PK\x03\x04": "It is a workbook (or a zip file), not a CSV: save each sheet as CSV.",
    b"\xd0\xcf\x11\xe0": "It is an old workbook, not a CSV: save each sheet as CSV.",
    b"%PDF": "It is a PDF, not a CSV.",
}
NOT_TEXT = re.compile(r"[\x00-\x08\x0e-\x1f]")


@dataclass(frozen=True)
class Sheet:
    """A CSV as text.

    frame: one column a header cell, all text; the index is the row's number in a spreadsheet.
    broken: rows that could not be parted into the header's columns: number → what is wrong, in words.
    """

    frame: pd.DataFrame
    broken: Mapping[int, str] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """Rows under the header that hold anything."""
        return len(self.frame) + len(self.broken)


@dataclass(frozen=True)
class File:
    """One file or one sheet of a workbook: its name as reports say it, the hash of its content, and its sheet.

    problem: why it has no sheet. unread: why it has none, where nothing is wrong (it is hidden or empty).
    """

    name: str
    digest: str
    sheet: Sheet | None
    problem: str = ""
    unread: str = ""


def read_files(path: Path, name: str, known: Iterable[str] = ()) -> list[File]:
    """Read a CSV, or every sheet of a workbook (.xlsx, .xlsm, .xls, .ods), told apart by how it begins.

    A sheet's File is called `book.xlsx[meetings]` where its name is one we know, else `book.xlsx[sheet 3]`, as a
    sheet may be named after a child; a workbook's only sheet without a known name goes by the workbook's. known:
    names of sheets that readers know beside those of the tables; a year may stand behind one. A sheet that is
    hidden or empty is `unread`; those of our template that explain are left out. Never raises.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        return [File(name, "", None, f"It cannot be opened: {error.strerror}.")]
    return _workbook(content, name, known) if content.startswith(STARTS) else [_csv(content, name)]


def _csv(content: bytes, name: str) -> File:
    digest = hashlib.sha256(content).hexdigest()
    try:
        return File(name, digest, read_sheet(content))
    except TeamaroundError as error:
        return File(name, digest, None, str(error))


def read_sheet(content: bytes) -> Sheet:
    """Part a CSV into its cells.

    Raises TeamaroundError, in words that quote nothing from the file, where it is empty, no CSV at all, or
    names two columns alike.
    """
    return _sheet(*_records(_decode(content)))


def _sheet(records: Sequence[tuple[int, list[str]]], broken: Mapping[int, str]) -> Sheet:
    """The header, and under it the rows that have no more cells than it has."""
    header_at = next((n for n, cells in records if any(cells)), None)
    if header_at is None:
        raise TeamaroundError("It is empty: there is not even a header row.")
    header = next(cells for n, cells in records if n == header_at)
    body = [(n, cells) for n, cells in records if n > header_at and any(cells)]
    names = _column_names(header)
    kept = [(n, cells) for n, cells in body if not any(cells[len(names) :])]
    too_long = {
        n: f"{_filled(cells)} cells where the header names {len(names)}"
        for n, cells in body
        if any(cells[len(names) :])
    }
    broken = {n: why for n, why in broken.items() if n > header_at} | too_long
    return Sheet(_frame(names, kept), dict(sorted(broken.items())))


# --- workbooks ---


def _workbook(content: bytes, name: str, known: Iterable[str]) -> list[File]:
    """A File for each sheet; or one that says why there are none."""
    try:
        book = sheets(content)
    except TeamaroundError as error:
        return [File(name, hashlib.sha256(content).hexdigest(), None, str(error))]
    read = [sheet for sheet in book if not sheet.unread]
    alone = read[0].number if len(read) == 1 else None
    found: list[File] = []
    for sheet in book:
        if called := _known_name(sheet.name, known):
            twice = any(file.name == f"{name}[{called}]" for file in found)
            own = f"{name}[{called}, sheet {sheet.number}]" if twice else f"{name}[{called}]"
        else:
            own = name if sheet.number == alone else f"{name}[sheet {sheet.number}]"
        found.append(_sheet_file(own, sheet))
    return found


def _sheet_file(name: str, sheet: Cells) -> File:
    records = list(enumerate(sheet.rows, 1))
    digest = hashlib.sha256(repr(records).encode()).hexdigest()
    if sheet.unread:
        return File(name, digest, None, unread=sheet.unread)
    try:
        return File(name, digest, _sheet(records, {}))
    except TeamaroundError as error:
        return File(name, digest, None, str(error))


def _known_name(name: str, known: Iterable[str]) -> str:
    """How reports call a sheet: a name we know, with the year behind it; or nothing."""
    if found := re.match(r"list (\d{1,2})\b", _spaced(name)):
        return f"List {found[1]}"  # of Ofsted's Annex A
    year = re.search(r"[ _-]+(20\d\d(?:[ _/-]\d{2,4})?)$", name.strip())
    base, behind = (name.strip()[: year.start()], f" {year[1]}") if year else (name, "")
    names = {**_table_names(), **{squeezed(each): each for each in known}}
    called = names.get(squeezed(base))
    return called + behind.replace("/", "-") if called else ""


@cache
def _table_names() -> Mapping[str, str]:
    return {squeezed(name): name for name in (*by_table(), "coverage", "iro_allocations")}


def _spaced(name: str) -> str:
    return re.sub(r"[\s_-]+", " ", name).strip().casefold()


# --- from bytes to cells ---


def column_letter(position: int) -> str:
    """What a spreadsheet calls a column: 0 is A, 26 is AA."""
    letters = ""
    position += 1
    while position:
        position, rest = divmod(position - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


def _decode(content: bytes) -> str:
    """The text of a file: UTF-8, UTF-16, or what Windows used before them."""
    for start, problem in OTHER_FORMATS.items():
        if content.startswith(start):
            raise TeamaroundError(problem)
    text = _as_text(content)
    if text.lstrip().startswith("<"):
        raise TeamaroundError("It is a web page or XML, not a CSV: export it as CSV.")
    if NOT_TEXT.search(text):
        raise TeamaroundError("It is no text: save it as CSV.")
    return text


def _as_text(content: bytes) -> str:
    for encoding in (_utf16(content), "utf-8-sig", "cp1252"):
        try:
            if encoding:
                return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def _utf16(content: bytes) -> str:
    """Which UTF-16 it is, by its mark or by every second byte of English text being zero; else nothing."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = content[:200]
    if len(start) < 4 or b"\x00" not in start:
        return ""
    even, odd = start[0::2].count(0), start[1::2].count(0)
    most = len(start) // 2 * 0.8
    return "utf-16-le" if odd >= most and not even else "utf-16-be" if even >= most and not odd else ""


def _records(text: str) -> tuple[list[tuple[int, list[str]]], dict[int, str]]:
    """Numbered rows as tidy cells, and those that could not be parted."""
    separator = _separator(text)
    try:
        whole = list(_parted(io.StringIO(text, newline=None), separator))
    except csv.Error:
        return _line_by_line(text, separator)
    width = next((len(cells) for cells in whole if any(cells)), 0)
    if any(_swallowed(cells, width, separator) for cells in whole):
        return _line_by_line(text, separator)
    return [(n, _tidy(cells)) for n, cells in enumerate(whole, 1)], {}


def _swallowed(cells: list[str], width: int, separator: str) -> bool:
    """Whether a cell of several lines looks like rows between two stray quotation marks."""
    lines = [line for cell in cells if "\n" in cell for line in cell.split("\n")]
    # In a file of two or three columns a sentence has as many commas as a row.
    return bool(lines) and (
        len(cells) != width or (width > 3 and any(line.count(separator) >= width - 1 for line in lines))
    )


def _line_by_line(text: str, separator: str) -> tuple[list[tuple[int, list[str]]], dict[int, str]]:
    """Where a quotation mark is not closed, each line for itself: one bad row must not swallow the rest."""
    records, broken = [], {}
    for n, line in enumerate(io.StringIO(text, newline=None), 1):
        try:
            records += [(n, _tidy(cells)) for cells in _parted([line], separator)]
        except csv.Error:
            broken[n] = "a quotation mark that is not closed, or stands inside a cell"
    return records, broken


def _parted(lines: io.StringIO | list[str], separator: str) -> Iterator[list[str]]:
    return csv.reader(lines, delimiter=separator, strict=True, skipinitialspace=separator != "\t")


def _separator(text: str) -> str:
    """The separator that parts the header into the most cells."""
    header = next((line for line in io.StringIO(text, newline=None) if line.strip()), "")
    outside = re.sub(r'"[^"]*"', "", header)
    return max(SEPARATORS, key=outside.count)


def _tidy(cells: list[str]) -> list[str]:
    return [cell.strip() for cell in cells]


def _filled(cells: list[str]) -> int:
    return max(n for n, cell in enumerate(cells, 1) if cell)


def _column_names(header: list[str]) -> list[str]:
    """The header's names; a column without one is called by its letter."""
    seen: dict[str, int] = {}
    for position, name in enumerate(header):
        if name and name.casefold() in seen:
            # The names stay unsaid: without a header row, they are a child's details.
            first = column_letter(seen[name.casefold()])
            raise TeamaroundError(
                f"Columns {first} and {column_letter(position)} have the same name: rename or remove one. "
                "Or is the header row missing?"
            )
        seen[name.casefold()] = position
    return [name or unnamed(position) for position, name in enumerate(header)]


def unnamed(position: int) -> str:
    """What a column without a name is called."""
    return f"(column {column_letter(position)})"


def _frame(names: list[str], rows: Sequence[tuple[int, list[str]]]) -> pd.DataFrame:
    """Rows filled up to the header's width, without the columns that have neither a name nor a cell."""
    width = len(names)
    cells = [(row + [""] * width)[:width] for _, row in rows]
    index = pd.Index([n for n, _ in rows], dtype="int64", name="row")
    frame = pd.DataFrame(cells, columns=names, index=index, dtype=object)
    empty = [n for i, n in enumerate(names) if n == unnamed(i) and not (frame[n] != "").any()]
    return frame.drop(columns=empty)
