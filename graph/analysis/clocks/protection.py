"""Child protection: conferences, core groups, and enquiries again and again."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from graph.analysis.clocks.running import Need, Period, Run, Timescale, Words, due, grown_up, runs, tell, uncovered_of
from graph.analysis.shared import since, uncovered
from graph.calendars import first_of_months
from graph.findings import Outcome, clear, not_applicable, not_assessable, raised, rule
from graph.model import Assessment, Meeting, Plan, Record
from graph.network import held_on, meetings_held
from graph.parameters import Parameters
from graph.records import Records
from graph.words import counted, day, listed

CONFERENCE, REVIEW, CORE_GROUP = (
    "initial child protection conference", "review child protection conference", "core group",
)  # fmt: skip
_WORKING_TOGETHER = "Working Together to Safeguard Children"
# Editions since 2006 have the same days; no earlier one is held.
_SINCE = date(2006, 4, 1)
FIRST_REVIEW = (
    Timescale("first review conference", "initial conference", Period(3, "months"), "G", _WORKING_TOGETHER, _SINCE),
)
LATER_REVIEW = (
    Timescale("later review conference", "the last one", Period(6, "months"), "G", _WORKING_TOGETHER, _SINCE),
)
FIRST_CORE_GROUP = (
    Timescale("core group", "initial conference", Period(10, "working days"), "G", _WORKING_TOGETHER, _SINCE),
)
# A plan begins at the conference; sources that date the two apart do so by some days.
NEAR = timedelta(days=21)


@dataclass(frozen=True)
class Protection:
    """The child protection plan in force on a day, its versions joined, and the conference it began at.

    start: the day of that conference, or the plan's first where no conference is on record.
    """

    start: date
    of: Record
    plans: tuple[Plan, ...]


def protection(records: Records, t: date) -> Protection | None:
    """What protects the child on day t; None where no child protection plan is in force."""
    rows = [p for p in records.of(Plan) if p.kind == "child protection" and p.start and records.child.id in p.about]
    joined: list[list[Plan]] = []
    for plan in sorted(rows, key=lambda p: (p.start or t, p.id)):
        ends = [p.end or date.max for p in joined[-1]] if joined else []
        if ends and plan.start and plan.start <= max(ends):
            joined[-1].append(plan)
        else:
            joined.append([plan])
    current = next((tuple(spell) for spell in joined if any(p.end is None or p.end > t for p in spell)), None)
    if current is None:
        return None
    begins = current[0].start or t
    conference = _conference(records, begins)
    return Protection(held_on(conference) if conference else begins, conference or current[0], current)


def _conference(records: Records, begins: date) -> Meeting | None:
    near = [m for m in meetings_held(records, CONFERENCE) if abs(held_on(m) - begins) <= NEAR]
    return min(near, key=lambda m: (abs(held_on(m) - begins), m.id), default=None)


def _does_not_apply(records: Records, t: date) -> Outcome | None:
    """Why the clocks of a child protection plan do not run on day t, or why that cannot be said."""
    if outcome := grown_up(records, t):
        return outcome
    if protection(records, t):
        return None
    if short := uncovered(records, "plans", t, t, "child protection"):
        return not_assessable(short)
    return not_applicable(f"no child protection plan is in force on {day(t)}")


@rule(
    "clocks.cp_review",
    kind="G",
    question="What has changed for the child since the last conference, and who has seen it change?",
    citation=f"{_WORKING_TOGETHER}: review conferences within 3 months of the initial one, then within 6 months",
    parameters=("window_months",),
    needs=("plans:child protection", f"meetings:{REVIEW}"),
)
def cp_review(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A review child protection conference is overdue, or was held late in the last 12 months.

    The first within 3 months of the initial conference, each later one within 6 months of the one before, while a
    child protection plan is in force. Counted from the first day of the plan where no initial conference is on
    record. One finding for each run of the clock, its subject what set it off.
    """
    if other := _does_not_apply(records, t):
        yield other
        return
    found = protection(records, t)
    assert found
    held: list[tuple[date, Record]] = [
        (held_on(m), m) for m in meetings_held(records, REVIEW) if held_on(m) > found.start
    ]
    every = runs(found.start, found.of, held, lambda n, d: due(FIRST_REVIEW if n == 0 else LATER_REVIEW, d), t)
    yield from tell(
        records, every, (("meetings", REVIEW),),
        Words("The review child protection conference", "was held", "review conferences"),
        first_of_months(t, parameters.window_months), lambda d: due(LATER_REVIEW, d),
    )  # fmt: skip


@rule(
    "clocks.core_group",
    kind="G",
    question="Who turned the outline plan of the conference into a plan, and do the family know it?",
    citation=f"{_WORKING_TOGETHER}: the core group meets within 10 working days of the initial conference",
    parameters=("window_months",),
    needs=("plans:child protection", f"meetings:{CORE_GROUP}"),
)
def core_group(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """There is no record of a core group within 10 working days of the initial conference, or it met later.

    While a child protection plan is in force; the first meeting alone has a day by which it is due.
    """
    if other := _does_not_apply(records, t):
        yield other
        return
    found = protection(records, t)
    assert found
    met: list[tuple[date, Record]] = [
        (held_on(m), m) for m in meetings_held(records, CORE_GROUP) if held_on(m) >= found.start
    ]
    run: Run = runs(found.start, found.of, met[:1], lambda _, d: due(FIRST_CORE_GROUP, d), t)[0]
    yield from tell(
        records, [run], (("meetings", CORE_GROUP),), Words("The first core group", "met", "core groups"),
        first_of_months(t, parameters.window_months),
    )  # fmt: skip


STRATEGY: tuple[Need, ...] = (("meetings", "strategy discussion"), ("assessments", "s47"))
_COUNTED = ("strategy discussion or section 47 enquiry", "strategy discussions or section 47 enquiries")


@rule(
    "clocks.repeat_strategy",
    kind="H",
    question="Were these looked at together, and what pattern is there that each alone did not show?",
    citation="Serious case review Child V: three strategy discussions and enquiries in ten months, each taken by "
    "itself; how many is a house rule",
    parameters=("repeat_strategy", "window_months"),
    needs=("meetings:strategy discussion", "assessments:s47"),
)
def repeat_strategy(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """Three or more strategy discussions or section 47 enquiries in 12 months; two on one day count once."""
    if other := grown_up(records, t):
        yield other
        return
    first = since(records, t, parameters)
    found: list[tuple[date, Record]] = [(held_on(m), m) for m in meetings_held(records, "strategy discussion")]
    found += [(a.on, a) for a in records.of(Assessment)
              if a.kind == "s47" and a.on and records.child.id in a.about]  # fmt: skip
    found = sorted((pair for pair in found if first <= pair[0] <= t), key=lambda pair: (pair[0], pair[1].id))
    on = list(dict.fromkeys(d for d, _ in found))
    of = [record for _, record in found]
    said = counted(len(on), *_COUNTED)
    if len(on) >= parameters.repeat_strategy:
        yield raised(f"{said} from {day(first)} to {day(t)}: {listed(map(day, on))}.", of=of, count=len(on), on=on)
    elif short := uncovered_of(records, STRATEGY, first, t):
        yield not_assessable(short, of=of, count=len(on))
    else:
        said = said if on else f"No {_COUNTED[0]}"
        yield clear(f"{said} on record from {day(first)} to {day(t)}.", of=of, count=len(on))
