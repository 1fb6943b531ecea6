"""Health: assessments and dental checks, needs, and CAMHS with its waiting list."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from graph.calendars import birthday
from ingest.generate import chance as by
from ingest.generate.folders import Agency
from ingest.generate.partners.desk import Desk

WAITS = 0.12  # of children of eight or older whom CAMHS does not see, those who are or were on its list
RESET = 0.6  # of those who move while they wait, those whose wait begins again
SHARE_NEED = 0.12  # with a need of education or development on record
LEARNING, DIAGNOSIS = "special educational needs", "diagnosis of autism"


def write(desk: Desk) -> None:
    """What health and CAMHS have."""
    chance = desk.chance("records of health")
    _checks(desk)
    if desk.child.story.complex:
        _lists_left_behind(desk)
        return
    if any(t.role == "camhs" for t in desk.team.ties):
        _seen(desk, chance)
    elif desk.child.age(desk.last) >= 9 and chance.random() < WAITS:
        _waiting(desk, chance)
    if desk.child.age(desk.last) >= 5 and chance.random() < SHARE_NEED:
        _learning(desk, chance)


def _checks(desk: Desk) -> None:
    health = desk.folders["health"]
    for check in desk.told.checks:
        word = "dental" if check.kind == "dental check" else "health"
        id = health.add(
            "assessments", id=f"{word}-{desk.child.number}-{check.on}", kind=check.kind, on=check.on,
            about=desk.child.number, by_role="lac_nurse" if word == "health" else None,
            recorded_by=health.agency(desk.council.health),
        )  # fmt: skip
        if word == "health":
            for role in ("lac_nurse", *(() if desk.child.story.apart else ("social_worker",))):
                who = desk.team.one(role, check.on)
                if who:
                    health.join("holds", health.person(who), f"Assessment:{id}", start=check.on)


# --- CAMHS ---


def _need(desk: Desk, kind: str, on: date, met: date | None, *agencies: Agency) -> None:
    """A need in the case system; known to those in whose records it stands."""
    stands = (desk.social_care(), *(desk.case.agency(a) for a in agencies))
    desk.case.add("needs", id=f"{kind.replace(' ', '-')}-{desk.child.number}", kind=kind, identified_on=on,
                  met=desk.known(met), about=desk.child.number, recorded_by=stands)  # fmt: skip


def _referral(desk: Desk, made: date, agency: Agency, **more: object) -> str:
    camhs = desk.folders["camhs"]
    return camhs.add("referrals", id=f"camhs-{desk.child.number}-{made}", need="mental health", made=made,
                     clock_start=more.pop("clock_start", made), about=desk.child.number,
                     to=f"Agency:{camhs.agency(agency)}", **more)  # fmt: skip


def _seen(desk: Desk, chance: Random) -> None:
    """The need for which CAMHS is there, and the request and the wait that came before."""
    ties = [t for t in desk.team.ties if t.role == "camhs"]
    first, last = ties[0], ties[-1]
    made = by.weekday(first.start - by.days(chance, 30, 220))
    ended = last.end if last.end_reason == "completed" else None
    if desk.remembers(made):
        _need(desk, "mental health", made, ended, first.who.agency)
    if desk.covers(first.start) and made >= desk.first - timedelta(days=400):
        _referral(desk, made, first.who.agency, first_contact=first.start, closed=desk.known(first.end),
                  closed_reason=first.end_reason if desk.known(first.end) else None)  # fmt: skip


def _waiting(desk: Desk, chance: Random) -> None:
    """On the list, and off it again: seen once, no longer wanted, or made to wait anew where the child moves."""
    child = desk.child
    made = by.weekday(max(desk.first, child.start, birthday(child.born, 8)) + by.days(chance, 20, 700))
    if not desk.covers(made):
        return
    agency = desk.council.local("camhs", child.at(made).spot.authority)
    until = made + by.days(chance, 60, 420)
    moved = next((b.start for _, b in child.moves() if made < b.start < until
                  and b.spot.authority != agency.area), None)  # fmt: skip
    _need(desk, "mental health", made, None if moved else until, agency)
    closed = by.weekday((moved or until) + by.days(chance, 3, 20))
    reason = "moved out of area" if moved else chance.choice(("no longer needed", "seen once, advice given"))
    asked = _referral(desk, made, agency, closed=desk.known(closed),
                      closed_reason=reason if desk.known(closed) else None)  # fmt: skip
    if moved and desk.covers(closed + timedelta(days=5)):
        host = desk.council.local("camhs", child.at(closed).spot.authority)
        kept = {} if chance.random() < RESET else {"clock_start": made, "continues": asked}
        if not kept:
            desk.plant("area.waiting_list_reset", "CAMHS", closed, "off one list, and anew on another")
        _referral(desk, by.weekday(closed + timedelta(days=5)), host, **kept)


def _lists_left_behind(desk: Desk) -> None:
    """Of the cohort: a request in each home, closed without a first contact when the child moves."""
    child = desk.child
    identified = max(desk.first, child.start) + timedelta(days=120)
    desk.case.add("needs", id=f"mental-health-{child.number}", kind="mental health", identified_on=identified,
                  about=child.number, recorded_by=desk.social_care())  # fmt: skip
    for home in child.homes:
        made = by.weekday(home.start + timedelta(days=45))
        if ((home.end or desk.last) - home.start).days < 80 or not desk.covers(made):
            continue
        closed = desk.known(home.end + timedelta(days=9)) if home.end else None
        if closed:
            desk.plant("area.waiting_list_reset", "CAMHS", closed, "closed at a move without a first contact")
        _referral(desk, made, desk.council.local("camhs", home.spot.authority), closed=closed,
                  closed_reason="moved out of area" if closed else None)  # fmt: skip


# --- other needs ---


def _learning(desk: Desk, chance: Random) -> None:
    """A need that the school knows of too; for a few a diagnosis, with a paediatrician."""
    on = max(desk.first, desk.child.start) + by.days(chance, 20, 900)
    teacher = desk.team.one("designated_teacher", on)
    if not desk.covers(on):
        return
    if teacher and chance.random() < 0.8:
        _need(desk, LEARNING, on, None, teacher.agency)
        return
    health = desk.folders["health"]
    clinic = desk.council.community("Community paediatrics")
    doctor = desk.council.other(f"paediatrician-{chance.randint(1, 6)}", clinic)
    _need(desk, DIAGNOSIS, on, None, clinic)
    health.join("involved_with", f"Professional:{health.person(doctor)}", desk.child.number, role="paediatrician",
                need=DIAGNOSIS, agency=clinic.id, start=on - timedelta(days=60))  # fmt: skip
    worker = desk.team.one("social_worker", on)
    if worker:
        desk.meeting("call", by.weekday(on), [(worker, "present"), (doctor, "present")])
