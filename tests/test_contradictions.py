"""What is wrong, or contradicts itself, is told or left out with a word; no rule makes a finding of it."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from graph import parameters
from graph.errors import TeamaroundError
from graph.findings import find_rule, run
from graph.identity import identify
from graph.memory import records_of
from graph.records import Records, as_at, stays
from ingest.recognise import read
from tests.extracts import AUTHORITY
from tests.spec.small import findings, records, statuses

ON = "2024-03-31"
CARE = """
child | born
Ash   | 2012-05-12

looks_after | start      | legal_status
            | 2022-01-10 | C2

placed_at | to  | start      | end        | start_reason
          | oak | 2022-01-10 | 2023-11-01 | S
          | elm | 2023-11-01 |            | P

involved_with | from | role          | start      | end
              | Sam  | social_worker | 2022-01-10 | 2023-11-01
              | Lou  | social_worker | 2023-11-01 |
              | Ivy  | iro           | 2022-01-10 |
"""


def gaps(of: Records) -> dict[str, str]:
    return {role.removeprefix("role:"): status for role, status in statuses(of, "continuity.role_gap", ON).items()}


# --- what is asked wrongly ---


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("social_worker = 4", "did you mean social_workers?"),
        ("placements = 'three'", "placements takes a whole number"),
        ("placements = 2.5", "placements takes a whole number"),
        ("placements = true", "placements takes a whole number"),
        ("cohort_features = 5", "cohort_features takes a number from 1 to 4"),
        ("cohort_features = 0", "cohort_features takes a number from 1 to 4"),
        ("turnover_loss = -0.5", "turnover_loss takes a number of 0 or more"),
        ("crisis_kinds = 'missing'", "crisis_kinds takes texts in brackets"),
        ("crisis_kinds = [1]", "crisis_kinds takes texts in brackets"),
        ("f2_ages = [10]", "f2_ages takes 2 whole numbers"),
        ("placements", "is not TOML"),
        ("[continuity]\nplacements = 4", "continuity is no parameter"),
    ],
)
def test_a_wrong_parameter_file_is_one_clear_sentence(tmp_path: Path, text: str, told: str) -> None:
    (tmp_path / "ours.toml").write_text(text)
    with pytest.raises(TeamaroundError, match="ours.toml") as error:
        parameters.read(tmp_path / "ours.toml")
    assert told in str(error.value)


def test_every_wrong_line_of_a_parameter_file_is_named_at_once(tmp_path: Path) -> None:
    (tmp_path / "ours.toml").write_text("placement = 4\nschool_move = 3\nsocial_workers = 4\n")
    with pytest.raises(TeamaroundError, match="placement is no parameter.*school_move is no parameter"):
        parameters.read(tmp_path / "ours.toml")


def test_an_unknown_rule_is_answered_with_those_there_are() -> None:
    with pytest.raises(TeamaroundError, match="no rule 'continuity.workers'.*continuity.social_workers"):
        find_rule("continuity.workers")
    with pytest.raises(TeamaroundError, match="no rule"):
        run(records(CARE), date(2024, 3, 31), only=["continuity.social_workers", "continuity.workers"])


def test_a_child_who_is_not_in_the_tables_is_no_child_without_records() -> None:
    with pytest.raises(KeyError):
        records_of({}, f"{AUTHORITY}/4711", authority=AUTHORITY)


@pytest.mark.parametrize("on", ["1990-01-01", "2012-05-12", "2021-12-31"])
def test_before_the_first_record_nothing_is_raised(on: str) -> None:
    whole = records(CARE, "looks_after placed_at involved_with")
    assert not as_at(whole, date.fromisoformat(on)).of(type(stays(whole)[0].first))
    assert {f.status for f in run(whole, date.fromisoformat(on))} & {"raised"} == set()


def test_on_a_day_that_no_load_covers_nothing_is_clear_that_has_no_record() -> None:
    later = records(CARE, "placed_at@2023-04-01..2024-03-31 looks_after@2023-04-01..2024-03-31")
    assert {f.status for f in run(later, date(2015, 6, 1))} & {"raised"} == set()
    assert statuses(later, "continuity.placements", "2015-06-01") == {"": "not assessable"}
    assert statuses(later, "clocks.review", "2015-06-01") == {"": "not assessable"}


# --- records that contradict themselves ---

END_FIRST = CARE.replace("| Lou  | social_worker | 2023-11-01 |", "| Lou  | social_worker | 2023-11-01 | 2023-10-01")


def test_an_end_before_its_start_is_no_end_and_leaves_no_gap() -> None:
    assert gaps(records(END_FIRST))["social_worker"] == "clear"
    assert findings(records(END_FIRST), "continuity.social_workers", ON)[0].measures["social_workers"] == 2


def test_a_stay_that_ends_before_it_starts_is_where_the_child_still_lives() -> None:
    wrong = CARE.replace("| elm | 2023-11-01 |            | P", "| elm | 2023-11-01 | 2023-10-01 | P")
    assert gaps(records(wrong))["carer"] == "clear"
    assert findings(records(wrong), "continuity.placements", ON)[0].measures["placements"] == 2


RETURN = {
    "header": "CHILD,SEX,DOB,ETHNIC,UPN,MOTHER,MC_DOB\n101,2,12/05/2012,WBRI,UN1,0,\n",
    "episodes": (
        "CHILD,DECOM,RNE,LS,CIN,PLACE,PLACE_PROVIDER,DEC,REC,REASON_PLACE_CHANGE,HOME_POST,PL_POST,URN\n"
        "101,10/01/2022,S,C2,N1,U6,PR1,,,,B13 9AA,B14 7AA,SC100001\n"
    ),
    "sw_episodes": ("CHILD,DOB,SW_ID,SW_DECOM,SW_DEC,SW_REASON\n101,12/05/2012,SW1001,10/01/2023,01/12/2022,MANAGE\n"),
}


def test_a_load_tells_of_an_end_before_its_start_and_keeps_the_row(tmp_path: Path) -> None:
    for name, text in RETURN.items():
        (tmp_path / f"{name}.csv").write_text(text)
    (extract,) = read([tmp_path], AUTHORITY, today=date(2024, 3, 31))

    (refusal,) = [r for r in extract.refusals if r.column == "SW_DEC"]
    assert refusal.whole_row is False and refusal.expected == "a date that is not before SW_DECOM"
    (child,) = identify(extract.tables, authority=AUTHORITY).rows["children"]
    of = records_of(extract.tables, child["id"], extract.coverage, authority=AUTHORITY)
    assert findings(of, "continuity.social_workers", ON)[0].measures["social_workers"] == 1


def test_an_involvement_without_a_start_is_someone_who_has_been_there() -> None:
    wrong = CARE.replace("| Ivy  | iro           | 2022-01-10 |", "| Ivy  | iro           |            |")
    assert gaps(records(wrong))["iro"] == "clear"


def test_a_meeting_before_the_birth_and_one_that_nobody_attended_say_nothing_of_who_was_there() -> None:
    of = records(CARE + "\nmeetings | kind | on\nm1 | review | 2010-01-01\nm2 | review | 2024-02-01\n")
    found = {f.subject: f for f in run(of, date(2024, 3, 31)) if f.rule == "silos.absent_agency"}
    assert set(found) == {"Meeting:m2"}
    assert "no record of attendance" in found["Meeting:m2"].sentence


def test_codes_that_no_list_knows_are_shown_as_they_stand() -> None:
    wrong = CARE.replace("| C2", "| Q9").replace("| iro ", "| seer ")
    assert gaps(records(wrong))["iro"] == "raised"
    assert gaps(records(wrong))["social_worker"] == "clear"


# --- records that contradict one another ---


def test_two_social_workers_at_once_are_two_and_no_handover_is_cold() -> None:
    both = CARE.replace(
        "| Sam  | social_worker | 2022-01-10 | 2023-11-01", "| Sam  | social_worker | 2022-01-10 | 2024-01-01"
    )
    of = records(both)
    assert findings(of, "continuity.social_workers", ON)[0].measures["social_workers"] == 2
    assert gaps(of)["social_worker"] == "clear"
    assert "raised" not in statuses(of, "continuity.cold_handover", ON).values()


def test_two_carers_on_one_day_are_two_placements_and_no_gap() -> None:
    both = CARE.replace("| oak | 2022-01-10 | 2023-11-01 | S", "| oak | 2022-01-10 | 2024-01-01 | S")
    of = records(both)
    assert findings(of, "continuity.placements", ON)[0].measures["placements"] == 2
    assert gaps(of)["carer"] == "clear"
    assert {f.subject for f in findings(of, "area.outside_authority", ON)} == {f"PlacedAt:{stays(of)[1].first.id}"}


def test_two_homes_from_the_same_day_are_both_kept_and_none_is_counted_twice() -> None:
    of = records(CARE.replace("| elm | 2023-11-01 |", "| elm | 2022-01-10 |"))
    assert sum(len(s.rows) for s in stays(of)) == 2
    assert gaps(of)["carer"] == "clear"


def test_present_and_apologies_at_one_meeting_is_present() -> None:
    of = records(
        CARE
        + "\nmeetings | kind | on\nm1 | review | 2024-02-01\n"
        + "\nattended | from | to | how\n | Lou | m1 | present\n | Lou | m1 | apologies\n"
    )
    (found,) = findings(of, "silos.absent_agency", ON)
    assert found.measures["attendance"]["social care"] == "present"


def test_care_without_a_home_is_a_gap_of_the_home_and_of_nothing_else() -> None:
    homeless = "\n\n".join(b for b in CARE.strip().split("\n\n") if not b.startswith("placed_at"))
    assert {role for role, status in gaps(records(homeless)).items() if status == "raised"} == {
        "carer", "virtual_school",
    }  # fmt: skip
    unknown = gaps(records(homeless, "looks_after involved_with"))
    assert unknown["carer"] == "not assessable"


def test_a_home_without_care_is_no_care() -> None:
    no_care = "\n\n".join(b for b in CARE.strip().split("\n\n") if not b.startswith("looks_after"))
    assert set(statuses(records(no_care), "clocks.review", ON).values()) == {"not applicable"}
    assert set(statuses(records(no_care), "continuity.placements", ON).values()) == {"not applicable"}
