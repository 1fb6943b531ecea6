"""Where the records of one child are written: the child, the folders, and what one theme leaves for another."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from ingest.generate.childhood import Child
from ingest.generate.council import Council
from ingest.generate.diary import HISTORY
from ingest.generate.folders import Folder, Worker
from ingest.generate.planted import Planted
from ingest.generate.team import Team, Tie
from ingest.generate.told import Told

PERSONAL = ("call", "visit", "joint visit", "email")
# Of meetings of several agencies, those that not all of them wrote down.
WRITTEN_BY_SOME = 0.012
READ_UP = 0.97  # of those who are new to a child at a meeting, those who had read what there is


@dataclass(frozen=True)
class Version:
    """A version of the care plan, and the days it held."""

    id: str
    start: date
    end: date | None


@dataclass
class Desk:
    """One child's records.

    What one theme leaves for those after it: parents, the persons with parental responsibility who are in the
    picture; ordered, those whom a court order names for contact; trusted, whom of their own the child trusts, and
    since when; care, the versions of the care plan.
    """

    told: Told
    council: Council
    folders: Mapping[str, Folder]
    parents: list[str] = field(default_factory=list)
    ordered: list[str] = field(default_factory=list)
    trusted: list[tuple[str, date]] = field(default_factory=list)
    care: list[Version] = field(default_factory=list)
    planted: list[Planted] = field(default_factory=list)
    _written: set[str] = field(default_factory=set)

    @property
    def child(self) -> Child:
        """The child."""
        return self.told.child

    @property
    def team(self) -> Team:
        """Everyone who works with the child."""
        return self.told.team

    @property
    def case(self) -> Folder:
        """The folder of the case system."""
        return self.folders["case-system"]

    @property
    def first(self) -> date:
        """The first day of the files."""
        return self.told.first

    @property
    def last(self) -> date:
        """The last day that is told of."""
        return self.told.last

    def chance(self, purpose: str) -> Random:
        """The child's own source of chance for a purpose."""
        return self.child.chance(self.council.seed, purpose)

    def covers(self, day: date) -> bool:
        """Whether a day is one to tell of."""
        return self.told.covers(day)

    def remembers(self, day: date) -> bool:
        """Whether the case system still knows what happened on a day."""
        return self.first - HISTORY <= day <= self.last

    def known(self, day: date | None) -> date | None:
        """A day, where it has come by the last one."""
        return day if day and day <= self.last else None

    def anew(self, key: str) -> bool:
        """Whether this is the first time that something of the child is written under a key."""
        if key in self._written:
            return False
        self._written.add(key)
        return True

    def social_care(self) -> str:
        """The id of children's services in the case system."""
        return self.case.agency(self.council.social_care)

    @property
    def beyond(self) -> date:
        """The day after the last one: of what is still so then."""
        return self.last + timedelta(days=1)

    def plant(self, rule: str, subject: str, start: date, why: str, end: date | None = None) -> None:
        """Say that something is written here which a finding should show: on a day, or to another (half-open)."""
        until = end or start + timedelta(days=1)
        self.planted.append(Planted(self.child.number, rule, subject, start, until, why))

    # --- what is written ---

    def meeting(
        self,
        kind: str,
        on: date,
        who: Iterable[tuple[Worker, str]],
        folder: Folder | None = None,
        knew: Mapping[str, bool] | None = None,
        recorded: Random | None = None,
        **more: object,
    ) -> str:
        """Write a meeting and who was there; its id.

        knew: whether people knew the case, by their id, where that is on record. recorded: where given, the
        meeting says in whose records it stands (of everyone who was there, and now and then not of all), and
        of those who are new that they had read up on the case, which nearly all had.
        """
        at = folder or self.case
        people = [(at.person(worker), worker, how) for worker, how in who]
        names = "-".join(p for p, *_ in people) if kind in PERSONAL else "all"
        id = f"{kind.replace(' ', '-')}-{self.child.number}-{on}-{names}"
        if not self.anew(id):
            return id
        known = dict(knew or {})
        if recorded:
            new = (p for p, w, how in people if how == "present" and not self._involved(w, on) and p not in known)
            known |= {p: True for p in new if recorded.random() < READ_UP}
            there = dict.fromkeys(w.agency.id for _, w, how in people if how in ("present", "substitute"))
            some = list(there)[:1] if recorded.random() < WRITTEN_BY_SOME and len(there) > 2 else list(there)
            more["recorded_by"] = tuple(some)
            if len(some) < len(there):
                self.plant("silos.split_recording", kind, on, "only one agency wrote it down")
        at.add("meetings", id=id, kind=kind, on=on, about=self.child.number, **more)
        for person, worker, how in people:
            at.join("attended", f"Professional:{person}", f"Meeting:{id}", how=how, agency=worker.agency.id,
                    knew_case=known.get(person))  # fmt: skip
        return id

    def _involved(self, worker: Worker, on: date) -> bool:
        """Whether someone has been involved for four weeks on a day."""
        since = on - timedelta(days=28)
        return any(t.who is worker and t.start <= since and (t.end is None or on < t.end) for t in self.team.ties)

    def came(self, person: str, meeting: str, how: str = "present") -> None:
        """A person of the family at a meeting."""
        self.case.join("attended", f"Person:{person}", f"Meeting:{meeting}", how=how)

    def holds(self, what: str, day: date, *roles: str) -> None:
        """Who has a plan or an assessment in their own record, or was sent it: whoever holds a role then, or soon."""
        since = max(day, self.first)
        for tie in self.team.ties:
            soon = (tie.end is None or since < tie.end) and (tie.start - since).days < 30
            if tie.role in roles and soon and self.anew(f"holds {tie.who.id} {what}"):
                self.case.join("holds", self.case.person(tie.who), what, start=max(day, tie.start))

    def event(self, folder: Folder, kind: str, on: date, **more: object) -> None:
        """Something that happened, once a day and kind."""
        id = f"{kind.replace(' ', '-')}-{self.child.number}-{on}"
        if self.remembers(on) and self.anew(folder.name + id):
            folder.add("events", id=id, kind=kind, on=on, about=self.child.number, **more)


def each_once(ties: Iterable[Tie]) -> list[Tie]:
    """One tie a person, in order."""
    return list({t.who.id: t for t in reversed(list(ties))}.values())[::-1]
