"""The truth beside an invented council: who and what is in it, once each, and what was planted in it.

A folder that is never loaded (a file in it says so to the readers). The columns have names of their own, so that
nobody takes its files for tables.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from ingest.generate.council import Council
from ingest.generate.folders import Table, Worker
from ingest.generate.planted import Planted, planted
from ingest.generate.told import Told
from ingest.recognise import NOT_TO_LOAD

FOLDER = "truth"
COLUMNS = {
    "children": "child_number earlier_number nhs date_of_birth in_care_since in_care_until story",
    "workers": "worker_name staff_number registration_number works_at",
    "stays": "child_number stay_start stay_end placement_type area",
    "reviews": "child_number review_date participation_code",
    "planted": "child_number finding subject_words first_day day_after why",
}
WHY = "The truth beside an invented council: for measuring, never to be loaded.\n"


class Truth:
    """The files of `truth/`.

    earlier: the number a child had before. workers: who has been named in any file so far. also: what was planted
    while the last child's files were written.
    """

    def __init__(
        self, root: Path, council: Council, earlier: Callable[[Told], str | None],
        workers: Callable[[], Iterable[Worker]], also: Callable[[], Iterable[Planted]],
    ) -> None:  # fmt: skip
        folder = root / FOLDER
        folder.mkdir(parents=True)
        (folder / NOT_TO_LOAD).write_text(WHY, encoding="utf-8", newline="\n")
        self._council, self._earlier, self._workers, self._also = council, earlier, workers, also
        self._tables = {name: Table(folder / f"{name}.csv", tuple(c.split())) for name, c in COLUMNS.items()}
        for table in self._tables.values():
            table.open()

    def tell(self, told: Told) -> None:
        """One child: after everything else of the child is written."""
        child = told.child
        self._add("children", child.number, self._earlier(told), child.nhs_number, child.born, child.start, child.end,
                  "complex" if child.story.complex else "apart" if child.story.apart else "far" if child.story.far
                  else "troubled" if child.story.troubled else "")  # fmt: skip
        for home in child.homes:
            self._add("stays", child.number, home.start, home.end, home.type, home.spot.authority)
        for review in told.reviews:
            self._add("reviews", child.number, review.on, review.participation)
        for one in (*planted(told, self._council), *self._also()):
            self._add("planted", one.child, one.rule, one.subject, one.start, one.end, one.why)

    def close(self) -> None:
        """Write the workers, and close the files."""
        for worker in self._workers():
            self._add("workers", worker.name, worker.id, worker.registration, worker.agency.name)
        for table in self._tables.values():
            table.close()

    def _add(self, table: str, *values: object) -> None:
        self._tables[table].add(dict(zip(COLUMNS[table].split(), values, strict=True)))


def everyone(of_the_extract: Iterable[Worker], of_partners: Mapping[str, Worker]) -> list[Worker]:
    """Each worker once, however many files name them: by staff number; in the extract alone, those without one."""
    named = list(of_the_extract)
    numbered = {worker.id: worker for worker in named if worker.id}
    return [*{**numbered, **of_partners}.values(), *(worker for worker in named if not worker.id)]
