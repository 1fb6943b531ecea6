"""The demo: it says what it does, shows a page, and leaves nothing running however it is ended."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from graph import server

# What a program in another console can send in Ctrl-C's place on Windows.
CTRL_C = getattr(signal, "CTRL_BREAK_EVENT", signal.SIGINT)


@pytest.fixture
def home(tmp_path: Path) -> Iterator[Path]:
    """A home of its own, whose server is stopped whatever happens."""
    yield tmp_path
    server.stop(tmp_path / "demo")


def start(home: Path) -> subprocess.Popen[str]:
    env = {k: v for k, v in os.environ.items() if not k.startswith("TEAMAROUND_NEO4J")}
    command = [sys.executable, "-m", "teamaround", "demo", "--children", "8", "--no-browser"]
    return subprocess.Popen(
        command,
        env={**env, "TEAMAROUND_HOME": str(home), "PYTHONUNBUFFERED": "1"},
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        text=True,
        creationflags=getattr(subprocess, "CREATE_NEW_PROCESS_GROUP", 0),
    )


def told(demo: subprocess.Popen[str], until: str) -> list[str]:
    """What it says up to the line that holds a word."""
    assert demo.stderr
    lines = []
    for line in demo.stderr:
        lines.append(line.strip())
        if until in line:
            return lines
    raise AssertionError("\n".join(lines))


def end(demo: subprocess.Popen[str], how: int = CTRL_C) -> int:
    demo.send_signal(how)
    _, rest = demo.communicate(timeout=60)
    assert "Traceback" not in rest, rest
    return demo.returncode


def running(home: Path) -> list[int]:
    """Processes that were started for this home."""
    found = []
    for process in psutil.process_iter(["cmdline"]):
        if any(str(home) in word for word in process.info["cmdline"] or ()):
            found.append(process.pid)
    return found


def test_the_demo_from_its_first_word_to_its_last(home: Path) -> None:
    # Ctrl-C in the middle leaves nothing running and nothing broken.
    demo = start(home)
    told(demo, "Loading Birmingham")
    assert end(demo) == 130
    assert running(home) == []

    # It says what it does, and shows a page; a second one at once says so and harms nothing.
    demo = start(home)
    try:
        lines = told(demo, "http://")
        address = next(word for word in lines[-1].split() if word.startswith("http"))
        assert any("Starting Neo4j" in line for line in lines) and any("Loading Warwickshire" in line for line in lines)
        wait_for(address)
        twice = start(home)
        _, second = twice.communicate(timeout=60)
        assert twice.returncode == 1 and "already running" in second
        wait_for(address)
    finally:
        status = end(demo)
    assert status == 0
    assert running(home) == []

    # Another day it does nothing twice, and a terminal that is closed ends it as Ctrl-C does.
    again = start(home)
    lines = told(again, "http://")
    assert all("written" not in line for line in lines)
    assert end(again, signal.SIGTERM) in (0, 130)
    assert running(home) == []


def wait_for(address: str) -> None:
    """Until the page answers; raises after a while."""
    for _ in range(100):
        try:
            with urllib.request.urlopen(address, timeout=5) as page:
                assert page.status == 200
                return
        except OSError:
            time.sleep(0.2)
    raise AssertionError(f"{address} does not answer")
