"""An invented council, written as the files a real one and its partners hold.

Nothing in it is real but the postcodes, the names of authorities and the shares it is drawn by. The same
children, seed, day and authority give the same bytes.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from faker import Faker

from graph.errors import TeamaroundError
from graph.reference import authority as find_authority
from ingest.generate import chance as by
from ingest.generate import places
from ingest.generate.care import live
from ingest.generate.childhood import Child, children
from ingest.generate.council import Council
from ingest.generate.folders import Folder, Worker
from ingest.generate.meetings import HISTORY, Desk, hold
from ingest.generate.records import keep
from ingest.generate.returns import Told, write_returns, years
from ingest.generate.team import TOLD_BY, Team, team_of

AS_AT = date(2026, 3, 31)
SUPPLIERS = ("case-system", "health", "schools", "police", "camhs", "voluntary")
# What each supplier's files are complete for, in the years of the return; and, further back, for events.
COVERS = {
    "case-system": ("children", "involved_with:social_worker", "involved_with:iro", "involved_with:virtual_school",
                    "involved_with:personal_adviser", "involved_with:supervising_social_worker",
                    "involved_with:keyworker_residential", "meetings", "attended", "plans", "holds", "views",
                    "related_to", "sibling_of"),
    "health": ("involved_with:lac_nurse", "involved_with:health_lead", "assessments:initial health assessment",
               "assessments:review health assessment", "assessments:dental check", "attended:health"),
    "schools": ("involved_with:designated_teacher", "attends", "events:exclusion"),
    "police": ("involved_with:police",),
    "camhs": ("involved_with:camhs", "referrals:camhs", "needs:mental health"),
    "voluntary": ("involved_with:exploitation_worker", "involved_with:advocate"),
}  # fmt: skip
COVERS_BEFORE = {
    "case-system": ("events:missing", "events:self-harm", "events:suicide attempt", "events:notice by carer",
                    "events:assault or threat", "assessments:exploitation", "assessments:s47", "needs",
                    "plans:child protection"),
    "police": ("events:missing",),
}  # fmt: skip
SHARE_KNOWN = 0.4  # of most children, those for whom the case system says since when it has known them
README = """Nothing here is real.

{children} invented children of an invented council: names, days, events and identifiers come from a random
number generator (seed {seed}), numbers are of ranges that are given to nobody (UPN of authority 999, NHS numbers
that begin 999, registrations SW9…). Only the places exist: {authority}, the authorities around it, and postcodes,
which stand for no address. Any likeness to a child or a professional is chance.

903/        the children looked-after return, a folder a year, to {as_at}
partners/   what the case system, health, schools, police, CAMHS and voluntary services hold, as tables
"""


def generate(
    folder: Path, children: int = 60, seed: int = 1, as_at: date = AS_AT, authority: str = "E08000025"
) -> None:
    """Write an invented council into a folder: 903 returns of three years up to a day, and partners' tables.

    children: how many, those who left care in the three years included. authority: ONS code, DfE number or
    name. Raises TeamaroundError where the folder already holds something, so that nothing is mixed.
    """
    if children < 1:
        raise TeamaroundError("A council has at least one child.")
    if folder.exists() and any(folder.iterdir()):
        raise TeamaroundError(f"{folder} is not empty. Name a new folder.")
    code = find_authority(authority).code
    over = years(as_at)
    faker = Faker("en_GB")
    faker.seed_instance(seed)
    council = Council(code, seed, over[0].start - timedelta(days=500), as_at, faker)
    council.staff(children)
    told, folders = _told(council, over[0].start, children)
    write_returns(folder / "903", told, over, seed)
    for each in folders.values():
        each.write(folder / "partners")
    text = README.format(children=children, seed=seed, authority=find_authority(code).name, as_at=as_at)
    (folder / "README.txt").write_text(text, encoding="utf-8", newline="\n")


def _told(council: Council, first: date, count: int) -> tuple[list[Told], dict[str, Folder]]:
    """Every child's story, told to the return and to the partners."""
    folders = {name: Folder(name) for name in SUPPLIERS}
    area = places.around(council.authority)
    everyone = children(count, council.seed, first, council.last, area, council.faker)
    families: dict[int, list[Worker]] = {}
    siblings: dict[int, list[str]] = {}
    told = []
    for child in everyone:
        live(child, council.seed, council.last, area)
        team = team_of(child, council, families)
        desk = Desk(child, team, council, folders["case-system"], first)
        _introduce(child, siblings.setdefault(child.family, []), desk)
        _involve(child, team, folders, first)
        reviews = hold(desk, council.seed, folders)
        told.append(Told(child, team, reviews, keep(desk, council.seed, folders, reviews)))
    for name, folder in folders.items():
        _know_children(folder, told)
        folder.covers(first, council.last, *COVERS[name])
        folder.covers(first - HISTORY, council.last, *COVERS_BEFORE.get(name, ()))
    return told, folders


def _introduce(child: Child, siblings: list[str], desk: Desk) -> None:
    """The child, mother and siblings, as the case system has them; the child joins the siblings."""
    case = desk.case
    chance = child.chance(desk.council.seed, "known")
    said = child.story.troubled or chance.random() < SHARE_KNOWN
    known = max(child.born, child.start - by.days(chance, 30, 900)) if said else None
    case.once(
        "children", id=child.number, local_id=child.number, name=child.name, born=child.born,
        sex={"M": "male", "F": "female"}[child.sex], ethnicity=child.ethnicity, upn=child.upn,
        nhs_number=child.nhs_number, uasc=child.uasc, known_since=known, synthetic=True,
    )  # fmt: skip
    if not child.uasc:
        mother = case.once(
            "persons", id=f"mother-{child.family}", name=f"{child.name.split()[-1]} (mother)", kind="mother"
        )
        case.join("related_to", mother, child.number, relation="mother", parental_responsibility=True)
    for other in siblings:
        case.join("sibling_of", other, child.number)
    siblings.append(child.number)


def _involve(child: Child, team: Team, folders: dict[str, Folder], first: date) -> None:
    """Each involvement in the files of who would tell of it."""
    for tie in team.ties:
        if tie.end and tie.end <= first:
            continue
        folder = folders[TOLD_BY.get(tie.role, "case-system")]
        folder.join(
            "involved_with", f"Professional:{folder.person(tie.who)}", child.number, role=tie.role, need=tie.need,
            agency=tie.who.agency.id, start=tie.start, end=tie.end, start_reason=tie.reason,
        )  # fmt: skip
    for school, start, end in team.schools:
        if end is None or end > first:
            folders["schools"].join("attends", child.number, folders["schools"].agency(school), start=start, end=end)


def _know_children(folder: Folder, told: list[Told]) -> None:
    """The children a partner speaks of, by the number it knows them by."""
    spoken_of = {row[c] for rows in folder.tables.values() for row in rows for c in ("to", "from", "about") if c in row}
    for child in (one.child for one in told):
        if child.number in spoken_of:
            by_upn = folder.name == "schools" and child.upn[:2] != "UN"
            own = {"nhs_number": child.nhs_number} if folder.name == "health" else {"local_id": child.number}
            folder.once("children", id=child.number, **({"upn": child.upn} if by_upn else own))
