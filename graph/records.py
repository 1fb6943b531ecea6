"""One child's records as plain data: what the rules, the networks and the pages read.

`as_at` is the one mask through which everything looks; `stays` joins the rows of a placement.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any, TypeVar, cast

from graph.model import (
    Child,
    InArea,
    Involvement,
    LooksAfter,
    Node,
    PlacedAt,
    Record,
    Relationship,
    properties,
)
from graph.reference import codes

K = TypeVar("K", bound=Record)


@dataclass(frozen=True)
class Coverage:
    """What one load says it covers: a table, or a part of it, between two days (both covered)."""

    table: str
    of: str | None  # a role, a kind of meeting or event, or a kind of agency; None = all of the table
    start: date
    end: date
    full: bool = True


@dataclass(frozen=True)
class Records:
    """Everything the graph holds around one child.

    nodes: by id, the child's own and those they point at (agencies, homes, authorities, colleagues).
    relationships: every relationship with the child or with one of those nodes.
    coverage: what the loads of the authority cover.
    authority: ONS code of the authority responsible for the child.
    """

    child: Child
    nodes: Mapping[str, Node]
    relationships: tuple[Relationship, ...]
    coverage: tuple[Coverage, ...] = ()
    authority: str = ""

    def of(self, kind: type[K]) -> tuple[K, ...]:
        """All records of a kind, in order of date and then of id."""
        return cast(tuple[K, ...], _by_kind(self).get(kind, ()))

    def get(self, identifier: str | None) -> Node | None:
        """The node with this id, or None."""
        return self.nodes.get(identifier or "")

    def name(self, identifier: str | None) -> str:
        """What to call a node in a sentence."""
        node = self.get(identifier)
        name = getattr(node, "name", None)
        if name:
            return str(name)
        if getattr(node, "identified", None) is False:
            return "a worker who is not identified"
        registration = getattr(node, "registration", None)
        return str(registration or "someone without a name on record")


def _by_kind(records: Records) -> dict[type, tuple[Record, ...]]:
    """Records sorted into kinds, once for each Records."""
    found = cast("dict[type, tuple[Record, ...]] | None", records.__dict__.get("_kinds"))
    if found is None:
        kinds: dict[type, list[Record]] = {}
        everything: list[Record] = [*records.nodes.values(), *records.relationships]
        for record in everything:
            kinds.setdefault(type(record), []).append(record)
        found = {kind: tuple(sorted(of, key=_order)) for kind, of in kinds.items()}
        object.__setattr__(records, "_kinds", found)
    return found


def _order(record: Record) -> tuple[date, str]:
    return (began(record) or date.min, record.id)


@cache
def _begin_names(kind: Any) -> tuple[str, ...]:
    return tuple(p.name for p in properties(kind) if p.begins)


@cache
def _known_names(kind: Any) -> tuple[tuple[str, str], ...]:
    return tuple((p.name, p.known_on) for p in properties(kind) if p.known_on)


def began(record: Record) -> date | None:
    """The day from which the record exists: the latest of its start, its date and when it was written."""
    dates = [d for d in (getattr(record, n) for n in _begin_names(type(record))) if d]  # type: ignore[arg-type]
    return max(dates) if dates else None


def known(record: K, t: date) -> K | None:
    """The record as it was known on day t: None before it began; what was learnt later reads as absent."""
    start = began(record)
    if start and start > t:
        return None
    later: dict[str, Any] = {
        name: None
        for name, on in _known_names(type(record))  # type: ignore[arg-type]
        if getattr(record, name) is not None and (getattr(record, on) or date.min) > t
    }
    return dataclasses.replace(record, **later) if later else record


def as_at(records: Records, t: date) -> Records:
    """The records as they stood on day t, the one mask that rules, pages and replay share.

    A record whose start or date (or the day it was written down, where given) is after t does not exist;
    an end, outcome, answer or reason dated after t is not yet known.
    """
    nodes = {i: n for i, node in records.nodes.items() if (n := known(node, t)) is not None}
    relationships = tuple(
        r
        for relationship in records.relationships
        if (r := known(relationship, t)) is not None and r.from_id in nodes and r.to_id in nodes
    )
    return dataclasses.replace(records, nodes=nodes, relationships=relationships)


# --- coverage ---


def covers(records: Records, table: str, start: date, end: date, of: str | None = None) -> bool:
    """Whether loads cover this table (or this part of it) on every day from start to end, both included."""
    spans = sorted(
        (c.start, c.end)
        for c in records.coverage
        if c.table == table and c.full and (c.of is None or c.of == of)
    )
    reached = start
    for first, last in spans:
        if first > reached:
            break
        reached = max(reached, last + timedelta(days=1))
    return reached > end


def covered_to(records: Records, table: str, of: str | None = None) -> date | None:
    """The last day covered for a table, or None where nothing is."""
    ends = [c.end for c in records.coverage if c.table == table and (c.of is None or c.of == of)]
    return max(ends, default=None)


# --- stays and care ---


@dataclass(frozen=True)
class Spell:
    """A half-open stretch of days and the records behind it."""

    start: date
    end: date | None
    rows: tuple[Relationship, ...] = ()

    def holds(self, t: date) -> bool:
        """Whether it holds on day t."""
        return self.start <= t and (self.end is None or t < self.end)


@dataclass(frozen=True)
class Stay(Spell):
    """A placement as the child lives it: one home and one carer, however many rows record it."""

    @property
    def first(self) -> PlacedAt:
        """The row that opens it."""
        return cast(PlacedAt, self.rows[0])

    @property
    def last(self) -> PlacedAt:
        """The row that is open or that ends it."""
        return cast(PlacedAt, self.rows[-1])


def looked_after(records: Records) -> tuple[Spell, ...]:
    """Periods of care, joined from the episode rows; short breaks (V3, V4) are none."""
    rows = [r for r in records.of(LooksAfter) if r.legal_status not in codes.SHORT_BREAKS]
    return tuple(_joined(rows))


def _joined(rows: Iterable[Relationship]) -> list[Spell]:
    spells: list[Spell] = []
    for row in rows:
        start, end = row.start, row.end  # type: ignore[attr-defined]
        previous = spells[-1] if spells else None
        if previous and (previous.end is None or start <= previous.end):
            latest = None if previous.end is None or end is None else max(previous.end, end)
            spells[-1] = Spell(previous.start, latest, (*previous.rows, row))
        else:
            spells.append(Spell(start, end, (row,)))
    return spells


def in_care(records: Records, t: date) -> Spell | None:
    """The period of care that holds on day t."""
    return next((s for s in looked_after(records) if s.holds(t)), None)


def stays(records: Records) -> tuple[Stay, ...]:
    """Placements as DfE counts them: rows joined while the carer stays.

    A row whose start reason keeps the carer (L, T, U) continues the stay before it, and so does one after a
    status-only change (REASON_PLACE_CHANGE = PLACE). Temporary rows (T0–T4) do not end a placement: the row
    that returns to the same home continues it. Rows of short breaks (V3, V4) are left out.
    (DfE, children looked-after return, reason for new episode and temporary placements.)
    """
    breaks = {r.start for r in records.of(LooksAfter) if r.legal_status in codes.SHORT_BREAKS}
    joined: list[Stay] = []
    after_temporary = False
    for row in records.of(PlacedAt):
        if row.start in breaks or row.start is None:
            continue
        previous = joined[-1] if joined else None
        if is_temporary(row):
            if previous and previous.end and row.start <= previous.end:
                joined[-1] = Stay(previous.start, row.end, previous.rows)
                after_temporary = True
            continue
        if previous and _continues(previous, row, after_temporary):
            joined[-1] = Stay(previous.start, row.end, (*previous.rows, row))
        else:
            joined.append(Stay(row.start, row.end, (row,)))
        after_temporary = False
    return tuple(joined)


def is_temporary(row: PlacedAt) -> bool:
    """A stay in hospital, on holiday or of a few days that does not end the placement."""
    return bool(row.temporary) or row.place_type in codes.TEMPORARY


def _continues(stay: Stay, row: PlacedAt, after_temporary: bool) -> bool:
    """Whether a row goes on with the stay before it."""
    before = stay.last
    if row.carer_changed is not None:
        return not row.carer_changed
    if after_temporary and _same_home(before, row):
        return True
    if row.start_reason == "S" or (stay.end and row.start and row.start > stay.end):
        return False
    if row.start_reason in codes.KEEPS_CARER or before.change_reason == "PLACE":
        return True
    return row.start_reason is None and before.to_id == row.to_id


def _same_home(before: PlacedAt, row: PlacedAt) -> bool:
    # Where a source gives neither URN nor postcode the id is the row's own: type and provider must do.
    return before.to_id == row.to_id or (
        before.place_type is not None
        and (before.place_type, before.provider) == (row.place_type, row.provider)
        and row.start_reason not in codes.NEW_CARER
    )


def moves(records: Records) -> tuple[tuple[Stay, Stay], ...]:
    """Changes of carer within one period of care: the stay before and the stay after."""
    care = looked_after(records)
    pairs = zip(stays(records), stays(records)[1:], strict=False)
    return tuple((a, b) for a, b in pairs if any(c.holds(a.start) and c.holds(b.start) for c in care))


def involvements(records: Records, *roles: str) -> tuple[Involvement, ...]:
    """Involvements in these roles (in all, where none is named)."""
    return tuple(i for i in records.of(Involvement) if not roles or i.role in roles)


def holds_on(record: Involvement | PlacedAt | LooksAfter, t: date) -> bool:
    """Whether a dated relationship holds on day t."""
    return (record.start or date.min) <= t and (record.end is None or t < record.end)


def area_of(records: Records, identifier: str, t: date) -> str | None:
    """ONS code of the authority in whose area a home, school or person is on day t."""
    for area in records.of(InArea):
        if (
            area.from_id == identifier
            and (area.start or date.min) <= t
            and (area.end is None or t < area.end)
        ):
            return area.to_id
    return None


def age(born: date, t: date) -> int:
    """Whole years on day t; someone born on 29 February is a year older on 1 March of other years."""
    return t.year - born.year - ((t.month, t.day) < (born.month, born.day))
