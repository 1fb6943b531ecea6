"""Area: professionals on two sides of a boundary, and authorities one after another."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import combinations
from typing import Any

from graph import reference
from graph.analysis.shared import area_name, home, not_looked_after, uncovered, with_role
from graph.calendars import first_of_months, school_age
from graph.findings import Outcome, clear, not_applicable, not_assessable, raised, rule
from graph.model import MEETING_KINDS, Attends, InArea, Involvement, Record, Serves
from graph.network import NO_EXCHANGE, TOOK_PART, affiliation, held_on, involved_since, meetings_held
from graph.parameters import Parameters
from graph.records import Records, area_of, attendance, covers, during, holds_on, involvements, stays
from graph.reference import roles
from graph.words import counted, day, days, listed

EXCHANGES = tuple(kind for kind in MEETING_KINDS if kind not in NO_EXCHANGE)

# --- two sides of a boundary -----------------------------------------------------------------------------


@rule(
    "area.cross_border_silence",
    kind="H",
    question="Who on each side should speak to whom, and what does one side know that the other plans without?",
    citation="House rule. Practice reviews of children who moved between authorities describe little communication "
    "between the two.",
    parameters=("silence_days",),
    needs=("involved_with:*", "meetings", "attended"),
)
def cross_border_silence(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """Professionals of two authorities' areas have worked with the child for 90 days with no exchange between them.

    One finding for each pair of areas, its subject the authority that is not the child's own (or both of the pair,
    where neither is). A professional is of the areas that their agency serves or lies in on the day; one whose
    agency serves both joins them. An exchange is any meeting, visit or call about the child in the last 90 days in
    which someone of each side took part or to which they sent a report. Carers are left out.
    """
    first = t - timedelta(days=parameters.silence_days)
    sides, unknown = _sides(records, first, t)
    order = sorted(sides, key=lambda area: (area != _own(records), area))
    pairs = list(combinations(order, 2))
    for a, b in pairs:
        yield _pair(records, sides, a, b, first, t)
    if not pairs:
        yield _one_side(records, sides, unknown, first, t)


@dataclass(frozen=True)
class _There:
    """An involvement, and the record that says of which area its agency is."""

    involvement: Involvement
    located: Serves | InArea


Sides = Mapping[str, list[_There]]


def _sides(records: Records, first: date, t: date) -> tuple[Sides, list[Involvement]]:
    """The professionals there all the while by the area they are of, and those whose area no record says."""
    sides: dict[str, list[_There]] = {}
    unknown = []
    for i in involvements(records):
        since = involved_since(records, i.from_id, t)
        if i.role == "foster_carer" or not holds_on(i, t) or since is None or since > first:
            continue
        located = _located(records, i.agency or affiliation(records, i.from_id, t).agency, t)
        unknown += [] if located else [i]
        for row in located:
            sides.setdefault(_area(row), []).append(_There(i, row))
    return sides, unknown


def _located(records: Records, agency: str | None, t: date) -> list[Serves | InArea]:
    """The records that say of which areas an agency is on a day."""
    rows: list[Serves | InArea] = [s for s in records.of(Serves) if s.from_id == agency]
    rows += [a for a in records.of(InArea) if a.from_id == agency]
    return [r for r in rows if (r.start or date.min) <= t and (r.end is None or t < r.end)]


def _areas(records: Records, agency: str | None, t: date) -> set[str]:
    return {_area(row) for row in _located(records, agency, t)}


def _area(row: Serves | InArea) -> str:
    return reference.upper_tier(row.to_id) or row.to_id


def _pair(records: Records, sides: Sides, a: str, b: str, first: date, t: date) -> Outcome:
    here, there = (_people(sides[area]) for area in (a, b))
    subject = f"LocalAuthority:{b}" if a == _own(records) else f"LocalAuthority:{a}:{b}"
    of: list[Record] = [r for area in (a, b) for each in sides[area] for r in (each.involvement, each.located)]
    names = f"{area_name(records, a)} and {area_name(records, b)}"
    if both := sorted(here & there, key=records.name):
        verb = "work" if len(both) > 1 else "works"
        return clear(f"{listed(map(records.name, both))} {verb} in both {names}.", subject=subject, of=of)
    if met := _met(records, a, b, first, t):
        last, row = met
        said = f"The last exchange between professionals of {names} on record was on {day(last)}."
        return clear(said, subject=subject, of=[*of, row], last_exchange=last)
    kinds = sorted({kind for who in here | there if (kind := affiliation(records, who, t).kind)})
    missing = [uncovered(records, "meetings", first, t), *(uncovered(records, "attended", first, t, k) for k in kinds)]
    if any(missing):
        return not_assessable("; ".join(filter(None, missing)), subject=subject, of=of)
    n = days((t - first).days)
    said = f"No exchange on record between professionals of {names} in the {n} to {day(t)}"
    each = "; ".join(f"{area_name(records, area)}: {_who(records, sides[area])}" for area in (a, b))
    return raised(f"{said}. {each}.", subject=subject, of=of, areas=[a, b], professionals=[len(here), len(there)])


def _own(records: Records) -> str:
    return reference.upper_tier(records.authority) or records.authority


def _people(side: list[_There]) -> set[str]:
    return {each.involvement.from_id for each in side}


def _met(records: Records, a: str, b: str, first: date, t: date) -> tuple[date, Record] | None:
    """The latest exchange in which someone of each area took part, however long they have been there."""
    for meeting in reversed(meetings_held(records, *EXCHANGES)):
        on = held_on(meeting)
        if not first <= on <= t:
            continue
        took = [r for r in attendance(records, meeting.id) if r.how in TOOK_PART]
        areas = [_areas(records, r.agency or affiliation(records, r.from_id, on).agency, t) for r in took]
        if any(a in of for of in areas) and any(b in of for of in areas):
            return on, meeting
    return None


def _who(records: Records, side: list[_There]) -> str:
    return listed(dict.fromkeys(with_role(records, e.involvement.from_id, e.involvement.role) for e in side))


def _one_side(records: Records, sides: Sides, unknown: list[Involvement], first: date, t: date) -> Outcome:
    """What is said where the professionals on record are of one area, or of none that is known."""
    if unknown:
        who = listed(dict.fromkeys(roles.label(i.role) for i in unknown))
        return not_assessable(f"no record of the area that the agency of the {who} serves", of=unknown)
    others = [r for r in roles.roles() if r != "social_worker"]
    if not any(covers(records, "involved_with", t, t, r) for r in others):
        return not_assessable(f"no load covers professionals beside the social worker (involved_with) on {day(t)}")
    rows = [each.involvement for side in sides.values() for each in side]
    area = listed(area_name(records, a) for a in sides)
    where = f"are of one area: {area}" if area else "on record are none"
    return clear(f"The professionals who have been there since {day(first)} {where}.", of=rows)


# --- authority after authority ---------------------------------------------------------------------------


@rule(
    "area.provider_churn",
    kind="H",
    question="Which services had to be asked for anew each time, and which of them never came?",
    citation="House rule: a change of authority changes who provides health, school and police services.",
    parameters=("churn_authorities", "churn_months"),
    needs=("looks_after", "placed_at", "attends"),
)
def provider_churn(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """Three or more authorities lived in, or gone to school in, in 24 months, counted separately.

    Two findings, subjects `role:placement` and `role:school`. A boundary that was redrawn is no move.
    """
    first = max(first_of_months(t, parameters.churn_months), records.child.born or date.min)
    yield _lived_in(records, first, t, parameters)
    yield _schooled_in(records, first, t, parameters)


def _lived_in(records: Records, first: date, t: date, parameters: Parameters) -> Outcome:
    subject = "role:placement"
    if outcome := not_looked_after(records, first, t):
        return Outcome(outcome.status, outcome.sentence, subject, reason=outcome.reason)
    found = [s for s in stays(records) if during(s, first, t)]
    places = [(s.first.to_id, max(s.start, first), home(records, s), s.first) for s in found]
    missing = uncovered(records, "placed_at", first, t)
    return _counted(records, subject, "lived in", places, missing, first, t, parameters)


def _schooled_in(records: Records, first: date, t: date, parameters: Parameters) -> Outcome:
    subject, born = "role:school", records.child.born
    found = [a for a in records.of(Attends) if during(a, first, t)]
    if not found and born and (t < school_age(born)[0] or first >= school_age(born)[1]):
        return not_applicable("the child was not of compulsory school age in the months looked at", subject=subject)
    places = [(a.to_id, max(a.start or first, first), records.name(a.to_id), a) for a in found]
    missing = uncovered(records, "attends", first, t)
    return _counted(records, subject, "gone to school in", places, missing, first, t, parameters)


Place = tuple[str, date, str, Record]


def _counted(
    records: Records, subject: str, did: str, places: Sequence[Place], missing: str, first: date, t: date,
    parameters: Parameters,
) -> Outcome:  # fmt: skip
    """What is said of the authorities of some homes or schools."""
    areas = [(area_of(records, id, on), name, row) for id, on, name, row in places]
    known = list(dict.fromkeys(reference.upper_tier(a) or a for a, *_ in areas if a))
    unsaid = [name for a, name, _ in areas if a is None]
    ids = {id for id, *_ in places}
    of = [*(row for *_, row in areas), *(a for a in records.of(InArea) if a.from_id in ids)]
    names = listed(area_name(records, a) for a in known)
    span = f"from {day(first)} to {day(t)}"
    least = "At least " if missing or unsaid else ""
    said = f"{least}{counted(len(known), 'authority', 'authorities')} {did} {span}{f': {names}' if names else ''}."
    measures: dict[str, Any] = {"authorities": len(known), "places": len(ids)}
    if len(known) >= parameters.churn_authorities:
        return raised(said, subject=subject, of=of, **measures)
    if missing:
        return not_assessable(missing, subject=subject, of=of, **measures)
    if len(known) + len(set(unsaid)) >= parameters.churn_authorities:
        why = f"no record of the authority in whose area it is: {listed(dict.fromkeys(unsaid))}"
        return not_assessable(why, subject=subject, of=of, **measures)
    return clear(said, subject=subject, of=of, **measures)
