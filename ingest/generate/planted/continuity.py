"""Planted for continuity: who came and went, homes, schools, and what happened at a move."""

from __future__ import annotations

from datetime import date, timedelta

from graph.calendars import (
    add_months,
    birthday,
    common,
    joined,
    school_age,
    school_days_between,
    without,
    working_days_between,
)
from ingest.generate.planted.told import NIGHT, Found, care_of, held_by, in_care, moves_of, plants, since
from ingest.generate.told import Told

GAP_WORKING_DAYS, TURNOVER_DAYS, OFF_ROLL_DAYS = 5, 28, 15
ENDED_BY_AUTHORITY = ("CARPL", "LAREQ", "STAND")


@plants
def _social_workers(told: Told, t: date) -> Found:
    """Drawn: leavers, absences and transfers."""
    first = since(t)
    ties = [x for x in told.team.of("social_worker") if x.start <= t and (x.end is None or x.end > first)]
    if in_care(told, t) and len({x.who.id for x in ties}) >= 3:
        yield "continuity.social_workers", "social worker", first, None, f"{len({x.who.id for x in ties})} in the year"


@plants
def _posts_that_stood_empty(told: Told, t: date) -> Found:
    """Drawn: posts that stood empty, children without an adviser, apart children without a health lead."""
    child, care = told.child, care_of(told, t)
    required = {
        "social_worker": care,
        "iro": care,
        "virtual_school": common(care, joined([school_age(child.born)])),
        "personal_adviser": common(care, joined([(
            max(birthday(child.born, 16), max(child.start, birthday(child.born, 14)) + timedelta(weeks=13)),
            birthday(child.born, 18),
        )])) if birthday(child.born, 18) > child.start + timedelta(weeks=13) else (),
        "health_lead": common(care, joined([(child.start + timedelta(days=18), t + NIGHT)])),
    }  # fmt: skip
    window = joined([(since(t), t + NIGHT)])
    for role, days in required.items():
        for start, end in common(without(days, held_by(told.team.of(role), t)), window):
            if working_days_between(start, end) > GAP_WORKING_DAYS:
                yield "continuity.role_gap", role.replace("_", " "), start, end, "nobody was drawn for these days"


@plants
def _placements(told: Told, t: date) -> Found:
    """Drawn: homes that did not last."""
    homes = [h for h in told.child.homes if h.start <= t and (h.end is None or h.end > since(t))]
    if in_care(told, t) and len(homes) >= 3:
        yield "continuity.placements", "homes", homes[0].start, None, f"{len(homes)} homes in the year"


@plants
def _schools(told: Told, t: date) -> Found:
    """Drawn: schools that changed with a home in the middle of a year, and places that took weeks."""
    schools = sorted(told.team.schools, key=lambda s: s[1])
    moved = [s[1] for s in schools[1:] if since(t) <= s[1] <= t]
    mid_year = [d for d in moved if not (d.month == 8 or (d.month == 9 and d.day <= 14))]
    age = common(joined([school_age(told.child.born)]), joined([(since(t), min(told.last, t) + NIGHT)]))
    off = without(age, joined((a, b or t + NIGHT) for _, a, b in schools)) if schools else ()
    n = sum(school_days_between(a, b) for a, b in off)
    if in_care(told, t) and (len(mid_year) >= 2 or n >= OFF_ROLL_DAYS):
        why = f"{len(mid_year)} schools in the middle of a year, {n} working days without a place"
        yield "continuity.schools", "school", since(t), None, why


@plants
def _all_at_once(told: Told, t: date) -> Found:
    """Drawn: sent far away, and to another team on the same day."""
    kappa = timedelta(days=TURNOVER_DAYS)
    for before, after in moves_of(told, t):
        workers = [x for x in told.team.of("social_worker") if abs(x.start - after.start) <= kappa]
        changed = any(x.start > min(y.start for y in told.team.of("social_worker")) for x in workers)
        if before.spot.authority != after.spot.authority and changed:
            yield ("continuity.turnover_at_move", "home, authority and social worker", after.start, None,
                   "a transfer was drawn with the move")  # fmt: skip
        there, still = (_not_of_the_home(told, after.start + days) for days in (-kappa, kappa))
        if after.start + kappa <= t and len(there) >= 3 and len(there - still) * 2 >= len(there):
            yield ("continuity.turnover_at_move", "the team at a move", after.start, None,
                   "half of those who were there were gone after it")  # fmt: skip


def _not_of_the_home(told: Told, day: date) -> set[str]:
    """Those there on a day but for the worker who comes and goes with the home."""
    return {x.who.id for x in told.team.on(day) if x.role not in ("supervising_social_worker", "keyworker_residential")}


@plants
def _crises(told: Told, t: date) -> Found:
    """Drawn for the cohort: in each home calm, then missing and harm, then a move."""
    homes = [h for h in told.child.homes if h.end and h.end > since(t, 24) and (h.end - h.start).days >= 80]
    if told.child.story.complex and in_care(told, t) and len(homes) >= 2:
        yield "continuity.start_again", "homes and crises", homes[0].start, None, f"{len(homes)} times in two years"


@plants
def _ended_unreviewed(told: Told, t: date) -> Found:
    """Drawn: of homes that the authority ended, those with no review called before the end."""
    for before, after in moves_of(told, t):
        since = add_months(after.start, -6)
        if before.reason in ENDED_BY_AUTHORITY and not any(since <= r.on <= after.start for r in told.reviews):
            yield "continuity.ended_without_review", "a home", after.start, None, f"ended {before.reason}, no review"
