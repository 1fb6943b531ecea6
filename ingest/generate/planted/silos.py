"""Planted for silos and voice: agencies that do not meet, and children who were not heard."""

from __future__ import annotations

from datetime import date, timedelta

from ingest.generate.planted.told import Found, in_care, plants, since
from ingest.generate.told import Told

UNHEARD = ("PN4", "PN7")


@plants
def _apart(told: Told, t: date) -> Found:
    """Drawn: agencies that do not meet; for the cohort one worker who holds everything."""
    child, begins = told.child, max(told.child.start, since(t))
    if not in_care(told, t) or not child.story.apart or (t - child.start).days < 60:
        return
    one = child.story.complex
    rule, why = ("silos.single_point", "one worker rings everyone") if one else (
        "silos.disconnected", "health rings health, education meets alone")  # fmt: skip
    yield rule, "the team", begins, None, why
    yield "silos.sole_holder", "health plan", child.start + timedelta(days=18), None, "only the social worker has it"
    yield "silos.plan_orphan", "health plan", child.start + timedelta(days=18), None, "no part of the care plan"
    if any(max(begins, child.start + timedelta(days=18)) <= r.on for r in told.reviews):
        yield "silos.plan_not_considered", "health plan", begins, None, "no review looks at it"
        yield "silos.absent_agency", "reviews", begins, None, "only social care and the home come"
    changes = [h.start for h in child.homes[1:]] + [s for _, s, _ in told.team.schools[1:] if s > child.start]
    if any(day <= t for day in changes):
        yield "silos.stale_plan", "care plan", child.start, None, "never a second version"


@plants
def _unheard(told: Told, t: date) -> Found:
    """Drawn: how the child took part, review by review."""
    recent = [r for r in told.reviews if r.on <= t]
    for a, b in zip(recent, recent[1:], strict=False):
        if a.participation in UNHEARD and b.participation in UNHEARD and b.on >= since(t) and in_care(told, t):
            yield "voice.not_heard_at_review", "reviews", a.on, None, f"{a.participation}, then {b.participation}"
