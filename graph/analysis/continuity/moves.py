"""Continuity: the cycle of crisis and move, and placements that ended without a review."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import Any

from graph.analysis.cohort.features import ended_unplanned
from graph.analysis.shared import beside_moves, home, not_looked_after, recent_moves, since, uncovered
from graph.calendars import add_months, first_of_months
from graph.findings import Outcome, clear, not_applicable, not_assessable, raised, rule, subject_of
from graph.model import Assessment, Event, PlacedAt, Record
from graph.network import held_on, meetings_held
from graph.parameters import DEFAULTS, Parameters
from graph.records import Records, Stay, covers, looked_after, stays
from graph.reference import codes
from graph.words import counted, day, days, listed

# --- crisis, move, calm, and crisis again ----------------------------------------------------------------

BIN = 14  # days that a letter of the string stands for
PERSISTENT = 3  # cycles from which the pattern is called persistent


def _table(kind: str) -> str:
    """Where a kind of crisis is recorded."""
    return "assessments" if kind == "s47" else "events"


NEEDS = tuple(f"{_table(kind)}:{kind}" for kind in DEFAULTS.crisis_kinds)


@rule(
    "continuity.start_again",
    kind="H",
    question="What was the child telling with each crisis, and what would have let the home last through it?",
    citation="The “start again syndrome” of practice reviews, as a pattern over the child's own events: a move, calm, "
    "a crisis and the next move; the days and the events that count are house rules.",
    parameters=(
        "start_again_cycles", "start_again_months", "calm_days", "crisis_before_days", "crisis_kinds", "crisis_feeds",
    ),
    needs=("placed_at", *NEEDS),
)  # fmt: skip
def start_again(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """Move, calm, crisis and move again: the same cycle at least twice in 24 months.

    A cycle is one placement: four weeks or more without a crisis after it began, then a crisis, the last of them
    no more than eight weeks before the next move. It counts where both moves fall in the months looked at. A
    move that the records call planned ends a cycle without counting it. A crisis on the day of a move belongs to
    the placement that ended. Calm is only told from silence where loads cover missing periods, exclusions and
    self-harm; kinds of crisis that are not covered are named.
    """
    first = max(first_of_months(t, parameters.start_again_months), records.child.born or date.min)
    if outcome := not_looked_after(records, first, t):
        yield outcome
        return
    lived = _lived(records, first, t, parameters)
    moved = [p for p in lived if p.next_start and p.start >= first and not p.planned]
    cycles = [p for p in moved if p.is_cycle(parameters)]
    rows = [r for p in lived for r in p.stay.rows]
    measures = {**_measures(lived, cycles, t), **({"persistent": True} if len(cycles) >= PERSISTENT else {})}
    unseen = _unseen(records, first, t, parameters)
    missing = uncovered(records, "placed_at", first, t)
    if len(cycles) >= parameters.start_again_cycles and not set(unseen) & set(parameters.crisis_feeds):
        crises = [c for p in cycles for c in p.crises]
        yield raised(_cycles_said(records, cycles, unseen, parameters), of=[*rows, *crises], **measures)
    elif missing:
        yield not_assessable(missing, of=rows, **measures)
    elif len(moved) >= parameters.start_again_cycles and unseen:
        span = f"from {day(first)} to {day(t)}"
        yield not_assessable(f"no load covers {listed(unseen)} (events, assessments) {span}", of=rows, **measures)
    else:
        said = f"{counted(len(cycles), 'cycle')} of move, calm, crisis and move from {day(first)} to {day(t)}"
        yield clear(f"{said}.", of=rows, **measures)


@dataclass(frozen=True)
class _Lived:
    """A placement with the crises in it, and the day of the next move."""

    stay: Stay
    next_start: date | None
    crises: tuple[Event | Assessment, ...]
    planned: bool

    @property
    def start(self) -> date:
        return self.stay.start

    def calm(self, t: date) -> int:
        """Days from its beginning to the first crisis, or to its end or t where there was none."""
        until = _on(self.crises[0]) if self.crises else self.next_start or self.stay.end or t
        return (min(until, t) - self.start).days

    def is_cycle(self, parameters: Parameters) -> bool:
        """Calm at first, then a crisis, the last not long before the next move."""
        if not self.crises or self.next_start is None:
            return False
        settled = (_on(self.crises[0]) - self.start).days >= parameters.calm_days
        return settled and (self.next_start - _on(self.crises[-1])).days <= parameters.crisis_before_days

    def letters(self, t: date) -> str:
        """M for the move, then a letter a fortnight: S calm, C crisis."""
        length = ((self.next_start or self.stay.end or t) - self.start).days
        crisis = {(_on(c) - self.start).days // BIN for c in self.crises}
        fortnights = max(-(-length // BIN), max(crisis, default=-1) + 1)
        return "M" + "".join("C" if n in crisis else "S" for n in range(fortnights))


def _lived(records: Records, first: date, t: date, parameters: Parameters) -> list[_Lived]:
    """Each placement that held in the months looked at, with its crises."""
    homes, care = stays(records), looked_after(records)
    crises = _crises(records, parameters)
    found = []
    for stay, after in pairwise((*homes, None)):
        assert stay is not None
        goes_on = after is not None and any(c.holds(stay.start) and c.holds(after.start) for c in care)
        move = after.start if after and goes_on else None
        last = move or stay.end or t
        if last >= first and stay.start <= t:
            inside = tuple(c for c in crises if stay.start < _on(c) <= last)
            found.append(_Lived(stay, move, inside, ended_unplanned(stay) is False))
    return found


def _crises(records: Records, parameters: Parameters) -> list[Event | Assessment]:
    kinds = set(parameters.crisis_kinds)
    events: list[Event | Assessment] = [e for e in records.of(Event) if e.kind in kinds and e.on]
    events += [a for a in records.of(Assessment) if a.kind == "s47" and "s47" in kinds and a.on]
    return sorted((e for e in events if records.child.id in e.about), key=lambda e: (_on(e), e.id))


def _on(crisis: Event | Assessment) -> date:
    return crisis.on or date.min


def _unseen(records: Records, first: date, t: date, parameters: Parameters) -> list[str]:
    """The kinds of crisis that loads do not cover on every day."""
    return [k for k in parameters.crisis_kinds if not covers(records, _table(k), first, t, k)]


def _cycles_said(records: Records, cycles: list[_Lived], unseen: list[str], parameters: Parameters) -> str:
    each = "; ".join(
        f"moved on {day(p.start)}, {days(p.calm(p.next_start or p.start))} of calm, then {_kinds(p)}, moved on "
        f"{day(p.next_start or p.start)}"
        for p in cycles
    )
    often = "persistently, " if len(cycles) >= PERSISTENT else ""
    beside = f" Not covered by any load: {listed(unseen)}." if unseen else ""
    span = f"in {parameters.start_again_months} months"
    return f"Move, calm, crisis and move again {often}{len(cycles)} times {span}: {each}.{beside}"


def _kinds(lived: _Lived) -> str:
    return listed(dict.fromkeys(str(c.kind) for c in lived.crises))


def _measures(lived: list[_Lived], cycles: list[_Lived], t: date) -> dict[str, Any]:
    """The cycles, the calm after each move, and where the child is now: description, not forecast."""
    now = lived[-1] if lived and lived[-1].next_start is None else None
    last = max((_on(c) for c in now.crises), default=now.start) if now else None
    return {
        "cycles": len(cycles),
        "listed": [
            {"moved": p.start, "calm_days": p.calm(t), "crises": len(p.crises), "moved_again": p.next_start}
            for p in cycles
        ],
        "calm_days_after_each_move": [p.calm(t) for p in lived],
        "days_since_last_crisis_or_move": (t - last).days if last else None,
        "string": " ".join(p.letters(t) for p in lived),
    }


# --- ended by the authority, with no review before -------------------------------------------------------

# Regulation 14 of SI 2010/959 came into force with the others.
REGULATION_14_SINCE = date(2011, 4, 1)
# Regulations under which a placement may end without a review (14(5)).
WITHOUT_REVIEW = ("19", "23", "24", "25")


@rule(
    "continuity.ended_without_review",
    kind="S",
    question="Where was the decision to end this placement made, and was the child part of it?",
    citation="Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959) regulation 14. In how "
    "many months before the end the review falls, and which reasons of the 903 say that the authority ended it, are "
    "house rules.",
    parameters=("review_before_months", "ended_by_authority", "window_months"),
    needs=("placed_at", "meetings:review"),
)
def ended_without_review(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The authority ended a placement with no review of the child's case before it.

    One finding for each placement that ended in a move. The review is one held while the child lived there, in the
    six months before the end, its day included; whether it looked at the move is not on record. Placements that the
    carer, the provider or the child ended are clear, and so is an end recorded as an emergency (14(3): immediate
    risk of significant harm, or of serious injury to others). Who ended one without a reason on record cannot be
    said, nor under which of the exceptions of 14(5) one fell that rested on regulation 19, 23 or 24.
    """
    first = since(records, t, parameters)
    yield from beside_moves(records, first, t)
    for before, after in recent_moves(records, first, t):
        yield _ended(records, before, after, parameters)


def _ended(records: Records, before: Stay, after: Stay, parameters: Parameters) -> Outcome:
    subject, end, last = subject_of(before.first), after.start, before.last
    rows: list[Record] = [last, after.first]
    if end < REGULATION_14_SINCE:
        return not_applicable("the regulations were not yet in force", subject=subject)
    if last.change_reason not in parameters.ended_by_authority:
        return _not_by_authority(records, before, rows)
    of, place = [*rows], f"the placement at {home(records, before)}"
    reason = codes.meaning("change", last.change_reason).lower()
    if held := _reviewed(records, before, end, parameters):
        gap = days((end - held_on(held[-1])).days)
        said = f"The authority ended {place} on {day(end)} ({reason}); the last review was on {day(held_on(held[-1]))}"
        return clear(f"{said}, {gap} before.", subject=subject, of=[*of, held[-1]], days_before=gap)
    if after.first.emergency:
        said = f"The authority ended {place} on {day(end)} ({reason}); the next was made in an emergency"
        return clear(f"{said}, for which regulation 14(3) asks no review first.", subject=subject, of=of)
    if basis := _basis(before):
        why = f"under which regulation {place} ended is not on record (it rested on “{basis}”; regulation 14(5))"
        return not_assessable(why, subject=subject, of=of)
    look = max(before.start, add_months(end, -parameters.review_before_months))
    if missing := uncovered(records, "meetings", look, end, "review"):
        return not_assessable(missing, subject=subject, of=of)
    span = f"no record of a review from {day(look)} to {day(end)}"
    said = f"The authority ended {place} on {day(end)} ({reason}): {span}."
    ask = "Was anyone at immediate risk (regulation 14(3)), and if not, where was the decision to end it made?"
    return raised(said, subject=subject, of=of, question=ask)


def _not_by_authority(records: Records, before: Stay, rows: list[Record]) -> Outcome:
    subject, last, place = subject_of(before.first), before.last, home(records, before)
    if last.change_reason in (None, "OTHER"):
        return not_assessable(f"who ended the placement at {place} is not on record", subject=subject, of=rows)
    reason = codes.meaning("change", last.change_reason).lower()
    said = f"The record does not say that the authority ended the placement at {place}: {reason}."
    return clear(said, subject=subject, of=rows)


def _reviewed(records: Records, stay: Stay, end: date, parameters: Parameters) -> list[Any]:
    look = max(stay.start, add_months(end, -parameters.review_before_months))
    return [m for m in meetings_held(records, "review") if look <= held_on(m) <= end]


def _basis(stay: Stay) -> str | None:
    """What a placement rested on, where that is one of the regulations of 14(5)."""
    for row in stay.rows:
        words = (row.basis or "").casefold().replace(".", " ").split() if isinstance(row, PlacedAt) else []
        if any(w.startswith("reg") and n in WITHOUT_REVIEW for w, n in pairwise(words)):
            return row.basis if isinstance(row, PlacedAt) else None
    return None
