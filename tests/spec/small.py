"""Records from a small table, so that a test of a rule reads as a case.

    records('''
    child      | born
    Ash        | 2012-05-12

    placed_at  | to    | start      | end        | place_type
               | oak   | 2024-01-08 | 2024-06-01 | U6
               | elm   | 2024-06-01 |            | K2
    ''')

The first word of a block is the table (`child` for the child's own row); each column is a field of its kind.
A node's id stands in its first column. `Ash` is the child everywhere: what is about a child is about her.
Relationships that leave out the child's end get it. A blank is absent. `;` parts several.
"""

from __future__ import annotations

import dataclasses
import typing
from datetime import date
from typing import Any

from graph.findings import Finding, run
from graph.model import Child, LocalAuthority, Node, Professional, Relationship, by_table, column, links
from graph.parameters import DEFAULTS, Parameters
from graph.records import Coverage, Records
from graph.reference import roles

EVERYTHING = (date(1990, 1, 1), date(2030, 12, 31))
HOME_AUTHORITY = "E08000025"  # Birmingham


def records(text: str, covers: str | None = None, authority: str = HOME_AUTHORITY) -> Records:
    """Records of one child from small tables.

    covers: what loads cover: `table`, `table:of` or `table:of@from..to`, parted by blanks; None = all of it.
    Nodes a relationship names but no table describes are made: professionals named as themselves, agencies of
    the kind their id says ("camhs" or "health:Seaside Trust"), homes, authorities by their ONS code.
    """
    nodes: dict[str, Node] = {"Ash": Child(id="Ash", local_id="1", born=date(2012, 5, 12), authority=authority)}
    relationships: list[Relationship] = []
    for table, rows in _blocks(text):
        for n, row in enumerate(rows, 2):
            source = (f"load:{table}.csv:{n}",)
            if table == "child":
                nodes["Ash"] = dataclasses.replace(nodes["Ash"], **_fields(Child, row), sources=source)
            elif issubclass(kind := by_table()[table], Node):
                identifier = row.pop("id", "") or f"{table}{n}"
                given = _fields(kind, row)
                if any(link.name == "about" for link in links(kind)):
                    given.setdefault("about", ("Ash",))
                nodes[identifier] = kind(id=identifier, sources=source, **given)
            else:
                relationships.append(_relationship(kind, table, n, row, source, authority))
    for relationship in relationships:
        for identifier, ends in ((relationship.from_id, 0), (relationship.to_id, 1)):
            if identifier not in nodes:
                nodes[identifier] = _made(identifier, type(relationship).reads[ends], relationship)
    child = typing.cast(Child, nodes["Ash"])
    return Records(child, nodes, tuple(relationships), _coverage(covers), authority)


def findings(of: Records, rule: str, on: str, parameters: Parameters = DEFAULTS, **changed: Any) -> tuple[Finding, ...]:
    """The findings of one rule as at a day, parameters changed by name."""
    return run(of, date.fromisoformat(on), dataclasses.replace(parameters, **changed), only=[rule])


def statuses(of: Records, rule: str, on: str, **changed: Any) -> dict[str, str]:
    """Status by subject."""
    return {f.subject: f.status for f in findings(of, rule, on, **changed)}


def _blocks(text: str) -> list[tuple[str, list[dict[str, str]]]]:
    blocks = []
    for block in text.strip("\n").split("\n\n"):
        lines = [line for line in block.splitlines() if line.strip() and not line.strip().startswith("#")]
        if not lines:
            continue
        header, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
        table = header[0]
        first = "id" if table != "child" else "name"
        blocks.append((table, [dict(zip([first, *header[1:]], row, strict=False)) for row in rows]))
    return blocks


def _fields(kind: Any, row: dict[str, str]) -> dict[str, Any]:
    hints = typing.get_type_hints(kind)
    names = {column(f.name): f.name for f in dataclasses.fields(kind)}
    return {names[k]: _cell(hints[names[k]], v) for k, v in row.items() if v != ""}


def _cell(hint: Any, text: str) -> Any:
    options = typing.get_args(hint) or (hint,)
    if typing.get_origin(hint) is tuple:
        return tuple(part.strip() for part in text.split(";"))
    if date in options:
        return date.fromisoformat(text)
    if bool in options:
        return text == "yes"
    return next((of(text) for of in (int, float) if of in options), text)


def _relationship(
    kind: Any, table: str, n: int, row: dict[str, str], source: tuple[str, ...], authority: str
) -> Relationship:
    identifier = row.pop("id", "") or f"{table}{n}"
    given = _fields(kind, row)
    if "Child" in kind.reads[0]:
        given.setdefault("from_id", "Ash")
    if kind.reads[0] == ("LocalAuthority",):
        given.setdefault("from_id", authority)
    if "Child" in kind.reads[1]:
        given.setdefault("to_id", "Ash")
    made: Relationship = kind(id=identifier, sources=source, **given)
    return made


def _made(identifier: str, ends: tuple[str, ...], relationship: Relationship) -> Node:
    from graph.model import Agency, by_label

    if "LocalAuthority" in ends:
        return LocalAuthority(id=identifier, code=identifier, name=identifier)
    kind, _, name = identifier.partition(":")
    if "Agency" in ends and (name or kind in {r.agency_kind for r in roles.roles().values()}):
        return Agency(id=identifier, kind=kind, name=name or kind)
    if "Professional" in ends:
        return Professional(id=identifier, name=identifier)
    made = by_label()[ends[0]]
    return made(id=identifier, **({"name": identifier} if hasattr(made, "name") else {}))


def _coverage(covers: str | None) -> tuple[Coverage, ...]:
    if covers is None:
        return tuple(Coverage(table, None, *EVERYTHING) for table in by_table())
    found = []
    for word in covers.split():
        what, _, days = word.partition("@")
        table, _, of = what.partition(":")
        first, _, last = days.partition("..")
        span = (date.fromisoformat(first), date.fromisoformat(last)) if days else EVERYTHING
        found.append(Coverage(table, of.replace("_", " ") if table != "involved_with" else of or None, *span)
                     if of else Coverage(table, None, *span))  # fmt: skip
    return tuple(found)
