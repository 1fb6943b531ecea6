"""Where loads differ about one record: who says what, in a form that names no child.

Nothing is settled in silence: the order of trust (`graph.merging`) decides what the graph says, and this tells
whose word that was and whose it was not.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from graph.merging import ENDS, Claim, Standing, Values, by_trust, claimed, claims_of
from graph.model import Kind, Property, kinds, properties
from graph.reference.roles import roles
from graph.store import Store

# Text that is a code wherever it is filled in as it should be; what does not look like one is not shown.
CODED = frozenset({
    "legal_status", "need", "place_type", "provider", "start_reason", "end_reason", "change_reason", "reason_end",
    "ethnicity", "participation",
})  # fmt: skip
CODE = re.compile(r"[A-Z0-9]{1,8}")
ROLES = frozenset({"role", "by_role", "chair", "recipient", "escalated_to"})


@dataclass(frozen=True)
class Word:
    """Who says it (the supplier of tables, else the kind of source) and on which line (`file:row`)."""

    source: str
    row: str


@dataclass(frozen=True)
class Disagreement:
    """One property of one record of which loads say different things.

    property: its name, or `from` or `to` where a relationship leads elsewhere. kept: whose word the graph holds;
    others: those who say otherwise. how: `U6, not U4` of codes, `14 days apart` of dates, else `differs`.
    """

    table: str
    property: str
    kept: Word
    others: tuple[Word, ...]
    how: str


def differing(kind: Kind, claims: Sequence[Claim], values: Values) -> list[Disagreement]:
    """The disagreements about one record, of which `values` is what the graph holds.

    A value that one load gives and another does not is none; nor is an end that only the later of two knows.
    """
    found = []
    ordered = by_trust(kind.table, claims)
    for name in (*ENDS, *claimed(kind).plain, *(n for n, _ in claimed(kind).closing)):
        held = values.get(name)
        others = [c for c in ordered if c.values.get(name) not in (None, held)] if held is not None else []
        if others:
            kept = next(c for c in ordered if c.values.get(name) == held)
            how = _how(_property(kind, name), held, [c.values[name] for c in others])
            found.append(Disagreement(kind.table, name, _word(kept), tuple(map(_word, others)), how))
    return found


def disagreements(store: Store, authority: str) -> list[Disagreement]:
    """Every disagreement that stands in the graph between loads of which at least one is of this authority.

    authority: ONS code. In order of table, property and line.
    """
    loads = {row["id"]: row for row in store.loads()}
    standing = {i: standing_of(i, row) for i, row in loads.items()}
    own = {i for i, row in loads.items() if row.get("authority") == authority}
    found = []
    for kind in kinds():
        for values in store.disputed(kind):
            claims = claims_of(kind, values, standing)
            if any(c.load.id in own for c in claims):
                found += differing(kind, claims, values)
    return sorted(found, key=lambda d: (d.table, d.property, d.kept.row, d.others[0].row))


def standing_of(id: str, row: Mapping[str, Any]) -> Standing:
    """What the order of trust asks of a load, from its properties."""
    covers_to, extracted_on = row.get("covers_to") or date.min, row.get("extracted_on") or date.min
    return Standing(id, row["kind"], covers_to, extracted_on, row.get("supplier") or "")


def _word(claim: Claim) -> Word:
    source = claim.load.supplier if claim.load.kind == "tables" else claim.load.kind
    return Word(source, min(claim.sources).partition(":")[2])


def _property(kind: Kind, name: str) -> Property | None:
    return next((p for p in properties(kind) if p.name == name), None)


def _how(prop: Property | None, held: Any, others: Sequence[Any]) -> str:
    """How far values are apart, as a report may say it."""
    if prop is None or prop.private:
        return "differs"
    if prop.type == "date":
        days = sorted({abs((held - other).days) for other in others})
        return f"{_listed(map(str, days))} {'day' if days == [1] else 'days'} apart"
    told = [_shown(prop, value) for value in (held, *others)]
    if None in told:
        return "differs"
    return f"{told[0]}, not {_listed(dict.fromkeys(t for t in told[1:] if t))}"


def _shown(prop: Property, value: Any) -> str | None:
    """A value that is a code, a flag or a number of the record's own; None of anything that may name someone."""
    if prop.type == "flag":
        return "yes" if value else "no"
    if prop.type in ("integer", "number"):
        return str(value)
    if value in prop.codes or (prop.name in ROLES and value in roles()):
        return str(value)
    return str(value) if prop.name in CODED and CODE.fullmatch(str(value)) else None


def _listed(words: Iterable[str]) -> str:
    return " or ".join(words)
