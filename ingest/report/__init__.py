"""What became of every row, and what the load did: for a terminal, a log, a web page or a spreadsheet.

Nothing here names a child: a refusal carries a row's number, and of a cell only what `Refusal` allows; counts
are counts. They are shown as they are, 1 to 5 too, because who reads this holds the files themselves and has to
mend a single row; the page says that it is not for publication.

File names are the person's own, and one may hold a child's name (“Letter re …”). So a report shows the names of
all files, because a row can't be mended in a file that is not named; a log shows only those it has to: where
the output is not a terminal, files that are neither read nor faulty are counted and not named. Progress and
error messages name folders, and files only where one has to be mended.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from graph.errors import TeamaroundError
from ingest.extract import Extract
from ingest.report import page, spreadsheet
from ingest.report.did import After, after
from ingest.report.terminal import show
from ingest.report.told import summary, title, usable

__all__ = ["After", "after", "show", "summary", "title", "usable", "write"]


def write(extracts: Sequence[Extract], path: Path, did: After | None = None) -> None:
    """Write all of it to a spreadsheet (.csv) or to one web page (.html).

    did: what the load did; None where files were only checked. Raises TeamaroundError where the file cannot be
    written.
    """
    writer = spreadsheet.write if path.suffix.lower() == ".csv" else page.write
    try:
        writer(extracts, path, did)
    except OSError as error:
        raise TeamaroundError(f"{path.name} cannot be written: {error.strerror}.") from error
