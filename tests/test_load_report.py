"""The report of what became of every row and what the load did: on a terminal, as a page, as a spreadsheet."""

from __future__ import annotations

import csv
import io
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from graph.assessable import assessable
from graph.disagreements import Disagreement, Word
from graph.errors import TeamaroundError
from graph.findings import Rule
from graph.loading import Loaded, load
from graph.reconcile import LINES, reconciled
from graph.records import Coverage
from graph.store import Store
from ingest import recognise, report
from ingest.extract import Extract, FileReport, Refusal
from ingest.generate import generate
from ingest.report import told
from ingest.report.did import After, compared, differing, settled
from ingest.report.spreadsheet import COLUMNS
from tests.extracts import AUTHORITY, extract

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


class Terminal(io.StringIO):
    """What a person looks at."""

    def isatty(self) -> bool:
        return True


def printed(*extracts: Extract, after: After | None = None, stream: io.StringIO | None = None) -> str:
    stream = stream or io.StringIO()
    report.show(extracts, stream, after)
    return stream.getvalue()


def rows(path: Path) -> list[dict[str, str]]:
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def written(tmp_path: Path, *extracts: Extract, after: After | None = None) -> tuple[list[dict[str, str]], str]:
    """The spreadsheet's rows and the page."""
    for name in ("r.csv", "r.html"):
        report.write(extracts, tmp_path / name, after)
    return rows(tmp_path / "r.csv"), (tmp_path / "r.html").read_text(encoding="utf-8")


# --- files and refusals ---


def test_the_terminal_counts_every_row_and_says_each_problem_once() -> None:
    text = printed(ONE)

    assert "SSDA903 · Birmingham · 01/04/2023 to 31/03/2024" in text
    line = next(line for line in text.splitlines() if line.startswith("a/episodes.csv"))
    assert line.split()[-4:] == ["100", "64", "6", "30"]
    assert "5 set aside: short breaks (V3, V4)" in text
    assert "Note: 1 child without a header row" in text
    (problem,) = [line for line in text.splitlines() if "99/99/9999" in line]
    assert problem.split()[:4] == ["30", "2", "to", "31"]


def test_four_thousand_bad_postcodes_are_one_line_and_every_one_is_in_the_spreadsheet(tmp_path: Path) -> None:
    bad = tuple(
        Refusal("a/episodes.csv", row, "PL_POST", "A9" if row % 4 else "12 characters", "a postcode", "Correct it.",
                whole_row=False)
        for row in range(2, 8002, 2)
    )  # fmt: skip
    many = replace(ONE, refusals=bad)

    (line,) = [line for line in printed(many).splitlines() if "PL_POST" in line]
    assert line.split()[:8] == ["4,000", "2,", "4,", "6,", "8", "and", "3,996", "more"]
    spreadsheet, page = written(tmp_path, many)
    assert [r["row"] for r in spreadsheet if r["section"] == "refused"] == [str(n) for n in range(2, 8002, 2)]
    assert page.count("PL_POST") == 1 and "12 characters (2,000); A9 (2,000)" in page
    assert len(page) < 20_000


def test_problems_that_come_most_often_come_first_and_differ_by_what_was_expected() -> None:
    two = tuple(replace(r, expected="a day of the period") for r in REFUSED[:2])
    several = replace(ONE, refusals=(*two, *REFUSED[2:], replace(REFUSED[0], row=40, column="DEC", whole_row=False)))

    assert [(p.times, p.column, p.expected, p.refused) for p in told.problems(several)] == [
        (28, "DECOM", "a date as DD/MM/YYYY", "the row"),
        (2, "DECOM", "a day of the period", "the row"),
        (1, "DEC", "a date as DD/MM/YYYY", "the value; the row is kept"),
    ]


@pytest.mark.parametrize(
    ("numbers", "said"),
    [
        ([], ""),
        ([7], "7"),
        ([2, 3], "2, 3"),
        ([2, 3, 4, 9], "2 to 4, 9"),
        ([2, 4, 6, 8, 9, 10, 11, 20], "2, 4, 6, 8 to 11 and 1 more"),
        ([*range(2, 100), 200, 300, 400, 500, 600], "2 to 99, 200, 300, 400 and 2 more"),
    ],
)
def test_rows_are_named_in_few_words(numbers: list[int], said: str) -> None:
    assert told.rows_named(numbers, 4) == said


def test_a_log_gets_no_colours_and_text_from_files_is_no_markup() -> None:
    text = printed(replace(ONE, refusals=(NASTY,), supplier="[bold]x"))

    assert "\x1b" not in text
    assert "[red]<script>" in text and "[bold]x" in text


def test_the_names_of_files_that_are_not_for_it_stand_in_reports_and_not_in_a_log(tmp_path: Path) -> None:
    """“Letter re …”: a name may be a child's. What has to be mended is named everywhere."""
    letter, broken = FileReport("a/Letter re J.docx", ""), FileReport("a/x.csv", "", 3, problem="It is not known.")
    some = replace(ONE, files=(*FILES, letter, broken))

    log = printed(some)
    assert "Letter" not in log and "2 files not recognised and not read" in log and "a/x.csv" in log
    assert "Letter re J.docx" in printed(some, stream=Terminal())
    spreadsheet, page = written(tmp_path, some)
    assert "Letter re J.docx" in page
    assert ("a/Letter re J.docx", "not recognised: not read") in [(r["file"], r["state"]) for r in spreadsheet]


def test_the_spreadsheet_says_of_every_line_which_section_it_is_and_starts_no_formula(tmp_path: Path) -> None:
    bad = FileReport("a/x.csv", "", problem="It is empty.")
    found, _ = written(tmp_path, replace(ONE, refusals=(*REFUSED, NASTY), files=(*FILES, bad)))

    assert list(found[0]) == list(COLUMNS)
    of_episodes = [(r["state"], r["number"]) for r in found if r["file"] == "a/episodes.csv" and r["section"] == "file"]
    assert of_episodes == [("read", "100"), ("used", "64"), ("set aside", "1"), ("set aside", "5"), ("refused", "30")]
    assert ("could not be used", "It is empty.") in [(r["state"], r["found"]) for r in found]
    refused = [r for r in found if r["section"] == "refused"]
    assert len(refused) == 31
    assert [refused[-1][c] for c in ("state", "found", "expected", "what_to_do")] == [
        "the row", "99/99/9999", "a date as DD/MM/YYYY", "Correct it."
    ]  # fmt: skip
    assert [refused[0][c] for c in ("state", "found", "expected", "what_to_do")] == [
        "the value; the row is kept", "[red]<script>", "'=cmd|' /C calc'!A0", "'@SUM(1)"
    ]  # fmt: skip
    assert [r["found"] for r in found if r["section"] == "note"] == ["1 child without a header row"]


def test_the_page_names_every_problem_runs_nothing_and_stands_alone(tmp_path: Path) -> None:
    _, page = written(tmp_path, replace(ONE, refusals=(*REFUSED, NASTY)))

    assert "2 to 31" in page and page.count("99/99/9999") == 1
    assert "<script" not in page and "&lt;script&gt;" in page and "&lt;b&gt;.csv" in page
    assert "http" not in page and "src=" not in page and "@import" not in page
    assert '<html lang="en-GB">' in page
    assert "Check report" in page and "What the load did" not in page


def test_a_report_that_cannot_be_written_says_why(tmp_path: Path) -> None:
    with pytest.raises(TeamaroundError, match="cannot be written"):
        report.write([ONE], tmp_path / "gone/report.csv")


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


# --- what the load did ---


SECOND = replace(ONE, kind="tables", supplier="CAMHS <b>", files=FILES[:1], refusals=(), notes=())
RETURN = "ssda903"
DID = Loaded(
    "one", RETURN, "Birmingham",
    written={"children": 3, "placed_at": 40}, same={"placed_at": 2, "agencies": 0}, merged={"placed_at": 7},
    retired={"placed_at": 1}, unmatched=("c/referrals.csv:7", "c/referrals.csv:4", "c/needs.csv:2"),
    disagreements=[
        Disagreement("placed_at", "end", Word(RETURN, "a/episodes.csv:4"), (Word("ssd", "s/stays.csv:9"),),
                     "14 days apart"),
        Disagreement("placed_at", "end", Word(RETURN, "a/episodes.csv:8"), (Word("ssd", "s/stays.csv:3"),),
                     "2 days apart"),
        Disagreement("children", "sex", Word(RETURN, "a/header.csv:2"),
                     (Word("ssd", "s/persons.csv:9"), Word("=CAMHS", "c/children.csv:5")), "male, not female"),
    ],
    notes=("2 names that may be one person",),
)  # fmt: skip
BEFORE = Loaded("two", unchanged_since="2024-04-02T10:11:12+00:00")


def rule(id: str, *needs: str) -> Rule:
    return Rule(id, "1", "H", "?", "", (), False, f"What {id} says.", lambda *_: iter(()), needs)


DAY = date(2024, 3, 31)
PLACED = Coverage("placed_at", None, date(2023, 4, 1), DAY)
ANSWERS = assessable((), (PLACED,), DAY, [rule("area.home", "placed_at"), rule("clocks.visit", "meetings:visit")])
OWN: dict[str, tuple[int, int]] = {line.key: (0, 0) for line in LINES} | {"looked_after": (45, 45), "far": (3, 3)}
GRAPH = OWN | {"looked_after": (46, 46), "workers_3": (6, 8)}
AFTER = After(
    ((report.title(ONE), DID), (report.title(SECOND), BEFORE)), DAY, ANSWERS,
    ((DAY, reconciled(OWN, GRAPH)), (date(2024, 6, 30), reconciled(OWN, OWN))),
)  # fmt: skip


def test_the_terminal_says_what_each_extract_did() -> None:
    text = printed(ONE, SECOND, after=AFTER)

    line = next(line for line in text.splitlines() if line.startswith("SSDA903 · Birmingham") and "43" in line)
    assert line.split()[-5:] == ["43", "2", "7", "1", "3"]
    assert "(loaded before)" in text
    waiting = " ".join(text.split())
    assert "3 lines wait for children who are not on record: they are loaded by themselves" in waiting
    assert "(c/needs.csv, row 2; c/referrals.csv, rows 4, 7)." in waiting
    assert "2 names that may be one person" in text


def test_the_same_disagreement_is_counted_once_with_its_first_lines() -> None:
    assert [(d.times, d.table, d.column, d.other, d.how, d.lines[0]) for d in differing(AFTER.loads)] == [
        (2, "placed_at", "end", "SSD", "14 days apart; 2 days apart", ("a/episodes.csv:4", "s/stays.csv:9")),
        (1, "children", "sex", "=CAMHS", "male, not female", ("a/header.csv:2", "c/children.csv:5")),
        (1, "children", "sex", "SSD", "male, not female", ("a/header.csv:2", "s/persons.csv:9")),
    ]
    text = printed(ONE, after=AFTER)
    (line,) = [line for line in text.splitlines() if "14 days apart" in line]
    assert line.split()[:6] == ["2", "placed", "at", "end", "SSDA903", "SSD"]


def test_what_a_later_load_set_off_again_is_told_with_how_it_stands_in_the_end() -> None:
    """The partner's lines waited; the return brought their child, and a list of an earlier day was loaded again."""
    waited = Loaded("p", "tables", "CAMHS", written={"referrals": 1}, unmatched=("c/referrals.csv:4",))
    again = Loaded("p", "tables", "CAMHS", written={"referrals": 1}, same={"referrals": 1})
    older = Loaded("q", "allocations", "IROs", written={"involved_with": 5})
    found = settled([("CAMHS", waited), ("903", Loaded("r", RETURN, "Birmingham", again=[again, older]))])

    assert [(name, one.load, one.unmatched, one.written) for name, one in found] == [
        ("CAMHS", "p", (), {"referrals": 2}),
        ("903", "r", (), {}),
        ("Allocations · IROs, loaded again", "q", (), {"involved_with": 5}),
    ]


def test_the_terminal_says_what_can_be_found_and_what_to_load() -> None:
    text = printed(ONE, after=AFTER)

    assert "As at 31 March 2024, 1 of 2 findings can be made in full (1 more than before this load)." in text
    assert "Load visits (meetings:visit): 1 more finding can be made in full." in text


def test_the_terminal_compares_one_day_with_the_return_and_leaves_out_what_says_nothing() -> None:
    text = printed(ONE, after=AFTER)

    assert "31 March 2024 and the year to it" in text and "30 June 2024" not in text
    table = text[text.index("Beside your own return") :].splitlines()
    said = {line[:39].strip(): line[39:].split() for line in table}
    assert said["Looked after on the day"] == ["45", "46", "1", "more"]
    assert said["3 or more social workers"] == ["0", "6", "to", "8", "6", "to", "8", "more"]
    assert "Distance not known" not in said
    assert len(table) <= 15


def test_the_spreadsheet_holds_what_the_load_did(tmp_path: Path) -> None:
    found, _ = written(tmp_path, ONE, SECOND, after=AFTER)

    def of(section: str, *names: str) -> list[tuple[str, ...]]:
        return [tuple(r[n] for n in names) for r in found if r["section"] == section]

    assert ("placed_at", "on several loads", "7") in of("loaded", "item", "state", "number")
    assert of("waiting", "file", "row") == [("c/needs.csv", "2"), ("c/referrals.csv", "4"), ("c/referrals.csv", "7")]
    assert of("disagreement", "item", "file", "row", "source", "expected", "found") == [
        ("placed_at.end", "s/stays.csv", "9", "SSD", "SSDA903 (a/episodes.csv:4)", "14 days apart"),
        ("placed_at.end", "s/stays.csv", "3", "SSD", "SSDA903 (a/episodes.csv:8)", "2 days apart"),
        ("children.sex", "s/persons.csv", "9", "SSD", "SSDA903 (a/header.csv:2)", "male, not female"),
        ("children.sex", "c/children.csv", "5", "'=CAMHS", "SSDA903 (a/header.csv:2)", "male, not female"),
    ]
    assert of("finding", "item", "state", "expected") == [
        ("area.home", "in full, since this load", ""),
        ("clocks.visit", "not yet in full", "visits (meetings:visit)"),
    ]
    assert [line[0] for line in of("to load", "what_to_do")] == [
        "Load visits (meetings:visit): 1 more finding can be made in full."
    ]
    counts = of("count", "source", "item", "found", "expected", "state", "number")
    assert ("to 31/03/2024", "Looked after on the day", "46", "45", "1 more", "1") in counts
    assert len(counts) == 2 * len(LINES)


def test_the_page_holds_what_the_load_did(tmp_path: Path) -> None:
    _, page = written(tmp_path, ONE, SECOND, after=AFTER)

    assert "Load report" in page and "CAMHS &lt;b&gt;" in page
    assert "loaded before, on 2 April 2024: nothing to do" in page
    assert "c/referrals.csv, rows 4, 7" in page
    assert "Where sources disagree</a>: 4 times." in page
    assert "2 of 12 counts differ." in page and "every count is the same." in page
    assert "A child whom only another source knows" in page
    assert "not for publication" in page
    assert "What area.home says." in page


# --- from a load ---


@pytest.fixture(scope="module")
def council(tmp_path_factory: pytest.TempPathFactory) -> list[Extract]:
    folder = tmp_path_factory.mktemp("council")
    generate(folder, children=12, seed=2, as_at=date(2026, 3, 31))
    return recognise.read([folder], AUTHORITY, today=date(2026, 4, 1))


def test_a_load_is_told_with_what_it_makes_assessable_and_how_it_compares(
    store: Store, council: list[Extract], tmp_path: Path
) -> None:
    returns = [e for e in council if e.kind == "ssda903"]
    before = store.coverage(AUTHORITY)
    loads = [(e, load(store, e)) for e in returns]

    after = report.after(store, AUTHORITY, before, loads, date(2026, 4, 1))

    assert after.day == date(2026, 3, 31)
    states = {row.rule.id: row.state for row in after.answers}
    assert (states["clocks.review"], states["clocks.visit"]) == ("now", "not yet")
    ((on, lines),) = after.years
    assert on == date(2026, 3, 31) and not any(line.differ for line in lines)
    found, page = written(tmp_path, *returns, after=after)
    assert {r["section"] for r in found} >= {"file", "loaded", "finding", "to load", "count"}
    assert "every count is the same." in page
    for child in returns[0].tables["children"]["local_id"]:
        assert f">{child}<" not in page and child not in {r["found"] for r in found}


def test_without_a_return_among_the_files_there_is_nothing_to_compare_with(store: Store) -> None:
    tables = extract("children | local_id\n1 | 1001")

    assert compared(store, AUTHORITY, [tables]) == ()
    assert report.after(store, AUTHORITY, (), [(tables, load(store, tables))], date(2026, 4, 1)).years == ()


def test_where_no_load_says_which_days_it_covers_nothing_is_said_of_findings(store: Store) -> None:
    silent = replace(extract("children | local_id\n1 | 1001"), coverage=(), covers_from=None, covers_to=None)

    after = report.after(store, AUTHORITY, (), [(silent, load(store, silent))], date(2026, 4, 1))

    assert (after.day, after.answers) == (None, ())
    assert "What can be found now" not in printed(silent, after=after)
