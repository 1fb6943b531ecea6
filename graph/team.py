"""The team before a move and after it, and how long each professional has been there."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from graph.model import Agency, Involvement, Professional
from graph.network import affiliation
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


# --- how long each has been there ---


@dataclass(frozen=True)
class Relation:
    """One professional's unbroken time with a child, in whatever roles; half-open, no end where it goes on."""

    who: str
    start: date
    end: date | None
    rows: tuple[Involvement, ...]

    def days(self, t: date) -> int:
        """How long it has lasted by day t, or did last."""
        return (min(self.end or t, t) - self.start).days

    def spans(self, first: date, last: date) -> bool:
        """Whether it holds on both days and on all between them."""
        return self.start <= first and (self.end is None or last < self.end)


def relations(records: Records, gap: int) -> list[Relation]:
    """Every professional's unbroken times with the child, in order of their beginning.

    gap: days between two involvements of one person that are no break. Left out are those who change with the
    home, agencies without a person, and records that do not say who.
    """
    found: list[Relation] = []
    latest: dict[str, int] = {}
    for i in involvements(records):
        node = records.get(i.from_id)
        if i.start is None or i.role in CHANGE_WITH_THE_HOME:
            continue
        if not isinstance(node, Professional) or node.identified is False:
            continue
        n = latest.get(i.from_id)
        if n is not None and _goes_on(found[n], i.start, gap):
            found[n] = Relation(i.from_id, found[n].start, _later(found[n].end, i.end), (*found[n].rows, i))
        else:
            latest[i.from_id] = len(found)
            found.append(Relation(i.from_id, i.start, i.end, (i,)))
    return found


def _goes_on(relation: Relation, start: date, gap: int) -> bool:
    return relation.end is None or (start - relation.end).days <= gap


def _later(a: date | None, b: date | None) -> date | None:
    return None if a is None or b is None else max(a, b)


def agencies_there(records: Records, on: date) -> dict[str, set[str]]:
    """The agencies involved on a day, each with the people who are there for it: none where none is named."""
    found: dict[str, set[str]] = {}
    for i in involvements(records):
        if i.role in CHANGE_WITH_THE_HOME or not holds_on(i, on):
            continue
        agency = i.agency or affiliation(records, i.from_id, on).agency
        if agency:
            people = found.setdefault(agency, set())
            people |= set() if isinstance(records.get(i.from_id), Agency) else {i.from_id}
    return found
