"""What a finding is, the registry of rules, and running them over one child's records.

A rule is a pure function of one child's records as they stood on a day: copy one in its family's folder of
`graph/analysis/` to add another. It yields outcomes; the registry adds its id, its question and its source.
"""

from __future__ import annotations

import hashlib
import importlib
import pkgutil
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any, Literal

from graph.errors import TeamaroundError
from graph.model import Node, Record, Relationship, label
from graph.parameters import DEFAULTS, Parameters
from graph.records import Records, as_at

Status = Literal["raised", "clear", "not assessable", "not applicable"]
Authority = Literal["S", "G", "D", "L", "H"]


@dataclass(frozen=True)
class Evidence:
    """A record behind a finding: `kind` and `id` name it, `sources` are its `load:file:row`."""

    kind: str
    id: str
    start: date | None = None
    end: date | None = None
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Outcome:
    """What a rule says of one subject."""

    status: Status
    sentence: str
    subject: str = ""
    evidence: tuple[Evidence, ...] = ()
    measures: Mapping[str, Any] = field(default_factory=dict)
    reason: str = ""
    question: str | None = None  # where the rule's own question is too general


@dataclass(frozen=True)
class Finding:
    """An outcome with the rule it comes from; one a subject (a move, a role, a plan, a meeting)."""

    rule: str
    version: str
    family: str
    fact: bool
    kind: Authority
    child: str
    subject: str
    status: Status
    as_at: date
    sentence: str
    question: str
    measures: Mapping[str, Any]
    parameters: Mapping[str, Any]
    evidence: tuple[Evidence, ...]
    citation: str
    reason: str = ""

    @property
    def key(self) -> str:
        """The same for the same rule, child and subject on any day: what a person's judgement cites."""
        return hashlib.sha256(f"{self.rule}\x1f{self.child}\x1f{self.subject}".encode()).hexdigest()[:16]


RuleFunction = Callable[[Records, date, Parameters], Iterator[Outcome]]


@dataclass(frozen=True)
class Rule:
    """A rule and what is said of it wherever it is shown."""

    id: str
    version: str
    kind: Authority
    question: str
    citation: str
    parameters: tuple[str, ...]
    fact: bool
    meaning: str
    function: RuleFunction
    needs: tuple[str, ...] = ()  # what must be covered for it to say raised or clear: `table` or `table:of`

    @property
    def family(self) -> str:
        """The part of the id before the dot."""
        return self.id.split(".")[0]


_RULES: dict[str, Rule] = {}


def rule(
    id: str,
    *,
    kind: Authority,
    question: str,
    citation: str,
    parameters: tuple[str, ...] = (),
    fact: bool = False,
    version: str = "1",
    needs: tuple[str, ...] = (),
) -> Callable[[RuleFunction], RuleFunction]:
    """Register a rule. The function's docstring says when it is raised; its first line is shown to people.

    kind: what stands behind it (S regulation, G guidance, D DfE definition, L local practice, H house rule).
    parameters: names of `Parameters` it uses, printed with each finding.
    fact: it describes and never alarms.
    needs: the coverage without which it cannot say clear, as `coverage.csv` names it: `placed_at`, `meetings:review`;
    `a|b` where either will do, `involved_with:*` where any part will that the rule does not name besides.
    """

    def register(function: RuleFunction) -> RuleFunction:
        meaning = (function.__doc__ or "").strip().splitlines()[0]
        _RULES[id] = Rule(id, version, kind, question, citation, parameters, fact, meaning, function, needs)
        return function

    return register


@cache
def rules() -> Mapping[str, Rule]:
    """Every rule by id, in the order of the families' folders and files."""
    from graph import analysis

    for module in sorted(m.name for m in pkgutil.walk_packages(analysis.__path__, "graph.analysis.")):
        importlib.import_module(module)
    # Whoever imported a family first must not change the order.
    return dict(sorted(_RULES.items(), key=lambda item: item[1].function.__module__))


def find_rule(id: str) -> Rule:
    """The rule with this id; an unknown one is answered with those there are."""
    found = rules().get(id)
    if not found:
        raise TeamaroundError(f"There is no rule {id!r}. The rules are: {', '.join(rules())}.")
    return found


def run(
    records: Records, t: date, parameters: Parameters = DEFAULTS, only: Iterable[str] | None = None
) -> tuple[Finding, ...]:
    """Every finding about one child as at day t.

    records: all of the child's records; the mask `as_at` is put on here, once.
    only: ids of rules to run; all of them where None.
    """
    seen = as_at(records, t)
    chosen = rules().values() if only is None else [find_rule(i) for i in only]
    return tuple(
        _finding(rule, seen, t, parameters, outcome)
        for rule in chosen
        for outcome in rule.function(seen, t, parameters)
    )


def _finding(rule: Rule, records: Records, t: date, parameters: Parameters, outcome: Outcome) -> Finding:
    return Finding(
        rule=rule.id,
        version=rule.version,
        family=rule.family,
        fact=rule.fact,
        kind=rule.kind,
        child=records.child.id,
        subject=outcome.subject,
        status=outcome.status,
        as_at=t,
        sentence=outcome.sentence,
        question=outcome.question or rule.question,
        measures=dict(outcome.measures),
        parameters={name: getattr(parameters, name) for name in rule.parameters},
        evidence=outcome.evidence,
        citation=rule.citation,
        reason=outcome.reason,
    )


# --- what a rule yields ---


def evidence(*records: Record | None) -> tuple[Evidence, ...]:
    """The records behind a finding, each once, in the order given."""
    return tuple(dict.fromkeys(_evidence(r) for r in records if r is not None))


def _evidence(record: Record) -> Evidence:
    kind = label(type(record)) if isinstance(record, Node) else type(record).__name__
    start = next((d for n in _DATES if (d := getattr(record, n, None))), None)
    return Evidence(kind, record.id, start, getattr(record, "end", None), record.sources)


_DATES = ("start", "on", "made", "raised", "identified_on", "made_on", "sent_on", "said_on")


def subject_of(record: Node | Relationship) -> str:
    """How a finding names the record it is about: `Kind:id`."""
    return f"{label(type(record)) if isinstance(record, Node) else type(record).__name__}:{record.id}"


def raised(sentence: str, *, subject: str = "", of: Iterable[Record | None] = (), question: str | None = None,
           **measures: Any) -> Outcome:  # fmt: skip
    """The condition is met; `of` are the records that show it."""
    return Outcome("raised", sentence, subject, evidence(*of), measures, question=question)


def clear(sentence: str, *, subject: str = "", of: Iterable[Record | None] = (), **measures: Any) -> Outcome:
    """The records needed are covered and the condition is not met."""
    return Outcome("clear", sentence, subject, evidence(*of), measures)


def not_assessable(missing: str, *, subject: str = "", of: Iterable[Record | None] = (), **measures: Any) -> Outcome:
    """It cannot be said; `missing` names the record or the coverage that would let it be."""
    return Outcome("not assessable", f"Cannot be said: {missing}.", subject, evidence(*of), measures, missing)


def not_applicable(why: str, *, subject: str = "") -> Outcome:
    """The rule does not concern this child (by age or legal position only)."""
    return Outcome("not applicable", f"Does not apply: {why}.", subject, reason=why)
