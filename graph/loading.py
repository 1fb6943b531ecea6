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

from graph import model, reference
from graph.identity import Identified, hashed, identify
from graph.merging import ENDS, Claim, Standing, Values, claims_of, written
from graph.model import Child, Kind, Link, Load, LocalAuthority, Node, Relationship, by_table, links, properties
from graph.records import Coverage
from graph.store import Row, Store, coverage_line

Say = Callable[[str], None]
NOTHING: Mapping[str, set[str]] = {}


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
    """Write one extract, one load at a time. A finished load of the same extract makes it a no-op.

    Raises TeamaroundError where Neo4j does not answer; what is half written then is mended by the next load,
    of the same extract or of another. (One exception: an extract that waited for children and is loaded again
    stays as far as it came until it is loaded once more.)
    """
    id = hashed("Load", source.kind, source.supplier, source.digest)
    with store.alone():
        earlier = _cleared_up(store, id, say)
        before = earlier.get(id, {})
        stands = before.get("finished") and not before.get("superseded_by")
        if stands and not before.get("unmatched"):
            return Loaded(id, unchanged_since=before.get("loaded_at"))
        identified = identify(source.tables, authority=source.authority, known=store.known_children())
        counts = {"rows": rows, "refused": refused, "set_aside": set_aside, "unmatched": len(identified.unmatched)}
        said = _load_values(source, {"files": list(files), **counts})
        if not stands:
            store.write_nodes(Load, [{"id": id, "values": {**said, "finished": False}}])
        every = {**earlier, id: said}
        standing = {i: _standing(i, row) for i, row in every.items()}
        done = Loaded(id, unmatched=identified.unmatched)
        run = _Run(store, standing[id], standing, source.authority, done, _empty(store))
        _write(run, identified, say)
        if before:  # who is on record may have changed since: what this load no longer says goes
            withdraw(store, [id], standing, run.said)
        replaced = _replaced(id, said, earlier)
        _switch(store, id, said, {i: earlier[i] for i in replaced})
        if replaced:
            say("Taking back what earlier loads said and this one does not")
            done.retired = _take_back(store, {i: {**earlier[i], "superseded_by": id} for i in replaced}, every)
        return done


def _cleared_up(store: Store, id: str, say: Say) -> dict[str, Row]:
    """The loads there are, once what was cut off is taken back; the load to come mends its own first attempt."""
    earlier = {row["id"]: row for row in store.loads()}
    left = {i: row for i, row in earlier.items() if not row.get("finished") and (i != id or row.get("superseded_by"))}
    if left:
        say("Taking back what a load that was cut off left")
        _take_back(store, left, earlier)
    return {i: row for i, row in earlier.items() if i not in left or row.get("superseded_by")}


def _switch(store: Store, id: str, said: Values, replaced: Mapping[str, Row]) -> None:
    """In one transaction: this load stands, and those it replaces are to be taken back."""
    rows = [{"id": i, "values": {**row, "superseded_by": id, "finished": False}} for i, row in replaced.items()]
    store.write_nodes(Load, [{"id": id, "values": {**said, "finished": True}}, *rows])


def _take_back(store: Store, left: Mapping[str, Row], every: Mapping[str, Row]) -> dict[str, int]:
    """Withdraw loads; one that was replaced stays as a record of what was loaded, one that was cut off goes."""
    retired = withdraw(store, list(left), {i: _standing(i, row) for i, row in every.items() if i not in left})
    replaced = {i: row for i, row in left.items() if row.get("superseded_by")}
    store.write_nodes(Load, [{"id": i, "values": {**row, "finished": True}} for i, row in replaced.items()])
    store.delete_nodes(Load, [i for i in left if i not in replaced])
    return retired


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


# --- writing ---


@dataclass
class _Run:
    """One load at work. empty: labels and types the graph holds none of; said: ids written, by label or type."""

    store: Store
    load: Standing
    standing: Mapping[str, Standing]
    authority: str
    done: Loaded
    empty: set[str]
    said: dict[str, set[str]] = field(default_factory=dict)


def _empty(store: Store) -> set[str]:
    return {name for name, n in store.counts().items() if not n}


def _write(run: _Run, identified: Identified, say: Say) -> None:
    for table, rows in identified.rows.items():
        kind = by_table()[table]
        if kind is LocalAuthority:  # what the reference data hold is not for a file to change
            rows = [row for row in rows if row["id"] not in reference.authorities()]
        say(f"Writing {len(rows):,} {table.replace('_', ' ')}")
        claims = [(row, Claim(run.load, _values(kind, row), _sources(run.load.id, row))) for row in rows]
        if issubclass(kind, Node):
            _write_nodes(run, kind, claims)
        else:
            _write_relationships(run, kind, claims)
    for table, rows in identified.rows.items():
        kind = by_table()[table]
        if issubclass(kind, Node):
            for one in links(kind):
                _write_link(run, kind, one, rows)


def _sources(id: str, row: Row) -> tuple[str, ...]:
    return tuple(f"{id}:{line}" for line in row["rows"])


def _values(kind: Kind, row: Row) -> Values:
    names = [p.name for p in properties(kind) if p.stored and p.in_tables]
    values = {n: row.get(n) for n in (*names, *(ENDS if issubclass(kind, Relationship) else ()))}
    return {k: list(v) if isinstance(v, tuple) else v for k, v in values.items() if v is not None}


def _write_nodes(run: _Run, kind: type[Node], claims: list[tuple[Row, Claim]]) -> None:
    name = model.label(kind)
    ids = [row["id"] for row, _ in claims]
    there = {} if name in run.empty else run.store.stored_nodes(kind, ids)
    rows = []
    for row, claim in claims:
        before = there.get(row["id"], {})
        values = _with(kind, before, claim, run.standing)
        if kind is Child:
            values["ref"] = before.get("ref") or secrets.token_urlsafe(9)
            values["authority"] = before.get("authority") or run.authority
        if values != {k: v for k, v in before.items() if k != "id"}:
            rows.append({"id": row["id"], "values": values})
    run.store.write_nodes(kind, rows)
    _count(run, name, kind.table, ids, len(rows))


def _with(kind: Kind, before: Values, claim: Claim, standing: Mapping[str, Standing]) -> Values:
    """A record's properties once this load has said what it says; its own earlier word is replaced."""
    others = [c for c in claims_of(kind, before, standing) if c.load.id != claim.load.id]
    return written(kind, [*others, claim])


def _write_relationships(run: _Run, kind: type[Relationship], claims: list[tuple[Row, Claim]]) -> None:
    ids = [row["id"] for row, _ in claims]
    there = {} if kind.type in run.empty else run.store.stored_relationships(kind.type, ids)
    rows = []
    for row, claim in claims:
        before = _with_ends(there[row["id"]]) if row["id"] in there else {}
        values = _with(kind, before, claim, run.standing)
        if values != {k: v for k, v in before.items() if k != "id"}:
            rows.append({"id": row["id"], "values": values, "moved": _moved(before, values)})
    _put_relationships(run.store, kind.type, rows)
    _count(run, kind.type, kind.table, ids, len(rows))


def _moved(before: Values, values: Values) -> bool:
    return bool(before) and any(before[n] != values[n] for n in ENDS)


def _with_ends(row: Row) -> Values:
    """A stored relationship's properties with its ends, as `Kind:id`."""
    return {**row["values"], "from": f"{row['start']}:{row['from']}", "to": f"{row['end']}:{row['to']}"}


def _put_relationships(store: Store, type: str, rows: Sequence[Row]) -> None:
    """Write relationships whose values hold their ends, one pair of labels at a time."""
    groups: dict[tuple[str, str, bool], list[Row]] = {}
    for row in rows:
        (start, _, start_id), (end, _, end_id) = (row["values"][n].partition(":") for n in ENDS)
        values = {k: v for k, v in row["values"].items() if k not in ENDS}
        flat = {"id": row["id"], "from": start_id, "to": end_id, "values": values}
        groups.setdefault((start, end, row["moved"]), []).append(flat)
    for (start, end, moved), some in sorted(groups.items()):
        store.write_relationships(type, start, end, some, moved=moved)


def _write_link(run: _Run, kind: type[Node], one: Link, rows: list[Row]) -> None:
    """A node's link column as relationships, each standing on the lines of its node."""
    start = model.label(kind)
    wanted = [(row, target) for row in rows for target in row.get(one.name) or ()]
    ids = [hashed(one.relationship, start, row["id"], target) for row, target in wanted]
    there = {} if one.relationship in run.empty else run.store.stored_relationships(one.relationship, ids)
    new = []
    for id, (row, target) in zip(ids, wanted, strict=True):
        before = there.get(id, {"values": {}})["values"].get("sources", [])
        kept = [s for s in before if not s.startswith(f"{run.load.id}:")]
        sources = sorted({*kept, *_sources(run.load.id, row)})
        if sources != before:
            ends = {"from": f"{start}:{row['id']}", "to": target}
            new.append({"id": id, "values": {"sources": sources, **ends}, "moved": False})
    _put_relationships(run.store, one.relationship, new)
    _count(run, one.relationship, one.relationship.lower(), ids, len(new))


def _count(run: _Run, name: str, table: str, ids: Sequence[str], changed: int) -> None:
    run.said.setdefault(name, set()).update(ids)
    if ids:
        run.done.written[table] = run.done.written.get(table, 0) + changed
        run.done.same[table] = run.done.same.get(table, 0) + len(ids) - changed


# --- taking back ---


def withdraw(
    store: Store, loads: Sequence[str], standing: Mapping[str, Standing], said: Mapping[str, set[str]] = NOTHING
) -> dict[str, int]:
    """Take away what these loads say; delete what no other load supports. How many were deleted, by table.

    standing: the loads that stay. said: ids, by label or type, that are left as they are.
    """
    retired: dict[str, int] = {}
    types: dict[str, type[Relationship] | None] = {**model.by_type(), **dict.fromkeys(model.LINK_TYPES)}
    for type, kind in types.items():
        there = store.supported_by(type, loads)
        found = {i: _with_ends(r) for i, r in there.items() if i not in said.get(type, ())}
        gone, kept = _without(kind, found, loads, standing)
        store.delete_relationships(type, gone)
        _put_relationships(store, type, [{**r, "moved": _moved(found[r["id"]], r["values"])} for r in kept])
        _retired(retired, kind.table if kind else "", gone)
    for node in model.NODES:
        there = store.supported_by(node, loads)
        values = {i: r["values"] for i, r in there.items() if i not in said.get(model.label(node), ())}
        gone, kept = _without(node, values, loads, standing)
        store.delete_nodes(node, gone)
        store.write_nodes(node, kept)
        _retired(retired, node.table, gone)
    return retired


def _retired(retired: dict[str, int], table: str, gone: Sequence[str]) -> None:
    if gone and table:
        retired[table] = len(gone)


def _without(
    kind: Kind | None, found: Mapping[str, Values], loads: Sequence[str], standing: Mapping[str, Standing]
) -> tuple[list[str], list[Row]]:
    """Ids that nothing supports any more, and the rows of those that something still does."""
    gone, kept = [], []
    for id, values in found.items():
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
