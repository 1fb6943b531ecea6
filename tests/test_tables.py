"""The project's own tables: what each row becomes, what is refused, and that what is written reads back."""

import random
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from graph.model import Kind, Node, by_table, links, properties
from graph.records import Coverage
from ingest import checking, tables
from ingest.extract import Extract, columns_of, shaped
from ingest.ledger import Ledger
from ingest.reading import read_files
from ingest.recognise import read
from tests.test_reading import workbook
from tests.test_ssda903 import adds_up, became, refusals, rows, tell

BIRMINGHAM, WARWICKSHIRE = "E08000025", "E10000031"
TODAY = date(2026, 11, 23)
NHS = "943 476 5919"  # a number that NHS England gives as an example
CHILDREN = "id | local_id | nhs_number | upn | name | born"
ASH = "ash | 1001 | 943 476 5919 | A123456789012 | Ash Marigold | 12/05/2012"


def folder(path: Path, text: str) -> Path:
    """A folder of tables: a block a file, its name before the first row; cells are parted by |."""
    path.mkdir(parents=True, exist_ok=True)
    for block in text.strip("\n").split("\n\n"):
        name, *lines = [line.strip() for line in block.strip("\n").splitlines()]
        cells = (",".join(f'"{cell.strip()}"' if cell.strip() else "" for cell in line.split("|")) for line in lines)
        (path / f"{name}.csv").write_text("\n".join(cells) + "\n", encoding="utf-8")
    return path


def only(path: Path, text: str, **options: Any) -> Extract:
    (found,) = read([folder(path, text)], BIRMINGHAM, **{"today": TODAY, **options})
    return found


# --- what each row becomes ---


def test_a_partners_spreadsheet(tmp_path: Path) -> None:
    found = only(
        tmp_path / "health trust",
        f"""
        children
        {CHILDREN}
        {ASH}

        agencies
        id    | kind   | name
        trust | health | Seaside Trust

        professionals
        id   | name
        sam  | Sam Elder

        involved_with
        from             | to  | role | agency | start      | end
        Professional:sam | ash | GP   | trust  | 01/02/2024 | 2024-06-01
        Agency:trust     | ash | lac_nurse |   | 2024-02-01 |

        meetings
        id | kind   | on         | seen | about | recorded_by
        m1 | Review | 01/03/2024 | Yes  | ash   | trust

        attended
        from             | to         | how     | agency
        Professional:sam | Meeting:m1 | Present | trust

        serves
        from  | to
        trust | Warwickshire
        """,
    )

    assert found.supplier == "health trust"
    assert rows(found, "children", "id", "local_id", "nhs_number", "upn", "name", "born") == {
        ("ash", "1001", "9434765919", "A123456789012", "Ash Marigold", date(2012, 5, 12))
    }
    assert rows(found, "involved_with", "from", "to", "role", "agency", "start", "end", "row") == {
        ("Professional:sam", "Child:ash", "gp", "Agency:trust", date(2024, 2, 1), date(2024, 6, 1),
         "health trust/involved_with.csv:2"),
        ("Agency:trust", "Child:ash", "lac_nurse", None, date(2024, 2, 1), None, "health trust/involved_with.csv:3"),
    }  # fmt: skip
    assert rows(found, "meetings", "id", "kind", "on", "seen", "about", "recorded_by") == {
        ("m1", "review", date(2024, 3, 1), True, ("Child:ash",), ("Agency:trust",))
    }
    assert rows(found, "attended", "from", "to", "how") == {("Professional:sam", "Meeting:m1", "present")}
    assert rows(found, "serves", "from", "to") == {("Agency:trust", f"LocalAuthority:{WARWICKSHIRE}")}
    assert found.refusals == ()
    for name, frame in found.tables.items():
        assert list(frame.columns) == columns_of(by_table()[name])


def test_several_ids_are_parted_by_semicolons_and_kinds_written_where_needed(tmp_path: Path) -> None:
    found = only(
        tmp_path / "a",
        f"""
        children
        {CHILDREN}
        {ASH}

        agencies
        id | kind   | name
        a  | health | A
        b  | police | B

        professionals
        id | name
        p  | P

        meetings
        id | kind  | on         | about | recorded_by
        m  | visit | 2024-03-01 | ash   | a; Agency:b

        referrals
        need | made       | about | to               | by
        sleep | 2024-03-01 | Child:ash | Agency:a; Professional:p | Professional:p
        """,
    )

    assert rows(found, "meetings", "recorded_by") == {(("Agency:a", "Agency:b"),)}
    assert rows(found, "referrals", "id", "about", "to", "by") == {
        ("referrals 2", ("Child:ash",), ("Agency:a", "Professional:p"), ("Professional:p",))
    }


@pytest.mark.parametrize("written", ["E10000031", "937", "Warwickshire", "LocalAuthority:E10000031", "warwickshire"])
def test_an_authority_by_any_of_its_names(tmp_path: Path, written: str) -> None:
    found = only(
        tmp_path / "a", f"placements\nid | kind\noak | foster home\n\nin_area\nfrom | to\nPlacement:oak | {written}"
    )

    assert rows(found, "in_area", "to") == {(f"LocalAuthority:{WARWICKSHIRE}",)}


def test_a_child_without_a_row_is_the_authoritys_own_number(tmp_path: Path) -> None:
    found = only(tmp_path / "a", "events\nkind | on | about\narrest | 01/03/2024 | 1001")

    assert rows(found, "children", "id", "local_id", "row") == {("1001", "1001", "a/events.csv:2")}
    assert any("1 child without a row in children" in note for note in found.notes)
    assert not any("1001" in note for note in found.notes)


def test_a_childs_row_may_leave_out_its_id(tmp_path: Path) -> None:
    found = only(tmp_path / "a", "children\nlocal_id | upn\n1001 |\n| A123456789012")

    assert rows(found, "children", "id") == {("1001",), ("A123456789012",)}


def test_a_decision_points_at_a_stay(tmp_path: Path) -> None:
    found = only(
        tmp_path / "a",
        f"""
        children
        {CHILDREN}
        {ASH}

        placements
        id  | kind
        oak | foster home

        placed_at
        id | from | to  | start
        s1 | ash  | oak | 2024-01-08

        decisions
        kind | change      | on         | about
        move | PlacedAt:s1 | 2024-01-05 | ash
        move | PlacedAt:s9 | 2024-01-06 | ash
        """,
    )

    assert rows(found, "decisions", "on", "change") == {(date(2024, 1, 5), "PlacedAt:s1"), (date(2024, 1, 6), None)}
    assert refusals(found) == {(3, "change", "AAAAAAAA:A9", False)}


# --- what is refused ---


def test_a_bad_value_is_refused_alone_and_a_bad_key_with_its_row(tmp_path: Path) -> None:
    found = only(
        tmp_path / "a",
        f"""
        children
        {CHILDREN}
        {ASH}
        elm | 1002 | 943 476 5918 | UN4 | Elm | 31/02/2012
        fir |      |              | UN1 | Fir Marigold | 2012-01-01

        meetings
        id | kind    | on         | seen  | about
        m1 | revue   | 01/03/2024 | yes   | ash
        m2 | review  | 32/03/2024 | yes   | ash
        m3 | review  | 01/03/2024 | maybe | ash
        m4 | review  | 02/03/2024 | yes   |
        m5 | review  | 02/03/2024 | yes   | fir

        plans
        kind | start      | end        | about
        care | 01/03/2024 | 01/02/2024 | ash
        """,
    )

    assert refusals(found) == {
        (3, "nhs_number", "999 999 9999", False),
        (3, "born", "99/99/9999", False),
        (4, "local_id", "nothing", True),
        (2, "kind", "revue", True),
        (3, "on", "99/99/9999", True),
        (4, "seen", "AAAAA", False),
        (5, "about", "nothing", True),
        (6, "about", "AAA", True),  # the child whose row was refused
        (2, "end", "an earlier date", False),
    }
    assert rows(found, "children", "id", "nhs_number", "upn") == {
        ("ash", "9434765919", "A123456789012"), ("elm", None, None),
    }  # fmt: skip
    assert rows(found, "meetings", "id") == {("m3",)}
    assert rows(found, "plans", "end") == {(None,)}
    adds_up(found)


def test_what_points_at_nothing_is_refused_down_the_line(tmp_path: Path) -> None:
    found = only(
        tmp_path / "a",
        f"""
        children
        {CHILDREN}
        {ASH}

        agencies
        id | kind   | name
        a  | health | A
        b  | zoo    | B

        meetings
        id | kind   | on         | about | recorded_by
        m1 | review | 01/03/2024 | ash   | a;b;c
        m2 | review | 31/02/2024 | ash   | a

        attended
        from     | to         | how
        Agency:a | Meeting:m1 | present
        Agency:a | Meeting:m2 | present
        Agency:b | Meeting:m1 | present
        a        | Meeting:m1 | apologies

        involved_with
        from     | to  | role   | agency | start
        Agency:a | ash | school | b      | 2024-01-01
        """,
    )

    assert rows(found, "meetings", "id", "recorded_by") == {("m1", ("Agency:a",))}
    assert rows(found, "attended", "from", "to") == {("Agency:a", "Meeting:m1")}
    assert rows(found, "involved_with", "agency") == {(None,)}
    told = [(r.file.split("/")[1], r.row, r.column, r.whole_row) for r in found.refusals]
    assert told == [
        ("agencies.csv", 3, "kind", True),
        ("attended.csv", 3, "to", True), ("attended.csv", 4, "from", True), ("attended.csv", 5, "from", True),
        ("involved_with.csv", 2, "agency", False),
        ("meetings.csv", 2, "recorded_by", False), ("meetings.csv", 2, "recorded_by", False),
        ("meetings.csv", 3, "on", True),
    ]  # fmt: skip
    assert "Professional:id or Agency:id or Person:id" in {r.expected.partition("kind: ")[2] for r in found.refusals}
    adds_up(found)


def test_a_role_that_is_not_known_is_refused_with_the_roles_there_are(tmp_path: Path) -> None:
    found = only(
        tmp_path / "a",
        """
        agencies
        id | kind   | name
        a  | health | A

        involved_with
        from     | to | role              | start
        Agency:a | 1  | wizard            | 2024-01-01
        Agency:a | 1  | reviewing officer | 2024-01-01
        """,
    )

    assert refusals(found) == {(2, "role", "wizard", True)}
    assert "social_worker" in found.refusals[0].expected
    assert rows(found, "involved_with", "role") == {("iro",)}


def test_a_role_in_the_words_of_a_case_system_is_known_and_its_words_are_kept(tmp_path: Path) -> None:
    found = only(
        tmp_path / "a",
        """
        agencies
        id | kind   | name
        a  | health | A

        involved_with
        from     | to | role                            | start      | local_role
        Agency:a | 1  | Independent Reviewing Officer   | 2024-01-01 |
        Agency:a | 2  | reviewing officer               | 2024-01-01 |
        Agency:a | 3  | IRO                             | 2024-01-01 | Reviewing Team
        Agency:a | 4  | Allocated Social Worker         | 2024-01-01 |
        """,
    )

    assert rows(found, "involved_with", "to", "role", "local_role") == {
        ("Child:1", "iro", "Independent Reviewing Officer"), ("Child:2", "iro", None),
        ("Child:3", "iro", "Reviewing Team"), ("Child:4", "social_worker", "Allocated Social Worker"),
    }  # fmt: skip


def test_a_workbook_is_a_folder_of_tables(tmp_path: Path) -> None:
    path = workbook(
        tmp_path / "health trust.xlsx",
        **{
            "Read me": [["How to fill in"]],
            "Children": [["id", "Local ID", "NHS number", "born"], ["ash", 71, 9434765919, date(2012, 5, 12)]],
            "Agencies": [["id", "kind", "name"], ["trust", "Health", "Seaside Trust"]],
            "Involved With": [["from", "to", "role", "start"], ["Agency:trust", "ash", "GP", date(2024, 2, 1)]],
            "coverage": [["table", "of", "from", "to"], ["involved_with", "gp", date(2024, 1, 1), date(2024, 3, 31)]],
            "Meetings": [],
            "Ash Marigold": [["note"], ["x"]],
        },
    )
    ledger = Ledger()

    found = tables.read(read_files(path, "a/b.xlsx"), authority=BIRMINGHAM, supplier="a", digest="d", ledger=ledger)

    assert found.refusals == ()
    assert rows(found, "children", "id", "local_id", "nhs_number", "born", "row") == {
        ("ash", "71", "9434765919", date(2012, 5, 12), "a/b.xlsx[children]:2")
    }
    assert rows(found, "involved_with", "from", "to", "role", "start") == {
        ("Agency:trust", "Child:ash", "gp", date(2024, 2, 1))
    }
    assert found.coverage == (Coverage("involved_with", "gp", date(2024, 1, 1), date(2024, 3, 31), True),)
    assert found.notes == ("a/b.xlsx[meetings]: This sheet is empty.",)
    assert {f.file: (f.recognised_as, f.problem) for f in found.files if f.used != 1} == {
        "a/b.xlsx[meetings]": ("", ""), "a/b.xlsx[sheet 7]": ("", "")
    }  # fmt: skip
    assert "Marigold" not in tell(found, tmp_path)
    adds_up(found)


@pytest.mark.parametrize(
    ("name", "table"),
    [
        ("a/involved_with.csv", "involved_with"),
        ("a/Involved With.tsv", "involved_with"),
        ("a/book.xlsx[involved_with]", "involved_with"),
        ("a/book [v2].xlsx[meetings, sheet 3]", "meetings"),
        ("a/children.xlsx", "children"),
        ("a/book.xlsx[sheet 3]", "sheet_3"),
    ],
)
def test_a_table_is_said_by_the_name_of_a_file_or_a_sheet(name: str, table: str) -> None:
    assert tables.table_in(name) == table


def test_codes_of_the_return_are_checked_where_a_column_takes_them(tmp_path: Path) -> None:
    found = only(
        tmp_path / "a",
        """
        placements
        id  | provider
        oak | PR1

        placed_at
        from | to  | start      | place_type
        1    | oak | 2024-01-01 | U9
        1    | oak | 2024-02-01 | u6
        """,
    )

    assert refusals(found) == {(2, "place_type", "U9", False)}
    assert rows(found, "placed_at", "place_type") == {(None,), ("U6",)}


def test_the_same_row_twice_is_set_aside_and_two_that_differ_are_not_both_kept(tmp_path: Path) -> None:
    found = only(
        tmp_path / "a",
        """
        agencies
        id | kind   | name
        a  | health | A
        a  | health | A
        a  | police | A again

        involved_with
        from     | to | role   | start      | end
        Agency:a | 1  | school | 2024-01-01 |
        Agency:a | 1  | school | 01/01/2024 | 2024-02-01
        """,
    )

    assert became(found, "agencies").set_aside == {"duplicate row": 1}
    assert [(r.row, r.column, r.whole_row) for r in found.refusals] == [
        (2, "id", True), (2, "from and to and role and start", True),
    ]  # fmt: skip
    assert rows(found, "agencies", "kind") == {("police",)}
    assert rows(found, "involved_with", "end") == {(date(2024, 2, 1),)}
    adds_up(found)


def test_an_nhs_number_checks_itself() -> None:
    good = (NHS, "9434765919", "943-476-5919")
    bad = ("9434765918", "943", "1112223334", "94347659190", "943476591X")

    assert [checking.read_nhs_number(number) for number in good] == ["9434765919"] * 3
    assert [checking.read_nhs_number(number) for number in bad] == [None] * 5


def test_a_upn_has_its_shape() -> None:
    good = ("A123456789012", "a123456789012", "A12345678901B")
    bad = ("A12345678901", "1234567890123", "A1234567890123", "AB23456789012")

    assert all(checking.read_upn(upn) == upn.upper() for upn in good)
    assert not any(checking.read_upn(upn) for upn in bad)


# --- files ---


def test_columns_and_tables_that_are_not_known_are_told(tmp_path: Path) -> None:
    found = only(
        tmp_path / "a",
        """
        children
        local_id | favourite colour | Born
        1001     | green            | 2012-05-12

        involvedwith
        from | to
        x    | y

        weather
        day | rain
        1   | yes
        """,
    )

    assert "a/children.csv: not a column of children, and left out: favourite_colour." in found.notes
    assert rows(found, "children", "born") == {(date(2012, 5, 12),)}
    assert became(found, "weather").set_aside == {"no table has this name": 1}
    assert "a/involvedwith.csv does not have the name of a table. Is it involved_with?" in found.notes
    adds_up(found)


def test_files_that_cannot_be_used_say_why_and_the_rest_is_read(tmp_path: Path) -> None:
    path = folder(
        tmp_path / "a",
        """
        children
        local_id
        1001

        meetings
        kind | about
        review | 1001

        events
        m1 | missing | 2024-01-01 | 1001

        plans
        kind | kind
        care | care
        """,
    )
    (path / "needs.csv").write_bytes(b"")
    (path / "Children.tsv").write_text("local_id\tname\n1002\tElm\n")

    found = only(path, "views\nid | on | about\nv | 2024-01-01 | 1001")

    problems = {f.file.split("/")[1]: f.problem for f in found.files if f.problem}
    assert problems == {
        "meetings.csv": "It has no column on, without which no row can be used.",
        "events.csv": "Its first row names no column of events: is the header row missing?",
        "plans.csv": "Columns A and B have the same name: rename or remove one. Or is the header row missing?",
        "needs.csv": "It is empty: there is not even a header row.",
        "children.csv": "The folder has another file of children: put the rows into one.",
    }
    assert rows(found, "views", "id") == {("v",)}
    adds_up(found)


def test_a_table_with_a_header_only_is_an_empty_table(tmp_path: Path) -> None:
    found = only(tmp_path / "a", "events\nkind | on | about")

    assert len(found.tables["events"]) == 0
    assert list(found.tables["events"].columns) == columns_of(by_table()["events"])


# --- coverage ---


def test_coverage_is_what_the_folder_says(tmp_path: Path) -> None:
    found = only(
        tmp_path / "a",
        """
        coverage
        table         | of         | from       | to         | full
        involved_with | GP         | 01/04/2023 | 31/03/2024 |
        meetings      | review     | 2023-04-01 | 2024-03-31 | no
        attended      | health     | 2022-04-01 | 2024-03-31 | yes
        plans         |            | 2023-04-01 | 2024-06-30 | yes
        notices       | child      | 2023-04-01 | 2024-03-31 | yes
        meetings      | tea        | 2023-04-01 | 2024-03-31 | yes
        involved_with | wizard     | 2023-04-01 | 2024-03-31 | yes
        visits        |            | 2023-04-01 | 2024-03-31 | yes
        events        | missing    | 2024-04-01 | 2024-03-31 | yes
        events        | missing    |            | 2024-03-31 | yes

        plans
        kind | about
        """,
    )

    year = (date(2023, 4, 1), date(2024, 3, 31))
    assert found.coverage == (
        Coverage("involved_with", "gp", *year, True),
        Coverage("meetings", "review", *year, False),
        Coverage("attended", "health", date(2022, 4, 1), date(2024, 3, 31), True),
        Coverage("plans", None, date(2023, 4, 1), date(2024, 6, 30), True),
        Coverage("notices", "child", *year, True),
    )
    assert (found.covers_from, found.covers_to, found.full) == (date(2022, 4, 1), date(2024, 6, 30), False)
    assert refusals(found) == {
        (7, "of", "tea", True), (8, "of", "wizard", True), (9, "table", "visits", True),
        (10, "to", "an earlier date", True), (11, "from", "nothing", True),
    }  # fmt: skip
    assert became(found, "coverage").used == 5


def test_a_folder_that_says_nothing_covers_nothing(tmp_path: Path) -> None:
    found = only(tmp_path / "a", "events\nkind | on | about")

    assert (found.coverage, found.covers_from, found.full) == ((), None, False)


def test_the_command_line_may_say_what_is_covered(tmp_path: Path) -> None:
    days = (date(2023, 4, 1), date(2024, 3, 31))
    found = only(tmp_path / "a", "events\nkind | on | about", covers=days)
    assert (found.coverage, found.full) == ((Coverage("events", None, *days, True),), True)

    text = "coverage\ntable | of | from | to\nevents | missing | 2020-01-01 | 2020-12-31\n\nevents\nkind | on | about"
    found = only(tmp_path / "b", text, covers=days, partial=True)
    assert (found.coverage, found.full) == ((Coverage("events", "missing", *days, False),), False)


# --- writing ---


def invented(chance: random.Random, kind: Kind, ids: dict[str, list[str]]) -> dict[str, Any]:
    """A row of a kind with every column filled in or left out by chance, pointing at rows that are there."""
    given: dict[str, Any] = {}
    for column in tables.columns(kind):
        if column.required or chance.random() < 0.6:
            given[column.name] = _value(chance, column)
    ends = zip(("from", "to"), kind.reads, strict=True) if not issubclass(kind, Node) else ()
    for name, to in (*ends, *((p.name, p.refers) for p in properties(kind) if p.refers)):
        given[name] = _pointing(chance, to, ids)
    for one in links(kind):
        if one.name == "about" or one.name in given:
            found = _pointing(chance, one.to, ids)
            given[one.name] = (found,) if found else None
    return given


def _pointing(chance: random.Random, to: tuple[str, ...], ids: dict[str, list[str]]) -> str | None:
    there = [f"{kind}:{i}" for kind in to for i in ids.get(kind, ())]
    return chance.choice(there) if there else None


def _value(chance: random.Random, column: checking.Column) -> Any:
    if column.codes:
        return chance.choice(column.codes)
    special = {"upn": "A123456789012", "nhs_number": "9434765919", "urn": "SC012345", "postcode": "B1 1BB"}
    values = {
        "date": date(2020, 1, 1).replace(month=chance.randint(1, 12), year=chance.randint(2000, 2030)),
        "integer": chance.randint(0, 99), "number": chance.randint(0, 99) / 4, "flag": chance.random() < 0.5,
        "list": ("old 1", "old 2"),
    }  # fmt: skip
    return special.get(column.name, values.get(column.kind, f"Zoë’s, “{chance.random()}”\nsecond line"))


@pytest.mark.parametrize("seed", range(8))
def test_what_is_written_reads_back(tmp_path: Path, seed: int) -> None:
    chance = random.Random(seed)
    ids: dict[str, list[str]] = {"LocalAuthority": [BIRMINGHAM, WARWICKSHIRE]}
    before: dict[str, pd.DataFrame] = {}
    for table, kind in by_table().items():
        if table == "local_authorities":
            continue
        found = []
        for n in range(3):
            row = {**invented(chance, kind, ids), "id": f"{table}-{n}"}
            if row.get("start") and row.get("end"):
                row["start"], row["end"] = sorted((row["start"], row["end"]))
            if row.get("on") and row.get("end"):
                row["on"], row["end"] = sorted((row["on"], row["end"]))
            if table == "children":
                row["local_id"] = f"{n}"
            found.append(row)
        frame = shaped(table, pd.DataFrame(found))
        if not issubclass(kind, Node):
            frame = frame.drop_duplicates(list(kind.key), keep="last").reset_index(drop=True)
        ids[kind.__name__] = list(frame["id"])
        before[table] = frame
    coverage = (Coverage("meetings", "review", date(2023, 4, 1), date(2024, 3, 31), True),
                Coverage("plans", None, date(2023, 4, 1), date(2024, 3, 31), False))  # fmt: skip

    tables.write_tables(before, tmp_path / "a", coverage)
    (found_again,) = read([tmp_path / "a"], BIRMINGHAM, today=TODAY)

    assert found_again.refusals == () and found_again.notes == ()
    assert found_again.coverage == coverage
    assert set(found_again.tables) == set(before)
    for table, frame in before.items():
        again = found_again.tables[table]
        pd.testing.assert_frame_equal(again.drop(columns="row"), frame.drop(columns="row"))


# --- laws ---

DIRT = ["", "#", "Marigold", "31/02/2024", "9434765918", "ash", "Agency:a", "Agency:", ":", ";", "Zoë", "1001", "=1+1",
        "health", "UN1", "2024-01-01", "LocalAuthority:Oz", "Meeting:m1"]  # fmt: skip
RAGGED = st.lists(st.lists(st.sampled_from(DIRT), max_size=8), max_size=6)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(children=RAGGED, agencies=RAGGED, meetings=RAGGED, attended=RAGGED, involved=RAGGED, coverage=RAGGED)
def test_every_row_is_accounted_for_and_nothing_private_told(
    tmp_path: Path, children: Any, agencies: Any, meetings: Any, attended: Any, involved: Any, coverage: Any
) -> None:
    headers = {
        "children": (["id", "local_id", "nhs_number", "upn", "name", "born"], children),
        "agencies": (["id", "kind", "name", "service"], agencies),
        "meetings": (["id", "kind", "on", "about", "recorded_by"], meetings),
        "attended": (["from", "to", "how", "agency"], attended),
        "involved_with": (["from", "to", "role", "agency", "start", "end"], involved),
        "coverage": (["table", "of", "from", "to", "full"], coverage),
    }
    path = tmp_path / "a"
    path.mkdir(exist_ok=True)
    for name, (header, lines) in headers.items():
        text = "\n".join(",".join(line) for line in [header, *lines])
        (path / f"{name}.csv").write_text(text, encoding="utf-8")

    (found,) = read([path], BIRMINGHAM, today=TODAY)

    adds_up(found)
    for name, (_, lines) in headers.items():
        assert became(found, name).rows == sum(1 for line in lines if any(line))
        if name != "coverage":
            named = sum("without a row" in note for note in found.notes) and name == "children"
            assert named or became(found, name).used == len(found.tables[name])
    told = tell(found, tmp_path)
    for private in ("Marigold", "9434765918", "31/02/2024", "2024-01-01", "Zoë", "1001"):
        assert private not in told
