"""The people and organisations of an invented council: posts, and who holds them from when to when.

A child is given to a post. Who leaves passes all their children to the next holder of the post, on the same day
or after it stood empty for a while; who is absent has them taken over, and comes back to them.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from faker import Faker

from graph.reference import authority as find_authority
from ingest.generate import chance as by
from ingest.generate.folders import Agency, Department, Worker


@dataclass(frozen=True)
class Role:
    """How a role is staffed.

    children: looked-after children to a post. least: posts, however small the council. tenure: years in a post on
    average. empty: of posts that fall free, those that stand empty for weeks. absent: long absences a year.
    prefix: of the registration number. office: posts to a department, 0 = all in one.
    """

    children: int
    tenure: float
    least: int = 1
    empty: float = 0.0
    absent: float = 0.0
    prefix: str = ""
    office: int = 0


# Social worker 15.2 cases (DfE, children's social work workforce, 2025); reviewing officer 65 to 75.
ROLES: Mapping[str, Role] = {
    "social_worker": Role(15, 2.5, least=4, empty=0.3, absent=0.06, prefix="SW", office=7),
    "iro": Role(70, 6.0, prefix="SW"),  # the list of allocations has the staff number alone
    "virtual_school": Role(90, 6.0),
    "personal_adviser": Role(45, 4.0),
    "lac_nurse": Role(120, 7.0, prefix="NMC"),
    "health_visitor": Role(260, 6.0, least=2, prefix="NMC"),
    "school_nurse": Role(220, 6.0, least=2, prefix="NMC"),
    "yot_worker": Role(700, 5.0),
}
FOSTERING = ("Harbourlight Fostering", "Stepwise Fostering", "Three Rivers Fostering")
BEFORE = timedelta(days=1100)  # how long before the files the posts are known
SERVICES = {
    "health": "Looked-after children's health", "camhs": "CAMHS", "police": "Police, missing and exploitation",
    "advocacy": "Advocacy for children", "voluntary": "Exploitation support service",
}  # fmt: skip


@dataclass(frozen=True)
class Holder:
    """A worker in a post, half-open, and why they took over (903 SW_REASON; None for the first)."""

    who: Worker
    start: date
    end: date | None
    reason: str | None = None


@dataclass
class Post:
    """A post and its holders in order. load: how many children it has had in each half year, so that work is shared."""

    holders: list[Holder] = field(default_factory=list)
    load: dict[int, int] = field(default_factory=dict)

    def on(self, day: date) -> Worker | None:
        """Who holds it on a day."""
        return next((h.who for h in self.holders if h.start <= day and (h.end is None or day < h.end)), None)

    def during(self, start: date, end: date | None) -> Iterator[Holder]:
        """Those who hold it on some day of [start, end), each for that time only."""
        for h in self.holders:
            first = max(start, h.start)
            last = min((d for d in (end, h.end) if d), default=None)
            if last is None or first < last:
                yield Holder(h.who, first, last, h.reason)

    def carries(self, start: date, end: date) -> None:
        """Count a child from one day to another."""
        for half in range(_half(start), _half(end) + 1):
            self.load[half] = self.load.get(half, 0) + 1


def _half(day: date) -> int:
    return day.year * 2 + (day.month > 6)


@dataclass
class Council:
    """The council of one authority, its partners, and everyone in post from `first` to `last`."""

    authority: str
    seed: int
    first: date
    last: date
    faker: Faker
    posts: dict[str, list[Post]] = field(default_factory=dict)
    _others: dict[str, Worker] = field(default_factory=dict)
    _named: int = 0

    def __post_init__(self) -> None:
        name = find_authority(self.authority).name
        # As the reader of the return names the department, so that the two are one agency.
        self.social_care = Agency("childrens-services", "social care", name, self.authority)
        self.virtual_school = Agency("virtual-school", "virtual school", f"Virtual school, {name}", self.authority)
        self.youth_justice = Agency("youth-justice", "youth justice", f"Youth justice service, {name}", self.authority)
        self.health = self.local("health", self.authority)

    def staff(self, children: int) -> None:
        """Fill every post for a council of so many looked-after children, one person after another."""
        agencies = {
            "virtual_school": self.virtual_school, "yot_worker": self.youth_justice, "lac_nurse": self.health,
            "health_visitor": self.community("Health visiting"), "school_nurse": self.community("School nursing"),
        }  # fmt: skip
        for name, role in ROLES.items():
            chance = by.stream(self.seed, "staff", name)
            agency = agencies.get(name, self.social_care)
            count = max(role.least, round(children / role.children))
            self.posts[name] = [
                Post(list(self._holders(name, role, agency, self._office(name, role, n, agency), chance)))
                for n in range(count)
            ]

    def _office(self, name: str, role: Role, n: int, agency: Agency) -> Department | None:
        if agency is not self.social_care:
            return None
        number = n // role.office + 1 if role.office else 1
        title = {"social_worker": f"Children in care team {number}", "iro": "Independent reviewing service"}
        return Department(f"{name.replace('_', '-')}-{number}", title.get(name, "Leaving care team"), agency)

    def _holders(self, name: str, role: Role, agency: Agency, office: Department | None, chance: Random
                 ) -> Iterator[Holder]:  # fmt: skip
        """One person after another, from before the files to their end; known to be there only from `first` on."""
        day, reason = self.first - timedelta(days=chance.randint(0, round(role.tenure * 365))), None
        while day < self.last:
            end = day + max(timedelta(days=60), by.years(chance, role.tenure, 2.0))
            who = self._worker(name, role, agency, office, day, end if end <= self.last else None)
            yield from self._with_absences(name, role, Holder(who, day, end, reason), chance)
            day = end + (by.days(chance, 8, 50) if chance.random() < role.empty else timedelta(0))
            reason = "LEFTRL"

    def _with_absences(self, name: str, role: Role, holder: Holder, chance: Random) -> Iterator[Holder]:
        """A holder, with those who stood in while they were away for months."""
        at, reason = holder.start, holder.reason
        end = holder.end or self.last
        for away in by.spread(chance, role.absent, at + timedelta(days=120), end - timedelta(days=200)):
            back = away + by.days(chance, 60, 150)
            if away < at + timedelta(days=60) or back > self.last:
                continue
            cover = self._worker(name, role, holder.who.agency, holder.who.department, away, back)
            yield Holder(holder.who, at, away, reason)
            yield Holder(cover, away, back, "ABSENC")
            at, reason = back, "ABSENC"
        yield Holder(holder.who, at, end if end <= self.last else None, reason)

    def _worker(self, name: str, role: Role, agency: Agency, office: Department | None, start: date, end: date | None
                ) -> Worker:  # fmt: skip
        self._named += 1
        number = 10_000 + self._named
        return Worker(
            f"{name.replace('_', '-')}-{number}", self._name(), agency, start, end,
            f"{role.prefix}9{number}" if role.prefix else None, office,
        )  # fmt: skip

    def _name(self) -> str:
        return f"{self.faker.first_name_nonbinary()} {self.faker.last_name()}"

    def post(self, role: str, start: date, end: date, chance: Random, but: Post | None = None) -> Post:
        """A post for a child from one day to another: of three, the one with the fewest children in that time."""
        there = self.posts[role]
        some = [p for p in chance.sample(there, min(4, len(there))) if p is not but] or there
        chosen = min(some, key=lambda p: (p.on(start) is None, p.load.get(_half(start), 0)))
        chosen.carries(start, end)
        return chosen

    def local(self, kind: str, area: str) -> Agency:
        """The service of a kind (health, camhs, police, advocacy, voluntary) in an authority's area."""
        return Agency(f"{kind}-{area}", kind, f"{SERVICES[kind]}, {find_authority(area).name}", area)

    def community(self, name: str) -> Agency:
        """A health service of the council's own area."""
        slug = name.lower().replace(" ", "-")
        return Agency(slug, "health", f"{name}, {find_authority(self.authority).name}", self.authority)

    def other(self, key: str, agency: Agency) -> Worker:
        """Someone of another agency, the same person for the same key, in post throughout."""
        if key not in self._others:
            self._others[key] = Worker(key, self._name(), agency, self.first)
        return self._others[key]

    def gp(self, area: str, number: int) -> Worker:
        """A doctor of one of the practices in an area."""
        key = f"gp-{area}-{number}"
        if key not in self._others:
            named = f"{self.faker.last_name()} Surgery, {find_authority(area).name}"
            self._others[key] = Worker(
                key, f"Dr {self._name()}", Agency(f"practice-{key}", "health", named, area), self.first
            )
        return self._others[key]

    def fostering(self, provider: str | None, chance: Random) -> Agency:
        """A fostering service: the council's own, or one of those it buys from."""
        if provider == "PR1":
            name = f"Fostering service, {find_authority(self.authority).name}"
            return Agency("fostering", "provider", name, self.authority)
        name = chance.choice(FOSTERING)
        return Agency(name.split()[0].lower(), "provider", name, self.authority)

    def school(self, area: str, phase: str, number: int) -> Agency:
        """A school in an area."""
        key = f"school-{area}-{phase}-{number}"
        if key not in self._others:
            kind = "Primary School" if phase == "primary" else "Academy"
            name = f"{self.faker.last_name()} {kind}, {find_authority(area).name}"
            agency = Agency(key, "school", name, area, phase=phase)
            self._others[key] = Worker(f"teacher-{key[7:]}", self._name(), agency, self.first)
        return self._others[key].agency

    def teacher(self, school: Agency) -> Worker:
        """The designated teacher of a school."""
        return self._others[school.id]
