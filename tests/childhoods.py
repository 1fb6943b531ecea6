"""Invented records of one child for property tests: every kind that rules read, drawn from whole numbers.

Each record comes from a number of its own, so that a failing example shrinks by leaving records out. What a kind's
properties and links may hold is read from `graph.model`: a new property is tried without a line here. `tidy` ones
could stand in a real extract; others contradict themselves and each other.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import strategies as st

from graph.model import (
    ASSESSMENT_KINDS,
    EVENT_KINDS,
    MEETING_KINDS,
    PLAN_KINDS,
    Agency,
    Alert,
    Assessment,
    Attended,
    Attends,
    Child,
    Decision,
    Event,
    Holds,
    InArea,
    Involvement,
    Kind,
    LivesWith,
    LocalAuthority,
    LooksAfter,
    Meeting,
    Need,
    Node,
    Notice,
    ObjectedTo,
    Person,
    PlacedAt,
    Placement,
    Plan,
    Professional,
    Property,
    Provides,
    Recommendation,
    Record,
    Referral,
    RelatedTo,
    Relationship,
    Serves,
    SiblingOf,
    Trusts,
    View,
    WorksFor,
    by_table,
    fields_of,
    links,
    properties,
)
from graph.records import Coverage, Records
from graph.reference import roles
from graph.reference.codes import code_list

DAY = date(2024, 3, 31)
OWN, NEAR, FAR = "E08000025", "E08000029", "E10000014"  # Birmingham, Solihull, Hampshire
EARLIEST, LATEST = -900, 60  # days from DAY in which things happen

# How often each kind comes. Care and stays come as a history, one row after another.
OFTEN: dict[Kind, int] = {
    Meeting: 8, Attended: 20, Involvement: 10, Plan: 5, Event: 4, Assessment: 4, Need: 2, Referral: 3,
    Recommendation: 2, Decision: 2, Alert: 4, Notice: 3, View: 2, Attends: 3, Holds: 2, ObjectedTo: 1, RelatedTo: 2,
    SiblingOf: 1, Trusts: 1, LivesWith: 1,
}  # fmt: skip

# What a text may hold, where rules look for words.
ROLES = tuple(roles.roles())
WORDS: dict[str, tuple[str, ...]] = {
    "role": ROLES,
    "service": ("mentoring", "counselling"),
    "need": ("mental health", "education", "exploitation", "camhs"),
    "kind": ("mental health", "education", "exploitation", "diagnosis of epilepsy", "diagnosis"),
    "about_what": ("therapy", "education", "home", "family time"),
    "start_reason": ("MANAGE", "PROGR"),
    "end_reason": ("the worker left", "completed", "non-engagement", "moved", "X1", "E4A"),
    "closed_reason": ("moved", "did not attend", "completed"),
    "outcome": ("closed", "accepted"),
    "reason_end": ("moved", "excluded"),
    "by_role": ("social_worker", "iro", "team_manager", "director", "nominated_officer"),
    "chair": ("iro", "cp_chair", "social_worker"),
    "participation": tuple(code_list("participation")),
    "escalated_to": ("service manager", "service director"),
    "recipient": ("child", "parent", "gp", "school", "iro", "area authority", "health commissioner", "previous carer"),
    "medium": ("in words", "in play"),
    "relation": ("mother", "father", "uncle", "foster carer"),
    "result": ("yes", "no", "17", "high"),
    "basis": ("connected person", "regulation 24"),
    "legal_status": tuple(code_list("ls")),
    "place_type": tuple(code_list("place")),
    "provider": ("PR1", "PR4"),
    "change_reason": tuple(code_list("change")),
    "version": ("1", "2"),
}  # fmt: skip
CODED = {LooksAfter: {"start_reason": "rne", "need": "cin"}, PlacedAt: {"start_reason": "rne"}}

# What comes more often than chance would have it, so that rules find something.
FAVOURED: dict[tuple[Kind, str], tuple[str, ...]] = {
    (Meeting, "kind"): ("review", "review", "strategy discussion", "visit", "call", "core group"),
    (Meeting, "status"): ("held",),
    (Attended, "how"): ("present",),
    (Event, "kind"): ("missing", "arrest", "self-harm"),
    (Plan, "kind"): ("care", "child protection", "health"),
    (Assessment, "kind"): ("s47", "exploitation"),
    (LooksAfter, "legal_status"): ("C2",),
    (LooksAfter, "need"): ("N1",),
    (Involvement, "role"): ("social_worker", "social_worker", "iro", "camhs", "lac_nurse", "virtual_school"),
    (PlacedAt, "place_type"): ("U6", "K2"),
    (PlacedAt, "start_reason"): ("P", "B"),
    (Recommendation, "about_what"): ("therapy",),
}
RECENT = -400

# Parts of a table that loads cover by themselves.
PARTS: dict[str, tuple[str, ...]] = {
    "involved_with": ROLES,
    "meetings": MEETING_KINDS,
    "plans": PLAN_KINDS,
    "assessments": (*ASSESSMENT_KINDS, "return interview"),
    "events": (*EVENT_KINDS, "return interview"),
    "attended": ("social care", "health", "camhs", "police", "school"),
    "referrals": ("camhs",),
    "needs": ("diagnosis", "mental health", "exploitation"),
    "notices": ("child", "area authority"),
    "decisions": ("placement approval", "closure", "step-down"),
}


def around() -> dict[str, Node]:
    """The people and places that every childhood shares."""
    agencies = ("social care", "health", "camhs", "police", "school", "virtual school", "voluntary")
    nodes: list[Node] = [
        *(LocalAuthority(id=code, code=code, name=code) for code in (OWN, NEAR, FAR)),
        *(Agency(id=f"agency{n}", kind=kind, name=f"{kind} {n}") for n, kind in enumerate(agencies)),
        Agency(id="agency8", kind="school", name="the other school"),
        *(Professional(id=f"pro{n}", name=f"P. Ro {n}", registration=f"SW{n}") for n in range(5)),
        Professional(id="nobody", registration="XX1", identified=False),
        *(Person(id=f"person{n}", name=f"Relative {n}", kind=k) for n, k in enumerate(("mother", "father", "other"))),
        *(Placement(id=f"home{n}", kind="foster home", name=f"{n} Home Street") for n in range(5)),
        Child(id="Elm", local_id="2", born=date(2015, 1, 1), authority=OWN),
    ]
    return {node.id: node for node in nodes}


def beyond() -> tuple[Relationship, ...]:
    """Where the homes are, whom the colleagues work for, whom the agencies serve: facts without a date."""
    areas = {"home0": OWN, "home1": OWN, "home2": NEAR, "home3": FAR, "agency4": OWN, "agency8": FAR}
    employers = {"pro0": "agency0", "pro1": "agency0", "pro2": "agency1", "pro3": "agency2"}
    return (
        *(InArea(id=f"in {a}", from_id=a, to_id=b) for a, b in areas.items()),
        *(WorksFor(id=f"works {a}", from_id=a, to_id=b) for a, b in employers.items()),
        Serves(id="serves0", from_id="agency0", to_id=OWN),
        Serves(id="serves1", from_id="agency1", to_id=FAR),
        Provides(id="provides", from_id="agency6", to_id="home1"),
    )


@dataclass(frozen=True)
class Span:
    """Days, counted from DAY, in which what is drawn begins; `tidy` as the module says."""

    first: int = EARLIEST
    last: int = LATEST
    tidy: bool = True
    turns: tuple[date, ...] = ()  # days on which several things happen

    def day(self, chance: Random) -> date:
        """A day, often one on which something else happens too."""
        turns = [d for d in self.turns if self.first <= (d - DAY).days <= self.last]
        if turns and chance.random() < 0.3:
            return chance.choice(turns)
        first = max(self.first, RECENT) if chance.random() < 0.6 else self.first
        return DAY + timedelta(days=chance.randint(first, self.last))


def childhood(
    child: int, history: Sequence[int], rows: Sequence[int], cover: int, span: Span = Span()
) -> Records:  # fmt: skip
    """The records that these numbers stand for."""
    nodes = around()
    nodes["Ash"] = ash = _child(Random(child), span.tidy)
    episodes = _history(Random(child), history, span)
    turns = tuple(r.start for r in episodes if r.start)
    own = drawn(rows, nodes, dataclasses.replace(span, turns=turns))
    own = one_each(own) if span.tidy else own
    return with_records(Records(ash, nodes, (*beyond(), *episodes), coverage(cover, span), OWN), own)


def one_each(found: Iterable[Record]) -> list[Record]:
    """Each record once by the natural key of its kind, as loading would leave them."""
    return list({(type(r), *(_said(r, part) for part in r.key)): r for r in found}.values())


def _said(record: Record, part: str) -> Any:
    """What a record says of a part of its key: `version|made_on|start` is the first of them that is said."""
    names = fields_of(type(record))
    return next((v for name in part.split("|") if (v := getattr(record, names.get(name, name), None))), None)


def with_records(records: Records, more: Iterable[Record]) -> Records:
    """The records with more of them."""
    more = tuple(more)
    nodes = {**records.nodes, **{r.id: r for r in more if isinstance(r, Node)}}
    relationships = (*records.relationships, *(r for r in more if isinstance(r, Relationship)))
    return dataclasses.replace(records, nodes=nodes, relationships=relationships)


def without_records(records: Records, gone: Set[str]) -> Records:
    """The records with some of them gone, and all that points at those."""
    nodes = {i: _unlinked(node, gone) for i, node in records.nodes.items() if i not in gone}
    rows = tuple(r for r in records.relationships if gone.isdisjoint({r.id, r.from_id, r.to_id}))
    return dataclasses.replace(records, nodes=nodes, relationships=rows)


def _unlinked(node: Node, gone: Set[str]) -> Node:
    names = [fields_of(type(node))[one.name] for one in links(type(node))]
    kept: dict[str, Any] = {n: tuple(i for i in getattr(node, n) if i not in gone) for n in names}
    return dataclasses.replace(node, **kept)


def _child(chance: Random, tidy: bool) -> Child:
    born = DAY - timedelta(days=chance.randint(200, 18 * 365))
    if chance.random() < 0.1:
        born = date(2012, 2, 29)
    known = born if tidy or chance.random() < 0.5 else None
    return Child(id="Ash", local_id="1", name="Ash", born=known, authority=OWN)


def _history(chance: Random, rows: Sequence[int], span: Span) -> list[LooksAfter | PlacedAt]:
    """Episodes that follow one another, now and then with days between; the last one is often open."""
    begin = DAY + timedelta(days=chance.randint(EARLIEST - 400, -10))
    found: list[LooksAfter | PlacedAt] = []
    for n, number in enumerate(rows):
        each = Random(number)
        begin += timedelta(days=each.choice((0, 0, 0, 0, 0, 40)))
        end = begin + timedelta(days=each.choice((5, 30, 90, 200, 400)))
        last = n == len(rows) - 1 and each.random() < 0.8
        if not span.tidy and each.random() < 0.3:
            begin, end = end, begin
        about: dict[str, Any] = {"start": begin, "end": None if last else end}
        care = _made(LooksAfter, f"care{n}", each, {}, span)
        stay = _made(PlacedAt, f"stay{n}", each, {}, span)
        found.append(dataclasses.replace(care, from_id=OWN, to_id="Ash", **about))
        home = f"home{each.randint(0, 4)}"
        found.append(dataclasses.replace(stay, from_id="Ash", to_id=home, **about))
        begin = max(begin, end)
    return found


def drawn(numbers: Sequence[int], nodes: dict[str, Node], span: Span, prefix: str = "") -> list[Record]:
    """A record from each number; they point at one another and at these nodes."""
    pool: dict[str, list[str]] = {}
    for node in nodes.values():
        pool.setdefault(type(node).__name__, []).append(node.id)
    named: list[tuple[Random, Kind, str]] = []
    for number in numbers:
        chance = Random(number)
        kind = chance.choices(list(OFTEN), list(OFTEN.values()))[0]
        named.append((chance, kind, f"{prefix}{kind.__name__.lower()}{number}"))
        pool.setdefault(kind.__name__, []).append(named[-1][2])
    return [_made(kind, id, chance, pool, span) for chance, kind, id in named if _can(kind, pool)]


def _can(kind: Kind, pool: dict[str, list[str]]) -> bool:
    """Whether there is something at both ends."""
    return issubclass(kind, Node) or all(any(pool.get(k) for k in ends) for ends in kind.reads)


def _made(kind: Kind, id: str, chance: Random, pool: dict[str, list[str]], span: Span) -> Any:
    names = fields_of(kind)
    begins = span.day(chance)
    given = {names[p.name]: _value(kind, p, chance, pool, begins, span) for p in properties(kind) if p.stored}
    for link in links(kind):
        given[names[link.name]] = _linked(link.name, link.to, chance, pool, span)
    if issubclass(kind, Relationship):
        given["from_id"], given["to_id"] = (_one(ends, chance, pool) for ends in kind.reads)
        given["to_id"] = "Elm" if kind is SiblingOf else given["to_id"]
    source = (f"load:{kind.table}.csv:{id}",)
    return kind(id=id, sources=source, **{k: v for k, v in given.items() if v is not None})


def _value(kind: Kind, p: Property, chance: Random, pool: dict[str, list[str]], begins: date, span: Span) -> Any:
    if p.type == "date":
        return _date(p, chance, begins, span)
    if not p.required and chance.random() < 0.4:
        return None
    if not span.tidy and chance.random() < 0.1:
        return "not a code" if p.type == "text" else None
    if p.type == "flag":
        return chance.random() < 0.5
    if p.type in ("integer", "number"):
        return chance.randint(1, 60)
    if p.refers:
        if p.name == "change":
            among = [f"{k}:{i}" for k in p.refers for i in pool.get(k, ())]
            return chance.choice([*among, "PlacedAt:stay0", "PlacedAt:stay1"])
        return chance.choice(pool.get(p.refers[0]) or [None])
    if chance.random() < 0.6 and (kind, p.name) in FAVOURED:
        return chance.choice(FAVOURED[kind, p.name])
    coded = CODED.get(kind, {}).get(p.name)
    words = p.codes or (tuple(code_list(coded)) if coded else WORDS.get(p.name, ("words",)))
    return chance.choice(words)


def _date(p: Property, chance: Random, begins: date, span: Span) -> date | None:
    """The day something begins, or one after it; in untidy records any day, or none."""
    if not span.tidy and chance.random() < 0.5:
        return chance.choice((None, span.day(chance), begins))
    if p.name in ("recorded_on", "made_on"):
        near = begins + timedelta(days=chance.choice((0, 3, 20)))
        return near if chance.random() < 0.3 else None
    if p.begins and (p.required or chance.random() < 0.9 or span.first > 0):
        return begins
    if p.begins or chance.random() < 0.5:
        return None
    later = chance.choice((1, 7, 28, 60, 200))
    turn = chance.choice([d for d in span.turns if d > begins] or [begins + timedelta(days=later)])
    return turn if chance.random() < 0.3 else begins + timedelta(days=later)


def _linked(name: str, to: Sequence[str], chance: Random, pool: dict[str, list[str]], span: Span) -> tuple[str, ...]:
    if name == "about":
        return ("Ash",) if span.tidy or chance.random() < 0.8 else ()
    among = [i for k in to for i in pool.get(k, ())]
    return tuple(sorted({chance.choice(among) for _ in range(chance.choice((0, 1, 1, 2)))})) if among else ()


def _one(ends: Sequence[str], chance: Random, pool: dict[str, list[str]]) -> str:
    if "Child" in ends:
        return "Ash"
    among = [i for k in ends for i in pool.get(k, ())]
    return chance.choice(among) if among else ""


# --- what loads cover ---


def coverage(number: int, span: Span = Span()) -> tuple[Coverage, ...]:
    """What loads cover: everything, nothing, or table by table all, some days, some parts or none."""
    chance = Random(number)
    first, last = DAY + timedelta(days=EARLIEST - 6000), DAY + timedelta(days=span.last)
    whole = [Coverage(table, None, first, last) for table in by_table()]
    case = chance.random()
    if case < 0.25:
        return tuple(whole)
    return tuple(each for one in whole for each in _some(one, chance)) if case < 0.9 else ()


def _some(one: Coverage, chance: Random) -> list[Coverage]:
    case = chance.random()
    if case < 0.25:
        return []
    if case < 0.7:
        return [one]
    if case < 0.85 or one.table not in PARTS:
        begin = DAY + timedelta(days=chance.randint(EARLIEST, -30))
        end = begin + timedelta(days=chance.randint(30, 900))
        return [dataclasses.replace(one, start=begin, end=end, full=chance.random() < 0.9)]
    return [dataclasses.replace(one, of=part) for part in PARTS[one.table] if chance.random() < 0.6]


# --- strategies ---

number = st.integers(0, 2**32 - 1)
numbers = st.lists(number, min_size=20, max_size=70, unique=True)
days = st.sampled_from([DAY, DAY - timedelta(days=1), date(2024, 2, 29), date(2023, 9, 1), date(2022, 6, 15)])


def childhoods(tidy: bool = True) -> st.SearchStrategy[Records]:
    """Records of one child."""
    history = st.lists(number, min_size=1, max_size=7, unique=True)
    return st.builds(childhood, number, history, numbers, number, st.just(Span(tidy=tidy)))
