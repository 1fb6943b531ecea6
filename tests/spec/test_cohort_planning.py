"""Whether anyone plans, with the other agencies, for a child of the complex cohort."""

from __future__ import annotations

import pytest

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records
from tests.spec.test_cohort import DROPPED, FOUR

ON = "2024-06-01"


def only(of: Records, on: str = ON, **changed: object) -> Finding:
    (found,) = findings(of, "cohort.no_plan", on, **changed)
    return found


def with_plan(kind: str = "multi-agency", start: str = "2024-03-01", end: str = "") -> str:
    return f"{FOUR}\nplans | kind | start | end\nplan | {kind} | {start} | {end}\n"


def with_meeting(kind: str = "team around the child", on: str = "2024-03-01", status: str = "") -> str:
    return f"{FOUR}\nmeetings | kind | on | status\nmet | {kind} | {on} | {status}\n"


def test_a_certain_member_for_whom_no_planning_is_on_record():
    found = only(records(FOUR))
    assert (found.status, found.subject, found.kind) == ("raised", "", "H")
    assert found.sentence == (
        "The child meets the published description, and no multi-agency plan in force and no meeting of agencies "
        "called for this child in the 12 months to 1 June 2024 is on record."
    )
    assert {"m1", "h1", "p1", "p2", "Ash"} <= {e.id for e in found.evidence}
    assert found.parameters["cohort_features"] == 4 and found.parameters["window_months"] == 12


@pytest.mark.parametrize(
    ("plan", "status"),
    [
        (with_plan(), "clear"),
        (with_plan(start="2024-06-01"), "clear"),
        (with_plan(start="2024-06-02"), "raised"),
        (with_plan(end="2024-06-01"), "raised"),
        (with_plan(end="2024-06-02"), "clear"),
        (with_plan(kind="safety"), "raised"),
        (with_plan(kind="care"), "raised"),
    ],
)
def test_any_multi_agency_plan_in_force_clears_it(plan: str, status: str):
    assert only(records(plan)).status == status


@pytest.mark.parametrize(
    ("meeting", "status"),
    [
        (with_meeting(), "clear"),
        (with_meeting(on="2023-06-02"), "clear"),
        (with_meeting(on="2023-06-01"), "raised"),
        (with_meeting(on="2024-06-02"), "raised"),
        (with_meeting(status="cancelled"), "raised"),
        (with_meeting(kind="review"), "raised"),
        (with_meeting(kind="strategy discussion"), "raised"),
        (with_meeting(kind="other"), "raised"),
    ],
)
def test_a_meeting_called_for_the_child_clears_it_and_those_that_every_child_has_do_not(meeting: str, status: str):
    assert only(records(meeting)).status == status


def test_a_meeting_of_no_named_kind_clears_it_where_two_agencies_took_part():
    panel = with_meeting(kind="other") + "\nattended | from | to | how\na1 | police | met | present\n"
    assert only(records(panel)).status == "raised"
    both = panel + "a2 | health | met | {}\n"
    assert only(records(both.format("sent report"))).status == "clear"
    assert only(records(both.format("apologies"))).status == "raised"


@pytest.mark.parametrize("feature", DROPPED)
def test_a_child_who_does_not_match_is_not_asked_about(feature: str):
    found = only(records(FOUR.replace(*DROPPED[feature])))
    assert (found.status, found.sentence) == ("clear", "The child does not meet the published description.")


def test_a_possible_member_is_not_assessable_unless_planning_is_on_record():
    unknown = FOUR.replace(*DROPPED["f4"])
    covers = "looks_after placed_at events:missing assessments plans meetings"
    found = only(records(unknown, covers=covers))
    assert found.status == "not assessable"
    assert "it is not known whether the child meets the description" in found.reason
    planned = with_plan().replace(*DROPPED["f4"])
    assert only(records(planned, covers=covers)).status == "clear"


@pytest.mark.parametrize(
    ("covers", "missing"),
    [
        ("plans:care meetings", "multi-agency plans (plans:multi-agency) on 1 June 2024"),
        ("plans meetings:review", "meetings:team around the child"),
    ],
)
def test_that_nothing_is_planned_is_said_only_where_it_would_be_seen(covers: str, missing: str):
    found = only(records(FOUR, covers=covers))
    assert found.status == "not assessable" and missing in found.reason


def test_the_cut_off_is_a_parameter():
    three = records(FOUR.replace(*DROPPED["f4"]))
    assert only(three, cohort_features=3).status == "raised"
    assert only(three).status == "clear"


def test_it_is_raised_from_the_day_the_description_is_met():
    assert [only(records(FOUR), on).status for on in ("2023-12-31", "2024-01-01")] == ["clear", "raised"]
