"""What the child said, who heard it, and what came of it."""

from __future__ import annotations

from ingest.generate.partners.desk import Desk
from ingest.generate.partners.plans import review_id

SAID, COUNTED = (
    0.65,
    0.9,
)  # of reviews the child had a part in, those with a view; of those, the ones that changed the plan
NO_VIEW = ("PN0", "PN4", "PN7")


def write(desk: Desk) -> None:
    """Views at reviews, and the version of the care plan that followed from them."""
    chance, number = desk.chance("voice"), desk.child.number
    for review in desk.told.reviews:
        if review.participation in NO_VIEW or chance.random() > SAID:
            continue
        after = next((v.id for v in desk.care if 0 <= (v.start - review.on).days <= 6), None)
        heard = desk.team.one("iro", review.on)
        desk.case.add(
            "views", id=f"view-{number}-{review.on}", on=review.on,
            medium=chance.choice(("in words", "in words", "in writing", "by an advocate")),
            about_what=chance.choice(("home", "school", "family time", "friends")), about=number,
            considered_at=review_id(number, review),
            informed=f"Plan:{after}" if after and chance.random() < COUNTED else None,
            heard_by=desk.case.person(heard) if heard else None,
        )  # fmt: skip
