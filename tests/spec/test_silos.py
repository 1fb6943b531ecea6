"""Silos: who is cut off, who holds the rest together, who was not there, what a review did not look at."""

from __future__ import annotations

import dataclasses
import random
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.findings import Finding
from graph.network import alter_graph
from graph.records import Records
from tests.spec.small import findings, records, statuses

ON = "2024-06-01"


def only(of: Records, rule: str, on: str = ON, **changed: object) -> Finding:
    (found,) = findings(of, rule, on, **changed)
    return found


# --- silos.disconnected ---

TWO_GROUPS = """
child | born
Ash   | 2010-05-12

agencies | kind        | name
council  | social care | Riverside Council
trust    | health      | Seaside Trust
hill     | school      | Hill School

involved_with | from | role                | start      | end | agency
              | Sam  | social_worker       | 2023-01-09 |     | council
              | Ivy  | iro                 | 2023-01-09 |     | council
              | Dawn | lac_nurse           | 2023-03-01 |     | trust
              | Theo | designated_teacher  | 2023-03-01 |     | hill

meetings | kind   | on
m1       | review | 2024-01-10
m2       | pep    | 2024-02-10

attended | from | to | how
         | Sam  | m1 | present
         | Ivy  | m1 | present
         | Dawn | m2 | sent report
         | Theo | m2 | present
"""


def test_agencies_that_never_exchange_with_each_other_are_named():
    found = only(records(TWO_GROUPS), "silos.disconnected")
    assert found.status == "raised"
    assert found.measures["groups"] == [("Dawn", "Theo"), ("Ivy", "Sam")]
    assert "no record of exchange" in found.sentence
    assert "Dawn (looked-after children's nurse) and Theo (designated teacher)" in found.sentence


def test_one_meeting_of_both_joins_them():
    joint = TWO_GROUPS.replace(
        "         | Theo | m2 | present", "         | Theo | m2 | present\n         | Sam | m2 | present"
    )
    found = only(records(joint), "silos.disconnected")
    assert found.status == "clear"


def test_family_time_and_cancelled_meetings_join_nobody():
    joint = """
meetings | kind        | on         | status
f1       | family time | 2024-03-01 |
f2       | core group  | 2024-03-02 | cancelled

attended | from | to | how
a1       | Sam  | f1 | present
a2       | Dawn | f1 | present
a3       | Sam  | f2 | present
a4       | Dawn | f2 | present
"""
    assert only(records(TWO_GROUPS + joint), "silos.disconnected").status == "raised"


def test_colleagues_of_one_agency_share_its_record():
    """Ivy leads nobody's meeting with health, but works where Sam works, who does."""
    of = records(
        TWO_GROUPS.replace("| Ivy  | m1 | present", "| Dawn | m1 | present").replace("| Theo | m2", "| Sam  | m2")
        .replace("              | Theo | designated_teacher  | 2023-03-01 |     | hill\n", "")
    )  # fmt: skip
    assert only(of, "silos.disconnected").status == "clear"


@pytest.mark.parametrize(
    ("start", "status"),
    [("2024-05-04", "raised"), ("2024-05-05", "clear")],  # 28 days, 27 days
)
def test_a_group_counts_once_someone_in_it_is_involved_for_28_days(start: str, status: str):
    text = TWO_GROUPS.replace("lac_nurse           | 2023-03-01", f"lac_nurse           | {start}")
    text = text.replace("designated_teacher  | 2023-03-01", f"designated_teacher  | {start}")
    assert only(records(text), "silos.disconnected").status == status


def test_the_days_are_a_parameter_and_printed():
    text = TWO_GROUPS.replace("lac_nurse           | 2023-03-01", "lac_nurse           | 2024-05-05")
    text = text.replace("designated_teacher  | 2023-03-01", "designated_teacher  | 2024-05-05")
    found = only(records(text), "silos.disconnected", active_days=14)
    assert (found.status, found.parameters["active_days"]) == ("raised", 14)


def test_an_agency_whose_attendance_no_load_covers_is_never_a_silo():
    found = only(records(TWO_GROUPS, covers="attended:social_care"), "silos.disconnected")
    assert found.status == "not assessable"
    assert "health and school" in found.reason
    assert found.measures["not_assessable"] == ["health", "school"]


def test_such_an_agency_is_named_beside_a_silo_of_others():
    found = only(records(TWO_GROUPS, covers="attended:social_care attended:health"), "silos.disconnected")
    assert found.status == "raised"
    assert found.measures["not_assessable"] == ["school"]
    assert "Attendance by school is not covered" in found.sentence


def test_coverage_that_begins_too_late_does_not_count():
    found = only(records(TWO_GROUPS, covers="attended@2024-01-01..2024-06-01"), "silos.disconnected")
    assert found.status == "not assessable"
    whole = only(records(TWO_GROUPS, covers="attended@2023-06-02..2024-06-01"), "silos.disconnected")
    assert whole.status == "raised"


def test_no_exchange_on_record_at_all_is_not_a_silo():
    alone = TWO_GROUPS[: TWO_GROUPS.index("attended")]
    found = only(records(alone), "silos.disconnected")
    assert found.status == "not assessable"
    assert "no record of any two professionals" in found.reason


def test_an_independent_visitor_is_apart_by_design():
    visitor = "\ninvolved_with | from | role | start\nv1 | Bea | independent_visitor | 2023-01-01\n"
    joint = TWO_GROUPS.replace("| Theo | m2 | present", "| Theo | m2 | present\n         | Sam | m2 | present")
    assert only(records(joint + visitor), "silos.disconnected").status == "clear"


def test_who_says_for_which_agency_nobody_recorded_is_not_a_silo():
    joint = TWO_GROUPS.replace("| Theo | m2 | present", "| Theo | m2 | present\n         | Sam | m2 | present")
    unknown = "\ninvolved_with | from | role | start\nv1 | Bea | unheard_of | 2023-01-01\n"
    found = only(records(joint + unknown), "silos.disconnected")
    assert found.status == "not assessable"
    assert "agency not recorded" in found.reason


def test_before_the_second_group_met_it_is_not_yet_seen():
    """As at 1 February the PEP meeting has not happened: nothing but the review joins anyone."""
    found = only(records(TWO_GROUPS), "silos.disconnected", on="2024-02-01")
    assert found.measures["groups"] == [("Dawn",), ("Ivy", "Sam"), ("Theo",)]
    before = only(records(TWO_GROUPS), "silos.disconnected", on="2024-01-09")
    assert before.status == "not assessable"


# --- silos.single_point ---

STAR = """
child | born
Ash   | 2010-05-12

involved_with | from  | role               | start      | end
              | Sam   | social_worker      | 2023-01-09 |
              | Dawn  | lac_nurse          | 2023-01-09 |
              | Theo  | designated_teacher | 2023-01-09 |
              | camhs | camhs              | 2023-01-09 |

meetings | kind  | on
m1       | call  | 2024-01-10
m2       | email | 2024-02-10
m3       | call  | 2024-03-10

attended | from  | to | how
         | Sam   | m1 | present
         | Dawn  | m1 | present
         | Sam   | m2 | present
         | Theo  | m2 | present
         | Sam   | m3 | present
         | camhs | m3 | present
"""


def test_one_who_holds_all_exchange_together_is_a_fact_about_the_arrangement():
    found = only(records(STAR), "silos.single_point")
    assert (found.status, found.fact, found.subject) == ("raised", True, "Professional:Sam")
    assert found.measures["centralisation"] == 1.0
    assert found.measures["fragmentation_rise"] == 1.0
    assert found.measures["parts"] == [("Dawn",), ("Theo",), ("camhs",)]
    assert found.sentence == (
        "In the 12 months to 1 June 2024 exchange on record goes only through Sam (social worker) between: "
        "(1) Dawn (looked-after children's nurse); (2) Theo (designated teacher); (3) camhs. "
        "This says how the work is arranged, not how anyone does it."
    )


def test_in_a_chain_each_in_the_middle_is_one():
    chain = STAR.replace("| Sam   | m3", "| Theo  | m3")
    found = {f.subject: f.measures["fragmentation_rise"] for f in findings(records(chain), "silos.single_point", ON)}
    # Dawn - Sam - Theo - camhs; without either in the middle: one alone, two together.
    assert found == {"Professional:Sam": pytest.approx(2 / 3), "Professional:Theo": pytest.approx(2 / 3)}


def test_a_second_path_clears_it():
    ring = (
        STAR
        + """
meetings | kind   | on
m4       | review | 2024-04-01

attended | from  | to | how
b1       | Dawn  | m4 | present
b2       | Theo  | m4 | present
b3       | camhs | m4 | present
"""
    )
    found = only(records(ring), "silos.single_point")
    assert (found.status, found.subject) == ("clear", "")
    assert found.measures["centralisation"] == 0


def test_a_network_of_three_is_too_small_to_ask():
    three = STAR.replace("         | camhs | m3 | present\n", "")
    assert statuses(records(three), "silos.single_point", ON) == {"": "clear"}
    assert statuses(records(three), "silos.single_point", ON, single_point_least=3) == {"Professional:Sam": "raised"}


def test_one_who_has_left_holds_nothing_together():
    left = STAR.replace("Sam   | social_worker      | 2023-01-09 |", "Sam   | social_worker | 2023-01-09 | 2024-05-01")
    found = only(records(left), "silos.single_point")
    assert found.status == "not assessable"
    # The day before, nobody knew.
    assert only(records(left), "silos.single_point", on="2024-04-30").status == "raised"


def test_an_agency_recorded_without_a_person_can_be_the_one():
    by_agency = STAR.replace("Sam ", "camhs2").replace("camhs ", "Sam ").replace("camhs2", "camhs ")
    assert only(records(by_agency), "silos.single_point").subject == "Agency:camhs"


def test_parts_whose_attendance_is_not_covered_are_not_shown_as_cut_off():
    covers = "attended:social_care attended:health"
    found = only(records(STAR, covers=covers), "silos.single_point")
    assert found.status == "not assessable"
    assert "CAMHS and school" in found.reason
    both = only(records(STAR, covers=f"{covers} attended:school"), "silos.single_point")
    assert both.status == "raised"
    assert both.measures["not_assessable"] == ["camhs"]


def test_without_any_exchange_it_cannot_be_said():
    alone = STAR[: STAR.index("attended")]
    assert only(records(alone), "silos.single_point").status == "not assessable"


people = ["P0", "P1", "P2", "P3", "P4", "P5"]
calls = st.lists(st.sampled_from(list(combinations(people, 2))), min_size=1, max_size=9)


def team(met: list[tuple[str, str]]) -> Records:
    rows = "".join(f" | {p} | lac_nurse | 2023-01-01\n" for p in people)
    on = "".join(f"m{i} | call | 2024-03-01\n" for i in range(len(met)))
    who = "".join(f"a{i}{p} | {p} | m{i} | present\n" for i, pair in enumerate(met) for p in pair)
    tables = (
        f"involved_with | from | role | start\n{rows}",
        f"meetings | kind | on\n{on}",
        f"attended | from | to | how\n{who}",
    )
    return records("\n\n".join(tables))


@given(calls)
def test_single_points_are_those_without_whom_a_walk_finds_fewer_people(met: list[tuple[str, str]]):
    """Against taking everyone out in turn."""
    of = team(met)
    graph = alter_graph(of, findings(of, "silos.single_point", ON)[0].as_at)
    expected = set()
    for who in graph:
        others = nx.node_connected_component(graph, who) - {who}
        if len(others) >= 3 and nx.number_connected_components(graph.subgraph(others)) > 1:
            expected.add(f"Professional:{who}")
    raised = {s for s, status in statuses(of, "silos.single_point", ON).items() if status == "raised"}
    assert raised == expected


@given(st.randoms(use_true_random=False))
def test_rows_in_any_order_give_the_same_findings(shuffle: random.Random):
    for text in (TWO_GROUPS, STAR, ABSENT, CONSIDERED):
        of = records(text)
        rows, nodes = list(of.relationships), list(of.nodes.items())
        shuffle.shuffle(rows)
        shuffle.shuffle(nodes)
        mixed = dataclasses.replace(of, relationships=tuple(rows), nodes=dict(nodes))
        for rule in ("disconnected", "single_point", "absent_agency", "plan_not_considered"):
            assert findings(of, f"silos.{rule}", ON) == findings(mixed, f"silos.{rule}", ON)


# --- silos.absent_agency ---

ABSENT = """
child | born
Ash   | 2010-05-12

agencies | kind        | name
council  | social care | Riverside Council
trust    | health      | Seaside Trust
hill     | school      | Hill School

involved_with | from | role               | start      | end        | agency
              | Sam  | social_worker      | 2023-01-09 |            | council
              | Ivy  | iro                | 2023-01-09 |            | council
              | Dawn | lac_nurse          | 2023-01-09 |            | trust
              | Theo | designated_teacher | 2023-01-09 |            | hill
              | Yara | yot_worker         | 2023-01-09 | 2024-01-10 |
              | Fay  | foster_carer       | 2023-01-09 |            |

meetings | kind   | on
r1       | review | 2024-01-10

attended | from | to | how
         | Sam  | r1 | present
         | Ivy  | r1 | present
         | Dawn | r1 | apologies
         | Theo | r1 | sent report
"""


def test_apologies_without_a_report_are_absence():
    found = only(records(ABSENT), "silos.absent_agency")
    assert (found.status, found.subject) == ("raised", "Meeting:r1")
    assert found.sentence == "Review of 10 January 2024: apologies and no report from Seaside Trust."
    assert found.measures["attendance"] == {
        "Hill School": "sent report", "Riverside Council": "present", "Seaside Trust": "apologies",
    }  # fmt: skip


def test_the_states_of_absence_are_kept_apart():
    text = ABSENT.replace("| Dawn | r1 | apologies", "| Dawn | r1 | not invited").replace(
        "| Theo | r1 | sent report", "| Fay | r1 | present"
    )
    found = only(records(text), "silos.absent_agency")
    assert "not invited, and no report from Seaside Trust" in found.sentence
    assert "no record of attendance or a report from Hill School" in found.sentence


def test_a_report_a_substitute_or_a_colleague_is_enough():
    for how in ("sent report", "substitute", "present"):
        assert only(records(ABSENT.replace("apologies", how)), "silos.absent_agency").status == "clear"
    colleague = ABSENT + "\nattended | from | to | how | agency\nc1 | Nell | r1 | present | trust\n"
    assert only(records(colleague), "silos.absent_agency").status == "clear"


def test_an_agency_that_left_the_day_of_the_meeting_is_not_asked_for():
    """Yara's involvement ended on 10 January: the first day it no longer holds."""
    text = ABSENT.replace("apologies", "present")
    assert only(records(text), "silos.absent_agency").status == "clear"
    longer = text.replace("2024-01-10 |\n              | Fay", "2024-01-11 |\n              | Fay")
    found = only(records(longer), "silos.absent_agency")
    assert found.measures["attendance"]["youth justice"] == "no record"


def test_a_foster_carer_speaks_for_no_agency():
    assert "provider" not in only(records(ABSENT), "silos.absent_agency").measures["attendance"]


def test_an_agency_whose_attendance_is_not_covered_is_not_said_to_be_absent():
    found = only(records(ABSENT, covers="attended:social_care attended:school"), "silos.absent_agency")
    assert found.status == "not assessable"
    assert found.reason == "no load covers attendance by Seaside Trust at meetings on 10 January 2024"


def test_without_any_attendance_one_line_says_what_is_missing():
    found = only(records(ABSENT, covers="meetings involved_with"), "silos.absent_agency")
    assert (found.status, found.subject) == ("not assessable", "")
    assert "attended" in found.reason


@pytest.mark.parametrize(
    ("on", "expected"),
    [
        ("2024-01-09", {"": "clear"}),  # before it
        ("2024-01-10", {"Meeting:r1": "raised"}),
        ("2025-01-09", {"Meeting:r1": "raised"}),  # the last day of the twelve months
        ("2025-01-10", {"": "clear"}),
    ],
)
def test_meetings_of_the_twelve_months_to_the_day(on: str, expected: dict[str, str]):
    assert statuses(records(ABSENT), "silos.absent_agency", on) == expected


def test_no_meeting_is_clear_only_where_meetings_are_covered():
    none = ABSENT[: ABSENT.index("meetings")]
    assert only(records(none), "silos.absent_agency").status == "clear"
    found = only(records(none, covers="meetings:review attended"), "silos.absent_agency")
    assert found.status == "not assessable"
    assert "meetings:strategy discussion" in found.reason and "meetings:review" not in found.reason


def test_cancelled_and_adjourned_meetings_and_visits_are_not_asked_of():
    for status in ("cancelled", "adjourned"):
        text = ABSENT.replace("kind   | on\n", "kind | on | status\n").replace(
            "2024-01-10\n", f"2024-01-10 | {status}\n", 1
        )
        assert statuses(records(text), "silos.absent_agency", ON) == {"": "clear"}
    visit = ABSENT.replace("| review | 2024", "| visit | 2024")
    assert statuses(records(visit), "silos.absent_agency", ON) == {"": "clear"}


STRATEGY = """
child | born
Ash   | 2010-05-12

involved_with | from | role          | start
              | Sam  | social_worker | 2023-01-09

meetings | kind                | on
s1       | strategy discussion | 2024-01-10

attended | from | to | how
         | Sam  | s1 | present
"""


def test_police_and_health_are_members_of_every_strategy_discussion():
    found = only(records(STRATEGY), "silos.absent_agency")
    assert found.status == "raised"
    assert found.measures["members_absent"] == ["police", "health"]
    assert "Police and health are members of every strategy discussion." in found.sentence
    assert found.question == "How was it decided what to do without police and health?"


def test_a_clinician_of_camhs_is_one_of_health():
    there = STRATEGY + "\nattended | from | to | how\nb1 | camhs | s1 | present\nb2 | police | s1 | sent report\n"
    found = only(records(there), "silos.absent_agency")
    assert found.status == "clear"


def test_a_member_who_is_involved_is_named_once():
    involved = STRATEGY + "\ninvolved_with | from | role | start\nb1 | Dawn | lac_nurse | 2023-01-09\n"
    found = only(records(involved), "silos.absent_agency")
    assert found.sentence.lower().count("health") == 2  # once as absent, once as a member
    assert found.measures["members_absent"] == ["police", "health"]


def test_members_whose_attendance_is_not_covered_are_not_absent():
    found = only(records(STRATEGY, covers="attended:social_care attended:police"), "silos.absent_agency")
    assert found.measures["members_absent"] == ["police"]
    assert found.measures["not_assessable"] == ["health"]
    assert "Of health it cannot be said." in found.sentence


def test_a_member_is_there_where_another_of_its_kind_came():
    text = (
        STRATEGY
        + """
agencies | kind   | name
trust    | health | Seaside Trust
other    | health | Hillside Trust

involved_with | from | role      | start      | agency
b1            | Dawn | lac_nurse | 2023-01-09 | trust

attended | from   | to | how     | agency
b2       | Nell   | s1 | present | other
b3       | police | s1 | present |
"""
    )
    found = only(records(text), "silos.absent_agency")
    assert "no record of attendance or a report from Seaside Trust" in found.sentence
    assert found.measures["members_absent"] == []


def test_one_covered_agency_does_not_speak_for_all_of_health():
    """CAMHS is covered and was absent; a nurse of a trust that is not covered may have been there."""
    text = STRATEGY + "\ninvolved_with | from | role | start\nb1 | camhs | camhs | 2023-01-09\n"
    covers = "attended:social_care attended:police attended:camhs"
    found = only(records(text, covers=covers), "silos.absent_agency")
    assert "camhs" in found.measures["attendance"]
    assert found.measures["members_absent"] == ["police"]
    assert found.measures["not_assessable"] == ["health"]


# --- silos.plan_not_considered ---

CONSIDERED = """
child | born
Ash   | 2010-05-12

looks_after | legal_status | start      | need | start_reason
            | C2           | 2022-01-10 | N1   | S

meetings | kind   | on
r1       | review | 2023-09-01
r2       | review | 2024-02-20

plans  | kind   | start      | end        | considered_at | replaces
care   | care   | 2022-01-10 |            | r1;r2         |
health | health | 2023-01-10 |            | r1            |
pep    | pep    | 2024-02-20 |            |               |
family | family time | 2022-01-10 |       |               |
"""


def test_a_plan_in_force_at_a_review_that_did_not_consider_it():
    assert statuses(records(CONSIDERED), "silos.plan_not_considered", ON) == {
        "Plan:care": "clear",
        "Plan:health": "raised",
    }


def test_it_names_the_reviews():
    found = next(f for f in findings(records(CONSIDERED), "silos.plan_not_considered", ON) if f.status == "raised")
    assert found.sentence == (
        "The health plan of 10 January 2023 was in force at the review of 20 February 2024, "
        "with no record that it was considered."
    )
    assert found.measures == {"reviews": 2, "considered": 1, "not_considered": 1}
    assert {e.id for e in found.evidence} == {"health", "r2"}


def test_a_plan_begun_the_day_of_the_review_came_out_of_it():
    earlier = CONSIDERED.replace("pep    | pep    | 2024-02-20", "pep    | pep    | 2024-02-19")
    assert statuses(records(earlier), "silos.plan_not_considered", ON)["Plan:pep"] == "raised"


@pytest.mark.parametrize(("end", "there"), [("2024-02-20", False), ("2024-02-21", True)])
def test_a_plan_that_ended_before_the_review_is_not_asked_for(end: str, there: bool):
    ended = CONSIDERED.replace(
        "health | health | 2023-01-10 |            | r1 ", f"health | health | 2023-12-01 | {end} | "
    )
    assert ("Plan:health" in statuses(records(ended), "silos.plan_not_considered", ON)) is there


def test_only_the_version_in_force_is_asked_for_and_any_version_may_have_been_considered():
    versions = CONSIDERED.replace(
        "| r1            |\npep", "| r1            |\nnewer | health | 2024-01-10 | | | health\npep"
    )
    found = statuses(records(versions), "silos.plan_not_considered", ON)
    assert (found["Plan:health"], found["Plan:newer"]) == ("clear", "raised")
    draft = versions.replace("newer | health | 2024-01-10 | | ", "newer | health | 2024-03-01 | | r2 ")
    assert statuses(records(draft), "silos.plan_not_considered", ON)["Plan:health"] == "clear"


def test_where_plans_are_not_covered_it_cannot_be_said():
    found = {
        f.subject: f
        for f in findings(
            records(CONSIDERED, covers="plans:care meetings:review looks_after"), "silos.plan_not_considered", ON
        )
    }
    assert found["Plan:care"].status == "clear"
    assert found["Plan:health"].status == "not assessable"
    assert "health plans" in found["Plan:health"].reason


def test_where_reviews_are_not_covered_none_is_clear():
    found = statuses(records(CONSIDERED, covers="plans looks_after"), "silos.plan_not_considered", ON)
    assert found == {"Plan:care": "not assessable", "Plan:health": "raised"}


def test_no_review_is_clear_where_reviews_are_covered():
    none = CONSIDERED.replace("review | 2023-09-01", "visit | 2023-09-01").replace(
        "review | 2024-02-20", "visit | 2024-02-20"
    )
    assert statuses(records(none), "silos.plan_not_considered", ON) == {"": "clear"}
    found = only(records(none, covers="plans looks_after"), "silos.plan_not_considered")
    assert found.status == "not assessable" and "meetings:review" in found.reason


def test_no_plan_is_clear_where_plans_are_covered():
    none = CONSIDERED[: CONSIDERED.index("plans ")]
    assert statuses(records(none), "silos.plan_not_considered", ON) == {"": "clear"}
    found = only(records(none, covers="plans:care meetings:review looks_after"), "silos.plan_not_considered")
    assert found.status == "not assessable" and "health" in found.reason and "care," not in found.reason


def test_it_does_not_apply_to_a_child_who_was_not_looked_after():
    never = "child | born\nAsh | 2010-05-12\n"
    assert only(records(never), "silos.plan_not_considered").status == "not applicable"
    assert only(records(never, covers="plans"), "silos.plan_not_considered").status == "not assessable"


def test_a_review_that_has_not_happened_is_not_known():
    found = findings(records(CONSIDERED), "silos.plan_not_considered", "2024-02-19")
    assert {f.subject: f.status for f in found} == {"Plan:care": "clear", "Plan:health": "clear"}


# --- from a council return alone ---

RETURN = """
child | born
Ash   | 2010-05-12

looks_after | legal_status | start      | need | start_reason
            | C2           | 2022-01-10 | N1   | S

placed_at | to  | place_type | start
          | oak | U6         | 2022-01-10

involved_with | from | role          | start
              | Sam  | social_worker | 2023-01-09

meetings | kind   | on
r1       | review | 2024-01-10
"""
COVERED = "placed_at looks_after involved_with:social_worker meetings:review events:missing"


@pytest.mark.parametrize("rule", ["disconnected", "single_point", "absent_agency", "plan_not_considered"])
def test_a_903_alone_makes_no_silo(rule: str):
    found = findings(records(RETURN, covers=COVERED), f"silos.{rule}", ON)
    assert {f.status for f in found} == {"not assessable"}
    assert all(("attendance" in f.reason) or ("plans" in f.reason) for f in found)


def test_a_903_without_a_review_in_the_year_says_nothing_of_plans() -> None:
    of = records(
        """
        looks_after | start      | legal_status
                    | 2024-01-08 | C2
        """,
        covers="looks_after meetings:review",
    )
    found = findings(of, "silos.plan_not_considered", "2025-03-31")
    assert [(f.status, f.reason) for f in found] == [("not assessable", "no load covers plans")]
