"""Area: who approved a placement outside the authority."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from graph.analysis.area.distance import AT_A_DISTANCE_SINCE
from graph.analysis.area.notices import sent_to
from graph.analysis.area.placements import began, beside, not_under_these
from graph.analysis.area.recipients import AREA_AUTHORITY
from graph.analysis.area.where import Where, where
from graph.analysis.shared import area_name, home, since, uncovered
from graph.calendars import add_working_days
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Decision, Notice, Record
from graph.parameters import Parameters
from graph.records import Records, Stay
from graph.reference import codes
from graph.words import day, listed, opened

# What a source may call the director of children's services.
DIRECTOR = frozenset({"director of childrens services", "director", "dcs", "director childrens services"})


@rule(
    "area.approval",
    kind="S",
    question="Who weighed the distance against what the child would lose, and what was asked of the area?",
    citation="Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959) regulation 11; the "
    "director's approval and the consultation put in by SI 2013/3239 from 27 January 2014",
    parameters=("emergency_working_days", "told_look_days", "window_months"),
    needs=("placed_at", "decisions:placement approval", "notices:area authority"),
)
def approval(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A placement outside the authority began with no record of the approval, or the consultation, it needs.

    One finding for each placement that began in the last 12 months. Outside: a nominated officer's approval; at a
    distance, from 27 January 2014: that of the director of children's services, and the area authority consulted,
    which a notice to it shows. Before the placement begins (a record of the same day is taken as before); in an
    emergency the consultation within five working days. Not asked for with a connected person or a foster carer
    whom the authority itself approved (regulation 11(3)). Where an approval does not say whose it was, it is taken
    for a nominated officer's and cannot be taken for the director's.
    """
    first = since(records, t, parameters)
    yield from beside(records, first, t)
    for _, stay in began(records, first, t):
        yield not_under_these(stay) or _approval(records, stay, t, parameters)


def _approval(records: Records, stay: Stay, t: date, parameters: Parameters) -> Outcome:
    subject, place = subject_of(stay.first), where(records, stay)
    of: list[Record] = [stay.first, *place.rows]
    name = opened(home(records, stay))
    if exempt := _exempt(stay):
        return clear(f"{name}: no approval asked for, {exempt} (regulation 11(3)).", subject=subject, of=of)
    if place.area is None:
        why = f"no record of the authority in whose area the home is: {home(records, stay)}"
        return not_assessable(why, subject=subject, of=of)
    there = area_name(records, place.area)
    if not place.outside:
        return clear(f"{name} is in {there}, the child's own authority.", subject=subject, of=of)
    checks = _checks(records, stay, place, t, parameters)
    of += [r for check in checks for r in check.rows]
    missing = [check.lacks for check in checks if check.lacks]
    unsure = [check.unsure for check in checks if check.unsure]
    where_ = f"{name} in {there}, from {day(stay.start)}"
    if missing:
        return raised(f"{where_}: {'; '.join(missing)}.", subject=subject, of=of, at_a_distance=_far(place, stay))
    if unsure:
        return not_assessable(f"{'; '.join(unsure)} ({where_})", subject=subject, of=of)
    done = "; ".join(check.said for check in checks if check.said)
    return clear(f"{where_}: {done}.", subject=subject, of=of, at_a_distance=_far(place, stay))


def _exempt(stay: Stay) -> str:
    """Why regulation 11 asks for no approval, where it does not."""
    row = stay.first
    basis = (row.basis or "").casefold()
    if row.place_type in codes.CONNECTED_PERSON or "connected" in basis or "24" in basis.split():
        return "with a connected person"
    own = row.place_type in codes.FOSTER and row.provider == "PR1"
    return "with a foster carer whom the authority itself approved" if own or "own foster" in basis else ""


def _far(place: Where, stay: Stay) -> bool | None:
    """Whether the law of the day counted it as at a distance; None where that cannot be said."""
    return place.at_a_distance if stay.start >= AT_A_DISTANCE_SINCE else False


@dataclass(frozen=True)
class _Check:
    """One thing regulation 11 asks for: what is on record, what lacks, or why neither can be said."""

    said: str = ""
    lacks: str = ""
    unsure: str = ""
    rows: tuple[Record, ...] = ()


def _checks(records: Records, stay: Stay, place: Where, t: date, parameters: Parameters) -> list[_Check]:
    checks = [_approved(records, stay, place, parameters)]
    if _far(place, stay):
        checks.append(_consulted(records, stay, t, parameters))
    return checks


def _approved(records: Records, stay: Stay, place: Where, parameters: Parameters) -> _Check:
    refers = {subject_of(row) for row in stay.rows}
    look = stay.start - timedelta(days=parameters.told_look_days)
    found = [
        d for d in records.of(Decision)
        if d.kind == "placement approval" and d.on and records.child.id in d.about
        and (d.change in refers or (d.change is None and look <= d.on <= stay.start))
    ]  # fmt: skip
    far = _far(place, stay)
    in_time = [d for d in found if (d.on or date.max) <= stay.start]
    by_director = [d for d in in_time if _plain(d.by_role) in DIRECTOR]
    if enough := in_time if far is False else by_director:
        role = f" by {enough[0].by_role.replace('_', ' ')}" if enough[0].by_role else ""
        return _Check(f"approved on {day(enough[0].on or stay.start)}{role}", rows=(enough[0],))
    if in_time and far is None:
        return _Check(unsure="whether the director's approval was needed is not on file", rows=tuple(in_time))
    if unsaid := [d for d in in_time if d.by_role is None]:
        return _Check(unsure=f"no record of who approved it on {day(unsaid[0].on or stay.start)}", rows=tuple(in_time))
    if missing := uncovered(records, "decisions", look, stay.start, "placement approval"):
        return _Check(unsure=missing, rows=tuple(found))
    whose = "director of children's services" if far else "nominated officer"
    return _Check(lacks=_lacking(found, in_time, whose), rows=tuple(found))


def _lacking(found: list[Decision], in_time: list[Decision], whose: str) -> str:
    said = f"no record of approval by the {whose} before it began"
    if in_time:
        others = listed(str(d.by_role).replace("_", " ") for d in in_time)
        return f"{said}; approved by {others}"
    late = [d.on for d in found if d.on]
    return f"{said}; the first on record is of {day(min(late))}" if late else said


def _plain(role: str | None) -> str:
    return " ".join((role or "").casefold().replace("_", " ").replace("'", "").replace("’", "").split())


def _consulted(records: Records, stay: Stay, t: date, parameters: Parameters) -> _Check:
    """Whether the area authority was consulted, as a notice to it shows."""
    look = stay.start - timedelta(days=parameters.told_look_days)
    due = stay.start
    if stay.first.emergency is not False:
        due = add_working_days(stay.start, parameters.emergency_working_days)
    found: Notice | None = sent_to(records, AREA_AUTHORITY, stay, look)
    sent = found.sent_on if found else None
    rows = (found,) if found else ()
    if sent and sent <= due:
        return _Check(f"the area authority told on {day(sent)}", rows=rows)
    if due >= t and not sent:
        return _Check(f"there is time until {day(due)} to consult the area authority", rows=rows)
    if missing := uncovered(records, "notices", look, due, AREA_AUTHORITY):
        return _Check(unsure=missing, rows=rows)
    late = f"; told on {day(sent)}" if sent else ""
    return _Check(lacks=f"no record that the area authority was consulted by {day(due)}{late}", rows=rows)
