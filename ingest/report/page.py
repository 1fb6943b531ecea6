"""The report as one web page: it stands alone, runs nothing, and prints."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader

from graph.assessable import in_short, plainly, to_load
from graph.loading import Loaded
from graph.reconcile import Reconciled, ranged
from graph.words import counted, day, opened
from ingest.extract import Extract
from ingest.report import did, told
from ingest.report.did import After
from ingest.report.spreadsheet import STATES

ROWS_NAMED = 25
FOUND_SHOWN = 6
TO_LOAD = 10


def write(extracts: Sequence[Extract], path: Path, what: After | None = None) -> None:
    """Write the page; raises OSError where the file cannot be written."""
    path.write_text(page(extracts, what), encoding="utf-8")


def page(extracts: Sequence[Extract], what: After | None = None) -> str:
    """The page as HTML; every value is escaped."""
    templates = Environment(
        loader=PackageLoader("ingest.report", "."), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )
    return templates.get_template("page.html").render(
        summary=told.summary(extracts),
        shapes=told.SHAPES if any(e.refusals for e in extracts) else "",
        sources=[_source(extract) for extract in extracts],
        refused=sum(len(e.refusals) for e in extracts),
        loads=_loads(what),
        differing=did.differing(what.loads) if what else [],
        answers=_answers(what),
        years=_years(what),
    )


def _source(extract: Extract) -> dict[str, Any]:
    of_files = groupby(told.problems(extract), key=lambda p: p.file)
    return {
        "title": told.title(extract),
        "files": [(f.file, told.read_as(f), told.counts(f), told.asides(f), bool(f.problem)) for f in extract.files],
        "problems": [(file, [_problem(p) for p in problems]) for file, problems in of_files],
        "notes": extract.notes,
    }


def _problem(problem: told.Problem) -> dict[str, Any]:
    return {
        "times": problem.times,
        "column": problem.column,
        "rows": told.rows_named(problem.rows, ROWS_NAMED),
        "found": told.found_in(problem, FOUND_SHOWN),
        "expected": problem.expected,
        "do": problem.do,
        "refused": problem.refused,
    }


def _loads(what: After | None) -> list[dict[str, Any]]:
    return [
        {
            "title": name,
            "unchanged": did.loaded_on(one),
            "tables": [(table.replace("_", " "), numbers) for table, numbers in did.by_table(one)],
            "totals": did.totals(one),
            "waiting": _waiting(one),
            "notes": one.notes,
        }
        for name, one in (what.loads if what else ())
    ]


def _waiting(one: Loaded) -> dict[str, Any] | None:
    if not one.unmatched:
        return None
    n = len(one.unmatched)
    where = did.lines_by_file(one.unmatched)
    return {
        "said": f"{counted(n, 'line')} {'waits' if n == 1 else 'wait'} {did.WAITING}.",
        "where": [f"{file}, {told.named_rows(rows, ROWS_NAMED)}" for file, rows in where.items()],
    }


def _answers(what: After | None) -> dict[str, Any] | None:
    if not what or not what.day or not what.answers:
        return None
    rules = [
        {
            "id": row.rule.id,
            "meaning": row.rule.meaning,
            "state": STATES[row.state],
            "open": bool(row.missing),
            "missing": [f"{plainly(m.need)}{f', {m.there}' if m.there else ''}" for m in row.missing],
        }
        for row in what.answers
    ]
    wanted = to_load(what.answers)
    more = max(0, len(wanted) - TO_LOAD)
    return {"said": in_short(what.answers, what.day), "to_load": wanted[:TO_LOAD], "more": more, "rules": rules}


def _years(what: After | None) -> list[dict[str, Any]]:
    return [
        {"day": day(on), "differ": sum(one.differ for one in lines), "lines": _lines(lines, explained=n == 0)}
        for n, (on, lines) in enumerate(what.years if what else ())
    ]


def _lines(lines: Sequence[Reconciled], *, explained: bool) -> list[dict[str, Any]]:
    """The lines of one year; a definition that several lines share stands at the first of them, in the first year."""
    said = ""
    rows = []
    for one in lines:
        new = explained and one.line.definition != said
        said = one.line.definition
        rows.append(
            {
                "label": one.line.label,
                "definition": opened(said) + "." if new else "",
                "own": ranged(one.own),
                "graph": ranged(one.graph),
                "difference": one.difference,
                "why": one.line.why if one.differ else "",
                "differ": one.differ,
            }
        )
    return rows
