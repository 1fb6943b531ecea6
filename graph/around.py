"""What stands around a child in the graph: the Cypher that asks for it, and its rows as records.

Hubs are never followed: from a home, a school or a colleague no one goes on to other children.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from graph.model import Child, Kind, LooksAfter, Node, Relationship, by_label, by_type, fields_of, links
from graph.records import Coverage, Records

Row = dict[str, Any]

# A school carries two labels; its kind is Agency.
LABEL = "CASE WHEN {0}:Agency THEN 'Agency' ELSE labels({0})[0] END"
_NODE = "{{label: " + LABEL + ", values: properties({0})}}"
_RELATIONSHIP = "{type: type(r), from: a.id, to: b.id, values: properties(r)}"

_PATTERNS = (
    "MATCH (c)-[r]-(x) WHERE NOT x:Finding WITH c, r, startNode(r) AS a, endNode(r) AS b",
    "MATCH (c)<-[:ABOUT]-(n)-[r]-(x) WHERE NOT n:Finding AND NOT x:Finding AND NOT x:Child "
    "WITH c, r, startNode(r) AS a, endNode(r) AS b",
    "MATCH (c)-[:PLACED_AT|ATTENDS]->(a)-[r:IN_AREA]->(b) WITH DISTINCT c, r, a, b",
    "MATCH (c)-[:PLACED_AT]->(b)<-[r:PROVIDES]-(a) WITH DISTINCT c, r, a, b",
    "MATCH (c)-[:RELATED_TO|LIVES_WITH|TRUSTS]-(a:Person)-[r:IN_AREA]->(b) WITH DISTINCT c, r, a, b",
)
# => child, relationships, nodes: each node and relationship once a pattern.
AROUND = " UNION ALL ".join(
    f"MATCH (c:Child) WHERE c.id IN $ids {pattern} "
    f"WITH c, collect({_RELATIONSHIP}) AS relationships, collect(DISTINCT a) AS starts, collect(DISTINCT b) AS ends "
    f"RETURN c.id AS child, relationships, [n IN starts + [e IN ends WHERE NOT e IN starts] | {_NODE.format('n')}] "
    "AS nodes"
    for pattern in _PATTERNS
)
CHILDREN = f"MATCH (c:Child) WHERE c.id IN $ids RETURN {_NODE.format('c')} AS child"
# => relationship, nodes: behind each colleague the agency, behind each agency its areas.
WORKS_FOR = (
    "UNWIND $professionals AS id MATCH (a:Professional {id: id})-[r:WORKS_FOR]->(b:Agency) "
    f"RETURN {_RELATIONSHIP} AS relationship, [{_NODE.format('b')}] AS nodes"
)
AGENCIES = (
    "UNWIND $agencies AS id MATCH (a:Agency {id: id}) OPTIONAL MATCH (a)-[r:SERVES|IN_AREA]->(b) "
    f"RETURN CASE WHEN r IS NULL THEN null ELSE {_RELATIONSHIP} END AS relationship, "
    f"[{_NODE.format('a')}] + CASE WHEN b IS NULL THEN [] ELSE [{_NODE.format('b')}] END AS nodes"
)


def is_whole(row: Row) -> bool:
    """Whether every record of a row has its id: one that is deleted while it is read has nothing left."""
    records = [*row.get("nodes", ()), *row.get("relationships", ())]
    records += [row[name] for name in ("child", "relationship") if isinstance(row.get(name), dict)]
    whole = all("id" in record["values"] and None not in record.values() for record in records)
    return whole and row.get("child", "") is not None


def professionals(rows: Iterable[Row]) -> list[str]:
    """Ids of the colleagues among the rows."""
    return sorted({n["values"]["id"] for row in rows for n in row["nodes"] if n["label"] == "Professional"})


def agencies(rows: Iterable[Row]) -> list[str]:
    """Ids of the agencies among the rows, as nodes or named by an involvement."""
    return sorted({a for row in rows for a in _agencies(row)})


def _agencies(row: Row) -> Iterator[str]:
    yield from (n["values"]["id"] for n in row["nodes"] if n["label"] == "Agency")
    for r in row.get("relationships", ()):
        if agency := r["values"].get("agency"):
            yield agency


def behind(rows: Iterable[Row]) -> dict[str, list[Row]]:
    """Rows of WORKS_FOR and AGENCIES by the colleague or agency they stand behind."""
    found: dict[str, list[Row]] = {}
    for row in rows:
        start = row["relationship"]["from"] if row["relationship"] else row["nodes"][0]["values"]["id"]
        found.setdefault(start, []).append(row)
    return found


def records(
    child: Row, rows: Sequence[Row], beyond: Mapping[str, list[Row]], coverage: Mapping[str, tuple[Coverage, ...]]
) -> Records:
    """The records of one child from the rows around her and what stands behind them.

    coverage: by authority; the responsible authority's is taken.
    """
    further = [b for i in (*professionals(rows), *agencies(rows)) for b in beyond.get(i, ())]
    further += [b for i in agencies(further) for b in beyond.get(i, ())]
    raw = {n["values"]["id"]: n for row in (*rows, *further) for n in row["nodes"]}
    raw[child["values"]["id"]] = child
    between = [r for row in rows for r in row["relationships"]]
    between += [row["relationship"] for row in further if row["relationship"]]
    pointing: dict[str, list[Row]] = {}
    for r in between:
        if r["type"] not in by_type():
            pointing.setdefault(r["from"], []).append(r)
    nodes = {i: _node(raw[i], pointing.get(i, ())) for i in sorted(raw)}
    kept = {r["values"]["id"]: _relationship(r) for r in between if r["type"] in by_type()}
    relationships = tuple(sorted(kept.values(), key=lambda r: (r.type, r.id)))
    own = nodes[child["values"]["id"]]
    assert isinstance(own, Child)
    authority = responsible(own, relationships)
    return Records(own, nodes, relationships, coverage.get(authority, ()), authority)


def _node(raw: Row, pointing: Iterable[Row]) -> Node:
    kind = by_label()[raw["label"]]
    values = given(kind, raw["values"])
    targets: dict[str, set[str]] = {}
    for r in pointing:
        targets.setdefault(r["type"], set()).add(r["to"])
    for one in links(kind):
        values[fields_of(kind)[one.name]] = tuple(sorted(targets.get(one.relationship, ())))
    return kind(**values)


def _relationship(raw: Row) -> Relationship:
    kind = by_type()[raw["type"]]
    return kind(**{**given(kind, raw["values"]), "from_id": raw["from"], "to_id": raw["to"]})


def given(kind: Kind, values: Mapping[str, Any]) -> Row:
    """Properties under the names of the kind's fields, lists as tuples, Neo4j's dates as Python's."""
    names = fields_of(kind)
    return {names[k]: _value(v) for k, v in values.items() if k in names}


def _value(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(value)
    return value.to_native() if hasattr(value, "to_native") else value


def responsible(child: Child, relationships: Iterable[Relationship]) -> str:
    """The authority that looks after the child, or did last; else the one that first loaded the child."""
    episodes = [r for r in relationships if isinstance(r, LooksAfter) and r.start]
    latest = max(episodes, key=lambda r: (r.start or date.min, r.id), default=None)
    return latest.from_id if latest else child.authority or child.id.partition("/")[0]
