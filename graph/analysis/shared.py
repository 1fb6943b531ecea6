"""What the rules of several families ask first: since when, does it apply to this child, what is not covered."""

from __future__ import annotations

from datetime import date, timedelta

from graph import reference
from graph.calendars import Days, first_of_months, joined, without
from graph.findings import Outcome, clear, not_applicable, not_assessable
from graph.model import Child, LivesWith, Professional
from graph.parameters import Parameters
from graph.records import Records, Stay, covered, during, looked_after, moves
from graph.reference import codes, roles
from graph.words import day, listed

# What a person would call the records of a table.
_CALLED = {
    "placed_at": "placements",
    "looks_after": "periods of care",
    "attends": "schools",
    "attended": "attendance at meetings",
    "in_area": "the area of the home",
}


def since(records: Records, t: date, parameters: Parameters) -> date:
    """The first day a rule about events looks at: the months before t, or where that is later the day before
    which nothing can be on record: the birth, or 40 weeks before the day a birth was expected on.
    """
    begins = _begins(records.child)
    first = first_of_months(t, parameters.window_months)
    return max(first, begins) if begins and begins <= t else first


# What services did before a birth they expected is on the child's record, and does not fall out of it with the birth.
_EXPECTED = timedelta(weeks=40)


def _begins(child: Child) -> date | None:
    return child.expected - _EXPECTED if child.expected else child.born


def called(table: str, of: str | None = None) -> str:
    """Records of a table, or of a part of it, in words and as `coverage.csv` names them."""
    if table == "involved_with":
        return f"{roles.label(of) if of else 'professionals'} ({table}{':' + of if of else ''})"
    if table == "plans" and of:
        return f"{of} plans ({table}:{of})"
    return f"{_CALLED.get(table, table.replace('_', ' '))} ({table}{':' + of if of else ''})"


def uncovered(records: Records, table: str, first: date, t: date, of: str | None = None) -> str:
    """What to say where loads leave days from first to t out, both included; empty where they cover all."""
    left = without(joined([(first, t + timedelta(days=1))]), covered(records, table, of))
    return no_load_covers([called(table, of)], left) if left else ""


def no_load_covers(what: list[str], left: Days) -> str:
    """That no load covers these records on these days."""
    first, last = left[0][0], left[-1][1] - timedelta(days=1)
    span = f"from {day(first)} to {day(last)}" if first < last else f"on {day(first)}"
    when = span if len(left) == 1 else f"on some of the days {span}"
    return f"no load covers {listed(what)} {when}"


def not_looked_after(records: Records, first: date, t: date) -> Outcome | None:
    """What a rule for looked-after children says of a child who was not, from first to t; None for one who was."""
    if any(during(care, first, t) for care in looked_after(records)):
        return None
    if missing := uncovered(records, "looks_after", first, t):
        return not_assessable(missing)
    when = f"on {day(t)}" if first == t else f"in the time from {day(first)} to {day(t)}"
    return not_applicable(f"the child was not looked after {when}")


def recent_moves(records: Records, first: date, t: date) -> list[tuple[Stay, Stay]]:
    """Changes of carer from first to t, both included: the stay before and the stay after."""
    return [(a, b) for a, b in moves(records) if first <= b.start <= t]


def beside_moves(records: Records, first: date, t: date) -> tuple[Outcome, ...]:
    """What a rule about moves says beside its findings on each: does not apply, may be missing, or none."""
    if outcome := not_looked_after(records, first, t):
        return (outcome,)
    if missing := uncovered(records, "placed_at", first, t):
        return (not_assessable(missing),)
    if not recent_moves(records, first, t):
        return (clear(f"No change of carer on record from {day(first)} to {day(t)}."),)
    return ()


def is_identified(records: Records, identifier: str) -> bool:
    """Whether a record says who: an agency without a person and a 903 worker id that begins XX do not."""
    node = records.get(identifier)
    return isinstance(node, Professional) and node.identified is not False


def home(records: Records, stay: Stay) -> str:
    """What to call a home: its name, or the type of placement; the people, for a child who is not looked after."""
    if people := [records.name(r.to_id) for r in stay.rows if isinstance(r, LivesWith)]:
        return listed(people)
    name = getattr(records.get(stay.last.to_id), "name", None)
    return str(name) if name else codes.meaning("place", stay.last.place_type)


def with_role(records: Records, identifier: str, role: str | None) -> str:
    """Someone and what they are: D. Hassan (social worker)."""
    return f"{records.name(identifier)} ({roles.label(role)})"


def area_name(records: Records, code: str) -> str:
    """An authority by its name: the reference data's, or the records' where it does not know the code."""
    known = reference.authorities().get(reference.upper_tier(code) or "")
    return known.name if known else records.name(code)
