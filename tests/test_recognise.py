"""Any mix of files and folders: which reader each is for, and what makes two extracts the same."""

import shutil
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from graph.errors import TeamaroundError
from ingest import report
from ingest.extract import Extract
from ingest.recognise import read
from tests.test_ssda903 import ASH, EPISODES, FIRST, HEADER, REVIEWS, SECOND, adds_up, rows, write

BIRMINGHAM = "E08000025"
TODAY = date(2026, 11, 23)
CHILDREN = ["id,local_id,name,upn", "ash,1001,Ash,A123456789012"]
EVENTS = ["kind,on,about", "arrest,2024-01-01,ash"]


def extracts(*paths: Path, **options: Any) -> list[Extract]:
    return read(list(paths), BIRMINGHAM, **{"today": TODAY, **options})


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
    (folder / "Annex A.xlsx").write_bytes(b"PK\x03\x04")

    (found,) = extracts(folder)

    assert files(found) == {
        "a/.DS_Store": "",
        "a/Annex A.xlsx": "",
        "a/README.md": "",
        "a/header.csv": "ssda903 header",
    }
    assert any("Annex A.xlsx is a workbook" in note for note in found.notes)
    assert report.usable([found])


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
        (lambda folder: write(folder / "empty"), "no CSV files|nothing in this folder"),
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
