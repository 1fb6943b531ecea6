"""The care plan in its versions, and the plans beside it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from random import Random

from graph.calendars import birthday
from ingest.generate import chance as by
from ingest.generate.partners.desk import Desk, Version
from ingest.generate.partners.education import terms
from ingest.generate.told import Review

AFTER_A_REVIEW, AFTER_A_CHANGE = 0.72, 0.9  # of reviews, and of moves and changes of school, those with a new version
SHARE_PERMANENCE, SHARE_PATHWAY = 0.92, 0.85

Beside = tuple[str, date, date | None, tuple[str, ...]]


def write(desk: Desk) -> None:
    """Every plan of the child but those for family time."""
    chance = desk.chance("plans")
    desk.care = _care(desk, chance)
    _beside(desk, chance)
    _pathway(desk, chance)


def review_id(number: str, review: Review) -> str:
    """How a record points at a review."""
    return f"review-{number}-{review.on}-all"


def _considered(desk: Desk, start: date, end: date | None) -> tuple[str, ...]:
    number, reviews = desk.child.number, desk.told.reviews
    return tuple(review_id(number, r) for r in reviews if start <= r.on and (end is None or r.on < end))


def _plan(desk: Desk, kind: str, start: date, end: date | None, **more: object) -> str | None:
    """Write a plan that holds on some day told of; its id."""
    if start > desk.last or (end and end <= desk.first):
        return None
    id = f"{kind.replace(' ', '-')}-{desk.child.number}-{start}"
    return desk.case.add(
        "plans", id=id, kind=kind, start=start, end=desk.known(end), made_on=start, about=desk.child.number,
        recorded_by=desk.social_care(), **more,
    )  # fmt: skip


def _care(desk: Desk, chance: Random) -> list[Version]:
    """A care plan before the first placement, and a new version after most reviews and changes.

    Where agencies keep apart it is never written anew.
    """
    starts = [desk.child.start, *(sorted(set(_new_versions(desk, chance))) if not desk.child.story.apart else [])]
    found: list[Version] = []
    for n, start in enumerate(starts):
        end = starts[n + 1] if n + 1 < len(starts) else None
        id = _plan(
            desk, "care", start, end, version=str(n + 1), considered_at=_considered(desk, start, end),
            replaces=found[-1].id if found else None,
        )  # fmt: skip
        if id:
            found.append(Version(id, start, end))
            desk.holds(f"Plan:{id}", start, "social_worker", "iro")
    return found


def _new_versions(desk: Desk, chance: Random) -> Iterator[date]:
    for review in desk.told.reviews:
        if chance.random() < AFTER_A_REVIEW:
            yield review.on + timedelta(days=3)
    moved = (h.start for h in desk.child.homes[1:])
    schools = (start for _, start, _ in desk.team.schools[1:])
    for day in (*moved, *schools):
        if day > desk.child.start and chance.random() < AFTER_A_CHANGE:
            yield by.weekday(day + by.days(chance, 1, 9))


def _kinds(desk: Desk, chance: Random) -> Iterator[Beside]:
    """The plans beside the care plan: kind, start, end, and the roles that hold them."""
    child, apart = desk.child, desk.child.story.apart
    for home in child.homes:
        yield "placement", home.start, home.end, ("social_worker", "iro")
    yield "health", child.start + timedelta(days=18), None, ("social_worker", *(() if apart else ("lac_nurse", "iro")))
    if chance.random() < SHARE_PERMANENCE and not child.story.complex:
        yield "permanence", child.start + timedelta(days=80), None, ("social_worker", "iro")
    elif (desk.last - child.start).days > 130:
        due = child.start + timedelta(days=112)
        desk.plant("clocks.permanence", "permanence plan", due, "no plan was drawn", desk.beyond)
    peps = [d for d in terms(max(child.start, desk.first), desk.last, desk.chance("terms"))
            if desk.team.one("designated_teacher", d)]  # fmt: skip
    for n, start in enumerate(peps):
        yield "pep", start, peps[n + 1] if n + 1 < len(peps) else None, ("social_worker", "designated_teacher")
    if child.story.complex:
        yield "safety", child.start + timedelta(days=300), None, ("social_worker", "police")


def _beside(desk: Desk, chance: Random) -> None:
    """Plans that are part of the care plan and looked at in reviews; where agencies keep apart some are neither."""
    for kind, start, end, holders in _kinds(desk, chance):
        joined = not desk.child.story.apart or kind in ("placement", "permanence", "pathway")
        part = tuple(_overlapping(desk.care, start, end))
        seen = _considered(desk, start, end)
        id = _plan(desk, kind, start, end, part_of=part if joined else (), considered_at=seen if joined else ())
        if id:
            desk.holds(f"Plan:{id}", start, *holders)


def _overlapping(versions: Iterable[Version], start: date, end: date | None) -> Iterator[str]:
    return (v.id for v in versions if (end is None or v.start < end) and (v.end is None or start < v.end))


def _pathway(desk: Desk, chance: Random) -> None:
    """The needs assessment within three months of becoming eligible at 16, and the plan that follows from it."""
    child = desk.child
    eligible = max(birthday(child.born, 16), child.start + timedelta(weeks=13))
    none = chance.random() > SHARE_PATHWAY
    if none and eligible + timedelta(days=92) <= desk.last:
        desk.plant("clocks.pathway", "pathway needs", eligible, "no assessment was drawn", desk.beyond)
    if none or eligible > desk.last:
        return
    on = by.weekday(eligible + by.days(chance, 20, 85))
    if desk.covers(on):
        id = desk.case.add("assessments", id=f"pathway-needs-{child.number}", kind="pathway needs", on=on,
                           by_role="social_worker", about=child.number, recorded_by=desk.social_care())  # fmt: skip
        desk.holds(f"Assessment:{id}", on, "social_worker", "personal_adviser", "iro")
    start = on + timedelta(days=14)
    part, seen = tuple(_overlapping(desk.care, start, None)), _considered(desk, start, None)
    plan = _plan(desk, "pathway", start, None, part_of=part, considered_at=seen)
    if plan:
        desk.holds(f"Plan:{plan}", start, "social_worker", "personal_adviser", "iro")
