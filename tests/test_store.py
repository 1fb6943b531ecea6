"""The store: what it says when something is wrong, and what it reads back."""

from __future__ import annotations

import dataclasses
import socket
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import pytest
from neo4j import exceptions

from graph import memory, reference, server
from graph.analyse import analyse, current, default_day
from graph.errors import TeamaroundError
from graph.identity import identify
from graph.loading import load
from graph.model import Agency, Attended, Child, InArea, Meeting, Plan, Record, by_label, constraints
from graph.records import Records
from graph.server import Connection
from graph.store import Store, plain_errors
from tests.extracts import AUTHORITY, extract
from tests.test_loading import YEAR_1

AROUND = """
children | local_id | name
a        | 1        | Ash
b        | 2        | Bea

professionals | registration | name
w             | SW1          | Ann Lee
n             |              | Jo Fox

agencies | kind   | name
s        | school | Hill School
c        | camhs  | Seaside CAMHS

works_for | from           | to
          | Professional:n | Agency:c

involved_with | from           | to      | role          | start
              | Professional:w | Child:a | social_worker | 2023-05-01
              | Professional:w | Child:b | social_worker | 2023-05-01
              | Professional:n | Child:a | camhs         | 2023-05-01

attends | from    | to       | start
        | Child:a | Agency:s | 2023-05-01
        | Child:b | Agency:s | 2023-05-01

in_area | from     | to
        | Agency:s | LocalAuthority:E08000026

meetings | kind   | on         | about           | recorded_by
m        | review | 2023-06-01 | Child:a         | Agency:c
o        | review | 2023-06-02 | Child:b         |

attended | from           | to        | how
         | Professional:w | Meeting:m | present
         | Professional:n | Meeting:m | apologies
         | Professional:w | Meeting:o | present

plans | kind   | start      | about   | considered_at | part_of
p     | health | 2023-05-01 | Child:a | Meeting:m     | Plan:q
q     | care   | 2023-05-01 | Child:a |               |
"""


def test_a_child_is_read_with_all_that_stands_around_and_nobody_elses_records(store: Store) -> None:
    load(store, extract(AROUND))
    records = store.child_records(f"{AUTHORITY}/1")
    assert [m.kind for m in records.of(Meeting)] == ["review"]
    meeting = records.of(Meeting)[0]
    health = next(p for p in records.of(Plan) if p.kind == "health")
    care = next(p for p in records.of(Plan) if p.kind == "care")
    assert (health.considered_at, health.part_of) == ((meeting.id,), (care.id,))
    assert sorted((records.name(a.from_id), a.how) for a in records.of(Attended)) == [
        ("Ann Lee", "present"),
        ("Jo Fox", "apologies"),
    ]
    agencies = {a.kind: a for a in records.of(Agency)}
    assert sorted(agencies) == ["camhs", "school"]
    assert meeting.recorded_by == (agencies["camhs"].id,)
    assert [(i.from_id, i.to_id) for i in records.of(InArea)] == [(agencies["school"].id, "E08000026")]
    assert all(getattr(n, "name", None) != "Bea" for n in records.nodes.values())


def test_a_chunk_of_children_is_read_as_each_alone(store: Store) -> None:
    load(store, extract(AROUND))
    ids = store.child_ids(AUTHORITY)
    assert list(store.records(ids)) == [store.child_records(i) for i in ids]


def test_evidence_names_file_and_row(store: Store) -> None:
    load(store, extract(AROUND))
    meeting = store.child_records(f"{AUTHORITY}/1").of(Meeting)[0]
    assert [s.split(":")[1:] for s in meeting.sources] == [["meetings.csv", "2"]]


def test_preparing_again_changes_nothing(store: Store) -> None:
    store.prepare()
    there = store.read("SHOW CONSTRAINTS YIELD name RETURN count(*) AS n")[0]["n"]
    assert there == len(constraints())
    assert store.read("MATCH (a:LocalAuthority) RETURN count(a) AS n")[0]["n"] == len(reference.authorities())
    solihull = store.read(
        "MATCH (:LocalAuthority {name: 'Birmingham'})-[:ADJOINS]-(b) WHERE b.name = 'Solihull' RETURN count(b) AS n"
    )
    assert solihull == [{"n": 1}]


def test_every_label_of_the_model_has_a_unique_id(store: Store) -> None:
    rows = store.read("SHOW CONSTRAINTS YIELD labelsOrTypes, properties RETURN labelsOrTypes[0] AS k, properties AS p")
    unique = {r["k"] for r in rows if r["p"] == ["id"]}
    assert set(by_label()) <= unique


def test_an_analysis_is_switched_to_when_it_is_finished_and_the_older_goes(store: Store) -> None:
    load(store, extract(AROUND))
    first = analyse(store, AUTHORITY, date(2024, 3, 31))
    assert current(store, AUTHORITY)["id"] == first.id  # type: ignore[index]
    second = analyse(store, AUTHORITY, date(2024, 3, 31))
    assert second.counts == first.counts
    assert store.read("MATCH (a:Analysis) RETURN a.id AS id") == [{"id": second.id}]
    left = store.read("MATCH (f:Finding) WHERE f.analysis <> $id RETURN count(f) AS n", {"id": second.id})
    assert left == [{"n": 0}]


def test_analysing_leaves_the_records_as_they_were(store: Store) -> None:
    load(store, extract(AROUND))
    before = store.digest()
    analyse(store, AUTHORITY, date(2024, 3, 31))
    assert store.digest() == before


def test_an_analysis_that_breaks_off_leaves_the_current_one_and_the_next_clears_it_away(store: Store) -> None:
    load(store, extract(AROUND))
    first = analyse(store, AUTHORITY, date(2024, 3, 31))

    class PowerCut(Exception):
        pass

    def stop(_: str) -> None:
        raise PowerCut

    with pytest.raises(PowerCut):
        analyse(store, AUTHORITY, date(2024, 3, 31), say=stop)
    assert store.counts()["Analysis"] == 2
    assert current(store, AUTHORITY)["id"] == first.id  # type: ignore[index]
    third = analyse(store, AUTHORITY, date(2024, 3, 31))
    assert store.read("MATCH (a:Analysis) RETURN a.id AS id") == [{"id": third.id}]
    assert store.read("MATCH (f:Finding) RETURN collect(DISTINCT f.analysis) AS a") == [{"a": [third.id]}]


def test_two_analyses_at_once_take_turns(store: Store, server: Connection) -> None:
    load(store, extract(AROUND))
    with Store.open(server) as other, ThreadPoolExecutor() as threads:
        both = [threads.submit(analyse, each, AUTHORITY, date(2024, 3, 31)) for each in (store, other)]
        ids = {one.result().id for one in both}
    found = current(store, AUTHORITY)
    assert found and found["id"] in ids and store.counts()["Analysis"] == 1
    assert store.read("MATCH (f:Finding) RETURN collect(DISTINCT f.analysis) AS a") == [{"a": [found["id"]]}]


def test_a_finding_keeps_its_key_from_one_analysis_to_the_next(store: Store) -> None:
    load(store, extract(AROUND))
    keys = []
    for day in (date(2024, 3, 30), date(2024, 3, 31)):
        analyse(store, AUTHORITY, day)
        keys.append({r["k"] for r in store.read("MATCH (f:Finding) RETURN f.key AS k")})
    assert keys[0] and keys[0] == keys[1]


def test_a_folder_without_days_asks_for_the_day(store: Store) -> None:
    load(store, dataclasses.replace(extract("children | local_id\na | 1"), covers_from=None, covers_to=None))
    with pytest.raises(TeamaroundError, match="name the day"):
        default_day(store, AUTHORITY, date(2026, 1, 1))


def test_a_mistake_of_ours_is_not_told_as_a_server_that_is_away(store: Store) -> None:
    with pytest.raises(TypeError), plain_errors():
        raise TypeError
    with pytest.raises(exceptions.TransactionError), plain_errors(), store._session("READ") as session:
        with session.begin_transaction() as tx:
            tx.close()
            tx.run("RETURN 1")


def test_processes_find_what_one_process_finds(store: Store) -> None:
    load(store, extract(AROUND))
    alone = analyse(store, AUTHORITY, date(2024, 3, 31))
    assert analyse(store, AUTHORITY, date(2024, 3, 31), workers=2).counts == alone.counts


def test_the_day_of_an_analysis_is_the_last_covered_and_never_after_today(store: Store) -> None:
    load(store, extract(AROUND))
    assert default_day(store, AUTHORITY, date(2026, 1, 1)) == date(2024, 3, 31)
    assert default_day(store, AUTHORITY, date(2024, 1, 1)) == date(2024, 1, 1)
    with pytest.raises(TeamaroundError, match="Nothing is loaded"):
        default_day(store, "E08000026", date(2024, 1, 1))


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"password": "not-it"}, "refused the user name or password"),
        ({"uri": "bolt://127.0.0.1:{free}"}, "does not answer"),
        ({"uri": "http://127.0.0.1:1"}, "not one Neo4j understands"),
        ({"uri": "bolt://127.0.0.1:port"}, "not one Neo4j understands"),
    ],
)
def test_what_is_wrong_with_the_connection_is_one_sentence(
    server: Connection, wrong: dict[str, str], told: str
) -> None:
    given = {k: v.replace("{free}", str(_free_port())) for k, v in wrong.items()}
    with pytest.raises(TeamaroundError, match=told):
        with Store.open(dataclasses.replace(server, **given)):
            pass


def _free_port() -> int:
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return int(s.getsockname()[1])


@pytest.fixture
def mortal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Store, object]]:
    """A store on a server of its own, to be taken away in the middle of things."""
    home = tmp_path_factory.mktemp("mortal")
    try:
        with Store.open(server.managed(home)) as store:
            yield store, home
    finally:
        server.stop(home)


def test_a_server_that_goes_away_in_a_load_is_one_sentence_and_the_next_load_mends_it(
    mortal: tuple[Store, object], store: Store
) -> None:
    lost, home = mortal
    source = extract(YEAR_1, kind="ssda903")
    load(store, source)

    def go_away(line: str) -> None:
        if line.endswith("placements"):
            server.stop(home)  # type: ignore[arg-type]

    with pytest.raises(TeamaroundError, match="run the same command again"):
        load(lost, source, say=go_away)
    with Store.open(server.managed(home)) as again:  # type: ignore[arg-type]
        load(again, source)
        assert again.digest() == store.digest()


def test_the_store_and_plain_memory_agree(store: Store) -> None:
    source = extract(AROUND)
    load(store, source)
    identified = identify(source.tables, authority=AUTHORITY)
    for id in store.child_ids():
        stored, plain = store.child_records(id), memory.records(identified, id, source.coverage)
        assert comparable(stored) == comparable(plain)


def comparable(records: Records) -> object:
    """Records without what only a load gives: random names, and the load's id before each line."""

    def bare(record: Record) -> Record:
        sources = tuple(s.split(":", 1)[1] if s.count(":") == 2 else s for s in record.sources)
        changed = {"ref": None, "authority": None} if isinstance(record, Child) else {}
        return dataclasses.replace(record, sources=sources, **changed)

    nodes = {i: bare(n) for i, n in records.nodes.items()}
    coverage = sorted(records.coverage, key=lambda c: (c.table, c.of or ""))
    return nodes, [bare(r) for r in records.relationships], coverage, records.authority
