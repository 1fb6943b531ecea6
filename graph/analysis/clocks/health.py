"""Health assessments: the first one, and each after it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from graph.analysis.clocks.running import SI_2010_959, Period, Run, Timescale, Words, does_not_apply, due, runs, tell
from graph.calendars import birthday, first_of_months
from graph.findings import Outcome, rule
from graph.model import Assessment
from graph.parameters import Parameters
from graph.records import Records, Spell, in_care
from graph.words import day, listed

INITIAL, REVIEW = "initial health assessment", "review health assessment"
NEEDS = (("assessments", INITIAL), ("assessments", REVIEW))
WORDS = Words("The health assessment", "was made", "health assessments")
_REGULATION_7 = "SI 2010/959 regulation 7"
# Before the first placement or before the first review, that is within 20 working days.
FIRST = (
    Timescale("first health assessment", "start of care", Period(20, "working days"), "S", _REGULATION_7, SI_2010_959),
)
UNDER_FIVE = (
    Timescale("health assessment under five", "the last one", Period(6, "months"), "S", _REGULATION_7, SI_2010_959),
)
FROM_FIVE = (
    Timescale("health assessment from five", "the last one", Period(12, "months"), "S", _REGULATION_7, SI_2010_959),
)
# One made so shortly before care began counts as the first.
BEFORE_CARE = Period(-3, "months")


@rule(
    "clocks.health_assessment",
    kind="S",
    question="What was not known of the child's health in that time, and who has the whole of it now?",
    citation="SI 2010/959 regulation 7; Promoting the health and well-being of looked-after children (2015)",
    parameters=("window_months",),
    needs=("looks_after", *(f"{table}:{of}" for table, of in NEEDS)),
)
def health_assessment(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A health assessment is overdue, or was made late in the last 12 months.

    The first within 20 working days of becoming looked after, unless one was made in the 3 months before; then
    within 6 months of the last one before the fifth birthday, within 12 months from then on. Six months that end on
    the fifth birthday or later are read as twelve. One finding for each run of the clock, its subject what set it
    off. The yearly answer of the 903 tells that there was an assessment and not when: it stops no clock.
    """
    if other := does_not_apply(records, t):
        yield other
        return
    care = in_care(records, t)
    assert care  # it applies to looked-after children alone
    first = first_of_months(t, parameters.window_months)
    yield from tell(records, _runs(records, care, t), NEEDS, WORDS, first,
                    lambda d: _later(records, d), also=_yearly(records))  # fmt: skip


def _runs(records: Records, care: Spell, t: date) -> list[Run]:
    since = BEFORE_CARE.after(care.start)
    done = [(a.on, a) for a in records.of(Assessment) if a.kind in (INITIAL, REVIEW) and a.on and a.on >= since]
    # Of several before care began the last is the one that counts.
    before = [pair for pair in done if pair[0] < care.start][:-1]
    return runs(
        care.start, care.rows[0], [pair for pair in done if pair not in before],
        lambda n, d: due(FIRST, d) if n == 0 else _later(records, d), t,
    )  # fmt: skip


def _later(records: Records, last: date) -> date:
    """When the one after an assessment is due."""
    born = records.child.born
    sooner = due(UNDER_FIVE, last)
    return sooner if born and sooner < birthday(born, 5) else due(FROM_FIVE, last)


def _yearly(records: Records) -> str:
    """That the 903's yearly answer cannot stand in for a day, where there is one."""
    told = [a.on for a in records.of(Assessment) if a.kind == "health assessment" and a.on and a.result == "yes"]
    if not told:
        return ""
    years = listed(day(d) for d in told[-2:])
    return f"; the 903 says that there was one in the year to {years}, and not on which day"
