"""The people and organisations of an invented council, and who of them is free to take a child on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, timedelta
from random import Random

from faker import Faker

from graph.reference import authority as find_authority
from ingest.generate.chance import stream
from ingest.generate.folders import Agency, Worker

# Children a post: social worker 15.2 on average (DfE workforce, 2025); reviewing officer 50 to 70 (IRO Handbook).
PER_POST = {"social_worker": 15, "iro": 65, "virtual_school": 90, "personal_adviser": 25, "lac_nurse": 120}
# However small the council, its children are shared by so many; an officer may review others elsewhere.
LEAST = {"social_worker": 4, "iro": 3}
# Years someone stays in a post, on average.
TENURE = {"social_worker": 2.0, "iro": 6.0, "virtual_school": 6.0, "personal_adviser": 4.0, "lac_nurse": 7.0}
FOSTERING = ("Harbourlight Fostering", "Stepwise Fostering", "Three Rivers Fostering")


@dataclass
class Council:
    """The council of one authority, its partners, and everyone in post from `first` to `last`.

    posts: by role, the people who held its posts. load: how many children each has had, so that work is shared.
    """

    authority: str
    seed: int
    first: date
    last: date
    faker: Faker
    posts: dict[str, list[Worker]] = field(default_factory=dict)
    load: dict[str, int] = field(default_factory=dict)
    _others: dict[str, Worker] = field(default_factory=dict)

    def __post_init__(self) -> None:
        name = find_authority(self.authority).name
        # As the reader of the return names the department, so that the two are one agency.
        self.social_care = Agency("childrens-services", "social care", name, self.authority)
        self.virtual_school = Agency("virtual-school", "virtual school", f"Virtual school, {name}", self.authority)
        self.health = self.local("health", self.authority)

    def local(self, kind: str, area: str) -> Agency:
        """The service of a kind (health, camhs, police, advocacy, voluntary) in an authority's area."""
        named = {
            "health": "Looked-after children's health", "camhs": "CAMHS", "police": "Police, missing and exploitation",
            "advocacy": "Advocacy for children", "voluntary": "Exploitation support service",
        }[kind]  # fmt: skip
        return Agency(f"{kind}-{area}", kind, f"{named}, {find_authority(area).name}", area)

    def staff(self, children: int) -> None:
        """Fill every post of the council from `first` to `last`, one person after another."""
        agencies = {"virtual_school": self.virtual_school, "lac_nurse": self.health}
        prefixes = {"social_worker": "SW", "lac_nurse": "NMC"}
        for role, per_post in PER_POST.items():
            chance = stream(self.seed, "staff", role)
            posts = max(LEAST.get(role, 1), round(children / per_post))
            for _ in range(posts):
                self._fill(role, agencies.get(role, self.social_care), prefixes.get(role), chance)

    def _fill(self, role: str, agency: Agency, prefix: str | None, chance: Random) -> None:
        day = self.first - timedelta(days=chance.randint(0, round(TENURE[role] * 365)))
        while day < self.last:
            stays = max(90, round(chance.expovariate(1 / (TENURE[role] * 365))))
            end = day + timedelta(days=stays)
            if end > self.first:
                held = self.posts.setdefault(role, [])
                number = f"{1000 + 7 * len(held) + chance.randint(0, 6)}"
                held.append(
                    Worker(
                        f"{role.replace('_', '-')}-{number}",
                        self.faker.name_nonbinary(),
                        agency,
                        day,
                        end if end <= self.last else None,
                        f"{prefix}{90000 + len(held):05d}" if prefix else None,
                    )
                )
            stands_empty = chance.choice((0, 14, 30, 60)) if role == "social_worker" else 0
            day = end + timedelta(days=stands_empty)

    def free(self, role: str, day: date, chance: Random, but: Worker | None = None) -> Worker | None:
        """Someone in post who has had few children; None where the posts stand empty."""
        there = [w for w in self.posts[role] if w.there(day) and w is not but and w.end != day]
        if not there:
            return None
        chosen = min(chance.sample(there, min(3, len(there))), key=lambda w: (self.load.get(w.id, 0), w.id))
        self.load[chosen.id] = self.load.get(chosen.id, 0) + 1
        return chosen

    def other(self, key: str, agency: Agency) -> Worker:
        """Someone of another agency, the same person for the same key, in post throughout."""
        if key not in self._others:
            self._others[key] = Worker(key, self.faker.name_nonbinary(), agency, self.first)
        return self._others[key]

    def fostering(self, provider: str | None, chance: Random) -> Agency:
        """A fostering service: the council's own, or one of those it buys from."""
        if provider == "PR1":
            return Agency(
                "fostering", "provider", f"Fostering service, {find_authority(self.authority).name}", self.authority
            )
        name = chance.choice(FOSTERING)
        return Agency(name.split()[0].lower(), "provider", name, self.authority)

    def school(self, area: str, phase: str, number: int) -> Agency:
        """A school in an area."""
        key = f"school-{area}-{phase}-{number}"
        if key not in self._others:
            head = self.faker.last_name()
            kind = "Primary School" if phase == "primary" else "Academy"
            agency = Agency(key, "school", f"{head} {kind}, {find_authority(area).name}", area, phase=phase)
            self._others[key] = Worker(f"teacher-{key[7:]}", self.faker.name_nonbinary(), agency, self.first)
        return self._others[key].agency

    def teacher(self, school: Agency) -> Worker:
        """The designated teacher of a school."""
        return self._others[school.id]
