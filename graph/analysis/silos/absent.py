"""Who was not at a meeting where an agency like it is expected."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from graph.analysis.shared import since, uncovered
from graph.analysis.silos.common import (
    agency_name,
    attendance_loaded,
    involved_agencies,
    meeting_name,
)
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Attended, Involvement, Meeting, Record
from graph.network import (
    TOOK_PART,
    Affiliation,
    affiliation,
    held_on,
    meetings_held,
)
from graph.parameters import Parameters
from graph.records import Records, attendance, covers
from graph.words import day, listed, opened

ASKED_OF = ("review", "strategy discussion", "core group")
# Members of every strategy discussion (Working Together 2023); a clinician of CAMHS is one of health.
STRATEGY_MEMBERS = {
    "social care": frozenset({"social care"}),
    "police": frozenset({"police"}),
    "health": frozenset({"health", "camhs"}),
}
# The states of attendance, best first: what an agency's best is, counts.
STATES = ("present", "substitute", "sent report", "apologies", "not invited", "no record")


@rule(
    "silos.absent_agency",
    kind="G",
    question="What does the agency that was not there know, and how did the meeting come to hear it?",
    citation="Working Together to Safeguard Children (2023), strategy discussions and core groups; Care "
    "Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959), reviews",
    parameters=("window_months",),
    needs=("attended", *(f"meetings:{kind}" for kind in ASKED_OF)),
)
def absent_agency(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """An agency involved with the child neither attended a meeting nor sent a report to it.

    One finding for each review, strategy discussion or core group in the last 12 months. Apologies without a report
    are still absence. Of a strategy discussion social care, police and health are members whoever is involved.
    Foster carers, advocates, interpreters, independent visitors and family time supervisors speak for none here.
    """
    first = since(records, t, parameters)
    meetings = [m for m in meetings_held(records, *ASKED_OF) if first <= held_on(m) <= t]
    if not meetings:
        yield _no_meeting(records, first, t)
    elif not attendance_loaded(records, first, t):
        yield not_assessable(uncovered(records, "attended", first, t), of=meetings)
    else:
        yield from (_attendance(records, meeting) for meeting in meetings)


def _no_meeting(records: Records, first: date, t: date) -> Outcome:
    missing = [uncovered(records, "meetings", first, t, kind) for kind in ASKED_OF]
    if any(missing):
        return not_assessable("; ".join(m for m in missing if m))
    return clear(f"No {ASKED_OF[0]}, {ASKED_OF[1]} or {ASKED_OF[2]} is on record from {day(first)} to {day(t)}.")


@dataclass(frozen=True)
class _Expected:
    """An agency that a meeting could expect: what it did, and the records that say so."""

    name: str
    kinds: frozenset[str]
    state: str
    covered: bool
    records: tuple[Record, ...]
    member: str = ""  # the member of every strategy discussion that was missing with it

    @property
    def there(self) -> bool:
        return self.state in TOOK_PART


def _attendance(records: Records, meeting: Meeting) -> Outcome:
    expected = _expected(records, meeting)
    absent = [e for e in expected if not e.there and e.covered]
    unknown = [e for e in expected if not e.there and not e.covered]
    what = meeting_name(meeting)
    measures: dict[str, Any] = {
        "attendance": {e.name: e.state for e in expected if e.there or e.covered},
        "members_absent": _members(absent),
        "not_assessable": [e.name for e in unknown],
    }
    evidence = [meeting, *(r for e in expected for r in e.records)]
    subject = subject_of(meeting)
    if absent:
        rest = f" Of {listed(e.name for e in unknown)} it cannot be said." if unknown else ""
        return raised(f"{what}: {_absences(absent)}.{_say_members(absent)}{rest}", subject=subject,
                      of=evidence, question=_about_members(absent), **measures)  # fmt: skip
    if unknown:
        whose = listed(e.name for e in unknown)
        missing = f"no load covers attendance by {whose} at meetings on {day(held_on(meeting))}"
        return not_assessable(missing, subject=subject, of=[meeting], **measures)
    return clear(f"{what}: every agency involved attended or sent a report.", subject=subject, of=evidence,
                 **measures)  # fmt: skip


_SAYING = {
    "apologies": "apologies and no report from",
    "not invited": "not invited, and no report from",
    "no record": "no record of attendance or a report from",
}


def _absences(absent: list[_Expected]) -> str:
    by_state = {s: [e.name for e in absent if e.state == s] for s in STATES}
    return "; ".join(f"{_SAYING[s]} {listed(names)}" for s, names in by_state.items() if names)


def _members(absent: list[_Expected]) -> list[str]:
    return [m for m in STRATEGY_MEMBERS if any(e.member == m for e in absent)]


def _say_members(absent: list[_Expected]) -> str:
    names = _members(absent)
    one = "is a member" if len(names) == 1 else "are members"
    return f" {opened(listed(names))} {one} of every strategy discussion." if names else ""


def _about_members(absent: list[_Expected]) -> str | None:
    names = _members(absent)
    return f"How was it decided what to do without {listed(names)}?" if names else None


def _expected(records: Records, meeting: Meeting) -> list[_Expected]:
    """The agencies involved on the day and, for a strategy discussion, its members, each with what it did."""
    on = held_on(meeting)
    rows = [(affiliation(records, row.from_id, on, row), row) for row in attendance(records, meeting.id)]
    found = [_did(records, on, a, involved, rows) for a, involved in involved_agencies(records, on)]
    if meeting.kind == "strategy discussion":
        there = {whose.kind for whose, row in rows if row.how in TOOK_PART}
        for name, kinds in STRATEGY_MEMBERS.items():
            if not there & kinds:
                found = _without_member(records, on, found, name, kinds, rows)
    return found


_Rows = list[tuple[Affiliation, Attended]]


def _did(records: Records, on: date, agency: Affiliation, involved: list[Involvement], rows: _Rows) -> _Expected:
    own = [row for whose, row in rows if whose.same(agency)]
    kind = agency.kind or ""
    name = agency_name(records, agency)
    covered = covers(records, "attended", on, on, agency.kind)
    return _Expected(name, frozenset({kind}), _best(own), covered, (*involved, *own))


def _without_member(
    records: Records, on: date, found: list[_Expected], name: str, kinds: frozenset[str], rows: _Rows
) -> list[_Expected]:
    """The expected agencies, those of a missing member marked as it; the member itself where none is involved."""
    covered = covers(records, "attended", on, on, name)
    standing_in = [e for e in found if e.kinds & kinds and e.covered == covered]
    if standing_in:
        return [replace(e, member=name) if e in standing_in else e for e in found]
    own = [row for whose, row in rows if whose.kind in kinds]
    return [*found, _Expected(name, kinds, _best(own), covered, tuple(own), member=name)]


def _best(rows: Iterable[Attended]) -> str:
    states = {row.how for row in rows}
    return next((state for state in STATES if state in states), "no record")
