"""What the cohort's page asks of each child: features, circumstances, and who was raised for what."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from graph.analysis.cohort.features import features
from graph.calendars import first_of_months
from graph.cohort import Answers, Circumstances
from graph.findings import Finding
from graph.parameters import Parameters
from graph.records import Records, covers, in_care, involvements, moves, stay_at

MOVES_MONTHS = 24


def answers(records: Records, t: date, parameters: Parameters) -> Answers:
    """The features of one child, masked by the caller (`graph.records.as_at`), as the counting takes them."""
    return {name: feature.answer for name, feature in features(records, t, parameters).items()}


def circumstances(records: Records, t: date, found: Iterable[Finding], parameters: Parameters) -> Circumstances:
    """Moves in 24 months, miles from home, waiting lists begun again and changes of social worker in 12 months.

    None for what no load covers. found: the child's findings on day t; resets are the raised findings of
    `area.waiting_list_reset`, one a referral, so that page and finding never differ.
    """
    stay = stay_at(records, t)
    return Circumstances(
        child=records.child.id,
        moves=_moves(records, first_of_months(t, MOVES_MONTHS), t),
        miles=stay.last.miles if stay and in_care(records, t) else None,
        resets=_resets(found),
        changes=_changes(records, first_of_months(t, parameters.window_months), t),
    )


def _moves(records: Records, first: date, t: date) -> int | None:
    if not _seen(records, "placed_at", first, t):
        return None
    return sum(first <= b.start <= t for _, b in moves(records))


def _seen(records: Records, table: str, first: date, t: date, of: str | None = None) -> bool:
    born = records.child.born
    return covers(records, table, max(first, born) if born else first, t, of)


def _resets(found: Iterable[Finding]) -> int | None:
    statuses = [f.status for f in found if f.rule == "area.waiting_list_reset"]
    known = {"raised", "clear"} & set(statuses)
    return statuses.count("raised") if known and "not assessable" not in statuses else None


def _changes(records: Records, first: date, t: date) -> int | None:
    """Days in the months on which another social worker took over; None where one of them is not identified."""
    spells = [i for i in involvements(records, "social_worker") if i.start]
    unsaid = any(getattr(records.get(i.from_id), "identified", None) is False for i in spells)
    if unsaid or not _seen(records, "involved_with", first, t, "social_worker"):
        return None
    return sum(a.from_id != b.from_id and first <= (b.start or first) <= t for a, b in pairwise(spells))
