"""The people who last, who was lost, who bridged a move, and who holds a role in name: a table, a day, an answer."""

import dataclasses
from typing import Any

import pytest

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records

ON = "2026-03-31"  # twelve months to it begin on 1 April 2025
ANCHOR, BRIDGE, NOMINAL = "continuity.anchor_lost", "continuity.no_bridge", "continuity.nominal_tie"

IN_CARE = """
looks_after | id | start      | legal_status | start_reason
            | la | 2019-06-03 | C2           | S
"""


def only(of: Records, rule: str, subject: str | None = None, on: str = ON, **changed: Any) -> Finding:
    """The one finding of a rule (about a subject)."""
    found = [f for f in findings(of, rule, on, **changed) if subject is None or f.subject == subject]
    assert len(found) == 1, [(f.subject, f.status, f.sentence) for f in found]
    return found[0]


def evidence(finding: Finding) -> set[str]:
    return {e.id for e in finding.evidence}


def team(rows: str, more: str = "", covers: str | None = None) -> Records:
    return records(
        f"""{IN_CARE}
    involved_with | id | from | role | start | end | end_reason
    {rows}

    {more}""",
        covers,
    )


# --- continuity.anchor_lost ------------------------------------------------------------------------------

# Child B (seed 000), fact 4: the reviewing officer of years retired; social workers came and went.
OFFICER_GONE = """| i | Whitfield | iro | 2021-06-03 | 2025-11-03 | retired
    | a | Doyle | social_worker | 2024-01-08 | 2025-10-20 |
    | b | Brandt | social_worker | 2025-11-10 | |
    | j | Okoro | iro | 2025-11-03 | |"""


def test_the_longest_relationship_ended_and_no_one_else_spans_it() -> None:
    found = only(team(OFFICER_GONE), ANCHOR)
    assert (found.status, found.subject) == ("raised", "Involvement:i")
    assert found.sentence == (
        "Whitfield (reviewing officer) was there longer than anyone else on record, 1,614 days to 3 November 2025 "
        "(“retired”). No one else on record was there from 6 October 2025 to 1 December 2025."
    )
    assert found.measures == {"longest_days": 1614, "longest_now_days": 148, "role": "iro"}
    assert evidence(found) == {"i"}


@pytest.mark.parametrize(
    ("start", "end", "status"),
    [
        ("2025-10-06", "", "clear"),  # there 28 days before
        ("2025-10-07", "", "raised"),
        ("2024-01-08", "2025-12-02", "clear"),  # there 28 days after
        ("2024-01-08", "2025-12-01", "raised"),
    ],
)
def test_someone_else_on_both_sides_is_said_and_clears(start: str, end: str, status: str) -> None:
    rows = OFFICER_GONE.replace("2024-01-08 | 2025-10-20", f"{start} | {end}")
    found = only(team(rows), ANCHOR)
    assert found.status == status
    assert ("On both sides of that day: Doyle (social worker)." in found.sentence) == (status == "clear")


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("| c | Moss | camhs | 2022-01-10 | |", "clear"),  # any professional
        ("| c | Rowe | foster_carer | 2022-01-10 | |", "raised"),  # homes and schools change by definition
        ("| c | school | school | 2022-01-10 | |", "raised"),
        ("| c | camhs | camhs | 2022-01-10 | |", "raised"),  # an agency is not a person
    ],
)
def test_who_can_be_the_one_who_stays(row: str, status: str) -> None:
    assert only(team(f"{OFFICER_GONE}\n    {row}"), ANCHOR).status == status


def test_two_spells_within_a_fortnight_are_one_relationship() -> None:
    rows = "| i | Whitfield | iro | 2021-06-03 | 2023-06-03 |\n    | k | Whitfield | iro | {} | 2025-11-03 | retired"
    whole = only(team(rows.format("2023-06-17")), ANCHOR)
    assert (whole.status, whole.subject, whole.measures["longest_days"]) == ("raised", "Involvement:k", 1614)
    apart = only(team(rows.format("2023-06-18")), ANCHOR)
    assert apart.measures["longest_days"] == 869  # 18 June 2023 to 3 November 2025


def test_the_one_who_has_been_there_longest_goes_on() -> None:
    found = only(team("| i | Whitfield | iro | 2021-06-03 | |"), ANCHOR)
    assert (found.status, found.sentence) == (
        "clear",
        "Whitfield (reviewing officer) has been there longest of all on record: 1,762 days, and goes on.",
    )


def test_an_end_after_the_day_or_before_the_twelve_months_is_not_looked_at() -> None:
    rows = "| i | Whitfield | iro | 2021-06-03 | {} |"
    assert only(team(rows.format("2025-04-01")), ANCHOR).status == "raised"
    assert only(team(rows.format("2025-03-31")), ANCHOR).status == "clear"
    assert only(team(rows.format("2026-04-01")), ANCHOR).status == "clear"  # not yet known
    assert only(team(rows.format("2026-03-31")), ANCHOR).status == "raised"


def test_a_relationship_that_ended_with_care_is_not_lost_in_this_sense() -> None:
    of = records("""
    looks_after | start | end | legal_status | end_reason
    | 2021-06-03 | 2025-11-03 | C2 | E4A

    involved_with | id | from | role | start | end
    | i | Whitfield | iro | 2021-06-03 | 2025-11-03""")
    found = only(of, ANCHOR)
    assert (found.status, found.sentence) == (
        "clear",
        "Whitfield (reviewing officer) was there longest, 1,614 days to 3 November 2025: as long as care or a plan on "
        "record.",
    )


@pytest.mark.parametrize(
    ("covers", "reason"),
    [
        (
            "looks_after involved_with:social_worker",
            "no load covers reviewing officer (involved_with:iro) from 6 October 2025 to 1 December 2025",
        ),
        (
            "looks_after involved_with:iro",
            "no load covers social worker (involved_with:social_worker) from 6 October 2025 to 1 December 2025",
        ),
    ],
)
def test_without_the_roles_every_child_has_it_cannot_be_said(covers: str, reason: str) -> None:
    found = only(team(OFFICER_GONE, covers=covers), ANCHOR)
    assert (found.status, found.reason) == ("not assessable", reason)


def test_a_worker_who_is_not_identified_may_be_one_who_stayed() -> None:
    rows = OFFICER_GONE.replace(
        "| a | Doyle | social_worker | 2024-01-08 | 2025-10-20 |", "| a | XX1 | social_worker | 2024-01-08 | |"
    )
    found = only(team(rows, "professionals | identified\n    XX1 | no"), ANCHOR)
    assert found.status == "not assessable" and "say no name" in found.reason


def test_a_child_neither_looked_after_nor_on_a_plan() -> None:
    assert only(records(""), ANCHOR).status == "not applicable"


# --- continuity.no_bridge --------------------------------------------------------------------------------


def moved(rows: str, covers: str | None = None, more: str = "", start: str = "2019-06-03") -> Records:
    """A move on 17 November 2025: 28 days before it is 20 October, 28 days after it 15 December."""
    return records(
        f"""
    looks_after | start | legal_status
    | {start} | C2

    placed_at | id | to | start | end | start_reason
    | p1 | oak | {start} | 2025-11-17 | S
    | p2 | elm | 2025-11-17 | | P

    involved_with | id | from | role | start | end | agency
    {rows}

    {more}""",
        covers,
    )


NOBODY = """| a | Doyle | social_worker | 2024-01-08 | 2025-11-10 | council
    | b | Brandt | social_worker | 2025-11-24 | | council
    | i | Whitfield | iro | 2024-01-08 | 2025-12-01 | council"""


BACK_AGAIN = """| h | Lane | health_visitor | 2024-01-08 | 2025-11-17 | trust
    | g | Lane | health_visitor | {} | | trust"""


def test_no_one_on_both_sides_of_a_move() -> None:
    found = only(moved(NOBODY), BRIDGE)
    assert (found.status, found.subject) == ("raised", "PlacedAt:p2")
    assert found.sentence.startswith(
        "No professional on record was there both on 20 October 2025 and on 15 December 2025, around the move of "
        "17 November 2025."
    )
    assert {"p2", "a", "b", "i"} == evidence(found)


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("| h | Lane | health_visitor | 2025-10-20 | 2025-12-16 | trust", "clear"),
        ("| h | Lane | health_visitor | 2025-10-21 | 2025-12-16 | trust", "raised"),
        ("| h | Lane | health_visitor | 2025-10-20 | 2025-12-15 | trust", "raised"),
        ("| h | Rowe | foster_carer | 2024-01-08 | |", "raised"),
        (BACK_AGAIN.format("2025-12-01"), "clear"),
        (BACK_AGAIN.format("2025-12-02"), "raised"),
    ],
)  # fmt: skip
def test_who_bridges(row: str, status: str) -> None:
    """The same spell, or a gap of a fortnight at most."""
    assert only(moved(f"{NOBODY}\n    {row}"), BRIDGE).status == status


def test_an_agency_that_bridges_without_its_person_is_named_as_that() -> None:
    """Child V (seed 004), fact 11: health visitors of one trust before and after; the same person is not stated."""
    trust = """agencies | kind | name
    trust | health | Seaside health visiting
    council | social care | The council"""
    rows = BACK_AGAIN.replace("{}", "2025-11-17").replace("g | Lane", "g | {}")
    other = only(moved(f"{NOBODY}\n    {rows.format('Moss')}", more=trust), BRIDGE)
    assert other.status == "raised"
    assert "Seaside health visiting" in other.sentence and "with no one who stayed" in other.sentence
    same = only(moved(f"{NOBODY}\n    {rows.format('Lane')}", more=trust), BRIDGE)
    assert same.status == "clear"
    assert same.sentence == "There on both sides of the move of 17 November 2025: Lane (health visitor)."


def test_a_child_who_came_into_care_shortly_before_the_move() -> None:
    """Whoever was there on the day before it bridges."""
    rows = "| a | Doyle | social_worker | {} | | council"
    assert only(moved(rows.format("2025-11-14"), start="2025-11-10"), BRIDGE).status == "clear"
    assert only(moved(rows.format("2025-11-17"), start="2025-11-10"), BRIDGE).status == "raised"


def test_before_the_days_after_the_move_have_passed_nothing_is_said() -> None:
    found = only(moved(NOBODY), BRIDGE, on="2025-12-14")
    assert (found.status, found.reason) == (
        "not assessable",
        "the 28 days after the move of 17 November 2025 end on 15 December 2025",
    )
    assert only(moved(NOBODY), BRIDGE, on="2025-12-15").status == "raised"


def test_without_the_reviewing_officer_it_cannot_be_said_that_no_one_stayed() -> None:
    of = moved(NOBODY, covers="looks_after placed_at involved_with:social_worker involved_with:camhs")
    assert only(of, BRIDGE).reason == (
        "no load covers reviewing officer (involved_with:iro) from 20 October 2025 to 15 December 2025"
    )
    seen = moved(f"{NOBODY}\n    | h | Lane | camhs | 2024-01-08 | | trust", covers="looks_after placed_at")
    assert only(seen, BRIDGE).status == "clear"  # who is on record is on record


def test_no_move_and_no_care() -> None:
    assert only(team("| i | Whitfield | iro | 2021-06-03 | |"), BRIDGE).status == "clear"
    assert only(records(""), BRIDGE).status == "not applicable"
    stale = moved(NOBODY, covers="looks_after")
    assert [f.reason for f in findings(stale, BRIDGE, ON) if not f.subject] == [
        "no load covers placements (placed_at) from 1 April 2025 to 31 March 2026"
    ]


# --- continuity.nominal_tie ------------------------------------------------------------------------------


def held(
    start: str, contact: str = "", role: str = "personal_adviser", covers: str | None = None, more: str = ""
) -> Records:
    """A role held by Gray since a day, and one contact; the social worker visits."""
    came = f"c | call | {contact}" if contact else ""
    attended = "| Gray | c | present" if contact else ""
    return records(
        f"""{IN_CARE}
    involved_with | id | from | role | start
    | pa | Gray | {role} | {start}
    | s | Hassan | social_worker | 2019-06-03

    meetings | kind | on
    v | visit | 2026-03-02
    {came}

    attended | from | to | how
    | Hassan | v | present
    {attended}

    {more}""",
        covers,
    )


def test_a_role_held_for_eight_weeks_without_a_contact_is_raised() -> None:
    """Child B (seed 000), fact 9: a personal adviser who was not really involved."""
    found = only(held("2026-02-03"), NOMINAL, "Involvement:pa")
    assert found.status == "raised"
    assert found.sentence == (
        "Gray (personal adviser) holds the role since 3 February 2026, with no contact on record since then. "
        "One contact of another is on record."
    )
    assert (found.measures["days_held"], evidence(found)) == (56, {"pa"})
    assert found.parameters["nominal_weeks"] == 8


@pytest.mark.parametrize(
    ("start", "contact", "status"),
    [
        ("2026-02-04", "", "clear"),  # a day short of eight weeks
        ("2025-06-01", "2025-06-01", "clear"),  # the first day counts
        ("2025-06-01", "2025-05-31", "raised"),  # before they held it
        ("2024-06-01", "2025-04-01", "clear"),  # the first day of the twelve months
        ("2024-06-01", "2025-03-31", "raised"),
    ],
)
def test_what_counts_as_contact(start: str, contact: str, status: str) -> None:
    assert only(held(start, contact), NOMINAL, "Involvement:pa").status == status


def test_a_view_that_they_heard_is_a_contact() -> None:
    heard = "views | on | heard_by\n    w | 2026-03-10 | Gray"
    assert only(held("2025-06-01", more=heard), NOMINAL, "Involvement:pa").status == "clear"


def test_those_of_the_home_and_managers_are_left_out() -> None:
    for role in ("foster_carer", "supervising_social_worker", "keyworker_residential", "team_manager"):
        assert {f.subject for f in findings(held("2025-06-01", role=role), NOMINAL, ON)} == {"Involvement:s"}


def test_where_no_ones_contacts_are_recorded_nothing_is_said() -> None:
    of = held("2026-03-10")
    quiet = dataclasses.replace(of, relationships=tuple(r for r in of.relationships if r.type != "ATTENDED"))
    found = only(quiet, NOMINAL, "Involvement:s")
    assert (found.status, found.reason) == ("not assessable", "no contact of anyone is on record since 1 April 2025")


@pytest.mark.parametrize(
    ("covers", "reason"),
    [
        (
            "looks_after involved_with attended",
            "no load covers meetings (meetings) from 3 February 2026 to 31 March 2026",
        ),
        (
            "looks_after involved_with meetings attended:health",
            "no load covers attendance at meetings (attended:social care) from 3 February 2026 to 31 March 2026",
        ),
    ],
)
def test_without_contacts_of_that_agency_it_cannot_be_said(covers: str, reason: str) -> None:
    found = only(held("2026-02-03", covers=covers), NOMINAL, "Involvement:pa")
    assert (found.status, found.reason) == ("not assessable", reason)


def test_a_contact_after_the_day_is_not_known_yet() -> None:
    of = held("2026-02-03", "2026-04-01")
    assert only(of, NOMINAL, "Involvement:pa").status == "raised"
    assert only(of, NOMINAL, "Involvement:pa", on="2026-04-01").status == "clear"


def test_no_one_on_record() -> None:
    assert only(records(""), NOMINAL).status == "not applicable"
    assert only(records(IN_CARE, covers="looks_after"), NOMINAL).reason == (
        "no load covers professionals (involved_with) from 1 April 2025 to 31 March 2026"
    )
    assert only(records(IN_CARE), NOMINAL).status == "clear"
