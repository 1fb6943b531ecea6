"""Loading one extract into the graph, and again what turns out to be about other children than before.

The graph is what the extracts that stand say, whatever the order in which they came and in however many commands.
What an extract says hangs on the others in one thing only: which child or worker a row is about (`graph.register`).
So each load keeps its extract, and is loaded again from it when that changes: when a later one brings the child that
lines wait for, tells that a number was changed, or gives the registration of a worker known by her staff number.

The same extract twice changes nothing. A full load supersedes earlier ones of the same kind, supplier and
authority whose period it contains: what no load supports any more is deleted and counted. Of snapshots, which hold
everything as on one day, the latest stands, in whatever order they come.
"""

from __future__ import annotations

import gc
import sys
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import Any, Protocol, TypeVar

import pandas as pd

from graph.disagreements import standing_of
from graph.identity import each_kind, hashed
from graph.merging import Values
from graph.model import Load
from graph.plain import Tables, pack, plain, unpack
from graph.records import Coverage
from graph.register import Register, register_of
from graph.store import Row, Store, coverage_line
from graph.withdrawing import withdraw
from graph.writing import Loaded as Loaded
from graph.writing import Run, Say, in_order, write

# Kinds of extract that hold everything as on one day, and how much later than another one a later one may begin:
# a quarter (a house rule; reports are made by quarters), or whenever it likes (None).
SNAPSHOTS: Mapping[str, timedelta | None] = {"ssd": timedelta(92), "allocations": None}
LATER = "A later extract of the same is loaded and stands: this one changes nothing."


class Source(Protocol):
    """What is asked of an extract (`ingest.extract.Extract`): the graph never imports a reader."""

    @property
    def kind(self) -> str: ...
    @property
    def authority(self) -> str: ...
    @property
    def supplier(self) -> str: ...
    @property
    def digest(self) -> str: ...
    @property
    def tables(self) -> Mapping[str, pd.DataFrame]: ...
    @property
    def coverage(self) -> tuple[Coverage, ...]: ...
    @property
    def covers_from(self) -> date | None: ...
    @property
    def covers_to(self) -> date | None: ...
    @property
    def full(self) -> bool: ...
    @property
    def extracted_on(self) -> date | None: ...


S = TypeVar("S", bound=Source)


def in_turn(sources: Iterable[S]) -> list[S]:
    """Extracts in the order in which least has to be loaded again: those first that say who is who."""
    first = ("ssd", "ssda903", "allocations")
    return sorted(sources, key=lambda source: first.index(source.kind) if source.kind in first else len(first))


def load(
    store: Store, source: Source, *, files: Sequence[str] = (), rows: int = 0, refused: int = 0,
    set_aside: int = 0, say: Say = lambda _: None,
) -> Loaded:  # fmt: skip
    """Write one extract, one load at a time. A finished load of the same extract makes it a no-op.

    Raises TeamaroundError where Neo4j does not answer; what is half written then is mended by the next load,
    of the same extract or of another.
    """
    id = hashed("Load", source.kind, source.supplier, source.digest)
    with store.alone(), _undisturbed():
        every = _cleared_up(store, id, say)
        before = every.get(id, {})
        if _stands(before) and _keeps(before):
            done = Loaded(id, source.kind, source.supplier, unchanged_since=before.get("loaded_at"))
            who = _register(store, every)
        elif later := _later(said := _load_values(source, files, rows, refused, set_aside), every):
            done = Loaded(id, source.kind, source.supplier, later=later["covers_to"], notes=(LATER,))
            who = _register(store, every)
        else:
            every[id] = said
            replaced = {i: {**every[i], "superseded_by": id} for i in _replaced(id, said, every)}
            tables = plain(source.tables)
            who = _register(store, {**every, **replaced}, id, tables)
            store.write_nodes(Load, [{"id": id, "values": {**said, "finished": False}}])
            done = _write(store, id, every, tables, who, say, keep=True, stale=bool(before))
            every[id] = {**said, **_found(done, who)}
            _switch(store, id, every, replaced)
            every |= replaced
            done.retired = {}
            if replaced:
                say("Taking back what earlier loads said and this one does not")
                done.retired = _take_back(store, replaced, every)
        _load_again(store, every, who, done, say)
        return done


@contextmanager
def _undisturbed() -> Iterator[None]:
    """Python as loading wants it: no search for cycles, and threads that hand over to each other at once.

    Rows are in no cycles, and looking at all of them again and again costs a quarter of the time. What writes
    waits for the server most of the time, and should not then wait for what makes the next rows ready.
    """
    collected, interval = gc.isenabled(), sys.getswitchinterval()
    gc.disable()
    sys.setswitchinterval(0.0005)
    try:
        yield
    finally:
        sys.setswitchinterval(interval)
        if collected:
            gc.enable()


def _stands(row: Mapping[str, Any]) -> bool:
    return bool(row.get("finished")) and not row.get("superseded_by")


def _keeps(row: Mapping[str, Any]) -> bool:
    """Whether its extract was kept: an early version did not, and what it loaded is left until it is loaded again."""
    return "whose" in row


def _cleared_up(store: Store, id: str, say: Say) -> dict[str, Row]:
    """The loads there are, once what was cut off is taken back; the load to come mends its own first attempt."""
    earlier = {row["id"]: row for row in store.loads()}
    left = {i: row for i, row in earlier.items() if not row.get("finished") and (i != id or row.get("superseded_by"))}
    if left:
        say("Taking back what a load that was cut off left")
        _take_back(store, left, earlier)
    return {i: row for i, row in earlier.items() if i not in left or row.get("superseded_by")}


def _register(store: Store, every: Mapping[str, Row], new: str = "", tables: Tables | None = None) -> Register:
    """Who every row of the loads that stand is about, a new one among them."""
    people = dict(_people(store, [i for i, row in every.items() if _stands(row) and i != new]))
    if tables is not None:
        people[new] = tables
    return register_of((i, every[i]["authority"], every[i].get("covers_from"), of) for i, of in people.items())


def _people(store: Store, loads: Sequence[str]) -> Iterator[tuple[str, Tables]]:
    """The children and the professionals of each load, from what it kept."""
    for i, kept in store.kept(loads, ("children", "professionals")).items():
        yield i, {table: unpack(table, packed) for table, packed in kept.items()}


def _write(
    store: Store, id: str, every: Mapping[str, Row], tables: Tables, who: Register, say: Say, *, keep: bool, stale: bool
) -> Loaded:  # fmt: skip
    """Write all that one load says. keep: and its extract; stale: it was written before, in part or otherwise."""
    row = every[id]
    standing = {i: standing_of(i, other) for i, other in every.items()}
    done = Loaded(id, row["kind"], row["supplier"], notes=_notes(who, id))
    with in_order() as put:
        run = Run(store, standing[id], standing, who.replaces, done, put, store.counts())
        write(run, each_kind(tables, row["authority"], who, id), say)
        if keep:
            put(partial(store.keep, id, {table: pack(table, columns) for table, columns in tables.items()}))
    if stale:
        done.retired = withdraw(store, [id], standing, run.said)
    return done


def _notes(who: Register, id: str) -> tuple[str, ...]:
    unclear = "an earlier number of this child is not used to join records, because it is unclear whose it is."
    shared = "this number in the staff list is another worker's too, so it is not used to join records."
    lines = [(row, unclear) for row in who.unclear.get(id, ())] + [(row, shared) for row in who.shared.get(id, ())]
    return tuple(f"{row}: {why}" for row, why in lines)


def _found(done: Loaded, who: Register) -> Values:
    """What a Load says once it is written: that it stands, how many lines wait, and whom the others are about."""
    return {"finished": True, "unmatched": len(done.unmatched), "whose": who.whose(done.load)}


def _switch(store: Store, id: str, every: Mapping[str, Row], replaced: Mapping[str, Row]) -> None:
    """In one transaction: this load stands, and those it replaces are to be taken back."""
    rows = [{"id": i, "values": {**row, "finished": False}} for i, row in replaced.items()]
    store.write_nodes(Load, [{"id": id, "values": every[id]}, *rows])


def _take_back(store: Store, left: Mapping[str, Row], every: Mapping[str, Row]) -> dict[str, int]:
    """Withdraw loads; one that was replaced stays as a record of what was loaded, one that was cut off goes."""
    standing = {i: standing_of(i, row) for i, row in every.items() if i not in left}
    retired = withdraw(store, list(left), standing)
    store.forget(list(left))
    replaced = {i: row for i, row in left.items() if row.get("superseded_by")}
    store.write_nodes(Load, [{"id": i, "values": {**row, "finished": True}} for i, row in replaced.items()])
    store.delete_nodes(Load, [i for i in left if i not in replaced])
    return retired


def _load_again(store: Store, every: Mapping[str, Row], who: Register, done: Loaded, say: Say) -> None:
    """Load again, from what was kept, each load of which a row is now known to be about someone else than before."""
    for i, row in every.items():
        if not (_stands(row) and _keeps(row)) or row["whose"] == who.whose(i):
            continue
        say(f"Loading again what {row['supplier']} supplied: more is known of whom it is about")
        # Until all of it is written it is about nobody in particular: cut off now, it is loaded again next time.
        store.write_nodes(Load, [{"id": i, "values": {**row, "whose": ""}}])
        tables = {table: unpack(table, packed) for table, packed in store.kept([i]).get(i, {}).items()}
        again = _write(store, i, every, tables, who, say, keep=False, stale=True)
        store.write_nodes(Load, [{"id": i, "values": {**row, **_found(again, who)}}])
        done.again.append(again)


def _load_values(source: Source, files: Sequence[str], rows: int, refused: int, set_aside: int) -> Values:
    roles = sorted({c.of for c in source.coverage if c.table == "involved_with" and c.of})
    values = {
        "kind": source.kind, "authority": source.authority, "supplier": source.supplier,
        "tables": sorted(source.tables), "roles": roles,
        "coverage": sorted(coverage_line(c) for c in source.coverage),
        "covers_from": source.covers_from, "covers_to": source.covers_to, "full": source.full,
        "extracted_on": source.extracted_on, "loaded_at": datetime.now(UTC).isoformat(timespec="seconds"),
        "files": list(files), "rows": rows, "refused": refused, "set_aside": set_aside,
    }  # fmt: skip
    return {k: v for k, v in values.items() if v is not None}


def _replaced(id: str, new: Values, earlier: Mapping[str, Row]) -> list[str]:
    """Loads that a new one takes the place of."""
    return [i for i, row in earlier.items() if i != id and not row.get("superseded_by") and _takes_place(new, row)]


def _later(new: Values, every: Mapping[str, Row]) -> Row | None:
    """A later snapshot that stands in the place of a new one."""
    of_snapshots = (row for row in every.values() if _stands(row) and row["kind"] in SNAPSHOTS)
    return next((row for row in of_snapshots if _takes_place(row, new) and row["covers_to"] > new["covers_to"]), None)


def _takes_place(new: Mapping[str, Any], old: Mapping[str, Any]) -> bool:
    """Whether a full load takes the place of another: same kind, supplier and authority, its tables and its period.

    Of snapshots the later takes the place of an earlier one that begins about when it does: what a case system
    keeps begins a day later each day. A list of reviewing officers is of today, whenever that began.
    """
    same = all(new.get(name) == old.get(name) for name in ("kind", "supplier", "authority"))
    if not (same and new["full"] and "covers_from" in new and "covers_to" in new):
        return False
    slack = SNAPSHOTS.get(new["kind"], timedelta(0))
    begins = old.get("covers_from") or date.min
    within = slack is None or new["covers_from"] <= (begins if begins == date.min else begins + slack)
    ended = (old.get("covers_to") or date.max) <= new["covers_to"]
    return within and ended and set(old.get("tables", ())) <= set(new["tables"])
