"""Area: what a boundary cost."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from typing import Any

from graph import reference
from graph.analysis.shared import (
    area_name,
    beside_moves,
    home,
    not_looked_after,
    recent_moves,
    since,
    uncovered,
)
from graph.findings import Outcome, clear, not_applicable, not_assessable, raised, rule, subject_of
from graph.model import InArea, LooksAfter, PlacedAt, Record
from graph.parameters import Parameters
from graph.records import Records, Stay, area_of, holds_on, stay_at
from graph.reference import codes, roles
from graph.services import Fate, Help, Service, fate, services, until
from graph.words import counted, day, days, listed, opened

# --- where the child lives: three facts, never one -------------------------------------------------------

# The day on which SI 2013/3239 put “at a distance” into the regulations.
AT_A_DISTANCE_SINCE = date(2014, 1, 27)


@rule(
    "area.outside_authority",
    kind="S",
    fact=True,
    question="What does the child get from the area they live in, and who there knows of them?",
    citation="Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959), regulation 2 (area "
    "authority) and regulation 11(1)(a).",
    needs=("looks_after", "placed_at"),
)
def outside_authority(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The child lives outside the area of the authority that looks after them."""
    yield _of_placement(records, t, _outside)


@rule(
    "area.at_a_distance",
    kind="S",
    fact=True,
    question="Who in the responsible authority has been to the area, and what was agreed with the authority there?",
    citation="Care Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959), regulation 11(5), "
    "put in by SI 2013/3239 from 27 January 2014.",
    needs=("looks_after", "placed_at"),
)
def at_a_distance(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The child lives neither in the responsible authority nor in one that adjoins it.

    Miles are no part of it. Authorities that meet only across an estuary or the sea are not counted as adjoining.
    """
    yield _of_placement(records, t, _at_a_distance)


@rule(
    "area.over_20_miles",
    kind="D",
    fact=True,
    question="Who comes to see the child so far from home, and who pays for the journey?",
    citation="DfE, children looked-after return (SSDA903): PL_DISTANCE, the straight line between the postcodes of "
    "home and placement in miles; published as 20 miles or less, or over 20.",
    parameters=("far_miles",),
    needs=("looks_after", "placed_at"),
)
def over_20_miles(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The child lives more than 20 miles, in a straight line, from home."""
    yield _of_placement(records, t, lambda seen, stay, _: _far(seen, stay, parameters.far_miles))


def _of_placement(records: Records, t: date, say: Callable[[Records, Stay, date], Outcome]) -> Outcome:
    """What is said of the placement on day t; the reason where there is none to speak of."""
    if outcome := not_looked_after(records, t, t):
        return outcome
    if missing := uncovered(records, "placed_at", t, t):
        return not_assessable(missing)
    stay = stay_at(records, t)
    return say(records, stay, t) if stay else not_assessable(f"no placement is on record on {day(t)}")


def _outside(records: Records, stay: Stay, t: date) -> Outcome:
    subject, of = subject_of(stay.first), _located(records, stay, t)
    area, own = _authorities(records, stay, t)
    if area is None:
        return not_assessable(_no_area(records, stay), subject=subject, of=of)
    if area == own:
        said = f"{opened(home(records, stay))} is in {area_name(records, area)}, the child's own authority."
        return clear(said, subject=subject, of=of)
    said = f"{opened(home(records, stay))} is in {area_name(records, area)}, outside {area_name(records, own)}."
    return raised(said, subject=subject, of=of)


def _at_a_distance(records: Records, stay: Stay, t: date) -> Outcome:
    subject, of = subject_of(stay.first), _located(records, stay, t)
    if t < AT_A_DISTANCE_SINCE:
        return not_applicable(f"the regulations know placements at a distance from {day(AT_A_DISTANCE_SINCE)} on")
    area, own = _authorities(records, stay, t)
    if area is None:
        return not_assessable(_no_area(records, stay), subject=subject, of=of)
    there, here = area_name(records, area), area_name(records, own)
    if unknown := [code for code in (area, own) if code not in reference.authorities()]:
        return not_assessable(f"which authorities adjoin {listed(unknown)} is not on file", subject=subject, of=of)
    if area in reference.bordering_nations(own):
        return not_assessable(f"which councils of {there} adjoin {here} is not on file", subject=subject, of=of)
    if area == own:
        return clear(f"{opened(home(records, stay))} is in {there}, the child's own authority.", subject=subject, of=of)
    if reference.adjoins(own, area):
        return clear(f"{opened(home(records, stay))} is in {there}, which adjoins {here}.", subject=subject, of=of)
    water = " They meet only across water." if reference.adjoins(own, area, across_water=True) else ""
    said = f"{opened(home(records, stay))} is in {there}, which does not adjoin {here}.{water}"
    return raised(said, subject=subject, of=of)


def _far(records: Records, stay: Stay, limit: float) -> Outcome:
    subject = subject_of(stay.first)
    rows = [r for r in stay.rows if isinstance(r, PlacedAt) and r.to_id == stay.last.to_id and r.miles is not None]
    if not rows:
        why = f"no record of how far {home(records, stay)} is from home"
        return not_assessable(why, subject=subject, of=[stay.last])
    miles = rows[-1].miles or 0.0
    said = f"{opened(home(records, stay))} is {miles:g} miles from home in a straight line."
    return (raised if miles > limit else clear)(said, subject=subject, of=rows[-1:], miles=miles)


def _authorities(records: Records, stay: Stay, t: date) -> tuple[str | None, str]:
    """The authority lived in and the one that looks after the child, by their codes of today."""
    area = area_of(records, stay.last.to_id, t)
    care = _care_rows(records, t)
    own = care[-1].from_id if care else records.authority
    return area and (reference.upper_tier(area) or area), reference.upper_tier(own) or own


def _care_rows(records: Records, t: date) -> list[LooksAfter]:
    rows = records.of(LooksAfter)
    return [r for r in rows if holds_on(r, t) and r.legal_status not in codes.SHORT_BREAKS]


def _located(records: Records, stay: Stay, t: date) -> list[Record]:
    """The records that say where the home is and who looks after the child."""
    areas = [a for a in records.of(InArea) if a.from_id == stay.last.to_id and holds_on(a, t)]
    return [stay.last, *areas[-1:], *_care_rows(records, t)[-1:]]


def _no_area(records: Records, stay: Stay) -> str:
    return f"no record of the authority in whose area the home is: {home(records, stay)}"


# --- services that a move stopped ------------------------------------------------------------------------


@rule(
    "area.service_gap",
    kind="H",
    question="What stands in for it today, who has asked for it where the child now lives, and from what date?",
    citation="Promoting the education of looked-after and previously looked-after children (DfE, 2018): a school place "
    "within 20 school days of an emergency move. The days allowed for every other service are house rules.",
    parameters=(
        "stopped_days_before",
        "stopped_days_after",
        "allowance_school_school_days",
        "allowance_camhs_days",
        "allowance_gp_working_days",
        "allowance_exploitation_days",
        "allowance_other_days",
        "need_ended",
        "window_months",
    ),
    needs=(
        "looks_after",
        "placed_at",
        "attends|involved_with:school",
        "involved_with:camhs",
        "involved_with:gp",
        "involved_with:lac_nurse",
        "involved_with:health_visitor",
        "involved_with:school_nurse",
        "involved_with:paediatrician",
        "involved_with:psychologist",
        "involved_with:exploitation_worker",
        "involved_with:yot_worker",
        "involved_with:advocate",
        "involved_with:independent_visitor",
        "involved_with:voluntary",
    ),
)
def service_gap(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A service that was there at a move stopped around it and did not resume within the days allowed.

    One finding for each move and service: its subject is the first row of the new placement and the service,
    `PlacedAt:<id>:camhs`. Stopped: it ended from 14 days before the move to 28 days after it. Clear where the
    same person or agency goes on, where another takes over within the days allowed, or where the reason recorded
    for the end says that the need itself had ended. School days are working days outside August. Services that
    loads do not cover are named, once a move.
    """
    first = since(records, t, parameters)
    yield from beside_moves(records, first, t)
    for _, stay in recent_moves(records, first, t):
        yield from _services_at(records, stay, t, parameters)


def _services_at(records: Records, stay: Stay, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """What became of each service at one move."""
    subject, move = subject_of(stay.first), stay.start
    opens = move - timedelta(days=parameters.stopped_days_before)
    everything = services(records, parameters)
    found = [(s, became) for s in everything if (became := fate(records, s, move, t, parameters))]
    for service, became in found:
        yield _outcome(records, service, became, stay, t)
    if missing := dict.fromkeys(roles.label(s.role) for s in everything if until(records, s, opens, t) is None):
        said = f"no load covers {listed(missing)} (involved_with, attends) from {day(opens)} on"
        yield not_assessable(said, subject=subject, of=[stay.first])
    elif not found:
        yield clear(f"No service on record at the move of {day(move)}.", subject=subject, of=[stay.first])


def _outcome(records: Records, service: Service, became: Fate, stay: Stay, t: date) -> Outcome:
    """What is said of one service at one move."""
    subject = f"{subject_of(stay.first)}:{service.name}"
    later = [became.later] if became.later else []
    of = [stay.first, *(h.record for h in (*became.helps, *later))]
    if became.state == "not covered":
        missing = f"no load covers {service.label} from {day(became.until or t)} to {day(t)}"
        return not_assessable(f"{_stopped(records, service, became, stay)}, and {missing}", subject=subject, of=of)
    say = raised if became.state in ("gap", "never resumed") else clear
    numbers: dict[str, Any] = {"state": became.state, "gap": became.gap, "unit": service.unit}
    return say(
        _sentence(records, service, became, stay, t), subject=subject, of=of, allowance=service.allowance, **numbers
    )


def _sentence(records: Records, service: Service, became: Fate, stay: Stay, t: date) -> str:
    """What became of a service, in one sentence."""
    if became.state == "continued" and not became.later:
        who = listed(dict.fromkeys(_who(records, service, h) for h in became.helps))
        return f"Continued: {who} went on through the move of {day(stay.start)}."
    stopped, n = _stopped(records, service, became, stay), _count(became.gap, service)
    how = ", counted as working days outside August" if service.unit == "school days" else ""
    allowed = f"{_count(service.allowance, service)} allowed{how}"
    if became.state == "ended with a reason":
        reason = became.helps[0].reason
        return f"Ended with a reason: {stopped}; {f'“{reason}”' if reason else 'compulsory school age was over'}."
    if became.later:
        back = f"{stopped}; {_who(records, service, became.later)} began on {day(became.later.start)}"
        if became.state == "gap":
            return f"{opened(back)}: a gap of {n} ({allowed})."
        return f"{opened(became.state)}: {back}, {n} later ({allowed})."
    if became.state == "waiting":
        return f"{opened(stopped)}; no record yet that it resumed: {n} so far ({allowed})."
    last = t if became.until is None or became.until >= t else became.until - timedelta(days=1)
    reach = "so far" if last == t else f"to {day(last)}, the last day loads cover"
    return f"{opened(stopped)}; no record that it resumed: {n} {reach} ({allowed})."


def _who(records: Records, service: Service, help: Help) -> str:
    """The service with who gave it: CAMHS (Dr Moss)."""
    name = records.name(help.who)
    return service.label if name.casefold() == service.label.casefold() else f"{service.label} ({name})"


def _stopped(records: Records, service: Service, became: Fate, stay: Stay) -> str:
    """Which service stopped when, beside which move."""
    ended = became.helps[0]
    end = ended.end or stay.start
    n = (end - stay.start).days
    when = f"{days(abs(n))} {'after' if n > 0 else 'before'}" if n else "the day of"
    return f"{_who(records, service, ended)} stopped on {day(end)}, {when} the move of {day(stay.start)}"


def _count(n: int, service: Service) -> str:
    return counted(n, service.unit.removesuffix("s"))
