"""What happens to an invented child, as plain records: reviews, visits, missing periods, health checks."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from graph.calendars import add_months, add_working_days, birthday
from ingest.generate import chance as by
from ingest.generate import shares
from ingest.generate.childhood import Child
from ingest.generate.council import Council
from ingest.generate.team import Team
from ingest.generate.told import Absence, Check, Review, Told, Visit, day_before, episodes

# How far back, before the years of the return, the case system and the police tell of events.
HISTORY = timedelta(days=8 * 365)
PLANNED = ("CARPL", "LAREQ", "CHILD", "OTHER")  # ends of a home that can be talked about first
REVIEWED_FIRST = 0.86  # of those, the ones that a review came before (regulation 14)
# Of children of ten or more, those who go missing; how often a year they do (gamma: mean, shape).
MISSING = {"small": 0.0, "child": 0.132, "young": 0.245, "troubled": 0.54}
MISSING_A_YEAR = (5.8, 0.46)
TALKED = 0.63  # return interviews within 72 hours (Missing People, 2023-24)
# Health assessments and dental checks that come late, and by how many days at most.
LATE_HEALTH, LATE_DENTAL, VERY_LATE = 0.17, 0.26, 420


def told_of(child: Child, family: list[Child], team: Team, council: Council, first: date) -> Told:
    """Everything that is told of a child. first: the first day of the files."""
    last = min(d for d in (child.end and day_before(child.end), council.last) if d)
    chance = child.chance(council.seed, "diary")
    reviews = list(_reviews(child, first, last, chance))
    return Told(
        child=child, family=tuple(c for c in family if c is not child), team=team, episodes=episodes(child),
        reviews=reviews, visits=list(_visits(child, team, first, last, reviews, chance)),
        absences=_absences(child, first, last, child.chance(council.seed, "missing")),
        checks=list(_checks(child, first, last, child.chance(council.seed, "health"))), first=first, last=last,
    )  # fmt: skip


# --- reviews and visits ---


def _reviews(child: Child, first: date, last: date, chance: Random) -> Iterator[Review]:
    """Within 20 working days, 3 months, then 6 months (regulation 33), and now and then late; before most moves."""
    day, due, nth = child.start, add_working_days(child.start, 20), 1
    if day < first - timedelta(days=400):  # those long ago are not told of: the clock is taken up somewhere
        day, nth = first - by.days(chance, 30, 180), 3
        due = add_months(day, 6)
    moves = [h.end for h in child.homes if h.end and h.reason in PLANNED and h.end > day]
    early = [by.weekday(m - by.days(chance, 4, 21)) for m in moves if chance.random() < REVIEWED_FIRST]
    while day < last:
        late = chance.random() < child.story.late
        before = by.days(chance, 3, 8 if nth == 1 else 25)
        day_due = by.weekday(due + by.days(chance, 8, 60)) if late else by.weekday(due - before - timedelta(days=2))
        called = next((e for e in early if day + timedelta(days=12) < e < day_due), None)
        day = called or day_due
        due, nth = add_months(day, 3 if nth == 1 else 6), nth + 1
        if first <= day <= last:
            code = "PN0" if child.age(day) < 4 else by.pick(chance, shares.VOICES)
            yield Review(day, code)


def _visits(
    child: Child, team: Team, first: date, last: date, reviews: list[Review], chance: Random
) -> Iterator[Visit]:
    """Within a week of each move, then every six weeks at most (regulation 28), and now and then late.

    With parents as under an interim order: weekly to the first review, then every four weeks.
    """
    for home in child.homes:
        day, ends = home.start + by.days(chance, 1, 5), home.end or last + timedelta(days=1)
        if day < first:
            day += timedelta(days=36 * ((first - day).days // 36))
        parents = home.type == "P1"
        while day < ends:
            late = by.days(chance, 15, 40) if chance.random() < child.story.late else timedelta(0)
            on = by.weekday(day + late)
            worker = team.one("social_worker", on)
            seen = chance.random() < 0.97
            if worker and on < ends and first <= on <= last:
                yield Visit(on, seen, seen and chance.random() < 0.8)
            soon = parents and not any(home.start <= r.on <= on + timedelta(days=7) for r in reviews)
            least, most = (4, 5) if not (seen and worker) or soon else (20, 25) if parents else (33, 39)
            day = on + by.days(chance, least, most)


# --- missing ---


def _absences(child: Child, first: date, last: date, chance: Random) -> list[Absence]:
    """Missing periods: of the cohort some before each move, of the others many for a few."""
    days = _days_of_crisis(child, last, chance) if child.story.complex else _days_missing(child, last, chance)
    found: list[Absence] = []
    for start in sorted(days):
        if start < first - HISTORY or start > last or (found and (start - (found[-1].end or start)).days < 1):
            continue
        back = start + timedelta(days=min(9, 1 + int(chance.expovariate(2.2))))
        talked = chance.random() < (0.97 if child.story.complex else TALKED)
        interview = back + by.days(chance, 1, 3) if talked else None
        end = back if back <= last else None
        found.append(Absence(start, end, interview if end and interview and interview <= last else None))
    return found


def _days_missing(child: Child, last: date, chance: Random) -> list[date]:
    since = max(child.start, birthday(child.born, 11))
    if since >= last:
        return []
    young = child.age(last) >= 16
    kind = "troubled" if child.story.troubled else "young" if young else "child"
    if chance.random() > MISSING[kind]:
        return []
    mean, shape = MISSING_A_YEAR
    rate = chance.gammavariate(shape, mean / shape) * (1.3 if child.story.troubled else 1.0)
    return by.spread(chance, rate, since, last)


def _days_of_crisis(child: Child, last: date, chance: Random) -> list[date]:
    """Three times in the weeks before each move."""
    return [
        (home.end or last) - timedelta(days=before) + by.days(chance, 0, 4)
        for home in child.homes
        if ((home.end or last) - home.start).days >= 80
        for before in (44, 33, 23)
    ]


# --- health ---


def _checks(child: Child, first: date, last: date, chance: Random) -> Iterator[Check]:
    """A first health assessment within 20 working days; every year after, every half year below five; teeth beside."""
    due, kind = add_working_days(child.start, 20), "initial health assessment"
    if child.start < first - timedelta(days=500):
        due, kind = first - by.days(chance, 10, 190), "review health assessment"
    while due <= last + timedelta(days=60):
        on = _held(due, LATE_HEALTH, 20, chance)
        if first <= on <= last:
            yield Check(kind, on)
        kind, due = "review health assessment", add_months(on, 6 if child.age(on) < 5 else 12)
    due = max(child.start, birthday(child.born, 2), first - by.days(chance, 10, 340)) + by.days(chance, 20, 90)
    while due <= last:
        on = _held(due, LATE_DENTAL, 40, chance)
        if first <= on <= last:
            yield Check("dental check", on)
        due = add_months(on, 12)


def _held(due: date, late: float, most_early: int, chance: Random) -> date:
    """When a check that is due by a day is held."""
    if chance.random() < late:
        return by.weekday(due + by.days(chance, 10, VERY_LATE))
    return by.weekday(due - by.days(chance, 4, most_early))
