"""The real dashboard on invented children in memory: for the pages' own tests, and for looking.

python -m tests.browser.harness PORT
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import date
from functools import cache
from pathlib import Path

from dashboard import data
from dashboard.data import Authority, Pair, Raised
from dashboard.serve import serve
from graph.analyse import is_kept
from graph.findings import run
from graph.records import Records
from tests.browser.invented import AS_AT, WARWICKSHIRE, ash, bo, crowd, hostile, others


class Memory:
    """Children in memory, read as the graph is."""

    def authorities(self) -> Sequence[Authority]:
        """One authority, analysed."""
        return [Authority(WARWICKSHIRE, "Warwickshire", AS_AT, "invented")]

    def caseload(self, authority: str) -> Sequence[Records]:
        """Every child."""
        return list(children().values())

    def raised(self, analysis: str) -> Sequence[Raised]:
        """What an analysis of them would write."""
        return raised()

    def records(self, ref: str) -> Records | None:
        """The child behind a ref."""
        return children().get(ref)

    def pairs(self, authority: str, t: date) -> Sequence[Pair]:
        """Invented shares."""
        return PAIRS


PAIRS = [
    Pair("school", "social care", 40, 27),
    Pair("camhs", "social care", 22, 6),
    Pair("camhs", "school", 20, 1),
    Pair("health", "social care", 44, 15),
    Pair("health", "school", 41, 4),
    Pair("camhs", "health", 21, 8),
    Pair("police", "social care", 9, 7),
    Pair("police", "school", 8, 0),
]


@cache
def children() -> dict[str, Records]:
    """Every invented child by ref; ids apart, as in a graph."""
    made = [ash(), bo(), crowd(), hostile(), *others(46)]
    return {r.child.ref or "": r for r in made}


@cache
def raised() -> tuple[Raised, ...]:
    """Findings of every child, as an analysis writes them."""
    return tuple(
        Raised(r.child.id, f.rule, f.family, f.fact, f.status, f.measures)
        for r in children().values()
        for f in run(r, AS_AT)
        if is_kept(f)
    )


def main() -> None:
    """Serve them on a port until ended."""
    data.use(Memory)
    serve(int(sys.argv[1]), False, Path("unused"), lambda line: print(line, flush=True))


if __name__ == "__main__":
    main()
