"""Continuity: cases and plans that closed as the worker left."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from graph.analysis.shared import since, uncovered, with_role
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Decision, Involvement, Plan, Record, WorksFor
from graph.parameters import Parameters
from graph.records import Records, in_care, involvements
from graph.reference import roles
from graph.required import PROTECTED
from graph.words import day, days

# Who leads a plan whose end closes the work with the child. A care plan ends with care, a health plan or a PEP
# with its next version: their ends close nothing.
LEADS = {
    "child in need": "social_worker",
    "child protection": "social_worker",
    "safety": "social_worker",
    "multi-agency": "social_worker",
    "pathway": "personal_adviser",
}
# Days in which what follows a plan is its continuation.
GOES_ON = timedelta(days=14)


@rule(
    "continuity.closed_with_leaver",
    kind="H",
    question="Would it have closed on that day had the worker stayed, and who agreed that the need had ended?",
    citation="House rule: the end of a case or plan near the day on which its lead worker left.",
    parameters=("leaver_days", "leaver_words", "window_months"),
    needs=("plans:child protection", "plans:child in need", "involved_with:social_worker"),
)
def closed_with_leaver(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A case or plan closed within a month of its lead worker leaving.

    A plan that ended with no plan and no care after it, or a decision to close. Lead worker: the social worker,
    and of a pathway plan the personal adviser. The worker left where the reason recorded says so, where their
    work for the agency ended, or where their involvement ended before the plan did. Where it ended on the same
    day and nothing says why, it cannot be said.
    """
    first = since(records, t, parameters)
    found = [c for c in _closures(records) if first <= c.on <= t]
    yield from (_closed(records, c, t, parameters) for c in found)
    if missing := [said for kind in PROTECTED if (said := uncovered(records, "plans", first, t, kind))]:
        yield not_assessable("; ".join(missing))
    elif not found:
        yield clear(f"No case or plan on record closed from {day(first)} to {day(t)}.")


@dataclass(frozen=True)
class _Closure:
    """The end of work with a child, the plan that ended, and the decision, where there is one."""

    on: date
    lead: str
    plan: Plan | None = None
    decision: Decision | None = None

    @property
    def record(self) -> Plan | Decision:
        record = self.plan or self.decision
        assert record is not None
        return record

    @property
    def rows(self) -> list[Record]:
        return [r for r in (self.plan, self.decision) if r]

    @property
    def what(self) -> str:
        return f"The {self.plan.kind} plan ended" if self.plan else "The case was closed"


def _closures(records: Records) -> list[_Closure]:
    decided = [d for d in records.of(Decision) if d.kind == "closure" and d.on and records.child.id in d.about]
    found: list[_Closure] = []
    for plan in records.of(Plan):
        if plan.kind in LEADS and plan.end and records.child.id in plan.about and not _goes_on(records, plan, plan.end):
            decision = next((d for d in decided if d.change == subject_of(plan)), None)
            found.append(_Closure(plan.end, LEADS[plan.kind], plan, decision))
    plans = {c.plan.id for c in found if c.plan}
    for d in decided:
        closes = records.get((d.change or "").partition(":")[2])
        known = isinstance(closes, Plan) and (closes.id in plans or closes.kind not in LEADS)
        if d.on and not known and not any(abs(c.on - d.on) <= GOES_ON for c in found):
            found.append(_Closure(d.on, "social_worker", None, d))
    return sorted(found, key=lambda c: (c.on, c.record.id))


def _goes_on(records: Records, plan: Plan, end: date) -> bool:
    """Whether another plan, or care, goes on after a plan."""
    later = [p for p in records.of(Plan) if p.id != plan.id and p.kind in LEADS and p.start]
    after = any((p.start or date.max) <= end + GOES_ON and (p.end is None or p.end > end) for p in later)
    return after or (plan.kind != "pathway" and in_care(records, end) is not None)


def _closed(records: Records, closure: _Closure, t: date, parameters: Parameters) -> Outcome:
    subject, on = subject_of(closure.record), closure.on
    lead = _lead(records, closure)
    begins = min(lead.end or on, on) if lead else on - timedelta(days=parameters.leaver_days)
    if missing := uncovered(records, "involved_with", begins, on - timedelta(days=1), closure.lead):
        return not_assessable(missing, subject=subject, of=[*closure.rows, lead] if lead else closure.rows)
    if lead is None:
        said = f"{closure.what} on {day(on)}; no {roles.label(closure.lead)} on record before it"
        return clear(f"{said}.", subject=subject, of=closure.rows)
    employed = _employment_ended(records, lead, on, parameters)
    left = _left_on(lead, employed, on, parameters)
    of = [*closure.rows, lead, *([employed] if employed else [])]
    name = with_role(records, lead.from_id, lead.role)
    if left is None and lead.end == on and not lead.end_reason:
        why = f"{closure.what.lower()} on {day(on)}, and no record says why the involvement of {name} ended that day"
        return not_assessable(why, subject=subject, of=of)
    if left is None or abs((on - left).days) > parameters.leaver_days:
        return clear(f"{closure.what} on {day(on)}; {_stayed(name, lead, left)}.", subject=subject, of=of)
    n = (on - left).days
    when = f"{days(abs(n))} {'after' if n > 0 else 'before'}" if n else "the day"
    said = f"{closure.what} on {day(on)}, {when} {name} left ({day(left)})."
    return raised(said, subject=subject, of=of, days_apart=n)


def _lead(records: Records, closure: _Closure) -> Involvement | None:
    """Who led last before the end: the one who was there on the last day, else the one before."""
    held = [i for i in involvements(records, closure.lead) if i.start and i.start < closure.on]
    return max(held, key=lambda i: (i.end or date.max, i.start or date.min, i.id), default=None)


def _employment_ended(records: Records, lead: Involvement, on: date, parameters: Parameters) -> WorksFor | None:
    near = timedelta(days=parameters.leaver_days)
    ended = [w for w in records.of(WorksFor) if w.from_id == lead.from_id and w.end and abs(w.end - on) <= near]
    return min(ended, key=lambda w: (abs((w.end or on) - on), w.id), default=None)


def _left_on(lead: Involvement, employed: WorksFor | None, on: date, parameters: Parameters) -> date | None:
    """The day the lead worker left, as far as the records tell; None where they do not say that they left."""
    if employed:
        return employed.end
    words = "|".join(re.escape(w) for w in parameters.leaver_words)
    if lead.end and re.search(rf"\b({words})\b", lead.end_reason or "", re.IGNORECASE):
        return lead.end
    return lead.end if lead.end and lead.end < on else None


def _stayed(name: str, lead: Involvement, left: date | None) -> str:
    if left:
        return f"{name} had left on {day(left)}"
    return f"no record that {name} left" if lead.end else f"{name} stayed"
