"""Whom only the case system names: those who helped a family before its children came into care.

They are in no partner's files, and most were gone when care began; some stayed for its first weeks. Many come from
another agency and have no number in the council's staff list.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from graph.reference import authority as find_authority
from ingest.generate import chance as by
from ingest.generate.childhood import Child
from ingest.generate.council import Council
from ingest.generate.folders import Agency
from ingest.generate.roles import UNKNOWN
from ingest.generate.team import Tie

PEOPLE = 5  # of each role, one family after another
SHARE_UNKNOWN = 0.08  # of children, those of whom someone is named in a role that nobody knows


@dataclass(frozen=True)
class Helper:
    """Who helps before care. agency: kind and name; share: of families; external: not in the council's staff list."""

    agency: tuple[str, str]
    share: float
    external: bool = False


HELPERS: Mapping[str, Helper] = {
    "team_manager": Helper(("social care", ""), 0.35),
    "family_support_worker": Helper(("social care", ""), 0.4),
    "cp_chair": Helper(("social care", ""), 0.3),
    "contact_supervisor": Helper(("social care", ""), 0.2),
    "early_help_lead": Helper(("early help", "Early help"), 0.3),
    "housing": Helper(("housing", "Housing"), 0.15),
    "adult_services": Helper(("adult services", "Adult services"), 0.15),
    "school": Helper(("school", "Parkside School"), 0.2, external=True),
    "send_caseworker": Helper(("school", ""), 0.1),
    "psychologist": Helper(("health", "Educational psychology"), 0.1),
    "paediatrician": Helper(("health", "Child development clinic"), 0.2, external=True),
    "gp": Helper(("health", "Market Place Surgery"), 0.12, external=True),
    "health_visitor": Helper(("health", "Health visitors, old service"), 0.12, external=True),
    "school_nurse": Helper(("health", "School nurses, old service"), 0.08, external=True),
    "camhs": Helper(("camhs", "CAMHS early intervention"), 0.08, external=True),
    "police": Helper(("police", "Police, child abuse investigation"), 0.2, external=True),
    "voluntary": Helper(("voluntary", "Family centre trust"), 0.2, external=True),
    "advocate": Helper(("advocacy", "Advocacy for families"), 0.05, external=True),
    "foster_carer": Helper(("provider", "Short breaks"), 0.05, external=True),
}
FOR_THE_FIRST_WEEKS = ("contact_supervisor", "interpreter")


@dataclass(frozen=True)
class Named:
    """Someone the case system names. external: without a number; words: for the role, where they are nobody's."""

    tie: Tie
    external: bool = False
    words: str | None = None


def earlier(child: Child, council: Council) -> Iterator[Named]:
    """Those of one child, each of whom is gone before the child is eight weeks in care."""
    chance = by.stream(council.seed, "earlier", child.number)
    if child.uasc:
        yield from _named("interpreter", Helper(("voluntary", "Language line"), 1.0, external=True), child, council)
        return
    for role, helper in HELPERS.items():
        if chance.random() < helper.share:
            yield from _named(role, helper, child, council)
    if chance.random() < SHARE_UNKNOWN:
        for found in _named("other", Helper(("social care", ""), 1.0), child, council):
            yield Named(found.tie, words=chance.choice(UNKNOWN))


def _named(role: str, helper: Helper, child: Child, council: Council) -> Iterator[Named]:
    chance = by.stream(council.seed, "earlier", child.number, role)
    kind, name = helper.agency
    full = f"{name}, {find_authority(council.authority).name}" if name else ""
    agency = Agency(f"earlier-{role}", kind, full, council.authority) if name else council.social_care
    who = council.other(f"earlier-{role.replace('_', '-')}-{chance.randint(1, PEOPLE)}", agency)
    start, end = max(child.born, child.start - by.days(chance, 60, 400)), child.start
    if role in FOR_THE_FIRST_WEEKS:
        start, end = child.start, child.start + by.days(chance, 3, 50)
    end = min(end, child.end or end)
    if start < end:
        yield Named(Tie(who, role, start, end if end <= council.last else None), helper.external)
