"""What a boundary cost: a small table of records, a day, and what is found."""

import dataclasses
from datetime import date

import pytest

from graph.findings import Finding, find_rule
from graph.records import Records
from tests.spec.small import findings, records, statuses

ON = "2026-03-31"
OUTSIDE, DISTANCE, FAR, GAP = (
    "area.outside_authority",
    "area.at_a_distance",
    "area.over_20_miles",
    "area.service_gap",
)
FACTS = (OUTSIDE, DISTANCE, FAR)

BIRMINGHAM, SOLIHULL, CORNWALL, COVENTRY = "E08000025", "E08000029", "E06000052", "E08000026"


def only(of: Records, rule: str, on: str = ON, subject: str | None = None, **changed: object) -> Finding:
    """The one finding of a rule (about a subject)."""
    found = [f for f in findings(of, rule, on, **changed) if subject is None or f.subject == subject]
    assert len(found) == 1, [(f.subject, f.sentence) for f in found]
    return found[0]


# --- three facts about the placement at t ----------------------------------------------------------------


def living(
    area: str | None, miles: str = "", start: str = "2025-11-17", covers: str | None = None, more: str = ""
) -> Records:
    located = f"in_area | id | from | to\n| ia | ash | {area}" if area else ""
    return records(
        f"""
    looks_after | id | start      | legal_status
                | la | 2012-06-03 | C2

    placed_at | id | to  | start   | start_reason | place_type | miles
              | p1 | oak | 2012-06-03 | S         | U6         | 3.2
              | p2 | ash | {start} | P            | K2         | {miles}

    {located}

    {more}
    """,
        covers,
    )


def test_a_home_in_the_childs_own_authority_is_inside_it() -> None:
    found = only(living(BIRMINGHAM), OUTSIDE)
    assert (found.status, found.sentence) == ("clear", "Ash is in Birmingham, the child's own authority.")
    assert only(living(BIRMINGHAM), DISTANCE).status == "clear"


def test_a_home_in_an_authority_that_adjoins_is_outside_and_not_at_a_distance() -> None:
    found = only(living(SOLIHULL), OUTSIDE)
    assert (found.status, found.sentence) == ("raised", "Ash is in Solihull, outside Birmingham.")
    found = only(living(SOLIHULL), DISTANCE)
    assert (found.status, found.sentence) == ("clear", "Ash is in Solihull, which adjoins Birmingham.")


def test_a_home_in_an_authority_that_does_not_adjoin_is_at_a_distance() -> None:
    """Sophie (seed 001), fact 4; Coventry is near and yet does not adjoin Birmingham: miles are no part of it."""
    for area, name in ((CORNWALL, "Cornwall"), (COVENTRY, "Coventry")):
        found = only(living(area), DISTANCE)
        assert (found.status, found.sentence) == ("raised", f"Ash is in {name}, which does not adjoin Birmingham.")
        assert (found.subject, {e.id for e in found.evidence}) == ("PlacedAt:p2", {"p2", "ia", "la"})


def test_the_three_facts_stay_three() -> None:
    """Inside the authority and yet far; next door, and near: DfE crosses the two."""
    of = living(CORNWALL, "31.4")
    by_cornwall = [dataclasses.replace(r, from_id=CORNWALL) if r.id == "la" else r for r in of.relationships]
    own = dataclasses.replace(of, relationships=tuple(by_cornwall))
    assert [only(own, rule).status for rule in FACTS] == ["clear", "clear", "raised"]
    assert [only(living(SOLIHULL, "6.1"), rule).status for rule in FACTS] == ["raised", "clear", "clear"]
    assert all(find_rule(rule).fact for rule in FACTS)


@pytest.mark.parametrize(
    ("miles", "status"), [("20", "clear"), ("20.1", "raised"), ("0", "clear"), ("231.4", "raised")]
)
def test_over_twenty_miles_is_over_twenty(miles: str, status: str) -> None:
    found = only(living(CORNWALL, miles), FAR)
    assert (found.status, found.measures) == (status, {"miles": float(miles)})
    assert found.parameters == {"far_miles": 20.0}
    assert found.sentence == f"Ash is {float(miles):g} miles from home in a straight line."


def test_a_distance_not_on_record_cannot_be_said() -> None:
    """A 903 leaves it blank for an unaccompanied child."""
    found = only(living(CORNWALL), FAR)
    assert (found.status, found.reason) == ("not assessable", "no record of how far ash is from home")


def test_a_later_row_of_the_same_home_that_leaves_the_distance_out_does_not_lose_it() -> None:
    more = "placed_at | id | to | start | start_reason | place_type\n    | p3 | ash | 2026-02-02 | L | K2"
    of = living(CORNWALL, "231.4", more=more)
    ended = dataclasses.replace(
        of,
        relationships=tuple(
            dataclasses.replace(r, end=date(2026, 2, 2)) if r.id == "p2" else r for r in of.relationships
        ),
    )
    found = only(ended, FAR)
    assert (found.status, found.subject) == ("raised", "PlacedAt:p2")


def test_an_area_not_on_record_cannot_be_said() -> None:
    for rule in (OUTSIDE, DISTANCE):
        found = only(living(None), rule)
        assert (found.status, found.reason) == (
            "not assessable",
            "no record of the authority in whose area the home is: ash",
        )


def test_at_a_distance_is_a_term_of_the_regulations_from_27_january_2014() -> None:
    of = living(CORNWALL, start="2013-03-01")
    assert only(of, DISTANCE, "2014-01-26").status == "not applicable"
    assert only(of, DISTANCE, "2014-01-27").status == "raised"
    assert only(of, OUTSIDE, "2014-01-26").status == "raised"


def test_an_old_code_of_an_authority_is_the_authority() -> None:
    """A home recorded in Carlisle, a district until 2023, is in Cumberland."""
    assert only(living("E07000028"), OUTSIDE).sentence == "Ash is in Cumberland, outside Birmingham."


def test_the_authority_that_looks_after_the_child_on_the_day_is_the_responsible_one() -> None:
    more = f"looks_after | from | start | end | legal_status\n    | {CORNWALL} | 2013-01-01 | 2014-01-01 | C2"
    assert only(living(CORNWALL, more=more), OUTSIDE).status == "raised"
    more = f"looks_after | from | start | legal_status\n    | {CORNWALL} | 2025-01-01 | C2"
    assert only(living(CORNWALL, more=more), OUTSIDE).status == "clear"


def test_a_home_in_wales_or_scotland() -> None:
    found = only(living("W92000004"), DISTANCE)
    assert found.status == "raised"  # Birmingham has no border with Wales
    shropshire = records(
        """
    looks_after | from      | start      | legal_status
                | E06000051 | 2019-06-03 | C2

    placed_at | to  | start
              | ash | 2025-11-17

    in_area | from | to
            | ash  | W92000004
    """,
        authority="E06000051",
    )
    found = only(shropshire, DISTANCE)
    assert (found.status, found.reason) == (
        "not assessable",
        "which councils of Wales adjoin Shropshire is not on file",
    )


def test_an_authority_that_no_list_knows_cannot_be_compared() -> None:
    found = only(living("X99"), DISTANCE)
    assert (found.status, found.reason) == ("not assessable", "which authorities adjoin X99 is not on file")
    assert only(living("X99"), OUTSIDE).status == "raised"


@pytest.mark.parametrize("rule", FACTS)
def test_the_facts_are_about_the_placement_on_the_day(rule: str) -> None:
    of = living(CORNWALL, "231.4", more=f"in_area | from | to\n    | oak | {BIRMINGHAM}")
    assert only(of, rule, "2025-11-16").status == "clear"
    assert only(of, rule, "2025-11-17").status == "raised"


@pytest.mark.parametrize("rule", FACTS)
def test_during_a_stay_in_hospital_the_placement_is_the_home(rule: str) -> None:
    more = (
        "placed_at | id | to | start | start_reason | place_type | miles\n    | p3 | hospital | 2026-03-01 | P | T1 | 1"
    )
    of = living(CORNWALL, "231.4", more=more)
    ended = dataclasses.replace(
        of,
        relationships=tuple(
            dataclasses.replace(r, end=date(2026, 3, 1)) if r.id == "p2" else r for r in of.relationships
        ),
    )
    assert (only(ended, rule).status, only(ended, rule).subject) == ("raised", "PlacedAt:p2")


@pytest.mark.parametrize("rule", FACTS)
def test_facts_need_a_child_looked_after_with_a_placement_that_loads_cover(rule: str) -> None:
    assert only(records(""), rule).status == "not applicable"
    assert only(records("", covers="placed_at"), rule).reason == (
        "no load covers periods of care (looks_after) on 31 March 2026"
    )
    stale = living(CORNWALL, "231.4", covers="looks_after placed_at@2025-04-01..2026-03-30")
    assert only(stale, rule).reason == "no load covers placements (placed_at) on 31 March 2026"
    care = records("looks_after | start | legal_status\n| 2019-06-03 | C2")
    assert only(care, rule).reason == "no placement is on record on 31 March 2026"


# --- area.service_gap ------------------------------------------------------------------------------------


def services(
    rows: str, covers: str | None = None, more: str = "", move: str = "2025-11-17", born: str = "2012-05-12"
) -> Records:
    of = "\n".join(f"| {row}" for row in rows.splitlines() if row.strip())
    return records(
        f"""
child | born
Ash   | {born}

looks_after | start      | legal_status
            | 2019-06-03 | C2

placed_at | id | to  | start      | end    | start_reason | place_type
          | p1 | oak | 2019-06-03 | {move} | S            | U6
          | p2 | ash | {move}     |        | P            | K2

involved_with | id | from | role | start | end | end_reason | agency | need
{of}

{more}
""",
        covers,
    )


def of_service(of: Records, service: str, on: str = ON, **changed: object) -> Finding:
    return only(of, GAP, on, f"PlacedAt:p2:{service}", **changed)


def test_therapy_that_stopped_at_a_move_and_never_resumed() -> None:
    """Child B (seed 000), fact 7."""
    found = of_service(services("ca | Moss | camhs | 2025-03-03 | 2025-11-28"), "camhs")
    assert found.status == "raised"
    assert found.sentence == (
        "CAMHS (Moss) stopped on 28 November 2025, 11 days after the move of 17 November 2025; "
        "no record that it resumed: 123 days so far (28 days allowed)."
    )
    assert found.measures == {
        "state": "never resumed",
        "gap": 123,
        "unit": "days",
        "allowance": 28,
    }
    assert {e.id for e in found.evidence} == {"p2", "ca"}


def test_therapy_that_resumed_too_late_is_a_gap() -> None:
    rows = "ca | Moss | camhs | 2025-03-03 | 2025-11-17\ncb | Trewin | camhs | 2026-02-02 |"
    found = of_service(services(rows), "camhs")
    assert (found.status, found.measures["state"]) == ("raised", "gap")
    assert found.sentence == (
        "CAMHS (Moss) stopped on 17 November 2025, the day of the move of 17 November 2025; "
        "CAMHS (Trewin) began on 2 February 2026: a gap of 77 days (28 days allowed)."
    )
    assert {e.id for e in found.evidence} == {"p2", "ca", "cb"}


@pytest.mark.parametrize(("back", "status"), [("2025-12-15", "clear"), ("2025-12-16", "raised")])
def test_as_many_days_as_allowed_are_no_gap_and_one_more_is(back: str, status: str) -> None:
    rows = f"ca | Moss | camhs | 2025-03-03 | 2025-11-17\ncb | Trewin | camhs | {back} |"
    found = of_service(services(rows), "camhs")
    assert found.status == status
    if status == "clear":
        assert found.measures["state"] == "handed over"
        assert found.sentence.startswith("Handed over: CAMHS (Moss) stopped on 17 November 2025")
        assert found.sentence.endswith("28 days later (28 days allowed).")


@pytest.mark.parametrize(
    ("end", "active"),
    [
        ("2025-11-02", False),  # fifteen days before the move: it had stopped already
        ("2025-11-03", True),  # fourteen
        ("2025-12-15", True),  # twenty-eight days after it
    ],
)
def test_a_service_stopped_at_a_move_if_it_ended_around_it(end: str, active: bool) -> None:
    found = statuses(services(f"ca | Moss | camhs | 2025-03-03 | {end}"), GAP, ON)
    assert found == ({"PlacedAt:p2:camhs": "raised"} if active else {"PlacedAt:p2": "clear"})


def test_a_service_that_went_on_past_the_days_after_the_move_continued() -> None:
    found = of_service(services("ca | Moss | camhs | 2025-03-03 | 2025-12-16"), "camhs")
    assert (found.status, found.sentence) == (
        "clear",
        "Continued: CAMHS (Moss) went on through the move of 17 November 2025.",
    )


def test_a_service_that_follows_the_child_continues() -> None:
    """Seed 003: a service that goes on working with a young person who moves placement."""
    found = of_service(services("nc | Bell | exploitation_worker | 2025-06-02 |"), "exploitation_worker")
    assert (found.status, found.measures["state"]) == ("clear", "continued")


def test_the_same_agency_with_another_person_continues() -> None:
    rows = """na | Bell | exploitation_worker | 2025-06-02 | 2025-11-17 | | NSPCC
    nb | Quint | exploitation_worker | 2025-11-20 | | | NSPCC"""
    found = of_service(services(rows), "exploitation_worker")
    assert (found.status, found.measures["state"], found.measures["gap"]) == ("clear", "continued", 3)


def test_one_who_took_over_before_the_other_left_leaves_nothing_out() -> None:
    rows = "ca | Moss | camhs | 2025-03-03 | 2025-11-28\ncb | Trewin | camhs | 2025-11-20 |"
    found = of_service(services(rows), "camhs")
    assert (found.status, found.measures["state"], found.measures["gap"]) == ("clear", "handed over", 0)


def test_one_who_came_and_went_before_the_other_left_is_no_resumption() -> None:
    rows = "ca | Moss | camhs | 2025-03-03 | 2025-11-28\ncb | Trewin | camhs | 2025-11-20 | 2025-11-25"
    assert of_service(services(rows), "camhs").measures["state"] == "never resumed"


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("Completed", "clear"),
        ("work finished: goals met", "clear"),
        ("need met", "clear"),
        ("", "raised"),
        ("moved out of area", "raised"),
        ("completed because of placement move", "raised"),
        ("not completed", "raised"),
        ("closed", "raised"),
    ],
)
def test_a_reason_clears_only_if_it_says_that_the_need_had_ended(reason: str, status: str) -> None:
    found = of_service(services(f"ca | Moss | camhs | 2025-03-03 | 2025-11-28 | {reason}"), "camhs")
    assert found.status == status
    assert found.measures["state"] == ("ended with a reason" if status == "clear" else "never resumed")


def test_within_its_days_a_service_is_waited_for() -> None:
    of = services("ca | Moss | camhs | 2025-03-03 | 2025-11-28")
    found = of_service(of, "camhs", "2025-12-26")
    assert (found.status, found.sentence) == (
        "clear",
        "CAMHS (Moss) stopped on 28 November 2025, 11 days after the move of 17 November 2025; "
        "no record yet that it resumed: 28 days so far (28 days allowed).",
    )
    assert of_service(of, "camhs", "2025-12-27").status == "raised"


@pytest.mark.parametrize(
    ("role", "end", "last_allowed", "too_late"),
    [
        ("gp", "2025-11-20", "2025-12-04", "2025-12-05"),  # ten working days
        ("exploitation_worker", "2025-11-20", "2025-11-27", "2025-11-28"),  # seven days
        ("lac_nurse", "2025-11-20", "2025-12-18", "2025-12-19"),  # twenty-eight days
        ("yot_worker", "2025-11-20", "2025-12-18", "2025-12-19"),
        ("advocate", "2025-11-20", "2025-12-18", "2025-12-19"),
    ],
)
def test_each_service_has_its_own_days(role: str, end: str, last_allowed: str, too_late: str) -> None:
    rows = f"a | Old | {role} | 2025-03-03 | {end}\nb | New | {role} | {{}} |"
    assert of_service(services(rows.format(last_allowed)), role).status == "clear"
    assert of_service(services(rows.format(too_late)), role).status == "raised"


def test_the_days_allowed_can_be_changed() -> None:
    of = services("a | Old | gp | 2025-03-03 | 2025-11-20\nb | New | gp | 2025-12-05 |")
    assert of_service(of, "gp", allowance_gp_working_days=11).status == "clear"


ROLL = "attends | id | to | start | end\n| s1 | school:Kingsway | 2023-09-04 | {end}\n{next}"


def test_a_school_place_has_twenty_school_days() -> None:
    """14 November to 12 December is twenty working days outside August; 15 December is one more."""
    back = "| s2 | school:Bodmin | {} |"
    late = services("", more=ROLL.format(end="2025-11-14", next=back.format("2025-12-15")))
    found = of_service(late, "school")
    assert found.status == "raised"
    assert found.sentence == (
        "School (Kingsway) stopped on 14 November 2025, 3 days before the move of 17 November 2025; "
        "school (Bodmin) began on 15 December 2025: a gap of 21 school days "
        "(20 school days allowed, counted as working days outside August)."
    )
    in_time = services("", more=ROLL.format(end="2025-11-14", next=back.format("2025-12-12")))
    assert of_service(in_time, "school").measures["state"] == "handed over"


def test_a_school_that_ends_before_august_is_not_missed_in_it() -> None:
    back = "| s2 | school:Bodmin | 2025-09-03 |"
    of = services("", more=ROLL.format(end="2025-07-22", next=back), move="2025-07-25")
    assert (of_service(of, "school").status, of_service(of, "school").measures["gap"]) == ("clear", 10)


def test_a_school_that_ends_with_school_age_is_not_missed() -> None:
    of = services("", more=ROLL.format(end="2025-07-04", next=""), move="2025-07-07", born="2009-05-12")
    found = of_service(of, "school")
    assert (found.status, found.measures["state"]) == ("clear", "ended with a reason")
    assert found.sentence.endswith("compulsory school age was over.")


def test_another_service_for_the_same_need_takes_over() -> None:
    rows = """ca | Moss | camhs | 2025-03-03 | 2025-11-28 | | | trauma
    ps | Lear | psychologist | 2025-12-08 | | | | trauma"""
    found = of_service(services(rows), "camhs")
    assert (found.status, found.measures["state"], found.measures["gap"]) == ("clear", "handed over", 10)
    other = rows.replace("| trauma\n", "| sleep\n")
    assert of_service(services(other), "camhs").status == "raised"


def test_those_who_hold_the_case_or_the_home_are_no_services() -> None:
    rows = """a | Brandt | social_worker | 2025-05-06 | 2025-11-20
    b | Okafor | foster_carer | 2024-02-05 | 2025-11-17
    c | Whitfield | iro | 2019-06-03 | 2025-11-20"""
    found = only(services(rows), GAP)
    assert (found.subject, found.status, found.sentence) == (
        "PlacedAt:p2",
        "clear",
        "No service on record at the move of 17 November 2025.",
    )


def test_voluntary_workers_are_told_apart_by_the_service_they_give() -> None:
    more = """involved_with | id | from | role | service | start | end
| a | Ime | voluntary | mentoring | 2025-03-03 | 2025-11-20
| b | Joy | voluntary | counselling | 2025-03-03 |"""
    assert statuses(services("", more=more), GAP, ON) == {
        "PlacedAt:p2:voluntary/counselling": "clear",
        "PlacedAt:p2:voluntary/mentoring": "raised",
    }


def test_each_move_and_service_has_its_own_finding_and_each_its_own_key() -> None:
    rows = "ca | Moss | camhs | 2025-03-03 | 2025-11-28\nln | Adeyemi | lac_nurse | 2023-01-01 | 2025-11-20"
    found = findings(services(rows), GAP, ON)
    assert [(f.subject, f.status) for f in found] == [
        ("PlacedAt:p2:camhs", "raised"),
        ("PlacedAt:p2:lac_nurse", "raised"),
    ]
    assert len({f.key for f in found}) == 2


def test_with_the_903_alone_the_services_not_covered_are_named() -> None:
    found = only(services("", "looks_after placed_at involved_with:social_worker"), GAP)
    assert (found.subject, found.status) == ("PlacedAt:p2", "not assessable")
    assert found.reason.startswith("no load covers school, CAMHS, GP, looked-after children's nurse, ")
    assert found.reason.endswith(" (involved_with, attends) from 3 November 2025 on")


def test_a_service_that_is_covered_is_assessed_beside_those_that_are_not() -> None:
    of = services("ca | Moss | camhs | 2025-03-03 | 2025-11-28", "looks_after placed_at involved_with:camhs")
    assert statuses(of, GAP, ON) == {"PlacedAt:p2:camhs": "raised", "PlacedAt:p2": "not assessable"}


def test_the_days_before_the_move_in_which_a_service_may_have_stopped_must_be_covered_too() -> None:
    covers = "looks_after placed_at involved_with:camhs@{}..2026-03-31"
    of = services("ca | Moss | camhs | 2025-03-03 | 2025-11-28", covers.format("2025-11-03"))
    assert of_service(of, "camhs").status == "raised"
    of = services("ca | Moss | camhs | 2025-03-03 | 2025-11-28", covers.format("2025-11-04"))
    assert set(statuses(of, GAP, ON).values()) == {"not assessable"}


def test_the_first_to_come_after_is_the_one_that_counts() -> None:
    rows = """ca | Moss | camhs | 2025-03-03 | 2025-11-28
    cc | Vane | camhs | 2026-02-02 |
    cb | Trewin | camhs | 2025-12-08 |"""
    assert of_service(services(rows), "camhs").measures["gap"] == 10


def test_a_gap_of_which_loads_leave_out_most_days_is_no_gap_that_can_be_said() -> None:
    covers = "looks_after placed_at involved_with:camhs@2025-01-01..{}"
    rows = "ca | Moss | camhs | 2025-03-03 | 2025-11-28\ncb | Trewin | camhs | 2026-02-02 |"
    assert of_service(services(rows, covers.format("2025-12-01")), "camhs").status == "not assessable"
    assert of_service(services(rows, covers.format("2026-01-15")), "camhs").measures["state"] == "gap"


@pytest.mark.parametrize(
    ("to", "status", "words"),
    [
        ("2026-01-31", "raised", "65 days to 31 January 2026, the last day loads cover (28 days allowed)."),
        ("2025-12-20", "not assessable", "and no load covers CAMHS from 21 December 2025 to 31 March 2026."),
    ],
)
def test_loads_that_end_before_the_day_say_as_much_as_they_can(to: str, status: str, words: str) -> None:
    covers = f"looks_after placed_at involved_with:camhs@2025-01-01..{to}"
    found = of_service(services("ca | Moss | camhs | 2025-03-03 | 2025-11-28", covers), "camhs")
    assert found.status == status
    assert found.sentence.endswith(words)


def test_without_a_move_there_is_nothing_to_lose() -> None:
    of = services("ca | Moss | camhs | 2025-03-03 | 2025-11-28")
    found = only(of, GAP, "2026-11-17")
    assert (found.subject, found.status) == ("", "clear")
    assert of_service(of, "camhs", "2026-11-16").status == "raised"
    assert only(records(""), GAP).status == "not applicable"
    uncovered = records("looks_after | start | legal_status\n| 2019-06-03 | C2", covers="looks_after")
    assert only(uncovered, GAP).reason == "no load covers placements (placed_at) from 1 April 2025 to 31 March 2026"


# --- all of them -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", [*FACTS, GAP])
@pytest.mark.parametrize("on", ["2025-11-20", "2025-12-20", ON])
def test_what_is_recorded_after_the_day_changes_nothing_on_the_day(rule: str, on: str) -> None:
    rows = "ca | Moss | camhs | 2025-03-03 | 2025-11-18\ngp | Adeyemi | gp | 2023-01-01 |"
    area = f"in_area | id | from | to | start\n| a1 | ash | {CORNWALL} | 2020-01-01\n"
    before = services(rows, more=area)
    later = services(
        rows + "\ncb | Trewin | camhs | 2026-04-01 |",
        more=f"{area}| a2 | ash | {BIRMINGHAM} | 2026-04-01\n\nattends | to | start\n| school:Bodmin | 2026-04-13",
    )
    ended = dataclasses.replace(
        later,
        relationships=tuple(
            dataclasses.replace(r, end=date(2026, 4, 3)) if r.id in ("p2", "gp") else r for r in later.relationships
        ),
    )
    assert findings(before, rule, on) == findings(ended, rule, on)


@pytest.mark.parametrize("rule", [*FACTS, GAP])
def test_a_child_of_whom_nothing_is_loaded_gets_an_answer_and_no_alarm(rule: str) -> None:
    found = findings(records("", covers="meetings"), rule, ON)
    assert found and {f.status for f in found} <= {"not assessable", "not applicable"}
