"""What became of every file: for a terminal, a log, a web page or a spreadsheet.

Nothing here names a child: refusals carry a row's number, and of a cell only what `Refusal` allows.
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import TextIO

from jinja2 import Environment
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph.errors import TeamaroundError
from ingest.extract import Extract, FileReport, Refusal
from ingest.ledger import counted

SHOWN_PER_FILE = 20
LOG_WIDTH = 160
HEADINGS = ("File", "Row", "Column", "Found", "Expected", "What to do", "Refused")
SHAPES = (
    "Of a date or an identifier only the shape is shown: 9 stands for a digit, A for a letter. "
    "Rows are numbered as a spreadsheet numbers them."
)
# A cell that begins so is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def usable(extracts: Sequence[Extract]) -> bool:
    """Whether every file could be used; refused rows and values do not matter."""
    return not any(file.problem for extract in extracts for file in extract.files)


def summary(extracts: Sequence[Extract]) -> str:
    """What became of all rows, in one line for a log."""
    files = [file for extract in extracts for file in extract.files]
    rows, used, aside, refused = (sum(numbers) for numbers in zip(*map(_counts, files), strict=True))
    values = sum(not refusal.whole_row for extract in extracts for refusal in extract.refusals)
    unusable = sum(bool(file.problem) for file in files)
    line = f"{counted(rows, 'row')} read: {used:,} used, {aside:,} set aside, {refused:,} refused."
    line += f" {counted(values, 'value')} refused in rows that are kept." if values else ""
    return line + (f" {counted(unusable, 'file')} could not be used." if unusable else "")


def show(extracts: Sequence[Extract], stream: TextIO) -> None:
    """Print the report: a line a file, then the first refusals of each, then what is worth knowing."""
    console = Console(file=stream, width=None if stream.isatty() else LOG_WIDTH)
    for extract in extracts:
        console.print(_files_table(extract))
        for file, refusals in _by_file(extract):
            _show_refusals(file, refusals, console)
        for note in extract.notes:
            console.print(f"Note: {note}", markup=False, highlight=False)
    if any(extract.refusals for extract in extracts):
        console.print(SHAPES, highlight=False)


def _files_table(extract: Extract) -> Table:
    table = Table(title=escape(title(extract)), title_justify="left", box=None, pad_edge=False)
    for heading in ("File", "Read as", "Rows", "Used", "Set aside", "Refused"):
        number = heading in ("Rows", "Used", "Set aside", "Refused")
        table.add_column(heading, justify="right" if number else "left", overflow="fold")
    for file in extract.files:
        cells = [file.file, _read_as(file), *(f"{n:,}" for n in _counts(file))]
        table.add_row(*(escape(cell) for cell in cells))
        for line in _asides(file):
            table.add_row("", escape(line))
    return table


def title(extract: Extract) -> str:
    """What an extract is, from whom, and of which days."""
    days = ""
    if extract.covers_from and extract.covers_to:
        part = "" if extract.full else ", in part"
        days = f"{extract.covers_from:%d/%m/%Y} to {extract.covers_to:%d/%m/%Y}{part}"
    return " · ".join(part for part in (_KINDS.get(extract.kind, extract.kind), extract.supplier, days) if part)


_KINDS = {"ssda903": "SSDA903", "tables": "Tables"}


def _read_as(file: FileReport) -> str:
    return file.problem or file.recognised_as or "not recognised: not read"


def _counts(file: FileReport) -> tuple[int, int, int, int]:
    return file.rows, file.used, sum((file.set_aside or {}).values()), file.refused


def _asides(file: FileReport) -> list[str]:
    return [f"{rows:,} set aside: {reason}" for reason, rows in sorted((file.set_aside or {}).items())]


def _by_file(extract: Extract) -> list[tuple[str, list[Refusal]]]:
    ordered = sorted(extract.refusals, key=lambda r: (r.file, r.row or 0))
    return [(file, list(of)) for file, of in groupby(ordered, key=lambda r: r.file)]


def _show_refusals(file: str, refusals: Sequence[Refusal], console: Console) -> None:
    table = Table(box=None, pad_edge=False, title=escape(f"Refused in {file}"), title_justify="left")
    for heading in HEADINGS[1:]:
        table.add_column(heading, overflow="fold")
    for refusal in refusals[:SHOWN_PER_FILE]:
        table.add_row(*(escape(cell) for cell in _cells(refusal)[1:]))
    console.print(table)
    if (more := len(refusals) - SHOWN_PER_FILE) > 0:
        console.print(f"… and {more:,} more; --report FILE lists all.", highlight=False)


def _cells(refusal: Refusal) -> tuple[str, ...]:
    return (
        refusal.file,
        "" if refusal.row is None else str(refusal.row),
        refusal.column,
        refusal.found,
        refusal.expected,
        refusal.do,
        "the row" if refusal.whole_row else "the value; the row is kept",
    )


# --- files ---


def write(extracts: Sequence[Extract], path: Path) -> None:
    """Write every refusal to a spreadsheet (.csv), or the whole report to one web page (.html).

    Raises TeamaroundError where the name ends otherwise or the file cannot be written.
    """
    writers = {".csv": _csv, ".html": _html}
    writer = writers.get(path.suffix.lower())
    if writer is None:
        raise TeamaroundError(f"A report is a .html or a .csv file: “{path.name}” ends with neither.")
    try:
        writer(extracts, path)
    except OSError as error:
        raise TeamaroundError(f"{path.name} cannot be written: {error.strerror}.") from error


def _csv(extracts: Sequence[Extract], path: Path) -> None:
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(HEADINGS)
        for extract in extracts:
            for report in extract.files:
                if report.problem:
                    writer.writerow([_harmless(c) for c in (report.file, "", "", "", "", report.problem, "the file")])
            writer.writerows([_harmless(cell) for cell in _cells(r)] for r in extract.refusals)


def _harmless(cell: str) -> str:
    return f"'{cell}" if cell.startswith(FORMULA) else cell


def _html(extracts: Sequence[Extract], path: Path) -> None:
    page = Environment(autoescape=True, trim_blocks=True, lstrip_blocks=True).from_string(_PAGE)
    sources = [
        {
            "title": title(extract),
            "files": [(f.file, _read_as(f), _counts(f), _asides(f)) for f in extract.files],
            "refusals": [(file, [_cells(r)[1:] for r in of]) for file, of in _by_file(extract)],
            "notes": extract.notes,
        }
        for extract in extracts
    ]
    path.write_text(page.render(sources=sources, shapes=SHAPES, headings=HEADINGS[1:]), encoding="utf-8")


_PAGE = """<!doctype html>
<html lang="en-GB">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>What became of every row</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem; max-width: 80rem; color: #1a1a1a; background: #fff }
table { border-collapse: collapse; margin: 1rem 0 }
caption { text-align: left; font-weight: 600; padding: .25rem 0 }
th, td { border-bottom: 1px solid #bbb; padding: .25rem .75rem .25rem 0; text-align: left; vertical-align: top }
td.number { text-align: right }
</style>
</head>
<body>
<h1>What became of every row</h1>
<p>Rows read = used + set aside + refused. {{ shapes }}</p>
{% for source in sources %}
<h2>{{ source.title }}</h2>
<table>
<caption>Files</caption>
<thead><tr><th scope="col">File</th><th scope="col">Read as</th><th scope="col">Rows</th>
<th scope="col">Used</th><th scope="col">Set aside</th><th scope="col">Refused</th></tr></thead>
<tbody>
{% for file, known, counts, asides in source.files %}
<tr><th scope="row">{{ file }}</th><td>{{ known }}{% for aside in asides %}<br>{{ aside }}{% endfor %}</td>
{% for count in counts %}<td class="number">{{ count }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
{% for note in source.notes %}
<p>Note: {{ note }}</p>
{% endfor %}
{% for file, refusals in source.refusals %}
<table>
<caption>Refused in {{ file }}</caption>
<thead><tr>{% for heading in headings %}<th scope="col">{{ heading }}</th>{% endfor %}</tr></thead>
<tbody>
{% for refusal in refusals %}
<tr>{% for cell in refusal %}<td>{{ cell }}</td>{% endfor %}</tr>
{% endfor %}
</tbody>
</table>
{% endfor %}
{% endfor %}
</body>
</html>
"""
