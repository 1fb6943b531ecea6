"""What the child said and whom the child trusts: whether it changed anything, and whether they were there."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from graph.analysis.shared import since, uncovered
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Attended, Meeting, Trusts, View
from graph.network import affiliation, held_on, meetings_held
from graph.parameters import Parameters
from graph.records import Records
from graph.words import counted, day, listed

# Meetings that decide how the child lives. A strategy discussion is held without family and friends, and a PEP
# meeting is about school alone.
DECIDE = (
    "review",
    "initial child protection conference",
    "review child protection conference",
    "core group",
    "child in need",
    "team around the child",
    "placement planning",
)


@rule(
    "voice.without_effect",
    kind="H",
    question="What did the child ask for, and which plan or decision answers to it?",
    citation="Serious case review Sophie (2018), section 5: her voice was recorded and not used in planning; "
    "Children Act 1989 section 22(4)",
    parameters=("window_months",),
    needs=("views",),
)
def without_effect(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The child's views are on record, and no plan or decision is recorded as informed by any of them.

    Looked at are the views of the last 12 months. One that informed a plan or a decision clears it for all of them,
    because records seldom say of each what became of it.
    """
    first = since(records, t, parameters)
    views = [v for v in records.of(View) if v.on and first <= v.on <= t and records.child.id in v.about]
    informed = [v for v in views if v.informed]
    measures: dict[str, Any] = {"views": len(views), "informed": len(informed)}
    period = f"from {day(first)} to {day(t)}"
    if informed:
        yield clear(f"{counted(len(views), 'view')} of the child on record {period}; {len(informed)} informed a plan "
                    f"or decision.", of=views, **measures)  # fmt: skip
    elif short := uncovered(records, "views", first, t):
        yield not_assessable(short, of=views, **measures)
    elif views:
        said = listed(day(v.on) for v in views if v.on)
        yield raised(f"{counted(len(views), 'view')} of the child on record {period} ({said}), and no record that "
                     f"any informed a plan or decision.", of=views, **measures)  # fmt: skip
    else:
        yield clear(f"No view of the child is on record {period}.", **measures)


@rule(
    "voice.trusted_adult_absent",
    kind="H",
    question="Has the child been asked whether this person may come, and who would invite them?",
    citation="The account of child B (the people she trusted were those who could not decide); Children Act 1989 "
    "guidance volume 2, on whom a review invites",
    parameters=("window_months",),
    needs=("trusts", "meetings:review", "attended"),
)
def trusted_adult_absent(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A person the child named as trusted was at none of the decision meetings of the last 12 months.

    One finding for each person. Decision meetings: reviews, child protection conferences, core groups, child in
    need and team-around-the-child meetings, placement planning. A report sent or an apology is not being there.
    """
    first = since(records, t, parameters)
    trusted = {row.to_id: row for row in records.of(Trusts)}  # the latest time each was named
    held = [m for m in meetings_held(records, *DECIDE) if first <= held_on(m) <= t]
    for row in trusted.values():
        yield _trusted(records, row, held, first, t)
    if short := uncovered(records, "trusts", first, t):
        yield not_assessable(short)
    elif not trusted:
        yield clear("The child has named no one as trusted on record.")


def _trusted(records: Records, row: Trusts, held: list[Meeting], first: date, t: date) -> Outcome:
    node = records.get(row.to_id)
    subject = subject_of(node) if node else ""
    name = records.name(row.to_id)
    named = f" (named on {day(row.said_on)})" if row.said_on else ""
    by_id = {m.id: m for m in held}
    there = [a for a in records.of(Attended) if a.from_id == row.to_id and a.how == "present" and a.to_id in by_id]
    measures: dict[str, Any] = {"meetings": len(held), "present": len(there)}
    period = f"from {day(first)} to {day(t)}"
    meetings = counted(len(held), "decision meeting")
    if there:
        return clear(f"{name}{named} was at {len(there)} of {meetings} {period}.", subject=subject,
                     of=[row, *(by_id[a.to_id] for a in there)], **measures)  # fmt: skip
    kind = affiliation(records, row.to_id, t).kind
    short = uncovered(records, "meetings", first, t, "review") or uncovered(records, "attended", first, t, kind)
    if short:
        return not_assessable(short, subject=subject, of=[row, *held], **measures)
    if not held:
        return clear(f"No decision meeting is on record {period}.", subject=subject, of=[row], **measures)
    return raised(f"{name}{named} is on record at none of the {meetings} {period}.", subject=subject,
                  of=[row, *held], **measures)  # fmt: skip
