"""Replay: the first day on which the records of the time show a finding, and who was there."""

from __future__ import annotations

from datetime import date

from graph.records import Records
from graph.replay import month_ends, replay, whole_months
from tests.spec.small import records

MOVES = """
looks_after | start      | legal_status | start_reason
            | 2023-01-09 | C2           | S

placed_at   | to  | start      | end        | place_type | start_reason
            | oak | 2023-01-09 | 2023-06-05 | U6         | S
            | elm | 2023-06-05 | 2023-09-14 | U6         | P
            | ash | 2023-09-14 |            | U6         | P

involved_with | from  | role          | start      | end
              | Dee   | social_worker | 2023-01-09 | 2023-08-01
              | Ellis | social_worker | 2023-08-01 |
              | Fern  | iro           | 2023-01-16 |
"""
END = date(2024, 3, 31)


def three_homes() -> Records:
    return records(MOVES)


def test_the_first_day_is_the_day_itself_and_not_the_end_of_its_month() -> None:
    found = replay(three_homes(), END, only=["continuity.placements"])
    (one,) = found.seen
    assert one.first.as_at == date(2023, 9, 14)
    assert found.months(one) == 6


def test_what_was_learnt_later_is_not_in_it() -> None:
    """A move that was written down in November could not be seen in September."""
    late = records(
        """
        looks_after | start      | legal_status | start_reason
                    | 2023-01-09 | C2           | S

        involved_with | from | role          | start      | end        | recorded_on
                      | Dee  | social_worker | 2023-01-09 | 2023-03-01 |
                      | Ellis| social_worker | 2023-03-01 | 2023-05-01 |
                      | Gwen | social_worker | 2023-05-01 |            | 2023-11-20
        """
    )
    (one,) = replay(late, END, only=["continuity.social_workers"]).seen
    assert one.first.as_at == date(2023, 11, 20)


def test_it_names_who_worked_with_the_child_that_day_by_role() -> None:
    (one,) = replay(three_homes(), END, only=["continuity.placements"]).seen
    assert one.team == ("social worker: Ellis", "reviewing officer: Fern")


def test_a_finding_that_went_away_has_its_last_day() -> None:
    """Three placements within twelve months in September are not three within twelve months a year later."""
    found = replay(three_homes(), date(2025, 3, 31), only=["continuity.placements"])
    (one,) = found.seen
    assert found.cleared == {("continuity.placements", ""): one.last}
    assert one.last == date(2024, 5, 31)


def test_nothing_on_record_gives_nothing() -> None:
    found = replay(records("looks_after | start\n            | 2023-01-09"), END, only=["continuity.placements"])
    assert found.seen == () and found.begin == END


def test_months_are_calendar_months() -> None:
    assert month_ends(date(2024, 1, 15), date(2024, 3, 31)) == [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31)]
    assert month_ends(date(2024, 1, 31), date(2024, 1, 31)) == [date(2024, 1, 31)]
    assert whole_months(date(2023, 8, 31), date(2024, 2, 29)) == 6
    assert whole_months(date(2023, 9, 14), date(2024, 3, 13)) == 5
