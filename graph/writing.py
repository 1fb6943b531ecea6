"""Writing what one load says of each record beside what other loads say of it.

Batches are written in order by a thread of their own, while the next are made ready.
"""

from __future__ import annotations

import secrets
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from functools import cache, partial
from string import ascii_letters, digits

from graph import model, reference
from graph.disagreements import Disagreement, differing
from graph.identity import OfKind, hashed
from graph.merging import ENDS, Claim, Standing, Values, claimed, claims_of, written
from graph.model import Child, Kind, Link, LocalAuthority, Node, Relationship, links
from graph.store import BATCH, Row, Store

Say = Callable[[str], None]
Work = Callable[[], None]
Put = Callable[[Work], None]
AHEAD = 4  # how many pieces of work are made ready before they are written: it bounds the memory


@dataclass
class Loaded:
    """What one load did. Counts are of records, by table.

    written, same: that changed and that did not; merged: that now stand on more than one load; retired: that
    nothing supports any more. unmatched: lines that wait for a child. again: the earlier loads whose rows turned
    out to be about other children than before, or about children they waited for, and were loaded again.
    """

    load: str
    kind: str = ""
    supplier: str = ""
    unchanged_since: str | None = None  # when the same extract was loaded before
    later: date | None = None  # the last day of a later extract that stands, where this one changed nothing
    written: dict[str, int] = field(default_factory=dict)
    same: dict[str, int] = field(default_factory=dict)
    merged: dict[str, int] = field(default_factory=dict)
    retired: dict[str, int] = field(default_factory=dict)
    unmatched: tuple[str, ...] = ()
    disagreements: list[Disagreement] = field(default_factory=list)
    notes: tuple[str, ...] = ()
    again: list[Loaded] = field(default_factory=list)


@dataclass
class Run:
    """One load at work.

    standing: the loads whose word counts. replaces: by a child's id, those that joined into it. put: where writing
    is asked for. on_record: how many records of a label or type there were before.
    there: by label, the nodes of this extract that were on record; said: by label or type, every id it wrote.
    """

    store: Store
    load: Standing
    standing: Mapping[str, Standing]
    replaces: Mapping[str, Sequence[str]]
    done: Loaded
    put: Put
    on_record: Mapping[str, int]
    there: dict[str, set[str]] = field(default_factory=dict)
    said: dict[str, set[str]] = field(default_factory=dict)


@contextmanager
def in_order() -> Iterator[Put]:
    """What is put is done in that order by one thread; all of it is done at the end.

    What fails is raised by the next `put` or at the end, and nothing is done after it.
    """
    waiting: deque[Future[None]] = deque()

    def after(before: Future[None] | None, work: Work) -> None:
        if before:
            before.result()  # raises what failed before, so that nothing is done after it
        work()

    with ThreadPoolExecutor(1) as writer:

        def put(work: Work) -> None:
            if len(waiting) > AHEAD:
                waiting.popleft().result()
            waiting.append(writer.submit(after, waiting[-1] if waiting else None, work))

        try:
            yield put
            while waiting:
                waiting.popleft().result()
        except BaseException:
            writer.shutdown(wait=True, cancel_futures=True)
            raise


def write(run: Run, kinds: Iterable[OfKind], say: Say) -> None:
    """Write every record of an extract, and the links that stand in the rows of nodes."""
    waiting: dict[str, None] = {}
    for each in kinds:
        waiting |= dict.fromkeys(each.waiting)
        if each.rows:
            _write_kind(run, each.kind, each.rows, say)
    run.done.unmatched = tuple(waiting)


def _write_kind(run: Run, kind: Kind, rows: list[Row], say: Say) -> None:
    if kind is LocalAuthority:  # what the reference data hold is not for a file to change
        rows = [row for row in rows if row["id"] not in reference.authorities()]
    say(f"Writing {len(rows):,} {kind.table.replace('_', ' ')}")
    if issubclass(kind, Node):
        _write_nodes(run, kind, rows)
        for one in links(kind):
            _write_link(run, kind, one, rows)
    else:
        _write_relationships(run, kind, rows)


# --- nodes ---


# What can be read out and typed, without letters that look alike; 70 bits.
_LETTERS = "".join(sorted({*ascii_letters, *digits} - {*"0O1lI"}))


def _random_name() -> str:
    return "".join(secrets.choice(_LETTERS) for _ in range(12))


def _write_nodes(run: Run, kind: type[Node], rows: list[Row]) -> None:
    name = model.label(kind)
    there = _stored_nodes(run, kind, [row["id"] for row in rows])
    refs = _refs(run, kind, [row["id"] for row in rows if row["id"] not in there])
    changed = []
    for row in rows:
        before = there.get(row["id"])
        values = _values(run, kind, row, before)
        if kind is Child:
            values["ref"] = (before or {}).get("ref") or refs.get(row["id"]) or _random_name()
            values["authority"] = row["id"].partition("/")[0]
        if before is None or values != {k: v for k, v in before.items() if k != "id"}:
            changed.append({"id": row["id"], "values": values})
    run.there[name] = set(there)
    run.put(partial(run.store.write_nodes, kind, changed))
    _count(run, name, kind.table, [row["id"] for row in rows], len(changed))


def _stored_nodes(run: Run, kind: type[Node], ids: Sequence[str]) -> dict[str, Row]:
    held = run.on_record[model.label(kind)]
    return run.store.stored_nodes(kind, _or_all(ids, held)) if held else {}


def _or_all(ids: Sequence[str], held: int) -> Sequence[str] | None:
    """What to ask for: all that the graph holds, where that is no more than are asked for, and not many."""
    return None if held <= min(len(ids), BATCH) else ids


def _refs(run: Run, kind: type[Node], new: Sequence[str]) -> dict[str, str]:
    """For children new on record, the random name of a record that joins into theirs: addresses stay good."""
    joining = {child: run.replaces[child] for child in new if child in run.replaces} if kind is Child else {}
    there = run.store.stored_nodes(Child, sorted({i for ids in joining.values() for i in ids})) if joining else {}
    refs = {child: [there[i].get("ref") for i in ids if i in there] for child, ids in joining.items()}
    return {child: ref for child, found in refs.items() if (ref := next(filter(None, found), None))}


def _values(run: Run, kind: Kind, row: Row, before: Values | None) -> Values:
    """A record's properties once this load has said what it says; its own earlier word is replaced."""
    said = {name: row[name] for name in _columns(kind) if name in row}  # type: ignore[arg-type]
    said |= {name: list(said[name]) for name in claimed(kind).lists if name in said}
    claim = Claim(run.load, said, tuple([f"{run.load.id}:{line}" for line in row["rows"]]))
    others = [c for c in claims_of(kind, before, run.standing) if c.load.id != run.load.id] if before else []
    values = written(kind, [*others, claim])
    if others:
        run.done.merged[kind.table] = run.done.merged.get(kind.table, 0) + 1
        if "claims" in values:
            run.done.disagreements += differing(kind, [*others, claim], values)
    return values


@cache
def _columns(kind: Kind) -> tuple[str, ...]:
    of = claimed(kind)
    ends = ENDS if issubclass(kind, Relationship) else ()
    return (*of.plain, *of.lists, *(name for name, _ in of.closing), *ends)


# --- relationships ---


def _write_relationships(run: Run, kind: type[Relationship], rows: list[Row]) -> None:
    ends = [name for name in ENDS if name in kind.key]
    known = [row["id"] for row in rows if all(_may_stand(run, row[name]) for name in ends)]
    there = _stored_relationships(run, kind.type, known)
    changed = []
    for row in rows:
        before = with_ends(there[row["id"]]) if row["id"] in there else None
        values = _values(run, kind, row, before)
        if before is None or values != {k: v for k, v in before.items() if k != "id"}:
            changed.append({"id": row["id"], "values": values, "moved": moved(before, values)})
    put_relationships(run.store, kind.type, changed, run.put)
    _count(run, kind.type, kind.table, [row["id"] for row in rows], len(changed))


def _may_stand(run: Run, reference: str) -> bool:
    """Whether a relationship with this end may be on record: not where the node itself was not."""
    label, _, id = reference.partition(":")
    return label == "LocalAuthority" or id in run.there[label]


def _stored_relationships(run: Run, type: str, ids: Sequence[str]) -> dict[str, Row]:
    held = run.on_record[type]
    return run.store.stored_relationships(type, _or_all(ids, held)) if held and ids else {}


def with_ends(row: Row) -> Values:
    """A stored relationship's properties with its ends, as `Kind:id`."""
    return {**row["values"], "from": f"{row['start']}:{row['from']}", "to": f"{row['end']}:{row['to']}"}


def moved(before: Values | None, values: Values) -> bool:
    """Whether a stored relationship is to stand between other ends."""
    return before is not None and any(before[name] != values[name] for name in ENDS)


def put_relationships(store: Store, type: str, rows: Sequence[Row], put: Put) -> None:
    """Ask for relationships whose values hold their ends to be written, one pair of labels at a time."""
    groups: dict[tuple[str, str, bool], list[Row]] = {}
    for row in rows:
        values = row["values"]
        start, _, start_id = values.pop("from").partition(":")
        end, _, end_id = values.pop("to").partition(":")
        flat = {"id": row["id"], "from": start_id, "to": end_id, "values": values}
        groups.setdefault((start, end, row["moved"]), []).append(flat)
    for (start, end, moved), some in sorted(groups.items()):
        put(partial(store.write_relationships, type, start, end, some, moved=moved))


def _write_link(run: Run, kind: type[Node], one: Link, rows: list[Row]) -> None:
    """A node's link column as relationships, each standing on the lines of its node."""
    start = model.label(kind)
    on_record = run.there[start]
    wanted = [
        (hashed(one.relationship, start, row["id"], target), row, target)
        for row in rows
        for target in row.get(one.name, ())
    ]
    there = _stored_relationships(run, one.relationship, [id for id, row, _ in wanted if row["id"] in on_record])
    changed = []
    for id, row, target in wanted:
        before = there[id]["values"].get("sources", []) if id in there else []
        kept = [source for source in before if not source.startswith(f"{run.load.id}:")]
        sources = sorted({*kept, *(f"{run.load.id}:{line}" for line in row["rows"])})
        if sources != before:
            ends = {"from": f"{start}:{row['id']}", "to": target}
            changed.append({"id": id, "values": {"sources": sources, **ends}, "moved": False})
    put_relationships(run.store, one.relationship, changed, run.put)
    _count(run, one.relationship, one.relationship.lower(), [id for id, _, _ in wanted], len(changed))


def _count(run: Run, name: str, table: str, ids: Sequence[str], changed: int) -> None:
    run.said.setdefault(name, set()).update(ids)
    if ids:
        run.done.written[table] = run.done.written.get(table, 0) + changed
        run.done.same[table] = run.done.same.get(table, 0) + len(ids) - changed
