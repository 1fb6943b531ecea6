"""Whose record it is does not hang on the order: numbers that change, partners who know a child by another number."""

from __future__ import annotations

import itertools
import random
from collections.abc import Sequence
from datetime import date

import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from graph.errors import TeamaroundError
from graph.loading import Loaded, load
from graph.model import Attends, Child, Involvement, LooksAfter, Meeting, PlacedAt
from graph.register import Entry, Register, Worker, register, workers
from graph.store import Store
from ingest.extract import Extract
from tests.extracts import AUTHORITY, extract

NOWHERE = "E08000026"


# --- the register: who rows are about, worked out from all of them ---


def entries(*lines: str) -> list[Entry]:
    """`load | own number | earlier numbers | NHS number | UPN | authority`, of which the last four may be left out."""
    found = []
    for n, line in enumerate(lines):
        load, own, aliases, nhs, upn, authority = ([c.strip() for c in line.split("|")] + [""] * 5)[:6]
        keys = tuple((key, value) for key, value in (("nhs_number", nhs), ("upn", upn)) if value)
        since = date(2020 + int(load[-1]), 4, 1) if load[-1].isdigit() else date.max
        earlier = tuple(aliases.split(";")) if aliases else ()
        found.append(Entry(load, f"{load}.{n}", f"f:{n}", authority or AUTHORITY, since, own or None, earlier, keys))
    return found


def ids(every: Sequence[Entry]) -> list[str | None]:
    """The child of each entry, without the authority where it is the usual one; None where it is waited for."""
    found = register(every)
    named = [found.of(e.load).get(e.reference) for e in every]
    return [n and n.id.removeprefix(f"{AUTHORITY}/") for n in named]


@pytest.mark.parametrize(
    ("lines", "whose"),
    [
        (["903a | 7", "ssd | 9 | 7"], ["9", "9"]),  # the number that is nobody's alias names her
        (["903a | 7", "903b | 9", "ssd | 9 | 7"], ["9", "9", "9"]),
        (["903a | 7", "one | 8 | 7", "two | 9 | 8"], ["9", "9", "9"]),  # a chain that two extracts tell
        (["903a | 7", "ssd | 9 | 7;8", "903b | 8"], ["9", "9", "9"]),
        (["one | 8 | 7", "two | 9 | 7;8", "903a | 7"], ["9", "9", "9"]),  # told in short and in full
        (["903a | 7", "ssd | 9 | 7", "ssd | 7"], ["7", "9", "7"]),  # an alias that is another child's own number
        (["one | 8 | 7", "two | 7 | 8"], ["8", "7"]),  # each the other's alias
        (["one | 8 | 7", "one | 9 | 7", "903a | 7"], ["8", "9", "7"]),  # a number that two children had
        (["one | 8 | 8"], ["8"]),  # her own number as her alias tells nothing
        (["903a | 7", "903a | 9", "ssd | 9 | 7"], ["9", "9", "9"]),  # two years of a return in one folder
        (["903a | 7", f"ssd | 9 | 7 | | | {NOWHERE}"], ["7", f"{NOWHERE}/9"]),  # not this authority's
        (["gp | | | N1", "ssd | 9 | 7 | N1", "903a | 7"], ["9", "9", "9"]),
        (["gp | | | N1", "ssd | 9 | 7 | N1", "ssd | 8 | | N1"], [None, "9", "8"]),  # a number two children share
        (["gp | | | N1 | U1", "school | | | | U1", "ssd | 9 | | N1"], ["9", "9", "9"]),  # a partner tells of a partner
        (["gp | | | N1 | U1", "ssd | 9 | | N1", "ssd | 8 | | | U1"], ["9", "9", "8"]),  # the NHS number before the UPN
        ([f"one2 | 9 | | N1 | | {NOWHERE}", "two1 | 7 | | N1"], ["7", "7"]),  # the first to know her names her
        ([f"one1 | 9 | | N1 | | {NOWHERE}", "two2 | 7 | | N1"], [f"{NOWHERE}/9", f"{NOWHERE}/9"]),
        # two children of one authority are never made one by what a third record says
        (["a1 | 7 | | N1", "a1 | 8 | | | U1", f"b2 | 9 | | N1 | U1 | {NOWHERE}"], ["7", "8", f"{NOWHERE}/9"]),
    ],
)  # fmt: skip
def test_who_a_row_is_about(lines: list[str], whose: list[str | None]) -> None:
    every = entries(*lines)
    for order in itertools.permutations(range(len(lines))):
        assert ids([every[i] for i in order]) == [whose[i] for i in order]


def test_a_row_says_the_numbers_that_are_not_of_her_id_and_no_unclear_one() -> None:
    every = entries("ssd | 9 | 7;8", "ssd | 8", "903a | 7")
    found = register(every)
    assert [found.of(e.load)[e.reference].aliases for e in every] == [("7",), (), ("7",)]
    assert found.unclear == {"ssd": ("f:0",)}


def test_an_earlier_number_without_a_number_of_now_is_told() -> None:
    assert register(entries("gp | | 7 | N1", "ssd | 9 | | N1")).unclear == {"gp": ("f:0",)}


NUMBERS = st.sampled_from(["", "1", "2", "3", "4"])
ENTRIES = st.lists(
    st.builds(
        lambda load, own, aliases, *rest: " | ".join((load, own, ";".join(aliases), *rest)),
        st.sampled_from(["a1", "b2", "c3"]),
        NUMBERS,
        st.lists(NUMBERS.filter(bool), max_size=2),
        st.sampled_from(["", "N1", "N2"]),
        st.sampled_from(["", "U1", "U2"]),
        st.sampled_from([AUTHORITY, AUTHORITY, NOWHERE]),
    ),
    max_size=8,
)  # fmt: skip


@given(ENTRIES, st.randoms())
@settings(max_examples=300, deadline=None)
def test_any_rows_in_any_order_are_about_the_same_children(lines: list[str], chance: random.Random) -> None:
    every = entries(*lines)
    shuffled = chance.sample(every, len(every))
    first, again = register(every), register(shuffled)
    assert first.named == again.named
    assert {load: set(of) for load, of in first.unclear.items()} == {
        load: set(of) for load, of in again.unclear.items()
    }
    assert _nobody_is_joined_against_a_source_that_tells_her_apart(every, first)


def _nobody_is_joined_against_a_source_that_tells_her_apart(every: Sequence[Entry], found: Register) -> bool:
    """In a load that knows earlier numbers two own numbers are two children; numbered rows never wait."""
    for one in {e.load for e in every}:
        rows = [e for e in every if e.load == one and e.local_id]
        named = [(e, found.of(one)[e.reference].id) for e in rows]
        if any(e.aliases for e in rows):
            for authority in (AUTHORITY, NOWHERE):
                own = {e.number: id for e, id in named if e.authority == authority}
                if len(set(own.values())) != len(own):
                    return False
    return True


def staff(*lines: str) -> list[Worker]:
    """`load | staff number | registration | authority | name`, of which the last three may be left out."""
    found: list[Worker] = []
    for n, line in enumerate(lines):
        load, number, registration, authority, name = ([c.strip() for c in line.split("|")] + [""] * 4)[:5]
        columns = {
            "id": ["w"], "row": [f"f:{n}"], "staff_id": [number], "registration": [registration or None],
            "name": [name or None],
        }  # fmt: skip
        found += workers(load, authority or AUTHORITY, columns)
    return found


@pytest.mark.parametrize(
    ("lines", "told"),
    [
        (["ssd | 7 | SW1", "list | 7"], {"list": {"7": "sw1"}}),
        (["ssd | 7 | SW1", "list | 7 | SW1"], {}),  # it gives the registration itself
        (["ssd | s7 | SW1", "list | S7"], {"list": {"s7": "sw1"}}),  # numbers that differ in case only
        (["ssd | 7 | SW1", "list | 8"], {}),
        (["ssd | 7 | SW1", f"list | 7 | | {NOWHERE}"], {}),  # another authority's staff list
        (["ssd | 7 | SW1", "ssd | 7 | SW2", "list | 7"], {}),  # a number that two workers had
        (["ssd | 7 | SW1", "ssd | 8 | SW1", "list | 8"], {"list": {"8": "sw1"}}),  # she left and came back
        (["ssd | 7 | SW1 | | Day, Jo", "list | 7 | | | Ms J Day"], {"list": {"7": "sw1"}}),
        (["ssd | 7 | SW1 | | Jo Day", "list | 7"], {"list": {"7": "sw1"}}),
        (["health | 7 | NMC1 | | Ms Ann Lee", "list | 7 | | | Ms Jo Day"], {}),  # a number in two agencies' lists
    ],
)
def test_a_staff_number_is_the_registration_that_stands_with_it(lines: list[str], told: dict[str, object]) -> None:
    for order in itertools.permutations(staff(*lines)):
        found = register([], order)
        assert found.registrations == told
        assert bool(found.shared) == ("ssd | 7 | SW2" in lines or "health" in lines[0])


# --- loading ---

RETURN = """
children | local_id | born | upn
a        | {0}      | 2012-05-12 | A123456789012

placements | urn  | postcode
oak        | SC11 | B13 9AA

professionals | registration
w             | SW1

placed_at | from    | to            | start      | end | place_type
          | Child:a | Placement:oak | {1} | {2} | K2

looks_after | from                     | to      | start | legal_status
            | LocalAuthority:E08000025 | Child:a | {1} | C2

involved_with | from           | to      | role          | start
              | Professional:w | Child:a | social_worker | {1}

meetings | kind   | on  | about   | participation
m        | review | {1} | Child:a | PN1
"""
SSD = """
children | local_id | aliases | nhs_number | born | name
x        | 9        | 7       | 9434765919 | 2012-05-12 | Ada
y        | 10       |         |            | 2014-01-02 | Ben

placements | urn | postcode
home       | SC11 | B13 9AA

professionals | registration | staff_id | name
worker        | SW1          | 70       | Ann Lee
officer       | SW2          | 80       | Jo Day

placed_at | from    | to             | start      | place_type
          | Child:x | Placement:home | 2022-05-01 | K2

looks_after | from                     | to      | start | legal_status
            | LocalAuthority:E08000025 | Child:x | 2022-05-01 | E1

involved_with | from                | to      | role          | start
              | Professional:worker | Child:x | social_worker | 2022-05-01

works_for | from               | to
          | Professional:officer | Agency:la

agencies | kind        | name
la       | social care | Birmingham

meetings | kind   | on         | about
r        | review | 2022-05-01 | Child:x
"""
HEALTH = """
children | nhs_number
p        | 9434765919

assessments | kind | on | about
h | review health assessment | 2022-11-01 | Child:p
"""
SCHOOL = """
children | upn
p | A123456789012

agencies | kind | name
s | school | Hill School

attends | from | to | start
 | Child:p | Agency:s | 2022-09-01
"""
ALLOCATIONS = """
children | local_id
c        | 9

professionals | name | staff_id
iro | Jo Day | 80

agencies | kind | name
la | social care | Birmingham

works_for | from | to
 | Professional:iro | Agency:la

involved_with | from | to | role | start
 | Professional:iro | Child:c | iro | 2022-06-01
"""
COUNCIL = {
    "return 2023": extract(
        RETURN.format(7, "2022-05-01", ""), kind="ssda903", supplier="Birmingham", covers="2022-04-01..2023-03-31"
    ),
    "return 2024": extract(
        RETURN.format(9, "2023-05-01", ""), kind="ssda903", supplier="Birmingham", covers="2023-04-01..2024-03-31"
    ),
    "ssd": extract(SSD, kind="ssd", supplier="case system", covers="2021-04-01..2024-03-31"),
    "health": extract(HEALTH, supplier="health"),
    "school": extract(SCHOOL, supplier="school"),
    "allocations": extract(ALLOCATIONS, kind="allocations", supplier="Birmingham"),
}
ORDERS = list(itertools.permutations(COUNCIL))


def loaded(store: Store, *names: str) -> list[Loaded]:
    store.clear()
    return [load(store, COUNCIL[name]) for name in names]


def check_orders(store: Store, orders: Sequence[Sequence[str]]) -> None:
    digests = set()
    for order in orders:
        loaded(store, *order)
        digests.add(store.digest())
    assert len(digests) == 1
    check_council(store)


def check_council(store: Store) -> None:
    """One child under two numbers, whom everyone knows: nothing of hers is there twice."""
    assert store.child_ids() == [f"{AUTHORITY}/10", f"{AUTHORITY}/9"]
    records = store.child_records(f"{AUTHORITY}/9")
    assert (records.child.local_id, records.child.aliases) == ("9", ("7",))
    assert (records.child.upn, records.child.nhs_number, records.child.name) == ("A123456789012", "9434765919", "Ada")
    assert [r.start for r in records.of(PlacedAt)] == [date(2022, 5, 1), date(2023, 5, 1)]
    assert [r.start for r in records.of(LooksAfter)] == [date(2022, 5, 1), date(2023, 5, 1)]
    assert [m.on for m in records.of(Meeting)] == [date(2022, 5, 1), date(2023, 5, 1)]
    assert sorted(i.role or "" for i in records.of(Involvement)) == ["iro", "social_worker", "social_worker"]
    assert len(records.of(Attends)) == 1
    assert store.counts()["Professional"] == 2  # the officer whom the list knows by her staff number alone is one
    assert store.counts()["Placement"] == 1
    assert all(row["unmatched"] == 0 for row in store.loads())


def test_any_order_of_files_gives_one_graph(store: Store) -> None:
    check_orders(store, [ORDERS[0], ORDERS[-1], *random.Random(4).sample(ORDERS, 6)])


@pytest.mark.long
@pytest.mark.timeout(3600)
def test_many_orders_of_files_give_one_graph(store: Store) -> None:
    check_orders(store, random.Random(5).sample(ORDERS, 120))


def test_one_command_or_three_are_one_graph(store: Store) -> None:
    loaded(store, *COUNCIL)
    whole = store.digest()
    store.clear()
    for command in (["health", "school"], ["ssd", "allocations", "health"], ["return 2024", "return 2023"]):
        for name in command:
            load(store, COUNCIL[name])
    assert store.digest() == whole


def test_what_waits_is_loaded_by_itself_when_its_child_comes(store: Store) -> None:
    first, second = loaded(store, "health", "ssd")
    assert first.unmatched == ("children.csv:2", "assessments.csv:2")
    assert [(again.supplier, again.unmatched, again.written["assessments"]) for again in second.again] == [
        ("health", (), 1)
    ]
    assert load(store, COUNCIL["health"]).unchanged_since
    assert load(store, COUNCIL["ssd"]).again == []


def test_a_number_that_a_third_partner_brings_helps_too(store: Store) -> None:
    both = extract("children | upn | nhs_number\np | A123456789012 | 9434765919", supplier="virtual school")
    whole = None
    for order in itertools.permutations([COUNCIL["health"], both, COUNCIL["return 2023"]]):
        store.clear()
        for one in order:
            load(store, one)
        whole = whole or store.digest()
        assert store.digest() == whole
        assert store.counts()["Assessment"] == 1


def test_a_child_whose_number_changed_keeps_her_address(store: Store) -> None:
    loaded(store, "return 2023")
    ref = store.child_records(f"{AUTHORITY}/7").child.ref
    load(store, COUNCIL["ssd"])
    assert ref and store.child_id(ref) == f"{AUTHORITY}/9"
    assert [row["ref"] for row in store.stored_nodes(Child, None).values()].count(ref) == 1


def test_a_child_on_record_under_both_numbers_keeps_the_address_of_the_number_that_stays(store: Store) -> None:
    loaded(store, "return 2023", "return 2024")
    assert store.child_ids() == [f"{AUTHORITY}/7", f"{AUTHORITY}/9"]
    ref = store.child_records(f"{AUTHORITY}/9").child.ref
    done = load(store, COUNCIL["ssd"])
    assert [again.retired["children"] for again in done.again] == [1]
    assert ref and store.child_id(ref) == f"{AUTHORITY}/9"


@pytest.mark.parametrize("text", ["9", "7", f"{AUTHORITY}/9", f"{AUTHORITY}/7"])
def test_a_child_is_found_by_any_number_she_had(store: Store, text: str) -> None:
    loaded(store, "ssd", "return 2023")
    assert store.find_child(text) == f"{AUTHORITY}/9"


def test_an_earlier_number_that_is_another_childs_now_is_left_and_told(store: Store) -> None:
    unclear = extract("children | local_id | aliases\nx | 9 | 7\ny | 7 |", kind="ssd")
    done = load(store, unclear)
    assert store.child_ids() == [f"{AUTHORITY}/7", f"{AUTHORITY}/9"]
    assert [note.partition(":")[0] for note in done.notes] == ["children.csv"] and "children.csv:2:" in done.notes[0]
    assert store.find_child("7") == f"{AUTHORITY}/7"


def test_children_of_two_authorities_are_found_by_their_code(store: Store) -> None:
    load(store, extract("children | local_id\na | 7"))
    load(store, extract("children | local_id\na | 7", authority=NOWHERE))
    with pytest.raises(TeamaroundError, match="Several authorities"):
        store.find_child("7")


def test_a_correction_that_no_longer_tells_of_the_change_parts_the_two_again(store: Store) -> None:
    def told(aliases: str) -> Extract:
        return extract(f"children | local_id | aliases\nx | 9 | {aliases}", kind="ssd")

    loaded(store, "return 2023", "return 2024")
    apart = store.digest()
    load(store, told("7"))
    assert store.child_ids() == [f"{AUTHORITY}/9"]
    load(store, told(""))
    assert store.child_ids() == [f"{AUTHORITY}/7", f"{AUTHORITY}/9"]
    refs = [store.child_records(i).child.ref for i in store.child_ids()]
    assert len(set(refs)) == 2
    loaded(store, "return 2023", "return 2024")
    assert store.digest() == apart


def test_a_child_who_is_gone_from_a_corrected_return_is_waited_for_again(store: Store) -> None:
    gone = extract(
        RETURN.format(8, "2022-05-01", "").replace("A123456789012", ""), kind="ssda903", supplier="Birmingham",
        covers="2022-04-01..2023-03-31",
    )  # fmt: skip
    loaded(store, "return 2023", "school")
    done = load(store, gone)
    assert [again.unmatched for again in done.again] == [("children.csv:2", "attends.csv:2")]
    assert store.child_ids() == [f"{AUTHORITY}/8"]


# --- what is kept ---


def test_what_is_kept_is_no_part_of_what_the_graph_says_and_goes_with_its_load(store: Store) -> None:
    loaded(store, "return 2023")
    before = store.digest()
    (row,) = store.loads()
    assert set(store.kept([row["id"]])[row["id"]]) == set(COUNCIL["return 2023"].tables)
    assert b"B13 9AA" not in b"".join(store.kept([row["id"]])[row["id"]].values())
    assert "packed" not in row
    store.forget([row["id"]])
    assert store.digest() == before and store.kept([row["id"]]) == {}


def test_a_load_that_was_replaced_keeps_nothing(store: Store) -> None:
    corrected = extract(
        RETURN.format(7, "2022-05-02", ""), kind="ssda903", supplier="Birmingham", covers="2022-04-01..2023-03-31"
    )
    loaded(store, "return 2023")
    done = load(store, corrected)
    assert set(store.kept([row["id"] for row in store.loads()])) == {done.load}


def test_what_an_early_version_loaded_without_keeping_it_stays_until_it_is_loaded_again(store: Store) -> None:
    loaded(store, "return 2023", "school")
    whole = store.digest()
    done = loaded(store, "return 2023")[0]
    store.forget([done.load])
    store.write("MATCH (l:Load {id: $id}) REMOVE l.whose RETURN l.id AS id", {"id": done.load})
    assert load(store, COUNCIL["school"]).again == []
    assert store.child_ids() == [f"{AUTHORITY}/7"]
    load(store, COUNCIL["return 2023"])
    assert store.digest() == whole


class PowerCut(Exception):
    pass


def cut_off(store: Store, name: str, at: int) -> bool:
    """Load as if the power went at the so-manieth thing that is said; whether it went."""
    said = itertools.count()

    def say(_: str) -> None:
        if next(said) == at:
            raise PowerCut

    try:
        load(store, COUNCIL[name], say=say)
    except PowerCut:
        return True
    return False


@pytest.mark.parametrize("following", ["ssd", "return 2024"])
def test_a_load_that_is_cut_off_while_others_are_loaded_again_is_finished_by_what_comes_next(
    store: Store, following: str
) -> None:
    before = ("health", "return 2023")
    loaded(store, *before, "ssd", "return 2024")
    whole = store.digest()
    for at in itertools.count(5, 4):  # in its own tables, then in those of each that is loaded again
        loaded(store, *before)
        if not cut_off(store, "ssd", at):
            break
        load(store, COUNCIL[following])
        load(store, COUNCIL["ssd" if following == "return 2024" else "return 2024"])
        assert store.digest() == whole
    assert at > 16


def test_an_extract_cut_off_as_it_was_loaded_again_is_loaded_again_though_nothing_calls_for_it_any_more(
    store: Store,
) -> None:
    alone = extract("children | local_id | nhs_number\nx | 9 | 9434765919", kind="ssd", supplier="case system")
    nobody = extract("children | local_id\nx | 9", kind="ssd", supplier="case system")
    loaded(store, "health")
    load(store, nobody)
    apart = store.digest()
    loaded(store, "health")
    said: list[str] = []

    def say(line: str) -> None:
        said.append(line)
        if line.endswith("assessments"):
            raise PowerCut

    with pytest.raises(PowerCut):
        load(store, alone, say=say)
    assert any(line.startswith("Loading again") for line in said)
    load(store, nobody)
    assert store.digest() == apart


# --- any extracts ---


@st.composite
def councils(draw: st.DrawFn) -> list[Extract]:
    """Small extracts of suppliers of their own about some children, whose numbers change, repeat and contradict."""
    found = []
    for n, kind in enumerate(draw(st.lists(st.sampled_from(["ssda903", "ssd", "tables"]), min_size=2, max_size=4))):
        children, meetings = ["children | local_id | aliases | nhs_number | upn"], ["meetings | kind | on | about"]
        for c in range(draw(st.integers(1, 3))):
            own = draw(NUMBERS)
            aliases = ";".join(draw(st.lists(NUMBERS.filter(bool), max_size=2, unique=True))) if kind == "ssd" else ""
            keys = f"{draw(st.sampled_from(['', 'N1', 'N2']))} | {draw(st.sampled_from(['', 'U1', 'U2']))}"
            children.append(f"c{c} | {own} | {aliases} | {keys}")
            meetings.append(f"m{c} | review | 2023-05-{1 + draw(st.integers(0, 2)):02} | Child:c{c}")
        text = "\n".join(children) + "\n\n" + "\n".join(meetings)
        found.append(extract(text, kind=kind, supplier=f"supplier {n}"))
    return found


def check_any_order(store: Store, every: list[Extract], chance: random.Random) -> None:
    digests = set()
    for order in (every, list(reversed(every)), chance.sample(every, len(every))):
        store.clear()
        for one in order:
            load(store, one)
        digests.add(store.digest())
    assert len(digests) == 1


unhurried = settings(deadline=None, suppress_health_check=list(HealthCheck))


@given(councils(), st.randoms())
@settings(unhurried, max_examples=6, derandomize=True, phases=[Phase.generate])
def test_extracts_with_changing_numbers_are_one_graph_in_any_order(
    graph_store: Store, every: list[Extract], chance: random.Random
) -> None:
    check_any_order(graph_store, every, chance)


@pytest.mark.long
@pytest.mark.timeout(3600)
@given(councils(), st.randoms())
@settings(unhurried, max_examples=200)
def test_any_extracts_with_changing_numbers_are_one_graph_in_any_order(
    graph_store: Store, every: list[Extract], chance: random.Random
) -> None:
    check_any_order(graph_store, every, chance)
