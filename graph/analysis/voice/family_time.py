"""Family time: what a plan promises, and what is on record of it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from graph.analysis.clocks.running import Run, certain, missing, shown
from graph.analysis.shared import uncovered
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Meeting, Person, Plan
from graph.network import held_on, meetings_held
from graph.parameters import Parameters
from graph.records import Records, attendance, covered
from graph.words import day, days, listed


@rule(
    "voice.contact_not_delivered",
    kind="H",
    question="What stood in the way of family time, and what has the child been told about it?",
    citation="Children Act 1989 section 34 and Schedule 2, paragraph 15; the interval is the plan's own",
    parameters=(),
    needs=("plans:family time", "meetings:family time"),
)
def contact_not_delivered(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A plan for family time is in force, and no family time is on record in its last interval.

    One finding for each plan. Counted from the last time on record, or from the start of the plan. Time with the
    people the plan names counts, and time with nobody recorded by name.
    """
    in_force = [p for p in records.of(Plan) if p.kind == "family time" and records.child.id in p.about
                and (p.start or p.made_on or t) <= t and (p.end is None or p.end > t)]  # fmt: skip
    for plan in in_force:
        yield _family_time(records, plan, t)
    if short := uncovered(records, "plans", t, t, "family time"):
        yield not_assessable(short)
    elif not in_force:
        yield clear(f"No plan for family time is on record on {day(t)}.")


def _family_time(records: Records, plan: Plan, t: date) -> Outcome:
    subject, begins = subject_of(plan), plan.start or plan.made_on or t
    if not plan.interval:
        return not_assessable("the plan for family time does not say how often", subject=subject, of=[plan])
    times = [m for m in meetings_held(records, "family time") if held_on(m) >= begins and _is_with(records, m, plan)]
    last = held_on(times[-1]) if times else begins
    due = last + timedelta(days=plan.interval)
    run = Run(last, times[-1] if times else plan, due, None, t, True)
    measures: dict[str, Any] = {"interval": plan.interval, "times": len(times), **shown(run)}
    every = f"every {days(plan.interval)}" if plan.interval > 1 else "every day"
    whom = f" with {listed(records.name(i) for i in plan.with_)}" if plan.with_ else ""
    told = f"the last on record was on {day(last)}" if times else f"none is on record since it began on {day(begins)}"
    said = f"Family time{whom} is planned {every}; {told}"
    if not run.over:
        return clear(f"{said}.", subject=subject, of=[plan, *times[-1:]], **measures)
    found = certain(covered(records, "meetings", "family time"), run, lambda d: d + timedelta(days=plan.interval or 0))
    if found is None:
        short = missing(records, [("meetings", "family time")], run)
        return not_assessable(short, subject=subject, of=[plan, *times[-1:]], **measures)
    since_when = f", of which loads tell from {day(found.unseen_from)}" if found.unseen_from else ""
    return raised(f"{said}, {days(found.days)} over up to {day(found.closed)}{since_when}.", subject=subject,
                  of=[plan, *times[-1:]], **{**measures, **shown(found)})  # fmt: skip


def _is_with(records: Records, meeting: Meeting, plan: Plan) -> bool:
    """Whether the people a plan names were there, or nobody is recorded by name."""
    people = [a for a in attendance(records, meeting.id) if isinstance(records.get(a.from_id), Person)]
    if not people or not plan.with_:
        return True
    return any(a.from_id in plan.with_ and a.how == "present" for a in people)
