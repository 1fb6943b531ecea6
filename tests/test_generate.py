"""The invented council: repeatable, readable without a refusal, of one piece, and like a council."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from functools import cache
from itertools import pairwise
from pathlib import Path

import pytest

from bench.truth import Measured, measure
from graph.errors import TeamaroundError
from graph.model import by_table
from graph.reference.codes import code_list
from ingest.extract import Extract, columns_of
from ingest.generate import AS_AT, SUPPLIERS, generate
from ingest.recognise import read

AUTHORITY = "E08000025"
YEARS = ("2023-24", "2024-25", "2025-26")
Row = dict[str, str]


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Enough children for every kind of record to be there."""
    folder = tmp_path_factory.mktemp("invented") / "large"
    generate(folder, children=300, seed=2)
    return folder


@pytest.fixture(scope="module")
def extracts(council: Path) -> list[Extract]:
    return read([council], AUTHORITY, today=AS_AT)


def written(path: Path) -> list[Row]:
    """The rows of a file."""
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def ssd(folder: Path, table: str) -> list[Row]:
    """Rows of a table of the case system's extract."""
    return written(folder / "ssd" / f"{table}.csv")


def rows(folder: Path, table: str, year: str | None = None) -> list[Row]:
    """Rows of a table of the return, of one year or of all; each child by the number of today."""
    today = {r["pers_legacy_id"]: r["pers_person_id"] for r in ssd(folder, "ssd_person")}
    found = [row for name in ([year] if year else YEARS) for row in written(folder / "903" / name / f"{table}.csv")]
    return [{**row, "CHILD": today.get(row["CHILD"], row["CHILD"])} for row in found]


def partner(folder: Path, supplier: str, table: str) -> list[Row]:
    """Rows of a partner's table; none where it has none."""
    path = folder / "partners" / supplier / f"{table}.csv"
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def day(text: str) -> date:
    return datetime.strptime(text, "%d/%m/%Y").date()


def now(folder: Path) -> list[Row]:
    """The open episode of each child looked after on the last day."""
    return [r for r in rows(folder, "episodes", YEARS[-1]) if not r["DEC"]]


def digest(folder: Path) -> str:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return hashlib.sha256(b"".join(str(p.relative_to(folder)).encode() + p.read_bytes() for p in files)).hexdigest()


# --- repeatable ---


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(tmp_path: Path) -> None:
    for name, seed in (("a", 7), ("b", 7), ("c", 8)):
        generate(tmp_path / name, children=12, seed=seed)
    assert digest(tmp_path / "a") == digest(tmp_path / "b") != digest(tmp_path / "c")


def test_nothing_is_written_over_or_mixed(council: Path) -> None:
    before = digest(council)
    with pytest.raises(TeamaroundError, match="not empty"):
        generate(council, children=12)
    assert digest(council) == before


def test_it_says_that_nothing_is_real(council: Path) -> None:
    assert (council / "README.txt").read_text(encoding="utf-8").startswith("Nothing here is real.")
    assert {r["synthetic"] for r in partner(council, "case-system", "children")} == {"yes"}


def test_another_authority_and_a_day_within_a_year(tmp_path: Path) -> None:
    generate(tmp_path / "x", children=15, seed=3, as_at=date(2026, 9, 30), authority="Devon")
    assert sorted(p.name for p in (tmp_path / "x" / "903").iterdir()) == ["2024-25", "2025-26", "2026-27"]
    found = read([tmp_path / "x"], "Devon", today=date(2026, 9, 30))
    assert [r for e in found for r in e.refusals] == []


# --- as the files of a council and its partners are ---


@pytest.mark.parametrize(
    ("table", "columns"),
    [
        ("header", "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB"),
        ("episodes", "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN"),
        ("reviews", "CHILD,DOB,REVIEW,REVIEW_CODE"),
        ("missing", "CHILD,DOB,MISSING,MIS_START,MIS_END"),
        (
            "oc2",
            "CHILD,DOB,SDQ_SCORE,SDQ_REASON,CONVICTED,HEALTH_CHECK,IMMUNISATIONS,TEETH_CHECK,HEALTH_ASSESSMENT,"
            "SUBSTANCE_MISUSE,INTERVENTION_RECEIVED,INTERVENTION_OFFERED",
        ),
        ("uasc", "CHILD,SEX,DOB,DUC"),
        ("sw_episodes", "CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON"),
    ],
)
def test_the_return_has_the_columns_dfe_asks_for(council: Path, table: str, columns: str) -> None:
    for year in YEARS:
        first = (council / "903" / year / f"{table}.csv").read_text(encoding="utf-8").splitlines()[0]
        assert first == columns


def test_codes_are_those_of_the_return(council: Path) -> None:
    episodes = rows(council, "episodes")
    for column, listed in (
        ("RNE", "rne"), ("LS", "ls"), ("CIN", "cin"), ("PLACE", "place"), ("PLACE_PROVIDER", "provider"),
        ("REC", "rec"), ("REASON_PLACE_CHANGE", "change"),
    ):  # fmt: skip
        assert {r[column] for r in episodes} - {""} <= set(code_list(listed))
    assert {r["SW_REASON"] for r in rows(council, "sw_episodes")} <= set(code_list("sw_reason"))
    assert {r["REVIEW_CODE"] for r in rows(council, "reviews")} <= set(code_list("participation"))
    assert {r["SEX"] for r in rows(council, "header", "2023-24")} <= {"1", "2"}
    assert {r["SEX"] for r in rows(council, "header", "2024-25")} <= {"M", "F"}


def test_partners_tables_have_columns_of_the_model_only(council: Path) -> None:
    for supplier in SUPPLIERS:
        for path in (council / "partners" / supplier).glob("*.csv"):
            columns = path.read_text(encoding="utf-8").splitlines()[0].split(",")
            if path.stem == "coverage":
                assert columns == ["table", "of", "from", "to", "full"]
            else:
                assert set(columns) <= set(columns_of(by_table()[path.stem])) - {"row"}


def test_every_folder_reads_and_nothing_is_refused(extracts: list[Extract]) -> None:
    assert [(e.kind, e.supplier) for e in extracts] == [
        *[("ssda903", "Birmingham")] * 3, ("allocations", "Birmingham"),
        *(("tables", s) for s in sorted(SUPPLIERS)), ("ssd", "Birmingham"),
    ]  # fmt: skip
    assert [r for e in extracts for r in e.refusals] == []
    assert [f.file for e in extracts for f in e.files if f.problem] == []
    # What an extract of a case system is like is for its own tests.
    assert [f.file for e in extracts if e.kind != "ssd" for f in e.files if f.set_aside] == []
    assert [n for e in extracts if e.kind != "ssd" for n in e.notes] == []


def test_each_return_covers_its_year(extracts: list[Extract]) -> None:
    covered = [(e.covers_from, e.covers_to) for e in extracts if e.kind == "ssda903"]
    assert covered == [(date(y, 4, 1), date(y + 1, 3, 31)) for y in (2023, 2024, 2025)]


def test_nothing_is_dated_after_the_last_day(extracts: list[Extract]) -> None:
    for extract in extracts:
        for table, frame in extract.tables.items():
            for column in frame:
                # A review that was held may have been due later.
                late = [v for v in frame[column] if isinstance(v, date) and v > AS_AT and column != "due"]
                assert not late, (extract.supplier, table, column, late[:3])


# --- of one piece ---


def test_as_many_as_asked_for_are_looked_after_on_the_last_day(council: Path, large: Path) -> None:
    """Those who left care in the years of the return come with them."""
    assert len(now(council)) == len({r["CHILD"] for r in now(council)}) == 60
    assert len(now(large)) == 300
    everyone = len({r["CHILD"] for r in rows(council, "header")})
    assert everyone > 60 and f"{everyone} invented children in all" in (council / "README.txt").read_text("utf-8")


def test_episodes_follow_one_another_and_an_open_one_comes_again_the_year_after(council: Path) -> None:
    known = {}
    for year in YEARS:  # the later year knows more
        known.update({(r["CHILD"], day(r["DECOM"])): r for r in rows(council, "episodes", year)})
    by_child: dict[str, list[Row]] = {}
    for (child, _), row in sorted(known.items()):
        by_child.setdefault(child, []).append(row)
    for episodes in by_child.values():
        for a, b in pairwise(episodes):
            assert (a["DEC"], a["REC"]) == (b["DECOM"], "X1")
            assert bool(a["REASON_PLACE_CHANGE"]) == (b["RNE"] != "L")
            assert (a["REASON_PLACE_CHANGE"] == "PLACE") == (b["RNE"] in ("T", "U"))
        assert episodes[-1]["REC"] != "X1" and bool(episodes[-1]["REC"]) == bool(episodes[-1]["DEC"])
    for before, after in pairwise(YEARS):
        left_open = {(r["CHILD"], r["DECOM"]) for r in rows(council, "episodes", before) if not r["DEC"]}
        assert left_open <= {(r["CHILD"], r["DECOM"]) for r in rows(council, "episodes", after)}


def test_a_child_has_one_date_of_birth_everywhere(council: Path) -> None:
    born = {r["CHILD"]: r["DOB"] for r in rows(council, "header")}
    for table in ("header", "reviews", "missing", "oc2", "sw_episodes", "uasc"):
        assert all(born[r["CHILD"]] == r["DOB"] for r in rows(council, table)), table


def test_every_partner_speaks_of_children_whom_the_return_or_the_case_system_knows(council: Path) -> None:
    header = rows(council, "header")
    case = partner(council, "case-system", "children")
    known = {
        "local_id": {r["CHILD"] for r in header},
        "upn": {r["UPN"] for r in header},
        "nhs_number": {r["pers_common_child_id"] for r in ssd(council, "ssd_person")},
    }
    assert {r["local_id"] for r in case} == known["local_id"]
    for supplier in SUPPLIERS:
        children = partner(council, supplier, "children")
        assert children
        for key, values in known.items():
            assert {r.get(key, "") for r in children} - {""} <= values, (supplier, key)
    assert not any(r["local_id"] for r in partner(council, "health", "children"))
    assert any(r["upn"] for r in partner(council, "schools", "children"))


def test_reviews_and_missing_periods_are_the_same_in_both(council: Path) -> None:
    reviews = {(r["about"], r["on"]) for r in partner(council, "case-system", "meetings") if r["kind"] == "review"}
    assert reviews == {(r["CHILD"], day(r["REVIEW"]).isoformat()) for r in rows(council, "reviews")}
    first = date(2023, 4, 1).isoformat()
    gone = {(r["about"], r["on"]) for r in partner(council, "case-system", "events") if r["kind"] == "missing"}
    returned = {(r["CHILD"], day(r["MIS_START"]).isoformat()) for r in rows(council, "missing")}
    assert returned and returned == {(child, on) for child, on in gone if on >= first}


def test_siblings_have_one_home_and_one_reviewing_officer(council: Path) -> None:
    home = {r["CHILD"]: r["HOME_POST"] for r in rows(council, "episodes")}
    families: dict[str, list[str]] = {}
    for r in ssd(council, "ssd_family"):
        families.setdefault(r["fami_family_id"], []).append(r["fami_person_id"])
    siblings = [pair for family in families.values() for pair in pairwise(family)]
    assert siblings and all(home[a] == home[b] for a, b in siblings)
    officers: dict[str, set[str]] = {}
    for r in written(council / "allocations" / "iro_allocations.csv"):
        if not r["End date"]:
            officers.setdefault(r["Child ID"], set()).add(r["Staff ID"])
    assert all(officers[a] == officers[b] for a, b in siblings if a in officers and b in officers)


def test_numbers_are_of_ranges_that_nobody_has(council: Path) -> None:
    assert all(r["UPN"][1:4] == "999" or r["UPN"] in ("UN1", "UN2") for r in rows(council, "header"))
    assert all(r["pers_common_child_id"].startswith("999") for r in ssd(council, "ssd_person"))


# --- like a council ---


def share(found: list[bool]) -> float:
    return sum(found) / len(found)


@cache
def _found(folder: Path) -> dict[str, Measured]:
    """Every rule over the children looked after on the last day."""
    return {m.rule: m for m in measure(folder, AUTHORITY, AS_AT)}


def test_a_few_meet_the_description_of_the_cohort(council: Path) -> None:
    assert 2 <= _found(council)["cohort.matches"].found <= 5


def test_no_rule_is_raised_for_nearly_everyone_and_most_for_someone(council: Path) -> None:
    children = len(now(council))
    counts = _found(council)
    often = {rule: m.found for rule, m in counts.items() if m.found > 0.6 * children}
    assert often == {}
    for rule in (
        "continuity.social_workers", "continuity.role_gap", "continuity.placements", "continuity.turnover_at_move",
        "area.outside_authority", "area.at_a_distance", "area.service_gap", "silos.disconnected",
        "silos.single_point", "silos.plan_not_considered", "clocks.visit",
    ):  # fmt: skip
        assert 0 < counts[rule].found < children - counts[rule].unsure, rule


def test_most_children_are_seen_in_time(council: Path) -> None:
    seen = {(r["clav_person_id"], r["clav_cla_visit_date"]) for r in ssd(council, "ssd_cla_visits")}

    def gaps() -> Iterator[timedelta]:
        for child in {c for c, _ in seen}:
            days = sorted(date.fromisoformat(on) for c, on in seen if c == child)
            yield from (b - a for a, b in pairwise(days))

    assert share([gap <= timedelta(weeks=6) for gap in gaps()]) > 0.9
