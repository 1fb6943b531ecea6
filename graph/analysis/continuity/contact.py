"""Continuity: roles that are held in name."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from graph.analysis.continuity.stability import outside_social_work
from graph.analysis.shared import is_identified, since, uncovered, with_role
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Assessment, Attended, Involvement, Meeting, Record, View
from graph.network import TOOK_PART
from graph.parameters import Parameters
from graph.records import Records, holds_on, involvements, unbroken
from graph.reference import roles
from graph.words import day, days

# Their work is not contact about this child that anyone would write down: those of the home live with the child,
# managers manage, interpreters are there for others.
NO_CONTACT_EXPECTED = frozenset({"team_manager", "interpreter", "school"}) | {
    r.role for r in roles.roles().values() if r.group == "Home"
}


@rule(
    "continuity.nominal_tie",
    kind="L",
    question="Does the child know who this is, and what would they do together if they met?",
    citation="Local practice: a personal adviser is in touch every six to eight weeks. That every role is looked at "
    "is a house rule.",
    parameters=("nominal_weeks", "window_months"),
    needs=("meetings", "attended", "involved_with:*"),
)
def nominal_tie(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """Someone has held a role for eight weeks or more with no contact on record, while others' contacts are.

    Looked at are those who hold a role on the day and who are named, since they began or in the last 12 months. A
    contact is any meeting, visit, call or assessment in which they took part or to which they sent a report, or a
    view of the child that they heard. Carers, the home's own staff and managers are left out.
    """
    first = since(records, t, parameters)
    held = [
        i for i in involvements(records)
        if holds_on(i, t) and i.role not in NO_CONTACT_EXPECTED and is_identified(records, i.from_id)
    ]  # fmt: skip
    if not held:
        yield outside_social_work(records, first, t) or _nobody(records, first, t)
        return
    contacts = _contacts(records)
    for i in held:
        yield _tie(records, i, contacts, first, t, parameters)


def _nobody(records: Records, first: date, t: date) -> Outcome:
    if missing := uncovered(records, "involved_with", first, t):
        return not_assessable(missing)
    return clear(f"No one holds a role by name on {day(t)}.")


Contacts = Mapping[str, list[tuple[date, Record]]]


def _contacts(records: Records) -> Contacts:
    """By person, the days and records of their contacts about this child."""
    found: dict[str, list[tuple[date, Record]]] = {}
    for row in records.of(Attended):
        at = records.get(row.to_id)
        if row.how in TOOK_PART and isinstance(at, Meeting | Assessment) and at.on and records.child.id in at.about:
            if getattr(at, "status", None) != "cancelled":
                found.setdefault(row.from_id, []).append((at.on, at))
    for view in records.of(View):
        if view.on and records.child.id in view.about:
            for who in view.heard_by:
                found.setdefault(who, []).append((view.on, view))
    return found


def _tie(records: Records, i: Involvement, contacts: Contacts, first: date, t: date, parameters: Parameters) -> Outcome:
    subject, began = subject_of(i), unbroken(records, i).start
    start = max(began, first)
    who, held = with_role(records, i.from_id, i.role), days((t - start).days)
    own = [(on, record) for on, record in contacts.get(i.from_id, ()) if start <= on <= t]
    if own:
        on, record = max(own, key=lambda each: (each[0], each[1].id))
        said = f"The last contact of {who} on record was on {day(on)}."
        return clear(said, subject=subject, of=[i, record], contacts=len(own), last_contact=on)
    if (t - start).days < parameters.nominal_weeks * 7:
        return clear(f"{who} has held the role for {held}; no contact on record yet.", subject=subject, of=[i])
    role = roles.roles().get(i.role or "")
    kind = role.agency_kind if role else None
    missing = [uncovered(records, "meetings", start, t), uncovered(records, "attended", start, t, kind)]
    if any(missing):
        return not_assessable("; ".join(filter(None, missing)), subject=subject, of=[i])
    others = sum(start <= on <= t for person, of in contacts.items() if person != i.from_id for on, _ in of)
    if not others:
        return not_assessable(f"no contact of anyone is on record since {day(start)}", subject=subject, of=[i])
    last = max((on for on, _ in contacts.get(i.from_id, ()) if on < start), default=None)
    earlier = f" The last before was on {day(last)}." if last else ""
    since_ = "since then" if began == start else f"since {day(start)}"
    said = f"{who} holds the role since {day(began)}, with no contact on record {since_}.{earlier}"
    more = f" {others} contacts of others are on record." if others > 1 else " One contact of another is on record."
    return raised(f"{said}{more}", subject=subject, of=[i], days_held=(t - start).days, contacts_of_others=others)
