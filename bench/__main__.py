"""Measure on an invented council, in a graph of its own, and print a table.

Each figure of ours stands beside the plainest way to do the same work in the same run: the bare driver writing
the same rows, NetworkX's own calls on the same networks. Quote the ratios; machines are noisy.
"""

from __future__ import annotations

import argparse
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import networkx as nx

from graph import server
from graph.findings import run
from graph.loading import in_turn, load
from graph.network import alter_graph
from graph.records import Records, as_at
from graph.store import BATCH, Store
from ingest import recognise
from ingest.generate import generate

DAY = date(2026, 3, 31)
AUTHORITY = "E08000025"
ROUNDS = 3


class Recording(Store):
    """A store that remembers every batch it sent, so that the bare driver can send the same."""

    def __init__(self, *given: Any) -> None:
        super().__init__(*given)
        self.sent: list[tuple[str, list[Any]]] = []

    def _in_batches(self, cypher: str, rows: Sequence[Any]) -> None:
        if rows and ":Kept " not in cypher:  # what a load keeps of its extract is our own doing, and no record
            self.sent.append((cypher, list(rows)))
        super()._in_batches(cypher, rows)


def main() -> None:
    """Generate, load, analyse and read, timing each; print what came out."""
    options = argparse.ArgumentParser(prog="python -m bench")
    options.add_argument("--children", type=int, default=250)
    options.add_argument("--no-browser", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        home = Path(folder) / "home"
        try:
            council = Path(folder) / "council"
            generate(council, children=chosen.children, seed=1, as_at=DAY)
            connection = server.managed(home, print)
            with Recording.open(connection) as store:
                measure_all(store, council, chosen.children)
            if not chosen.no_browser:
                from bench.page import first_drawing

                print(f"page: {first_drawing(home):.1f} s from opening a child's address to the ecomap drawn")
        finally:
            server.stop(home)


def measure_all(store: Any, council: Path, children: int) -> None:
    """Every figure but the page's."""
    extracts, seconds = timed(lambda: recognise.read([council], AUTHORITY, today=DAY))
    print(f"{children} children; files read and checked in {seconds:.1f} s")
    loading(store, in_turn(extracts))
    ids = store.child_ids()
    reading(store, ids)
    analysing(list(store.records(ids)))


def loading(store: Any, extracts: Sequence[Any]) -> None:
    """Rows a second through `load`, beside the bare driver writing the same rows into the same empty graph.

    In turns, the first of each unmeasured: it pays for planning the queries and for Java's own warming up.
    """
    ours, bare = [], []
    for _ in range(1 + ROUNDS):
        store.clear()
        store.sent.clear()
        ours.append(timed(lambda: [load(store, e) for e in extracts])[1])
        sent = list(store.sent)
        store.clear()
        bare.append(timed(lambda s=sent: replay(store, s))[1])
    store.clear()
    for extract in extracts:
        load(store, extract)
    rows = sum(len(r) for _, r in sent)
    ratio = statistics.median(a / b for a, b in zip(ours[1:], bare[1:], strict=True))
    print(
        f"load: {sum(store.counts().values()):,} nodes and relationships from {rows:,} rows, "
        f"{rows / statistics.median(ours[1:]):,.0f} rows a second; "
        f"the bare driver {rows / statistics.median(bare[1:]):,.0f}; ratio of times {ratio:.2f}"
    )


def replay(store: Any, sent: Sequence[tuple[str, list[Any]]]) -> None:
    """Send the same rows with nothing but the driver."""
    with store._driver.session() as session:
        for cypher, rows in sent:
            for at in range(0, len(rows), BATCH):
                session.execute_write(lambda tx, c=cypher, r=rows[at : at + BATCH]: tx.run(c, rows=r).consume())


def reading(store: Any, ids: Sequence[str]) -> None:
    """Milliseconds to read one child's records."""
    times = sorted(timed(lambda i=i: store.child_records(i))[1] * 1000 for i in ids[:200])
    _, together = timed(lambda: list(store.records(ids)))
    print(
        f"read: one child's records p50 {statistics.median(times):.1f} ms, p95 {times[int(len(times) * 0.95)]:.1f} ms; "
        f"all together {together / len(ids) * 1000:.1f} ms a child"
    )


def analysing(everyone: Sequence[Records]) -> None:
    """CPU a child of all rules, beside the mask alone and NetworkX's own calls on the same networks."""
    networks = [alter_graph(as_at(r, DAY), DAY) for r in everyone]
    run(everyone[0], DAY)
    ours = cpu(lambda: [run(r, DAY) for r in everyone]) / len(everyone) * 1000
    build = cpu(lambda: [alter_graph(r, DAY) for r in everyone]) / len(everyone) * 1000
    bare = cpu(lambda: [plain(g) for g in networks]) / len(everyone) * 1000
    nodes = statistics.mean(len(r.nodes) + len(r.relationships) for r in everyone)
    print(
        f"analyse: {ours:.1f} CPU-ms a child for every rule over {nodes:.0f} records; building her network "
        f"{build:.2f}; NetworkX's bare calls on it {bare:.2f}; ratio of all rules to the bare calls {ours / bare:.0f}"
    )


def plain(network: nx.Graph) -> None:
    """What the silo rules ask of NetworkX, and no more."""
    list(nx.connected_components(network))
    list(nx.articulation_points(network))


def timed(work: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives, and wall seconds."""
    began = time.perf_counter()
    return work(), time.perf_counter() - began


def cpu(work: Callable[[], Any]) -> float:
    """CPU seconds."""
    began = time.process_time()
    work()
    return time.process_time() - began


main()
