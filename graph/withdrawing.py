"""Taking back what loads said: what no other load supports is deleted, the rest says what the others say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from graph import model
from graph.merging import Standing, Values, claims_of, written
from graph.model import Kind, Relationship
from graph.store import Row, Store
from graph.writing import moved, put_relationships, with_ends

NOTHING: Mapping[str, set[str]] = {}


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
        found = {i: with_ends(r) for i, r in there.items() if i not in said.get(type, ())}
        gone, kept = _without(kind, found, loads, standing)
        store.delete_relationships(type, gone)
        rows = [{**r, "moved": moved(found[r["id"]], r["values"])} for r in kept]
        put_relationships(store, type, rows, lambda work: work())
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
