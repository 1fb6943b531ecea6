"""Needs that no service answers, and services that were withdrawn before a crisis."""

from __future__ import annotations

import pytest

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records, statuses

ON = "2024-06-01"


def only(of: Records, rule: str, on: str = ON, **changed: object) -> Finding:
    (found,) = findings(of, rule, on, **changed)
    return found


# --- silos.unmet_need ---

NEED = """
child | born
Ash   | 2010-05-12

agencies | kind        | name
council  | social care | Riverside Council
trust    | health      | Seaside Trust

involved_with | from | role          | start      | agency
              | Sam  | social_worker | 2022-01-10 | council

needs | kind          | identified_on | met | recorded_by
n1    | mental health | 2023-01-10    |     | council
"""
REFERRED = """
referrals | need          | made       | first_contact | closed | to
r1        | mental health | 2023-02-01 | {}            | {}     | camhs:Riverside
"""


def need(text: str = NEED, on: str = ON, covers: str | None = None) -> Finding:
    return only(records(text + "\nagencies | kind | name\ncamhs:Riverside | camhs | CAMHS\n", covers=covers),
                "silos.unmet_need", on)  # fmt: skip


def test_a_need_without_a_service_that_social_care_is_left_alone_with():
    found = need()
    assert (found.status, found.subject) == ("raised", "Need:n1")
    assert found.sentence == (
        "There is no record of a service for the need of 10 January 2023 (mental health). It stands in the records of "
        "social care alone: Sam (social worker)."
    )
    assert found.measures["social_care_alone"] is True


@pytest.mark.parametrize(
    ("first_contact", "closed", "status"),
    [
        ("", "", "raised"),  # waiting is no service
        ("", "2023-06-01", "raised"),
        ("2023-05-01", "", "clear"),
        ("2023-05-01", "2024-06-01", "raised"),
        ("2023-05-01", "2024-06-02", "clear"),  # its end is not known yet
        ("2024-06-02", "", "raised"),  # nor is a contact to come
    ],
)
def test_a_referral_is_a_service_from_its_first_contact_until_it_is_closed(
    first_contact: str, closed: str, status: str
):
    found = need(NEED + REFERRED.format(first_contact, closed))
    assert found.status == status
    assert "r1" in {e.id for e in found.evidence}


def test_referrals_without_a_contact_are_counted():
    found = need(NEED + REFERRED.format("", "2023-06-01"))
    assert "1 referral for it on record, none that is open with a first contact." in found.sentence
    assert (found.measures["referrals"], found.measures["referrals_without_contact"]) == (1, 1)


@pytest.mark.parametrize(
    "involved",
    [
        "Eve | camhs | 2023-03-01 | | | ",
        "Eve | psychologist | 2023-03-01 | | | ",
        "Eve | voluntary | 2023-03-01 | mental health | | ",
        "Eve | voluntary | 2023-03-01 | | Mental-health support | ",
        "Eve | voluntary | 2023-03-01 | CAMHS | | ",
    ],
)
def test_who_serves_it_is_told_by_role_need_or_service(involved: str):
    table = f"\ninvolved_with | from | role | start | need | service | end\ni9 | {involved}\n"
    assert need(NEED + table).status == "clear"
    other = table.replace("mental health", "education").replace("Mental-health", "Education").replace("CAMHS", "speech")
    if "voluntary" in involved:
        assert need(NEED + other).status == "raised"


@pytest.mark.parametrize(("end", "status"), [("2024-06-01", "raised"), ("2024-06-02", "clear")])
def test_a_service_serves_until_the_day_before_its_end(end: str, status: str):
    table = f"\ninvolved_with | from | role | start | end\ni9 | Eve | camhs | 2023-03-01 | {end}\n"
    assert need(NEED + table).status == status


def test_a_service_that_ended_because_the_need_had_is_no_gap():
    table = (
        "\ninvolved_with | from | role | start | end | end_reason\ni9 | Eve | camhs | 2023-03-01 | 2024-01-01 | {}\n"
    )
    assert need(NEED + table.format("goals met")).status == "clear"
    assert need(NEED + table.format("moved out of area")).status == "raised"


def test_a_need_that_only_social_care_serves_and_knows_of():
    table = """
involved_with | from | role                  | start      | need          | agency
i9            | Fay  | family_support_worker | 2023-03-01 | mental health | council
"""
    found = need(NEED + table)
    assert found.sentence == (
        "The need of 10 January 2023 (mental health) stands in the records of social care alone, and no other agency "
        "serves it."
    )
    assert need(NEED.replace("|     | council", "|     | council;trust") + table).status == "clear"
    unsaid = need(NEED.replace("|     | council", "|     |") + table)
    assert unsaid.status == "not assessable" and "recorded_by" in unsaid.reason
    part = "referrals involved_with attended"
    assert need(NEED + table, covers=part).status == "not assessable"


def test_a_need_of_another_sort_is_served_by_what_names_it():
    delay = NEED.replace("mental health", "delayed development")
    visitor = "\ninvolved_with | from | role | start\ni9 | Vera | health_visitor | 2023-03-01\n"
    assert need(delay + visitor).status == "raised"
    asked = """
referrals | need       | made       | first_contact | addresses | to
r1        | assessment | 2023-02-01 | 2023-05-01    | n1        | trust
"""
    assert need(delay + visitor + asked).status == "clear"
    speech = NEED.replace("mental health", "speech")
    assert need(speech).status == "raised"
    assert need(speech, covers="needs referrals involved_with:social_worker").status == "not assessable"


@pytest.mark.parametrize(("met", "expected"), [("2024-06-01", {"": "clear"}), ("2024-06-02", {"Need:n1": "raised"})])
def test_a_need_that_is_met_is_not_asked_about(met: str, expected: dict[str, str]):
    of = records(NEED.replace("2023-01-10    |     |", f"2023-01-10 | {met} |"))
    assert statuses(of, "silos.unmet_need", ON) == expected


@pytest.mark.parametrize(("on", "expected"), [("2023-01-09", {"": "clear"}), ("2023-01-10", {"Need:n1": "raised"})])
def test_a_need_is_known_from_the_day_it_was_identified(on: str, expected: dict[str, str]):
    assert statuses(records(NEED), "silos.unmet_need", on) == expected


@pytest.mark.parametrize(
    ("covers", "missing"),
    [
        ("needs involved_with:camhs", "referrals:camhs"),
        ("needs referrals:camhs involved_with:social_worker", "involved_with:camhs"),
    ],
)
def test_where_the_service_is_not_covered_it_cannot_be_said(covers: str, missing: str):
    found = need(covers=covers)
    assert (found.status, found.subject) == ("not assessable", "Need:n1") and missing in found.reason
    assert need(covers="needs involved_with:camhs referrals:camhs").status == "raised"


def test_no_need_is_clear_only_where_needs_are_covered():
    none = NEED[: NEED.index("needs ")]
    assert only(records(none), "silos.unmet_need").status == "clear"
    assert only(records(none, covers="referrals"), "silos.unmet_need").reason == (
        "no load covers needs (needs) from 2 June 2023 to 1 June 2024"
    )


# --- silos.withdrawn_before_crisis ---

WITHDRAWN = """
child | born
Ash   | 2012-05-12

agencies | kind        | name
support  | social care | Family Support Service

involved_with | from | role                  | start      | end        | agency  | end_reason
              | Fay  | family_support_worker | 2023-06-01 | 2024-01-10 | support | closed: non-engagement

plans | kind             | start
cp    | child protection | 2024-03-10
"""


def test_a_service_closed_for_non_engagement_sixty_days_before_a_step_up():
    found = only(records(WITHDRAWN), "silos.withdrawn_before_crisis")
    assert (found.status, found.subject) == ("raised", "Involvement:involved_with2")
    assert found.sentence == (
        "Family support worker (Family Support Service) was closed on 10 January 2024 (closed: non-engagement), "
        "60 days before the child protection plan of 10 March 2024."
    )
    assert {e.id for e in found.evidence} == {"involved_with2", "cp"}
    assert found.measures == {"days": 60, "crises": 1}


@pytest.mark.parametrize(
    ("on", "status"),
    [("2024-01-09", "clear"), ("2024-01-10", "raised"), ("2024-03-10", "raised"), ("2024-03-11", "clear")],
)
def test_from_the_first_day_without_it_to_the_sixtieth(on: str, status: str):
    found = only(records(WITHDRAWN.replace("2024-03-10", on)), "silos.withdrawn_before_crisis")
    assert found.status == status


@pytest.mark.parametrize(
    ("crisis", "status"),
    [
        ("events | kind | on\nx | missing | 2024-02-01", "raised"),
        ("events | kind | on\nx | notice by carer | 2024-02-01", "raised"),
        ("events | kind | on\nx | away | 2024-02-01", "clear"),
        ("assessments | kind | on\nx | s47 | 2024-02-01", "raised"),
        ("assessments | kind | on\nx | sdq | 2024-02-01", "clear"),
        ("looks_after | start | legal_status\nx |  2024-02-01 | C2", "raised"),
        ("plans | kind | start\nx | child in need | 2024-02-01", "raised"),
        ("plans | kind | start\nx | care | 2024-02-01", "clear"),
    ],
)
def test_what_is_a_crisis_or_a_step_up(crisis: str, status: str):
    text = WITHDRAWN[: WITHDRAWN.index("plans")] + crisis.replace(
        "looks_after | start", "looks_after | from | start"
    ).replace("x |  2024", "x | E08000025 | 2024")
    assert only(records(text), "silos.withdrawn_before_crisis").status == status


def test_a_further_version_of_a_plan_and_a_step_down_are_no_step_up():
    before = WITHDRAWN.replace("kind             | start\n", "kind | start | end\n").replace(
        "child protection | 2024-03-10", "child protection | 2023-09-10 | 2024-02-01"
    )
    version = before + "next | child protection | 2024-02-01 |\n"
    assert only(records(version), "silos.withdrawn_before_crisis").status == "clear"
    down = before + "next | child in need | 2024-02-01 |\n"
    assert only(records(down), "silos.withdrawn_before_crisis").status == "clear"


@pytest.mark.parametrize(
    ("reason", "status"),
    [
        ("end of programme", "raised"),
        ("Did not attend", "raised"),
        ("moved out of area", "clear"),
        ("", "not assessable"),
    ],
)
def test_the_reason_decides_and_must_be_on_record(reason: str, status: str):
    found = only(records(WITHDRAWN.replace("closed: non-engagement", reason)), "silos.withdrawn_before_crisis")
    assert found.status == status
    if status == "not assessable":
        assert "no record says why family support worker (Family Support Service) ended" in found.reason


def test_a_service_that_someone_else_goes_on_giving_was_not_closed():
    on = "\ninvolved_with | from | role | start\ni9 | Gus | family_support_worker | {}\n"
    assert only(records(WITHDRAWN + on.format("2024-01-10")), "silos.withdrawn_before_crisis").status == "clear"
    assert only(records(WITHDRAWN + on.format("2024-01-11")), "silos.withdrawn_before_crisis").status == "raised"


def test_a_social_worker_a_school_or_a_gp_is_no_service_that_is_withdrawn():
    for role in ("social_worker", "designated_teacher", "gp"):
        text = WITHDRAWN.replace("family_support_worker", role)
        assert statuses(records(text), "silos.withdrawn_before_crisis", ON) == {"": "clear"}


def test_a_referral_closed_for_non_attendance_counts_once():
    referral = """
referrals | need             | made       | closed     | closed_reason  | to
r1        | parenting course | 2023-06-01 | 2024-01-10 | not attending  | {}
"""
    elsewhere, same = (records(WITHDRAWN + referral.format(to)) for to in ("voluntary:Hope", "support"))
    mine = "Involvement:involved_with2"
    assert set(statuses(elsewhere, "silos.withdrawn_before_crisis", ON)) == {mine, "Referral:r1"}
    assert set(statuses(same, "silos.withdrawn_before_crisis", ON)) == {mine}


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-01-09", {"": "clear"}),
        ("2024-01-10", {"Involvement:involved_with2": "clear"}),  # nothing has followed yet
        ("2024-03-09", {"Involvement:involved_with2": "clear"}),
        ("2024-03-10", {"Involvement:involved_with2": "raised"}),
        ("2025-01-09", {"Involvement:involved_with2": "raised"}),
        ("2025-01-10", {"": "clear"}),
    ],
)
def test_it_is_seen_from_the_crisis_on_and_for_twelve_months_from_the_closure(on: str, expected: dict[str, str]):
    assert statuses(records(WITHDRAWN), "silos.withdrawn_before_crisis", on) == expected


@pytest.mark.parametrize(
    ("covers", "missing"),
    [
        ("involved_with assessments plans looks_after", "events:missing"),
        ("involved_with events plans looks_after", "assessments:s47"),
        ("involved_with events assessments looks_after", "plans:child protection"),
        ("involved_with events assessments plans", "looks_after"),
    ],
)
def test_that_nothing_followed_is_said_only_where_it_would_be_seen(covers: str, missing: str):
    quiet = WITHDRAWN[: WITHDRAWN.index("plans")]
    found = only(records(quiet, covers=covers), "silos.withdrawn_before_crisis")
    assert found.status == "not assessable" and missing in found.reason


def test_no_closure_is_clear_for_the_services_that_are_covered_and_the_others_are_listed():
    none = "child | born\nAsh | 2012-05-12\n"
    found = only(records(none, covers="involved_with:camhs"), "silos.withdrawn_before_crisis")
    assert found.status == "clear"
    assert (
        "family support worker" in found.measures["not_assessable"] and "CAMHS" not in found.measures["not_assessable"]
    )
    assert only(records(none, covers="involved_with:social_worker"), "silos.withdrawn_before_crisis").reason == (
        "no load covers a service's professionals (involved_with) from 2 June 2023 to 1 June 2024"
    )
