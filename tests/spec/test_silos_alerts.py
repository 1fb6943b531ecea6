"""Alerts, objections and police call-outs to which nothing came back."""

from __future__ import annotations

import pytest

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records, statuses

ON = "2024-06-01"


def only(of: Records, rule: str, on: str = ON, **changed: object) -> Finding:
    (found,) = findings(of, rule, on, **changed)
    return found


# --- silos.unanswered_alerts ---

ALERTS = """
child | born
Ash   | 2016-05-12

agencies | kind        | name
council  | social care | Riverside Council
hill     | school      | Hill School

involved_with | from | role          | start      | agency
              | Sam  | social_worker | 2023-01-09 | council

alerts | kind    | raised     | by   | to      | answered_on | escalated_on
a1     | concern | 2024-01-10 | hill | council |             |
a2     | concern | 2024-02-10 | hill | Sam     |             |
a3     | concern | 2024-04-08 | hill | council |             |
a4     | concern | 2023-07-10 | hill | council | 2023-07-20  |
a5     | concern | 2024-03-01 | council | hill |             |
"""


def test_three_alerts_one_way_without_an_answer():
    found = only(records(ALERTS), "silos.unanswered_alerts")
    assert (found.status, found.subject) == ("raised", "Alert:a1")
    assert found.sentence == (
        "From 10 January 2024 to 8 April 2024 Hill School raised 3 alerts with Riverside Council, with no record of "
        "an answer or of escalation. In 12 months 1 of 4 that way were answered."
    )
    assert {e.id for e in found.evidence} == {"a1", "a2", "a3"}
    assert found.measures == {"unanswered": 3, "alerts": 4, "reciprocity": 0.25}
    assert (found.parameters["alerts_unanswered"], found.parameters["alerts_days"]) == (3, 90)


@pytest.mark.parametrize(
    ("third", "status"), [("2024-04-08", "raised"), ("2024-04-09", "clear")]
)  # the 90th day, the 91st
def test_within_ninety_days(third: str, status: str):
    assert only(records(ALERTS.replace("2024-04-08", third)), "silos.unanswered_alerts").status == status


@pytest.mark.parametrize("column", ["2024-04-20  |", "| 2024-04-20"])
def test_an_answer_or_an_escalation_clears_it_from_its_day(column: str):
    text = ALERTS.replace("2024-04-08 | hill | council |             |", f"2024-04-08 | hill | council | {column}")
    assert only(records(text), "silos.unanswered_alerts", "2024-04-19").status == "raised"
    assert only(records(text), "silos.unanswered_alerts", "2024-04-20").status == "clear"


def test_alerts_the_other_way_or_within_one_agency_do_not_add_up():
    other = ALERTS.replace("2024-04-08 | hill | council", "2024-04-08 | council | hill")
    found = only(records(other), "silos.unanswered_alerts")
    assert found.status == "clear"
    assert found.measures["reciprocity"] == {
        "Hill School to Riverside Council": pytest.approx(1 / 3), "Riverside Council to Hill School": 0,
    }  # fmt: skip
    own = ALERTS.replace("| hill | ", "| council | ")
    found = only(records(own), "silos.unanswered_alerts")
    assert (found.status, found.measures["reciprocity"]) == ("clear", {})


def test_a_third_one_is_not_known_before_it_is_raised():
    assert only(records(ALERTS), "silos.unanswered_alerts", "2024-04-07").status == "clear"
    assert only(records(ALERTS), "silos.unanswered_alerts", "2024-04-08").status == "raised"


@pytest.mark.parametrize(("on", "status"), [("2025-01-09", "raised"), ("2025-01-10", "clear")])
def test_alerts_of_the_twelve_months_to_the_day(on: str, status: str):
    assert only(records(ALERTS), "silos.unanswered_alerts", on).status == status


def test_the_numbers_are_parameters():
    assert only(records(ALERTS), "silos.unanswered_alerts", alerts_unanswered=4).status == "clear"
    assert only(records(ALERTS), "silos.unanswered_alerts", alerts_days=60).status == "clear"


def test_an_answer_may_be_unseen_where_alerts_are_not_covered_to_the_day():
    found = only(records(ALERTS, covers="alerts@2023-01-01..2024-05-31"), "silos.unanswered_alerts")
    assert (found.status, found.subject) == ("not assessable", "Alert:a1")
    assert "no load covers alerts (alerts) on 1 June 2024" in found.reason
    assert only(records(ALERTS, covers="alerts@2024-01-10..2024-06-01"), "silos.unanswered_alerts").status == "raised"


def test_who_raised_them_must_be_on_record():
    found = only(records(ALERTS.replace("| hill | ", "| | ")), "silos.unanswered_alerts")
    assert found.status == "not assessable" and "no record says who raised" in found.reason


def test_no_alert_is_clear_only_where_alerts_are_covered():
    none = ALERTS[: ALERTS.index("alerts")]
    assert only(records(none), "silos.unanswered_alerts").status == "clear"
    found = only(records(none, covers="meetings"), "silos.unanswered_alerts")
    assert found.reason == "no load covers alerts (alerts) from 2 June 2023 to 1 June 2024"


# --- silos.against_dissent ---

DISSENT = """
child | born
Ash   | 2016-05-12

agencies | kind        | name
council  | social care | Riverside Council
trust    | health      | Seaside Trust

plans | kind          | start      | end
cin   | child in need | 2023-09-01 | 2024-05-16

decisions | kind    | on         | by_role      | change
d1        | closure | 2024-05-16 | team_manager | Plan:cin

objected_to | from  | to | on         | answered_on | escalated_on
            | trust | d1 | 2024-05-10 |             |
"""


def test_a_closure_against_another_agencys_objection():
    found = only(records(DISSENT), "silos.against_dissent")
    assert (found.status, found.subject) == ("raised", "Decision:d1")
    assert found.sentence == (
        "The closure of 16 May 2024 was made against the objection of Seaside Trust, with no record of an answer or "
        "of escalation."
    )
    assert {e.id for e in found.evidence} == {"d1", "objected_to2", "cin"}


@pytest.mark.parametrize("column", ["2024-05-20 |", "| 2024-05-20"])
def test_an_answer_or_escalation_is_enough_from_its_day(column: str):
    text = DISSENT.replace("2024-05-10 |             |", f"2024-05-10 | {column}")
    assert only(records(text), "silos.against_dissent", "2024-05-19").status == "raised"
    found = only(records(text), "silos.against_dissent", "2024-05-20")
    assert found.sentence == "The closure of 16 May 2024: every objection to it was answered or escalated."


def test_the_deciders_own_agency_and_persons_are_not_another_agency():
    own = DISSENT.replace("| trust | d1", "| council | d1")
    assert only(records(own), "silos.against_dissent").status == "clear"
    mother = DISSENT.replace("| trust | d1", "| mum | d1") + "\npersons | name | kind\nmum | Mum | mother\n"
    found = only(records(mother), "silos.against_dissent")
    assert found.sentence == "The closure of 16 May 2024: no agency's objection is on record."


def test_who_decided_must_be_on_record_where_someone_objected():
    found = only(records(DISSENT.replace("team_manager", "")), "silos.against_dissent")
    assert found.status == "not assessable" and "no record says who made the decision" in found.reason


def test_a_step_down_counts_and_an_approval_does_not():
    assert only(records(DISSENT.replace("closure", "step-down")), "silos.against_dissent").status == "raised"
    approval = records(DISSENT.replace("closure", "placement approval"))
    assert statuses(approval, "silos.against_dissent", ON) == {"": "clear"}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-05-15", {"": "clear"}),
        ("2024-05-16", {"Decision:d1": "raised"}),
        ("2025-05-15", {"Decision:d1": "raised"}),
        ("2025-05-16", {"": "clear"}),
    ],
)
def test_decisions_of_the_twelve_months_to_the_day(on: str, expected: dict[str, str]):
    assert statuses(records(DISSENT), "silos.against_dissent", on) == expected


def test_objections_and_decisions_must_be_covered():
    found = only(records(DISSENT, covers="decisions"), "silos.against_dissent")
    assert (found.subject, found.status) == ("Decision:d1", "not assessable") and "objected_to" in found.reason
    none = DISSENT[: DISSENT.index("decisions")]
    assert only(records(none), "silos.against_dissent").status == "clear"
    found = only(records(none, covers="decisions:closure objected_to"), "silos.against_dissent")
    assert "decisions:step-down" in found.reason and "decisions:closure" not in found.reason


# --- silos.police_without_response ---

POLICE = """
child | born
Ash   | 2010-05-12

events | kind                       | on
e1     | arrest                     | 2024-01-10
e2     | police called to placement | 2024-04-08

meetings | kind                | on
m1       | strategy discussion | 2024-05-06

attended | from        | to | how
         | social care | m1 | present
         | police      | m1 | present
"""
ALONE = POLICE.replace("2024-05-06", "2024-05-07")


def test_two_events_and_no_meeting_of_more_than_one_agency():
    found = only(records(ALONE), "silos.police_without_response")
    assert (found.status, found.subject) == ("raised", "Event:e1")
    assert found.sentence == (
        "1 arrest and 1 police call-out to the home from 10 January 2024 to 8 April 2024, with no record of a meeting "
        "of more than one agency within 28 days of 8 April 2024."
    )
    assert {e.id for e in found.evidence} == {"e1", "e2"}
    assert found.parameters == {
        "window_months": 12, "police_events": 2, "police_days": 90, "police_meeting_days": 28,
    }  # fmt: skip


def test_a_meeting_on_the_twenty_eighth_day_is_in_time():
    assert only(records(POLICE), "silos.police_without_response").status == "clear"


@pytest.mark.parametrize(("second", "status"), [("2024-04-08", "raised"), ("2024-04-09", "clear")])
def test_events_within_ninety_days(second: str, status: str):
    assert only(records(ALONE.replace("2024-04-08", second)), "silos.police_without_response").status == status


@pytest.mark.parametrize(("on", "status"), [("2024-04-07", "clear"), ("2024-05-06", "clear"), ("2024-05-07", "raised")])
def test_it_is_raised_once_the_days_have_passed(on: str, status: str):
    none = POLICE[: POLICE.index("meetings")]
    assert only(records(none), "silos.police_without_response", on).status == status


def test_a_meeting_of_one_agency_or_a_call_is_no_response():
    single = POLICE.replace("         | police      | m1 | present\n", "")
    found = only(records(single), "silos.police_without_response")
    assert found.status == "raised" and "m1" in {e.id for e in found.evidence}
    apology = POLICE.replace("| police      | m1 | present", "| police      | m1 | apologies")
    assert only(records(apology), "silos.police_without_response").status == "raised"
    call = POLICE.replace("strategy discussion", "call")
    assert only(records(call), "silos.police_without_response").status == "raised"
    before = POLICE.replace("2024-05-06", "2024-04-07")
    assert only(records(before), "silos.police_without_response").status == "raised"


def test_one_run_is_one_finding_and_two_runs_are_two():
    third = POLICE + "\nevents | kind | on\ne3 | arrest | 2024-04-20\n"
    found = only(records(third.replace("2024-05-06", "2024-04-10")), "silos.police_without_response")
    assert (found.status, found.measures) == ("raised", {"events": 3, "meetings": 1})
    assert found.sentence.endswith("within 28 days of 20 April 2024.")
    apart = ALONE + "\nevents | kind | on\ne3 | arrest | 2023-07-01\ne4 | arrest | 2023-07-02\n"
    assert statuses(records(apart), "silos.police_without_response", ON) == {"Event:e3": "raised", "Event:e1": "raised"}


def test_other_events_are_no_arrests():
    missing = ALONE.replace("arrest                    ", "missing                   ")
    assert only(records(missing), "silos.police_without_response").status == "clear"


def test_where_meetings_or_attendance_are_not_covered_a_response_may_be_unseen():
    covers = "events meetings attended"
    assert only(records(ALONE, covers=covers), "silos.police_without_response").status == "raised"
    found = only(records(ALONE, covers="events attended"), "silos.police_without_response")
    assert (found.status, found.subject) == ("not assessable", "Event:e1") and "meetings" in found.reason
    single = POLICE.replace("         | police      | m1 | present\n", "")
    found = only(records(single, covers="events meetings attended:social_care"), "silos.police_without_response")
    assert found.reason == "no load covers attendance at meetings by police on 6 May 2024"


def test_no_event_is_clear_only_where_both_kinds_are_covered():
    none = "child | born\nAsh | 2010-05-12\n"
    assert only(records(none), "silos.police_without_response").status == "clear"
    found = only(records(none, covers="events:arrest meetings"), "silos.police_without_response")
    assert "events:police called to placement" in found.reason and "events:arrest" not in found.reason
