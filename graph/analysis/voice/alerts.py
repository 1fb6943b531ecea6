"""Challenges and concerns that wait for an answer, and the ladder they should have climbed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from graph.analysis.clocks.running import Run, certain, missing, shown
from graph.analysis.shared import not_looked_after, since, uncovered
from graph.calendars import add_months, add_working_days
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Alert, Involvement
from graph.parameters import Parameters
from graph.records import Records, covered
from graph.words import day, days

# --- challenges of the reviewing officer ---


@rule(
    "voice.challenge_open",
    kind="G",
    question="Who owes the answer, and has the next step of the dispute resolution been taken?",
    citation="IRO Handbook (2010): dispute resolution within 20 working days; SI 2010/959 regulation 45",
    parameters=("challenge_working_days", "window_months"),
    needs=("alerts",),
)
def challenge_open(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A reviewing officer's challenge has no answer on record after 20 working days.

    A dispute resolution that a reviewing officer raised is one too. It stays raised until an answer is on record.
    """
    first = since(records, t, parameters)
    if outcome := not_looked_after(records, first, t):
        yield outcome
        return
    yield from _alerts(records, [a for a in _about(records) if _by_officer(records, a)], "challenge", first, t,
                       lambda alert: _challenge(records, alert, parameters, t))  # fmt: skip


def _about(records: Records) -> list[Alert]:
    return [a for a in records.of(Alert) if records.child.id in a.about and a.raised]


def _by_officer(records: Records, alert: Alert) -> bool:
    officers = {i.from_id for i in records.of(Involvement) if i.role == "iro"}
    return alert.kind == "iro challenge" or (alert.kind == "dispute resolution" and bool(officers & set(alert.by)))


def _alerts(
    records: Records, found: Sequence[Alert], what: str, first: date, t: date, say: Callable[[Alert], Outcome]
) -> Iterator[Outcome]:
    """What there is to say of each alert, and beside them."""
    yield from (say(alert) for alert in found)
    if short := uncovered(records, "alerts", first, t):
        yield not_assessable(short)
    elif not found:
        yield clear(f"No {what} is on record from {day(first)} to {day(t)}.")


def _challenge(records: Records, alert: Alert, parameters: Parameters, t: date) -> Outcome:
    began, subject = alert.raised or t, subject_of(alert)
    due = add_working_days(began, parameters.challenge_working_days)
    run = Run(began, alert, due, alert if alert.answered_on else None, alert.answered_on or t, not alert.answered_on)
    said = f"The challenge of {day(began)}, to be answered by {day(due)},"
    if run.done:
        late = f", {days(run.days)} late" if run.over else ""
        return clear(f"{said} was answered on {day(run.closed)}{late}.", subject=subject, of=[alert], **shown(run))
    if not run.over:
        return clear(f"{said} has not run out.", subject=subject, of=[alert], **shown(run))
    found = certain(covered(records, "alerts"), run)
    if found is None:
        return not_assessable(missing(records, [("alerts", None)], run), subject=subject, of=[alert], **shown(run))
    return raised(f"{said} has no answer on record up to {day(found.closed)}, {days(found.days)} over.",
                  subject=subject, of=[alert], **shown(found))  # fmt: skip


# --- concerns and the ladder ---


@dataclass(frozen=True)
class Step:
    """A step of the ladder: who has to know, and the last day on which they need not yet."""

    who: str
    level: int
    until: date


def steps(raised_on: date, parameters: Parameters) -> tuple[Step, ...]:
    """The ladder of a concern raised on a day."""
    return (
        Step("a service manager", 1, raised_on + timedelta(weeks=parameters.concern_weeks_service_manager)),
        Step("a service director", 2, add_months(raised_on, parameters.concern_months_service_director)),
        Step("the director of children's services", 3, add_months(raised_on, parameters.concern_months_dcs)),
    )


@rule(
    "voice.concern_open",
    kind="L",
    question="Who at the next step knows of this concern, and what has the child been told about it?",
    citation="An escalation protocol for concerns about children in care (local practice): after 6 weeks a service "
    "manager, after 3 months a service director, after 6 months the director of children's services",
    parameters=("concern_weeks_service_manager", "concern_months_service_director", "concern_months_dcs",
                "window_months"),
    needs=("alerts",),
)  # fmt: skip
def concern_open(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A concern without an answer is older than its step on the escalation ladder, and went no higher on record.

    After 6 weeks it belongs with a service manager, after 3 months with a service director, after 6 months with
    the director of children's services. It stays raised until it is answered or has reached its step.
    """
    first = since(records, t, parameters)
    yield from _alerts(records, [a for a in _about(records) if a.kind == "concern"], "concern", first, t,
                       lambda alert: _concern(records, alert, parameters, t))  # fmt: skip


def _concern(records: Records, alert: Alert, parameters: Parameters, t: date) -> Outcome:
    began, subject = alert.raised or t, subject_of(alert)
    measures: dict[str, Any] = {"raised": began, "days_open": (t - began).days, "escalated_to": alert.escalated_to}
    said = f"The concern of {day(began)}"
    if alert.answered_on:
        return clear(f"{said} was answered on {day(alert.answered_on)}.", subject=subject, of=[alert], **measures)
    reached = level(alert.escalated_to) if alert.escalated_on else 0
    ladder = steps(began, parameters)
    passed = [s for s in ladder if s.until < t]
    if not passed or (reached is not None and reached >= passed[-1].level):
        then = next((s for s in ladder if s not in passed and s.level > (reached or 0)), None)
        soon = f"; after {day(then.until)} it belongs with {then.who}" if then else ""
        at = f" is with {alert.escalated_to}" if reached else f" is {days((t - began).days)} old"
        return clear(f"{said}{at}{soon}.", subject=subject, of=[alert], **measures)
    if reached is None:
        return not_assessable(f"to whom the concern of {day(began)} was escalated is not on record",
                              subject=subject, of=[alert], **measures)  # fmt: skip
    return _over_its_step(records, alert, passed, reached, said, t, measures)


def _over_its_step(
    records: Records, alert: Alert, passed: Sequence[Step], reached: int, said: str, t: date, measures: dict[str, Any]
) -> Outcome:
    """Of the steps passed without being reached, the highest of which loads can tell."""
    began, subject = alert.raised or t, subject_of(alert)
    seen = covered(records, "alerts")
    for step in reversed([s for s in passed if s.level > reached]):
        run = certain(seen, Run(began, alert, step.until, None, t, True))
        if run:
            so_far = f" It is with {alert.escalated_to} since {day(alert.escalated_on or t)}." if reached else ""
            return raised(
                f"{said} has no answer on record, and no escalation to {step.who}, with whom it belongs since "
                f"{day(step.until)}: {days(run.days)} over.{so_far}",
                subject=subject, of=[alert], **{**measures, **shown(run), "step": step.level},
            )  # fmt: skip
    return not_assessable(uncovered(records, "alerts", began, t), subject=subject, of=[alert], **measures)


def level(who: str | None) -> int | None:
    """The step of the ladder a role stands on: 1 service manager, 2 service director, 3 director; None = unknown."""
    words = " ".join((who or "").replace("_", " ").casefold().split())
    if "dcs" in words.split() or "director of children" in words:
        return 3
    if "director" in words:
        return 2
    if words in ("service manager", "head of service", "group manager"):
        return 1
    return 0 if words in ("team manager", "manager", "social worker", "iro", "reviewing officer") else None
