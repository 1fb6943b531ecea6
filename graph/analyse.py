"""Every rule over every child of an authority, written back under one Analysis that pages switch to.

Raised findings become nodes, and of the cohort what is not known too: the features, and who may belong to it. The
rest are counted on the Analysis. The child's page runs the rules on the records, so that it shows every status.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Executor, ProcessPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import partial
from importlib.metadata import version
from itertools import islice
from multiprocessing import get_context

from graph.errors import TeamaroundError
from graph.findings import Finding, run
from graph.identity import hashed
from graph.model import Analysis, FindingNode, LooksAfter, by_label
from graph.parameters import DEFAULTS, Parameters, changed, of
from graph.records import Records
from graph.store import Row, Store

Say = Callable[[str], None]
CHUNK = 50


@dataclass(frozen=True)
class Analysed:
    """What an analysis found: how many children, findings by rule and status."""

    id: str
    authority: str
    as_at: date
    children: int
    counts: dict[str, dict[str, int]]


def default_day(store: Store, authority: str, today: date) -> date:
    """The last day to which an authority's loads cover who is looked after (else anything), at most today.

    A list of reviewing officers is of today, however old the return beside it: it does not move the day on which
    findings are made to one that no record of care covers. Raises TeamaroundError where nothing is loaded, or
    nothing that says which days it covers.
    """
    loads = [row for row in store.loads(authority) if row.get("finished") and not row.get("superseded_by")]
    care = [c.end for c in store.coverage(authority) if c.table == LooksAfter.table]
    ends = care or [row["covers_to"] for row in loads if row.get("covers_to")]
    if loads and not ends:
        raise TeamaroundError("No load of this authority says which days it covers: name the day with --as-at DATE.")
    if not ends:
        raise TeamaroundError(
            "Nothing is loaded for this authority yet. `teamaround load FOLDER --authority CODE` loads a folder."
        )
    return min(max(ends), today)


def authorities(store: Store) -> list[str]:
    """ONS codes of the authorities that something is loaded for."""
    return sorted({row["authority"] for row in store.loads() if row.get("finished")})


def analyse(
    store: Store,
    authority: str,
    t: date,
    *,
    parameters: Parameters = DEFAULTS,
    workers: int = 1,
    say: Say = lambda _: None,
) -> Analysed:
    """Run every rule over an authority's children as at day t, write back, and let pages switch to it.

    It waits for a load, or another analysis, that is at work, and they wait for it.
    """
    with store.alone():
        return _analyse(store, authority, t, parameters, workers, say)


def _analyse(store: Store, authority: str, t: date, parameters: Parameters, workers: int, say: Say) -> Analysed:
    started = datetime.now(UTC).isoformat(timespec="milliseconds")
    id = hashed("Analysis", authority, t, started)
    ids = store.child_ids(authority)
    node = {
        "authority": authority, "as_at": t, "started": started, "current": False, "version": version("teamaround"),
        "parameters": json.dumps(changed(parameters)),
    }  # fmt: skip
    store.write_nodes(Analysis, [{"id": id, "values": node}])
    counts: dict[str, Counter[str]] = {}
    done = 0
    with _executor(workers) as executor:
        for found in _over(executor, store.records(ids), t, parameters):
            for finding in found:
                counts.setdefault(finding.rule, Counter())[finding.status] += 1
            _write(store, id, [f for f in found if is_kept(f)])
            done += len({f.child for f in found})
            say(f"{done:,} of {len(ids):,} children")
    counted = {rule: dict(sorted(c.items())) for rule, c in sorted(counts.items())}
    _switch(store, id, node, counted)
    return Analysed(id, authority, t, len(ids), counted)


# The rules of which what cannot be said is kept: the four features, and whom they put in or near the cohort.
COHORT = ("cohort.f1", "cohort.f2", "cohort.f3", "cohort.f4", "cohort.matches", "cohort.near")


def is_kept(finding: Finding) -> bool:
    """Whether a finding is written back: what is raised, and of the cohort what is unknown."""
    return finding.status == "raised" or (finding.status == "not assessable" and finding.rule in COHORT)


def _executor(workers: int) -> ProcessPoolExecutor | nullcontext[None]:
    # Spawned on every platform: a forked process would share the driver's connections and locks.
    return ProcessPoolExecutor(workers, get_context("spawn")) if workers > 1 else nullcontext()


def _over(
    executor: Executor | None, records: Iterator[Records], t: date, parameters: Parameters
) -> Iterable[list[Finding]]:
    chunks = iter(lambda: list(islice(records, CHUNK)), [])
    work = partial(_findings, t=t, parameters=parameters)
    return executor.map(work, chunks) if executor else map(work, chunks)


def _findings(chunk: Sequence[Records], t: date, parameters: Parameters) -> list[Finding]:
    return [f for records in chunk for f in run(records, t, parameters)]


def _write(store: Store, analysis: str, found: Sequence[Finding]) -> None:
    nodes = [{"id": _id(analysis, f), "values": {**_values(f), "analysis": analysis}} for f in found]
    store.write_nodes(FindingNode, nodes)
    about = [
        {"id": hashed("ABOUT", node["id"]), "from": node["id"], "to": f.child, "values": {"sources": []}}
        for node, f in zip(nodes, found, strict=True)
    ]
    store.write_relationships("ABOUT", "Finding", "Child", about)
    behind: dict[str, list[Row]] = {}
    for node, f in zip(nodes, found, strict=True):
        for e in f.evidence:
            if e.kind in by_label():
                row = {"id": hashed("EVIDENCED_BY", node["id"], e.id), "from": node["id"], "to": e.id, "values": {}}
                behind.setdefault(e.kind, []).append(row)
    for kind, rows in sorted(behind.items()):
        store.write_relationships("EVIDENCED_BY", "Finding", kind, rows)


def _id(analysis: str, f: Finding) -> str:
    return hashed("Finding", analysis, f.rule, f.child, f.subject)


def _values(f: Finding) -> Row:
    """A finding as the graph keeps it."""
    values = {
        "key": f.key, "rule": f.rule, "version": f.version, "family": f.family, "fact": f.fact,
        "subject": f.subject, "status": f.status, "sentence": f.sentence, "question": f.question,
        "measures": json.dumps(f.measures, default=str), "parameters": json.dumps(f.parameters, default=str),
        "evidence": [f"{e.kind}:{e.id}" for e in f.evidence], "citation": f.citation, "reason": f.reason,
    }  # fmt: skip
    return {k: v for k, v in values.items() if v not in ("", None)}


def _switch(store: Store, id: str, node: Row, counts: dict[str, dict[str, int]]) -> None:
    """Make this analysis the current one, and only then let the older ones and their findings go."""
    finished = datetime.now(UTC).isoformat(timespec="milliseconds")
    store.write(
        "MATCH (new:Analysis {id: $id}) SET new.finished = $finished, new.counts = $counts, new.current = true "
        "WITH new MATCH (old:Analysis {authority: new.authority}) WHERE old.id <> new.id SET old.current = false",
        {"id": id, "finished": finished, "counts": json.dumps(counts)},
    )
    old = "MATCH (a:Analysis {authority: $authority}) WHERE a.id <> $id"
    given = {"authority": node["authority"], "id": id}
    store.write(f"{old} MATCH (f:Finding {{analysis: a.id}}) DETACH DELETE f", given)
    store.write(f"{old} DELETE a", given)


def current(store: Store, authority: str) -> Row | None:
    """The analysis that pages read, or None where there is none yet."""
    found = store.read(
        "MATCH (a:Analysis {authority: $authority, current: true}) RETURN properties(a) AS a", {"authority": authority}
    )
    return found[0]["a"] if found else None


def parameters_of(analysis: Row) -> Parameters:
    """The parameters an analysis was made with."""
    return of(json.loads(analysis.get("parameters") or "{}"))


def as_json(f: Finding) -> dict[str, object]:
    """A finding as the command line and other programs read it: dates ISO, evidence with its lines."""
    evidence = [
        {"kind": e.kind, "id": e.id, "start": e.start, "end": e.end, "source": list(e.sources)} for e in f.evidence
    ]
    return {
        "rule": f.rule, "version": f.version, "family": f.family, "child": f.child, "subject": f.subject,
        "status": f.status, "as_at": f.as_at, "sentence": f.sentence, "question": f.question,
        "measures": f.measures, "parameters": f.parameters, "evidence": evidence, "citation": f.citation,
        "reason": f.reason,
    }  # fmt: skip
