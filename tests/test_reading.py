"""Bytes to tables of text, whatever a council's spreadsheet makes of a CSV, and from workbooks."""

import csv
import io
import random
import zipfile
from datetime import date, datetime, time
from pathlib import Path
from typing import Any

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import TeamaroundError
from ingest.reading import File, column_letter, read_files, read_sheet
from ingest.workbooks import LOCKED

TEXT = "CHILD,Town,Note\r\n007,Zoë,“quoted”\r\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252"])
def test_every_encoding_of_a_spreadsheet_gives_the_same_text(encoding: str) -> None:
    frame = read_sheet(TEXT.encode(encoding)).frame

    assert list(frame.columns) == ["CHILD", "Town", "Note"]
    assert frame.loc[2].to_list() == ["007", "Zoë", "“quoted”"]


@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_the_separator_is_found_in_the_header(separator: str) -> None:
    text = separator.join(["a", "b", "c"]) + "\n" + separator.join(["1", '"x, y; z"', "3"])

    assert read_sheet(text.encode()).frame.loc[2].to_list() == ["1", "x, y; z", "3"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_will_do(end: str) -> None:
    assert list(read_sheet(end.join(["a,b", "1,2", "3,4"]).encode()).frame["b"]) == ["2", "4"]


def test_rows_keep_the_number_a_spreadsheet_shows() -> None:
    sheet = read_sheet(b'a,b\n1,x\n\n2,"two\nlines"\n,,\n3,y\n')

    # The blank rows 3 and 5 count; a line break inside a cell does not.
    assert list(sheet.frame.index) == [2, 4, 6]
    assert sheet.frame.at[4, "b"] == "two\nlines"
    assert sheet.rows == 3


def test_blank_lines_may_stand_above_the_header() -> None:
    assert list(read_sheet(b"\n,,\na,b\n1,2\n").frame.index) == [4]


def test_cells_are_stripped_of_blanks_and_hard_spaces() -> None:
    assert read_sheet("a , b\n 1\xa0,\t2 \n".encode()).frame.to_dict("list") == {"a": ["1"], "b": ["2"]}


def test_empty_columns_and_rows_at_the_end_are_dropped() -> None:
    sheet = read_sheet(b"a,b,,\n1,2,,\n,,,\n,,,\n")

    assert list(sheet.frame.columns) == ["a", "b"]
    assert sheet.rows == 1


def test_a_column_with_cells_and_no_name_is_called_by_its_letter() -> None:
    assert list(read_sheet(b"a,,c\n1,2,3\n").frame.columns) == ["a", "(column B)", "c"]
    assert [column_letter(n) for n in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]


def test_a_short_row_is_filled_up_and_a_long_one_refused() -> None:
    sheet = read_sheet(b"a,b\n1\n1,2,3\n1,2,,\n")

    assert list(sheet.frame.index) == [2, 4]
    assert sheet.frame.at[2, "b"] == ""
    assert sheet.broken == {3: "3 cells where the header names 2"}
    assert sheet.rows == 3


def test_a_quotation_mark_left_open_loses_its_row_and_no_other() -> None:
    sheet = read_sheet(b'a,b\n1,x\n2,"y\n3,z\n4,w\n')

    assert list(sheet.frame["a"]) == ["1", "3", "4"]
    assert list(sheet.broken) == [3]


@pytest.mark.parametrize(
    "rows",
    [
        b'1,"x,y,z\n2,x,y,z\n3,x",y,z\n4,x,y,z\n',  # two stray marks: the row between them must not vanish
        b'1,x,y,"z\n2,x,y,z\n3,x,y,z"\n4,x,y,z\n',
    ],
)
def test_rows_between_two_stray_quotation_marks_are_not_lost(rows: bytes) -> None:
    sheet = read_sheet(b"a,b,c,d\n" + rows)

    assert list(sheet.frame["a"]) == ["2", "3", "4"]
    assert list(sheet.broken) == [2]


def test_a_header_without_rows_is_a_sheet_without_rows() -> None:
    sheet = read_sheet(b"a,b\n")

    assert list(sheet.frame.columns) == ["a", "b"]
    assert sheet.rows == 0


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "empty"),
        (b"\n , \n,,\n", "empty"),
        (b"PK\x03\x04\x14\x00workbook", "workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1", "workbook"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"\x00\x01\x02\xff\x00\x10" * 50, "no text"),
        (b"<!doctype html><table><tr><td>CHILD", "web page or XML"),
        ("﻿<?xml version='1.0'?>".encode(), "web page or XML"),
    ],
)
def test_what_is_no_csv_is_told_in_words(content: bytes, said: str) -> None:
    with pytest.raises(TeamaroundError, match=said):
        read_sheet(content)


def test_two_columns_of_one_name_are_told_by_letter_never_by_name() -> None:
    # Without a header row the first row is a child's.
    with pytest.raises(TeamaroundError, match="Columns B and D have the same name.*header row missing") as problem:
        read_sheet(b"1234567,Marigold,x,marigold\n")
    assert "arigold" not in str(problem.value)


def test_a_file_that_cannot_be_opened_is_a_problem_of_that_file(tmp_path) -> None:
    (file,) = read_files(tmp_path / "gone.csv", "gone.csv")

    assert file.sheet is None
    assert "cannot be opened" in file.problem


# --- workbooks ---

FORMATS = {date: "dd/mm/yyyy", datetime: "dd/mm/yyyy hh:mm", time: "hh:mm"}


def workbook(path: Path, *, hidden: tuple[str, ...] = (), **sheets: list[list[Any]]) -> Path:
    """A workbook with these sheets, cells from A1 on; None leaves a cell alone."""
    with xlsxwriter.Workbook(path) as book:
        formats = {kind: book.add_format({"num_format": how}) for kind, how in FORMATS.items()}
        for name, lines in sheets.items():
            sheet = book.add_worksheet(name)
            if name in hidden:
                sheet.hide()
            for row, line in enumerate(lines):
                for column, cell in enumerate(line):
                    if cell is not None:
                        sheet.write(row, column, cell, formats.get(type(cell)))
    return path


def texts(file: File) -> list[list[str]]:
    assert file.sheet is not None
    return [list(file.sheet.frame.columns), *file.sheet.frame.to_numpy().tolist()]


def test_a_sheet_reads_as_the_csv_of_it_would(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "book.xlsx",
        children=[
            ["CHILD ", "born", "at", "miles", "seen", "flag", "note"],
            ["0071", date(2012, 5, 12), datetime(2024, 3, 1, 13, 5), 4.5, time(9, 30), True, "\xa0Zoë “x”\n2 "],
            [71, datetime(2012, 5, 12), 12345678901234, 0.00000125, "=NA()", False, "=1/0"],
            [1e15, "12/05/2012", "1E+15", 1e-5 + 3, "", None, " "],
        ],
    )

    (file,) = read_files(path, "a/book.xlsx")

    assert texts(file) == [
        ["CHILD", "born", "at", "miles", "seen", "flag", "note"],
        ["0071", "2012-05-12", "2024-03-01 13:05:00", "4.5", "09:30:00", "yes", "Zoë “x”\n2"],
        ["71", "2012-05-12", "12345678901234", "0.00000125", "0", "no", "0"],  # formulas as last reckoned
        ["1000000000000000", "12/05/2012", "1E+15", "3.00001", "", "", ""],
    ]


def test_an_error_is_a_blank_cell(tmp_path: Path) -> None:
    path = tmp_path / "book.xlsx"
    with xlsxwriter.Workbook(path) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["a", "b", "c"])
        sheet.write_string(1, 0, "x")
        sheet.write_formula(1, 1, "=NA()", None, "#N/A")
        sheet.write_formula(1, 2, "=1/0", None, "#DIV/0!")

    assert texts(read_files(path, "book.xlsx")[0]) == [["a", "b", "c"], ["x", "", ""]]


def test_rows_of_a_sheet_keep_the_number_that_is_shown(tmp_path: Path) -> None:
    lines = [[], [None, None], ["a", "b"], [1, 2], [], [3, 4], [5, 6, 7]]

    (file,) = read_files(workbook(tmp_path / "book.xlsx", children=lines), "book.xlsx")

    assert file.sheet is not None
    assert list(file.sheet.frame.index) == [4, 6, 7]
    (wide,) = read_files(workbook(tmp_path / "wide.xlsx", children=[["a", "b"], [1, 2, None, 7]]), "wide.xlsx")
    assert wide.sheet is not None and wide.sheet.frame.columns.to_list() == ["a", "b", "(column D)"]


def test_sheets_go_by_names_we_know_and_never_by_a_childs(tmp_path: Path) -> None:
    lines = [["a"], [1]]
    names = ("Involved With", "involved-with", "Ash Marigold", "List 1 Marigold", "COVERAGE", "OC2 2023-24", "Sheet7")
    path = workbook(tmp_path / "book.xlsx", **dict.fromkeys(names, lines))

    found = [file.name for file in read_files(path, "a/book.xlsx", known=["oc2"])]

    assert found == [
        "a/book.xlsx[involved_with]", "a/book.xlsx[involved_with, sheet 2]", "a/book.xlsx[sheet 3]",
        "a/book.xlsx[List 1]", "a/book.xlsx[coverage]", "a/book.xlsx[oc2 2023-24]", "a/book.xlsx[sheet 7]",
    ]  # fmt: skip


def test_the_only_sheet_goes_by_the_name_of_its_workbook(tmp_path: Path) -> None:
    path = workbook(tmp_path / "children.xlsx", Sheet1=[["local_id"], [1]], Sheet2=[])

    assert [file.name for file in read_files(path, "children.xlsx")] == ["children.xlsx", "children.xlsx[sheet 2]"]


def test_hidden_and_empty_sheets_are_told_and_no_fault(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "book.xlsx", hidden=("meetings",), children=[["a"], [1]], meetings=[["a"], [1]], events=[[" "]]
    )

    children, meetings, events = read_files(path, "book.xlsx")

    assert children.sheet and not children.unread
    assert meetings.sheet is None and "hidden" in meetings.unread
    assert events.sheet is None and "empty" in events.unread
    assert not any(file.problem for file in (children, meetings, events))


def test_the_sheets_that_explain_the_template_are_left_out(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", **{"Read me": [["Hello"]], "children": [["a"], [1]], "Lists": [["x"]]})

    assert [file.name for file in read_files(path, "book.xlsx")] == ["book.xlsx[children]"]


def test_a_sheet_has_the_same_digest_however_often_its_workbook_is_saved(tmp_path: Path) -> None:
    one, other = [["a"], [1]], [["a"], [2]]
    (a, b) = read_files(workbook(tmp_path / "1.xlsx", children=one, events=other), "1.xlsx")
    (c,) = read_files(workbook(tmp_path / "2.xlsx", children=one), "2.xlsx")

    assert a.digest == c.digest != b.digest


def test_a_sheet_with_two_columns_of_one_name_harms_no_other(tmp_path: Path) -> None:
    path = workbook(tmp_path / "book.xlsx", children=[["Ash", "ash"], [1, 2]], events=[["a"], [1]])

    children, events = read_files(path, "book.xlsx")

    assert "Columns A and B have the same name" in children.problem and "header row missing" in children.problem
    assert "ash" not in children.problem.casefold()
    assert events.sheet is not None


def test_a_csv_called_a_workbook_is_read_as_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "export.xls").write_text("a\tb\n1\t2\n")
    (tmp_path / "report.xls").write_text("<html><table>")

    assert texts(read_files(tmp_path / "export.xls", "export.xls")[0]) == [["a", "b"], ["1", "2"]]
    assert "web page" in read_files(tmp_path / "report.xls", "report.xls")[0].problem


def test_an_open_document_is_read(tmp_path: Path) -> None:
    rows = "".join(
        f"<table:table-row>{cells}</table:table-row>"
        for cells in (
            '<table:table-cell office:value-type="string"><text:p>local_id</text:p></table:table-cell>'
            '<table:table-cell office:value-type="string"><text:p>born</text:p></table:table-cell>',
            '<table:table-cell office:value-type="float" office:value="71"><text:p>71</text:p></table:table-cell>'
            '<table:table-cell office:value-type="date" office:date-value="2012-05-12"><text:p>x</text:p>'
            "</table:table-cell>",
        )
    )
    names = " ".join(
        f'xmlns:{name}="urn:oasis:names:tc:opendocument:xmlns:{name}:1.0"' for name in ("office", "table", "text")
    )
    content = (
        f'<?xml version="1.0"?><office:document-content {names}><office:body><office:spreadsheet>'
        f'<table:table table:name="Children">{rows}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(tmp_path / "book.ods", "w") as book:
        book.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        book.writestr("META-INF/manifest.xml", "<manifest/>")
        book.writestr("content.xml", content)

    (file,) = read_files(tmp_path / "book.ods", "book.ods")

    assert file.name == "book.ods[children]"
    assert texts(file) == [["local_id", "born"], ["71", "2012-05-12"]]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"PK\x03\x04 no zip file", "cannot be opened as a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40, "cannot be opened as a workbook"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 40 + LOCKED, "password"),
    ],
)
def test_a_workbook_that_cannot_be_opened_says_why_in_a_sentence(tmp_path: Path, content: bytes, said: str) -> None:
    (tmp_path / "book.xlsx").write_bytes(content)

    (file,) = read_files(tmp_path / "book.xlsx", "book.xlsx")

    assert file.sheet is None and said in file.problem


def test_a_damaged_workbook_ends_in_words_and_prints_nothing(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    whole = workbook(tmp_path / "book.xlsx", children=[["local_id", "name"], ["1001", "Marigold"]]).read_bytes()
    old = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 16 + b"\x3e\0\x03\0\xfe\xff\x09\0" + b"\0" * 480
    chance = random.Random(1)
    for content in (whole, old) * 100:
        bent = bytearray(content)
        for _ in range(chance.randint(1, 20)):
            bent[chance.randrange(len(bent))] = chance.randrange(256)
        (tmp_path / "bent.xlsx").write_bytes(bent[: chance.randint(4, 2 * len(bent))])
        for file in read_files(tmp_path / "bent.xlsx", "bent.xlsx"):
            assert file.sheet or file.unread or file.problem
            assert "Marigold" not in file.problem
    assert capfd.readouterr().err == ""


# --- laws ---

cells = st.text(st.characters(exclude_categories=("Cs", "Cc"), include_characters='\n,;\t"'), max_size=12)


@given(st.lists(st.lists(cells, min_size=3, max_size=3), max_size=8))
def test_what_a_csv_writer_writes_is_read_back(rows: list[list[str]]) -> None:
    buffer = io.StringIO()
    csv.writer(buffer).writerows([["alpha", "beta", "gamma"], *rows])

    sheet = read_sheet(buffer.getvalue().encode("utf-8-sig"))

    tidy = [[cell.strip() for cell in row] for row in rows]
    assert sheet.frame.to_numpy().tolist() == [row for row in tidy if any(row)]
    assert list(sheet.frame.index) == [n for n, row in enumerate(tidy, 2) if any(row)]


@given(st.binary(max_size=300))
def test_no_bytes_end_in_anything_but_a_sheet_or_words(content: bytes) -> None:
    try:
        sheet = read_sheet(content)
    except TeamaroundError as problem:
        assert str(problem)
    else:
        assert sheet.rows >= 0
