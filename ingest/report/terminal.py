"""The report for a terminal or a log: a line a file, each problem once, and what the load did in few lines."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from typing import TextIO

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph.assessable import in_short, to_load
from graph.reconcile import Reconciled, ranged
from graph.words import counted, day
from ingest.extract import Extract
from ingest.report import did, told
from ingest.report.did import After

LOG_WIDTH = 160
SHOWN = 12  # problems of one file, disagreements
TO_LOAD = 5
MORE = "--report FILE lists all."


def show(extracts: Sequence[Extract], stream: TextIO, what: After | None = None) -> None:
    """Print the report: the files and what was refused in them; then, after a load, what it did.

    what: what the load did; None where files were only checked.
    """
    console = Console(file=stream, width=None if stream.isatty() else LOG_WIDTH, highlight=False)
    for extract in extracts:
        _show_files(extract, console, named=stream.isatty())
        for _, problems in groupby(told.problems(extract), key=lambda p: p.file):
            _show_problems(list(problems), console)
        for note in extract.notes:
            _say(console, f"Note: {note}")
    if any(extract.refusals for extract in extracts):
        _say(console, told.SHAPES)
    if what:
        _show_loads(what, console)
        _show_differing(what, console)
        _show_answers(what, console)
        _show_years(what, console)


def _say(console: Console, text: str) -> None:
    console.print(text, markup=False)


def _head(console: Console, title: str) -> None:
    console.print(escape(title), style="bold")  # not the table's own, which breaks at the width of the table


def _table(headings: Sequence[str], numbers: Sequence[str] = ()) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in headings:
        table.add_column(heading, justify="right" if heading in numbers else "left", overflow="fold")
    return table


def _row(table: Table, cells: Sequence[str]) -> None:
    table.add_row(*map(escape, cells))


# --- files ---


def _show_files(extract: Extract, console: Console, *, named: bool) -> None:
    numbers = ("Rows", "Used", "Set aside", "Refused")
    table = _table(("File", "Read as", *numbers), numbers)
    left = [file for file in extract.files if told.is_left(file)]
    for file in extract.files if named else [f for f in extract.files if f not in left]:
        _row(table, [file.file, told.read_as(file), *(f"{n:,}" for n in told.counts(file))])
        for rows, reason in told.asides(file):
            _row(table, ["", f"{rows:,} set aside: {reason}"])
    _head(console, told.title(extract))
    console.print(table)
    if left and not named:  # a log has no need of names that may be a child's
        _say(console, f"{counted(len(left), 'file')} not recognised and not read; {MORE}")


def _show_problems(problems: Sequence[told.Problem], console: Console) -> None:
    headings = ("Times", "Rows", "Column", "Found", "Expected", "What to do", "Refused")
    table = _table(headings, ("Times",))
    for problem in problems[:SHOWN]:
        rows = told.rows_named(problem.rows, 4)
        found, expected = told.found_in(problem), problem.expected
        _row(table, [f"{problem.times:,}", rows, problem.column, found, expected, problem.do, problem.refused])
    _head(console, f"Refused in {problems[0].file}")
    console.print(table)
    _say_more(len(problems) - SHOWN, console)


def _say_more(more: int, console: Console) -> None:
    if more > 0:
        _say(console, f"… and {more:,} more; {MORE}")


# --- what the load did ---


def _show_loads(what: After, console: Console) -> None:
    headings = ("Written", "As before", "On several loads", "Retired", "Waiting")
    table = _table(("Extract", *headings), headings)
    for name, one in what.loads:
        if one.unchanged_since:
            _row(table, [f"{name} (loaded before)"])
        elif one.later:
            _row(table, [f"{name} (a later one stands)"])
        else:
            _row(table, [name, *(f"{n:,}" for n in did.totals(one))])
    _head(console, "What the load did, in records")
    console.print(table)
    for name, one in what.loads:
        if one.unmatched:
            lines = did.lines_by_file(one.unmatched)
            where = "; ".join(f"{file}, {told.named_rows(rows, 4)}" for file, rows in lines.items())
            n = len(one.unmatched)
            _say(console, f"{counted(n, 'line')} {'waits' if n == 1 else 'wait'} {did.WAITING} ({where}).")
        for note in one.notes:
            _say(console, f"Note: {name}: {note}")


def _show_differing(what: After, console: Console) -> None:
    found = did.differing(what.loads)
    if not found:
        return
    headings = ("Times", "Records", "Column", "Kept", "Not kept", "They differ", "First lines")
    table = _table(headings, ("Times",))
    for one in found[:SHOWN]:
        kept, other = one.lines[0]
        cells = [f"{one.times:,}", one.table.replace("_", " "), one.column, one.kept, one.other, one.how]
        _row(table, [*cells, f"{kept} and {other}"])
    _head(console, "Where sources disagree: the order of trust decided")
    console.print(table)
    _say_more(len(found) - SHOWN, console)


# --- what it makes assessable, and DfE's counts ---


def _show_answers(what: After, console: Console) -> None:
    if not what.day or not what.answers:
        return
    _head(console, "What can be found now")
    _say(console, in_short(what.answers, what.day))
    wanted = to_load(what.answers)
    for one in wanted[:TO_LOAD]:
        _say(console, f"  {one.sentence}")
    _say_more(len(wanted) - TO_LOAD, console)


def _show_years(what: After, console: Console) -> None:
    for on, lines in what.years[:1]:
        numbers = ("The return", "The graph", "Difference")
        table = _table(("", *numbers), numbers)
        for line in shown_lines(lines):
            _row(table, [line.line.label, ranged(line.own), ranged(line.graph), line.difference])
        _head(console, f"Beside your own return, as DfE counts: {day(on)} and the year to it")
        console.print(table)


def shown_lines(lines: Sequence[Reconciled]) -> list[Reconciled]:
    """The lines worth showing: what is not known, and no social worker, only where there is any."""
    nothing = ("outside_unknown", "far_unknown", "workers_0")
    return [one for one in lines if one.line.key not in nothing or one.graph != (0, 0) or one.differ]
