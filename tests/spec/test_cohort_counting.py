"""Counting a list of children, how sure it is, and the cohort beside everyone else."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph.analysis.cohort.around import answers, circumstances
from graph.analysis.cohort.definition import definition
from graph.analysis.cohort.members import F1, F2, F3, F4, STEPS, stepped
from graph.cohort import (
    Answer,
    Answers,
    Circumstances,
    Part,
    Place,
    belongs,
    beside,
    cells,
    cohort,
    composition,
    exported,
    places,
    sensitivity,
    suppressed,
)
from graph.errors import TeamaroundError
from graph.findings import Finding, run
from graph.parameters import DEFAULTS
from graph.records import as_at
from tests.spec.small import findings, records
from tests.spec.test_cohort import DROPPED, FOUR

T = date(2024, 6, 1)
FEATURES = ("f1", "f2", "f3", "f4")


def child(letters: str) -> Answers:
    """y, n and ? as the features of a child."""
    told: dict[str, Answer] = {"y": "yes", "n": "no", "?": "unknown"}
    return dict(zip(FEATURES, (told[c] for c in letters), strict=True))


FIVE = {"a": child("yyyy"), "b": child("yyy?"), "c": child("yyyn"), "d": child("ny?n"), "e": child("nnnn")}


# --- counting ---


def test_five_children_by_hand():
    found = cohort(FIVE, 4)
    assert (found.certain.members, found.possible.members, found.only_possible) == (("a",), ("a", "b"), ("b",))
    assert found.near == ("c",)
    assert (found.certain.n, found.certain.h, found.certain.a, found.certain.m0) == (5, 0.2, 1, 0.2)
    three = cohort(FIVE, 3)
    assert three.certain.members == ("a", "b", "c")
    # H = 3/5, A = (4 + 3 + 3)/(3 * 4), M0 = H * A = 10/20
    assert (three.certain.h, three.certain.a, three.certain.m0) == (0.6, pytest.approx(10 / 12), pytest.approx(0.5))
    assert [(s.feature, s.headcount, s.share) for s in three.certain.shares] == [
        ("f1", 0.6, 0.3), ("f2", 0.6, 0.3), ("f3", 0.6, 0.3), ("f4", 0.2, 0.1),
    ]  # fmt: skip


def test_nobody_and_no_one_in_it():
    nobody = cohort({}, 4)
    assert (nobody.certain.h, nobody.certain.a, nobody.certain.m0) == (0, None, 0)
    none = cohort({"e": child("nnnn")}, 4)
    assert (none.certain.h, none.certain.a, none.certain.m0) == (0, None, 0)
    assert {s.share for s in none.certain.shares} == {None}


@pytest.mark.parametrize("cut_off", [0, 5])
def test_a_cut_off_that_no_child_could_meet_or_every_child_would_is_refused(cut_off: int):
    with pytest.raises(TeamaroundError, match=f"cohort_features is {cut_off}; it is a number from 1 to 4"):
        cohort(FIVE, cut_off)


def test_children_with_different_features_are_refused():
    with pytest.raises(TeamaroundError, match="same features"):
        cohort({"a": child("yyyy"), "b": {"f1": "yes"}}, 1)


lists = st.dictionaries(st.text("abcdefgh", min_size=1, max_size=3), st.text("yn?", min_size=4, max_size=4).map(child))


@given(lists, st.integers(1, 4))
def test_counting_against_a_matrix_and_every_way_the_unknown_could_fall(of: dict[str, Answers], cut_off: int):
    found = cohort(of, cut_off)
    ways = {
        c: list(product(*({"yes": (1,), "no": (0,), "unknown": (0, 1)}[x] for x in a.values()))) for c, a in of.items()
    }
    assert set(found.certain.members) == {c for c, w in ways.items() if min(map(sum, w)) >= cut_off}
    assert set(found.possible.members) == {c for c, w in ways.items() if max(map(sum, w)) >= cut_off}
    for counted, met in ((found.certain, ("yes",)), (found.possible, ("yes", "unknown"))):
        # The censored matrix: features of those who are not members count as none.
        matrix = [[(x in met) and c in counted.members for x in a.values()] for c, a in of.items()]
        cells = sum(map(sum, matrix))
        assert counted.m0 == pytest.approx(cells / (4 * len(of)) if of else 0)
        assert counted.m0 == pytest.approx(sum(s.headcount for s in counted.shares) / 4)
        if cells:
            assert sum(s.share or 0 for s in counted.shares) == pytest.approx(1)


@given(lists, st.integers(1, 4))
def test_the_order_of_the_children_says_nothing(of: dict[str, Answers], cut_off: int):
    assert cohort(of, cut_off) == cohort(dict(reversed(of.items())), cut_off)


# --- how sure it is ---


@pytest.mark.parametrize(
    ("features", "cut_off", "label"),
    [
        ("yyyy", 4, "stable in"),
        ("nnnn", 4, "stable out"),
        ("ynny", 4, "stable out"),
        ("yyyn", 4, "depends on: cohort_features, f4"),
        ("yyy?", 4, "depends on: cohort_features, f4"),
        ("yyyn", 3, "depends on: cohort_features, f1, f2, f3"),
        ("yyyy", 3, "stable in"),
        ("yy??", 4, "depends on: f3, f4"),
    ],
)
def test_stable_in_stable_out_or_what_it_depends_on(features: str, cut_off: int, label: str):
    assert sensitivity(child(features), cut_off).label == label


def test_a_threshold_a_step_of_which_changes_the_answer_is_named():
    steps = {"f2_missing": [child("yyyy"), child("ynyy")], "f4_months": [child("yyyy"), child("yyyy")]}
    found = sensitivity(child("yyyy"), 4, steps)
    assert found.label == "depends on: f2_missing"
    assert found.steps["f2_missing"] == ("yes", "no")


@given(st.text("yn?", min_size=4, max_size=4).map(child), st.integers(1, 4))
def test_sure_means_that_nothing_tried_changes_it(answers: Answers, cut_off: int):
    found = sensitivity(answers, cut_off)
    tried = [belongs(answers, k) for k in (cut_off - 1, cut_off + 1) if 0 < k <= 4]
    for f in answers:
        tried.append(belongs({g: a for g, a in answers.items() if g != f}, min(cut_off, 3)))
    stable = found.now != "unknown" and set(tried) == {found.now}
    assert (found.depends_on == ()) is stable


def test_each_threshold_of_a_feature_has_a_step():
    assert set(STEPS) == {*F1, *F2, *F3, *F4}


def test_one_step_of_each_threshold_on_the_records():
    """Exactly three missing periods, exactly two unplanned ends: each step up takes a feature away."""
    of = as_at(records(FOUR), T)
    met = answers(of, T, DEFAULTS)
    steps = stepped(of, T, DEFAULTS, met)
    assert set(steps) == set(STEPS)
    assert [a["f2"] for a in steps["f2_missing"]] == ["yes", "no"]
    assert [a["f3"] for a in steps["f3_unplanned"]] == ["yes", "no"]
    assert [a["f2"] for a in steps["f2_ages"]] == ["yes", "yes"]
    for name, after in steps.items():  # against changing the parameter and asking anew
        now = getattr(DEFAULTS, name)
        if isinstance(now, int):
            changed = [replace(DEFAULTS, **{name: v}) for v in (now - STEPS[name], now + STEPS[name])]
            assert [dict(a) for a in after] == [dict(answers(of, T, p)) for p in changed if getattr(p, name) > 0]


def test_a_finding_says_what_belonging_depends_on():
    (found,) = findings(records(FOUR.replace(*DROPPED["f4"])), "cohort.near", "2024-06-01")
    assert found.measures["sensitive_to"][:2] == ["cohort_features", "f4"]
    assert found.measures["label"].startswith("depends on: cohort_features, f4")


# --- two axes ---


def test_needs_and_response_are_two_counts_and_facts_do_not_count():
    raised = {"a": ["silos.sole_holder", "silos.sole_holder", "area.notice", "cohort.f1", "area.at_a_distance"]}
    found = places(FIVE, raised, facts={"area.at_a_distance"})
    assert found[0] == Place("a", needs=4, perhaps=0, response=3)
    assert found[1] == Place("b", needs=3, perhaps=1, response=0)
    assert [p.child for p in found] == sorted(FIVE)
    assert not {"total", "score", "rank"} & set(vars(found[0]))


def test_children_in_cells_by_name_only():
    where = [Place("b", 4, 0, 2), Place("a", 4, 0, 1), Place("c", 4, 0, 3), Place("d", 0, 0, 99)]
    assert cells(where, ((0, 0), (1, 2), (3, None))) == {(0, 2): ("d",), (4, 1): ("a", "b"), (4, 2): ("c",)}


# --- beside everyone else ---


def test_composition_against_all_looked_after_children():
    of = {"a": {"sex": "female"}, "b": {"sex": "male"}, "c": {"sex": "female"}, "d": {"sex": None}}
    assert composition(of, {"a", "b", "not looked after"}, ["sex"]) == (
        Part("sex", "female", 1, 2), Part("sex", "male", 1, 1), Part("sex", "not recorded", 0, 1),
    )  # fmt: skip


def part(*numbers: tuple[int, int]) -> list[Part]:
    return [Part("sex", str(n), members, everyone) for n, (members, everyone) in enumerate(numbers)]


def shown(parts: list[Part]) -> list[tuple[int | None, int | None]]:
    return [(p.members, p.everyone) for p in suppressed(parts, 6)]


def test_small_numbers_are_left_out_of_what_is_exported():
    assert shown(part((5, 60), (6, 70), (20, 90), (1, 80))) == [(None, 60), (6, 70), (20, 90), (None, 80)]
    assert shown(part((6, 60), (7, 70))) == [(6, 60), (7, 70)]


def test_one_number_left_out_would_be_given_away_by_the_sum():
    assert shown(part((3, 60), (8, 70), (20, 90))) == [(None, 60), (None, 70), (20, 90)]
    assert shown(part((1, 60), (2, 70), (8, 75), (20, 90))) == [(None, 60), (None, 70), (None, 75), (20, 90)]


@given(st.lists(st.integers(0, 12), min_size=1, max_size=6))
def test_no_small_number_can_be_worked_out(numbers: list[int]):
    left = [p.members for p in suppressed(part(*((n, 100) for n in numbers)), 6)]
    hidden = [n for n, shown in zip(numbers, left, strict=True) if shown is None]
    assert all(n is None or n >= 6 for n in left)
    assert len(hidden) != 1 or len(numbers) == 1
    assert not hidden or sum(hidden) >= 6 or len(hidden) == len(numbers)


def test_the_cohort_beside_all_others():
    of = [Circumstances("a", 3, 40.0, 2, 1), Circumstances("b", 1, None, None, 0), Circumstances("c", 0, 5.0, 0, None)]
    lines = {b.what: b for b in beside(of, {"a", "b"})}
    assert (lines["moves"].members.median, lines["moves"].others.median) == (2, 0)
    assert (lines["miles"].members.known, lines["miles"].members.children) == (1, 2)
    assert (lines["changes"].others.known, lines["changes"].others.median) == (0, None)
    assert {b.members.median for b in exported(lines.values(), 6)} == {None}


def test_moves_distance_resets_and_changes_of_one_child():
    text = FOUR.replace("placed_at | to | place_type", "placed_at | to | miles | place_type").replace(
        "| a  |", "| a | 3 |"
    )
    text = text.replace("| b  |", "| b | 12.5 |").replace("| c  |", "| c | 31 |") + """
involved_with | from | role          | start      | end
              | Sam  | social_worker | 2020-01-01 | 2024-01-08
              | Ida  | social_worker | 2024-01-08 | 2024-03-01
              | Sam  | social_worker | 2024-03-01 |
"""  # fmt: skip
    of = as_at(records(text), T)
    assert circumstances(of, T, (), DEFAULTS) == Circumstances("Ash", moves=2, miles=31, resets=None, changes=2)
    nothing = as_at(records(text, covers="events"), T)
    assert circumstances(nothing, T, (), DEFAULTS) == Circumstances("Ash", None, 31, None, None)
    unsaid = as_at(records(text + "\nprofessionals | name | identified\nIda | | no\n"), T)
    assert circumstances(unsaid, T, (), DEFAULTS).changes is None


def test_resets_are_those_of_the_finding():
    of = records(FOUR)
    found = run(of, T, only=["area.waiting_list_reset"])
    reset = [replace(found[0], status="raised"), replace(found[0], status="raised", subject="Referral:x")]

    def resets(findings: list[Finding]) -> int | None:
        return circumstances(as_at(of, T), T, findings, DEFAULTS).resets

    assert resets(reset) == 2
    assert resets([replace(found[0], status="clear")]) == 0
    assert resets([replace(found[0], status="not assessable")]) is None


# --- the definition ---


def test_the_definition_says_every_threshold():
    lines = definition(replace(DEFAULTS, f2_missing=7, cohort_features=3)).lines
    assert "7 missing periods within 90 days" in lines[1]
    assert "meets 3 of the 4 features" in lines[4] and "not a score" in lines[4]
    assert "Possible: it counts as met." in lines[5]
    assert "Serious Case Review 'Sophie'" in lines[6] and "Alkire and Foster" in lines[6]
    assert len(lines) == 7


def test_a_changed_threshold_changes_the_definition():
    plain = definition(DEFAULTS).lines
    for name in STEPS:
        now = getattr(DEFAULTS, name)
        changed = tuple(v + 1 for v in now) if isinstance(now, tuple) else now + 1
        assert definition(replace(DEFAULTS, **{name: changed})).lines != plain, name
