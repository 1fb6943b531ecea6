"""Meetings at which an agency was there without knowing the child, or that not all of those there wrote down."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from graph.analysis.shared import since, uncovered
from graph.analysis.silos.common import (
    FOR_NO_AGENCY,
    SAT_DOWN,
    agency_name,
    attendance_loaded,
    meeting_name,
    meetings_missing,
    not_seen_at,
    sat_down,
    took_part,
)
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Agency, Attended, Involvement, Meeting, Professional, Record
from graph.network import Affiliation, affiliation, held_on, involved_since
from graph.parameters import Parameters
from graph.records import Records, covers, holds_on
from graph.reference import roles
from graph.words import day, days, listed

# Who presides is there for the meeting, and does not stand in for the agency that works with the child.
PRESIDE = frozenset({"iro", "cp_chair"})
CHILD_V = "Buckinghamshire Safeguarding Children Board, Serious Case Review 'Child V'"


# --- there, and not knowing ---


@rule(
    "silos.attended_not_knowing",
    kind="H",
    question="What did this agency know of the child that whoever came could not say, and who asked for it?",
    citation=f"{CHILD_V}: a review conference at which the agency's representative did not know the case",
    parameters=("window_months", "knowing_days"),
    needs=("attended", "involved_with:*", *(f"meetings:{kind}" for kind in SAT_DOWN)),
)
def attended_not_knowing(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """An agency was at a meeting only through people who were not involved with the child for 28 days.

    One finding for each meeting of the last 12 months: reviews, conferences, strategy discussions, core groups,
    PEPs and the like. A substitute counts by their own involvement, never by that of the person they stand in for;
    a record that they knew the case, or did not, comes first. Who presides (reviewing officer, conference chair)
    does not stand in for the agency, and a report is not a person. Of someone with no involvement on record it can
    be said only where loads cover every role of the agency.
    """
    first = since(records, t, parameters)
    meetings = sat_down(records, first, t)
    if not meetings:
        yield _no_meeting(records, first, t)
    elif not attendance_loaded(records, first, t):
        yield not_assessable(uncovered(records, "attended", first, t), of=meetings)
    else:
        yield from (_knowing(records, meeting, parameters) for meeting in meetings)


def _no_meeting(records: Records, first: date, t: date) -> Outcome:
    if missing := meetings_missing(records, first, t):
        return not_assessable(missing)
    return clear(f"No meeting of agencies is on record from {day(first)} to {day(t)}.")


@dataclass(frozen=True)
class _There:
    """An agency at a meeting, whether anyone who came for it knew the child, and the records that say so."""

    name: str
    knew: Literal["yes", "no", "unknown"]
    how: str
    records: tuple[Record, ...]


def _knowing(records: Records, meeting: Meeting, parameters: Parameters) -> Outcome:
    on, subject = held_on(meeting), subject_of(meeting)
    agencies = (_there(records, meeting, *at, parameters) for at in took_part(records, meeting))
    there = [a for a in agencies if a]
    strangers = [a for a in there if a.knew == "no"]
    unknown = [a.name for a in there if a.knew == "unknown"]
    unseen = not_seen_at(records, on)
    what = meeting_name(meeting)
    measures: dict[str, Any] = {"not_knowing": [a.name for a in strangers], "not_assessable": [*unknown, *unseen]}
    if strangers:
        rest = f" Of {listed(measures['not_assessable'])} it cannot be said." if unknown or unseen else ""
        return raised(
            f"{what}: there only through people who had not been involved with the child for "
            f"{days(parameters.knowing_days)}: {'; '.join(f'{a.name} ({a.how})' for a in strangers)}.{rest}",
            subject=subject,
            of=[meeting, *(r for a in strangers for r in a.records)],
            **measures,
        )
    if unknown:
        missing = f"no record says since when those who came for {listed(unknown)} on {day(on)} had been involved"
        return not_assessable(missing, subject=subject, of=[meeting], **measures)
    if unseen:
        missing = f"no load covers attendance at meetings by {listed(unseen)} on {day(on)}"
        return not_assessable(missing, subject=subject, of=[meeting], **measures)
    return clear(f"{what}: each agency that came sent someone who had been involved with the child.",
                 subject=subject, of=[meeting, *(r for a in there for r in a.records)], **measures)  # fmt: skip


def _there(
    records: Records, meeting: Meeting, agency: Affiliation, rows: list[Attended], parameters: Parameters
) -> _There | None:
    """What is known of those who came for an agency; None where nobody came who stands for it."""
    on = held_on(meeting)
    came = [r for r in rows if r.how != "sent report" and not _presides(records, r.from_id, on)]
    if not came:
        return None
    known = {_knew(records, r, agency, on, parameters) for r in came}
    # Someone else of the agency may have been there where not all of its attendance is loaded.
    sure = covers(records, "attended", on, on, agency.kind)
    knew: Literal["yes", "no", "unknown"] = "yes" if "yes" in known else "no" if known == {"no"} and sure else "unknown"
    involved = [i for i in records.of(Involvement) if holds_on(i, on) and i.from_id in {r.from_id for r in came}]
    return _There(agency_name(records, agency), knew, _how(records, came, on), (*came, *involved))


def _how(records: Records, came: list[Attended], on: date) -> str:
    """How little those who came knew, in words."""
    if any(r.knew_case is False for r in came):
        return "on record as not knowing the case"
    longest = max(_involved_days(records, r.from_id, on) for r in came)
    return f"{days(longest)} at most" if longest >= 0 else "no involvement on record"


def _presides(records: Records, who: str, on: date) -> bool:
    held = {i.role for i in records.of(Involvement) if i.from_id == who and holds_on(i, on)}
    return bool(held) and held <= PRESIDE | FOR_NO_AGENCY


def _involved_days(records: Records, who: str, on: date) -> int:
    began = involved_since(records, who, on)
    return (on - began).days if began else -1


def _knew(records: Records, row: Attended, agency: Affiliation, on: date, parameters: Parameters) -> str:
    if row.knew_case is not None:
        return "yes" if row.knew_case else "no"
    if _involved_days(records, row.from_id, on) >= parameters.knowing_days:
        return "yes"
    node = records.get(row.from_id)
    if not isinstance(node, Professional) or node.identified is False:
        return "unknown"  # an agency without a person, or a worker of whom no record says who it is
    mine = {i.role for i in records.of(Involvement) if i.from_id == row.from_id and holds_on(i, on)}
    asked = mine or {r.role for r in roles.roles().values() if r.agency_kind == agency.kind}
    first = on - timedelta(days=parameters.knowing_days)
    covered = bool(asked) and all(covers(records, "involved_with", first, on, role) for role in asked)
    return "no" if covered else "unknown"


# --- written down by some ---


@rule(
    "silos.split_recording",
    kind="H",
    question="Whose note of this meeting would the next worker find, and is it the fuller one?",
    citation=f"{CHILD_V}, paragraph 6.74: core groups that health and education recorded and children's social care "
    "did not",
    parameters=("window_months",),
    needs=("attended", *(f"meetings:{kind}" for kind in SAT_DOWN)),
)
def split_recording(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A meeting stands in the records of some of the agencies that were there, and not of others.

    One finding for each meeting of the last 12 months. That an agency has no record of it can be said only of one
    whose records of the child's other meetings are loaded; of any other it is *not assessable*. A report sent is
    not presence.
    """
    first = since(records, t, parameters)
    meetings = sat_down(records, first, t)
    if not meetings:
        yield _no_meeting(records, first, t)
    elif not any(m.recorded_by for m in records.of(Meeting)):
        yield not_assessable("no record says in whose records the meetings stand (recorded_by)", of=meetings)
    elif not attendance_loaded(records, first, t):
        yield not_assessable(uncovered(records, "attended", first, t), of=meetings)
    else:
        hand_over = {a for m in records.of(Meeting) for a in m.recorded_by}
        yield from (_recorded(records, meeting, hand_over) for meeting in meetings)


def _recorded(records: Records, meeting: Meeting, hand_over: set[str]) -> Outcome:
    on, subject = held_on(meeting), subject_of(meeting)
    what = meeting_name(meeting)
    if not meeting.recorded_by:
        return not_assessable("no record says in whose records this meeting stands (recorded_by)",
                              subject=subject, of=[meeting])  # fmt: skip
    by = [affiliation(records, a, on) for a in meeting.recorded_by]
    loaded = [affiliation(records, a, on) for a in hand_over]
    there = [(a, [r for r in rows if r.how != "sent report"]) for a, rows in took_part(records, meeting)]
    without = [(a, rows) for a, rows in there if rows and not any(a.same(one) for one in by)]
    silent = [(a, rows) for a, rows in without if any(a.same(one) for one in loaded)]
    unknown = [agency_name(records, a) for a, _ in without if not any(a.same(one) for one in loaded)]
    names = sorted(records.name(a) for a in meeting.recorded_by)
    measures: dict[str, Any] = {"recorded_by": names, "not_assessable": [*unknown, *not_seen_at(records, on)]}
    if silent:
        return raised(
            f"{what} stands in the records of {listed(names)}. There is no record of it by "
            f"{listed(agency_name(records, a) for a, _ in silent)}, who {'was' if len(silent) == 1 else 'were'} there.",
            subject=subject,
            of=[meeting, *(r for _, rows in silent for r in rows), *_agencies(records, meeting)],
            **measures,
        )
    if measures["not_assessable"]:
        missing = f"no load covers records of meetings by {listed(measures['not_assessable'])}"
        return not_assessable(f"{missing} for {day(on)}", subject=subject, of=[meeting], **measures)
    return clear(f"{what} stands in the records of every agency that was there.", subject=subject, of=[meeting],
                 **measures)  # fmt: skip


def _agencies(records: Records, meeting: Meeting) -> list[Agency]:
    return [a for i in meeting.recorded_by if isinstance(a := records.get(i), Agency)]
