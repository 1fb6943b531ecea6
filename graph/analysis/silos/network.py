"""Silos: who knows something that the others do not.

Measured without the child, on who exchanged with whom (`graph.network`). An agency whose attendance no load
covers is named as one of which it cannot be said, and is never shown as cut off.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import networkx as nx

from graph.analysis.shared import since
from graph.analysis.silos.common import (
    APART,
    said,
)
from graph.findings import Outcome, clear, not_assessable, raised, rule
from graph.model import Involvement, Meeting, Record
from graph.network import (
    Affiliation,
    agency_groups,
    alter_graph,
    components,
    cut_vertices,
    degree_centralisation,
    external_internal,
    fragmentation,
    fragmentation_rise,
    pair_densities,
    without,
)
from graph.parameters import Parameters
from graph.records import Records, covers, holds_on
from graph.words import counted, day, listed


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
