"""What became of every row: rows read = used + set aside + refused, file by file."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from ingest.extract import FileReport, Refusal
from ingest.reading import File

UNUSABLE = "the file could not be used"
SHOWN_ROWS = 100


def counted(n: int, what: str) -> str:
    """A number and its noun."""
    return f"1 {what}" if n == 1 else f"{n:,} " + ("children" if what == "child" else f"{what}s")


def listed(names: Sequence[str], shown: int = 5) -> str:
    """The first of some names, and how many more there are."""
    more = len(names) - shown
    return ", ".join(names[:shown]) + (f" and {more:,} more" if more > 0 else "")


class Ledger:
    """Kept while a source is read: its files, the rows not used and why, and what is worth knowing."""

    def __init__(self) -> None:
        self.refusals: list[Refusal] = []
        self.notes: list[str] = []
        self._files: dict[str, tuple[str, int, str]] = {}
        self._aside: dict[str, Counter[str]] = {}

    def enter(self, file: File, recognised_as: str) -> None:
        """A file that was recognised; rows that could not be parted into cells are refused."""
        if file.sheet is None:
            return self.fail(file, file.problem)
        self._files[file.name] = (recognised_as, file.sheet.rows, "")
        for row, why in file.sheet.broken.items():
            self.refusals.append(
                Refusal(
                    file.name, row, "the whole row", why, "one cell for each column of the header",
                    "Put a cell that holds the separator in quotation marks, and close each mark.",
                )
            )  # fmt: skip

    def fail(self, file: File, problem: str, recognised_as: str = "") -> None:
        """A file that could not be used at all, and why; a sheet that is only hidden or empty is told, no more."""
        if file.unread:
            self.note(f"{file.name}: {file.unread}")
            return self.ignore(file.name)
        rows = file.sheet.rows if file.sheet else 0
        self._files[file.name] = (recognised_as, rows, problem)
        if rows:
            self._aside[file.name] = Counter({UNUSABLE: rows})

    def ignore(self, name: str) -> None:
        """A file that is not for us."""
        self._files[name] = ("", 0, "")

    def refuse(self, refusals: Iterable[Refusal]) -> None:
        """Values or rows that are refused."""
        self.refusals.extend(refusals)

    def set_aside(self, files: Iterable[str] | pd.Series, reason: str) -> None:
        """Rows that are understood and not used: the file of each, and the reason."""
        for file, rows in Counter(files).items():
            self._aside.setdefault(file, Counter())[reason] += rows

    def repeated(self, file: str, rows: Sequence[int]) -> None:
        """Rows that repeat an earlier one cell by cell."""
        self.set_aside([file] * len(rows), "duplicate row")
        if rows:
            said = listed([str(row) for row in rows], SHOWN_ROWS)
            self.note(f"{file}: repeated cell by cell, and used once: {'row' if len(rows) == 1 else 'rows'} {said}.")

    def note(self, text: str) -> None:
        """Something that is kept, but worth knowing."""
        self.notes.append(text)

    def reports(self) -> tuple[FileReport, ...]:
        """What became of each file, in order of name."""
        refused = Counter(file for file, _ in {(r.file, r.row) for r in self.refusals if r.whole_row})
        return tuple(
            FileReport(name, known, rows, refused[name], dict(self._aside.get(name, {})) or None, problem)
            for name, (known, rows, problem) in sorted(self._files.items())
        )

    def in_order(self) -> tuple[Refusal, ...]:
        """The refusals by file and row."""
        return tuple(sorted(self.refusals, key=lambda r: (r.file, r.row or 0)))
