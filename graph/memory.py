"""Records straight from tables, without a server: for checking a case, and as the store's plain double.

What it gives is what `Store.records` reads back after the tables are loaded; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import pandas as pd

from graph import reference
from graph.around import responsible
from graph.identity import Identified, identify
from graph.model import (
    Child,
    InArea,
    Kind,
    LocalAuthority,
    Node,
    Provides,
    Relationship,
    Serves,
    WorksFor,
    by_table,
    fields_of,
    links,
    properties,
)
from graph.records import Coverage, Records


def records_of(
    tables: Mapping[str, pd.DataFrame], child: str, coverage: Iterable[Coverage] = (), *, authority: str
) -> Records:
    """The records of one child from an extract's tables.

    tables: as `ingest.extract` describes. child: final id, `<ONS code>/<local number>`. authority: ONS code.
    Raises KeyError where the tables hold no such child.
    """
    return records(identify(tables, authority=authority), child, coverage)


def records(identified: Identified, child: str, coverage: Iterable[Coverage] = ()) -> Records:
    """The records of one child from identified tables: what stands around her, no other child's."""
    nodes = _nodes(identified)
    every = list(_relationships(identified))
    mine = {i for i, node in nodes.items() if child in getattr(node, "about", ())}
    around = mine | {child}
    near = [r for r in every if around & {r.from_id, r.to_id}]
    reached = {i for r in near for i in (r.from_id, r.to_id)} | _linked(nodes, mine) | around | _named(near)
    beyond: list[Relationship] = [
        r for r in every if r.from_id in reached and isinstance(r, WorksFor | Serves | InArea)
    ]
    beyond += [r for r in every if r.to_id in reached and isinstance(r, Provides)]
    reached |= {i for r in beyond for i in (r.from_id, r.to_id)}
    beyond += [r for r in every if isinstance(r, Serves | InArea) and r.from_id in reached]
    reached |= {r.to_id for r in beyond}
    kept = {r.id: r for r in (*near, *beyond)}
    node = nodes[child]
    assert isinstance(node, Child)
    found = {i: nodes[i] for i in sorted(reached) if i in nodes}
    ordered = tuple(sorted(kept.values(), key=lambda r: (r.type, r.id)))
    return Records(node, found, ordered, tuple(coverage), responsible(node, ordered))


def _nodes(identified: Identified) -> dict[str, Node]:
    found: dict[str, Node] = {a.code: _authority(a) for a in reference.authorities().values()}
    for table, rows in identified.rows.items():
        kind = by_table()[table]
        if issubclass(kind, Node) and kind is not LocalAuthority:
            found |= {row["id"]: kind(**_given(kind, row)) for row in rows}
    return found


def _authority(a: reference.Authority) -> LocalAuthority:
    return LocalAuthority(
        id=a.code, code=a.code, old_codes=a.old_codes, name=a.name, region=a.region, nation=a.nation,
        start=a.start, end=a.end, sources=("reference",),
    )  # fmt: skip


def _relationships(identified: Identified) -> Iterator[Relationship]:
    for table, rows in identified.rows.items():
        kind = by_table()[table]
        if issubclass(kind, Relationship):
            for row in rows:
                given = {**_given(kind, row), "from_id": _bare(row["from"]), "to_id": _bare(row["to"])}
                yield kind(**given)


def _given(kind: Kind, row: Mapping[str, Any]) -> dict[str, Any]:
    names = fields_of(kind)
    given = {names[p.name]: row[p.name] for p in properties(kind) if p.stored and row.get(p.name) is not None}
    given |= {names[one.name]: tuple(sorted(map(_bare, row.get(one.name) or ()))) for one in links(kind)}
    return {**given, "id": row["id"], "sources": tuple(row["rows"])}


def _bare(reference: str) -> str:
    return reference.partition(":")[2]


def _linked(nodes: Mapping[str, Node], mine: Iterable[str]) -> set[str]:
    """What the child's own records point at."""
    found: set[str] = set()
    for node in (nodes[i] for i in mine):
        names = fields_of(type(node))
        found.update(*(getattr(node, names[one.name]) for one in links(type(node))))
    return found


def _named(near: Iterable[Relationship]) -> set[str]:
    """Agencies that an involvement or an attendance names."""
    return {a for r in near if (a := getattr(r, "agency", None))}
