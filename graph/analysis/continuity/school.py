"""Continuity: schools that changed in the year, and days on no roll."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from graph.analysis.shared import since, uncovered
from graph.calendars import Days, common, days_in, joined, school_age, school_days_between, without
from graph.findings import Outcome, clear, not_applicable, not_assessable, raised, rule
from graph.model import Attends
from graph.parameters import Parameters
from graph.records import Records, covered, during
from graph.words import counted, day, days, listed


@rule(
    "continuity.schools",
    kind="H",
    question="What did each change of school interrupt, and who taught the child in the days between?",
    citation="Children's Commissioner for England, Stability Index: school moves in the middle of a year; how many, "
    "and how many days on no roll, are house rules. Compulsory school age: Education Act 1996 section 8.",
    parameters=("school_moves", "school_off_roll_days", "school_new_year_day", "window_months"),
    needs=("attends",),
)
def schools(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """Two school moves in the middle of a school year, or 15 working days on no roll, in 12 months.

    A move is in the middle of the year unless the new school begins in August or the first two weeks of
    September. Days on no roll are working days outside August at compulsory school age, on which no school is on
    record and loads cover schools: half terms count, because no school calendar is assumed. A school beside the
    one that goes on (a unit, a dual roll) is no move.
    """
    first = since(records, t, parameters)
    window = joined([(first, t + timedelta(days=1))])
    age = _age(records, window)
    found = [a for a in records.of(Attends) if during(a, first, t)]
    if age is not None and not age and not found:
        yield not_applicable(f"the child was not of compulsory school age from {day(first)} to {day(t)}")
        return
    moved = [m for m in _moves(records) if first <= m.on <= t]
    mid_year = [m for m in moved if m.is_mid_year(parameters)]
    off = _off_roll(records, age or ())
    n = sum(school_days_between(a, b) for a, b in off)
    measures = _measures(records, found, moved, mid_year, n, age or (), t)
    rows = [*found, *(m.before for m in moved)]
    missing = _missing(records, first, t, age)
    if len(mid_year) >= parameters.school_moves or n >= parameters.school_off_roll_days:
        yield raised(_said(records, mid_year, off, n, parameters), of=rows, **measures)
    elif missing:
        yield not_assessable(missing, of=rows, **measures)
    else:
        said = f"{counted(len(mid_year), 'school move')} in the middle of a school year and {_working(n)} on no roll"
        yield clear(f"{said} from {day(first)} to {day(t)}.", of=rows, **measures)


def _age(records: Records, window: Days) -> Days | None:
    """The days of the window at compulsory school age; None where there is no date of birth."""
    born = records.child.born
    return common(window, joined([school_age(born)])) if born else None


def _missing(records: Records, first: date, t: date, age: Days | None) -> str:
    if age is None:
        return "the child's date of birth is not on record"
    if not age:
        return uncovered(records, "attends", first, t)
    return uncovered(records, "attends", age[0][0], age[-1][1] - timedelta(days=1))


@dataclass(frozen=True)
class _Move:
    before: Attends
    after: Attends
    on: date

    def is_mid_year(self, parameters: Parameters) -> bool:
        """Whether the new school began in the course of a school year."""
        with_the_year = self.on.month == 8 or (self.on.month == 9 and self.on.day <= parameters.school_new_year_day)
        return not with_the_year


def _moves(records: Records) -> list[_Move]:
    """Each school that took the place of another."""
    rows = [a for a in records.of(Attends) if a.start and a.from_id == records.child.id]
    found = []
    for after in rows:
        earlier = [
            a for a in rows
            if (a.start or date.max) < (after.start or date.min) and a.end and (after.end is None or a.end < after.end)
        ]  # fmt: skip
        before = max(earlier, key=lambda a: (a.start or date.min, a.id), default=None)
        if before and after.start and before.to_id != after.to_id:
            found.append(_Move(before, after, after.start))
    return found


def _off_roll(records: Records, age: Days) -> Days:
    """Stretches of compulsory school age in the window with no school on record, where loads cover schools."""
    on_roll = joined((a.start, a.end) for a in records.of(Attends))
    return without(common(age, covered(records, "attends")), on_roll)


def _said(records: Records, mid_year: list[_Move], off: Days, n: int, parameters: Parameters) -> str:
    parts = []
    if len(mid_year) >= parameters.school_moves:
        each = listed(f"to {records.name(m.after.to_id)} on {day(m.on)}" for m in mid_year)
        parts.append(f"{counted(len(mid_year), 'school move')} in the middle of a school year: {each}")
    if n >= parameters.school_off_roll_days:
        gaps = [(a, b, school_days_between(a, b)) for a, b in off]
        each = listed(f"{day(a)} to {day(b)} ({days(k)})" for a, b, k in gaps if k)
        parts.append(f"{_working(n)} outside August with no school on record: {each}")
    return f"{'; '.join(parts)}."


def _working(n: int) -> str:
    return counted(n, "working day")


def _measures(
    records: Records, found: list[Attends], moved: list[_Move], mid_year: list[_Move], off: int, age: Days, t: date
) -> dict[str, Any]:
    on_roll = days_in(common(age, joined((a.start, a.end) for a in found)))
    return {
        "schools": len({a.to_id for a in found}),
        "moves": len(moved),
        "mid_year_moves": len(mid_year),
        "working_days_on_no_roll": off,
        "coverage": round(on_roll / days_in(age), 2) if age else None,
    }
