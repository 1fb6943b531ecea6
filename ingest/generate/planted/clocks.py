"""Planted for clocks: reviews, visits and health assessments drawn late, returns nobody talked about."""

from __future__ import annotations

from datetime import date, timedelta

from graph.calendars import add_months, add_working_days
from ingest.generate.planted.told import FOR_ADOPTION, NIGHT, Found, in_care, plants, since
from ingest.generate.told import Told

LASTING = ("U1", "U4")


@plants
def _late_reviews(told: Told, t: date) -> Found:
    """Drawn: reviews held late (regulation 33: 20 working days, 3 months, 6 months)."""
    reviews, child = told.reviews, told.child
    begins_here = child.start >= told.first
    due = add_working_days(child.start, 20) if begins_here else None
    for n, review in enumerate([*reviews, None]):
        on = review.on if review else t
        if due and on > due and on >= since(t) and in_care(told, t):
            yield "clocks.review", "a review", due, on if review else None, "drawn late"
        if review:
            due = add_months(review.on, 3 if begins_here and n == 0 else 6)


@plants
def _late_visits(told: Told, t: date) -> Found:
    """Drawn: visits that came late, and none while nobody was the social worker (regulation 28).

    Within a week of the move; six weeks in the first year and after it, or three months after it in a home that is
    to last until 18. Children with their parents or with adopters have other clocks.
    """
    for home in told.child.homes:
        end = home.end or t + NIGHT
        if not in_care(told, t) or end <= since(t) or home.type in ("P1", *FOR_ADOPTION):
            continue
        seen = sorted(v.on for v in told.visits if v.seen and home.start <= v.on < end)
        begins = [home.start] if home.start >= told.first else seen[:1]
        for a, b in zip([*begins, *seen], [*seen, min(end, t + NIGHT)], strict=False):
            due = a + timedelta(days=42) if a > home.start else a + timedelta(days=7)
            if a >= add_months(home.start, 12) and home.type_on(a) in LASTING:
                due = add_months(a, 3)
            if b > due and b >= since(t):
                yield "clocks.visit", "visits", due, b, "drawn late, or nobody was there to visit"


@plants
def _late_health(told: Told, t: date) -> Found:
    """Drawn: assessments made late (a year; half a year below five)."""
    made = sorted(c.on for c in told.checks if c.kind != "dental check")
    if told.child.at(t).type in FOR_ADOPTION:
        return
    for a, b in zip(made, [*made[1:], t], strict=False):
        due = add_months(a, 6 if told.child.age(a) < 5 else 12)
        if b > due and b >= since(t) and in_care(told, t):
            yield "clocks.health_assessment", "health assessment", due, b, "drawn late"
    if told.child.start >= told.first:
        due, done = add_working_days(told.child.start, 20), made[0] if made else t
        if done > due and done >= since(t) and in_care(told, t):
            yield "clocks.health_assessment", "first health assessment", due, done, "drawn late"


@plants
def _no_interview(told: Told, t: date) -> Found:
    """Drawn: returns after which nobody talked with the child within 72 hours."""
    for gone in told.absences:
        if gone.end and since(t) <= gone.end + timedelta(days=3) < t and gone.interview is None and in_care(told, t):
            yield "clocks.return_interview", "a missing period", gone.start, gone.end, "no interview was drawn"
