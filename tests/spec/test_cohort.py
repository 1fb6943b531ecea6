"""The complex cohort: its four features, met, not met or unknown, and who meets them."""

from __future__ import annotations

import dataclasses
import random
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.cohort.features import Feature, ended_unplanned, features
from graph.analysis.cohort.members import _membership
from graph.findings import Finding
from graph.parameters import DEFAULTS
from graph.records import Records, as_at, stays
from tests.spec.small import findings, records

ON = "2024-06-01"


def only(of: Records, rule: str, on: str = ON, **changed: object) -> Finding:
    (found,) = findings(of, rule, on, **changed)
    return found


def status(text: str, rule: str, on: str = ON, covers: str | None = None, **changed: object) -> str:
    return only(records(text, covers=covers), rule, on, **changed).status


# --- F1: chronic abuse and neglect ---

ABUSE = """
child | born       | known_since
Ash   | 2010-05-12 | 2023-01-01

looks_after | legal_status | start      | need | start_reason
            | C2           | 2023-01-09 | N1   | S
"""


def plans(*spells: str) -> str:
    rows = "\n".join(f"cp{n} | child protection | {spell}" for n, spell in enumerate(spells, 1))
    return f"{ABUSE}\nplans | kind | start | end\n{rows}\n"


def test_the_need_code_alone_is_not_enough():
    found = only(records(ABUSE), "cohort.f1")
    assert found.status == "clear"
    assert found.measures == {"child_protection_plans": 0, "s47s": 0, "known_since": date(2023, 1, 1)}


def test_two_child_protection_plans_with_it_are():
    found = only(records(plans("2015-01-01 | 2015-06-01", "2018-01-01 | 2018-06-01")), "cohort.f1")
    assert found.status == "raised"
    assert "a need of abuse or neglect (N1) with 2 child protection plans" in found.sentence
    assert {e.id for e in found.evidence} == {"looks_after2", "cp1", "cp2"}


def test_versions_of_one_plan_are_one_plan():
    assert status(plans("2018-01-01 | 2018-06-01", "2018-06-01 | 2018-12-01"), "cohort.f1") == "clear"
    assert status(plans("2018-01-01 | 2018-06-01", "2018-03-01 | 2018-12-01"), "cohort.f1") == "clear"
    assert status(plans("2018-01-01 | 2018-06-01", "2018-06-02 | 2018-12-01"), "cohort.f1") == "raised"


@pytest.mark.parametrize(
    ("spell", "on", "expected"),
    [
        ("2018-01-01 | 2019-01-01", ON, "clear"),  # twelve months
        ("2018-01-01 | 2019-01-02", ON, "raised"),  # more
        ("2023-06-01 |", "2024-06-01", "clear"),
        ("2023-06-01 |", "2024-06-02", "raised"),  # still open, so far
    ],
)
def test_one_plan_of_more_than_twelve_months(spell: str, on: str, expected: str):
    assert status(plans(spell), "cohort.f1", on) == expected


@pytest.mark.parametrize(("n", "expected"), [(2, "clear"), (3, "raised")])
def test_three_section_47_enquiries(n: int, expected: str):
    rows = "\n".join(f"s{i} | s47 | 201{i}-03-01" for i in range(n))
    assert status(f"{ABUSE}\nassessments | kind | on\n{rows}\n", "cohort.f1") == expected


@pytest.mark.parametrize(("on", "expected"), [("2025-01-01", "clear"), ("2025-01-02", "raised")])
def test_known_for_more_than_two_years_where_a_source_says_since_when(on: str, expected: str):
    assert status(ABUSE, "cohort.f1", on) == expected


def test_how_long_a_child_was_looked_after_does_not_say_how_long_known():
    long = ABUSE.replace("2023-01-09", "2015-01-09").replace("| 2023-01-01", "|")
    found = only(records(long), "cohort.f1")
    assert found.status == "not assessable"
    assert found.reason == "no record says since when social care has known the child"


def test_nobody_is_known_for_longer_than_they_have_lived():
    baby = ABUSE.replace("2010-05-12 | 2023-01-01", "2022-12-01 |")
    assert status(baby, "cohort.f1") == "clear"


def test_another_need_code_settles_it_whatever_else_is_missing():
    assert status(ABUSE.replace("N1", "N5"), "cohort.f1", covers="looks_after") == "clear"


def test_what_is_missing_is_named():
    found = only(records(ABUSE, covers="looks_after plans:child_protection@2020-01-01..2024-06-01"), "cohort.f1")
    assert found.status == "not assessable"
    assert "plans:child protection) from 12 May 2010 to 31 December 2019" in found.reason
    assert "assessments:s47" in found.reason
    no_need = only(records(ABUSE.replace("N1", "  ")), "cohort.f1", on="2025-06-01")
    assert no_need.reason == "no category of need is on record"


# --- F2: high-risk behaviour in early adolescence ---


def missing(*on: str, born: str = "2010-05-12", kind: str = "missing") -> str:
    rows = "\n".join(f"e{n} | {kind} | {day}" for n, day in enumerate(on, 1))
    events = f"\nevents | kind | on\n{rows}\n" if on else ""
    return f"child | born\nAsh | {born}\n{events}"


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        (("2022-01-01", "2022-02-01", "2022-03-31"), "raised"),  # 1 January to 31 March: 90 days
        (("2022-01-01", "2022-02-01", "2022-04-01"), "clear"),  # 91 days
        (("2022-01-01", "2022-02-01"), "clear"),
        (("2022-01-01", "2022-06-01", "2022-06-02", "2022-06-03"), "raised"),
    ],
)
def test_three_missing_periods_within_90_days_at_any_time(on: tuple[str, ...], expected: str):
    assert status(missing(*on), "cohort.f2") == expected


def test_the_periods_are_the_evidence():
    found = only(records(missing("2022-01-01", "2022-06-01", "2022-06-02", "2022-06-03")), "cohort.f2")
    assert {e.id for e in found.evidence} == {"e2", "e3", "e4"}
    assert "3 missing periods within 90 days, from 1 June 2022" in found.sentence


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("2012-01-01", "raised"),  # ten on the day of the first
        ("2012-01-02", "clear"),  # nine then: two are left
        ("2006-04-01", "raised"),  # fifteen on the day of the last
        ("2006-03-31", "clear"),  # sixteen on that day
    ],
)
def test_at_10_to_15_at_the_event(born: str, expected: str):
    text = missing("2022-01-01", "2022-02-01", "2022-03-31", born=born)
    # Looked at while every one of them is on record and the child not yet eighteen.
    assert status(text, "cohort.f2", on="2022-12-31") == expected


def test_days_away_are_not_missing_periods():
    assert status(missing("2022-01-01", "2022-01-02", "2022-01-03", kind="away"), "cohort.f2") == "clear"


@pytest.mark.parametrize(
    ("result", "expected"),
    [
        ("medium", "raised"), ("High risk", "raised"), ("Significant", "raised"), ("moderate", "raised"),
        ("low", "clear"), ("No risk", "clear"), ("emerging", "clear"),
        ("", "not assessable"), ("amber", "not assessable"),
    ],
)  # fmt: skip
def test_an_exploitation_assessment_of_medium_or_more(result: str, expected: str):
    text = f"{missing()}\n\nassessments | kind | on | result\na1 | exploitation | 2023-01-01 | {result}\n"
    assert status(text, "cohort.f2") == expected


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("exploitation", "raised"), ("child sexual exploitation", "raised"), ("CSE", "raised"),
     ("CCE - county lines", "raised"),      ("education", "clear"), ("access to a course", "clear")],
)  # fmt: skip
def test_exploitation_recorded_as_a_need(kind: str, expected: str):
    assert status(f"{missing()}\n\nneeds | kind | identified_on\nn1 | {kind} | 2023-01-01\n", "cohort.f2") == expected


def test_what_covers_only_part_of_those_years_leaves_it_unknown():
    found = only(records(missing(), covers="events:missing@2023-04-01..2024-06-01 assessments needs"), "cohort.f2")
    assert found.status == "not assessable"
    assert "events:missing) from 12 May 2020 to 31 March 2023" in found.reason
    # After sixteen the years that count are over: loads need not reach the day.
    old = missing(born="2007-01-01")
    assert status(old, "cohort.f2", covers="events@2017-01-01..2022-12-31 assessments needs") == "clear"


def test_what_is_on_record_counts_whatever_is_not_covered():
    text = missing("2022-01-01", "2022-02-01", "2022-03-01")
    assert status(text, "cohort.f2", covers="events:missing@2022-01-01..2022-03-31") == "raised"


def test_it_does_not_apply_before_ten_and_asks_for_a_date_of_birth():
    young = only(records(missing(born="2014-06-02")), "cohort.f2")
    assert (young.status, young.reason) == ("not applicable", "the child is younger than 10")
    assert status(missing(born="2014-06-01"), "cohort.f2") == "clear"


def test_a_third_period_still_to_come_is_not_known():
    text = missing("2022-01-01", "2022-02-01", "2022-03-01")
    assert status(text, "cohort.f2", on="2022-02-28") == "clear"
    assert status(text, "cohort.f2", on="2022-03-01") == "raised"


# --- F3: repeat placement breakdown ---


def homes(*rows: tuple[str, str, str], born: str = "2010-05-12", first: str = "2020-01-01") -> str:
    """Homes one after another: (end, change reason, unplanned)."""
    start, lines = first, []
    for n, (end, reason, unplanned) in enumerate(rows, 1):
        begins = "S" if n == 1 else "P"
        ends = "X1" if end else ""
        lines.append(f"p{n} | home{n} | U6 | {start} | {end} | {begins} | {ends} | {reason} | {unplanned}")
        start = end
    placed = "\n".join(lines)
    return f"""
child | born
Ash   | {born}

looks_after | legal_status | start    | start_reason
            | C2           | {first}  | S

placed_at | to | place_type | start | end | start_reason | end_reason | change_reason | unplanned
{placed}
"""


def test_two_unplanned_ends_in_24_months():
    text = homes(("2022-06-02", "CREQB", ""), ("2024-01-01", "ALLEG", ""), ("", "", ""))
    found = only(records(text), "cohort.f3")
    assert found.status == "raised"
    assert "2 unplanned ends of placements in 24 months" in found.sentence
    assert {e.id for e in found.evidence} == {"p1", "p2"}
    # A day earlier and the first is out of the 24 months to 1 June 2024.
    assert status(text.replace("2022-06-02", "2022-06-01"), "cohort.f3") == "clear"


@pytest.mark.parametrize(
    ("reason", "unplanned", "says"),
    [
        ("CREQB", "", True), ("CREQO", "", True), ("ALLEG", "", True), ("STAND", "", True), ("APPRR", "", True),
        ("CLOSE", "", True), ("CARPL", "", False), ("CHILD", "", False), ("LAREQ", "", False),
        ("OTHER", "", None), ("CUSTOD", "", None), ("", "", None),
        ("CARPL", "yes", True), ("CREQB", "no", False), ("", "yes", True),
    ],
)  # fmt: skip
def test_whether_an_end_was_planned(reason: str, unplanned: str, says: bool | None):
    of = records(homes(("2024-01-01", reason, unplanned), ("", "", "")))
    assert ended_unplanned(stays(of)[0]) is says


@pytest.mark.parametrize(("code", "says"), [("E4A", False), ("E4B", True), ("E4", None)])
def test_a_return_home_says_itself_whether_it_was_planned(code: str, says: bool | None):
    of = records(homes(("2024-01-01", "", "")).replace("| X1 |", f"| {code} |"))
    assert ended_unplanned(stays(of)[0]) is says


def test_three_placements_in_twelve_months_with_one_unplanned_end():
    text = homes(("2023-09-01", "CREQB", ""), ("2024-03-01", "CARPL", ""), ("", "", ""))
    found = only(records(text), "cohort.f3")
    assert found.status == "raised"
    assert "3 placements in 12 months, 1 of them ended unplanned" in found.sentence
    assert status(text.replace("CREQB", "CARPL"), "cohort.f3") == "clear"
    assert status(text, "cohort.f3", placements=4) == "clear"


def test_a_change_of_legal_status_is_no_placement():
    text = homes(("2023-09-01", "CREQB", ""), ("2024-03-01", "PLACE", ""), ("", "", "")).replace(
        "2024-03-01 |  | P", "2024-03-01 |  | L"
    )
    assert status(text, "cohort.f3") == "clear"


def test_an_end_without_a_reason_is_unknown_where_it_would_decide():
    one = homes(("2023-01-01", "CREQB", ""), ("2024-01-01", "", ""), ("", "", ""))
    found = only(records(one), "cohort.f3")
    assert (found.status, found.reason) == (
        "not assessable",
        "no record says why the placement ended on 1 January 2024",
    )
    assert found.measures["ends_without_reason"] == 1
    # One unknown alone cannot make two.
    assert status(homes(("2024-01-01", "", ""), ("", "", "")), "cohort.f3") == "clear"


def test_placements_must_be_covered_for_24_months_to_rule_it_out():
    text = homes(("", "", ""))
    found = only(records(text, covers="looks_after placed_at@2023-04-01..2024-06-01"), "cohort.f3")
    assert found.status == "not assessable"
    assert "placed_at) from 2 June 2022 to 31 March 2023" in found.reason
    assert status(text, "cohort.f3", covers="placed_at@2022-06-02..2024-06-01") == "clear"
    # Nobody was placed before birth.
    assert (
        status(
            homes(("", "", ""), born="2023-04-01", first="2023-05-01"),
            "cohort.f3",
            covers="placed_at@2023-04-01..2024-06-01",
        )
        == "clear"
    )


def test_it_does_not_apply_to_a_child_who_was_never_looked_after():
    never = "child | born\nAsh | 2010-05-12\n"
    assert status(never, "cohort.f3") == "not applicable"
    assert status(never, "cohort.f3", covers="looks_after@2023-01-01..2024-06-01") == "not assessable"


def test_an_end_still_to_come_and_its_reason_are_not_known():
    text = homes(("2023-09-01", "CREQB", ""), ("2024-03-01", "CREQB", ""), ("", "", ""))
    assert status(text, "cohort.f3", on="2024-02-29") == "clear"
    assert status(text, "cohort.f3", on="2024-03-01") == "raised"


# --- F4: emerging mental ill-health and self-harm ---

ALONE = "child | born\nAsh | 2010-05-12\n"


@pytest.mark.parametrize(
    ("table", "expected"),
    [
        ("involved_with | from | role | start | end\n | camhs | camhs | 2020-01-01 |", "raised"),
        ("involved_with | from | role | start | end\n | camhs | camhs | 2020-01-01 | 2022-06-02", "clear"),
        ("involved_with | from | role | start | end\n | camhs | camhs | 2020-01-01 | 2022-06-03", "raised"),
        ("involved_with | from | role | start\n | Gia | gp | 2020-01-01", "clear"),
        ("events | kind | on\n | self-harm | 2022-06-02", "raised"),
        ("events | kind | on\n | self-harm | 2022-06-01", "clear"),
        ("events | kind | on\n | suicide attempt | 2024-01-01", "raised"),
        ("events | kind | on\n | mental health detention | 2024-01-01", "raised"),
        ("events | kind | on\n | arrest | 2024-01-01", "clear"),
        ("needs | kind | identified_on | met\n | mental health | 2020-01-01 |", "raised"),
        ("needs | kind | identified_on | met\n | diagnosis: depression | 2023-01-01 |", "raised"),
        ("needs | kind | identified_on | met\n | mental health | 2020-01-01 | 2022-01-01", "clear"),
        ("needs | kind | identified_on | met\n | diagnosis: asthma | 2023-01-01 |", "clear"),
        ("needs | kind | identified_on | met\n | diagnosis | 2023-01-01 |", "not assessable"),
        ("referrals | need | made | to\n | therapy | 2023-01-01 | camhs1", "raised"),
        ("referrals | need | made | to\n | mental health | 2023-01-01 |", "raised"),
        ("referrals | need | made | closed\n | mental health | 2021-01-01 | 2022-01-01", "clear"),
        ("referrals | need | made | closed\n | mental health | 2021-01-01 |", "raised"),  # still waiting
        ("referrals | need | made | first_contact\n | mental health | 2021-01-01 | 2021-03-01", "clear"),
        ("assessments | kind | on | result\n | sdq | 2024-01-01 | 25", "clear"),  # supports, and decides nothing
    ],
)
def test_in_24_months(table: str, expected: str):
    agency = "agencies | kind | name\ncamhs1 | camhs | CAMHS North\n"
    assert status("\n\n".join((ALONE, agency, table)) + "\n", "cohort.f4") == expected


def test_a_high_sdq_is_shown_beside_it():
    sdq = "\n\nassessments | kind | on | result\ns1 | sdq | 2024-01-01 | 17\ns2 | sdq | 2023-01-01 | 16\n"
    harm = "\n\nevents | kind | on\nh1 | self-harm | 2024-01-01\n"
    found = only(records(ALONE + harm + sdq), "cohort.f4")
    assert (found.measures["sdq"], found.measures["sdq_of_concern"]) == (["16", "17"], 1)
    assert {e.id for e in found.evidence} == {"h1", "s1"}


def test_each_feed_that_is_missing_is_named():
    found = only(records(ALONE, covers="involved_with:camhs events:self-harm needs"), "cohort.f4")
    assert found.status == "not assessable"
    assert "referrals:camhs" in found.reason and "events:suicide attempt" in found.reason
    assert "involved_with" not in found.reason and "needs" not in found.reason
    enough = "involved_with:camhs referrals:camhs needs events:self-harm events:suicide_attempt"
    assert status(ALONE, "cohort.f4", covers=enough) == "clear"


# --- cohort.matches and cohort.near ---

FOUR = """
child | born       | known_since
Ash   | 2010-05-12 | 2012-01-01

looks_after | legal_status | start      | need | start_reason
            | C2           | 2020-01-01 | N1   | S

placed_at | to | place_type | start      | end        | start_reason | end_reason | change_reason
p1        | a  | U6         | 2020-01-01 | 2023-01-01 | S            | X1         | CREQB
p2        | b  | U6         | 2023-01-01 | 2024-01-01 | P            | X1         | CREQB
p3        | c  | U6         | 2024-01-01 |            | P            |            |

events | kind      | on
m1     | missing   | 2023-01-01
m2     | missing   | 2023-01-02
m3     | missing   | 2023-01-03
h1     | self-harm | 2024-01-01
"""
DROPPED = {
    "f1": ("N1", "N5"),
    "f2": ("2023-01-03", "2023-09-03"),
    "f3": ("CREQB", "CARPL"),
    "f4": ("self-harm", "arrest"),
}


def test_all_four_features_match_for_certain():
    found = only(records(FOUR), "cohort.matches")
    assert found.status == "raised"
    assert found.measures == {
        "features": {"f1": "yes", "f2": "yes", "f3": "yes", "f4": "yes"},
        "certain": 4,
        "possible": 4,
        "cut_offs": {"3": "yes", "4": "yes"},
        "dropped": {"f1": "yes", "f2": "yes", "f3": "yes", "f4": "yes"},
        "depends_on": [],
        "stability": "stable in",
        "sensitive_to": ["f2_missing", "f3_unplanned"],
        "label": "depends on: f2_missing, f3_unplanned",
    }
    assert {"m1", "h1", "p1", "p2", "Ash"} <= {e.id for e in found.evidence}
    assert only(records(FOUR), "cohort.near").status == "clear"


@pytest.mark.parametrize("feature", DROPPED)
def test_three_of_four_are_near(feature: str):
    of = records(FOUR.replace(*DROPPED[feature]))
    near = only(of, "cohort.near")
    assert near.status == "raised"
    assert near.measures["features"][feature] == "no"
    assert (near.measures["depends_on"], near.measures["stability"]) == ([feature], f"depends on {feature}")
    assert only(of, "cohort.matches").status == "clear"


def test_two_of_four_are_neither():
    of = records(FOUR.replace(*DROPPED["f1"]).replace(*DROPPED["f4"]))
    assert [only(of, f"cohort.{r}").status for r in ("matches", "near")] == ["clear", "clear"]
    assert only(of, "cohort.matches").measures["stability"] == "stable out"


def test_an_unknown_feature_makes_a_match_possible_and_three_certain():
    of = records(FOUR.replace(*DROPPED["f4"]), covers="looks_after placed_at events:missing assessments plans")
    matches = only(of, "cohort.matches")
    assert matches.status == "not assessable"
    assert matches.reason.startswith("emerging mental ill-health and self-harm (no load covers")
    assert matches.reason.endswith("is unknown; 3 of 4 features are certain")
    assert (matches.measures["certain"], matches.measures["possible"]) == (3, 4)
    assert matches.measures["depends_on"] == ["f4"]
    near = only(of, "cohort.near")
    assert near.status == "raised"
    assert "It is not known whether emerging mental ill-health and self-harm is met too." in near.sentence


def test_two_certain_and_two_unknown_make_both_possible():
    of = records(FOUR.replace(*DROPPED["f4"]).replace(*DROPPED["f2"]), covers="looks_after placed_at")
    for rule in ("matches", "near"):
        found = only(of, f"cohort.{rule}")
        assert found.status == "not assessable"
        assert "high-risk behaviour" in found.reason and "mental ill-health" in found.reason


def test_a_feature_that_cannot_concern_the_child_counts_as_not_met():
    young = records(FOUR.replace("2010-05-12 | 2012-01-01", "2016-05-12 | 2016-06-01"))
    assert only(young, "cohort.f2").status == "not applicable"
    assert only(young, "cohort.matches").measures["features"]["f2"] == "no"


def test_the_number_of_features_is_a_parameter_and_printed():
    of = records(FOUR.replace(*DROPPED["f1"]))
    found = only(of, "cohort.matches", cohort_features=3)
    assert (found.status, found.parameters["cohort_features"]) == ("raised", 3)


def test_as_at_an_earlier_day_fewer_features_are_met():
    of = records(FOUR)
    assert [only(of, "cohort.matches", on).status for on in ("2023-12-31", "2024-01-01")] == ["clear", "raised"]


def test_sentences_name_features_and_no_score():
    found = only(records(FOUR), "cohort.matches")
    assert found.sentence.startswith("The child meets 4 of the 4 features of the published description: chronic abuse")
    assert "score" not in found.sentence and "rank" not in found.sentence


ANSWERS = ("yes", "no", "unknown")


@pytest.mark.parametrize("answers", list(product(ANSWERS, repeat=4)))
def test_the_dual_cut_off_against_counting_every_way_the_unknown_could_fall(answers: tuple[str, ...]):
    """Certain: whatever the unknown turn out to be. Possible: some way they could turn out."""
    found = {f"f{n}": Feature(a, a) for n, a in enumerate(answers, 1)}  # type: ignore[arg-type]
    counts = [sum(way) for way in product(*({"yes": (1,), "no": (0,), "unknown": (0, 1)}[a] for a in answers))]
    matches = "raised" if min(counts) == 4 else "not assessable" if max(counts) == 4 else "clear"
    near = "raised" if min(counts) == 3 else "not assessable" if min(counts) < 3 <= max(counts) else "clear"
    assert _membership(found, 4, 4, exactly=False).status == matches
    assert _membership(found, 3, 4, exactly=True).status == near


def test_from_a_903_alone_nobody_matches_and_what_is_missing_is_named():
    of = records(
        FOUR.replace("| 2012-01-01", "|").replace(*DROPPED["f4"]),
        covers="placed_at looks_after involved_with:social_worker meetings:review events:missing",
    )
    assert features(as_at(of, date(2024, 6, 1)), date(2024, 6, 1), DEFAULTS)["f1"].answer == "unknown"
    found = only(of, "cohort.matches")
    assert found.status == "not assessable"
    assert found.measures["features"] == {"f1": "unknown", "f2": "yes", "f3": "yes", "f4": "unknown"}


@given(st.randoms(use_true_random=False))
def test_rows_in_any_order_give_the_same_findings(shuffle: random.Random):
    of = records(FOUR)
    rows, nodes = list(of.relationships), list(of.nodes.items())
    shuffle.shuffle(rows)
    shuffle.shuffle(nodes)
    mixed = dataclasses.replace(of, relationships=tuple(rows), nodes=dict(nodes))
    for rule in ("f1", "f2", "f3", "f4", "matches", "near"):
        assert findings(of, f"cohort.{rule}", ON) == findings(mixed, f"cohort.{rule}", ON)
