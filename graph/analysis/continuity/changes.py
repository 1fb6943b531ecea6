"""When a role passed from one person to another, and what the child was told of it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from graph.analysis.area.recipients import CHILD, fold
from graph.analysis.shared import called, no_load_covers
from graph.calendars import common, joined, without
from graph.findings import subject_of
from graph.model import Decision, Involvement, Notice, Record
from graph.parameters import Parameters
from graph.records import Records, covered, involvements, unbroken
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
    unsure: str = ""  # what is missing to say whether anyone had to hold the role in the days between

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
    begun = [i for i in held if i.start and first <= i.start <= t]
    found = [change for i in begun if (change := _change(records, held, i, parameters))]
    return [kept for c in found if (kept := _between(records, c, t, parameters))]


def _change(records: Records, held: list[Involvement], after: Involvement, parameters: Parameters) -> Change | None:
    began = after.start or date.max
    earlier = [i for i in held if (i.start or date.max) < began]
    if any(_still_there(i, after, began, parameters.same_person_gap_days) for i in earlier):
        return None
    until = {i.id: unbroken(records, i).end or date.max for i in (*earlier, after)}
    others = [i for i in earlier if i.from_id != after.from_id]
    before = max(others, key=lambda i: (until[i.id], i.start or date.min, i.id), default=None)
    if before is None or until[before.id] == date.max or until[after.id] <= until[before.id]:
        return None
    return Change(after.role or "", before, after, until[before.id], began)


def _still_there(i: Involvement, after: Involvement, began: date, gap: int) -> bool:
    return i.from_id == after.from_id and (i.end is None or (began - i.end).days <= gap)


def _between(records: Records, change: Change, t: date, parameters: Parameters) -> Change | None:
    """The change, with what is not known of the days between the two; None where nobody had to hold the role on one."""
    between = joined([(change.ended, change.began)])
    if not between:
        return change
    required = next(r for r in required_roles(records, t, parameters) if r.role == change.role)
    if common(without(required.known, required.yes), between):
        return None
    unknown = without(between, required.known)
    needs = [need for need in required.needs if without(unknown, covered(records, *need))]
    return replace(change, unsure=no_load_covers([called(*need) for need in needs], unknown) if needs else "")


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
