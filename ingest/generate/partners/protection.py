"""Before care and in it: child protection plans and conferences, core groups, strategy discussions, enquiries."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from graph.calendars import add_months
from ingest.generate import chance as by
from ingest.generate.folders import Worker
from ingest.generate.partners.desk import Desk

SHARE_PLAN = 0.38  # of children in need through abuse or neglect, those with a protection plan before care
STRATEGY_A_YEAR = {True: 0.4, False: 0.05}  # in care: of troubled children and of others
SHARE_AGAIN_AND_AGAIN, AGAIN_A_YEAR = 0.12, 4.0  # of troubled children, those with one enquiry after another
LASTS_INTO_CARE = 0.25  # of protection plans, those that end only weeks after care began
ALL_CAME = 0.94


def write(desk: Desk) -> None:
    """Protection before care began, and enquiries since."""
    chance, child = desk.chance("protection"), desk.child
    if child.story.complex:
        for begins, ended in ((1700, 1350), (620, 0)):
            start = child.start - timedelta(days=begins + chance.randint(0, 60))
            _plan(desk, start, child.start - timedelta(days=ended), chance)
    elif child.need == "N1" and chance.random() < SHARE_PLAN:
        start = max(child.born, child.start - by.days(chance, 60, 420))
        if start < child.start - timedelta(days=25):
            ends = child.start + (by.days(chance, 20, 60) if chance.random() < LASTS_INTO_CARE else timedelta(0))
            _plan(desk, by.weekday(start), min(ends, child.until), chance)
    again = child.story.troubled and chance.random() < SHARE_AGAIN_AND_AGAIN
    a_year = AGAIN_A_YEAR if again else STRATEGY_A_YEAR[child.story.troubled]
    for on in by.spread(chance, a_year, max(child.start, desk.first), desk.last):
        _strategy(desk, by.weekday(on), chance)


def _plan(desk: Desk, start: date, end: date, chance: Random) -> None:
    """A child protection plan, with the enquiry before it and the meetings of its time."""
    if not desk.remembers(start):
        return
    number = desk.child.number
    id = desk.case.add("plans", id=f"child-protection-{number}-{start}", kind="child protection", start=start,
                       end=desk.known(end), made_on=start, about=number)  # fmt: skip
    desk.case.add("assessments", id=f"s47-{number}-{start}", kind="s47", on=start - timedelta(days=12),
                  by_role="social_worker", about=number, recorded_by=desk.social_care())  # fmt: skip
    if desk.covers(start):
        for role in ("social_worker", "health_visitor"):
            desk.holds(f"Plan:{id}", start, role)
    for kind, on in _meetings(start, end, chance):
        worker = desk.team.one("social_worker", on)
        if desk.covers(on) and on < end and worker:
            desk.meeting(kind, on, [(worker, "present"), *((w, "present") for w in _partners(desk, on))],
                         recorded=chance)  # fmt: skip


def _meetings(start: date, end: date, chance: Random) -> Iterator[tuple[str, date]]:
    yield "initial child protection conference", start
    yield "core group", by.weekday(start + by.days(chance, 6, 12))
    later = by.weekday(add_months(start, 3) - by.days(chance, 3, 12))
    while later < end:
        yield "review child protection conference", later
        later = by.weekday(add_months(later, 6) - by.days(chance, 3, 20))
    group = start + timedelta(days=45)
    while group < end:
        yield "core group", by.weekday(group)
        group += by.days(chance, 30, 42)


def _partners(desk: Desk, on: date) -> list[Worker]:
    """Health and school at a meeting before care: those who come to know the child then."""
    health = desk.council.other("duty-nurse", desk.council.community("Health visiting"))
    teacher = desk.team.one("designated_teacher", on)
    return [health, teacher] if teacher else [health]


def _strategy(desk: Desk, on: date, chance: Random) -> None:
    """A strategy discussion, for most with an enquiry: social care, police and health, and who works with the child."""
    worker = desk.team.one("social_worker", on)
    if not desk.covers(on) or worker is None:
        return
    council, number = desk.council, desk.child.number
    police = council.other(f"police-{chance.randint(1, 3)}", council.local("police", council.authority))
    nurse = desk.team.one("lac_nurse", on) or council.other("duty-nurse", council.community("Health visiting"))
    others = {t.who.agency.id: t.who for t in desk.team.on(on) if t.role not in ("iro", "social_worker")}
    for already in (police, nurse, worker):
        others.pop(already.agency.id, None)
    there = [(worker, "present"), (police, "present"), (nurse, "present")]
    there += [(who, "present" if chance.random() < 0.5 else "sent report") for who in others.values()
              if chance.random() < ALL_CAME]  # fmt: skip
    desk.meeting("strategy discussion", on, there, recorded=chance)
    if chance.random() < 0.6 and desk.anew(f"s47 {on}"):
        id = desk.case.add("assessments", id=f"s47-{number}-{on}", kind="s47", on=on, by_role="social_worker",
                           about=number, recorded_by=desk.social_care())  # fmt: skip
        desk.holds(f"Assessment:{id}", on, "social_worker", "iro")
