"""What a load did, what it makes assessable, and how the graph compares with the return: the report's second half."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from graph import reconcile
from graph.analyse import default_day
from graph.assessable import Assessable, assessable
from graph.disagreements import Disagreement, Word
from graph.errors import TeamaroundError
from graph.loading import Loaded
from graph.reconcile import Reconciled, reconciled
from graph.records import Coverage
from graph.store import Store
from graph.words import day as day_of
from ingest import own_count
from ingest.extract import Extract
from ingest.report.told import KINDS, title


@dataclass(frozen=True)
class After:
    """What loading did.

    loads: what each load was of, and what it did; also those that it set off. day: the last day that is covered,
    None where nothing says it. answers: every rule, as at that day. years: DfE's counts on a day, from the return
    and from the graph.
    """

    loads: tuple[tuple[str, Loaded], ...]
    day: date | None = None
    answers: tuple[Assessable, ...] = ()
    years: tuple[tuple[date, tuple[Reconciled, ...]], ...] = ()


def after(
    store: Store,
    authority: str,
    before: Iterable[Coverage],
    loads: Sequence[tuple[Extract, Loaded]],
    today: date,
) -> After:
    """What a load of some extracts did to an authority's graph.

    before: what was covered before it (`Store.coverage`). Reads every child of the authority where there is a
    return to compare with.
    """
    years = compared(store, authority, [extract for extract, _ in loads])
    did = settled([(title(extract), one) for extract, one in loads])
    try:
        day = default_day(store, authority, today)
    except TeamaroundError:  # no load says which days it covers: nothing can be said as at a day
        return After(did, years=years)
    return After(did, day, assessable(before, store.coverage(authority), day), years)


def settled(loads: Sequence[tuple[str, Loaded]]) -> tuple[tuple[str, Loaded], ...]:
    """What loads did in the end: a load that a later one set off again is told once, with how it stands now."""
    found: dict[str, tuple[str, Loaded]] = {}
    for name, one in loads:
        found[one.load] = (name, one)
        for again in one.again:
            if again.load in found:
                before = found[again.load]
                found[again.load] = (before[0], _together(before[1], again))
            else:
                found[again.load] = (f"{KINDS.get(again.kind, again.kind)} · {again.supplier}, loaded again", again)
    return tuple(found.values())


def _together(first: Loaded, again: Loaded) -> Loaded:
    written, retired = Counter(first.written) + Counter(again.written), Counter(first.retired) + Counter(again.retired)
    return replace(again, same=first.same, written=dict(written), retired=dict(retired))


def compared(
    store: Store, authority: str, extracts: Sequence[Extract]
) -> tuple[tuple[date, tuple[Reconciled, ...]], ...]:
    """DfE's counts from the return among some extracts beside those from the graph.

    For the last 31 March the return covers, and for its last day where that is a later one. Nothing where there
    is no return among them.
    """
    ends = [e.covers_to for e in extracts if e.kind == own_count.KIND and e.covers_to]
    days = reconcile.days_of(max(ends)) if ends else ()
    own = {day: found for day in days if (found := own_count.count(extracts, day))}
    if not own:
        return ()
    graph = reconcile.counts(store.records(store.child_ids(authority)), tuple(own))
    return tuple((day, reconciled(own[day], graph[day])) for day in own)


# --- in the words of the report ---

LINES_OF = ("written", "same", "merged", "retired")


def by_table(did: Loaded) -> list[tuple[str, tuple[int, ...]]]:
    """By table: written, as before, on more than one load, retired."""
    numbers = [getattr(did, name) for name in LINES_OF]
    tables = dict.fromkeys(table for of in numbers for table in of)
    rows = [(table, tuple(of.get(table, 0) for of in numbers)) for table in tables]
    return [(table, row) for table, row in rows if any(row)]


def totals(did: Loaded) -> tuple[int, ...]:
    """Written, as before, on more than one load, retired, and lines that wait."""
    return (*(sum(getattr(did, name).values()) for name in LINES_OF), len(did.unmatched))


def loaded_on(did: Loaded) -> str:
    """The day on which the same files were loaded before; empty where they were not."""
    return day_of(datetime.fromisoformat(did.unchanged_since)) if did.unchanged_since else ""


@dataclass(frozen=True)
class Differing:
    """Disagreements of the same two sources on the same column: counted once, with the first lines."""

    table: str
    column: str
    kept: str
    other: str
    how: str
    lines: tuple[tuple[str, str], ...]  # the line that was kept, the line that was not

    @property
    def times(self) -> int:
        """How often."""
        return len(self.lines)


def disagreements(loads: Iterable[tuple[str, Loaded]]) -> list[Disagreement]:
    """Every disagreement that loads met, each once."""
    return list(dict.fromkeys(one for _, did in loads for one in did.disagreements))


def differing(loads: Iterable[tuple[str, Loaded]]) -> list[Differing]:
    """Disagreements by table, column and sources; those that come most often first."""
    groups: dict[tuple[str, str, str, str], list[tuple[str, str, str]]] = {}
    for one in disagreements(loads):
        for other in one.others:
            key = (one.table, one.property, named(one.kept), named(other))
            groups.setdefault(key, []).append((one.how, one.kept.row, other.row))
    found = [_differing(key, of) for key, of in groups.items()]
    return sorted(found, key=lambda d: (-d.times, d.table, d.column, d.other))


def _differing(key: tuple[str, str, str, str], of: Sequence[tuple[str, str, str]], shown: int = 3) -> Differing:
    ways = Counter(how for how, _, _ in of).most_common()
    said = [f"{how} ({n:,})" if n > 1 and len(ways) > 1 else how for how, n in ways[:shown]]
    more = [f"{len(ways) - shown} other ways"] if len(ways) > shown else []
    return Differing(*key, "; ".join([*said, *more]), tuple((kept, other) for _, kept, other in of))


def named(word: Word) -> str:
    """Who says it, as reports call a source."""
    return KINDS.get(word.source, word.source)


def lines_by_file(lines: Iterable[str]) -> dict[str, tuple[int, ...]]:
    """Lines `file:row` as the rows of each file, in order."""
    found: dict[str, set[int]] = {}
    for line in lines:
        file, _, row = line.rpartition(":")
        found.setdefault(file, set()).add(int(row))
    return {file: tuple(sorted(rows)) for file, rows in sorted(found.items())}


WAITING = "for children who are not on record: they are loaded by themselves once a load brings those children"
