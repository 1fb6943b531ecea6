"""How often each rule speaks on an invented council: counted with `python -m docs --count`, kept in frequency.csv.

Counting takes a minute, so that it is kept beside the page and not done whenever the page is written: what is there
stays until someone counts anew, and `make test-long` says when it is out of date.
"""

from __future__ import annotations

import csv
import tempfile
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, fields
from pathlib import Path

FILE = Path(__file__).parent / "frequency.csv"
CHILDREN, SEED = 250, 1


@dataclass(frozen=True)
class Often:
    """Of the children looked after on the last day: for how many a rule is raised, and cannot be said."""

    rule: str
    children: int
    raised: int
    not_assessable: int


def count(children: int = CHILDREN, seed: int = SEED) -> dict[str, Often]:
    """Every rule over an invented council, by the rule's id; the same children and seed give the same counts.

    children: how many are generated, those who left care in its three years included. A rule that is raised for one
    of a child's moves, roles or plans is raised for the child; one that is raised nowhere and cannot be said of some
    is not assessable.
    """
    from bench.truth import measure
    from ingest.generate import generate

    with tempfile.TemporaryDirectory() as folder:
        council = Path(folder) / "council"
        generate(council, children=children, seed=seed)
        return {m.rule: Often(m.rule, m.children, m.found, m.unsure) for m in measure(council)}


def keep(counted: Iterable[Often], file: Path = FILE) -> None:
    """Write what was counted."""
    with file.open("w", encoding="utf-8", newline="") as out:
        rows = csv.DictWriter(out, [f.name for f in fields(Often)], lineterminator="\n")
        rows.writeheader()
        rows.writerows(asdict(one) for one in counted)


def kept(file: Path = FILE) -> Mapping[str, Often]:
    """What was counted last, by the rule's id."""
    with file.open(encoding="utf-8", newline="") as text:
        rows = list(csv.DictReader(text))
    return {r["rule"]: Often(r["rule"], int(r["children"]), int(r["raised"]), int(r["not_assessable"])) for r in rows}
