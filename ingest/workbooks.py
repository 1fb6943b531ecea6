"""The sheets of a workbook as rows of text, as the CSV of each sheet would hold them.

A number that is only shown with leading zeros is a number without them: identifiers are kept as text.
"""

from __future__ import annotations

import io
import os
import re
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any

from python_calamine import CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from graph.errors import TeamaroundError

STARTS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0")  # how workbooks begin: the newer ones are zip files
LOCKED = "EncryptedPackage".encode("utf-16-le")  # a part of each workbook that Excel has locked
PASSWORD = "It is protected by a password: save a copy without one."
DAMAGED = "It cannot be opened as a workbook: open it in a spreadsheet and save it anew as .xlsx, or as CSV."
# Sheets of our template that explain, and hold no records.
EXPLAINING = frozenset({"readme", "lists"})
HIDDEN = "This sheet is hidden and was not read: unhide it to have it read."
EMPTY = "This sheet is empty."


@dataclass(frozen=True)
class Cells:
    """A sheet: its place among the sheets (from 1), its name, its cells as text from A1 on.

    unread: why it is not to be read, where nothing is wrong.
    """

    number: int
    name: str
    rows: Sequence[list[str]]
    unread: str = ""


def sheets(content: bytes) -> list[Cells]:
    """The sheets of a workbook (.xlsx, .xlsm, .xls, .ods) that may hold records, the hidden and the empty too.

    Raises TeamaroundError, in words that quote nothing from it, where it is locked or cannot be opened.
    """
    if LOCKED in content:
        raise TeamaroundError(PASSWORD)
    try:
        with _unheard(), CalamineWorkbook.from_filelike(io.BytesIO(content)) as book:
            return [
                _cells(n, about.name, book.get_sheet_by_index(n).to_python(skip_empty_area=False), about.visible)
                for n, about in enumerate(book.sheets_metadata)
                if about.typ == SheetTypeEnum.WorkSheet and squeezed(about.name) not in EXPLAINING
            ]
    except PasswordError:
        raise TeamaroundError(PASSWORD) from None
    except BaseException as error:
        # What the reader raises where a file is so damaged that it gives up is no Exception.
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise TeamaroundError(DAMAGED) from None
        raise


def squeezed(name: str) -> str:
    """A name without what people differ in: case, spaces and the marks that take their place."""
    return re.sub(r"[\s_-]+", "", name).casefold()


def _cells(position: int, name: str, cells: Sequence[Sequence[Any]], visible: SheetVisibleEnum) -> Cells:
    rows = [[_text(cell) for cell in row] for row in cells]
    empty = not any(cell for row in rows for cell in row)
    unread = EMPTY if empty else "" if visible == SheetVisibleEnum.Visible else HIDDEN
    return Cells(position + 1, name, rows, unread)


def _text(cell: Any) -> str:
    """A cell as the CSV of its sheet would have it; long numbers in full."""
    if isinstance(cell, str):
        return cell.strip()
    if isinstance(cell, bool):
        return "yes" if cell else "no"
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(" ", "seconds")
    if isinstance(cell, float):
        return f"{cell:.0f}" if cell.is_integer() else f"{Decimal(repr(cell)):f}"
    return cell.isoformat() if isinstance(cell, date) else str(cell)


@contextmanager
def _unheard() -> Iterator[None]:
    """Keep the reader from printing of a damaged workbook, past Python, what it stumbled over."""
    try:
        terminal = os.dup(2)
    except OSError:  # there is none
        yield
        return
    try:
        with open(os.devnull, "w") as nowhere:
            os.dup2(nowhere.fileno(), 2)
        yield
    finally:
        os.dup2(terminal, 2)
        os.close(terminal)
