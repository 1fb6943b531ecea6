"""The question library: a header is a signature, and every file keeps it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest

import queries
from graph.analyse import analyse
from graph.loading import load
from graph.store import Store
from queries import QueryError, parse
from tests.extracts import AUTHORITY, extract

GOOD = "// Who is there?\n//\n// $child  her id\n// => name\n\nMATCH (c:Child {id: $child}) RETURN c.name AS name"


def test_the_header_is_the_signature() -> None:
    query = parse("who", GOOD)
    assert (query.question, dict(query.parameters), query.columns) == ("Who is there?", {"child": "her id"}, ("name",))


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("RETURN $child, $other AS name", r"\$other is used but not declared"),
        ("RETURN 1 AS name", r"\$child is declared but not used"),
        ("RETURN 'costs $child' AS name", r"\$child is declared but not used"),
        ("RETURN 1 AS name // $child", r"\$child is declared but not used"),
        ("RETURN 1 AS `$child` /* $child */", r"\$child is declared but not used"),
    ],
)
def test_parameters_declared_are_parameters_used(body: str, told: str) -> None:
    with pytest.raises(QueryError, match=told):
        parse("who", GOOD.split("MATCH")[0] + body)


def test_an_address_in_a_string_is_no_comment() -> None:
    assert parse("who", GOOD.replace("RETURN", "WITH c, 'http://x' AS u RETURN"))


def test_a_file_without_question_or_columns_is_refused() -> None:
    with pytest.raises(QueryError, match=r"not a question; it has no `=>` line"):
        parse("who", "// List people\n\nRETURN 1 AS n")


def test_asking_says_what_is_missing_unknown_or_no_day() -> None:
    team = queries.find("team_around_child")
    with pytest.raises(QueryError, match="takes -p child=… -p on=…: missing on; unknown day"):
        team.bind({"child": "x", "day": "2024-01-01"})
    with pytest.raises(QueryError, match="on takes a day, written as 2026-03-31"):
        team.bind({"child": "x", "on": "31/02/2024"})
    assert team.bind({"child": "x", "on": "2024-02-29"})["on"] == date(2024, 2, 29)
    with pytest.raises(QueryError, match="`to` must be a later day than `from`"):
        queries.find("agencies_that_share_children").bind({"from": "2025-01-01", "to": "2025-01-01"})


@pytest.mark.parametrize(
    ("writes", "told"),
    [
        ("SET c.name = 'x'", "SET would change the graph"),
        ("DETACH DELETE c", "DETACH DELETE would change the graph"),
        ("MERGE (:Child {id: 'y'})", "MERGE would change the graph"),
        ("LOAD CSV FROM 'file:///etc/hosts' AS line", "LOAD CSV would change the graph or reach beyond it"),
    ],
)
def test_a_question_only_reads(writes: str, told: str) -> None:
    with pytest.raises(QueryError, match=re.escape(told)):
        parse("who", GOOD.replace("RETURN", f"{writes} RETURN"))


def test_a_word_that_only_looks_like_writing_is_none() -> None:
    assert parse("who", GOOD.replace("RETURN", "WHERE c.set IS NULL AND c.name <> 'delete' RETURN"))


def test_a_parameter_takes_what_its_header_says() -> None:
    reviews, spans = queries.find("reviews_that_considered_no_plan"), queries.find("who_spans_the_last_move")
    assert reviews.bind({"authority": AUTHORITY, "plan": "health"})["plan"] == "health"
    with pytest.raises(QueryError, match="plan takes one of care, permanence, placement, health, pep, pathway, safety"):
        reviews.bind({"authority": AUTHORITY, "plan": "healthy"})
    assert spans.bind({"authority": AUTHORITY, "on": "2024-06-01", "days": "28"})["days"] == 28
    with pytest.raises(QueryError, match="days takes a whole number"):
        spans.bind({"authority": AUTHORITY, "on": "2024-06-01", "days": "four weeks"})


def test_a_question_that_lists_children_says_where_its_list_ends() -> None:
    for query in queries.questions().values():
        assert ("child" in query.columns) == (query.most is not None), query.name


def test_a_question_says_whether_it_needs_an_analysis() -> None:
    assert queries.find("findings_by_rule").reads_findings
    assert not queries.find("team_around_child").reads_findings


def test_every_family_of_rules_has_questions() -> None:
    """At least two a family, over what was written back or the records behind it."""
    asked = " ".join(re.findall(r"'(\w+)\.\w+'", " ".join(q.cypher for q in queries.questions().values())))
    assert {"continuity", "area", "silos", "voice", "clocks", "cohort"} <= set(asked.split())


def test_an_unknown_question_is_answered_with_those_there_are() -> None:
    with pytest.raises(QueryError, match="team_around_child"):
        queries.find("who_knows")


@pytest.mark.parametrize("name", list(queries.questions()))
def test_every_question_gives_the_columns_it_says(store: Store, name: str) -> None:
    query = queries.find(name)
    given = {p: None for p in query.parameters}
    assert tuple(store.columns(query.cypher, given)) == query.columns


@pytest.mark.parametrize("name", list(queries.questions()))
def test_every_question_only_reads_on_the_server_too(graph_store: Store, name: str) -> None:
    query = queries.find(name)
    assert _explained(graph_store, query).query_type == "r"


def _explained(store: Store, query: queries.Query) -> Any:
    with store._session("READ") as session:
        return session.run("EXPLAIN " + query.cypher, {p: None for p in query.parameters}).consume()


COUNCIL = """
children | local_id
a        | 1
b        | 2

professionals | registration | name
w             | SW1          | Ann Lee
t             |              | Jo Fox

agencies | kind        | name
council  | social care | Birmingham
hill     | school      | Hill School

involved_with | from           | to      | role          | start      | end        | agency
              | Professional:w | Child:a | social_worker | 2023-05-01 |            | Agency:council
              | Professional:w | Child:b | social_worker | 2023-05-01 | 2023-09-01 | Agency:council

looks_after | from                     | to      | start
            | LocalAuthority:E08000025 | Child:a | 2023-05-01
            | LocalAuthority:E08000025 | Child:b | 2023-05-01

placements | urn  | postcode
oak        | SC11 | B13 9AA

placed_at | from    | to            | start      | place_type | miles
          | Child:a | Placement:oak | 2023-05-01 | U6         | 12.5

in_area | from          | to
        | Placement:oak | LocalAuthority:E08000029

works_for | from           | to
          | Professional:w | Agency:council
          | Professional:t | Agency:hill

meetings | kind | on         | about
m        | pep  | 2023-06-01 | Child:a
n        | pep  | 2023-07-01 | Child:a

attended | from           | to        | how
         | Professional:w | Meeting:m | present
         | Professional:t | Meeting:m | sent report
         | Professional:w | Meeting:n | present
         | Professional:t | Meeting:n | apologies
"""


Answers = list[tuple[object, ...]]


def ask(store: Store, name: str, **given: str) -> Answers:
    """The rows of a question, asked as `teamaround ask` asks it."""
    query = queries.find(name)
    return [tuple(row.values()) for row in store.read(query.cypher, query.bind(given))]


def test_the_answers(store: Store) -> None:
    load(store, extract(COUNCIL))
    one = f"{AUTHORITY}/1"
    assert ask(store, "team_around_child", child=one, on="2023-06-01") == [
        ("Ann Lee", "social_worker", "Birmingham", date(2023, 5, 1))
    ]
    assert ask(store, "team_around_child", child=one, on="2023-04-30") == []
    assert ask(store, "children_without_social_worker", authority=AUTHORITY, on="2023-10-01") == [
        (f"{AUTHORITY}/2", date(2023, 5, 1), date(2023, 9, 1))
    ]
    assert ask(store, "children_without_social_worker", authority=AUTHORITY, on="2023-08-31") == []
    shared: Answers = [("school", "social care", 1, 1)]
    assert ask(store, "agencies_that_share_children", **{"from": "2023-06-01", "to": "2023-07-02"}) == shared
    assert ask(store, "agencies_that_share_children", **{"from": "2023-06-02", "to": "2023-07-02"}) == []
    assert ask(store, "placed_outside", authority=AUTHORITY, on="2023-10-01") == [("Solihull", 1, True, 12.5)]


# --- over what the last analysis wrote back, and the records behind it ---

T = date(2024, 6, 1)
ONE, TWO, THREE, FOUR = (f"{AUTHORITY}/{n}" for n in (1, 2, 3, 4))


def analysed(store: Store, text: str) -> None:
    """Load small tables that cover everything to 1 June 2024, and run every rule as at that day."""
    load(store, extract(text, covers="1990-01-01..2024-06-01"))
    analyse(store, AUTHORITY, T)


IN_CARE = """
children | local_id | born
a        | 1        | 2020-06-01
b        | 2        | 2020-06-01
c        | 3        | 2020-06-01

looks_after | from                     | to      | start      | legal_status | start_reason | need
            | LocalAuthority:E08000025 | Child:a | 2022-01-03 | C2           | S            | N1
            | LocalAuthority:E08000025 | Child:b | 2022-01-03 | C2           | S            | N1
            | LocalAuthority:E08000025 | Child:c | 2022-01-03 | C2           | S            | N1
"""

MOVES = """
placements | urn  | postcode
oak        | SC11 | B13 9AA
elm        | SC12 | B91 1AA
sea        | SC13 | TR1 1AA
ash        | SC14 | B14 9AA
ward       | SC15 | B15 9AA

placed_at | from    | to             | start      | end        | place_type | start_reason | miles
          | Child:a | Placement:oak  | 2022-01-03 | 2024-01-10 | K2         | S            | 1
          | Child:a | Placement:elm  | 2024-01-10 |            | K2         | P            | 12.5
          | Child:b | Placement:oak  | 2022-01-03 | 2024-02-01 | K2         | S            | 1
          | Child:b | Placement:sea  | 2024-02-01 |            | K2         | P            | 200
          | Child:c | Placement:oak  | 2022-01-03 | 2024-03-01 | K2         | S            |
          | Child:c | Placement:ash  | 2024-03-01 | 2024-04-01 | K2         | P            |
          | Child:c | Placement:ward | 2024-04-01 | 2024-04-08 | T1         | P            |
          | Child:c | Placement:ash  | 2024-04-08 |            | K2         | P            |

in_area | from           | to
        | Placement:oak  | LocalAuthority:E08000025
        | Placement:elm  | LocalAuthority:E08000029
        | Placement:sea  | LocalAuthority:E06000052
        | Placement:ash  | LocalAuthority:E08000025
        | Placement:ward | LocalAuthority:E08000025
"""

CONTINUITY = f"""{IN_CARE}{MOVES}
professionals | registration | name
w             | SW1          | Ann Lee
x             | SW2          | Bo Ray
i             | SW3          | Cy Dow

involved_with | from           | to      | role          | start      | end
              | Professional:w | Child:a | social_worker | 2022-01-03 |
              | Professional:i | Child:a | iro           | 2022-01-03 |
              | Professional:w | Child:b | social_worker | 2022-01-03 | 2024-01-15
              | Professional:x | Child:b | social_worker | 2024-01-25 |
              | Professional:i | Child:b | iro           | 2024-02-20 |
              | Professional:w | Child:c | social_worker | 2022-01-03 |
              | Professional:i | Child:c | iro           | 2022-01-03 | 2024-05-01
"""


def test_continuity_roles_that_stood_empty(store: Store) -> None:
    """Of two children a reviewing officer's place was empty, and for one of them it still is."""
    analysed(store, CONTINUITY)
    assert ask(store, "empty_roles", authority=AUTHORITY) == [("iro", 2, 1), ("social_worker", 1, 0)]


def test_continuity_who_was_on_both_sides_of_the_last_move(store: Store) -> None:
    """The stay in hospital is no move; the day of the question is what later there can be."""
    load(store, extract(CONTINUITY))
    began, asked = date(2022, 1, 3), {"authority": AUTHORITY, "days": "28"}
    nobody: tuple[object, ...] = (TWO, date(2024, 2, 1), "no record of anyone", None, None)
    assert ask(store, "who_spans_the_last_move", on="2024-06-01", **asked) == [
        (ONE, date(2024, 1, 10), "Cy Dow", "iro", began),
        (ONE, date(2024, 1, 10), "Ann Lee", "social_worker", began),
        nobody,
        (THREE, date(2024, 3, 1), "Cy Dow", "iro", began),
        (THREE, date(2024, 3, 1), "Ann Lee", "social_worker", began),
    ]
    assert [row[0] for row in ask(store, "who_spans_the_last_move", on="2024-01-31", **asked)] == [ONE, ONE]
    assert ask(store, "who_spans_the_last_move", on="2024-01-09", **asked) == []
    near = ask(store, "who_spans_the_last_move", on="2024-06-01", authority=AUTHORITY, days="3")
    assert near[2] == (TWO, date(2024, 2, 1), "Bo Ray", "social_worker", date(2024, 1, 25))


AREA = f"""{IN_CARE}{MOVES}
agencies | kind  | name
here     | camhs | CAMHS Birmingham
there    | camhs | CAMHS Solihull

serves | from          | to
       | Agency:here   | LocalAuthority:E08000025
       | Agency:there  | LocalAuthority:E08000029

involved_with | from         | to      | role  | start      | end
              | Agency:here  | Child:a | camhs | 2023-01-09 | 2024-01-08
              | Agency:there | Child:a | camhs | 2024-04-01 |
              | Agency:here  | Child:b | camhs | 2023-01-09 | 2024-02-01
              | Agency:here  | Child:c | camhs | 2023-01-09 |

referrals | need    | made       | closed     | closed_reason | about   | to
r1        | therapy | 2023-11-01 | 2024-01-15 | moved away    | Child:a | Agency:here
r2        | speech  | 2023-12-01 | 2024-02-10 |               | Child:b | Agency:here
r3        | sleep   | 2023-12-21 | 2024-02-10 | moved away    | Child:b | Agency:here
r4        | therapy | 2023-12-01 | 2024-03-01 | need met      | Child:c | Agency:here
"""


def test_area_services_that_stopped_at_a_move_with_the_days_lost(store: Store) -> None:
    """84 days to the day it began again; 121 to the day of the analysis where it never did; one went on."""
    analysed(store, AREA)
    assert ask(store, "services_stopped_at_a_move", authority=AUTHORITY) == [
        (ONE, "camhs", date(2024, 1, 10), date(2024, 1, 8), date(2024, 4, 1), 84),
        (TWO, "camhs", date(2024, 2, 1), date(2024, 2, 1), None, 121),
    ]


def test_area_waits_that_began_again_by_the_area_moved_to(store: Store) -> None:
    """Cornwall: 71 and 51 days, 61 in the middle; a referral whose need was met is none."""
    analysed(store, AREA)
    assert ask(store, "waits_reset_by_area", authority=AUTHORITY) == [
        ("Cornwall", 1, 2, 61.0),
        ("Solihull", 1, 1, 75.0),
    ]


def test_area_moves_by_distance_and_boundary(store: Store) -> None:
    load(store, extract(AREA))
    beside, far, within = (
        ("one that adjoins it", "20 miles or less", 1, 1),
        ("farther away", "over 20 miles", 1, 1),
        ("the authority", "not on record", 1, 1),
    )
    asked = {"authority": AUTHORITY, "from": "2024-01-10", "to": "2024-06-01"}
    assert ask(store, "moves_by_distance", **asked) == [far, beside, within]
    assert ask(store, "moves_by_distance", **(asked | {"from": "2024-01-11"})) == [far, within]
    assert ask(store, "moves_by_distance", **(asked | {"to": "2024-02-01"})) == [beside]


SILOS = f"""{IN_CARE}
professionals | registration | name
w             | SW1          | Ann Lee
n             |              | Nan Poe
t             |              | Jo Fox

agencies | kind        | name
council  | social care | Birmingham
ward     | health      | City Health
hill     | school      | Hill School

works_for | from           | to             | start      | end
          | Professional:w | Agency:council |            |
          | Professional:n | Agency:ward    | 2022-01-03 | 2024-05-01
          | Professional:t | Agency:hill    |            |

involved_with | from           | to      | role          | start      | agency
              | Professional:w | Child:a | social_worker | 2022-01-03 | Agency:council
              | Professional:w | Child:b | social_worker | 2022-01-03 |
              | Professional:n | Child:a | lac_nurse     | 2022-01-03 |

plans | kind   | made_on    | start      | about   | considered_at
p1    | care   | 2023-09-01 | 2023-09-01 | Child:a | Meeting:m1;Meeting:m2
p2    | health | 2023-09-15 | 2023-09-15 | Child:a |
p3    | care   | 2023-09-01 | 2023-09-01 | Child:b |
p4    | health | 2023-09-01 | 2023-09-01 | Child:b | Meeting:m3
p5    | health | 2023-09-01 | 2023-09-01 | Child:c |

assessments | kind       | on         | about
s1          | child and family | 2023-08-01 | Child:b

holds | from           | to            | start
      | Professional:w | Plan:p1       | 2023-09-01
      | Professional:n | Plan:p2       | 2023-09-15
      | Professional:w | Plan:p3       | 2023-09-01
      | Professional:n | Plan:p3       | 2023-09-01
      | Professional:n | Plan:p4       | 2023-09-01
      | Professional:n | Assessment:s1 | 2023-09-01

meetings | kind   | on         | about
m1       | review | 2023-12-01 | Child:a
m2       | review | 2024-05-01 | Child:a
m3       | review | 2024-03-01 | Child:b

attended | from           | to         | how
         | Professional:w | Meeting:m1 | present

alerts | kind    | raised     | about   | by             | to             | answered_on | escalated_on
l1     | concern | 2024-03-01 | Child:a | Professional:t | Agency:council |             |
l2     | concern | 2024-03-11 | Child:a | Agency:hill    | Professional:w |             |
l3     | concern | 2024-03-21 | Child:b | Agency:hill    | Agency:council | 2024-03-25  |
l4     | concern | 2024-04-01 | Child:b | Agency:hill    | Agency:council |             | 2024-05-01
l5     | concern | 2024-04-01 | Child:b | Agency:council | Agency:hill    |             |
l6     | concern | 2024-05-01 | Child:b | Agency:council |                | 2024-05-02  |
"""


def test_silos_plans_held_alone_by_kind_of_agency(store: Store) -> None:
    """Held by two, p3 is not among them, nor p5, which no one holds on record. The nurse has since left."""
    analysed(store, SILOS)
    assert ask(store, "plans_held_alone", authority=AUTHORITY) == [
        ("care plan", "social care", 1, 1),
        ("child and family", "health", 1, 1),
        ("health plan", "health", 2, 2),
    ]


def test_silos_alerts_without_an_answer_by_who_raised_them_and_with_whom(store: Store) -> None:
    load(store, extract(SILOS))
    asked = {"authority": AUTHORITY, "from": "2024-03-01", "to": "2024-05-02"}
    unsaid, back, there = (
        ("social care", "not on record", 1, 1, 0, 0, 1),
        ("social care", "school", 1, 0, 0, 1, 1),
        ("school", "social care", 4, 1, 1, 2, 2),
    )
    assert ask(store, "unanswered_alerts", **asked) == [there, unsaid, back]
    assert ask(store, "unanswered_alerts", **(asked | {"to": "2024-05-01"})) == [there, back]
    assert ask(store, "unanswered_alerts", **(asked | {"to": "2024-03-12"})) == [
        ("school", "social care", 2, 0, 0, 2, 1)
    ]


def test_silos_reviews_that_considered_no_health_plan(store: Store) -> None:
    """Both reviews of one child; the other child's review considered it, and a care plan instead was passed over."""
    analysed(store, SILOS)
    made = date(2023, 9, 15)
    assert ask(store, "reviews_that_considered_no_plan", authority=AUTHORITY, plan="health") == [
        (ONE, date(2023, 12, 1), made),
        (ONE, date(2024, 5, 1), made),
    ]
    assert ask(store, "reviews_that_considered_no_plan", authority=AUTHORITY, plan="care") == [
        (TWO, date(2024, 3, 1), date(2023, 9, 1))
    ]


VOICE = f"""{IN_CARE}
professionals | registration | name
w             | SW1          | Ann Lee
t             |              | Jo Fox

involved_with | from           | to      | role          | start      | end
              | Professional:w | Child:a | social_worker | 2022-01-03 | 2024-02-01
              | Professional:w | Child:b | social_worker | 2022-01-03 |

plans | kind | made_on    | about
p1    | care | 2024-02-01 | Child:b

views | on         | medium     | about_what | about   | heard_by                      | informed
v1    | 2023-09-01 | in words   | home       | Child:a | Professional:w;Professional:t |
v2    | 2024-03-01 | in a letter | home      | Child:a | Professional:w                |
v3    | 2024-01-15 | in words   | school     | Child:b | Professional:w                | Plan:p1
v4    | 2024-04-15 | in words   | school     | Child:b | Professional:w                |
v5    | 2022-04-15 | in words   | school     | Child:c | Professional:w                |

meetings | kind   | on         | about   | participation | status
m1       | review | 2023-06-05 | Child:a | PN1           |
m2       | review | 2023-12-05 | Child:a | PN7           |
m3       | review | 2024-05-05 | Child:a | PN3           |
m4       | review | 2023-12-06 | Child:b | PN7           | held
m5       | review | 2024-05-06 | Child:b |               |
m6       | review | 2024-05-07 | Child:c | PN6           | cancelled

recommendations | about_what | service | made_on    | done_on    | about   | made_at
r1              | help       | therapy | 2023-06-05 |            | Child:a | Meeting:m1
r2              | help       | therapy | 2023-12-05 |            | Child:a | Meeting:m2
r3              | help again | therapy | 2024-05-05 |            | Child:a | Meeting:m3
r4              | help       | therapy | 2023-12-06 |            | Child:b | Meeting:m4
r5              | help       | therapy | 2024-05-06 |            | Child:b | Meeting:m5
r6              | a bicycle  |         | 2023-12-06 |            | Child:b | Meeting:m4
r7              | a bicycle  |         | 2024-05-06 | 2024-05-20 | Child:b | Meeting:m5

alerts | kind | raised | about
"""


def test_voice_views_that_informed_nothing(store: Store) -> None:
    """Not those of a child one of whose views did; heard by whoever was involved on the day."""
    analysed(store, VOICE)
    assert ask(store, "views_that_informed_nothing", authority=AUTHORITY) == [
        (ONE, 2, date(2023, 9, 1), date(2024, 3, 1), ["in words", "in a letter"], ["social_worker"])
    ]


def test_voice_what_reviews_keep_recommending(store: Store) -> None:
    """The bicycle came."""
    analysed(store, VOICE)
    assert ask(store, "recommended_again", authority=AUTHORITY) == [
        ("therapy", 2, 5, date(2023, 6, 5), date(2024, 5, 6))
    ]


def test_voice_part_in_reviews(store: Store) -> None:
    load(store, extract(VOICE))
    assert ask(store, "part_in_reviews", authority=AUTHORITY, **{"from": "2023-06-06", "to": "2024-06-01"}) == [
        ("no code on record", 1, 1),
        ("not there, no views conveyed", 2, 2),
        ("there, and views conveyed", 1, 1),
    ]


CLOCKS = """
children | local_id | born
a        | 1        | 2010-06-01
b        | 2        | 2020-06-01
c        | 3        | 2010-06-01
d        | 4        | 2010-06-01

looks_after | from                     | to      | start      | end        | legal_status | start_reason
            | LocalAuthority:E08000025 | Child:a | 2022-01-03 | 2023-01-03 | C2           | S
            | LocalAuthority:E08000025 | Child:a | 2024-01-08 | 2024-02-01 | C1           | S
            | LocalAuthority:E08000025 | Child:a | 2024-02-01 |            | C2           | L
            | LocalAuthority:E08000025 | Child:b | 2022-01-03 |            | C2           | S
            | LocalAuthority:E08000025 | Child:c | 2022-01-03 |            | C2           | S
            | LocalAuthority:E08000025 | Child:d | 2022-01-03 | 2024-05-31 | C2           | S

placements | urn  | postcode
oak        | SC11 | B13 9AA

placed_at | from    | to            | start      | end        | place_type | start_reason
          | Child:a | Placement:oak | 2024-01-08 |            | U6         | S
          | Child:b | Placement:oak | 2022-01-03 |            | U6         | S
          | Child:c | Placement:oak | 2022-01-03 |            | A5         | S
          | Child:d | Placement:oak | 2022-01-03 | 2024-05-31 | U6         | S

meetings | kind   | on         | about   | status
m1       | review | 2022-02-01 | Child:a |
m2       | review | 2024-03-11 | Child:a |
m3       | review | 2022-06-10 | Child:b |
m4       | review | 2023-12-11 | Child:b |
m5       | review | 2024-05-20 | Child:b | cancelled
m6       | review | 2023-12-11 | Child:c |
m7       | review | 2023-12-11 | Child:d |
v1       | visit  | 2024-05-20 | Child:a |
v2       | visit  | 2024-01-10 | Child:b |

assessments | kind                     | on         | about
s1          | review health assessment | 2023-06-20 | Child:a
s2          | review health assessment | 2023-12-31 | Child:b
"""


def test_clocks_what_falls_due_in_four_weeks(store: Store) -> None:
    """A first review is followed in three months; before five health is looked at every six, whole months at that.

    Not: a child placed for adoption, one no longer looked after, a review of an earlier time in care.
    """
    load(store, extract(CLOCKS, covers="1990-01-01..2024-06-01"))
    june = {"authority": AUTHORITY, "from": "2024-06-01", "to": "2024-07-01"}
    assert ask(store, "falls_due", **june) == [
        (ONE, "review", date(2024, 3, 11), date(2024, 6, 11)),
        (TWO, "review", date(2023, 12, 11), date(2024, 6, 11)),
        (TWO, "health assessment", date(2023, 12, 31), date(2024, 6, 30)),
    ]
    assert ask(store, "falls_due", **(june | {"from": "2024-06-12", "to": "2024-06-30"})) == []
    before = {"authority": AUTHORITY, "from": "2024-05-30", "to": "2024-06-12"}
    assert [row[0] for row in ask(store, "falls_due", **before)] == [ONE, TWO, FOUR]


def test_clocks_how_long_since_children_were_visited(store: Store) -> None:
    """Of three looked after: one seen twelve days ago, one long ago and overdue, one not at all on record."""
    analysed(store, CLOCKS)
    assert ask(store, "last_visits", authority=AUTHORITY) == [
        ("less than 4 weeks", 1, 1),
        ("more than 12 weeks", 1, 1),
        ("no visit on record", 1, 0),
    ]


COHORT = """
children | local_id | born       | known_since
a        | 1        | 2010-05-12 | 2015-01-01
b        | 2        | 2010-05-12 |
c        | 3        | 2010-05-12 | 2023-01-01
d        | 4        | 2010-05-12 | 2015-01-01

looks_after | from                     | to      | start      | end        | legal_status | start_reason | need
            | LocalAuthority:E08000025 | Child:a | 2022-01-03 |            | C2           | S            | N1
            | LocalAuthority:E08000025 | Child:b | 2022-01-03 |            | C2           | S            | N1
            | LocalAuthority:E08000025 | Child:c | 2022-01-03 |            | C2           | S            | N4
            | LocalAuthority:E08000025 | Child:d | 2022-01-03 | 2024-01-01 | C2           | S            | N1

placements | urn  | postcode
oak        | SC11 | B13 9AA
elm        | SC12 | B91 1AA
sea        | SC13 | TR1 1AA

in_area | from          | to
        | Placement:oak | LocalAuthority:E08000025
        | Placement:elm | LocalAuthority:E08000029
        | Placement:sea | LocalAuthority:E06000052

placed_at | from    | to            | start      | end        | place_type | start_reason | change_reason
          | Child:a | Placement:oak | 2022-01-03 | 2023-08-01 | K2         | S            | CARPL
          | Child:a | Placement:elm | 2023-08-01 | 2024-02-01 | K2         | P            | STAND
          | Child:a | Placement:sea | 2024-02-01 |            | K2         | P            |
          | Child:b | Placement:oak | 2022-01-03 | 2023-08-01 | K2         | S            | STAND
          | Child:b | Placement:elm | 2023-08-01 | 2024-02-01 | K2         | P            | STAND
          | Child:b | Placement:oak | 2024-02-01 |            | K2         | P            |
          | Child:c | Placement:oak | 2022-01-03 |            | K2         | S            |
          | Child:d | Placement:oak | 2022-01-03 | 2024-01-01 | K2         | S            |

agencies | kind        | name
council  | social care | Birmingham
clinic   | camhs       | CAMHS Birmingham
station  | police      | City Police

professionals | registration | staff_id | name    | identified
w             | SW1          |          | Ann Lee |
x             | SW2          |          | Bo Ray  |
z             |              | XX1      |         | no

involved_with | from           | to      | role          | start      | end        | agency
              | Professional:w | Child:a | social_worker | 2022-01-03 | 2023-09-01 | Agency:council
              | Professional:x | Child:a | social_worker | 2023-09-01 | 2024-03-01 | Agency:council
              | Professional:z | Child:a | social_worker | 2024-03-01 | 2024-04-01 | Agency:council
              | Professional:w | Child:a | social_worker | 2024-04-01 |            | Agency:council
              | Agency:clinic  | Child:a | camhs         | 2023-09-01 |            |
              | Agency:clinic  | Child:b | camhs         | 2023-09-01 |            |
              | Agency:station | Child:a | police        | 2023-09-01 | 2023-10-01 |
              | Professional:w | Child:c | social_worker | 2022-01-03 |            | Agency:council

events | kind    | on         | about
e1     | missing | 2022-01-10 | Child:a
e2     | missing | 2022-02-10 | Child:a
e3     | missing | 2022-03-10 | Child:a
e4     | missing | 2022-01-10 | Child:b
e5     | missing | 2022-02-10 | Child:b
e6     | missing | 2022-03-10 | Child:b

plans | kind | start | about

assessments | kind | on | about

needs | kind | identified_on | about

referrals | need | made | about
"""


def test_cohort_children_by_number_of_features(store: Store) -> None:
    """Counted are those looked after on the day; one shows three, and may show the fourth."""
    analysed(store, COHORT)
    assert ask(store, "children_by_features", authority=AUTHORITY) == [(0, 1, 0), (3, 1, 1), (4, 1, 0)]


def test_cohort_beside_all_others(store: Store) -> None:
    """Medians; the worker whom no source identifies is not counted."""
    analysed(store, COHORT)
    assert ask(store, "cohort_beside_others", authority=AUTHORITY) == [
        ("in the cohort", 1, 3.0, 3.0, 2.0),
        ("may be in it", 1, 2.0, 2.0, 0.0),
        ("all others", 1, 1.0, 1.0, 1.0),
    ]


def test_cohort_agencies_that_work_with_it_today(store: Store) -> None:
    """The police did, and do no longer."""
    analysed(store, COHORT)
    assert ask(store, "agencies_around_the_cohort", authority=AUTHORITY) == [
        ("camhs", 1, 1),
        ("police", 0, 1),
        ("social care", 1, 1),
    ]


def test_before_an_analysis_there_is_nothing_to_read(store: Store) -> None:
    load(store, extract(COHORT))
    over = [q.name for q in queries.questions().values() if q.reads_findings and set(q.parameters) == {"authority"}]
    assert len(over) > 9
    assert [name for name in over if ask(store, name, authority=AUTHORITY)] == []


# --- how they are answered ---

# What a question must not begin with: every node of a label, or every relationship of a type, of which a child has
# many. What remains: an index, or a label of which there are a few (analyses, authorities, agencies, children).
MANY = ("Meeting", "Plan", "Assessment", "Need", "Event", "View", "Recommendation", "Notice", "Finding", "Professional")


def many(children: int) -> str:
    """A council of so many children alike, each with more records than there are agencies and authorities."""
    of, each = range(children), range(6)
    rows = {
        "children | local_id | born": [f"c{n} | {n} | 2012-06-01" for n in of],
        "professionals | registration": [f"w{n} | SW{n}" for n in of],
        "agencies | kind | name": ["hill | school | Hill School", "ward | health | City Health"],
        "placements | urn | postcode": ["oak | SC11 | B13 9AA", "elm | SC12 | B91 1AA"],
        "looks_after | from | to | start": [f" | LocalAuthority:{AUTHORITY} | Child:c{n} | 2022-01-03" for n in of],
        "placed_at | from | to | start": [
            f" | Child:c{n} | Placement:{home} | {on}"
            for n in of
            for home, on in (("oak", "2022-01-03"), ("elm", "2024-01-03"))
        ],
        "involved_with | from | to | role | start": [
            f" | Professional:w{(n + m) % children} | Child:c{n} | social_worker | 2023-0{m + 1}-01"
            for n in of
            for m in each
        ],
        "meetings | kind | on | about": [f" | review | 2024-0{m + 1}-01 | Child:c{n}" for n in of for m in each],
        "plans | kind | made_on | about": [f" | health | 2024-0{m + 1}-01 | Child:c{n}" for n in of for m in each],
        "recommendations | service | made_on | about": [
            f" | therapy | 2024-0{m + 1}-01 | Child:c{n}" for n in of for m in each
        ],
        "referrals | need | made | about": [f" | need {m} | 2023-01-01 | Child:c{n}" for n in of for m in each],
        "alerts | kind | raised | about": [f" | concern | 2024-0{m + 1}-01 | Child:c{n}" for n in of for m in each],
        "views | on | about": [f" | 2024-0{m + 1}-01 | Child:c{n}" for n in of for m in each],
    }
    return "\n\n".join("\n".join([header, *lines]) for header, lines in rows.items())


@pytest.fixture(scope="module")
def beginnings(graph_store: Store) -> dict[str, list[str]]:
    """With what every question's plan begins, over a graph with something in it."""
    graph_store.clear()
    analysed(graph_store, many(children=40))
    graph_store.write("CALL db.prepareForReplanning(60)")  # by the counts of now, not those of an empty graph
    return {q.name: list(_beginnings(_explained(graph_store, q).plan)) for q in queries.questions().values()}


def _beginnings(plan: Any) -> Iterator[str]:
    children = plan.get("children", [])
    for child in children:
        yield from _beginnings(child)
    if not children:
        yield f"{plan['operatorType'].partition('@')[0]} {plan['args'].get('Details', '')}"


@pytest.mark.parametrize("name", list(queries.questions()))
def test_a_question_begins_with_an_index_or_with_few(beginnings: dict[str, list[str]], name: str) -> None:
    scans = [b for b in beginnings[name] if "Scan" in b]
    assert not [b for b in scans if b.startswith(("AllNodes", "UndirectedAll", "DirectedAll"))]
    assert not [b for b in scans if re.search(rf":({'|'.join(MANY)})\b", b)]
    assert not [b for b in scans if re.search(r":(?!WORKS_FOR)[A-Z]+(_[A-Z]+)+\]", b)]  # staff are few
