"""A real browser and the real dashboard, for tests that look at pages.

The browser is the system's Chromium: found on the path, or named by TEAMAROUND_CHROMIUM. Where there is none one is
got: Playwright's own download, or the distribution's package. Without a browser the tests fail, they are not skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Frame, Page, Playwright, WebSocket, sync_playwright

from dashboard.serve import free_port

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome", "msedge")
USUAL = (
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
)
# What Chromium would ask its maker for is not the page's doing, and a test must not depend on it.
ARGUMENTS = ["--disable-gpu", "--disable-background-networking", "--disable-component-update", "--no-first-run"]


def chromium(playwright: Playwright) -> str:
    """The path of a Chromium, got where there is none. Fails, saying what to do, where that is not possible."""
    found = _on_this_machine() or _of_playwright(playwright) or _from_the_distribution()
    if not found:
        pytest.fail(
            "No Chromium was found, and none could be got. Install Chromium, Chrome or Edge, or name one with "
            "TEAMAROUND_CHROMIUM; or type: python -m playwright install --with-deps chromium",
            pytrace=False,
        )
    return found


def _on_this_machine() -> str | None:
    named = os.environ.get("TEAMAROUND_CHROMIUM")
    if named:
        return named
    on_path = (shutil.which(name) for name in NAMES)
    return next((p for p in on_path if p), None) or next((p for p in USUAL if Path(p).exists()), None)


def _of_playwright(playwright: Playwright) -> str | None:
    """Playwright's own Chromium, downloaded the first time; None where the download or its libraries are missing."""
    own = Path(playwright.chromium.executable_path)
    if not own.exists():
        _run([sys.executable, "-m", "playwright", "install", "chromium"])
    if not own.exists():
        return None
    return str(own) if _run([str(own), "--version"]) else None


def _from_the_distribution() -> str | None:
    if not (shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0):
        return None
    _run(["apt-get", "update"])
    _run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"])
    return _on_this_machine()


def _run(command: list[str]) -> bool:
    """Whether a command ran and ended well."""
    try:
        return subprocess.run(command, capture_output=True, timeout=600, check=False).returncode == 0
    except (OSError, subprocess.TimeoutExpired):
        return False


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the whole run."""
    # Root has no sandbox to give; anyone else keeps it.
    root = hasattr(os, "geteuid") and os.geteuid() == 0
    with sync_playwright() as playwright:
        found = playwright.chromium.launch(
            executable_path=chromium(playwright), args=[*ARGUMENTS, *(["--no-sandbox"] if root else [])]
        )
        yield found
        found.close()


@pytest.fixture(scope="session")
def dashboard(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the dashboard on invented children (`tests.browser.harness`), run as a process of its own."""
    port, log = free_port(8600), tmp_path_factory.mktemp("dashboard") / "log.txt"
    root = Path(__file__).parents[2]
    with log.open("w") as out:
        command = [sys.executable, "-m", "tests.browser.harness", str(port)]
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=root)
    try:
        await_dashboard(port, process, log)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(30)
    assert "Traceback" not in log.read_text(), log.read_text()


def await_dashboard(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    """Until it answers; fails with its log where it ends first."""
    import urllib.request

    for _ in range(240):
        if process.poll() is not None:
            pytest.fail(f"The dashboard ended before it answered: {log.read_text()}", pytrace=False)
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/_stcore/health", timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"The dashboard did not answer: {log.read_text()}", pytrace=False)


@dataclass
class Visit:
    """A page that is open, and all it did: addresses asked for, messages to the server, errors, dialogs."""

    page: Page
    asked: list[str] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def frame(self) -> Frame:
        """The ecomap's frame, once it is drawn."""
        self.page.wait_for_selector("iframe[sandbox]", state="attached", timeout=60_000)
        self.page.frame_locator("iframe[sandbox]").locator("#date:not(:empty)").wait_for(timeout=60_000)
        self.settled()
        return self.page.frames[-1]

    def settled(self) -> None:
        """Wait until the run that a click or a key began is over."""
        self.page.wait_for_timeout(700)
        self.page.wait_for_function(
            "() => !document.querySelector('[data-testid=stApp][data-test-script-state=running]')", timeout=60_000
        )
        self.page.wait_for_timeout(200)

    def open(self, summary: str) -> None:
        """Open what is folded under these words.

        Right after scrolling, Chromium still sends a click to where the sandboxed frame was: wait until it has moved.
        """
        found = self.page.get_by_text(summary)
        found.scroll_into_view_if_needed()
        self.page.wait_for_timeout(400)
        found.click()
        self.settled()

    def _watch(self) -> None:
        self.page.on("request", lambda r: self.asked.append(r.url))
        self.page.on("pageerror", lambda e: self.wrong.append(str(e)))
        self.page.on("dialog", lambda d: (self.wrong.append(f"dialog: {d.message}"), d.dismiss()))
        self.page.on("websocket", self._listen)

    def _listen(self, socket: WebSocket) -> None:
        self.asked.append(socket.url)
        socket.on("framesent", lambda payload: self.sent.append(len(payload)))


@pytest.fixture
def visit(browser: Browser, dashboard: str) -> Iterator[Visit]:
    """An open page, at the size of a council's laptop; `visit.page.goto("/child?child=…")` goes somewhere."""
    context = browser.new_context(base_url=dashboard, viewport={"width": 1366, "height": 900}, locale="en-GB")
    context.set_default_timeout(30_000)
    found = Visit(context.new_page())
    found._watch()
    yield found
    context.close()
    assert not found.wrong, found.wrong
