"""What the cohort's list and page ask of each child: features, attributes, and what happened around the child."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from itertools import pairwise

from graph.analysis.cohort.features import features
from graph.calendars import first_of_months
from graph.cohort import Answers, Circumstances
from graph.findings import Finding
from graph.parameters import Parameters
from graph.records import Records, age, covers, in_care, involvements, moves, stay_at
from graph.reference import codes

MOVES_MONTHS = 24
# What children are counted by to see who is in the cohort: chosen for what could be unequal, none of it a cause.
ATTRIBUTES = ("sex", "age", "ethnicity", "unaccompanied asylum-seeking")
AGES = ((0, "under 1"), (1, "1 to 4"), (5, "5 to 9"), (10, "10 to 15"), (16, "16 and over"))  # DfE's bands
# DfE's groups of the ethnic codes of the return, by the first letter of the code (Chinese is Asian).
GROUPS = {"W": "White", "M": "Mixed", "A": "Asian", "C": "Asian", "B": "Black", "O": "Other"}
NOT_TOLD = ("REFU", "NOBT")


def answers(records: Records, t: date, parameters: Parameters) -> Answers:
    """The features of one child, masked by the caller (`graph.records.as_at`), as the counting takes them."""
    return {name: feature.answer for name, feature in features(records, t, parameters).items()}


def attributes(records: Records, t: date) -> dict[str, str | None]:
    """What a child is counted by, `ATTRIBUTES`; None where no source says."""
    child = records.child
    return {
        "sex": child.sex,
        "age": _age(child.born, t),
        "ethnicity": _group(child.ethnicity),
        "unaccompanied asylum-seeking": None if child.uasc is None else "yes" if child.uasc else "no",
    }


def _age(born: date | None, t: date) -> str | None:
    if born is None or born > t:
        return None
    return [name for least, name in AGES if age(born, t) >= least][-1]


def _group(code: str | None) -> str | None:
    told = code in codes.code_list("ethnic") and code not in NOT_TOLD
    return GROUPS[code[0]] if code and told else None


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
