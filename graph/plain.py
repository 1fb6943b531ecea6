"""An extract's tables as plain columns: what identity reads, and what a load keeps to be read again.

A column is a list of Python values, None where there is none; a column without any value is left out. What never
reaches the graph (`Property.stored`: a full postcode) stands here as its hash only, so that what is fresh and
what was kept are told apart by the same.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from datetime import date
from functools import cache
from typing import Any

import brotli
import msgpack
import pandas as pd

from graph.model import by_table, links, properties

Row = dict[str, Any]
Columns = dict[str, Sequence[Any]]
Tables = dict[str, Columns]

# Brotli's second level: to a fifteenth, in a fiftieth of a second for 70,000 rows (zlib's first: to a tenth, in twice).
QUALITY = 2


def hashed(*parts: Any) -> str:
    """16 hexadecimal characters of a SHA-256 over the parts of a natural key."""
    text = "\x1f".join(["" if part is None else str(part) for part in parts])
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def folded(text: str) -> str:
    """Names that differ in case or spacing only are the same."""
    return " ".join(text.split()).casefold()


def plain(tables: Mapping[str, pd.DataFrame]) -> Tables:
    """The tables of an extract (as `ingest.extract` describes them) that hold rows, as columns."""
    return {name: _columns(name, frame) for name, frame in tables.items() if len(frame)}


def rows_of(columns: Columns) -> list[Row]:
    """One dict a row, of the values that are there."""
    names = tuple(columns)
    return [
        {name: value for name, value in zip(names, values, strict=True) if value is not None}
        for values in zip(*columns.values(), strict=True)
    ]


def pack(table: str, columns: Columns) -> bytes:
    """Columns as compressed bytes."""
    dates = _types(table)
    days = {n: [v and v.toordinal() for v in of] if dates.get(n) == "date" else of for n, of in columns.items()}
    return bytes(brotli.compress(msgpack.packb(days), quality=QUALITY))


def unpack(table: str, packed: bytes) -> Columns:
    """The columns that were packed, every value of the type it was."""
    dates = _types(table)
    columns = msgpack.unpackb(brotli.decompress(packed), use_list=False)
    return {
        n: [date.fromordinal(v) if v else None for v in of] if dates.get(n) == "date" else of
        for n, of in columns.items()
    }


@cache
def _types(table: str) -> Mapping[str, str]:
    """The type of each property and link; "hash" of one that never reaches the graph."""
    kind = by_table()[table]
    found: dict[str, str] = {p.name: p.type if p.stored else "hash" for p in properties(kind)}
    return found | {one.name: "list" for one in links(kind)}


def _columns(table: str, frame: pd.DataFrame) -> Columns:
    types = _types(table)
    return {str(n): _values(str(n), types.get(str(n)), frame[n].tolist()) for n in frame if frame[n].notna().any()}


def _values(name: str, type: str | None, cells: list[Any]) -> list[Any]:
    # NaN is not equal to itself. A reader may hand on NumPy's own numbers: Python's are what can be kept.
    given = [None if v is None or v != v or v == "" else v for v in cells]
    if type == "list":
        return [tuple(v) if v else None for v in given]
    if type == "hash":
        return [v and hashed(name, folded(v)) for v in given]
    if type in ("integer", "number", "flag"):
        make = {"integer": int, "number": float, "flag": bool}[type]
        return [v if v is None else make(v) for v in given]
    return given
