"""Agencies that were there without knowing the child, and meetings that not all of those there wrote down."""

from __future__ import annotations

import pytest

from graph.analysis.silos.common import SAT_DOWN
from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records, statuses

ON = "2024-06-01"


def only(of: Records, rule: str, on: str = ON, **changed: object) -> Finding:
    (found,) = findings(of, rule, on, **changed)
    return found


# --- silos.attended_not_knowing ---

CONFERENCE = """
child | born
Ash   | 2016-05-12

agencies | kind        | name
council  | social care | Riverside Council
hill     | school      | Hill School

involved_with | from | role               | start      | end | agency
              | Sam  | social_worker      | 2023-01-09 |     | council
              | Cleo | cp_chair           | 2023-01-09 |     | council
              | Theo | designated_teacher | 2023-01-09 |     | hill

meetings | kind                               | on
c1       | review child protection conference | 2024-01-10

attended | from | to | how        | agency
         | Nell | c1 | substitute | council
         | Cleo | c1 | present    | council
         | Theo | c1 | present    | hill
"""


def test_a_substitute_who_was_not_involved_does_not_know_the_child_and_the_chair_does_not_stand_in():
    found = only(records(CONFERENCE), "silos.attended_not_knowing")
    assert (found.status, found.subject) == ("raised", "Meeting:c1")
    assert found.sentence == (
        "Review child protection conference of 10 January 2024: there only through people who had not been involved "
        "with the child for 28 days: Riverside Council (no involvement on record)."
    )
    assert {e.id for e in found.evidence} == {"c1", "attended2"}
    assert found.measures["not_knowing"] == ["Riverside Council"]


def test_one_who_knows_is_enough():
    both = CONFERENCE + "\nattended | from | to | how | agency\na9 | Sam | c1 | present | council\n"
    assert only(records(both), "silos.attended_not_knowing").status == "clear"


@pytest.mark.parametrize(("start", "status"), [("2023-12-13", "clear"), ("2023-12-14", "raised")])  # 28 days, 27 days
def test_twenty_eight_days_before_the_meeting(start: str, status: str):
    new = (
        CONFERENCE + f"\ninvolved_with | from | role | start | agency\ni9 | Nell | social_worker | {start} | council\n"
    )
    assert only(records(new), "silos.attended_not_knowing").status == status


def test_the_days_are_a_parameter_and_printed():
    new = (
        CONFERENCE
        + "\ninvolved_with | from | role | start | agency\ni9 | Nell | social_worker | 2023-12-20 | council\n"
    )
    found = only(records(new), "silos.attended_not_knowing")
    assert (found.status, found.parameters["knowing_days"]) == ("raised", 28)
    assert "Riverside Council (21 days at most)" in found.sentence
    assert only(records(new), "silos.attended_not_knowing", knowing_days=21).status == "clear"


@pytest.mark.parametrize(("end", "status"), [("2024-01-10", "raised"), ("2024-01-11", "clear")])
def test_whoever_had_left_by_the_day_does_not_count(end: str, status: str):
    left = CONFERENCE.replace("| Nell | c1 | substitute", "| Sam  | c1 | present   ")
    left = left.replace("social_worker      | 2023-01-09 |     |", f"social_worker | 2023-01-09 | {end} |")
    assert only(records(left), "silos.attended_not_knowing").status == status


@pytest.mark.parametrize(("knew", "status"), [("yes", "clear"), ("no", "raised")])
def test_a_record_that_they_knew_the_case_or_did_not_comes_first(knew: str, status: str):
    told = CONFERENCE.replace("how        | agency", "how | agency | knew_case")
    told = told.replace("| Nell | c1 | substitute | council", f"| Nell | c1 | substitute | council | {knew}")
    found = only(records(told), "silos.attended_not_knowing")
    assert found.status == status
    assert ("on record as not knowing the case" in found.sentence) is (knew == "no")


def test_a_report_is_not_a_person_and_apologies_are_nobody():
    report = CONFERENCE.replace("| Nell | c1 | substitute", "| Sam  | c1 | sent report")
    found = only(records(report), "silos.attended_not_knowing")
    assert (found.status, found.measures["not_knowing"]) == ("clear", [])
    stranger = CONFERENCE + "\nattended | from | to | how | agency\na9 | Sam | c1 | sent report | council\n"
    assert only(records(stranger), "silos.attended_not_knowing").status == "raised"


def test_of_someone_with_no_involvement_it_is_said_only_where_every_role_of_the_agency_is_covered():
    part = "meetings attended involved_with:social_worker involved_with:cp_chair involved_with:designated_teacher"
    found = only(records(CONFERENCE, covers=part), "silos.attended_not_knowing")
    assert found.status == "not assessable"
    assert found.reason == (
        "no record says since when those who came for Riverside Council on 10 January 2024 had been involved"
    )
    short = "\ninvolved_with | from | role | start | agency\ni9 | Nell | social_worker | 2024-01-02 | council\n"
    assert only(records(CONFERENCE + short, covers=part), "silos.attended_not_knowing").status == "raised"


def test_an_agency_without_a_person_cannot_be_said_of():
    nobody = CONFERENCE.replace("| Nell | c1 | substitute", "| council | c1 | present  ")
    assert only(records(nobody), "silos.attended_not_knowing").status == "not assessable"
    unknown = CONFERENCE + "\nprofessionals | name | identified\nNell | | no\n"
    assert only(records(unknown), "silos.attended_not_knowing").status == "not assessable"


def test_another_of_the_agency_may_have_been_there_where_its_attendance_is_not_covered():
    found = only(records(CONFERENCE, covers="meetings involved_with attended:school"), "silos.attended_not_knowing")
    assert found.status == "not assessable"
    known = CONFERENCE.replace("| Nell | c1 | substitute", "| Sam  | c1 | present   ")
    found = only(records(known, covers="meetings involved_with attended:social_care"), "silos.attended_not_knowing")
    assert (found.status, found.measures["not_assessable"]) == ("not assessable", ["school"])


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-01-09", {"": "clear"}),
        ("2024-01-10", {"Meeting:c1": "raised"}),
        ("2025-01-09", {"Meeting:c1": "raised"}),
        ("2025-01-10", {"": "clear"}),
    ],
)
def test_meetings_of_the_twelve_months_to_the_day(on: str, expected: dict[str, str]):
    assert statuses(records(CONFERENCE), "silos.attended_not_knowing", on) == expected


@pytest.mark.parametrize("rule", ["attended_not_knowing", "split_recording"])
def test_no_meeting_is_clear_only_where_every_meeting_is_covered(rule: str):
    none = CONFERENCE[: CONFERENCE.index("meetings")]
    assert only(records(none), f"silos.{rule}").status == "clear"
    found = only(records(none, covers="meetings:review attended involved_with"), f"silos.{rule}")
    assert found.status == "not assessable"
    assert "no load covers every meeting (strategy discussion," in found.reason and "review," not in found.reason
    assert only(records(none, covers="attended"), f"silos.{rule}").reason == (
        "no load covers meetings (meetings) from 2 June 2023 to 1 June 2024"
    )


@pytest.mark.parametrize("rule", ["attended_not_knowing", "split_recording"])
def test_visits_calls_and_cancelled_meetings_are_not_asked_about(rule: str):
    for kind in ("visit", "call", "email", "joint visit", "family time"):
        assert kind not in SAT_DOWN
        text = RECORDED.replace("| review |", f"| {kind} |")
        assert statuses(records(text), f"silos.{rule}", ON) == {"": "clear"}
    cancelled = RECORDED.replace("on         | recorded_by", "on | status | recorded_by").replace(
        "2024-01-10 |", "2024-01-10 | cancelled |"
    )
    assert "Meeting:m1" not in statuses(records(cancelled), f"silos.{rule}", ON)


def test_without_any_attendance_one_line_says_what_is_missing():
    found = only(records(CONFERENCE, covers="meetings involved_with"), "silos.attended_not_knowing")
    assert (found.status, found.subject) == ("not assessable", "") and "attended" in found.reason


# --- silos.split_recording ---

RECORDED = """
child | born
Ash   | 2016-05-12

agencies | kind        | name
council  | social care | Riverside Council
trust    | health      | Seaside Trust
hill     | school      | Hill School

involved_with | from | role               | start      | agency
              | Sam  | social_worker      | 2023-01-09 | council
              | Vera | health_visitor     | 2023-01-09 | trust
              | Theo | designated_teacher | 2023-01-09 | hill

meetings | kind   | on         | recorded_by
m1       | review | 2024-01-10 | trust;hill
m2       | review | 2023-07-10 | council

attended | from | to | how     | agency
         | Sam  | m1 | present | council
         | Vera | m1 | present | trust
         | Theo | m1 | present | hill
         | Sam  | m2 | present | council
"""


def test_a_meeting_that_one_of_those_there_has_no_record_of():
    assert statuses(records(RECORDED), "silos.split_recording", ON) == {"Meeting:m2": "clear", "Meeting:m1": "raised"}
    found = next(f for f in findings(records(RECORDED), "silos.split_recording", ON) if f.status == "raised")
    assert found.sentence == (
        "Review of 10 January 2024 stands in the records of Hill School and Seaside Trust. There is no record of it "
        "by Riverside Council, who was there."
    )
    assert {e.id for e in found.evidence} == {"m1", "attended2", "trust", "hill"}
    assert "did not" not in found.sentence


def test_recorded_by_all_is_clear():
    of = records(RECORDED.replace("trust;hill", "council;trust;hill"))
    assert set(statuses(of, "silos.split_recording", ON).values()) == {"clear"}


def test_an_agency_none_of_whose_records_of_meetings_are_loaded_is_never_shown_as_silent():
    """Only the trust and the school hand their records over: of the council's it cannot be said."""
    of = records(RECORDED.replace("2023-07-10 | council", "2023-07-10 | trust"))
    found = next(f for f in findings(of, "silos.split_recording", ON) if f.subject == "Meeting:m1")
    assert found.status == "not assessable"
    assert found.reason == "no load covers records of meetings by Riverside Council for 10 January 2024"


def test_a_report_is_not_presence_nor_is_an_apology():
    for how in ("sent report", "apologies", "not invited"):
        of = records(RECORDED.replace("| Sam  | m1 | present", f"| Sam  | m1 | {how}"))
        assert statuses(of, "silos.split_recording", ON)["Meeting:m1"] == "clear"
    of = records(RECORDED.replace("| Sam  | m1 | present", "| Sam  | m1 | substitute"))
    assert statuses(of, "silos.split_recording", ON)["Meeting:m1"] == "raised"


def test_where_no_record_says_who_wrote_it_down_it_cannot_be_said():
    one = RECORDED.replace("trust;hill", "")
    found = next(f for f in findings(records(one), "silos.split_recording", ON) if f.subject == "Meeting:m1")
    assert found.status == "not assessable" and "recorded_by" in found.reason
    none = one.replace("2023-07-10 | council", "2023-07-10 |")
    assert statuses(records(none), "silos.split_recording", ON) == {"": "not assessable"}


def test_clear_only_where_attendance_of_those_involved_is_covered():
    whole = RECORDED.replace("trust;hill", "council;trust;hill")
    found = statuses(
        records(whole, covers="meetings attended:social_care attended:health"), "silos.split_recording", ON
    )
    assert found == {"Meeting:m2": "not assessable", "Meeting:m1": "not assessable"}
    found = only(records(whole, covers="meetings"), "silos.split_recording")
    assert (found.subject, found.status) == ("", "not assessable") and "attended" in found.reason


def test_before_the_meeting_nobody_knows_of_it():
    assert statuses(records(RECORDED), "silos.split_recording", "2024-01-09") == {"Meeting:m2": "clear"}
