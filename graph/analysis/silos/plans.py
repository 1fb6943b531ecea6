"""Plans that one person has, that stand apart, or that what happened has overtaken."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from graph.analysis.shared import called, not_looked_after, uncovered
from graph.analysis.silos.common import assessment_name, plan_name, plans_in_force, role_of
from graph.calendars import first_of_months
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import PLAN_KINDS, Assessment, Holds, Involvement, Plan
from graph.parameters import Parameters
from graph.records import Records, covers, holds_on
from graph.words import day, listed

# --- held by one ---

# Kinds of assessment that are one series: the latest of a series is the current one.
_SERIES = dict.fromkeys(("initial health assessment", "review health assessment"), "health assessment")
# Dates and scores that a return holds are no documents that someone has.
_NO_DOCUMENT = frozenset({"dental check", "immunisations", "development check", "sdq"})


@rule(
    "silos.sole_holder",
    kind="H",
    question="Who else needs this, and how would they come to it if the one who has it were away?",
    citation="Warwickshire Safeguarding Children Board 2018, Serious Case Review 'Sophie', finding 5; adapted: one "
    "holder in the network of professionals and what they hold",
    parameters=("window_months",),
    needs=("holds", "plans", "assessments"),
)
def sole_holder(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A plan or an assessment that counts today is held by one professional alone.

    Held: in their own record, or sent to them. Current: a plan in force on the day, the latest version of its
    kind, and of each kind of assessment the latest of the last 12 months (a dental check, an immunisation or a score is
    no document). One of which no record says who holds it
    is *not assessable*, never a silo.
    """
    current = _current(records, t, parameters)
    if current and not records.of(Holds) and not covers(records, "holds", t, t):
        yield not_assessable("no load covers who holds plans and assessments (holds)", of=current)
    elif current:
        yield from (_held(records, what, t) for what in current)
    elif missing := _plans_or_assessments_missing(records, t, parameters):
        yield not_assessable(missing)
    else:
        yield clear(f"No plan in force and no assessment of the {parameters.window_months} months to {day(t)} "
                    "is on record.")  # fmt: skip


def _current(records: Records, t: date, parameters: Parameters) -> list[Plan | Assessment]:
    first = first_of_months(t, parameters.window_months)
    latest: dict[str, Assessment] = {}
    for a in records.of(Assessment):
        if a.kind not in _NO_DOCUMENT and a.on and first <= a.on:
            latest[_SERIES.get(a.kind or "", a.kind or "")] = a
    return [*plans_in_force(records, t), *latest.values()]


def _held(records: Records, what: Plan | Assessment, t: date) -> Outcome:
    rows = [h for h in records.of(Holds) if h.to_id == what.id]
    now = [h for h in rows if (h.start or date.min) <= t and (h.end is None or t < h.end)]
    holders = sorted({h.from_id for h in now})
    subject, name = subject_of(what), plan_name(what) if isinstance(what, Plan) else assessment_name(what)
    lower = name[:1].lower() + name[1:]
    if len(holders) > 1:
        return clear(f"{name} is held by {len(holders)} professionals.", subject=subject, of=[what, *now],
                     holders=len(holders))  # fmt: skip
    if not covers(records, "holds", t, t):
        missing = f"no load covers who holds {lower} on {day(t)} (holds)"
        return not_assessable(missing, subject=subject, of=[what, *now], holders=len(holders))
    if not holders:
        return not_assessable(f"no record says who holds {lower}", subject=subject, of=[what, *rows], holders=0)
    involved = any(i.from_id == holders[0] and holds_on(i, t) for i in records.of(Involvement))
    left = "" if involved else ", of whom no involvement with the child is on record today"
    return raised(
        f"{name} is held by one professional, {role_of(records, holders[0], t)}{left}. There is no record that "
        "anyone else has it.",
        subject=subject,
        of=[what, *now],
        holders=1,
        holder_involved=involved,
    )


def _plans_or_assessments_missing(records: Records, t: date, parameters: Parameters) -> str:
    kinds = [k for k in PLAN_KINDS if not covers(records, "plans", t, t, k)]
    plans = "plans" if len(kinds) == len(PLAN_KINDS) else f"plans ({listed(kinds)})"
    missing = [f"no load covers {plans} on {day(t)}"] if kinds else []
    if gap := uncovered(records, "assessments", first_of_months(t, parameters.window_months), t):
        missing.append(gap)
    return "; ".join(missing)


# --- apart from the care plan ---

# Regulation 5(b)(i), (b)(ii) and (c); a safety plan is not named there, and stands here as a house rule.
PARTS = ("health", "pep", "placement", "safety")


@rule(
    "silos.plan_orphan",
    kind="S",
    question="Who brings what this plan says into the care plan, and who would notice if the two disagreed?",
    citation="Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959) regulation 5(b) and "
    "(c): health plan, personal education plan and placement plan are content of the care plan; the safety plan is "
    "added as a house rule",
    needs=("looks_after", *(f"plans:{kind}" for kind in ("care", *PARTS))),
)
def plan_orphan(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A health plan, PEP, placement plan or safety plan is not linked to the care plan in force.

    For a child looked after on the day; one finding for each plan. Being part of a part is a link; being part of an
    earlier version of the care plan is not, and is said.
    """
    if outcome := not_looked_after(records, t, t):
        yield outcome
        return
    plans = plans_in_force(records, t)
    care = next((p for p in plans if p.kind == "care"), None)
    parts = [p for p in plans if p.kind in PARTS]
    yield from (_linked(records, plan, care, t) for plan in parts)
    missing = [k for k in PARTS if not covers(records, "plans", t, t, k)]
    if parts:
        return
    if missing:
        yield not_assessable(f"no load covers {listed(called('plans', k) for k in missing)} on {day(t)}")
    else:
        yield clear(f"No health plan, PEP, placement plan or safety plan is on record as in force on {day(t)}.")


def _linked(records: Records, plan: Plan, care: Plan | None, t: date) -> Outcome:
    reached = _whole(records, plan)
    subject, name = subject_of(plan), plan_name(plan)
    if care and care.id in reached:
        return clear(f"{name} is part of the care plan in force.", subject=subject, of=[plan, care])
    uncovered_kinds = [k for k in ("care", plan.kind) if not covers(records, "plans", t, t, k)]
    if uncovered_kinds:
        missing = f"no load covers {listed(called('plans', k) for k in uncovered_kinds)} on {day(t)}"
        return not_assessable(missing, subject=subject, of=[plan, care])
    earlier = [p for p in records.of(Plan) if p.id in reached and p.kind == "care"]
    if care is None:
        rest = f", and no care plan is on record as in force on {day(t)}"
    else:
        rest = "; it is linked to an earlier version of it only" if earlier else ""
    whole = "the care plan in force" if care else "a care plan in force"
    sentence = f"{name} is in force with no record of a link to {whole}{rest}."
    return raised(sentence, subject=subject, of=[plan, care, *earlier])


def _whole(records: Records, plan: Plan) -> set[str]:
    """Everything that a plan is part of, however many steps away."""
    reached: set[str] = set()
    ahead = list(plan.part_of)
    while ahead:
        one = ahead.pop()
        node = records.get(one)
        if one not in reached and isinstance(node, Plan):
            reached.add(one)
            ahead.extend(node.part_of)
    return reached
