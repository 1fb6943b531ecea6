"""The cycle of crisis and move, ends without a review, and schools: a small table of records, a day, an answer."""

import dataclasses
from datetime import date
from typing import Any

import pytest

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records, statuses

ON = "2026-03-31"  # twelve months to it begin on 1 April 2025, twenty-four on 1 April 2024
AGAIN, ENDED, SCHOOLS = "continuity.start_again", "continuity.ended_without_review", "continuity.schools"


def only(of: Records, rule: str, subject: str | None = None, on: str = ON, **changed: Any) -> Finding:
    """The one finding of a rule (about a subject)."""
    found = [f for f in findings(of, rule, on, **changed) if subject is None or f.subject == subject]
    assert len(found) == 1, [(f.subject, f.status, f.sentence) for f in found]
    return found[0]


def evidence(finding: Finding) -> set[str]:
    return {e.id for e in finding.evidence}


# --- continuity.start_again ------------------------------------------------------------------------------

# Sophie (seed 001), section 5: crisis, move, settled, and concerns re-emerge. Three homes, two cycles.
HOMES = """| p1 | oak | 2024-04-01 | 2024-08-01 | S | CREQB
    | p2 | elm | 2024-08-01 | 2025-02-01 | P | CREQB
    | p3 | ash | 2025-02-01 | | P |"""
CRISES = """e1 | missing | 2024-07-01
    e2 | self-harm | 2025-01-10"""


def lived(homes: str = HOMES, crises: str = CRISES, covers: str | None = None, more: str = "") -> Records:
    return records(
        f"""
    looks_after | start | legal_status
    | 2024-04-01 | C2

    placed_at | id | to | start | end | start_reason | change_reason
    {homes}

    events | kind | on
    {crises}

    {more}""",
        covers,
    )


def test_two_cycles_in_two_years_are_raised_and_listed() -> None:
    found = only(lived(), AGAIN)
    assert found.status == "raised"
    assert found.sentence == (
        "Move, calm, crisis and move again 2 times in 24 months: moved on 1 April 2024, 91 days of calm, then missing, "
        "moved on 1 August 2024; moved on 1 August 2024, 162 days of calm, then self-harm, moved on 1 February 2025."
    )
    assert found.measures["cycles"] == 2
    assert found.measures["listed"][0] == {
        "moved": date(2024, 4, 1), "calm_days": 91, "crises": 1, "moved_again": date(2024, 8, 1),
    }  # fmt: skip
    assert found.measures["string"].split()[:2] == ["MSSSSSSCSS", "MSSSSSSSSSSSCSS"]
    assert evidence(found) == {"p1", "p2", "p3", "e1", "e2"}
    assert "persistent" not in found.measures


def test_the_calm_after_each_move_and_today_are_shown_and_nothing_is_foretold() -> None:
    found = only(lived(), AGAIN)
    assert found.measures["calm_days_after_each_move"] == [91, 162, 423]
    assert found.measures["days_since_last_crisis_or_move"] == 423


@pytest.mark.parametrize(
    ("crises", "cycles"),
    [
        (CRISES.replace("2024-07-01", "2024-04-29"), 1),  # 28 days of calm, and yet 94 days before the move
        ("a | missing | 2024-04-29\n    e1 | missing | 2024-07-01\n    e2 | missing | 2025-01-10", 2),
        ("a | missing | 2024-04-28\n    e1 | missing | 2024-07-01\n    e2 | missing | 2025-01-10", 1),  # 27 days
        (CRISES.replace("2024-07-01", "2024-06-06"), 2),  # 56 days before the next move
        (CRISES.replace("2024-07-01", "2024-06-05"), 1),  # 57
        (CRISES.replace("2024-07-01", "2024-08-01"), 2),  # on the day of the move: of the home that ended
        ("a | missing | 2024-04-01\n    e1 | missing | 2024-07-01\n    e2 | missing | 2025-01-10", 2),  # of the entry
        (CRISES.replace("missing", "substance misuse"), 1),  # no crisis in this sense
    ],
)
def test_what_makes_a_cycle(crises: str, cycles: int) -> None:
    """Cycles share their moves: one ends where the next begins."""
    found = only(lived(crises=crises), AGAIN)
    assert (found.measures["cycles"], found.status) == (cycles, "raised" if cycles == 2 else "clear")


def test_a_section_47_enquiry_is_a_crisis() -> None:
    of = lived(crises="e2 | self-harm | 2025-01-10", more="assessments | kind | on\n    s | s47 | 2024-07-01")
    assert only(of, AGAIN).status == "raised"


def test_a_planned_move_ends_a_cycle_without_counting_it() -> None:
    planned = HOMES.replace("2024-08-01 | S | CREQB", "2024-08-01 | S | CARPL")
    found = only(lived(planned), AGAIN)
    assert (found.status, found.measures["cycles"]) == ("clear", 1)


def test_a_move_of_one_household_is_none() -> None:
    """The carer stays (T): one placement, and one cycle."""
    same = HOMES.replace("2025-02-01 | P", "2025-02-01 | T")
    assert only(lived(same), AGAIN).measures["cycles"] == 1


def test_three_cycles_are_persistent() -> None:
    fourth = "| P | CREQO\n    | p4 | yew | 2025-09-01 | | P |"
    homes = HOMES.replace("2025-02-01 | | P |", f"2025-02-01 | 2025-09-01 {fourth}")
    found = only(lived(homes, f"{CRISES}\n    e3 | arrest | 2025-08-20"), AGAIN)
    assert found.measures["persistent"] is True
    assert "persistently, 3 times" in found.sentence


def test_both_moves_of_a_cycle_fall_in_the_months() -> None:
    assert only(lived(), AGAIN).measures["cycles"] == 2  # 1 April 2024 is the first day of the 24 months
    assert only(lived(), AGAIN, on="2026-04-01").status == "clear"


def test_a_crisis_or_move_after_the_day_is_not_known_yet() -> None:
    assert only(lived(), AGAIN, on="2025-01-31").status == "clear"
    assert only(lived(), AGAIN, on="2025-02-01").status == "raised"


def test_missing_records_of_crises_look_like_calm() -> None:
    """Raised or clear only where loads tell of missing periods, exclusions and self-harm."""
    of = lived(covers="looks_after placed_at events:missing assessments:s47")
    found = only(of, AGAIN)
    assert found.status == "not assessable"
    assert found.reason.startswith("no load covers exclusion, self-harm, suicide attempt, ")
    core = lived(covers="looks_after placed_at events:missing events:exclusion events:self-harm")
    assert only(core, AGAIN).status == "raised"
    assert (
        "Not covered by any load: s47, suicide attempt, mental health detention, arrest, " in only(core, AGAIN).sentence
    )


def test_a_child_with_less_than_two_unplanned_moves_needs_no_records_of_crises() -> None:
    one = "| p1 | oak | 2024-04-01 | 2024-08-01 | S | CREQB\n    | p2 | elm | 2024-08-01 | | P |"
    assert only(lived(one, covers="looks_after placed_at"), AGAIN).status == "clear"
    assert only(lived(one, covers="looks_after"), AGAIN).reason == (
        "no load covers placements (placed_at) from 1 April 2024 to 31 March 2026"
    )


def test_a_child_who_was_not_looked_after_has_no_cycle() -> None:
    assert only(records(""), AGAIN).status == "not applicable"


# Three homes, no crisis on record: whether that was calm hangs on every kind of crisis.
CALM = """
child | born
Ash | 2012-05-12

looks_after | start | legal_status
| 2024-04-01 | C2

placed_at | to | start | end | start_reason | change_reason
| oak | 2024-04-01 | 2024-08-01 | S | CREQB
| elm | 2024-08-01 | 2025-02-01 | P | CREQB
| ash | 2025-02-01 | | P |
"""


def test_calm_is_only_told_from_silence_where_every_kind_of_crisis_is_covered() -> None:
    assert only(records(CALM), AGAIN, on="2025-03-03").status == "clear"
    seen = "looks_after placed_at events:missing events:exclusion events:self-harm"
    assert only(records(CALM, covers=seen), AGAIN, on="2025-03-03").status == "not assessable"


# --- continuity.ended_without_review ---------------------------------------------------------------------


def ended(
    reason: str = "CARPL", review: str = "", emergency: str = "", basis: str = "", covers: str | None = None,
    began: str = "2024-06-03", end: str = "2025-11-17",
) -> Records:  # fmt: skip
    return records(
        f"""
    looks_after | start | legal_status
    | {min(began, end)} | C2

    placed_at | id | to | start | end | start_reason | change_reason | basis | emergency
    | p1 | oak | {began} | {end} | S | {reason} | {basis} |
    | p2 | elm | {end} | | P | | | {emergency}

    meetings | kind | on
    {f"r | review | {review}" if review else ""}""",
        covers,
    )


# A home of the care plan that ended with no review on record.
BY_THE_PLAN = """
child | born
Ash | 2012-05-12

looks_after | start | legal_status
| 2024-06-03 | C2

placed_at | id | to | start | end | start_reason | change_reason
| p1 | oak | 2024-06-03 | 2025-11-17 | S | CARPL
| p2 | elm | 2025-11-17 | | P |
"""


def test_an_end_by_the_care_plan_needs_a_review_as_well() -> None:
    assert statuses(records(BY_THE_PLAN), ENDED, ON) == {"PlacedAt:p1": "raised"}


def test_an_end_by_the_authority_with_no_review_before_it() -> None:
    found = only(ended(), ENDED)
    assert (found.status, found.subject) == ("raised", "PlacedAt:p1")
    assert found.sentence == (
        "The authority ended the placement at oak on 17 November 2025 (change to or with the care plan): no record of "
        "a review from 17 May 2025 to 17 November 2025."
    )
    assert "regulation 14(3)" in found.question
    assert evidence(found) == {"p1", "p2"}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"review": "2025-05-17"}, "clear"),  # six months before
        ({"review": "2025-05-16"}, "raised"),
        ({"review": "2025-11-17"}, "clear"),  # the day itself
        ({"review": "2025-11-18"}, "raised"),
        ({"review": "2025-09-30", "began": "2025-10-01"}, "raised"),  # before the child lived there
        ({"reason": "LAREQ"}, "raised"),
        ({"reason": "STAND"}, "raised"),
        ({"reason": "CREQB"}, "clear"),  # the carer ended it
        ({"reason": "CHILD"}, "clear"),
        ({"reason": "CLOSE"}, "clear"),
        ({"reason": ""}, "not assessable"),
        ({"reason": "OTHER"}, "not assessable"),
        ({"emergency": "yes"}, "clear"),
        ({"emergency": "no"}, "raised"),
        ({"basis": "regulation 24"}, "not assessable"),
        ({"basis": "reg. 19"}, "not assessable"),
        ({"basis": "regulation 22"}, "raised"),
    ],
)
def test_the_review_and_the_exceptions(given: dict[str, str], status: str) -> None:
    assert only(ended(**given), ENDED).status == status


def test_who_ended_it_is_said_as_it_is_recorded() -> None:
    assert only(ended("CREQB"), ENDED).sentence == (
        "The record does not say that the authority ended the placement at oak: carer asked for it to end because of "
        "behaviour."
    )
    assert only(ended(""), ENDED).reason == "who ended the placement at oak is not on record"


def test_without_reviews_it_cannot_be_said() -> None:
    found = only(ended(covers="looks_after placed_at meetings:visit"), ENDED)
    assert found.reason == "no load covers meetings (meetings:review) from 17 May 2025 to 17 November 2025"


def test_before_the_regulations_and_before_the_twelve_months() -> None:
    old = ended(began="2010-01-04", end="2011-03-31")
    assert only(old, ENDED, on="2011-12-31").status == "not applicable"
    assert only(ended(began="2010-01-04", end="2011-04-01"), ENDED, on="2011-12-31").status == "raised"
    assert only(ended(end="2025-03-31"), ENDED).subject == ""
    assert only(ended(end="2025-04-01"), ENDED).status == "raised"


def test_the_end_of_care_is_no_end_by_regulation_14() -> None:
    of = records("""
    looks_after | start | end | legal_status
    | 2024-06-03 | 2025-11-17 | C2

    placed_at | to | start | end | change_reason
    | oak | 2024-06-03 | 2025-11-17 | CARPL""")
    assert only(of, ENDED).sentence == "No change of carer on record from 1 April 2025 to 31 March 2026."
    assert only(records(""), ENDED).status == "not applicable"


# --- continuity.schools ----------------------------------------------------------------------------------


def roll(rows: str, born: str = "2012-05-12", covers: str | None = None) -> Records:
    return records(f"child | born\n    Ash | {born}\n\n    attends | id | to | start | end\n    {rows}", covers)


def schools(first: str, second: str, third: str) -> str:
    """Three schools on end, the second and third begun on these days."""
    return f"""| a | school:A | {first} | {second}
    | b | school:B | {second} | {third}
    | c | school:C | {third} |"""


def test_two_moves_in_the_middle_of_a_year_are_raised() -> None:
    found = only(roll(schools("2023-09-04", "2025-11-03", "2026-01-12")), SCHOOLS)
    assert (found.status, found.subject) == ("raised", "")
    assert found.sentence == (
        "2 school moves in the middle of a school year: to B on 3 November 2025 and to C on 12 January 2026."
    )
    assert found.measures == {
        "schools": 3, "moves": 2, "mid_year_moves": 2, "working_days_on_no_roll": 0, "coverage": 1.0,
    }  # fmt: skip
    assert evidence(found) == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("second", "mid_year"),
    [
        ("2025-07-31", 2), ("2025-08-01", 1), ("2025-08-31", 1), ("2025-09-14", 1), ("2025-09-15", 2),
    ],
)  # fmt: skip
def test_a_school_that_begins_with_the_school_year_is_no_move_in_the_middle_of_it(second: str, mid_year: int) -> None:
    assert only(roll(schools("2023-09-04", second, "2026-01-12")), SCHOOLS).measures["mid_year_moves"] == mid_year


@pytest.mark.parametrize(
    ("rows", "moves"),
    [
        # a unit beside the school that goes on
        ("| a | school:A | 2023-09-04 |\n    | b | school:B | 2025-11-03 | 2026-01-12", 0),
        # the same school, written down again
        ("| a | school:A | 2023-09-04 | 2025-11-03\n    | b | school:A | 2025-11-03 |", 0),
        # a first school is no move
        ("| a | school:A | 2025-11-03 |", 0),
        # a dual roll until the old one ended
        ("| a | school:A | 2023-09-04 | 2025-12-01\n    | b | school:B | 2025-11-03 |", 1),
    ],
)
def test_what_is_a_move(rows: str, moves: int) -> None:
    assert only(roll(rows), SCHOOLS).measures["moves"] == moves


@pytest.mark.parametrize(
    ("left", "again", "n", "status"),
    [
        ("2025-11-03", "2025-11-03", 0, "clear"),  # half-open: ends and starts on one day, no gap
        ("2025-11-03", "2025-11-21", 14, "clear"),
        ("2025-11-03", "2025-11-22", 15, "raised"),
        ("2025-07-22", "2025-09-03", 10, "clear"),  # August is not counted
        ("2025-12-22", "2026-01-05", 7, "clear"),  # three bank holidays
    ],
)
def test_working_days_on_no_roll(left: str, again: str, n: int, status: str) -> None:
    found = only(roll(f"| a | school:A | 2023-09-04 | {left}\n    | b | school:A | {again} |"), SCHOOLS)
    assert (found.measures["working_days_on_no_roll"], found.status) == (n, status)


def test_days_on_no_roll_are_of_compulsory_school_age() -> None:
    """Born 12 May 2009: compulsory school age ended on 27 June 2025."""
    found = only(roll("| a | school:A | 2023-09-04 | 2025-06-28", born="2009-05-12"), SCHOOLS)
    assert found.measures["working_days_on_no_roll"] == 0
    assert only(roll("", born="2008-05-12"), SCHOOLS).status == "not applicable"
    assert only(roll("", born="2022-05-12"), SCHOOLS).status == "not applicable"


def test_a_move_after_the_day_is_not_known_yet() -> None:
    of = roll(schools("2023-09-04", "2025-11-03", "2026-01-12"))
    assert only(of, SCHOOLS, on="2026-01-11").status == "clear"
    assert only(of, SCHOOLS, on="2026-01-12").status == "raised"


def test_moves_before_the_twelve_months_are_not_counted() -> None:
    assert only(roll(schools("2023-09-04", "2025-03-31", "2026-01-12")), SCHOOLS).measures["mid_year_moves"] == 1
    assert only(roll(schools("2023-09-04", "2025-04-01", "2026-01-12")), SCHOOLS).measures["mid_year_moves"] == 2


def test_without_schools_it_cannot_be_said() -> None:
    found = only(roll("", covers="placed_at"), SCHOOLS)
    assert found.reason == "no load covers schools (attends) from 1 April 2025 to 31 March 2026"
    assert only(roll(schools("2023-09-04", "2025-11-03", "2026-01-12"), covers=""), SCHOOLS).status == "raised"
    nobody = records("attends | to | start\n    | school:A | 2023-09-04")
    unborn = dataclasses.replace(nobody, child=dataclasses.replace(nobody.child, born=None))
    assert only(unborn, SCHOOLS).reason == "the child's date of birth is not on record"


def test_each_rule_says_one_thing_of_a_child_without_records() -> None:
    assert {rule: statuses(records(""), rule, ON) for rule in (AGAIN, ENDED)} == {
        AGAIN: {"": "not applicable"},
        ENDED: {"": "not applicable"},
    }
