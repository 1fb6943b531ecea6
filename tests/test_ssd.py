"""The Standard Safeguarding Dataset, from small files: what each row becomes, and what is said of the rest."""

import random
from datetime import date
from pathlib import Path

import pytest

from graph.identity import identify
from graph.memory import records_of
from graph.model import SiblingOf, by_table
from graph.plain import plain
from graph.records import Coverage, in_care, involvements, stays
from graph.register import entries, register
from ingest import report, ssd
from ingest.extract import Extract, columns_of
from ingest.recognise import read
from ingest.roles import RoleMap, default
from tests import test_ssda903 as ssda903
from tests.test_ssda903 import BIRMINGHAM, IN_BIRMINGHAM, IN_WARWICK, TODAY, adds_up, only, rows, write

PERSON = (
    "pers_person_id,pers_legacy_id,pers_forename,pers_surname,pers_sex,pers_gender,pers_ethnicity,pers_dob,"
    "pers_common_child_id,pers_upn_unknown,pers_send_flag,pers_expected_dob,pers_death_date,pers_is_mother,"
    "pers_nationality"
)
EPISODES = (
    "clae_cla_episode_id,clae_person_id,clae_cla_placement_id,clae_cla_episode_start_date,"
    "clae_cla_episode_start_reason,clae_cla_primary_need_code,clae_cla_episode_ceased_date,"
    "clae_cla_episode_ceased_reason,clae_cla_id,clae_referral_id,clae_cla_last_iro_contact_date,clae_entered_care_date"
)
PLACEMENT = (
    "clap_cla_placement_id,clap_cla_id,clap_person_id,clap_cla_placement_start_date,clap_cla_placement_type,"
    "clap_cla_placement_urn,clap_cla_placement_distance,clap_cla_placement_provider,clap_cla_placement_postcode,"
    "clap_cla_placement_end_date,clap_cla_placement_change_reason"
)
LEGAL = "lega_legal_status_id,lega_person_id,lega_legal_status,lega_legal_status_start_date,lega_legal_status_end_date"
INVOLVEMENTS = (
    "invo_involvements_id,invo_professional_id,invo_professional_role_id,invo_professional_team,invo_person_id,"
    "invo_involvement_start_date,invo_involvement_end_date,invo_worker_change_reason,invo_referral_id"
)
PROFESSIONALS = (
    "prof_professional_id,prof_staff_id,prof_professional_name,prof_social_worker_registration_no,"
    "prof_agency_worker_flag,prof_professional_job_title,prof_professional_caseload,prof_professional_department,"
    "prof_full_time_equivalency"
)
DEPARTMENT = "dept_team_id,dept_team_name,dept_team_parent_id,dept_team_parent_name"
REVIEWS = (
    "clar_cla_review_id,clar_cla_id,clar_cla_review_due_date,clar_cla_review_date,clar_cla_review_cancelled,"
    "clar_cla_review_participation,clar_cla_person_id"
)
VISITS = (
    "clav_cla_visit_id,clav_cla_id,clav_person_id,clav_cla_visit_date,clav_cla_visit_seen,clav_cla_visit_seen_alone"
)
HEALTH = "clah_health_check_id,clah_person_id,clah_health_check_type,clah_health_check_date,clah_health_check_status"
IMMUNISATIONS = "clai_person_id,clai_immunisations_status,clai_immunisations_status_date"
SDQ = "csdq_table_id,csdq_person_id,csdq_sdq_completed_date,csdq_sdq_reason,csdq_sdq_score"
MISSING = (
    "miss_table_id,miss_person_id,miss_missing_episode_start_date,miss_missing_episode_type,"
    "miss_missing_episode_end_date,miss_missing_rhi_offered,miss_missing_rhi_accepted"
)
CARE_LEAVERS = (
    "clea_table_id,clea_person_id,clea_care_leaver_eligibility,clea_care_leaver_in_touch,"
    "clea_care_leaver_latest_contact,clea_care_leaver_accommodation,clea_care_leaver_accom_suitable,"
    "clea_care_leaver_activity,clea_pathway_plan_review_date,clea_care_leaver_personal_advisor,"
    "clea_care_leaver_allocated_team,clea_care_leaver_worker_id"
)
FAMILY = "fami_table_id,fami_family_id,fami_person_id"
LINKED = (
    "link_table_id,link_person_id,link_identifier_type,link_identifier_value,link_valid_from_date,link_valid_to_date"
)

ASH = "1001,,Ash,Example,F,,WBRI,2012-05-12 00:00:00.000,9434765919,,N,,,N,"
ELM = "1002,77,Elm,Example,M,,WBRI,2014-02-01,,,N,,,N,"
FIRST = "e1,1001,p1,2023-06-05 00:00:00.000,S,N1,2024-01-10 00:00:00.000,X1,c1,r1,2024-01-05,2023-06-05"
SECOND = "e2,1001,p2,2024-01-10 00:00:00.000,P,N1,1900-01-01 00:00:00.000,,c1,r1,,2023-06-05"
HOME_1 = f"p1,c1,1001,2023-06-05,U6,1234567,18.5,PR1,{IN_WARWICK},2024-01-10,CREQB"
HOME_2 = f"p2,c1,1001,2024-01-10,K2,SC012345,2.0,PR4,{IN_BIRMINGHAM},,"
ORDER = "l1,1001,C2,2023-06-05,"
WORKER = "11,s11,Jo Worker,SW123,N,Social Worker,15,LAC Team North,1"
OFFICER = "12,s12,Sam Officer,,N,Independent Reviewing Officer,,Reviewing Service,1"


def worker(id: str, name: str, *, staff: str = "", title: str = "", department: str = "") -> str:
    return f"{id},{staff},{name},,,{title},,{department},"


def tie(worker: str, role: str, start: str = "2023-06-05", end: str = "", *, child: str = "1001", team: str = "-1",
        reason: str = "") -> str:  # fmt: skip
    return f"i,{worker},{role},{team},{child},{start},{end},{reason},r1"


INVOLVED = [INVOLVEMENTS, tie("11", "Allocated Worker", end="2024-02-01", team="t1", reason="FCONTA"), tie("12", "IRO")]
STAFF = [PROFESSIONALS, WORKER, OFFICER]
TEAMS = [DEPARTMENT, "t1,LAC Team North,t0,Children's Services"]


def people_folder(folder: Path, *ties: str, workers: tuple[str, ...] = (WORKER, OFFICER)) -> Extract:
    return only(write(
        folder, person=[PERSON, ASH, ELM], involvements=[INVOLVEMENTS, *ties],
        professionals=[PROFESSIONALS, *workers], department=TEAMS,
    ))  # fmt: skip


def care_folder(folder: Path, episodes: list[str], **more: list[str]) -> Extract:
    files = {"person": [PERSON, ASH], "placement": [PLACEMENT, HOME_1, HOME_2], "legal": [LEGAL, ORDER]}
    return only(write(folder, episodes=[EPISODES, *episodes], **{**files, **more}))


def full_folder(folder: Path) -> Path:
    return write(
        folder, person=[PERSON, ASH, ELM], episodes=[EPISODES, FIRST, SECOND], placement=[PLACEMENT, HOME_1, HOME_2],
        legal=[LEGAL, ORDER], involvements=INVOLVED, professionals=STAFF, department=TEAMS,
        reviews=[REVIEWS, "v1,c1,2023-07-03,2023-07-01,N,PN1,1001"],
        visits=[VISITS, "w1,c1,1001,2023-06-10,Y,Y"],
        health=[HEALTH, "h1,1001,Initial Health Assessment,2023-06-28,Completed"],
        immunisations=[IMMUNISATIONS, "1001,Y,2023-09-01"], sdq=[SDQ, "q1,1001,2023-09-15,,17"],
        missing=[MISSING, "m1,1001,2023-10-01 23:15:00,M,2023-10-02 04:30:00,Y,N"],
        leavers=[CARE_LEAVERS], family=[FAMILY, "f1,F1,1001", "f2,F1,1002"],
        linked=[LINKED, "k1,1001,Unique Pupil Number,A123456789012,2020-01-01,"],
    )  # fmt: skip


def aside(of: Extract, name: str) -> dict[str, int]:
    return dict(next(f for f in of.files if f.file.endswith(f"/{name}.csv")).set_aside or {})


def noted(of: Extract, text: str) -> bool:
    return any(text in note for note in of.notes)


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Extract:
    return only(full_folder(tmp_path_factory.mktemp("full") / "a"))


# --- what each row becomes ---


def test_children_with_their_numbers(full: Extract) -> None:
    assert rows(full, "children", "id", "local_id", "name", "born", "sex", "ethnicity") == {
        ("1001", "1001", "Ash Example", date(2012, 5, 12), "female", "WBRI"),
        ("1002", "1002", "Elm Example", date(2014, 2, 1), "male", "WBRI"),
    }
    assert rows(full, "children", "id", "upn", "nhs_number", "aliases") == {
        ("1001", "A123456789012", "9434765919", None), ("1002", None, None, ("77",)),
    }  # fmt: skip


def test_episodes_with_the_placement_and_the_legal_status_of_their_first_day(full: Extract) -> None:
    assert rows(full, "looks_after", "from", "legal_status", "need", "start", "end", "start_reason", "end_reason") == {
        (f"LocalAuthority:{BIRMINGHAM}", "C2", "N1", date(2023, 6, 5), date(2024, 1, 10), "S", "X1"),
        (f"LocalAuthority:{BIRMINGHAM}", "C2", "N1", date(2024, 1, 10), None, "P", None),
    }
    assert rows(full, "placed_at", "place_type", "provider", "start", "end", "change_reason", "miles") == {
        ("U6", "PR1", date(2023, 6, 5), date(2024, 1, 10), "CREQB", 18.5),
        ("K2", "PR4", date(2024, 1, 10), None, None, 2.0),
    }
    assert rows(full, "placements", "id", "urn", "kind", "postcode_sector") == {
        (f"1001|1234567|{IN_WARWICK}", "1234567", "foster home", "CV34 4"),
        ("urn SC012345", "SC012345", "children's home", "B1 1"),
    }


def test_workers_their_teams_and_what_they_do(full: Extract) -> None:
    own = f"Agency:social care {BIRMINGHAM}"
    assert rows(full, "professionals", "id", "name", "registration", "staff_id", "identified") == {
        ("11", "Jo Worker", "SW123", "s11", True),
        ("12", "Sam Officer", None, "s12", True),
    }
    assert rows(full, "involved_with", "from", "to", "role", "local_role", "start", "end", "start_reason") == {
        ("Professional:11", "Child:1001", "social_worker", "Allocated Worker", date(2023, 6, 5), date(2024, 2, 1),
         "FCONTA"),
        ("Professional:12", "Child:1001", "iro", "IRO", date(2023, 6, 5), None, None),
    }  # fmt: skip
    assert rows(full, "involved_with", "from", "agency", "team") == {
        ("Professional:11", own, "Team:lac team north"), ("Professional:12", own, None),
    }  # fmt: skip
    assert rows(full, "teams", "name", "part_of", "row") == {("LAC Team North", (own,), "a/department.csv:2")}
    assert ("social care", "Birmingham") in rows(full, "agencies", "kind", "name")
    assert rows(full, "serves", "from", "to") == {(own, f"LocalAuthority:{BIRMINGHAM}")}


def test_what_happened(full: Extract) -> None:
    assert rows(full, "meetings", "kind", "on", "due", "status", "participation", "seen", "alone", "about") == {
        ("review", date(2023, 7, 1), date(2023, 7, 3), None, "PN1", None, None, ("Child:1001",)),
        ("visit", date(2023, 6, 10), None, None, None, True, True, ("Child:1001",)),
    }
    assert rows(full, "attended", "from", "to", "how") == {
        (f"Agency:social care {BIRMINGHAM}", "Meeting:1001|visit|2023-06-10", "present")
    }
    assert rows(full, "events", "kind", "on", "end", "interview_on") == {
        ("missing", date(2023, 10, 1), date(2023, 10, 2), None)
    }
    assert rows(full, "assessments", "kind", "on", "result") == {
        ("initial health assessment", date(2023, 6, 28), "yes"),
        ("immunisations", date(2023, 9, 1), "yes"),
        ("sdq", date(2023, 9, 15), "17"),
    }
    assert rows(full, "sibling_of", "from", "to") == {("Child:1001", "Child:1002")}


def test_every_table_has_the_columns_of_the_contract_and_every_row_its_place(full: Extract) -> None:
    for name, frame in full.tables.items():
        assert list(frame.columns) == columns_of(by_table()[name])
        assert frame["id"].is_unique, name
        for cell in frame.to_numpy().ravel():
            assert cell is None or isinstance(cell, str | bool | int | float | date | tuple)
            assert cell == cell  # no NaN
    adds_up(full)
    assert full.refusals == ()
    assert (full.kind, full.supplier, full.authority) == ("ssd", "Birmingham", BIRMINGHAM)
    assert report.usable([full])


def test_what_points_at_a_row_points_at_one_that_is_there(full: Extract) -> None:
    there = {f"{by_table()[t].__name__}:{i}" for t, frame in full.tables.items() for i in frame["id"]}
    for table in ("involved_with", "placed_at", "attended", "sibling_of", "provides"):
        ends = {end for name in ("from", "to") for end in full.tables[table][name]}
        assert ends <= there, table
    for column in ("agency", "team"):
        assert set(full.tables["involved_with"][column].dropna()) <= there


# --- the same children in the return ---


def ids(of: Extract, table: str) -> set[str]:
    return {row["id"] for row in identify(of.tables, authority=BIRMINGHAM).rows.get(table, [])}


def test_the_return_and_the_ssd_of_one_child_are_one_set_of_records(tmp_path: Path) -> None:
    returns = only(write(
        tmp_path / "903", header=[ssda903.HEADER, ssda903.ASH],
        episodes=[ssda903.EPISODES, ssda903.FIRST, ssda903.SECOND],
        reviews=[ssda903.REVIEWS, "1001,,01/07/2023,PN1"], missing=[ssda903.MISSING, "1001,,M,01/10/2023,02/10/2023"],
        workers=[ssda903.WORKERS, "1001,,SW123,05/06/2023,01/02/2024,FCONTA"],
    ))  # fmt: skip
    system = only(full_folder(tmp_path / "ssd"))

    for table in ("looks_after", "placed_at", "placements", "in_area", "provides", "agencies", "serves", "events"):
        assert ids(returns, table) == ids(system, table) != set(), table
    for table in ("children", "professionals", "involved_with", "meetings"):  # the SSD says more
        assert ids(returns, table) < ids(system, table), table


def who(**extracts: Extract) -> dict[str, set[str]]:
    """The ids of the children of each of these extracts, told together."""
    every = [e for name, of in extracts.items() for e in entries(name, BIRMINGHAM, None, plain(of.tables)["children"])]
    found = register(every)
    return {name: {named.id for named in found.of(name).values()} for name in extracts}


def test_a_child_whose_number_was_changed_is_the_child_the_return_knows_by_the_earlier_one(tmp_path: Path) -> None:
    returns = only(write(tmp_path / "903", header=[ssda903.HEADER, ssda903.ASH.replace("1001", "77")]))
    system = only(write(tmp_path / "ssd", person=[PERSON, ELM]))

    assert who(returns=returns, system=system) == {"returns": {f"{BIRMINGHAM}/1002"}, "system": {f"{BIRMINGHAM}/1002"}}


def test_an_earlier_number_that_is_another_childs_number_joins_nobody(tmp_path: Path) -> None:
    oak = "1003,1001,Oak,Example,M,,WBRI,2015-01-01,,,N,,,N,"

    assert who(system=only(write(tmp_path / "a", person=[PERSON, ASH, oak]))) == {
        "system": {f"{BIRMINGHAM}/1001", f"{BIRMINGHAM}/1003"}
    }


def test_a_childs_records_read_as_those_of_any_source(full: Extract) -> None:
    records = records_of(full.tables, f"{BIRMINGHAM}/1001", full.coverage, authority=BIRMINGHAM)

    assert [stay.start for stay in stays(records)] == [date(2023, 6, 5), date(2024, 1, 10)]
    assert in_care(records, date(2024, 3, 1)) is not None
    assert [i.role for i in involvements(records, "iro")] == ["iro"]
    assert len(records.of(SiblingOf)) == 1


# --- workers ---


@pytest.mark.parametrize("none", ["-1", "", "-1.0", "NULL"])
def test_minus_one_and_blank_are_no_worker_and_no_team(tmp_path: Path, none: str) -> None:
    found = people_folder(tmp_path / "a", tie(none, "Social Worker"), tie("11", "Social Worker", team=none))

    assert rows(found, "involved_with", "from", "team") == {("Professional:11", None)}
    assert aside(found, "involvements") == {"an involvement that names no worker": 1}
    adds_up(found)


def test_a_team_is_told_by_its_id_or_by_its_name(tmp_path: Path) -> None:
    found = people_folder(
        tmp_path / "a",
        tie("11", "Social Worker", "2023-01-01", team="t1"),
        tie("11", "Social Worker", "2023-02-01", team="Court Team"),
        tie("11", "Social Worker", "2023-03-01", team="4711"),
    )

    assert rows(found, "involved_with", "start", "team") == {
        (date(2023, 1, 1), "Team:lac team north"), (date(2023, 2, 1), "Team:court team"), (date(2023, 3, 1), None),
    }  # fmt: skip


def test_an_external_agencys_worker_keeps_an_agency_of_the_roles_kind(tmp_path: Path) -> None:
    found = people_folder(
        tmp_path / "a",
        tie("21", "GP"), tie("22", ""), tie("23", "Designated Teacher"), tie("24", "Social Worker"),
        workers=(
            worker("21", "Dr A", staff="External Agency|GP", department="High Street Surgery"),
            worker("22", "Dr B", staff="External Agency|GP"),
            worker("23", "Ms C", department="Oak School"),
            worker("24", "Mx D", title="External Agency", department="Another Council"),
        ),
    )  # fmt: skip

    assert rows(found, "involved_with", "from", "role", "agency") == {
        ("Professional:21", "gp", "Agency:health: high street surgery"),
        ("Professional:22", "gp", None),  # no name is made up: its kind is that of the role
        ("Professional:23", "designated_teacher", "Agency:school: oak school"),
        ("Professional:24", "social_worker", "Agency:social care: another council"),
    }
    assert rows(found, "agencies", "kind", "name") == {
        ("health", "High Street Surgery"), ("school", "Oak School"), ("social care", "Another Council"),
    }  # fmt: skip
    assert {staff for (staff,) in rows(found, "professionals", "staff_id")} == {None}


def test_the_councils_own_staff_in_a_role_of_education_are_no_school(tmp_path: Path) -> None:
    sender = worker("31", "Mx E", staff="s31", department="SEND Team")
    found = people_folder(tmp_path / "a", tie("31", "SEND Officer"), workers=(sender,))

    assert rows(found, "involved_with", "role", "agency") == {("send_caseworker", None)}
    assert len(found.tables["agencies"]) == 0


def test_workers_without_a_number_who_share_a_name_are_not_one_person(tmp_path: Path) -> None:
    same = (worker("41", "A Smith", staff="External Agency|GP"), worker("42", "a  smith", staff="External Agency|GP"))
    found = people_folder(tmp_path / "a", tie("41", "GP"), tie("42", "GP", child="1002"), workers=same)

    assert rows(found, "professionals", "id", "identified") == {("41", False), ("42", False)}
    assert noted(found, "2 workers without a number share a name")
    assert len(ids(found, "professionals")) == 2


def test_a_worker_whom_no_file_explains_is_somebody_nobody_can_tell(tmp_path: Path) -> None:
    found = people_folder(tmp_path / "a", tie("99", "Social Worker"))

    assert rows(found, "professionals", "id", "name", "identified") == {("99", None, False)}
    assert noted(found, "1 worker of whom neither a number nor a name is given")
    assert aside(found, "professionals") == {"a worker without an involvement here": 2}
    assert aside(found, "department") == {"a team that no involvement here names": 1}


@pytest.mark.parametrize(
    ("given", "number"), [("SW123", "SW123"), ("sw 123", "SW123"), ("123", "SW123"), ("XX9", None), ("none yet", None)]
)
def test_a_registration_number_as_the_return_writes_it(tmp_path: Path, given: str, number: str | None) -> None:
    found = people_folder(tmp_path / "a", tie("11", "Social Worker"), workers=(WORKER.replace("SW123", given),))

    assert rows(found, "professionals", "registration") == {(number,)}


def test_one_worker_in_one_role_from_one_day_is_one_involvement_the_longest(tmp_path: Path) -> None:
    found = people_folder(
        tmp_path / "a",
        tie("11", "Allocated Worker", "2023-06-05", "2023-07-01"),
        tie("11", "Social Worker", "2023-06-05", ""),
        tie("11", "Social Worker", "2023-06-05", "2023-08-01"),
        tie("12", "IRO", "2023-06-05", "2023-06-05"),
    )

    assert rows(found, "involved_with", "local_role", "start", "end") == {("Social Worker", date(2023, 6, 5), None)}
    assert aside(found, "involvements") == {
        "the same worker, role and first day again": 2, "began and ended on the same day": 1,
    }  # fmt: skip
    adds_up(found)


def test_a_reason_that_is_no_code_is_left_out_and_harms_nothing(tmp_path: Path) -> None:
    found = people_folder(
        tmp_path / "a", tie("11", "Social Worker", reason="Moved team"), tie("12", "IRO", reason="LEFTRL: left role")
    )

    assert rows(found, "involved_with", "from", "start_reason") == {
        ("Professional:11", None), ("Professional:12", "LEFTRL"),
    }  # fmt: skip
    assert found.refusals == ()


def test_a_personal_adviser_whom_only_the_care_leavers_name(tmp_path: Path) -> None:
    leavers = [
        CARE_LEAVERS,
        "1,1001,Relevant,YES,2024-03-01,,,,2024-01-15,Pat Adviser,t1,",
        "2,1002,Relevant,YES,2024-03-01,,,,,11,-1,",  # an id
        "3,1002,Relevant,YES,2024-03-02,,,,,sam officer,-1,",  # a name that is known
        "4,1002,Relevant,NO,,,,,,Kim Adviser,-1,",
        "5,1002,Relevant,NO,,,,,,-1,-1,",
    ]
    involved = [INVOLVEMENTS, tie("12", "PA", "2023-01-01", child="1002")]
    found = only(write(tmp_path / "a", person=[PERSON, ASH, ELM], leavers=leavers, involvements=involved,
                       professionals=STAFF, department=TEAMS))  # fmt: skip

    assert rows(found, "involved_with", "from", "to", "role", "start", "team") == {
        ("Professional:name pat adviser", "Child:1001", "personal_adviser", date(2024, 1, 15), "Team:lac team north"),
        ("Professional:11", "Child:1002", "personal_adviser", date(2024, 3, 1), None),
        ("Professional:12", "Child:1002", "personal_adviser", date(2023, 1, 1), None),
    }
    assert aside(found, "leavers") == {
        "a personal adviser whom ssd_involvements has": 1, "a personal adviser without any date": 1,
        "a care leaver without a personal adviser": 1,
    }  # fmt: skip
    assert noted(found, "2 personal advisers named in ssd_care_leavers only")
    adds_up(found)


# --- roles ---


def test_roles_that_are_not_in_the_map_are_reported_the_most_frequent_first(tmp_path: Path) -> None:
    long = "Care Journey Navigator " * 4
    children = [f"10{n:02}" for n in range(1, 6)]
    ties = [tie("11", "Quality Champion", child=c) for c in children[:4]]
    ties += [tie("11", "quality  champion", "2023-07-01", child=children[0])]
    ties += [tie("12", long, child=c) for c in children[:3]] + [tie("12", "Ms Pat Private", child=children[4])]
    found = people_folder(tmp_path / "a", *ties)

    said = [note for note in found.notes if note.startswith("Role not in the map")]
    assert [note.partition(": ")[2] for note in said] == [
        "“Quality Champion” (5 rows, 4 children). Map it with --roles FILE.",
        f"“{long[:60]}” (3 rows, 3 children). Map it with --roles FILE.",
        "a text of 14 characters (1 row, 1 child); it may be a name.",
    ]
    assert "Private" not in "".join(found.notes)
    assert rows(found, "involved_with", "role") == {("other",)}


def test_a_map_of_roles_changes_what_they_are_and_makes_another_extract(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", involvements=[INVOLVEMENTS, tie("12", "Quality Champion")], professionals=STAFF)
    own = RoleMap({**default().by_words, "quality champion": "iro"})

    before, after = only(folder), only(folder, roles=own)

    assert rows(before, "involved_with", "role") == {("other",)}
    assert rows(after, "involved_with", "role", "local_role") == {("iro", "Quality Champion")}
    assert before.digest != after.digest


def test_an_extract_that_names_no_reviewing_officer_says_so_and_claims_nothing_of_them(tmp_path: Path) -> None:
    found = people_folder(tmp_path / "a", tie("11", "Allocated Worker", end="2023-09-01"))

    assert noted(found, "No reviewing officer is named in this extract")
    assert {c.of for c in found.coverage if c.table == "involved_with"} == {"social_worker"}


def test_a_role_of_one_row_is_covered_and_other_never_is(tmp_path: Path) -> None:
    found = people_folder(
        tmp_path / "a", tie("11", "Allocated Worker", end="2023-09-01"), tie("12", "IRO"), tie("12", "Navigator")
    )

    assert {c.of for c in found.coverage if c.table == "involved_with"} == {"social_worker", "iro"}
    assert not noted(found, "No reviewing officer")


# --- care ---


def test_a_legal_status_is_that_of_the_first_day_and_makes_no_episode_of_its_own(tmp_path: Path) -> None:
    statuses = [
        "l1,1001,C1 - Interim care order,2023-06-01,2023-09-01", "l2,1001,Full care order,2023-09-01,",
        "l3,1001,Special guardianship order,2023-06-01,", "l4,1001,V2,2020-01-01,2020-02-01",
    ]  # fmt: skip
    found = care_folder(tmp_path / "a", [FIRST, SECOND], legal=[LEGAL, *statuses])

    assert rows(found, "looks_after", "start", "legal_status") == {
        (date(2023, 6, 5), "C1"), (date(2024, 1, 10), "C2"),
    }  # fmt: skip
    assert aside(found, "legal") == {
        "a legal status that the return does not know": 1, "a legal status under which no episode here began": 1,
    }  # fmt: skip
    assert found.refusals == ()
    adds_up(found)


def test_an_episode_under_no_status_is_kept_and_counted(tmp_path: Path) -> None:
    found = care_folder(tmp_path / "a", [FIRST], legal=[LEGAL, "l1,1001,C2,2023-06-06,"])

    assert rows(found, "looks_after", "legal_status") == {(None,)}
    assert noted(found, "1 episode without a legal status on the first day")


@pytest.mark.parametrize("status", ["V3", "V4"])
def test_short_breaks_are_set_aside(tmp_path: Path, status: str) -> None:
    found = care_folder(tmp_path / "a", [FIRST], legal=[LEGAL, f"l1,1001,{status},2023-06-05,"])

    assert len(found.tables["looks_after"]) == len(found.tables["placed_at"]) == 0
    assert aside(found, "episodes") == {"short breaks (V3, V4)": 1}


def test_one_placement_of_several_episodes_has_its_reason_on_the_last(tmp_path: Path) -> None:
    half = FIRST.replace("2024-01-10 00:00:00.000,X1", "2023-09-01,X1")
    rest = FIRST.replace("e1", "e3").replace("2023-06-05 00:00:00.000,S", "2023-09-01,L")
    found = care_folder(tmp_path / "a", [half, rest, SECOND])

    assert rows(found, "placed_at", "start", "place_type", "change_reason") == {
        (date(2023, 6, 5), "U6", None), (date(2023, 9, 1), "U6", "CREQB"), (date(2024, 1, 10), "K2", None),
    }  # fmt: skip


def test_an_episode_whose_placement_is_not_there_is_kept_and_counted(tmp_path: Path) -> None:
    found = care_folder(tmp_path / "a", [FIRST, SECOND], placement=[PLACEMENT, HOME_1, HOME_1.replace("p1", "p9")])

    assert rows(found, "placed_at", "start", "place_type") == {(date(2023, 6, 5), "U6"), (date(2024, 1, 10), None)}
    assert noted(found, "1 episode whose placement is not in ssd_cla_placement")
    assert aside(found, "placement") == {"a placement of no episode here": 1}


def test_without_placements_it_is_not_said_where_a_child_lived(tmp_path: Path) -> None:
    found = only(write(tmp_path / "a", episodes=[EPISODES, FIRST], legal=[LEGAL, ORDER]))

    assert len(found.tables["looks_after"]) == 1
    assert "placed_at" not in found.tables
    assert noted(found, "Without ssd_cla_placement")
    assert {c.table for c in found.coverage} == {"looks_after"}


def test_episodes_of_one_day_and_two_from_one_day(tmp_path: Path) -> None:
    moment = FIRST.replace("e1", "e0").replace("2024-01-10 00:00:00.000,X1", "2023-06-05 12:00,X1")
    shorter = FIRST.replace("e1", "e9").replace("2024-01-10 00:00:00.000,X1", "2023-12-01,X1")
    found = care_folder(tmp_path / "a", [moment, FIRST, shorter])

    assert rows(found, "looks_after", "start", "end") == {(date(2023, 6, 5), date(2024, 1, 10))}
    assert aside(found, "episodes") == {
        "began and ended on the same day": 1, "another episode from the same day": 1,
    }  # fmt: skip
    adds_up(found)


# --- people left out ---


@pytest.mark.parametrize("name", ["DUPLICATE Ash,Example", "Ash,Example (duplicate)", "Duplicate,Duplicate"])
def test_a_child_marked_as_a_duplicate_is_left_out_with_all_that_is_said_of_her(tmp_path: Path, name: str) -> None:
    folder = full_folder(tmp_path / "a")
    write(folder, person=[PERSON, ASH.replace("Ash,Example", name), ELM])

    found = only(folder)

    assert rows(found, "children", "id") == set()  # of Elm nothing is told but that she was Ash's sister
    for table in ("looks_after", "involved_with", "meetings", "events", "assessments", "sibling_of"):
        assert len(found.tables[table]) == 0
    for file, n in {
        "person": 1,
        "episodes": 2,
        "reviews": 1,
        "visits": 1,
        "missing": 1,
        "linked": 1,
        "legal": 1,
    }.items():
        assert aside(found, file)["someone marked as a duplicate"] == n
    assert noted(found, "1 child marked DUPLICATE in the name")
    adds_up(found)


def test_a_worker_marked_as_a_duplicate_is_left_out_too(tmp_path: Path) -> None:
    found = people_folder(
        tmp_path / "a", tie("11", "Social Worker"), tie("12", "IRO"),
        workers=(WORKER.replace("Jo", "DUPLICATE - Jo"), OFFICER),
    )  # fmt: skip

    assert rows(found, "involved_with", "role") == {("iro",)}
    assert noted(found, "1 worker marked DUPLICATE")


def test_someone_of_whom_nothing_is_told_is_not_stored_but_a_sibling_is(tmp_path: Path) -> None:
    oak, yew = (ELM.replace("1002,77,Elm", f"100{n},,{name}") for n, name in ((3, "Oak"), (4, "Yew")))
    found = only(write(
        tmp_path / "a", person=[PERSON, ASH, ELM, oak, yew], episodes=[EPISODES, FIRST],
        family=[FAMILY, "f1,F1,1001", "f2,F1,1002", "f3,F2,1003", "f4,F2,1004"],
        linked=[LINKED, "k1,1003,NHS Number,9434765919,,", "k2,1001,Former UPN,A123456789012,,"],
    ))  # fmt: skip

    assert rows(found, "children", "id") == {("1001",), ("1002",)}
    nothing = "about someone of whom no other file here tells anything"
    assert aside(found, "person") == {nothing: 2}
    assert aside(found, "family") == {nothing: 2}
    assert aside(found, "linked") == {nothing: 1, "an identifier other than a UPN or an NHS number": 1}
    adds_up(found)


def test_a_family_id_that_everybody_has_is_no_family(tmp_path: Path) -> None:
    everyone = [f"f{n},0,{n}" for n in range(1, 20)]
    found = only(write(tmp_path / "a", family=[FAMILY, *everyone], visits=[VISITS, "w1,c1,1,2023-06-10,Y,Y"]))

    assert len(found.tables["sibling_of"]) == 0
    assert rows(found, "children", "id") == {("1",)}
    assert noted(found, "1 family id shared by more than 15 children")
    adds_up(found)


def test_a_child_without_a_row_of_her_own_is_kept_and_noted(tmp_path: Path) -> None:
    found = only(write(tmp_path / "a", visits=[VISITS, "w1,c1,1001,2023-06-10,Y,Y"], person=[PERSON]))

    assert rows(found, "children", "id", "name", "row") == {("1001", None, "a/visits.csv:2")}
    assert noted(found, "a/visits.csv: 1 child without a row in ssd_person")


# --- identifiers ---


def test_of_several_numbers_the_valid_one_counts_and_a_wrong_one_is_refused(tmp_path: Path) -> None:
    found = only(write(
        tmp_path / "a", person=[PERSON, ASH, ELM],
        linked=[
            LINKED,
            "1,1001,UPN,A123456789012,2018-01-01,2020-01-01", "2,1001,UPN,B123456789012,2020-01-01,",
            "3,1001,NHS Number,9434765919,,", "4,1002,Unique Pupil Number,UN4,,", "5,1002,NHS Number,943 476 5918,,",
            "6,1002,Court Case Number,X1,,",
        ],
    ))  # fmt: skip

    assert rows(found, "children", "id", "upn", "nhs_number") == {
        ("1001", "B123456789012", "9434765919"), ("1002", None, None),
    }  # fmt: skip
    assert [(r.row, r.column, r.found, r.whole_row) for r in found.refusals] == [
        (6, "link_identifier_value", "999 999 9999", True)
    ]
    assert aside(found, "linked") == {
        "an identifier that another has replaced": 1, "an identifier without a number": 1,
        "an identifier other than a UPN or an NHS number": 1,
    }  # fmt: skip
    adds_up(found)


# --- reviews and visits ---


def test_a_review_names_its_child_or_her_period_of_care(tmp_path: Path) -> None:
    reviews = [REVIEWS, "1,c1,,2023-07-01,N,PN1,", "2,c9,,2023-08-01,N,PN1,", "3,,,2023-09-01,N,PN1,1001"]
    found = care_folder(tmp_path / "a", [FIRST], reviews=reviews)

    assert rows(found, "meetings", "on", "about") == {
        (date(2023, 7, 1), ("Child:1001",)), (date(2023, 9, 1), ("Child:1001",)),
    }  # fmt: skip
    assert [(r.row, r.column, r.whole_row) for r in found.refusals] == [(3, "clar_cla_person_id", True)]
    adds_up(found)


def test_a_cancelled_review_stands_on_its_day_and_does_not_hide_one_that_was_held(tmp_path: Path) -> None:
    reviews = [
        REVIEWS, "1,c1,2023-07-03,,Y,,1001", "2,c1,,2023-08-01,N,PN1,1001", "3,c1,,2023-08-01,Y,,1001",
        "4,c1,2024-03-01,,N,,1001",
    ]  # fmt: skip
    found = only(write(tmp_path / "a", reviews=reviews))

    assert rows(found, "meetings", "on", "status", "participation") == {
        (date(2023, 7, 3), "cancelled", None), (date(2023, 8, 1), None, "PN1"),
    }  # fmt: skip
    assert aside(found, "reviews") == {"a review without a date": 1, "another row of the review on that day": 1}
    adds_up(found)


def test_two_visits_on_a_day_are_one_for_who_came_is_not_said(tmp_path: Path) -> None:
    visits = [VISITS, "1,c1,1001,2023-06-10,Y,N", "2,c1,1001,2023-06-10T16:00:00,N,", "3,c1,1001,,N,N"]
    found = only(write(tmp_path / "a", visits=visits))

    assert rows(found, "meetings", "on", "seen", "alone") == {(date(2023, 6, 10), True, False)}
    assert aside(found, "visits") == {"another visit on the same day": 1, "a visit without a date": 1}


def test_the_last_contact_of_a_reviewing_officer_makes_no_meeting(tmp_path: Path) -> None:
    found = care_folder(tmp_path / "a", [FIRST])  # it was on 5 January 2024

    assert "meetings" not in found.tables
    assert not noted(found, "clae_cla_last_iro_contact_date")


# --- health ---


def test_a_health_check_counts_when_it_was_done(tmp_path: Path) -> None:
    health = [
        HEALTH, "1,1001,Health Assessment,2023-07-01,Completed", "2,1001,Review Health Assessment,2024-01-01,",
        "3,1001,Dental Check,2023-07-02,Refused", "4,1001,Dental Check,2023-08-02,Planned",
        "5,1001,Health surveillance checks,2023-07-03,Completed", "6,1001,Optician,2023-07-04,Completed",
        "7,1001,Dental Check,,Completed", "8,1001,Health Assessment,2023-07-01,completed",
    ]  # fmt: skip
    sdq = [SDQ, "1,1001,2023-09-01,SDQ2,", "2,1001,,,12", "3,1001,2023-09-02,,41", "4,1001,2023-09-03,,12"]
    shots = [IMMUNISATIONS, "1001,N,2023-09-09", "1002,Y,"]
    found = only(write(tmp_path / "a", health=health, sdq=sdq, immunisations=shots))

    assert rows(found, "assessments", "kind", "on", "result") == {
        ("health assessment", date(2023, 7, 1), "yes"), ("review health assessment", date(2024, 1, 1), "yes"),
        ("development check", date(2023, 7, 3), "yes"), ("sdq", date(2023, 9, 3), "12"),
        ("immunisations", date(2023, 9, 9), "no"),
    }  # fmt: skip
    assert aside(found, "health") == {
        "a health check that was not completed": 2, "a health check of another kind": 1,
        "a health check without a date": 1, "another assessment of that kind and day": 1,
    }  # fmt: skip
    assert aside(found, "sdq") == {"an SDQ without a date or score": 3}
    assert aside(found, "immunisations") == {"immunisations without a date or answer": 1}
    adds_up(found)


# --- what is covered ---


def covered(of: Extract) -> dict[str, tuple[date, date]]:
    return {f"{c.table}:{c.of}" if c.of else c.table: (c.start, c.end) for c in of.coverage}


def test_it_covers_from_the_first_who_left_care_to_the_last_thing_that_happened(tmp_path: Path) -> None:
    left = "e5,1002,p1,2019-02-01,S,N1,2021-04-20,E4A,c5,,,"
    earlier = "e4,1002,p1,2018-02-01,S,N1,2019-02-01,X1,c5,,,"
    visits = [VISITS, "1,c1,1001,2022-03-01,Y,Y", "2,c1,1001,2024-02-20,Y,Y", "3,c1,1001,2031-01-01,Y,Y"]
    found = care_folder(
        tmp_path / "a", [FIRST, SECOND, earlier, left], visits=visits, missing=[MISSING], involvements=INVOLVED,
        professionals=STAFF,
    )  # fmt: skip

    first, last = date(2021, 4, 20), date(2024, 2, 20)
    assert (found.covers_from, found.covers_to, found.full) == (first, last, True)
    assert covered(found) == {
        "looks_after": (first, last), "placed_at": (first, last), "meetings:visit": (date(2022, 3, 1), last),
        "events:missing": (first, last), "events:away": (first, last),
        "involved_with:social_worker": (date(2024, 2, 1), last), "involved_with:iro": (date(2024, 2, 1), last),
    }  # fmt: skip


def test_headers_without_rows_say_that_there_were_none(tmp_path: Path) -> None:
    found = care_folder(
        tmp_path / "a", [FIRST, SECOND], reviews=[REVIEWS], visits=[VISITS], health=[HEALTH], sdq=[SDQ],
        involvements=[INVOLVEMENTS],
    )  # fmt: skip

    days = (date(2024, 1, 10), date(2024, 1, 10))
    assert covered(found) == dict.fromkeys(
        ["looks_after", "placed_at", "meetings:review", "meetings:visit", "assessments:health assessment",
         "assessments:dental check", "assessments:development check", "assessments:sdq"], days,
    )  # fmt: skip
    for table in ("meetings", "assessments", "involved_with", "professionals"):
        assert len(found.tables[table]) == 0


def test_the_days_may_be_told_and_part_may_be_missing(tmp_path: Path) -> None:
    folder = full_folder(tmp_path / "a")

    found = only(folder, covers=(date(2020, 1, 1), date(2024, 3, 31)), partial=True)

    assert set(covered(found).values()) == {(date(2020, 1, 1), date(2024, 3, 31))}
    assert not found.full
    assert Coverage("meetings", "visit", date(2020, 1, 1), date(2024, 3, 31), False) in found.coverage


def test_days_that_cannot_be_told_are_asked_for(tmp_path: Path) -> None:
    found = only(write(tmp_path / "a", person=[PERSON, ASH]))

    assert found.coverage == ()
    assert noted(found, "--covers FROM:TO")
    assert rows(found, "children", "id") == {("1001",)}


# --- how a file is known ---


def test_a_table_is_known_by_its_header_whatever_its_name_and_case(tmp_path: Path) -> None:
    shouted = [VISITS.upper() + ",EXTRA", "1,c1,1001,10/06/2023 09:30,Y,Y,x"]
    named = [",".join(f"[ssd_missing.{c}]".strip("[]") for c in MISSING.split(",")), "1,1001,01/06/2023,A,,,"]
    older = [
        "miss_table_id,miss_la_person_id,miss_mis_epi_start,miss_mis_epi_type,miss_mis_epi_end",
        "2,1001,2023-07-01,Missing,2023-07-02",
    ]
    found = only(write(tmp_path / "a", x=shouted, y=named, z=older))

    assert {f.recognised_as for f in found.files} == {"ssd cla_visits", "ssd missing"}
    assert rows(found, "events", "kind", "on", "end") == {
        ("away", date(2023, 6, 1), None), ("missing", date(2023, 7, 1), date(2023, 7, 2)),
    }  # fmt: skip
    assert noted(found, "a/x.csv: columns that are not used: extra.")
    assert not noted(found, "a/z.csv has no column")


def test_other_tables_of_the_ssd_are_known_and_set_aside(tmp_path: Path) -> None:
    found = only(write(
        tmp_path / "a", person=[PERSON, ASH],
        address=["addr_table_id,addr_person_id,addr_address_type,addr_address_start_date", "1,1001,x,2020-01-01"],
        plans=["cppl_cp_plan_id,cppl_person_id,cppl_cp_plan_start_date", "1,1001,2020-01-01", "2,1001,2020-02-01"],
    ))  # fmt: skip

    assert aside(found, "address") == {"a table of the SSD that is not used": 1}
    assert aside(found, "plans") == {"a table of the SSD that is not used": 2}
    assert {f.recognised_as for f in found.files} == {"ssd person", "ssd address", "ssd cp_plans"}


@pytest.mark.parametrize(
    "header", [ssda903.HEADER, ssda903.EPISODES, "id,local_id,name", "link_id,link_url,page", "perm_wave,colour_id"]
)
def test_other_headers_are_none_of_the_ssd(header: str) -> None:
    assert ssd.recognise(header.split(",")) is None


def test_a_table_without_a_column_it_needs_cannot_be_used(tmp_path: Path) -> None:
    lacking = EPISODES.replace("clae_cla_episode_ceased_date,", "")
    found = only(write(tmp_path / "a", episodes=[lacking], visits=[VISITS]))

    (problem,) = [f.problem for f in found.files if f.problem]
    assert problem == "It has no column clae_cla_episode_ceased_date, without which no row can be used."
    assert not report.usable([found])


def test_what_is_wrong_is_refused_without_saying_more_than_its_shape(tmp_path: Path) -> None:
    episodes = [
        FIRST.replace("S,N1", "Q,N1"), SECOND.replace("1001", ""), SECOND.replace("2024-01-10 00", "2024-13-10 00"),
        SECOND.replace("1900-01-01 00:00:00.000", "2023-01-01"),
    ]  # fmt: skip
    found = care_folder(tmp_path / "a", episodes)

    assert {(r.row, r.column, r.found, r.whole_row) for r in found.refusals} == {
        (2, "clae_cla_episode_start_reason", "Q", False), (3, "clae_person_id", "nothing", True),
        (4, "clae_cla_episode_start_date", "9999-99-99 99:99:99.999", True),
        (5, "clae_cla_episode_ceased_date", "an earlier date", False),
    }  # fmt: skip
    adds_up(found)


def test_repeated_rows_are_one(tmp_path: Path) -> None:
    found = care_folder(tmp_path / "a", [FIRST, FIRST, SECOND], again=[EPISODES, SECOND])

    assert len(found.tables["looks_after"]) == 2
    assert aside(found, "episodes") | aside(found, "again") == {
        "duplicate row": 1, "another episode from the same day": 1,
    }  # fmt: skip
    adds_up(found)


NASTY = [
    "", "-1", "NULL", "1001", "1002", "11", "12.0", "1.2E+05", "x" * 60, "2023-06-05", "01/07/2023 09:30",
    "1900-01-01", "2023-02-30", "Y", "N", "C2: FCO", "X1", "U6", "K2", "SC012345", "B1 1BB", "9434765919",
    "Duplicate", "c1", "p1", "t1", "IRO", "External Agency|GP", "Health Assessment", "Completed", "M", "=cmd()", "F1",
]  # fmt: skip
HEADERS = [PERSON, EPISODES, PLACEMENT, LEGAL, INVOLVEMENTS, PROFESSIONALS, DEPARTMENT, REVIEWS, VISITS, HEALTH,
           IMMUNISATIONS, SDQ, MISSING, CARE_LEAVERS, FAMILY, LINKED]  # fmt: skip


@pytest.mark.parametrize("seed", range(12))
def test_whatever_the_cells_hold_every_row_has_its_place(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    folder = full_folder(tmp_path / "a")
    for header in chance.sample(HEADERS, 14):
        lines = [",".join(chance.choice(NASTY) for _ in header.split(",")) for _ in range(chance.randrange(40))]
        write(folder, **{f"more_{header[:4]}": [header, *lines]})

    found = only(folder)

    adds_up(found)
    there = {f"{by_table()[t].__name__}:{i}" for t, frame in found.tables.items() for i in frame["id"]}
    for name, frame in found.tables.items():
        assert frame["id"].is_unique, name
        assert not frame["row"].isna().any(), name
        for end in ("from", "to"):
            assert end not in frame or {e for e in frame[end] if not e.startswith("LocalAuthority:")} <= there
    assert not identify(found.tables, authority=BIRMINGHAM).unmatched


def test_nothing_that_is_said_names_a_child(tmp_path: Path) -> None:
    folder = full_folder(tmp_path / "a")
    write(folder, leavers=[CARE_LEAVERS, "1,1001,,,2024-03-01,,,,,Pat Private,-1,"],
          visits=[VISITS, "w1,c1,1001,Example Ash,Y,Y"])  # fmt: skip
    (found,) = read([folder], BIRMINGHAM, today=TODAY)

    said = " ".join([*found.notes, *(f"{r.found} {r.expected} {r.do}" for r in found.refusals)])
    for private in ("Ash", "Example", "1001", "9434765919", "Private", "Officer", "A123456789012"):
        assert private not in said
