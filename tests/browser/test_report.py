"""The load report as a page: it fits a laptop, asks for nothing, and needs no script."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page

from ingest import report
from tests.test_load_report import AFTER, NASTY, ONE, REFUSED, SECOND


@pytest.fixture(params=[1366, 700])
def opened(browser: Browser, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[tuple[Page, list[str]]]:
    """The page at the width of a laptop and of half a screen, and what it asked for."""
    report.write([replace(ONE, refusals=(*REFUSED, NASTY)), SECOND], tmp_path / "r.html", AFTER)
    page = browser.new_page(viewport={"width": request.param, "height": 768})
    asked: list[str] = []
    page.on("request", lambda made: asked.append(made.url))
    page.goto((tmp_path / "r.html").as_uri())
    yield page, asked
    page.close()


def test_it_asks_for_nothing_and_nothing_runs_over_the_edge(opened: tuple[Page, list[str]]) -> None:
    page, asked = opened

    assert len(asked) == 1
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert page.locator("h2").all_inner_texts() == [
        "What to mend", "Files", "What the load did", "Where sources disagree", "What can be found now",
        "Beside your own return: 31 March 2024, and the year to it",
        "Beside your own return: 30 June 2024, and the year to it",
    ]  # fmt: skip


def test_axe_finds_nothing_wrong_with_it(opened: tuple[Page, list[str]]) -> None:
    page, _ = opened
    for fold in page.locator("summary").all():
        fold.click()

    assert Axe().run(page).response["violations"] == []
