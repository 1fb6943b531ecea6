"""Who works with an invented child, from when to when."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from graph.calendars import birthday
from graph.records import age
from ingest.generate import chance as by
from ingest.generate.childhood import Child, Home
from ingest.generate.council import Council
from ingest.generate.folders import Agency, Worker

# Which folder tells of a role; the case system of all others.
TOLD_BY = {
    "lac_nurse": "health", "health_lead": "health", "designated_teacher": "schools", "police": "police",
    "camhs": "camhs", "exploitation_worker": "voluntary", "advocate": "voluntary",
}  # fmt: skip
LINK = 3  # supervising social workers of a fostering service
CAMHS_FROM, CAMHS_SHARE, CAMHS_FAR = 8, 0.3, 0.75


@dataclass(frozen=True)
class Tie:
    """A professional in a role, half-open."""

    who: Worker
    role: str
    start: date
    end: date | None = None
    need: str | None = None
    reason: str | None = None  # of a social worker: why they took over, 903 SW_REASON

    def holds(self, day: date) -> bool:
        """Whether it holds on a day."""
        return self.start <= day and (self.end is None or day < self.end)


@dataclass
class Team:
    """Everyone who works or worked with a child, and the schools."""

    ties: list[Tie] = field(default_factory=list)
    schools: list[tuple[Agency, date, date | None]] = field(default_factory=list)

    def on(self, day: date) -> list[Tie]:
        """Who is there on a day."""
        return [t for t in self.ties if t.holds(day)]

    def one(self, role: str, day: date) -> Worker | None:
        """Who holds a role on a day, the newest first."""
        return next((t.who for t in reversed(self.ties) if t.role == role and t.holds(day)), None)


def team_of(child: Child, council: Council, families: dict[int, list[Worker]]) -> Team:
    """The team of a child from `council.first` on. families: the reviewing officer each family has had."""
    chance = child.chance(council.seed, "team")
    team = Team(schools=list(_schools(child, council, chance)))
    start = max(child.start, council.first)
    parts = (
        _social_workers(child, council, start, chance),
        _reviewing_officers(child, council, start, chance, families),
        _from_the_council(child, council, start, chance),
        _at_home(child, council, start, chance),
        _health(child, council, start, chance),
        _camhs(child, council, start, chance),
        _others(child, council, start, chance),
        (Tie(council.teacher(s), "designated_teacher", a, b) for s, a, b in team.schools),
    )
    every = (t for part in parts for t in part)
    team.ties = [t for t in every if t.start <= council.last and (t.end is None or t.start < t.end)]
    return team


def _until(child: Child, council: Council, day: date | None) -> date | None:
    """A day as an end: the end of care at the latest, none where it is not yet known."""
    end = min((d for d in (day, child.end) if d), default=None)
    return end if end and end <= council.last else None


def _social_workers(child: Child, council: Council, start: date, chance: Random) -> Iterator[Tie]:
    """One after another; for some who are sent far the worker changes with the home."""
    day, before, reason = start, None, "FCONTA"
    with_the_move = child.story.far and not child.story.complex and chance.random() < 0.6
    moved = [home.start for home in child.homes[1:]][-1:] if with_the_move else []
    while day < (child.end or council.last):
        who = council.free("social_worker", day, chance, but=before)
        if who is None:
            day += timedelta(days=14)
            continue
        changes = by.spread(chance, child.story.workers, day + timedelta(days=45), child.end or council.last)
        own = min([*changes[:1], *(d for d in moved if d > day)], default=None)
        left = who.end is not None and (own is None or who.end <= own)
        end = who.end if left else own
        yield Tie(who, "social_worker", day, _until(child, council, end), reason=reason)
        if end is None:
            return
        reason = "LEFTRL" if left else by.pick(chance, by.WORKER_CHANGES)
        gap = by.days(chance, 10, 60) if chance.random() < child.story.gap else timedelta(0)
        day, before = by.weekday(end) + gap, who


def _reviewing_officers(
    child: Child, council: Council, start: date, chance: Random, families: dict[int, list[Worker]]
) -> Iterator[Tie]:
    day = start
    while day < (child.end or council.last):
        known = (w for w in families.get(child.family, ()) if w.there(day) and w.end != day)
        who = next(known, None) or council.free("iro", day, chance)
        if who is None:
            day += timedelta(days=7)
            continue
        families.setdefault(child.family, []).append(who)
        yield Tie(who, "iro", day, _until(child, council, who.end))
        if who.end is None:
            return
        day = who.end


def _from_the_council(child: Child, council: Council, start: date, chance: Random) -> Iterator[Tie]:
    """Virtual school from reception to the end of year 11 and beyond; a personal adviser from 16."""
    for role, at, share in (("virtual_school", 4, 1.0), ("personal_adviser", 16, 0.85)):
        day = max(start, birthday(child.born, at) + by.days(chance, 0, 5))
        if role == "personal_adviser":
            day = max(day, child.start + timedelta(weeks=13))
        while day < (child.end or council.last) and (share == 1 or chance.random() < share):
            who = council.free(role, day, chance)
            if who:
                yield Tie(who, role, day, _until(child, council, who.end))
            if who and who.end is None:
                break
            day = who.end if who and who.end else day + timedelta(days=14)


def _at_home(child: Child, council: Council, start: date, chance: Random) -> Iterator[Tie]:
    """The supervising social worker of the foster home, or the key worker of the children's home."""
    for home in child.homes:
        if home.end and home.end <= start or home.type in ("P1", "A5"):
            continue
        foster = home.type[0] == "U"
        if foster:
            agency = council.fostering(home.provider, by.stream(council.seed, home.urn))
        else:
            agency = Agency(f"home-{home.urn or 'H5'}", "provider", f"Home {home.urn or 'H5'}", home.spot.authority)
        who = council.other(f"{agency.id}-{chance.randint(1, LINK) if foster else 1}", agency)
        role = "supervising_social_worker" if foster else "keyworker_residential"
        yield Tie(who, role, max(home.start, start), _until(child, council, home.end))


def _health(child: Child, council: Council, start: date, chance: Random) -> Iterator[Tie]:
    """A nurse of the council's own area, who hands over to one where the child lives or keeps the child."""
    day = start + by.days(chance, 5, 25)
    away = [h.start for h in child.homes if not _near(h, child)]
    hands_over = away[-1] if away and away[-1] > day and chance.random() < 0.4 and not child.story.complex else None
    lead = chance.random() < (0.4 if child.story.apart else 0.97) and not child.story.complex
    while day < (hands_over or child.end or council.last):
        who = council.free("lac_nurse", day, chance)
        if who is None:
            day += timedelta(days=14)
            continue
        end = _until(child, council, min((d for d in (who.end, hands_over) if d), default=None))
        yield Tie(who, "lac_nurse", day, end)
        if lead:
            yield Tie(who, "health_lead", day, end)
        if end is None:
            return
        day = end
    if hands_over and hands_over < (child.end or council.last):
        host = council.local("health", child.homes[-1].spot.authority)
        who, begins = council.other(f"nurse-{host.area}", host), hands_over + by.days(chance, 3, 20)
        for role in ("lac_nurse", "health_lead") if lead else ("lac_nurse",):
            yield Tie(who, role, begins, _until(child, council, child.end))


def _near(home: Home, child: Child) -> bool:
    return home.spot.authority == child.home.authority


def _camhs(child: Child, council: Council, start: date, chance: Random) -> Iterator[Tie]:
    """CAMHS for some: stopped by a move far away, gone on with, or taken up again where the child lives now."""
    begins = max(start, birthday(child.born, CAMHS_FROM)) + by.days(chance, 60, 500)
    if child.story.far and len(child.homes) > 1:  # there before the last move, for most
        begins = max(begins - timedelta(days=500), child.homes[-1].start - by.days(chance, 100, 300))
    share = CAMHS_FAR if child.story.far else CAMHS_SHARE
    if child.story.complex or chance.random() > share or begins > council.last - timedelta(days=60):
        return
    agency = council.local("camhs", child.home.authority)
    who = council.other(f"camhs-{agency.area}-{chance.randint(1, 4)}", agency)
    moved = next((b.start for a, b in child.moves() if b.start > begins and not _near(b, child)), None)
    planned_end = begins + by.days(chance, 300, 900)
    if moved is None or moved > planned_end or chance.random() < 0.35:
        yield Tie(who, "camhs", begins, _until(child, council, planned_end), need="mental health")
        return
    yield Tie(who, "camhs", begins, _until(child, council, moved + by.days(chance, 0, 10)), need="mental health")
    if not child.story.far and chance.random() < 0.5:
        host = council.local("camhs", child.at(moved).spot.authority)
        again = moved + by.days(chance, 12, 60)
        there = council.other(f"camhs-{host.area}-1", host)
        yield Tie(there, "camhs", again, _until(child, council, None), need="mental health")


def _others(child: Child, council: Council, start: date, chance: Random) -> Iterator[Tie]:
    """Police and exploitation worker for those who go missing, an advocate for a few."""
    if child.story.complex:
        first = start + by.days(chance, 60, 150)
        police = council.local("police", council.authority)
        support = council.local("voluntary", council.authority)
        yield Tie(council.other("police-1", police), "police", first, _until(child, council, None))
        worker = council.other(f"exploitation-{chance.randint(1, 2)}", support)
        later = first + by.days(chance, 60, 200)
        yield Tie(worker, "exploitation_worker", later, _until(child, council, None), "exploitation")
    elif age(child.born, start) >= 8 and chance.random() < 0.15:
        agency = council.local("advocacy", council.authority)
        begins = start + by.days(chance, 100, 500)
        if begins < council.last:
            worker = council.other(f"advocate-{chance.randint(1, 3)}", agency)
            yield Tie(worker, "advocate", begins, _until(child, council, begins + by.days(chance, 120, 500)))


def _schools(child: Child, council: Council, chance: Random) -> Iterator[tuple[Agency, date, date | None]]:
    """Schools: from reception to year 11; another one after eleven, and after a move to another area."""
    reception = date(child.born.year + (4 if child.born.month < 9 else 5), 9, 4)
    secondary, leaves = reception.replace(year=reception.year + 7), date(reception.year + 12, 6, 30)
    begins, stops = max(reception, council.first), min(leaves, council.last + timedelta(days=1))
    changes = [secondary, *(b.start for a, b in child.moves() if a.spot.authority != b.spot.authority)]
    days = sorted(d for d in changes if begins < d < stops)
    for start, end in zip([begins, *days], [*days, leaves], strict=True):
        if start >= stops:
            return
        home = child.at(start)
        phase = "secondary" if start >= secondary else "primary"
        area = home.spot.authority
        place = council.school(area, phase, chance.randint(1, 12 if area == council.authority else 3))
        wait = by.days(chance, 35, 80) if child.story.far and chance.random() < 0.5 else by.days(chance, 2, 12)
        on_roll = start if start in (begins, secondary) else by.weekday(start + wait)
        if on_roll <= council.last and on_roll < end:
            yield place, on_roll, end if end <= council.last else None
