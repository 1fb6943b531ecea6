"""Rehearsal: what a move would cut, whom the regulations name, what is not there, who could bridge."""

from __future__ import annotations

from datetime import date

from graph.model import Agency
from graph.records import Records
from graph.rehearsal import Rehearsal, agencies_in, rehearse
from graph.store import Store
from tests.extracts import extract
from tests.spec.small import records

BIRMINGHAM, SOLIHULL, CORNWALL, WALES = "E08000025", "E08000029", "E06000052", "W92000004"
T = date(2024, 3, 31)
CASE = """
child | born
Ash   | 2012-05-12

looks_after | start      | legal_status | start_reason
            | 2022-01-10 | C2           | S

placed_at   | to  | start      | end        | place_type | start_reason
            | oak | 2022-01-10 | 2023-06-05 | U6         | S
            | elm | 2023-06-05 |            | K2         | P

in_area     | from | to
            | elm  | E08000025

agencies    | kind        | name
council     | social care | Children's services
trust       | health      | City trust
minds       | camhs       | City CAMHS
line        | voluntary   | Follow-on

serves      | from    | to
            | council | E08000025
            | trust   | E08000025
            | minds   | E08000025
            | line    | E08000025
            | line    | E06000052

involved_with | from  | role          | agency  | start      | end
              | Dee   | social_worker | council | 2022-01-10 |
              | Fern  | iro           | council | 2023-07-01 |
              | Gil   | lac_nurse     | trust   | 2022-02-01 |
              | Hana  | camhs         | minds   | 2023-09-01 |
              | Ivo   | advocate      | line    | 2023-10-01 |
              | Jo    | gp            |         | 2023-06-20 |
              | Kit   | police        |         | 2022-02-01 | 2023-01-01

persons | kind   | name
mum     | mother | Mum Vale
nan     | other  | Nan Vale

related_to | from | relation | parental_responsibility
           | mum  | mother   | yes

trusts | to  | said_on
       | nan | 2024-01-05

meetings | kind   | on
m1       | review | 2023-12-01
"""


def case() -> Records:
    return records(CASE)


def said(of: Rehearsal, part: str) -> dict[str, str]:
    return {line.who: line.says for line in of.lines if line.part == part}


def test_which_ties_cross_a_boundary() -> None:
    ties = said(rehearse(case(), CORNWALL, T), "tie")
    assert ties == {
        "social worker: Dee": "stays responsible, from Birmingham: every visit and meeting would cross a boundary",
        "reviewing officer: Fern": "stays responsible, from Birmingham: every visit and meeting would cross a boundary",
        "looked-after children's nurse: Gil": "works in Birmingham: the tie would cross a boundary into Cornwall",
        "CAMHS: Hana": "works in Birmingham: the tie would cross a boundary into Cornwall",
        "advocate: Ivo": "works in Cornwall: can go on",
        "GP: Jo": "no record of which area they work in: ask whether they would go on in Cornwall",
    }


def test_whose_approval_by_where_the_area_is() -> None:
    assert list(said(rehearse(case(), CORNWALL, T), "approve")) == [
        "director of children's services",
        "Cornwall, as area authority",
    ]
    assert "(regulation 11(1)(a))" in said(rehearse(case(), SOLIHULL, T), "approve")["nominated officer"]
    assert said(rehearse(case(), BIRMINGHAM, T), "approve")["nominated officer"].startswith("not asked for")


def test_an_authority_that_borders_a_nation_is_told_to_ask() -> None:
    (who,) = said(rehearse(records(CASE, authority="E06000019"), WALES, T), "approve")
    assert who == "nominated officer or director"


def test_who_must_be_told_with_who_that_is_on_record() -> None:
    told = said(rehearse(case(), CORNWALL, T), "tell")
    assert told["parents"].startswith("mother (Mum Vale); may be left out where")
    assert told["GP"] == "Jo (regulation 13(2)(g))"
    assert told["new GP"] == "no record of who that is (regulation 13(2)(g))"
    assert told["reviewing officer"].startswith("Fern")
    assert told["area authority"].startswith("Cornwall")
    assert "area authority" not in said(rehearse(case(), BIRMINGHAM, T), "tell")


def test_what_comes_before_the_present_placement_ends() -> None:
    before = said(rehearse(case(), CORNWALL, T), "before the present placement ends")
    assert before["reviewing officer"].endswith("the last review on record is of 1 December 2023")
    assert before["the child"] == "no record of the child's views since then"


def test_services_without_a_counterpart_on_record_there() -> None:
    there = [Agency(id="x", kind="camhs", name="Coast CAMHS")]
    services = said(rehearse(case(), CORNWALL, T, there), "service")
    assert services["CAMHS"] == "City CAMHS now; in Cornwall: Coast CAMHS"
    assert services["GP"] == "now; no GP on record in Cornwall"


def test_who_could_bridge() -> None:
    assert said(rehearse(case(), CORNWALL, T), "bridge") == {
        "social worker: Dee": "was there before the move of 5 June 2023 and stayed",
        "looked-after children's nurse: Gil": "was there before the move of 5 June 2023 and stayed",
        "advocate: Ivo": "works in Cornwall already",
        "Nan Vale": "the child named them as trusted on 5 January 2024",
    }


def test_of_a_child_who_is_not_looked_after_the_regulations_ask_nothing() -> None:
    found = rehearse(case(), CORNWALL, date(2021, 12, 31))
    assert {line.part for line in found.lines} <= {"tie", "service", "bridge"}


def test_what_is_recorded_later_is_not_in_it() -> None:
    earlier = rehearse(case(), CORNWALL, date(2023, 9, 30))
    assert "advocate: Ivo" not in said(earlier, "tie")
    assert "Nan Vale" not in said(earlier, "bridge")


def test_agencies_of_an_area_are_read_from_the_graph(store: Store) -> None:
    from graph.loading import load

    load(
        store,
        extract(
            """
            agencies | kind  | name
            a        | camhs | Coast CAMHS
            b        | camhs | Old CAMHS

            serves | from     | to                      | start      | end
                   | Agency:a | LocalAuthority:E06000052|            |
                   | Agency:b | LocalAuthority:E06000052| 2015-01-01 | 2020-01-01
            """
        ),
    )
    assert [a.name for a in agencies_in(store, CORNWALL, T)] == ["Coast CAMHS"]
