"""The ecomap and the alter graph: who is in them, what joins them, and what their measures say."""

from __future__ import annotations

import dataclasses
import random
from datetime import date
from itertools import combinations

import networkx as nx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from graph import network
from graph.records import Records, as_at
from tests.spec.small import records

T = date(2024, 6, 1)

STAR = """
child | born
Ash   | 2010-05-12

involved_with | from  | role          | start      | end
              | Sam   | social_worker | 2023-01-09 |
              | Ivy   | iro           | 2023-01-09 |
              | Dawn  | lac_nurse     | 2023-03-01 |
              | camhs | camhs         | 2023-03-01 |
              | Len   | social_worker | 2022-01-09 | 2023-01-09

meetings | kind        | on         | status
m1       | joint visit | 2024-01-10 |
m2       | call        | 2024-02-10 |
m3       | email       | 2024-03-10 |
m4       | core group  | 2024-03-20 | cancelled
m5       | family time | 2024-04-01 |
m6       | visit       | 2024-04-15 |

attended | from   | to | how
         | Sam    | m1 | present
         | Ivy    | m1 | present
         | Sam    | m2 | present
         | Dawn   | m2 | sent report
         | Sam    | m3 | substitute
         | camhs  | m3 | present
         | Ivy    | m4 | present
         | Dawn   | m4 | present
         | Dawn   | m5 | present
         | Ivy    | m5 | present
         | Sam    | m6 | present
         | Ivy    | m2 | apologies
         | Dawn   | m3 | not invited
"""


def pairs(of: Records, t: date = T, months: int = 12) -> set[tuple[str, str]]:
    return {(x.a, x.b) for x in network.exchanges(of, t, months)}


# --- exchange ---


def test_presence_substitution_and_a_report_join_and_nothing_else_does():
    assert pairs(records(STAR)) == {("Ivy", "Sam"), ("Dawn", "Sam"), ("Sam", "camhs")}


def test_neither_the_child_nor_persons_are_in_the_alter_graph():
    mum = """
persons | name | kind
mum     | Mum  | mother

attended | from | to | how
mum_came | mum  | m1 | present
"""
    of = records(STAR + mum)
    graph = network.alter_graph(of, T)
    assert "Ash" not in graph and "mum" not in graph
    # Newman's weight counts professionals: a mother at the table does not thin the tie between two of them.
    assert graph.edges["Ivy", "Sam"]["weight"] == 1


def test_an_exchange_has_its_meetings_its_last_day_and_newmans_weight():
    of = records(
        """
        meetings | kind       | on
        big      | review     | 2024-01-10
        small    | core group | 2024-03-10

        attended | from | to    | how
                 | A    | big   | present
                 | B    | big   | present
                 | C    | big   | present
                 | A    | small | present
                 | B    | small | present
        """
    )
    graph = network.alter_graph(of, T)
    assert graph.edges["A", "B"] == {"meetings": ("big", "small"), "last": date(2024, 3, 10), "weight": 1.5}
    assert graph.edges["A", "C"]["weight"] == 0.5


@pytest.mark.parametrize(
    ("t", "joined"),
    [
        ("2024-01-09", False),  # not yet
        ("2024-01-10", True),  # on the day
        ("2025-01-09", True),  # the last day of the twelve months
        ("2025-01-10", False),
    ],
)
def test_exchange_counts_for_twelve_months(t: str, joined: bool):
    day = date.fromisoformat(t)
    assert (("Ivy", "Sam") in pairs(as_at(records(STAR), day), day)) is joined


def test_a_meeting_about_another_child_joins_nobody():
    of = records(STAR)
    other = dataclasses.replace(of.nodes["m1"], about=("another",))
    assert ("Ivy", "Sam") not in pairs(dataclasses.replace(of, nodes={**of.nodes, "m1": other}))


# --- the alter graph ---


def test_nodes_say_who_they_are_for_whom_they_speak_and_since_when():
    of = records(
        """
        agencies | kind   | name
        trust    | health | Seaside Trust
        river    | police | Riverside

        involved_with | from | role          | start      | end        | agency
                      | Sam  | social_worker | 2023-01-09 |            |
                      | Dawn | lac_nurse     | 2023-03-01 |            | trust

        meetings | kind   | on
        m1       | review | 2024-01-10

        attended | from | to | how     | agency
                 | Sam  | m1 | present |
                 | Dawn | m1 | present |
                 | Pat  | m1 | present | river
        """
    )
    graph = network.alter_graph(of, T)
    assert graph.nodes["Dawn"] == {
        "label": "Dawn", "kind": "Professional", "role": "looked-after children's nurse", "group": "Health",
        "agency_kind": "health", "agency": "trust", "active_since": date(2023, 3, 1), "left": False,
    }  # fmt: skip
    assert (graph.nodes["Sam"]["agency_kind"], graph.nodes["Sam"]["agency"]) == ("social care", None)
    assert (graph.nodes["Pat"]["agency_kind"], graph.nodes["Pat"]["active_since"]) == ("police", None)


def test_who_left_and_exchanged_with_nobody_is_not_in_the_graph():
    assert set(network.alter_graph(records(STAR), T)) == {"Sam", "Ivy", "Dawn", "camhs"}


def test_who_left_after_an_exchange_is_marked():
    of = records(STAR.replace("Ivy   | iro           | 2023-01-09 |", "Ivy   | iro | 2023-01-09 | 2024-05-01"))
    assert network.alter_graph(of, T).nodes["Ivy"]["left"]


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ("attended", "police:A"),
        ("involved", "police:B"),
        ("works", "police:C"),
        ("nothing", None),
    ],
)
def test_the_agency_is_the_attendances_then_the_involvements_then_the_employers(named: str, expected: str | None):
    attended = "police:A" if named == "attended" else ""
    involved = "police:B" if named in ("attended", "involved") else ""
    works = "" if named == "nothing" else "\nworks_for | from | to | start\n | Pat | police:C | 2020-01-01\n"
    of = records(
        f"""
agencies | kind   | name
police:A | police | Riverside
police:B | police | Hillside
police:C | police | Seaside

involved_with | from | role   | start      | agency
              | Pat  | police | 2023-01-09 | {involved}

meetings | kind   | on
m1       | review | 2024-01-10

attended | from | to | how     | agency
         | Pat  | m1 | present | {attended}
{works}"""
    )
    row = next(a for a in of.relationships if a.id == "attended2")
    assert network.affiliation(of, "Pat", date(2024, 1, 10), row) == network.Affiliation("police", expected)


def test_involvement_is_unbroken_across_a_change_of_role():
    of = records(
        """
        involved_with | from | role                  | start      | end
                      | Sam  | family_support_worker | 2022-01-10 | 2023-01-09
                      | Sam  | social_worker         | 2023-01-09 |
                      | Ivy  | iro                   | 2022-01-10 | 2023-01-01
                      | Ivy  | iro                   | 2023-02-01 |
        """
    )
    assert network.involved_since(of, "Sam", T) == date(2022, 1, 10)
    assert network.involved_since(of, "Ivy", T) == date(2023, 2, 1)
    assert network.involved_since(of, "Ivy", date(2023, 1, 15)) is None


# --- the ecomap ---

FAMILY = (
    STAR
    + """
placed_at | to  | start      | end        | place_type | start_reason | change_reason
          | oak | 2023-01-09 | 2023-06-01 | U6         | S            |
          | oak | 2023-06-01 |            | U6         | L            |

attends | to             | start
        | school:Hill    | 2022-09-01

persons | name | kind
mum     | Mum  | mother

related_to | from | relation
           | mum  | mother

trusts | to  | said_on
       | Ivy | 2024-01-01
"""
)


def test_the_ecomap_has_the_child_at_its_centre_and_an_edge_for_everything():
    graph = network.ecomap_graph(records(FAMILY), T)
    assert set(graph) == {"Ash", "Sam", "Ivy", "Dawn", "camhs", "Len", "oak", "school:Hill", "mum"}
    assert all("Ash" in pair for pair in graph.edges())
    groups = {n: at["group"] for n, at in graph.nodes(data=True)}
    assert groups["oak"] == "Home" and groups["school:Hill"] == "Education" and groups["mum"] == "Family and friends"
    assert groups["camhs"] == "Health" and groups["Ash"] == ""


def test_a_home_is_one_edge_however_many_rows_record_it():
    graph = network.ecomap_graph(records(FAMILY), T)
    (edge,) = graph["Ash"]["oak"].values()
    assert (edge["start"], edge["end"], edge["type"]) == (date(2023, 1, 9), None, "PLACED_AT")


def test_involvements_that_ended_are_there_with_their_dates():
    graph = network.ecomap_graph(records(FAMILY), T)
    (edge,) = graph["Ash"]["Len"].values()
    assert (edge["role"], edge["start"], edge["end"]) == ("social worker", date(2022, 1, 9), date(2023, 1, 9))


def test_someone_in_two_ways_has_two_edges():
    graph = network.ecomap_graph(records(FAMILY), T)
    assert sorted(e["role"] for e in graph["Ash"]["Ivy"].values()) == ["reviewing officer", "trusted adult"]


def test_a_professional_who_is_trusted_keeps_the_group_of_the_role():
    assert network.ecomap_graph(records(FAMILY), T).nodes["Ivy"]["group"] == "Social care"


# --- measures ---


def test_a_star_is_as_centralised_as_can_be_and_a_ring_not_at_all():
    assert network.degree_centralisation(nx.star_graph(4)) == 1
    assert network.degree_centralisation(nx.cycle_graph(5)) == 0
    # Degrees 1, 2, 2, 1: (1 + 0 + 0 + 1) / (3 x 2).
    assert network.degree_centralisation(nx.path_graph(4)) == pytest.approx(1 / 3)


@pytest.mark.parametrize("n", [0, 1, 2])
def test_centralisation_of_fewer_than_three_is_not_defined(n: int):
    assert network.degree_centralisation(nx.path_graph(n)) is None


def test_fragmentation_by_hand():
    assert network.fragmentation(nx.path_graph(4)) == 0
    assert network.fragmentation(nx.empty_graph(4)) == 1
    # Parts of three and of two: of 20 ordered pairs, 6 + 2 are joined.
    two = nx.disjoint_union(nx.path_graph(3), nx.path_graph(2))
    assert network.fragmentation(two) == pytest.approx(1 - 8 / 20)
    assert network.fragmentation(nx.empty_graph(1)) is None


def test_without_the_centre_of_a_star_nobody_is_joined():
    assert network.fragmentation_rise(nx.star_graph(4), 0) == 1
    assert network.fragmentation_rise(nx.star_graph(4), 1) == 0
    # Without the second of four in a row: one alone and two together, 1 - 2/6.
    assert network.fragmentation_rise(nx.path_graph(4), 1) == pytest.approx(2 / 3)
    assert network.fragmentation_rise(nx.path_graph(2), 0) is None


graphs = st.integers(2, 9).flatmap(
    lambda n: st.lists(st.sampled_from(list(combinations(range(n), 2))), unique=True).map(
        lambda edges: _graph(n, edges)
    )
)


def _graph(n: int, edges: list[tuple[int, int]]) -> nx.Graph:
    graph = nx.empty_graph(n)
    graph.add_edges_from(edges)
    return graph


@given(graphs)
def test_cut_vertices_are_those_whose_removal_parts_others(graph: nx.Graph):
    def parts_others(who: int) -> bool:
        others = nx.node_connected_component(graph, who) - {who}
        return bool(others) and nx.number_connected_components(graph.subgraph(others)) > 1

    assert network.cut_vertices(graph) == [who for who in graph if parts_others(who)]


@given(graphs)
def test_fragmentation_is_the_share_of_pairs_without_a_path(graph: nx.Graph):
    apart = [not nx.has_path(graph, a, b) for a, b in combinations(graph, 2)]
    assert network.fragmentation(graph) == pytest.approx(sum(apart) / len(apart))


@given(st.randoms(use_true_random=False))
def test_rows_in_any_order_make_the_same_graphs(shuffle: random.Random):
    of = records(FAMILY)
    rows, nodes = list(of.relationships), list(of.nodes.items())
    shuffle.shuffle(rows)
    shuffle.shuffle(nodes)
    mixed = dataclasses.replace(of, relationships=tuple(rows), nodes=dict(nodes))
    for build in (network.alter_graph, network.ecomap_graph):
        one, other = build(of, T), build(mixed, T)
        assert list(one.nodes(data=True)) == list(other.nodes(data=True))
        assert list(one.edges(data=True)) == list(other.edges(data=True))
