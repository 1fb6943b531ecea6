"""Who works with an invented child, from when to when: social care, the home, and what is put together of others."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from graph.calendars import birthday
from ingest.generate import chance as by
from ingest.generate import shares
from ingest.generate.childhood import Child
from ingest.generate.council import Council, Post
from ingest.generate.folders import Agency, Worker

LINK = 3  # supervising social workers of a fostering service for one family after another
SHARE_KNOWN = 0.92  # of children who come into care, those who had a social worker before
EARLY_TRANSFER, TRANSFER_AT_16 = 0.3, 0.25  # from the first team to another, and to the team for 16 and over
SHARE_ADVISER = 0.9  # of eligible children, those with a personal adviser
NOT_AT_HOME = ("P1", "A5", "A6", "Z1")  # homes without a worker of their own


@dataclass(frozen=True)
class Tie:
    """A professional in a role, half-open."""

    who: Worker
    role: str
    start: date
    end: date | None = None
    need: str | None = None
    reason: str | None = None  # of a social worker: why they took over, 903 SW_REASON
    end_reason: str | None = None

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

    def of(self, role: str) -> list[Tie]:
        """Everyone in a role, in the order in which they came."""
        return sorted((t for t in self.ties if t.role == role), key=lambda t: t.start)

    def one(self, role: str, day: date) -> Worker | None:
        """Who holds a role on a day, the newest first."""
        for t in reversed(self.ties):
            if t.role == role and t.start <= day and (t.end is None or day < t.end):
                return t.who
        return None


@dataclass(frozen=True)
class Shared:
    """Whom brothers and sisters share: the social workers and reviewing officers of the family."""

    social_workers: tuple[Tie, ...]
    reviewing_officers: tuple[Tie, ...]


def shared(family: list[Child], council: Council) -> Shared:
    """The social workers and reviewing officers of a family, from the first day to the last of any of its children."""
    chance = by.stream(council.seed, "family team", family[0].family)
    workers = tuple(_social_workers(family, council, chance))
    return Shared(workers, tuple(_reviewing_officers(family, council, chance)))


def social_care(child: Child, council: Council, family: Shared) -> Iterator[Tie]:
    """Social worker and reviewing officer, virtual school and personal adviser, and who comes with the home."""
    chance = child.chance(council.seed, "team")
    known = max(child.born, child.start - timedelta(days=600))
    yield from _clipped(family.social_workers, known, child, council)
    yield from _clipped(family.reviewing_officers, child.start + by.days(chance, 0, 4), child, council)
    yield from _virtual_school(child, council, chance)
    yield from _adviser(child, council, chance)
    yield from _at_home(child, council, chance)


def until(child: Child, council: Council, day: date | None) -> date | None:
    """A day as an end: the end of care at the latest, none where it is not yet known."""
    end = min((d for d in (day, child.end) if d), default=None)
    return end if end and end <= council.last else None


def held(
    child: Child, council: Council, role: str, start: date, end: date | None, chance: Random, need: str | None = None
) -> Iterator[Tie]:
    """The holders of one post from one day to another."""
    stop = min(d for d in (end, child.end, council.last) if d)
    if start >= stop:
        return
    for holder in council.post(role, start, stop, chance).during(start, stop):
        yield Tie(holder.who, role, holder.start, until(child, council, _open(holder.end, stop, end, child)), need)


def _open(day: date | None, stop: date, end: date | None, child: Child) -> date | None:
    """None where it only ends because the files do."""
    return None if day == stop and end is None and child.end is None else day


def _clipped(ties: Iterable[Tie], start: date, child: Child, council: Council) -> Iterator[Tie]:
    """Ties of the family, for the days of one of its children."""
    for tie in ties:
        first, last = max(tie.start, start), until(child, council, tie.end)
        if first <= council.last and (last is None or first < last):
            yield Tie(tie.who, tie.role, first, last, tie.need, tie.reason)


# --- the family's ---


def _social_workers(family: list[Child], council: Council, chance: Random) -> Iterator[Tie]:
    """One post after another: transfers between teams, cases passed on, and those who come and go within a post."""
    begins = min(c.start for c in family)
    ends = min(max(c.until for c in family), council.last)
    known = not family[0].uasc and chance.random() < SHARE_KNOWN
    start = max(begins - by.days(chance, 20, 420) if known else begins, council.first - by.days(chance, 0, 700))
    changes = sorted(set(_transfers(family, start, begins, ends, chance)))
    kept = [(day, why) for n, (day, why) in enumerate(changes) if not n or (day - changes[n - 1][0]).days > 20]
    before: Post | None = None
    reason = by.pick(chance, shares.WORKER_CHANGES) if known else "FCONTA"
    for day, why, stop in _stretches(start, kept, ends):
        before = council.post("social_worker", day, stop, chance, before)
        for n, holder in enumerate(before.during(day, stop)):
            last = None if holder.end == stop == council.last else holder.end
            yield Tie(holder.who, "social_worker", holder.start, last, reason=holder.reason if n else why or reason)


def _stretches(start: date, changes: list[tuple[date, str]], end: date) -> Iterator[tuple[date, str, date]]:
    days = [(start, ""), *changes]
    for n, (day, why) in enumerate(days):
        yield day, why, days[n + 1][0] if n + 1 < len(days) else end


def _transfers(
    family: list[Child], start: date, begins: date, ends: date, chance: Random
) -> Iterator[tuple[date, str]]:
    """Days on which another post takes the family on, and why (903 SW_REASON)."""
    found = [(day, by.pick(chance, shares.WORKER_CHANGES))
             for day in by.spread(chance, family[0].story.workers, start + timedelta(days=45), ends)]  # fmt: skip
    if chance.random() < EARLY_TRANSFER:
        found.append((begins + by.days(chance, 50, 150), "TSPROC"))
    if chance.random() < TRANSFER_AT_16:
        found.append((birthday(min(c.born for c in family), 16) + by.days(chance, 0, 120), "TSPROC"))
    for child in family:  # for some who are sent far the worker changes with the home
        if child.story.far and not child.story.complex and len(child.homes) > 1 and chance.random() < 0.5:
            found.append((child.homes[-1].start, "TSPROC"))
    return ((by.weekday(day), why) for day, why in found if start + timedelta(days=30) < by.weekday(day) < ends)


def _reviewing_officers(family: list[Child], council: Council, chance: Random) -> Iterator[Tie]:
    start, end = min(c.start for c in family), min(max(c.until for c in family), council.last)
    for holder in council.post("iro", start, end, chance).during(start, end):
        yield Tie(holder.who, "iro", holder.start, None if holder.end == end == council.last else holder.end)


# --- the child's ---


def _virtual_school(child: Child, council: Council, chance: Random) -> Iterator[Tie]:
    """From reception to the end of care."""
    start = max(child.start, birthday(child.born, 4)) + by.days(chance, 0, 5)
    yield from held(child, council, "virtual_school", start, None, chance)


def _adviser(child: Child, council: Council, chance: Random) -> Iterator[Tie]:
    """From 16, once the child is eligible: 13 weeks in care."""
    start = max(birthday(child.born, 16), child.start + timedelta(weeks=13)) + by.days(chance, 0, 5)
    if chance.random() < SHARE_ADVISER:
        yield from held(child, council, "personal_adviser", start, None, chance)


def _at_home(child: Child, council: Council, chance: Random) -> Iterator[Tie]:
    """The supervising social worker of the foster home, or the key worker of the children's home."""
    for home in child.homes:
        number = chance.randint(1, LINK)
        if home.type in NOT_AT_HOME:
            continue
        foster = home.type[0] == "U"
        if foster:
            agency = council.fostering(home.provider, by.stream(council.seed, home.urn))
        else:
            agency = Agency(f"home-{home.urn or 'H5'}", "provider", f"Home {home.urn or 'H5'}", home.spot.authority)
        who = council.other(
            f"{agency.id}-{number + LINK * (child.family % 40)}" if foster else f"{agency.id}-1", agency
        )
        yield Tie(who, "supervising_social_worker" if foster else "keyworker_residential", home.start,
                  until(child, council, home.end))  # fmt: skip
