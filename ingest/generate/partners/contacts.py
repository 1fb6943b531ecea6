"""Calls, emails and joint visits: between professionals, across a boundary, and when one worker follows another."""

from __future__ import annotations

from datetime import date, timedelta

from ingest.generate import chance as by
from ingest.generate.partners.desk import Desk
from ingest.generate.team import Tie

HANDED_OVER = 0.85  # of changes of worker on one day, those at which the two met about the child
FIRST_CALL = 0.97
OUTSIDE = ("lac_nurse", "camhs", "designated_teacher", "advocate", "virtual_school", "gp", "school_nurse",
           "health_visitor", "guardian_cafcass", "paediatrician")  # fmt: skip
ACROSS = 0.96  # of quarters, those with a call to whoever works with the child in another area


def write(desk: Desk) -> None:
    """Everything said between professionals outside meetings."""
    _handovers(desk)
    _calls(desk)
    _across(desk)


def _handovers(desk: Desk) -> None:
    """The one who leaves and the one who comes see the child, or speak, together."""
    chance = desk.chance("handovers")
    for role in ("social_worker", "iro"):
        ties = desk.team.of(role)
        for before, after in zip(ties, ties[1:], strict=False):
            on = by.weekday(after.start - by.days(chance, 1, 9))
            met = before.end == after.start and chance.random() < HANDED_OVER
            met = met and before.holds(on) and desk.covers(on) and desk.child.cared_for(on)
            if not met and desk.covers(after.start) and desk.child.cared_for(after.start):
                why = "days without anyone" if before.end != after.start else "the two did not meet"
                desk.plant("continuity.cold_handover", role.replace("_", " "), after.start, why)
            if met:
                kind = "joint visit" if chance.random() < 0.6 else "call"
                there = [(before.who, "present"), (after.who, "present")]
                desk.meeting(kind, on, there, seen=True if kind == "joint visit" else None)


def _calls(desk: Desk) -> None:
    """The social worker rings round; where agencies keep apart, health rings health and nobody else."""
    chance, story = desk.chance("calls"), desk.child.story
    for tie in desk.team.ties:
        if tie.role in ("social_worker", "health_lead", "iro") or (tie.end and tie.end <= desk.first):
            continue
        if tie.role == "personal_adviser" and chance.random() < 0.12:
            continue
        day = max(tie.start, desk.first - timedelta(days=chance.randint(0, 160))) + by.days(chance, 5, 24)
        last = min(tie.end or desk.last, desk.last)
        often = (38, 48) if story.complex else (280, 400)
        while day <= last:
            on = by.weekday(day)
            if desk.covers(on) and tie.holds(on) and chance.random() < FIRST_CALL:
                _call(desk, tie, on)
            day += by.days(chance, *often)


def _call(desk: Desk, tie: Tie, on: date) -> None:
    story = desk.child.story
    nurse, worker = desk.team.one("lac_nurse", on), desk.team.one("social_worker", on)
    if story.apart and not story.complex and tie.role in OUTSIDE:
        if tie.role == "camhs" and nurse:
            desk.meeting("call", on, [(nurse, "present"), (tie.who, "present")], desk.folders["health"])
    elif worker:
        desk.meeting("call", on, [(worker, "present"), (tie.who, "present")])


def _across(desk: Desk) -> None:
    """Of a child in another area: the social worker speaks every quarter with one person of each area."""
    chance, story, own = desk.chance("across"), desk.child.story, desk.council.authority
    if story.apart or all(h.spot.authority == own for h in desk.child.homes):
        return
    day = max(desk.child.start, desk.first) + by.days(chance, 20, 60)
    while day <= desk.last:
        on = by.weekday(day)
        worker = desk.team.one("social_worker", on)
        there = {t.who.agency.area: t.who for t in desk.team.on(on) if t.who.agency.area != own}
        if worker and there and on <= desk.last and chance.random() < ACROSS:
            people = [(worker, "present"), *((who, "present") for who in there.values())]
            desk.meeting("email" if chance.random() < 0.5 else "call", on, people)
        day += by.days(chance, 52, 78)
