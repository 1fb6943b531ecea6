"""How long a child's page takes, from its address to the ecomap drawn, in headless Chromium."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

from playwright.sync_api import Browser, sync_playwright

from dashboard.serve import free_port
from graph import server
from graph.store import Store
from tests.browser.conftest import ARGUMENTS, chromium

READ_TWICE = 2  # the first page pays for Streamlit's own start


def first_drawing(home: Path) -> float:
    """Seconds, of the second page that is opened."""
    with Store.open(server.managed(home)) as store:
        ref = store.child_records(store.child_ids()[0]).child.ref
    port = free_port(8700)
    env = {**os.environ, "TEAMAROUND_HOME": str(home)}
    command = [sys.executable, "-m", "teamaround", "serve", "--port", str(port), "--no-browser"]
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        _await(port)
        with sync_playwright() as playwright:
            sandbox = [] if not hasattr(os, "geteuid") or os.geteuid() else ["--no-sandbox"]
            browser = playwright.chromium.launch(executable_path=chromium(playwright), args=[*ARGUMENTS, *sandbox])
            return [_open(browser, f"http://127.0.0.1:{port}/child?child={ref}") for _ in range(READ_TWICE)][-1]
    finally:
        process.terminate()
        process.wait(30)


def _open(browser: Browser, address: str) -> float:
    page = browser.new_page()
    began = time.perf_counter()
    page.goto(address)
    page.frame_locator("iframe[sandbox]").locator("#date:not(:empty)").wait_for(timeout=60_000)
    seconds = time.perf_counter() - began
    page.close()
    return seconds


def _await(port: int) -> None:
    for _ in range(240):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2):
                return
        except OSError:
            time.sleep(0.25)
    raise SystemExit("The dashboard did not answer.")
