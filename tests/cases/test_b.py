"""The review about B: what it says as records, and all that the software finds in them."""

from __future__ import annotations

from datetime import date

from graph.findings import Finding, run
from graph.records import age, in_care, involvements, looked_after
from ingest.cases import AS_AT
from tests.cases.b import FACTS
from tests.cases.common import findings, raised, records

T = AS_AT["b"]


def of(rule: str) -> list[Finding]:
    return [f for f in findings("b") if f.rule == rule]


def test_looked_after_for_the_three_years_before_it_was_known_that_she_is_pregnant() -> None:
    b = records("b")
    (care,) = looked_after(b)
    assert care.start == date(2015, 11, 30) and care.end is None
    assert b.child.born and age(b.child.born, T) == 16


def test_five_social_workers_all_within_the_three_years() -> None:
    """Her own count, in a sentence without a date. Over four years neither number below would follow from it."""
    b = records("b")
    care = in_care(b, T)
    workers = involvements(b, "social_worker")
    assert care and len({i.from_id for i in workers}) == 5
    assert all(i.start and i.start >= care.start for i in workers)
    assert sum(((i.end or T) - (i.start or T)).days for i in workers) / 5 <= 219


def test_no_social_worker_is_missing_between_two_so_that_it_is_the_telling_that_failed() -> None:
    gaps = {f.subject: f.status for f in of("continuity.role_gap")}
    assert gaps["role:social_worker"] == gaps["role:iro"] == "clear"


def test_4_he_retired_and_she_knew_of_it_before() -> None:
    (told,) = (f for f in of("continuity.unannounced") if f.status == "clear")
    assert "reviewing officer" in told.sentence
    assert [f.status for f in of("continuity.cold_handover")].count("clear") == 1


def test_5_he_was_in_touch_between_the_reviews() -> None:
    assert {f.status for f in of("voice.iro_not_spoken")} == {"clear"}
    assert {f.status for f in of("clocks.review")} == {"clear"}


def test_8_every_move_had_left_nobody_or_few_who_knew_her_once_the_social_worker_changed_with_it() -> None:
    (found,) = of("continuity.turnover_at_move")
    assert found.measures["before"] == 6 and found.measures["lost"] == 3


def test_10_others_are_kept_apart_by_what_is_on_record_of_them() -> None:
    states = {f.measures["attendance"].get("Barnardo's RUSafe") for f in of("silos.absent_agency")}
    assert "not invited" in states


def test_13_apologies_without_a_report_are_absence() -> None:
    states = {name: how for f in of("silos.absent_agency") for name, how in f.measures["attendance"].items()}
    assert states["Oxford Healthcare Foundation Trust (CAMHS)"] == "apologies"


BESIDE = {
    "area.notice",  # to the child of the move: she was not told (fact 2)
    "area.outside_authority",  # the move that CAMHS did not go along with (fact 7)
    "cohort.f4",  # CAMHS was involved (fact 7)
    "silos.single_point",  # the social worker rang each agency, and they did not meet (fact 13)
}


def test_what_is_raised_is_what_the_review_says_and_what_follows_from_it() -> None:
    said = {line.what for fact in FACTS for line in fact.lines if line.kind == "raised"}
    assert {rule for rule, _ in raised(findings("b"))} == said | BESIDE


def test_of_what_the_review_does_not_speak_nothing_is_said() -> None:
    for rule in ("continuity.schools", "clocks.health_assessment", "voice.parent_absent", "cohort.f2"):
        assert {f.status for f in of(rule)} == {"not assessable"}, rule


def test_it_was_there_before_the_last_day() -> None:
    half_a_year_before = date(2018, 5, 31)
    found = {rule for rule, _ in raised(run(records("b"), half_a_year_before))}
    assert {"continuity.anchor_lost", "continuity.no_bridge", "voice.recommendation_open", "area.service_gap"} <= found
