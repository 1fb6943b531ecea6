"""Parents, brothers and sisters, whom the child trusts, and family time."""

from __future__ import annotations

from datetime import date, timedelta
from random import Random

from ingest.generate import chance as by
from ingest.generate.partners.desk import Desk

SHARE_FATHER, SHARE_COURT_CONTACT = 0.42, 0.06
SHARE_TRUSTS, SHARE_FAMILY_TIME = 0.3, 0.75
INTERVALS = {28: 25, 42: 40, 60: 35}
MISSED = 0.03  # of family times, those that were not held


def write(desk: Desk) -> None:
    """The family of the child, and the time they have together."""
    child, chance = desk.child, desk.chance("family")
    if child.uasc:
        return
    _people(desk)
    if child.age(desk.last) >= 8 and chance.random() < SHARE_TRUSTS:
        _trusts(desk, chance)
    if child.route != "adopted" and chance.random() < SHARE_FAMILY_TIME:
        _family_time(desk, chance)


def _people(desk: Desk) -> None:
    """Mother and, of some families, father; a grandparent whom the court grants contact. The same for each child."""
    child, family = desk.child, desk.child.family
    chance = by.stream(desk.council.seed, "parents", family)
    surname = child.name.split()[-1]
    people: list[tuple[str, str, bool | None, bool | None]] = [("mother", f"{surname} (mother)", True, None)]
    if chance.random() < SHARE_FATHER:
        people.append(("father", f"{surname} (father)", True, None))
    if chance.random() < SHARE_COURT_CONTACT:
        people.append(("grandmother", f"{surname} (grandmother)", None, True))
    eldest = all(int(s.number) > int(child.number) for s in desk.told.family)
    for relation, name, responsible, ordered in people:
        id = f"{relation}-{family}"
        if eldest:
            desk.case.add("persons", id=id, name=name, kind=relation)
        desk.case.join("related_to", id, child.number, relation=relation, parental_responsibility=responsible,
                       contact_order=ordered)  # fmt: skip
        (desk.parents if responsible else desk.ordered).append(id)


def _trusts(desk: Desk, chance: Random) -> None:
    """An adult the child named: someone of their own, or a professional."""
    on = max(desk.first, desk.child.start) + by.days(chance, 30, 500)
    if not desk.covers(on):
        return
    if chance.random() < 0.5:
        id = desk.case.add("persons", id=f"trusted-{desk.child.number}", name=f"Trusted adult of {desk.child.number}",
                           kind="trusted adult")  # fmt: skip
        desk.case.join("related_to", id, desk.child.number, relation=chance.choice(("aunt", "uncle", "godparent")),
                       parental_responsibility=False)  # fmt: skip
        desk.case.join("trusts", desk.child.number, f"Person:{id}", said_on=on)
        desk.trusted.append((id, on))
        return
    who = desk.team.one("supervising_social_worker", on) or desk.team.one("social_worker", on)
    if who:
        desk.case.join("trusts", desk.child.number, f"Professional:{desk.case.person(who)}", said_on=on)


def _family_time(desk: Desk, chance: Random) -> None:
    """A plan with an interval, and the times that were held."""
    child = desk.child
    interval = by.pick(chance, INTERVALS)
    start = child.start + by.days(chance, 8, 20)
    if start > desk.last:
        return
    id = f"family-time-{child.number}"
    desk.case.add("plans", id=id, kind="family time", start=start, made_on=start, end=desk.known(child.end),
                  interval=interval, about=child.number, **{"with": tuple(desk.parents)})  # fmt: skip
    desk.holds(f"Plan:{id}", start, "social_worker", "iro")
    stops = desk.last - by.days(chance, 70, 300) if chance.random() < 0.05 else desk.last
    if start < stops < desk.last:
        desk.plant("voice.contact_not_delivered", "family time", stops, "the plan did not stop with it", desk.beyond)
    day = max(start, desk.first - by.days(chance, 0, interval)) + by.days(chance, 3, 14)
    while day <= stops:
        if desk.covers(day) and chance.random() > MISSED:
            _held(desk, day, chance)
        day += timedelta(days=interval) - by.days(chance, 1, 5)


def _held(desk: Desk, day: date, chance: Random) -> None:
    meeting = desk.meeting("family time", day, ())
    for n, parent in enumerate(desk.parents):
        if n == 0 or chance.random() < 0.6:
            desk.came(parent, meeting)
