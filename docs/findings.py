"""The page of every finding, from the registry of rules: what a person who reads a finding may want to look up."""

from __future__ import annotations

import importlib
import inspect
from collections.abc import Iterable, Mapping
from itertools import groupby
from typing import Any

from docs.frequency import CHILDREN, SEED, Often, kept
from graph.assessable import named, plainly
from graph.findings import Rule, rules
from graph.parameters import DEFAULTS, ParameterKind, describe
from graph.words import counted, listed, opened

# In the order in which a reader meets them on a child's page.
FAMILIES = ("continuity", "area", "silos", "voice", "clocks", "cohort")
KINDS: Mapping[ParameterKind, str] = {
    "S": "regulation",
    "G": "statutory guidance",
    "D": "DfE definition",
    "L": "local practice",
    "H": "house rule",
}

HOW_TO_READ = f"""# Findings

Everything teamaround can say about a child, and how it comes to say it. Written from the rules themselves:
`python -m docs` writes it anew.

## How to read a finding

A finding is one sentence about one child on one day, with the records it stands on and a question for the review. It
is a reason to ask, not an answer: nothing here is a score, a prediction or a ranking, and no rule knows what records
do not hold. Each rule says one of four things.

* **Raised**: the records show what the rule looks for.
* **Clear**: the records that are needed are there, and they do not show it.
* **Not assessable**: it cannot be said, because records are missing. The finding names which. It is never read as
  clear, and never as raised.
* **Not applicable**: it does not concern this child, by age or legal position: a child who is not looked after has no
  review of looked-after children to be late.

Many rules make one finding for each thing they look at: each move, plan, review, role or person. That thing is the
finding's *subject*. A child has a finding raised where it is raised for one of them.

**“No record of”** means just that. A visit of which there is no record may have been made; a notice may have been sent
and not written down. A finding never says that something did not happen.

**A fact** describes and never alarms. That a child lives outside the authority, or that one person holds the team
together, may be right for that child.

**The day** is the one you look from: the last that your loads cover, unless you name another (`--as-at`). A rule sees
what was on record on that day and nothing later; “the last 12 months” are the 12 months to it.

**What it needs** names the records without which a rule says *not assessable*, and in brackets their name in
`coverage.csv`, the list of what a load holds. They must reach over the days looked at.

**Numbers that can be changed** stand under each rule with what is behind them:

* *regulation*: the law sets it; *statutory guidance*: guidance under the law does;
* *DfE definition*: as the department counts, so that figures agree with the return;
* *local practice*: some authorities' own standard, which may not be yours;
* *house rule*: chosen by us to make the rule work. It is no established threshold: change it where yours is better.

A file with lines such as `social_workers = 4` changes them (`teamaround analyse --parameters FILE`), and each finding
is printed with the numbers it used.

**How often** is counted on an invented council ({CHILDREN} children generated with seed {SEED}; counted are those
looked after on its last day), so that nobody is surprised by a rule that speaks of nearly everyone. Nothing in it is
real, and it tells nothing of your authority or of any other: it is no benchmark.
"""


def findings(often: Mapping[str, Often] | None = None) -> str:
    """The page, as Markdown. often: how often each rule speaks; what was counted last where None."""
    counts = kept() if often is None else often
    every = sorted(rules().values(), key=lambda rule: FAMILIES.index(rule.family))
    by_family = {family: list(of) for family, of in groupby(every, key=lambda rule: rule.family)}
    parts = [HOW_TO_READ, *_at_a_glance(every, counts)]
    for family, of in by_family.items():
        parts += [f"## {opened(family)}", "", _doc(importlib.import_module(f"graph.analysis.{family}"))[0], ""]
        for rule in of:
            parts += _entry(rule, counts.get(rule.id))
    return "\n".join(parts)


def _at_a_glance(every: Iterable[Rule], counts: Mapping[str, Often]) -> list[str]:
    """Every rule in a line, and which of them speak of more than half of the children."""
    lines = ["## All of them", "", "| finding | what it says | raised for | cannot be said of |", "|---|---|---|---|"]
    for rule in every:
        one = counts.get(rule.id)
        numbers = f"{_of(one.raised, one)} | {_of(one.not_assessable, one)}" if one else "not counted yet | "
        fact = " *(fact)*" if rule.fact else ""
        lines.append(f"| [`{rule.id}`](#{_anchor(rule.id)}){fact} | {rule.meaning} | {numbers} |")
    most = [f"`{o.rule}`" for o in counts.values() if o.raised > o.children / 2]
    none = [f"`{o.rule}`" for o in counts.values() if not o.raised]
    said = [f"Raised for more than half of these children: {listed(most) if most else 'none'}."]
    said += ["", f"Raised for none of them, because this council has no such records or no such case: {listed(none)}."]
    return [*lines, "", *said, ""]


def _entry(rule: Rule, often: Often | None) -> list[str]:
    """One rule: its meaning, when it is raised, what it asks, needs, uses and stands on, and how often it speaks."""
    meaning, *more = _doc(rule.function)
    fact = ["A fact: it describes and never alarms.", ""] if rule.fact else []
    lines = [f"### `{rule.id}`", "", f"**{meaning}**", "", *fact]
    for paragraph in more:
        lines += [paragraph, ""]
    lines += [f"It asks: *{rule.question}*", ""]
    source = f"* Source: {rule.citation.rstrip('.')}."
    lines += [f"* Needs: {_needs(rule)}.", f"* What is behind it: {KINDS[rule.kind]}.", source, _how_often(often)]
    if rule.parameters:
        lines += ["* Numbers that can be changed:", *(f"  * {_parameter(name)}" for name in rule.parameters)]
    return [*lines, ""]


def _needs(rule: Rule) -> str:
    """What a rule needs, in words and as `coverage.csv` names it, kinds of one table together."""
    tables = [(table, list(of)) for table, of in groupby(rule.needs, key=lambda need: need.partition(":")[0])]
    return "; ".join(_named(of) if len(of) > 3 else ", ".join(map(_either, of)) for _, of in tables) or "nothing more"


def _named(needs: list[str]) -> str:
    """Many parts of one table: their names, and how they stand in `coverage.csv` once."""
    table = needs[0].partition(":")[0]
    return f"{listed(plainly(need) for need in needs)} ({table}:…)"


def _either(need: str) -> str:
    # A table whose name is the plain word already is said once: meetings, not meetings (meetings).
    first, *others = (one for one in need.split("|") if need == one or not one.endswith(":*"))
    return " or ".join(plainly(one) if plainly(one) == one else named(one) for one in (first, *others))


def _parameter(name: str) -> str:
    kind, meaning = describe(name)
    return f"`{name}` = {_value(getattr(DEFAULTS, name))}: {meaning} ({KINDS[kind]})"


def _value(value: Any) -> str:
    return " / ".join(map(str, value)) if isinstance(value, tuple) else str(value)


def _how_often(often: Often | None) -> str:
    if often is None:
        return "* How often: not counted yet (`python -m docs --count`)."
    children = counted(often.children, "child", "children")
    cannot = f", and cannot be said of {often.not_assessable}" if often.not_assessable else ""
    return f"* How often: raised for {often.raised} of {children} of the invented council{cannot}."


def _of(n: int, often: Often) -> str:
    return f"{n} of {often.children}"


def _doc(thing: Any) -> list[str]:
    """A docstring's paragraphs, each on one line."""
    return [" ".join(p.split()) for p in (inspect.getdoc(thing) or "").split("\n\n")]


def _anchor(id: str) -> str:
    """How a heading of this id is addressed on the page."""
    return id.replace(".", "")
