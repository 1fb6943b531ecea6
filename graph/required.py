"""Which roles someone must hold around a child, and on which days."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from graph.calendars import Days, birthday, common, joined, school_age, without
from graph.model import Plan
from graph.parameters import Parameters
from graph.records import Records, covered, looked_after
from graph.words import day

PROTECTED = ("child protection", "child in need")

LOOKS_AFTER = ("looks_after", None)


@dataclass(frozen=True)
class Required:
    """A role, the days on which someone must hold it, and those on which records say whether someone must.

    needs: the tables, or parts of them, that say so. why_not: what is said where it is known that no one must
    on any day. unknown: what is said where no table is missing and yet it is not known.
    """

    role: str
    yes: Days
    known: Days
    needs: tuple[tuple[str, str | None], ...] = (LOOKS_AFTER,)
    why_not: str = "the child was not looked after"
    unknown: str = ""


@dataclass(frozen=True)
class _Told:
    """What the records tell of a child's position up to the day: care, and where it is known to be or not to be."""

    care: Days
    known: Days
    until: date  # the day after the last day of all

    @property
    def always(self) -> Days:
        return ((date.min, self.until),)

    @property
    def not_in_care(self) -> Days:
        return without(self.known, self.care)


def care_days(records: Records, t: date) -> Days:
    """The days on which the child is looked after, day t included."""
    return joined((c.start, c.end or t + timedelta(days=1)) for c in looked_after(records))


def required_roles(records: Records, t: date, parameters: Parameters) -> tuple[Required, ...]:
    """Social worker, reviewing officer, carer, virtual school, personal adviser and health lead, each with its days.

    A social worker while looked after or on a child protection or child in need plan; a reviewing officer and a
    carer (that is, a placement) while looked after; the virtual school while looked after at compulsory school
    age; a personal adviser for an eligible child; a health lead while looked after, from the first health plan on.
    """
    care = care_days(records, t)
    told = _Told(care, joined([*care, *covered(records, "looks_after")]), t + timedelta(days=1))
    return (
        _social_worker(records, told),
        Required("iro", told.care, told.known),
        Required("carer", told.care, told.known),
        _virtual_school(records, told),
        _personal_adviser(records, told, parameters.eligible_weeks),
        _health_lead(records, told),
    )


def plans(records: Records, *kinds: str) -> list[Plan]:
    """Plans of these kinds that have a first day."""
    return [p for p in records.of(Plan) if p.kind in kinds and p.start]


def _social_worker(records: Records, told: _Told) -> Required:
    yes = joined([*told.care, *((p.start, p.end or told.until) for p in plans(records, *PROTECTED))])
    known = told.known
    for kind in PROTECTED:
        known = common(known, covered(records, "plans", kind))
    needs = (LOOKS_AFTER, *(("plans", kind) for kind in PROTECTED))
    why_not = "the child was not looked after, nor on a child protection or child in need plan,"
    return Required("social_worker", yes, joined([*yes, *known]), needs, why_not)


def _virtual_school(records: Records, told: _Told) -> Required:
    age = _at_age(records, school_age)
    why_not = "the child was not looked after at compulsory school age"
    if age is None:
        return Required("virtual_school", (), told.not_in_care, why_not=why_not, unknown=_NOT_BORN)
    known = joined([*told.known, *without(told.always, age)])
    return Required("virtual_school", common(told.care, age), known, why_not=why_not)


def _personal_adviser(records: Records, told: _Told, weeks: int) -> Required:
    """An eligible child: 16 or 17, looked after, and for 13 weeks in all since 14.

    Children Act 1989, Schedule 2, paragraph 19B; regulation 40 of the Care Planning, Placement and Case Review
    (England) Regulations 2010, of which the short breaks it leaves out are left out here too.
    """
    age = _at_age(records, lambda born: (birthday(born, 16), birthday(born, 18)))
    since = _at_age(records, lambda born: (birthday(born, 14), birthday(born, 18)))
    why_not = "the child was not an eligible child of 16 or 17"
    if age is None or since is None:
        return Required("personal_adviser", (), told.not_in_care, why_not=why_not, unknown=_NOT_BORN)
    yes = common(common(told.care, age), _after_weeks(common(told.care, since), weeks))
    all_told = not without(common(since, told.always), told.known)
    known = joined([*yes, *without(told.always, age), *(told.known if all_told else told.not_in_care)])
    unknown = f"no load covers all periods of care since the child turned 14, on {day(since[0][0])}"
    return Required("personal_adviser", yes, known, why_not=why_not, unknown=unknown)


def _health_lead(records: Records, told: _Told) -> Required:
    begun = [d for p in records.of(Plan) if p.kind == "health" and (d := p.start or p.made_on)]
    yes = common(told.care, joined([(min(begun), told.until)])) if begun else ()
    by_plans = common(told.known, covered(records, "plans", "health"))
    known = joined([*yes, *told.not_in_care, *by_plans])
    return Required("health_lead", yes, known, (LOOKS_AFTER, ("plans", "health")))


_NOT_BORN = "the child's date of birth is not on record"


def _at_age(records: Records, ages: Callable[[date], tuple[date, date]]) -> Days | None:
    """The days of an age; None where there is no date of birth."""
    born = records.child.born or records.child.expected
    return joined([ages(born)]) if born else None


def _after_weeks(care: Days, weeks: int) -> Days:
    """The days from that on which so many weeks of care, in all, have passed."""
    left = weeks * 7
    for start, end in care:
        if (end - start).days >= left:
            return ((start + timedelta(days=left), date.max),)
        left -= (end - start).days
    return ()
