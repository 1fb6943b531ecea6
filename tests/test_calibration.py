"""The invented council is like England: DfE's figures, counted on its files, are each within their tolerance."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest

from docs.calibration import CHILDREN, SEEDS, measure, of_seed, outside, page, table
from docs.england import FIGURES, Figure
from docs.pages import FOLDER

FEW = 1500  # children: enough to see a figure that has drifted, in seconds
YEAR = ("2023-24", "2024-25", "2025-26")
HOME, NEAR, FAR = "B1 1BB", "B73 6NY", "DT1 1XJ"  # Birmingham, Birmingham, Dorset


# --- the figures ---


@pytest.fixture(scope="module")
def few() -> dict[str, float]:
    return of_seed(1, FEW)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda f: f.key)
def test_a_small_council_is_like_england(few: dict[str, float], figure: Figure) -> None:
    """Fewer children, wider tolerances."""
    assert not outside(figure, few[figure.key], FEW), f"{few[figure.key]:.1f}, England {figure.theirs:g}"


@pytest.mark.long
@pytest.mark.timeout(1800)
def test_three_large_councils_are_like_england_and_the_page_says_so() -> None:
    measured = [of_seed(seed) for seed in SEEDS]
    off = [(f.key, seed, round(m[f.key], 1)) for f in FIGURES for seed, m in zip(SEEDS, measured, strict=True)
           if outside(f, m[f.key])]  # fmt: skip
    assert off == []
    written = (FOLDER / "council.md").read_text(encoding="utf-8")
    assert table(measured) in written, "docs/council.md is stale: `python -m docs --count` writes it anew"


def test_the_page_has_every_figure_as_it_is_published_today() -> None:
    written = (FOLDER / "council.md").read_text(encoding="utf-8").splitlines()
    lines = [[cell.strip() for cell in line.split("|")[1:-1]] for line in written if line.startswith("| ")][1:]
    assert [(cells[0], cells[1], cells[-1]) for cells in lines] == [
        (f.words, f"{f.theirs:g}", f.source) for f in FIGURES
    ]
    assert not [cells for cells in lines if any("!" in cell for cell in cells)]


def test_a_figure_outside_its_tolerance_is_marked() -> None:
    ours = {f.key: f.theirs for f in FIGURES}
    assert "**!**" not in table([ours], [1])
    assert table([ours | {"sex.M": 59.0}], [1]).count("**!**") == 1


def test_a_council_of_fewer_children_is_allowed_more() -> None:
    boys = next(f for f in FIGURES if f.key == "sex.M")
    assert outside(boys, 59.0) and not outside(boys, 59.0, CHILDREN // 4)


def test_a_page_of_a_few_children_can_be_made() -> None:
    made = page(children=20, seeds=(1,))
    assert made.startswith("# The invented council beside England") and "## What was left out" in made


# --- the counting, on a few rows ---

Row = Mapping[str, str]


def council(folder: Path, episodes: list[Row], workers: list[Row] = (), years: int = 1, **more: list[Row]) -> Path:  # type: ignore[assignment]
    """A return of the last years, with these rows in each of them, and children born in 2014."""
    children = sorted({e.get("CHILD", "1") for e in episodes})
    header = [{"CHILD": c, "DOB": "01/05/2014", "SEX": "F", "ETHNIC": "WBRI"} for c in children]
    for year in YEAR[-years:]:
        for name, rows, columns in (
            ("header", header, "CHILD SEX DOB ETHNIC"),
            ("episodes", [EPISODE | e for e in episodes], " ".join(EPISODE)),
            ("sw_episodes", workers, "CHILD SW_ID SW_DECOM SW_DEC SW_REASON"),
            ("missing", more.get("missing", []), "CHILD DOB MISSING MIS_START MIS_END"),
            ("oc2", more.get("oc2", []), "CHILD DOB SDQ_SCORE CONVICTED HEALTH_CHECK IMMUNISATIONS TEETH_CHECK "
                                         "HEALTH_ASSESSMENT SUBSTANCE_MISUSE"),
            ("uasc", more.get("uasc", []), "CHILD SEX DOB DUC"),
        ):  # fmt: skip
            write(folder / "903" / year / f"{name}.csv", columns, rows)
    write(folder / "ssd" / "ssd_person.csv", "pers_person_id pers_legacy_id", more.get("people", []))
    write(folder / "allocations" / "iro_allocations.csv", "Child ID,Staff ID,End date", more.get("officers", []))
    write(folder / "partners" / "schools" / "attends.csv", "from to start end", more.get("attends", []))
    return folder


EPISODE = {
    "CHILD": "1", "DECOM": "01/05/2020", "RNE": "S", "LS": "C2", "CIN": "N1", "PLACE": "U6", "PLACE_PROVIDER": "PR1",
    "DEC": "", "REC": "", "REASON_PLACE_CHANGE": "", "HOME_POST": HOME, "PL_POST": HOME, "URN": "",
}  # fmt: skip


def write(path: Path, columns: str, rows: list[Row]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns.split("," if "," in columns else None), restval="")
        writer.writeheader()
        writer.writerows(rows)


def stay(start: str, end: str = "", **more: str) -> Row:
    return {"DECOM": start, "DEC": end, "REC": "X1" if end else "", **more}


MOVE = {"RNE": "P", "REASON_PLACE_CHANGE": ""}


@pytest.mark.parametrize(
    ("episodes", "placements"),
    [
        ([stay("01/05/2020")], 1),
        # Two moves in the year.
        ([stay("01/05/2020", "01/06/2025"), stay("01/06/2025", "01/12/2025", **MOVE, PL_POST=NEAR),
          stay("01/12/2025", **MOVE, PL_POST=FAR)], 3),
        # A placement that ended before the year is none of its own.
        ([stay("01/05/2020", "01/03/2025"), stay("01/03/2025", **MOVE, PL_POST=NEAR)], 1),
        # The law changed, and so did the status of the placement: the carer did not.
        ([stay("01/05/2020", "01/06/2025"), stay("01/06/2025", "01/12/2025", RNE="L", REASON_PLACE_CHANGE="PLACE"),
          stay("01/12/2025", RNE="T", PLACE="U4")], 1),
        # A week in hospital, and back.
        ([stay("01/05/2020", "01/06/2025"), stay("01/06/2025", "08/06/2025", **MOVE, PLACE="T1", PL_POST=NEAR),
          stay("08/06/2025", **MOVE)], 1),
        # A week in hospital, and on to another home.
        ([stay("01/05/2020", "01/06/2025"), stay("01/06/2025", "08/06/2025", **MOVE, PLACE="T1", PL_POST=NEAR),
          stay("08/06/2025", **MOVE, PL_POST=FAR)], 2),
    ],
)  # fmt: skip
def test_placements_in_the_year(tmp_path: Path, episodes: list[Row], placements: int) -> None:
    """DfE: temporary stays and changes of status only are no placements."""
    found = measure(council(tmp_path, episodes))
    assert [found[f"placements.{n}"] for n in ("1", "2", "3+")] == [100.0 * (placements == n) for n in (1, 2, 3)]


def test_a_social_worker_who_comes_back_is_not_counted_again(tmp_path: Path) -> None:
    a, b = {"CHILD": "1", "SW_ID": "SW1"}, {"CHILD": "1", "SW_ID": "SW2"}
    workers = [a | {"SW_DECOM": "01/05/2020", "SW_DEC": "01/06/2025"},
               b | {"SW_DECOM": "01/06/2025", "SW_DEC": "01/08/2025"}, a | {"SW_DECOM": "01/08/2025"}]  # fmt: skip
    found = measure(council(tmp_path, [stay("01/05/2020")], workers))
    assert (found["workers.2"], found["workers.3+ in year"]) == (100.0, 0.0)


def test_outside_and_over_20_miles(tmp_path: Path) -> None:
    """For an unaccompanied child DfE asks for no distance."""
    episodes = [stay("01/05/2020"), {"CHILD": "2", **stay("01/05/2020", PL_POST=FAR)},
                {"CHILD": "3", **stay("01/05/2020", PL_POST=FAR, HOME_POST="")}]  # fmt: skip
    found = measure(council(tmp_path, episodes))
    assert round(found["where.outside"]) == 67 and round(found["where.over 20 miles"]) == 33
    assert round(found["where.out unknown"]) == 33 and found["where.in over 20"] == 0


def test_started_ceased_and_twelve_months(tmp_path: Path) -> None:
    episodes = [stay("01/05/2020"), {"CHILD": "2", **stay("01/05/2025")},
                {"CHILD": "3", **stay("01/05/2024"), "DEC": "01/07/2025", "REC": "E4A"}]  # fmt: skip
    found = measure(council(tmp_path, episodes))
    assert (found["flow.started"], found["flow.ceased"], found["flow.any"]) == (50.0, 50.0, 150.0)
    assert (found["flow.12 months"], found["ceased.home"]) == (50.0, 100.0)


def test_one_carer_for_two_years(tmp_path: Path) -> None:
    """Of under 16s looked after for two and a half years or more; a change of status keeps the carer."""
    long = [stay("01/05/2020", "01/06/2025"), stay("01/06/2025", RNE="T", PLACE="U4")]
    moved = [stay("01/05/2020", "01/06/2025"), stay("01/06/2025", **MOVE, PL_POST=NEAR)]
    late = [stay("01/05/2025")]
    episodes = [{**e, "CHILD": str(n)} for n, rows in enumerate((long, moved, late)) for e in rows]
    long[0] = long[0] | {"REASON_PLACE_CHANGE": "PLACE"}
    found = measure(council(tmp_path, episodes))
    assert round(found["same carer.of all"]) == 67 and found["same carer.2 years"] == 50.0


def test_a_school_that_changes_in_summer_is_no_mid_year_move(tmp_path: Path) -> None:
    attends = [{"from": "1", "to": "a", "start": "2024-09-04", "end": "2025-09-04"},
               {"from": "1", "to": "b", "start": "2025-09-04", "end": ""},
               {"from": "2", "to": "a", "start": "2024-09-04", "end": "2025-11-04"},
               {"from": "2", "to": "b", "start": "2025-11-10", "end": ""}]  # fmt: skip
    found = measure(council(tmp_path, [stay("01/05/2020"), {"CHILD": "2", **stay("01/05/2020")}], attends=attends))
    assert found["schools.mid-year in year"] == 50.0


def test_missing_children_and_their_incidents(tmp_path: Path) -> None:
    gone = [{"CHILD": "1", "DOB": "01/05/2014", "MISSING": "M", "MIS_START": f"0{d}/06/2025"} for d in (1, 4, 7)]
    found = measure(council(tmp_path, [stay("01/05/2020"), {"CHILD": "2", **stay("01/05/2020")}], missing=gone))
    assert (found["missing.children"], found["missing.incidents"], found["missing.10-15"]) == (50.0, 3.0, 100.0)


def test_health_answers_and_bands_of_the_sdq(tmp_path: Path) -> None:
    asked = [{"CHILD": str(n), "DOB": "01/05/2014", "SDQ_SCORE": score, "IMMUNISATIONS": str(int(n > 1))}
             for n, score in enumerate(("13", "16", "17", ""))]  # fmt: skip
    found = measure(council(tmp_path, [stay("01/05/2020")], oc2=asked))
    assert (found["sdq.received"], round(found["sdq.normal"]), round(found["sdq.concern"])) == (75.0, 33, 33)
    assert round(found["sdq.mean"], 1) == 15.3 and found["health.immunisations"] == 50.0


def test_a_child_who_got_another_number_is_one(tmp_path: Path) -> None:
    """The case system says which number a child had before."""
    people = [{"pers_person_id": "1", "pers_legacy_id": "9"}]
    episodes = [stay("01/05/2020"), {"CHILD": "9", **stay("01/05/2020")}]
    assert measure(council(tmp_path, episodes, people=people))["placements.1"] == 100.0


def test_an_episode_told_of_in_two_years_is_one(tmp_path: Path) -> None:
    found = measure(council(tmp_path, [stay("01/05/2020")], years=3), date(2026, 3, 31))
    assert found["placements.1"] == found["age.10-15"] == 100.0
