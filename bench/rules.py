"""What every rule costs on invented councils of several sizes: CPU a child beside reading, memory, and its growth.

`python -m bench.rules` prints a line a size and a line a rule. A council is read in one process and its children are
analysed in another, one after the other as they come from the graph, so that neither pays for the other's memory. No
database is needed. On record are more children than are generated: the case system knows siblings and others who are
not looked after. CPU is that of the thread that works; other work on the machine still makes it dearer, so compare
within one run.
"""

from __future__ import annotations

import argparse
import json
import pickle
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import psutil

from bench.truth import together
from graph.findings import rules, run
from graph.memory import everyone
from graph.parameters import DEFAULTS
from graph.records import Records, as_at
from ingest.generate import generate
from ingest.recognise import read

DAY = date(2026, 3, 31)
AUTHORITY = "E08000025"
SIZES = (250, 500, 1000, 2000)
TARGET_MS, TARGET_MIB = 10, 1024  # CPU-ms a child; memory at 1,000 children
SAMPLED = 100  # children over whom each rule is timed by itself


def main() -> None:
    """Generate a council of each size, read it in one process, measure it in another, print what came out."""
    options = argparse.ArgumentParser(prog="python -m bench.rules")
    options.add_argument("--children", type=int, nargs="+", default=SIZES, help="sizes of council")
    options.add_argument("--read", type=Path, nargs=2, help=argparse.SUPPRESS)
    options.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.read:
        print(json.dumps(read_council(*chosen.read)))
    elif chosen.measure:
        print(json.dumps(measure(chosen.measure)))
    else:
        measure_all(chosen.children)


def measure_all(sizes: Sequence[int]) -> None:
    """Each size in turn, told as it comes."""
    found = []
    for size in sizes:
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            council, kept = Path(folder) / "council", Path(folder) / "records"
            generate(council, children=size, seed=1, as_at=DAY)
            reading = _in_its_own_process("--read", council, kept)
            found.append({"generated": size, **reading, **_in_its_own_process("--measure", kept)})
        print(told(found[-1]), flush=True)
    print(growth(found))
    print(by_rule(found[-1]))


def _in_its_own_process(*arguments: object) -> dict[str, Any]:
    command = [sys.executable, "-m", "bench.rules", *map(str, arguments)]
    done = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    return dict(json.loads(done.stdout))


def read_council(council: Path, kept: Path) -> dict[str, Any]:
    """Read a council's files and keep every child's records, one after another, for another process to take up."""
    with Peak() as peak, kept.open("wb") as file:
        extracts = read([council], AUTHORITY, today=DAY)
        coverage = [c for e in extracts for c in e.coverage]
        whole = together(extracts)
        del extracts
        for records in everyone(whole, coverage):
            pickle.dump(records, file)
    return {"reading_s": time.thread_time(), "reading_mib": peak.bytes / 2**20}


def _kept(path: Path) -> Iterator[Records]:
    """Every child's records in turn, as from the store: one at a time."""
    with path.open("rb") as file:
        while file.peek(1):
            yield pickle.load(file)


def measure(kept: Path) -> dict[str, Any]:
    """CPU seconds of all rules, each rule's milliseconds a child, and the most memory."""
    running, each, counts = 0.0, Counter[str](), Counter[str]()
    with Peak() as peak:
        for records in _kept(kept):
            if not counts:
                run(records, DAY)  # the first pays for imports and tables of reference
            began = time.thread_time()
            findings = run(records, DAY)
            running += time.thread_time() - began
            made = len(records.nodes) + len(records.relationships)
            counts.update(children=1, findings=len(findings), records=made)
            if counts["children"] <= SAMPLED:
                _rule_by_rule(records, each)
    sampled = min(counts["children"], SAMPLED)
    return {
        **counts, "running_s": running, "peak_mib": peak.bytes / 2**20,
        "rules_ms": {rule: us / sampled / 1000 for rule, us in each.most_common()},
    }  # fmt: skip


def _rule_by_rule(records: Records, each: Counter[str]) -> None:
    """Count CPU-microseconds of each rule; what several ask for is paid by the first of them."""
    seen = as_at(records, DAY)
    for rule in rules().values():
        began = time.thread_time_ns()
        for _ in rule.function(seen, DAY, DEFAULTS):
            pass
        each[rule.id] += (time.thread_time_ns() - began) // 1000


class Peak:
    """The most memory this process holds while something is done, looked at twenty times a second."""

    def __init__(self) -> None:
        self.bytes = 0
        self._done = threading.Event()
        self._watch = threading.Thread(target=self._look, daemon=True)

    def __enter__(self) -> Peak:
        self._watch.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watch.join()

    def _look(self) -> None:
        process = psutil.Process()
        while True:
            self.bytes = max(self.bytes, process.memory_info().rss)
            if self._done.wait(0.05):
                return


def told(found: dict[str, Any]) -> str:
    """A size in a line."""
    n = found["children"]
    return (
        f"{found['generated']:>5,} generated, {n:,} on record: "
        f"{ms(found):.1f} CPU-ms a child for every rule (at most {TARGET_MS}); "
        f"at most {found['peak_mib']:,.0f} MiB; reading all files at once "
        f"{found['reading_s'] / n * 1000:.0f} ms a child and {found['reading_mib']:,.0f} MiB; "
        f"{found['records'] / n:.0f} records and {found['findings'] / n:.0f} findings a child"
    )


def ms(found: dict[str, Any]) -> float:
    """CPU milliseconds a child for every rule."""
    return float(found["running_s"] / found["children"] * 1000)


def growth(found: Sequence[dict[str, Any]]) -> str:
    """Whether a child costs as much in a large council as in a small one."""
    least, most = min(found, key=lambda f: f["generated"]), max(found, key=lambda f: f["generated"])
    ratio = ms(most) / ms(least)
    large = [f for f in found if f["generated"] >= 1000]
    said = f"A child of {most['generated']:,} costs {ratio:.2f} times what one of {least['generated']:,} does."
    memory = [f" Memory at {f['generated']:,}: {f['peak_mib']:,.0f} MiB (at most {TARGET_MIB:,})." for f in large[:1]]
    return said + "".join(memory)


def by_rule(found: dict[str, Any]) -> str:
    """Every rule's CPU-ms a child, the dearest first."""
    lines = [f"  {rule:34} {each:6.3f}" for rule, each in found["rules_ms"].items()]
    total = sum(found["rules_ms"].values())
    return "\n".join([f"CPU-ms a child by rule ({total:.1f} in all, over {SAMPLED} children):", *lines])


if __name__ == "__main__":
    main()
