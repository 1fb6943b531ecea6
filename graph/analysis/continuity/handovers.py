"""Continuity: how one worker followed another, and whether the child was told before something changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from graph.analysis.continuity.changes import ROLES, Change, changes, told
from graph.analysis.continuity.stability import outside_social_work
from graph.analysis.shared import beside_moves, home, is_identified, recent_moves, since, uncovered, with_role
from graph.calendars import birthday, working_days_between
from graph.findings import Outcome, clear, not_applicable, not_assessable, raised, rule, subject_of
from graph.model import MEETING_KINDS, Attended, Meeting, Record
from graph.network import NO_EXCHANGE, held_on, meetings_held
from graph.parameters import Parameters
from graph.records import Records, Stay, holds_on, involvements
from graph.reference import roles
from graph.required import PROTECTED
from graph.words import counted, day, days, listed

# What says whether a child has a social worker and a reviewing officer at all.
POSITION = ("looks_after", *(f"plans:{kind}" for kind in PROTECTED))
EXCHANGES = tuple(kind for kind in MEETING_KINDS if kind not in NO_EXCHANGE)

# --- one worker after another ----------------------------------------------------------------------------


@rule(
    "continuity.cold_handover",
    kind="H",
    question="What did the one who left know that nobody wrote down, and who could still ask them?",
    citation="House rule: the days between the end of one holder of a role and the start of the next, and whether the "
    "two met about the child.",
    parameters=("handover_days", "same_person_gap_days", "window_months"),
    needs=(*POSITION, "involved_with:social_worker", "involved_with:iro", "meetings", "attended"),
)
def cold_handover(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A social worker or reviewing officer followed another with days between them, or without meeting them.

    One finding for each change. Raised where a working day lies between the two on which no one held the role; and
    where none does, with no record of a meeting, visit or call about the child in which both took part from 14 days
    before to 14 days after. Both there at once, even for a day, is a handover.
    """
    first = since(records, t, parameters)
    for role in ROLES:
        yield from _handovers(records, role, first, t, parameters)


def _handovers(records: Records, role: str, first: date, t: date, parameters: Parameters) -> Iterator[Outcome]:
    found = changes(records, role, first, t, parameters)
    for change in found:
        yield _handover(records, change, t, parameters)
    if outcome := _no_change(records, role, first, t, bool(found)):
        yield outcome


def _no_change(records: Records, role: str, first: date, t: date, seen: bool) -> Outcome | None:
    """What is said of a role beside its changes: that more of them may be missing, or that there were none."""
    subject = f"role:{role}"
    held = [i for i in involvements(records, role) if i.end is None or i.end > first]
    outside = None if held else outside_social_work(records, first, t)
    if outside:
        return Outcome(outside.status, outside.sentence, subject, reason=outside.reason)
    if missing := uncovered(records, "involved_with", first, t, role):
        return not_assessable(missing, subject=subject, of=held)
    if seen:
        return None
    return clear(f"No change of {roles.label(role)} on record from {day(first)} to {day(t)}.", subject=subject, of=held)


def _handover(records: Records, change: Change, t: date, parameters: Parameters) -> Outcome:
    subject, rows = subject_of(change.after), [change.before, change.after]
    measures = {"lag_days": change.lag, "role": change.role}
    if not all(is_identified(records, i.from_id) for i in rows):
        who = f"the records do not say who the {roles.label(change.role)} was before and after {day(change.began)}"
        return not_assessable(who, subject=subject, of=rows, **measures)
    if change.unsure:
        return not_assessable(change.unsure, subject=subject, of=rows, **measures)
    if change.lag < 0:
        both = f"both were there for {days(-change.lag)}"
        return clear(f"{_followed(records, change)}; {both}.", subject=subject, of=rows, **measures)
    met = _met(records, change, parameters)
    if working_days_between(change.ended, change.began):
        return _days_between(records, change, met, measures)
    if met:
        when = f"both took part in a {met[0].kind} on {day(held_on(met[0]))}"
        return clear(f"{_followed(records, change)}; {when}.", subject=subject, of=[*rows, *met], **measures)
    return _never_met(records, change, t, parameters, measures)


def _days_between(records: Records, change: Change, met: list[Meeting], measures: dict[str, Any]) -> Outcome:
    subject, rows = subject_of(change.after), [change.before, change.after]
    last = change.began - timedelta(days=1)
    if missing := uncovered(records, "involved_with", change.ended, last, change.role):
        return not_assessable(missing, subject=subject, of=rows, **measures)
    also = f" Both took part in a {met[0].kind} on {day(held_on(met[0]))}." if met else ""
    gap = f"for {days(change.lag)}, {day(change.ended)} to {day(change.began)}"
    said = f"{_followed(records, change)}, with no {roles.label(change.role)} on record {gap}"
    stayed = _who_stayed(records, change)
    return raised(f"{said}.{also}{stayed.said}", subject=subject, of=[*rows, *met, *stayed.of], **measures)


def _never_met(records: Records, change: Change, t: date, parameters: Parameters, measures: dict[str, Any]) -> Outcome:
    subject, rows = subject_of(change.after), [change.before, change.after]
    first, last = _around(change, parameters)
    if last > t:
        wait = f"the {days(parameters.handover_days)} after the change of {day(change.began)} end on {day(last)}"
        return not_assessable(wait, subject=subject, of=rows, **measures)
    missing = [
        said
        for table, of in (("meetings", None), ("attended", "social care"))
        if (said := uncovered(records, table, first, last, of))
    ]
    if missing:
        return not_assessable("; ".join(missing), subject=subject, of=rows, **measures)
    span = f"no record of a meeting, visit or call with both from {day(first)} to {day(last)}"
    stayed = _who_stayed(records, change)
    said = f"{_followed(records, change)}: {span}.{stayed.said}"
    return raised(said, subject=subject, of=[*rows, *stayed.of], **measures)


def _around(change: Change, parameters: Parameters) -> tuple[date, date]:
    near = timedelta(days=parameters.handover_days)
    return min(change.ended, change.began) - near, change.began + near


def _met(records: Records, change: Change, parameters: Parameters) -> list[Meeting]:
    """The meetings about the child in which both took part around the change."""
    first, last = _around(change, parameters)
    there = [
        {a.to_id for a in records.of(Attended) if a.from_id == i.from_id and a.how in ("present", "substitute")}
        for i in (change.before, change.after)
    ]
    both = there[0] & there[1]
    if not both:
        return []
    return [m for m in meetings_held(records, *EXCHANGES) if m.id in both and first <= held_on(m) <= last]


def _followed(records: Records, change: Change) -> str:
    after, before = records.name(change.after.from_id), records.name(change.before.from_id)
    return f"{after} followed {before} as {roles.label(change.role)} on {day(change.began)}"


@dataclass(frozen=True)
class _Stayed:
    """What is said of the other of the two, social worker or reviewing officer, who was there throughout."""

    said: str = ""
    of: tuple[Record, ...] = ()


def _who_stayed(records: Records, change: Change) -> _Stayed:
    other = "iro" if change.role == "social_worker" else "social_worker"
    before = change.ended - timedelta(days=1)
    here = [i for i in involvements(records, other) if holds_on(i, before) and holds_on(i, change.began)]
    here = [i for i in here if is_identified(records, i.from_id)]
    if not here:
        return _Stayed()
    names = listed(with_role(records, i.from_id, other) for i in here)
    return _Stayed(f" {names} stayed throughout.", tuple(here))


# --- what the child was told -----------------------------------------------------------------------------


@rule(
    "continuity.unannounced",
    kind="H",
    question="How did the child learn of it, and what would the child have wanted to know beforehand?",
    citation="House rule: a change of home, social worker or reviewing officer is told to the child before it happens. "
    "Of placements regulation 13 of SI 2010/959 asks for a notice to the child in writing.",
    parameters=("told_days_before", "told_look_days", "told_age", "same_person_gap_days", "window_months"),
    needs=(*POSITION, "notices:child", "placed_at", "involved_with:social_worker", "involved_with:iro"),
)
def unannounced(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The child's home, social worker or reviewing officer changed with no record that the child was told before.

    One finding for each change. A notice to the child tells, and so does the day on which a decision says the child
    was told. Told on the day itself is not told before. Nothing is asked of a child under four, nor where loads do
    not cover notices to children in the four weeks before the change.
    """
    first = since(records, t, parameters)
    moved = recent_moves(records, first, t)
    for before, after in moved:
        yield _told_of_move(records, before, after, parameters)
    if not moved:
        yield from (
            Outcome(o.status, o.sentence, "role:carer", reason=o.reason) for o in beside_moves(records, first, t)
        )
    for role in ROLES:
        found = changes(records, role, first, t, parameters)
        yield from (_told_of_worker(records, change, parameters) for change in found)
        if outcome := _no_change(records, role, first, t, bool(found)):
            yield outcome


def _told_of_move(records: Records, before: Stay, after: Stay, parameters: Parameters) -> Outcome:
    what = f"the move from {home(records, before)} to {home(records, after)}"
    rows: list[Record] = [before.last, after.first]
    return _told_of(records, what, after.start, after.first, rows, list(after.rows), list(before.rows), parameters)


def _told_of_worker(records: Records, change: Change, parameters: Parameters) -> Outcome:
    names = [records.name(i.from_id) for i in (change.before, change.after)]
    what = f"the change of {roles.label(change.role)} from {names[0]} to {names[1]}"
    rows: list[Record] = [change.before, change.after]
    if change.unsure:
        return not_assessable(change.unsure, subject=subject_of(change.after), of=rows)
    return _told_of(records, what, change.began, change.after, rows, rows, [], parameters)


def _told_of(
    records: Records, what: str, on: date, record: Record, rows: list[Record],
    of: list[Record], decided: list[Record], parameters: Parameters,
) -> Outcome:  # fmt: skip
    """What is said of one change. rows: its evidence; of, decided: what a notice or a decision points at."""
    subject, born = subject_of(record), records.child.born
    if born and on < birthday(born, parameters.told_age):
        return not_applicable(f"the child was under {parameters.told_age} on {day(on)}", subject=subject)
    found = told(records, of, on, parameters.told_look_days, decided)
    if found and found.on <= on - timedelta(days=parameters.told_days_before):
        said = f"The child was told on {day(found.on)} of {what} on {day(on)}."
        return clear(said, subject=subject, of=[*rows, found.record], told_on=found.on)
    first = on - timedelta(days=parameters.told_look_days)
    if missing := uncovered(records, "notices", first, on, "child"):
        return not_assessable(missing, subject=subject, of=[*rows, *([found.record] if found else [])])
    if not found:
        said = f"No record that the child was told of {what} before it happened on {day(on)}."
        return raised(said, subject=subject, of=rows)
    late = (found.on - on).days
    when = "the day itself" if late == 0 else f"{counted(abs(late), 'day')} {'after' if late > 0 else 'before'} it"
    said = f"The first record that the child was told of {what} on {day(on)} is of {day(found.on)}, {when}."
    return raised(said, subject=subject, of=[*rows, found.record], told_on=found.on, late_days=max(late, 0))
