"""Who helps an invented child beside social care: health, CAMHS, advocacy, police, courts, and the schools."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random

from graph.calendars import birthday
from ingest.generate import chance as by
from ingest.generate.childhood import Child, Home
from ingest.generate.council import Council
from ingest.generate.folders import Agency, Worker
from ingest.generate.team import Team, Tie, held, until

CAMHS_FROM, CAMHS_SHARE, CAMHS_FAR = 8, 0.26, 0.7
SHARE_ADVOCATE, SHARE_VISITOR, SHARE_YOT = 0.14, 0.04, 0.025
# Of services that follow a child into another area, those that begin there only after weeks.
LATE = 0.07


def helpers(child: Child, council: Council, team: Team) -> Iterator[Tie]:
    """Everyone beside social care and the home; the schools are in the team already."""
    chance = child.chance(council.seed, "helpers")
    yield from _nurse(child, council, chance)
    yield from _doctor(child, council, chance)
    yield from _community(child, council, chance)
    yield from _camhs(child, council, chance)
    yield from _guardian(child, council, chance)
    yield from _others(child, council, chance)
    for school, start, end in team.schools:
        yield Tie(council.teacher(school), "designated_teacher", start, end)


def _areas(child: Child) -> Iterator[tuple[str, date, date | None]]:
    """The areas lived in, one after another: homes in one area are one stretch."""
    stretch: tuple[str, date, date | None] | None = None
    for home in child.homes:
        area = home.spot.authority
        if stretch and stretch[0] == area:
            stretch = (area, stretch[1], home.end)
        else:
            if stretch:
                yield stretch
            stretch = (area, home.start, home.end)
    if stretch:
        yield stretch


def _wait(chance: Random, soon: int) -> timedelta:
    """Until a service begins in another area: within days, and now and then weeks."""
    return by.days(chance, 30, 100) if chance.random() < LATE else by.days(chance, 0, soon)


def _near(home: Home, child: Child) -> bool:
    return home.spot.authority == child.home.authority


# --- health ---


def _nurse(child: Child, council: Council, chance: Random) -> Iterator[Tie]:
    """A nurse of the council's own area, who hands over to one where the child lives or keeps the child."""
    away = [h.start for h in child.homes if not _near(h, child)]
    last_away = away[-1] if away and not _near(child.homes[-1], child) else None
    hands_over = last_away and last_away > child.start and chance.random() < 0.4 and not child.story.complex
    lead = chance.random() < (0.4 if child.story.apart else 0.97) and not child.story.complex
    roles = ("lac_nurse", "health_lead") if lead else ("lac_nurse",)
    day = child.start + by.days(chance, 3, 17)
    for tie in held(child, council, "lac_nurse", day, last_away if hands_over else None, chance):
        for role in roles:
            yield Tie(tie.who, role, tie.start, tie.end)
    if hands_over and last_away:
        host = council.local("health", child.homes[-1].spot.authority)
        who = council.other(f"nurse-{host.area}", host)
        for role in roles:
            yield Tie(who, role, last_away + by.days(chance, 1, 6), until(child, council, None))


def _doctor(child: Child, council: Council, chance: Random) -> Iterator[Tie]:
    """A GP in each area lived in."""
    for n, (area, start, end) in enumerate(_areas(child)):
        begins = start + (_wait(chance, 9) if n else timedelta(0))
        yield Tie(council.gp(area, chance.randint(1, 60 if area == council.authority else 3)), "gp", begins,
                  until(child, council, end))  # fmt: skip


def _community(child: Child, council: Council, chance: Random) -> Iterator[Tie]:
    """A health visitor to five, and for most of the others a school nurse to sixteen."""
    five, sixteen = birthday(child.born, 5), birthday(child.born, 16)
    for role, first, after, share in (
        ("health_visitor", child.born, five, 0.97), ("school_nurse", five, sixteen, 0.6),
    ):  # fmt: skip
        if chance.random() > share:
            continue
        for n, (area, start, end) in enumerate(_areas(child)):
            begins = max(start + (_wait(chance, 20) if n else timedelta(0)), first)
            ends = min((d for d in (end, after) if d), default=None)
            if ends and begins >= ends:
                continue
            if area == council.authority:
                yield from held(child, council, role, begins, ends if ends and ends <= council.last else None, chance)
            else:
                host = council.local("health", area)
                yield Tie(council.other(f"{role.replace('_', '-')}-{area}", host), role, begins,
                          until(child, council, ends))  # fmt: skip


def _camhs(child: Child, council: Council, chance: Random) -> Iterator[Tie]:
    """CAMHS for some: stopped by a move far away, gone on with, or taken up again where the child lives now."""
    begins = max(child.start, birthday(child.born, CAMHS_FROM)) + by.days(chance, 60, 900)
    if child.story.far and len(child.homes) > 1:  # there before the last move, for most
        begins = max(child.start + timedelta(days=40), child.homes[-1].start - by.days(chance, 100, 300))
    share = CAMHS_FAR if child.story.far else CAMHS_SHARE
    if child.story.complex or chance.random() > share or begins > council.last - timedelta(days=60):
        return
    agency = council.local("camhs", child.at(begins).spot.authority)
    who = council.other(
        f"camhs-{agency.area}-{chance.randint(1, 40 if agency.area == council.authority else 4)}", agency
    )
    moved = next((b.start for a, b in child.moves() if b.start > begins and b.spot.authority != agency.area), None)
    planned_end = begins + by.days(chance, 300, 900)
    if moved is None or moved > planned_end or chance.random() < 0.35:
        yield _therapy(who, begins, until(child, council, planned_end), _why_ended(chance))
        return
    yield _therapy(who, begins, until(child, council, moved + by.days(chance, 0, 10)), "moved out of area")
    if not child.story.far and chance.random() < 0.6:
        host = council.local("camhs", child.at(moved).spot.authority)
        yield _therapy(council.other(f"camhs-{host.area}-1", host), moved + by.days(chance, 12, 45),
                       until(child, council, None), None)  # fmt: skip


def _why_ended(chance: Random) -> str:
    return by.pick(chance, {"completed": 70, "did not engage": 20, "end of programme": 10})


def _therapy(who: Worker, start: date, end: date | None, reason: str | None) -> Tie:
    return Tie(who, "camhs", start, end, need="mental health", end_reason=reason if end else None)


# --- courts, police, advocacy ---


def _guardian(child: Child, council: Council, chance: Random) -> Iterator[Tie]:
    """The children's guardian, from the first interim order to the last one."""
    interim = next((day for day, status in child.statuses if status == "C1"), None)
    if interim:
        court = Agency("cafcass", "court", "Cafcass", council.authority)
        final = next((day for day, status in child.statuses if day > interim), None)
        who = council.other(f"guardian-{chance.randint(1, 30)}", court)
        yield Tie(who, "guardian_cafcass", interim + by.days(chance, 2, 14), until(child, council, final))


def _others(child: Child, council: Council, chance: Random) -> Iterator[Tie]:
    """Police and exploitation worker for the cohort; advocate, independent visitor, youth justice for a few."""
    if child.story.complex:
        first = child.start + by.days(chance, 60, 150)
        police = council.local("police", council.authority)
        yield Tie(council.other(f"police-{chance.randint(1, 3)}", police), "police", first, until(child, council, None))
        support = council.local("voluntary", council.authority)
        worker = council.other(f"exploitation-{chance.randint(1, 4)}", support)
        later = first + by.days(chance, 60, 200)
        yield Tie(worker, "exploitation_worker", later, until(child, council, None), "exploitation")
        return
    if child.age(council.last) >= 8 and chance.random() < SHARE_ADVOCATE:
        worker = council.other(f"advocate-{chance.randint(1, 12)}", council.local("advocacy", council.authority))
        yield from _for_a_while(worker, "advocate", child, council, chance)
    if child.age(council.last) >= 8 and chance.random() < SHARE_VISITOR:
        agency = Agency("visitors", "voluntary", "Independent visitors", council.authority)
        worker = council.other(f"visitor-{child.number}", agency)
        yield from _for_a_while(worker, "independent_visitor", child, council, chance)
    if child.age(council.last) >= 13 and (child.statuses[0][1] == "J1" or chance.random() < SHARE_YOT):
        begins = max(child.start, birthday(child.born, 12)) + by.days(chance, 0, 300)
        yield from held(child, council, "yot_worker", begins, begins + by.days(chance, 150, 400), chance)


def _for_a_while(worker: Worker, role: str, child: Child, council: Council, chance: Random) -> Iterator[Tie]:
    begins = max(child.start, birthday(child.born, 8)) + by.days(chance, 60, 900)
    ends = until(child, council, begins + by.days(chance, 200, 700))
    yield Tie(worker, role, begins, ends, end_reason="completed" if ends else None)
