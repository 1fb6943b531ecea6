"""Plans of looked-after children: the care plan, the PEP, the plan for permanence, the pathway needs assessment."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from graph.analysis.clocks.running import (
    SI_2010_959,
    Period,
    Run,
    Timescale,
    Words,
    does_not_apply,
    due,
    runs,
    seen,
    tell,
    uncovered_of,
)
from graph.analysis.shared import uncovered
from graph.calendars import add_working_days, first_of_months, school_age, term_end
from graph.findings import Outcome, clear, evidence, not_applicable, not_assessable, rule, subject_of
from graph.model import Assessment, Plan, Record
from graph.network import held_on, meetings_held
from graph.parameters import Parameters
from graph.records import Records, Spell, in_care
from graph.required import required_roles
from graph.words import counted, day


def begun(plan: Plan) -> date | None:
    """The day a plan was made or, where nobody says, from which it holds."""
    return plan.made_on or plan.start


def _plans(records: Records, kind: str) -> list[tuple[date, Plan]]:
    """Plans of a kind about this child, by the day they were made."""
    mine = (p for p in records.of(Plan) if p.kind == kind and records.child.id in p.about)
    return sorted(((d, p) for p in mine if (d := begun(p))), key=lambda pair: (pair[0], pair[1].id))


def _in_force(records: Records, kind: str, on: date) -> tuple[date, Plan] | None:
    """The first plan of a kind that was in force on a day, or came after it."""
    return next((pair for pair in _plans(records, kind) if pair[1].end is None or pair[1].end > on), None)


def _one_run(start: date, of: Record, due: date, done: tuple[date, Record] | None, t: date) -> Run:
    """A clock that runs once."""
    return runs(start, of, [done] if done else [], lambda *_: due, t)[0]


# --- the care plan ---

CARE_PLAN = (
    Timescale(
        "care plan", "start of the first placement", Period(10, "working days"), "S", "SI 2010/959 regulation 4(2)",
        SI_2010_959,
    ),
)  # fmt: skip


@rule(
    "clocks.care_plan",
    kind="S",
    question="By what plan has the child been cared for so far, and who made it?",
    citation="SI 2010/959 regulation 4(2)",
    parameters=("window_months",),
    needs=("looks_after", "plans:care"),
)
def care_plan(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """There is no record of a care plan within 10 working days of the start of care, or it came later.

    Due before the first placement or, where that cannot be, within 10 working days of its start. A plan counts
    that was in force at the due date or came after it. Its subject is the period of care.
    """
    if other := does_not_apply(records, t):
        yield other
        return
    care = in_care(records, t)
    assert care
    by = due(CARE_PLAN, care.start)
    run = _one_run(care.start, care.rows[0], by, _in_force(records, "care", by), t)
    first = first_of_months(t, parameters.window_months)
    yield from tell(records, [run], (("plans", "care"),), Words("The care plan", "was made", "care plans"), first,
                    lasts=True)  # fmt: skip


# --- the personal education plan ---

# How many working days for the first is a parameter: authorities differ (10 or 20).
PEP_BEGINS = SI_2010_959
PEP = (("plans", "pep"), ("meetings", "pep"))


@rule(
    "clocks.pep",
    kind="G",
    question="What does the child need at school this term, and who has agreed to do it?",
    citation="SI 2010/959 regulations 4(2) and 5 (the PEP is part of the care plan); Promoting the education of "
    "looked-after children (2018), a review each term; the days for the first are local practice",
    parameters=("pep_working_days", "window_months"),
    needs=("looks_after", "plans:pep", "meetings:pep"),
)
def pep(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A personal education plan or its review in a term is overdue, or came late in the last 12 months.

    For a child of compulsory school age. The first within so many working days of the start of care or of school
    age, whichever is later; then one by the end of the term after that of the last. A plan and a PEP meeting
    count alike. Terms end on 31 March, 31 August and 31 December (the days of the Start of Compulsory School Age
    Order 1998): no school calendar is assumed. The guidance also asks for a PEP in early years and after 16; it
    is not looked for there, because records do not tell who is in education then.
    """
    if other := does_not_apply(records, t) or _not_at_school(records, t):
        yield other
        return
    care, born = in_care(records, t), records.child.born
    assert care and born
    first = first_of_months(t, parameters.window_months)
    found = _pep_runs(records, care, school_age(born)[0], parameters.pep_working_days, t)
    yield from tell(records, found, PEP, Words("The PEP", "was made or reviewed", "PEPs"), first, _next_term)


def _not_at_school(records: Records, t: date) -> Outcome | None:
    born = records.child.born
    if born is None:
        return not_assessable("the child's date of birth is not on record")
    start, end = school_age(born)
    return None if start <= t < end else not_applicable(f"the child is not of compulsory school age on {day(t)}")


def _pep_runs(records: Records, care: Spell, school: date, within: int, t: date) -> list[Run]:
    made: list[tuple[date, Record]] = [*_plans(records, "pep")]
    made += [(held_on(m), m) for m in meetings_held(records, "pep")]
    # A plan and the meeting that made it are one.
    by_day = {on: record for on, record in sorted(made, key=lambda pair: (pair[0], pair[1].id)) if on >= care.start}
    begins = max(care.start, school)
    by = max(add_working_days(begins, within), PEP_BEGINS)
    early = max((on for on in by_day if on < begins), default=None)  # from before school age
    if early:
        by = max(by, _next_term(early))
    done = [(on, record) for on, record in by_day.items() if on >= begins]
    start, of = (early, by_day[early]) if early else (begins, care.rows[0])
    return runs(start, of, done, lambda n, d: by if n == 0 else _next_term(d), t)


def _next_term(d: date) -> date:
    """The last day of the term after the one that a day is in."""
    return term_end(d, after=1)


# --- permanence ---

PERMANENCE = ("plans", "permanence")


@rule(
    "clocks.permanence",
    kind="G",
    question="Where will this child grow up and with whom, who has said so in writing, and does the child know?",
    citation="SI 2010/959 regulation 5(a) (the plan for permanence is part of the care plan); Children Act 1989 "
    "guidance volume 2 and the IRO Handbook (by the second review)",
    parameters=("window_months",),
    needs=("looks_after", "meetings:review", "plans:permanence"),
)
def permanence(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """There is no plan for permanence on record by the second review, or it came after it in the last 12 months.

    Due on the day the second review was held; until then nothing is due. Where reviews are covered only from some
    time after care began, the second one seen was the second at the earliest. A plan counts that was in force on
    that day or came after it. Its subject is the period of care.
    """
    if other := does_not_apply(records, t):
        yield other
        return
    care = in_care(records, t)
    assert care
    held = [m for m in meetings_held(records, "review") if held_on(m) >= care.start]
    if len(held) < 2:
        yield _before_the_second(records, care, t)
        return
    by = held_on(held[1])
    run = _one_run(care.start, care.rows[0], by, _in_force(records, "permanence", by), t)
    words = Words("The plan for permanence", "was made", "plans for permanence")
    first = first_of_months(t, parameters.window_months)
    reviews = f"{counted(len(held), 'review')} on record since {day(care.start)}, the second on {day(by)}."
    for outcome in tell(records, [run], (PERMANENCE,), words, first, lasts=True):
        behind = evidence(*held) if outcome.status == "raised" else ()
        yield replace(outcome, sentence=f"{outcome.sentence} {reviews}", evidence=(*outcome.evidence, *behind),
                      measures={**outcome.measures, "reviews": len(held)})  # fmt: skip


def _before_the_second(records: Records, care: Spell, t: date) -> Outcome:
    of, subject = care.rows[0], subject_of(care.rows[0])
    plan = _in_force(records, "permanence", t)
    if plan:
        return clear(f"A plan for permanence of {day(plan[0])} is on record.", subject=subject, of=[of, plan[1]])
    if short := uncovered_of(records, (("meetings", "review"),), care.start, t):
        return not_assessable(short, subject=subject, of=[of])
    if not seen(records, (PERMANENCE,)):
        return not_assessable(uncovered_of(records, (PERMANENCE,), care.start, t), subject=subject, of=[of])
    return clear("The plan for permanence is due by the second review, which has not been held yet.",
                 subject=subject, of=[of])  # fmt: skip


# --- the pathway of those who are 16 and over ---

PATHWAY = (
    Timescale(
        "pathway needs assessment", "becoming an eligible child of 16 or 17", Period(3, "months"), "S",
        "SI 2010/959 regulations 40 to 43", SI_2010_959,
    ),
)  # fmt: skip


@rule(
    "clocks.pathway",
    kind="S",
    question="What does this young person say they will need at 18, and who will still be there?",
    citation="SI 2010/959 regulations 40 to 43; Children Act 1989, Schedule 2, paragraph 19B",
    parameters=("eligible_weeks", "window_months"),
    needs=("looks_after", "assessments:pathway needs"),
)
def pathway(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """There is no record of a pathway needs assessment within 3 months of 16, or it came later.

    For an eligible child: 16 or 17, looked after, and for 13 weeks since 14. Counted from the sixteenth birthday,
    or from the day the child became eligible where that is later. A pathway plan stops the clock too: it follows
    from the assessment. Its subject is the period of care.
    """
    if other := does_not_apply(records, t):
        yield other
        return
    (required,) = (r for r in required_roles(records, t, parameters) if r.role == "personal_adviser")
    if not any(start <= t < end for start, end in required.yes):
        yield _not_eligible(records, required.known, required.unknown, required.why_not, t)
        return
    begins = required.yes[0][0]
    care = in_care(records, t)
    assert care
    of = next((r for r in reversed(care.rows) if getattr(r, "start", t) <= begins), care.rows[0])
    run = _one_run(begins, of, due(PATHWAY, begins), _pathway_done(records), t)
    first = first_of_months(t, parameters.window_months)
    words = Words("The pathway needs assessment", "was made, or the plan that follows from it,", "pathway needs")
    yield from tell(records, [run], (("assessments", "pathway needs"),), words, first)


def _not_eligible(
    records: Records, known: tuple[tuple[date, date], ...], unknown: str, why_not: str, t: date
) -> Outcome:
    if any(start <= t < end for start, end in known):
        return not_applicable(f"{why_not} on {day(t)}")
    return not_assessable(uncovered(records, "looks_after", t, t) or unknown)


def _pathway_done(records: Records) -> tuple[date, Record] | None:
    assessed: list[tuple[date, Record]] = [
        (a.on, a) for a in records.of(Assessment) if a.kind == "pathway needs" and a.on
    ]
    return min([*assessed, *_plans(records, "pathway")], key=lambda pair: (pair[0], pair[1].id), default=None)
