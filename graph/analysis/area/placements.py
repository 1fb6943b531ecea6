"""The placements that regulations 11 to 14 are asked of: those that began in a period of care."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from graph.analysis.area.recipients import IN_FORCE
from graph.analysis.shared import not_looked_after, uncovered
from graph.findings import Outcome, clear, not_applicable, not_assessable, subject_of
from graph.records import Records, Stay, in_care, stays
from graph.words import day

# Placed for adoption: other regulations apply (SI 2010/959 regulation 3).
FOR_ADOPTION = frozenset({"A3", "A4", "A5", "A6"})


def began(records: Records, first: date, t: date) -> list[tuple[Stay | None, Stay]]:
    """The placements that began in care from first to t, each with the one before it in the same period of care."""
    homes = stays(records)
    found: list[tuple[Stay | None, Stay]] = []
    for n, stay in enumerate(homes):
        care = in_care(records, stay.start)
        if care and first <= stay.start <= t:
            before = homes[n - 1] if n and care.holds(homes[n - 1].start) else None
            found.append((before, stay))
    return found


def beside(records: Records, first: date, t: date) -> Iterator[Outcome]:
    """What a rule about placements that began says beside them: does not apply, may be missing, or none."""
    if outcome := not_looked_after(records, first, t):
        yield outcome
    elif missing := uncovered(records, "placed_at", first, t):
        yield not_assessable(missing)
    elif not began(records, first, t):
        yield clear(f"No placement on record began from {day(first)} to {day(t)}.")


def not_under_these(stay: Stay) -> Outcome | None:
    """Why the regulations do not concern a placement, where they do not."""
    if stay.start < IN_FORCE:
        return not_applicable("the regulations were not yet in force", subject=subject_of(stay.first))
    if stay.first.place_type in FOR_ADOPTION:
        return not_applicable("the child was placed for adoption", subject=subject_of(stay.first))
    return None
