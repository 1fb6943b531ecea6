"""What holds of every rule whatever the records: tried on invented records of one child, tidy ones and others."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from random import Random
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from graph.findings import Finding, evidence, rules, run
from graph.model import (
    Involvement,
    LocalAuthority,
    Node,
    Professional,
    Record,
    Relationship,
    by_table,
    fields_of,
    links,
    properties,
)
from graph.records import Coverage, Records, as_at, began
from graph.reference.roles import roles
from tests.childhoods import DAY, Span, childhoods, days, drawn, number, numbers, with_records, without_records
from tests.spec.small import findings, statuses
from tests.spec.small import records as told

STATUSES = {"raised", "clear", "not assessable", "not applicable"}
# The same examples in every run: a fault found anew is a fault brought in.
steady = settings(derandomize=True, deadline=None, max_examples=60)


def fresh(records: Records) -> Records:
    """The same records, with nothing remembered of what was asked of them."""
    return dataclasses.replace(records)


# --- what is learnt later ---


def later(numbers: list[int], records: Records, t: date) -> Records:
    """The records with others that begin, or are written down, after day t, and a load that covers them."""
    since = (t - DAY).days + 1
    more = drawn(numbers, dict(records.nodes), Span(since, since + 300), prefix="later-")
    written = drawn(numbers[::2], dict(records.nodes), Span(), prefix="written-later-")
    more += [_written_on(r, t + timedelta(days=9)) for r in written if hasattr(r, "recorded_on")]
    added = with_records(records, [r for r in more if (began(r) or date.min) > t or _points_later(r, more, t)])
    covered = tuple(Coverage(table, None, t + timedelta(days=1), t + timedelta(days=300)) for table in by_table())
    return dataclasses.replace(added, coverage=(*added.coverage, *covered))


def _written_on(record: Any, on: date) -> Any:
    return dataclasses.replace(record, recorded_on=on)


def _points_later(record: Any, more: Iterable[Any], t: date) -> bool:
    """A relationship without a date of its own is later where an end of it is."""
    after = {r.id for r in more if isinstance(r, Node) and (began(r) or date.min) > t}
    return isinstance(record, Relationship) and bool({record.from_id, record.to_id} & after)


@given(childhoods(), numbers, days)
@steady
def test_a_record_after_the_day_never_changes_a_finding(records: Records, numbers: list[int], t: date) -> None:
    assert run(later(numbers, records, t), t) == run(records, t)


@given(childhoods(), days, st.integers(1, 400))
@steady
def test_an_end_after_the_day_reads_as_absent_whenever_it_is(records: Records, t: date, days: int) -> None:
    moved = changed(records, lambda record: _ends_later(record, t, days))
    open_still = changed(records, lambda record: _ends_later(record, t, None))

    assert run(moved, t) == run(records, t) == run(open_still, t)


def changed(records: Records, change: Callable[[Any], Any]) -> Records:
    """The records, each changed."""
    nodes = {node.id: node for node in map(change, records.nodes.values())}
    relationships = tuple(change(r) for r in records.relationships)
    return dataclasses.replace(records, child=change(records.child), nodes=nodes, relationships=relationships)


def _ends_later(record: Any, t: date, days: int | None) -> Any:
    """The record with what is known only after day t moved by so many days, or not known at all."""
    names = fields_of(type(record))
    dates = {p.known_on for p in properties(type(record)) if p.known_on}
    after = {on for on in dates if (getattr(record, names[on]) or date.min) > t}
    if days is not None:
        return dataclasses.replace(
            record, **{names[on]: getattr(record, names[on]) + timedelta(days=days) for on in after}
        )
    return dataclasses.replace(record, **{names[p.name]: None for p in properties(type(record)) if p.known_on in after})


@given(childhoods(), days)
@steady
def test_the_mask_may_be_on_already(records: Records, t: date) -> None:
    assert run(as_at(records, t), t) == run(records, t)


# --- what makes no difference ---


@given(childhoods(), days)
@steady
def test_running_twice_gives_the_same(records: Records, t: date) -> None:
    once = run(records, t)

    assert run(records, t) == once == run(fresh(records), t)


@given(childhoods(), days)
@settings(steady, max_examples=20)
def test_a_rule_says_by_itself_what_it_says_among_the_others(records: Records, t: date) -> None:
    together = run(records, t)
    alone = [f for rule in reversed(list(rules())) for f in run(records, t, only=[rule])]

    assert sorted(alone, key=_order) == sorted(together, key=_order)


def _order(finding: Finding) -> tuple[str, str]:
    return finding.rule, finding.subject


@given(childhoods(), days, st.randoms(use_true_random=False))
@steady
def test_the_order_of_rows_makes_no_difference(records: Records, t: date, chance: Random) -> None:
    nodes, rows, loads = list(records.nodes.items()), list(records.relationships), list(records.coverage)
    for each in (nodes, rows, loads):
        chance.shuffle(each)
    mixed = dataclasses.replace(records, nodes=dict(nodes), relationships=tuple(rows), coverage=tuple(loads))

    assert run(mixed, t) == run(records, t)


@given(childhoods(), days, number)
@steady
def test_other_identifiers_give_the_same_findings(records: Records, t: date, seed: int) -> None:
    """Of two records of one kind and day only their identifiers say which comes first: of such, one is left out."""
    records = apart(records)
    other = names_for(records, seed)
    renamed = changed(records, lambda record: _renamed(record, other))

    assert {_said(f, {}) for f in run(renamed, t)} == {_said(f, other) for f in run(records, t)}


def apart(records: Records) -> Records:
    """The records with one of a kind on a day."""
    every: list[Record] = [*records.nodes.values(), *records.relationships]
    kept = {(type(r), evidence(r)[0].start or r.id): r.id for r in every}.values()
    return without_records(records, {r.id for r in every} - set(kept))


def names_for(records: Records, seed: int) -> dict[str, str]:
    """Another identifier for each record, in another order; an authority's code is no identifier of ours."""
    ids = [i for i, n in records.nodes.items() if not isinstance(n, LocalAuthority)]
    ids += [r.id for r in records.relationships]
    return {i: f"x{Random(f'{seed} {i}').getrandbits(32)}" for i in ids}


def _renamed(record: Any, other: dict[str, str]) -> Any:
    kind, names = type(record), fields_of(type(record))
    found: dict[str, Any] = {names[one.name]: tuple(sorted(other.get(i, i) for i in getattr(record, names[one.name])))
             for one in links(kind)}  # fmt: skip
    if isinstance(record, Relationship):
        found |= {"from_id": other.get(record.from_id, record.from_id), "to_id": other.get(record.to_id, record.to_id)}
    for name in (names[p.name] for p in properties(kind) if p.refers):
        found[name] = _refers(getattr(record, name), other)
    return dataclasses.replace(record, id=other.get(record.id, record.id), **found)


def _refers(value: str | None, other: dict[str, str]) -> str | None:
    kind, colon, id = (value or "").partition(":")
    return f"{kind}:{other.get(id, id)}" if colon else other.get(value or "", value or "") or None


def _said(finding: Finding, other: dict[str, str]) -> tuple[Any, ...]:
    """A finding as far as identifiers leave it alone: what it is about, what it says of it, and what it rests on."""
    subject = tuple(other.get(part, part) for part in finding.subject.split(":"))
    of = frozenset((e.kind, other.get(e.id, e.id), e.start, e.end) for e in finding.evidence)
    return finding.rule, subject, finding.status, of


# --- spells that meet ---

BEGAN = date(2021, 1, 10)
ASH = "child | born\n | 2012-05-12\n\nlooks_after | start | legal_status\n | 2021-01-10 | C2"
# Each line is a chain: who follows whom, where the child lives and goes to school.
CHAINS = {
    "placed_at | to | start | end | start_reason": [("abcdef", " | P")],
    "attends | to | start | end": [("uvwxyz", "")],
    "involved_with | from | start | end | role": [("ABCDEF", " | social_worker"), ("UVWXYZ", " | iro")],
}
turns = st.lists(st.dates(BEGAN + timedelta(days=1), DAY), max_size=5, unique=True).map(sorted)


@given(turns, days)
@steady
def test_spells_that_meet_leave_no_gap(on: list[date], t: date) -> None:
    """One ends on the day the next begins: of homes, schools, social workers and reviewing officers."""
    blocks = [
        "\n".join([header, *(row for of in chains for row in chain(*of, on))]) for header, chains in CHAINS.items()
    ]
    of = told("\n\n".join([ASH, *blocks]))

    gaps = statuses(of, "continuity.role_gap", t.isoformat())
    handovers = findings(of, "continuity.cold_handover", t.isoformat())
    (school,) = findings(of, "continuity.schools", t.isoformat())

    assert {gaps[f"role:{role}"] for role in ("carer", "social_worker", "iro")} == {"clear"}
    assert not any(f.measures.get("lag_days") for f in handovers)
    assert not any("with no" in f.sentence and "record for" in f.sentence for f in handovers)
    assert school.measures["working_days_on_no_roll"] == 0


def chain(who: str, then: str, on: list[date]) -> list[str]:
    """Rows that follow one another without a day between; the last is open."""
    ends = [*(d.isoformat() for d in on), ""]
    return [f" | {w} | {begin} | {end}{then}" for w, begin, end in zip(who, [BEGAN, *on], ends, strict=False)]


@given(st.lists(st.dates(BEGAN, DAY), min_size=1, max_size=4, unique=True).map(sorted), days)
@steady
def test_loads_that_follow_each_other_cover_what_one_covers(on: list[date], t: date) -> None:
    """A load covers its last day too: the next begins on the day after."""
    firsts = [date(2000, 1, 1), *(d + timedelta(days=1) for d in on)]
    lasts = [*on, date(2030, 1, 1)]
    parts = [Coverage(table, None, *span) for table in by_table() for span in zip(firsts, lasts, strict=True)]
    whole = [Coverage(table, None, firsts[0], lasts[-1]) for table in by_table()]
    of = told(ASH)

    assert run(dataclasses.replace(of, coverage=tuple(parts)), t) == run(
        dataclasses.replace(of, coverage=tuple(whole)), t
    )


@given(childhoods(), days, st.randoms(use_true_random=False))
@steady
def test_one_spell_in_two_rows_that_meet_is_one_spell(records: Records, t: date, chance: Random) -> None:
    rows = [r for r in records.relationships if isinstance(r, Involvement) and _may_part(records, r, t)]
    assume(rows)
    parted = chance.choice(rows)
    start, end = parted.start or t, parted.end or t
    between = start + timedelta(days=chance.randint(1, (end - start).days - 1))
    first = dataclasses.replace(parted, end=between, end_reason=None)
    second = dataclasses.replace(parted, id=f"{parted.id}-on", start=between, start_reason=None, recorded_on=None)
    others = tuple(r for r in records.relationships if r is not parted)
    two = dataclasses.replace(records, relationships=(*others, first, second))

    assert {_what(f) for f in run(two, t)} == {_what(f) for f in run(records, t)}


def _may_part(records: Records, row: Involvement, t: date) -> bool:
    """Whether a spell is of someone who is named, and long enough; two rows that do not say who may be two people."""
    node = records.get(row.from_id)
    named = isinstance(node, Professional) and node.identified is not False
    return bool(named and row.start and row.recorded_on is None and (min(row.end or t, t) - row.start).days > 1)


def _what(finding: Finding) -> tuple[str, str, str]:
    return finding.rule, finding.subject.removesuffix("-on"), finding.status


# --- what every finding is ---


@given(st.one_of(childhoods(), childhoods(tidy=False)), st.one_of(days, st.dates(date(2005, 1, 1), date(2026, 1, 1))))
@settings(steady, max_examples=150)
def test_every_finding_is_whole(records: Records, t: date) -> None:
    """And nothing that records contradict makes a rule fail."""
    found = run(records, t)
    seen = as_at(records, t)

    assert len({(f.rule, f.subject) for f in found}) == len(found), "one finding a subject"
    assert {f.rule for f in found} == set(rules()), "every rule says something"
    for finding in found:
        problem = wrong(finding, seen)
        assert not problem, (problem, finding)


def wrong(finding: Finding, seen: Records) -> str:
    """What a finding leaves out, or points at that is not there; empty where it is whole."""
    every: list[Record] = [*seen.nodes.values(), *seen.relationships]
    there = {(type(r).__name__, r.id) for r in every}
    kind, id, *_ = (*finding.subject.split(":"), "")  # a service at a move stands behind the move
    if finding.status not in STATUSES:
        return "a status of its own"
    if not finding.sentence.strip().endswith(".") or ".." in finding.sentence:
        return "no sentence"
    if not finding.question.strip().endswith("?"):
        return "no question"
    if finding.subject and not (kind == "role" and id in {*roles(), "carer", "placement"}) and (kind, id) not in there:
        return "a subject that does not exist"
    if not {(e.kind, e.id) for e in finding.evidence} <= there:
        return "evidence that does not exist"
    if finding.status == "raised" and not (finding.evidence or finding.measures):
        return "raised on nothing"
    if (finding.status in ("not assessable", "not applicable")) != bool(finding.reason):
        return "what is missing, or why it does not apply, is not said"
    return ""


# --- what loads do not cover ---


@given(childhoods(), days, st.randoms(use_true_random=False))
@settings(steady, max_examples=120)
def test_less_coverage_makes_nothing_clear(records: Records, t: date, chance: Random) -> None:
    """Nor raises what was not: a finding stays, or can no longer be assessed. What did not apply may be clear."""
    left = tuple(c for c in records.coverage if chance.random() < 0.7)
    before = run(records, t)
    for finding in run(dataclasses.replace(records, coverage=left), t):
        assert finding.status == "not assessable" or finding.status in allowed(finding, before), finding


def allowed(finding: Finding, before: Iterable[Finding]) -> set[str]:
    """What a finding may say where less is covered: a run cut short is raised for another of its records."""
    of_rule = [f for f in before if f.rule == finding.rule]
    same = {f.status for f in of_rule if f.subject == finding.subject}
    raised = {f.status for f in of_rule} & {"raised"}
    return same | raised | ({"clear"} if "not applicable" in same else set())
