"""Planted for area: where the home is, how many authorities, and which services stopped at a move."""

from __future__ import annotations

from datetime import date, timedelta

from graph.calendars import school_age, school_days_between, working_days_between
from graph.reference import adjoins
from ingest.generate.places import distance
from ingest.generate.planted.told import Found, in_care, moves_of, plants, since
from ingest.generate.told import Told

FAR_MILES = 20
# Days until a service may be said to have stopped at a move; of a GP, working days.
PAUSES = {"gp": 10, "camhs": 28, "health_visitor": 28, "school_nurse": 28, "lac_nurse": 28, "advocate": 28}
SCHOOL_DAYS = 20


@plants
def _where(told: Told, t: date) -> Found:
    """Drawn: where the home of the day is."""
    child, home = told.child, told.child.at(t)
    own, area = child.home.authority, home.spot.authority
    if not in_care(told, t):
        return
    if area != own:
        yield "area.outside_authority", "the home", home.start, None, "the home was drawn outside"
        if not adjoins(own, area):
            yield "area.at_a_distance", "the home", home.start, None, "and not in an authority beside it"
    if not child.uasc and distance(child.home, home.spot) > FAR_MILES:
        yield "area.over_20_miles", "the home", home.start, None, f"{distance(child.home, home.spot)} miles"


@plants
def _many_authorities(told: Told, t: date) -> Found:
    """Drawn: homes, and schools, in one authority after another."""
    first = since(t, 24)
    homes = {h.spot.authority for h in told.child.homes if h.start <= t and (h.end is None or h.end > first)}
    schools = {s.area for s, start, end in told.team.schools if start <= t and (end is None or end > first)}
    for what, areas in (("homes", homes), ("schools", schools)):
        if in_care(told, t) and len(areas) >= 3:
            yield "area.provider_churn", what, first, None, f"in {len(areas)} authorities in two years"


@plants
def _services_that_stopped(told: Told, t: date) -> Found:
    """Drawn: CAMHS that ends with a move far away, a doctor or nurse who begins only after weeks, a school place."""
    for _, after in moves_of(told, t):
        for role, allowed in PAUSES.items():
            ties = [(x.start, x.end) for x in told.team.of(role) if x.end_reason != "completed"]
            found = _pause(ties, after.start, t)
            if found and _counted(role, *found) > allowed:
                yield "area.service_gap", role, *found, "it stopped at a move"
        found = _pause([(a, b) for _, a, b in told.team.schools], after.start, t)
        leaves = school_age(told.child.born)[1] - timedelta(days=70)
        if found and school_days_between(*found) > SCHOOL_DAYS and found[0] < leaves:
            yield "area.service_gap", "school", *found, "a place took weeks"


def _pause(spells: list[tuple[date, date | None]], move: date, t: date) -> tuple[date, date] | None:
    """From the end of what stopped at a move to what began after it, or the last day."""
    first, last = move - timedelta(days=14), move + timedelta(days=28)
    ended = [end for start, end in spells if start < move and end and first <= end <= last]
    if not ended or any(start <= max(ended) and (end is None or max(ended) < end) for start, end in spells):
        return None
    return max(ended), min((start for start, _ in spells if start > max(ended)), default=t)


def _counted(role: str, start: date, end: date) -> int:
    return working_days_between(start, end) if role == "gp" else (end - start).days
