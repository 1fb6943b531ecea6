"""Which rows of which extracts are about the same child or worker: from everything that stands, in any order.

Each standing load's children table says who a row is about: by the authority's own number, with numbers the
child had before (aliases), by NHS number, by UPN. The register is made of all of them at once and of nothing
else, so that it does not matter which came first.

* A row's own number decides. A number that is another's alias is an earlier number of that child: her id is the
  authority's code and the number that is nobody's alias.
* An alias joins nobody where it is unclear: two numbers that are said to follow each other, a number that two
  children are said to have had, a number that an extract which knows aliases has for another child.
* Children of two authorities are one where an NHS number or UPN says so; the authority whose records of her
  begin first names her. Within one authority a number typed wrong must not join two children.
* A row without a number of the authority is about the child who alone has its NHS number, else its UPN; what
  else it says of her may then tell who another row is about.
* A worker's number in the staff list is her registration wherever a row of that authority gives both: a list that
  has the number alone is about the same worker. Not where the number stands with two registrations, nor where
  their names have no word in common: agencies of one place number their staff apart.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import networkx as nx

from graph.plain import Columns, Tables, folded, hashed, rows_of
from graph.reference import codes

TITLES = frozenset({"mr", "mrs", "ms", "miss", "mx", "dr", "prof", "sir", "pc", "ds", "dc"})
Number = tuple[str, str]  # authority, its own number for a child
Key = tuple[str, str]  # "nhs_number" or "upn", and the number
Follows = Mapping[Number, set[Number]]


@dataclass(frozen=True)
class Entry:
    """One row of a load's children table. since: first day the load covers."""

    load: str
    reference: str
    row: str
    authority: str
    since: date
    local_id: str | None
    aliases: tuple[str, ...]
    keys: tuple[Key, ...]

    @property
    def number(self) -> Number:
        """The authority's own number for the child; "" where the row gives none."""
        return (self.authority, self.local_id or "")

    @property
    def earlier(self) -> list[Number]:
        """The numbers the child is said to have had before."""
        return [(self.authority, alias) for alias in self.aliases if alias != self.local_id]


@dataclass(frozen=True)
class Worker:
    """One row of a load's professionals table that gives a number in the staff list.

    registration: "" for none. words: of the name, small, without titles; none where it gives no name.
    """

    load: str
    row: str
    number: Number
    registration: str
    words: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Named:
    """Who a row is about: the child's id, and the other numbers that the row knows her by."""

    id: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True)
class Register:
    """By load and the extract's own id of a row: the child. A row that waits for its child is left out.

    unclear: by load, the lines whose aliases could not be used. replaces: by a child's id, the ids that the child
    would have by her other numbers. registrations: by load, those of workers whom it knows by staff number alone.
    shared: by load, the lines whose staff number another worker has too.
    """

    named: Mapping[str, Mapping[str, Named]]
    unclear: Mapping[str, tuple[str, ...]]
    replaces: Mapping[str, tuple[str, ...]]
    registrations: Mapping[str, Mapping[str, str]]
    shared: Mapping[str, tuple[str, ...]]

    def of(self, load: str) -> Mapping[str, Named]:
        """Who the rows of one load are about."""
        return self.named.get(load, {})

    def registrations_of(self, load: str) -> Mapping[str, str]:
        """By staff number, the registrations that others give for the workers of one load."""
        return self.registrations.get(load, {})

    def whose(self, load: str) -> str:
        """A hash of both: it changes when a row of the load turns out to be about another child or worker."""
        children = sorted((r, n.id, *n.aliases) for r, n in self.of(load).items())
        return hashed("whose", *children, *sorted(self.registrations_of(load).items()))


def entries(load: str, authority: str, since: date | None, children: Columns) -> list[Entry]:
    """What a load's children table says."""
    return [
        Entry(
            load, row["id"], row["row"], authority, since or date.max, row.get("local_id"),
            row.get("aliases", ()),
            tuple((k, row[k]) for k in ("nhs_number", "upn") if k in row and row[k] not in codes.NO_UPN),
        )
        for row in rows_of(children)
    ]  # fmt: skip


def workers(load: str, authority: str, professionals: Columns) -> list[Worker]:
    """What its professionals table says."""
    return [
        Worker(
            load, row["row"], (authority, folded(row["staff_id"])), folded(row.get("registration") or ""),
            frozenset(word for word in folded(row.get("name") or "").replace(",", " ").split() if word not in TITLES),
        )
        for row in rows_of(professionals)
        if row.get("staff_id") and row.get("identified") is not False
    ]  # fmt: skip


def register_of(loads: Iterable[tuple[str, str, date | None, Tables]]) -> Register:
    """The register of several loads: of each its id, the authority, the first day it covers, and its tables."""
    children: list[Entry] = []
    staff: list[Worker] = []
    for load, authority, since, tables in loads:
        children += entries(load, authority, since, tables.get("children", {}))
        staff += workers(load, authority, tables.get("professionals", {}))
    return register(children, staff)


def register(every: Iterable[Entry], staff: Iterable[Worker] = ()) -> Register:
    """The register of everything that these entries say, whatever their order."""
    found = list(every)
    numbered = [entry for entry in found if entry.local_id]
    latest, unclear = _latest(numbered)
    ids = _ids(numbered, latest)
    named: dict[str, dict[str, Named]] = defaultdict(dict)
    holders: dict[Key, set[str]] = defaultdict(set)
    for entry in numbered:
        id = ids[entry.number]
        named[entry.load][entry.reference] = Named(id, _other_numbers(entry, id, unclear))
        for key in entry.keys:
            holders[key].add(id)
    _name_by_keys([entry for entry in found if not entry.local_id], holders, named)
    replaces: dict[str, list[str]] = defaultdict(list)
    for number, id in sorted(ids.items()):
        if id != "/".join(number):
            replaces[id].append("/".join(number))
    lines: dict[str, list[str]] = defaultdict(list)
    for entry in found:
        if entry.aliases and not (entry.local_id and unclear.isdisjoint(entry.earlier)):
            lines[entry.load].append(entry.row)
    return Register(named, _tuples(lines), _tuples(replaces), *_registrations(list(staff)))


def _tuples(lists: Mapping[str, list[str]]) -> dict[str, tuple[str, ...]]:
    return {name: tuple(dict.fromkeys(found)) for name, found in lists.items()}


def _other_numbers(entry: Entry, id: str, unclear: set[Number]) -> tuple[str, ...]:
    """The numbers a row knows a child by, but for the one of her id and those that are unclear."""
    known = {entry.number, *(number for number in entry.earlier if number not in unclear)}
    return tuple(sorted(local for authority, local in known if f"{authority}/{local}" != id))


def _registrations(staff: Sequence[Worker]) -> tuple[dict[str, dict[str, str]], dict[str, tuple[str, ...]]]:
    """`Register.registrations` and `Register.shared`."""
    known: dict[Number, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))  # words by registration
    alone: dict[tuple[str, Number], set[str]] = defaultdict(set)  # words by load, of rows without one
    for worker in staff:
        of = known[worker.number][worker.registration] if worker.registration else alone[worker.load, worker.number]
        of |= worker.words
    told: dict[str, dict[str, str]] = defaultdict(dict)
    shared: dict[str, list[str]] = defaultdict(list)
    for worker in staff:
        given, words = known.get(worker.number, {}), alone.get((worker.load, worker.number), set())
        theirs = {word for each in given.values() for word in each}
        if len(given) > 1 or (words and theirs and words.isdisjoint(theirs)):
            shared[worker.load].append(worker.row)
        elif given and not worker.registration:
            told[worker.load][worker.number[1]] = next(iter(given))
    return told, _tuples(shared)


# --- numbers that changed ---


def _latest(numbered: Sequence[Entry]) -> tuple[dict[Number, Number], set[Number]]:
    """By a number that changed, the one the child has now; and the numbers of which that is unclear."""
    follows: dict[Number, set[Number]] = defaultdict(set)
    for entry in numbered:
        for earlier in entry.earlier:
            follows[earlier].add(entry.number)
    if not follows:
        return {}, set()
    unclear = _in_circles(follows)
    latest = _followed(follows, unclear)
    unclear |= _told_apart(numbered, latest)
    return _followed(follows, unclear), unclear


def _in_circles(follows: Follows) -> set[Number]:
    """Numbers that are said to follow each other."""
    circles = nx.strongly_connected_components(nx.DiGraph((a, b) for a, later in follows.items() for b in later))
    return {number for circle in circles if len(circle) > 1 for number in circle}


def _followed(follows: Follows, unclear: set[Number]) -> dict[Number, Number]:
    """Each number that changed and the last that follows it; those that lead to two are added to `unclear`."""
    steps = nx.DiGraph((a, b) for a, later in follows.items() if a not in unclear for b in later)
    latest: dict[Number, Number] = {}
    for number in reversed(list(nx.topological_sort(steps))):
        ends = {latest.get(later, later) for later in steps.successors(number)}
        if len(ends) == 1:
            latest[number] = ends.pop()
        elif ends:
            unclear.add(number)
    return latest


def _told_apart(numbered: Sequence[Entry], latest: Mapping[Number, Number]) -> set[Number]:
    """Earlier numbers that a load which knows aliases has as the own numbers of different children."""
    knowing = {entry.load for entry in numbered if entry.aliases}
    own: dict[tuple[str, Number], set[Number]] = defaultdict(set)
    for entry in numbered:
        if entry.load in knowing:
            own[entry.load, latest.get(entry.number, entry.number)].add(entry.number)
    return {n for (_, last), numbers in own.items() if len(numbers) > 1 for n in numbers if n != last}


# --- ids ---


def _ids(numbered: Sequence[Entry], latest: Mapping[Number, Number]) -> dict[Number, str]:
    """The id of the child of each own number."""
    since: dict[Number, date] = {}
    holders: dict[Key, set[Number]] = defaultdict(set)
    for entry in numbered:
        number = latest.get(entry.number, entry.number)
        since[number] = min(entry.since, since.get(number, date.max))
        for key in entry.keys:
            holders[key].add(number)
    first = _across_authorities(holders, since)
    own = {entry.number: latest.get(entry.number, entry.number) for entry in numbered}
    return {number: "/".join(first.get(now, now)) for number, now in own.items()}


def _across_authorities(holders: Mapping[Key, set[Number]], since: Mapping[Number, date]) -> dict[Number, Number]:
    """By a child's number in one authority, her number in the authority whose records of her begin first."""
    same: nx.Graph[Number] = nx.Graph()
    for numbers in holders.values():
        if _one_an_authority(numbers):
            same.add_edges_from((min(numbers), n) for n in numbers if len(numbers) > 1)
    first: dict[Number, Number] = {}
    for group in nx.connected_components(same):
        if _one_an_authority(group):
            first |= dict.fromkeys(group, min(group, key=lambda n: (since[n], n)))
    return first


def _one_an_authority(numbers: set[Number]) -> bool:
    return len({authority for authority, _ in numbers}) == len(numbers)


def _name_by_keys(rows: list[Entry], holders: dict[Key, set[str]], named: dict[str, dict[str, Named]]) -> None:
    """Name rows without a number of the authority: all that can be told at once, then what they tell of others."""
    waiting = rows
    while waiting:
        told = [(entry, id) for entry in waiting if (id := _only(entry, holders))]
        for entry, id in told:
            named[entry.load][entry.reference] = Named(id)
            for key in entry.keys:
                holders[key].add(id)
        if not told:
            break
        waiting = [entry for entry in waiting if entry.reference not in named[entry.load]]


def _only(entry: Entry, holders: Mapping[Key, set[str]]) -> str | None:
    """The child who alone has the first of a row's keys that one child alone has."""
    each = (holders.get(key, set()) for key in entry.keys)
    return next((next(iter(ids)) for ids in each if len(ids) == 1), None)
