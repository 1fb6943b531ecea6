"""Plans, assessments, needs, events and requests of an invented child."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from graph.calendars import add_months, add_working_days, birthday
from graph.records import age
from ingest.generate import chance as by
from ingest.generate.folders import Folder
from ingest.generate.meetings import Desk, Review, terms

Missing = tuple[str, date, date]
CarePlan = tuple[str, date, date | None]  # id, and the days it held
DANGERS = ("self-harm", "exclusion", "assault or threat")


def keep(desk: Desk, seed: int, folders: dict[str, Folder], reviews: list[Review]) -> list[Missing]:
    """Write everything about a child that is neither a meeting nor an involvement; the missing periods."""
    chance = desk.child.chance(seed, "records")
    care = _care_plans(desk, chance, reviews)
    _plans_beside(desk, chance, reviews, care)
    _health_checks(desk, chance, folders["health"])
    _needs(desk, folders["camhs"])
    _views(desk, chance, reviews, care)
    if desk.child.story.complex:
        _before_care(desk, chance)
        return _crises(desk, chance, folders)
    return _missing(desk, chance, folders["police"])


def _considered(desk: Desk, reviews: Iterable[Review], start: date, end: date | None) -> tuple[str, ...]:
    return tuple(r.id for r in reviews if start <= r.on and (end is None or r.on < end))


def _plan(desk: Desk, kind: str, start: date, end: date | None, **more: object) -> str | None:
    """Write a plan that holds on some day written about; its id."""
    if start > desk.last or (end and end <= desk.first):
        return None
    known = end if end and end <= desk.last else None
    id = f"{kind.replace(' ', '-')}-{desk.child.number}-{start}"
    return desk.case.add(
        "plans", id=id, kind=kind, start=start, end=known, made_on=start, about=desk.child.number,
        recorded_by=desk.case.agency(desk.council.social_care), **more,
    )  # fmt: skip


def _care_plans(desk: Desk, chance: Random, reviews: list[Review]) -> list[CarePlan]:
    """A care plan before the first placement and a new version after most reviews; never, where agencies part."""
    changes = [] if desk.child.story.apart else [r.on + timedelta(days=3) for r in reviews if chance.random() < 0.6]
    starts = [desk.child.start, *changes]
    found: list[CarePlan] = []
    for n, start in enumerate(starts):
        end = starts[n + 1] if n + 1 < len(starts) else None
        id = _plan(
            desk, "care", start, end, version=str(n + 1), considered_at=_considered(desk, reviews, start, end),
            replaces=found[-1][0] if found else None,
        )  # fmt: skip
        if id:
            found.append((id, start, end))
            _held(desk, f"Plan:{id}", start, "social_worker", "iro")
    return found


def _held(desk: Desk, what: str, day: date, *roles: str) -> None:
    for role in roles:
        who = desk.team.one(role, max(day, desk.first))
        if who:
            desk.case.join("holds", desk.case.person(who), what, start=day)


Beside = tuple[str, date, date | None, tuple[str, ...]]


def _beside(desk: Desk, chance: Random) -> Iterator[Beside]:
    """The plans beside the care plan: kind, start, end, and the roles that hold them."""
    child, apart = desk.child, desk.child.story.apart
    for home in child.homes:
        yield "placement", home.start, home.end, ("social_worker", "iro")
    yield "health", child.start + timedelta(days=18), None, ("social_worker", *(() if apart else ("lac_nurse", "iro")))
    if chance.random() < 0.9 and not child.story.complex:
        yield "permanence", child.start + timedelta(days=80), None, ("social_worker", "iro")
    days = terms(max(child.start, desk.first), desk.last, chance)
    peps = [d for d in days if desk.team.one("designated_teacher", d)]
    for n, start in enumerate(peps):
        yield "pep", start, peps[n + 1] if n + 1 < len(peps) else None, ("social_worker", "designated_teacher")
    pathway = birthday(child.born, 16) + timedelta(days=100)
    if child.start + timedelta(weeks=13) < pathway <= desk.last and chance.random() < 0.85:
        yield "pathway", pathway, None, ("social_worker", "personal_adviser")
    if child.story.complex:
        yield "safety", child.start + timedelta(days=300), None, ("social_worker", "police")


def _plans_beside(desk: Desk, chance: Random, reviews: list[Review], care: list[CarePlan]) -> None:
    """Plans that are part of the care plan and looked at in reviews; where agencies keep apart some are neither."""
    for kind, start, end, holders in _beside(desk, chance):
        joined = not desk.child.story.apart or kind in ("placement", "permanence", "pathway")
        part = tuple(id for id, a, b in care if (end is None or a < end) and (b is None or start < b))
        seen = _considered(desk, reviews, start, end)
        id = _plan(desk, kind, start, end, part_of=part if joined else (), considered_at=seen if joined else ())
        if id:
            _held(desk, f"Plan:{id}", start, *holders)


def _health_checks(desk: Desk, chance: Random, health: Folder) -> None:
    """A first health assessment within 20 working days; every year after, every half year below five."""
    child, due, kind = desk.child, add_working_days(desk.child.start, 20), "initial health assessment"
    while due <= desk.last + timedelta(days=60):
        late = chance.random() < 0.1
        on = by.weekday(due + by.days(chance, 10, 90)) if late else by.weekday(due - by.days(chance, 3, 20))
        if desk.covers(on):
            agency = health.agency(desk.council.health)
            health.add("assessments", id=f"health-{child.number}-{on}", kind=kind, on=on, about=child.number,
                       by_role="lac_nurse", recorded_by=agency)  # fmt: skip
        if desk.covers(on) and age(child.born, on) >= 2 and chance.random() < 0.85:
            health.add("assessments", id=f"dental-{child.number}-{on}", kind="dental check",
                       on=on + timedelta(days=1), about=child.number, recorded_by=agency)  # fmt: skip
        kind, due = "review health assessment", add_months(on, 6 if age(child.born, on) < 5 else 12)


def _needs(desk: Desk, camhs: Folder) -> None:
    """The need for which CAMHS is there, and the request that came before, as CAMHS has them."""
    ties = [t for t in desk.team.ties if t.role == "camhs" and desk.covers(t.start)]
    for tie in ties[:1]:
        agency, number = camhs.agency(tie.who.agency), desk.child.number
        need = camhs.add("needs", id=f"mental-health-{number}", kind="mental health", identified_on=tie.start,
                         about=number, recorded_by=agency)  # fmt: skip
        camhs.add("referrals", id=f"camhs-{number}-{tie.start}", need="mental health", about=number,
                  made=tie.start - timedelta(days=30), first_contact=tie.start, to=f"Agency:{agency}",
                  addresses=need)  # fmt: skip


def _views(desk: Desk, chance: Random, reviews: list[Review], care: list[CarePlan]) -> None:
    """What the child said at reviews, and the version of the care plan that followed from it."""
    for review in reviews:
        if review.participation not in ("PN0", "PN4", "PN7") and chance.random() < 0.6:
            after = next((id for id, start, _ in care if start == review.on + timedelta(days=3)), None)
            heard = desk.team.one("iro", review.on)
            desk.case.add(
                "views", id=f"view-{desk.child.number}-{review.on}", on=review.on, medium="in words",
                about_what=chance.choice(("home", "school", "family time", "friends")), about=desk.child.number,
                considered_at=review.id, informed=f"Plan:{after}" if after else None,
                heard_by=desk.case.person(heard) if heard else None,
            )  # fmt: skip


def _event(desk: Desk, folder: Folder, kind: str, on: date, **more: object) -> None:
    if desk.remembers(on):
        id = f"{kind.replace(' ', '-')}-{desk.child.number}-{on}"
        folder.once("events", id=id, kind=kind, on=on, about=desk.child.number, **more)


def _gone(desk: Desk, police: Folder, on: date, chance: Random) -> Missing | None:
    """One missing period, in the records of the council and of the police."""
    back = on + by.days(chance, 1, 2)
    if not desk.remembers(on) or back > desk.last:
        return None
    talked = chance.random() < (0.97 if desk.child.story.complex else 0.63)
    interview = back + by.days(chance, 1, 3) if talked else None
    if interview and interview > desk.last:
        interview = None
    for folder in (desk.case, police):
        _event(desk, folder, "missing", on, end=back, interview_on=interview if folder is desk.case else None)
    return "M", on, back


def _missing(desk: Desk, chance: Random, police: Folder) -> list[Missing]:
    """One child in nine goes missing in a year, nearly all of them ten or older; some harm themselves."""
    child, troubled = desk.child, desk.child.story.troubled
    if age(child.born, desk.last) < 11 or chance.random() > (0.9 if troubled else 0.2):
        return []
    since = max(child.start, birthday(child.born, 11))
    if troubled and chance.random() < 0.8:
        for on in by.spread(chance, 1.0, since, desk.last):
            _event(desk, desk.case, "self-harm", on)
    rate = chance.choice((2.0, 6.0) if troubled else (0.3, 0.6, 1.0, 3.0))
    found: list[Missing] = []
    for on in by.spread(chance, rate, since, desk.last):
        if not found or (on - found[-1][2]).days > 2:
            gone = _gone(desk, police, on, chance)
            found += [gone] if gone else []
    return found


def _crises(desk: Desk, chance: Random, folders: dict[str, Folder]) -> list[Missing]:
    """Before each move: calm at first, then missing, self-harm and the carer's notice; a waiting list left behind."""
    child, found = desk.child, []
    desk.case.add("needs", id=f"mental-health-{child.number}", kind="mental health",
                         identified_on=max(desk.first, child.start) + timedelta(days=120), about=child.number,
                         recorded_by=desk.case.agency(desk.council.social_care))  # fmt: skip
    for home in child.homes:
        ends = home.end or desk.last
        if (ends - home.start).days < 80:
            continue
        for before in (44, 33, 23):
            gone = _gone(desk, folders["police"], ends - timedelta(days=before) + by.days(chance, 0, 4), chance)
            found += [gone] if gone else []
        _event(desk, desk.case, chance.choice(DANGERS), ends - by.days(chance, 36, 42))
        if chance.random() < 0.5:
            _event(desk, desk.case, "self-harm", ends - by.days(chance, 26, 30))
        if home.end:
            _event(desk, desk.case, "notice by carer", by.weekday(home.end - by.days(chance, 14, 20)))
        _waits(desk, folders["camhs"], home.start + timedelta(days=45), home.end, home.spot.authority)
    social_care = desk.case.agency(desk.council.social_care)
    for back in (500, 130):
        on = by.weekday(desk.last - timedelta(days=back))
        if desk.remembers(on):
            desk.case.add("assessments", id=f"exploitation-{child.number}-{on}", kind="exploitation", on=on,
                          by_role="social_worker", result="high", about=child.number,
                          recorded_by=social_care)  # fmt: skip
    return found


def _waits(desk: Desk, camhs: Folder, made: date, moved: date | None, area: str) -> None:
    """A request to the CAMHS of where the child lives, closed without a first contact when the child moves."""
    made = by.weekday(made)
    if desk.covers(made):
        agency = camhs.agency(desk.council.local("camhs", area))
        closed = moved + timedelta(days=9) if moved and moved + timedelta(days=9) <= desk.last else None
        camhs.add("referrals", id=f"camhs-{desk.child.number}-{made}", need="mental health", made=made,
                  clock_start=made, closed=closed, closed_reason="moved out of area" if closed else None,
                  about=desk.child.number, to=f"Agency:{agency}")  # fmt: skip


def _before_care(desk: Desk, chance: Random) -> None:
    """Two child protection plans before care began."""
    start = desk.child.start
    for begins, ends in ((1700, 1350), (620, 0)):
        first, last = start - timedelta(days=begins + chance.randint(0, 60)), start - timedelta(days=ends)
        desk.case.add("plans", id=f"child-protection-{desk.child.number}-{first}", kind="child protection",
                      start=first, end=last, made_on=first, about=desk.child.number)  # fmt: skip
