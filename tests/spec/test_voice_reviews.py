"""Voice: how the child took part in reviews, who spoke with the child before, and whether a parent has a part."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records, statuses

CARE = """
child | born
Ash   | {born}

looks_after | legal_status | start
care        | C2           | 2023-01-09
"""
DAYS = ("2024-01-10", "2024-04-10", "2024-07-10", "2024-10-10")


def reviewed(*codes: str, born: str = "2012-05-12", covers: str | None = None) -> Records:
    """Reviews with these codes, three months apart from 10 January 2024."""
    rows = "\n".join(f"r{n} | review | {on} | {c}" for n, (on, c) in enumerate(zip(DAYS, codes, strict=False), 1))
    return records(CARE.format(born=born) + f"\nmeetings | kind | on | participation\n{rows}\n", covers=covers)


def only(of: Records, rule: str, on: str, **changed: object) -> Finding:
    (found,) = findings(of, rule, on, **changed)
    return found


# --- voice.not_heard_at_review ---

HEARD = "voice.not_heard_at_review"


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("PN1", "PN2", "PN6"), {"": "clear"}),
        (("PN4", "PN1", "PN7"), {"": "clear"}),  # not running
        (("PN1", "PN4", "PN7"), {"Meeting:r2": "raised"}),
        (("PN7", "PN7", "PN1"), {"Meeting:r1": "raised"}),
        (("PN4", "PN4", "PN4"), {"Meeting:r1": "raised"}),
        (("PN4", "PN5", "PN4", "PN4"), {"Meeting:r3": "raised"}),  # an advocate spoke
        (("PN4", "", "PN1"), {"Meeting:r1": "not assessable"}),
        (("PN1", "", "PN1"), {"": "clear"}),  # one blank alone makes no two
        (("PN1", "PN0", "PN1"), {"Meeting:r2": "raised"}),  # under four, at eleven
    ],
)
def test_two_running_without_views_or_the_code_for_under_four_at_four_or_older(
    codes: tuple[str, ...], expected: dict[str, str]
):
    assert statuses(reviewed(*codes), HEARD, "2024-12-31") == expected


def test_it_says_when_and_how():
    found = only(reviewed("PN4", "PN7"), HEARD, "2024-06-01")
    assert found.sentence == (
        "No views of the child are on record at 2 reviews running: 10 January 2024 (was there and conveyed no views) "
        "and 10 April 2024 (was not there and conveyed no views)."
    )
    assert [e.id for e in found.evidence] == ["r1", "r2"]


@pytest.mark.parametrize(
    ("born", "expected"),
    [
        ("2020-01-10", {"Meeting:r1": "raised"}),  # four on the day
        ("2020-01-11", {"": "clear"}),
        ("2020-02-29", {"": "clear"}),
    ],
)
def test_the_code_for_under_four_is_right_until_the_fourth_birthday(born: str, expected: dict[str, str]):
    assert statuses(reviewed("PN0", "PN3", born=born), HEARD, "2024-06-01") == expected


def test_it_does_not_apply_under_four_nor_to_a_child_who_was_not_looked_after():
    small = reviewed("PN0", "PN0", born="2021-05-12")
    assert only(small, HEARD, "2024-06-01").reason == "the child is under 4"
    never = records("child | born\nAsh | 2012-05-12\n")
    assert only(never, HEARD, "2024-06-01").status == "not applicable"


def test_how_many_is_a_house_rule_and_printed():
    found = only(reviewed("PN4", "PN1"), HEARD, "2024-06-01", unheard_reviews=1)
    assert (found.status, found.parameters["unheard_reviews"]) == ("raised", 1)


@pytest.mark.parametrize(("on", "status"), [("2025-04-09", "raised"), ("2025-04-10", "clear")])
def test_a_run_counts_whose_last_review_is_within_twelve_months(on: str, status: str):
    assert only(reviewed("PN4", "PN7"), HEARD, on).status == status


def test_days_between_two_that_no_load_covers_leave_open_whether_they_ran_on():
    covers = "looks_after meetings:review@2024-01-01..2024-02-01 meetings:review@2024-04-01..2024-12-31"
    found = only(reviewed("PN4", "PN7", covers=covers), HEARD, "2024-12-31")
    assert (found.status, found.subject) == ("not assessable", "Meeting:r1")
    assert "meetings:review" in found.reason
    none = only(reviewed("PN1", covers="looks_after"), HEARD, "2024-12-31")
    assert (none.status, "meetings:review" in none.reason) == ("not assessable", True)


def test_the_903_alone_is_enough():
    of = reviewed("PN4", "PN7", covers="looks_after placed_at meetings:review")
    assert only(of, HEARD, "2024-12-31").status == "raised"


@given(st.lists(st.sampled_from(["PN1", "PN4", "PN5", "PN7"]), min_size=1, max_size=4))
def test_it_is_raised_exactly_where_two_that_follow_one_another_are_unheard(codes: list[str]):
    silent = [c in ("PN4", "PN7") for c in codes]
    expected = any(a and b for a, b in zip(silent, silent[1:], strict=False))
    assert ("raised" in statuses(reviewed(*codes), HEARD, "2024-12-31").values()) == expected


# --- voice.iro_not_spoken ---

SPOKEN = "voice.iro_not_spoken"
OFFICER = """
involved_with | from | role          | start
i1            | Ida  | iro           | 2023-01-09
i2            | Sam  | social_worker | 2023-01-09
"""


def before(kind: str = "call", on: str = "2024-06-01", who: str = "Ida", how: str = "present", seen: str = "",
           status: str = "", born: str = "2012-05-12", covers: str | None = None) -> Records:  # fmt: skip
    """Reviews of 10 January and 10 July 2024, and one call or visit."""
    meetings = (
        "\nmeetings | kind | on | seen | status\nr1 | review | 2024-01-10 | |\nr2 | review | 2024-07-10 | |\n"
        f"c1 | {kind} | {on} | {seen} | {status}\nc0 | call | 2024-01-05 | |\n"
    )
    attended = "\nattended | from | to | how\n | Ida | c0 | present\n" + "".join(
        f" | {each} | c1 | {how}\n" for each in who.split()
    )
    return records(CARE.format(born=born) + OFFICER + meetings + attended, covers=covers)


@pytest.mark.parametrize(
    ("given", "status"),
    [
        ({}, "clear"),
        ({"kind": "visit"}, "clear"),
        ({"kind": "joint visit", "who": "Ida Sam"}, "clear"),
        ({"kind": "visit", "seen": "no"}, "raised"),
        ({"kind": "email"}, "raised"),
        ({"who": "Sam"}, "raised"),
        ({"who": "Ida Sam"}, "raised"),  # the two of them rang each other
        ({"who": "Ida Sam", "seen": "yes"}, "clear"),
        ({"how": "apologies"}, "raised"),
        ({"status": "cancelled"}, "raised"),
        ({"on": "2024-01-10"}, "raised"),  # on the day of the review before
        ({"on": "2024-01-11"}, "clear"),
        ({"on": "2024-07-10"}, "clear"),  # on the day itself
        ({"on": "2024-07-11"}, "raised"),
    ],
)
def test_looked_for_is_a_call_or_visit_with_the_child_since_the_review_before(given: dict[str, str], status: str):
    assert statuses(before(**given), SPOKEN, "2024-12-31") == {"Meeting:r1": "clear", "Meeting:r2": status}


def test_it_says_which_review_and_from_when():
    found = {f.subject: f for f in findings(before(kind="email"), SPOKEN, "2024-12-31")}["Meeting:r2"]
    assert found.sentence == (
        "No record that the reviewing officer spoke with the child before the review of 10 July 2024, from "
        "11 January 2024 on."
    )
    assert (found.kind, "regulation 36" in found.citation) == ("S", True)


def test_an_officer_who_came_later_is_no_officer_of_that_day():
    text = OFFICER.replace("Ida  | iro           | 2023-01-09", "Ida  | iro | 2024-06-02")
    of = before(kind="visit")
    later = records(
        CARE.format(born="2012-05-12") + text
        + "\nmeetings | kind | on\nr2 | review | 2024-07-10\nc1 | visit | 2024-06-01\n"
        + "\nattended | from | to | how\n | Ida | c1 | present\n"
    )  # fmt: skip
    assert statuses(of, SPOKEN, "2024-12-31")["Meeting:r2"] == "clear"
    assert statuses(later, SPOKEN, "2024-12-31") == {"Meeting:r2": "raised"}


@pytest.mark.parametrize(
    ("on", "subjects"),
    [
        ("2025-01-09", {"Meeting:r1", "Meeting:r2"}),
        ("2025-01-10", {"Meeting:r2"}),
        ("2025-07-09", {"Meeting:r2"}),
        ("2025-07-10", {""}),
    ],
)
def test_it_looks_at_the_reviews_of_twelve_months(on: str, subjects: set[str]):
    assert set(statuses(before(), SPOKEN, on)) == subjects


def test_it_does_not_apply_to_a_child_too_young_to_be_spoken_with_nor_before():
    assert only(before(born="2021-05-12"), SPOKEN, "2024-12-31").status == "not applicable"
    turned = before(kind="email", born="2020-07-10")
    assert statuses(turned, SPOKEN, "2024-12-31") == {"Meeting:r2": "raised"}


def test_a_council_with_its_903_alone_gets_one_honest_line_a_review():
    of = before(kind="email", covers="looks_after placed_at meetings:review involved_with:social_worker")
    found = findings(of, SPOKEN, "2024-12-31")
    assert {f.status for f in found} <= {"not assessable", "clear"}
    (open_one,) = (f for f in found if f.subject == "Meeting:r2")
    for need in ("meetings:call", "meetings:visit", "attended:social care", "involved_with:iro"):
        assert need in open_one.reason


def test_reviews_that_no_load_covers_may_be_unseen():
    none = records(CARE.format(born="2012-05-12"), covers="looks_after meetings:call")
    assert only(none, SPOKEN, "2024-12-31").status == "not assessable"


# --- voice.parent_absent ---

PARENT = "voice.parent_absent"
FAMILY = """
child | born
Ash   | 2012-05-12

persons | name | kind
mum     | Mum  | mother
dad     | Dad  | father

related_to | from | relation | parental_responsibility | start | end
rel1       | mum  | mother   | {mum} | | {end}
rel2       | dad  | father   | {dad} | |

meetings | kind        | on
r1       | review      | 2024-05-01
f1       | family time | 2024-06-01

assessments | kind             | on
ca          | child and family | 2024-07-01

attended | from | to | how
"""


def family(*rows: str, mum: str = "yes", dad: str = "no", end: str = "", covers: str | None = None) -> Records:
    text = FAMILY.format(mum=mum, dad=dad, end=end) + "".join(f" | {row}\n" for row in rows)
    return records(text, covers=covers)


@pytest.mark.parametrize(
    ("row", "status"),
    [
        ("mum | r1 | present", "clear"),
        ("mum | r1 | sent report", "clear"),
        ("mum | r1 | apologies", "raised"),
        ("mum | ca | present", "clear"),
        ("mum | f1 | present", "raised"),  # time with the child is the child's own
        ("dad | r1 | present", "raised"),
    ],
)
def test_a_part_is_being_there_or_sending_a_report(row: str, status: str):
    assert statuses(family(row), PARENT, "2024-12-31") == {"Person:mum": status}


def test_each_person_with_parental_responsibility_is_a_finding():
    of = family("mum | r1 | present", dad="yes")
    assert statuses(of, PARENT, "2024-12-31") == {"Person:mum": "clear", "Person:dad": "raised"}
    (dad,) = (f for f in findings(of, PARENT, "2024-12-31") if f.status == "raised")
    assert dad.sentence == (
        "Dad (father, with parental responsibility) has a part on record in none of 2 meetings and assessments from "
        "1 January 2024 to 31 December 2024."
    )
    assert {e.id for e in dad.evidence} == {"rel2", "r1", "ca"}


@pytest.mark.parametrize(("on", "status"), [("2025-04-30", "clear"), ("2025-05-01", "raised"), ("2025-07-01", "clear")])
def test_it_looks_at_twelve_months_and_at_nothing_where_nothing_was_held(on: str, status: str):
    assert statuses(family("mum | r1 | present"), PARENT, on) == {"Person:mum": status}


def test_parental_responsibility_that_has_ended_asks_for_nothing():
    assert statuses(family(end="2024-12-31"), PARENT, "2024-12-30") == {"Person:mum": "raised"}
    assert statuses(family(end="2024-12-31"), PARENT, "2024-12-31") == {"": "clear"}


def test_where_no_record_says_who_has_it_that_is_said():
    found = only(family(mum="", dad=""), PARENT, "2024-12-31")
    assert (found.status, "parental responsibility is not on record" in found.reason) == ("not assessable", True)


@pytest.mark.parametrize(
    ("covers", "named"),
    [
        ("meetings attended", "related_to"),
        ("related_to attended meetings:review", "(meetings)"),
        ("related_to meetings attended:health", "attendance at meetings (attended)"),
    ],
)
def test_absence_needs_relations_meetings_and_attendance(covers: str, named: str):
    found = findings(family(covers=covers), PARENT, "2024-12-31")
    assert "raised" not in {f.status for f in found} or named == "related_to"
    assert any(f.status == "not assessable" and named in f.reason for f in found)
