"""Records straight from tables, without a server: for checking a case, and as the store's plain double.

What it gives is what `Store.records` reads back after the tables are loaded; a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
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
    return _records(_Index.of(identified), child, coverage)


def everyone(identified: Identified, coverage: Iterable[Coverage] = ()) -> Iterator[Records]:
    """The records of each child of identified tables in turn, in order of id."""
    index, covered = _Index.of(identified), tuple(coverage)
    yield from (_records(index, row["id"], covered) for row in identified.rows.get("children", ()))


@dataclass(frozen=True)
class _Index:
    """Everything, found by what it is about, where it starts and where it ends."""

    nodes: Mapping[str, Node]
    about: Mapping[str, list[str]]
    starting: Mapping[str, list[Relationship]]
    ending: Mapping[str, list[Relationship]]

    @classmethod
    def of(cls, identified: Identified) -> _Index:
        nodes = _nodes(identified)
        about: dict[str, list[str]] = {}
        for id, node in nodes.items():
            for child in getattr(node, "about", ()):
                about.setdefault(child, []).append(id)
        starting: dict[str, list[Relationship]] = {}
        ending: dict[str, list[Relationship]] = {}
        for r in _relationships(identified):
            starting.setdefault(r.from_id, []).append(r)
            ending.setdefault(r.to_id, []).append(r)
        return cls(nodes, about, starting, ending)

    def from_any(self, ids: Iterable[str]) -> Iterator[Relationship]:
        return (r for i in ids for r in self.starting.get(i, ()))

    def to_any(self, ids: Iterable[str]) -> Iterator[Relationship]:
        return (r for i in ids for r in self.ending.get(i, ()))


def _records(index: _Index, child: str, coverage: Iterable[Coverage]) -> Records:
    nodes = index.nodes
    mine = set(index.about.get(child, ()))
    around = mine | {child}
    near = [*index.from_any(around), *index.to_any(around)]
    reached = {i for r in near for i in (r.from_id, r.to_id)} | _linked(nodes, mine) | around | _named(near)
    beyond: list[Relationship] = [r for r in index.from_any(reached) if isinstance(r, WorksFor | Serves | InArea)]
    beyond += [r for r in index.to_any(reached) if isinstance(r, Provides)]
    reached |= {i for r in beyond for i in (r.from_id, r.to_id)}
    beyond += [r for r in index.from_any(reached) if isinstance(r, Serves | InArea)]
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
