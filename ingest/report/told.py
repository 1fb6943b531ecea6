"""What a report says of files that were read: plain data that every form of it shows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from ingest.extract import Extract, FileReport, Refusal
from ingest.ledger import counted, listed

SHAPES = (
    "Of a date or an identifier only the shape is shown: 9 stands for a digit, A for a letter. "
    "Rows are numbered as a spreadsheet numbers them."
)
KINDS = {"ssda903": "SSDA903", "ssd": "SSD", "allocations": "Allocations", "tables": "Tables"}


def usable(extracts: Sequence[Extract]) -> bool:
    """Whether every file could be used; refused rows and values do not matter."""
    return not any(file.problem for extract in extracts for file in extract.files)


def summary(extracts: Sequence[Extract]) -> str:
    """What became of all rows, in one line for a log."""
    files = [file for extract in extracts for file in extract.files]
    rows, used, aside, refused = (sum(numbers) for numbers in zip(*map(counts, files), strict=True))
    values = sum(not refusal.whole_row for extract in extracts for refusal in extract.refusals)
    unusable = sum(bool(file.problem) for file in files)
    line = f"{counted(rows, 'row')} read: {used:,} used, {aside:,} set aside, {refused:,} refused."
    line += f" {counted(values, 'value')} refused in rows that are kept." if values else ""
    return line + (f" {counted(unusable, 'file')} could not be used." if unusable else "")


def title(extract: Extract) -> str:
    """What an extract is, from whom, and of which days."""
    days = ""
    if extract.covers_from and extract.covers_to:
        part = "" if extract.full else ", in part"
        days = f"{extract.covers_from:%d/%m/%Y} to {extract.covers_to:%d/%m/%Y}{part}"
    return " · ".join(part for part in (KINDS.get(extract.kind, extract.kind), extract.supplier, days) if part)


def read_as(file: FileReport) -> str:
    """What a file was taken for, or why it was not read."""
    return file.problem or file.recognised_as or "not recognised: not read"


def is_left(file: FileReport) -> bool:
    """Whether a file is not for this program: nothing of it was read, and nothing is wrong with it."""
    return not file.recognised_as and not file.problem and not file.rows


def counts(file: FileReport) -> tuple[int, int, int, int]:
    """Rows read, used, set aside and refused."""
    return file.rows, file.used, sum((file.set_aside or {}).values()), file.refused


def asides(file: FileReport) -> list[tuple[int, str]]:
    """How many rows were set aside for which reason."""
    return [(rows, reason) for reason, rows in sorted((file.set_aside or {}).items())]


# --- refusals, the same problem once ---


@dataclass(frozen=True)
class Problem:
    """Refusals of one file that are the same problem: one column, one expectation, one thing to do.

    found: what stood there, as far as it is shown, with how often, the most frequent first. rows: in order.
    """

    file: str
    column: str
    expected: str
    do: str
    whole_row: bool
    found: tuple[tuple[str, int], ...]
    rows: tuple[int, ...]
    times: int

    @property
    def refused(self) -> str:
        """What was refused."""
        return "the row" if self.whole_row else "the value; the row is kept"


def problems(extract: Extract) -> list[Problem]:
    """The refusals of an extract by file and rule, in order of file, those that come most often first."""
    groups: dict[tuple[str, str, str, str, bool], list[Refusal]] = {}
    for refusal in extract.refusals:
        key = (refusal.file, refusal.column, refusal.expected, refusal.do, refusal.whole_row)
        groups.setdefault(key, []).append(refusal)
    found = [_problem(*key, of) for key, of in groups.items()]
    return sorted(found, key=lambda p: (p.file, -p.times, p.column, p.expected))


def _problem(file: str, column: str, expected: str, do: str, whole_row: bool, of: Sequence[Refusal]) -> Problem:
    found = Counter(refusal.found for refusal in of)
    ordered = tuple(sorted(found.items(), key=lambda each: (-each[1], each[0])))
    rows = tuple(sorted({refusal.row for refusal in of if refusal.row is not None}))
    return Problem(file, column, expected, do, whole_row, ordered, rows, len(of))


def found_in(problem: Problem, shown: int = 3) -> str:
    """What stood there: the most frequent first, each with how often where they are several."""
    if len(problem.found) == 1:
        return problem.found[0][0]
    said = [f"{text} ({n:,})" if n > 1 else text for text, n in problem.found[:shown]]
    more = len(problem.found) - shown
    return "; ".join(said) + (f"; and {more:,} others" if more > 1 else "; and 1 other" if more == 1 else "")


def rows_named(rows: Iterable[int], shown: int = 8) -> str:
    """Row numbers in few words: 2, 5 to 9, 12 and 3,987 more."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    # Two rows that follow each other read better as two.
    parts = [part for run in runs for part in ([run] if len(run) > 2 else [[row] for row in run])]
    named = [str(part[0]) if len(part) == 1 else f"{part[0]} to {part[-1]}" for part in parts[:shown]]
    more = sum(len(part) for part in parts[shown:])
    return listed(named, len(named)) + (f" and {more:,} more" if more else "")


def named_rows(rows: Sequence[int], shown: int = 8) -> str:
    """Row numbers with their noun: row 2; rows 2, 5 to 9."""
    return f"{'row' if len(rows) == 1 else 'rows'} {rows_named(rows, shown)}"
