"""Area: waiting lists that a move sent back to the beginning."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from graph.analysis.shared import not_looked_after, since, uncovered
from graph.calendars import days_in, joined
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import AGENCY_KINDS, InArea, Involvement, Record, Referral, Serves
from graph.parameters import Parameters
from graph.records import Records, Stay, covers, involvements, moves
from graph.words import counted, day, days, listed


@rule(
    "area.waiting_list_reset",
    kind="H",
    question="Does the new service know how long the child has waited, and will it count those days?",
    citation="House rule: a referral closed near a move before the first contact. Practice reviews describe children "
    "who are always on a waiting list.",
    parameters=("reset_days_before", "reset_days_after", "reset_words", "window_months"),
    needs=("placed_at", "referrals|referrals:*"),
)
def waiting_list_reset(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A referral was closed at a move before the first contact, and the wait began again.

    One finding for each referral closed in the last 12 months, from 14 days before a change of carer to 60 days
    after it, because of a move or for no recorded reason. Shown with it, of the same need: how often, the days
    waited in all, in how many areas, and the contacts received. A referral that another continues with the same
    clock is not reset.
    """
    first = since(records, t, parameters)
    if outcome := not_looked_after(records, first, t):
        yield outcome
        return
    resets = _resets(records, parameters)
    found = [r for r in resets if first <= r.closed <= t]
    yield from (_reset(records, r, resets, t) for r in found)
    if not found:
        yield _none(records, first, t, parameters)


@dataclass(frozen=True)
class _Reset:
    referral: Referral
    closed: date
    move: Stay


def _resets(records: Records, parameters: Parameters) -> list[_Reset]:
    """Every referral closed at a move with no first contact, in order of closing."""
    moved = [after for _, after in moves(records)]
    found = []
    for r in records.of(Referral):
        if records.child.id not in r.about or r.closed is None or r.first_contact:
            continue
        at = [s for s in moved if _closed_at(r, r.closed, s, parameters)]
        if at and _tells_of_a_move(r, parameters) and not _kept(records, r):
            nearest = min(at, key=lambda s: (abs((r.closed or s.start) - s.start), s.start))
            found.append(_Reset(r, r.closed, nearest))
    return sorted(found, key=lambda each: (each.closed, each.referral.id))


def _closed_at(r: Referral, closed: date, stay: Stay, parameters: Parameters) -> bool:
    opens = stay.start - timedelta(days=parameters.reset_days_before)
    closes = stay.start + timedelta(days=parameters.reset_days_after)
    return opens <= closed <= closes and (r.made or date.max) < stay.start


def _tells_of_a_move(r: Referral, parameters: Parameters) -> bool:
    words = "|".join(re.escape(w) for w in parameters.reset_words)
    return not r.closed_reason or bool(re.search(rf"\b({words})\b", r.closed_reason, re.IGNORECASE))


def _kept(records: Records, r: Referral) -> bool:
    """Whether another referral goes on with its clock."""
    clock = r.clock_start or r.made
    later = (other for other in records.of(Referral) if r.id in other.continues)
    return any(o.clock_start is None or (clock is not None and o.clock_start <= clock) for o in later)


def _reset(records: Records, reset: _Reset, resets: list[_Reset], t: date) -> Outcome:
    r, need = reset.referral, _plain(reset.referral.need)
    same = [x for x in records.of(Referral) if records.child.id in x.about and _plain(x.need) == need]
    so_far = [x for x in resets if _plain(x.referral.need) == need]
    contacts = _contacts(records, same, need)
    waited = days_in(joined((x.clock_start or x.made, x.first_contact or x.closed or t) for x in same))
    areas = len(set().union(*(_areas(records, x) for x in same)))
    told = f"The referral for {r.need} made on {day(r.made or reset.closed)} was closed on {day(reset.closed)}"
    moved = f"{_beside(reset)} the move of {day(reset.move.start)}, with no first contact on record"
    where = f" in {counted(areas, 'area')}" if areas > 1 else ""
    many = counted(len(contacts), "contact")
    total = f"For {r.need} in all: {days(waited)} waited{where}, {counted(len(so_far), 'wait')} closed at moves, {many}"
    return raised(
        f"{told}, {moved}. {total} on record.",
        subject=subject_of(r),
        of=[r, reset.move.first, *(x for x in same if x.id != r.id), *contacts],
        resets=len(so_far), days_waited=waited, contacts=len(contacts), areas=areas, referrals=len(same),
    )  # fmt: skip


def _beside(reset: _Reset) -> str:
    n = (reset.closed - reset.move.start).days
    return f"{days(abs(n))} {'after' if n > 0 else 'before'}" if n else "on the day of"


def _contacts(records: Records, same: list[Referral], need: str) -> list[Record]:
    """First contacts for a need, and professionals who came for it."""
    seen: list[Record] = [r for r in same if r.first_contact]
    came: list[Involvement] = [i for i in involvements(records) if i.need and _plain(i.need) == need]
    return [*seen, *came]


def _areas(records: Records, r: Referral) -> set[str]:
    """The authorities whose areas the services asked serve; the service itself where no record says."""
    found = {s.to_id for s in (*records.of(Serves), *records.of(InArea)) if s.from_id in r.to}
    return found or set(r.to)


def _plain(text: str | None) -> str:
    return " ".join((text or "").casefold().split())


def _none(records: Records, first: date, t: date, parameters: Parameters) -> Outcome:
    """What is said where no referral was closed at a move."""
    if missing := uncovered(records, "placed_at", first - timedelta(days=parameters.reset_days_after), t):
        return not_assessable(missing)
    span = f"from {day(first)} to {day(t)}"
    near = (first - timedelta(days=parameters.reset_days_after), t + timedelta(days=parameters.reset_days_before))
    if not any(near[0] <= after.start <= near[1] for _, after in moves(records)):
        return clear(f"No change of carer near a day {span}, so that no wait began again.")
    if covers(records, "referrals", first, t):
        return clear(f"No referral on record was closed at a move before the first contact {span}.")
    kinds = [k for k in AGENCY_KINDS if covers(records, "referrals", first, t, k)]
    if not kinds:
        return not_assessable(uncovered(records, "referrals", first, t))
    to = listed("CAMHS" if k == "camhs" else k for k in kinds)
    said = f"No referral to {to} on record was closed at a move before the first contact {span}"
    return clear(f"{said}; loads cover no others.")
