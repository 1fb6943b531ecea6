"""Who has been around a child and when, from every kind of record that says so, and when each was in contact."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard import words
from graph import network
from graph.model import (
    Agency,
    Attended,
    Attends,
    Involvement,
    LivesWith,
    Meeting,
    Person,
    PlacedAt,
    RelatedTo,
    Relationship,
    SiblingOf,
    Trusts,
)
from graph.records import Records, stays
from graph.reference import roles

THERE = ("present", "substitute")  # how someone attended who was in contact


@dataclass(frozen=True)
class Spell:
    """Someone in a role from one day to another; `order` is that of the role in its group."""

    role: str
    order: int
    start: date | None
    end: date | None
    record: Relationship
    agency: str | None = None
    lives_here: bool = False
    contacts_in: tuple[str, str] | None = None  # the table, and the part of it, that holds their contacts

    def holds(self, t: date) -> bool:
        """Whether it holds on day t."""
        return (self.start or date.min) <= t and (self.end is None or t < self.end)


def spells(records: Records) -> dict[tuple[str, str], list[Spell]]:
    """Everyone who has been around the child: by the node's id and the group, each with their spells."""
    found: dict[tuple[str, str], list[Spell]] = defaultdict(list)
    for group, spell, node in (*_family(records), *_homes(records), *_schools(records), *_involved(records)):
        found[node, group].append(spell)
    return found


_Found = tuple[str, Spell, str]
_FAMILY_TIME = ("meetings", "family time")
_ORDER = {role: n for n, role in enumerate(roles.roles())}


def _family(records: Records) -> Iterator[_Found]:
    group = roles.GROUPS[0]
    ours = records.child.id
    for r in records.of(RelatedTo):
        yield group, Spell(r.relation or "relative", 0, r.start, r.end, r, contacts_in=_FAMILY_TIME), r.from_id
    for lives in records.of(LivesWith):
        spell = Spell("lives with the child", 1, lives.start, lives.end, lives, lives_here=True)
        yield group, spell, lives.to_id
    for s in records.of(SiblingOf):
        other = s.to_id if s.from_id == ours else s.from_id
        yield group, Spell("brother or sister", 2, None, None, s, contacts_in=_FAMILY_TIME), other
    related = {r.from_id for r in records.of(RelatedTo)}
    for trust in records.of(Trusts):
        if isinstance(records.get(trust.to_id), Person) and trust.to_id not in related:
            yield group, Spell("trusted adult", 3, trust.said_on, None, trust), trust.to_id


def _homes(records: Records) -> Iterator[_Found]:
    for stay in stays(records):
        by_home: dict[str, list[PlacedAt]] = defaultdict(list)
        for row in stay.rows:
            if isinstance(row, PlacedAt):
                by_home[row.to_id].append(row)
        for home, rows in by_home.items():
            role = words.home_kind(records.get(home), rows[-1].place_type)
            end = rows[-1].end if rows[-1] is stay.last else rows[-1].end or stay.end
            yield "Home", Spell(role, -1, rows[0].start, end, rows[0], lives_here=True), home


def _schools(records: Records) -> Iterator[_Found]:
    for a in records.of(Attends):
        spell = Spell("school", _ORDER["school"], a.start, a.end, a, a.to_id, contacts_in=("attended", "school"))
        yield "Education", spell, a.to_id


def _involved(records: Records) -> Iterator[_Found]:
    for i in records.of(Involvement):
        role = roles.roles().get(i.role or "", roles.roles()["other"])
        agency = i.agency or (i.from_id if isinstance(records.get(i.from_id), Agency) else None)
        contacts = ("attended", role.agency_kind)
        spell = Spell(words.role(i), _ORDER[role.role], i.start, i.end, i, agency, contacts_in=contacts)
        yield role.group, spell, i.from_id


# --- contact ---


def was_held(records: Records, meeting: Meeting) -> bool:
    """Whether a meeting about this child took place."""
    return meeting.status in (None, "held") and network.about_child(records, meeting)


def _held(records: Records, identifier: str) -> Meeting | None:
    meeting = records.get(identifier)
    return meeting if isinstance(meeting, Meeting) and was_held(records, meeting) else None


def contacts(records: Records, node: str) -> tuple[tuple[date, date], ...]:
    """Meetings about the child that this person (or, of an agency, anyone who spoke for it) was at.

    The day of each, and the day from which it is on record.
    """
    attended = [a for a in records.of(Attended) if node in (a.from_id, a.agency) and a.how in THERE]
    return _days(m for a in attended if (m := _held(records, a.to_id)))


def reviews(records: Records) -> tuple[tuple[date, date], ...]:
    """Reviews that were held: the day of each, and the day from which it is on record."""
    return _days(m for m in records.of(Meeting) if m.kind == "review" and was_held(records, m))


def _days(meetings: Iterable[Meeting]) -> tuple[tuple[date, date], ...]:
    return tuple(sorted({(m.on, max(m.on, m.recorded_on or m.on)) for m in meetings if m.on}))


def latest(days: Sequence[tuple[date, date]], t: date) -> date | None:
    """The last of such days that was on record on day t."""
    return max((on for on, recorded in days if recorded <= t), default=None)
