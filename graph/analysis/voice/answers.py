"""Recommendations: what reviews asked for, again and again, and whether it began."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from graph.analysis.shared import not_looked_after, since, uncovered
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Agency, Alert, Involvement, Node, Recommendation, Record, Referral
from graph.network import held_on, meetings_held
from graph.parameters import Parameters
from graph.records import Records, holds_on
from graph.reference import roles
from graph.words import counted, day, listed, opened


@rule(
    "voice.recommendation_open",
    kind="H",
    question="Who was asked to do this, what stands in the way, and who above them has been told?",
    citation="The account of child B (the reviewing officer asked for therapy and education at review after review); "
    "SI 2010/959 regulation 45 (the reviewing officer's duty); how many reviews is a house rule",
    parameters=("recommendation_reviews", "window_months"),
    needs=("recommendations", "involved_with", "alerts"),
)
def recommendation_open(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """The same recommendation was made at two or more reviews, with no service begun and no escalation on record.

    The same: for the same service or, where none is named, about the same thing. It was last made in the last 12
    months, and first on any day before. Answered by: a day on which it was done; an involvement or a first contact
    with that service since, known by the name of its role, service, need or agency; a reviewing officer's challenge
    or a dispute raised since; any alert escalated since (alerts do not say which recommendation they are about).
    """
    first = since(records, t, parameters)
    if outcome := not_looked_after(records, first, t):
        yield outcome
        return
    groups = [g for g in _alike(records) if g[-1].made_on and g[-1].made_on >= first]
    for group in groups:
        yield _recommended(records, group, parameters, t)
    if short := uncovered(records, "recommendations", first, t):
        yield not_assessable(short)
    elif not groups:
        yield clear(f"No recommendation is on record from {day(first)} to {day(t)}.")


def _alike(records: Records) -> list[list[Recommendation]]:
    """Recommendations for the same thing, each group in the order in which they were made."""
    groups: dict[str, list[Recommendation]] = {}
    for one in records.of(Recommendation):
        if records.child.id in one.about and one.made_on:
            groups.setdefault(_plain(one.service or one.about_what), []).append(one)
    return list(groups.values())


def _plain(text: str | None) -> str:
    return " ".join((text or "").replace("_", " ").casefold().split())


def _recommended(records: Records, group: Sequence[Recommendation], parameters: Parameters, t: date) -> Outcome:
    reviews = _reviews_of(records, group)
    subject, began = subject_of(group[0]), group[0].made_on or t
    wanted = group[0].service or group[0].about_what or ""
    said = f"{opened(wanted)} was recommended at {counted(len(reviews), 'review')} ({listed(day(d) for d in reviews)})"
    measures: dict[str, Any] = {"reviews": len(reviews), "since": began, "days_open": (t - began).days}
    if len(reviews) < parameters.recommendation_reviews:
        return clear(f"{said}.", subject=subject, of=group, **measures)
    if answer := _answered(records, group, wanted, began, t):
        return clear(f"{said}; {answer[0]}.", subject=subject, of=[*group, answer[1]], **measures)
    role = _role(wanted)
    short = uncovered(records, "involved_with", began, t, role) or uncovered(records, "alerts", began, t)
    if short:
        return not_assessable(short, subject=subject, of=group, **measures)
    return raised(f"{said}, with no record that it began and of no escalation up to {day(t)}.",
                  subject=subject, of=group, **measures)  # fmt: skip


def _reviews_of(records: Records, group: Sequence[Recommendation]) -> list[date]:
    """The days of the reviews that made a recommendation: those it names, else one held on its day."""
    held = {m.id: held_on(m) for m in meetings_held(records, "review")}
    named = {held[i] for one in group for i in one.made_at if i in held}
    dated = {one.made_on for one in group if one.made_on and not one.made_at}
    return sorted(named | (dated & set(held.values())))


def _answered(
    records: Records, group: Sequence[Recommendation], wanted: str, began: date, t: date
) -> tuple[str, Record] | None:
    """What answers a recommendation, in words, and its record; None where nothing on record does."""
    if done := next((one for one in group if one.done_on), None):
        return f"it was done on {day(done.done_on or t)}", done
    for i in records.of(Involvement):
        if _gives(records, i, wanted) and ((i.start or date.min) >= began or holds_on(i, t)):
            return f"{records.name(i.from_id)} has been involved since {day(i.start or began)}", i
    for r in records.of(Referral):
        if r.first_contact and r.first_contact >= began and _asks(records, r, wanted):
            return f"the first contact was on {day(r.first_contact)}", r
    for alert in records.of(Alert):
        if alert.escalated_on and alert.escalated_on >= began:
            return f"an alert was escalated on {day(alert.escalated_on)}", alert
        if alert.kind != "concern" and alert.raised and alert.raised >= began:
            return f"it or another matter was challenged on {day(alert.raised)}", alert
    return None


def _gives(records: Records, i: Involvement, wanted: str) -> bool:
    names = (i.role, roles.label(i.role), i.local_role, i.service, i.need, *_names(records.get(i.agency)),
             *_names(records.get(i.from_id)))  # fmt: skip
    return _plain(wanted) in {_plain(name) for name in names if name}


def _asks(records: Records, r: Referral, wanted: str) -> bool:
    names = (r.need, *(name for i in r.to for name in _names(records.get(i))))
    return _plain(wanted) in {_plain(name) for name in names if name}


def _names(node: Node | None) -> tuple[str | None, ...]:
    return (node.kind, node.name, node.service) if isinstance(node, Agency) else ()


def _role(wanted: str) -> str | None:
    """The role whose involvements would show a service; None where it is none of the list."""
    return next((r.role for r in roles.roles().values() if _plain(wanted) in (_plain(r.role), _plain(r.label))), None)
