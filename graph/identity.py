"""Who and what is the same: from ids that are local to one extract to ids that hold everywhere.

A record's id is a hash of its natural key (`model.md`), never a source's surrogate key, so that the same fact
from two files, or from two years of one return, is one record.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
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
from graph.reference import codes

Row = dict[str, Any]
Known = Mapping[tuple[str, str], str]
NOBODY: Known = {}

# Exchanges with one person: two visits on a day by two people are two.
PERSONAL_MEETINGS = frozenset({"visit", "joint visit", "call", "email"})

# A kind stands after those its natural key refers to; stays come before what tells of them.
ORDER: tuple[type[Node], ...] = (
    LocalAuthority, Child, Agency, Team, Professional, Person, Placement, Meeting, Assessment, Need, Plan,
    Referral, Event, Recommendation, Decision, Alert, Notice, View,
)  # fmt: skip


@dataclass(frozen=True)
class Identified:
    """Tables whose ids hold everywhere.

    rows: by table, one dict a record: the columns of its kind with `id` final, references `Kind:id` final,
    and `rows`, the `file:row` of every line behind it.
    unmatched: `file:row` of each line that waits for a child who is not on record yet.
    """

    rows: Mapping[str, list[Row]]
    unmatched: tuple[str, ...] = ()


@dataclass
class _Names:
    """What the natural keys need to know beyond their own row."""

    final: dict[str, str] = field(default_factory=dict)  # "Kind:local id" → "Kind:final id"
    children_at: dict[str, list[Row]] = field(default_factory=dict)  # placement → its placed_at rows
    related: dict[str, list[str]] = field(default_factory=dict)  # person → children
    attended_by: dict[str, list[str]] = field(default_factory=dict)  # meeting → who
    employed_by: dict[str, list[str]] = field(default_factory=dict)  # professional → agencies


def hashed(*parts: Any) -> str:
    """16 hexadecimal characters of a SHA-256 over the parts of a natural key."""
    text = "\x1f".join("" if part is None else str(part) for part in parts)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def child_id(authority: str, local_id: str) -> str:
    """A child's id: the ONS code of the authority that first loads the child, and its own number."""
    return f"{authority}/{local_id}"


def identify(tables: Mapping[str, pd.DataFrame], *, authority: str, known: Known = NOBODY) -> Identified:
    """Give every row of an extract's tables the id of its natural key, and join rows that are one record.

    tables: as `ingest.extract` describes. authority: ONS code. known: ids of children on record, by
    ("local_id", id), ("nhs_number", n) and ("upn", n).
    """
    read = {name: _rows(frame) for name, frame in tables.items() if len(frame)}
    names = _Names()
    unmatched = _find_children(read.get("children", []), authority, known, names)
    _gather(read, names)
    for node in ORDER:
        if node is Decision:  # a decision, and what follows, may refer to a stay
            _name_stays(read.get("placed_at", []), names)
        _name(node, read.get(node.table, []), authority, names)
    joined: dict[str, list[Row]] = {}
    everything: tuple[Kind, ...] = (*ORDER, *RELATIONSHIPS)
    for kind in everything:
        rows, waiting = _resolve(kind, read.get(kind.table, []), names)
        unmatched += waiting
        if rows:
            joined[kind.table] = _joined(kind, rows)
    return Identified(joined, tuple(dict.fromkeys(unmatched)))


def _rows(frame: pd.DataFrame) -> list[Row]:
    return [{str(k): _blank(v) for k, v in row.items()} for row in frame.to_dict("records")]


def _blank(value: Any) -> Any:
    if value is None or isinstance(value, tuple | list):
        return tuple(value) if value else None
    return None if value == "" or value != value else value  # NaN is not equal to itself


def _find_children(rows: list[Row], authority: str, known: Known, names: _Names) -> list[str]:
    """Name the children of the extract; the lines of those who are not on record and have no local id."""
    numbered = [row for row in rows if row.get("local_id")]
    numbers: dict[tuple[str, str], set[str]] = {}
    for row in numbered:
        for key in _exact(row):
            numbers.setdefault(key, set()).add(str(row["local_id"]))
    here: dict[tuple[str, str], set[str]] = {}  # exact key → the children of this extract who have it
    for row in numbered:
        child = _numbered(row, authority, known, [k for k in _exact(row) if len(numbers[k]) == 1])
        names.final[f"Child:{row['id']}"] = f"Child:{child}"
        for key in _exact(row):
            here.setdefault(key, set()).add(child)
    waiting = []
    for row in rows:
        if row.get("local_id"):
            continue
        either = [here.get(key, set()) | ({known[key]} if key in known else set()) for key in _exact(row)]
        only = next((next(iter(found)) for found in either if len(found) == 1), None)
        if only:
            names.final[f"Child:{row['id']}"] = f"Child:{only}"
        else:
            waiting.append(str(row["row"]))
    return waiting


def _exact(row: Row) -> list[tuple[str, str]]:
    """The numbers that tell a child wherever she is: NHS number, then UPN."""
    given = [(key, str(row[key])) for key in ("nhs_number", "upn") if row.get(key)]
    return [(key, value) for key, value in given if value not in codes.NO_UPN]


def _numbered(row: Row, authority: str, known: Known, keys: Iterable[tuple[str, str]]) -> str:
    """The child of an authority's own number, or of one it had before; else of a number of another's child.

    Within one authority its own number decides: a UPN typed wrong must not join two children.
    """
    own = child_id(authority, str(row["local_id"]))
    aliases = [child_id(authority, alias) for alias in row.get("aliases") or ()]
    on_record = [known["local_id", number] for number in (own, *aliases) if ("local_id", number) in known]
    elsewhere = [known[key] for key in keys if key in known and not known[key].startswith(f"{authority}/")]
    return next(iter((*on_record, *elsewhere)), own)


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


def _name(kind: type[Node], rows: list[Row], authority: str, names: _Names) -> None:
    """Give each row of a node table its final id; a row that waits for its child gets none."""
    for row in rows:
        reference = f"{label(kind)}:{row['id']}"
        if reference not in names.final and kind is not Child:
            final = _resolved(kind, row, names)
            if final is not None:
                names.final[reference] = f"{label(kind)}:{_node_id(kind, row, final, authority, names)}"


def _resolve(kind: Kind, rows: list[Row], names: _Names) -> tuple[list[Row], list[str]]:
    """Rows with final ids and references; and the lines that wait for a child who is not on record."""
    found, waiting = [], []
    for row in rows:
        final = _resolved(kind, row, names)
        own = names.final.get(f"{kind.__name__}:{row['id']}") if issubclass(kind, Node) else ""
        if final is None or own is None:
            waiting.append(str(row["row"]))
            continue
        final["id"] = own.partition(":")[2] or hashed(table_key(kind), *_key_values(kind, final))
        final["rows"] = (str(final.pop("row")),)
        found.append(final)
    return found, waiting


def table_key(kind: Kind) -> str:
    """The word with which a kind's natural keys begin: its label or its type."""
    return label(kind) if issubclass(kind, Node) else kind.type


def _resolved(kind: Kind, row: Row, names: _Names) -> Row | None:
    """The row with every reference final, or None where it needs a child who is not on record."""
    final = dict(row)
    for name in ("from", "to") if issubclass(kind, Relationship) else ():
        final[name] = _final(str(row[name]), names)
        if final[name] is None:
            return None
    for one in links(kind):
        found = [_final(r, names) for r in row.get(one.name) or ()]
        kept = tuple(sorted({r for r in found if r}))
        if one.name == "about" and None in found:
            return None
        final[one.name] = kept
    for prop in properties(kind):
        if prop.refers and row.get(prop.name):
            target = _final(str(row[prop.name]), names)
            # A change keeps its kind (a stay or a plan); where one kind is possible the id alone will do.
            final[prop.name] = target if len(prop.refers) > 1 or target is None else target.partition(":")[2]
    return final


def _final(reference: str, names: _Names) -> str | None:
    if reference.startswith("LocalAuthority:"):
        return reference
    return names.final.get(reference)


def _name_stays(rows: list[Row], names: _Names) -> None:
    for row in rows:
        child = names.final.get(str(row["from"]))
        if child and row.get("id"):
            key = _key_values(PlacedAt, {"from": child, "start": row["start"]})
            names.final[f"PlacedAt:{row['id']}"] = f"PlacedAt:{hashed(PlacedAt.type, *key)}"


def _key_values(kind: Kind, final: Row) -> list[Any]:
    """The values of a natural key: `a|b` takes the first that is there; links are already sorted."""
    refers = {"from", "to", *(prop.name for prop in properties(kind) if prop.refers)}
    values: list[Any] = []
    for part in kind.key:
        given = [(n, final[n]) for n in part.split("|") if final.get(n) not in (None, ())]
        name, value = given[0] if given else (part, None)
        # Numbers of two children may differ in case only: a reference is taken as it stands.
        said = value if name in refers and isinstance(value, str) else _folded(value)
        values.append(f"{name}={said}" if "|" in part else said)
    return values


def _folded(value: Any) -> Any:
    """Names that differ in case or spacing only are the same."""
    if isinstance(value, tuple):
        return ";".join(sorted(value))
    return " ".join(value.split()).casefold() if isinstance(value, str) else value


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
        return hashed("Meeting", final["about"], final["kind"], final["on"], *who)
    return hashed(label(kind), *_key_values(kind, final))


def _professional_key(row: Row, reference: str, authority: str, names: _Names) -> tuple[Any, ...]:
    """Registration; else the staff list's number; else the name within an agency; else the extract's own."""
    if row.get("identified") is not False:
        if row.get("registration"):
            return ("registration", _folded(row["registration"]))
        if row.get("staff_id"):
            return ("staff", authority, _folded(row["staff_id"]))
        if row.get("name"):
            agencies = sorted({r for a in names.employed_by.get(reference, []) if (r := names.final.get(a))})
            return ("name", authority, _folded(row["name"]), *agencies)
    return ("own", authority, row["id"])


def _placement_key(row: Row, reference: str, names: _Names) -> tuple[Any, ...]:
    """The URN of a registered building; else child, URN, postcode and name; else child and start."""
    stays = names.children_at.get(reference, [])
    types = {s.get("place_type") for s in stays}
    if row.get("urn") and (types & codes.REGISTERED_BUILDINGS or not types - {None}):
        return ("urn", _folded(row["urn"]))
    children = sorted({r for s in stays if (r := names.final.get(str(s["from"])))})
    telling = [_folded(row.get(n)) for n in ("urn", "postcode", "name")]
    if any(telling):
        return ("home", *children, *telling)
    return ("stay", *children, *sorted(str(s["start"]) for s in stays)) if stays else ("own", row["id"])


def _joined(kind: Kind, rows: Iterable[Row]) -> list[Row]:
    """One row a record: a later line fills in what it says; links and lines are put together."""
    found: dict[str, Row] = {}
    many = {"rows", *(one.name for one in links(kind))}
    for row in rows:
        before = found.get(row["id"])
        if before is None:
            found[row["id"]] = row
            continue
        for name, value in row.items():
            if name in many:
                before[name] = tuple(dict.fromkeys((*(before.get(name) or ()), *value)))
            elif value is not None:
                before[name] = value
    return list(found.values())
