"""Reviews, visits, PEP meetings and calls of an invented child, and who was there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random

from graph.calendars import add_months, add_working_days
from graph.records import age
from ingest.generate import chance as by
from ingest.generate.childhood import Child
from ingest.generate.council import Council
from ingest.generate.folders import Folder, Worker
from ingest.generate.team import Team, Tie

# How far back, before the years of the return, the case system and the police tell of events.
HISTORY = timedelta(days=8 * 365)
# Of those invited to a review: there, a report instead, apologies.
TURNOUT = {"present": 66, "sent report": 31, "apologies": 3}
VOICES = {"PN1": 48, "PN2": 5, "PN3": 2, "PN4": 7, "PN5": 8, "PN6": 22, "PN7": 8}


@dataclass(frozen=True)
class Review:
    """A review that was held."""

    id: str
    on: date
    participation: str


@dataclass(frozen=True)
class Desk:
    """What is needed to write about one child: the child, the team, and the folder it goes to."""

    child: Child
    team: Team
    council: Council
    case: Folder
    first: date

    @property
    def last(self) -> date:
        """The last day that may be written about."""
        end = self.child.end
        return end - timedelta(days=1) if end else self.council.last

    def covers(self, day: date) -> bool:
        """Whether a day is one to write about."""
        return self.first <= day <= self.last

    def remembers(self, day: date) -> bool:
        """Whether the case system still knows what happened on a day."""
        return self.first - HISTORY <= day <= self.last

    def meeting(
        self, kind: str, on: date, who: Iterable[tuple[Worker, str]], folder: Folder | None = None, **more: object
    ) -> str:
        """Write a meeting and who was there; its id."""
        at = folder or self.case
        people = [(at.person(worker), worker, how) for worker, how in who]
        names = "-".join(p for p, *_ in people) if kind in ("call", "visit") else "all"
        id = f"{kind.replace(' ', '-')}-{self.child.number}-{on}-{names}"
        at.add("meetings", id=id, kind=kind, on=on, about=self.child.number, **more)
        for person, worker, how in people:
            at.join("attended", f"Professional:{person}", f"Meeting:{id}", how=how, agency=worker.agency.id)
        return id


def hold(desk: Desk, seed: int, folders: dict[str, Folder]) -> list[Review]:
    """Write every meeting of a child; the reviews."""
    chance = desk.child.chance(seed, "meetings")
    reviews = list(_reviews(desk, chance))
    _visits(desk, chance, reviews)
    _peps(desk, chance, folders["schools"])
    _calls(desk, chance, folders)
    return reviews


def _reviews(desk: Desk, chance: Random) -> Iterator[Review]:
    """Within 20 working days, 3 months, then 6 months (regulation 33), and now and then late."""
    day, due, nth = desk.child.start, add_working_days(desk.child.start, 20), 1
    while day < desk.last:
        late = chance.random() < desk.child.story.late
        early = by.days(chance, 2, 6 if nth == 1 else 25)
        day = by.weekday(due + by.days(chance, 8, 60)) if late else by.weekday(due - early - timedelta(days=2))
        due, nth = add_months(day, 3 if nth == 1 else 6), nth + 1
        if desk.covers(day):
            yield _review(desk, day, chance)


def _review(desk: Desk, on: date, chance: Random) -> Review:
    story, years = desk.child.story, age(desk.child.born, on)
    if desk.team.one("iro", on) and chance.random() < 0.8:
        _iro_calls(desk, on - by.days(chance, 1, 6))
    code = "PN0" if years < 4 else by.pick(chance, VOICES)
    there = []
    for tie in _once(desk.team.on(on)):
        close = tie.role in ("social_worker", "iro", "supervising_social_worker", "keyworker_residential")
        if tie.role == "iro" or tie.role == "social_worker":
            there.append((tie.who, "present"))
        elif story.complex or (story.apart and not close):
            if chance.random() < 0.3:
                there.append((tie.who, "apologies"))
        else:
            there.append((tie.who, by.pick(chance, TURNOUT)))
    id = desk.meeting("review", on, there, participation=code, chair="iro")
    if chance.random() < 0.6 and not desk.child.uasc:
        desk.case.join("attended", f"Person:mother-{desk.child.family}", f"Meeting:{id}", how="present")
    return Review(id, on, code)


def _iro_calls(desk: Desk, on: date) -> None:
    day, iro = by.weekday(on - timedelta(days=2)), desk.team.one("iro", on)
    if iro and desk.covers(day):
        desk.meeting("call", day, [(iro, "present")])


def _once(ties: Iterable[Tie]) -> list[Tie]:
    """One tie a person, in order."""
    return list({t.who.id: t for t in reversed(list(ties))}.values())[::-1]


def _visits(desk: Desk, chance: Random, reviews: list[Review]) -> None:
    """Within a week of each move, then every six weeks at most (regulation 28), and now and then late.

    With parents as under an interim order: weekly to the first review, then every four weeks.
    """
    for home in desk.child.homes:
        day, ends = home.start + by.days(chance, 1, 5), home.end or desk.last + timedelta(days=1)
        if day < desk.first:
            day += timedelta(days=35 * ((desk.first - day).days // 35))
        while day < ends:
            on = by.weekday(
                day + (by.days(chance, 15, 40) if chance.random() < desk.child.story.late else timedelta(0))
            )
            worker = desk.team.one("social_worker", on)
            seen = chance.random() < 0.97
            if worker and on < ends and desk.covers(on):
                desk.meeting("visit", on, [(worker, "present")], seen=seen, alone=seen and chance.random() < 0.8)
            weekly = home.type == "P1" and not any(home.start <= r.on <= on + timedelta(days=7) for r in reviews)
            day = on + by.days(chance, *_until_next(home.type, weekly, bool(worker and seen)))


def _until_next(type_: str, weekly: bool, seen: bool) -> tuple[int, int]:
    """Days to the next visit; a child who was not seen is visited again soon."""
    if not seen or weekly:
        return 4, 5
    return (20, 25) if type_ == "P1" else (27, 38)


def _peps(desk: Desk, chance: Random, schools: Folder) -> None:
    """A PEP meeting each term: social worker, designated teacher, virtual school.

    Where agencies keep apart education meets alone; where one worker holds everything it meets that worker.
    """
    story = desk.child.story
    for on in terms(max(desk.first, desk.child.start), desk.last, chance):
        roles = ("social_worker", "designated_teacher", "virtual_school")
        worker, teacher, adviser = (desk.team.one(role, on) for role in roles)
        if teacher is None or chance.random() < story.late:
            continue
        who = (worker, teacher) if story.complex else (teacher, adviser) if story.apart else (worker, teacher, adviser)
        there = [(each, "present") for each in who if each]
        desk.meeting("pep", on, there, schools if story.apart and not story.complex else None)


def terms(first: date, last: date, chance: Random) -> Iterator[date]:
    """A day in each school term between two days."""
    for year in range(first.year, last.year + 1):
        for month, day in ((1, 20), (5, 10), (10, 8)):
            on = by.weekday(date(year, month, day) + by.days(chance, 0, 35))
            if first <= on <= last:
                yield on


def _calls(desk: Desk, chance: Random, folders: dict[str, Folder]) -> None:
    """The social worker rings round; where agencies keep apart, health rings health and nobody else."""
    story = desk.child.story
    for tie in desk.team.ties:
        if tie.role in ("social_worker", "health_lead") or (tie.role == "personal_adviser" and chance.random() < 0.2):
            continue
        day = tie.start + by.days(chance, 7, 30)
        while day <= min(tie.end or desk.last, desk.last):
            on = by.weekday(day)
            if desk.covers(on) and tie.holds(on):
                _call(desk, tie, on, folders["health"])
            day += by.days(chance, 38, 48) if story.complex else by.days(chance, 110, 170)


OUTSIDE = ("lac_nurse", "camhs", "designated_teacher", "advocate", "virtual_school")


def _call(desk: Desk, tie: Tie, on: date, health: Folder) -> None:
    story = desk.child.story
    nurse, worker = desk.team.one("lac_nurse", on), desk.team.one("social_worker", on)
    if story.apart and not story.complex and tie.role in OUTSIDE:
        if tie.role == "camhs" and nurse:
            desk.meeting("call", on, [(nurse, "present"), (tie.who, "present")], health)
    elif worker:
        desk.meeting("call", on, [(worker, "present"), (tie.who, "present")])
