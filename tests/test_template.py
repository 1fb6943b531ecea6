"""The templates: what they say, and that what is filled in reads."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from python_calamine import CalamineWorkbook

from graph.errors import TeamaroundError
from graph.model import by_table, label
from graph.reference import roles
from ingest import allocations, tables, template
from ingest.extract import Extract, columns_of
from ingest.reading import File, read_files
from ingest.template_words import AT_LEAST
from tests.test_ssda903 import became, rows

BIRMINGHAM = "E08000025"
TODAY = date(2026, 11, 23)
TABLES = {*by_table(), "coverage", "iro_allocations"}


def extracts(files: list[File]) -> list[Extract]:
    """What a folder or workbook of tables holds: the tables, and the list of reviewing officers."""
    lists = [f for f in files if f.sheet and allocations.recognise(f.sheet.frame.columns)]
    own = [f for f in files if f not in lists]
    return [
        tables.read(own, authority=BIRMINGHAM, supplier="a", digest="1"),
        allocations.read(lists, authority=BIRMINGHAM, digest="1", today=TODAY),
    ]


def folder_files(folder: Path) -> list[File]:
    return [file for path in sorted(folder.iterdir()) for file in read_files(path, f"a/{path.name}")]


def sheets(path: Path) -> dict[str, list[list[Any]]]:
    """Every sheet of a workbook by its name, its cells from A1 on."""
    with CalamineWorkbook.from_path(path) as book:
        return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in book.sheet_names}


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return template.write(tmp_path_factory.mktemp("template") / "new" / "template.xlsx")[0]


# --- a folder ---


def test_a_folder_explains_every_column_and_reads_as_empty(tmp_path: Path) -> None:
    written = template.write(tmp_path / "new" / "folder")

    assert {path.stem for path in written} == TABLES
    for path in written:
        header, explained = path.read_text(encoding="utf-8-sig").splitlines()
        assert header.split(",") == [column.name for column in template.columns(path.stem)]
        if kind := by_table().get(path.stem):
            assert header.split(",") == columns_of(kind)[:-1]
        assert explained.lstrip('"').startswith("#")
    for found in extracts(folder_files(tmp_path / "new" / "folder")):
        assert found.refusals == () and set(found.notes) <= {tables.NO_DAYS}
        assert found.coverage == () and not found.full
        assert all(file.used == 0 and not file.problem for file in found.files)
        assert all(len(frame) == 0 for frame in found.tables.values())


def test_a_folder_names_codes_and_what_is_needed(tmp_path: Path) -> None:
    template.write(tmp_path)
    meetings = (tmp_path / "meetings.csv").read_text(encoding="utf-8-sig")
    involved = (tmp_path / "involved_with.csv").read_text(encoding="utf-8-sig")

    assert "strategy discussion" in meetings and "DD/MM/YYYY (required)" in meetings
    assert "reviewing" not in meetings and "iro" in involved
    assert "roles.csv" not in involved


@pytest.mark.parametrize("name", ["meetings.csv", "iro_allocations.csv"])
def test_a_folder_is_written_over_nothing(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_text("mine")

    with pytest.raises(TeamaroundError, match=name):
        template.write(tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == [name]
    assert (tmp_path / name).read_text() == "mine"


def test_a_filled_in_table_is_read_with_its_explanation_still_there(tmp_path: Path) -> None:
    template.write(tmp_path)
    with (tmp_path / "children.csv").open("a", encoding="utf-8") as file:
        file.write("ash,1001,Ash Marigold,12/05/2012\n")

    found, _ = extracts(folder_files(tmp_path))

    assert rows(found, "children", "id", "local_id", "name", "born", "row") == {
        ("ash", "1001", "Ash Marigold", date(2012, 5, 12), "a/children.csv:3")
    }
    assert became(found, "children.csv".removesuffix(".csv")).set_aside == {"a row of explanation (#)": 1}


# --- a workbook ---


def test_a_workbook_has_a_sheet_a_table_the_commonest_first(workbook: Path) -> None:
    names = list(sheets(workbook))

    assert names[:6] == ["Read me", "children", "agencies", "professionals", "involved_with", "coverage"]
    assert names[-1] == "Lists"
    assert set(names[1:-1]) == TABLES and len(names) == len(TABLES) + 2


def test_an_untouched_workbook_holds_nothing_and_nothing_is_wrong_with_it(workbook: Path) -> None:
    files = read_files(workbook, "a/template.xlsx")

    assert {file.name for file in files} == {f"a/template.xlsx[{table}]" for table in TABLES}
    for found in extracts(files):
        assert found.refusals == () and set(found.notes) <= {tables.NO_DAYS}
        assert found.coverage == () and not found.full
        for file in found.files:
            assert (file.rows, file.used, file.problem) == (2, 0, "")
            assert file.set_aside == {"a row of explanation (#)": 2}


def test_the_examples_would_be_read_without_a_refusal(workbook: Path, tmp_path: Path) -> None:
    for name, (header, _, example) in ((n, s) for n, s in sheets(workbook).items() if n in TABLES):
        assert str(example[0]).startswith("#")
        cells = [tables.as_text(cell) for cell in example]
        tables.write_csv(tmp_path / f"{name}.csv", header, [[cells[0].removeprefix("#").strip(), *cells[1:]]])

    own, officers = extracts(folder_files(tmp_path))

    assert own.refusals == officers.refusals == ()
    assert all(file.used == 1 for found in (own, officers) for file in found.files)
    assert rows(own, "children", "id", "local_id", "born") == {
        ("ash", "0001001", date(2012, 5, 12)), ("0001002", "0001002", None),
    }  # fmt: skip
    assert rows(own, "involved_with", "from", "role") == {("Professional:sam", "designated_teacher")}
    assert rows(officers, "children", "local_id") == {("0001001",)}


def test_a_header_is_frozen_and_every_column_that_is_needed_says_so(workbook: Path) -> None:
    for name, (header, explained, _) in ((n, s) for n, s in sheets(workbook).items() if n in TABLES):
        needed = {column.name for column in template.columns(name) if column.required}
        said = {h for h, text in zip(header, explained, strict=True) if "(required" in text}
        either = set(tables.CHILD_KEYS) if name == "children" else {"iro"} if name == "iro_allocations" else set()
        assert said == needed | either
    sheet = _xml(workbook, "xl/worksheets/sheet2.xml")
    assert '<pane ySplit="1"' in sheet and 'state="frozen"' in sheet


def test_drop_downs_offer_what_a_column_takes_and_the_reader_knows_each(workbook: Path) -> None:
    lists = sheets(workbook)["Lists"]
    offered = {str(name): [row[n] for row in lists[1:] if row[n] != ""] for n, name in enumerate(lists[0]) if name}

    assert offered["role"] == [role.label for role in roles.roles().values()]
    for name in TABLES:
        for column in template.columns(name):
            choices = template._choices(name, column)
            assert all(column.value(choice) is not None for choice in choices)
            if column.codes:
                assert {column.value(choice) for choice in choices} == set(column.codes)
    involved = _xml(workbook, f"xl/worksheets/sheet{2 + template.order().index('involved_with')}.xml")
    assert 'type="list"' in involved and 'type="date"' in involved and "_role</formula1>" in involved


def test_numbers_of_people_are_kept_as_text(workbook: Path) -> None:
    (children,) = (f for f in read_files(workbook, "t.xlsx") if f.name == "t.xlsx[children]")
    assert children.sheet is not None

    assert children.sheet.frame.at[3, "local_id"] == "0001001"
    # Number format 49 is Excel's own for text.
    assert 'numFmtId="49"' in _xml(workbook, "xl/styles.xml")


def test_the_first_sheet_says_what_each_partner_needs_at_the_least(workbook: Path) -> None:
    said = "\n".join(" ".join(map(str, row)) for row in sheets(workbook)["Read me"])

    for who, needed in AT_LEAST.items():
        assert who in said
        for table, names in needed.items():
            assert set(names) <= {column.name for column in template.columns(table)}
            required = {column.name for column in template.columns(table) if column.required}
            assert required <= set(names)
            assert f"{table}: {', '.join(names)}." in said


def test_every_kind_that_a_sheet_names_is_one(workbook: Path) -> None:
    assert set(template.examples()) == TABLES
    for table, example in template.examples().items():
        assert set(example) <= {column.name for column in template.columns(table)}
    assert label(by_table()["children"]) == "Child"


@pytest.mark.parametrize("name", ["there.xlsx", "old.xls"])
def test_a_workbook_is_written_over_nothing_and_in_one_format(tmp_path: Path, name: str) -> None:
    (tmp_path / "there.xlsx").write_text("mine")

    with pytest.raises(TeamaroundError, match=name):
        template.write(tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["there.xlsx"]
    assert (tmp_path / "there.xlsx").read_text() == "mine"


def _xml(workbook: Path, part: str) -> str:
    import zipfile

    with zipfile.ZipFile(workbook) as book:
        return book.read(part).decode()
