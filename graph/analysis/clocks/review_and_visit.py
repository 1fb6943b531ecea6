"""Reviews and visits: what was due by law, and when it was done."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from graph.analysis.clocks import running
from graph.analysis.clocks.running import SI_2010_959, Period, Run, does_not_apply, due_by
from graph.analysis.shared import uncovered
from graph.calendars import birthday, common, first_of_months
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Agency, Attended, Involvement, LooksAfter, Meeting, PlacedAt, Professional
from graph.network import about_child, affiliation, held_on, meetings_held
from graph.parameters import Parameters
from graph.records import Records, Spell, Stay, attendance, covered, covers, during, holds_on, in_care, stays
from graph.reference import codes
from graph.words import counted, day, days, listed

REVIEW, VISIT = ("meetings", "review"), ("meetings", "visit")

# --- the law, as data ---


@dataclass(frozen=True)
class ReviewLaw:
    """How often a child's case is reviewed, between two days (half-open)."""

    start: date
    end: date | None
    first: Period
    second: Period
    later: Period


@dataclass(frozen=True)
class VisitLaw:
    """How often a child is visited, between two days (half-open)."""

    start: date
    end: date | None
    first: Period  # of the start of a placement
    first_year: Period
    later: Period
    until_18: Period  # after the first year, where the placement is meant to last to 18
    weekly: Period  # to the first review, where regulation 19 or 24 applies or under an interim order at home
    temporary: Period  # after that review, where regulation 24 applies or under an interim order at home


REVIEWS = (
    ReviewLaw(
        SI_2010_959, None, Period(20, "working days"), Period(3, "months"), Period(6, "months")
    ),
)  # fmt: skip
VISITS = (
    VisitLaw(
        SI_2010_959,
        None,
        first=Period(7, "days"),
        first_year=Period(42, "days"),
        later=Period(42, "days"),
        until_18=Period(3, "months"),
        weekly=Period(7, "days"),
        temporary=Period(28, "days"),
    ),
)


# --- reviews ---


@rule(
    "clocks.review",
    kind="S",
    question="What held the review up, and what was decided for the child in the meantime without it?",
    citation="Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959) regulation 33",
    parameters=("window_months",),
    needs=("looks_after", "meetings:review"),
)
def review(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A review of the child's case is overdue, or was held late in the last 12 months.

    The first within 20 working days of becoming looked after, the second within 3 months of the first, each later
    one within 6 months of the one before. One finding for each run of the clock, its subject what set it off: it is
    the same finding while the review is outstanding and once it was held late. Where reviews are covered only from
    some time after the child came into care, the first one seen is read as a later one.
    """
    if other := does_not_apply(records, t):
        yield other
        return
    first = first_of_months(t, parameters.window_months)
    runs = [r for r in review_runs(records, t) if r.open or r.closed >= first]
    over = [r for r in runs if r.over]
    covered_days = covered(records, *REVIEW)
    late = [running.certain(covered_days, r, _later_review) for r in over]
    measures = {"next_due": next_review_due(records, t)}
    for run in filter(None, late):
        yield _late_review(records, run, measures)
    unsure = [r for r, found in zip(over, late, strict=True) if not found]
    for run in unsure:
        yield not_assessable(running.missing(records, [REVIEW], run), subject=subject_of(run.of),
                             of=[run.of, run.done], **running.shown(run), **measures)  # fmt: skip
    if not over:
        yield _perhaps_the_first(records, first, t, measures) or _reviews_in_time(runs, t, measures)


def _perhaps_the_first(records: Records, first: date, t: date, measures: dict[str, Any]) -> Outcome | None:
    """What is said where the first review on record, read as a later one, may be the first of all; else None.

    The second is due sooner than later ones. By the day on which the second was due, it is read as a later one.
    """
    care = in_care(records, t)
    held = [m for m in meetings_held(records, "review") if care and care.start <= held_on(m)]
    if care is None or not held or covers(records, "meetings", care.start, held_on(held[0]), "review"):
        return None
    seen, following = held_on(held[0]), [held_on(m) for m in held[1:2]] or [t]
    if seen >= _second_review(due_by(REVIEWS, care.start, lambda law: law.first)):
        return None
    if following[0] <= _second_review(seen) or following[0] < first:
        return None
    missing = uncovered(records, "meetings", care.start, seen, "review")
    perhaps = f"the review of {day(seen)} may be the first and the next was due by {day(_second_review(seen))}"
    return not_assessable(f"{missing}, so that {perhaps}", subject=subject_of(held[0]), of=held[:2], **measures)


def review_runs(records: Records, t: date) -> list[Run]:
    """Every run of the review clock in the period of care that holds on day t; the last one is open.

    None where the child is not looked after on that day.
    """
    care = in_care(records, t)
    if care is None:
        return []
    held = [m for m in meetings_held(records, "review") if care.start <= held_on(m)]
    done = [(held_on(m), m) for m in held]
    return running.runs(care.start, care.rows[0], done, lambda n, _: _review_due(records, care, held, n), t)


def _review_due(records: Records, care: Spell, held: list[Meeting], n: int) -> date:
    """When the review that follows n others is due; the second is known as such only where all are covered."""
    if n == 0:
        return due_by(REVIEWS, care.start, lambda law: law.first)
    last = held_on(held[n - 1])
    if n == 1 and covers(records, "meetings", care.start, last, "review"):
        return _second_review(last)
    return _later_review(last)


def _second_review(d: date) -> date:
    return due_by(REVIEWS, d, lambda law: law.second)


def _later_review(d: date) -> date:
    return due_by(REVIEWS, d, lambda law: law.later)


def next_review_due(records: Records, t: date) -> date | None:
    """The day by which the next review is due: past where it is overdue.

    None where the child is not looked after on day t, or where no review is on record and loads do not cover
    reviews since the child came into care.
    """
    runs = [] if does_not_apply(records, t) else review_runs(records, t)
    if not runs:
        return None
    last = runs[-1]
    first = isinstance(last.of, LooksAfter)
    known = not first or last.due >= t or covers(records, "meetings", last.trigger, last.due, "review")
    return last.due if known else None


def _late_review(records: Records, run: Run, measures: dict[str, Any]) -> Outcome:
    which = "The first review" if isinstance(run.of, LooksAfter) and not run.unseen_from else "The review"
    said = running.late(run, which, "was held")
    put_off = [
        m for m in records.of(Meeting)
        if m.kind == "review" and m.status in ("adjourned", "cancelled") and m.on
        and run.trigger < m.on <= run.closed and about_child(records, m)
    ]  # fmt: skip
    when = listed(f"{day(held_on(m))} ({m.status})" for m in put_off)
    also = f" Not held: {when}, which does not stop the clock." if put_off else ""
    return raised(f"{said}.{running.since(run, 'reviews')}{also}", subject=subject_of(run.of),
                  of=[run.of, *put_off, run.done], **running.shown(run), **measures)  # fmt: skip


def _reviews_in_time(runs: list[Run], t: date, measures: dict[str, Any]) -> Outcome:
    due = measures["next_due"]
    soon = f" The next is due by {day(due)}." if due else ""
    shown = running.shown(runs[-1]) if runs else {}
    return clear(f"No review is overdue on {day(t)} and none was late in the period.{soon}",
                 of=[r.done for r in runs], **shown, **measures)  # fmt: skip


# --- visits ---

# Who visits for the authority. A visit by someone known only in other roles is not one of these visits.
VISITORS = frozenset({"social_worker", "team_manager"})
# Long-term foster homes are meant to last to 18 (SI 2010/959 regulation 2, from 2015: "long term foster
# placement"), where the source does not say otherwise.
LONG_TERM = frozenset({"U1", "U4"})
INTERIM_ORDER = "C1"


@rule(
    "clocks.visit",
    kind="S",
    question="Who has seen the child here, how often, and does the child say that it is often enough?",
    citation="SI 2010/959 regulation 28(2) to (5)",
    parameters=("window_months",),
    needs=("looks_after", "meetings:visit"),
)
def visit(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A social worker's visit to the child is overdue, or visits were late in the last 12 months.

    One finding for each placement; each move starts the clock again. Within a week of the start of a placement;
    then at most six weeks apart in its first year, and after it, or three months where it is meant to last to 18.
    With parents: six weeks apart throughout; under an interim care order, or on a temporary approval (`basis`:
    regulation 24), weekly to the first review and then four weeks apart; before the assessment of parents is done
    (`basis`: regulation 19), weekly to the first review and then six weeks apart.

    Read by the general rule, because the records do not tell them apart: a long-term foster home of a year or
    more where the child agreed to six months (28(3A), from 2015), a care order made while the child lives with
    parents (28(5)(a), a week from the order), and a child in another's arrangements (28(6)). A placement that
    nothing says is meant to last to 18 is read as one that is not.
    """
    if other := does_not_apply(records, t):
        yield other
        return
    first = first_of_months(t, parameters.window_months)
    care = in_care(records, t)
    here = [s for s in stays(records) if care and s.start >= care.start and during(s, first, t)]
    visits = _visits(records)
    on_record = any(held_on(v) >= first for v in visits)
    in_part = common(covered(records, "meetings", "visit"), ((first, t + timedelta(days=1)),))
    if not here:
        yield not_assessable("no placement is on record in the period")
    elif not on_record and not in_part:
        yield not_assessable(uncovered(records, "meetings", first, t, "visit"), of=[s.first for s in here])
    else:
        yield from (_visits_in(records, stay, visits, first, t) for stay in here)


def _visits_in(records: Records, stay: Stay, visits: list[Meeting], first: date, t: date) -> Outcome:
    """What there is to say of the visits in one placement."""
    runs = [r for r in visit_runs(records, stay, visits, t) if r.open or r.closed >= first]
    over = [r for r in runs if r.over]
    covered_days = covered(records, *VISIT)
    found = [running.certain(covered_days, r, lambda d: _visit_due(records, stay, d)) for r in over]
    late = [r for r in found if r]
    unsure = [r for r, certain in zip(over, found, strict=True) if not certain]
    subject, placement = subject_of(stay.first), f"the placement of {day(stay.start)}"
    last = runs[-1] if runs else None
    next_due = last.due if last and last.open else None
    measures: dict[str, Any] = {"visits": sum(1 for r in runs if r.done), "next_due": next_due}
    if late:
        return _late_visits(late, placement, subject, stay, measures)
    if unsure:
        return not_assessable(running.missing(records, [VISIT], unsure[0]), subject=subject,
                              of=[stay.first], **measures)  # fmt: skip
    if missing := _perhaps_weekly(records, stay, runs):
        return not_assessable(f"{missing}, so that visits may still have been due weekly", subject=subject,
                              of=[stay.first], **measures)  # fmt: skip
    soon = f" The next is due by {day(next_due)}." if next_due else ""
    return clear(f"No visit in {placement} was late in the period or is overdue on {day(t)}.{soon}",
                 subject=subject, of=[stay.first, *(r.done for r in runs)], **measures)  # fmt: skip


def _perhaps_weekly(records: Records, stay: Stay, runs: list[Run]) -> str:
    """What is missing to say that a review had ended weekly visits that a run would be too long for; else nothing."""
    after_visits = (r for r in runs if isinstance(r.of, Meeting))
    for run in (r for r in after_visits if _until_a_review(records, _row_on(stay, r.trigger), r.trigger)):
        due = due_by(VISITS, run.trigger, lambda law: law.weekly)
        held = any(stay.start <= held_on(m) <= due for m in meetings_held(records, "review"))
        if run.closed > due and not held:
            return uncovered(records, "meetings", stay.start, run.trigger, "review")
    return ""


def _late_visits(late: list[Run], placement: str, subject: str, stay: Stay, measures: dict[str, Any]) -> Outcome:
    outstanding = next((r for r in late if r.open), None)
    done = [r for r in late if r.done]
    missed = [r for r in late if not r.done and not r.open]
    parts = []
    if outstanding:
        parts.append(f"the visit due by {day(outstanding.due)} is {days(outstanding.days)} overdue, "
                     f"with no record of it up to {day(outstanding.closed)}")  # fmt: skip
    if done:
        when = listed(f"{day(r.closed)} ({days(r.days)})" for r in done)
        parts.append(f"{counted(len(done), 'visit')} came late: {when}")
    for run in missed:
        parts.append(f"the visit due by {day(run.due)} is not on record before it ended")
    worst = max(late, key=lambda r: (r.open, r.days))
    return raised(
        f"In {placement}, {'; '.join(parts)}.{running.since(worst, 'visits')}",
        subject=subject,
        of=[stay.first, *(r.of for r in late), *(r.done for r in late)],
        late=[running.shown(r) for r in late],
        **running.shown(worst),
        **measures,
    )


def visit_runs(records: Records, stay: Stay, visits: Sequence[Meeting], t: date) -> list[Run]:
    """Every run of the visit clock in one placement up to day t: the last is open, or ends with the placement."""
    end = stay.end
    inside = [v for v in visits if stay.start <= held_on(v) and (end is None or held_on(v) < end)]
    done = [(held_on(v), v) for v in inside]

    def due(n: int, trigger: date) -> date:
        return _visit_due(records, stay, trigger, first=n == 0)

    return running.runs(stay.start, stay.first, done, due, t, end)


def _visit_due(records: Records, stay: Stay, trigger: date, first: bool = False) -> date:
    """When the visit after this one, or after the start of the placement, is due."""
    return due_by(VISITS, trigger, lambda law: _interval(records, stay, trigger, law, first))


def _interval(records: Records, stay: Stay, trigger: date, law: VisitLaw, first: bool) -> Period:
    row = _row_on(stay, trigger)
    if first:
        return law.first
    if _until_a_review(records, row, trigger) and not _reviewed(records, stay, trigger, law):
        return law.weekly
    if _is_temporary_approval(records, row, trigger):
        return law.temporary
    if row.place_type in codes.WITH_PARENTS or law.first_year.after(trigger) < birthday(stay.start, 1):
        return law.first_year
    return law.until_18 if _until_18(row) else law.later


def _row_on(stay: Stay, on: date) -> PlacedAt:
    """The row of a placement that holds on a day."""
    return next((r for r in reversed(stay.rows) if isinstance(r, PlacedAt) and holds_on(r, on)), stay.first)


def _until_a_review(records: Records, row: PlacedAt, on: date) -> bool:
    """Whether visits are weekly until the first review."""
    return _is_temporary_approval(records, row, on) or _rests_on(row, "19")


def _is_temporary_approval(records: Records, row: PlacedAt, on: date) -> bool:
    at_home = row.place_type in codes.WITH_PARENTS
    return _rests_on(row, "24") or (at_home and _order(records, on) == INTERIM_ORDER)


def _rests_on(row: PlacedAt, regulation: str) -> bool:
    """Whether the placement rests on a regulation, as its `basis` says: "regulation 24", "reg 24"."""
    words = (row.basis or "").casefold().replace(".", " ").split()
    return any(w.startswith("reg") and n == regulation for w, n in zip(words, words[1:], strict=False))


def _order(records: Records, on: date) -> str | None:
    return next((r.legal_status for r in records.of(LooksAfter) if holds_on(r, on)), None)


def _reviewed(records: Records, stay: Stay, on: date, law: VisitLaw) -> bool:
    """Whether a review ends the weekly visits before the next is due; taken to where reviews are not covered."""
    held = any(stay.start <= held_on(m) <= law.weekly.after(on) for m in meetings_held(records, "review"))
    return held or not covers(records, "meetings", stay.start, on, "review")


def _until_18(row: PlacedAt) -> bool:
    return row.place_type in LONG_TERM if row.until_18 is None else row.until_18


def _visits(records: Records) -> list[Meeting]:
    """Visits at which the child was seen by a social worker, or by someone the record does not name."""
    return [
        m
        for m in meetings_held(records, "visit", "joint visit")
        if m.seen is not False and _by_social_worker(records, m)
    ]


def _by_social_worker(records: Records, meeting: Meeting) -> bool:
    came = [
        a
        for a in attendance(records, meeting.id)
        if a.how in ("present", "substitute") and isinstance(records.get(a.from_id), Professional | Agency)
    ]
    return not came or any(_may_visit(records, a, held_on(meeting)) for a in came)


def _may_visit(records: Records, row: Attended, on: date) -> bool:
    """A social worker, or someone of social care whose role nobody recorded."""
    own = [i for i in records.of(Involvement) if i.from_id == row.from_id]
    now = [i for i in own if holds_on(i, on)] or own
    if now:
        return any(i.role in VISITORS for i in now)
    return affiliation(records, row.from_id, on, row).kind in (None, "social care")
