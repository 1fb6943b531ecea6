"""Who was there when: lanes, gaps that loads can vouch for, moves and what happened."""

from __future__ import annotations

from datetime import date
from xml.etree import ElementTree

import pytest

from dashboard import child_page, timeline
from dashboard.timeline import Lane
from graph.records import Records
from tests.browser.invented import AS_AT, ash, bo, crowd
from tests.spec.small import records

D = date.fromisoformat
FIRST = D("2024-04-01")
CARE = """
    looks_after | legal_status | start
                | C2           | 2023-01-01
"""


def lane(of: Records, label: str, on: str = "2026-03-31", first: date = FIRST) -> Lane:
    """The lane of a role as it was known on a day."""
    return next(lane for lane in timeline.lanes(of, first, D(on)) if lane.label == label)


def gaps(of: Records, label: str, on: str = "2026-03-31") -> list[tuple[str, str]]:
    """The gaps of a lane: first day without anyone, and first day with someone again."""
    return [(str(a), str(b)) for a, b in lane(of, label, on).gaps]


def test_a_lane_holds_everyone_in_the_role_in_order() -> None:
    assert [b.name for b in lane(ash(), "Social worker").bars] == ["Clare Doyle", "Lena Brandt", "Dina Hassan"]
    assert [b.name for b in lane(ash(), "Home").bars] == ["The Okafors", "Mrs Larch", "Rowan House"]


def test_a_gap_is_hatched_with_its_days() -> None:
    assert gaps(ash(), "Social worker") == [("2025-12-09", "2026-01-19")]
    assert timeline.gap_words(lane(ash(), "Social worker"), (D("2025-12-09"), D("2026-01-19"))) == (
        "Social worker: no one on record for 41 days from 9 December 2025"
    )


def test_a_service_that_never_came_back_is_a_gap_up_to_the_day_itself() -> None:
    assert gaps(ash(), "CAMHS") == [("2025-11-28", "2026-03-31")]


def test_a_gap_is_only_where_loads_cover_the_role() -> None:
    text = (
        CARE
        + """
    involved_with | from | role          | start      | end
                  | sw   | social_worker | 2024-01-01 | 2025-01-01
    """
    )
    covered = "looks_after plans involved_with:social_worker@2024-01-01..2025-06-30"
    assert gaps(records(text, covers=covered), "Social worker") == [("2025-01-01", "2025-07-01")]
    assert gaps(records(text, covers="looks_after plans"), "Social worker") == []


def test_a_lane_without_a_load_says_so_and_is_not_empty_of_people() -> None:
    of = bo()
    assert not lane(of, "CAMHS").loaded and not lane(of, "CAMHS").gaps
    table = child_page.time_table(of, FIRST, AS_AT)
    assert table.set_index("Role").loc["CAMHS", "Who"] == "not loaded"


def test_nobody_must_have_an_advocate_so_that_none_is_no_gap() -> None:
    of = records(CARE, covers="looks_after involved_with")
    assert (lane(of, "Advocate").gaps, lane(of, "Advocate").loaded) == ((), True)


def test_a_reviewing_officer_is_missed_from_the_first_day_in_care() -> None:
    of = records(
        """
    looks_after | legal_status | start
                | C2           | 2026-03-01
    """,
        covers="looks_after involved_with",
    )
    assert gaps(of, "Reviewing officer") == [("2026-03-01", "2026-03-31")]


def test_no_school_is_looked_for_after_the_leaving_age() -> None:
    text = """
    child | born
    Ash   | 2009-05-12

    attends | to            | start      | end
            | school:Kings  | 2020-09-01 | 2025-06-20
    """
    assert gaps(records(text), "School") == [("2025-06-20", "2025-06-28")]  # the last Friday of June


def test_two_at_once_stand_below_each_other() -> None:
    of = records("""
    involved_with | from | role      | start      | end
                  | jo   | lac_nurse | 2025-01-01 | 2025-06-01
                  | sam  | lac_nurse | 2025-03-01 |
                  | kit  | lac_nurse | 2025-06-01 |
    """)
    rows = timeline._rows(lane(of, "Nurse").bars)
    assert {bar.name: row for bar, row in rows.items()} == {"jo": 0, "sam": 1, "kit": 0}


def test_on_an_earlier_day_nothing_later_is_known() -> None:
    of = ash()
    assert [b.end for b in lane(of, "Home", "2025-11-01").bars] == [D("2024-11-22"), None]
    assert gaps(of, "Social worker", "2025-12-20") == [("2025-12-09", "2025-12-20")]
    assert {m.day for m in timeline.marks(of, D("2025-11-01"))} < {m.day for m in timeline.marks(of, AS_AT)}


def test_moves_reviews_and_crises_are_marked() -> None:
    told = {(str(m.day), m.kind): m.text for m in timeline.marks(ash(), AS_AT)}
    assert told["2025-11-17", "move"] == "moved to Cornwall"
    assert told["2025-12-04", "review"] == "review 4 December 2025"
    assert told["2026-02-24", "crisis"] == "missing 24 February 2026, 3 days"
    assert ("2019-06-03", "move") not in told  # the first home is no move


def test_a_cancelled_review_is_no_mark() -> None:
    of = records("meetings | kind | on | status\n r | review | 2026-01-01 | cancelled")
    assert timeline.marks(of, AS_AT) == ()


@pytest.mark.parametrize(("months", "first"), [(24, "2024-03-31"), (60, "2021-03-31"), (None, "2019-06-03")])
def test_the_time_shown_goes_back_as_far_as_asked_and_no_further_than_the_record(months: int, first: str) -> None:
    assert timeline.begin(ash(), AS_AT, months) == D(first)


def test_the_drawing_has_a_title_a_description_and_every_gap_in_words() -> None:
    for of in (ash(), bo(), crowd(60)):
        svg = ElementTree.fromstring(timeline.draw(of, FIRST, AS_AT, AS_AT))
        ns = "{http://www.w3.org/2000/svg}"
        assert svg.get("role") == "img"
        assert "Who was there when" in (svg.findtext(f"{ns}title") or "")
        for each in timeline.lanes(of, FIRST, AS_AT):
            for gap in each.gaps:
                assert timeline.gap_words(each, gap) in (svg.findtext(f"{ns}desc") or "")


def test_the_table_says_what_the_drawing_shows() -> None:
    table = child_page.time_table(ash(), FIRST, AS_AT)
    rows = {(r["Role"], r["Who"], r["From"], r["To"]) for r in table.to_dict("records")}
    assert ("Social worker", "no one on record", "9 Dec 2025", "19 Jan 2026") in rows
    assert ("Home", "Rowan House", "17 Nov 2025", "now") in rows


def test_texts_under_moves_do_not_run_into_each_other() -> None:
    placed = timeline._staggered([(300, "moved to Leicestershire"), (320, "moved to Coventry"), (900, "moved")])
    assert [row for *_, row in placed] == [0, 1, 0]
