"""The generated pages, as text: the schema, here, and those that have a module of their own."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from docs import cases
from docs.findings import findings
from graph.model import (
    NODES,
    RELATIONSHIPS,
    WRITTEN_BY_US,
    Kind,
    Node,
    constraints,
    indexes,
    label,
    links,
    properties,
)

FOLDER = Path(__file__).parent

FILES = """Each kind below is a table of the graph and, where a file is named, a CSV that anyone can fill in with a
spreadsheet. `teamaround check --template FOLDER` writes them all, empty, with a row of explanation; leave out those
that you do not need.

## Filling in the files

* One folder a supplier, one CSV a table. Columns that are not marked *required* may be blank or left out.
* A date is DD/MM/YYYY or YYYY-MM-DD, a flag yes or no, and several values in one cell are parted by `;`. `end` is the
  first day on which something no longer holds; blank is open.
* `id` is any text that is unique in its file; it may be blank where nothing points at the row. A cell that points at
  a row holds its `id`, or `Kind:id` where several kinds are possible. An authority goes by ONS code, DfE's three
  digits or name.
* A child needs one of `local_id` (the authority's own number), `nhs_number` and `upn`, and goes by it where `id` is
  blank. A child who is named without a row of their own goes by the authority's own number.
* A row whose first cell begins with `#` explains, and is set aside.

`coverage.csv` says what the folder holds completely, a line each. Without it a rule says *not assessable*, because
what is not in the folder may yet have happened.

| column | meaning |
|---|---|
| `table` | name of a table |
| `of` | a part: a role (`involved_with`), a kind (`meetings`, `events`, `plans`, `assessments`), a kind of agency \
(`attended`, `referrals`); blank = all of it |
| `from`, `to` | first and last day covered, both included |
| `full` | yes = everything of that kind in those days (yes where blank) |

A school that hands over who its designated teacher is fills in `children.csv`, `agencies.csv`, `professionals.csv`,
`works_for.csv`, `involved_with.csv` and `coverage.csv`; `attends.csv` adds when a child was on its roll.
"""


def pages() -> Mapping[str, str]:
    """Every generated page by file name."""
    return {"schema.md": schema(), "findings.md": findings(), "cases.md": cases.page()}


def write(pages: Mapping[str, str]) -> None:
    """Write the pages into docs/."""
    for name, text in pages.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def schema() -> str:
    """Every kind of node and relationship with its table, its properties and its links."""
    parts = ["# What the graph holds", "", "Written from `graph/model.py`: `python -m docs` writes it anew.", "", FILES]
    parts += ["## Nodes", ""]
    for node in NODES:
        parts += _kind(f"{label(node)} (`{node.table}.csv`)", node)
    parts += ["## Relationships", ""]
    for relationship in RELATIONSHIPS:
        start, end = (" or ".join(k) for k in relationship.reads)
        title = f"{relationship.type} (`{relationship.table}.csv`): {start} → {end}"
        parts += _kind(title, relationship)
    parts += ["## What the software writes", ""]
    for node in WRITTEN_BY_US:
        parts += _kind(label(node), node)
    parts += ["## Constraints and indexes", "", "```cypher", *constraints(), *indexes(), "```", ""]
    return "\n".join(parts)


def _kind(title: str, kind: Kind) -> list[str]:
    rows = [
        f"| `{p.name}` | {p.type}{', required' if p.required else ''} | {p.meaning}{_codes(p.codes)} |"
        for p in properties(kind)
        if p.stored
    ]
    rows += [f"| `{one.name}` | → {', '.join(one.to)} | {one.meaning} (`{one.relationship}`) |" for one in links(kind)]
    head = [f"### {title}", "", _first_line(kind), ""]
    if issubclass(kind, Node) and kind.key:
        head += [f"Natural key: {', '.join(kind.key)}.", ""]
    return head + (["| column | type | meaning |", "|---|---|---|", *rows, ""] if rows else [])


def _codes(codes: tuple[str, ...]) -> str:
    return f": {', '.join(codes)}" if codes else ""


def _first_line(kind: Kind) -> str:
    return (kind.__doc__ or "").strip().splitlines()[0]
