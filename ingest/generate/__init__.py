"""An invented council, written as the files a real one and its partners hold.

Nothing in it is real but the postcodes, the names of authorities and the shares it is drawn by. The same
children, seed, day and authority give the same bytes. Children are told of one after another and written at once,
so that memory holds one family, and the people and places of the council.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path

from faker import Faker

from graph.errors import TeamaroundError
from graph.reference import authority as find_authority
from ingest.generate import places
from ingest.generate.allocations import Allocations
from ingest.generate.care import live
from ingest.generate.childhood import Child
from ingest.generate.council import BEFORE, Council
from ingest.generate.diary import told_of
from ingest.generate.dirt import soil
from ingest.generate.families import Source, families
from ingest.generate.helpers import helpers
from ingest.generate.numbers import old_number
from ingest.generate.partners import SUPPLIERS, Partners
from ingest.generate.returns import Returns, years
from ingest.generate.schooling import schools
from ingest.generate.ssd import Dataset
from ingest.generate.team import Team, Tie, shared, social_care
from ingest.generate.told import Told, Writer
from ingest.generate.truth import Truth, everyone

__all__ = ["AS_AT", "SUPPLIERS", "Council", "Told", "Writer", "generate", "open_council", "stories"]

AS_AT = date(2026, 3, 31)
README = """Nothing here is real.

{children} children looked after on {as_at} by an invented council, and {others} who left care in the three years
before: {all} invented children in all. Names, days, events and identifiers come from a random number generator
(seed {seed}), numbers are of ranges that are given to nobody (UPN of authority 999, NHS numbers that begin 999,
registrations SW9…). Only the places exist: {authority}, the authorities around it, and postcodes, which stand for
no address. Any likeness to a child or a professional is chance.

903/          the children looked-after return, a folder a year, to {as_at}
ssd/          the case system's own records, as the Standard Safeguarding Dataset
allocations/  the reviewing officers, as a list kept by hand
partners/     what the case system has beside, and health, schools, police, CAMHS and voluntary services, as tables
truth/        what is in it and what was planted in it: for measuring, never loaded
"""


def generate(
    folder: Path,
    children: int = 60,
    seed: int = 1,
    as_at: date = AS_AT,
    authority: str = "E08000025",
    dirt: float = 0.0,
) -> None:
    """Write an invented council into a folder: 903 returns of three years up to a day, SSD, allocations, partners.

    children: how many are looked after on that day; those who left care in the three years, and brothers and
    sisters, come with them (README.txt says how many in all). authority: ONS code, DfE number or name. dirt: the share
    of rows with a mistake in them, each written down in truth/dirt.csv. Raises TeamaroundError where the folder
    already holds something, so that nothing is mixed.
    """
    if children < 1:
        raise TeamaroundError("A council has at least one child.")
    if not 0 <= dirt <= 1:
        raise TeamaroundError("Dirt is a share of the rows, from 0 to 1.")
    if folder.exists() and any(folder.iterdir()):
        raise TeamaroundError(f"{folder} is not empty. Name a new folder.")
    council = open_council(children, seed, as_at, authority)
    over = years(as_at)
    changed = over[-1].start
    dataset, partners = Dataset(folder / "ssd", council, changed), Partners(folder / "partners", council)
    truth = Truth(
        folder, council, lambda told: old_number(told.child, seed, changed),
        lambda: everyone(dataset.named, partners.named()), lambda: partners.planted,
    )  # fmt: skip
    # The truth comes last: it tells what the others wrote.
    writers: list[Writer] = [
        Returns(folder / "903", over, seed), dataset, Allocations(folder / "allocations"), partners, truth,
    ]  # fmt: skip
    told_in_all = 0
    try:
        for told in stories(council, children):
            told_in_all += 1
            for writer in writers:
                writer.tell(told)
    finally:
        for writer in writers:
            writer.close()
    text = README.format(
        children=children, others=told_in_all - children, all=told_in_all, seed=seed, as_at=as_at,
        authority=find_authority(council.authority).name,
    )  # fmt: skip
    (folder / "README.txt").write_text(text, encoding="utf-8", newline="\n")
    if dirt:
        soil(folder, dirt, seed)


def open_council(children: int, seed: int, as_at: date, authority: str) -> Council:
    """The council with its posts filled, for so many children looked after on a day."""
    faker = Faker("en_GB")
    faker.seed_instance(seed)
    council = Council(find_authority(authority).code, seed, years(as_at)[0].start - BEFORE, as_at, faker)
    council.staff(children)
    return council


def stories(council: Council, children: int) -> Iterator[Told]:
    """Every child's story, one after another, brothers and sisters in a row.

    What is to be planted in a child's story is changed here, before it is written.
    """
    first = council.first + BEFORE
    area = places.around(council.authority)
    source = Source(council.seed, first, council.last, area, council.faker)
    for family in families(children, source):
        for n, child in enumerate(family):
            live(child, family[:n], council.seed, council.last, area)
        workers = shared(family, council)
        for child in family:
            team = Team(schools=list(schools(child, council)))
            team.ties = list(_told_ties(council, child, [*social_care(child, council, workers)]))
            team.ties += _told_ties(council, child, [*helpers(child, council, team)])
            yield told_of(child, family, team, council, first)


def _told_ties(council: Council, child: Child, ties: list[Tie]) -> Iterator[Tie]:
    """Ties that began by the last day and hold on some day."""
    return (t for t in ties if t.start <= council.last and (t.end is None or t.start < t.end))
