"""What happened since the care plan was last written, and moves that no review came before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

from graph.analysis.shared import called, not_looked_after, recent_moves, since, uncovered
from graph.analysis.silos.common import plans_in_force
from graph.calendars import common, joined, school_age
from graph.findings import Outcome, clear, not_applicable, not_assessable, raised, rule, subject_of
from graph.model import Assessment, Attends, Need, Plan, Record
from graph.network import held_on, meetings_held
from graph.parameters import Parameters
from graph.records import Records, Stay, covers, in_care, moves
from graph.words import counted, day, listed

REGULATIONS_BEGIN = date(2011, 4, 1)


@rule(
    "silos.stale_plan",
    kind="S",
    question="What would the care plan say if it were written today, and at which review was the change considered?",
    citation="Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959) regulation 32(2), in "
    "force from 1 April 2011: no significant change to the care plan unless a review has considered it first, "
    "unless that is not reasonably practicable; which changes count is a house rule",
    parameters=("window_months",),
    needs=(
        "looks_after", "plans:care", "placed_at", "attends", "needs:diagnosis", "assessments:s47", "meetings:review",
    ),
)  # fmt: skip
def stale_plan(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The care plan is older than a change in the child's life, or a move had no review before it.

    Changes: of carer or school, a diagnosis, a section 47 enquiry. One finding for the care plan in force,
    counting what happened after the day of its last version, however long ago. One for each move in the last
    12 months, from 1 April 2011: raised where no review is on record between the day the child came to the home that
    was left (or the last version of the care plan before the move, where that is earlier) and the move. A move
    recorded as an emergency is clear, and so is one before which no care plan was in force: the regulation is
    about changes to one.
    """
    first = since(records, t, parameters)
    if outcome := not_looked_after(records, first, t):
        yield outcome
    elif not any(p.kind == "care" for p in records.of(Plan)) and not covers(records, "plans", t, t, "care"):
        yield not_assessable(f"no load covers {called('plans', 'care')} on {day(t)}")
    else:
        yield _last_version(records, t)
        yield from (_reviewed(records, a, b) for a, b in recent_moves(records, first, t))


def _last_version(records: Records, t: date) -> Outcome:
    if not in_care(records, t):
        return not_applicable(f"the child is not looked after on {day(t)}")
    plan = next((p for p in plans_in_force(records, t) if p.kind == "care"), None)
    if not covers(records, "plans", t, t, "care"):
        missing = f"no load covers {called('plans', 'care')} on {day(t)}, so there may be a later version"
        return not_assessable(missing, subject=subject_of(plan) if plan else "", of=[plan])
    if plan is None:
        return clear(f"No care plan is on record as in force on {day(t)}, so that none can be out of date.")
    of_day = _version_day(plan)
    changes = _changes(records, of_day)
    if any(changes.values()):
        told = listed(counted(len(rows), *_WORDS[kind]) for kind, rows in changes.items() if rows)
        return raised(
            f"Since the last version of the care plan, of {day(of_day)}, there {_was(changes)} {told}, with no record "
            "of a new version.",
            subject=subject_of(plan),
            of=[plan, *(r for rows in changes.values() for r in rows)],
            changes={kind: len(rows) for kind, rows in changes.items()},
        )
    if missing := _changes_missing(records, of_day, t):
        return not_assessable(missing, subject=subject_of(plan), of=[plan])
    return clear(f"No change of carer, school or diagnosis and no section 47 enquiry is on record since the last "
                 f"version of the care plan, of {day(of_day)}.", subject=subject_of(plan), of=[plan])  # fmt: skip


_WORDS: dict[str, tuple[str, str]] = {
    "carer": ("change of carer", "changes of carer"),
    "school": ("change of school", "changes of school"),
    "diagnosis": ("diagnosis", "diagnoses"),
    "s47": ("section 47 enquiry", "section 47 enquiries"),
}


def _was(changes: dict[str, list[Record]]) -> str:
    return "was" if len(next(rows for rows in changes.values() if rows)) == 1 else "were"


def _version_day(plan: Plan) -> date:
    """The day a version says how things stand: it may be written before it begins."""
    return max(plan.start or date.min, plan.made_on or date.min)


def _changes(records: Records, after: date) -> dict[str, list[Record]]:
    """What happened after a day that a care plan would have to follow."""
    schools = [a for a in records.of(Attends) if a.start]
    other = [b for a, b in pairwise(schools) if a.to_id != b.to_id]
    return {
        "carer": [b.first for _, b in moves(records) if b.start > after],
        "school": [b for b in other if b.start and b.start > after],
        "diagnosis": [n for n in records.of(Need) if _is_diagnosis(n) and (n.identified_on or after) > after],
        "s47": [a for a in records.of(Assessment) if a.kind == "s47" and (a.on or after) > after],
    }


def _is_diagnosis(need: Need) -> bool:
    return "diagnosis" in (need.kind or "").casefold()


def _changes_missing(records: Records, after: date, t: date) -> str:
    asked = [("placed_at", None), ("needs", "diagnosis"), ("assessments", "s47")]
    if _of_school_age(records, after, t):
        asked.insert(1, ("attends", None))
    return "; ".join(gap for table, of in asked if (gap := uncovered(records, table, min(after, t), t, of)))


def _of_school_age(records: Records, first: date, t: date) -> bool:
    born = records.child.born
    return born is None or bool(common(joined([school_age(born)]), joined([(first, t)]))) or school_age(born)[0] == t


# --- moved without a review ---


@dataclass(frozen=True)
class _Before:
    """What stood before a move: the care plan, and from which day a review would have come first."""

    plan: Plan | None
    since: date


def _before(records: Records, left: Stay, moved: date) -> _Before:
    versions = [p for p in records.of(Plan) if p.kind == "care" and _version_day(p) < moved]
    held = [p for p in versions if p.end is None or p.end >= moved]
    last = max(held, key=lambda p: (_version_day(p), p.id), default=None)
    return _Before(last, min(left.start, _version_day(last)) if last else left.start)


def _reviewed(records: Records, left: Stay, came: Stay) -> Outcome:
    moved, subject = came.start, subject_of(came.first)
    what = f"The move of {day(moved)}"
    if moved < REGULATIONS_BEGIN:
        return clear(f"{what} was before the regulations of 1 April 2011.", subject=subject, of=[came.first])
    if came.first.emergency:
        return clear(f"{what} is recorded as made in an emergency.", subject=subject, of=[came.first])
    before = _before(records, left, moved)
    reviews = [m for m in meetings_held(records, "review") if before.since <= held_on(m) < moved]
    if reviews:
        return clear(f"{what} came after the review of {day(held_on(reviews[-1]))}.", subject=subject,
                     of=[came.first, reviews[-1]])  # fmt: skip
    return _unreviewed(records, before, came, what)


def _unreviewed(records: Records, before: _Before, came: Stay, what: str) -> Outcome:
    moved, subject, of = came.start, subject_of(came.first), [came.first, before.plan]
    if not covers(records, "plans", moved, moved, "care"):
        return not_assessable(f"no load covers {called('plans', 'care')} on {day(moved)}", subject=subject, of=of)
    if before.plan is None:
        return clear(f"{what}: no care plan is on record as in force before it, so that it changed none.",
                     subject=subject, of=of)  # fmt: skip
    if missing := uncovered(records, "meetings", before.since, moved, "review"):
        return not_assessable(missing, subject=subject, of=of)
    return raised(
        f"{what} is a change to the care plan of {day(_version_day(before.plan))}, and no review is on record from "
        f"{day(before.since)} until it. The regulation allows it where a review was not reasonably practicable.",
        subject=subject,
        of=of,
        question="At which review was this move considered before it was made, or why was that not practicable?",
        no_review_since=before.since,
    )
