"""What is written from the code is fresh, and the README names what there is."""

from __future__ import annotations

from pathlib import Path

import pytest

from docs.pages import FOLDER, pages

ROOT = Path(__file__).parent.parent


@pytest.mark.parametrize("name", ["schema.md", "findings.md"])
def test_a_generated_page_is_fresh(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == pages()[name], "docs/ is stale: `python -m docs` writes it anew"


def test_the_readme_names_every_command() -> None:
    from teamaround import app, db

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    names = [c.name or (c.callback.__name__ if c.callback else "") for c in app.registered_commands]
    names += [f"db {c.name or (c.callback.__name__ if c.callback else '')}" for c in db.registered_commands]
    missing = [n for n in names if f"teamaround {n}" not in readme]
    assert not missing


def test_the_readme_names_every_question() -> None:
    import queries

    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert not [name for name in queries.questions() if name not in readme]
