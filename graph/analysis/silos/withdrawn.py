"""Services that were withdrawn shortly before a crisis."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from graph.analysis.cohort.features import mentions
from graph.analysis.shared import since, uncovered
from graph.analysis.silos.common import agency_name, for_whom
from graph.analysis.silos.meetings import CHILD_V
from graph.calendars import joined
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Assessment, Event, Involvement, Plan, Record, Referral
from graph.network import affiliation
from graph.parameters import Parameters
from graph.records import Records, covers, holds_on, looked_after
from graph.reference import roles
from graph.words import day, days, listed, opened

# Those who hold the case, the home or the court's part in it are no service that is withdrawn; schools and GPs
# change with the home.
NO_SERVICE = frozenset(
    {
        "social_worker", "team_manager", "iro", "cp_chair", "contact_supervisor", "supervising_social_worker",
        "foster_carer", "keyworker_residential", "virtual_school", "designated_teacher", "school", "gp",
        "health_lead", "police", "guardian_cafcass", "interpreter",
    }
)  # fmt: skip


@rule(
    "silos.withdrawn_before_crisis",
    kind="H",
    question="What did the service know when it ended, whom did it tell, and did anyone ask what would take its place?",
    citation=f"{CHILD_V}: family support closed for non-engagement in the month before a child protection plan. No "
    "cause is implied",
    parameters=("window_months", "withdrawn_days", "withdrawn_words", "crisis_kinds", "crisis_feeds"),
    needs=("involved_with:*", "events", "assessments:s47", "plans:child protection", "looks_after"),
)
def withdrawn_before_crisis(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A service was closed, for non-engagement or at a programme's end, 60 days or less before a crisis or step-up.

    One finding for each involvement or referral that was closed in the last 12 months. The events that count as a
    crisis are listed below; a step-up is the beginning of a child protection plan, of care, or of a child in need
    plan for a child who had no child protection plan. A service that someone else of the same role goes on giving
    was not closed. Where no record says why it ended and a crisis followed, it is *not assessable*.
    """
    first = since(records, t, parameters)
    closed = [c for c in _closed(records, parameters) if first <= c.on <= t]
    told = [outcome for c in closed if (outcome := _followed(records, c, t, parameters))]
    yield from told
    if told:
        return
    seen = [r for r in roles.roles() if r not in NO_SERVICE and covers(records, "involved_with", first, t, r)]
    if not seen:
        yield not_assessable(f"no load covers a service's professionals (involved_with) from {day(first)} to {day(t)}")
    else:
        unseen = [roles.label(r) for r in roles.roles() if r not in NO_SERVICE and r not in seen]
        yield clear(f"No service on record was closed for such a reason from {day(first)} to {day(t)}.",
                    not_assessable=unseen)  # fmt: skip


@dataclass(frozen=True)
class _Closed:
    """A service that ended: what it was, when and why; `withdrawn` is None where no record says why."""

    record: Involvement | Referral
    what: str
    on: date
    reason: str
    withdrawn: bool | None


def _closed(records: Records, parameters: Parameters) -> list[_Closed]:
    words = tuple(word.casefold().replace("-", " ") for word in parameters.withdrawn_words)
    found = [
        _Closed(
            i, _service(records, i), i.end, i.end_reason or "", mentions(i.end_reason, words) if i.end_reason else None
        )
        for i in records.of(Involvement)
        if i.end and i.role not in NO_SERVICE and not _goes_on(records, i, i.end)
    ]
    ended = {(for_whom(records, c.record, c.on), c.on) for c in found if isinstance(c.record, Involvement)}
    for r in records.of(Referral):
        to = [affiliation(records, one, r.closed) for one in r.to] if r.closed else []
        # The same end, told a second time by the referral that began it.
        if r.closed and mentions(r.closed_reason, words) and not any((a, r.closed) in ended for a in to):
            whose = f" to {listed(agency_name(records, a) for a in to)}" if to else ""
            found.append(_Closed(r, f"the referral{whose} for {r.need}", r.closed, r.closed_reason or "", True))
    return sorted(found, key=lambda c: (c.on, c.record.id))


def _withdrawn(reason: str | None, words: tuple[str, ...]) -> bool | None:
    return mentions(reason, words) if reason else None


def _goes_on(records: Records, ended: Involvement, on: date) -> bool:
    """Whether someone else gives the same service on the day it ended for one of them."""
    return any(
        i.id != ended.id and i.role == ended.role and i.service == ended.service and holds_on(i, on)
        for i in records.of(Involvement)
    )


def _service(records: Records, involvement: Involvement) -> str:
    name = involvement.service or roles.label(involvement.role)
    agency = agency_name(records, for_whom(records, involvement, involvement.end or date.max))
    return name if agency.casefold() in (name.casefold(), "an agency not recorded") else f"{name} ({agency})"


def _followed(records: Records, closed: _Closed, t: date, parameters: Parameters) -> Outcome | None:
    """What came after a service ended; None where it was not withdrawn, or nothing followed that would tell."""
    last = min(closed.on + timedelta(days=parameters.withdrawn_days), t)
    after = [(on, what, of) for on, what, of in _crises(records, parameters) if closed.on <= on <= last]
    subject, of = subject_of(closed.record), [closed.record, *(r for _, _, r in after)]
    if closed.withdrawn is None:
        missing = f"no record says why {closed.what} ended on {day(closed.on)}"
        return not_assessable(missing, subject=subject, of=of) if after else None
    if not closed.withdrawn:
        return None
    what = f"{opened(closed.what)} was closed on {day(closed.on)} ({closed.reason})"
    if after:
        on, crisis, _ = after[0]
        return raised(f"{what}, {days((on - closed.on).days)} before {crisis} of {day(on)}.", subject=subject, of=of,
                      days=(on - closed.on).days, crises=len(after))  # fmt: skip
    if missing := _crises_missing(records, closed.on, last, parameters):
        return not_assessable(missing, subject=subject, of=of)
    return clear(f"{what}; no crisis or step-up is on record in the {days((last - closed.on).days)} after.",
                 subject=subject, of=of)  # fmt: skip


def _crises(records: Records, parameters: Parameters) -> list[tuple[date, str, Record]]:
    """What counts as a crisis or a step-up: its day, what to call it, and the record."""
    kinds = parameters.crisis_kinds
    found: list[tuple[date, str, Record]] = [
        (e.on, f"the {_EVENTS.get(e.kind, e.kind)}", e) for e in records.of(Event) if e.kind in kinds and e.on
    ]
    if "s47" in kinds:
        enquiries = [a for a in records.of(Assessment) if a.kind == "s47"]
        found += [(a.on, "the section 47 enquiry", a) for a in enquiries if a.on]
    found += [(s.start, "the beginning of care", s.rows[0]) for s in looked_after(records)]
    found += [(on, "the child protection plan", plan) for on, plan in _first_versions(records, "child protection")]
    protected = joined((p.start or p.made_on, p.end) for p in records.of(Plan) if p.kind == "child protection")
    for on, plan in _first_versions(records, "child in need"):
        if not any(start < on <= end for start, end in protected):
            found.append((on, "the child in need plan", plan))
    return sorted(found, key=lambda c: (c[0], c[2].id))


_EVENTS: dict[str | None, str] = {
    "missing": "missing period",
    "police called to placement": "police call-out to the home",
    "notice by carer": "carer's notice",
}


def _first_versions(records: Records, kind: str) -> list[tuple[date, Plan]]:
    """Where plans of a kind begin: a version that goes on with another is no beginning."""
    plans = [(p.start or p.made_on, p) for p in records.of(Plan) if p.kind == kind]
    begins = {start for start, _ in joined((on, p.end) for on, p in plans)}
    return [(on, p) for on, p in plans if on in begins]


def _crises_missing(records: Records, first: date, last: date, parameters: Parameters) -> str:
    asked: list[tuple[str, str | None]] = [("events", kind) for kind in parameters.crisis_feeds]
    asked += [("assessments", "s47"), ("plans", "child protection"), ("looks_after", None)]
    return "; ".join(gap for table, of in asked if (gap := uncovered(records, table, first, last, of)))
