"""The invented council's case system: an extract as real ones are, of the same children as the return."""

from __future__ import annotations

import csv
import re
from collections import Counter
from datetime import date, datetime
from pathlib import Path

import pytest

from graph.plain import plain
from graph.records import stays
from graph.register import entries, register
from ingest import roles as role_maps
from ingest.extract import Extract
from ingest.generate import AS_AT
from ingest.generate.roles import SPELLINGS, UNKNOWN
from ingest.generate.ssd.columns import COLUMNS
from ingest.recognise import read
from ingest.ssd_columns import TABLES
from ingest.ssd_people import FEW_CHILDREN, UNMAPPED

AUTHORITY = "E08000025"
YEARS = ("2023-24", "2024-25", "2025-26")
Row = dict[str, str]


@pytest.fixture(scope="module")
def extract(council: Path) -> Extract:
    (found,) = read([council / "ssd"], AUTHORITY, today=AS_AT)
    return found


def rows(council: Path, table: str) -> list[Row]:
    """The rows of a file of the extract, or of the allocations; of a table of the return, those of every year."""
    paths = [council / "ssd" / f"{table}.csv", council / "allocations" / f"{table}.csv"]
    paths += [council / "903" / year / f"{table}.csv" for year in YEARS]
    found: list[Row] = []
    for path in paths:
        if path.exists():
            with path.open(encoding="utf-8", newline="") as file:
                found += list(csv.DictReader(file))
    return found


def day(text: str) -> date | None:
    """A day in any of the ways the files write one; None where it is still to come."""
    text = text.removesuffix(" 00:00:00.000")
    if not text or text in ("1900-01-01", "NULL"):
        return None
    return datetime.strptime(text, "%d/%m/%Y" if "/" in text else "%Y-%m-%d").date()


def now_called(council: Path) -> dict[str, str]:
    """By the number a child had before, the number of today."""
    return {r["pers_legacy_id"]: r["pers_person_id"] for r in rows(council, "ssd_person") if r["pers_legacy_id"]}


# --- as an extract is ---


def test_the_columns_are_those_that_are_read_and_no_others() -> None:
    # An extract has a UPN in the linked identifiers, and names the child of a review and of a visit itself.
    beside = {"pers_upn", "clap_cla_placement_la", "clar_cla_episode_id", "clav_cla_episode_id"}
    tables = {t.name: t for t in TABLES if t.name in COLUMNS}
    assert set(tables) == set(COLUMNS)
    for name, table in tables.items():
        read_columns = {c.name for c in table.columns.values()}
        assert read_columns - beside <= set(COLUMNS[name]) <= read_columns | set(table.unread), name


def test_every_file_reads_and_no_row_is_refused(extract: Extract) -> None:
    assert extract.kind == "ssd" and extract.refusals == ()
    assert not [f.file for f in extract.files if f.problem]
    assert {f.recognised_as for f in extract.files} == {f"ssd {name.removeprefix('ssd_')}" for name in COLUMNS}
    assert all(n.startswith(UNMAPPED) for n in extract.notes), extract.notes


def test_what_is_set_aside_is_what_real_extracts_have(extract: Extract) -> None:
    reasons = Counter({r: n for f in extract.files for r, n in (f.set_aside or {}).items()})
    assert set(reasons) <= {
        "an involvement that names no worker", "a health check that was not completed",
        "a personal adviser whom ssd_involvements has", "a care leaver without a personal adviser",
        "no other child of the family is in the file",
    }  # fmt: skip
    assert reasons["an involvement that names no worker"] and reasons["a health check that was not completed"]


def test_days_are_written_in_three_ways_and_what_is_open_in_the_warehouse_s_own(council: Path) -> None:
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d 00:00:00\.000", r["invo_involvement_start_date"])
               for r in rows(council, "ssd_involvements"))  # fmt: skip
    assert all(re.fullmatch(r"\d\d/\d\d/\d{4}", r["clah_health_check_date"]) for r in rows(council, "ssd_cla_health"))
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\d", r["clar_cla_review_date"]) for r in rows(council, "ssd_cla_reviews"))
    involved = rows(council, "ssd_involvements")
    assert {r["invo_involvement_end_date"] for r in involved if not day(r["invo_involvement_end_date"])} == {
        "1900-01-01 00:00:00.000"
    }
    assert any(r["invo_professional_id"] == "-1" for r in involved)
    assert any(r["invo_professional_team"] == "-1" for r in involved)


# --- roles ---


def test_sixty_spellings_of_a_role_and_each_of_them_maps_or_is_reported(council: Path, extract: Extract) -> None:
    said = {r["invo_professional_role_id"] for r in rows(council, "ssd_involvements")}
    assert len(said & {words for spellings in SPELLINGS.values() for words in spellings}) >= 60
    default = role_maps.default()
    reported = "\n".join(n for n in extract.notes if n.startswith(UNMAPPED))
    children: dict[str, set[str]] = {}
    for r in rows(council, "ssd_involvements"):
        children.setdefault(r["invo_professional_role_id"], set()).add(r["invo_person_id"])
    for words in said - {"social_worker"}:
        if default.role(words):
            continue
        shown = f"“{words}”" if len(children[words]) > FEW_CHILDREN else f"a text of {len(words)} characters"
        assert words in UNKNOWN and shown in reported, words
    assert said & set(UNKNOWN)


@pytest.mark.parametrize("role", SPELLINGS)
def test_a_spelling_stands_for_its_role(role: str) -> None:
    assert {role_maps.default().role(words) for words in SPELLINGS[role]} == {role}


def test_roles_are_of_social_care_and_of_those_around_it(extract: Extract) -> None:
    involved = extract.tables["involved_with"]
    assert {"social_worker", "iro", "personal_adviser", "virtual_school", "supervising_social_worker",
            "team_manager", "family_support_worker", "early_help_lead", "other"} <= set(involved["role"])  # fmt: skip


# --- of one piece with the return ---


def test_a_social_worker_is_one_person_in_the_return_and_in_the_extract(council: Path) -> None:
    number = {r["prof_professional_id"]: r["prof_social_worker_registration_no"]
              for r in rows(council, "ssd_professionals")}  # fmt: skip
    changed = now_called(council)
    told = {(number.get(r["invo_professional_id"]), r["invo_person_id"], day(r["invo_involvement_start_date"]))
            for r in rows(council, "ssd_involvements")}  # fmt: skip
    returned = {(r["SW_ID"], changed.get(r["CHILD"], r["CHILD"]), day(r["SW_DECOM"]))
                for r in rows(council, "sw_episodes")}  # fmt: skip
    assert returned and returned <= told


def test_episodes_reviews_and_missing_periods_are_those_of_the_return(council: Path) -> None:
    changed = now_called(council)

    def both(table: str, child: str, on: str, returned: str, on_there: str) -> tuple[set[object], set[object]]:
        own = {(r[child], day(r[on])) for r in rows(council, table)}
        there = {(changed.get(r["CHILD"], r["CHILD"]), day(r[on_there])) for r in rows(council, returned)}
        return own, there

    own, there = both("ssd_cla_episodes", "clae_person_id", "clae_cla_episode_start_date", "episodes", "DECOM")
    assert there < own  # the return holds three years only
    own, there = both("ssd_cla_reviews", "clar_cla_person_id", "clar_cla_review_date", "reviews", "REVIEW")
    assert own == there
    own, there = both("ssd_missing", "miss_person_id", "miss_missing_episode_start_date", "missing", "MIS_START")
    assert there <= own and all(on < date(2023, 4, 1) for _, on in own - there)  # type: ignore[operator,misc]


def test_the_list_of_officers_is_that_of_the_extract_by_their_staff_numbers(council: Path) -> None:
    staff = {r["prof_professional_id"]: r["prof_staff_id"] for r in rows(council, "ssd_professionals")}
    officers = set(SPELLINGS["iro"])
    told = {
        (r["invo_person_id"], staff[r["invo_professional_id"]], day(r["invo_involvement_start_date"]),
         day(r["invo_involvement_end_date"]))
        for r in rows(council, "ssd_involvements") if r["invo_professional_role_id"] in officers
    }  # fmt: skip
    listed = {(r["Child ID"], r["Staff ID"], day(r["Start date"]), day(r["End date"]))
              for r in rows(council, "iro_allocations")}  # fmt: skip
    assert listed and listed == told
    (found,) = read([council / "allocations"], AUTHORITY, today=AS_AT)
    assert found.refusals == () and found.notes == ()


def test_a_child_whose_number_changed_is_one_child(council: Path) -> None:
    """Some are known to the returns of earlier years by another number, which only the extract says."""
    changed = now_called(council)
    assert changed
    years = {year: {r["CHILD"] for r in _returned(council, year)} for year in YEARS}
    assert set(changed) <= years[YEARS[0]] | years[YEARS[1]] and not set(changed) & years[YEARS[2]]
    extracts = read([council / "903", council / "ssd"], AUTHORITY, today=AS_AT)
    who = register(
        entry
        for n, e in enumerate(extracts)
        for entry in entries(str(n), e.authority, e.covers_from, plain(e.tables).get("children", {}))
    )
    ids = {named.id for each in who.named.values() for named in each.values()}
    assert ids == {f"{AUTHORITY}/{r['pers_person_id']}" for r in rows(council, "ssd_person")}
    assert who.unclear == {}


def _returned(council: Path, year: str) -> list[Row]:
    with (council / "903" / year / "header.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


# --- nothing twice ---


def test_the_case_system_s_tables_hold_what_the_extract_has_no_place_for(council: Path) -> None:
    case = council / "partners" / "case-system"
    assert not (case / "involved_with.csv").exists() and not (case / "sibling_of.csv").exists()
    with (case / "meetings.csv").open(encoding="utf-8", newline="") as file:
        assert "visit" not in {r["kind"] for r in csv.DictReader(file)}
    for table in ("attended", "plans", "holds", "notices", "alerts", "decisions", "recommendations", "needs"):
        assert (case / f"{table}.csv").exists(), table


def test_a_visit_names_nobody(extract: Extract) -> None:
    meetings, attended = extract.tables["meetings"], extract.tables["attended"]
    visits = {f"Meeting:{i}" for i in meetings.loc[meetings["kind"] == "visit", "id"]}
    assert visits and visits == set(attended["to"])
    assert {end.partition(":")[0] for end in attended["from"]} == {"Agency"}


def test_stays_by_the_extract_alone_are_the_homes_of_the_child(council: Path, extract: Extract) -> None:
    from graph.memory import records_of

    with (council / "truth" / "stays.csv").open(encoding="utf-8", newline="") as file:
        truth = list(csv.DictReader(file))
    for child in sorted({r["child_number"] for r in truth})[:40]:
        own = [(r["stay_start"], r["stay_end"]) for r in truth if r["child_number"] == child]
        found = stays(records_of(dict(extract.tables), f"{AUTHORITY}/{child}", authority=AUTHORITY))
        assert [(s.start.isoformat(), s.end.isoformat() if s.end else "") for s in found] == own, child
