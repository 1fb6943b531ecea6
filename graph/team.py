"""The team before a move and after it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from graph.model import Involvement
from graph.records import Records, covers, holds_on, involvements
from graph.reference import roles

# They change with nearly every home, so that they say nothing of whether the professionals stayed.
CHANGE_WITH_THE_HOME = frozenset(
    {"foster_carer", "keyworker_residential", "supervising_social_worker", "school", "designated_teacher"}
)


@dataclass(frozen=True)
class Turnover:
    """Who was there so many days before a move, and who so many days after it, by id.

    People, and agencies without a named person. before: those of whom it is said who they are; `unsaid` counts
    the others (a 903 worker id that begins XX may be someone who stays or someone who goes).
    """

    before: frozenset[str]
    after: frozenset[str]
    unsaid: int
    involvements: tuple[Involvement, ...]

    @property
    def lost(self) -> frozenset[str]:
        """Those who were there before and are not after."""
        return self.before - self.after

    @property
    def stayed(self) -> frozenset[str]:
        """Those who are on both sides."""
        return self.before & self.after

    @property
    def there(self) -> int:
        """How many were there before."""
        return len(self.before) + self.unsaid

    @property
    def loss_share(self) -> float | None:
        """The least share of those before who are lost: |A(t−κ) \\ A(t+κ)| / |A(t−κ)|; None where no one was there."""
        return len(self.lost) / self.there if self.there else None

    @property
    def greatest_loss_share(self) -> float | None:
        """The share if everyone of whom it is not said who they are were lost too."""
        return (len(self.lost) + self.unsaid) / self.there if self.there else None

    @property
    def overlap(self) -> float | None:
        """|A ∩ B| / |A ∪ B|: the auto-correlation of Palla, Barabási and Vicsek, Nature 446:664 (2007).

        Unlike the loss share it falls when help is added.
        """
        everyone = self.before | self.after
        return len(self.stayed) / len(everyone) if everyone else None


def turnover(records: Records, move: date, days: int) -> Turnover | None:
    """The professionals so many days before a move with those so many days after; None where it cannot be said.

    Only roles that loads cover from the one day to the other are compared; it cannot be said where none is but
    the social worker's, as in a council that has loaded its 903 alone.
    """
    first, last = move - timedelta(days=days), move + timedelta(days=days)
    asked = {r for r in set(roles.roles()) - CHANGE_WITH_THE_HOME if covers(records, "involved_with", first, last, r)}
    if not asked - {"social_worker"}:
        return None
    held = [i for i in involvements(records, *asked) if holds_on(i, first) or holds_on(i, last)]
    then = {i.from_id for i in held if holds_on(i, first)}
    now = {i.from_id for i in held if holds_on(i, last)}
    unsaid = {i for i in then if getattr(records.get(i), "identified", None) is False}
    return Turnover(frozenset(then - unsaid), frozenset(now - unsaid), len(unsaid), tuple(held))
