"""Rehearsal: what a move to another authority's area would cut, ask for and leave open, before it is made.

It reads and decides nothing. Each line names the records it stands on; where nothing is recorded it says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from graph import reference
from graph.analysis.area.recipients import (
    AREA_AUTHORITY,
    CARER,
    CHILD,
    COMMISSIONER,
    CONTACT,
    EDUCATION,
    GP,
    IRO,
    PARENT,
    RECIPIENTS,
    commissioner,
)
from graph.analysis.shared import area_name, home
from graph.change import last_review
from graph.findings import Evidence, evidence
from graph.model import (
    Agency,
    Attends,
    InArea,
    Involvement,
    Meeting,
    Record,
    RelatedTo,
    Serves,
    Trusts,
    View,
)
from graph.network import affiliation
from graph.parameters import DEFAULTS, Parameters
from graph.records import Records, area_of, as_at, holds_on, in_care, involvements, moves, stay_at
from graph.reference import roles
from graph.services import services
from graph.store import Store
from graph.team import CHANGE_WITH_THE_HOME
from graph.words import counted, day, listed

Part = Literal["tie", "tell", "approve", "before the present placement ends", "service", "bridge"]


@dataclass(frozen=True)
class Line:
    """One thing to know before a move. who: a role and a name, a recipient or an office. by: until when."""

    part: Part
    who: str
    says: str
    by: str = ""
    records: tuple[Evidence, ...] = ()


@dataclass(frozen=True)
class Rehearsal:
    """What a move of a child to an authority's area would mean as at a day."""

    child: str
    t: date
    now: str | None  # ONS code of the area lived in
    to: str
    lines: tuple[Line, ...]

    def of(self, part: Part) -> tuple[Line, ...]:
        """The lines of one part."""
        return tuple(line for line in self.lines if line.part == part)


def rehearse(
    records: Records, to: str, t: date, there: Sequence[Agency] = (), parameters: Parameters = DEFAULTS
) -> Rehearsal:
    """What a move to an authority's area would cut, whom it would ask, and who could bridge.

    to: ONS code. there: the agencies on record that serve that area or lie in it (`store.agencies_in`).
    Sources: regulations 11 to 14 of SI 2010/959 (approval, notice, the review before a placement is ended).
    """
    seen = as_at(records, t)
    stay = stay_at(seen, t)
    now = area_of(seen, stay.last.to_id, t) if stay else None
    team = [i for i in involvements(seen) if holds_on(i, t)]
    asked = [*_tell(seen, to, t), *_approve(seen, to, t), *_before_the_end(seen, t)] if in_care(seen, t) else []
    lines = [
        *_ties(seen, team, now, to, t),
        *asked,  # regulations 11 to 14 are about children who are looked after
        *_services(seen, to, t, there, parameters),
        *_bridges(seen, team, to, t),
    ]
    return Rehearsal(records.child.id, t, now, to, tuple(lines))


def agencies_in(store: Store, code: str, t: date) -> list[Agency]:
    """The agencies on record that serve an authority's area, or lie in it, on a day."""
    cypher = (
        "MATCH (a:Agency)-[r:SERVES|IN_AREA]->(:LocalAuthority {code: $code}) "
        "WHERE coalesce(r.start, $t) <= $t AND (r.end IS NULL OR $t < r.end) "
        "RETURN DISTINCT a.id AS id, a.kind AS kind, a.name AS name ORDER BY name, id"
    )
    return [Agency(id=r["id"], kind=r["kind"], name=r["name"]) for r in store.read(cypher, {"code": code, "t": t})]


# --- who works with the child ---

STAYS_RESPONSIBLE = frozenset({"social_worker", "team_manager", "iro", "virtual_school", "personal_adviser"})


def _ties(seen: Records, team: Sequence[Involvement], now: str | None, to: str, t: date) -> Iterator[Line]:
    """Each professional, and on which side of the boundary they would be."""
    there = area_name(seen, to)
    for tie in team:
        areas = areas_of(seen, tie, t)
        names = listed(sorted(area_name(seen, a) for a in areas))
        if tie.role in CHANGE_WITH_THE_HOME:
            says = "changes with the home or the school"
        elif not areas:
            says = f"no record of which area they work in: ask whether they would go on in {there}"
        elif to in areas:
            says = f"works in {there}: can go on"
        elif tie.role in STAYS_RESPONSIBLE:
            says = f"stays responsible, from {names}: every visit and meeting would cross a boundary"
        else:
            says = f"works in {names}: the tie would cross a boundary into {there}"
        yield Line("tie", _who(seen, tie), says, records=evidence(tie))


def _who(seen: Records, tie: Involvement) -> str:
    return f"{roles.label(tie.role)}: {seen.name(tie.from_id)}"


def areas_of(seen: Records, tie: Involvement, t: date) -> frozenset[str]:
    """ONS codes of the areas that the agency of an involvement serves or lies in on a day; empty where not said."""
    agency = affiliation(seen, tie.from_id, t).agency if tie.agency is None else tie.agency
    served = [s.to_id for s in seen.of(Serves) if s.from_id == agency and _holds(s, t)]
    lies = [a.to_id for a in seen.of(InArea) if a.from_id == agency and holds_on(a, t)]
    return frozenset(reference.upper_tier(a) or a for a in (*served, *lies))


def _holds(record: Serves | RelatedTo, t: date) -> bool:
    return (record.start or date.min) <= t and (record.end is None or t < record.end)


# --- what the regulations ask ---


def _own(seen: Records, t: date) -> str:
    """The authority that is responsible for the child on a day."""
    care = in_care(seen, t)
    own = care.rows[-1].from_id if care else seen.authority
    return reference.upper_tier(own) or own


def _approve(seen: Records, to: str, t: date) -> Iterator[Line]:
    """Whose approval regulation 11 asks for: by where the area is, seen from the authority that is responsible."""
    own = _own(seen, t)
    here, there = area_name(seen, own), area_name(seen, to)
    exempt = "not asked for with a connected person or a foster carer whom the authority itself approved"
    before = "before the placement"
    if to == own:
        yield Line(
            "approve", "nominated officer", f"not asked for: {there} is the responsible authority (regulation 11)"
        )
    elif to in reference.bordering_nations(own):
        says = f"which councils of {there} adjoin {here} is not on file: ask whose approval it takes (regulation 11)"
        yield Line("approve", "nominated officer or director", says, before)
    elif reference.adjoins(own, to):
        says = f"{there} adjoins {here}: approval of a placement outside the area (regulation 11(1)(a)); {exempt}"
        yield Line("approve", "nominated officer", says, before)
    else:
        says = f"{there} does not adjoin {here}: approval of a placement at a distance (regulation 11(1)(b)); {exempt}"
        yield Line("approve", "director of children's services", says, before)
        says = "to be consulted, and given the care plan (regulation 11(2))"
        yield Line("approve", f"{there}, as area authority", says, before)


def _tell(seen: Records, to: str, t: date) -> Iterator[Line]:
    """Whom regulation 13 has told of a placement, and who that is on record."""
    by = "before the placement, or within 5 working days where it is made in an emergency"
    for one in RECIPIENTS.values():
        if one.code == AREA_AUTHORITY and to == _own(seen, t):
            continue
        known = [*_recipients(seen, one.code, to, t)]
        names = listed(dict.fromkeys(name for name, _ in known)) if known else "no record of who that is"
        note = "; may be left out where telling would put the child at risk of significant harm" if one.exempt else ""
        label = f"{commissioner(t)[4:]} of both areas" if one.code == COMMISSIONER else one.label.removeprefix("the ")
        yield Line("tell", label, f"{names}{note} (regulation {one.paragraph})", by, evidence(*(r for _, r in known)))


def _recipients(seen: Records, code: str, to: str, t: date) -> Iterator[tuple[str, Record | None]]:
    """The people on record who are this recipient, each with the record that says so."""
    related = [r for r in seen.of(RelatedTo) if r.to_id == seen.child.id and _holds(r, t)]
    held = [i for i in involvements(seen) if holds_on(i, t)]
    if code == CHILD:
        yield seen.name(seen.child.id), None
    elif code == AREA_AUTHORITY:
        yield area_name(seen, to), None
    elif code in (PARENT, CONTACT):
        chosen = [r for r in related if (r.parental_responsibility if code == PARENT else r.contact_order)]
        yield from ((f"{r.relation} ({seen.name(r.from_id)})", r) for r in chosen)
    elif code == CARER and (stay := stay_at(seen, t)):
        yield home(seen, stay), stay.last
    elif code == EDUCATION:
        rolls = [a for a in seen.of(Attends) if (a.start or date.min) <= t and (a.end is None or t < a.end)]
        yield from ((seen.name(a.to_id), a) for a in rolls)
    else:
        role = {GP: "gp", IRO: "iro"}.get(code)
        yield from ((seen.name(i.from_id), i) for i in held if i.role == role)


def _before_the_end(seen: Records, t: date) -> Iterator[Line]:
    """What regulation 14 asks before a placement is ended by the authority, and what is on record of it."""
    part: Part = "before the present placement ends"
    by = "before the end"
    held = last_review(seen, t)
    reviews = [m for m in seen.of(Meeting) if m.kind == "review" and m.on == held]
    on = f"the last review on record is of {day(held)}" if held else "no record of a review"
    says = f"a review before the placement is ended, but for the exceptions of regulation 14; {on}"
    yield Line(part, "reviewing officer", says, by, evidence(*reviews[:1]))
    views = [v for v in seen.of(View) if v.on and (held is None or v.on > held)]
    since = " since then" if held else ""
    says = f"{counted(len(views), 'view')} on record{since}" if views else f"no record of the child's views{since}"
    yield Line(part, "the child", says, by, evidence(*views))


# --- services and bridges ---


def _services(seen: Records, to: str, t: date, there: Sequence[Agency], parameters: Parameters) -> Iterator[Line]:
    """Each service that is there now, and whether the graph knows one of its kind in the new area."""
    area = area_name(seen, to)
    for service in services(seen, parameters):
        helps = [h for h in service.helps if h.start <= t and (h.end is None or t < h.end)]
        if not helps:
            continue
        kind = roles.roles()[service.role].agency_kind
        names = sorted(str(a.name) for a in there if a.kind == kind)
        agency = seen.get(helps[-1].agency)
        here = f"{seen.name(agency.id)} now" if agency else "now"
        says = f"{here}; in {area}: {listed(names[:3])}" if names else f"{here}; no {service.label} on record in {area}"
        by = f"{service.allowance} {service.unit} after the move"
        yield Line("service", service.label, says, by, evidence(*(h.record for h in helps)))


def _bridges(seen: Records, team: Sequence[Involvement], to: str, t: date) -> Iterator[Line]:
    """Who could hold both sides: people of the new area, those who stayed through the last move, whom she trusts."""
    last_move = max((after.start for _, after in moves(seen)), default=None)
    for tie in team:
        if tie.role in CHANGE_WITH_THE_HOME:
            continue
        why = []
        if to in areas_of(seen, tie, t):
            why.append(f"works in {area_name(seen, to)} already")
        if last_move and tie.start and tie.start < last_move:
            why.append(f"was there before the move of {day(last_move)} and stayed")
        if why:
            yield Line("bridge", _who(seen, tie), " and ".join(why), records=evidence(tie))
    for trust in seen.of(Trusts):
        if trust.from_id == seen.child.id:
            on = f" on {day(trust.said_on)}" if trust.said_on else ""
            yield Line(
                "bridge", seen.name(trust.to_id), f"the child named them as trusted{on}", records=evidence(trust)
            )
