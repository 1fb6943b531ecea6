"""What loads make assessable, and what they still leave open: rules against what is covered.

A rule says which coverage it needs (`needs`); here that is held against what loads cover in the 12 months to a
day, the window of most rules. A rule that looks further back, to 24 months or a whole childhood, may still lack
earlier days: what it says of each child tells.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

from graph.analysis.shared import called
from graph.calendars import Days, common, first_of_months, without
from graph.findings import Rule, rules
from graph.model import Child
from graph.parameters import DEFAULTS
from graph.records import Coverage, Records, covered
from graph.reference import roles
from graph.words import counted, day, listed

State = Literal["before", "now", "not yet", "no longer"]


@dataclass(frozen=True)
class Missing:
    """What a rule needs and loads do not cover on every day; `there` tells what of it they do cover."""

    need: str
    there: str = ""


@dataclass(frozen=True)
class Assessable:
    """A rule, whether it can be answered in full, and what is missing where it can not.

    state: "before" (as it could before the load), "now" (this load made it so), "not yet" (in full: of some roles
    or services it may say something already), or "no longer" (what is covered reaches less far than before).
    """

    rule: Rule
    state: State
    missing: tuple[Missing, ...] = ()


def assessable(
    before: Iterable[Coverage], after: Iterable[Coverage], t: date, of: Iterable[Rule] | None = None
) -> tuple[Assessable, ...]:
    """Every rule that says what it needs, in the order of the registry, as at day t.

    before, after: what loads covered before a load and cover after it (`Store.coverage`). of: the rules to look
    at; all that are registered where None.
    """
    then, now = _Covered.by(before, t), _Covered.by(after, t)
    chosen = rules().values() if of is None else of
    return tuple(_state(rule, then, now) for rule in chosen if rule.needs)


def _state(rule: Rule, then: _Covered, now: _Covered) -> Assessable:
    missing = now.missing(rule)
    could = not then.missing(rule)
    if not missing:
        return Assessable(rule, "before" if could else "now")
    return Assessable(rule, "no longer" if could else "not yet", missing)


@dataclass(frozen=True)
class _Covered:
    """What is covered, and the days that are asked for."""

    records: Records
    window: Days

    @classmethod
    def by(cls, coverage: Iterable[Coverage], t: date) -> _Covered:
        first = first_of_months(t, DEFAULTS.window_months)
        nobody = Records(Child(id=""), {}, (), tuple(coverage))
        return cls(nobody, ((first, t + timedelta(days=1)),))

    def missing(self, rule: Rule) -> tuple[Missing, ...]:
        """What the rule needs and is not covered on every day."""
        return tuple(Missing(need, self.there(need, rule.needs)) for need in rule.needs if not self.all(need, rule))

    def all(self, need: str, rule: Rule) -> bool:
        """Whether a need is covered on every day of the window."""
        return any(not without(self.window, self._days(*part)) for part in self._alternatives(need, rule.needs))

    def there(self, need: str, beside: Sequence[str]) -> str:
        """What of a need is covered, in words; empty where nothing is."""
        for table, of in self._alternatives(need, beside):
            if days := common(self.window, self._days(table, of)):
                return _said(days, self.window)
            if of is None and (parts := self._parts(table, beside)):
                return f"only {listed(_part(table, p) for p in parts)}"
        return ""

    def _alternatives(self, need: str, beside: Sequence[str]) -> list[tuple[str, str | None]]:
        """The tables, or parts of them, any of which meets a need."""
        pairs = [parted(one) for one in need.split("|")]
        any_of = [(table, p) for table, of in pairs if of == "*" for p in (None, *self._parts(table, beside))]
        return [pair for pair in pairs if pair[1] != "*"] + any_of

    def _parts(self, table: str, beside: Sequence[str] = ()) -> list[str]:
        """The parts of a table that are covered on some day, those left out that a rule names besides."""
        found = {c.of for c in self.records.coverage if c.table == table and c.of and f"{table}:{c.of}" not in beside}
        return sorted(of for of in found if common(self.window, self._days(table, of)))

    def _days(self, table: str, of: str | None) -> Days:
        return covered(self.records, table, of)


def parted(need: str) -> tuple[str, str | None]:
    """`meetings:review` as table and part; the part of a whole table is None."""
    table, _, of = need.partition(":")
    return table, of or None


def _said(days: Days, window: Days) -> str:
    (first, after), (start, end) = window[0], (days[0][0], days[-1][1])
    if len(days) > 1:
        return "not on every day"
    since = f"from {day(start)}" if start > first else ""
    until = f"to {day(end - timedelta(days=1))}" if end < after else ""
    return " ".join(part for part in ("only", since, until) if part)


# --- in words ---

_NAMED = {
    "assessments:immunisations": "immunisations",
    "assessments:s47": "section 47 enquiries",
    "assessments:sdq": "SDQ scores",
    "events:assault or threat": "assaults and threats",
    "events:away": "days away without leave",
    "events:custody": "custody",
    "events:death of someone close": "deaths of someone close",
    "events:missing": "missing periods",
    "events:notice by carer": "notices by carers",
    "events:police called to placement": "police call-outs to the placement",
    "events:self-harm": "self-harm",
    "events:substance misuse": "substance misuse",
    "holds": "who holds which plan",
    "involved_with:camhs": "CAMHS workers",
    "involved_with:virtual_school": "the virtual school",
    "meetings:family time": "family time",
    "meetings:pep": "PEP meetings",
    "needs:diagnosis": "diagnoses",
    "objected_to": "objections to decisions",
    "plans:pep": "PEPs",
    "referrals:camhs": "referrals to CAMHS",
    "related_to": "the child's family",
    "trusts": "trusted adults",
}
# A kind that ends so names a thing by itself: core groups, not core group meetings.
_THINGS = (
    "assessment", "attempt", "arrest", "call", "check", "conference", "detention", "discussion", "email", "exclusion",
    "group", "interview", "intervention", "review", "visit",
)  # fmt: skip
# Where a council most often finds it.
RETURN = "in the 903"
_FROM = {
    "looks_after": RETURN,
    "placed_at": RETURN,
    "meetings:review": RETURN,
    "events:missing": RETURN,
    "events:away": RETURN,
    "involved_with:social_worker": RETURN,
    "involved_with:iro": "an allocations list will do",
}


def named(need: str) -> str:
    """What a person would call a need, how `coverage.csv` names it, and where most councils hold it."""
    first = need.split("|")[0]
    source = f"; {_FROM[first]}" if first in _FROM else ""
    return f"{plainly(first)} ({first}{source})" if not first.endswith(":*") else plainly(first)


def plainly(need: str) -> str:
    """What a person would call a need."""
    table, of = parted(need)
    if need in _NAMED:
        return _NAMED[need]
    if of == "*":
        return "other professionals" if table == "involved_with" else f"any {_table(table)}"
    return _part(table, of) if of else _table(table)


def _part(table: str, of: str) -> str:
    """A part of a table in words: reviewing officers, care plans, core groups."""
    if f"{table}:{of}" in _NAMED:
        return _NAMED[f"{table}:{of}"]
    if table == "involved_with":
        name = roles.label(of)
        return name if name.endswith(("s", "police")) else f"{name}s"
    if table == "attended":
        return f"attendance by {'CAMHS' if of == 'camhs' else of}"
    if table == "notices":
        return f"notices to the {of}"
    return f"{of}s" if of.endswith(_THINGS) else f"{of} {table.replace('_', ' ')}"


def _table(table: str) -> str:
    return called(table).partition(" (")[0]


# --- what to load next ---


@dataclass(frozen=True)
class ToLoad:
    """What is missing, named together where the same rules ask for it.

    completes: the rules that nothing else keeps from a full answer. helps: those that need more besides.
    """

    needs: tuple[str, ...]
    there: tuple[str, ...]
    completes: tuple[str, ...]
    helps: tuple[str, ...]

    @property
    def sentence(self) -> str:
        """What to load, and what that brings."""
        what = listed(named(n) for n in self.needs)
        return f"Load {what}: {_brings(len(self.completes), len(self.helps))}.{self._so_far}"

    @property
    def _so_far(self) -> str:
        known = [f"{plainly(n)}, {t}" for n, t in zip(self.needs, self.there, strict=True) if t]
        return f" Covered so far: {'; '.join(known)}." if known else ""


def _brings(completes: int, helps: int) -> str:
    findings = counted(completes, "more finding")
    if completes and helps:
        return f"{findings} can be made in full, and {helps} more with other records besides"
    if completes:
        return f"{findings} can be made in full"
    return f"{counted(helps, 'finding')} {'needs' if helps == 1 else 'need'} this, and other records besides"


def to_load(rows: Iterable[Assessable]) -> tuple[ToLoad, ...]:
    """What would make more findings assessable: what completes most first, then what most ask for."""
    wanting: dict[Missing, list[Assessable]] = {}
    for row in rows:
        for missing in row.missing:
            wanting.setdefault(missing, []).append(row)
    together: dict[tuple[str, ...], list[Missing]] = {}
    for missing, of in wanting.items():
        together.setdefault(tuple(row.rule.id for row in of), []).append(missing)
    found = [_to_load(some, wanting[some[0]]) for some in together.values()]
    return tuple(sorted(found, key=lambda f: (-len(f.completes), -len(f.helps), f.needs)))


def _to_load(some: Sequence[Missing], wanting: Sequence[Assessable]) -> ToLoad:
    completes = tuple(row.rule.id for row in wanting if set(row.missing) <= set(some))
    helps = tuple(row.rule.id for row in wanting if row.rule.id not in completes)
    return ToLoad(tuple(m.need for m in some), tuple(m.there for m in some), completes, helps)


def in_short(rows: Sequence[Assessable], t: date) -> str:
    """How many findings can be made, in a sentence."""
    states = Counter(row.state for row in rows)
    said = f"As at {day(t)}, {states['before'] + states['now']} of {counted(len(rows), 'finding')} can be made in full"
    said += f" ({states['now']} more than before this load)" if states["now"] else ""
    return f"{said}{f'; {lost} can no longer' if (lost := states['no longer']) else ''}."
