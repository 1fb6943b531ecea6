"""One child's records as plain data: what the rules, the networks and the pages read.

`as_at` is the one mask through which everything looks; `stays` joins the rows of a placement.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache, wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from graph.calendars import Days, joined
from graph.model import (
    Attended,
    Attends,
    Child,
    InArea,
    Involvement,
    LooksAfter,
    Node,
    PlacedAt,
    Placement,
    Plan,
    Record,
    Relationship,
    properties,
)
from graph.reference import codes

K = TypeVar("K", bound=Record)
R = TypeVar("R")
P = ParamSpec("P")


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
        """All records of a kind, in the order in which they happened and then of id."""
        found: dict[Any, Any] = self.__dict__.get("_kinds") or _by_kind(self)
        return cast(tuple[K, ...], found.get(kind, ()))

    def get(self, identifier: str | None) -> Node | None:
        """The node with this id, or None."""
        return self.nodes.get(identifier or "")

    def name(self, identifier: str | None) -> str:
        """What to call a node in a sentence."""
        node = self.get(identifier)
        name = getattr(node, "name", None)
        if name:
            return str(name)
        if isinstance(node, Placement):
            return node.kind or "a home without a name on record"
        if getattr(node, "identified", None) is False:
            return "a worker who is not identified"
        registration = getattr(node, "registration", None)
        return str(registration or "someone without a name on record")


def _by_kind(records: Records) -> dict[type, tuple[Record, ...]]:
    """Records sorted into kinds, once for each Records."""
    kinds: dict[type, list[Record]] = {}
    everything: list[Record] = [*records.nodes.values(), *records.relationships]
    for record in everything:
        kinds.setdefault(type(record), []).append(record)
    found = {kind: tuple(sorted(of, key=_order)) for kind, of in kinds.items()}
    object.__setattr__(records, "_kinds", found)
    return found


def remembered(function: Callable[Concatenate[Records, P], R]) -> Callable[Concatenate[Records, P], R]:
    """Keep what a function finds with the Records it found it in: many rules ask the same of one child.

    Its other arguments can be hashed, and nobody changes what it gives.
    """
    name = f"{function.__module__}.{function.__qualname__}"

    @wraps(function)
    def found(records: Records, *args: P.args, **named: P.kwargs) -> R:
        known: dict[Any, R] = records.__dict__.setdefault("_remembered", {})
        key = (name, args, tuple(sorted(named.items()))) if named else (name, args)
        if key not in known:
            known[key] = function(records, *args, **named)
        return known[key]

    return found


def _order(record: Record) -> tuple[date, str]:
    # When it happened, not when it was written down: a late entry still has its place in the order.
    names = _begin_names(type(record))  # type: ignore[arg-type]
    dates = (getattr(record, n) for n in names if n != "recorded_on")
    return (next((d for d in dates if d), date.min), record.id)


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
    """The record as it was known on day t: None before it began; what was learnt later reads as absent.

    An end before the start is no end: readers refuse it and say so, and no rule may make a gap of it.
    """
    start = began(record)
    if start and start > t:
        return None
    unknown: dict[str, Any] = {
        name: None
        for name, on in _known_names(type(record))  # type: ignore[arg-type]
        if getattr(record, name) is not None and not _is_known(record, on, t)
    }
    return dataclasses.replace(record, **unknown) if unknown else record


def _is_known(record: Record, on: str, t: date) -> bool:
    """Whether what is known from a day of the record is known on day t."""
    d: date = getattr(record, on) or date.min
    begins: date = (getattr(record, "start", None) or getattr(record, "on", None) or date.min) if on == "end" else d
    return d <= t and (d >= begins or d == date.min)


def as_at(records: Records, t: date) -> Records:
    """The records as they stood on day t, the one mask that rules, pages and replay share.

    A record whose start or date (or the day it was written down, where given) is after t does not exist, and
    nothing points at it; an end, outcome, answer or reason dated after t is not yet known. Nor do loads cover any
    day after t: that nothing happened then is not known either.
    """
    nodes = {i: n for i, node in records.nodes.items() if (n := known(node, t)) is not None}
    if later := frozenset(records.nodes) - frozenset(nodes):
        nodes = {i: _unlinked(node, later) for i, node in nodes.items()}
    relationships = tuple(
        r
        for relationship in records.relationships
        if (r := known(relationship, t)) is not None and r.from_id in nodes and r.to_id in nodes
    )
    coverage = tuple(c if c.end <= t else dataclasses.replace(c, end=t) for c in records.coverage if c.start <= t)
    return dataclasses.replace(records, nodes=nodes, relationships=relationships, coverage=coverage)


def _unlinked(node: Node, later: frozenset[str]) -> Node:
    """The node without its links to what does not exist yet: a plan is not linked to next month's review."""
    kept: dict[str, Any] = {
        name: tuple(i for i in found if i not in later)
        for name in _link_names(type(node))  # type: ignore[arg-type]
        if not later.isdisjoint(found := getattr(node, name))
    }
    return dataclasses.replace(node, **kept) if kept else node


@cache
def _link_names(kind: Any) -> tuple[str, ...]:
    return tuple(f.name for f in dataclasses.fields(kind) if "relationship" in f.metadata)


# --- coverage ---


def covers(records: Records, table: str, start: date, end: date, of: str | None = None) -> bool:
    """Whether loads cover this table (or this part of it) on every day from start to end, both included."""
    return any(a <= start and end < b for a, b in covered(records, table, of)) or end < start


@remembered
def covered(records: Records, table: str, of: str | None = None) -> Days:
    """The days on which loads cover all of this table, or of this part of it: half-open stretches."""
    return joined(
        (c.start, min(c.end, date.max - timedelta(days=1)) + timedelta(days=1))
        for c in _coverage(records).get(table, ())
        if c.full and (c.of is None or c.of == of)
    )


@remembered
def _coverage(records: Records) -> dict[str, list[Coverage]]:
    by_table: dict[str, list[Coverage]] = {}
    for c in records.coverage:
        by_table.setdefault(c.table, []).append(c)
    return by_table


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


@remembered
def looked_after(records: Records) -> tuple[Spell, ...]:
    """Periods of care, joined from the episode rows; short breaks (V3, V4) are none.

    A row that starts care anew (RNE S) the day the last one ended begins another period, unless the row
    before it says that care went on (REC X1).
    """
    spells: list[Spell] = []
    for row in records.of(LooksAfter):
        if row.start is None or row.legal_status in codes.SHORT_BREAKS:
            continue
        previous = spells[-1] if spells else None
        if previous and _care_goes_on(previous, row):
            latest = None if previous.end is None or row.end is None else max(previous.end, row.end)
            spells[-1] = Spell(previous.start, latest, (*previous.rows, row))
        else:
            spells.append(Spell(row.start, row.end, (row,)))
    return tuple(spells)


def _care_goes_on(spell: Spell, row: LooksAfter) -> bool:
    if spell.end is None or row.start is None or row.start < spell.end:
        return True
    ended = cast(LooksAfter, spell.rows[-1]).end_reason
    return row.start == spell.end and (row.start_reason != "S" or ended == "X1")


def in_care(records: Records, t: date) -> Spell | None:
    """The period of care that holds on day t."""
    return next((s for s in looked_after(records) if s.holds(t)), None)


@remembered
def stays(records: Records) -> tuple[Stay, ...]:
    """Placements as DfE counts them: rows joined while the carer stays.

    A row whose start reason keeps the carer (L, T, U) continues the stay before it, and so does one after a
    status-only change (REASON_PLACE_CHANGE = PLACE). Temporary rows (T0–T4) do not end a placement: the row
    that returns to the same home continues it. Rows of short breaks (V3, V4) are left out.
    (DfE, children looked-after return, reason for new episode and temporary placements.)
    """
    breaks = _short_breaks(records)
    found: list[Stay] = []
    after_temporary = False
    for row in records.of(PlacedAt):
        if row.start is None or row.start in breaks:
            continue
        previous = found[-1] if found else None
        if is_temporary(row):
            if previous and previous.end and row.start <= previous.end:
                end = row.end and max(previous.end, row.end)
                found[-1] = Stay(previous.start, end, previous.rows)
                after_temporary = True
            continue
        if previous and _continues(records, previous, row, after_temporary):
            found[-1] = Stay(previous.start, row.end, (*previous.rows, row))
        else:
            found.append(Stay(row.start, row.end, (row,)))
        after_temporary = False
    return tuple(found)


def _short_breaks(records: Records) -> frozenset[date | None]:
    """Days on which a short break begins and no other care does."""
    rows = records.of(LooksAfter)
    others = {r.start for r in rows if r.legal_status not in codes.SHORT_BREAKS}
    return frozenset(r.start for r in rows) - others


def stay_at(records: Records, t: date) -> Stay | None:
    """Where the child lives on day t; the latest to begin, where the records name two homes at once."""
    return next((s for s in reversed(stays(records)) if s.holds(t)), None)


def is_temporary(row: PlacedAt) -> bool:
    """A stay in hospital, on holiday or of a few days that does not end the placement."""
    return bool(row.temporary) or row.place_type in codes.TEMPORARY


def _continues(records: Records, stay: Stay, row: PlacedAt, after_temporary: bool) -> bool:
    """Whether a row goes on with the stay before it."""
    before = stay.last
    if row.start_reason == "S" or (stay.end and row.start and row.start > stay.end):
        return False
    if row.carer_changed is not None:
        return not row.carer_changed
    if after_temporary and _same_home(records, before, row):
        return True
    if row.start_reason in codes.KEEPS_CARER or before.change_reason == "PLACE":
        return True
    return row.start_reason is None and before.to_id == row.to_id


def _same_home(records: Records, before: PlacedAt, row: PlacedAt) -> bool:
    # A child in a temporary placement returns to the home she left. Where a source says nothing of where a
    # home is, its id is the row's own, and type and provider must do.
    if before.to_id == row.to_id:
        return True
    alike = (before.place_type, before.provider) == (row.place_type, row.provider)
    return alike and not (_is_told(records, before) and _is_told(records, row))


def _is_told(records: Records, row: PlacedAt) -> bool:
    """Whether anything tells this home from another."""
    home = records.get(row.to_id)
    return isinstance(home, Placement) and bool(home.urn or home.postcode_sector or home.name)


@remembered
def moves(records: Records) -> tuple[tuple[Stay, Stay], ...]:
    """Changes of carer within one period of care: the stay before and the stay after."""
    care = looked_after(records)
    pairs = zip(stays(records), stays(records)[1:], strict=False)
    return tuple((a, b) for a, b in pairs if any(c.holds(a.start) and c.holds(b.start) for c in care))


def attendance(records: Records, occasion: str) -> tuple[Attended, ...]:
    """Who was at a meeting or assessment, by its id: every row, whatever it says of how."""
    return _attendance(records).get(occasion, ())


@remembered
def _attendance(records: Records) -> dict[str, tuple[Attended, ...]]:
    found: dict[str, list[Attended]] = {}
    for row in records.of(Attended):
        found.setdefault(row.to_id, []).append(row)
    return {occasion: tuple(rows) for occasion, rows in found.items()}


Dated = Involvement | PlacedAt | LooksAfter | Plan | Attends | Spell


def involvements(records: Records, *roles: str) -> tuple[Involvement, ...]:
    """Involvements in these roles (in all, where none is named)."""
    return tuple(i for i in records.of(Involvement) if not roles or i.role in roles)


def unbroken(records: Records, involvement: Involvement) -> Spell:
    """The time in which someone holds a role without a break, however many rows that meet or overlap tell it.

    Of an involvement without a start, or with an end before it, what it says itself.
    """
    start = involvement.start
    rows = [i for i in involvements(records, involvement.role or "") if i.from_id == involvement.from_id]
    for first, end in joined((i.start, i.end) for i in rows):
        if start and first <= start < end:
            own = tuple(i for i in rows if i.start and first <= i.start < end)
            return Spell(first, None if end == date.max else end, own)
    return Spell(start or date.min, involvement.end, (involvement,))


def holds_on(record: Involvement | PlacedAt | LooksAfter | InArea, t: date) -> bool:
    """Whether a dated relationship holds on day t."""
    return (record.start or date.min) <= t and (record.end is None or t < record.end)


def during(record: Dated, first: date, t: date) -> bool:
    """Whether it holds on any day from first to t, both included."""
    return (record.start or date.min) <= t and (record.end is None or record.end > first)


def area_of(records: Records, identifier: str, t: date) -> str | None:
    """ONS code of the authority in whose area a home, school or person is on day t."""
    found = [a for a in records.of(InArea) if a.from_id == identifier and holds_on(a, t)]
    return found[-1].to_id if found else None


def age(born: date, t: date) -> int:
    """Whole years on day t; someone born on 29 February is a year older on 1 March of other years."""
    return t.year - born.year - ((t.month, t.day) < (born.month, born.day))
