"""The findings beside the picture: in which order, with which records, in which words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from dashboard import ecomap, words
from graph import model
from graph.analysis.cohort.features import NAMES
from graph.findings import Evidence, Finding
from graph.parameters import describe
from graph.records import Records

STATUTORY = ("S", "G")
SHORT = 110  # letters of a sentence that is read in one go
SHOWN = 12  # records that are listed at once


@dataclass(frozen=True)
class Record:
    """One record behind a finding: what it is, when, and the lines it stands on."""

    what: str
    when: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Item:
    """A finding as it is shown."""

    rule: str
    lead: str
    rest: str
    question: str
    new: bool
    citation: str
    kind: str
    parameters: tuple[str, ...]
    records: tuple[Record, ...]
    more: int


Items = tuple[Item, ...]  # findings of one rule, of several reviews or plans: the first is read, the others opened


@dataclass(frozen=True)
class Sections:
    """Findings in the order in which they are read, rule by rule; clear and not applicable ones as one line each."""

    statutory: tuple[Items, ...]
    new: tuple[Items, ...]
    still: tuple[Items, ...]
    facts: tuple[Items, ...]
    unsaid: tuple[tuple[str, tuple[str, ...]], ...]
    clear: tuple[str, ...]
    not_applicable: tuple[str, ...]

    @property
    def raised(self) -> int:
        """How many are raised, facts left out."""
        return sum(len(of) for part in (self.statutory, self.new, self.still) for of in part)


def sections(records: Records, now: Sequence[Finding], then: Sequence[Finding], reviewed: bool) -> Sections:
    """Findings sorted for reading.

    now, then: findings as at the day and as at the last review. reviewed: whether there was one; without, nothing
    is called new.
    """
    before = {f.key for f in then if f.status == "raised"}
    raised = [f for f in now if f.status == "raised" and not f.fact]
    ours = [f for f in raised if f.kind not in STATUTORY]

    def new(f: Finding) -> bool:
        return reviewed and f.key not in before

    def items(found: Iterable[Finding]) -> tuple[Items, ...]:
        rules: dict[str, list[Finding]] = {}
        for f in found:
            rules.setdefault(f.rule, []).append(f)
        latest = (sorted(of, key=_latest, reverse=True) for of in rules.values())
        return tuple(tuple(_item(records, f, new(f)) for f in of) for of in latest)

    statutory = sorted((f for f in raised if f.kind in STATUTORY), key=lambda f: not new(f))
    return Sections(
        statutory=items(statutory),
        new=items(f for f in ours if new(f)),
        still=items(f for f in ours if not new(f)),
        facts=items(f for f in now if f.status == "raised" and f.fact),
        unsaid=_unsaid(f for f in now if f.status == "not assessable"),
        clear=tuple(f.sentence for f in now if f.status == "clear"),
        not_applicable=_not_applicable(f for f in now if f.status == "not applicable"),
    )


def _latest(f: Finding) -> date:
    """The day of the latest record behind a finding."""
    return max((e.start for e in f.evidence if e.start), default=date.min)


def html(found: Sections, review: date | None) -> str:
    """The findings as HTML, every value escaped."""
    return ecomap.templates().get_template("findings.html").render(
        s=found, review=words.day(review) if review else "", counted=words.counted
    )  # fmt: skip


def _item(records: Records, f: Finding, new: bool) -> Item:
    lead, rest = led(f.sentence)
    return Item(
        rule=rule_name(f.rule),
        lead=lead,
        rest=rest,
        question=f.question,
        new=new,
        citation=f.citation,
        kind=words.KINDS[f.kind],
        parameters=tuple(parameter(n, v) for n, v in f.parameters.items()),
        records=tuple(record(records, e) for e in f.evidence[:SHOWN]),
        more=max(0, len(f.evidence) - SHOWN),
    )


def led(sentence: str) -> tuple[str, str]:
    """What of a sentence is read first, and the rest: all of a short one, else its first clause."""
    if len(sentence) <= SHORT:
        return sentence, ""
    cut = re.search(r"(?<=.{20})[:;.,](?= )", sentence)
    return (sentence[: cut.end()], sentence[cut.end() :]) if cut else (sentence, "")


def parameter(name: str, value: Any) -> str:
    """`28 days before and after a move …, a house rule`."""
    kind, meaning = describe(name)
    return f"{meaning}: {_value(value)} ({words.KINDS[kind]})"


def _value(value: Any) -> str:
    if isinstance(value, tuple | list):
        return words.listed(str(v) for v in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


def _unsaid(found: Iterable[Finding]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What is missing, each with the rules that wait for it."""
    groups: dict[str, list[str]] = {}
    for f in found:
        waiting = groups.setdefault(f.reason or f.sentence, [])
        if (name := rule_name(f.rule)) not in waiting:
            waiting.append(name)
    return tuple((words.opened(reason), tuple(names)) for reason, names in groups.items())


def _not_applicable(found: Iterable[Finding]) -> tuple[str, ...]:
    groups: dict[str, list[str]] = {}
    for f in found:
        groups.setdefault(f.reason or f.sentence, []).append(rule_name(f.rule))
    return tuple(f"{words.opened(reason)}: {words.listed(dict.fromkeys(names))}" for reason, names in groups.items())


def rule_name(rule: str) -> str:
    """A rule's id in words: `health assessment`; a feature of the cohort by what it is."""
    name = rule.partition(".")[2]
    return NAMES.get(name, name.replace("_", " "))


# --- evidence ---

_KINDS: Mapping[str, type[model.Node] | type[model.Relationship]] = {
    **model.by_label(),
    **{kind.__name__: kind for kind in model.by_type().values()},
}


def record(records: Records, e: Evidence) -> Record:
    """One record behind a finding in words."""
    found: model.Node | model.Relationship | None = records.get(e.id)
    kind = _KINDS.get(e.kind)
    if found is None and kind:
        found = next((r for r in records.of(kind) if r.id == e.id), None)
    return Record(_what(records, e, found), _when(e), tuple(words.source(s) for s in e.sources))


def _what(records: Records, e: Evidence, r: model.Node | model.Relationship | None) -> str:
    match r:
        case model.Involvement():
            return f"{records.name(r.from_id)}, {words.role(r)}"
        case model.PlacedAt():
            home = records.get(r.to_id)
            kind = words.home_kind(home, r.place_type)
            name = getattr(home, "name", None)
            return f"placement: {name}, {kind}" if name else f"placement: {kind}"
        case model.LooksAfter():
            return f"looked after: {words.legal_status(r) or 'legal status not recorded'}"
        case model.Attends():
            return f"on the roll of {records.name(r.to_id)}"
        case model.RelatedTo():
            return f"{records.name(r.from_id)}, {r.relation}"
        case model.Attended():
            return f"{records.name(r.from_id)}: {r.how}"
        case model.InArea():
            return f"{records.name(r.from_id)} is in {words.authority(records, r.to_id)}"
        case model.Meeting() | model.Event() | model.Assessment() | model.Need() | model.Decision() | model.Alert():
            return f"{r.kind}"
        case model.Plan():
            return f"{r.kind} plan"
        case model.Referral():
            return f"referral for {r.need}"
        case model.Notice():
            return f"notice to {str(r.recipient).replace('_', ' ')}"
        case model.Recommendation():
            return f"recommendation: {r.about_what}"
        case model.View():
            return "what the child said" + (f" about {r.about_what}" if r.about_what else "")
        case model.Node():
            return f"{records.name(r.id)}"
    return e.kind.lower()


def _when(e: Evidence) -> str:
    if e.start and e.end:
        return f"{words.short_day(e.start)} to {words.short_day(e.end)}"
    return words.short_day(e.start)
