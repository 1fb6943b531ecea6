"""Plans that one person has, and plans that stand apart from the care plan."""

from __future__ import annotations

import pytest

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records, statuses

ON = "2024-06-01"


def only(of: Records, rule: str, on: str = ON, **changed: object) -> Finding:
    (found,) = findings(of, rule, on, **changed)
    return found


# --- silos.sole_holder ---

HELD = """
child | born
Ash   | 2010-05-12

involved_with | from | role          | start
              | Sam  | social_worker | 2022-01-10
              | Dawn | lac_nurse     | 2022-01-10

plans  | kind   | start      | end
care   | care   | 2022-01-10 |
health | health | 2023-01-10 |

assessments | kind                     | on
check       | review health assessment | 2024-01-10

holds | from | to     | start      | end
      | Sam  | care   | 2022-01-10 |
      | Ivy  | care   | 2022-01-10 |
      | Sam  | health | 2023-01-10 |
      | Sam  | check  | 2024-01-10 |
      | Dawn | check  | 2024-01-10 |
"""


def test_a_plan_that_one_professional_holds_is_named_with_who_has_it():
    found = {f.subject: f for f in findings(records(HELD), "silos.sole_holder", ON)}
    assert {s: f.status for s, f in found.items()} == {
        "Plan:care": "clear", "Plan:health": "raised", "Assessment:check": "clear",
    }  # fmt: skip
    health = found["Plan:health"]
    assert health.sentence == (
        "The health plan of 10 January 2023 is held by one professional, Sam (social worker). "
        "There is no record that anyone else has it."
    )
    assert {e.id for e in health.evidence} == {"health", "holds4"}
    assert (health.kind, health.parameters) == ("H", {"window_months": 12})


def test_a_plan_of_which_no_record_says_who_holds_it_is_not_a_silo():
    none = HELD.replace("      | Sam  | health | 2023-01-10 |\n", "")
    found = next(f for f in findings(records(none), "silos.sole_holder", ON) if f.subject == "Plan:health")
    assert (found.status, found.reason) == (
        "not assessable", "no record says who holds the health plan of 10 January 2023",
    )  # fmt: skip


def test_where_no_load_covers_who_holds_what_one_line_says_so():
    alone = HELD[: HELD.index("holds")]
    found = only(records(alone, covers="plans assessments"), "silos.sole_holder")
    assert (found.subject, found.status) == ("", "not assessable")
    assert found.reason == "no load covers who holds plans and assessments (holds)"


def test_another_may_hold_it_where_holding_is_not_covered_on_the_day():
    found = statuses(records(HELD, covers="plans assessments holds@2020-01-01..2024-05-31"), "silos.sole_holder", ON)
    assert found == {"Plan:care": "clear", "Plan:health": "not assessable", "Assessment:check": "clear"}


@pytest.mark.parametrize(("end", "status"), [("2024-06-01", "raised"), ("2024-06-02", "clear")])
def test_a_holder_counts_until_the_day_before_the_end(end: str, status: str):
    two = HELD + f"\nholds | from | to | start | end\nh9 | Dawn | health | 2023-01-10 | {end}\n"
    assert statuses(records(two), "silos.sole_holder", ON)["Plan:health"] == status


@pytest.mark.parametrize(("on", "status"), [("2024-02-09", "raised"), ("2024-02-10", "clear")])
def test_a_second_holder_is_not_known_before_the_day(on: str, status: str):
    two = HELD + "\nholds | from | to | start\nh9 | Dawn | health | 2024-02-10\n"
    assert statuses(records(two), "silos.sole_holder", on)["Plan:health"] == status


def test_one_person_twice_is_one_holder():
    twice = HELD + "\nholds | from | to | start\nh9 | Sam | health | 2024-02-10\n"
    assert statuses(records(twice), "silos.sole_holder", ON)["Plan:health"] == "raised"


def test_it_says_when_the_one_who_has_it_is_no_longer_involved():
    left = HELD.replace("Sam  | social_worker | 2022-01-10", "Tom  | social_worker | 2022-01-10")
    found = next(f for f in findings(records(left), "silos.sole_holder", ON) if f.status == "raised")
    assert "of whom no involvement with the child is on record today" in found.sentence
    assert found.measures == {"holders": 1, "holder_involved": False}


@pytest.mark.parametrize(("end", "there"), [("2024-06-01", False), ("2024-06-02", True)])
def test_only_a_plan_in_force_is_asked_about(end: str, there: bool):
    ended = HELD.replace("health | health | 2023-01-10 |", f"health | health | 2023-01-10 | {end}")
    assert ("Plan:health" in statuses(records(ended), "silos.sole_holder", ON)) is there


def test_only_the_latest_version_and_the_latest_assessment_of_the_year_are_asked_about():
    more = """
plans | kind   | start
newer | health | 2024-02-10

assessments | kind                      | on
first       | initial health assessment | 2023-07-01
before      | exploitation              | 2023-06-01
sdq         | sdq                       | 2024-01-10
"""
    assert set(statuses(records(HELD + more), "silos.sole_holder", ON)) == {
        "Plan:care", "Plan:newer", "Assessment:check",
    }  # fmt: skip
    assert "Assessment:before" in statuses(records(HELD + more), "silos.sole_holder", "2024-05-31")


def test_nothing_to_hold_is_clear_only_where_plans_and_assessments_are_covered():
    none = "child | born\nAsh | 2010-05-12\n"
    assert only(records(none), "silos.sole_holder").status == "clear"
    found = only(records(none, covers="assessments plans:care"), "silos.sole_holder")
    assert found.status == "not assessable"
    assert "plans (permanence," in found.reason and "assessments" not in found.reason
    assert "assessments" in only(records(none, covers="plans"), "silos.sole_holder").reason


# --- silos.plan_orphan ---

PARTS = """
child | born
Ash   | 2010-05-12

looks_after | legal_status | start      | need | start_reason
            | C2           | 2022-01-10 | N1   | S

plans  | kind      | start      | end        | part_of
first  | care      | 2022-01-10 | 2023-09-01 |
care   | care      | 2023-09-01 |            |
health | health    | 2023-01-10 |            | care
pep    | pep       | 2024-01-10 |            |
home   | placement | 2023-09-01 |            | first
safety | safety    | 2024-03-01 |            | home
family | family time | 2024-03-01 |          |
"""


def test_plans_that_are_no_part_of_the_care_plan_in_force():
    found = {f.subject: f for f in findings(records(PARTS), "silos.plan_orphan", ON)}
    assert {s: f.status for s, f in found.items()} == {
        "Plan:health": "clear", "Plan:pep": "raised", "Plan:home": "raised", "Plan:safety": "raised",
    }  # fmt: skip
    assert found["Plan:pep"].sentence == (
        "The PEP of 10 January 2024 is in force with no record of a link to the care plan in force."
    )
    assert found["Plan:home"].sentence.endswith("; it is linked to an earlier version of it only.")
    assert {e.id for e in found["Plan:home"].evidence} == {"home", "care", "first"}
    assert found["Plan:pep"].kind == "S"


def test_part_of_a_part_is_a_link():
    linked = PARTS.replace("| 2023-09-01 |            | first", "| 2023-09-01 |            | care")
    found = statuses(records(linked), "silos.plan_orphan", ON)
    assert (found["Plan:home"], found["Plan:safety"]) == ("clear", "clear")


def test_plans_that_are_part_of_each_other_are_part_of_nothing():
    ring = PARTS.replace("| 2023-09-01 |            | first", "| 2023-09-01 |            | safety")
    found = statuses(records(ring), "silos.plan_orphan", ON)
    assert (found["Plan:home"], found["Plan:safety"]) == ("raised", "raised")


@pytest.mark.parametrize(("on", "status"), [("2023-08-31", "clear"), ("2023-09-01", "raised")])
def test_the_care_plan_of_the_day_counts(on: str, status: str):
    early = PARTS.replace("home   | placement | 2023-09-01", "home   | placement | 2023-08-01")
    assert statuses(records(early), "silos.plan_orphan", on)["Plan:home"] == status


def test_without_a_care_plan_there_is_nothing_to_be_part_of():
    none = PARTS.replace("first  | care ", "first  | pathway ").replace("care   | care ", "care   | pathway ")
    found = next(f for f in findings(records(none), "silos.plan_orphan", ON) if f.subject == "Plan:pep")
    assert found.status == "raised"
    assert found.sentence.endswith("with no record of a link to a care plan in force, and no care plan is on record "
                                   "as in force on 1 June 2024.")  # fmt: skip


def test_where_the_care_plan_or_the_plan_is_not_covered_it_cannot_be_said():
    no_care = records(PARTS, covers="looks_after plans:health plans:pep plans:placement plans:safety")
    found = {f.subject: f for f in findings(no_care, "silos.plan_orphan", ON)}
    assert found["Plan:health"].status == "clear"
    assert found["Plan:pep"].reason == "no load covers care plans (plans:care) on 1 June 2024"
    no_pep = records(PARTS, covers="looks_after plans:care plans:health plans:placement plans:safety")
    found = {f.subject: f for f in findings(no_pep, "silos.plan_orphan", ON)}
    assert found["Plan:pep"].status == "not assessable" and "plans:pep" in found["Plan:pep"].reason
    assert found["Plan:home"].status == "raised"


def test_no_such_plan_is_clear_only_where_each_kind_is_covered():
    none = PARTS[: PARTS.index("plans ")]
    assert statuses(records(none), "silos.plan_orphan", ON) == {"": "clear"}
    found = only(records(none, covers="looks_after plans:health plans:pep"), "silos.plan_orphan")
    assert found.reason == (
        "no load covers placement plans (plans:placement) and safety plans (plans:safety) on 1 June 2024"
    )


def test_it_is_about_looked_after_children():
    never = PARTS[PARTS.index("plans ") :]
    assert only(records(never), "silos.plan_orphan").status == "not applicable"
    assert only(records(never, covers="plans"), "silos.plan_orphan").status == "not assessable"


# --- silos.stale_plan ---

STALE = """
child | born
Ash   | 2010-05-12

looks_after | legal_status | start      | need | start_reason
            | C2           | 2022-01-10 | N1   | S

placed_at | to  | start      | end        | place_type | start_reason | end_reason | emergency
one       | oak | 2022-01-10 | 2024-02-01 | U6         | S            | X1         |
two       | elm | 2024-02-01 |            | U6         | P            |            |

attends | to   | start      | end
        | hill | 2021-09-01 | 2024-02-12
        | dale | 2024-02-12 |

meetings | kind   | on
r1       | review | 2024-01-10

plans | kind | start      | made_on
care  | care | 2023-09-01 | 2023-08-20
"""


def stale(text: str, on: str = ON, covers: str | None = None) -> dict[str, str]:
    return statuses(records(text, covers=covers), "silos.stale_plan", on)


def test_what_changed_since_the_last_version_is_counted():
    found = findings(records(STALE), "silos.stale_plan", ON)[0]
    assert (found.subject, found.status) == ("Plan:care", "raised")
    assert found.sentence == (
        "Since the last version of the care plan, of 1 September 2023, there was 1 change of carer and 1 change of "
        "school, with no record of a new version."
    )
    assert found.measures == {"changes": {"carer": 1, "school": 1, "diagnosis": 0, "s47": 0}}
    assert {e.id for e in found.evidence} == {"care", "two", "attends3"}


QUIET = STALE.replace("2024-02-01 | U6         | S            | X1", "           | U6         | S            |   ")
QUIET = QUIET.replace("two       | elm | 2024-02-01 |            | U6         | P            |            |\n", "")
QUIET = QUIET.replace("        | dale | 2024-02-12 |\n", "")


@pytest.mark.parametrize(
    ("table", "raised_on"),
    [
        ("needs | kind | identified_on\nn1 | diagnosis: autism | {}", "2023-09-02"),
        ("assessments | kind | on\ns1 | s47 | {}", "2023-09-02"),
        ("attends | to | start\na9 | dale | {}", "2023-09-02"),
    ],
)
def test_each_change_alone_is_enough_from_the_day_after_the_version(table: str, raised_on: str):
    assert stale(QUIET) == {"Plan:care": "clear"}
    assert stale(f"{QUIET}\n{table.format(raised_on)}\n") == {"Plan:care": "raised"}
    assert stale(f"{QUIET}\n{table.format('2023-09-01')}\n") == {"Plan:care": "clear"}


def test_other_needs_and_assessments_and_the_first_school_are_no_change():
    need = "\nneeds | kind | identified_on\nn1 | mental health | 2024-01-01\n"
    score = "\nassessments | kind | on\ns1 | sdq | 2024-01-01\n"
    assert stale(QUIET + need + score) == {"Plan:care": "clear"}
    first = QUIET.replace("| hill | 2021-09-01", "| hill | 2024-01-08")
    assert stale(first) == {"Plan:care": "clear"}


def test_a_new_version_takes_it_in():
    newer = STALE + "\nplans | kind | start\nnext | care | 2024-02-12\n"
    assert stale(newer)["Plan:next"] == "clear"
    early = STALE + "\nplans | kind | start\nnext | care | 2024-02-01\n"
    assert stale(early)["Plan:next"] == "raised"  # the school changed after it
    assert "Plan:next" not in stale(newer, "2024-02-11")


@pytest.mark.parametrize(
    ("covers", "missing"),
    [
        ("looks_after plans placed_at attends needs", "assessments:s47"),
        ("looks_after plans placed_at attends assessments", "needs:diagnosis"),
        ("looks_after plans placed_at needs assessments", "attends"),
        ("looks_after plans attends needs assessments", "placed_at"),
        ("looks_after placed_at attends needs assessments", "plans:care"),
    ],
)
def test_it_is_clear_only_where_every_change_is_covered(covers: str, missing: str):
    found = only(records(QUIET, covers=covers), "silos.stale_plan")
    assert found.status == "not assessable" and missing in found.reason


def test_schools_are_asked_for_at_school_age_only():
    covers = "looks_after plans placed_at needs assessments"
    small = QUIET.replace("2010-05-12", "2020-05-12")[: QUIET.index("attends")]
    assert stale(small + QUIET[QUIET.index("plans ") :], covers=covers) == {"Plan:care": "clear"}


def test_a_move_with_no_review_since_the_child_came_to_the_home_or_since_the_plan():
    unreviewed = STALE.replace("2024-01-10", "2024-02-01")  # the day of the move is not before it
    found = {f.subject: f for f in findings(records(unreviewed), "silos.stale_plan", ON)}
    assert found["PlacedAt:two"].status == "raised"
    assert found["PlacedAt:two"].sentence == (
        "The move of 1 February 2024 is a change to the care plan of 1 September 2023, and no review is on record "
        "from 10 January 2022 until it. The regulation allows it where a review was not reasonably practicable."
    )
    assert {e.id for e in found["PlacedAt:two"].evidence} == {"two", "care"}
    assert stale(STALE)["PlacedAt:two"] == "clear"
    day_before = STALE.replace("2024-01-10", "2024-01-31")
    assert stale(day_before)["PlacedAt:two"] == "clear"
    cancelled = STALE.replace("kind   | on\n", "kind | on | status\n").replace(
        "2024-01-10\n", "2024-01-10 | cancelled\n"
    )
    assert stale(cancelled)["PlacedAt:two"] == "raised"


def test_a_review_while_the_child_lived_there_counts_though_a_version_followed_it():
    """Review, new version of the plan, move: what the regulation asks for."""
    proper = STALE.replace("r1       | review | 2024-01-10", "r1 | review | 2023-08-15")
    assert stale(proper)["PlacedAt:two"] == "clear"


def test_a_review_since_the_version_counts_though_the_child_came_to_the_home_after_it():
    """Two moves quickly after one another: the one review since the plan was written is before both."""
    before = "none | ash | 2022-01-10 | 2024-01-20 | U6 | S | X1 |\n"
    quick = STALE.replace("one       | oak | 2022-01-10", f"{before}one | oak | 2024-01-20")
    found = stale(quick)
    assert (found["PlacedAt:one"], found["PlacedAt:two"]) == ("clear", "clear")
    version = quick.replace("care  | care | 2023-09-01 | 2023-08-20", "care  | care | 2024-01-12 | 2024-01-12")
    assert stale(version)["PlacedAt:two"] == "raised"


def test_a_version_that_begins_with_the_move_takes_it_in():
    same = STALE.replace("care  | care | 2023-09-01 | 2023-08-20", "care  | care | 2024-02-01 | 2024-01-20")
    found = findings(records(same), "silos.stale_plan", ON)[0]
    assert found.measures["changes"] == {"carer": 0, "school": 1, "diagnosis": 0, "s47": 0}


def test_an_emergency_and_a_child_without_a_care_plan_are_no_breach():
    unreviewed = STALE.replace("2024-01-10", "2024-03-10")
    assert stale(unreviewed)["PlacedAt:two"] == "raised"
    emergency = unreviewed.replace("U6         | P            |            |", "U6 | P | | yes")
    assert stale(emergency)["PlacedAt:two"] == "clear"
    later = unreviewed.replace("care  | care | 2023-09-01 | 2023-08-20", "care  | care | 2024-02-01 | 2024-02-01")
    assert stale(later)["PlacedAt:two"] == "clear"


def test_the_regulation_has_a_date():
    old = STALE
    for new, then in (
        ("2024-02-01", "2011-03-31"), ("2022-01-10", "2010-06-01"), ("2023-09-01", "2010-09-01"),
        ("2023-08-20", "2010-08-20"), ("2024-01-10", "2012-01-10"), ("2010-05-12", "2000-05-12"),
    ):  # fmt: skip
        old = old.replace(new, then)
    assert stale(old, "2011-06-01")["PlacedAt:two"] == "clear"
    assert stale(old.replace("2011-03-31", "2011-04-01"), "2011-06-01")["PlacedAt:two"] == "raised"


def test_where_reviews_are_not_covered_a_move_without_one_is_not_said():
    unreviewed = STALE.replace("2024-01-10", "2024-03-10")
    rest = "looks_after placed_at plans attends needs assessments"
    assert (
        stale(unreviewed, covers=f"{rest} meetings:review@2022-01-11..2024-06-01")["PlacedAt:two"] == "not assessable"
    )
    assert stale(unreviewed, covers=f"{rest} meetings:review@2022-01-10..2024-06-01")["PlacedAt:two"] == "raised"


def test_from_a_903_alone_one_line_says_what_is_missing():
    no_plan = STALE[: STALE.index("plans ")]
    found = only(records(no_plan, covers="looks_after placed_at meetings:review"), "silos.stale_plan")
    assert found.reason == "no load covers care plans (plans:care) on 1 June 2024"


def test_without_a_care_plan_none_is_out_of_date():
    no_plan = QUIET[: QUIET.index("plans ")]
    assert stale(no_plan) == {"": "clear"}


def test_stale_plans_are_those_of_looked_after_children():
    never = STALE[STALE.index("plans ") :]
    assert stale(never) == {"": "not applicable"}
    assert stale(never, covers="plans") == {"": "not assessable"}
    left = STALE.replace("looks_after | legal_status | start ", "looks_after | legal_status | end | start ").replace(
        "| C2           | 2022-01-10", "| C2 | 2024-05-01 | 2022-01-10"
    )
    assert stale(left) == {"": "not applicable", "PlacedAt:two": "clear"}
