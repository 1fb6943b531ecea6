"""The question library: a header is a signature, and every file keeps it."""

from __future__ import annotations

from datetime import date

import pytest

import queries
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


def test_an_unknown_question_is_answered_with_those_there_are() -> None:
    with pytest.raises(QueryError, match="team_around_child"):
        queries.find("who_knows")


@pytest.mark.parametrize("name", list(queries.questions()))
def test_every_question_gives_the_columns_it_says(store: Store, name: str) -> None:
    query = queries.find(name)
    given = {p: None for p in query.parameters}
    assert tuple(store.columns(query.cypher, given)) == query.columns


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


def test_the_answers(store: Store) -> None:
    load(store, extract(COUNCIL))

    def ask(name: str, **given: str) -> list[tuple[object, ...]]:
        query = queries.find(name)
        return [tuple(r.values()) for r in store.read(query.cypher, query.bind(given))]

    one = f"{AUTHORITY}/1"
    assert ask("team_around_child", child=one, on="2023-06-01") == [
        ("Ann Lee", "social_worker", "Birmingham", date(2023, 5, 1))
    ]
    assert ask("team_around_child", child=one, on="2023-04-30") == []
    assert ask("children_without_social_worker", authority=AUTHORITY, on="2023-10-01") == [
        (f"{AUTHORITY}/2", date(2023, 5, 1), date(2023, 9, 1))
    ]
    assert ask("children_without_social_worker", authority=AUTHORITY, on="2023-08-31") == []
    shared = [("school", "social care", 1, 1)]
    assert ask("agencies_that_share_children", **{"from": "2023-06-01", "to": "2023-07-02"}) == shared
    assert ask("agencies_that_share_children", **{"from": "2023-06-02", "to": "2023-07-02"}) == []
    assert ask("placed_outside", authority=AUTHORITY, on="2023-10-01") == [("Solihull", 1, True, 12.5)]
