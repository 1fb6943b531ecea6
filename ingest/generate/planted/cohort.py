"""Planted for the cohort: children drawn to fit its description, and single features of others."""

from __future__ import annotations

from datetime import date

from graph.reference.codes import UNPLANNED
from ingest.generate.planted.told import Found, in_care, plants, since
from ingest.generate.told import Told


@plants
def _cohort(told: Told, t: date) -> Found:
    """Drawn: children whose story is the description; and single features of others."""
    child = told.child
    if not in_care(told, t):
        return
    if child.story.complex:
        for rule in ("cohort.matches", "cohort.no_plan", "cohort.f1", "cohort.f4"):
            yield rule, "the child", child.start, None, "drawn to fit the description"
    ends = [h for h in child.homes if h.end and h.reason in UNPLANNED and since(t, 24) <= h.end <= t]
    if len(ends) >= 2:
        yield "cohort.f3", "homes", ends[0].start, None, f"{len(ends)} homes broke down in two years"
    starts = sorted(g.start for g in told.absences if 10 <= child.age(g.start) <= 15)
    if any((b - a).days < 90 for a, b in zip(starts, starts[2:], strict=False)):
        yield "cohort.f2", "missing periods", starts[0], None, "three within 90 days at 10 to 15"
