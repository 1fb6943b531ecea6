"""A child's records as NetworkX graphs: the ecomap around the child, and the alter graph without the child.

The records are those that stood on day t: whoever calls puts the mask on (`graph.records.as_at`), as the
registry of rules does. Rows come in no order, so nodes and edges are sorted before a graph is built.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import combinations, combinations_with_replacement
from typing import cast

import networkx as nx

from graph.calendars import add_months
from graph.model import (
    Agency,
    Alert,
    Attended,
    Attends,
    Involvement,
    LivesWith,
    Meeting,
    Professional,
    RelatedTo,
    SiblingOf,
    Trusts,
    WorksFor,
    label,
)
from graph.records import Records, holds_on, remembered, stays
from graph.reference.roles import label as role_label
from graph.reference.roles import roles

# Who took part in an exchange; apologies, "not invited" and "no record" join nobody.
TOOK_PART = frozenset({"present", "substitute", "sent report"})
# Time with the family is the child's own, not an exchange between professionals.
NO_EXCHANGE = frozenset({"family time"})


# --- who someone speaks for ---


@dataclass(frozen=True)
class Affiliation:
    """The agency someone speaks for: its kind, and its id where the record names it; None = not known."""

    kind: str | None = None
    agency: str | None = None

    def same(self, other: Affiliation) -> bool:
        """Whether the two are one agency, as far as the records tell: by id, else by kind."""
        if self.agency and other.agency:
            return self.agency == other.agency
        return self.kind is not None and self.kind == other.kind


def affiliation(records: Records, who: str, on: date, attended: Attended | None = None) -> Affiliation:
    """The agency a professional or agency spoke for on a day.

    In this order: what the attendance says, what the involvement says, WORKS_FOR, the kind the role implies.
    """
    node = records.get(who)
    if isinstance(node, Agency):
        return Affiliation(node.kind, node.id)
    involvement = _involvement(records, who, on)
    employer = next((w.to_id for w in records.of(WorksFor) if w.from_id == who and _worked(w, on)), None)
    named = (attended and attended.agency) or (involvement and involvement.agency) or employer
    agency = records.get(named)
    if isinstance(agency, Agency):
        return Affiliation(agency.kind, agency.id)
    role = roles().get((involvement and involvement.role) or "")
    return Affiliation(role.agency_kind if role else None)


def _worked(record: WorksFor, on: date) -> bool:
    return (record.start or date.min) <= on and (record.end is None or on < record.end)


def _involvement(records: Records, who: str, on: date) -> Involvement | None:
    """Their involvement that holds on a day, or the one nearest to saying who they are: the latest."""
    found = [i for i in records.of(Involvement) if i.from_id == who]
    return max(found, key=lambda i: (holds_on(i, on), i.start or date.min, i.id), default=None)


def involved_since(records: Records, who: str, t: date) -> date | None:
    """The first day of someone's unbroken involvement on day t, whatever the role; None where there is none."""
    spells = [i for i in records.of(Involvement) if i.from_id == who]
    since = min((i.start or date.min for i in spells if holds_on(i, t)), default=None)
    if since is None:
        return None
    for spell in sorted(spells, key=lambda i: i.start or date.min, reverse=True):
        start = spell.start or date.min
        if start < since and (spell.end is None or spell.end >= since):
            since = start
    return since


# --- exchange ---


@dataclass(frozen=True)
class Exchange:
    """Two professionals (or agencies recorded without a person) who took part in the same meetings.

    weight: Newman's, the sum over the meetings of 1/(k-1), k = those who took part (Newman 2001, scientific
    collaboration networks): a large meeting joins each two of its people less than a small one.
    """

    a: str
    b: str
    meetings: tuple[str, ...]
    dates: tuple[date, ...]
    weight: float

    @property
    def last(self) -> date:
        """The day of the latest."""
        return self.dates[-1]


def exchanges(records: Records, t: date, months: int = 12) -> tuple[Exchange, ...]:
    """Who exchanged with whom about this child in the months to t, each pair once (a < b), in order.

    An exchange joins two who were present, substituted or sent a report at the same meeting of any kind but
    family time, unless it was cancelled. The child and Persons are in none of them.
    """
    pairs: dict[tuple[str, str], list[tuple[Meeting, int]]] = {}
    for meeting, who in meetings_with(records, t, months):
        for pair in combinations(who, 2):
            pairs.setdefault(pair, []).append((meeting, len(who)))
    return tuple(_exchange(a, b, met) for (a, b), met in sorted(pairs.items()))


def _exchange(a: str, b: str, met: list[tuple[Meeting, int]]) -> Exchange:
    ids = tuple(meeting.id for meeting, _ in met)
    dates = tuple(meeting.on for meeting, _ in met if meeting.on)
    return Exchange(a, b, ids, dates, sum(1 / (k - 1) for _, k in met))


def meetings_with(records: Records, t: date, months: int = 12) -> list[tuple[Meeting, tuple[str, ...]]]:
    """Meetings about this child in the months to t (the first day excluded), each with who took part."""
    since = add_months(t, -months)
    took_part: dict[str, set[str]] = {}
    for row in records.of(Attended):
        if row.how in TOOK_PART and isinstance(records.get(row.from_id), Professional | Agency):
            took_part.setdefault(row.to_id, set()).add(row.from_id)
    found = [
        (meeting, tuple(sorted(took_part.get(meeting.id, ()))))
        for meeting in records.of(Meeting)
        if about_child(records, meeting)
        and meeting.on
        and since < meeting.on <= t
        and meeting.status != "cancelled"
        and meeting.kind not in NO_EXCHANGE
    ]
    return sorted(found, key=lambda pair: (held_on(pair[0]), pair[0].id))


def about_child(records: Records, meeting: Meeting) -> bool:
    """Whether the meeting is about this child: a colleague's meetings about others are not."""
    return records.child.id in meeting.about


def meetings_held(records: Records, *kinds: str) -> list[Meeting]:
    """Meetings of these kinds about this child that were held, neither cancelled nor adjourned, by their day."""
    return [m for m in _held(records) if m.kind in kinds]


@remembered
def _held(records: Records) -> tuple[Meeting, ...]:
    held = [m for m in records.of(Meeting) if m.status in (None, "held") and m.on and about_child(records, m)]
    return tuple(sorted(held, key=lambda m: (held_on(m), m.id)))


def held_on(meeting: Meeting) -> date:
    """The day of a meeting, not the day it was written down."""
    return meeting.on or date.min


# --- the graphs ---


@remembered
def alter_graph(records: Records, t: date, months: int = 12) -> nx.Graph:
    """The professionals without the child, joined where they exchanged in the months to t.

    Nodes: everyone involved with the child on day t, and everyone who took part in an exchange. Attributes:
    `label`, `kind` (Professional or Agency), `role`, `group`, `agency_kind`, `agency` (id; None = not named),
    `active_since` (None where they are not involved on day t), `left` (were involved and no longer are).
    Edges: `meetings` (ids), `last` (date), `weight` (see `Exchange`). No loops: nobody exchanges with
    themselves.
    """
    met = exchanges(records, t, months)
    team = {i.from_id for i in records.of(Involvement) if holds_on(i, t)}
    graph: nx.Graph = nx.Graph()
    for who in sorted(team | {e.a for e in met} | {e.b for e in met}):
        graph.add_node(who, **_alter(records, who, t))
    for e in met:
        graph.add_edge(e.a, e.b, meetings=e.meetings, last=e.last, weight=e.weight)
    return cast(nx.Graph, nx.freeze(graph))


def _alter(records: Records, who: str, t: date) -> dict[str, object]:
    since = involved_since(records, who, t)
    involvement = _involvement(records, who, t)
    speaks_for = affiliation(records, who, t, _last_attended(records, who))
    role = involvement.role if involvement else None
    return {
        **_looks(records, who, role),
        "agency_kind": speaks_for.kind,
        "agency": speaks_for.agency,
        "active_since": since,
        "left": involvement is not None and since is None,
    }


def _last_attended(records: Records, who: str) -> Attended | None:
    """Their latest attendance that names an agency, for those whom nothing else places."""
    rows = [a for a in records.of(Attended) if a.from_id == who and a.agency]
    on = {m.id: m.on for m in records.of(Meeting)}
    return max(rows, key=lambda a: (on.get(a.to_id) or date.min, a.id), default=None)


def _looks(records: Records, who: str, role: str | None, group: str = "") -> dict[str, object]:
    node = records.get(who)
    known = roles().get(role or "")
    return {
        "label": records.name(who),
        "kind": label(type(node)) if node else "",
        "role": role_label(role) if role else "",
        "group": group or (known.group if known else "Social care"),
    }


def ecomap_graph(records: Records, t: date) -> nx.MultiGraph:
    """The child and everyone on record around the child up to day t, those who left included.

    Nodes: `kind` (Child, Professional, Agency, Person, Placement), `label`, `group` (of
    `graph.reference.roles.GROUPS`; empty for the child), `role` in words: the latest, an open one first.
    Edges, one an involvement, stay or relation, keyed by id: `id`, `type`, `role`, `start`, `end` (None = open).
    """
    graph: nx.MultiGraph = nx.MultiGraph()
    child = records.child.id
    graph.add_node(child, kind="Child", label=records.name(child), group="", role="")
    ties = sorted(_ties(records, t), key=lambda tie: (tie.end is None, tie.start or date.min, tie.id))
    for tie in ties:
        graph.add_node(tie.who, **_looks(records, tie.who, tie.role, tie.group))
        words = role_label(tie.role)
        graph.add_edge(child, tie.who, key=tie.id, id=tie.id, type=tie.type, role=words, start=tie.start, end=tie.end)
    return graph


@dataclass(frozen=True)
class _Tie:
    who: str
    id: str
    type: str
    role: str
    group: str
    start: date | None
    end: date | None


def _ties(records: Records, t: date) -> Iterable[_Tie]:
    """Everything that ties someone or somewhere to the child."""
    child = records.child.id
    family, home, education = "Family and friends", "Home", "Education"
    for i in records.of(Involvement):
        yield _Tie(i.from_id, i.id, i.type, i.role or "", "", i.start, i.end)
    for stay in stays(records):
        yield _Tie(stay.first.to_id, stay.first.id, stay.first.type, "home", home, stay.start, stay.end)
    for a in records.of(Attends):
        yield _Tie(a.to_id, a.id, a.type, "school", education, a.start, a.end)
    for lives in records.of(LivesWith):
        yield _Tie(lives.to_id, lives.id, lives.type, "lives with", home, lives.start, lives.end)
    for r in records.of(RelatedTo):
        yield _Tie(r.from_id, r.id, r.type, r.relation or "relation", family, r.start, r.end)
    for s in records.of(SiblingOf):
        other = s.to_id if s.from_id == child else s.from_id
        yield _Tie(other, s.id, s.type, "sibling", family, None, None)
    for trusted in records.of(Trusts):
        known = isinstance(records.get(trusted.to_id), Professional)
        group = "" if known else family
        yield _Tie(trusted.to_id, trusted.id, trusted.type, "trusted adult", group, trusted.said_on, None)


# --- measures of the alter graph ---


def degree_centralisation(graph: nx.Graph) -> float | None:
    """How far one person's ties exceed everyone else's: 1 for a star, 0 where all have as many.

    Sum of (largest degree - degree), over (n-1)(n-2) (Freeman 1979, centrality in social networks). None for
    fewer than three people.
    """
    n = graph.number_of_nodes()
    if n < 3:
        return None
    degrees = [d for _, d in graph.degree()]
    return float(sum(max(degrees) - d for d in degrees) / ((n - 1) * (n - 2)))


def fragmentation(graph: nx.Graph) -> float | None:
    """The share of pairs with no path between them: 0 = all joined, 1 = nobody is. None for fewer than two.

    1 - sum of s(s-1) over n(n-1), s = size of a component (Borgatti 2006, key players in a social network).
    """
    n = graph.number_of_nodes()
    if n < 2:
        return None
    joined = sum(len(c) * (len(c) - 1) for c in nx.connected_components(graph))
    return 1 - joined / (n * (n - 1))


def fragmentation_rise(graph: nx.Graph, who: str) -> float | None:
    """How much fragmentation rises when one person is not there. None where fewer than two would be left."""
    before, after = fragmentation(graph), fragmentation(without(graph, who))
    return None if before is None or after is None else after - before


def cut_vertices(graph: nx.Graph) -> list[str]:
    """Those whose removal parts people who had a path between them, in order of id."""
    return sorted(set(nx.articulation_points(graph)))


def without(graph: nx.Graph, who: str) -> nx.Graph:
    """The graph when one person is not there."""
    return graph.subgraph([n for n in graph if n != who])


def components(graph: nx.Graph) -> list[tuple[str, ...]]:
    """The parts of a graph that no path joins, each sorted, in order of their first member."""
    return sorted(tuple(sorted(part)) for part in nx.connected_components(graph))


def graded_points(graph: nx.Graph) -> dict[str, float]:
    """How much fragmentation rises when each person in turn is not there; below 0 where it falls.

    F(G - v) - F(G) of Borgatti 2006 (the key player problem, negative, one at a time). It falls for one who has
    no tie. Nobody where fewer than three people would leave nothing to compare.
    """
    rises = {who: fragmentation_rise(graph, who) for who in sorted(graph)}
    return {who: rise for who, rise in rises.items() if rise is not None}


# --- measures between agencies ---


def agency_groups(graph: nx.Graph) -> dict[str, str]:
    """The agency of each person of an alter graph: its id, or its kind where no record names it.

    Someone of whom only the kind is known belongs to the one agency of that kind that is named, where there is
    one. Those of whom not even the kind is known are left out.
    """
    named: dict[str, set[str]] = {}
    for _, at in graph.nodes(data=True):
        if at["agency"]:
            named.setdefault(at["agency_kind"], set()).add(at["agency"])
    groups = {}
    for who, at in graph.nodes(data=True):
        kind, agencies = at["agency_kind"], named.get(at["agency_kind"], set())
        group = at["agency"] or (next(iter(agencies)) if len(agencies) == 1 else kind)
        if group:
            groups[who] = group
    return groups


@dataclass(frozen=True)
class PairDensity:
    """How many of the ties there could be between two agencies (or within one, a = b) there are."""

    a: str
    b: str
    ties: int
    possible: int

    @property
    def density(self) -> float | None:
        """The share of possible ties; None where none is possible, as within an agency of one person."""
        return self.ties / self.possible if self.possible else None


def pair_densities(graph: nx.Graph, groups: Mapping[str, str]) -> tuple[PairDensity, ...]:
    """The ties between and within agencies: each pair once (a <= b), in order.

    Between two agencies of n and m people there could be n * m ties, within one n(n - 1)/2 (densities of blocks,
    Wasserman and Faust 1994, Social Network Analysis, chapter 9). People without a group are left out.
    """
    sizes = Counter(groups[who] for who in graph if who in groups)
    pairs = list(combinations_with_replacement(sorted(sizes), 2))
    ties = Counter(
        (min(groups[u], groups[v]), max(groups[u], groups[v]))
        for u, v in graph.edges()
        if u != v and u in groups and v in groups
    )
    return tuple(
        PairDensity(a, b, ties[a, b], sizes[a] * sizes[b] if a != b else sizes[a] * (sizes[a] - 1) // 2)
        for a, b in pairs
    )


# A house rule: with fewer ties the index says nothing.
LEAST_TIES = 5


@dataclass(frozen=True)
class ExternalInternal:
    """Krackhardt and Stern's E-I index, and what it would be if ties fell on pairs of people at random."""

    observed: float
    expected: float
    ties: int

    @property
    def difference(self) -> float:
        """Below 0: more ties within agencies than their sizes alone would bring about."""
        return self.observed - self.expected


def external_internal(graph: nx.Graph, groups: Mapping[str, str], least: int = LEAST_TIES) -> ExternalInternal | None:
    """Ties between agencies against ties within: (E - I)/(E + I), from -1 (all within) to 1 (all between).

    Krackhardt and Stern 1988, informal networks and organizational crises. The expected value is (pairs between -
    pairs within)/pairs: with five agencies of one person each, both are 1. None with fewer than `least` ties, or
    one agency. People without a group are left out.
    """
    blocks = pair_densities(graph, groups)
    ties, pairs = sum(b.ties for b in blocks), sum(b.possible for b in blocks)
    if ties < max(least, 1) or len({b.a for b in blocks}) < 2:
        return None
    within, pairs_within = (sum(getattr(b, n) for b in blocks if b.a == b.b) for n in ("ties", "possible"))
    return ExternalInternal((ties - 2 * within) / ties, (pairs - 2 * pairs_within) / pairs, ties)


# --- alerts ---


@dataclass(frozen=True)
class AlertPair:
    """The alerts of one agency to another, in the order in which they were raised."""

    by: Affiliation
    to: Affiliation
    alerts: tuple[Alert, ...]

    @property
    def answered(self) -> int:
        """How many have an answer on record."""
        return sum(alert.answered_on is not None for alert in self.alerts)

    @property
    def reciprocity(self) -> float:
        """Answers over alerts, one way: what came back. Not the reciprocity of a directed graph's edges."""
        return self.answered / len(self.alerts)


def alert_pairs(records: Records, t: date, months: int = 12) -> tuple[AlertPair, ...]:
    """Alerts about this child in the months to t by who raised them with whom: each ordered pair of agencies once.

    Alerts within one agency (an IRO's challenge to their own authority) are left out. An end that no record names
    is an agency of no kind.
    """
    since = add_months(t, -months)
    recent = [a for a in records.of(Alert) if a.raised and since < a.raised <= t]
    ways = {alert.id: _ways(records, alert) for alert in recent}
    named = sorted({end for of in ways.values() for way in of for end in way if end.agency}, key=_by_name)
    found: dict[tuple[Affiliation, Affiliation], list[Alert]] = {}
    for alert in recent:
        for way in sorted({(_one_of(named, by), _one_of(named, to)) for by, to in ways[alert.id]}, key=_by_names):
            found.setdefault(way, []).append(alert)
    return tuple(AlertPair(*way, tuple(found[way])) for way in sorted(found, key=_by_names))


def _ways(records: Records, alert: Alert) -> set[tuple[Affiliation, Affiliation]]:
    on = alert.raised or date.min
    by = [affiliation(records, who, on) for who in alert.by] or [Affiliation()]
    to = [affiliation(records, who, on) for who in alert.to] or [Affiliation()]
    return {(a, b) for a in by for b in to if not a.same(b)}


def _one_of(named: list[Affiliation], agency: Affiliation) -> Affiliation:
    """The agency itself; of one known only by its kind, the one of that kind that is named, where there is one."""
    alike = [] if agency.agency else [other for other in named if other.kind == agency.kind]
    return alike[0] if len(alike) == 1 else agency


def _by_name(agency: Affiliation) -> tuple[str, str]:
    return agency.kind or "", agency.agency or ""


def _by_names(way: tuple[Affiliation, Affiliation]) -> tuple[tuple[str, str], tuple[str, str]]:
    return _by_name(way[0]), _by_name(way[1])
