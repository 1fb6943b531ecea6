"""Return interviews: what the child could say on coming back."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from graph.analysis.clocks.running import (
    Need,
    Period,
    Run,
    Timescale,
    certain,
    due,
    grown_up,
    late,
    law_on,
    missing,
    seen,
    shown,
)
from graph.analysis.shared import since, uncovered
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Event
from graph.parameters import Parameters
from graph.records import Records
from graph.words import day, days

# 72 hours. Records have days and no hours: three days after the day of return.
RETURN_INTERVIEW = (
    Timescale(
        "return interview", "return from a missing period", Period(3, "days"), "G",
        "Statutory guidance on children who run away or go missing from home or care (2014)", date(2014, 1, 1),
    ),
)  # fmt: skip
# The 903 has missing periods and no interviews: they are a part of their own.
INTERVIEWS: tuple[Need, ...] = (("events", "return interview"),)


@rule(
    "clocks.return_interview",
    kind="G",
    question="Who did the child talk to on coming back, and what was done with what was said?",
    citation="Statutory guidance on children who run away or go missing from home or care (2014): within 72 hours of "
    "return. Every authority misses some: it is no measure of one.",
    parameters=("window_months",),
    needs=("events:missing", "events:return interview"),
)
def return_interview(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """There is no record of an interview within 72 hours of the return from a missing period, or it was held later.

    One finding for each missing period. Records have days and no hours: in time is three days after the day of
    return. Raised for interviews that fell due or were held in the last 12 months; those in time are shown whenever
    they were.
    """
    if other := grown_up(records, t):
        yield other
        return
    first = since(records, t, parameters)
    periods = [e for e in records.of(Event) if e.kind == "missing" and records.child.id in e.about]
    for event in periods:
        yield _interviewed(records, event, first, t)
    if short := uncovered(records, "events", first, t, "missing"):
        yield not_assessable(short)
    elif not periods:
        yield clear(f"No missing period is on record from {day(first)} to {day(t)}.")


def _interviewed(records: Records, event: Event, first: date, t: date) -> Outcome:
    """What there is to say of one missing period."""
    subject, back, held = subject_of(event), event.end, event.interview_on
    gone = f"Missing from {day(event.on or t)}"
    if back is None:
        return clear(f"{gone}: no return is on record, and the interview is due within 72 hours of it.",
                     subject=subject, of=[event])  # fmt: skip
    if held and held < back:
        return not_assessable(f"the return interview on record is dated {day(held)}, before the return on {day(back)}",
                              subject=subject, of=[event])  # fmt: skip
    run = Run(back, event, due(RETURN_INTERVIEW, back), event if held else None, held or t, held is None)
    found = run if held or not run.over else certain(seen(records, INTERVIEWS), run)
    if found is None:
        return not_assessable(missing(records, INTERVIEWS, run), subject=subject, of=[event], **shown(run))
    began = law_on(RETURN_INTERVIEW, back)
    if began and found.over and max(run.due, held or run.due) >= first:
        said = late(found, "the return interview", "was held")
        return raised(f"{gone} to {day(back)}: {said}.", subject=subject, of=[event], **shown(found))
    said = _in_time(run, first) if began else _before_the_guidance(run)
    return clear(f"{gone} to {day(back)}: {said}.", subject=subject, of=[event], **shown(run))


def _before_the_guidance(run: Run) -> str:
    held = f"a return interview was held on {day(run.closed)}" if run.done else "no return interview is on record"
    return f"{held}; the guidance had not begun"


def _in_time(run: Run, first: date) -> str:
    if run.done and not run.over:
        return f"the return interview due by {day(run.due)} was held on {day(run.closed)}"
    if run.done:
        return f"the return interview was held on {day(run.closed)}, {days(run.days)} late, before {day(first)}"
    if run.over:
        return f"no return interview is on record; it fell due before {day(first)}, from which this rule looks"
    return f"the return interview is due by {day(run.due)}"
