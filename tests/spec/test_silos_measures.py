"""Measures between people and agencies, against counting by hand; and what holds for every rule on silos."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Mapping
from datetime import date
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from graph import network
from graph.findings import find_rule, rules
from graph.records import Records
from tests.spec.small import findings, records
from tests.spec.test_silos_alerts import ALERTS, DISSENT, POLICE
from tests.spec.test_silos_meetings import CONFERENCE, RECORDED
from tests.spec.test_silos_needs import NEED, WITHDRAWN
from tests.spec.test_silos_plans import HELD, PARTS, STALE

ON = "2024-06-01"
T = date(2024, 6, 1)
PEOPLE = ["P0", "P1", "P2", "P3", "P4", "P5", "P6"]
ties = st.lists(st.sampled_from(list(combinations(PEOPLE, 2))), unique=True, max_size=14)
groups = st.fixed_dictionaries({p: st.sampled_from(["health", "police", "school"]) for p in PEOPLE})


def graph_of(edges: list[tuple[str, str]]) -> nx.Graph:
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(PEOPLE)
    graph.add_edges_from(edges)
    return graph


# --- the pairs of agencies ---


@given(ties, groups)
def test_pair_densities_against_asking_each_pair_of_people(edges: list[tuple[str, str]], of: dict[str, str]):
    joined = {frozenset(e) for e in edges}
    for pair in network.pair_densities(graph_of(edges), of):
        asked = [frozenset(two) for two in combinations(PEOPLE, 2) if sorted(of[p] for p in two) == [pair.a, pair.b]]
        assert (pair.ties, pair.possible) == (len(joined & set(asked)), len(asked))
        assert pair.density == (len(joined & set(asked)) / len(asked) if asked else None)


def test_every_pair_is_there_once_and_one_person_has_no_density_within():
    found = network.pair_densities(graph_of([("P0", "P1")]), {"P0": "health", "P1": "school", "P2": "school"})
    assert [(p.a, p.b, p.density) for p in found] == [
        ("health", "health", None), ("health", "school", 0.5), ("school", "school", 0),
    ]  # fmt: skip


def test_a_loop_is_no_tie():
    graph = graph_of([("P0", "P1")])
    graph.add_edge("P0", "P0")
    assert [p.ties for p in network.pair_densities(graph, {"P0": "health", "P1": "health"})] == [1]


@given(ties, groups)
def test_the_e_i_index_against_counting(edges: list[tuple[str, str]], of: dict[str, str]):
    found = network.external_internal(graph_of(edges), of)
    between = sum(of[a] != of[b] for a, b in edges)
    pairs = list(combinations(PEOPLE, 2))
    pairs_between = sum(of[a] != of[b] for a, b in pairs)
    if len(edges) < 5 or len(set(of.values())) < 2:
        assert found is None
    else:
        assert found is not None and found.ties == len(edges)
        assert found.observed == pytest.approx((between - (len(edges) - between)) / len(edges))
        assert found.expected == pytest.approx((2 * pairs_between - len(pairs)) / len(pairs))


def test_the_expected_value_is_what_every_possible_tie_gives():
    of = {p: "health" if p < "P4" else "school" for p in PEOPLE}
    found = network.external_internal(graph_of(list(combinations(PEOPLE, 2))), of)
    assert found is not None and found.difference == pytest.approx(0)


def test_with_one_person_an_agency_it_is_always_one_as_expected():
    of = {p: p for p in PEOPLE}
    found = network.external_internal(graph_of(list(combinations(PEOPLE, 2))[:6]), of)
    assert found is not None and (found.observed, found.expected) == (1, 1)


def test_eight_of_one_agency_and_two_others_at_random_give_less_than_nothing():
    """Reference value: 8 + 1 + 1 people, every tie: (17 - 28)/45."""
    everyone = [f"W{n}" for n in range(8)] + ["G", "S"]
    graph: nx.Graph = nx.complete_graph(everyone)
    found = network.external_internal(graph, {p: "care" if p[0] == "W" else p for p in everyone})
    assert found is not None and round(found.expected, 2) == -0.24


# --- what hangs on one person ---


def unreachable(graph: nx.Graph) -> float:
    """The share of pairs without a path, by asking each pair."""
    pairs = list(combinations(graph, 2))
    return sum(not nx.has_path(graph, a, b) for a, b in pairs) / len(pairs)


@given(ties)
def test_graded_points_against_taking_everyone_out_in_turn(edges: list[tuple[str, str]]):
    graph = graph_of(edges)
    for who, rise in network.graded_points(graph).items():
        left = graph.copy()
        left.remove_node(who)
        assert rise == pytest.approx(unreachable(left) - unreachable(graph))
    cut = {
        w
        for w in graph
        if nx.number_connected_components(network.without(graph, w)) > nx.number_connected_components(graph)
    }
    assert set(network.cut_vertices(graph)) == cut


def test_a_star_falls_apart_without_its_middle():
    star = graph_of([("P0", p) for p in PEOPLE[1:]])
    found = network.graded_points(star)
    assert found["P0"] == 1 and found["P1"] == 0
    assert network.graded_points(nx.Graph([("a", "b")])) == {}


# --- alerts ---


def test_alerts_are_counted_one_way_and_those_of_a_worker_are_those_of_the_agency():
    pairs = network.alert_pairs(records(ALERTS), T)
    assert [(p.by.agency, p.to.agency, [a.id for a in p.alerts], p.answered) for p in pairs] == [
        ("hill", "council", ["a4", "a1", "a2", "a3"], 1),
        ("council", "hill", ["a5"], 0),
    ]
    assert pairs[0].reciprocity == 0.25


def test_an_agency_known_by_its_kind_is_the_one_of_that_kind_that_is_named():
    unnamed = ALERTS.replace("| council |\n\nalerts", "|\n\nalerts").replace("| 2023-01-09 | council", "| 2023-01-09 |")
    assert len(network.alert_pairs(records(unnamed), T)) == 2


# --- beside the finding ---


def test_agencies_two_by_two_stand_beside_the_finding_and_those_not_covered_are_left_out():
    text = """
agencies | kind        | name
council  | social care | Riverside Council
trust    | health      | Seaside Trust

involved_with | from | role          | start      | agency
              | Sam  | social_worker | 2023-01-09 | council
              | Ivy  | iro           | 2023-01-09 | council
              | Dawn | lac_nurse     | 2023-03-01 | trust

meetings | kind   | on
m1       | review | 2024-01-10

attended | from | to | how
         | Sam  | m1 | present
         | Ivy  | m1 | present
"""
    (found,) = findings(records(text), "silos.disconnected", ON)
    assert found.measures["pairs"] == [
        {"a": "Riverside Council", "b": "Riverside Council", "ties": 1, "possible": 1},
        {"a": "Riverside Council", "b": "Seaside Trust", "ties": 0, "possible": 2},
        {"a": "Seaside Trust", "b": "Seaside Trust", "ties": 0, "possible": 0},
    ]
    assert found.measures["e_i"] is None
    (found,) = findings(records(text, covers="attended:social_care"), "silos.disconnected", ON)
    assert [p["b"] for p in found.measures["pairs"]] == ["Riverside Council"]


# --- every rule on silos ---

CASES: Mapping[str, str] = {
    "sole_holder": HELD,
    "plan_orphan": PARTS,
    "stale_plan": STALE,
    "attended_not_knowing": CONFERENCE,
    "split_recording": RECORDED,
    "unanswered_alerts": ALERTS,
    "against_dissent": DISSENT,
    "police_without_response": POLICE,
    "unmet_need": NEED,
    "withdrawn_before_crisis": WITHDRAWN,
}
IN_CARE = "looks_after | from | start | legal_status\nx | E08000025 | 2022-01-10 | C2\n"


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_with_what_it_needs_and_nothing_else_can_say_clear(rule: str):
    found = find_rule(f"silos.{rule}")
    covers = " ".join(n.split("|")[0].replace(" ", "_").replace(":*", "") for n in (*found.needs, "looks_after"))
    (one,) = findings(_covered(IN_CARE, covers), found.id, ON)
    assert one.status == "clear", one.reason


def _covered(text: str, covers: str) -> Records:
    of = records(text, covers=covers)
    given = [
        dataclasses.replace(c, of=c.of.replace("_", " ")) if c.of and c.table != "involved_with" else c
        for c in of.coverage
    ]
    return dataclasses.replace(of, coverage=tuple(given))


@pytest.mark.parametrize("rule", CASES)
def test_a_rule_without_any_of_what_it_needs_cannot(rule: str):
    found = find_rule(f"silos.{rule}")
    (one,) = findings(_covered(IN_CARE, "looks_after"), found.id, ON)
    assert one.status == "not assessable"
    assert one.reason and one.question


@pytest.mark.parametrize("rule", CASES)
def test_nothing_that_is_not_covered_is_raised(rule: str):
    of = dataclasses.replace(records(CASES[rule]), coverage=())
    statuses = {f.status for f in findings(of, f"silos.{rule}", ON)}
    # A service that was closed and the crisis after it both stand on record: nothing is said to be absent.
    assert ("raised" in statuses) is (rule == "withdrawn_before_crisis")


WHOLE = {rule: records(text) for rule, text in CASES.items()}


@pytest.mark.parametrize("rule", CASES)
@given(shuffle=st.randoms(use_true_random=False))
@settings(max_examples=20)
def test_rows_in_any_order_give_the_same_findings(rule: str, shuffle: random.Random):
    of = WHOLE[rule]
    rows, nodes = list(of.relationships), list(of.nodes.items())
    shuffle.shuffle(rows)
    shuffle.shuffle(nodes)
    mixed = dataclasses.replace(of, relationships=tuple(rows), nodes=dict(nodes))
    assert findings(of, f"silos.{rule}", ON) == findings(mixed, f"silos.{rule}", ON)


LATER = """
meetings | kind   | on         | recorded_by
late     | review | 2024-06-02 | hill

attended | from | to   | how
l1       | Nell | late | present

needs | kind   | identified_on
later | autism | 2024-06-02

alerts | kind | raised | by | to
la | concern | 2024-06-02 | hill | council

decisions | kind | on | by_role
ld | closure | 2024-06-02 | team_manager

events | kind | on
le | arrest | 2024-06-02
lf | missing | 2024-06-02

plans | kind | start
lp | health | 2024-06-02

holds | from | to | start
lh | Nell | health | 2024-06-02
"""


@pytest.mark.parametrize("rule", CASES)
def test_what_comes_after_the_day_changes_nothing(rule: str):
    of, later = records(CASES[rule]), records(CASES[rule] + LATER)
    assert findings(of, f"silos.{rule}", ON) == findings(later, f"silos.{rule}", ON)


def test_no_sentence_says_that_something_did_not_happen_and_all_ask_a_question():
    for rule, text in CASES.items():
        for found in findings(records(text), f"silos.{rule}", ON):
            assert "did not happen" not in found.sentence and "score" not in found.sentence
            assert found.question.endswith("?")


def test_every_rule_of_the_family_says_what_it_needs_and_prints_its_house_rules():
    mine = [r for r in rules().values() if r.family in ("silos", "cohort")]
    assert len(mine) == 14 + 7
    assert all(r.needs for r in mine)
