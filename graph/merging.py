"""One record from what several loads say of it.

A record keeps, for each load that supports it, the lines it stands on (`sources`) and, where loads differ,
what each of them says (`claims`, one JSON text a load). So the record is the same in whatever order files
come, and taking one load away leaves what the others say.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.model import Kind, properties

Values = dict[str, Any]

# Which kind of source is believed first (model.md); the newer extract decides between two of a kind. "tables" are
# a partner's or the case system's own records, "allocations" a list of reviewing officers kept by hand.
TRUST: Mapping[str, tuple[str, ...]] = {
    "placed_at": ("ssda903", "ssd", "tables"),
    "looks_after": ("ssda903", "ssd", "tables"),
    "meetings": ("ssda903", "ssd", "tables"),
    "children": ("ssda903", "ssd", "tables", "allocations"),
    "involved_with": ("tables", "allocations", "ssd", "ssda903"),
}
TRUST_ELSE = ("tables", "ssd", "allocations", "ssda903")
ENDS = ("from", "to")


@dataclass(frozen=True)
class Standing:
    """What the order of trust asks of a load."""

    id: str
    kind: str
    covers_to: date
    extracted_on: date


@dataclass(frozen=True)
class Claim:
    """What one load says of a record, and on which lines."""

    load: Standing
    values: Values
    sources: tuple[str, ...]


def by_trust(table: str, claims: Iterable[Claim]) -> list[Claim]:
    """Claims, the most trusted first: kind of source, then the newer extract, then the load's id."""
    order = TRUST.get(table, TRUST_ELSE)

    def rank(claim: Claim) -> tuple[int, int, int, str]:
        load = claim.load
        kind = order.index(load.kind) if load.kind in order else len(order)
        return (kind, -load.covers_to.toordinal(), -load.extracted_on.toordinal(), load.id)

    return sorted(claims, key=rank)


def merged(kind: Kind, claims: Iterable[Claim]) -> Values:
    """The values of a record from everything that is said of it.

    A property takes the most trusted value there is. What closes a record (an end and what is known with it)
    is different: absent from a load that covers the day, it says that the record was still open then.
    """
    ordered = by_trust(kind.table, claims)
    # A relationship's ends are claimed too: a corrected file may put the same stay in another home.
    values: Values = {n: ordered[0].values[n] for n in ENDS if ordered and n in ordered[0].values}
    for prop in properties(kind):
        if not prop.stored or not prop.in_tables:
            continue
        given = (c.values.get(prop.name) for c in ordered)
        value = next((v for v in given if v is not None), None) if prop.known_on is None else None
        if prop.known_on:
            closing = _closing(prop.known_on, ordered)
            value = closing.values.get(prop.name) if closing else None
        if value is not None:
            values[prop.name] = value
    return values


def _closing(on: str, ordered: list[Claim]) -> Claim | None:
    """The claim that tells how a record closed: the first whose date a more trusted load could not deny."""
    open_until: date | None = None
    for claim in ordered:
        day = claim.values.get(on)
        if day is not None:
            if open_until is None or day > open_until:
                return claim
        else:
            open_until = max(open_until or date.min, claim.load.covers_to)
    return None


def written(kind: Kind, claims: Iterable[Claim]) -> Values:
    """A record's stored properties: merged values, `sources` and, where loads differ, `claims`.

    Of a relationship `from` and `to` are among them, as `Kind:id`.
    """
    every = list(claims)
    values = merged(kind, every)
    differing = sorted(
        json.dumps({"load": c.load.id, "values": c.values}, default=_iso, sort_keys=True, ensure_ascii=False)
        for c in every
        if c.values != values
    )
    stored = {**values, "sources": sorted({s for c in every for s in c.sources})}
    return {**stored, "claims": differing} if differing else stored


def claims_of(kind: Kind, stored: Values, loads: Mapping[str, Standing]) -> list[Claim]:
    """The claims behind a stored record: a load that has none of its own says what the record says.

    stored: properties; of a relationship also `from` and `to`, as `Kind:id`. loads: those that stand; the
    claims of others are left out.
    """
    types: dict[str, str] = {n: "text" for n in ENDS} | {
        p.name: p.type for p in properties(kind) if p.stored and p.in_tables
    }
    own = {c["load"]: c["values"] for c in map(json.loads, stored.get("claims", ()))}
    values = {k: v for k, v in stored.items() if k in types}
    sources: dict[str, list[str]] = {}
    for source in stored.get("sources", ()):
        sources.setdefault(source.partition(":")[0], []).append(source)
    return [
        Claim(
            loads[load],
            {k: _back(types[k], v) for k, v in own[load].items()} if load in own else dict(values),
            tuple(lines),
        )
        for load, lines in sources.items()
        if load in loads
    ]


def _iso(value: Any) -> str:
    if isinstance(value, date):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def _back(type: str, value: Any) -> Any:
    return date.fromisoformat(value) if type == "date" else value
