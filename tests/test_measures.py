"""Measures of continuity, against values worked out by hand."""

from datetime import date
from itertools import pairwise, permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.measures import coc, coverage, days_held, hhi_d, moves_per_1000_days, secon, upc_d


def d(n: int) -> date:
    return date.fromordinal(730_000 + n)


def test_sophie_moved_five_and_a_half_times_in_a_thousand_days() -> None:
    """Eight placements in three and a half years are seven moves (Warwickshire review, seed 001)."""
    assert round(moves_per_1000_days(7, 1278) or 0, 2) == 5.48
    assert moves_per_1000_days(0, 0) is None


def test_the_usual_worker_is_counted_over_the_window_so_that_a_vacancy_lowers_the_share() -> None:
    spells = [("a", d(0), d(60)), ("b", d(80), d(100))]
    assert upc_d(spells, d(0), d(100)) == 0.6
    assert coverage(spells, d(0), d(100)) == 0.8
    assert hhi_d(spells, d(0), d(100)) == pytest.approx(0.75**2 + 0.25**2)


def test_spells_count_within_the_window_and_an_open_one_to_its_end() -> None:
    spells = [("a", d(-50), d(10)), ("b", d(10), None)]
    assert days_held(spells, d(0), d(100)) == {"a": 10, "b": 90}


def test_a_worker_who_returns_is_one_and_a_day_held_twice_counts_once() -> None:
    assert days_held([("a", d(0), d(20)), ("a", d(10), d(30)), ("a", d(50), d(60))], d(0), d(100)) == {"a": 40}


def test_two_at_once_cover_a_day_once() -> None:
    assert coverage([("a", d(0), d(50)), ("b", d(0), d(50))], d(0), d(100)) == 0.5


def test_what_is_undefined_is_not_nought() -> None:
    assert coverage([], d(0), d(0)) is None
    assert hhi_d([], d(0), d(10)) is None
    assert upc_d([], d(0), d(10)) == 0  # a window in which no one is there
    assert coc(["a", "a", "b"]) is None
    assert secon(["a", "a", "b"]) is None


def test_the_share_of_days_does_not_depend_on_the_unit_as_bice_and_boxermans_would() -> None:
    assert hhi_d([("a", d(0), d(100)), ("b", d(100), d(150))], d(0), d(150)) == pytest.approx(0.556, abs=0.001)


def test_the_same_counts_in_another_order_differ_only_in_sequence() -> None:
    assert coc(list("AABB")) == coc(list("ABAB")) == pytest.approx(1 / 3)
    assert secon(list("AABB")) == pytest.approx(2 / 3)
    assert secon(list("ABAB")) == 0


@given(st.lists(st.sampled_from("ABC"), min_size=4, max_size=12))
def test_coc_is_the_chance_that_two_contacts_are_with_the_same_person(contacts: list[str]) -> None:
    pairs = list(permutations(contacts, 2))
    assert coc(contacts) == pytest.approx(sum(a == b for a, b in pairs) / len(pairs))
    assert secon(contacts) == pytest.approx(sum(a == b for a, b in pairwise(contacts)) / (len(contacts) - 1))


def test_one_person_throughout_is_one() -> None:
    assert coc(list("AAAA")) == secon(list("AAAA")) == hhi_d([("a", d(0), None)], d(0), d(9)) == 1
