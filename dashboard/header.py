"""What stands above a child's page: who the child is on a day, and what changed since the last review."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dashboard import people, spells, words
from dashboard.people import State, Track
from graph import reference
from graph.analysis.clocks.review_and_visit import next_review_due
from graph.findings import Finding
from graph.model import LooksAfter, PlacedAt
from graph.records import Records, age, area_of, as_at, covers, holds_on, in_care, moves, stay_at
from graph.reference.roles import GROUPS

PRONOUNS = {"female": "her", "male": "him"}
Where = Literal["at home", "adjoining", "at a distance", "beyond a border", "not recorded"]


@dataclass(frozen=True)
class Summary:
    """Who the child is on a day, in words, each part on its own."""

    name: str
    age: int | None
    parts: tuple[str, ...]
    next_review: date | None
    invented: bool

    @property
    def title(self) -> str:
        """Ash Vale, 13."""
        return self.name if self.age is None else f"{self.name}, {self.age}"


def summary(records: Records, t: date) -> Summary:
    """Name, age, care, legal status, home and next review as at day t."""
    seen = as_at(records, t)
    child = seen.child
    born = child.born
    care, due = in_care(seen, t), next_review_due(seen, t)
    parts = [_care(seen, care.start) if care else "not looked after on this day"]
    episode = next((r for r in seen.of(LooksAfter) if holds_on(r, t)), None)
    if care and (order := words.legal_status(episode)):
        parts.append(order)
    if care:
        parts.append(living(seen, t))
        parts.append(next_review(due, reviews_loaded(seen, due, t), t))
    return Summary(
        words.child_label(child),
        age(born, t) if born and born <= t else None,
        tuple(parts),
        due,
        bool(child.synthetic),
    )


def _care(records: Records, since: date) -> str:
    return f"looked after by {words.authority(records, records.authority)} since {words.day(since)}"


def next_review(due: date | None, loaded: bool, t: date) -> str:
    """When the next review is due; of one that is past, whether loads would show it had it been held."""
    if due is None:
        return "the day of the next review is not known"
    if due >= t:
        return f"next review due by {words.day(due)}"
    if loaded:
        return f"review due by {words.day(due)}, no record of it"
    return f"review due by {words.day(due)}, reviews since then are not loaded"


def reviews_loaded(records: Records, due: date | None, t: date) -> bool:
    """Whether loads cover reviews from the day one was due to day t."""
    return due is not None and covers(records, "meetings", due, t, "review")


def living(records: Records, t: date) -> str:
    """`living in a children's home in Cornwall, at a distance, 231 miles from home`."""
    stay = stay_at(records, t)
    if stay is None:
        return "no home on record"
    placed = next((r for r in stay.rows if isinstance(r, PlacedAt) and holds_on(r, t)), stay.last)
    area = area_of(records, placed.to_id, t)
    kind = words.home_kind(records.get(placed.to_id), placed.place_type)
    said = {
        "at home": "",
        "adjoining": "outside the authority, in one that adjoins it",
        "at a distance": "at a distance",
        "beyond a border": "outside England",
        "not recorded": "",
    }[where(records.authority, area)]
    whole = round(placed.miles or 0)
    miles = f"{whole} {'mile' if whole == 1 else 'miles'} from home" if whole else ""
    place = f" in {words.authority(records, area)}" if area else ""
    inside = "" if kind.startswith("with ") else "in "
    return ", ".join(p for p in (f"living {inside}{words.a(kind)}{place}", said, miles) if p)


def where(authority: str, area: str | None) -> Where:
    """Where a home is, seen from the authority responsible (regulation 11(5) of SI 2010/959: at a distance)."""
    if not area or not authority:
        return "not recorded"
    ours, theirs = reference.upper_tier(authority) or authority, reference.upper_tier(area) or area
    if ours == theirs:
        return "at home"
    if theirs in reference.NATIONS.values() and theirs in reference.bordering_nations(ours):
        return "beyond a border"
    return "adjoining" if reference.adjoins(ours, theirs) else "at a distance"


# --- since the last review ---


@dataclass(frozen=True)
class Change:
    """What changed between the last review and a day; review is None where none is on record."""

    review: date | None
    joined: tuple[str, ...]
    left: tuple[str, ...]
    stayed: tuple[str, ...]
    moved: date | None
    pronoun: str
    new: int
    cleared: int


def change(records: Records, t: date, now: Sequence[Finding], then: Sequence[Finding]) -> Change:
    """Who joined and left since the last review, who stayed through the last move, which findings are new.

    now and then: every finding as at t, and as at the review.
    """
    seen = as_at(records, t)
    review = last_review(records, t)
    moved = max((b.start for _, b in moves(seen) if (t - b.start).days <= people.YEAR), default=None)
    joined, left = _came_and_went(records, review, t) if review else ((), ())
    stayed = _stayed(records, moved, t) if moved else ()
    raised_now, raised_then = keys(now), keys(then)
    return Change(
        review,
        joined,
        left,
        stayed,
        moved,
        PRONOUNS.get(records.child.sex or "", "them"),
        len(raised_now - raised_then) if review else 0,
        len(raised_then - raised_now) if review else 0,
    )


def last_review(records: Records, t: date) -> date | None:
    """The day of the last review held before day t: on its own day, a review is still to come."""
    return max((on for on, _ in spells.reviews(as_at(records, t)) if on < t), default=None)


def keys(found: Sequence[Finding]) -> set[str]:
    """The keys of what is raised, facts left out."""
    return {f.key for f in found if f.status == "raised" and not f.fact}


def _came_and_went(records: Records, review: date, t: date) -> tuple[tuple[str, ...], tuple[str, ...]]:
    team = people.team(records, review, t)
    then = {track.id: track for track, state in team.on(review) if not state.ended}
    now = {track.id: track for track, state in team.on(t) if not state.ended}
    return (
        tuple(track.name for id, track in now.items() if id not in then),
        tuple(track.name for id, track in then.items() if id not in now),
    )


def _stayed(records: Records, moved: date, t: date) -> tuple[str, ...]:
    """Professionals who were there before the last move and still are."""
    team = people.team(records, moved, t)

    def professional(track: Track, state: State | None) -> bool:
        return bool(state and not state.ended and track.person and track.group not in GROUPS[:2])

    return tuple(
        track.name
        for track in team.tracks
        if professional(track, track.on(t))
        and professional(track, track.on(moved))
        and (since := getattr(track.on(moved), "since", None))
        and since < moved
    )
