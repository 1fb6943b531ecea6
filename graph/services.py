"""The services around a child, told apart by kind and not by provider, and how long each may pause at a move."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from graph.calendars import Days, joined, school_age, school_days_between, working_days_between
from graph.model import Agency, Attends, Involvement
from graph.parameters import Parameters
from graph.records import Records, covered, involvements
from graph.reference import roles

UNITS: Mapping[str, Callable[[date, date], int]] = {
    "days": lambda a, b: (b - a).days,
    "working days": working_days_between,
    "school days": school_days_between,
}

# Roles whose service has an allowance of its own; every other one shares `allowance_other_days`.
_ALLOWANCES = {
    "school": ("allowance_school_school_days", "school days"),
    "camhs": ("allowance_camhs_days", "days"),
    "gp": ("allowance_gp_working_days", "working days"),
    "exploitation_worker": ("allowance_exploitation_days", "days"),
}
# What is a service to the child, and goes or stays when they move. Not: those who hold the case or the home.
_ROLES = (
    "school",
    "camhs",
    "gp",
    "lac_nurse",
    "health_visitor",
    "school_nurse",
    "paediatrician",
    "psychologist",
    "exploitation_worker",
    "yot_worker",
    "advocate",
    "independent_visitor",
    "voluntary",
)


@dataclass(frozen=True)
class Help:
    """One stretch of a service: who gave it, for which agency and need, and why it ended."""

    start: date
    end: date | None
    who: str
    agency: str | None
    need: str | None
    reason: str | None
    record: Involvement | Attends

    def goes_on_with(self, later: Help) -> bool:
        """Whether the same person or the same agency gives both."""
        return self.who == later.who or (self.agency is not None and self.agency == later.agency)

    def says_need_ended(self, words: tuple[str, ...]) -> bool:
        """Whether the reason says that the need had ended: one of these words, and nothing of a move or a refusal."""
        reason = (self.reason or "").casefold()
        found = any(re.search(rf"\b{re.escape(word)}\b", reason) for word in words)
        return found and not re.search(
            r"\b(not|never|in-?completed?|mov\w*|area|placement|declined|refus\w*)\b", reason
        )


@dataclass(frozen=True)
class Service:
    """A service with all its stretches, the role it is recorded under, and how long it may pause at a move."""

    name: str
    label: str
    role: str
    allowance: int
    unit: str
    helps: tuple[Help, ...]

    def count(self, a: date, b: date) -> int:
        """Days from a to b in the service's own unit."""
        return UNITS[self.unit](a, b)


def services(records: Records, parameters: Parameters) -> tuple[Service, ...]:
    """Every service a child can have, with what the records hold of it, the schools attended among it.

    Voluntary workers are told apart by the service they give: a mentor does not stand in for a counsellor.
    """
    return tuple(
        Service(name, label, role, *_allowance(role, parameters), helps)
        for role in _ROLES
        for name, label, helps in _kinds(records, role)
    )


def _allowance(role: str, parameters: Parameters) -> tuple[int, str]:
    name, unit = _ALLOWANCES.get(role, ("allowance_other_days", "days"))
    return getattr(parameters, name), unit


def _kinds(records: Records, role: str) -> list[tuple[str, str, tuple[Help, ...]]]:
    """The name, the label and the stretches of each service given in a role."""
    found = _helps(records, role)
    given = {getattr(h.record, "service", None) for h in found} if role == "voluntary" else set()
    if not given - {None}:
        return [(role, roles.label(role), tuple(found))]
    return [
        (f"{role}/{service}" if service else role, service or roles.label(role), tuple(of))
        for service in sorted(given, key=str)
        if (of := [h for h in found if getattr(h.record, "service", None) == service])
    ]


def _helps(records: Records, role: str) -> list[Help]:
    found = [
        Help(i.start, i.end, i.from_id, _agency(records, i), i.need, i.end_reason, i)
        for i in involvements(records, role)
        if i.start
    ]
    if role == "school":
        found += [Help(a.start, a.end, a.to_id, a.to_id, None, a.reason_end, a) for a in records.of(Attends) if a.start]
    return found


def _agency(records: Records, involvement: Involvement) -> str | None:
    if isinstance(records.get(involvement.from_id), Agency):
        return involvement.from_id
    return involvement.agency


State = Literal["continued", "handed over", "ended with a reason", "gap", "never resumed", "waiting", "not covered"]


@dataclass(frozen=True)
class Fate:
    """What became of a service at a move.

    state: continued (the same person or agency), handed over (another, within the days allowed), ended with a
    reason (the need itself had ended), gap (resumed too late), never resumed, waiting (not resumed, and still
    within the days allowed), not covered (it cannot be said, because loads end too soon).
    helps: those who went on or, of a service that stopped, the last. later: what came after it, where anything
    did. gap: days between them in the service's own unit, up to `until` where nothing came.
    """

    state: State
    helps: tuple[Help, ...]
    later: Help | None = None
    gap: int = 0
    until: date | None = None


def fate(records: Records, service: Service, move: date, t: date, parameters: Parameters) -> Fate | None:
    """What had become of a service at a move by day t; None where it was not there, or no load says whether it was.

    There: begun before the move, and not ended more than 14 days before it. Stopped: every stretch of it that
    was there ended from 14 days before the move to 28 days after it.
    """
    opens = move - timedelta(days=parameters.stopped_days_before)
    closes = move + timedelta(days=parameters.stopped_days_after)
    covered_until = until(records, service, opens, t)
    there = [h for h in service.helps if h.start < move and (h.end is None or h.end >= opens)]
    if not there or covered_until is None:
        return None
    if stayed := [h for h in there if h.end is None or h.end > closes]:
        return Fate("continued", tuple(stayed))
    ended = max(there, key=lambda h: (h.end or date.max, h.record.id))
    if _need_ended(records, service, ended, parameters):
        return Fate("ended with a reason", (ended,))
    return _after(records, service, ended, covered_until, t, parameters)


def _after(
    records: Records, service: Service, ended: Help, covered_until: date, t: date, parameters: Parameters
) -> Fate:
    """What came after a service that stopped."""
    end = ended.end or t
    later = _next(records, service, ended, end, parameters)
    resumed = max(end, later.start) if later else max(end, covered_until)
    gap, sure = service.count(end, resumed), service.count(end, max(end, min(resumed, covered_until)))
    if later and gap <= service.allowance:
        state: State = "continued" if ended.goes_on_with(later) else "handed over"
    elif sure > service.allowance:
        state = "gap" if later else "never resumed"
    else:
        state = "not covered" if covered_until < t else "waiting"
    return Fate(state, (ended,), later, gap, covered_until)


def _next(records: Records, service: Service, ended: Help, end: date, parameters: Parameters) -> Help | None:
    """What outlasted a service that stopped: the same service, or any for the same need."""
    same_need = (
        h for other in services(records, parameters) for h in other.helps if ended.need and h.need == ended.need
    )
    found = [h for h in (*service.helps, *same_need) if h.end is None or h.end > end]
    return min(found, key=lambda h: (h.start, h.record.id), default=None)


def _need_ended(records: Records, service: Service, ended: Help, parameters: Parameters) -> bool:
    """Whether the need itself had ended: by the reason on record or, of a school, by the child's age."""
    born = records.child.born
    if service.name == "school" and born and ended.end and ended.end >= school_age(born)[1]:
        return True
    return ended.says_need_ended(parameters.need_ended)


def until(records: Records, service: Service, first: date, t: date) -> date | None:
    """The day, at most t, to which loads cover a service without a break from `first` on; None where they do not.

    The day itself is the first that is not covered, or t.
    """
    days = _covered(records, service)
    reach = next((end for start, end in days if start <= first < end), None)
    return min(reach, t) if reach else None


def _covered(records: Records, service: Service) -> Days:
    """A school is covered by the schools attended or by the schools involved."""
    found = covered(records, "involved_with", service.role)
    return joined([*found, *covered(records, "attends")]) if service.name == "school" else found
