"""What the pages ask the graph, and nothing else: the one place where the dashboard reads.

A page never sees the store, only rows of plain data. Nothing about a child is kept between two people: the
driver alone is shared.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import Any, Protocol

from dashboard import header, words
from dashboard.session import kept
from graph import analyse, server
from graph.analysis.clocks.review_and_visit import next_review_due
from graph.around import given
from graph.calendars import add_months
from graph.findings import Finding, run
from graph.model import (
    Agency,
    Child,
    InArea,
    Involvement,
    LocalAuthority,
    LooksAfter,
    Meeting,
    Node,
    PlacedAt,
    Placement,
    Professional,
)
from graph.parameters import DEFAULTS, Parameters
from graph.records import Records, age, as_at, in_care, involvements
from graph.store import Store


@dataclass(frozen=True)
class Authority:
    """An authority something is loaded for.

    as_at: the day of its current analysis, None before the first. parameters: those it was made with.
    """

    code: str
    name: str
    as_at: date | None
    analysis: str = ""
    parameters: Parameters = DEFAULTS


@dataclass(frozen=True)
class Raised:
    """A finding that the current analysis wrote: raised, or of the cohort one that cannot be said."""

    child: str
    rule: str
    family: str
    fact: bool
    status: str
    measures: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Pair:
    """Two kinds of agency: children on whom both worked in 12 months, and on whom exchange is on record."""

    a: str
    b: str
    both: int
    exchanged: int


class Source(Protocol):
    """Where rows come from: the graph, or in the pages' own tests records made in memory."""

    def authorities(self) -> Sequence[Authority]:
        """Authorities with something loaded, by name."""

    def caseload(self, authority: str) -> Sequence[Records]:
        """Every child of an authority with care, homes, reviews, social workers and reviewing officers, or more."""

    def raised(self, analysis: str) -> Sequence[Raised]:
        """What an analysis wrote."""

    def records(self, ref: str) -> Records | None:
        """All records of the child behind a ref; None where there is no such child."""

    def pairs(self, authority: str, t: date) -> Sequence[Pair]:
        """Who exchanges with whom, by kind of agency, in the 12 months to t."""


_use: list[Callable[[], Source]] = []


def use(source: Callable[[], Source]) -> None:
    """Read from here instead of the graph: for the pages' own tests."""
    _use[:] = [source]


def source() -> Source:
    """What the pages read from."""
    if _use:
        return _use[0]()
    return StoreSource(_store())


def findings(records: Records, t: date, parameters: Parameters) -> tuple[Finding, ...]:
    """Every finding about a child as at a day, run on the records."""
    return run(records, t, parameters)


# --- rows, from records and findings ---


@dataclass(frozen=True)
class ChildRow:
    """A child in My children. raised: findings by family, facts left out."""

    ref: str
    label: str
    age: int | None
    iros: tuple[str, ...]
    home: str
    next_review: date | None
    reviews_loaded: bool
    raised: Mapping[str, int]
    in_care: bool


def child_row(records: Records, raised: Iterable[Raised], t: date) -> ChildRow:
    """A row of My children, as at the day of the analysis."""
    seen = as_at(records, t)
    child = seen.child
    counts = Counter(r.family for r in raised if r.status == "raised" and not r.fact)
    iros = [i for i in involvements(seen, "iro") if (i.start or date.min) <= t and (i.end is None or t < i.end)]
    cared_for = in_care(seen, t) is not None
    return ChildRow(
        ref=child.ref or "",
        label=words.child_label(child),
        age=age(child.born, t) if child.born and child.born <= t else None,
        iros=tuple(dict.fromkeys(seen.name(i.from_id) for i in iros)),
        home=header.living(seen, t).removeprefix("living ").removeprefix("in ") if cared_for else "not looked after",
        next_review=(due := next_review_due(seen, t)),
        reviews_loaded=header.reviews_loaded(seen, due, t),
        raised=dict(counts),
        in_care=cared_for,
    )


def of_authority(source: Source, authority: Authority) -> tuple[Sequence[Records], dict[str, list[Raised]]]:
    """The caseload and, by child, what is raised, read once a session and analysis."""
    return kept(
        "authority",
        (authority.code, authority.analysis),
        lambda: (source.caseload(authority.code), by_child(source.raised(authority.analysis))),
    )


def by_child(raised: Iterable[Raised]) -> dict[str, list[Raised]]:
    """Findings by the child they are about."""
    found: dict[str, list[Raised]] = {}
    for r in raised:
        found.setdefault(r.child, []).append(r)
    return found


# --- the graph ---


def _store() -> Store:
    """One store for all: it holds a driver and no rows."""
    import streamlit as st

    @st.cache_resource(show_spinner=False)
    def opened(folder: str) -> Store:
        connection = server.connection(Path(folder))
        return Store(Store.connect(connection), connection.database)

    return opened(str(server.default_home()))


@dataclass(frozen=True)
class StoreSource:
    """Rows from the graph; every query reads, and values are parameters."""

    store: Store

    def authorities(self) -> Sequence[Authority]:
        """Authorities with something loaded, by name."""
        found = []
        for code in analyse.authorities(self.store):
            current = analyse.current(self.store, code) or {}
            name, parameters = words.authority(None, code), analyse.parameters_of(current)
            found.append(Authority(code, name, current.get("as_at"), current.get("id", ""), parameters))
        return sorted(found, key=lambda a: a.name)

    def caseload(self, authority: str) -> Sequence[Records]:
        """Every child of an authority with care, homes, reviews, social workers and reviewing officers, in one read."""
        coverage = self.store.coverage(authority)
        rows = self.store.read(CASELOAD, {"authority": authority})
        return [_light(row, authority, coverage) for row in rows]

    def raised(self, analysis: str) -> Sequence[Raised]:
        """What an analysis wrote."""
        return [
            Raised(
                child=r["child"],
                rule=r["rule"],
                family=r["family"],
                fact=bool(r["fact"]),
                status=r["status"],
                measures=json.loads(r["measures"]) if r["measures"] else {},
            )
            for r in self.store.read(RAISED, {"analysis": analysis})
        ]

    def records(self, ref: str) -> Records | None:
        """All records of the child behind a ref."""
        id = self.store.child_id(ref)
        return self.store.child_records(id) if id else None

    def pairs(self, authority: str, t: date) -> Sequence[Pair]:
        """Who exchanges with whom, by kind of agency, in the 12 months to t."""
        asked = {"authority": authority, "since": add_months(t, -12), "on": t}
        teams: dict[str, dict[str, set[str]]] = {}
        for r in self.store.read(AT_WORK, asked):
            teams.setdefault(r["child"], {}).setdefault(r["kind"], set()).add(r["who"])
        met: dict[str, list[set[str]]] = {}
        for r in self.store.read(TOOK_PART, asked):
            met.setdefault(r["child"], []).append(set(r["who"]))
        return counted_pairs(teams, met)


def counted_pairs(teams: Mapping[str, Mapping[str, set[str]]], met: Mapping[str, Iterable[set[str]]]) -> list[Pair]:
    """Pairs of kinds of agency, each with the children on whom both work and those on whom both exchanged.

    teams: by child and kind, who is at work. met: by child, who took part in each meeting about the child.
    """
    both, exchanged = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for child, team in teams.items():
        for a, b in combinations(sorted(team), 2):
            both[a, b] += 1
            pairs = (there & (team[a] | team[b]) for there in met.get(child, ()))
            exchanged[a, b] += any(there & team[a] and there & team[b] and len(there) > 1 for there in pairs)
    return [Pair(a, b, n, exchanged[a, b]) for (a, b), n in sorted(both.items())]


CASELOAD = """
MATCH (c:Child {authority: $authority})
RETURN properties(c) AS child,
  [(a:LocalAuthority)-[r:LOOKS_AFTER]->(c) | {from: a.id, values: properties(r)}] AS care,
  [(c)-[r:PLACED_AT]->(p:Placement) | {to: p.id, home: properties(p), values: properties(r)}] AS homes,
  [(c)-[:PLACED_AT]->(p:Placement)-[r:IN_AREA]->(a:LocalAuthority) |
    {from: p.id, to: a.id, values: properties(r)}] AS areas,
  [(c)<-[:ABOUT]-(m:Meeting {kind: 'review'}) | properties(m)] AS reviews,
  [(w)-[r:INVOLVED_WITH]->(c) WHERE r.role IN ['iro', 'social_worker'] |
    {from: w.id, agency: w:Agency, who: properties(w), values: properties(r)}] AS workers
ORDER BY c.id
"""
RAISED = """
MATCH (f:Finding {analysis: $analysis})-[:ABOUT]->(c:Child)
RETURN c.id AS child, f.rule AS rule, f.family AS family, f.fact AS fact, f.status AS status,
  CASE WHEN f.rule STARTS WITH 'cohort.' THEN f.measures ELSE NULL END AS measures
"""
AT_WORK = """
MATCH (c:Child {authority: $authority})<-[i:INVOLVED_WITH]-(w)
WHERE i.start <= $on AND (i.end IS NULL OR i.end > $since)
OPTIONAL MATCH (g:Agency {id: i.agency})
WITH c.id AS child, w.id AS who, coalesce(g.kind, CASE WHEN w:Agency THEN w.kind END) AS kind
WHERE kind IS NOT NULL
RETURN DISTINCT child, kind, who
"""
# An exchange as `graph.network` has it: present, substituted or sent a report, family time left out.
TOOK_PART = """
MATCH (c:Child {authority: $authority})<-[:ABOUT]-(m:Meeting)<-[a:ATTENDED]-(w:Professional|Agency)
WHERE $since < m.on AND m.on <= $on AND m.kind <> 'family time' AND coalesce(m.status, 'held') <> 'cancelled'
  AND a.how IN ['present', 'substitute', 'sent report']
WITH c, m, collect(DISTINCT w.id) AS who
WHERE size(who) > 1
RETURN c.id AS child, who
"""


def _light(row: Mapping[str, Any], authority: str, coverage: Any) -> Records:
    """A child's care, homes, reviews, social workers and reviewing officers as Records."""
    child = _row(Child, row["child"])
    nodes: dict[str, Node] = {child.id: child}
    relationships: list[Any] = []
    for code in {r["from"] for r in row["care"]} | {r["to"] for r in row["areas"]}:
        nodes[code] = LocalAuthority(id=code, code=code)
    for r in row["care"]:
        relationships.append(_row(LooksAfter, r["values"], from_id=r["from"], to_id=child.id))
    for r in row["homes"]:
        nodes[r["to"]] = _row(Placement, r["home"])
        relationships.append(_row(PlacedAt, r["values"], from_id=child.id, to_id=r["to"]))
    for r in row["areas"]:
        relationships.append(_row(InArea, r["values"], from_id=r["from"], to_id=r["to"]))
    for r in row["reviews"]:
        nodes[r["id"]] = _row(Meeting, r, about=(child.id,))
    for r in row["workers"]:
        nodes[r["from"]] = _row(Agency if r["agency"] else Professional, r["who"])
        relationships.append(_row(Involvement, r["values"], from_id=r["from"], to_id=child.id))
    unique = {r.id: r for r in relationships}
    return Records(child, nodes, tuple(unique.values()), coverage, authority)


def _row(kind: type[Any], values: Mapping[str, Any], **ends: Any) -> Any:
    return kind(**{**given(kind, values), **ends})
