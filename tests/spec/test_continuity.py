"""Who stayed, who left, where no one was there: a small table of records, a day, and what is found."""

import dataclasses
from datetime import date

import pytest

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records, statuses

ON = "2026-03-31"  # twelve months to it begin on 1 April 2025

IN_CARE = """
looks_after | start      | legal_status | start_reason
            | 2019-06-03 | C2           | S
"""


def only(of: Records, rule: str, on: str = ON, subject: str | None = None, **changed: object) -> Finding:
    """The one finding of a rule (about a subject)."""
    found = [f for f in findings(of, rule, on, **changed) if subject is None or f.subject == subject]
    assert len(found) == 1, [(f.subject, f.sentence) for f in found]
    return found[0]


def evidence(finding: Finding) -> set[str]:
    return {e.id for e in finding.evidence}


# --- continuity.social_workers ---------------------------------------------------------------------------

WORKERS = "continuity.social_workers"


def workers(rows: str, more: str = "", covers: str | None = None) -> Records:
    return records(
        f"""{IN_CARE}
    involved_with | id | from | role | start | end
    {rows}

    {more}""",
        covers,
    )


THREE = """| a | Doyle | social_worker | 2024-01-08 | 2025-05-06
    | b | Brandt | social_worker | 2025-05-06 | 2025-12-09
    | c | Hassan | social_worker | 2026-01-19 |"""


def test_three_social_workers_in_twelve_months_are_raised_with_their_names() -> None:
    found = only(workers(THREE), WORKERS)
    assert found.status == "raised"
    assert found.sentence == (
        "3 different social workers from 1 April 2025 to 31 March 2026: Doyle, Brandt and Hassan."
    )
    assert found.measures["social_workers"] == 3
    assert found.parameters == {"social_workers": 3, "window_months": 12}
    assert evidence(found) == {"a", "b", "c"}


def test_two_are_clear() -> None:
    found = only(
        workers(
            "| a | Doyle | social_worker | 2024-01-08 | 2025-05-06\n    | b | Brandt | social_worker | 2025-05-06 |"
        ),
        WORKERS,
    )
    assert (found.status, found.sentence) == (
        "clear",
        "2 different social workers from 1 April 2025 to 31 March 2026: Doyle and Brandt.",
    )


def test_one_who_returns_is_counted_once() -> None:
    of = workers("""| a | Doyle | social_worker | 2024-01-08 | 2025-05-06
    | b | Brandt | social_worker | 2025-05-06 | 2025-12-09
    | c | Doyle | social_worker | 2025-12-09 |""")
    assert only(of, WORKERS).measures["social_workers"] == 2
    assert only(of, WORKERS).status == "clear"


def test_one_who_left_on_the_last_day_before_the_twelve_months_is_not_counted() -> None:
    """An end is the first day a thing no longer holds: Doyle was there until 31 March 2025."""
    before = THREE.replace("2025-05-06\n", "2025-04-01\n", 1)
    assert only(workers(before), WORKERS).status == "clear"
    within = THREE.replace("2025-05-06\n", "2025-04-02\n", 1)
    assert only(workers(within), WORKERS).status == "raised"


def test_one_who_begins_on_the_day_is_counted() -> None:
    rows = THREE.replace("2026-01-19", "2026-03-31")
    assert only(workers(rows), WORKERS).status == "raised"
    assert only(workers(rows), WORKERS, "2026-03-30").status == "clear"


def test_a_reviewing_officer_who_stayed_is_said() -> None:
    """Seed 002: the officer matters most where social workers change."""
    of = workers(THREE + "\n    | i | Whitfield | iro | 2019-06-03 |")
    found = only(of, WORKERS)
    assert found.sentence.endswith(" The reviewing officer was Whitfield throughout.")
    assert "i" in evidence(found)


@pytest.mark.parametrize(
    "rows",
    [
        "| i | Whitfield | iro | 2025-04-02 |",  # not there on the first day
        "| i | Whitfield | iro | 2019-06-03 | 2026-03-31",  # nor on the last
        "| i | Whitfield | iro | 2019-06-03 | 2025-10-01\n    | j | Okoro | iro | 2025-10-01 |",
        "| i | Whitfield | iro | 2019-06-03 | 2025-10-01\n    | j | Whitfield | iro | 2025-10-02 |",
    ],
)
def test_a_reviewing_officer_who_was_not_there_throughout_is_not(rows: str) -> None:
    assert "reviewing officer" not in only(workers(f"{THREE}\n    {rows}"), WORKERS).sentence


UNSAID = """
    professionals | identified
    XX1           | no
    XX2           | no
"""


def test_records_that_do_not_say_who_make_a_range() -> None:
    rows = """| a | Doyle | social_worker | 2024-01-08 | 2025-05-06
    | b | XX1 | social_worker | 2025-05-06 | 2025-12-09
    | c | XX2 | social_worker | 2025-12-09 |"""
    found = only(workers(rows, UNSAID), WORKERS)
    assert found.status == "not assessable"
    assert found.sentence == (
        "Cannot be said: 1 to 3 different social workers from 1 April 2025 to 31 March 2026, "
        "because 2 records do not say who."
    )
    assert (found.measures["social_workers"], found.measures["at_most"]) == (1, 3)


def test_a_range_below_three_is_clear_and_one_that_begins_at_three_is_raised() -> None:
    rows = "| a | Doyle | social_worker | 2024-01-08 | 2025-05-06\n    | b | XX1 | social_worker | 2025-05-06 |"
    assert only(workers(rows, UNSAID), WORKERS).status == "clear"
    found = only(workers(THREE + "\n    | d | XX1 | social_worker | 2025-12-09 | 2026-01-19", UNSAID), WORKERS)
    assert found.sentence.startswith("3 to 4 different social workers")
    assert "1 record does not say who" in found.sentence
    assert found.status == "raised"


def test_a_team_without_a_person_does_not_say_who_either() -> None:
    rows = """| a | Doyle | social_worker | 2024-01-08 | 2025-05-06
    | b | social care:Duty | social_worker | 2025-05-06 |"""
    found = only(workers(rows), WORKERS)
    assert (found.measures["social_workers"], found.measures["at_most"]) == (1, 2)


def test_what_no_load_covers_is_named_and_a_count_that_is_enough_is_raised_all_the_same() -> None:
    covers = "looks_after involved_with:social_worker@2025-06-01..2026-03-31"
    two = workers(
        "| b | Brandt | social_worker | 2025-06-01 | 2025-12-09\n    | c | Hassan | social_worker | 2025-12-09 |",
        covers=covers,
    )
    found = only(two, WORKERS)
    assert found.status == "not assessable"
    assert found.reason == (
        "no load covers social worker (involved_with:social_worker) from 1 April 2025 to 31 May 2025"
    )
    found = only(workers(THREE, covers=covers), WORKERS)
    assert (found.status, found.sentence[:35]) == ("raised", "At least 3 different social workers")


def test_it_applies_only_to_a_child_looked_after_or_on_a_plan() -> None:
    rows = "involved_with | from | role | start\n    | Doyle | social_worker | 2025-05-01"
    assert only(records(rows), WORKERS).status == "not applicable"
    found = only(records("child | born\nAsh | 2012-05-12"), WORKERS)
    assert (found.status, found.sentence) == (
        "not applicable",
        "Does not apply: the child was not looked after, nor on a child protection or child in need plan, "
        "from 1 April 2025 to 31 March 2026.",
    )
    other_plan = records(f"{rows}\n\n    plans | kind | start\n    p | pep | 2025-05-01")
    assert only(other_plan, WORKERS).status == "not applicable"
    on_plan = records(f"{rows}\n\n    plans | kind | start\n    p | child in need | 2025-05-01")
    assert only(on_plan, WORKERS).status == "clear"


def test_a_child_of_whom_no_load_says_whether_they_are_on_a_plan_is_not_assessable() -> None:
    found = only(records("child | born\nAsh | 2012-05-12", covers="looks_after involved_with"), WORKERS)
    assert found.status == "not assessable"
    assert found.reason.startswith("no load covers child protection plans (plans:child protection)")


def test_a_baby_is_looked_at_from_birth() -> None:
    of = records(
        """
    child | born
    Ash   | 2026-01-10

    looks_after | start      | legal_status
                | 2026-01-10 | C1

    involved_with | from  | role          | start
                  | Doyle | social_worker | 2026-01-10
    """,
        covers="looks_after@2026-01-10..2026-03-31 involved_with@2026-01-10..2026-03-31",
    )
    assert only(of, WORKERS).status == "clear"


def test_childs_five_social_workers_in_three_years() -> None:
    """Child B (seed 000), fact 1: five in the three years looked after force three within some twelve months."""
    changes = ["2021-01-04", "2021-08-02", "2022-03-01", "2022-10-03", "2023-05-01"]
    ends = [*changes[1:], "2023-12-31"]
    rows = "\n    ".join(
        f"| w{n} | Worker {n} | social_worker | {a} | {b}" for n, (a, b) in enumerate(zip(changes, ends, strict=True))
    )
    assert only(workers(rows), WORKERS, "2023-05-31").status == "raised"


# --- continuity.role_gap ---------------------------------------------------------------------------------

GAP = "continuity.role_gap"


def in_role(role: str, rows: str, more: str = "", covers: str | None = None) -> Records:
    rows = "\n".join(f"    | {row}" for row in rows.splitlines() if row.strip()).replace("ROLE", role)
    return records(f"{IN_CARE}\n    involved_with | id | from | role | start | end\n{rows}\n\n{more}", covers)


def test_days_without_a_social_worker_are_raised_with_their_dates() -> None:
    of = in_role("social_worker", "b | Brandt | ROLE | 2025-01-06 | 2025-12-09\nc | Hassan | ROLE | 2026-01-19 |")
    found = only(of, GAP, subject="role:social_worker")
    assert found.status == "raised"
    assert found.sentence == "No social worker on record for 41 days, 9 December 2025 to 19 January 2026."
    assert found.measures["gaps"] == [{"from": "2025-12-09", "to": "2026-01-19", "days": 41, "open": False}]
    assert found.measures["working_days"] == [26]
    assert {"b", "c"} <= evidence(found)
    assert "LooksAfter" in {e.kind for e in found.evidence}


def test_a_spell_that_ends_on_a_day_and_one_that_starts_on_it_leave_no_gap() -> None:
    of = in_role("iro", "b | Brandt | ROLE | 2025-01-06 | 2025-12-09\nc | Hassan | ROLE | 2025-12-09 |")
    assert statuses(of, GAP, ON)["role:iro"] == "clear"


@pytest.mark.parametrize(
    ("back", "status"),
    [
        ("2025-12-08", "clear"),  # Monday to Monday: five working days, which are not more than five
        ("2025-12-09", "raised"),  # six
    ],
)
def test_a_gap_of_five_working_days_is_allowed_and_one_of_six_is_not(back: str, status: str) -> None:
    of = in_role("iro", f"b | Brandt | ROLE | 2025-01-06 | 2025-12-01\nc | Hassan | ROLE | {back} |")
    assert statuses(of, GAP, ON)["role:iro"] == status


def test_bank_holidays_do_not_count_into_a_gap() -> None:
    """24 December to 5 January is twelve days, and six working days."""
    of = in_role("iro", "b | Brandt | ROLE | 2025-01-06 | 2025-12-24\nc | Hassan | ROLE | 2026-01-02 |")
    found = only(of, GAP, subject="role:iro")
    assert found.status == "clear"  # 24, 29, 30, 31 December: four, New Year's Day out
    assert only(of, GAP, subject="role:iro", role_gap_working_days=3).status == "raised"


def test_a_gap_still_open_counts_to_the_day() -> None:
    of = in_role("iro", "b | Brandt | ROLE | 2025-01-06 | 2026-03-23")
    assert statuses(of, GAP, "2026-03-30")["role:iro"] == "clear"  # five working days
    found = only(of, GAP, "2026-03-31", subject="role:iro")
    assert found.sentence == "No reviewing officer on record since 23 March 2026: 8 days so far."
    assert found.measures["gaps"][0]["open"] is True


def test_each_gap_is_listed_and_short_ones_are_not() -> None:
    of = in_role(
        "iro",
        "a | Ode | ROLE | 2025-01-06 | 2025-06-02\nb | Brandt | ROLE | 2025-07-01 | 2025-09-01\n"
        "c | Hassan | ROLE | 2025-09-03 | 2026-01-05",
    )
    assert only(of, GAP, subject="role:iro").sentence == (
        "No reviewing officer on record for 29 days, 2 June 2025 to 1 July 2025; since 5 January 2026: 85 days so far."
    )


def test_a_gap_that_began_before_the_twelve_months_is_shown_from_its_beginning() -> None:
    rows = "b | Brandt | ROLE | 2019-06-03 | 2025-03-03\nc | Hassan | ROLE | {} |"
    of = in_role("iro", rows.format("2025-04-10"))
    found = only(of, GAP, subject="role:iro")
    assert found.sentence == "No reviewing officer on record for 38 days, 3 March 2025 to 10 April 2025."
    of = in_role("iro", rows.format("2025-04-08"))  # five working days of it within the twelve months
    assert statuses(of, GAP, ON)["role:iro"] == "clear"


def test_a_role_never_held_is_empty_since_care_began() -> None:
    found = only(records(IN_CARE), GAP, subject="role:iro")
    assert found.sentence == "No reviewing officer on record since 3 June 2019: 2,493 days so far."


def test_one_agency_holds_a_role_as_well_as_a_person() -> None:
    of = in_role("virtual_school", "v | virtual school:Birmingham | ROLE | 2019-06-03 |")
    assert statuses(of, GAP, ON)["role:virtual_school"] == "clear"


def test_a_carer_is_a_placement_and_a_hospital_stay_leaves_no_gap() -> None:
    stay = """
    placed_at | id | to       | start      | end        | start_reason | place_type
              | p1 | oak      | 2019-06-03 | 2025-12-01 | S            | U6
              | p2 | hospital | 2025-12-01 | 2026-01-15 | P            | T1
              | p3 | oak      | 2026-01-15 | {}         | P            | U6
    """
    assert statuses(records(IN_CARE + stay.format("")), GAP, ON)["role:carer"] == "clear"
    found = only(records(IN_CARE + stay.format("2026-03-02")), GAP, subject="role:carer")
    assert found.sentence == "No carer on record since 2 March 2026: 29 days so far."
    assert "p3" in evidence(found)


def test_a_child_on_a_plan_needs_a_social_worker_and_no_reviewing_officer() -> None:
    """Child V (seed 004), fact 7: at times no allocated social worker, while on a child protection plan."""
    of = records("""
    plans | kind             | start      | end
    cp    | child protection | 2025-10-06 | 2026-02-02

    involved_with | from  | role          | start      | end
                  | Adeyo | social_worker | 2025-10-06 | 2025-12-15
    """)
    found = {f.subject: f for f in findings(of, GAP, ON)}
    assert found["role:social_worker"].sentence == (
        "No social worker on record for 49 days, 15 December 2025 to 2 February 2026."
    )
    assert "cp" in evidence(found["role:social_worker"])
    others = {f.status for s, f in found.items() if s != "role:social_worker"}
    assert others == {"not applicable"}


def test_one_whose_care_has_ended_needs_no_one_afterwards() -> None:
    of = records("""
    looks_after | start      | end        | legal_status | end_reason
                | 2024-01-01 | 2025-06-02 | C2           | E4A

    involved_with | from  | role | start      | end
                  | Okoro | iro  | 2024-01-01 | 2025-06-02
    """)
    assert statuses(of, GAP, ON)["role:iro"] == "clear"
    assert statuses(of, GAP, "2026-06-30")["role:iro"] == "not applicable"


@pytest.mark.parametrize(
    ("born", "status"),
    [
        ("2021-01-01", "clear"),  # five on 1 January 2026, of school age from 31 March 2026: no day of it yet
        ("2020-12-31", "raised"),  # of school age from 31 December 2025
        ("2022-05-12", "not applicable"),
        ("2009-05-12", "raised"),  # left school on 27 June 2025: within the twelve months
        ("2008-05-12", "not applicable"),  # left in June 2024
    ],
)
def test_virtual_school_is_required_at_compulsory_school_age(born: str, status: str) -> None:
    of = records(f"child | born\nAsh | {born}\n\n{IN_CARE}")
    assert statuses(of, GAP, ON)["role:virtual_school"] == status


def adviser(born: str, care: str, more: str = "", covers: str | None = None) -> Records:
    return records(f"child | born\nAsh | {born}\n\nlooks_after | start | end | legal_status\n{care}\n{more}", covers)


def test_a_personal_adviser_is_required_from_sixteen_for_a_child_long_in_care() -> None:
    of = adviser("2009-12-01", "| 2019-06-03 | | C2")
    assert only(of, GAP, subject="role:personal_adviser").sentence == (
        "No personal adviser on record since 1 December 2025: 120 days so far."
    )
    assert statuses(of, GAP, "2025-11-30")["role:personal_adviser"] == "not applicable"
    with_one = adviser(
        "2009-12-01",
        "| 2019-06-03 | | C2",
        "\ninvolved_with | from | role | start\n| Pa | personal_adviser | 2025-12-08",
    )
    assert statuses(with_one, GAP, ON)["role:personal_adviser"] == "clear"


def test_thirteen_weeks_since_fourteen_are_counted_over_all_time_in_care() -> None:
    """Eight weeks at fifteen and five at sixteen make thirteen on 5 February 2026."""
    care = "| 2025-01-01 | 2025-02-26 | V2\n| 2026-01-01 | | V2"
    of = adviser("2009-12-01", care)
    assert only(of, GAP, subject="role:personal_adviser").sentence == (
        "No personal adviser on record since 5 February 2026: 54 days so far."
    )
    assert statuses(adviser("2009-12-01", "| 2026-01-01 | | V2"), GAP, ON)["role:personal_adviser"] == "not applicable"


def test_thirteen_weeks_to_the_day_in_an_earlier_period_are_enough() -> None:
    care = "| 2024-01-01 | {} | V2\n| 2026-01-05 | | V2"
    of = adviser("2009-12-01", care.format("2024-04-01"))  # 91 days
    assert "since 5 January 2026" in only(of, GAP, subject="role:personal_adviser").sentence
    of = adviser("2009-12-01", care.format("2024-03-31"))  # 90 days, and one more from 5 January
    assert "since 6 January 2026" in only(of, GAP, subject="role:personal_adviser").sentence


def test_whether_a_child_is_eligible_needs_all_care_since_fourteen() -> None:
    of = adviser("2009-12-01", "| 2026-02-01 | | V2", covers="looks_after@2025-04-01..2026-03-31 involved_with")
    found = only(of, GAP, subject="role:personal_adviser")
    assert found.status == "not assessable"
    assert found.reason == "no load covers all periods of care since the child turned 14, on 1 December 2023"


def test_a_health_lead_is_required_once_there_is_a_health_plan() -> None:
    """Sophie (seed 001), fact 15: no clinician held the whole view."""
    of = records(f"{IN_CARE}\nplans | kind | start\nhp | health | 2019-07-01")
    found = only(of, GAP, subject="role:health_lead")
    assert found.sentence == "No health lead on record since 1 July 2019: 2,465 days so far."
    assert "hp" in evidence(found)
    versions = "plans | kind | start | made_on\nb | health | | 2020-07-01\na | health | 2019-07-01 |"
    assert "since 1 July 2019" in only(records(f"{IN_CARE}\n{versions}"), GAP, subject="role:health_lead").sentence
    found = only(records(IN_CARE), GAP, subject="role:health_lead")
    assert (found.status, found.sentence) == (
        "clear",
        "No health plan on record, so that no health lead is looked for.",
    )


def test_what_no_load_covers_is_named_for_each_role() -> None:
    """A council that has loaded its 903 alone."""
    of = workers(THREE, covers="looks_after placed_at involved_with:social_worker")
    found = {f.subject: f for f in findings(of, GAP, ON)}
    assert found["role:social_worker"].status == "raised"
    assert found["role:carer"].status == "raised"
    assert found["role:iro"].reason == (
        "no load covers reviewing officer (involved_with:iro) from 1 April 2025 to 30 March 2026"
    )
    assert found["role:virtual_school"].status == "not assessable"
    assert found["role:health_lead"].reason == (
        "no load covers health lead (involved_with:health_lead) and health plans (plans:health) "
        "from 1 April 2025 to 30 March 2026"
    )
    assert found["role:personal_adviser"].status == "not applicable"  # by age, which needs no load


def test_a_gap_in_the_days_that_are_covered_is_raised_whatever_is_missing_beside() -> None:
    covers = "looks_after involved_with:iro@2025-10-01..2026-03-31"
    of = in_role("iro", "b | Brandt | ROLE | 2019-06-03 | 2025-12-09\nc | Hassan | ROLE | 2026-01-19 |", covers=covers)
    assert only(of, GAP, subject="role:iro").status == "raised"
    of = in_role("iro", "c | Hassan | ROLE | 2025-10-01 |", covers=covers)
    found = only(of, GAP, subject="role:iro")
    assert found.reason == "no load covers reviewing officer (involved_with:iro) from 1 April 2025 to 30 September 2025"


def test_a_role_that_someone_is_known_to_hold_all_the_time_needs_no_load_that_says_it_must() -> None:
    of = records(
        "involved_with | from | role | start\n| Doyle | social_worker | 2020-01-01",
        covers="involved_with:social_worker",
    )
    assert statuses(of, GAP, ON)["role:social_worker"] == "clear"


def test_a_child_without_a_date_of_birth_has_no_age_to_go_by() -> None:
    of = records(IN_CARE)
    unborn = dataclasses.replace(of, child=dataclasses.replace(of.child, born=None))
    found = {f.subject: f for f in findings(unborn, GAP, ON)}
    for role in ("role:virtual_school", "role:personal_adviser"):
        assert (found[role].status, found[role].reason) == (
            "not assessable",
            "the child's date of birth is not on record",
        )


def test_one_finding_for_each_role_and_no_more() -> None:
    found = [f.subject for f in findings(records(IN_CARE), GAP, ON)]
    assert sorted(found) == [
        "role:carer",
        "role:health_lead",
        "role:iro",
        "role:personal_adviser",
        "role:social_worker",
        "role:virtual_school",
    ]


# --- continuity.placements -------------------------------------------------------------------------------

PLACEMENTS = "continuity.placements"


def placed(rows: str, covers: str | None = None, care: str = IN_CARE) -> Records:
    return records(f"{care}\nplaced_at | id | to | start | end | start_reason | place_type\n{rows}", covers)


HOMES = """| p1 | oak | 2019-06-03 | 2025-06-02 | S | U6
| p2 | elm | 2025-06-02 | 2025-11-17 | P | U6
| p3 | ash | 2025-11-17 | | P | K2"""


def test_three_placements_in_twelve_months_are_raised() -> None:
    found = only(placed(HOMES), PLACEMENTS)
    assert found.status == "raised"
    assert found.sentence == (
        "3 placements from 1 April 2025 to 31 March 2026: oak from 3 June 2019; elm from 2 June 2025; "
        "ash from 17 November 2025."
    )
    assert found.subject == ""
    assert evidence(found) == {"p1", "p2", "p3"}
    assert found.measures["moves"] == 2
    assert found.measures["days_in_care"] == (date(2026, 3, 31) - date(2019, 6, 3)).days


def test_sophies_eight_placements_give_the_published_rate() -> None:
    """Sophie (seed 001), fact 1: eight placements in 1,278 days."""
    starts = [
        "2013-03-01",
        "2013-06-01",
        "2014-01-01",
        "2014-05-01",
        "2014-12-01",
        "2015-05-01",
        "2015-10-01",
        "2016-03-01",
    ]
    rows = "\n".join(
        f"| p{n} | home{n} | {start} | {end} | {'P' if n else 'S'} | U6"
        for n, (start, end) in enumerate(zip(starts, [*starts[1:], ""], strict=True))
    )
    care = "looks_after | start | legal_status | start_reason\n| 2013-03-01 | C2 | S\n"
    found = only(placed(rows, care=care), PLACEMENTS, "2016-08-30")
    assert found.measures["days_in_care"] == 1278
    assert found.measures["moves_per_1000_days"] == 5.48
    assert found.status == "raised"
    assert found.measures["hhi_d"] >= 0.125


def test_two_placements_are_clear() -> None:
    found = only(placed(HOMES.rsplit("\n", 1)[0].replace("2025-11-17", "")), PLACEMENTS)
    assert (found.status, found.sentence) == ("clear", "2 placements from 1 April 2025 to 31 March 2026.")


def test_a_placement_that_ended_the_day_before_the_twelve_months_is_not_counted() -> None:
    assert only(placed(HOMES.replace("2025-06-02", "2025-04-01")), PLACEMENTS).status == "clear"
    assert only(placed(HOMES.replace("2025-06-02", "2025-04-02")), PLACEMENTS).status == "raised"


def test_hospital_status_and_going_missing_are_no_placements() -> None:
    of = placed("""| p1 | oak | 2019-06-03 | 2025-06-02 | S | U6
| p2 | hospital | 2025-06-02 | 2025-06-20 | P | T1
| p3 | oak | 2025-06-20 | 2025-09-01 | P | U6
| p4 | oak | 2025-09-01 | 2025-11-17 | L | U6
| p5 | oak2 | 2025-11-17 | | T | U4

events | kind    | on         | end
       | missing | 2025-12-01 | 2025-12-03""")
    found = only(of, PLACEMENTS)
    assert (found.status, found.measures["placements"]) == ("clear", 1)


def test_going_back_to_an_earlier_home_is_another_placement() -> None:
    found = only(placed(HOMES.replace("| ash |", "| oak |")), PLACEMENTS)
    assert found.measures["placements"] == 3
    assert found.measures["hhi_d"] > only(placed(HOMES), PLACEMENTS).measures["hhi_d"]  # yet two homes, not three


def test_homes_without_a_name_are_called_by_their_type() -> None:
    of = placed(HOMES + "\n\nplacements | urn\noak | \nelm | \nash | ")
    assert "foster home from 3 June 2019" in only(of, PLACEMENTS).sentence
    assert "children's home from 17 November 2025" in only(of, PLACEMENTS).sentence


def test_placements_of_a_child_who_is_not_looked_after_on_the_day_are_not_asked_for() -> None:
    care = "looks_after | start | end | legal_status\n| 2019-06-03 | 2026-03-31 | C2\n"
    found = only(placed(HOMES, care=care), PLACEMENTS)
    assert found.sentence == "Does not apply: the child was not looked after on 31 March 2026."
    assert only(placed(HOMES, care=care), PLACEMENTS, "2026-03-30").status == "raised"
    assert only(records("", covers="placed_at"), PLACEMENTS).reason == (
        "no load covers periods of care (looks_after) on 31 March 2026"
    )


def test_placements_that_no_load_covers_are_named_and_three_are_three_all_the_same() -> None:
    covers = "looks_after placed_at@2025-07-01..2026-03-31"
    found = only(placed(HOMES, covers), PLACEMENTS)
    assert (found.status, found.sentence[:21]) == ("raised", "At least 3 placements")
    found = only(placed(HOMES.split("\n", 1)[1], covers), PLACEMENTS)
    assert (found.status, found.reason) == (
        "not assessable",
        "no load covers placements (placed_at) from 1 April 2025 to 30 June 2025",
    )


# --- continuity.turnover_at_move -------------------------------------------------------------------------

TURNOVER = "continuity.turnover_at_move"
MOVE = """| p1 | oak | 2019-06-03 | 2025-11-17 | S | U6
| p2 | ash | 2025-11-17 | | P | K2
"""


def team(rows: str, covers: str | None = None, more: str = "") -> Records:
    of = "\n".join(f"| {row}" for row in rows.splitlines() if row.strip())
    return placed(f"{MOVE}\ninvolved_with | id | from | role | start | end\n{of}\n\n{more}", covers)


FOUR = """sw | Brandt | social_worker | 2025-05-06 |
iro | Whitfield | iro | 2019-06-03 |
ca | Moss | camhs | 2025-03-03 | 2025-11-28
ln | Adeyemi | lac_nurse | 2023-01-01 | 2025-11-20"""


def test_half_of_the_professionals_gone_at_a_move_is_raised_with_who_went_and_who_stayed() -> None:
    found = only(team(FOUR), TURNOVER)
    assert found.status == "raised"
    assert found.subject == "PlacedAt:p2"
    assert found.sentence == (
        "2 of the 4 professionals involved 28 days before the move of 17 November 2025 were gone 28 days after it: "
        "Adeyemi (looked-after children's nurse) and Moss (CAMHS). "
        "Still there: Whitfield (reviewing officer) and Brandt (social worker)."
    )
    assert (found.measures["before"], found.measures["lost"], found.measures["loss_share"]) == (4, 2, 0.5)
    assert found.measures["loss_share_by_days"] == {"14": 0.5, "28": 0.5, "56": 0.5}
    assert evidence(found) == {"p1", "p2", "sw", "iro", "ca", "ln"}


def test_less_than_half_is_clear_and_half_of_two_people_is_too() -> None:
    fewer = FOUR.replace("2025-11-20", "")
    found = only(team(fewer), TURNOVER)
    assert (found.status, found.sentence) == (
        "clear",
        "3 of 4 professionals stayed through the move of 17 November 2025.",
    )
    two = "\n".join(FOUR.splitlines()[1:3])
    assert only(team(two), TURNOVER).status == "clear"
    assert only(team(two), TURNOVER, turnover_least=2).status == "raised"


def test_who_is_there_is_looked_at_on_the_days_themselves() -> None:
    """28 days before 17 November 2025 is 20 October; 28 days after it is 15 December."""
    gone_before = FOUR.replace("2025-11-20", "2025-10-20")  # not there on 20 October any more
    assert only(team(gone_before), TURNOVER).measures["before"] == 3
    there = FOUR.replace("2025-11-20", "2025-12-16").replace("2025-11-28", "2025-12-16")
    assert only(team(there), TURNOVER).measures["lost"] == 0
    gone = FOUR.replace("2025-11-20", "2025-12-15").replace("2025-11-28", "2025-12-15")
    assert only(team(gone), TURNOVER).measures["lost"] == 2


def test_a_team_of_no_one_is_said_to_be_so() -> None:
    assert only(placed(MOVE), TURNOVER).sentence == (
        "No professional beside carers and schools on record before the move of 17 November 2025."
    )


def test_carers_and_schools_do_not_count_among_the_professionals() -> None:
    rows = """fc | Okafor | foster_carer | 2024-02-05 | 2025-11-17
    kw | Ellery | keyworker_residential | 2024-02-05 | 2025-11-17
    ss | Pane | supervising_social_worker | 2024-02-05 | 2025-11-17
    sc | school:Kingsway | school | 2023-09-04 | 2025-11-14
    dt | Kerr | designated_teacher | 2023-09-04 | 2025-11-14
    iro | Whitfield | iro | 2019-06-03 |"""
    found = only(team(rows), TURNOVER)
    assert (found.status, found.measures["before"]) == ("clear", 1)


def test_someone_who_comes_back_in_another_role_has_stayed() -> None:
    rows = FOUR + "\nlk | Adeyemi | health_lead | 2025-12-01 |"
    assert only(team(rows), TURNOVER).measures["lost"] == 1


AREAS = """
in_area | from | to
| oak | E10000031
| ash | E06000052
"""
NEW_WORKER = """a | Brandt | social_worker | 2025-05-06 | 2025-11-24
b | Hassan | social_worker | 2025-11-24 |"""


def test_carer_worker_and_authority_all_at_once_are_raised_even_where_no_one_else_is_covered() -> None:
    """Child V (seed 004), fact 9, in the shape it takes for a child looked after."""
    covers = "looks_after placed_at in_area involved_with:social_worker"
    found = only(team(NEW_WORKER, covers, AREAS), TURNOVER)
    assert found.status == "raised"
    assert found.sentence == (
        "Carer, social worker and the authority lived in all changed within 28 days of 17 November 2025: "
        "oak to ash, Brandt to Hassan, Warwickshire to Cornwall."
    )
    assert evidence(found) == {"p1", "p2", "a", "b"}


def test_two_of_the_three_are_not_all_at_once() -> None:
    same_area = AREAS.replace("E06000052", "E10000031")
    assert only(team(NEW_WORKER, more=same_area), TURNOVER).status == "clear"
    same_worker = "a | Brandt | social_worker | 2025-05-06 |"
    assert only(team(same_worker, more=AREAS), TURNOVER).status == "clear"
    later = NEW_WORKER.replace("2025-11-24", "2025-12-16")  # 29 days after the move
    assert only(team(later, more=AREAS), TURNOVER).status == "clear"


def test_a_worker_who_goes_with_no_one_after_is_a_change_too() -> None:
    found = only(team("a | Brandt | social_worker | 2025-05-06 | 2025-11-17", more=AREAS), TURNOVER)
    assert "Brandt to no social worker on record" in found.sentence


def test_with_the_903_alone_it_cannot_be_said() -> None:
    covers = "looks_after placed_at in_area involved_with:social_worker"
    found = only(team("a | Brandt | social_worker | 2025-05-06 |", covers, AREAS), TURNOVER)
    assert found.status == "not assessable"
    assert found.reason == (
        "no load covers professionals beside the social worker (involved_with) from 20 October 2025 to 15 December 2025"
    )


def test_only_roles_that_loads_cover_are_compared() -> None:
    covers = "looks_after placed_at in_area involved_with:social_worker involved_with:iro"
    found = only(team(FOUR, covers, AREAS), TURNOVER)
    assert (found.status, found.measures["before"]) == ("clear", 2)


def test_an_area_that_is_not_on_record_matters_only_where_it_decides() -> None:
    one = "\nin_area | from | to\n| oak | E10000031\n"
    found = only(team(NEW_WORKER, more=one), TURNOVER)
    assert (found.status, found.reason) == (
        "not assessable",
        "no record of the authority in whose area the home is: ash",
    )
    assert only(team("a | Brandt | social_worker | 2025-05-06 |", more=one), TURNOVER).status == "clear"


def test_a_worker_of_whom_it_is_not_said_who_leaves_it_open() -> None:
    more = f"{AREAS}\nprofessionals | identified\nXX1 | no\n"
    rows = NEW_WORKER.replace("Hassan", "XX1")
    found = only(team(rows, more=more), TURNOVER)
    assert (found.status, found.reason) == ("not assessable", "1 record of the social worker does not say who")


def test_someone_before_the_move_of_whom_it_is_not_said_who_leaves_the_share_open() -> None:
    more = "professionals | identified\nXX1 | no\n"
    rows = FOUR.replace("Whitfield", "XX1").replace("2025-11-20", "")
    found = only(team(rows, more=more), TURNOVER)
    assert (found.status, found.reason) == ("not assessable", "1 record from before the move does not say who")


def test_a_record_that_does_not_say_who_matters_only_where_it_decides() -> None:
    more = "professionals | identified\nXX1 | no\n"
    three = FOUR.replace("Whitfield", "XX1").replace("2025-11-20", "").split("\n", 1)[1]  # one of three lost
    assert only(team(three, more=more), TURNOVER).status == "not assessable"
    two = "\n".join(three.splitlines()[:2])  # one of two lost: too few
    assert only(team(two, more=more), TURNOVER).status == "clear"


def test_the_share_for_twice_the_days_waits_for_them() -> None:
    """56 days after 17 November 2025 is 12 January 2026."""
    assert set(only(team(FOUR), TURNOVER, "2026-01-11").measures["loss_share_by_days"]) == {"14", "28"}
    assert set(only(team(FOUR), TURNOVER, "2026-01-12").measures["loss_share_by_days"]) == {"14", "28", "56"}


def test_a_move_whose_days_after_have_not_passed_waits_for_them() -> None:
    found = only(team(FOUR), TURNOVER, "2025-12-14")
    assert (found.status, found.reason) == (
        "not assessable",
        "the 28 days after the move of 17 November 2025 end on 15 December 2025",
    )
    assert only(team(FOUR), TURNOVER, "2025-12-15").status == "raised"
    assert statuses(team(FOUR), TURNOVER, "2025-11-17") == {"PlacedAt:p2": "not assessable"}  # the day itself


def test_moves_of_the_last_twelve_months_and_no_others() -> None:
    assert only(team(FOUR), TURNOVER, "2026-11-16").subject == "PlacedAt:p2"
    found = only(team(FOUR), TURNOVER, "2026-11-17")
    assert (found.subject, found.status, found.sentence) == (
        "",
        "clear",
        "No change of carer on record from 18 November 2025 to 17 November 2026.",
    )


def test_each_move_has_its_own_finding() -> None:
    assert set(statuses(placed(HOMES), TURNOVER, ON)) == {"PlacedAt:p2", "PlacedAt:p3"}


def test_without_care_it_does_not_apply_and_without_placements_covered_it_cannot_be_said() -> None:
    assert only(records(""), TURNOVER).sentence == (
        "Does not apply: the child was not looked after in the time from 1 April 2025 to 31 March 2026."
    )
    assert only(records(IN_CARE, covers="looks_after"), TURNOVER).reason == (
        "no load covers placements (placed_at) from 1 April 2025 to 31 March 2026"
    )


# --- all of them -----------------------------------------------------------------------------------------

ALL = (WORKERS, GAP, PLACEMENTS, TURNOVER)


@pytest.mark.parametrize("rule", ALL)
@pytest.mark.parametrize("on", ["2025-11-20", "2025-12-20", ON])
def test_what_is_recorded_after_the_day_changes_nothing_on_the_day(rule: str, on: str) -> None:
    rows = FOUR + "\nnew | Late | iro | {}\nco | Other | social_worker | {}".replace("{}", "2026-04-01")
    later = "plans | kind | start\nhp | health | 2026-04-02"
    of, more = team(FOUR), team(rows, more=later)
    moved = dataclasses.replace(
        more,
        relationships=tuple(
            dataclasses.replace(r, end=date(2026, 4, 3)) if r.id in ("p2", "iro") else r for r in more.relationships
        ),
    )
    assert findings(of, rule, on) == findings(moved, rule, on)


@pytest.mark.parametrize("rule", ALL)
def test_a_child_of_whom_nothing_is_loaded_gets_an_answer_and_no_alarm(rule: str) -> None:
    found = findings(records("", covers="meetings"), rule, ON)
    assert found and {f.status for f in found} <= {"not assessable", "not applicable"}
    assert all(f.reason for f in found)
