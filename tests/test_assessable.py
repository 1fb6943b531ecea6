"""What loads make assessable: the needs of every rule, held to what the rule does; and what to load next."""

from __future__ import annotations

import contextlib
import dataclasses
import importlib
import pkgutil
import re
from collections.abc import Iterator
from datetime import date, timedelta
from functools import cache

import pytest

from graph.assessable import Missing, assessable, in_short, named, parted, to_load
from graph.findings import Rule, rules, run
from graph.memory import records_of
from graph.model import by_table
from graph.records import Coverage, Records
from ingest import cases, recognise
from tests import spec
from tests.spec.small import EVERYTHING, records

# --- the needs of every rule -----------------------------------------------------------------------------


class AllBut(str):
    """Every part of a table but some: what `of` a line of coverage has that leaves just those out."""

    parts: frozenset[str]

    def __new__(cls, parts: frozenset[str]) -> AllBut:
        made = super().__new__(cls, "all but " + " and ".join(sorted(parts)))
        made.parts = parts
        return made

    def __eq__(self, other: object) -> bool:
        return other is not None and other not in self.parts

    __hash__ = str.__hash__


def everything_but(need: str, rule: Rule) -> tuple[Coverage, ...]:
    """Coverage of everything on every day, but for one need of a rule."""
    left_out: dict[str, set[str] | None] = {}
    for table, of in map(parted, need.split("|")):
        if of is None:
            left_out[table] = None
        else:
            parts = left_out.setdefault(table, set())
            if parts is not None:
                parts.add(of)
    return tuple(line for table in by_table() for line in _lines(table, left_out.get(table, set()), rule))


def _lines(table: str, left_out: set[str] | None, rule: Rule) -> list[Coverage]:
    if left_out is None:
        return []
    if "*" in left_out:  # only what the rule names besides
        beside = [of for t, of in map(parted, rule.needs) if t == table and of != "*"]
        return [Coverage(table, of, *EVERYTHING) for of in beside]
    return [Coverage(table, AllBut(frozenset(left_out)) if left_out else None, *EVERYTHING)]


def needs_alone(rule: Rule) -> tuple[Coverage, ...]:
    """Coverage of what a rule needs on every day, and of nothing else."""
    parts = [parted(need.split("|")[0]) for need in rule.needs]
    return tuple(Coverage(table, None if of == "*" else of, *EVERYTHING) for table, of in parts)


# Children to whom rules apply, each with a day. A rule that none of them concerns needs one more here.
IN_CARE = """
child | born       | known_since
Ash   | 2010-05-12 | 2023-06-01

looks_after | legal_status | need | start      | start_reason
            | C2           | N1   | 2023-06-01 | S

placed_at | to  | place_type | start      | end        | start_reason | miles
          | oak | U6         | 2023-06-01 | 2024-02-01 | S            | 5
          | elm | U6         | 2024-02-01 |            | P            | 6

in_area | from | to
        | oak  | E08000025
        | elm  | E08000026

involved_with | from | role          | start
              | Sam  | social_worker | 2023-06-01
              | Ivy  | iro           | 2023-06-01
              | Dawn | camhs         | 2023-06-01
              | Theo | advocate      | 2023-06-01

meetings | kind   | on
m1       | review | 2024-03-01

attended | from | to | how
         | Sam  | m1 | present
         | Ivy  | m1 | present
         | Dawn | m1 | present
         | Theo | m1 | present
"""
NO_MOVE = """
child | born
Ash   | 2008-05-12

looks_after | legal_status | need | start      | start_reason
            | C2           | N1   | 2023-06-01 | S

placed_at | to  | place_type | start      | start_reason | miles
          | oak | U6         | 2023-06-01 | S            | 5

in_area | from | to
        | oak  | E08000025
"""
NEW_IN_CARE = """
child | born
Ash   | 2008-05-12

looks_after | legal_status | need | start      | start_reason
            | C2           | N1   | 2024-04-15 | S

placed_at | to  | place_type | start      | start_reason | miles
          | oak | U6         | 2024-04-15 | S            | 5

involved_with | from | role          | start
              | Sam  | social_worker | 2024-04-15
              | Ivy  | iro           | 2024-04-15
"""
REVIEWED = NO_MOVE + "\nmeetings | kind | on\nm1 | review | 2024-03-01\n"
# Moves that nobody reviewed, a handover without a meeting, and help that ended.
UNSETTLED = """
child | born
Ash   | 2009-05-12

looks_after | legal_status | need | start      | start_reason
            | C2           | N1   | 2021-06-01 | S

placed_at | to  | place_type | start      | end        | start_reason | change_reason
          | oak | U6         | 2021-06-01 | 2023-09-01 | S            | LAREQ
          | elm | U6         | 2023-09-01 | 2024-01-15 | P            | LAREQ
          | fir | K2         | 2024-01-15 |            | P            |

in_area | from | to
        | oak  | E08000025
        | elm  | E08000025
        | fir  | E10000016

plans  | kind        | start      | interval
care   | care        | 2021-06-10 |
family | family time | 2024-02-01 | 14

involved_with | from | role             | start      | end        | end_reason
              | Sam  | social_worker    | 2021-06-01 | 2024-02-01 |
              | Lou  | social_worker    | 2024-02-01 |            |
              | Mo   | voluntary        | 2023-07-01 | 2024-02-10 | non-engagement

events | kind    | on         | end
gone   | missing | 2022-03-01 | 2022-03-02

persons | kind   | name
mum     | parent | Ms Hill

related_to | from | relation | parental_responsibility
           | mum  | mother   | yes

assessments | kind             | on
child       | child and family | 2024-03-01
"""
MOVED_ON = """
looks_after | legal_status | need | start      | start_reason
            | C2           | N1   | 2022-09-01 | S

placed_at | to  | place_type | start      | end        | start_reason | change_reason
          | oak | U6         | 2022-09-01 | 2023-03-01 | S            | CREQB
          | elm | U6         | 2023-03-01 | 2023-09-01 | P            | CREQB
          | fir | U6         | 2023-09-01 |            | P            |
"""
GONE = NO_MOVE + "\nevents | kind | on | end\ngone | missing | 2024-03-01 | 2024-03-02\n"
ARRESTED = """
child | born
Ash   | 2009-05-12

events | kind   | on
one    | arrest | 2024-02-01
two    | arrest | 2024-02-20

involved_with | from | role          | start
              | Sam  | social_worker | 2023-06-01
              | Dawn | camhs         | 2023-06-01

meetings | kind       | on
m1       | core group | 2024-03-01

attended | from | to | how
         | Sam  | m1 | present
"""
ASKED_TWICE = (
    NO_MOVE
    + """
meetings | kind   | on
r1       | review | 2023-09-01
r2       | review | 2024-02-01

recommendations | about_what | service | made_on    | made_at
one             | therapy    | camhs   | 2023-09-01 | r1
two             | therapy    | camhs   | 2024-02-01 | r2
"""
)
FAR_AWAY = """
child | born
Ash   | 2006-12-12

looks_after | legal_status | need | start      | start_reason
            | C2           | N1   | 2024-04-15 | S

placed_at | to  | place_type | start      | start_reason
          | fir | K2         | 2024-04-15 | S

in_area | from | to
        | fir  | E10000016

decisions | kind               | by_role  | on
yes       | placement approval | director | 2024-04-10
"""
TOLD = (
    FAR_AWAY.replace("E10000016", "E08000025").replace("2006-12-12", "2009-05-12")
    + """
notices | recipient | sent_on
        | child     | 2024-04-12
        | icb       | 2024-04-12
        | gp        | 2024-04-12
        | iro       | 2024-04-12
"""
)
TWO_AREAS = """
child | born
Ash   | 2009-05-12

agencies | kind        | name
council  | social care | Riverside Council
trust    | health      | Seaside Trust

serves | from    | to
       | council | E08000025
       | trust   | E10000016

involved_with | from | role          | start      | agency
              | Sam  | social_worker | 2023-06-01 | council
              | Dawn | lac_nurse     | 2023-06-01 | trust
"""
NEVER_IN_CARE = "child | born\nAsh | 2010-05-12\n"
# One feature of the cohort each; a child has any of them.
COHORT = {
    "f1": "\nassessments | kind | on\ns1 | s47 | 2023-07-01\ns2 | s47 | 2023-08-01\ns3 | s47 | 2023-09-01\n",
    "f2": "\nevents | kind | on\ne1 | missing | 2024-01-01\ne2 | missing | 2024-01-08\ne3 | missing | 2024-01-15\n",
    "f3": "\nplaced_at | to | place_type | start | end | change_reason\np1 | a | U6 | 2023-06-01 | 2023-09-01 | CREQB\n"
    "p2 | b | U6 | 2023-09-01 | 2024-01-01 | CREQB\n",
    "f4": "\nneeds | kind | identified_on\nn1 | depression | 2024-01-01\n",
}
KNOWN = """
child | born       | known_since
Ash   | 2010-05-12 | 2023-06-01

looks_after | legal_status | need | start      | start_reason
            | C2           | N1   | 2023-06-01 | S
"""
FEATURES = ("f1", "f2", "f3"), ("f1", "f2", "f4"), ("f1", "f3", "f4"), ("f2", "f3", "f4"), ("f2", "f4"), ("f1", "f3")
SMALL = (
    IN_CARE, NO_MOVE, NEW_IN_CARE, REVIEWED, UNSETTLED, MOVED_ON, GONE, ARRESTED, ASKED_TWICE, FAR_AWAY, TOLD,
    TWO_AREAS, NEVER_IN_CARE,
    *(KNOWN + "".join(COHORT[f] for f in some) for some in FEATURES),
)  # fmt: skip


@cache
def children() -> tuple[tuple[Records, date], ...]:
    """The children above, those of the cases, and those of the rules' own specifications, some days after."""
    own = [(records(text), date(2024, 6, 1)) for text in SMALL]
    specified = [(of, last + timedelta(d)) for of, last in _specified() for d in (0, 30, 120)]
    return (*own, *map(_case, sorted(cases.AUTHORITY)), *specified)


def _case(name: str) -> tuple[Records, date]:
    (of,) = recognise.read([cases.case_folder(name)], cases.AUTHORITY[name])
    child = f"{cases.AUTHORITY[name]}/{of.tables['children']['local_id'][0]}"
    return records_of(of.tables, child, authority=cases.AUTHORITY[name]), cases.AS_AT[name]


def _specified() -> Iterator[tuple[Records, date]]:
    """The records that a specification of rules names in capitals, whole ones only, with their last day."""
    for module in pkgutil.iter_modules(spec.__path__):
        if module.name.startswith("test_"):
            named = vars(importlib.import_module(f"tests.spec.{module.name}"))
            texts = [
                v for k, v in named.items() if k.isupper() and isinstance(v, str) and v.lstrip().startswith("child ")
            ]
            for text in texts:
                with contextlib.suppress(ValueError):  # part of a table, or one with room for a value
                    yield records(text), max(map(date.fromisoformat, re.findall(r"\d{4}-\d\d-\d\d", text)))


def statuses(rule: Rule, of: Records, t: date, coverage: tuple[Coverage, ...]) -> dict[str, str]:
    """What a rule says of a child by subject, were just this covered."""
    return {f.subject: f.status for f in run(dataclasses.replace(of, coverage=coverage), t, only=[rule.id])}


@cache
def settled(id: str) -> list[tuple[Records, date, dict[str, str]]]:
    """The children of whom a rule leaves nothing open where everything is covered, and what it says of them."""
    said = [(of, t, statuses(rules()[id], of, t, EVERY)) for of, t in children()]
    return [one for one in said if one[2] and "not assessable" not in one[2].values()]


EVERY = tuple(Coverage(table, None, *EVERYTHING) for table in by_table())
DECLARED = [(rule, need) for rule in rules().values() for need in rule.needs]


@pytest.mark.parametrize(("rule", "need"), DECLARED, ids=[f"{rule.id} {need}" for rule, need in DECLARED])
def test_without_what_it_needs_a_rule_does_not_say_that_all_is_clear(rule: Rule, need: str) -> None:
    """There is a child of whom it leaves nothing open where all is covered, and something where this need is not."""
    without = everything_but(need, rule)

    assert any("not assessable" in statuses(rule, of, t, without).values() for of, t, _ in settled(rule.id))


@pytest.mark.parametrize("rule", [r for r in rules().values() if r.needs], ids=lambda r: r.id)
def test_with_what_it_needs_a_rule_can_be_answered(rule: Rule) -> None:
    """What is raised or clear of a child where all is covered, can also be said where only the rule's needs are."""
    alone = needs_alone(rule)
    said = [
        (full[subject], statuses(rule, of, t, alone).get(subject))
        for of, t, full in settled(rule.id)
        for subject in full
        if full[subject] in ("raised", "clear")
    ]
    assert said and all(now != "not assessable" for _, now in said)


def test_every_rule_says_what_it_needs() -> None:
    assert [rule.id for rule in rules().values() if not rule.needs] == []


# --- what a load makes assessable ------------------------------------------------------------------------

T = date(2026, 3, 31)
YEAR = (date(2025, 4, 1), T)


def rule(id: str, *needs: str) -> Rule:
    return Rule(id, "1", "H", "?", "", (), False, "What it says.", lambda *_: iter(()), needs)


HOME = rule("area.home", "placed_at")
GAP = rule("continuity.gap", "placed_at", "involved_with:iro")
THREE = (HOME, GAP, rule("clocks.visit", "meetings:visit"))


def states(before: tuple[Coverage, ...], after: tuple[Coverage, ...], *of: Rule) -> dict[str, str]:
    return {row.rule.id: row.state for row in assessable(before, after, T, of or THREE)}


PLACED = Coverage("placed_at", None, *YEAR)
IRO = Coverage("involved_with", "iro", *YEAR)


def test_a_rule_is_answered_before_now_or_not_yet() -> None:
    assert states((PLACED,), (PLACED, IRO)) == {
        "area.home": "before",
        "continuity.gap": "now",
        "clocks.visit": "not yet",
    }


def test_what_a_shorter_load_takes_away_is_said() -> None:
    assert states((PLACED,), (), HOME) == {"area.home": "no longer"}


@pytest.mark.parametrize(
    ("covered", "there"),
    [
        ((), ""),
        ((Coverage("placed_at", None, date(2025, 6, 1), T),), "only from 1 June 2025"),
        ((Coverage("placed_at", None, date(2020, 1, 1), date(2025, 12, 31)),), "only to 31 December 2025"),
        ((Coverage("placed_at", None, date(2025, 6, 1), date(2025, 6, 2)),), "only from 1 June 2025 to 2 June 2025"),
        (
            (Coverage("placed_at", None, date(2025, 4, 1), date(2025, 6, 2)),
             Coverage("placed_at", None, date(2025, 8, 1), T)),
            "not on every day",
        ),
        ((Coverage("placed_at", None, date(2020, 1, 1), date(2020, 1, 2)),), ""),
        ((Coverage("placed_at", None, *YEAR, full=False),), ""),
    ],
)  # fmt: skip
def test_what_is_covered_in_part_is_said(covered: tuple[Coverage, ...], there: str) -> None:
    (row,) = assessable((), covered, T, [HOME])

    assert (row.state, row.missing) == ("not yet", (Missing("placed_at", there),))


def test_a_table_covered_for_some_agencies_is_covered_in_part() -> None:
    lines = (Coverage("attended", "health", *YEAR), Coverage("attended", "camhs", *YEAR))
    (row,) = assessable((), lines, T, [rule("silos.x", "attended")])

    assert row.missing == (Missing("attended", "only attendance by CAMHS and attendance by health"),)


def test_either_of_two_will_do() -> None:
    school = rule("area.school", "attends|involved_with:school")

    assert states((), (Coverage("attends", None, *YEAR),), school) == {"area.school": "now"}
    assert states((), (Coverage("involved_with", "school", *YEAR),), school) == {"area.school": "now"}
    assert states((), (IRO,), school) == {"area.school": "not yet"}


def test_any_other_part_will_do_but_not_the_one_that_is_named_besides() -> None:
    team = rule("continuity.team", "involved_with:social_worker", "involved_with:*")
    worker = Coverage("involved_with", "social_worker", *YEAR)

    (row,) = assessable((), (worker,), T, [team])
    assert row.missing == (Missing("involved_with:*", ""),)
    assert states((), (worker, IRO), team) == {"continuity.team": "now"}
    assert states((), (Coverage("involved_with", None, *YEAR),), team) == {"continuity.team": "now"}


def test_a_rule_that_says_nothing_of_its_needs_is_left_out() -> None:
    assert assessable((), (), T, [rule("x.y")]) == ()


def test_it_is_said_what_to_load_and_what_that_brings() -> None:
    found = to_load(assessable((), (PLACED,), T, THREE))

    assert [one.sentence for one in found] == [
        "Load reviewing officers (involved_with:iro; an allocations list will do): 1 more finding can be made in full.",
        "Load visits (meetings:visit): 1 more finding can be made in full.",
    ]


def test_what_completes_nothing_alone_comes_last_and_what_is_asked_for_together_is_named_together() -> None:
    three = rule("silos.x", "plans:care", "plans:pep", "meetings:visit")
    found = to_load(assessable((), (), T, [*THREE, three]))

    assert [one.sentence for one in found] == [
        "Load visits (meetings:visit): "
        "1 more finding can be made in full, and 1 more with other records besides.",
        "Load placements (placed_at; in the 903): "
        "1 more finding can be made in full, and 1 more with other records besides.",
        "Load reviewing officers (involved_with:iro; an allocations list will do): "
        "1 finding needs this, and other records besides.",
        "Load care plans (plans:care) and PEPs (plans:pep): 1 finding needs this, and other records besides.",
    ]  # fmt: skip


def test_what_is_covered_so_far_stands_beside() -> None:
    (one,) = to_load(assessable((), (Coverage("placed_at", None, date(2025, 6, 1), T),), T, [HOME]))

    assert one.sentence.endswith("Covered so far: placements, only from 1 June 2025.")


def test_the_sum_of_it_in_a_sentence() -> None:
    rows = assessable((PLACED,), (PLACED, IRO), T, THREE)
    lost = assessable((PLACED,), (), T, [HOME])

    assert in_short(rows, T) == (
        "As at 31 March 2026, 2 of 3 findings can be made in full (1 more than before this load)."
    )
    assert in_short(lost, T) == "As at 31 March 2026, 0 of 1 finding can be made in full; 1 can no longer."


@pytest.mark.parametrize(
    ("need", "said"),
    [
        ("involved_with:iro", "reviewing officers (involved_with:iro; an allocations list will do)"),
        ("involved_with:gp", "GPs (involved_with:gp)"),
        ("involved_with:police", "police (involved_with:police)"),
        ("meetings:review", "reviews (meetings:review; in the 903)"),
        ("meetings:core group", "core groups (meetings:core group)"),
        ("meetings:other", "other meetings (meetings:other)"),
        ("attended:social care", "attendance by social care (attended:social care)"),
        ("notices:child", "notices to the child (notices:child)"),
        ("plans:child protection", "child protection plans (plans:child protection)"),
        ("events:suicide attempt", "suicide attempts (events:suicide attempt)"),
        ("attended", "attendance at meetings (attended)"),
        ("attends|involved_with:school", "schools (attends)"),
        ("involved_with:*", "other professionals"),
    ],
)
def test_needs_are_said_in_words_that_people_know(need: str, said: str) -> None:
    assert named(need) == said
