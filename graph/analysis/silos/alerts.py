"""What one agency told another, and nothing came back: alerts, objections, the police at the door."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import Any

from graph.analysis.shared import since, uncovered
from graph.analysis.silos.common import SAT_DOWN, agency_name, meetings_missing, not_seen_at, said, took_part
from graph.analysis.silos.meetings import CHILD_V
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Alert, Decision, Event, Meeting, ObjectedTo, Person
from graph.network import Affiliation, AlertPair, affiliation, alert_pairs, held_on, meetings_held
from graph.parameters import Parameters
from graph.records import Records, covers
from graph.reference import roles
from graph.words import counted, day, listed, opened

# --- alerts without an answer ---


@rule(
    "silos.unanswered_alerts",
    kind="H",
    question="Who read these alerts, what was decided about them, and who told the people who raised them?",
    citation=f"{CHILD_V}, paragraphs 6.78 and 6.79: a school's alerts, and an escalation policy that was not used",
    parameters=("window_months", "alerts_unanswered", "alerts_days"),
    needs=("alerts",),
)
def unanswered_alerts(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """Three alerts from one agency to another within 90 days have no answer and no escalation on record.

    One finding for each pair of agencies and direction; its subject is the first of the alerts. Alerts within one
    agency are not counted. With it: answers over alerts that way in the last 12 months (reciprocity).
    """
    first = since(records, t, parameters)
    pairs = alert_pairs(records, t, parameters.window_months)
    told = [outcome for pair in pairs if (outcome := _unanswered(records, pair, t, parameters))]
    yield from told
    if told:
        return
    if missing := uncovered(records, "alerts", first, t):
        yield not_assessable(missing)
        return
    ways = {f"{agency_name(records, p.by)} to {agency_name(records, p.to)}": p.reciprocity for p in pairs}
    yield clear(
        f"No {counted(parameters.alerts_unanswered, 'alert')} from one agency to another within "
        f"{parameters.alerts_days} days stand without an answer on {day(t)}.",
        of=[alert for pair in pairs for alert in pair.alerts],
        reciprocity=ways,
    )


def _unanswered(records: Records, pair: AlertPair, t: date, parameters: Parameters) -> Outcome | None:
    open_ones = [a for a in pair.alerts if a.answered_on is None and a.escalated_on is None]
    run = _run(open_ones, parameters.alerts_unanswered, parameters.alerts_days)
    if not run:
        return None
    began, ended = run[0].raised or t, run[-1].raised or t
    subject = subject_of(run[0])
    measures: dict[str, Any] = {"alerts": len(pair.alerts), "reciprocity": pair.reciprocity}
    if pair.by == Affiliation() or pair.to == Affiliation():
        missing = f"no record says who raised, or who was sent, {counted(len(run), 'alert')} from {day(began)} on"
        return not_assessable(missing, subject=subject, of=run, **measures)
    if missing := uncovered(records, "alerts", began, t):
        return not_assessable(f"{missing}, and so no answer given then", subject=subject, of=run, **measures)
    by, to = agency_name(records, pair.by), agency_name(records, pair.to)
    return raised(
        f"From {day(began)} to {day(ended)} {by} raised {counted(len(run), 'alert')} with {to}, with no record of an "
        f"answer or of escalation. In {parameters.window_months} months {pair.answered} of {len(pair.alerts)} that "
        "way were answered.",
        subject=subject,
        of=run,
        unanswered=len(run),
        **measures,
    )


def _run(alerts: Sequence[Alert], n: int, days: int) -> list[Alert]:
    """The alerts that belong to any n of them raised within so many days, the first and the last day counted."""
    ordered = sorted(alerts, key=lambda a: (a.raised or date.min, a.id))
    on = [a.raised or date.min for a in ordered]
    close = [i for i in range(len(on) - n + 1) if (on[i + n - 1] - on[i]).days < days]
    return [ordered[i] for i in sorted({j for i in close for j in range(i, i + n)})]


# --- decided against another agency ---

AGAINST = ("closure", "step-down")


@rule(
    "silos.against_dissent",
    kind="H",
    question="What did the agency that objected see, and who went through it with them before or after the decision?",
    citation=f"{CHILD_V}, paragraph 6.10: a plan closed though health and education had asked for it to stay open",
    parameters=("window_months",),
    needs=("decisions:closure", "decisions:step-down", "objected_to"),
)
def against_dissent(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A closure or step-down stands against another agency's objection, with no answer and no escalation.

    One finding for each such decision of the last 12 months. Another agency: not that of the role which decided.
    What a parent or another person objected is no agency's, and is not looked at here.
    """
    first = since(records, t, parameters)
    decisions = [d for d in records.of(Decision) if d.kind in AGAINST and d.on and first <= d.on <= t]
    yield from (_dissent(records, decision, t) for decision in decisions)
    missing = [gap for kind in AGAINST if (gap := uncovered(records, "decisions", first, t, kind))]
    if decisions:
        return
    if missing:
        yield not_assessable("; ".join(missing))
    else:
        yield clear(f"No closure and no step-down is on record from {day(first)} to {day(t)}.")


def _dissent(records: Records, decision: Decision, t: date) -> Outcome:
    on, subject = decision.on or t, subject_of(decision)
    what = f"The {decision.kind} of {day(on)}"
    rows = [o for o in records.of(ObjectedTo) if o.to_id == decision.id]
    role = roles.roles().get(decision.by_role or "")
    by = [(affiliation(records, o.from_id, o.on or on), o) for o in rows if not _is_person(records, o)]
    others = [(a, o) for a, o in by if role is None or a.kind != role.agency_kind]
    silent = [(a, o) for a, o in others if o.answered_on is None and o.escalated_on is None]
    told = [(a, o) for a, o in silent if role and a.kind]
    # An objection may be made at the meeting, or after; and an answer to it comes later still.
    if missing := uncovered(records, "objected_to", on, t):
        return not_assessable(missing, subject=subject, of=[decision, *rows])
    if silent and not told:
        missing = f"no record says who made the decision of {day(on)}, or for which agency someone objected"
        return not_assessable(missing, subject=subject, of=[decision, *rows])
    if not told:
        kept = "every objection to it was answered or escalated" if others else "no agency's objection is on record"
        return clear(f"{what}: {kept}.", subject=subject, of=[decision, *rows])
    names = listed(sorted({agency_name(records, a) for a, _ in told}))
    return raised(
        f"{what} was made against the objection of {names}, with no record of an answer or of escalation.",
        subject=subject,
        of=[decision, *(o for _, o in told), records.get((decision.change or "").partition(":")[2])],
        objections=len(others),
        unanswered=len(told),
    )


def _is_person(records: Records, objection: ObjectedTo) -> bool:
    return isinstance(records.get(objection.from_id), Person)


# --- the police, and nobody else ---

POLICE = ("arrest", "police called to placement")


@rule(
    "silos.police_without_response",
    kind="H",
    question="What was going on in the home each time, and who besides the police has asked the child about it?",
    citation="A house rule, from children's accounts of arrests in placement; Department for Education, Home Office "
    "and Ministry of Justice 2018, National protocol on reducing unnecessary criminalisation of looked-after children "
    "and care leavers (from memory)",
    parameters=("window_months", "police_events", "police_days", "police_meeting_days"),
    needs=(*(f"events:{kind}" for kind in POLICE), *(f"meetings:{kind}" for kind in SAT_DOWN), "attended"),
)
def police_without_response(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """Two arrests or police call-outs to the home within 90 days, and no meeting of several agencies within 28.

    One finding for each run of events in the last 12 months; its subject is the first of them. The 28 days count
    from the event that makes two, and from each later one that has another less than 90 days before it. Records
    do not say what a meeting was about: any review, conference, strategy discussion or the like at which two
    agencies took part counts.
    """
    first = since(records, t, parameters)
    events = sorted(
        (e for e in records.of(Event) if e.kind in POLICE and e.on and first <= e.on <= t), key=lambda e: (e.on, e.id)
    )
    runs = _runs(events, parameters)
    yield from (_response(records, run, t, parameters) for run in runs)
    if runs:
        return
    missing = [gap for kind in POLICE if (gap := uncovered(records, "events", first, t, kind))]
    if missing:
        yield not_assessable("; ".join(missing), of=events)
    else:
        asked = counted(parameters.police_events, "arrest or police call-out", "arrests or police call-outs")
        yield clear(f"No {asked} within {parameters.police_days} days are on record from {day(first)} to {day(t)}.",
                    of=events)  # fmt: skip


def _runs(events: Sequence[Event], parameters: Parameters) -> list[list[tuple[Event, bool]]]:
    """Events in runs, each with whether it makes the number within the days; runs that share an event are one."""
    n, days = parameters.police_events, parameters.police_days
    on = [e.on or date.min for e in events]
    full = [i >= n - 1 and (on[i] - on[i - n + 1]).days < days for i in range(len(on))]
    runs: list[list[tuple[Event, bool]]] = []
    last = -1
    for i in (i for i, is_full in enumerate(full) if is_full):
        if not runs or i - n + 1 > last:
            runs.append([(events[j], False) for j in range(i - n + 1, i)])
        runs[-1].append((events[i], True))
        last = i
    return runs


def _response(records: Records, run: list[tuple[Event, bool]], t: date, parameters: Parameters) -> Outcome:
    events, asked = [e for e, _ in run], [e.on or t for e, full in run if full]
    subject = subject_of(events[0])
    allowed = timedelta(days=parameters.police_meeting_days)
    over = [on for on in asked if on + allowed < t]
    met = {on: [m for m in _sat_down(records) if on <= held_on(m) <= on + allowed] for on in asked}
    several = {on: [m for m in met[on] if len(took_part(records, m)) > 1] for on in asked}
    gaps = {on: _unseen(records, on, on + allowed, met[on]) for on in over if not several[on]}
    silent = [on for on, gap in gaps.items() if not gap]
    counts = listed(_counts(events))
    measures: dict[str, Any] = {"events": len(events), "meetings": len({m.id for of in several.values() for m in of})}
    if silent:
        since_then = listed(day(on) for on in silent)
        return raised(
            f"{opened(counts)} from {day(events[0].on or t)} to {day(events[-1].on or t)}, with no record of a meeting "
            f"of more than one agency within {parameters.police_meeting_days} days of {since_then}.",
            subject=subject,
            of=[*events, *(m for on in silent for m in met[on])],
            **measures,
        )
    if gaps:
        return not_assessable("; ".join(dict.fromkeys(gaps.values())), subject=subject, of=events, **measures)
    waiting = "" if over == asked else f" {parameters.police_meeting_days} days have not passed since the last."
    return clear(f"{opened(counts)} from {day(events[0].on or t)}: none stands without a meeting of more than one "
                 f"agency in time.{waiting}", subject=subject,
                 of=[*events, *(m for of in several.values() for m in of)], **measures)  # fmt: skip


def _sat_down(records: Records) -> list[Meeting]:
    return meetings_held(records, *SAT_DOWN)


def _counts(events: Sequence[Event]) -> Iterator[str]:
    arrests = sum(e.kind == "arrest" for e in events)
    if arrests:
        yield counted(arrests, "arrest")
    if called := len(events) - arrests:
        yield counted(called, "police call-out to the home", "police call-outs to the home")


def _unseen(records: Records, first: date, last: date, met: Sequence[Meeting]) -> str:
    """Why a meeting of several agencies may have gone unseen in these days; empty where it could not."""
    if missing := meetings_missing(records, first, last):
        return missing
    for meeting in met:
        on = held_on(meeting)
        if unseen := dict.fromkeys([*not_seen_at(records, on), *_police_unseen(records, on)]):
            return f"no load covers attendance at meetings by {listed(unseen)} on {day(on)}"
    return ""


def _police_unseen(records: Records, on: date) -> list[str]:
    kinds = ("police", "social care")
    return [said(k) for k in kinds if not covers(records, "attended", on, on, k)]
