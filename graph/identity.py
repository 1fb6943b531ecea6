"""Who and what is the same: from ids that are local to one extract to ids that hold everywhere.

A record's id is a hash of its natural key (`model.md`), never a source's surrogate key, so that the same fact
from two files, or from two years of one return, is one record.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import pandas as pd

from graph.model import (
    RELATIONSHIPS,
    Agency,
    Alert,
    Assessment,
    Child,
    Decision,
    Event,
    Involvement,
    Kind,
    LocalAuthority,
    Meeting,
    Need,
    Node,
    Notice,
    Person,
    PlacedAt,
    Placement,
    Plan,
    Professional,
    Recommendation,
    Referral,
    Relationship,
    Team,
    View,
    label,
    links,
    properties,
)
from graph.plain import Row, Tables, folded, plain, rows_of
from graph.plain import hashed as hashed
from graph.reference import codes
from graph.register import Named, Register, register_of

# Exchanges with one person: two visits on a day by two people are two.
PERSONAL_MEETINGS = frozenset({"visit", "joint visit", "call", "email"})

# A kind stands after those its rows point at; stays and involvements come before what tells of them.
ORDER: tuple[Kind, ...] = (
    LocalAuthority, Child, Agency, Team, Professional, Person, Placement, PlacedAt, Involvement, Meeting, Assessment,
    Need, Plan, Referral, Event, Recommendation, Decision, Alert, Notice, View,
    *(kind for kind in RELATIONSHIPS if kind not in (PlacedAt, Involvement)),
)  # fmt: skip


@dataclass(frozen=True)
class Identified:
    """Tables whose ids hold everywhere.

    rows: by table, nodes before relationships, one dict a record: what it says (nothing for what it does not),
    `id` final, references `Kind:id` final, and `rows`, the `file:row` of every line behind it.
    unmatched: `file:row` of each line that waits for a child who is not on record yet.
    """

    rows: Mapping[str, list[Row]]
    unmatched: tuple[str, ...] = ()


@dataclass
class _Names:
    """What the natural keys need to know beyond their own row."""

    registrations: Mapping[str, str]  # staff number → registration, where another row or load gives it
    final: dict[str, str] = field(default_factory=dict)  # "Kind:local id" → "Kind:final id"
    children_at: dict[str, list[Row]] = field(default_factory=dict)  # placement → its placed_at rows
    related: dict[str, list[str]] = field(default_factory=dict)  # person → children
    attended_by: dict[str, list[str]] = field(default_factory=dict)  # meeting → who
    employed_by: dict[str, list[str]] = field(default_factory=dict)  # professional → agencies


def identify(tables: Mapping[str, pd.DataFrame], *, authority: str) -> Identified:
    """The rows of one extract as if nothing else were on record.

    tables: as `ingest.extract` describes. authority: ONS code.
    """
    given = plain(tables)
    return identified(given, authority, register_of([("", authority, None, given)]), "")


def identified(tables: Tables, authority: str, who: Register, load: str) -> Identified:
    """Give every row of an extract the id of its natural key, and join rows that are one record.

    authority: ONS code. who: whom the rows of this and every other load are about; a child who is not there is
    waited for. load: the extract's own in it.
    """
    found = list(each_kind(tables, authority, who, load))
    waiting = dict.fromkeys(line for each in found for line in each.waiting)
    ordered = sorted(found, key=lambda each: issubclass(each.kind, Relationship))
    return Identified({each.kind.table: each.rows for each in ordered if each.rows}, tuple(waiting))


@dataclass(frozen=True)
class OfKind:
    """The records of one kind, as `Identified.rows` has them, and the lines that wait for a child."""

    kind: Kind
    rows: list[Row]
    waiting: list[str]


def each_kind(tables: Tables, authority: str, who: Register, load: str) -> Iterator[OfKind]:
    """What `identified` gives, a kind at a time: each after those its rows point at."""
    read = {name: rows_of(columns) for name, columns in tables.items()}
    names = _Names(registrations=who.registrations_of(load))
    _name_children(read.get("children", []), who.of(load), names)
    _gather(read, names)
    for kind in ORDER:
        rows, waiting = _resolve(kind, read.pop(kind.table, []), authority, names)
        yield OfKind(kind, _joined(kind, rows), waiting)


def _name_children(rows: list[Row], children: Mapping[str, Named], names: _Names) -> None:
    """Name the children of the extract. Her number is that of her id, whichever of her numbers the row gives."""
    for row in rows:
        row.pop("aliases", None)
        named = children.get(row["id"])
        if named is None:
            continue
        names.final[f"Child:{row['id']}"] = f"Child:{named.id}"
        if "local_id" in row:
            row["local_id"] = named.id.partition("/")[2]
        if named.aliases:
            row["aliases"] = named.aliases


def _gather(read: Mapping[str, list[Row]], names: _Names) -> None:
    """Collect, from the relationship tables, what some nodes' natural keys are made of."""
    for row in read.get("placed_at", []):
        names.children_at.setdefault(str(row["to"]), []).append(row)
    for row in read.get("related_to", []):
        names.related.setdefault(str(row["from"]), []).append(str(row["to"]))
    for row in read.get("attended", []):
        names.attended_by.setdefault(str(row["to"]), []).append(str(row["from"]))
    for row in read.get("works_for", []):
        names.employed_by.setdefault(str(row["from"]), []).append(str(row["to"]))
    for row in read.get("involved_with", []):
        if row.get("agency"):
            names.employed_by.setdefault(str(row["from"]), []).append(str(row["agency"]))


@dataclass(frozen=True)
class _Pointing:
    """Which columns of a kind point at records. links: and whether at its own kind; refers: and whether at several."""

    ends: tuple[str, ...]
    links: tuple[tuple[str, bool], ...]
    refers: tuple[tuple[str, bool], ...]


@cache
def _pointing(kind: Kind) -> _Pointing:
    return _Pointing(
        ("from", "to") if issubclass(kind, Relationship) else (),
        tuple((one.name, kind.__name__ in one.to) for one in links(kind)),
        tuple((prop.name, len(prop.refers) > 1) for prop in properties(kind) if prop.refers),
    )


def _resolve(kind: Kind, rows: list[Row], authority: str, names: _Names) -> tuple[list[Row], list[str]]:
    """Rows with final ids and references; and the lines that wait for a child who is not on record."""
    pointing = _pointing(kind)  # type: ignore[arg-type]  # a class is hashable
    found, waiting = [], []
    for row in rows:
        final = _resolved(pointing, row, names.final)
        id = _id(kind, row, final, authority, names) if final else None
        if final is None or id is None:
            waiting.append(str(row["row"]))
            continue
        final["id"] = id
        final["rows"] = (final.pop("row"),)
        found.append(final)
    for name in (name for name, own in pointing.links if own):  # a plan may point at a later line
        for final in found:
            if final.get(name):
                final[name] = _linked(final[name], names.final)
    return found, waiting


def _resolved(pointing: _Pointing, row: Row, finals: Mapping[str, str]) -> Row | None:
    """The row with every reference final, or None where it needs a child who is not on record."""
    final = dict(row)
    for name in pointing.ends:
        target = _final(row[name], finals)
        if target is None:
            return None
        final[name] = target
    for name, own in pointing.links:
        if name in row and not own:
            if name == "about" and not all(_final(r, finals) for r in row[name]):
                return None
            final[name] = _linked(row[name], finals)
    for name, several in pointing.refers:
        if name in row:
            target = _final(final.pop(name), finals)
            if target:  # a change keeps its kind (a stay or a plan); where one kind is possible the id alone will do
                final[name] = target if several else target.partition(":")[2]
    return final


def _linked(references: Iterable[str], finals: Mapping[str, str]) -> tuple[str, ...]:
    return tuple(sorted({found for r in references if (found := _final(r, finals))}))


def _final(reference: str, finals: Mapping[str, str]) -> str | None:
    return finals.get(reference) or (reference if reference.startswith("LocalAuthority:") else None)


def _id(kind: Kind, row: Row, final: Row, authority: str, names: _Names) -> str | None:
    """The id of a row, by which others of the extract find it from now on; None of a child who is waited for."""
    if issubclass(kind, Relationship):
        id = hashed(kind.type, *_key_values(kind, final))
        if "id" in row:
            names.final[f"{kind.__name__}:{row['id']}"] = f"{kind.__name__}:{id}"
        return id
    reference = f"{label(kind)}:{row['id']}"
    if reference not in names.final and kind is not Child:
        names.final[reference] = f"{label(kind)}:{_node_id(kind, row, final, authority, names)}"
    known = names.final.get(reference)
    return known and known.partition(":")[2]


@cache
def _key_parts(kind: Kind) -> tuple[tuple[str, tuple[str, ...], bool], ...]:
    """Each part of a natural key, its columns, and whether they point at a record."""
    refers = {"from", "to", *(prop.name for prop in properties(kind) if prop.refers)}
    return tuple((part, tuple(part.split("|")), part in refers) for part in kind.key)


def _key_values(kind: Kind, final: Row) -> list[Any]:
    """The values of a natural key: `a|b` takes the first that is there; links are already sorted."""
    values: list[Any] = []
    for part, columns, refers in _key_parts(kind):  # type: ignore[arg-type]
        if len(columns) == 1:
            # Numbers of two children may differ in case only: a reference is taken as it stands.
            values.append(final.get(part) if refers else _folded(final.get(part)))
        else:
            name = next((n for n in columns if final.get(n) is not None), part)
            values.append(f"{name}={_folded(final.get(name))}")
    return values


def _folded(value: Any) -> Any:
    """Names that differ in case or spacing only are the same."""
    if isinstance(value, str):
        return folded(value)
    if isinstance(value, tuple):
        return ";".join(sorted(value)) if value else None
    return value


def _node_id(kind: type[Node], row: Row, final: Row, authority: str, names: _Names) -> str:
    reference = f"{label(kind)}:{row['id']}"
    if kind is LocalAuthority:
        return str(final["code"])
    if kind is Professional:
        return hashed("Professional", *_professional_key(row, reference, authority, names))
    if kind is Placement:
        return hashed("Placement", *_placement_key(row, reference, names))
    if kind is Person:
        related = sorted(r for c in names.related.get(reference, []) if (r := names.final.get(c)))
        own = None if final.get("name") and related else row["id"]
        return hashed("Person", authority, _folded(final.get("name")), _folded(final.get("kind")), *related, own)
    if kind is Meeting:
        personal = final.get("kind") in PERSONAL_MEETINGS
        who = sorted(r for p in names.attended_by.get(reference, []) if (r := names.final.get(p))) if personal else ()
        return hashed("Meeting", final.get("about", ()), final["kind"], final["on"], *who)
    return hashed(label(kind), *_key_values(kind, final))


def _professional_key(row: Row, reference: str, authority: str, names: _Names) -> tuple[Any, ...]:
    """Registration, her own or the one told for her staff number; else that; else name and agency; else the id."""
    if row.get("identified") is not False:
        if row.get("registration"):
            return ("registration", _folded(row["registration"]))
        if row.get("staff_id"):
            number = folded(row["staff_id"])
            known = names.registrations.get(number)
            return ("registration", known) if known else ("staff", authority, number)
        if row.get("name"):
            agencies = sorted({r for a in names.employed_by.get(reference, []) if (r := names.final.get(a))})
            return ("name", authority, _folded(row["name"]), *agencies)
    return ("own", authority, row["id"])


def _placement_key(row: Row, reference: str, names: _Names) -> tuple[Any, ...]:
    """The URN of a registered building; else child, URN, (hash of the) postcode and name; else child and start."""
    stays = names.children_at.get(reference, [])
    types = {s.get("place_type") for s in stays}
    if row.get("urn") and (types & codes.REGISTERED_BUILDINGS or not types - {None}):
        return ("urn", _folded(row["urn"]))
    children = sorted({r for s in stays if (r := names.final.get(str(s["from"])))})
    telling = [_folded(row.get(n)) for n in ("urn", "postcode", "name")]
    if any(telling):
        return ("home", *children, *telling)
    return ("stay", *children, *sorted(str(s.get("start")) for s in stays)) if stays else ("own", row["id"])


def _joined(kind: Kind, rows: Iterable[Row]) -> list[Row]:
    """One row a record: a later line fills in what it says; links, lists and lines are put together."""
    found: dict[str, Row] = {}
    many = {"rows", *(one.name for one in links(kind)), *(p.name for p in properties(kind) if p.type == "list")}
    for row in rows:
        before = found.setdefault(row["id"], row)
        if before is row:
            continue
        for name, value in row.items():
            if name in many:
                before[name] = tuple(dict.fromkeys((*before.get(name, ()), *value)))
            else:
                before[name] = value
    return list(found.values())
