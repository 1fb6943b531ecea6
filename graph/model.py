"""What the graph holds: every kind of node and relationship, written once.

Each kind is a frozen dataclass. Its docstring says what it means, `table` names its CSV, `key` its natural
key; each field says what it means and which codes it takes. Constraints, indexes, the checks on the tables,
the templates, the schema page and the records that the rules read all derive from here.

Dates are half-open: `start` is the first day a thing holds, `end` the first day it no longer holds.
"""

from __future__ import annotations

import dataclasses
import types
import typing
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, ClassVar, Literal, TypeVar, get_args, get_origin

PropertyType = Literal["text", "date", "integer", "number", "flag", "list", "bytes"]


@dataclass(frozen=True)
class Property:
    """One property of a kind, as the tables, the server and the documentation need to know it."""

    name: str
    type: PropertyType
    meaning: str
    codes: tuple[str, ...] = ()
    required: bool = False
    begins: bool = False  # before this date the record does not exist
    known_on: str | None = None  # the date property from which this one is known
    private: bool = False  # names, identifiers and free text: never shown in a report
    in_tables: bool = True  # False where only the software itself writes it
    refers: tuple[str, ...] = ()  # the kinds whose id it holds
    stored: bool = True  # False where it only helps to tell one record from another


@dataclass(frozen=True)
class Link:
    """A one-way link of a node: a column of its table, a relationship in the graph."""

    name: str
    relationship: str
    to: tuple[str, ...]
    meaning: str


def prop(
    meaning: str,
    *,
    codes: tuple[str, ...] = (),
    required: bool = False,
    begins: bool = False,
    known_on: str | None = None,
    private: bool = False,
    in_tables: bool = True,
    refers: tuple[str, ...] = (),
    stored: bool = True,
    default: tuple[str, ...] | None = None,
) -> Any:
    """A property: its meaning, the codes it takes, and when it becomes known."""
    options = dict(
        codes=codes,
        required=required,
        begins=begins,
        known_on=known_on,
        private=private,
        in_tables=in_tables,
        refers=refers,
        stored=stored,
    )
    return field(default=default, metadata={"meaning": meaning, **options})


def link(relationship: str, *to: str, meaning: str) -> Any:
    """A link: which relationship it becomes, and the kinds it may point at."""
    return field(default=(), metadata={"meaning": meaning, "relationship": relationship, "to": to})


# Properties that many kinds share, so that they mean the same everywhere.
def _start() -> Any:
    return prop("first day it holds", begins=True)


def _end() -> Any:
    return prop("first day it no longer holds; blank = open", known_on="end")


def _recorded_on() -> Any:
    return prop("day it was written down, where the source says so", begins=True)


def _about() -> Any:
    return link("ABOUT", "Child", meaning="the child it is about")


def _recorded_by() -> Any:
    return link("RECORDED_BY", "Agency", meaning="the agencies in whose records it stands")


@dataclass(frozen=True, kw_only=True)
class Node:
    """A thing: found by `id`, which is a hash of its natural key, and supported by `sources`."""

    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    id: str
    sources: tuple[str, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Relationship:
    """What joins two nodes: `from_id` and `to_id` are their ids."""

    type: ClassVar[str]
    table: ClassVar[str]
    key: ClassVar[tuple[str, ...]]
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]]
    id: str
    from_id: str
    to_id: str
    sources: tuple[str, ...] = ()


Record = Node | Relationship
Kind = type[Node] | type[Relationship]

# --- people and places -----------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Child(Node):
    """A child or young person. `id` is the authority's code and its own number; `ref` is what URLs say."""

    table: ClassVar[str] = "children"
    key: ClassVar[tuple[str, ...]] = ("local_id",)
    ref: str | None = prop("random, meaningless name of the record, for URLs and logs", in_tables=False)
    authority: str | None = prop("ONS code of the authority that first loaded the child", in_tables=False)
    local_id: str | None = prop("the authority's own number for the child", private=True)
    name: str | None = prop("name", private=True)
    born: date | None = prop("date of birth")
    expected: date | None = prop("expected date of birth, before birth")
    sex: str | None = prop("sex", codes=("female", "male", "unknown"))
    ethnicity: str | None = prop("ethnicity, DfE code")
    upn: str | None = prop("unique pupil number", private=True)
    nhs_number: str | None = prop("NHS number", private=True)
    uasc: bool | None = prop("unaccompanied asylum-seeking child")
    known_since: date | None = prop("day social care first knew the child, only where a source says it")
    restricted: bool | None = prop("record restricted to named people")
    aliases: tuple[str, ...] = prop("other local numbers: earlier ones, another authority's", default=())
    synthetic: bool | None = prop("invented, or with invented dates")


@dataclass(frozen=True, kw_only=True)
class Professional(Node):
    """A person who works with children."""

    table: ClassVar[str] = "professionals"
    key: ClassVar[tuple[str, ...]] = ("registration", "staff_id", "name")
    name: str | None = prop("name", private=True)
    registration: str | None = prop("registration number (Social Work England: SW and digits)", private=True)
    staff_id: str | None = prop(
        "number in the agency's own staff list; where another row gives a registration with it, the same worker",
        private=True,
    )
    login: str | None = prop("sign-in name", private=True)
    identified: bool | None = prop("no where the source gives a worker without saying who (XX in a 903)")


AGENCY_KINDS = (
    "social care",
    "health",
    "camhs",
    "police",
    "school",
    "virtual school",
    "early help",
    "youth justice",
    "provider",
    "court",
    "voluntary",
    "advocacy",
    "housing",
    "adult services",
    "other",
)


@dataclass(frozen=True, kw_only=True)
class Agency(Node):
    """An organisation or service. A school is one of kind `school`, and carries the label School too."""

    table: ClassVar[str] = "agencies"
    key: ClassVar[tuple[str, ...]] = ("kind", "name")
    kind: str | None = prop("what it is", codes=AGENCY_KINDS, required=True)
    name: str | None = prop("name", required=True, private=True)
    service: str | None = prop("the service it gives, where its kind says too little")
    phase: str | None = prop("of a school", codes=("primary", "secondary", "special", "other"))


@dataclass(frozen=True, kw_only=True)
class Team(Node):
    """A team within an agency."""

    table: ClassVar[str] = "teams"
    key: ClassVar[tuple[str, ...]] = ("part_of", "name")
    name: str | None = prop("name", required=True, private=True)
    part_of: tuple[str, ...] = link("PART_OF", "Agency", meaning="the agency it belongs to")


@dataclass(frozen=True, kw_only=True)
class Placement(Node):
    """The home: a registered building by its URN, a foster home by child, service and postcode."""

    table: ClassVar[str] = "placements"
    key: ClassVar[tuple[str, ...]] = ("urn", "postcode", "name")
    urn: str | None = prop("Ofsted registration number")
    kind: str | None = prop("in words: foster home, children's home, supported accommodation …")
    provider: str | None = prop("who provides it, 903 code PR0–PR5")
    postcode_sector: str | None = prop("postcode without its last two letters", private=True)
    postcode: str | None = prop("postcode: tells homes apart, and never reaches the graph", private=True, stored=False)
    name: str | None = prop("name", private=True)


@dataclass(frozen=True, kw_only=True)
class LocalAuthority(Node):
    """An upper-tier authority of England, or a nation beside it."""

    table: ClassVar[str] = "local_authorities"
    key: ClassVar[tuple[str, ...]] = ("code",)
    code: str | None = prop("ONS code", required=True)
    old_codes: tuple[str, ...] = prop("codes it had before", default=())
    name: str | None = prop("name")
    region: str | None = prop("region")
    nation: str | None = prop("nation")
    start: date | None = prop("first day it existed")
    end: date | None = prop("first day it no longer existed")


@dataclass(frozen=True, kw_only=True)
class Person(Node):
    """Someone in the child's own life: parent, carer, relative, friend, trusted adult."""

    table: ClassVar[str] = "persons"
    key: ClassVar[tuple[str, ...]] = ("name", "kind", "related")
    name: str | None = prop("name", private=True)
    kind: str | None = prop("who they are: mother, father, carer, sibling outside care, trusted adult …")


# --- what happens ----------------------------------------------------------------------------------------

MEETING_KINDS = (
    "review",
    "strategy discussion",
    "initial child protection conference",
    "review child protection conference",
    "core group",
    "pep",
    "team around the child",
    "child in need",
    "placement planning",
    "visit",
    "joint visit",
    "call",
    "email",
    "family time",
    "other",
)


@dataclass(frozen=True, kw_only=True)
class Meeting(Node):
    """A recorded exchange about or with the child: reviews, conferences, visits, calls, family time."""

    table: ClassVar[str] = "meetings"
    key: ClassVar[tuple[str, ...]] = ("about", "kind", "on", "who")
    kind: str | None = prop("what it was", codes=MEETING_KINDS, required=True)
    on: date | None = prop("day", required=True, begins=True)
    recorded_on: date | None = _recorded_on()
    due: date | None = prop("day it was due, where the source says so")
    status: str | None = prop("held unless said otherwise", codes=("held", "cancelled", "adjourned"))
    seen: bool | None = prop("the child was seen")
    alone: bool | None = prop("the child was seen alone")
    participation: str | None = prop("how the child took part in a review, 903 code PN0–PN7")
    chair: str | None = prop("role of who chaired")
    about: tuple[str, ...] = _about()
    recorded_by: tuple[str, ...] = _recorded_by()


PLAN_KINDS = (
    "care",
    "permanence",
    "placement",
    "health",
    "pep",
    "pathway",
    "safety",
    "child protection",
    "child in need",
    "family time",
    "multi-agency",
)


@dataclass(frozen=True, kw_only=True)
class Plan(Node):
    """A plan for the child: one record a version."""

    table: ClassVar[str] = "plans"
    key: ClassVar[tuple[str, ...]] = ("about", "kind", "version|made_on|start")
    kind: str | None = prop("what it plans", codes=PLAN_KINDS, required=True)
    version: str | None = prop("version, where they are numbered")
    start: date | None = _start()
    end: date | None = _end()
    made_on: date | None = prop("day it was written", begins=True)
    recorded_on: date | None = _recorded_on()
    interval: int | None = prop("of a family time plan: days between times")
    about: tuple[str, ...] = _about()
    part_of: tuple[str, ...] = link("PART_OF", "Plan", meaning="the plan it is part of")
    replaces: tuple[str, ...] = link("REPLACES", "Plan", meaning="the version it replaces")
    considered_at: tuple[str, ...] = link("CONSIDERED_AT", "Meeting", meaning="meetings that considered it")
    recorded_by: tuple[str, ...] = _recorded_by()
    with_: tuple[str, ...] = link("WITH", "Person", meaning="of a family time plan: with whom")
    addresses: tuple[str, ...] = link("ADDRESSES", "Need", meaning="needs it addresses")


ASSESSMENT_KINDS = (
    "initial health assessment",
    "review health assessment",
    "health assessment",
    "dental check",
    "immunisations",
    "development check",
    "sdq",
    "substance misuse",
    "exploitation",
    "child and family",
    "s47",
    "pathway needs",
    "other",
)


@dataclass(frozen=True, kw_only=True)
class Assessment(Node):
    """An assessment or check, with its result where one is recorded."""

    table: ClassVar[str] = "assessments"
    key: ClassVar[tuple[str, ...]] = ("about", "kind", "on")
    kind: str | None = prop("what was assessed", codes=ASSESSMENT_KINDS, required=True)
    on: date | None = prop("day; a yearly flag of the 903 stands on 31 March", required=True, begins=True)
    recorded_on: date | None = _recorded_on()
    by_role: str | None = prop("role of who made it")
    result: str | None = prop("result: a score, a level, yes or no")
    about: tuple[str, ...] = _about()
    considered_at: tuple[str, ...] = link("CONSIDERED_AT", "Meeting", meaning="meetings that considered it")
    recorded_by: tuple[str, ...] = _recorded_by()


@dataclass(frozen=True, kw_only=True)
class Need(Node):
    """A need of the child, a diagnosis and exploitation among them."""

    table: ClassVar[str] = "needs"
    key: ClassVar[tuple[str, ...]] = ("about", "kind", "identified_on")
    kind: str | None = prop("what is needed: diagnosis, exploitation, mental health, education …", required=True)
    identified_on: date | None = prop("day it was identified", required=True, begins=True)
    recorded_on: date | None = _recorded_on()
    met: date | None = prop("day it was met", known_on="met")
    about: tuple[str, ...] = _about()
    recorded_by: tuple[str, ...] = _recorded_by()


@dataclass(frozen=True, kw_only=True)
class Referral(Node):
    """A request to a service."""

    table: ClassVar[str] = "referrals"
    key: ClassVar[tuple[str, ...]] = ("about", "to", "need", "made")
    need: str | None = prop("the need it is for", required=True)
    made: date | None = prop("day it was made", required=True, begins=True)
    recorded_on: date | None = _recorded_on()
    clock_start: date | None = prop("day from which the wait is counted")
    first_contact: date | None = prop("day of the first contact", known_on="first_contact")
    closed: date | None = prop("day it was closed", known_on="closed")
    closed_reason: str | None = prop("why it was closed", known_on="closed")
    outcome: str | None = prop("what came of it", known_on="closed")
    about: tuple[str, ...] = _about()
    to: tuple[str, ...] = link("TO", "Agency", "Professional", meaning="to whom")
    by: tuple[str, ...] = link("BY", "Professional", "Agency", meaning="by whom")
    addresses: tuple[str, ...] = link("ADDRESSES", "Need", meaning="needs it addresses")
    continues: tuple[str, ...] = link("CONTINUES", "Referral", meaning="the referral whose clock it keeps")


EVENT_KINDS = (
    "missing",
    "away",
    "exclusion",
    "self-harm",
    "suicide attempt",
    "arrest",
    "police called to placement",
    "physical intervention",
    "assault or threat",
    "substance misuse",
    "mental health detention",
    "custody",
    "notice by carer",
    "death of someone close",
)


@dataclass(frozen=True, kw_only=True)
class Event(Node):
    """Something that happened to or with the child."""

    table: ClassVar[str] = "events"
    key: ClassVar[tuple[str, ...]] = ("about", "kind", "on")
    kind: str | None = prop("what happened", codes=EVENT_KINDS, required=True)
    on: date | None = prop("day it began", required=True, begins=True)
    recorded_on: date | None = _recorded_on()
    end: date | None = prop("day it was over: of a missing period, the day of return", known_on="end")
    interview_on: date | None = prop("day of the return interview", known_on="interview_on")
    response_on: date | None = prop("day someone responded", known_on="response_on")
    about: tuple[str, ...] = _about()
    recorded_by: tuple[str, ...] = _recorded_by()


@dataclass(frozen=True, kw_only=True)
class Recommendation(Node):
    """What a meeting asked for."""

    table: ClassVar[str] = "recommendations"
    key: ClassVar[tuple[str, ...]] = ("about", "about_what", "service", "made_on")
    about_what: str | None = prop("what it asks for", required=True)
    service: str | None = prop("the service it asks for")
    made_on: date | None = prop("day", required=True, begins=True)
    done_on: date | None = prop("day it was done", known_on="done_on")
    about: tuple[str, ...] = _about()
    made_at: tuple[str, ...] = link("MADE_AT", "Meeting", meaning="the meeting that made it")


@dataclass(frozen=True, kw_only=True)
class Decision(Node):
    """A decision about the child: an approval, a closure, a step-down, a move."""

    table: ClassVar[str] = "decisions"
    key: ClassVar[tuple[str, ...]] = ("about", "kind", "change", "on")
    kind: str | None = prop(
        "what was decided", codes=("placement approval", "closure", "step-down", "move"), required=True
    )
    change: str | None = prop("the stay or plan it changes, as `Kind:id`", refers=("PlacedAt", "Plan"))
    on: date | None = prop("day", required=True, begins=True)
    by_role: str | None = prop("role of who decided")
    informed_child_on: date | None = prop("day the child was told", known_on="informed_child_on")
    about: tuple[str, ...] = _about()
    made_at: tuple[str, ...] = link("MADE_AT", "Meeting", meaning="the meeting that made it")


@dataclass(frozen=True, kw_only=True)
class Alert(Node):
    """A concern that one agency raises with another; an IRO's challenge and a dispute are alerts too."""

    table: ClassVar[str] = "alerts"
    key: ClassVar[tuple[str, ...]] = ("about", "kind", "raised", "by", "to")
    kind: str | None = prop("what it is", codes=("concern", "iro challenge", "dispute resolution"), required=True)
    raised: date | None = prop("day it was raised", required=True, begins=True)
    answered_on: date | None = prop("day it was answered", known_on="answered_on")
    escalated_on: date | None = prop("day it was escalated", known_on="escalated_on")
    escalated_to: str | None = prop("role it was escalated to", known_on="escalated_on")
    about: tuple[str, ...] = _about()
    to: tuple[str, ...] = link("TO", "Agency", "Professional", meaning="to whom")
    by: tuple[str, ...] = link("BY", "Agency", "Professional", meaning="by whom")


@dataclass(frozen=True, kw_only=True)
class Notice(Node):
    """Who was told of a placement or a change, the child included."""

    table: ClassVar[str] = "notices"
    key: ClassVar[tuple[str, ...]] = ("about", "change", "recipient", "sent_on")
    change: str | None = prop(
        "the stay, plan or involvement it tells of, as `Kind:id`", refers=("PlacedAt", "Plan", "Involvement")
    )
    recipient: str | None = prop("role of who was told", required=True)
    sent_on: date | None = prop("day", required=True, begins=True)
    about: tuple[str, ...] = _about()
    to: tuple[str, ...] = link("TO", "Agency", "Professional", "Person", "Child", "LocalAuthority", meaning="to whom")
    by: tuple[str, ...] = link("BY", "Agency", "Professional", meaning="by whom")


@dataclass(frozen=True, kw_only=True)
class View(Node):
    """What the child said or showed."""

    table: ClassVar[str] = "views"
    key: ClassVar[tuple[str, ...]] = ("about", "on", "medium", "about_what")
    on: date | None = prop("day", required=True, begins=True)
    medium: str | None = prop("how: in words, in writing, by an advocate, in play …")
    about_what: str | None = prop("what about: home, family time, school …", private=True)
    about: tuple[str, ...] = _about()
    considered_at: tuple[str, ...] = link("CONSIDERED_AT", "Meeting", meaning="meetings that considered it")
    informed: tuple[str, ...] = link("INFORMED", "Plan", "Decision", meaning="what it changed")
    heard_by: tuple[str, ...] = link("HEARD_BY", "Professional", meaning="who heard it")


# --- relationships ---------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Involvement(Relationship):
    """A professional, or an agency without a person, works with the child in a role."""

    type: ClassVar[str] = "INVOLVED_WITH"
    table: ClassVar[str] = "involved_with"
    key: ClassVar[tuple[str, ...]] = ("from", "to", "role", "start")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (("Professional", "Agency"), ("Child",))
    role: str | None = prop("role, one of the list in the template", required=True)
    local_role: str | None = prop("the role as the source writes it")
    service: str | None = prop("the service given, where the role says too little")
    need: str | None = prop("the need it is for")
    agency: str | None = prop("the agency the professional worked for at that time", refers=("Agency",))
    team: str | None = prop("the team at that time", refers=("Team",))
    start: date | None = prop("first day it holds", required=True, begins=True)
    end: date | None = _end()
    recorded_on: date | None = _recorded_on()
    start_reason: str | None = prop("why it began, 903 SW_REASON where that is the source")
    end_reason: str | None = prop("why it ended", known_on="end")


@dataclass(frozen=True, kw_only=True)
class WorksFor(Relationship):
    """A professional works for an agency."""

    type: ClassVar[str] = "WORKS_FOR"
    table: ClassVar[str] = "works_for"
    key: ClassVar[tuple[str, ...]] = ("from", "to", "start")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (("Professional",), ("Agency",))
    start: date | None = _start()
    end: date | None = _end()


@dataclass(frozen=True, kw_only=True)
class Serves(Relationship):
    """An agency serves an authority's area."""

    type: ClassVar[str] = "SERVES"
    table: ClassVar[str] = "serves"
    key: ClassVar[tuple[str, ...]] = ("from", "to", "start")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (("Agency",), ("LocalAuthority",))
    start: date | None = _start()
    end: date | None = _end()


@dataclass(frozen=True, kw_only=True)
class LooksAfter(Relationship):
    """An authority looks after the child: one a row of the 903's episodes."""

    type: ClassVar[str] = "LOOKS_AFTER"
    table: ClassVar[str] = "looks_after"
    key: ClassVar[tuple[str, ...]] = ("to", "start")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (("LocalAuthority",), ("Child",))
    legal_status: str | None = prop("legal status, 903 code")
    need: str | None = prop("category of need, 903 code N1–N8")
    start: date | None = prop("first day it holds", required=True, begins=True)
    end: date | None = _end()
    start_reason: str | None = prop("reason for the new episode, 903 code")
    end_reason: str | None = prop("reason the episode ceased, 903 code", known_on="end")


@dataclass(frozen=True, kw_only=True)
class LivesWith(Relationship):
    """A child who is not looked after lives with a person."""

    type: ClassVar[str] = "LIVES_WITH"
    table: ClassVar[str] = "lives_with"
    key: ClassVar[tuple[str, ...]] = ("from", "to", "start")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (("Child",), ("Person",))
    start: date | None = _start()
    end: date | None = _end()


@dataclass(frozen=True, kw_only=True)
class PlacedAt(Relationship):
    """The child lives in a home: one a row of the 903's episodes. `graph.records.stays` joins them."""

    type: ClassVar[str] = "PLACED_AT"
    table: ClassVar[str] = "placed_at"
    key: ClassVar[tuple[str, ...]] = ("from", "start")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (("Child",), ("Placement",))
    place_type: str | None = prop("type of placement, 903 code")
    provider: str | None = prop("who provides it, 903 code PR0–PR5")
    start: date | None = prop("first day it holds", required=True, begins=True)
    end: date | None = _end()
    start_reason: str | None = prop("reason for the new episode, 903 code")
    end_reason: str | None = prop("reason the episode ceased, 903 code", known_on="end")
    change_reason: str | None = prop("reason the placement changed, on the row that ends", known_on="end")
    miles: float | None = prop("straight line from home to placement, miles")
    carer_changed: bool | None = prop("the carer changed with it, where the source says so")
    temporary: bool | None = prop("a temporary stay that does not end the placement")
    unplanned: bool | None = prop("it ended unplanned, where the source says so", known_on="end")
    emergency: bool | None = prop("made in an emergency")
    until_18: bool | None = prop("meant to last to 18")
    basis: str | None = prop("what allows it: connected person, own foster carer, regulation 24 …")


@dataclass(frozen=True, kw_only=True)
class InArea(Relationship):
    """A home, school or person is in an authority's area."""

    type: ClassVar[str] = "IN_AREA"
    table: ClassVar[str] = "in_area"
    key: ClassVar[tuple[str, ...]] = ("from", "to", "start")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (
        ("Placement", "Agency", "Person"),
        ("LocalAuthority",),
    )
    start: date | None = _start()
    end: date | None = _end()


@dataclass(frozen=True, kw_only=True)
class Adjoins(Relationship):
    """Two authorities share a border."""

    type: ClassVar[str] = "ADJOINS"
    table: ClassVar[str] = "adjoins"
    key: ClassVar[tuple[str, ...]] = ("from", "to")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (("LocalAuthority",), ("LocalAuthority",))


@dataclass(frozen=True, kw_only=True)
class Provides(Relationship):
    """An agency provides a home."""

    type: ClassVar[str] = "PROVIDES"
    table: ClassVar[str] = "provides"
    key: ClassVar[tuple[str, ...]] = ("from", "to", "start")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (("Agency",), ("Placement",))
    start: date | None = _start()
    end: date | None = _end()


@dataclass(frozen=True, kw_only=True)
class Attends(Relationship):
    """The child is on a school's roll."""

    type: ClassVar[str] = "ATTENDS"
    table: ClassVar[str] = "attends"
    key: ClassVar[tuple[str, ...]] = ("from", "to", "start")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (("Child",), ("Agency",))
    start: date | None = prop("first day it holds", required=True, begins=True)
    end: date | None = _end()
    reason_end: str | None = prop("why it ended", known_on="end")


ATTENDANCE = ("present", "substitute", "sent report", "apologies", "not invited", "no record")


@dataclass(frozen=True, kw_only=True)
class Attended(Relationship):
    """Who was at a meeting or assessment, who sent a report, who was absent."""

    type: ClassVar[str] = "ATTENDED"
    table: ClassVar[str] = "attended"
    key: ClassVar[tuple[str, ...]] = ("from", "to")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (
        ("Professional", "Agency", "Person"),
        ("Meeting", "Assessment"),
    )
    how: str | None = prop("how", codes=ATTENDANCE, required=True)
    agency: str | None = prop("the agency the professional spoke for", refers=("Agency",))
    knew_case: bool | None = prop("knew the case")


@dataclass(frozen=True, kw_only=True)
class Holds(Relationship):
    """A professional has the plan or assessment in their own record, or was sent it."""

    type: ClassVar[str] = "HOLDS"
    table: ClassVar[str] = "holds"
    key: ClassVar[tuple[str, ...]] = ("from", "to", "start")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (("Professional",), ("Plan", "Assessment"))
    start: date | None = _start()
    end: date | None = _end()


@dataclass(frozen=True, kw_only=True)
class ObjectedTo(Relationship):
    """An agency, professional or person objected to a decision."""

    type: ClassVar[str] = "OBJECTED_TO"
    table: ClassVar[str] = "objected_to"
    key: ClassVar[tuple[str, ...]] = ("from", "to", "on")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (
        ("Agency", "Professional", "Person"),
        ("Decision",),
    )
    on: date | None = prop("day", begins=True)
    answered_on: date | None = prop("day it was answered", known_on="answered_on")
    escalated_on: date | None = prop("day it was escalated", known_on="escalated_on")


@dataclass(frozen=True, kw_only=True)
class RelatedTo(Relationship):
    """A person is related to the child."""

    type: ClassVar[str] = "RELATED_TO"
    table: ClassVar[str] = "related_to"
    key: ClassVar[tuple[str, ...]] = ("from", "to", "relation")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (("Person",), ("Child",))
    relation: str | None = prop("who they are to the child: mother, uncle, foster carer …", required=True)
    parental_responsibility: bool | None = prop("has parental responsibility")
    contact_order: bool | None = prop("a court order names them for contact")
    main_carer: bool | None = prop("is or was the main carer")
    start: date | None = _start()
    end: date | None = _end()


@dataclass(frozen=True, kw_only=True)
class SiblingOf(Relationship):
    """Two children are siblings."""

    type: ClassVar[str] = "SIBLING_OF"
    table: ClassVar[str] = "sibling_of"
    key: ClassVar[tuple[str, ...]] = ("from", "to")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (("Child",), ("Child",))


@dataclass(frozen=True, kw_only=True)
class Trusts(Relationship):
    """The child named someone as trusted."""

    type: ClassVar[str] = "TRUSTS"
    table: ClassVar[str] = "trusts"
    key: ClassVar[tuple[str, ...]] = ("from", "to", "said_on")
    reads: ClassVar[tuple[tuple[str, ...], tuple[str, ...]]] = (("Child",), ("Person", "Professional"))
    said_on: date | None = prop("day the child said so", begins=True)


# --- what the software itself writes ---------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Load(Node):
    """One load of one source: what it read and what it covered."""

    table: ClassVar[str] = "loads"
    key: ClassVar[tuple[str, ...]] = ()
    kind: str | None = prop("reader: ssda903, ssd, allocations or tables", in_tables=False)
    authority: str | None = prop("ONS code", in_tables=False)
    supplier: str | None = prop("who supplied it", in_tables=False)
    files: tuple[str, ...] = prop("names of the files", in_tables=False, default=())
    tables: tuple[str, ...] = prop("tables it fills", in_tables=False, default=())
    roles: tuple[str, ...] = prop("roles its involvements cover", in_tables=False, default=())
    coverage: tuple[str, ...] = prop("what it covers: `table|of|from|to|full`", in_tables=False, default=())
    covers_from: date | None = prop("first day covered", in_tables=False)
    covers_to: date | None = prop("last day covered", in_tables=False)
    full: bool | None = prop("everything of its kind in the period", in_tables=False)
    extracted_on: date | None = prop("day of the extract", in_tables=False)
    loaded_at: str | None = prop("when it was loaded", in_tables=False)
    rows: int | None = prop("rows read", in_tables=False)
    refused: int | None = prop("rows refused", in_tables=False)
    set_aside: int | None = prop("rows set aside", in_tables=False)
    unmatched: int | None = prop("rows that wait for a child not yet on record", in_tables=False)
    whose: str | None = prop("hash of which child each of its rows is about", in_tables=False)
    superseded_by: str | None = prop("the load that replaced it", in_tables=False)
    finished: bool | None = prop("all of it is written", in_tables=False)


@dataclass(frozen=True, kw_only=True)
class Kept(Node):
    """A table of a load's extract as it was checked, compressed: read again when it turns out whom it is about."""

    table: ClassVar[str] = "kept"
    key: ClassVar[tuple[str, ...]] = ()
    load: str | None = prop("the load", in_tables=False)
    table_: str | None = prop("the table", in_tables=False)
    part: int | None = prop("its place among the parts of a large table", in_tables=False)
    packed: bytes | None = prop("the columns, without full postcodes", in_tables=False, private=True)


@dataclass(frozen=True, kw_only=True)
class Analysis(Node):
    """One run of every rule over an authority; pages read the current one."""

    table: ClassVar[str] = "analyses"
    key: ClassVar[tuple[str, ...]] = ()
    authority: str | None = prop("ONS code", in_tables=False)
    as_at: date | None = prop("day it looks from", in_tables=False)
    started: str | None = prop("when it began", in_tables=False)
    finished: str | None = prop("when it ended", in_tables=False)
    current: bool | None = prop("the one pages read", in_tables=False)
    version: str | None = prop("version of the software", in_tables=False)
    parameters: str | None = prop("parameters that are not the default, JSON", in_tables=False)
    counts: str | None = prop("findings by rule and status, JSON", in_tables=False)


@dataclass(frozen=True, kw_only=True)
class FindingNode(Node):
    """A finding that was raised, or of the cohort one that cannot be said; label `Finding`."""

    table: ClassVar[str] = "findings"
    key: ClassVar[tuple[str, ...]] = ()
    key_: str | None = prop("same for the same rule, child and subject in every analysis", in_tables=False)
    analysis: str | None = prop("the analysis it belongs to", in_tables=False)
    rule: str | None = prop("rule id", in_tables=False)
    version: str | None = prop("version of the rule", in_tables=False)
    family: str | None = prop("family of rules", in_tables=False)
    fact: bool | None = prop("a fact: describes and never alarms", in_tables=False)
    subject: str | None = prop("`role:…` or `Kind:id`", in_tables=False)
    status: str | None = prop("raised, or not assessable of the cohort", in_tables=False)
    sentence: str | None = prop("what was found", in_tables=False)
    question: str | None = prop("what to ask", in_tables=False)
    measures: str | None = prop("numbers behind it, JSON", in_tables=False)
    parameters: str | None = prop("parameters used, JSON", in_tables=False)
    evidence: tuple[str, ...] = prop("`kind:id` of each record behind it", in_tables=False, default=())
    citation: str | None = prop("source of the rule", in_tables=False)
    reason: str | None = prop("what is missing", in_tables=False)
    about: tuple[str, ...] = _about()


NODES: tuple[type[Node], ...] = (
    Child, Professional, Agency, Team, Placement, LocalAuthority, Person, Meeting, Plan, Assessment, Need,
    Referral, Event, Recommendation, Decision, Alert, Notice, View,
)  # fmt: skip
WRITTEN_BY_US: tuple[type[Node], ...] = (Load, Kept, Analysis, FindingNode)
RELATIONSHIPS: tuple[type[Relationship], ...] = (
    Involvement, WorksFor, Serves, LooksAfter, LivesWith, PlacedAt, InArea, Adjoins, Provides, Attends,
    Attended, Holds, ObjectedTo, RelatedTo, SiblingOf, Trusts,
)  # fmt: skip

# Relationships that stand on a node's row as a column.
LINK_TYPES: tuple[str, ...] = (
    "ABOUT", "RECORDED_BY", "PART_OF", "REPLACES", "CONSIDERED_AT", "WITH", "ADDRESSES", "TO", "BY",
    "CONTINUES", "MADE_AT", "INFORMED", "HEARD_BY",
)  # fmt: skip

K = TypeVar("K", Node, Relationship)


def label(kind: type[Node]) -> str:
    """The label of a node kind in the graph."""
    return "Finding" if kind is FindingNode else kind.__name__


def column(name: str) -> str:
    """The name of a field in tables and in the graph: Python's `with_`, `from_id` read `with`, `from`."""
    return {"with_": "with", "from_id": "from", "to_id": "to", "key_": "key", "table_": "table"}.get(name, name)


def _type_of(annotation: Any) -> PropertyType:
    if get_origin(annotation) is tuple:
        return "list"
    options = [a for a in get_args(annotation) if a is not types.NoneType] or [annotation]
    known = {str: "text", date: "date", int: "integer", float: "number", bool: "flag", bytes: "bytes"}
    return known[options[0]]  # type: ignore[return-value]


def properties(kind: type[Node] | type[Relationship]) -> tuple[Property, ...]:
    """The properties of a kind, in order, without id, sources and links."""
    return _properties(kind)  # type: ignore[arg-type]  # a class is hashable


@cache
def _properties(kind: type[Node] | type[Relationship]) -> tuple[Property, ...]:
    hints = typing.get_type_hints(kind)
    return tuple(
        Property(column(f.name), _type_of(hints[f.name]), **f.metadata)
        for f in dataclasses.fields(kind)
        if "meaning" in f.metadata and "relationship" not in f.metadata
    )


def links(kind: type[Node] | type[Relationship]) -> tuple[Link, ...]:
    """The one-way links of a node kind; a relationship kind has none."""
    return _links(kind)  # type: ignore[arg-type]


@cache
def _links(kind: type[Node] | type[Relationship]) -> tuple[Link, ...]:
    return tuple(
        Link(column(f.name), f.metadata["relationship"], f.metadata["to"], f.metadata["meaning"])
        for f in dataclasses.fields(kind)
        if "relationship" in f.metadata
    )


def kinds() -> Iterator[type[Node] | type[Relationship]]:
    """Every kind that has a table."""
    yield from NODES
    yield from RELATIONSHIPS


@cache
def by_table() -> dict[str, type[Node] | type[Relationship]]:
    """Kinds by the name of their table."""
    return {kind.table: kind for kind in kinds()}


@cache
def by_label() -> dict[str, type[Node]]:
    """Node kinds by label."""
    return {label(kind): kind for kind in (*NODES, *WRITTEN_BY_US)}


@cache
def by_type() -> dict[str, type[Relationship]]:
    """Relationship kinds by type."""
    return {kind.type: kind for kind in RELATIONSHIPS}


def fields_of(kind: Kind) -> Mapping[str, str]:
    """The name in tables and in the graph of each field of a kind, and the field's own name."""
    return _fields_of(kind)  # type: ignore[arg-type]


@cache
def _fields_of(kind: Kind) -> Mapping[str, str]:
    return {column(f.name): f.name for f in dataclasses.fields(kind)}


def constraints() -> tuple[str, ...]:
    """Cypher that makes every id unique; all of it runs on Neo4j Community and any number of times."""
    nodes = [
        f"CREATE CONSTRAINT {label(k).lower()}_id IF NOT EXISTS FOR (n:{label(k)}) REQUIRE n.id IS UNIQUE"
        for k in (*NODES, *WRITTEN_BY_US)
    ]
    relationships = [
        f"CREATE CONSTRAINT {t.lower()}_id IF NOT EXISTS FOR ()-[r:{t}]-() REQUIRE r.id IS UNIQUE"
        for t in (*by_type(), *LINK_TYPES, "EVIDENCED_BY")
    ]
    return (*nodes, *relationships)


def indexes() -> tuple[str, ...]:
    """Cypher for the look-ups that pages and queries make; any number of times."""
    ranges = (
        ("Child", "ref"), ("Child", "upn"), ("Child", "nhs_number"), ("Finding", "analysis"),
        ("Finding", "rule"), ("Load", "authority"),
    )  # fmt: skip
    return tuple(
        f"CREATE INDEX {node.lower()}_{name} IF NOT EXISTS FOR (n:{node}) ON (n.{name})" for node, name in ranges
    )
