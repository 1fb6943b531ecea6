"""What changed since the last review: who joined and left, what opened and closed, what was found."""

from __future__ import annotations

from datetime import date

from graph.change import change, last_review
from tests.spec.small import records

CASE = """
looks_after | start      | legal_status | start_reason
            | 2023-01-09 | C2           | S

placed_at   | to  | start      | end        | place_type | start_reason
            | oak | 2023-01-09 | 2023-10-02 | U6         | S
            | elm | 2023-10-02 |            | K2         | P

involved_with | from  | role          | start      | end
              | Dee   | social_worker | 2023-01-09 | 2023-10-02
              | Ellis | social_worker | 2023-10-20 |
              | Fern  | iro           | 2023-01-16 |

meetings | kind   | on
m1       | review | 2023-02-01
m2       | review | 2023-05-01
m3       | review | 2023-11-20

plans | kind | start      | end        | version
p1    | care | 2023-01-20 | 2023-10-30 | 1
p2    | care | 2023-10-30 |            | 2
"""
SINCE, T = date(2023, 5, 1), date(2023, 11, 20)


def test_the_last_review_is_the_one_before_the_day() -> None:
    assert last_review(records(CASE), T) == SINCE
    assert last_review(records(CASE), date(2023, 11, 21)) == T
    assert last_review(records(CASE), date(2023, 2, 1)) is None


def test_who_joined_and_left_what_opened_and_closed() -> None:
    found = change(records(CASE), SINCE, T)
    assert [(s.went, s.on, s.what) for s in found.steps] == [
        ("joined", date(2023, 10, 2), "home: children's home"),
        ("left", date(2023, 10, 2), "home: foster home"),
        ("left", date(2023, 10, 2), "social worker: Dee"),
        ("joined", date(2023, 10, 20), "social worker: Ellis"),
        ("closed", date(2023, 10, 30), "care plan, version 1"),
        ("opened", date(2023, 10, 30), "care plan, version 2"),
    ]
    assert [s.record.kind for s in found.of("opened")] == ["Plan"]


def test_what_became_known_after_the_day_is_not_in_it() -> None:
    assert [s.what for s in change(records(CASE), SINCE, date(2023, 10, 19)).of("joined")] == ["home: children's home"]


def test_findings_new_cleared_and_still_there() -> None:
    """The social worker's gap opens after the review; the one before her was in time."""
    found = change(records(CASE), SINCE, T)
    assert ("continuity.role_gap", "role:social_worker") in {(f.rule, f.subject) for f in found.new}
    back = change(records(CASE), T, date(2024, 12, 31))
    assert ("continuity.role_gap", "role:social_worker") in {(f.rule, f.subject) for f in back.cleared}
    assert not {f.key for f in found.new} & {f.key for f in found.still}
