"""Bytes to a table of text, whatever a council's spreadsheet makes of a CSV."""

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.errors import TeamaroundError
from ingest.reading import column_letter, read_file, read_sheet

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
    with pytest.raises(TeamaroundError, match="Columns B and D have the same name") as problem:
        read_sheet(b"1234567,Marigold,x,marigold\n")
    assert "arigold" not in str(problem.value)


def test_a_file_that_cannot_be_opened_is_a_problem_of_that_file(tmp_path) -> None:
    file = read_file(tmp_path / "gone.csv", "gone.csv")

    assert file.sheet is None
    assert "cannot be opened" in file.problem


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
