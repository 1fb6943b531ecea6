"""Changes of carer for every child: of placement while looked after, of the people lived with otherwise."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from graph.analysis.shared import beside_moves, recent_moves, uncovered
from graph.findings import Outcome, clear, not_assessable
from graph.model import LivesWith, Relationship
from graph.records import Records, Stay, during, in_care, looked_after
from graph.words import day


def changes_of_carer(records: Records, first: date, t: date) -> list[tuple[Stay, Stay]]:
    """Changes of carer from first to t, both included: who cared before and who after, in order of their day.

    Of a child who is not looked after, the rows of a Stay are those of the people lived with (`LivesWith`).
    """
    at_home = [(a, b) for a, b in _at_home(records) if first <= b.start <= t]
    return sorted([*recent_moves(records, first, t), *at_home], key=lambda pair: pair[1].start)


def beside_changes(records: Records, first: date, t: date) -> tuple[Outcome, ...]:
    """What a rule about changes of carer says beside its findings on each: does not apply, may be missing, or none."""
    lived = [r for r in _lives_with(records) if (r.start or date.min) <= t and (r.end is None or r.end > first)]
    if not lived or any(during(care, first, t) for care in looked_after(records)):
        return beside_moves(records, first, t)
    if missing := uncovered(records, "lives_with", first, t):
        return (not_assessable(missing),)
    if not changes_of_carer(records, first, t):
        return (clear(f"No change of carer on record from {day(first)} to {day(t)}.", of=lived),)
    return ()


def carers(stay: Stay) -> tuple[Relationship, ...]:
    """The rows that say with whom a stay began: all who were there, of a child who is not looked after."""
    people = tuple(r for r in stay.rows if isinstance(r, LivesWith))
    return people or (stay.first,)


def _at_home(records: Records) -> Iterator[tuple[Stay, Stay]]:
    """Each day on which nobody a child lived with the day before was there any more, and someone else was."""
    rows = _lives_with(records)
    for move in sorted({r.start for r in rows if r.start}):
        eve = move - timedelta(days=1)
        before = tuple(r for r in rows if (r.start or date.min) < move and (r.end is None or r.end > eve))
        after = tuple(r for r in rows if r.start == move)
        left = all(r.end == move for r in before)
        if before and left and not in_care(records, eve) and not in_care(records, move):
            ends = [r.end for r in after if r.end]
            yield (
                Stay(min(r.start or date.min for r in before), move, before),
                Stay(move, max(ends) if len(ends) == len(after) else None, after),
            )


def _lives_with(records: Records) -> list[LivesWith]:
    return [r for r in records.of(LivesWith) if r.from_id == records.child.id]
