"""Any mix of files and folders: which reader each is for, and what makes two extracts the same."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter

from graph.errors import TeamaroundError
from ingest import report
from ingest.extract import Extract
from ingest.reading import read_files
from ingest.recognise import READERS, read
from ingest.roles import RoleMap, default
from tests.test_ssd import PERSON, VISITS
from tests.test_ssda903 import ASH, EPISODES, FIRST, HEADER, REVIEWS, SECOND, adds_up, rows, write

BIRMINGHAM = "E08000025"
TODAY = date(2026, 11, 23)
CHILDREN = ["id,local_id,name,upn", "ash,1001,Ash,A123456789012"]
EVENTS = ["kind,on,about", "arrest,2024-01-01,ash"]


def extracts(*paths: Path, **options: Any) -> list[Extract]:
    return read(list(paths), BIRMINGHAM, **{"today": TODAY, **options})


def workbook(path: Path, sheets: dict[str, list[list[str]]]) -> None:
    with xlsxwriter.Workbook(path) as book:
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            for n, line in enumerate(lines):
                sheet.write_row(n, 0, line)


def files(of: Extract) -> dict[str, str]:
    return {f.file: f.recognised_as or f.problem for f in of.files}


def test_a_folder_is_one_extract_of_each_format_it_holds(tmp_path: Path) -> None:
    # A `upn` does not make our own children.csv a header of the return.
    folder = write(tmp_path / "mixed", header=[HEADER, ASH], episodes=[EPISODES, FIRST], children=CHILDREN)

    returns, own = extracts(folder)

    assert (returns.kind, returns.supplier, returns.authority) == ("ssda903", "Birmingham", BIRMINGHAM)
    assert files(returns) == {"mixed/episodes.csv": "ssda903 episodes", "mixed/header.csv": "ssda903 header"}
    assert (own.kind, own.supplier) == ("tables", "mixed")
    assert files(own) == {"mixed/children.csv": "tables children"}


def test_a_table_of_the_return_may_have_any_name(tmp_path: Path) -> None:
    (found,) = extracts(write(tmp_path / "a", children=[HEADER, ASH], meetings=[REVIEWS, "1001,,01/07/2023,PN1"]))

    assert files(found) == {"a/children.csv": "ssda903 header", "a/meetings.csv": "ssda903 reviews"}


def test_folders_inside_a_folder_are_extracts_of_their_own(tmp_path: Path) -> None:
    write(tmp_path / "903" / "2023-24", episodes=[EPISODES, FIRST])
    write(tmp_path / "903" / "2024-25", episodes=[EPISODES, SECOND])
    write(tmp_path / "903" / ".git", episodes=[EPISODES, SECOND])

    found = extracts(tmp_path / "903")

    assert [list(files(each)) for each in found] == [["903/2023-24/episodes.csv"], ["903/2024-25/episodes.csv"]]


def test_files_named_one_by_one_are_read_with_those_beside_them(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", header=[HEADER, ASH], episodes=[EPISODES, FIRST], oc3="CHILD,IN_TOUCH,ACTIV,ACCOM")

    (found,) = extracts(folder / "episodes.csv", folder / "header.csv", folder / "header.csv")

    assert list(files(found)) == ["a/episodes.csv", "a/header.csv"]


def test_what_is_no_csv_is_listed_and_harms_nothing(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", header=[HEADER, ASH])
    (folder / "README.md").write_text("read me")
    (folder / ".DS_Store").write_bytes(b"\x00")
    (folder / "~$open.xlsx").write_bytes(b"what Excel leaves beside an open workbook")

    (found,) = extracts(folder)

    assert files(found) == {
        "a/.DS_Store": "",
        "a/README.md": "",
        "a/header.csv": "ssda903 header",
        "a/~$open.xlsx": "",
    }
    assert report.usable([found])


def test_each_sheet_of_a_workbook_is_a_file_of_the_format_it_is_in(tmp_path: Path) -> None:
    sheets = {
        "children": [CHILDREN[0].split(","), CHILDREN[1].split(",")],
        "iro_allocations": [["child", "iro", "start"], ["1001", "Sam Officer", "2024-01-01"]],
        "ssd_cla_visits": [VISITS.split(","), "w1,c1,1001,2024-01-02,Y,Y".split(",")],
        "Header 2024": [HEADER.split(","), ASH.split(",")],
        "notes": [["nothing"], ["of ours"]],
    }
    (tmp_path / "a").mkdir()
    workbook(tmp_path / "a" / "book.xlsx", sheets)

    returns, system, allocated, own = extracts(tmp_path / "a")

    assert files(returns) == {"a/book.xlsx[sheet 4]": "ssda903 header"}
    assert files(system) == {"a/book.xlsx[ssd_cla_visits]": "ssd cla_visits"}
    assert files(allocated) == {"a/book.xlsx[iro_allocations]": "allocations"}
    assert files(own) == {"a/book.xlsx[children]": "tables children", "a/book.xlsx[sheet 5]": ""}
    for each in (returns, system, allocated, own):
        adds_up(each)


def test_a_workbook_that_is_damaged_is_a_problem_and_the_rest_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", header=[HEADER, ASH])
    (folder / "book.xlsx").write_bytes(b"PK\x03\x04")

    (found,) = extracts(folder)

    assert "cannot be opened as a workbook" in files(found)["a/book.xlsx"]
    assert rows(found, "children", "id") == {("1001",)}
    assert not report.usable([found])


def test_a_return_and_an_ssd_in_one_folder_are_two_extracts(tmp_path: Path) -> None:
    folder = write(
        tmp_path / "a", header=[HEADER, ASH], episodes=[EPISODES, FIRST], visits=[VISITS, "w1,c1,1001,2024-01-02,Y,Y"],
        person=[PERSON], iros=["Child ID,Reviewing officer,From", "1001,Sam Officer,01/01/2024"],
    )  # fmt: skip

    returns, system, allocated = extracts(folder)

    assert [each.kind for each in (returns, system, allocated)] == ["ssda903", "ssd", "allocations"]
    assert {each.supplier for each in (returns, system, allocated)} == {"Birmingham"}
    assert set(files(system).values()) == {"ssd person", "ssd cla_visits"}


def test_each_reader_is_a_line_and_knows_only_its_own_files(tmp_path: Path) -> None:
    headers = {
        "ssda903": EPISODES, "ssd": VISITS, "allocations": "child,iro,start", "tables": CHILDREN[0], "none": "x,y",
    }  # fmt: skip
    folder = write(tmp_path / "a", **{"children" if kind == "tables" else kind: h for kind, h in headers.items()})
    given = {file.name: file for path in sorted(folder.iterdir()) for file in read_files(path, path.name)}

    known = {name: [reader.kind for reader in READERS if reader.knows(file)] for name, file in given.items()}

    assert known == {
        "allocations.csv": ["allocations"], "children.csv": ["tables"], "none.csv": [], "ssd.csv": ["ssd"],
        "ssda903.csv": ["ssda903"],
    }  # fmt: skip


def test_the_map_of_roles_is_part_of_what_an_ssd_is_and_of_nothing_else(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", header=[HEADER, ASH], visits=[VISITS])
    own = RoleMap({**default().by_words, "quality champion": "iro"})

    (returns, system), (same, other) = extracts(folder), extracts(folder, roles=own)

    assert returns.digest == same.digest
    assert system.digest != other.digest
    assert system.digest == extracts(folder, roles=default())[1].digest


def test_a_csv_that_nobody_knows_is_a_problem_and_the_rest_is_read(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", header=[HEADER, ASH], episodes=[FIRST, SECOND], other="a,b")
    (folder / "broken.csv").write_bytes(b"\x00\x01\x02\xff" * 30)
    (folder / "empty.csv").write_bytes(b"")

    (found,) = extracts(folder)

    problems = {f.file: f.problem for f in found.files if f.problem}
    assert set(problems) == {"a/episodes.csv", "a/other.csv", "a/broken.csv", "a/empty.csv"}
    assert "header row missing" in problems["a/episodes.csv"]
    assert "1001" not in "".join(problems.values())
    assert rows(found, "children", "id") == {("1001",)}
    assert not report.usable([found])
    adds_up(found)


def test_a_folder_of_which_nothing_is_known_is_told_with_the_rest(tmp_path: Path) -> None:
    good, bad = write(tmp_path / "good", header=[HEADER, ASH]), write(tmp_path / "bad", some="x,y")
    (tmp_path / "none").mkdir()

    (found,) = extracts(bad, good, tmp_path / "none")

    assert set(files(found)) == {"good/header.csv", "bad/some.csv", "none"}
    assert files(found)["none"] == "There is nothing in this folder."
    assert not report.usable([found])


@pytest.mark.parametrize(
    ("make", "said"),
    [
        (lambda folder: folder / "gone", "There is no file or folder gone"),
        (lambda folder: write(folder / "empty"), "no CSV files and no workbooks|nothing in this folder"),
        (lambda folder: write(folder / "other", some="x,y"), "other/some.csv: It is not known"),
    ],
)
def test_where_nothing_can_be_read_one_sentence_says_why(tmp_path: Path, make: Any, said: str) -> None:
    with pytest.raises(TeamaroundError, match=said):
        extracts(make(tmp_path))


def test_an_authority_is_found_by_its_name_or_asked_for_again(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", header=[HEADER, ASH])

    assert read([folder], "Birmingham", today=TODAY)[0].authority == BIRMINGHAM
    assert read([folder], "", today=TODAY)[0].authority == ""  # only to check
    with pytest.raises(TeamaroundError, match="There is no authority"):
        read([folder], "Nowhere", today=TODAY)


def test_the_same_files_have_the_same_digest_wherever_they_lie(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", header=[HEADER, ASH], episodes=[EPISODES, FIRST])
    shutil.copytree(folder, tmp_path / "elsewhere" / "b")

    (one,), (other,) = extracts(folder), extracts(tmp_path / "elsewhere" / "b", today=date(2027, 1, 1))

    assert one.digest == other.digest


def test_other_bytes_another_authority_or_other_days_have_another_digest(tmp_path: Path) -> None:
    folder = write(tmp_path / "a", header=[HEADER, ASH], episodes=[EPISODES, FIRST])
    days = (date(2023, 4, 1), date(2024, 3, 31))
    found = [extracts(folder), read([folder], "Warwickshire", today=TODAY), extracts(folder, covers=days),
             extracts(folder, partial=True)]  # fmt: skip
    write(folder, episodes=[EPISODES, SECOND])
    found.append(extracts(folder))

    assert len({each.digest for (each,) in found}) == 5


def test_a_suppliers_tables_are_its_own(tmp_path: Path) -> None:
    folder = write(tmp_path / "health", children=CHILDREN, events=EVENTS)

    (one,), (other,) = extracts(folder), extracts(folder, supplier="Seaside Trust")

    assert (one.supplier, other.supplier) == ("health", "Seaside Trust")
    assert one.digest != other.digest


def test_it_says_what_it_is_reading(tmp_path: Path) -> None:
    said: list[str] = []

    extracts(write(tmp_path / "a", header=[HEADER, ASH]), say=said.append)

    assert said[0] == "Reading a (1 file)"
