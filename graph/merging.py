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
from functools import cache
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
    supplier: str = ""


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


@dataclass(frozen=True)
class Claimed:
    """What a load may say of a record of a kind. plain: properties; lists; closing: with the day that closes them."""

    plain: tuple[str, ...]
    lists: tuple[str, ...]
    closing: tuple[tuple[str, str], ...]


def claimed(kind: Kind) -> Claimed:
    """The properties of a kind that files fill and the graph holds, by how several loads' values become one."""
    return _claimed(kind)  # type: ignore[arg-type]  # a class is hashable


@cache
def _claimed(kind: Kind) -> Claimed:
    held = [p for p in properties(kind) if p.stored and p.in_tables]
    return Claimed(
        tuple(p.name for p in held if p.known_on is None and p.type != "list"),
        tuple(p.name for p in held if p.type == "list"),
        tuple((p.name, p.known_on) for p in held if p.known_on),
    )


def merged(kind: Kind, claims: Iterable[Claim]) -> Values:
    """The values of a record from everything that is said of it.

    A property takes the most trusted value there is; a list, everything that any load has in it. What closes a
    record (an end and what is known with it) is different: absent from a load that covers the day, it says that
    the record was still open then.
    """
    every = list(claims)
    if len(every) == 1:
        return _of_one(kind, every[0].values)
    ordered = by_trust(kind.table, every)
    # A relationship's ends are claimed too: a corrected file may put the same stay in another home.
    values: Values = {n: ordered[0].values[n] for n in ENDS if ordered and n in ordered[0].values}
    for name in claimed(kind).plain:
        value = next((v for c in ordered if (v := c.values.get(name)) is not None), None)
        if value is not None:
            values[name] = value
    for name in claimed(kind).lists:
        if together := sorted({v for c in ordered for v in c.values.get(name, ())}):
            values[name] = together
    for name, on in claimed(kind).closing:
        closing = _closing(on, ordered)
        if closing and closing.values.get(name) is not None:
            values[name] = closing.values[name]
    return values


def _of_one(kind: Kind, said: Values) -> Values:
    """What one load alone says: all of it, but nothing that is known with a day which it does not give."""
    of = claimed(kind)
    values = dict(said)
    for name in of.lists:
        if name in said:
            values[name] = sorted(set(said[name]))
    for name, on in of.closing:
        if name in said and on not in said:
            del values[name]
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
    stored = merged(kind, every)
    differing = [c for c in every if c.values != stored]
    if differing:
        stored["claims"] = sorted(map(_as_text, differing))
    stored["sources"] = sorted({s for c in every for s in c.sources})
    return stored


def _as_text(claim: Claim) -> str:
    said = {"load": claim.load.id, "values": claim.values}
    return json.dumps(said, default=_iso, sort_keys=True, ensure_ascii=False)


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
