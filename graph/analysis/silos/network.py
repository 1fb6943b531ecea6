"""Silos: who knows something that the others do not.

Measured without the child, on who exchanged with whom (`graph.network`). An agency whose attendance no load
covers is named as one of which it cannot be said, and is never shown as cut off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import networkx as nx

from graph.analysis.shared import not_looked_after, since, uncovered
from graph.analysis.silos.common import (
    APART,
    agency_name,
    attendance_loaded,
    begun,
    involved_agencies,
    meeting_name,
    plan_name,
    said,
)
from graph.findings import Outcome, clear, not_assessable, raised, rule, subject_of
from graph.model import Attended, Involvement, Meeting, Plan, Record
from graph.network import (
    TOOK_PART,
    Affiliation,
    affiliation,
    agency_groups,
    alter_graph,
    components,
    cut_vertices,
    degree_centralisation,
    external_internal,
    fragmentation,
    fragmentation_rise,
    held_on,
    meetings_held,
    pair_densities,
    without,
)
from graph.parameters import Parameters
from graph.records import Records, attendance, covers, holds_on
from graph.words import counted, day, listed, opened

# --- who is cut off from whom ---


@rule(
    "silos.disconnected",
    kind="H",
    question="Which of these groups knows something that the others need, and who will bring them together?",
    citation="Working Together to Safeguard Children (2023), information sharing; components of the network of "
    "professionals without the child",
    parameters=("window_months", "active_days"),
    needs=("attended",),
)
def disconnected(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """Agencies work with the child with no record of exchange between them.

    Raised where the professionals fall into two or more groups that no exchange in the last 12 months joins, each
    with someone involved for 28 days or longer. Colleagues of one agency count as joined:
    they share its record. Interpreters and independent visitors are apart by design. No exchange on record at
    all is *not assessable*, never a silo.
    """
    graph = alter_graph(records, t, parameters.window_months)
    unseen = _unseen(records, graph, t, parameters)
    if missing := _nothing_to_go_by(graph, unseen, parameters):
        yield not_assessable(missing, not_assessable=_agencies(graph, unseen))
        return
    active = {n for n in graph if _active(graph, n, t) >= parameters.active_days and not _apart(records, n, t)}
    groups = [part & active for part in _joined_by_agency(graph)]
    shown = sorted(tuple(sorted(g)) for g in groups if g - unseen)
    measures: dict[str, Any] = {
        "groups": shown,
        "fragmentation": fragmentation(graph),
        "not_assessable": _agencies(graph, unseen),
        **_between_agencies(records, graph.subgraph([n for n in graph if n not in unseen])),
    }
    if len(shown) > 1:
        yield raised(
            f"In the {parameters.window_months} months to {day(t)} there is no record of exchange between: "
            f"{_groups(graph, shown)}.{_but(graph, unseen)}",
            of=_evidence(records, graph, {n for g in shown for n in g}, t),
            **measures,
        )
    elif outside := {n for g in groups if g and not g - unseen for n in g}:
        yield not_assessable(_attendance_of(_agencies(graph, outside)), **measures)
    else:
        yield clear(f"A record of exchange in the {parameters.window_months} months to {day(t)} joins everyone "
                    f"who has been involved for {parameters.active_days} days.", **measures)  # fmt: skip


@rule(
    "silos.single_point",
    kind="H",
    question="If this person were away for a month, who would still bring these people together?",
    citation="Cut vertices, and the rise of fragmentation when one is removed: Borgatti 2006, Identifying sets "
    "of key players in a social network",
    parameters=("window_months", "single_point_least"),
    fact=True,
    needs=("attended",),
)
def single_point(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """All exchange between some of the professionals goes through one of them.

    One finding each. A fact about how the work is arranged, not about the person. Those who have left are not
    counted, nor is a network of fewer than four. Shown with it, both within the people that the network joins:
    how many more of them could no longer reach each other without that person (the rise of fragmentation), and how
    far the network is built around one (Freeman's degree centralisation).
    """
    full = alter_graph(records, t, parameters.window_months)
    graph = full.subgraph([n for n in full if not full.nodes[n]["left"]])
    unseen = _unseen(records, graph, t, parameters)
    if missing := _nothing_to_go_by(graph, unseen, parameters):
        yield not_assessable(missing, not_assessable=_agencies(graph, unseen))
        return
    found = [p for p in _points(graph, parameters.single_point_least) if sum(bool(g - unseen) for g in p.parts) > 1]
    for point in found:
        yield _single_point(records, graph, point, unseen, parameters, t)
    if found:
        return
    if unseen:
        yield not_assessable(_attendance_of(_agencies(graph, unseen)))
    else:
        yield clear(
            f"No one of the {counted(_exchanging(graph), 'professional')} with a record of exchange in the "
            f"{parameters.window_months} months to {day(t)} holds the others together alone.",
            centralisation=degree_centralisation(graph),
        )


def _between_agencies(records: Records, graph: nx.Graph) -> dict[str, Any]:
    """Who exchanges with whom by agency, shown beside and never as an alarm.

    pairs: agencies two by two (or one with itself) with the ties there are and could be. e_i: the E-I index with
    its expected value, absent where there are too few ties or one agency.
    """
    groups = agency_groups(graph)
    pairs = [
        {"a": _group_name(records, p.a), "b": _group_name(records, p.b), "ties": p.ties, "possible": p.possible}
        for p in pair_densities(graph, groups)
    ]
    index = external_internal(graph, groups)
    e_i = {"observed": index.observed, "expected": index.expected, "ties": index.ties} if index else None
    return {"pairs": pairs, "e_i": e_i}


def _group_name(records: Records, group: str) -> str:
    return records.name(group) if records.get(group) else said(group)


@dataclass(frozen=True)
class _Point:
    """Someone through whom all exchange between parts of a network goes."""

    who: str
    network: nx.Graph
    parts: tuple[frozenset[str], ...]


def _points(graph: nx.Graph, least: int) -> list[_Point]:
    points = []
    for who in cut_vertices(graph):
        network = graph.subgraph(nx.node_connected_component(graph, who))
        parts = tuple(frozenset(part) for part in components(without(network, who)))
        if len(network) >= least:
            points.append(_Point(who, network, parts))
    return points


def _single_point(
    records: Records, graph: nx.Graph, point: _Point, unseen: set[str], parameters: Parameters, t: date
) -> Outcome:
    parts = [tuple(sorted(part)) for part in point.parts]
    n = len(point.network)
    return raised(
        f"In the {parameters.window_months} months to {day(t)} exchange on record goes only through "
        f"{_person(graph, point.who)} between: {_groups(graph, parts)}. This says how the work is arranged, "
        f"not how anyone does it.{_but(graph, unseen)}",
        subject=f"{graph.nodes[point.who]['kind']}:{point.who}",
        of=_evidence(records, graph, {point.who}, t),
        professionals=n,
        parts=parts,
        fragmentation_rise=fragmentation_rise(point.network, point.who),
        centralisation=degree_centralisation(point.network),
        not_assessable=_agencies(graph, unseen),
    )


def _nothing_to_go_by(graph: nx.Graph, unseen: set[str], parameters: Parameters) -> str:
    """What is missing where nothing can be said of exchange at all; empty where something can."""
    if len(graph) and unseen == set(graph):
        return _attendance_of(_agencies(graph, unseen))
    if not graph.number_of_edges():
        months = parameters.window_months
        return f"there is no record of any two professionals at the same meeting in {months} months"
    return ""


def _unseen(records: Records, graph: nx.Graph, t: date, parameters: Parameters) -> set[str]:
    """Those for whose agency no load covers attendance in the months to t (or since they came), or who have none."""
    first = since(records, t, parameters)
    return {
        n
        for n, at in graph.nodes(data=True)
        if at["agency_kind"] is None
        or not covers(records, "attended", max(first, at["active_since"] or first), t, at["agency_kind"])
    }


def _joined_by_agency(graph: nx.Graph) -> list[set[str]]:
    """Those joined by exchange or by working for one agency."""
    joined: nx.Graph = nx.Graph(graph)
    speaks_for = {n: Affiliation(at["agency_kind"], at["agency"]) for n, at in graph.nodes(data=True)}
    joined.add_edges_from((a, b) for a in graph for b in graph if a < b and speaks_for[a].same(speaks_for[b]))
    return [set(part) for part in components(joined)]


def _active(graph: nx.Graph, who: str, t: date) -> int:
    """Days someone has been involved on day t; -1 where they are not."""
    began = graph.nodes[who]["active_since"]
    return (t - began).days if began else -1


def _apart(records: Records, who: str, t: date) -> bool:
    """Whether someone is with the child only in roles that are kept apart from the agencies by design."""
    return all(i.role in APART for i in records.of(Involvement) if i.from_id == who and holds_on(i, t))


def _exchanging(graph: nx.Graph) -> int:
    return sum(1 for _, degree in graph.degree() if degree)


def _person(graph: nx.Graph, who: str) -> str:
    at = graph.nodes[who]
    # An agency recorded without a person is often named as its role is.
    same = at["label"].casefold() == at["role"].casefold()
    return at["label"] if same or not at["role"] else f"{at['label']} ({at['role']})"


def _groups(graph: nx.Graph, groups: Iterable[tuple[str, ...]]) -> str:
    return "; ".join(f"({i}) {_people(graph, group)}" for i, group in enumerate(groups, 1))


def _people(graph: nx.Graph, who: tuple[str, ...]) -> str:
    """Up to five by name; of a larger group three, and how many others."""
    named = who if len(who) <= 5 else who[:3]
    others = [f"{len(who) - len(named)} others"] if named != who else []
    return listed([*(_person(graph, n) for n in named), *others])


def _agencies(graph: nx.Graph, who: Iterable[str]) -> list[str]:
    """The kinds of agency of these people, each once."""
    return sorted({graph.nodes[n]["agency_kind"] or "agency not recorded" for n in who})


def _attendance_of(kinds: list[str]) -> str:
    return f"no load covers attendance at meetings by {listed(map(said, kinds))} in the whole of the period"


def _but(graph: nx.Graph, unseen: set[str]) -> str:
    kinds = listed(map(said, _agencies(graph, unseen)))
    return f" Attendance by {kinds} is not covered, so nothing is said of it." if kinds else ""


def _evidence(records: Records, graph: nx.Graph, who: set[str], t: date) -> list[Record]:
    """The involvements of these people and the meetings at which they exchanged."""
    involved = [i for i in records.of(Involvement) if i.from_id in who and holds_on(i, t)]
    met = {m for a, b, at in graph.edges(data=True) if a in who or b in who for m in at["meetings"]}
    return [*involved, *(m for m in records.of(Meeting) if m.id in met)]


# --- who was not there ---

ASKED_OF = ("review", "strategy discussion", "core group")
# Members of every strategy discussion (Working Together 2023); a clinician of CAMHS is one of health.
STRATEGY_MEMBERS = {
    "social care": frozenset({"social care"}),
    "police": frozenset({"police"}),
    "health": frozenset({"health", "camhs"}),
}
# The states of attendance, best first: what an agency's best is, counts.
STATES = ("present", "substitute", "sent report", "apologies", "not invited", "no record")


@rule(
    "silos.absent_agency",
    kind="G",
    question="What does the agency that was not there know, and how did the meeting come to hear it?",
    citation="Working Together to Safeguard Children (2023), strategy discussions and core groups; Care "
    "Planning, Placement and Case Review (England) Regulations 2010 (SI 2010/959), reviews",
    parameters=("window_months",),
    needs=("attended", *(f"meetings:{kind}" for kind in ASKED_OF)),
)
def absent_agency(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """An agency involved with the child neither attended a meeting nor sent a report to it.

    One finding for each review, strategy discussion or core group in the last 12 months. Apologies without a report
    are still absence. Of a strategy discussion social care, police and health are members whoever is involved.
    Foster carers, advocates, interpreters, independent visitors and family time supervisors speak for none here.
    """
    first = since(records, t, parameters)
    meetings = [m for m in meetings_held(records, *ASKED_OF) if first <= held_on(m) <= t]
    if not meetings:
        yield _no_meeting(records, first, t)
    elif not attendance_loaded(records, first, t):
        yield not_assessable(uncovered(records, "attended", first, t), of=meetings)
    else:
        yield from (_attendance(records, meeting) for meeting in meetings)


def _no_meeting(records: Records, first: date, t: date) -> Outcome:
    missing = [uncovered(records, "meetings", first, t, kind) for kind in ASKED_OF]
    if any(missing):
        return not_assessable("; ".join(m for m in missing if m))
    return clear(f"No {ASKED_OF[0]}, {ASKED_OF[1]} or {ASKED_OF[2]} is on record from {day(first)} to {day(t)}.")


@dataclass(frozen=True)
class _Expected:
    """An agency that a meeting could expect: what it did, and the records that say so."""

    name: str
    kinds: frozenset[str]
    state: str
    covered: bool
    records: tuple[Record, ...]
    member: str = ""  # the member of every strategy discussion that was missing with it

    @property
    def there(self) -> bool:
        return self.state in TOOK_PART


def _attendance(records: Records, meeting: Meeting) -> Outcome:
    expected = _expected(records, meeting)
    absent = [e for e in expected if not e.there and e.covered]
    unknown = [e for e in expected if not e.there and not e.covered]
    what = meeting_name(meeting)
    measures: dict[str, Any] = {
        "attendance": {e.name: e.state for e in expected if e.there or e.covered},
        "members_absent": _members(absent),
        "not_assessable": [e.name for e in unknown],
    }
    evidence = [meeting, *(r for e in expected for r in e.records)]
    subject = subject_of(meeting)
    if absent:
        rest = f" Of {listed(e.name for e in unknown)} it cannot be said." if unknown else ""
        return raised(f"{what}: {_absences(absent)}.{_say_members(absent)}{rest}", subject=subject,
                      of=evidence, question=_about_members(absent), **measures)  # fmt: skip
    if unknown:
        whose = listed(e.name for e in unknown)
        missing = f"no load covers attendance by {whose} at meetings on {day(held_on(meeting))}"
        return not_assessable(missing, subject=subject, of=[meeting], **measures)
    return clear(f"{what}: every agency involved attended or sent a report.", subject=subject, of=evidence,
                 **measures)  # fmt: skip


_SAYING = {
    "apologies": "apologies and no report from",
    "not invited": "not invited, and no report from",
    "no record": "no record of attendance or a report from",
}


def _absences(absent: list[_Expected]) -> str:
    by_state = {s: [e.name for e in absent if e.state == s] for s in STATES}
    return "; ".join(f"{_SAYING[s]} {listed(names)}" for s, names in by_state.items() if names)


def _members(absent: list[_Expected]) -> list[str]:
    return [m for m in STRATEGY_MEMBERS if any(e.member == m for e in absent)]


def _say_members(absent: list[_Expected]) -> str:
    names = _members(absent)
    one = "is a member" if len(names) == 1 else "are members"
    return f" {opened(listed(names))} {one} of every strategy discussion." if names else ""


def _about_members(absent: list[_Expected]) -> str | None:
    names = _members(absent)
    return f"How was it decided what to do without {listed(names)}?" if names else None


def _expected(records: Records, meeting: Meeting) -> list[_Expected]:
    """The agencies involved on the day and, for a strategy discussion, its members, each with what it did."""
    on = held_on(meeting)
    rows = [(affiliation(records, row.from_id, on, row), row) for row in attendance(records, meeting.id)]
    found = [_did(records, on, a, involved, rows) for a, involved in involved_agencies(records, on)]
    if meeting.kind == "strategy discussion":
        there = {whose.kind for whose, row in rows if row.how in TOOK_PART}
        for name, kinds in STRATEGY_MEMBERS.items():
            if not there & kinds:
                found = _without_member(records, on, found, name, kinds, rows)
    return found


_Rows = list[tuple[Affiliation, Attended]]


def _did(records: Records, on: date, agency: Affiliation, involved: list[Involvement], rows: _Rows) -> _Expected:
    own = [row for whose, row in rows if whose.same(agency)]
    kind = agency.kind or ""
    name = agency_name(records, agency)
    covered = covers(records, "attended", on, on, agency.kind)
    return _Expected(name, frozenset({kind}), _best(own), covered, (*involved, *own))


def _without_member(
    records: Records, on: date, found: list[_Expected], name: str, kinds: frozenset[str], rows: _Rows
) -> list[_Expected]:
    """The expected agencies, those of a missing member marked as it; the member itself where none is involved."""
    covered = covers(records, "attended", on, on, name)
    standing_in = [e for e in found if e.kinds & kinds and e.covered == covered]
    if standing_in:
        return [replace(e, member=name) if e in standing_in else e for e in found]
    own = [row for whose, row in rows if whose.kind in kinds]
    return [*found, _Expected(name, kinds, _best(own), covered, tuple(own), member=name)]


def _best(rows: Iterable[Attended]) -> str:
    states = {row.how for row in rows}
    return next((state for state in STATES if state in states), "no record")


# --- what a review did not look at ---

# What a review looks at (regulations 5 and 35, schedule 7). A family time plan is part of the care plan, and
# child protection plans have conferences of their own.
REVIEWED = ("care", "permanence", "placement", "health", "pep", "pathway", "safety")


@rule(
    "silos.plan_not_considered",
    kind="G",
    question="What has changed in this plan since a review last looked at it, and who can tell the review?",
    citation="SI 2010/959 regulations 5, 35 and schedule 7: the plans that make up the care plan, and what a "
    "review has regard to",
    parameters=("window_months",),
    needs=("looks_after", "meetings:review", *(f"plans:{kind}" for kind in REVIEWED)),
)
def plan_not_considered(records: Records, t: date, parameters: Parameters) -> Iterator[Outcome]:
    """A plan was in force at a review, with no record that the review considered it.

    One finding for each plan, for the reviews held in the last 12 months. Plans: care, permanence, placement,
    health, PEP, pathway, safety. A review that considered another version of the same plan considered it. A load
    that covers plans also says at which meetings they were considered.
    """
    first = since(records, t, parameters)
    reviews = [m for m in meetings_held(records, "review") if first <= held_on(m) <= t]
    if not reviews:
        yield _no_review(records, first, t, parameters)
        return
    at_reviews: dict[str, list[Meeting]] = {}
    for review in reviews:
        for plan in _in_force(records, held_on(review)):
            at_reviews.setdefault(plan.id, []).append(review)
    for plan_id, met in sorted(at_reviews.items()):
        yield _considered(records, plan_id, met, first, t)
    if at_reviews:
        return
    days = [held_on(m) for m in reviews]
    missing = [k for k in REVIEWED if not all(covers(records, "plans", on, on, k) for on in days)]
    if missing:
        yield not_assessable(f"no load covers plans ({listed(missing)}) on the days of the reviews", of=reviews)
    else:
        yield clear("No plan was in force at the reviews on record.", of=reviews)


def _no_review(records: Records, first: date, t: date, parameters: Parameters) -> Outcome:
    if outcome := not_looked_after(records, first, t):
        return outcome
    if missing := uncovered(records, "meetings", first, t, "review"):
        return not_assessable(missing)
    if not any(c.table == "plans" for c in records.coverage):
        return not_assessable("no load covers plans")
    return clear(f"No review is on record in the {parameters.window_months} months to {day(t)}.")


def _considered(records: Records, plan_id: str, reviews: list[Meeting], first: date, t: date) -> Outcome:
    plan = records.get(plan_id)
    assert isinstance(plan, Plan)
    seen_at = {m for p in records.of(Plan) if p.kind == plan.kind for m in p.considered_at}
    missed = [m for m in reviews if m.id not in seen_at]
    told = [m for m in missed if covers(records, "plans", held_on(m), held_on(m), plan.kind)]
    name = plan_name(plan)
    measures: dict[str, Any] = {
        "reviews": len(reviews),
        "considered": len(reviews) - len(missed),
        "not_considered": len(told),
    }
    subject = subject_of(plan)
    if told:
        days = listed(day(held_on(m)) for m in told)
        word = "review" if len(told) == 1 else "reviews"
        return raised(f"{name} was in force at the {word} of {days}, with no record that it was considered.",
                      subject=subject, of=[plan, *told], **measures)  # fmt: skip
    if missed:
        days = listed(day(held_on(m)) for m in missed)
        return not_assessable(f"no load covers {plan.kind} plans, and what considered them, on {days}",
                              subject=subject, of=[plan, *missed], **measures)  # fmt: skip
    if missing := uncovered(records, "meetings", first, t, "review"):
        return not_assessable(missing, subject=subject, of=[plan], **measures)
    return clear(f"{name} was considered at every review it was in force at.", subject=subject,
                 of=[plan, *reviews], **measures)  # fmt: skip


def _in_force(records: Records, on: date) -> list[Plan]:
    """The plans that a review on this day could look at: of each kind the latest begun before the day."""
    latest: dict[str, Plan] = {}
    for plan in sorted(records.of(Plan), key=lambda p: (begun(p), p.end or date.max, p.id)):
        if plan.kind in REVIEWED and begun(plan) < on:
            latest[plan.kind or ""] = plan
    return [p for p in latest.values() if p.end is None or on < p.end]
