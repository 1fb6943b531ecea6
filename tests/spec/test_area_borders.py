"""Waiting lists, two sides of a boundary, authority after authority: a table of records, a day, an answer."""

import dataclasses
from typing import Any

import pytest

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records, statuses

ON = "2026-03-31"  # twelve months to it begin on 1 April 2025, twenty-four on 1 April 2024
RESET, SILENCE, CHURN = "area.waiting_list_reset", "area.cross_border_silence", "area.provider_churn"
BIRMINGHAM, SOLIHULL, CORNWALL, CARLISLE, CUMBERLAND = "E08000025", "E08000029", "E06000052", "E07000028", "E06000063"


def only(of: Records, rule: str, subject: str | None = None, on: str = ON, **changed: Any) -> Finding:
    """The one finding of a rule (about a subject)."""
    found = [f for f in findings(of, rule, on, **changed) if subject is None or f.subject == subject]
    assert len(found) == 1, [(f.subject, f.status, f.sentence) for f in found]
    return found[0]


def evidence(finding: Finding) -> set[str]:
    return {e.id for e in finding.evidence}


# --- area.waiting_list_reset -----------------------------------------------------------------------------


def waiting(
    closed: str, more: str = "", reason: str = "moved out of area", contact: str = "", covers: str | None = None,
    made: str = "2025-08-01",
) -> Records:  # fmt: skip
    """A move on 17 November 2025 and a referral to CAMHS."""
    return records(
        f"""
    looks_after | start | legal_status
    | 2019-06-03 | C2

    placed_at | id | to | start | end | start_reason
    | p1 | oak | 2019-06-03 | 2025-11-17 | S
    | p2 | elm | 2025-11-17 | | P

    referrals | need | made | clock_start | closed | closed_reason | first_contact | to | continues
    r | mental health | {made} | {made} | {closed} | {reason} | {contact} | camhs |
    {more}

    agencies | kind | name
    camhs | camhs | CAMHS here
    camhs2 | camhs | CAMHS there

    serves | from | to
    | camhs | {BIRMINGHAM}
    | camhs2 | {CORNWALL}""",
        covers,
    )


def test_a_wait_that_a_move_ended_is_raised_with_all_that_was_waited() -> None:
    """Sophie (seed 001), finding 3: always on a waiting list."""
    of = waiting("2025-11-26", "q | mental health | 2026-01-15 | 2026-01-15 | | | | camhs2 |")
    found = only(of, RESET)
    assert (found.status, found.subject) == ("raised", "Referral:r")
    assert found.sentence == (
        "The referral for mental health made on 1 August 2025 was closed on 26 November 2025, 9 days after the move of "
        "17 November 2025, with no first contact on record. For mental health in all: 192 days waited in 2 areas, "
        "1 wait closed at moves, 0 contacts on record."
    )
    assert found.measures == {"resets": 1, "days_waited": 192, "contacts": 0, "areas": 2, "referrals": 2}
    assert evidence(found) == {"r", "p2", "q"}


@pytest.mark.parametrize(
    ("closed", "status"),
    [
        ("2025-11-03", "raised"),  # 14 days before the move
        ("2025-11-02", "clear"),
        ("2025-11-17", "raised"),
        ("2026-01-16", "raised"),  # 60 days after it
        ("2026-01-17", "clear"),
        ("", "clear"),  # still open
    ],
)
def test_closed_at_a_move(closed: str, status: str) -> None:
    assert only(waiting(closed), RESET).status == status


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"reason": ""}, "raised"),  # no reason counts
        ({"reason": "Placement moved"}, "raised"),
        ({"reason": "declined by the service"}, "clear"),
        ({"reason": "removed at parent's request"}, "clear"),
        ({"contact": "2025-10-01"}, "clear"),
        ({"made": "2025-11-17"}, "clear"),  # made after the move: no wait before it
        ({"more": "q | mental health | 2025-11-26 | 2025-08-01 | | | | camhs2 | r"}, "clear"),  # the clock goes on
        ({"more": "q | mental health | 2025-11-26 | | | | | camhs2 | r"}, "clear"),
        ({"more": "q | mental health | 2025-11-26 | 2025-11-26 | | | | camhs2 | r"}, "raised"),  # it begins anew
    ],
)
def test_what_resets_a_wait(given: dict[str, str], status: str) -> None:
    assert only(waiting("2025-11-26", **given), RESET).status == status


def test_contact_that_came_in_the_end_is_shown() -> None:
    of = waiting("2025-11-26", "q | Mental health | 2025-12-01 | 2025-12-01 | | | 2026-02-01 | camhs2 |")
    assert only(of, RESET).measures["contacts"] == 1


def test_each_referral_is_a_finding_and_the_total_is_of_the_need() -> None:
    more = """q | mental health | 2025-10-01 | 2025-10-01 | 2025-11-20 | moved | | camhs2 |
    s | speech | 2025-10-01 | | 2025-11-20 | moved | | camhs |"""
    found = findings(waiting("2025-11-26", more), RESET, ON)
    assert {f.subject: f.measures["resets"] for f in found} == {"Referral:q": 2, "Referral:r": 2, "Referral:s": 1}
    assert (
        next(f for f in found if f.subject == "Referral:r").measures["days_waited"] == 117
    )  # days that overlap count once


def test_closings_after_the_day_or_before_the_twelve_months() -> None:
    assert only(waiting("2025-11-26"), RESET, on="2025-11-25").status == "clear"
    assert only(waiting("2025-11-26"), RESET, on="2026-11-25").status == "raised"
    assert only(waiting("2025-11-26"), RESET, on="2026-11-26").status == "clear"


def test_without_referrals_it_cannot_be_said_and_with_some_it_is_said_of_those() -> None:
    base = "looks_after placed_at"
    assert only(waiting("", covers=base), RESET).reason == (
        "no load covers referrals (referrals) from 1 April 2025 to 31 March 2026"
    )
    camhs = only(waiting("", covers=f"{base} referrals:camhs"), RESET)
    assert camhs.status == "clear" and camhs.sentence.endswith("; loads cover no others.")
    still = records("looks_after | start | legal_status\n    | 2019-06-03 | C2", covers=base)
    assert only(still, RESET).status == "clear"  # no move, and so no wait that one ended
    assert only(records("", covers="looks_after"), RESET).status == "not applicable"
    assert only(waiting("", covers="looks_after referrals"), RESET).reason == (
        "no load covers placements (placed_at) from 31 January 2025 to 31 March 2026"
    )


# --- area.cross_border_silence ---------------------------------------------------------------------------


def two_sides(met: str = "", since: str = "2025-12-31", covers: str | None = None, who: str = "Hassan; Lane",
              serves: str = CORNWALL, how: str = "present") -> Records:  # fmt: skip
    """A social worker of Birmingham and a health visitor of another area; 31 December 2025 is 90 days before."""
    attended = "\n    ".join(f"| {each.strip()} | m | {how}" for each in who.split(";")) if met else ""
    return records(
        f"""
    involved_with | id | from | role | start | agency
    | s | Hassan | social_worker | 2024-01-08 | council
    | h | Lane | health_visitor | {since} | trust

    agencies | kind | name
    council | social care | Council
    trust | health | Trust

    serves | id | from | to
    | s1 | council | {BIRMINGHAM}
    | s2 | trust | {serves}

    meetings | kind | on
    {f"m | core group | {met}" if met else ""}

    attended | from | to | how
    {attended}""",
        covers,
    )


# Two areas, each with someone who has long been there.
SILENT = """
child | born
Ash | 2012-05-12

involved_with | from | role | start | agency
| Hassan | social_worker | 2024-01-08 | council
| Lane | health_visitor | 2025-10-01 | trust

agencies | kind | name
council | social care | Council
trust | health | Trust

serves | from | to
| council | E08000025
| trust | E06000052
"""


def test_two_areas_and_nothing_between_them() -> None:
    assert statuses(records(SILENT), SILENCE, ON) == {f"LocalAuthority:{CORNWALL}": "raised"}


def test_no_exchange_across_a_boundary_in_ninety_days() -> None:
    """Child V (seed 004), fact 10: little communication between the two authorities."""
    found = only(two_sides(), SILENCE)
    assert (found.status, found.subject) == ("raised", f"LocalAuthority:{CORNWALL}")
    assert found.sentence == (
        "No exchange on record between professionals of Birmingham and Cornwall in the 90 days to 31 March 2026. "
        "Birmingham: Hassan (social worker); Cornwall: Lane (health visitor)."
    )
    assert evidence(found) == {"s", "h", "s1", "s2"}
    assert found.parameters == {"silence_days": 90}


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({"met": "2025-12-31"}, "clear"),  # 90 days before
        ({"met": "2025-12-30"}, "raised"),
        ({"met": "2026-03-31"}, "clear"),
        ({"met": "2026-03-01", "who": "Hassan"}, "raised"),
        ({"met": "2026-03-01", "how": "sent report"}, "clear"),
        ({"met": "2026-03-01", "how": "apologies"}, "raised"),
        ({"since": "2026-01-01"}, "clear"),  # there for 89 days: of one side only
        ({"serves": BIRMINGHAM}, "clear"),
    ],
)
def test_what_is_silence(given: dict[str, str], status: str) -> None:
    assert only(two_sides(**given), SILENCE).status == status


def test_an_agency_of_both_areas_joins_them() -> None:
    of = two_sides()
    both = dataclasses.replace(of, relationships=(*of.relationships, dataclasses.replace(
        next(r for r in of.relationships if r.id == "s2"), id="s3", to_id=BIRMINGHAM)))  # fmt: skip
    assert (only(both, SILENCE).status, only(both, SILENCE).sentence) == (
        "clear",
        "Lane works in both Birmingham and Cornwall.",
    )


def test_someone_new_of_the_area_who_spoke_across_the_boundary_breaks_the_silence() -> None:
    """Said of the areas, not of two people: a worker of twenty days spoke with the health visitor."""
    new = "involved_with | from | role | start | agency\n    | Brandt | social_worker | 2026-03-11 | council"
    of = two_sides("2026-03-20", who="Brandt; Lane")
    more = records(new)
    joined = dataclasses.replace(
        of, nodes={**more.nodes, **of.nodes}, relationships=(*of.relationships, *more.relationships)
    )
    assert only(joined, SILENCE).status == "clear"


def test_a_pair_in_which_the_childs_own_authority_is_not_has_both_for_its_subject() -> None:
    of = two_sides()
    own = dataclasses.replace(of, authority=SOLIHULL)
    assert only(own, SILENCE).subject == f"LocalAuthority:{CORNWALL}:{BIRMINGHAM}"


@pytest.mark.parametrize(
    ("covers", "reason"),
    [
        ("involved_with attended", "no load covers meetings (meetings) from 31 December 2025 to 31 March 2026"),
        (
            "involved_with meetings attended:social_care",
            "no load covers attendance at meetings (attended:health) from 31 December 2025 to 31 March 2026",
        ),
    ],
)
def test_without_exchanges_it_cannot_be_said(covers: str, reason: str) -> None:
    found = only(two_sides(covers=covers), SILENCE)
    assert (found.status, found.reason) == ("not assessable", reason)


def test_where_the_area_of_an_agency_is_not_on_record() -> None:
    of = two_sides()
    lost = dataclasses.replace(of, relationships=tuple(r for r in of.relationships if r.id != "s2"))
    assert only(lost, SILENCE).reason == "no record of the area that the agency of the health visitor serves"


def test_the_social_worker_alone_says_nothing_of_two_sides() -> None:
    of = records("", covers="looks_after involved_with:social_worker")
    assert only(of, SILENCE).reason == (
        "no load covers professionals beside the social worker (involved_with) on 31 March 2026"
    )


# --- area.provider_churn ---------------------------------------------------------------------------------


def lived(areas: list[str], last: str = "2025-09-01", covers: str | None = None) -> Records:
    """Three homes and three schools; the homes in these areas, the schools all in Birmingham."""
    located = "\n    ".join(f"| home{n} | {area}" for n, area in enumerate(areas) if area)
    return records(
        f"""
    looks_after | start | legal_status
    | 2019-06-03 | C2

    placed_at | id | to | start | end | start_reason
    | p0 | home0 | 2019-06-03 | 2024-04-02 | S
    | p1 | home1 | 2024-04-02 | {last} | P
    | p2 | home2 | {last} | | P

    attends | id | to | start
    | a | school:A | 2023-09-04

    in_area | from | to
    {located}
    | school:A | {BIRMINGHAM}""",
        covers,
    )


def test_three_authorities_lived_in_and_one_gone_to_school_in_are_counted_apart() -> None:
    """Sophie (seed 001), facts 3 and 4: schools in five areas and homes in four are different things."""
    of = lived([BIRMINGHAM, SOLIHULL, CORNWALL])
    home, school = (only(of, CHURN, f"role:{what}") for what in ("placement", "school"))
    assert (home.status, home.sentence) == (
        "raised",
        "3 authorities lived in from 1 April 2024 to 31 March 2026: Birmingham, Solihull and Cornwall.",
    )
    assert home.measures == {"authorities": 3, "places": 3}
    assert (school.status, school.sentence) == (
        "clear",
        "1 authority gone to school in from 1 April 2024 to 31 March 2026: Birmingham.",
    )
    assert {"p0", "p1", "p2"} <= evidence(home)


@pytest.mark.parametrize(
    ("areas", "on", "status"),
    [
        ([BIRMINGHAM, SOLIHULL, BIRMINGHAM], ON, "clear"),  # distinct, not moves
        ([CUMBERLAND, CARLISLE, CORNWALL], ON, "clear"),  # a district that became part of the other
        ([BIRMINGHAM, SOLIHULL, CORNWALL], ON, "raised"),  # the first home held on 1 April 2024
        ([BIRMINGHAM, SOLIHULL, CORNWALL], "2026-04-01", "clear"),  # it ended on 2 April 2024
        ([BIRMINGHAM, SOLIHULL, CORNWALL], "2025-08-31", "clear"),  # the last had not begun
        ([BIRMINGHAM, SOLIHULL, ""], ON, "not assessable"),
        ([BIRMINGHAM, BIRMINGHAM, ""], ON, "clear"),  # two at most
    ],
)
def test_which_authorities_count(areas: list[str], on: str, status: str) -> None:
    assert only(lived(areas), CHURN, "role:placement", on=on).status == status


def test_schools_in_three_authorities() -> None:
    of = records(f"""
    attends | id | to | start | end
    | a | school:A | 2023-09-04 | 2024-09-02
    | b | school:B | 2024-09-02 | 2025-09-01
    | c | school:C | 2025-09-01 |

    in_area | from | to
    | school:A | {BIRMINGHAM}
    | school:B | {SOLIHULL}
    | school:C | {CORNWALL}""")
    assert statuses(of, CHURN, ON) == {"role:placement": "not applicable", "role:school": "raised"}
    assert statuses(of, CHURN, "2025-08-31")["role:school"] == "clear"


def test_without_placements_or_schools_it_cannot_be_said() -> None:
    of = lived([BIRMINGHAM, SOLIHULL, SOLIHULL], covers="looks_after")
    assert only(of, CHURN, "role:placement").reason == (
        "no load covers placements (placed_at) from 1 April 2024 to 31 March 2026"
    )
    assert only(of, CHURN, "role:school").reason == (
        "no load covers schools (attends) from 1 April 2024 to 31 March 2026"
    )
    least = only(lived([BIRMINGHAM, SOLIHULL, CORNWALL], covers="looks_after"), CHURN, "role:placement")
    assert least.sentence.startswith("At least 3 authorities")


def test_by_age_and_position_neither_applies() -> None:
    child = records("child | born\n    Ash | 2023-05-12")
    assert statuses(child, CHURN, ON) == {"role:placement": "not applicable", "role:school": "not applicable"}
