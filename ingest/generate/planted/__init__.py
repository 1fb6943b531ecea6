"""What an invented council knows of its own children that a finding should show: told from how they were made.

Nothing here reads a file or a record of the graph, and no rule is asked: workers, homes, schools and days are
taken as they were drawn. The thresholds are those of the catalogue of findings, said once more. What is decided
while a partner's file is written (a notice left out, a wait that began anew) is said there, with `Desk.plant`.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from ingest.generate.council import Council
from ingest.generate.planted import area, clocks, cohort, continuity, silos
from ingest.generate.planted.notes import NOTES, WINDOWS
from ingest.generate.planted.told import EVERY
from ingest.generate.told import Told

__all__ = ["NOTES", "WINDOWS", "Planted", "area", "clocks", "cohort", "continuity", "planted", "silos"]


@dataclass(frozen=True)
class Planted:
    """Something a rule should find: of which child, what about, from when to when (half-open), and why it is there."""

    child: str
    rule: str
    subject: str
    start: date
    end: date | None
    why: str


def planted(told: Told, council: Council) -> list[Planted]:
    """Everything that follows from how a child's story was drawn, on the last day of the files."""
    found = (one for each in EVERY for one in each(told, council.last))
    return [Planted(told.child.number, *one) for one in found]
