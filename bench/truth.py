"""What the findings find of what was planted, and how often each is raised: `python -m bench.truth --children 250`.

The truth is the generator's own (`ingest/generate/planted.py` and `Desk.plant`); the rules see the files only, read
and put together as a load does, in memory. Counted are children: planted, raised, and both. Recall says how many of
the children with something planted the rule found; precision how many of those it found had something planted. A
rule may be right where nothing was planted: chance makes what nobody meant. Notes say why a rule and the truth differ.
"""

from __future__ import annotations

import argparse
import csv
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.table import Table

from graph.calendars import first_of_months
from graph.findings import rules, run
from graph.identity import Identified, identified
from graph.memory import everyone
from graph.merging import ENDS, Claim, Standing, merged
from graph.model import by_table, links
from graph.plain import Row, plain
from graph.register import register_of
from ingest.extract import Extract
from ingest.generate import AS_AT, generate
from ingest.generate.planted import NOTES, WINDOWS
from ingest.recognise import read

AUTHORITY = "E08000025"


@dataclass(frozen=True)
class Measured:
    """One rule on one council, in children looked after on the last day.

    planted: with something that the rule should find; None where the truth plants nothing for it. found: for whom it
    is raised. true: both. precision, recall: None where nothing was found, or planted. unsure: for whom it cannot be
    assessed. note: why a rule and the truth differ by definition.
    """

    rule: str
    fact: bool
    children: int
    planted: int | None
    found: int
    true: int
    precision: float | None
    recall: float | None
    unsure: int
    note: str = ""


def measure(folder: Path, authority: str = AUTHORITY, as_at: date = AS_AT) -> list[Measured]:
    """Every rule on a generated council, in the order of the catalogue."""
    extracts = read([folder], authority, today=as_at)
    whole = together(extracts)
    coverage = [line for extract in extracts for line in extract.coverage]
    present = _looked_after(folder)
    planted = _planted(folder, as_at)
    found: dict[str, set[str]] = defaultdict(set)
    unsure: Counter[str] = Counter()
    for records in everyone(whole, coverage):
        number = records.child.id.removeprefix(f"{authority}/")
        if number not in present:
            continue
        statuses = defaultdict(set)
        for finding in run(records, as_at):
            statuses[finding.rule].add(finding.status)
        for rule, said in statuses.items():
            if "raised" in said:
                found[rule].add(number)
            elif "not assessable" in said:
                unsure[rule] += 1
    return [_measured(rule, present, planted, found[rule], unsure[rule]) for rule in rules()]


def _measured(rule: str, present: set[str], planted: Mapping[str, set[str]], found: set[str], unsure: int) -> Measured:
    there = planted[rule] & present if rule in planted or rule in WINDOWS else None
    both = len(there & found) if there is not None else 0
    return Measured(
        rule, rules()[rule].fact, len(present), None if there is None else len(there), len(found), both,
        both / len(found) if found and there is not None else None, both / len(there) if there else None, unsure,
        NOTES.get(rule, ""),
    )  # fmt: skip


# --- the truth ---


def _rows(folder: Path, name: str) -> Iterator[dict[str, str]]:
    with (folder / "truth" / f"{name}.csv").open(encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def _looked_after(folder: Path) -> set[str]:
    return {row["child_number"] for row in _rows(folder, "children") if not row["in_care_until"]}


def _planted(folder: Path, as_at: date) -> dict[str, set[str]]:
    """By rule, the children with something planted that falls in the days the rule looks at."""
    found: dict[str, set[str]] = defaultdict(set)
    for row in _rows(folder, "planted"):
        months = WINDOWS.get(row["finding"], 12)
        first = first_of_months(as_at, months) if months else as_at
        end = date.fromisoformat(row["day_after"]) if row["day_after"] else as_at + timedelta(days=1)
        if date.fromisoformat(row["first_day"]) <= as_at and end > first:
            found[row["finding"]].add(row["child_number"])
    return found


# --- the files, read and put together as a load does ---


def together(extracts: Sequence[Extract]) -> Identified:
    """What all extracts say, each record once, by the order of trust: what loading them leaves in the graph."""
    given = [(extract, str(n), plain(extract.tables)) for n, extract in enumerate(extracts)]
    who = register_of((load, extract.authority, extract.covers_from, tables) for extract, load, tables in given)
    claims: dict[str, dict[str, list[tuple[Claim, Row]]]] = defaultdict(lambda: defaultdict(list))
    unmatched: list[str] = []
    for extract, load, tables in given:
        standing = Standing(load, extract.kind, extract.covers_to or date.max, extract.extracted_on or date.min)
        named = identified(tables, extract.authority, who, load)
        unmatched += named.unmatched
        for table, rows in named.rows.items():
            for row in rows:
                claims[table][row["id"]].append((Claim(standing, row, tuple(row["rows"])), row))
    whole = {table: [_merged(table, id, said) for id, said in each.items()] for table, each in claims.items()}
    return Identified(whole, tuple(unmatched))


def _merged(table: str, id: str, said: Sequence[tuple[Claim, Row]]) -> Row:
    kind = by_table()[table]
    names = [one.name for one in links(kind)]
    linked = {name: tuple(sorted({to for _, row in said for to in row.get(name, ())})) for name in names}
    ends = {name: said[0][1][name] for name in ENDS if name in said[0][1]}
    values: dict[str, Any] = merged(kind, [claim for claim, _ in said])
    lines = tuple(line for claim, _ in said for line in claim.sources)
    return {**ends, **values, **{n: to for n, to in linked.items() if to}, "id": id, "rows": lines}


# --- the page ---


def table(measured: Iterable[Measured]) -> Table:
    """The figures for a terminal."""
    shown = Table(box=None, header_style="bold", pad_edge=False)
    for name in ("rule", "planted", "found", "both", "precision", "recall", "raised for", "not assessable", "why"):
        shown.add_column(name, overflow="fold", no_wrap=name == "rule")
    for m in measured:
        planted = "" if m.planted is None else str(m.planted)
        shown.add_row(
            m.rule + (" (fact)" if m.fact else ""), planted, str(m.found), "" if m.planted is None else str(m.true),
            _share(m.precision), _share(m.recall), _share(m.found / m.children if m.children else None),
            _share(m.unsure / m.children if m.children else None), m.note,
        )  # fmt: skip
    return shown


def _share(share: float | None) -> str:
    return "" if share is None else f"{share:.0%}"


def main() -> None:
    """Generate a council, or take one that is there, and print the table."""
    options = argparse.ArgumentParser(prog="python -m bench.truth")
    options.add_argument("--children", type=int, default=250)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--folder", type=Path, help="a council that is there already")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        folder = chosen.folder or Path(temporary) / "council"
        if not chosen.folder:
            generate(folder, children=chosen.children, seed=chosen.seed, as_at=AS_AT, authority=AUTHORITY)
        Console(width=160).print(table(measure(folder)))


if __name__ == "__main__":
    main()
