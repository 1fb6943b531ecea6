"""The generated pages, as text: the schema, and the rules that exist."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from graph.findings import rules
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
from graph.parameters import DEFAULTS, describe

FOLDER = Path(__file__).parent
KINDS = {
    "S": "regulation",
    "G": "statutory guidance",
    "D": "DfE definition",
    "L": "local practice",
    "H": "house rule",
}


def pages() -> Mapping[str, str]:
    """Every generated page by file name."""
    return {"schema.md": schema(), "findings.md": findings()}


def write(pages: Mapping[str, str]) -> None:
    """Write the pages into docs/."""
    for name, text in pages.items():
        (FOLDER / name).write_text(text, encoding="utf-8")


def schema() -> str:
    """Every kind of node and relationship with its table, its properties and its links."""
    parts = ["# What the graph holds", "", "Written from `graph/model.py`: `python -m docs` writes it anew.", ""]
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


def findings() -> str:
    """Every rule: what it means, what it asks, its source and its parameters."""
    parts = ["# Findings", "", "Written from the rules in `graph/analysis/`: `python -m docs` writes it anew.", ""]
    parts += ["Facts describe and never alarm. A house rule is an operational choice that a file can change.", ""]
    for rule in rules().values():
        fact = " (fact)" if rule.fact else ""
        parts += [f"## `{rule.id}`{fact}", "", rule.meaning, "", f"*{rule.question}*", ""]
        parts += [f"Source: {rule.citation.rstrip('.')} ({KINDS[rule.kind]}).", ""]
        parts += [f"* `{n}` = {getattr(DEFAULTS, n)}: {_parameter(n)}" for n in rule.parameters]
        parts += [""] if rule.parameters else []
    return "\n".join(parts)


def _parameter(name: str) -> str:
    kind, meaning = describe(name)
    return f"{meaning} ({KINDS[kind]})"
