"""The report of what became of every row: on a terminal, as a page, as a spreadsheet."""

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from graph.errors import TeamaroundError
from ingest import report
from ingest.extract import Extract, FileReport, Refusal

FILES = (
    FileReport("a/episodes.csv", "ssda903 episodes", 100, 30, {"short breaks (V3, V4)": 5, "duplicate row": 1}),
    FileReport("a/oc3.csv", "ssda903 care leavers (OC3)", 7, 0, {"a table of the return that is not used": 7}),
    FileReport("a/README.md", ""),
)
REFUSED = tuple(
    Refusal("a/episodes.csv", row, "DECOM", "99/99/9999", "a date as DD/MM/YYYY", "Correct it.") for row in range(2, 32)
)
ONE = Extract(
    "ssda903", "E08000025", "Birmingham", "d", {}, FILES, REFUSED, ("1 child without a header row",), (),
    date(2023, 4, 1), date(2024, 3, 31),
)  # fmt: skip
NASTY = Refusal("<b>.csv", 2, "kind", "[red]<script>", "=cmd|' /C calc'!A0", "@SUM(1)", whole_row=False)


def printed(*extracts: Extract) -> str:
    stream = io.StringIO()
    report.show(extracts, stream)
    return stream.getvalue()


def test_the_terminal_counts_every_row_and_shows_the_first_refusals() -> None:
    text = printed(ONE)

    assert "SSDA903 · Birmingham · 01/04/2023 to 31/03/2024" in text
    line = next(line for line in text.splitlines() if line.startswith("a/episodes.csv"))
    assert line.split()[-4:] == ["100", "64", "6", "30"]
    assert "5 set aside: short breaks (V3, V4)" in text
    assert "not recognised: not read" in text
    assert text.count("99/99/9999") == report.SHOWN_PER_FILE
    assert "… and 10 more; --report FILE lists all." in text
    assert "Note: 1 child without a header row" in text


def test_a_log_gets_no_colours_and_text_from_files_is_no_markup() -> None:
    text = printed(replace(ONE, refusals=(NASTY,), supplier="[bold]x"))

    assert "\x1b" not in text
    assert "[red]<script>" in text and "[bold]x" in text


def test_the_spreadsheet_lists_every_refusal_and_starts_no_formula(tmp_path: Path) -> None:
    bad = FileReport("a/x.csv", "", problem="It is empty.")
    report.write([replace(ONE, refusals=(*REFUSED, NASTY), files=(*FILES, bad))], tmp_path / "r.csv")

    lines = list(csv.reader((tmp_path / "r.csv").read_text(encoding="utf-8-sig").splitlines()))

    assert lines[0] == list(report.HEADINGS)
    assert lines[1] == ["a/x.csv", "", "", "", "", "It is empty.", "the file"]
    assert lines[2][:4] == ["a/episodes.csv", "2", "DECOM", "99/99/9999"]
    assert len(lines) == 1 + 1 + 30 + 1
    assert lines[-1][3:] == ["[red]<script>", "'=cmd|' /C calc'!A0", "'@SUM(1)", "the value; the row is kept"]


def test_the_page_lists_every_refusal_and_runs_nothing(tmp_path: Path) -> None:
    report.write([replace(ONE, refusals=(*REFUSED, NASTY))], tmp_path / "r.html")

    page = (tmp_path / "r.html").read_text(encoding="utf-8")

    assert page.count("99/99/9999") == 30
    assert "<script" not in page and "&lt;script&gt;" in page and "&lt;b&gt;.csv" in page
    assert "http" not in page  # it stands alone
    assert '<html lang="en-GB">' in page


@pytest.mark.parametrize(
    ("name", "said"), [("report.txt", "a .html or a .csv file"), ("gone/report.csv", "cannot be written")]
)
def test_a_report_that_cannot_be_written_says_why(tmp_path: Path, name: str, said: str) -> None:
    with pytest.raises(TeamaroundError, match=said):
        report.write([ONE], tmp_path / name)


def test_a_log_gets_all_of_it_in_one_line() -> None:
    kept = replace(REFUSED[0], whole_row=False)
    bad = FileReport("a/x.csv", "", rows=2, set_aside={"the file could not be used": 2}, problem="It has no column LS.")

    assert report.summary([ONE]) == "107 rows read: 64 used, 13 set aside, 30 refused."
    assert report.summary([replace(ONE, files=(*FILES, bad), refusals=(kept,))]).endswith(
        "1 value refused in rows that are kept. 1 file could not be used."
    )


def test_files_are_usable_unless_one_has_a_problem() -> None:
    assert report.usable([ONE])
    assert not report.usable([ONE, replace(ONE, files=(FileReport("a", "", problem="It is empty."),))])
