"""The report as one CSV to filter in a spreadsheet: every line says of which section it is, and nothing is left out.

`section` is one of file, refused, note, loaded, waiting, disagreement, finding, to load, count. The other columns
are blank where a section has no use for them.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from graph.assessable import named, to_load
from graph.loading import Loaded
from graph.reconcile import ranged
from graph.words import counted
from ingest.extract import Extract
from ingest.report import did, told
from ingest.report.did import After

# What each column holds: of a count `item` is DfE's measure, `found` the graph's number, `expected` the return's.
COLUMNS = (
    "section", "source", "file", "row", "item", "state", "number", "found", "expected", "what_to_do",
)  # fmt: skip
# A cell that begins so is a formula to a spreadsheet.
FORMULA = ("=", "+", "-", "@", "\t", "\r")
Line = dict[str, Any]


def write(extracts: Sequence[Extract], path: Path, what: After | None = None) -> None:
    """Write every section of the report; raises OSError where the file cannot be written."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.DictWriter(file, COLUMNS, restval="")
        writer.writeheader()
        for line in lines(extracts, what):
            writer.writerow({name: harmless(cell) for name, cell in line.items()})


def harmless(cell: Any) -> Any:
    """A cell that no spreadsheet runs as a formula."""
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell


def lines(extracts: Sequence[Extract], what: After | None = None) -> Iterator[Line]:
    """The lines of the report, by column; absent = blank."""
    for extract in extracts:
        for line in (*_files(extract), *_refused(extract)):
            yield {"source": told.title(extract), **line}
        yield from ({"section": "note", "source": told.title(extract), "found": note} for note in extract.notes)
    if what:
        for name, one in what.loads:
            yield from ({"source": name, **line} for line in _loaded(one))
        yield from _disagreements(what)
        yield from _answers(what)
        yield from _counts(what)


def _files(extract: Extract) -> Iterator[Line]:
    for file in extract.files:
        said: Line = {"section": "file", "file": file.file, "item": file.recognised_as}
        if file.problem:
            yield {**said, "state": "could not be used", "found": file.problem}
        elif not file.recognised_as:
            yield {**said, "state": "not recognised: not read"}
        read, used, _, refused = told.counts(file)
        yield {**said, "state": "read", "number": read}
        yield {**said, "state": "used", "number": used}
        yield from ({**said, "state": "set aside", "number": n, "found": reason} for n, reason in told.asides(file))
        yield {**said, "state": "refused", "number": refused}


def _refused(extract: Extract) -> Iterator[Line]:
    for refusal in sorted(extract.refusals, key=lambda r: (r.file, r.row or 0)):
        yield {
            "section": "refused", "file": refusal.file, "row": refusal.row, "item": refusal.column,
            "state": "the row" if refusal.whole_row else "the value; the row is kept",
            "number": 1, "found": refusal.found, "expected": refusal.expected, "what_to_do": refusal.do,
        }  # fmt: skip


def _loaded(one: Loaded) -> Iterator[Line]:
    if one.unchanged_since:
        yield {"section": "loaded", "state": "loaded before", "found": one.unchanged_since}
    for table, numbers in did.by_table(one):
        for state, n in zip(("written", "as before", "on several loads", "retired"), numbers, strict=True):
            yield {"section": "loaded", "item": table, "state": state, "number": n}
    for file, rows in did.lines_by_file(one.unmatched).items():
        waits = {"section": "waiting", "file": file, "number": 1, "what_to_do": f"It waits {did.WAITING}."}
        yield from ({**waits, "row": row} for row in rows)
    yield from ({"section": "note", "found": note} for note in one.notes)


def _disagreements(what: After) -> Iterator[Line]:
    for each in did.disagreements(what.loads):
        for other in each.others:
            file, _, row = other.row.rpartition(":")
            yield {
                "section": "disagreement", "source": did.named(other), "file": file, "row": int(row),
                "item": f"{each.table}.{each.property}", "number": 1, "found": each.how,
                "expected": f"{did.named(each.kept)} ({each.kept.row})", "state": "not kept",
                "what_to_do": "See which is right, and mend the other.",
            }  # fmt: skip


def _answers(what: After) -> Iterator[Line]:
    for row in what.answers:
        missing = "; ".join(f"{named(m.need)}{f', {m.there}' if m.there else ''}" for m in row.missing)
        yield {
            "section": "finding", "item": row.rule.id, "state": STATES[row.state], "found": row.rule.meaning,
            "expected": missing,
        }  # fmt: skip
    for one in to_load(what.answers):
        yield {
            "section": "to load", "item": "; ".join(map(named, one.needs)), "number": len(one.completes),
            "state": counted(len(one.helps), "more with other records"), "what_to_do": one.sentence,
        }  # fmt: skip


def _counts(what: After) -> Iterator[Line]:
    for on, found in what.years:
        for one in found:
            yield {
                "section": "count", "source": f"to {on:%d/%m/%Y}", "item": one.line.label, "found": ranged(one.graph),
                "expected": ranged(one.own), "state": one.difference or "nothing to compare with",
                "number": one.graph[0] - one.own[0] if one.own else "",
                "what_to_do": one.line.why if one.differ else "",
            }  # fmt: skip


STATES = {
    "before": "in full, as before",
    "now": "in full, since this load",
    "not yet": "not yet in full",
    "no longer": "no longer in full",
}
