"""Replay: from which day on a child's records would have shown each finding, and who was there then.

It looks at the records of the time through the mask of every rule, so nothing learnt later is in it. It says what
was on record, and not what anyone should have seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from graph.calendars import add_months
from graph.findings import Finding, run
from graph.model import Involvement, PlacedAt
from graph.parameters import DEFAULTS, Parameters
from graph.records import Records, as_at, began, holds_on, involvements
from graph.reference import roles

Key = tuple[str, str]  # rule and subject


@dataclass(frozen=True)
class Seen:
    """One finding over time.

    first: the finding on the first day on which the records hold it. on: the days looked at on which it was raised.
    last: the last of them. team: who worked with the child on the first day, as role and name.
    """

    first: Finding
    on: tuple[date, ...]
    team: tuple[str, ...]

    @property
    def last(self) -> date:
        """The last day looked at on which it was raised."""
        return self.on[-1]


@dataclass(frozen=True)
class Replay:
    """A child's findings from the first month of the records to a day, in the order of their first days."""

    child: str
    begin: date
    end: date
    seen: tuple[Seen, ...]
    cleared: Mapping[Key, date] = field(default_factory=dict)  # raised once, and not on the last day

    def months(self, one: Seen) -> int:
        """Whole months from a finding's first day to the end."""
        return whole_months(one.first.as_at, self.end)


def replay(records: Records, end: date, parameters: Parameters = DEFAULTS, only: Iterable[str] | None = None) -> Replay:
    """Run the rules as at the last day of each month of the records, and as at `end`; find each finding's first day.

    The day is exact: within the month at whose end a finding stands for the first time, each day is looked at.
    """
    chosen = None if only is None else list(only)
    begin = first_day(records, end)
    days = month_ends(begin, end)
    found: dict[Key, list[Finding]] = {}
    for day in days:
        for finding in _raised(records, day, parameters, chosen):
            found.setdefault(_key(finding), []).append(finding)
    firsts = _first_days(records, found, days, begin, parameters)
    seen = [
        Seen(firsts[key], tuple(f.as_at for f in of), team_on(records, firsts[key].as_at)) for key, of in found.items()
    ]
    return Replay(
        records.child.id,
        begin,
        end,
        tuple(sorted(seen, key=lambda s: (s.first.as_at, s.first.rule, s.first.subject))),
        {key: of[-1].as_at for key, of in found.items() if of[-1].as_at < end},
    )


def first_day(records: Records, end: date) -> date:
    """The first day on which someone worked with the child or the child lived somewhere on record; at most `end`."""
    ties: list[Involvement | PlacedAt] = [*records.of(Involvement), *records.of(PlacedAt)]
    return min((day for tie in ties if (day := began(tie))), default=end)


def month_ends(begin: date, end: date) -> list[date]:
    """The last day of each month from `begin` on, and `end`."""
    days, n = [], 1
    first = begin.replace(day=1)
    while (day := add_months(first, n) - timedelta(days=1)) < end:
        days.append(day)
        n += 1
    return [*days, end]


def team_on(records: Records, day: date) -> tuple[str, ...]:
    """Who worked with the child on a day, by role: `social worker: D. Hassan`."""
    seen = as_at(records, day)
    held = [i for i in involvements(seen) if holds_on(i, day)]
    order = {role: n for n, role in enumerate(roles.roles())}
    held.sort(key=lambda i: (order.get(i.role or "", len(order)), i.id))
    return tuple(dict.fromkeys(f"{roles.label(i.role)}: {seen.name(i.from_id)}" for i in held))


def whole_months(a: date, b: date) -> int:
    """Whole calendar months from a to b."""
    n = (b.year - a.year) * 12 + b.month - a.month
    return n if add_months(a, n) <= b else n - 1


def _raised(records: Records, day: date, parameters: Parameters, only: list[str] | None) -> Iterator[Finding]:
    return (f for f in run(records, day, parameters, only) if f.status == "raised")


def _key(finding: Finding) -> Key:
    return finding.rule, finding.subject


def _first_days(
    records: Records, found: Mapping[Key, list[Finding]], days: list[date], begin: date, parameters: Parameters
) -> dict[Key, Finding]:
    """Each finding as it was on its first day: the days of its first month one by one, for the rules it needs."""
    before = dict(zip(days, [begin - timedelta(days=1), *days], strict=False))
    firsts = {key: of[0] for key, of in found.items()}
    wanted: dict[date, set[Key]] = {}
    for key, finding in firsts.items():
        wanted.setdefault(finding.as_at, set()).add(key)
    for month, keys in wanted.items():
        day = before[month] + timedelta(days=1)
        while keys and day < month:
            for finding in _raised(records, day, parameters, sorted({rule for rule, _ in keys})):
                if _key(finding) in keys:
                    firsts[_key(finding)] = finding
                    keys.discard(_key(finding))
            day += timedelta(days=1)
    return firsts
