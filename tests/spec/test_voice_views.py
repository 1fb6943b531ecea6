"""Voice: views that changed nothing, and trusted adults who were not there."""

from __future__ import annotations

import pytest

from graph.findings import Finding
from graph.records import Records
from tests.spec.small import findings, records, statuses

CHILD = "child | born\nAsh | 2012-05-12\n"


def only(of: Records, rule: str, on: str) -> Finding:
    (found,) = findings(of, rule, on)
    return found


# --- voice.without_effect ---

VIEWS = f"""{CHILD}
plans | kind | made_on
care  | care | 2024-09-01

views | on         | about_what | informed
v1    | 2024-03-01 | home       | {{}}
v2    | 2024-08-01 | school     |
"""


def test_views_that_informed_nothing_are_raised_with_their_days():
    found = only(records(VIEWS.format("")), "voice.without_effect", "2024-12-31")
    assert found.status == "raised"
    assert found.sentence == (
        "2 views of the child on record from 1 January 2024 to 31 December 2024 (1 March 2024 and 1 August 2024), "
        "and no record that any informed a plan or decision."
    )
    assert [e.id for e in found.evidence] == ["v1", "v2"]


def test_one_that_informed_a_plan_is_enough():
    found = only(records(VIEWS.format("care")), "voice.without_effect", "2024-12-31")
    assert (found.status, found.measures) == ("clear", {"views": 2, "informed": 1})


def test_a_plan_that_is_not_made_yet_was_not_informed():
    assert only(records(VIEWS.format("care")), "voice.without_effect", "2024-08-31").status == "raised"
    assert only(records(VIEWS.format("care")), "voice.without_effect", "2024-09-01").status == "clear"


@pytest.mark.parametrize(("on", "views"), [("2025-02-28", 2), ("2025-03-01", 1), ("2025-07-31", 1), ("2025-08-01", 0)])
def test_it_looks_at_twelve_months(on: str, views: int):
    found = only(records(VIEWS.format("")), "voice.without_effect", on)
    assert (found.measures["views"], found.status) == (views, "raised" if views else "clear")


def test_no_view_on_record_is_clear_where_views_are_covered_and_else_it_cannot_be_said():
    assert only(records(CHILD), "voice.without_effect", "2024-12-31").sentence.startswith("No view of the child")
    for covers in ("", "views@2024-01-02..2024-12-31"):
        for text in (CHILD, VIEWS.format("")):
            found = only(records(text, covers=covers), "voice.without_effect", "2024-12-31")
            assert (found.status, "views" in found.reason) == ("not assessable", True)


# --- voice.trusted_adult_absent ---

TRUST = f"""{CHILD}
persons | name | kind
gran    | Gran | grandmother

trusts | to          | said_on
t1     | gran        | 2024-01-15
t2     | Kim         | 2024-02-01

meetings | kind       | on
r1       | review     | 2024-05-01
r2       | review     | 2024-11-01
x        | strategy discussion | 2024-06-01
f        | family time | 2024-07-01

attended | from | to | how
a1       | gran | r1 | {{gran}}
a2       | Kim  | r2 | {{kim}}
a3       | Kim  | x  | present
a4       | gran | f  | present
"""


@pytest.mark.parametrize(
    ("gran", "kim", "raised"),
    [
        ("present", "present", set()),
        ("present", "apologies", {"Professional:Kim"}),
        ("sent report", "present", {"Person:gran"}),
        ("not invited", "substitute", {"Person:gran", "Professional:Kim"}),
    ],
)
def test_who_the_child_trusts_is_there_only_when_present_at_a_meeting_that_decides(
    gran: str, kim: str, raised: set[str]
):
    found = statuses(records(TRUST.format(gran=gran, kim=kim)), "voice.trusted_adult_absent", "2024-12-31")
    assert set(found) == {"Person:gran", "Professional:Kim"}
    assert {s for s, status in found.items() if status == "raised"} == raised


def test_it_says_who_and_how_many_meetings():
    of = records(TRUST.format(gran="apologies", kim="present"))
    (gran,) = (f for f in findings(of, "voice.trusted_adult_absent", "2024-12-31") if f.subject == "Person:gran")
    assert gran.sentence == (
        "Gran (named on 15 January 2024) is on record at none of the 2 decision meetings from 1 January 2024 to "
        "31 December 2024."
    )
    assert {e.id for e in gran.evidence} == {"t1", "r1", "r2"}


def test_it_looks_at_twelve_months_and_at_what_had_been_said_by_then():
    of = records(TRUST.format(gran="present", kim="present"))
    assert statuses(of, "voice.trusted_adult_absent", "2025-04-30")["Person:gran"] == "clear"
    assert statuses(of, "voice.trusted_adult_absent", "2025-05-01")["Person:gran"] == "raised"
    assert set(statuses(of, "voice.trusted_adult_absent", "2024-01-31")) == {"Person:gran"}


def test_where_no_meeting_was_held_nothing_was_missed():
    text = TRUST.format(gran="present", kim="present").split("\nmeetings")[0]
    assert set(statuses(records(text), "voice.trusted_adult_absent", "2024-12-31").values()) == {"clear"}


def test_no_one_named_is_clear_where_that_is_covered():
    assert only(records(CHILD), "voice.trusted_adult_absent", "2024-12-31").status == "clear"
    found = only(records(CHILD, covers="meetings attended"), "voice.trusted_adult_absent", "2024-12-31")
    assert (found.status, "trusts" in found.reason) == ("not assessable", True)


@pytest.mark.parametrize(
    ("covers", "named"),
    [
        ("trusts attended", "meetings:review"),
        ("trusts meetings", "attended"),
        ("trusts meetings attended:police", "attended"),
    ],
)
def test_absence_needs_the_meetings_and_who_was_there(covers: str, named: str):
    of = records(TRUST.format(gran="apologies", kim="apologies"), covers=covers)
    for found in findings(of, "voice.trusted_adult_absent", "2024-12-31"):
        assert (found.status, named in found.reason) == ("not assessable", True)
