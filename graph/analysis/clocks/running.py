"""A clock as it runs: what the law asks, from which day, by when, and whether it was in time.

A clock runs from what actually happened before (the start of care, the last review, a conference), in calendar
months, days or working days, by the law in force on that day. Done late differs from outstanding. Lateness is
certain only where loads cover the days on which the thing could have been done.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import reduce
from typing import Any, Literal, Protocol, TypeVar

from graph.analysis.shared import called, no_load_covers, not_looked_after
from graph.calendars import Days, add_months, add_working_days, birthday, common, joined, without
from graph.findings import Authority, Outcome, clear, not_applicable, not_assessable, raised, subject_of
from graph.model import PlacedAt, Record
from graph.records import Records, covered, holds_on
from graph.words import day, days

# A table, or a part of it, that must be covered.
Need = tuple[str, str | None]

# --- the law, as data ---


@dataclass(frozen=True)
class Period:
    """A length of time as a regulation says it."""

    n: int
    unit: Literal["working days", "days", "months"]

    def after(self, d: date) -> date:
        """The last day on which a thing due within this period of d is in time."""
        if self.unit == "working days":
            return add_working_days(d, self.n)
        return add_months(d, self.n) if self.unit == "months" else d + timedelta(days=self.n)


class Dated(Protocol):
    """Something that is law between two days (half-open)."""

    @property
    def start(self) -> date:
        """The first day."""

    @property
    def end(self) -> date | None:
        """The first day on which it no longer is; None = it still is."""


@dataclass(frozen=True)
class Timescale:
    """One thing that is due within a period of another, on whose authority, between two days (half-open)."""

    what: str
    trigger: str
    period: Period
    kind: Authority
    citation: str
    start: date
    end: date | None = None


Law = TypeVar("Law", bound=Dated)

# SI 2010/959 came into force on 1 April 2011. No earlier law is held: before it no clock of it runs.
SI_2010_959 = date(2011, 4, 1)


def law_on(laws: Sequence[Law], d: date) -> Law | None:
    """The law in force on a day, or None where none is held."""
    return next((law for law in laws if law.start <= d and (law.end is None or d < law.end)), None)


def due_by(laws: Sequence[Law], trigger: date, period: Callable[[Law], Period]) -> date:
    """When something is due after a day. What an earlier law had set off is due once this one begins."""
    begins = min(law.start for law in laws)
    law = law_on(laws, max(trigger, begins)) or laws[-1]
    return max(period(law).after(trigger), begins)


def due(laws: Sequence[Timescale], trigger: date) -> date:
    """When something is due after a day, by the timescale in force."""
    return due_by(laws, trigger, lambda law: law.period)


# --- a run of a clock ---


@dataclass(frozen=True)
class Run:
    """A clock from its trigger to the thing done, to the end of what it ran for, or to the day we look from.

    of: the record that set it off. done: the record that stopped it. closed: the day it stopped, or the last
    day looked at. unseen_from: where loads do not reach back to the trigger, the first day they cover; the run
    is then counted from the day before, the latest on which something unseen could have been done.
    """

    trigger: date
    of: Record
    due: date
    done: Record | None
    closed: date
    open: bool = False
    unseen_from: date | None = None

    @property
    def over(self) -> bool:
        """Whether the due date passed before it was done."""
        return self.closed > self.due

    @property
    def days(self) -> int:
        """Days over."""
        return max(0, (self.closed - self.due).days)


def runs(
    start: date,
    of: Record,
    done: Sequence[tuple[date, Record]],
    due: Callable[[int, date], date],
    t: date,
    end: date | None = None,
) -> list[Run]:
    """Every run of a clock from a start: each thing done stops one and sets off the next, in the order given.

    due: when the thing that follows n others is due, from n and the day that sets it off. end: the day the clock
    stops for good; where that is later than t, or None, the last run is open.
    """
    points = [(start, of), *done]
    found = []
    for n, (trigger, record) in enumerate(points):
        after = done[n] if n < len(done) else None
        closed = after[0] if after else min(end or t, t)
        going = after is None and (end is None or end > t)
        found.append(Run(trigger, record, due(n, trigger), after[1] if after else None, closed, going))
    return found


def seen(records: Records, needs: Sequence[Need]) -> Days:
    """The days on which loads cover all of these."""
    return reduce(common, (covered(records, *need) for need in needs))


def certain(days: Days, run: Run, due_after: Callable[[date], date] | None = None) -> Run | None:
    """The run where its lateness is certain: loads cover every day in which the thing could have been in time.

    days: those that loads cover. Where they begin only after the trigger, it is counted from the day before they
    begin by `due_after`; without one, nothing is certain then.
    """
    for first, after in days:
        whole = first <= run.trigger + timedelta(days=1)
        if not whole and due_after is None:
            continue
        due = run.due if whole or due_after is None else due_after(first - timedelta(days=1))
        closed = run.closed if run.done else min(run.closed, after - timedelta(days=1))
        if run.trigger < after and due < after and due < closed:
            return replace(run, due=due, closed=closed, unseen_from=None if whole else first)
    return None


def certain_in_force(days: Days, run: Run) -> Run | None:
    """The same for what lasts, as a plan does: on a covered day after the due date none was in force."""
    for first, after in days:
        looked = max(first, run.due)
        closed = run.closed if run.done else min(run.closed, after - timedelta(days=1))
        if looked < after and looked < closed:
            return replace(run, closed=closed)
    return None


# --- to whom the clocks of looked-after children apply ---

# Once a child is placed for adoption the Adoption Agencies Regulations 2005 regulation 36 sets other clocks.
FOR_ADOPTION = frozenset({"A3", "A4", "A5", "A6"})


def does_not_apply(records: Records, t: date, begins: date = SI_2010_959) -> Outcome | None:
    """Why a clock of looked-after children does not run for this child on day t, or why that cannot be said.

    begins: the first day of the law behind it.
    """
    if outcome := grown_up(records, t):
        return outcome
    if t < begins:
        return not_applicable("the regulations were not yet in force")
    if outcome := not_looked_after(records, t, t):
        return outcome
    if any(p.place_type in FOR_ADOPTION and holds_on(p, t) for p in records.of(PlacedAt)):
        return not_applicable("the child is placed for adoption, which has clocks of its own")
    return None


def grown_up(records: Records, t: date) -> Outcome | None:
    """That a rule for children does not apply, where the child is 18 on day t."""
    born = records.child.born
    return not_applicable("the child is 18 or over") if born and t >= birthday(born, 18) else None


# --- what is said of runs ---


@dataclass(frozen=True)
class Words:
    """How the sentences of a clock name it: what is due, how it is done, and the records that tell of it.

    "The health assessment", "was made", "health assessments".
    """

    what: str
    done: str
    records: str


def shown(run: Run) -> dict[str, Any]:
    """A run as numbers: its trigger, due date, date done, and the days late (done) or over (not done)."""
    late = {"late_days" if run.done else "days_over": run.days}
    return {"trigger": run.trigger, "due": run.due, "done": run.closed if run.done else None, **late}


def late(run: Run, what: str, done: str) -> str:
    """That something was late or is overdue, without a full stop."""
    over = days(run.days)
    if run.done:
        return f"{what} due by {day(run.due)} {done} on {day(run.closed)}, {over} late"
    return f"{what} due by {day(run.due)} is {over} overdue: there is no record of it up to {day(run.closed)}"


def since(run: Run, what: str) -> str:
    """Where loads do not reach back to the trigger: from when the run is counted."""
    if not run.unseen_from:
        return ""
    return f" Loads cover {what} from {day(run.unseen_from)}: it is counted from the day before, at the latest."


def uncovered_of(records: Records, needs: Sequence[Need], first: date, t: date) -> str:
    """What to say where loads leave days from first to t out of any of these; empty where they cover all."""
    window = joined([(first, t + timedelta(days=1))])
    left = {need: without(window, covered(records, *need)) for need in needs}
    short = [need for need in needs if left[need]]
    if not short:
        return ""
    return no_load_covers([called(*need) for need in short], joined(d for need in short for d in left[need]))


def missing(records: Records, needs: Sequence[Need], run: Run) -> str:
    """What a load would have to cover to say whether a run was in time."""
    return uncovered_of(records, needs, min(run.trigger + timedelta(days=1), run.closed), run.closed)


def tell(
    records: Records,
    every: Sequence[Run],
    needs: Sequence[Need],
    words: Words,
    first: date,
    due_after: Callable[[date], date] | None = None,
    *,
    lasts: bool = False,
    also: str = "",
) -> Iterator[Outcome]:
    """What there is to say of a clock: one outcome a run that is over, else one that all were in time.

    every: its runs, the last one open or stopped. first: runs that stopped before this day are left alone. needs:
    what has to be covered. due_after, lasts: how lateness is certain (`certain`, `certain_in_force`). also: what is
    added to the reason where it cannot be said.
    """
    looked_at = [r for r in every if r.open or r.closed >= first]
    over = [r for r in looked_at if r.over]
    window = seen(records, needs)
    for run in over:
        found = certain_in_force(window, run) if lasts else certain(window, run, due_after)
        if found:
            said = f"{late(found, words.what, words.done)}.{since(found, words.records)}"
            yield raised(said, subject=subject_of(run.of), of=[run.of, run.done], **shown(found))
        else:
            yield not_assessable(f"{missing(records, needs, run)}{also}", subject=subject_of(run.of),
                                 of=[run.of, run.done], **shown(run))  # fmt: skip
    if not over and every:
        yield _in_time(records, every, needs, words, also)


def _in_time(records: Records, every: Sequence[Run], needs: Sequence[Need], words: Words, also: str) -> Outcome:
    last = every[-1]
    done = [r.done for r in every if r.done]
    if not done and not seen(records, needs):
        return not_assessable(f"{missing(records, needs, last)}{also}", subject=subject_of(last.of), of=[last.of])
    soon = f" The next is due by {day(last.due)}." if last.open and done else ""
    soon = f" It is due by {day(last.due)}." if last.open and not done else soon
    before = f" The last on record is of {day(max(r.closed for r in every if r.done))}." if done else ""
    said = f"{words.what} is not overdue and was not late in the period.{before}{soon}"
    return clear(said, of=[last.of, *done[-1:]], **shown(last), next_due=last.due if last.open else None)
