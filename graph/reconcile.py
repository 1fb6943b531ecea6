"""The graph held against the council's own return: DfE's counts, with DfE's definitions, from both.

A difference shows a fault of loading or merging, or what another source added. The count from the return is made
apart, straight from its rows (`ingest.own_count`); here are the definitions and the count from the graph. Counts
only, never who: small numbers are shown as they are, because the reader holds these very files and a difference
of one child is what this is for. They are not for publication, and where they are shown it is said.

Who counts: children looked after on the day; short breaks under a series of placements (legal status V3, V4) are
no care (DfE, children looked after in England including adoptions, methodology). The year is the 12 months that
end with the day: for a 31 March, DfE's own.

Placements: those open on any day of the year, not moves (DfE, Stability measures for children looked after in
England: three or more placements during the year). Temporary placements (T0 to T4) and changes of status alone
(REASON_PLACE_CHANGE = PLACE, or reason for new episode L) are none. Where placement or home changes and the
carer stays (reasons T and U) the placement goes on: it is how every rule here counts, after the sector's own
checks of the return; DfE's published text does not name these two, so that its figure may be a little higher.

Social workers: distinct ones in the year, one who returns counted once, A, B, A is 2 (the same publication).
A worker whose id begins XX is nobody one can name: such a child has a least and a most.

Outside the authority and over 20 miles: of the placement on the day (the one a temporary placement interrupts):
PL_LOCATION, the authority of its postcode is not the one responsible; PL_DISTANCE, the straight line between the
postcodes of home and placement, in miles to one decimal (DfE, children looked-after return, guide to SSDA903).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from graph import reference
from graph.calendars import first_of_months
from graph.model import LooksAfter, PlacedAt, Professional
from graph.records import Records, area_of, during, holds_on, in_care, involvements, stay_at, stays

# The least and the most that a count can be; mostly the same.
Range = tuple[int, int]
Counts = Mapping[str, Range]
FAR = 20.0


@dataclass(frozen=True)
class Line:
    """One of DfE's counts: its name in `Counts`, what it is called, how DfE defines it, why two counts may differ."""

    key: str
    label: str
    definition: str
    why: str


_PLACEMENTS = (
    "placements open in the year; temporary ones (T0 to T4) and changes of status alone are none, and where the "
    "carer stays (reasons L, T, U) a placement goes on"
)
_WORKERS = "distinct social workers in the year; one who returns is counted once, one with an XX id makes it a range"
_WHY_PLACEMENTS = "A stay that another source adds, ends or dates otherwise; two records of one stay."
_WHY_WORKERS = "A worker whom the case system names and the return does not; one worker under two numbers."
_WHY_AREA = "A home that another source puts elsewhere; a postcode that is not in the directory."
LINES = (
    Line(
        "looked_after", "Looked after on the day", "an episode is open on the day; short breaks (V3, V4) are none",
        "A child whom only another source knows; a child under two numbers; care that another source ends otherwise, "
        "or that an earlier year of the return leaves open of a child who has no row in the year after.",
    ),
    Line("placements_1", "1 placement in the year", _PLACEMENTS, _WHY_PLACEMENTS),
    Line("placements_2", "2 placements", _PLACEMENTS, _WHY_PLACEMENTS),
    Line("placements_3", "3 or more placements", _PLACEMENTS, _WHY_PLACEMENTS),
    Line("workers_0", "No social worker on record in the year", _WORKERS, _WHY_WORKERS),
    Line("workers_1", "1 social worker", _WORKERS, _WHY_WORKERS),
    Line("workers_2", "2 social workers", _WORKERS, _WHY_WORKERS),
    Line("workers_3", "3 or more social workers", _WORKERS, _WHY_WORKERS),
    Line(
        "outside", "Placed outside the authority",
        "the authority in whose area the placement is on the day is not the one responsible", _WHY_AREA,
    ),
    Line("outside_unknown", "Area of the placement not known", "no authority for the placement's postcode", _WHY_AREA),
    Line("far", "Placed over 20 miles from home",
         "more than 20 miles in a straight line between the postcodes of home and placement on the day", _WHY_AREA),
    Line("far_unknown", "Distance not known", "no distance on record; DfE asks for none for UASC", _WHY_AREA),
)  # fmt: skip


# --- from the graph ---


def count(children: Iterable[Records], day: date) -> Counts:
    """DfE's counts over the records of an authority's children, for the 12 months that end with a day.

    children: all the records of each child, without the mask: what was learnt later counts, as in a return.
    """
    return counts(children, (day,))[day]


def counts(children: Iterable[Records], days: Sequence[date]) -> dict[date, Counts]:
    """`count` for several days, the children gone through once."""
    totals = {day: {line.key: (0, 0) for line in LINES} for day in days}
    for records in children:
        for day, total in totals.items():
            for key, (least, most) in _of_child(records, day).items():
                total[key] = (total[key][0] + least, total[key][1] + most)
    return dict(totals)


def _of_child(records: Records, day: date) -> dict[str, Range]:
    """The counts to which one child adds, nothing for one who is not looked after on the day."""
    if not in_care(records, day):
        return {}
    first = first_of_months(day, 12)
    found = sum(during(stay, first, day) for stay in stays(records))
    return {
        "looked_after": (1, 1),
        **(_once(f"placements_{min(found, 3)}") if found else {}),
        **_in_range("workers", *_workers(records, first, day)),
        **_where(records, day),
    }


def _once(key: str) -> dict[str, Range]:
    return {key: (1, 1)}


def _in_range(name: str, least: int, most: int) -> dict[str, Range]:
    """The lines (0, 1, 2, 3 or more) a child may belong to: surely where there is one, possibly where several."""
    lines = range(min(least, 3), min(most, 3) + 1)
    return {f"{name}_{n}": (int(len(lines) == 1), 1) for n in lines}


def _workers(records: Records, first: date, day: date) -> Range:
    """The fewest and the most social workers; a record that does not say who may be one already counted."""
    held = [i for i in involvements(records, "social_worker") if during(i, first, day)]
    people = {i.from_id for i in held if _says_who(records, i.from_id)}
    unsaid = sum(not _says_who(records, i.from_id) for i in held)
    return len(people) or min(unsaid, 1), len(people) + unsaid


def _says_who(records: Records, identifier: str) -> bool:
    node = records.get(identifier)
    return isinstance(node, Professional) and node.identified is not False


def _where(records: Records, day: date) -> dict[str, Range]:
    """Whether the placement on the day is outside the authority, and far; or that it is not known."""
    row, own = _row_on(records, day), _responsible(records, day)
    area = area_of(records, row.to_id, day) if row else None
    miles = row.miles if row else None
    found: dict[str, Range] = {}
    if area is None:
        found |= _once("outside_unknown")
    elif _today(area) != _today(own):
        found |= _once("outside")
    if miles is None:
        found |= _once("far_unknown")
    elif miles > FAR:
        found |= _once("far")
    return found


def _row_on(records: Records, day: date) -> PlacedAt | None:
    """The row of the placement that holds on the day, or that a temporary placement interrupts."""
    stay = stay_at(records, day)
    rows = [r for r in stay.rows if isinstance(r, PlacedAt) and (r.start or day) <= day] if stay else []
    return rows[-1] if rows else None


def _responsible(records: Records, day: date) -> str:
    rows = [r for r in records.of(LooksAfter) if holds_on(r, day)]
    return rows[-1].from_id if rows else records.authority


def _today(code: str) -> str:
    """An authority by its code of today."""
    return reference.upper_tier(code) or code


# --- the two beside each other ---


@dataclass(frozen=True)
class Reconciled:
    """One of DfE's counts from the return (None where no return was read) and from the graph."""

    line: Line
    own: Range | None
    graph: Range

    @property
    def differ(self) -> bool:
        """Whether the two are not the same."""
        return self.own is not None and self.own != self.graph

    @property
    def difference(self) -> str:
        """How many more or fewer the graph has, in words; empty where there is nothing to compare."""
        if self.own is None:
            return ""
        low, high = sorted((self.graph[0] - self.own[0], self.graph[1] - self.own[1]))
        if low == high:
            return f"{low:,} more" if low > 0 else f"{-low:,} fewer" if low < 0 else "none"
        if low < 0 < high:
            return f"{-low:,} fewer to {high:,} more"
        return f"{low:,} to {high:,} more" if high > 0 else f"{-high:,} to {-low:,} fewer"


def ranged(found: Range | None) -> str:
    """A count as it is shown: 12, or 10 to 12."""
    if found is None:
        return ""
    least, most = found
    return f"{least:,}" if least == most else f"{least:,} to {most:,}"


def reconciled(own: Counts | None, graph: Counts) -> tuple[Reconciled, ...]:
    """DfE's counts from the return beside those from the graph, in the order of `LINES`."""
    return tuple(Reconciled(line, own[line.key] if own else None, graph[line.key]) for line in LINES)


def days_of(last: date) -> tuple[date, ...]:
    """The days to count on for loads that cover up to a day: the last 31 March, and that day where it is later."""
    march = date(last.year if (last.month, last.day) >= (3, 31) else last.year - 1, 3, 31)
    return (march,) if march == last else (march, last)
