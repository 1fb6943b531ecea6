"""Who works with the children of an invented extract: involvements, professionals, departments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date

from ingest.generate import chance as by
from ingest.generate.childhood import Child
from ingest.generate.council import Council
from ingest.generate.folders import Department, Worker
from ingest.generate.partners import TOLD_BY
from ingest.generate.roles import spelled
from ingest.generate.ssd.columns import NEVER, NOTHING, Extract
from ingest.generate.ssd.earlier import Named, earlier
from ingest.generate.team import Tie
from ingest.generate.told import Told

AGENCY_STAFF = 0.13  # DfE, children's social work workforce, 2025


def named(told: Told, council: Council) -> list[Named]:
    """Everyone whom the extract names for a child, in the order in which they came."""
    own = [Named(tie) for tie in told.team.ties if tie.role not in TOLD_BY]
    found = [n for n in (*own, *earlier(told.child, council)) if n.tie.start <= council.last]
    return sorted(found, key=lambda n: (n.tie.start, n.tie.role, n.tie.who.id))


class People:
    """Rows of involvements; of professionals and departments where they are first named."""

    def __init__(self, extract: Extract, council: Council) -> None:
        self._extract, self._council = extract, council
        self._workers: dict[str, int] = {}
        self._departments: dict[str, int] = {}
        self.named: list[Worker] = []  # everyone who has a row

    def involve(self, told: Told) -> None:
        """Everyone who works with a child, and the days on which nobody was the social worker."""
        for one in named(told, self._council):
            self._row(told.child, one)
        for start, end in unallocated(told.team.ties):
            self._add(told.child, NOTHING, "social_worker", NOTHING, start, end)

    def worker(self, worker: Worker, *, external: bool = False, title: str = "") -> int:
        """The number of a worker, whose row is written the first time."""
        if worker.id not in self._workers:
            self._workers[worker.id] = 20_000 + len(self._workers)
            self.named.append(replace(worker, registration=None, id="") if external else worker)
            self._professional(worker, external, title)
        return self._workers[worker.id]

    def department(self, department: Department | None) -> int | str:
        """The number of a team, whose row is written the first time."""
        if department is None:
            return NOTHING
        if department.id not in self._departments:
            self._departments[department.id] = 300 + len(self._departments)
            self._extract.add(
                "ssd_department", team_id=self._departments[department.id], team_name=department.name,
                team_parent_id=NOTHING, team_parent_name=department.agency.name,
            )  # fmt: skip
        return self._departments[department.id]

    def _row(self, child: Child, one: Named) -> None:
        tie, chance = one.tie, by.stream(self._council.seed, "role", child.number, one.tie.who.id, one.tie.start)
        words = one.words or spelled(tie.role, chance)
        number = self.worker(tie.who, external=one.external, title=words)
        self._add(child, number, words, self.department(tie.who.department), tie.start, tie.end, tie.reason)

    def _add(
        self, child: Child, number: int | str, words: str, team: int | str, start: date, end: date | None,
        reason: str | None = None,
    ) -> None:  # fmt: skip
        self._extract.add(
            "ssd_involvements", involvements_id=self._extract.number("ssd_involvements"), professional_id=number,
            professional_role_id=words, professional_team=team, person_id=child.number,
            involvement_start_date=start, involvement_end_date=end or NEVER, worker_change_reason=reason,
            referral_id=f"{child.number}1",
        )  # fmt: skip

    def _professional(self, worker: Worker, external: bool, title: str) -> None:
        social_work = (worker.registration or "").startswith("SW")
        agency_staff = by.stream(self._council.seed, "agency staff", worker.id).random() < AGENCY_STAFF
        self._extract.add(
            "ssd_professionals", professional_id=self._workers[worker.id],
            staff_id=f"External Agency|{title.rpartition('|')[2]}" if external else worker.id,
            professional_name=worker.name, social_worker_registration_no=worker.registration if social_work else None,
            agency_worker_flag=social_work and agency_staff, professional_job_title=title,
            professional_caseload=NOTHING, professional_department=worker.agency.name,
            full_time_equivalency=None if external else "1.0",
        )  # fmt: skip


def unallocated(ties: Iterable[Tie]) -> list[tuple[date, date]]:
    """Days between two social workers, which the extract has as a row that names no worker."""
    workers = sorted((t for t in ties if t.role == "social_worker"), key=lambda t: t.start)
    found, until = [], None
    for tie in workers:
        if until and until < tie.start:
            found.append((until, tie.start))
        until = max(until or tie.start, tie.end or date.max)
    return found
