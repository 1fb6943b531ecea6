"""What is written from the code is fresh, and the README names what there is."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from docs import frequency
from docs.findings import KINDS, findings
from docs.frequency import Often
from docs.pages import FOLDER, pages
from graph.findings import Rule, rules
from graph.parameters import describe

ROOT = Path(__file__).parent.parent
WRITTEN = pages()


@pytest.mark.parametrize("name", list(WRITTEN))
def test_a_generated_page_is_fresh(name: str) -> None:
    written = (FOLDER / name).read_text(encoding="utf-8")
    assert written == WRITTEN[name], "docs/ is stale: `python -m docs` writes it anew"


# --- the page of every finding ---


def entry(rule: str, page: str) -> str:
    """What the page says under one heading."""
    return page.split(f"### `{rule}`\n")[1].split("\n## ")[0].split("\n### ")[0]


@pytest.mark.parametrize("rule", list(rules().values()), ids=lambda rule: rule.id)
def test_an_entry_says_what_a_rule_means_asks_needs_and_stands_on(rule: Rule) -> None:
    said = entry(rule.id, WRITTEN["findings.md"])
    assert said.startswith(f"\n**{rule.meaning}**\n")
    assert f"It asks: *{rule.question}*" in said
    assert f"* What is behind it: {KINDS[rule.kind]}." in said
    assert rule.citation.rstrip(".") in said
    assert ("A fact: it describes and never alarms." in said) == rule.fact
    assert re.search(r"\* Needs: \w.+\.", said)
    for name in rule.parameters:
        kind, meaning = describe(name)
        assert re.search(rf"  \* `{name}` = .+: {re.escape(meaning)} \({KINDS[kind]}\)", said)


@pytest.mark.parametrize("rule", list(rules().values()), ids=lambda rule: rule.id)
def test_an_entry_can_be_read_aloud(rule: Rule) -> None:
    """Words for letters, and needs by what people call them: what a column is called stands in brackets."""
    said = entry(rule.id, WRITTEN["findings.md"]).split("* Numbers that can be changed:")[0]
    said = re.sub(r"\* Source: .*", "", said)  # a source is named as it names itself
    plain = re.sub(r"\([^()]*\)|`[^`]*`", "", said)
    assert not re.search(r"\bt\b|κ|_|\bNone\b", plain), plain


def test_every_link_leads_to_an_entry() -> None:
    page = WRITTEN["findings.md"]
    headings = {re.sub(r"[^\w -]", "", line[4:]).replace(" ", "-") for line in page.splitlines() if line[:4] == "### "}
    links = set(re.findall(r"\]\(#([^)]+)\)", page))
    assert links == headings
    assert len(headings) == len(rules())


def test_how_often_a_rule_speaks_stands_beside_it() -> None:
    page = findings({
        "clocks.visit": Often("clocks.visit", 10, 6, 0),
        "clocks.review": Often("clocks.review", 10, 0, 3),
    })  # fmt: skip
    assert "How often: raised for 6 of 10 children of the invented council." in entry("clocks.visit", page)
    review = entry("clocks.review", page)
    assert "How often: raised for 0 of 10 children of the invented council, and cannot be said of 3." in review
    assert "How often: not counted yet (`python -m docs --count`)." in entry("clocks.pep", page)
    assert "Raised for more than half of these children: `clocks.visit`." in page


def test_every_rule_is_counted() -> None:
    kept = frequency.kept()
    assert set(kept) == set(rules()), "`python -m docs --count` counts anew"
    assert all(0 <= o.raised + o.not_assessable <= o.children for o in kept.values())


def test_what_is_counted_is_kept_as_it_was(tmp_path: Path) -> None:
    counted = {"clocks.visit": Often("clocks.visit", 10, 6, 1)}
    frequency.keep(counted.values(), tmp_path / "frequency.csv")
    assert frequency.kept(tmp_path / "frequency.csv") == counted


@pytest.mark.long
def test_the_counts_are_those_of_today() -> None:
    """The same council, generated and analysed anew."""
    assert frequency.count() == frequency.kept(), "`python -m docs --count` counts anew"


# --- the README ---


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
