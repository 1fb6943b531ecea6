"""The children looked-after return, from small files: what each row becomes, and what is said of the rest."""

import random
from collections.abc import Mapping
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from graph.model import by_table
from graph.records import Coverage
from graph.reference import codes
from ingest import postcodes, report, ssda903
from ingest.extract import Extract, FileReport, columns_of
from ingest.recognise import read

BIRMINGHAM, WARWICKSHIRE = "E08000025", "E10000031"
TODAY = date(2026, 11, 23)
# Public buildings: Birmingham's town hall, Warwick's shire hall, Cardiff's city hall.
IN_BIRMINGHAM, IN_WARWICK, IN_CARDIFF = "B1 1BB", "CV34 4RL", "CF10 3ND"

HEADER = "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"
EPISODES = "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"
REVIEWS = "CHILD,DOB,REVIEW,REVIEW_CODE"
MISSING = "CHILD,DOB,MISSING,MIS_START,MIS_END"
OC2 = (
    "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,"
    "SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED"
)
UASC = "CHILD,SEX,DOB,DUC"
WORKERS = "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON"

ASH = "1001,2,12/05/2012,WBRI,A123456789012,,"
FIRST = f"1001,05/06/2023,S,C2,N1,U6,PR1,10/01/2024,X1,CREQB,{IN_BIRMINGHAM},{IN_WARWICK},1234567"
SECOND = f"1001,10/01/2024,P,C2,N1,K2,PR4,,,,{IN_BIRMINGHAM},{IN_BIRMINGHAM},SC012345"


def write(folder: Path, **files: str | list[str]) -> Path:
    """CSV files by name: a header, or a header and its rows."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, lines in files.items():
        text = lines if isinstance(lines, str) else "\n".join(lines)
        (folder / f"{name}.csv").write_text(text + "\n", encoding="utf-8")
    return folder


def only(folder: Path, **options: Any) -> Extract:
    (found,) = read([folder], BIRMINGHAM, **{"today": TODAY, **options})
    return found


def rows(of: Extract, table: str, *names: str) -> set[tuple[Any, ...]]:
    return set(of.tables[table][list(names)].itertuples(index=False, name=None))


def refusals(of: Extract) -> set[tuple[int | None, str, str, bool]]:
    return {(r.row, r.column, r.found, r.whole_row) for r in of.refusals}


def became(of: Extract, name: str) -> FileReport:
    return next(f for f in of.files if f.file.endswith(f"/{name}.csv"))


def adds_up(of: Extract) -> None:
    for file in of.files:
        assert file.rows == file.used + sum((file.set_aside or {}).values()) + file.refused
        assert file.used >= 0


# --- what each row becomes ---


def test_a_child_and_her_stays(tmp_path: Path) -> None:
    found = only(write(tmp_path / "a", header=[HEADER, ASH], episodes=[EPISODES, FIRST, SECOND]))

    assert rows(found, "children", "id", "local_id", "born", "sex", "ethnicity", "upn", "row") == {
        ("1001", "1001", date(2012, 5, 12), "female", "WBRI", "A123456789012", "a/header.csv:2")
    }
    assert rows(found, "looks_after", "from", "to", "legal_status", "need", "start", "end", "end_reason") == {
        (f"LocalAuthority:{BIRMINGHAM}", "Child:1001", "C2", "N1", date(2023, 6, 5), date(2024, 1, 10), "X1"),
        (f"LocalAuthority:{BIRMINGHAM}", "Child:1001", "C2", "N1", date(2024, 1, 10), None, None),
    }
    # The reason for a change stands on the episode that ends with it.
    assert rows(found, "placed_at", "from", "place_type", "provider", "start", "start_reason", "change_reason") == {
        ("Child:1001", "U6", "PR1", date(2023, 6, 5), "S", "CREQB"),
        ("Child:1001", "K2", "PR4", date(2024, 1, 10), "P", None),
    }
    assert rows(found, "placements", "id", "urn", "kind", "postcode_sector") == {
        (f"1001|1234567|{IN_WARWICK}", "1234567", "foster home", "CV34 4"),
        ("urn SC012345", "SC012345", "children's home", "B1 1"),
    }
    assert rows(found, "in_area", "from", "to") == {
        (f"Placement:1001|1234567|{IN_WARWICK}", f"LocalAuthority:{WARWICKSHIRE}"),
        ("Placement:urn SC012345", f"LocalAuthority:{BIRMINGHAM}"),
    }
    assert rows(found, "provides", "from", "to") == {
        ("Agency:fostering service 1234567", f"Placement:1001|1234567|{IN_WARWICK}")
    }
    assert rows(found, "agencies", "kind", "name") == {("provider", "Fostering service URN 1234567")}
    assert found.refusals == ()


def test_every_table_has_the_columns_of_the_contract_and_no_cell_but_values_and_none(tmp_path: Path) -> None:
    found = only(full_folder(tmp_path / "a"))

    for name, frame in found.tables.items():
        assert list(frame.columns) == columns_of(by_table()[name])
        for cell in frame.to_numpy().ravel():
            assert cell is None or isinstance(cell, str | bool | int | float | date | tuple)
            assert cell == cell  # no NaN
        assert frame["id"].is_unique
        assert not frame["row"].isna().any()


def test_what_points_at_a_row_points_at_one_that_is_there(tmp_path: Path) -> None:
    found = only(full_folder(tmp_path / "a"))

    there = {f"{by_table()[t].__name__}:{i}" for t, frame in found.tables.items() for i in frame["id"]}
    pointed = {
        reference
        for frame in found.tables.values()
        for name in ("from", "to", "about", "agency")
        if name in frame
        for cell in frame[name]
        for reference in (cell if isinstance(cell, tuple) else (cell,))
        if reference and not reference.startswith("LocalAuthority:")
    }
    assert pointed <= there


def full_folder(folder: Path) -> Path:
    return write(
        folder,
        header=[HEADER, ASH, "1002,M,01/02/2010,MOTH,UN3,,"],
        episodes=[EPISODES, FIRST, SECOND, "1002,01/02/2024,S,V2,N8,H5,PR4,,,,,CV34 4RL,XXXXXXX"],
        reviews=[REVIEWS, "1001,12/05/2012,01/07/2023,PN1"],
        missing=[MISSING, "1001,12/05/2012,M,03/02/2024,05/02/2024", "1002,,A,04/02/2024,"],
        oc2_2024=[OC2, "1001,12/05/2012,17,,0,,1,1,0,0,,", "1002,,,SDQ2,,,,,,,,"],
        uasc=[UASC, "1002,1,01/02/2010,"],
        sw=[WORKERS, "1001,,SW12345,05/06/2023,01/02/2024,FCONTA", "1001,,XX1,01/02/2024,,", "1002,,XX1,01/02/2024,,"],
    )  # fmt: skip


def test_miles_are_straight_and_as_dfe_reckons_them_but_not_for_uasc(tmp_path: Path) -> None:
    episode = f"01/02/2024,S,V2,N8,U6,PR1,,,,{IN_BIRMINGHAM},{IN_WARWICK},1234567"
    found = only(
        write(tmp_path / "a", episodes=[EPISODES, f"1,{episode}", f"2,{episode}"], uasc=[UASC, "2,1,01/01/2009,"])
    )

    places = postcodes.locate([IN_BIRMINGHAM, IN_WARWICK])
    expected = postcodes.miles(places[IN_BIRMINGHAM], places[IN_WARWICK])
    assert expected
    assert rows(found, "placed_at", "from", "miles") == {("Child:1", expected), ("Child:2", None)}
    assert rows(found, "children", "id", "uasc") == {("1", None), ("2", True)}


def test_dfes_extended_episodes_say_area_and_distance_themselves(tmp_path: Path) -> None:
    episode = f"01/02/2024,S,V2,N8,U6,PR1,,,,{IN_BIRMINGHAM},{IN_WARWICK},1234567"
    header = EPISODES + ",PL_LA,PL_DISTANCE,PL_LOCATION"
    lines = [header, f"1,{episode},WAL,88.1,OUT", f"2,{episode},330,0.4,IN", f"3,{episode},CON,,"]

    found = only(write(tmp_path / "a", episodes=lines))

    areas = {a: b for a, b in rows(found, "in_area", "from", "to")}
    assert list(areas.values()).count("LocalAuthority:W92000004") == 1
    assert areas[f"Placement:2|1234567|{IN_WARWICK}"] == f"LocalAuthority:{BIRMINGHAM}"
    assert areas[f"Placement:3|1234567|{IN_WARWICK}"] == f"LocalAuthority:{WARWICKSHIRE}"
    assert {("Child:1", 88.1), ("Child:2", 0.4)} <= rows(found, "placed_at", "from", "miles")


def test_a_placement_in_wales_is_in_the_nation(tmp_path: Path) -> None:
    lines = [EPISODES, f"1,01/02/2024,S,V2,N8,U6,PR1,,,,,{IN_CARDIFF},1234567"]

    assert {to for (to,) in rows(only(write(tmp_path / "a", e=lines)), "in_area", "to")} == {"LocalAuthority:W92000004"}


@pytest.mark.parametrize(
    ("first", "second", "one_home"),
    [
        # child, PLACE, URN, PL_POST
        (("1", "K2", "1234567", IN_WARWICK), ("2", "K2", "1234567", IN_WARWICK), True),
        (("1", "U6", "1234567", IN_WARWICK), ("1", "U4", "1234567", IN_WARWICK), True),
        (("1", "U6", "1234567", IN_WARWICK), ("2", "U6", "1234567", IN_WARWICK), False),
        (("1", "U6", "1234567", IN_WARWICK), ("1", "U6", "1234567", IN_BIRMINGHAM), False),
        (("1", "U6", "1234567", ""), ("1", "U6", "7654321", ""), False),
        (("1", "U6", "XXXXXXX", ""), ("1", "U6", "XXXXXXX", ""), False),
        (("1", "P1", "", IN_WARWICK), ("1", "P1", "", IN_WARWICK), True),
    ],
)
def test_what_makes_two_rows_one_home(
    tmp_path: Path, first: tuple[str, ...], second: tuple[str, ...], one_home: bool
) -> None:
    lines = [
        f"{child},0{n}/02/2024,S,C2,N1,{place},PR1,,,,,{postcode},{urn}"
        for n, (child, place, urn, postcode) in enumerate((first, second), 1)
    ]

    found = only(write(tmp_path / "a", episodes=[EPISODES, *lines]))

    assert (len(found.tables["placements"]) == 1) is one_home


def test_a_filler_is_no_urn_and_names_no_service(tmp_path: Path) -> None:
    lines = [EPISODES, f"1,01/02/2024,S,C2,N1,U6,PR1,,,,,{IN_WARWICK},XXXXXXX"]
    found = only(write(tmp_path / "a", episodes=lines))

    assert rows(found, "placements", "urn") == {(None,)}
    assert len(found.tables["provides"]) == len(found.tables["agencies"]) == 0
    assert found.refusals == ()


def test_a_urn_with_addresses_in_two_areas_leaves_the_area_open(tmp_path: Path) -> None:
    lines = [f"{n},01/02/2024,S,C2,N1,K3,PR4,,,,,{p},1234567" for n, p in ((1, IN_WARWICK), (2, IN_BIRMINGHAM))]
    found = only(write(tmp_path / "a", episodes=[EPISODES, *lines]))

    homes = len(found.tables["placements"])
    assert len(found.tables["in_area"]) == (0 if "K3" in codes.REGISTERED_BUILDINGS else homes)


@pytest.mark.parametrize("place", sorted(codes.TEMPORARY))
def test_a_temporary_stay_says_so(tmp_path: Path, place: str) -> None:
    lines = [EPISODES, FIRST, f"1001,10/01/2024,T,C2,N1,{place},,,,,,,"]

    temporary = rows(only(write(tmp_path / "a", episodes=lines)), "placed_at", "place_type", "temporary")

    assert temporary == {("U6", None), (place, True)}


def test_short_breaks_are_set_aside(tmp_path: Path) -> None:
    lines = [EPISODES, FIRST, "1002,05/06/2023,S,V3,N2,U6,PR1,,,,,,", "1003,05/06/2023,S,V4,N2,,,,,,,,"]
    found = only(write(tmp_path / "a", episodes=lines))

    assert became(found, "episodes").set_aside == {"short breaks (V3, V4)": 2}
    assert rows(found, "looks_after", "to") == {("Child:1001",)}
    assert rows(found, "children", "id") == {("1001",)}
    adds_up(found)


def test_social_workers_are_one_person_each_but_xx_is_nobody(tmp_path: Path) -> None:
    lines = [
        "1001,,SW12345,05/06/2023,01/02/2024,FCONTA", "1002,,sw12345,06/06/2023,,TSPROC",
        "1001,,XX1,01/02/2024,,ABSENC", "1002,,XX1,01/02/2024,,PCCHAN ",
    ]  # fmt: skip
    found = only(write(tmp_path / "a", sw=[WORKERS, *lines]))

    assert rows(found, "professionals", "id", "registration", "identified") == {
        ("SW12345", "SW12345", True), ("XX1|1001", None, False), ("XX1|1002", None, False),
    }  # fmt: skip
    department = f"Agency:social care {BIRMINGHAM}"
    assert rows(found, "involved_with", "from", "to", "role", "agency", "start", "end", "start_reason") == {
        ("Professional:SW12345", "Child:1001", "social_worker", department, date(2023, 6, 5), date(2024, 2, 1),
         "FCONTA"),
        ("Professional:SW12345", "Child:1002", "social_worker", department, date(2023, 6, 6), None, "TSPROC"),
        ("Professional:XX1|1001", "Child:1001", "social_worker", department, date(2024, 2, 1), None, "ABSENC"),
        ("Professional:XX1|1002", "Child:1002", "social_worker", department, date(2024, 2, 1), None, "PCCHAN"),
    }  # fmt: skip
    assert rows(found, "agencies", "kind", "name") == {("social care", "Birmingham")}
    assert rows(found, "serves", "from", "to") == {(department, f"LocalAuthority:{BIRMINGHAM}")}


def test_reviews_and_absences(tmp_path: Path) -> None:
    found = only(full_folder(tmp_path / "a"))

    assert rows(found, "meetings", "kind", "on", "participation", "about") == {
        ("review", date(2023, 7, 1), "PN1", ("Child:1001",))
    }
    assert rows(found, "events", "kind", "on", "end", "about") == {
        ("missing", date(2024, 2, 3), date(2024, 2, 5), ("Child:1001",)),
        ("away", date(2024, 2, 4), None, ("Child:1002",)),
    }


def test_oc2_stands_on_31_march_of_its_year(tmp_path: Path) -> None:
    found = only(full_folder(tmp_path / "a"))

    assert rows(found, "assessments", "kind", "on", "result") == {
        ("sdq", date(2024, 3, 31), "17"),
        ("immunisations", date(2024, 3, 31), "yes"),
        ("dental check", date(2024, 3, 31), "yes"),
        ("health assessment", date(2024, 3, 31), "no"),
        ("substance misuse", date(2024, 3, 31), "no"),
    }
    assert became(found, "oc2_2024").set_aside == {"a row without a health answer": 1}


def test_a_single_oc2_is_of_the_year_of_the_episodes(tmp_path: Path) -> None:
    found = only(write(tmp_path / "a", episodes=[EPISODES, FIRST], oc2=[OC2, "1001,,17,,,,,,,,,"]))

    assert rows(found, "assessments", "on") == {(date(2024, 3, 31),)}


def test_oc2_without_a_year_among_several_is_set_aside_with_a_note(tmp_path: Path) -> None:
    answers = [OC2, "1001,,17,,,,,,,,,"]
    found = only(write(tmp_path / "a", episodes=[EPISODES, FIRST], oc2=answers, oc2_202223=answers))

    assert rows(found, "assessments", "on") == {(date(2023, 3, 31),)}
    assert became(found, "oc2").set_aside == {"yearly health answers without a year": 1}
    assert any("put the year in the file's name" in note for note in found.notes)
    adds_up(found)


def test_oc2_of_a_year_that_has_not_ended_says_nothing_yet(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", episodes=[EPISODES, FIRST], oc2=[OC2, "1001,,17,,,,,,,,,"])
    found = only(folder, today=date(2024, 2, 1))

    assert "assessments" not in found.tables
    assert not any(c.table == "assessments" for c in found.coverage)
    assert became(found, "oc2").set_aside == {"health answers of a year that has not ended": 1}


def test_a_child_without_a_header_row_is_kept_and_noted_by_row(tmp_path: Path) -> None:
    found = only(write(tmp_path / "a", header=HEADER, reviews=[REVIEWS, "1001,12/05/2012,01/07/2023,PN1"]))

    assert rows(found, "children", "id", "born", "row") == {("1001", date(2012, 5, 12), "a/reviews.csv:2")}
    assert "a/reviews.csv: 1 child without a header row, kept as they are (first at row 2)." in found.notes


@pytest.mark.parametrize("number", ["1001", " 1001 ", "1001.0", "1001.00"])
def test_a_number_a_spreadsheet_spoilt_is_the_same_child(tmp_path: Path, number: str) -> None:
    found = only(write(tmp_path / "a", header=[HEADER, ASH], reviews=[REVIEWS, f"{number},,01/07/2023,PN1"]))

    assert rows(found, "children", "id") == {("1001",)}
    assert rows(found, "meetings", "about") == {(("Child:1001",),)}


def test_a_number_cut_short_by_a_spreadsheet_is_refused(tmp_path: Path) -> None:
    found = only(write(tmp_path / "a", header=[HEADER, "1.2E+05,2,12/05/2012,WBRI,,,"]))

    assert refusals(found) == {(2, "CHILD", "9.9A?99", True)}


@pytest.mark.parametrize(
    ("code", "sex"), [("1", "male"), ("2", "female"), ("M", "male"), ("f", "female"), ("U", "unknown")]
)
def test_sex_as_every_year_writes_it(tmp_path: Path, code: str, sex: str) -> None:
    found = only(write(tmp_path / "a", header=[HEADER, f"1001,{code},,,,,"]))

    assert rows(found, "children", "sex") == {(sex,)}


@pytest.mark.parametrize("upn", sorted(codes.NO_UPN))
def test_a_code_for_no_upn_is_no_upn(tmp_path: Path, upn: str) -> None:
    found = only(write(tmp_path / "a", header=[HEADER, f"1001,1,,,{upn},,"]))

    assert rows(found, "children", "upn") == {(None,)}
    assert found.refusals == ()


# --- what is refused ---


def test_a_bad_value_is_refused_alone_and_a_bad_key_with_its_row(tmp_path: Path) -> None:
    lines = [
        "1001,31/02/2024,S,C2,N1,U6,PR1,,,,,,",  # no such day
        "1002,01/02/2024,S,C9,N1,U6,PR1,,,,,,",  # no such code
        "1003,01/02/2024,S,C2,N1,U6,PR1,31/01/2024,X1,,,,",  # ended before it began
        ",01/02/2024,S,C2,N1,U6,PR1,,,,,,",
        "1005,01/02/2024,S,C2,N1,U6,PR1,,X1,CARPL,,,",  # a reason, and no end
        "1006,01/02/2024,S,C2,N1,U6,PR1,,,,nope,B1 1BB,12-34",
        "1007,01/02/1824,S,C2,N1,U6,PR1,,,,,,",
    ]
    found = only(write(tmp_path / "a", episodes=[EPISODES, *lines]))

    assert refusals(found) == {
        (2, "DECOM", "99/99/9999", True),
        (3, "LS", "C9", False),
        (4, "DEC", "an earlier date", False),
        (4, "REC", "X1", False),
        (5, "CHILD", "nothing", True),
        (6, "REC", "X1", False),
        (6, "REASON_PLACE_CHANGE", "CARPL", False),
        (7, "HOME_POST", "AAAA", False),
        (7, "URN", "99-99", False),
        (8, "DECOM", "99/99/9999", True),
    }
    assert (became(found, "episodes").refused, became(found, "episodes").used) == (3, 4)
    assert rows(found, "looks_after", "to", "legal_status", "end") == {
        ("Child:1002", None, None), ("Child:1003", "C2", None), ("Child:1005", "C2", None), ("Child:1006", "C2", None),
    }  # fmt: skip
    assert all(r.expected and r.do for r in found.refusals)


def test_a_code_is_shown_but_not_what_slipped_into_its_column(tmp_path: Path) -> None:
    lines = [EPISODES, "1001,01/02/2024,S,1234567,12/05/2012,Marigold Smith,PR9,,,,,,"]
    found = only(write(tmp_path / "a", episodes=lines))

    assert refusals(found) == {
        (2, "LS", "9999999", False), (2, "CIN", "99/99/9999", False), (2, "PLACE", "AAAAAAAA AAAAA", False),
        (2, "PLACE_PROVIDER", "PR9", False),
    }  # fmt: skip


@pytest.mark.parametrize(
    "text",
    [
        "05/06/2023",
        "5/6/2023",
        "2023-06-05",
        "2023-06-05 00:00:00",
        "2023-06-05T00:00:00.000",
        "05/06/2023 00:00",
    ],  # fmt: skip
)
def test_a_date_as_systems_write_it(tmp_path: Path, text: str) -> None:
    found = only(write(tmp_path / "a", reviews=[REVIEWS, f"1001,,{text},PN1"]))

    assert rows(found, "meetings", "on") == {(date(2023, 6, 5),)}


@pytest.mark.parametrize("text", ["06/13/2023", "05/06/23", "45082", "2023-06-05 14:30", "June 2023", "31/04/2023"])
def test_a_date_that_can_be_read_two_ways_or_none_is_refused(tmp_path: Path, text: str) -> None:
    found = only(write(tmp_path / "a", reviews=[REVIEWS, f"1001,,{text},PN1"]))

    assert [(r.row, r.column, r.whole_row) for r in found.refusals] == [(2, "REVIEW", True)]
    assert became(found, "reviews").refused == 1


def test_a_repeated_row_is_set_aside_and_a_contradiction_refused(tmp_path: Path) -> None:
    # The same episode twice in one file: the row that ended stands.
    open_row = FIRST.replace("10/01/2024,X1,CREQB", ",,")
    found = only(write(tmp_path / "a", episodes=[EPISODES, FIRST, FIRST, open_row]))

    assert became(found, "episodes").set_aside == {"duplicate row": 1}
    assert [(r.row, r.column, r.found) for r in found.refusals] == [
        (4, "CHILD and DECOM", "the same CHILD and DECOM twice, with different content")
    ]
    assert rows(found, "placed_at", "end") == {(date(2024, 1, 10),)}
    adds_up(found)


# --- which file is which ---


@pytest.mark.parametrize(
    ("header", "table"),
    [
        (HEADER, "header"),
        ("CHILD,SEX,DOB,ETHNIC,UPN", "header"),
        ("child, sex ,dob,ethnic", "header"),
        (EPISODES, "episodes"),
        (",".join(reversed(EPISODES.split(","))), "episodes"),
        (EPISODES.lower().replace("_", " "), "episodes"),
        (EPISODES + ",PL_LA,PL_LOCATION,PL_DISTANCE,SEX,DOB,ETHNIC", "episodes"),
        ("CHILDID,DECOM,RNE,LS,CIN,PL,DEC,REC", "episodes"),
        (REVIEWS, "reviews"),
        (MISSING, "missing"),
        (OC2, "oc2"),
        (UASC, "uasc"),
        (WORKERS, "social worker episodes"),
        ("CHILD,DOB,IN_TOUCH,ACTIV,ACCOM", "care leavers (OC3)"),
        ("CHILD,DOB,PREV_PERM,LA_PERM,DATE_PERM", "previous permanence"),
        ("CHILD,DOB,DATE_INT,DATE_MATCH,FOSTER_CARE,NB_ADOPTR,SEX_ADOPTR,LS_ADOPTR", "adoption (AD1)"),
        ("CHILD,DOB,DATE_PLACED,DATE_PLACED_CEASED,REASON_PLACED_CEASED", "placed for adoption"),
        ("CHILD,DOB,DOLO_START,DOLO_END", "deprivation of liberty"),
        ("CHILD,DOB", None),
        ("id,local_id,upn,born", None),
        ("1001,2,12/05/2012,WBRI", None),
    ],
)
def test_a_file_is_known_by_its_header(header: str, table: str | None) -> None:
    found = ssda903.recognise(header.split(","))

    assert (found.name if found else None) == table


def test_tables_that_are_not_used_are_set_aside_and_counted(tmp_path: Path) -> None:
    lines = ["CHILD,DOB,IN_TOUCH,ACTIV,ACCOM", "1,,YES,F1,B1", "2,,NO,,"]
    found = only(write(tmp_path / "a", header=[HEADER, ASH], oc3=lines))

    assert became(found, "oc3").recognised_as == "ssda903 care leavers (OC3)"
    assert became(found, "oc3").set_aside == {"a table of the return that is not used": 2}
    assert report.usable([found])


def test_a_column_without_which_nothing_can_be_read_makes_the_file_unusable(tmp_path: Path) -> None:
    lines = [EPISODES.replace("DECOM,", ""), FIRST.replace("05/06/2023,", "")]
    found = only(write(tmp_path / "a", header=[HEADER, ASH], episodes=lines))

    assert became(found, "episodes").problem == "It has no column DECOM, without which no row can be used."
    assert rows(found, "children", "id") == {("1001",)}
    assert "placed_at" not in found.tables
    assert not report.usable([found])
    adds_up(found)


def test_other_missing_and_extra_columns_are_noted(tmp_path: Path) -> None:
    header = EPISODES.replace(",URN", ",TEAM")
    found = only(write(tmp_path / "a", episodes=[header, FIRST]))

    assert "a/episodes.csv has no column URN: read as blank." in found.notes
    assert "a/episodes.csv: columns that are not used: TEAM." in found.notes
    assert rows(found, "placements", "urn") == {(None,)}


# --- several years ---


def test_an_open_episode_repeated_next_year_is_one(tmp_path: Path) -> None:
    still_open = FIRST.replace("10/01/2024,X1,CREQB", ",,")
    found = only(
        write(
            tmp_path / "a",
            # The older file comes last by name: it is the year that decides.
            episodes_b_2022_23=[EPISODES, still_open, "1002,01/05/2022,S,C2,N1,U6,PR1,01/06/2022,E4A,,,,"],
            episodes_a_2023_24=[EPISODES, FIRST],
            header_2023=[HEADER, "1001,1,12/05/2012,REFU,,,"],
            header_2024=[HEADER, ASH],
            sw_2024=[WORKERS, "1001,,SW1,05/06/2023,,FCONTA"],
            sw_2025=[WORKERS, "1001,,SW1,05/06/2023,01/05/2024,FCONTA"],
        )
    )

    assert rows(found, "placed_at", "from", "start", "end", "row") == {
        ("Child:1001", date(2023, 6, 5), date(2024, 1, 10), "a/episodes_a_2023_24.csv:2"),
        ("Child:1002", date(2022, 5, 1), date(2022, 6, 1), "a/episodes_b_2022_23.csv:3"),
    }
    assert rows(found, "children", "id", "sex") == {("1001", "female"), ("1002", None)}
    assert rows(found, "involved_with", "start", "end") == {(date(2023, 6, 5), date(2024, 5, 1))}
    for name in ("episodes_b_2022_23", "header_2023", "sw_2024"):
        assert became(found, name).set_aside == {"repeated in another file": 1}
    assert found.refusals == ()
    adds_up(found)


def test_without_a_year_in_the_name_the_later_dates_decide(tmp_path: Path) -> None:
    still_open = FIRST.replace("10/01/2024,X1,CREQB", ",,")
    found = only(
        write(
            tmp_path / "a",
            old=[EPISODES, still_open, "9,01/05/2022,S,C2,N1,U6,PR1,01/06/2022,E4A,,,,"],
            new=[EPISODES, FIRST],
        )
    )

    assert rows(found, "placed_at", "from", "end") == {("Child:1001", date(2024, 1, 10)), ("Child:9", date(2022, 6, 1))}


@pytest.mark.parametrize(
    ("name", "year"),
    [
        ("episodes_2023-24.csv", 2024), ("episodes_202324.csv", 2024), ("2023-2024/episodes.csv", 2024),
        ("episodes2024.csv", 2024), ("903 1920.csv", 2020), ("sw_2122.csv", 2022), ("oc2 23-24.csv", 2024),
        ("export_2024-06-15.csv", None), ("903_1 header.csv", None), ("header.csv", None), ("20240615.csv", None),
    ],
)  # fmt: skip
def test_the_year_in_a_name(name: str, year: int | None) -> None:
    assert ssda903.year_in(name) == year


# --- what is covered ---


def covered(of: Extract) -> Mapping[tuple[str, str | None], tuple[date, date]]:
    return {(c.table, c.of): (c.start, c.end) for c in of.coverage}


YEAR = (date(2023, 4, 1), date(2024, 3, 31))


def test_a_return_covers_what_its_files_hold_from_april_before_the_first_end(tmp_path: Path) -> None:
    long_open = "1002,01/02/2015,S,C2,N1,U6,PR1,,,,,,"
    found = only(write(tmp_path / "a", episodes=[EPISODES, FIRST, SECOND, long_open], missing=MISSING, sw=WORKERS))

    assert (found.covers_from, found.covers_to, found.full) == (*YEAR, True)
    # A header without rows says that there were none.
    assert covered(found) == {
        ("looks_after", None): YEAR, ("placed_at", None): YEAR, ("events", "missing"): YEAR, ("events", "away"): YEAR,
        ("involved_with", "social_worker"): YEAR,
    }  # fmt: skip


def test_every_other_table_says_its_part(tmp_path: Path) -> None:
    parts = set(covered(only(full_folder(tmp_path / "a"))))

    assert ("meetings", "review") in parts
    assert {of for table, of in parts if table == "assessments"} == {
        "sdq", "health assessment", "dental check", "immunisations", "development check", "substance misuse",
    }  # fmt: skip


def test_a_return_covers_nothing_after_today(tmp_path: Path) -> None:
    found = only(write(tmp_path / "a", episodes=[EPISODES, FIRST, SECOND]), today=date(2024, 2, 1))

    assert found.covers_to == date(2024, 2, 1)


def test_social_workers_are_covered_from_the_first_year_that_shows_an_end(tmp_path: Path) -> None:
    early = "1001,01/05/2021,S,C2,N1,U6,PR1,01/06/2021,X1,,,,"
    worker = "1001,,SW1,05/06/2019,01/05/2024,FCONTA"
    found = only(write(tmp_path / "a", episodes=[EPISODES, early, SECOND], sw=[WORKERS, worker]))

    assert covered(found)["placed_at", None] == (date(2021, 4, 1), date(2024, 3, 31))
    # The only end of a worker falls in 2024-25, which the episodes do not reach.
    assert ("involved_with", "social_worker") not in covered(found)

    worker = worker.replace("05/2024", "05/2021")
    found = only(write(tmp_path / "b", episodes=[EPISODES, early, SECOND], sw=[WORKERS, worker]))
    assert covered(found)["involved_with", "social_worker"] == YEAR  # the return asked for them from 2023-24


def test_with_several_years_together_each_file_covers_its_own(tmp_path: Path) -> None:
    old = "1002,01/05/2022,S,C2,N1,U6,PR1,01/06/2022,E4A,,,,"
    found = only(
        write(
            tmp_path / "a", episodes_2023=[EPISODES, old], episodes_2024=[EPISODES, FIRST],
            reviews_2024=[REVIEWS, "1001,,01/07/2023,PN1"],
        )
    )  # fmt: skip

    assert (found.covers_from, found.covers_to) == (date(2022, 4, 1), date(2024, 3, 31))
    assert Coverage("meetings", "review", *YEAR) in found.coverage
    assert not any(c.table == "meetings" and c.start < YEAR[0] for c in found.coverage)


def test_covers_and_partial_say_otherwise(tmp_path: Path) -> None:
    days = (date(2020, 1, 1), date(2020, 12, 31))
    found = only(write(tmp_path / "a", episodes=[EPISODES, FIRST], sw=WORKERS), covers=days, partial=True)

    assert (found.covers_from, found.covers_to, found.full) == (*days, False)
    assert all((c.start, c.end, c.full) == (*days, False) for c in found.coverage)
    assert ("involved_with", "social_worker") in covered(found)


def test_an_end_far_from_the_others_is_asked_about(tmp_path: Path) -> None:
    slip = "1002,01/05/2013,S,C2,N1,U6,PR1,01/06/2014,E4A,,,,"
    found = only(write(tmp_path / "a", episodes=[EPISODES, FIRST, slip]))

    assert found.covers_from == date(2014, 4, 1)
    assert any("say --covers FROM:TO" in note for note in found.notes)


def test_files_without_a_date_cover_nothing_and_say_so(tmp_path: Path) -> None:
    found = only(write(tmp_path / "a", header=[HEADER, ASH]))

    assert (found.covers_from, found.covers_to, found.coverage) == (None, None, ())
    assert any("--covers" in note for note in found.notes)


# --- laws ---


DIRT = ["", "XXX", "31/02/2024", "99", "1.2E+09", "nope", '"', "1001", "Zoë", "01/01/2024", "=1+1", "-", "2030-01-01"]


@pytest.mark.parametrize("seed", range(12))
def test_whatever_is_in_the_files_every_row_is_accounted_for_and_nothing_private_told(
    tmp_path: Path, seed: int
) -> None:
    chance = random.Random(seed)
    files = {
        "header": (HEADER, [ASH, "2002002,1,03/04/2011,MOTH,D051910639385,,"]),
        "episodes_2024": (EPISODES, [FIRST, SECOND, "2002002,05/06/2023,S,V3,N2,,,,,,,,"]),
        "episodes_2025": (EPISODES, [SECOND, "2002002,05/06/2024,S,V2,N2,T1,,07/06/2024,X1,,,,"]),
        "reviews": (REVIEWS, ["1001,12/05/2012,01/07/2023,PN1", "2002002,03/04/2011,01/08/2023,PN7"]),
        "missing": (MISSING, ["1001,12/05/2012,M,03/02/2024,05/02/2024"]),
        "oc2": (OC2, ["1001,12/05/2012,17,,0,,1,1,0,0,,"]),
        "uasc": (UASC, ["2002002,1,03/04/2011,"]),
        "sw": (WORKERS, ["1001,12/05/2012,SW7654321,05/06/2023,01/02/2024,FCONTA"]),
    }
    written = {}
    for name, (header, good) in files.items():
        lines = [chance.choice(good).split(",") for _ in range(chance.randint(0, 12))]
        for line in lines:
            for _ in range(chance.randint(0, 3)):
                line[chance.randrange(len(line))] = chance.choice(DIRT)
        written[name] = [header, *(",".join(line) for line in lines)]

    found = only(write(tmp_path / "a", **written))

    adds_up(found)
    assert {f.file: f.rows for f in found.files} == {
        f"a/{name}.csv": sum(1 for line in lines[1:] if line.replace(",", "")) for name, lines in written.items()
    }
    told = tell(found, tmp_path)
    for private in ("1001", "2002002", "A123456789012", "D051910639385", "12/05/2012", "03/04/2011", "2012-05-12",
                    IN_WARWICK, IN_BIRMINGHAM, "1234567", "SC012345", "7654321", "Zoë", "nope"):  # fmt: skip
        assert private not in told


def tell(of: Extract, folder: Path) -> str:
    """Everything that is said of an extract, in every form, but the days it covers."""
    with (folder / "told.txt").open("w+", encoding="utf-8") as stream:
        report.show([of], stream)
    for name in ("told.html", "told.csv"):
        report.write([of], folder / name)
    return "".join((folder / name).read_text(encoding="utf-8") for name in ("told.txt", "told.html", "told.csv"))


def test_the_order_of_rows_changes_nothing(tmp_path: Path) -> None:
    lines = [FIRST, SECOND, "1002,01/02/2024,S,C2,N1,K2,PR4,,,,,,SC012345", "1003,01/02/2024,S,V2,N8,T1,,,,,,,"]
    one = only(write(tmp_path / "a", episodes=[EPISODES, *lines]))
    other = only(write(tmp_path / "b", episodes=[EPISODES, *reversed(lines)]))

    for table, frame in one.tables.items():
        pd.testing.assert_frame_equal(_sorted(frame), _sorted(other.tables[table]))


def _sorted(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.drop(columns="row").sort_values("id").reset_index(drop=True)
