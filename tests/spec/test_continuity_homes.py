"""Changes of carer of a child who is not looked after, and what is on record before a birth."""

from __future__ import annotations

from graph.findings import Finding
from tests.spec.small import findings, records

HOME = """
child | born
Ash   | 2019-03-11

in_area | from | to
        | mum  | E08000025
        | dad  | E08000029

persons | kind   | name
mum     | mother | Mum Vale
dad     | father | Dad Vale
nan     | other  | Nan Vale

lives_with | to  | start      | end
           | mum | 2019-03-11 | 2024-01-15
           | dad | 2024-01-15 |
           | nan | 2024-01-15 |

plans | kind             | start
cp    | child protection | 2023-06-01

agencies | kind   | name
trust    | health | Seaside Trust

involved_with | from | role           | agency | start      | end
              | Sam  | social_worker  |        | 2023-06-01 | 2024-01-05
              | Lou  | social_worker  |        | 2024-01-29 |
              | Kim  | health_visitor | trust  | 2023-06-01 | 2024-01-20
              | Jo   | health_visitor | trust  | 2024-01-20 |
"""
ON = "2024-03-31"


def of(text: str, rule: str, on: str = ON) -> Finding:
    (found,) = findings(records(text), rule, on)
    return found


def test_a_move_from_one_parent_to_the_other_is_a_change_of_carer() -> None:
    found = of(HOME, "continuity.turnover_at_move")
    assert found.status == "raised" and found.subject.startswith("LivesWith:")
    assert "Mum Vale to Dad Vale and Nan Vale" in found.sentence and "Birmingham to Solihull" in found.sentence
    assert [e.kind for e in found.evidence].count("LivesWith") == 3


def test_two_of_one_agency_are_the_agencys_bridge() -> None:
    found = of(HOME, "continuity.no_bridge")
    assert found.status == "raised" and "Seaside Trust was there on both sides" in found.sentence


def test_someone_who_stays_through_it_is_a_bridge() -> None:
    stayed = HOME.replace("| 2024-01-20\n", "|\n", 1)
    assert of(stayed, "continuity.no_bridge").status == "clear"


def test_who_comes_to_live_beside_the_mother_changes_no_carer() -> None:
    beside = HOME.replace("| mum | 2019-03-11 | 2024-01-15", "| mum | 2019-03-11 |           ")
    for rule in ("continuity.turnover_at_move", "continuity.no_bridge"):
        assert of(beside, rule).status == "clear"


def test_coming_into_care_is_no_change_of_carer_within_it() -> None:
    into_care = """
    looks_after | start      | legal_status | start_reason
                | 2024-01-15 | V2           | S

    placed_at | to  | start      | place_type | start_reason
              | oak | 2024-01-15 | U6         | S

    lives_with | to  | start      | end
               | mum | 2019-03-11 | 2024-01-15
    """
    assert of(into_care, "continuity.turnover_at_move").status == "clear"


def test_without_a_load_that_covers_with_whom_children_live_no_change_cannot_be_said() -> None:
    beside = HOME.replace("| mum | 2019-03-11 | 2024-01-15", "| mum | 2019-03-11 |           ")
    on_record = records(beside, covers="looks_after involved_with")
    (found,) = findings(on_record, "continuity.no_bridge", ON)
    assert found.status == "not assessable" and "lives_with" in found.reason


def test_a_child_of_whom_no_one_is_on_record_at_home_is_not_concerned() -> None:
    nobody = "plans | kind             | start\ncp    | child protection | 2023-06-01"
    assert of(nobody, "continuity.no_bridge").status == "not applicable"


EXPECTED = """
child | born       | expected
Ash   | 2024-01-08 | 2024-02-05

plans | kind          | start      | end
cin   | child in need | 2023-10-02 | 2023-12-18

involved_with | from | role          | start      | end        | end_reason
              | Sam  | social_worker | 2023-10-02 | 2023-12-18 | left the authority
"""


def test_what_ended_before_the_birth_of_a_child_who_was_expected_is_still_seen_after_it() -> None:
    assert of(EXPECTED, "continuity.closed_with_leaver").status == "raised"


def test_of_a_child_whose_birth_nobody_expected_on_record_nothing_is_looked_for_before_it() -> None:
    unexpected = EXPECTED.replace("| 2024-02-05", "|")
    assert of(unexpected, "continuity.closed_with_leaver").status == "clear"
