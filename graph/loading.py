"""Writing one extract into the graph, and taking back what a newer one replaces.

The same extract twice changes nothing. A full load supersedes earlier ones of the same kind, supplier and
authority whose period it contains: what no load supports any more is deleted and counted.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, Protocol

import pandas as pd

from graph import model
from graph.identity import Identified, hashed, identify
from graph.merging import ENDS, Claim, Standing, Values, claims_of, written
from graph.model import Child, Kind, Link, Load, Node, Relationship, by_table, links, properties
from graph.records import Coverage
from graph.store import Row, Store, coverage_line

Say = Callable[[str], None]


class Source(Protocol):
    """What is asked of an extract (`ingest.extract.Extract`): the graph never imports a reader."""

    @property
    def kind(self) -> str: ...
    @property
    def authority(self) -> str: ...
    @property
    def supplier(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def tables(self) -> Mapping[str, pd.DataFrame]: ...
    @property
    def coverage(self) -> tuple[Coverage, ...]: ...
    @property
    def covers_from(self) -> date | None: ...
    @property
    def covers_to(self) -> date | None: ...
    @property
    def full(self) -> bool: ...
    @property
    def extracted_on(self) -> date | None: ...


@dataclass
class Loaded:
    """What one load did: records written, unchanged and retired, by table; lines that wait for a child."""

    load: str
    unchanged_since: str | None = None  # when the same extract was loaded before
    written: dict[str, int] = field(default_factory=dict)
    same: dict[str, int] = field(default_factory=dict)
    retired: dict[str, int] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()


def load(
    store: Store, source: Source, *, files: Sequence[str] = (), rows: int = 0, refused: int = 0,
    set_aside: int = 0, say: Say = lambda _: None,
) -> Loaded:  # fmt: skip
    """Write one extract. A finished load of the same extract makes it a no-op.

    Raises TeamaroundError where Neo4j does not answer; what is half written then is mended by the next load.
    """
    id = hashed("Load", source.kind, source.supplier, source.digest)
    earlier = {row["id"]: row for row in store.loads()}
    before = earlier.get(id)
    if before and before.get("finished") and not before.get("unmatched") and not before.get("superseded_by"):
        return Loaded(id, unchanged_since=before.get("loaded_at"))
    identified = identify(source.tables, authority=source.authority, known=store.known_children())
    counts = {"rows": rows, "refused": refused, "set_aside": set_aside, "unmatched": len(identified.unmatched)}
    said = _load_values(source, {"files": list(files), **counts})
    store.write_nodes(Load, [{"id": id, "values": {**said, "finished": False}}])
    replaced = _replaced(id, said, earlier)
    gone = replaced + [i for i, row in earlier.items() if not row.get("finished") and i != id]
    standing = {i: _standing(i, row) for i, row in {**earlier, id: said}.items() if i not in gone}
    done = Loaded(id, unmatched=identified.unmatched)
    _write(store, id, source, identified, standing, done, say)
    if gone:
        say("Taking back what earlier loads said and this one does not")
        done.retired = withdraw(store, gone, standing)
    _mark(store, earlier, replaced, by=id)
    store.write_nodes(Load, [{"id": id, "values": {**said, "finished": True}}])
    return done


def _load_values(source: Source, counts: Mapping[str, Any]) -> Values:
    roles = sorted({c.of for c in source.coverage if c.table == "involved_with" and c.of})
    values = {
        "kind": source.kind, "authority": source.authority, "supplier": source.supplier,
        "tables": sorted(source.tables), "roles": roles,
        "coverage": sorted(coverage_line(c) for c in source.coverage),
        "covers_from": source.covers_from, "covers_to": source.covers_to, "full": source.full,
        "extracted_on": source.extracted_on, "loaded_at": datetime.now(UTC).isoformat(timespec="seconds"),
        **counts,
    }  # fmt: skip
    return {k: v for k, v in values.items() if v is not None}


def _standing(id: str, row: Mapping[str, Any]) -> Standing:
    return Standing(id, row["kind"], row.get("covers_to") or date.min, row.get("extracted_on") or date.min)


def _replaced(id: str, new: Values, earlier: Mapping[str, Row]) -> list[str]:
    """Loads that a full one takes the place of: same kind, supplier and authority, a period within its own."""
    if not new["full"] or "covers_from" not in new or "covers_to" not in new:
        return []
    same = ("kind", "supplier", "authority")
    return [
        i
        for i, row in earlier.items()
        if i != id
        and not row.get("superseded_by")
        and all(row.get(name) == new[name] for name in same)
        and new["covers_from"] <= (row.get("covers_from") or date.min)
        and (row.get("covers_to") or date.max) <= new["covers_to"]
        and set(row.get("tables", ())) <= set(new["tables"])
    ]


def _mark(store: Store, earlier: Mapping[str, Row], replaced: list[str], by: str) -> None:
    unfinished = [i for i, row in earlier.items() if not row.get("finished") and i != by]
    store.delete_nodes(Load, unfinished)
    marked = [{"id": i, "values": {**earlier[i], "superseded_by": by}} for i in replaced if i not in unfinished]
    store.write_nodes(Load, marked)


# --- writing ---


def _write(
    store: Store, id: str, source: Source, identified: Identified, standing: Mapping[str, Standing],
    done: Loaded, say: Say,
) -> None:  # fmt: skip
    empty = {name for name, n in store.counts().items() if not n}
    for table, rows in identified.rows.items():
        kind = by_table()[table]
        say(f"Writing {len(rows):,} {table.replace('_', ' ')}")
        claims = [(row, Claim(standing[id], _values(kind, row), _sources(id, row))) for row in rows]
        if issubclass(kind, Node):
            _write_nodes(store, kind, claims, standing, source.authority, empty, done)
        else:
            _write_relationships(store, kind, claims, standing, empty, done)
    for table, rows in identified.rows.items():
        kind = by_table()[table]
        if issubclass(kind, Node):
            for one in links(kind):
                _write_link(store, kind, one, rows, standing[id], standing, empty, done)


def _sources(id: str, row: Row) -> tuple[str, ...]:
    return tuple(f"{id}:{line}" for line in row["rows"])


def _values(kind: Kind, row: Row) -> Values:
    names = [p.name for p in properties(kind) if p.stored and p.in_tables]
    values = {n: row.get(n) for n in (*names, *(ENDS if issubclass(kind, Relationship) else ()))}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items() if v is not None}


def _write_nodes(
    store: Store, kind: type[Node], claims: list[tuple[Row, Claim]], standing: Mapping[str, Standing],
    authority: str, empty: set[str], done: Loaded,
) -> None:  # fmt: skip
    name = model.label(kind)
    there = {} if name in empty else store.stored_nodes(kind, [row["id"] for row, _ in claims])
    rows = []
    for row, claim in claims:
        before = there.get(row["id"], {})
        values = _with(kind, before, claim, standing)
        if kind is Child:
            values["ref"] = before.get("ref") or secrets.token_urlsafe(9)
            values["authority"] = before.get("authority") or authority
        if values != {k: v for k, v in before.items() if k != "id"}:
            rows.append({"id": row["id"], "values": values})
    store.write_nodes(kind, rows)
    _count(done, kind.table, len(rows), len(claims))


def _with(kind: Kind, before: Values, claim: Claim, standing: Mapping[str, Standing]) -> Values:
    """A record's properties once this load has said what it says; its own earlier word is replaced."""
    others = [c for c in claims_of(kind, before, standing) if c.load.id != claim.load.id]
    return written(kind, [*others, claim])


def _write_relationships(
    store: Store, kind: type[Relationship], claims: list[tuple[Row, Claim]], standing: Mapping[str, Standing],
    empty: set[str], done: Loaded,
) -> None:  # fmt: skip
    there = {} if kind.type in empty else store.stored_relationships(kind.type, [row["id"] for row, _ in claims])
    rows, moved = [], []
    for row, claim in claims:
        before = _with_ends(there[row["id"]]) if row["id"] in there else {}
        values = _with(kind, before, claim, standing)
        if values != {k: v for k, v in before.items() if k != "id"}:
            rows.append({"id": row["id"], "values": values})
            if before and any(before[n] != values[n] for n in ENDS):
                moved.append(row["id"])
    store.delete_relationships(kind.type, moved)
    _put_relationships(store, kind.type, rows)
    _count(done, kind.table, len(rows), len(claims))


def _with_ends(row: Row) -> Values:
    """A stored relationship's properties with its ends, as `Kind:id`."""
    return {**row["values"], "from": f"{row['start']}:{row['from']}", "to": f"{row['end']}:{row['to']}"}


def _put_relationships(store: Store, type: str, rows: Sequence[Row]) -> None:
    """Write relationships whose values hold their ends, one pair of labels at a time."""
    by_labels: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        (start, _, start_id), (end, _, end_id) = (row["values"][n].partition(":") for n in ENDS)
        values = {k: v for k, v in row["values"].items() if k not in ENDS}
        flat = {"id": row["id"], "from": start_id, "to": end_id, "values": values}
        by_labels.setdefault((start, end), []).append(flat)
    for (start, end), some in sorted(by_labels.items()):
        store.write_relationships(type, start, end, some)


def _write_link(
    store: Store, kind: type[Node], one: Link, rows: list[Row], load: Standing, standing: Mapping[str, Standing],
    empty: set[str], done: Loaded,
) -> None:  # fmt: skip
    """A node's link column as relationships, each standing on the lines of its node."""
    start = model.label(kind)
    wanted = [(row, target) for row in rows for target in row.get(one.name) or ()]
    ids = [hashed(one.relationship, start, row["id"], target) for row, target in wanted]
    there = {} if one.relationship in empty else store.stored_relationships(one.relationship, ids)
    new = []
    for id, (row, target) in zip(ids, wanted, strict=True):
        end, _, end_id = target.partition(":")
        before = there.get(id, {"values": {}})["values"].get("sources", [])
        kept = [s for s in before if not s.startswith(f"{load.id}:")]
        sources = sorted({*kept, *_sources(load.id, row)})
        if sources != before:
            new.append({"id": id, "from": row["id"], "to": end_id, "values": {"sources": sources}, "end": end})
    for end in sorted({r["end"] for r in new}):
        store.write_relationships(one.relationship, start, end, [r for r in new if r["end"] == end])
    _count(done, one.relationship.lower(), len(new), len(wanted))


def _count(done: Loaded, table: str, changed: int, all: int) -> None:
    if all:
        done.written[table] = done.written.get(table, 0) + changed
        done.same[table] = done.same.get(table, 0) + all - changed


# --- taking back ---


def withdraw(store: Store, loads: Sequence[str], standing: Mapping[str, Standing]) -> dict[str, int]:
    """Take away what these loads say; delete what no other load supports. How many were deleted, by table.

    standing: the loads that stay.
    """
    retired: dict[str, int] = {}
    for kind in model.RELATIONSHIPS:
        found = {i: {**r, "values": _with_ends(r)} for i, r in store.supported_by(kind.type, loads).items()}
        gone, kept = _without(kind, found, loads, standing)
        store.delete_relationships(kind.type, [*gone, *(r["id"] for r in kept)])
        _put_relationships(store, kind.type, kept)
        _retired(retired, kind.table, gone)
    for type in model.LINK_TYPES:
        found = {i: {**r, "values": _with_ends(r)} for i, r in store.supported_by(type, loads).items()}
        gone, kept = _without(None, found, loads, standing)
        store.delete_relationships(type, gone)
        _put_relationships(store, type, kept)
    for node in model.NODES:
        gone, kept = _without(node, store.supported_by(node, loads), loads, standing)
        store.delete_nodes(node, gone)
        store.write_nodes(node, kept)
        _retired(retired, node.table, gone)
    return retired


def _retired(retired: dict[str, int], table: str, gone: Sequence[str]) -> None:
    if gone:
        retired[table] = len(gone)


def _without(
    kind: Kind | None, found: Mapping[str, Row], loads: Sequence[str], standing: Mapping[str, Standing]
) -> tuple[list[str], list[Row]]:
    """Ids that nothing supports any more, and the rows of those that something still does."""
    gone, kept = [], []
    for id, row in found.items():
        values = row["values"]
        left = [s for s in values["sources"] if s.partition(":")[0] not in loads]
        if not left:
            gone.append(id)
        elif kind is None:
            kept.append({"id": id, "values": {**values, "sources": left}})
        else:
            remaining = {k: v for k, v in values.items() if k in ("ref", "authority")}
            claims = [c for c in claims_of(kind, values, standing) if c.load.id not in loads]
            kept.append({"id": id, "values": {**remaining, **written(kind, claims)}})
    return gone, kept
