"""When a role passed from one person to another, and what the child was told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

from graph.analysis.area.recipients import CHILD, fold
from graph.calendars import common, without
from graph.findings import subject_of
from graph.model import Decision, Involvement, Notice, Record
from graph.parameters import Parameters
from graph.records import Records, involvements
from graph.required import required_roles

ROLES = ("social_worker", "iro")


@dataclass(frozen=True)
class Change:
    """One person holds a role after another. `ended` is the first day the earlier one no longer held it."""

    role: str
    before: Involvement
    after: Involvement
    ended: date
    began: date

    @property
    def lag(self) -> int:
        """Days from the end of one to the start of the next; negative where both were there."""
        return (self.began - self.ended).days


def changes(records: Records, role: str, first: date, t: date, parameters: Parameters) -> list[Change]:
    """The changes of a role's holder that began from first to t, both included.

    The one before is whoever held the role longest into the time of the new one. Someone who helps for a while
    beside the holder succeeds nobody, someone who comes back within a fortnight is still there, and a role that
    stood empty while nobody had to hold it begins anew.
    """
    held = [i for i in involvements(records, role) if i.start]
    found = [change for i in held if i.start and first <= i.start <= t and (change := _change(held, i, parameters))]
    return [c for c in found if c.lag <= 0 or not _not_required(records, c, t, parameters)]


def _change(held: list[Involvement], after: Involvement, parameters: Parameters) -> Change | None:
    began = after.start or date.max
    earlier = [i for i in held if (i.start or date.max) < began]
    if any(_still_there(i, after, began, parameters.same_person_gap_days) for i in earlier):
        return None
    others = [i for i in earlier if i.from_id != after.from_id]
    before = max(others, key=lambda i: (i.end or date.max, i.start or date.min, i.id), default=None)
    if before is None or before.end is None or (after.end and after.end <= before.end):
        return None
    return Change(after.role or "", before, after, before.end, began)


def _still_there(i: Involvement, after: Involvement, began: date, gap: int) -> bool:
    return i.from_id == after.from_id and (i.end is None or (began - i.end).days <= gap)


def _not_required(records: Records, change: Change, t: date, parameters: Parameters) -> bool:
    """Whether records show a day between the two on which nobody had to hold the role."""
    required = next(r for r in required_roles(records, t, parameters) if r.role == change.role)
    return bool(common(without(required.known, required.yes), ((change.ended, change.began),)))


# --- what the child was told ---


@dataclass(frozen=True)
class Told:
    """The day on which the child was told of a change, and the record that says so."""

    on: date
    record: Record


def told(records: Records, of: Iterable[Record], on: date, within: int, decided: Iterable[Record] = ()) -> Told | None:
    """The first record that the child was told of a change; None where there is none.

    of: the records of the change, at one of which a notice points. One that points at nothing counts where it was
    sent within so many days of the change. decided: what a decision to move may point at beside them.
    """
    refers = {subject_of(r) for r in of}
    decisions = refers | {subject_of(r) for r in decided}
    near = timedelta(days=within)
    found = [
        Told(n.sent_on, n)
        for n in records.of(Notice)
        if n.sent_on
        and records.child.id in n.about
        and (fold(n.recipient) == CHILD or records.child.id in n.to)
        and (n.change in refers or (n.change is None and on - near <= n.sent_on <= on + near))
    ]
    found += [
        Told(d.informed_child_on, d)
        for d in records.of(Decision)
        if d.informed_child_on and records.child.id in d.about and d.change in decisions
    ]
    return min(found, key=lambda each: (each.on, each.record.id), default=None)
