"""What changed around a child between two days: who joined, who left, what opened, what closed, what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from graph.findings import Evidence, Finding, evidence, run
from graph.model import Alert, Attends, Event, Involvement, Need, Plan, Recommendation, Record, Referral
from graph.network import held_on, meetings_held
from graph.parameters import DEFAULTS, Parameters
from graph.records import Records, as_at, stays
from graph.reference import codes, roles

Went = Literal["joined", "left", "opened", "closed"]


@dataclass(frozen=True)
class Step:
    """Something that began or ended: on which day, what it is, and the record behind it."""

    went: Went
    on: date
    what: str
    record: Evidence


@dataclass(frozen=True)
class Change:
    """What changed after `since` and up to `t`, both days as the records stood on them.

    new, cleared, still: findings that are raised now and were not, were and are not, and are as before; facts are
    among them.
    """

    since: date
    t: date
    steps: tuple[Step, ...]
    new: tuple[Finding, ...]
    cleared: tuple[Finding, ...]
    still: tuple[Finding, ...]

    def of(self, went: Went) -> tuple[Step, ...]:
        """What went this way, in the order of days."""
        return tuple(s for s in self.steps if s.went == went)


def change(records: Records, since: date, t: date, parameters: Parameters = DEFAULTS) -> Change:
    """What changed between two days. Nothing that became known after `t` is in it."""
    seen = as_at(records, t)
    now, then = (_raised(run(records, day, parameters)) for day in (t, since))
    steps = [s for s in _steps(seen) if since < s.on <= t]
    return Change(
        since,
        t,
        tuple(sorted(steps, key=lambda s: (s.on, s.went, s.what))),
        tuple(f for key, f in now.items() if key not in then),
        tuple(f for key, f in then.items() if key not in now),
        tuple(f for key, f in now.items() if key in then),
    )


def last_review(records: Records, t: date) -> date | None:
    """The day of the last review held before day t: on its own day, a review is still to come."""
    return max((on for m in meetings_held(as_at(records, t), "review") if (on := held_on(m)) < t), default=None)


def _raised(found: Sequence[Finding]) -> dict[str, Finding]:
    return {f.key: f for f in found if f.status == "raised"}


def _steps(seen: Records) -> Iterator[Step]:
    """Everything that begins or ends in the records of a day."""
    for tie in seen.of(Involvement):
        who = f"{roles.label(tie.role)}: {seen.name(tie.from_id)}"
        yield from _from_to("joined", "left", tie.start, tie.end, who, tie)
    for stay in stays(seen):
        home = codes.meaning("place", stay.last.place_type)
        yield from _from_to("joined", "left", stay.start, stay.end, f"home: {home}", stay.last)
    for roll in seen.of(Attends):
        yield from _from_to("joined", "left", roll.start, roll.end, f"school: {seen.name(roll.to_id)}", roll)
    for plan in seen.of(Plan):
        what = f"{plan.kind} plan{f', version {plan.version}' if plan.version else ''}"
        yield from _from_to("opened", "closed", plan.start or plan.made_on, plan.end, what, plan)
    for referral in seen.of(Referral):
        yield from _from_to("opened", "closed", referral.made, referral.closed, f"referral: {referral.need}", referral)
    for need in seen.of(Need):
        yield from _from_to("opened", "closed", need.identified_on, need.met, f"need: {need.kind}", need)
    for alert in seen.of(Alert):
        yield from _from_to("opened", "closed", alert.raised, alert.answered_on, f"alert: {alert.kind}", alert)
    for wish in seen.of(Recommendation):
        yield from _from_to("opened", "closed", wish.made_on, wish.done_on, f"recommendation: {wish.about_what}", wish)
    for event in seen.of(Event):
        yield from _from_to("opened", "closed", event.on, event.end, f"event: {event.kind}", event)


def _from_to(
    begins: Went, ends: Went, start: date | None, end: date | None, what: str, record: Record
) -> Iterator[Step]:
    (behind,) = evidence(record)
    if start:
        yield Step(begins, start, what, behind)
    if end:
        yield Step(ends, end, what, behind)
