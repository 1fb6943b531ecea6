"""Reviews with who was there and who was not, and what they asked for."""

from __future__ import annotations

from datetime import date
from random import Random

from ingest.generate import chance as by
from ingest.generate.folders import Worker
from ingest.generate.partners.desk import Desk, each_once
from ingest.generate.partners.plans import review_id
from ingest.generate.team import Tie
from ingest.generate.told import Review

# Of those invited to a review: there, a report instead, apologies, nothing on record, someone else in their place.
TURNOUT = {"present": 66, "sent report": 31.6, "apologies": 1.2, "no record": 0.7, "substitute": 0.5}
DOCTORS = {"sent report": 93, "present": 5, "no record": 2}  # a GP writes
MOTHER, FATHER, TRUSTED = 0.66, 0.6, 0.6
SPOKEN = 0.93  # of reviews, those before which the reviewing officer spoke with the child
ASKS, DONE = 0.45, 0.86  # of reviews, those that ask for something; of what is asked, what is done by the next
WISHES = (
    ("therapy", "camhs"), ("an advocate", "advocate"), ("an independent visitor", "independent visitor"),
    ("life story work", None), ("a laptop for school", None), ("swimming lessons", None), ("a passport", None),
    ("a savings account", None), ("tuition", "virtual school"),
)  # fmt: skip


def write(desk: Desk) -> None:
    """Every review."""
    chance = desk.chance("reviews")
    open_wish: tuple[str, str | None] | None = None
    for n, review in enumerate(desk.told.reviews):
        _spoken(desk, review, chance)
        _review(desk, review, chance)
        later = desk.told.reviews[n + 1].on if n + 1 < len(desk.told.reviews) else None
        open_wish = _asks(desk, review, later, open_wish, chance)


def _review(desk: Desk, review: Review, chance: Random) -> None:
    story, there, knew = desk.child.story, [], {}
    for tie in each_once(desk.team.on(review.on)):
        close = tie.role in ("social_worker", "iro", "supervising_social_worker", "keyworker_residential")
        if tie.role in ("iro", "social_worker"):
            there.append((tie.who, "present"))
        elif story.complex or (story.apart and not close):
            if chance.random() < 0.3:
                there.append((tie.who, "apologies"))
        else:
            how = by.pick(chance, DOCTORS if tie.role == "gp" else TURNOUT)
            who = _stands_in(desk, tie) if how == "substitute" else tie.who
            there.append((who, how))
            if how == "substitute":
                knew[who.id] = False
                desk.plant("silos.attended_not_knowing", "a review", review.on, "someone on duty came instead")
            elif how in ("apologies", "no record"):
                desk.plant("silos.absent_agency", "a review", review.on, f"{tie.role}: {how}")
    id = desk.meeting("review", review.on, there, participation=review.participation, chair="iro", knew=knew,
                      recorded=chance)  # fmt: skip
    assert id == review_id(desk.child.number, review)
    for n, parent in enumerate(desk.parents):
        if chance.random() < (FATHER if n else MOTHER):
            desk.came(parent, id)
    for trusted, since in desk.trusted:
        if since <= review.on and chance.random() < TRUSTED:
            desk.came(trusted, id)


def _stands_in(desk: Desk, tie: Tie) -> Worker:
    """Whoever is on duty at the agency that day."""
    return desk.council.other(f"{tie.who.agency.id}-duty", tie.who.agency)


def _spoken(desk: Desk, review: Review, chance: Random) -> None:
    """The reviewing officer rings or sees the child before most reviews."""
    day = by.weekday(review.on - by.days(chance, 3, 8))
    iro = desk.team.one("iro", day)
    if iro and chance.random() < SPOKEN and desk.covers(day) and day >= desk.child.start:
        desk.meeting("call", day, [(iro, "present")], seen=True if chance.random() < 0.3 else None)
    elif desk.child.age(review.on) >= 4:
        desk.plant("voice.iro_not_spoken", "a review", review.on, "nobody rang the child before it")


def _asks(
    desk: Desk, review: Review, later: date | None, before: tuple[str, str | None] | None, chance: Random
) -> tuple[str, str | None] | None:
    """What a review asked for; what was not done is asked for again. What is still open after it."""
    wish = before or (chance.choice(WISHES) if chance.random() < ASKS else None)
    if wish is None:
        return None
    done = chance.random() < (DONE if before is None else 0.6)
    on = by.weekday(review.on + by.days(chance, 14, max(20, min(150, ((later or desk.last) - review.on).days - 5))))
    desk.case.add(
        "recommendations", id=f"wish-{desk.child.number}-{review.on}", about_what=wish[0], service=wish[1],
        made_on=review.on, done_on=desk.known(on) if done else None, about=desk.child.number,
        made_at=review_id(desk.child.number, review),
    )  # fmt: skip
    if before and not done and later is None:
        desk.plant("voice.recommendation_open", wish[0], review.on, "asked for again at the last review, not done")
    return None if done else wish
