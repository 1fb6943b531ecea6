"""Who is around the child: one track a person, with what holds from which day to which.

Everything a picture or table says of a person on a day is decided here, once; the drawings only look it up.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property
from typing import Literal

from dashboard import spells, words
from dashboard.spells import Spell
from graph import network
from graph.calendars import Days, add_months, joined
from graph.model import Agency, InArea, Meeting, Placement, Serves, WorksFor
from graph.records import Records, as_at, began, covered
from graph.reference import roles

Line = Literal["thick", "plain", "dashed", "unknown", "ended"]

# Days since the last recorded contact: how the rings and lines are parted (a house rule, printed in the key).
NEAR = 28
SILENT = 56
MONTHS_3 = 91
YEAR = 365
RINGS = ("within 4 weeks", "within 3 months", "longer, or none on record", "contacts not loaded")


@dataclass(frozen=True)
class State:
    """How a person stands to the child from `start` until `end` (open where None)."""

    start: date
    end: date | None
    role: str
    agency: str
    since: date | None
    ended: date | None
    contact: date | None
    lives_here: bool
    covered: bool
    ring: int
    line: Line
    new: bool
    area: str | None
    records: tuple[str, ...]  # ids of the relationships behind it

    def holds(self, t: date) -> bool:
        """Whether it holds on day t."""
        return self.start <= t and (self.end is None or t < self.end)


@dataclass(frozen=True)
class Track:
    """One person, or a service without a named person, over time; `id` is the node's and its group's."""

    id: str
    node: str
    name: str
    group: str
    person: bool
    order: int
    states: tuple[State, ...]

    def on(self, t: date) -> State | None:
        """How they stand on day t; None where they are not in the picture."""
        return next((s for s in self.states if s.holds(t)), None)


@dataclass(frozen=True)
class Exchange:
    """Recorded exchange about the child between two tracks.

    met: of each meeting, the day from which it is on record and the first day on which it is 12 months ago.
    """

    a: str
    b: str
    met: tuple[tuple[date, date], ...]

    def on(self, t: date) -> int:
        """How many such meetings in the 12 months to t."""
        return sum(start <= t < end for start, end in self.met)

    def spans(self) -> Days:
        """The days (half-open stretches) on which there is any in the 12 months before."""
        return joined(self.met)


@dataclass(frozen=True)
class Team:
    """Everyone around a child over a stretch of time."""

    first: date
    last: date
    tracks: tuple[Track, ...]
    exchanges: tuple[Exchange, ...]

    def track(self, id: str) -> Track | None:
        """The track with this id."""
        return next((t for t in self.tracks if t.id == id), None)

    def on(self, t: date) -> list[tuple[Track, State]]:
        """Who is in the picture on day t, in the order in which they go round it."""
        return [(track, state) for track in self.tracks if (state := track.on(t))]

    def exchanged(self, id: str, t: date) -> list[str]:
        """Ids of those in the picture with whom there was exchange in the 12 months to t."""
        there = {track.id for track, _ in self.on(t)}
        pairs = [x for x in self.exchanges if id in (x.a, x.b) and x.on(t)]
        return [other for x in pairs if (other := x.b if x.a == id else x.a) in there]


def team(records: Records, first: date, last: date) -> Team:
    """Everyone in the picture on some day from first to last, both included."""
    seen = as_at(records, last)
    held = spells.reviews(seen)
    drawn = [
        track
        for (node, group), of in spells.spells(seen).items()
        if (track := _track(_Around(seen, node, of, spells.contacts(seen, node), held), group, first, last))
    ]
    drawn.sort(key=lambda t: (roles.GROUPS.index(t.group), t.order, t.states[0].start, t.name, t.id))
    return Team(first, last, tuple(drawn), tuple(_exchanges(seen, drawn, last)))


# --- what holds when ---


def _track(person: _Around, group: str, first: date, last: date) -> Track | None:
    """A person's states from first to last; None for someone who is in the picture on no day."""
    states: list[State] = []
    breaks = [d for d in person.breaks() if first < d <= last]
    for day, until in zip([first, *breaks], [*breaks, None], strict=True):
        state = person.state(day)
        if state is None:
            continue
        if states and states[-1].end == day and replace(states[-1], start=day) == replace(state, end=day):
            states[-1] = replace(states[-1], end=until)
        else:
            states.append(replace(state, end=until))
    if not states:
        return None
    node = person.node
    named = not isinstance(person.records.get(node), Agency | Placement)
    order = min(s.order for s in person.spells)
    return Track(f"{group}/{node}", node, words.person_name(person.records, node), group, named, order, tuple(states))


@dataclass(frozen=True)
class _Around:
    """One person's spells and contacts, asked day by day."""

    records: Records
    node: str
    spells: Sequence[Spell]
    contacts: tuple[tuple[date, date], ...]  # the day of each, and the day from which it is on record
    reviews: tuple[tuple[date, date], ...]

    def breaks(self) -> list[date]:
        """Days on which something about this person can change, in order."""
        days = {recorded for _, recorded in self.reviews}
        for spell in self.spells:
            for d in (spell.start, began(spell.record)):
                days |= _after(d, 0, SILENT + 1)
            days |= _after(spell.end, 0, MONTHS_3 + 1, YEAR + 1)
        for on, recorded in self.contacts:
            days |= {recorded} | _after(on, 0, NEAR + 1, SILENT + 1, MONTHS_3 + 1)
        for span in self.covered_spans:
            days |= _after(span[0], 0, SILENT) | _after(span[1], 0)
        for dated in (*self.areas, *self.jobs):
            days |= _after(dated.start, 0) | _after(dated.end, 0)
        return sorted(days)

    def state(self, t: date) -> State | None:
        """How the person stands on day t; None where they are not in the picture."""
        begun = [s for s in self.spells if (began(s.record) or date.min) <= t]
        current = [s for s in begun if s.holds(t)]
        if current:
            return self._there(t, current)
        ended = max((s for s in begun if s.end), key=lambda s: s.end or date.min, default=None)
        if ended is None or ended.end is None or not self._still_drawn(ended.end, t):
            return None
        return self._state(t, (ended,), "ended", _ring(t, spells.latest(self.contacts, t), covered=True), ended.end)

    def _there(self, t: date, current: list[Spell]) -> State:
        contact, covered = spells.latest(self.contacts, t), self._covered(t)
        if any(s.lives_here for s in current):
            return self._state(t, current, "thick", 0)
        line = _line(t, contact, self._began(current), covered)
        return self._state(t, current, line, _ring(t, contact, covered))

    def _began(self, current: Sequence[Spell]) -> date | None:
        return min((s.start for s in current if s.start), default=None)

    def _state(self, t: date, of: Sequence[Spell], line: Line, ring: int, ended: date | None = None) -> State:
        review = spells.latest(self.reviews, t)
        since = self._began(of)
        agency = next((s.agency for s in of if s.agency), None) or self._employer(t)
        return State(
            start=t,
            end=None,
            role=", ".join(dict.fromkeys(s.role for s in sorted(of, key=lambda s: s.order))),
            agency=self.records.name(agency) if agency else "",
            since=since,
            ended=ended,
            contact=spells.latest(self.contacts, t),
            lives_here=any(s.lives_here for s in of) and not ended,
            covered=self._covered(t),
            ring=ring,
            line=line,
            new=bool(not ended and since and review and since > review),
            area=self._area(agency, t),
            records=tuple(s.record.id for s in of),
        )

    def _still_drawn(self, ended: date, t: date) -> bool:
        """Those who left are drawn for three months, and as long as the review before they left is the last."""
        gone = (t - ended).days
        review = spells.latest(self.reviews, t)
        return gone <= MONTHS_3 or bool(review and ended > review and gone <= YEAR)

    @cached_property
    def covered_spans(self) -> Days:
        """From when until when (half-open) loads cover the contacts of this person."""
        parts = {s.contacts_in for s in self.spells if s.contacts_in}
        return joined(span for part in sorted(parts) for span in covered(self.records, *part))

    def _covered(self, t: date) -> bool:
        return any(a <= t - timedelta(days=SILENT) and t < b for a, b in self.covered_spans)

    @cached_property
    def areas(self) -> tuple[InArea | Serves, ...]:
        """Where the home or the agencies of this person are."""
        places = {self.node, *(s.agency for s in self.spells), *(j.to_id for j in self.jobs)}
        everywhere: tuple[InArea | Serves, ...] = (*self.records.of(InArea), *self.records.of(Serves))
        return tuple(r for r in everywhere if r.from_id in places)

    @cached_property
    def jobs(self) -> tuple[WorksFor, ...]:
        """For whom this person works."""
        return tuple(j for j in self.records.of(WorksFor) if j.from_id == self.node)

    def _area(self, agency: str | None, t: date) -> str | None:
        """The name of another authority's area this person belongs to; None for our own, or where unknown."""
        ours = self.records.authority
        holding = [r.to_id for r in self.areas if r.from_id in (self.node, agency) and _holds(r, t)]
        if not holding or ours in holding:
            return None
        return words.authority(self.records, holding[0])

    def _employer(self, t: date) -> str | None:
        return next((j.to_id for j in self.jobs if _holds(j, t)), None)


def _holds(record: InArea | Serves | WorksFor, t: date) -> bool:
    return (record.start or date.min) <= t and (record.end is None or t < record.end)


def _after(day: date | None, *later: int) -> set[date]:
    return {day + timedelta(days=n) for n in later} if day and day < date(9000, 1, 1) else set()


def _ring(t: date, contact: date | None, covered: bool) -> int:
    """Which ring: nearest for contact within 4 weeks, then 3 months, then longer; last where nothing is known."""
    days = (t - contact).days if contact else None
    if days is not None and days <= NEAR:
        return 0
    if days is not None and days <= MONTHS_3:
        return 1
    return 2 if covered else 3


def _line(t: date, contact: date | None, since: date | None, covered: bool) -> Line:
    if contact and (t - contact).days <= NEAR:
        return "thick"
    # Eight weeks without contact can only be said of someone who has been there for eight weeks.
    lately = max((d for d in (contact, since) if d), default=None)
    if lately and (t - lately).days <= SILENT:
        return "plain" if covered or lately == contact else "unknown"
    return "dashed" if covered else "unknown"


# --- exchange ---


def _exchanges(records: Records, tracks: Sequence[Track], last: date) -> Iterator[Exchange]:
    """Who exchanged with whom, as `graph.network` has it, on every day of the records."""
    by_node = {t.node: t.id for t in tracks if t.group != roles.GROUPS[0]}
    ever = 12 * (last.year - 1900)
    for x in network.exchanges(records, last, months=ever):
        if x.a in by_node and x.b in by_node:
            meetings = [records.get(id) for id in x.meetings]
            met = sorted(_met(m) for m in meetings if isinstance(m, Meeting))
            yield Exchange(by_node[x.a], by_node[x.b], tuple(met))


def _met(meeting: Meeting) -> tuple[date, date]:
    on = meeting.on or date.min
    return max(on, meeting.recorded_on or on), add_months(on, 12)
