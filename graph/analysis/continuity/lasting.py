"""Continuity: the people who last, who was lost, and who was there on both sides of a move."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from graph.analysis.continuity.homes import beside_changes, carers, changes_of_carer
from graph.analysis.continuity.stability import outside_social_work
from graph.analysis.shared import is_identified, since, uncovered, with_role
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Involvement
from graph.parameters import Parameters
from graph.records import Records, Stay, holds_on, in_care, involvements
from graph.reference import roles
from graph.required import PROTECTED, plans
from graph.team import CHANGE_WITH_THE_HOME, Relation, agencies_there, relations
from graph.words import counted, day, days, listed, opened

# Without their records it cannot be said that no one stayed: every child in care has both.
ALWAYS_THERE = ("social_worker", "iro")

# --- the one who had been there longest ------------------------------------------------------------------


@rule(
    "continuity.anchor_lost",
    kind="H",
    question="What did this relationship carry for the child, how was it ended, and can it go on in another form?",
    citation="House rule: the longest unbroken time of one professional with the child, and who else was there on both "
    "sides of its end.",
    parameters=("same_person_gap_days", "turnover_days", "window_months"),
    needs=("looks_after", "involved_with:social_worker", "involved_with:iro"),
)
def anchor_lost(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The professional who had been there longest is gone, and no one else was there on both sides of it.

    The longest time of one person on record, breaks of two weeks left out, ended in the last 12 months, and no
    one else was there both 28 days before it ended and 28 days after (or on the day, where that is sooner). Carers,
    schools and agencies without a person are left out. A relationship that ended with care itself, or with the
    plan, is not lost in this sense.
    """
    first = since(records, t, parameters)
    found = relations(records, parameters.same_person_gap_days)
    if not found and (outside := outside_social_work(records, first, t)):
        yield outside
        return
    missing = _unseen(records, first, t)
    if not found:
        yield not_assessable(missing) if missing else clear("No professional on record by name.")
        return
    longest = max(found, key=lambda r: (r.days(t), r.end or date.max, r.who))
    measures = _lengths(found, longest, t)
    if longest.end is None or longest.end < first:
        yield _still(records, longest, missing, t, measures)
    else:
        yield _lost(records, longest, longest.end, found, t, parameters, measures)


def _still(records: Records, longest: Relation, missing: str, t: date, measures: dict[str, Any]) -> Outcome:
    if missing:
        return not_assessable(missing, of=longest.rows, **measures)
    until = "and goes on" if longest.end is None else f"and ended on {day(longest.end)}, before the period"
    said = f"{_who(records, longest)} has been there longest of all on record: {days(longest.days(t))}, {until}."
    return clear(said, of=longest.rows, **measures)


def _lost(
    records: Records, longest: Relation, end: date, found: list[Relation], t: date, parameters: Parameters,
    measures: dict[str, Any],
) -> Outcome:  # fmt: skip
    subject, k = subject_of(longest.rows[-1]), timedelta(days=parameters.turnover_days)
    before, after = end - k, min(end + k, t)
    who, length = _who(records, longest), f"{days(longest.days(t))} to {day(end)}"
    supported = _supported(records, end)
    if supported is False:
        said = f"{who} was there longest, {length}: as long as care or a plan on record."
        return clear(said, subject=subject, of=longest.rows, **measures)
    if others := [r for r in found if r.who != longest.who and r.spans(before, after)]:
        names = listed(_who(records, r) for r in others)
        said = f"{who} was there longest, {length}. On both sides of that day: {names}."
        return clear(said, subject=subject, of=[*longest.rows, *_rows(others)], **measures)
    position = uncovered(records, "looks_after", end, end) if supported is None else ""
    if missing := position or _unseen(records, before, after):
        return not_assessable(missing, subject=subject, of=longest.rows, **measures)
    if unsaid := _unsaid(records, before, after):
        why = f"{counted(len(unsaid), 'record')} of who was there before and after {day(end)} say no name"
        return not_assessable(why, subject=subject, of=[*longest.rows, *unsaid], **measures)
    reason = longest.rows[-1].end_reason
    because = f" (“{reason}”)" if reason else ""
    nobody = f"No one else on record was there from {day(before)} to {day(after)}."
    said = f"{who} was there longer than anyone else on record, {length}{because}. {nobody}"
    return raised(said, subject=subject, of=longest.rows, **measures)


def _unseen(records: Records, first: date, t: date) -> str:
    """The coverage that is missing to say that nobody was there, if any."""
    return "; ".join(said for r in ALWAYS_THERE if (said := uncovered(records, "involved_with", first, t, r)))


def _supported(records: Records, on: date) -> bool | None:
    """Whether the child is looked after or on a plan on a day; None where no load says that the child is not."""
    spans = plans(records, *PROTECTED)
    if any((p.start or date.max) <= on and (p.end is None or on < p.end) for p in spans):
        return True
    return True if in_care(records, on) else None if uncovered(records, "looks_after", on, on) else False


def _unsaid(records: Records, first: date, last: date) -> list[Involvement]:
    """Records that name nobody and hold on both days: someone may have stayed."""
    return [
        i for i in involvements(records)
        if holds_on(i, first) and holds_on(i, last) and i.role not in CHANGE_WITH_THE_HOME
        and getattr(records.get(i.from_id), "identified", None) is False
    ]  # fmt: skip


def _lengths(found: list[Relation], longest: Relation, t: date) -> dict[str, Any]:
    now = max((r.days(t) for r in found if r.end is None), default=0)
    return {"longest_days": longest.days(t), "longest_now_days": now, "role": longest.rows[-1].role}


def _who(records: Records, relation: Relation) -> str:
    return with_role(records, relation.who, relation.rows[-1].role)


def _rows(found: Iterable[Relation]) -> list[Involvement]:
    return [row for r in found for row in r.rows]


# --- who was there on both sides of a move ---------------------------------------------------------------


@rule(
    "continuity.no_bridge",
    kind="H",
    question="Who can tell the new home what the child was like in the old one, from having been there?",
    citation="House rule: a professional there on both sides of a move, the same spell or a gap of at most 14 days.",
    parameters=("turnover_days", "same_person_gap_days", "window_months"),
    needs=("placed_at", "involved_with:social_worker", "involved_with:iro"),
)
def no_bridge(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """At a change of carer no professional was there on both sides of it.

    There 28 days before the move (the day before it, where care began later than that) and still, or again
    within two weeks, 28 days after it. Carers and schools are left out. An agency that was there on both sides
    with different people is named as that.
    """
    first = since(records, t, parameters)
    yield from beside_changes(records, first, t)
    for _, after in changes_of_carer(records, first, t):
        yield _bridge(records, after, t, parameters)


def _bridge(records: Records, stay: Stay, t: date, parameters: Parameters) -> Outcome:
    subject, k = subject_of(stay.first), timedelta(days=parameters.turnover_days)
    before, after = _sides(records, stay.start, k)
    if after > t:
        wait = f"the {days(k.days)} after the move of {day(stay.start)} end on {day(after)}"
        return not_assessable(wait, subject=subject, of=[stay.first])
    stayed = [r for r in relations(records, parameters.same_person_gap_days) if r.spans(before, after)]
    if stayed:
        roles_of = sorted({roles.label(row.role) for row in _rows(stayed)})
        said = f"There on both sides of the move of {day(stay.start)}: {listed(_who(records, r) for r in stayed)}."
        return clear(said, subject=subject, of=[stay.first, *_rows(stayed)], stayed=len(stayed), roles=roles_of)
    if missing := _unseen(records, before, after):
        return not_assessable(missing, subject=subject, of=[stay.first])
    if unsaid := _unsaid(records, before, after):
        why = f"{counted(len(unsaid), 'record')} of who was there on both sides say no name"
        return not_assessable(why, subject=subject, of=[stay.first, *unsaid])
    return _nobody(records, stay, before, after)


def _sides(records: Records, move: date, k: timedelta) -> tuple[date, date]:
    """The day before a move and the day after it on which someone has to be there."""
    care = in_care(records, move)
    new = care is not None and care.start > move - k
    return (move - timedelta(days=1) if new else move - k), move + k


def _nobody(records: Records, stay: Stay, before: date, after: date) -> Outcome:
    then, now = agencies_there(records, before), agencies_there(records, after)
    both = sorted(set(then) & set(now))
    there = [
        i for i in involvements(records)
        if i.role not in CHANGE_WITH_THE_HOME and (holds_on(i, before) or holds_on(i, after))
        and (is_identified(records, i.from_id) or i.from_id in both)
    ]  # fmt: skip
    span = f"both on {day(before)} and on {day(after)}, around the move of {day(stay.start)}"
    said = f"No professional on record was there {span}."
    if both:
        were = "was" if len(both) == 1 else "were"
        said += f" {opened(listed(records.name(a) for a in both))} {were} there on both sides, with no one who stayed."
    return raised(said, subject=subject_of(stay.first), of=[*carers(stay), *there], agencies_that_stayed=len(both))
