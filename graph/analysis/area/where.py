"""Where a home is, seen from the authority that is responsible for the child on that day."""

from __future__ import annotations

from dataclasses import dataclass

from graph import reference
from graph.model import InArea, LooksAfter, Record
from graph.records import Records, Stay, area_of, holds_on
from graph.reference import codes


@dataclass(frozen=True)
class Where:
    """The authority a home is in and the one responsible on a day, by their codes of today.

    area: None where no record says. at_a_distance: neither in the responsible authority nor in one that adjoins
    it (regulation 11(5)); None where the reference data cannot tell. rows: the records that say so.
    """

    area: str | None
    own: str
    at_a_distance: bool | None
    rows: tuple[Record, ...]

    @property
    def outside(self) -> bool | None:
        """Whether it is outside the area of the responsible authority; None where no record says."""
        return None if self.area is None else self.area != self.own


def where(records: Records, stay: Stay) -> Where:
    """Where a placement was on the day it began."""
    home, on = stay.first.to_id, stay.start
    found = area_of(records, home, on)
    area = found and (reference.upper_tier(found) or found)
    care = [r for r in records.of(LooksAfter) if holds_on(r, on) and r.legal_status not in codes.SHORT_BREAKS]
    own = care[-1].from_id if care else records.authority
    own = reference.upper_tier(own) or own
    located = [a for a in records.of(InArea) if a.from_id == home and holds_on(a, on)]
    return Where(area, own, _at_a_distance(area, own), (*located[-1:], *care[-1:]))


def _at_a_distance(area: str | None, own: str) -> bool | None:
    if area is None or area == own:
        return None if area is None else False
    known = reference.authorities()
    if area not in known or own not in known or area in reference.bordering_nations(own):
        return None
    return not reference.adjoins(own, area)
