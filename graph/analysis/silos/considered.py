"""What a review did not look at, with a plan in force."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from graph.analysis.shared import not_looked_after, since, uncovered
from graph.analysis.silos.common import (
    begun,
    plan_name,
)
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Meeting, Plan
from graph.network import (
    held_on,
    meetings_held,
)
from graph.parameters import Parameters
from graph.records import Records, covers
from graph.words import day, listed

# What a review looks at (regulations 5 and 35, schedule 7). A family time plan is part of the care plan, and
# child protection plans have conferences of their own.
REVIEWED = ("care", "permanence", "placement", "health", "pep", "pathway", "safety")


@rule(
    "silos.plan_not_considered",
    kind="G",
    question="What has changed in this plan since a review last looked at it, and who can tell the review?",
    citation="SI 2010/959 regulations 5, 35 and schedule 7: the plans that make up the care plan, and what a "
    "review has regard to",
    parameters=("window_months",),
    needs=("looks_after", "meetings:review", *(f"plans:{kind}" for kind in REVIEWED)),
)
def plan_not_considered(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A plan was in force at a review, with no record that the review considered it.

    One finding for each plan, for the reviews held in the last 12 months. Plans: care, permanence, placement,
    health, PEP, pathway, safety. A review that considered another version of the same plan considered it. A load
    that covers plans also says at which meetings they were considered.
    """
    first = since(records, t, parameters)
    reviews = [m for m in meetings_held(records, "review") if first <= held_on(m) <= t]
    if not reviews:
        yield _no_review(records, first, t, parameters)
        return
    at_reviews: dict[str, list[Meeting]] = {}
    for review in reviews:
        for plan in _in_force(records, held_on(review)):
            at_reviews.setdefault(plan.id, []).append(review)
    for plan_id, met in sorted(at_reviews.items()):
        yield _considered(records, plan_id, met, first, t)
    if at_reviews:
        return
    days = [held_on(m) for m in reviews]
    missing = [k for k in REVIEWED if not all(covers(records, "plans", on, on, k) for on in days)]
    if missing:
        yield not_assessable(f"no load covers plans ({listed(missing)}) on the days of the reviews", of=reviews)
    else:
        yield clear("No plan was in force at the reviews on record.", of=reviews)


def _no_review(records: Records, first: date, t: date, parameters: Parameters) -> Outcome:
    if outcome := not_looked_after(records, first, t):
        return outcome
    if missing := uncovered(records, "meetings", first, t, "review"):
        return not_assessable(missing)
    if not any(c.table == "plans" for c in records.coverage):
        return not_assessable("no load covers plans")
    return clear(f"No review is on record in the {parameters.window_months} months to {day(t)}.")


def _considered(records: Records, plan_id: str, reviews: list[Meeting], first: date, t: date) -> Outcome:
    plan = records.get(plan_id)
    assert isinstance(plan, Plan)
    seen_at = {m for p in records.of(Plan) if p.kind == plan.kind for m in p.considered_at}
    missed = [m for m in reviews if m.id not in seen_at]
    told = [m for m in missed if covers(records, "plans", held_on(m), held_on(m), plan.kind)]
    name = plan_name(plan)
    measures: dict[str, Any] = {
        "reviews": len(reviews),
        "considered": len(reviews) - len(missed),
        "not_considered": len(told),
    }
    subject = subject_of(plan)
    if told:
        days = listed(day(held_on(m)) for m in told)
        word = "review" if len(told) == 1 else "reviews"
        return raised(f"{name} was in force at the {word} of {days}, with no record that it was considered.",
                      subject=subject, of=[plan, *told], **measures)  # fmt: skip
    if missed:
        days = listed(day(held_on(m)) for m in missed)
        return not_assessable(f"no load covers {plan.kind} plans, and what considered them, on {days}",
                              subject=subject, of=[plan, *missed], **measures)  # fmt: skip
    if missing := uncovered(records, "meetings", first, t, "review"):
        return not_assessable(missing, subject=subject, of=[plan], **measures)
    return clear(f"{name} was considered at every review it was in force at.", subject=subject,
                 of=[plan, *reviews], **measures)  # fmt: skip


def _in_force(records: Records, on: date) -> list[Plan]:
    """The plans that a review on this day could look at: of each kind the latest begun before the day."""
    latest: dict[str, Plan] = {}
    for plan in sorted(records.of(Plan), key=lambda p: (begun(p), p.end or date.max, p.id)):
        if plan.kind in REVIEWED and begun(plan) < on:
            latest[plan.kind or ""] = plan
    return [p for p in latest.values() if p.end is None or on < p.end]
