"""The list of reviewing officers: what each row becomes, what is refused, what is only told."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.identity import identify
from graph.loading import load
from graph.model import by_table
from graph.records import Coverage
from graph.store import Store
from ingest import allocations, recognise
from ingest.extract import Extract, columns_of
from ingest.reading import read_files
from tests.test_reading import workbook
from tests.test_ssda903 import WORKERS, adds_up, refusals, rows, tell, write

BIRMINGHAM = "E08000025"
TODAY = date(2026, 11, 23)
HEADER = "child | iro | staff_id | start | end"


def csv(path: Path, text: str) -> Path:
    """A list as a CSV; cells are parted by |."""
    lines = [line.strip() for line in text.strip().splitlines()]
    cells = (",".join(f'"{cell.strip()}"' if cell.strip() else "" for cell in line.split("|")) for line in lines)
    path.write_text("\n".join(cells) + "\n", encoding="utf-8")
    return path


def only(*paths: Path, **options: Any) -> Extract:
    files = [file for path in paths for file in read_files(path, f"a/{path.name}")]
    assert all(f.sheet and allocations.recognise(f.sheet.frame.columns) for f in files)
    return allocations.read(files, **{"authority": BIRMINGHAM, "digest": "d", "today": TODAY, **options})


# --- what each row becomes ---


def test_a_child_and_her_reviewing_officers(tmp_path: Path) -> None:
    found = only(csv(tmp_path / "iros.csv", f"""
        {HEADER}
        1001 | Robin Elder |   7 | 05/06/2023 | 2024-03-01
        1001 | Kim Rowan   |     | 01/03/2024 |
        1002 | robin  ELDER |  7 | 01/02/2024 |
        """))  # fmt: skip

    assert (found.kind, found.supplier, found.full) == ("allocations", "Birmingham", True)
    assert rows(found, "children", "id", "local_id", "row") == {
        ("1001", "1001", "a/iros.csv:2"), ("1002", "1002", "a/iros.csv:4")
    }  # fmt: skip
    assert rows(found, "professionals", "id", "name", "staff_id") == {
        ("staff 7", "robin  ELDER", "7"), ("name kim rowan", "Kim Rowan", None)
    }  # fmt: skip
    agency = f"Agency:social care {BIRMINGHAM}"
    assert rows(found, "involved_with", "from", "to", "role", "agency", "start", "end", "row") == {
        ("Professional:staff 7", "Child:1001", "iro", agency, date(2023, 6, 5), date(2024, 3, 1), "a/iros.csv:2"),
        ("Professional:name kim rowan", "Child:1001", "iro", agency, date(2024, 3, 1), None, "a/iros.csv:3"),
        ("Professional:staff 7", "Child:1002", "iro", agency, date(2024, 2, 1), None, "a/iros.csv:4"),
    }
    assert found.refusals == () and found.notes == ()
    for name, frame in found.tables.items():
        assert list(frame.columns) == columns_of(by_table()[name])


@pytest.mark.parametrize(
    "header",
    [
        "Child ID,IRO,Start,End", "Child’s number,Independent Reviewing Officer,From,To",
        "LOCAL_ID,iro name,Since,Until",
        "Person-ID,Reviewing officer,Date allocated,Date ended", "child,Allocated IRO,IRO start date,IRO end date",
    ],
)  # fmt: skip
def test_a_header_may_be_written_in_many_ways(tmp_path: Path, header: str) -> None:
    found = only(write(tmp_path, iros=[header, "1001,Robin Elder,01/02/2024,01/03/2024"]) / "iros.csv")

    assert rows(found, "involved_with", "from", "to", "start", "end") == {
        ("Professional:name robin elder", "Child:1001", date(2024, 2, 1), date(2024, 3, 1))
    }


@pytest.mark.parametrize(
    "header",
    ["child,start,end", "CHILD,SW_ID,SW_DECOM,SW_DEC", "child,iro", "from,to,role,start", "iro,start", "local_id,name"],
)
def test_other_headers_are_not_ours(header: str) -> None:
    assert not allocations.recognise(header.split(","))


def test_a_sheet_of_a_workbook_will_do(tmp_path: Path) -> None:
    lines = [["Child ID", "IRO", "From", "To", "Email"], [1001, "Robin Elder", date(2024, 2, 1), None, "r@example.org"]]

    found = only(workbook(tmp_path / "IROs.xlsx", Sheet1=lines))

    assert rows(found, "involved_with", "to", "start", "row") == {("Child:1001", date(2024, 2, 1), "a/IROs.xlsx:2")}
    assert "example.org" not in tell(found, tmp_path) and not any("not used" in note for note in found.notes)


def test_a_list_beside_a_return_is_an_extract_of_its_own(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", workers=[WORKERS, "1001,,SW12,01/02/2024,,"])
    workbook(folder / "IROs.xlsx", Sheet1=[["Child ID", "IRO", "From", "To"], [1001, "R", date(2024, 2, 1), None]])

    returns, found = recognise.read([folder], BIRMINGHAM, today=TODAY)

    assert (returns.kind, found.kind, found.supplier) == ("ssda903", "allocations", "Birmingham")
    assert [(file.file, file.used) for file in found.files] == [("a/IROs.xlsx", 1)]


def test_columns_that_are_not_used_are_told(tmp_path: Path) -> None:
    found = only(csv(tmp_path / "a.csv", "child | iro | start | Ward\n1 | R | 2024-01-01 | x"))

    assert "a/a.csv: columns that are not used: Ward." in found.notes


# --- what is refused, what is told ---


def test_what_cannot_be_is_refused(tmp_path: Path) -> None:
    found = only(csv(tmp_path / "a.csv", f"""
        {HEADER}
        1001 | Robin Marigold |  |            |
             | Robin Marigold |  | 01/02/2024 |
        1003 | Robin Marigold |  | 31/02/2024 |
        1004 | Robin Marigold |  | 01/03/2024 | 01/02/2024
        1005 |                |  | 01/02/2024 | 01/03/2024
        1006 | Vacant         |  | 01/02/2024 |
        1007 | N/A            |7 | 01/02/2024 |
        """))  # fmt: skip

    assert refusals(found) == {
        (2, "start", "nothing", True), (3, "child", "nothing", True), (4, "start", "99/99/9999", True),
        (5, "end", "an earlier date", False), (6, "iro", "no name", True), (7, "iro", "no name", True),
    }  # fmt: skip
    assert rows(found, "involved_with", "to", "end") == {("Child:1004", None), ("Child:1007", None)}
    assert any("remove the row" in refusal.do for refusal in found.refusals)
    adds_up(found)
    assert "Marigold" not in tell(found, tmp_path)


def test_two_officers_on_one_day_are_kept_and_counted(tmp_path: Path) -> None:
    found = only(csv(tmp_path / "a.csv", f"""
        {HEADER}
        1001 | Robin | | 2023-01-01 |
        1001 | Kim   | | 2024-01-01 |
        1002 | Robin | | 2023-01-01 | 2024-01-01
        1002 | Kim   | | 2024-01-01 |
        1003 | Robin | | 2023-01-01 |
        1003 | Robin | | 2024-01-01 |
        """))  # fmt: skip

    assert len(found.tables["involved_with"]) == 6
    (note,) = found.notes
    assert note.startswith("1 child with two reviewing officers on the same days")
    assert "1001" not in note and "Robin" not in note


def test_the_same_allocation_twice_is_one(tmp_path: Path) -> None:
    one = csv(tmp_path / "a.csv", f"""
        {HEADER}
        1001 | Robin | | 2023-01-01 |
        1001 | Robin | | 2023-01-01 |
        1001 | ROBIN | | 01/01/2023 |
        1002 | Robin | | 2023-01-01 |
        1002 | Robin | | 2023-01-01 | 2024-01-01
        """)  # fmt: skip
    found = only(one, csv(tmp_path / "b.csv", f"{HEADER}\n1001 | Robin | | 2023-01-01 |"))

    assert rows(found, "involved_with", "to", "end") == {("Child:1001", None), ("Child:1002", date(2024, 1, 1))}
    assert refusals(found) == {(5, "child and iro and start", "the same child and iro and start twice, with different "
                                "content", True)}  # fmt: skip
    assert [(file.rows, file.used) for file in found.files] == [(5, 2), (1, 0)]
    adds_up(found)


def test_a_name_with_and_without_a_staff_id_is_two_people_and_told(tmp_path: Path) -> None:
    found = only(csv(tmp_path / "a.csv", f"""
        {HEADER}
        1001 | Robin Elder | 7 | 2023-01-01 | 2023-06-01
        1002 | Robin Elder |   | 2023-01-01 |
        """))  # fmt: skip

    assert len(found.tables["professionals"]) == 2
    assert any(note.startswith("1 name is written with more than one staff id") for note in found.notes)
    assert not any("Elder" in note for note in found.notes)


@pytest.mark.parametrize(
    ("header", "said"),
    [("child,iro,end", "no column start"), ("child,child id,iro,start", "two columns for child")],
)
def test_a_list_that_cannot_be_used_says_why(tmp_path: Path, header: str, said: str) -> None:
    found = only(write(tmp_path, a=[header, "1,2,3,4"[: 2 * header.count(",") + 1]]) / "a.csv")

    assert said in found.files[0].problem
    assert found.coverage == ()
    adds_up(found)


def test_rows_that_explain_are_set_aside(tmp_path: Path) -> None:
    found = only(csv(tmp_path / "a.csv", f"{HEADER}\n# the child | who | | |\n1 | R | | 2024-01-01 |"))

    assert found.files[0].set_aside == {"a row of explanation (#)": 1}
    assert rows(found, "children", "id") == {("1",)}


# --- what it covers ---

ENDED = "1001 | Robin | | 2023-06-05 | 2024-03-01\n1001 | Kim | | 2024-03-01 |"
RUNNING = "1001 | Kim | | 2024-03-01 |\n1002 | Kim | | 2022-03-01 |"
DAYS = (date(2024, 4, 1), date(2025, 3, 31))


@pytest.mark.parametrize(
    ("lines", "options", "covered"),
    [
        (ENDED, {}, (date(2023, 6, 5), TODAY, True)),
        (RUNNING, {}, (TODAY, TODAY, True)),  # nothing tells of former officers
        (RUNNING, {"covers": DAYS}, (*DAYS, True)),
        (ENDED, {"partial": True}, (date(2023, 6, 5), TODAY, False)),
        ("1001 | Kim | | 2027-01-01 |", {}, None),
        ("", {}, None),
        ("", {"covers": DAYS}, None),  # an empty template does not say that nobody has an officer
    ],
)
def test_a_list_covers_the_days_to_today(tmp_path: Path, lines: str, options: Any, covered: Any) -> None:
    found = only(csv(tmp_path / "a.csv", f"{HEADER}\n{lines}"), **options)

    said = (Coverage("involved_with", "iro", *covered),) if covered else ()
    assert found.coverage == said
    assert (found.covers_from, found.covers_to) == (covered[:2] if covered else (None, None))
    assert found.full is bool(covered and covered[2])
    assert any("names of today" in n or "officers of today" in n for n in found.notes) is (
        covered == (TODAY, TODAY, True)
    )


def test_on_another_day_a_list_is_another_load_unless_its_days_are_said(tmp_path: Path) -> None:
    path = csv(tmp_path / "a.csv", f"{HEADER}\n{ENDED}")
    later = date(2026, 12, 1)

    assert only(path).digest == only(path).digest != only(path, today=later).digest
    assert only(path, covers=DAYS).digest == only(path, covers=DAYS, today=later).digest


# --- who is the same ---


def test_the_child_and_the_council_are_those_of_the_return(tmp_path: Path) -> None:
    folder = write(tmp_path / "903", workers=[WORKERS, "1001,,SW12,01/02/2024,,"])
    (returns,) = recognise.read([folder], BIRMINGHAM, today=TODAY)
    found = only(csv(tmp_path / "a.csv", f"{HEADER}\n1001 | Robin | | 2024-02-01 |"))

    one, other = (identify(each.tables, authority=BIRMINGHAM).rows for each in (returns, found))

    for table in ("children", "agencies", "serves"):
        assert [row["id"] for row in one[table]] == [row["id"] for row in other[table]]


def test_an_officer_joins_another_source_by_staff_id_and_never_by_name(tmp_path: Path) -> None:
    from tests.extracts import extract

    system = extract("""
    professionals | name        | staff_id
    p             | Robin Elder | 7
    """)
    numbered = only(csv(tmp_path / "a.csv", f"{HEADER}\n1 | R. Elder | 7 | 2024-01-01 |"))
    named = only(csv(tmp_path / "b.csv", f"{HEADER}\n1 | Robin Elder | | 2024-01-01 |"))

    known, same, other = (
        identify(each.tables, authority=BIRMINGHAM).rows["professionals"][0]["id"] for each in (system, numbered, named)
    )

    assert known == same != other


# --- in the graph ---


def test_a_list_takes_the_place_of_the_one_before_it(tmp_path: Path, store: Store) -> None:
    before = csv(
        tmp_path / "a.csv", f"{HEADER}\n1001 | Robin | | 2019-06-05 |\n1002 | Robin | | 2022-03-01 | 2023-01-01"
    )
    after = csv(tmp_path / "b.csv", f"{HEADER}\n1001 | Kim | | 2024-03-01 |\n1002 | Robin | | 2022-03-01 | 2023-01-01")

    load(store, only(before, today=date(2024, 1, 10)))
    done = load(store, only(after))

    assert done.retired == {"involved_with": 1}
    (records,) = store.records([store.find_child(f"{BIRMINGHAM}/1001")])
    assert [tie.start for tie in records.relationships if tie.type == "INVOLVED_WITH"] == [date(2024, 3, 1)]
    assert [c for c in records.coverage if c.of == "iro"] == [
        Coverage("involved_with", "iro", date(2022, 3, 1), TODAY, True)
    ]
