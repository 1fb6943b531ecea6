"""An extract from small tables, for tests of the store that need no file."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date
from typing import Any

import pandas as pd

from graph.model import Node, by_table, links, properties
from graph.records import Coverage
from ingest.extract import Extract, columns_of

AUTHORITY = "E08000025"


def extract(
    text: str, *, kind: str = "tables", supplier: str = "case system", covers: str = "2023-04-01..2024-03-31",
    full: bool = True, authority: str = AUTHORITY,
) -> Extract:  # fmt: skip
    """Tables as `tests.spec.small` writes them (references `Kind:id`, the first column of a node table its id)."""
    first, _, last = covers.partition("..")
    tables = {
        table: pd.DataFrame(rows, columns=columns_of(by_table()[table]), dtype=object) for table, rows in _tables(text)
    }
    start, end = date.fromisoformat(first), date.fromisoformat(last)
    digest = hashlib.sha256(repr((text, kind, supplier, covers, full, authority)).encode()).hexdigest()
    coverage = tuple(Coverage(table, None, start, end, full) for table in tables)
    return Extract(
        kind, authority, supplier, digest, tables, (), coverage=coverage, covers_from=start, covers_to=end, full=full
    )


def _tables(text: str) -> list[tuple[str, list[dict[str, Any]]]]:
    found = []
    for block in text.strip("\n").split("\n\n"):
        header, *lines = [[cell.strip() for cell in line.split("|")] for line in block.splitlines() if line.strip()]
        table, names = header[0], ["id", *header[1:]]
        kind = by_table()[table]
        types = {p.name: p.type for p in properties(kind)} | {one.name: "list" for one in links(kind)}
        rows = []
        for n, line in enumerate(lines, 2):
            given = dict(zip(names, line, strict=False))
            row: Mapping[str, Any] = {k: _cell(types.get(k, "text"), v) for k, v in given.items() if v}
            local = {} if "id" in row else {"id": f"{table}{n}" if issubclass(kind, Node) else None}
            rows.append({**row, **local, "row": f"{table}.csv:{n}"})
        found.append((table, rows))
    return found


def _cell(type: str, text: str) -> Any:
    if type == "date":
        return date.fromisoformat(text)
    if type == "list":
        return tuple(text.split(";"))
    if type == "flag":
        return text == "yes"
    return {"integer": int, "number": float}.get(type, str)(text)
