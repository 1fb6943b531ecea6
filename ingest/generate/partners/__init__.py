"""What the case system, health, schools, police, CAMHS and voluntary services hold of an invented child, as tables.

A file a theme: each writes its own records of one child, from a source of chance of its own, so that more of one
thing changes no other.
"""

from __future__ import annotations

from pathlib import Path

from ingest.generate import chance as by
from ingest.generate.council import Council
from ingest.generate.diary import HISTORY
from ingest.generate.folders import Folder, Worker
from ingest.generate.partners import (
    contacts,
    crises,
    education,
    family,
    health,
    homes,
    plans,
    protection,
    reviews,
    voice,
)
from ingest.generate.partners.desk import Desk
from ingest.generate.planted import Planted
from ingest.generate.told import Told

SUPPLIERS = ("case-system", "health", "schools", "police", "camhs", "voluntary")
# Which folder tells of a role; the case system's extract (`ingest.generate.ssd`) of all others.
TOLD_BY = {
    "lac_nurse": "health", "health_lead": "health", "gp": "health", "health_visitor": "health",
    "school_nurse": "health", "paediatrician": "health", "designated_teacher": "schools", "police": "police",
    "camhs": "camhs", "exploitation_worker": "voluntary", "advocate": "voluntary", "independent_visitor": "voluntary",
}  # fmt: skip
# What each supplier's files are complete for, in the years of the return; and, further back, for events.
COVERS = {
    "case-system": (
        "children", "placed_at", "meetings", "attended", "plans", "holds", "views", "trusts", "recommendations",
        "notices", "decisions", "objected_to", "alerts", "related_to", "assessments:pathway needs",
        "assessments:child and family",
    ),
    "health": (
        "involved_with:lac_nurse", "involved_with:health_lead", "involved_with:gp", "involved_with:health_visitor",
        "involved_with:school_nurse", "involved_with:paediatrician", "involved_with:psychologist",
        "assessments:initial health assessment",
        "assessments:review health assessment", "assessments:dental check", "attended:health",
    ),
    "schools": ("involved_with:designated_teacher", "attends", "events:exclusion"),
    "police": ("involved_with:police", "events:arrest", "events:police called to placement"),
    "camhs": ("involved_with:camhs", "referrals:camhs"),
    "voluntary": ("involved_with:exploitation_worker", "involved_with:advocate", "involved_with:independent_visitor",
                  "involved_with:voluntary"),
}  # fmt: skip
COVERS_BEFORE = {
    "case-system": (
        "events:missing", "events:return interview", "events:self-harm", "events:suicide attempt",
        "events:notice by carer", "events:assault or threat", "events:physical intervention",
        "assessments:exploitation", "assessments:s47", "needs", "plans:child protection", "plans:child in need",
    ),
    "police": ("events:missing",),
}  # fmt: skip
SHARE_KNOWN = 0.4  # of most children, those for whom the case system says since when it has known them
# Each theme writes what it knows of one child; what one leaves for another is on the desk.
THEMES = (
    family.write, homes.write, plans.write, reviews.write, contacts.write, education.write, health.write,
    protection.write, crises.write, voice.write,
)  # fmt: skip


class Partners:
    """The folders of every supplier, written child by child."""

    def __init__(self, root: Path, council: Council) -> None:
        self._council = council
        self._folders = {name: Folder(root, name) for name in SUPPLIERS}
        self._first = self._last = council.last
        self.planted: list[Planted] = []  # in the files of the last child told of

    def tell(self, told: Told) -> None:
        """Write a child into the folders of those who know them."""
        self._first, self._last = told.first, self._council.last
        for folder in self._folders.values():
            folder.speaks = False
        desk = Desk(told, self._council, self._folders)
        _involve(desk)
        for theme in THEMES:
            theme(desk)
        for folder in self._folders.values():
            if folder.speaks:
                _know(folder, desk)
        self.planted = desk.planted

    def named(self) -> dict[str, Worker]:
        """Everyone who has been named in a folder so far, by their id."""
        return {id: worker for folder in self._folders.values() for id, worker in folder.named.items()}

    def close(self) -> None:
        """Say what the folders are complete for, and close them."""
        for name, folder in self._folders.items():
            folder.covers(self._first, self._last, *COVERS[name])
            folder.covers(self._first - HISTORY, self._last, *COVERS_BEFORE.get(name, ()))
            folder.close()


def _involve(desk: Desk) -> None:
    """Each involvement in the files of who would tell of it."""
    for tie in desk.team.ties:
        if tie.end and tie.end <= desk.first or tie.role not in TOLD_BY:
            continue
        folder = desk.folders[TOLD_BY[tie.role]]
        folder.join(
            "involved_with", f"Professional:{folder.person(tie.who)}", desk.child.number, role=tie.role, need=tie.need,
            agency=tie.who.agency.id, team=folder.department(tie.who.department), start=tie.start, end=tie.end,
            start_reason=tie.reason, end_reason=tie.end_reason,
        )  # fmt: skip


def _know(folder: Folder, desk: Desk) -> None:
    """The child, by the number a supplier knows them by; the case system knows more."""
    child = desk.child
    if folder is desk.case:
        chance = desk.chance("known")
        said = child.story.troubled or chance.random() < SHARE_KNOWN
        known = max(child.born, child.start - by.days(chance, 30, 900)) if said and not child.uasc else None
        folder.add(
            "children", id=child.number, local_id=child.number, uasc=child.uasc, known_since=known, synthetic=True,
        )  # fmt: skip
    elif folder.name == "health":
        folder.add("children", id=child.number, nhs_number=child.nhs_number)
    elif folder.name == "schools" and child.upn[:2] != "UN":
        folder.add("children", id=child.number, upn=child.upn)
    else:
        folder.add("children", id=child.number, local_id=child.number)
