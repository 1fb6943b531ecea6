"""The list of reviewing officers that somebody in an invented council keeps by hand."""

from __future__ import annotations

from pathlib import Path

from ingest.generate.folders import Table
from ingest.generate.told import Told

COLUMNS = ("Child ID", "Reviewing officer", "Staff ID", "Start date", "End date")


class Allocations:
    """The file `iro_allocations.csv`, in order of the children."""

    def __init__(self, root: Path) -> None:
        self._table = Table(root / "iro_allocations.csv", COLUMNS, british=True)
        self._table.open()

    def tell(self, told: Told) -> None:
        """The reviewing officers of one child."""
        for tie in told.team.of("iro"):
            row = (told.child.number, tie.who.name, tie.who.id, tie.start, tie.end)
            self._table.add(dict(zip(COLUMNS, row, strict=True)))

    def close(self) -> None:
        """Close the file."""
        self._table.close()
