"""The question library: one question a .cypher file, checked when it is loaded.

A file's header is its signature, in Cypher's own comments, so that it pastes into any Cypher editor:

    // Who is working with this child, on a given day?
    //
    // $child  the child's number
    // $on     the day to look at
    // => professional, role, agency, since

The first line is the question, a `$` line a parameter and what it means, `=>` the columns; any other line explains.
A parameter is text, unless its name says otherwise: `on`, `from`, `to` and names that end in `_on` are days, names
that begin with `days`, `months` or `least` whole numbers. A meaning that begins `one of` lists what it takes. A
question only reads, and one that lists children ends with a LIMIT. To add a question, copy a file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources

ONE_OF = "one of "


class QueryError(Exception):
    """A query file or the way it is asked is wrong; the message says what to mend."""


@dataclass(frozen=True)
class Query:
    """A question: its name, its words, its parameters with their meaning, its columns, its Cypher."""

    name: str
    question: str
    parameters: Mapping[str, str]
    columns: tuple[str, ...]
    cypher: str

    @property
    def most(self) -> int | None:
        """The most rows it gives, where it has a limit: as many as that may not be all."""
        found = re.search(r"\bLIMIT\s+(\d+)\s*$", _code(self.cypher), re.IGNORECASE)
        return int(found.group(1)) if found else None

    @property
    def reads_findings(self) -> bool:
        """Whether it reads what `analyse` wrote: before the first analysis it has no rows, and that says nothing."""
        return bool(re.search(r":\s*(Finding|Analysis)\b", _code(self.cypher)))

    def bind(self, given: Mapping[str, str]) -> dict[str, object]:
        """Parameters as the server takes them: days and whole numbers by their names, the rest as text.

        Raises QueryError where one is missing, unknown, no day, no number or none of those it takes, or where `to`
        is not after `from`.
        """
        wrong = [f"missing {name}" for name in self.parameters if name not in given]
        wrong += [f"unknown {name}" for name in given if name not in self.parameters]
        if wrong:
            takes = " ".join(f"-p {name}=…" for name in self.parameters) or "no parameters"
            raise QueryError(f"{self.name} takes {takes}: {'; '.join(wrong)}.")
        values = {name: _value(name, text, self.parameters[name]) for name, text in given.items()}
        if "from" in given and "to" in given and given["from"] >= given["to"]:
            raise QueryError(f"{self.name}: `to` must be a later day than `from`.")
        return values


def _value(name: str, text: str, meaning: str) -> object:
    if name in ("on", "from", "to") or name.endswith("_on"):
        try:
            return date.fromisoformat(text)
        except ValueError:
            raise QueryError(f"{name} takes a day, written as 2026-03-31.") from None
    if name.startswith(("least", "days", "months")):
        if not re.fullmatch(r"\d{1,9}", text):
            raise QueryError(f"{name} takes a whole number.")
        return int(text)
    choices = re.split(r", | or ", meaning.removeprefix(ONE_OF)) if meaning.startswith(ONE_OF) else []
    if choices and text not in choices:
        raise QueryError(f"{name} takes one of {', '.join(choices)}.")
    return text


@cache
def questions() -> Mapping[str, Query]:
    """Every question by name; raises QueryError where a file is wrong, naming the file and what is wrong."""
    folder = resources.files(__name__)
    found = sorted((f for f in folder.iterdir() if f.name.endswith(".cypher")), key=lambda f: f.name)
    return {q.name: q for q in (parse(f.name.removesuffix(".cypher"), f.read_text(encoding="utf-8")) for f in found)}


def find(name: str) -> Query:
    """The question with this name; an unknown one is answered with those there are."""
    found = questions().get(name)
    if not found:
        raise QueryError(f"There is no question {name!r}. There are: {', '.join(questions())}.")
    return found


def parse(name: str, text: str) -> Query:
    """A question from its text. Parameters declared must be those used, both ways; a clause that writes is refused.

    The refusal is a clear word to whoever writes the file; what keeps a question from writing is the transaction.
    """
    header, body = _split(text)
    words = [line for line in header if line and not line.startswith(("$", "=>"))]
    parameters = dict(_parameter(name, line) for line in header if line.startswith("$"))
    columns = tuple(c.strip() for line in header if line.startswith("=>") for c in line[2:].split(",") if c.strip())
    used = set(re.findall(r"\$(\w+)", _code(body)))
    wrong = [f"${p} is used but not declared" for p in sorted(used - set(parameters))]
    wrong += [f"${p} is declared but not used" for p in sorted(set(parameters) - used)]
    if not words or not words[0].endswith("?"):
        wrong.append("its first line is not a question")
    if not columns:
        wrong.append("it has no `=>` line with its columns")
    if writes := _WRITES.search(_code(body)):
        wrong.append(f"{writes.group().upper()} would change the graph or reach beyond it, and a question only reads")
    if wrong:
        raise QueryError(f"queries/{name}.cypher: {'; '.join(wrong)}.")
    return Query(name, words[0], parameters, columns, body)


def _split(text: str) -> tuple[list[str], str]:
    lines = text.strip().splitlines()
    n = next((i for i, line in enumerate(lines) if not line.startswith("//")), len(lines))
    return [line.removeprefix("//").strip() for line in lines[:n]], "\n".join(lines[n:]).strip()


def _parameter(name: str, line: str) -> tuple[str, str]:
    found = re.fullmatch(r"\$(\w+)\s+(.+)", line)
    if not found:
        raise QueryError(f"queries/{name}.cypher: {line!r} is not a parameter and what it means.")
    return found.group(1), found.group(2)


# What may hold a `$` that is no parameter: strings, names in back-ticks, comments.
_NO_CODE = re.compile(
    r"""'(?:[^'\\]|\\.)*'|"(?:[^"\\]|\\.)*"|`[^`]*`|//[^\n]*|/\*.*?\*/""",
    re.DOTALL,
)

# Clauses of Cypher that write, and the one that reads files and addresses.
_WRITES = re.compile(
    r"(?<![.:|$])\b(?:CREATE|MERGE|DETACH\s+DELETE|DELETE|SET|REMOVE|DROP|FOREACH|LOAD\s+CSV)\b", re.IGNORECASE
)


def _code(body: str) -> str:
    return _NO_CODE.sub(" ", body)
