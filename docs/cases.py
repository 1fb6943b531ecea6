"""The page of the cases: every numbered fact of the reviews with what the software says of it, and when it could."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from functools import cache

from graph.calendars import add_months
from graph.findings import Evidence, Finding
from graph.records import Records
from graph.replay import Seen, replay
from graph.words import counted, day, listed
from ingest.cases import AS_AT
from tests.cases.common import Fact, Line, findings, found_for, records, sources
from tests.cases.controls import CONTROLS
from tests.cases.facts import CASES

TITLES = {"sophie": "Sophie", "b": "B", "v": "Child V"}
REPLAYED = ("sophie", "b")
LOOKED_BACK = (24, 12, 6)
MOST = 6  # records named in a cell; the others are counted

HEAD = """# The cases

Written from the tests in `tests/cases/`: `python -m docs` writes it anew.

Three published reviews are shipped as tables with invented days (`ingest/cases/`), and two other documents as small
tables of good practice. Each numbered fact below is a test: its finding is raised on the day the review describes, or
it is shown, or a rule stays quiet; the fact's own records stand behind the finding; with one record mended it clears,
and nothing changes but what reads the same record; with the record taken away it is clear or cannot be said. *Quiet*
is a rule that must not be raised.
"""
REPLAY = """## When the records held it

The rules, run on the records of each month as they stood then, with nothing in them that was written later. A line
names the first day on which the records held a finding of that kind, and how long before the end of the case that was.
It tells what was on record, of days that are invented. It does not tell what anyone knew or could have known.
"""


@cache
def page() -> str:
    """The page, as text."""
    parts = [HEAD]
    for case, facts in CASES.items():
        title = f"## {TITLES[case]}, as at {day(AS_AT[case])}"
        rows = [row for fact in facts for row in _fact(case, fact)]
        parts += [title, "", *_table(("", "fact", "asked for", "found", "about", "records"), rows), ""]
    parts += ["## Practice that protects", "", *_table(("", "practice", "asked for", "found", "says"), _controls()), ""]
    parts += [REPLAY, *(line for case in REPLAYED for line in _replayed(case))]
    return "\n".join(parts)


def _table(head: Sequence[str], rows: Sequence[Sequence[str]]) -> list[str]:
    cells = [head, ["---"] * len(head), *rows]
    return [f"| {' | '.join(cell.replace('|', '/') for cell in row)} |" for row in cells]


# --- facts ---


def _fact(case: str, fact: Fact) -> Iterator[list[str]]:
    """A row for each line of a fact; its number and words stand in the first."""
    for n, line in enumerate(fact.lines):
        said = [str(fact.n), fact.says] if n == 0 else ["", ""]
        asked = f"`{line.what}`" if line.kind != "shown" else line.what
        on = f", {day(line.on)}" if line.on else ""
        yield [*said, f"{asked}{on}", *_line(case, line)]


def _line(case: str, line: Line) -> tuple[str, str, str]:
    """What was found, what it is about, and the records behind it."""
    if line.kind == "raised":
        return _raised(case, line)
    if line.says:
        of = records(case, child=line.children[0])
        return "shown", _whom(case, line), line.says(of, line.on or AS_AT[case])
    said = {f.status for child in line.children for f in findings(case, child, line.on) if f.rule == line.what}
    return f"quiet: {listed(sorted(said))}", _whom(case, line), ""


def _whom(case: str, line: Line) -> str:
    """The children a line is about, where it is not only the one of the case."""
    names = [child.replace("-", " ") if child else TITLES[case] for child in line.children]
    return listed(names) if any(line.children) else ""


def _raised(case: str, line: Line) -> tuple[str, str, str]:
    found = found_for(case, line)
    wanted = {source for one in line.shows for source in one.of(case)}
    behind = list(dict.fromkeys(e for f in found for e in f.evidence))
    own = [e for e in behind if wanted & set(sources(e))]
    others = len(behind) - len(own)
    named = [_record(e) for e in own[:MOST]]
    rest = [f"{len(own) - MOST} more of the fact's"] if len(own) > MOST else []
    rest += [counted(others, "other")] if others else []
    of = records(case, child=line.children[0])
    about = "; ".join(dict.fromkeys(_about(of, f) for f in found))
    status = "raised" if len(found) == 1 else f"raised ×{len(found)}"
    return f"{status} (fact)" if found[0].fact else status, about, "; ".join([*named, *rest])


def _record(e: Evidence) -> str:
    """A record by kind, day and `file:row`."""
    at = f" {day(e.start)}" if e.start else ""
    return f"{e.kind}{at} ({', '.join(_file(source) for source in sources(e))})"


def _file(source: str) -> str:
    return source.partition("/")[2] or source


def _about(of: Records, finding: Finding) -> str:
    """What a finding is about: the record by its row, where it is one."""
    kind, _, rest = finding.subject.partition(":")
    if not rest or kind == "role":
        return finding.subject
    id, _, service = rest.partition(":")
    row = next((e for e in finding.evidence if e.id == id), None)
    name = _record(row) if row else f"{kind} ({of.name(id)})"
    return f"{name}, {service}" if service else name


def _controls() -> list[list[str]]:
    rows = []
    for control in CONTROLS:
        for n, (rule, status, _) in enumerate(control.rules):
            said = [str(control.n), control.says] if n == 0 else ["", ""]
            found = next(f for f in control.found(rule) if f.status == status)
            rows.append([*said, f"`{rule}`", status if status == "raised" else f"quiet: {status}", found.sentence])
    return rows


# --- replay ---


def _replayed(case: str) -> Iterator[str]:
    facts: dict[str, list[str]] = {}
    for fact in CASES[case]:
        for line in fact.lines:
            if line.kind == "raised":
                facts.setdefault(line.what, []).append(str(fact.n))
    end = AS_AT[case]
    found = replay(records(case), end, only=sorted(facts))
    firsts: dict[str, Seen] = {}
    for one in found.seen:
        firsts.setdefault(one.first.rule, one)
    rows = [
        [listed(dict.fromkeys(facts[rule])), f"`{rule}`", f"the records of {day(one.first.as_at)} held: "
         f"{_short(one.first.sentence)}", str(found.months(one))]
        for rule, one in firsts.items()
    ]  # fmt: skip
    yield f"### {TITLES[case]}, to {day(end)}"
    yield ""
    yield _how_many(list(firsts.values()), end)
    yield ""
    yield from _table(("facts", "finding", "first on record", "months before the end"), rows)
    yield ""


def _how_many(firsts: Sequence[Seen], end: date) -> str:
    """How many of the kinds of finding the records had held by some months before the end."""
    by = [(n, sum(one.first.as_at <= add_months(end, -n) for one in firsts)) for n in LOOKED_BACK]
    said = listed(f"{n} months before the end {held}" for n, held in by)
    return f"Of {counted(len(firsts), 'kind')} of finding that the facts ask for, the records had held {said}."


def _short(sentence: str) -> str:
    """The first sentence of what was said, cut at a colon where it lists."""
    head = sentence.split(". ")[0].rstrip(".")
    return f"{head[:157]}…" if len(head) > 160 else head
