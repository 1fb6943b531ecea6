"""The complex cohort as a list of children: counting, how sure it is, who is in it beside everyone else.

Counting is that of Alkire and Foster: a cut-off within each feature, and one on how many are met. It says how
many, and of what; it orders nobody. What a child needs and how the system answered are two counts on two axes
that are never added.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median
from typing import Literal

from graph.errors import TeamaroundError

# Numbers of children below this are not shown beside their attributes: they could name someone (a house rule).
LEAST = 6

Answer = Literal["yes", "no", "unknown"]
Answers = Mapping[str, Answer]  # by feature

# --- counting ---


def belongs(answers: Answers, cut_off: int) -> Answer:
    """Whether a child meets so many features: yes for certain, no for certain, or unknown where it is possible."""
    certain = sum(a == "yes" for a in answers.values())
    possible = sum(a != "no" for a in answers.values())
    return "yes" if certain >= cut_off else "unknown" if possible >= cut_off else "no"


@dataclass(frozen=True)
class Share:
    """A feature in the cohort: the share of all children who are in it and meet the feature, and its part in M0."""

    feature: str
    headcount: float
    share: float | None  # None where nobody is in the cohort


@dataclass(frozen=True)
class Counted:
    """The cohort under one reading of what is unknown.

    members: in no order but that of their names. n: all children looked at. h: headcount ratio q/n. a: intensity,
    the mean share of features that members meet; None where there are none. m0 = h * a, the adjusted headcount
    ratio; the shares of the features in it add up to 1.
    """

    members: tuple[str, ...]
    n: int
    h: float
    a: float | None
    m0: float
    shares: tuple[Share, ...]


@dataclass(frozen=True)
class Cohort:
    """The cohort at a cut-off: certain (what is unknown counted as not met) and possible (counted as met).

    `possible` holds the certain members too; `only_possible` are the others. `near` meet all but one of the
    features asked for, for certain.
    """

    cut_off: int
    features: tuple[str, ...]
    certain: Counted
    possible: Counted
    near: tuple[str, ...]

    @property
    def only_possible(self) -> tuple[str, ...]:
        """Those who would be in it if what is unknown were so."""
        return tuple(c for c in self.possible.members if c not in set(self.certain.members))


def cohort(children: Mapping[str, Answers], cut_off: int) -> Cohort:
    """Count a list of children (Alkire and Foster 2011, J Public Econ 95; features of equal weight).

    children: the features of each by name. cut_off: how many features make a member (kappa). Raises
    TeamaroundError where children have different features, or the cut-off is none of 1 to their number.
    """
    features = tuple(sorted({f for answers in children.values() for f in answers}))
    if any(len(answers) != len(features) for answers in children.values()):
        raise TeamaroundError("The children must all have the same features, unknown ones as `unknown`.")
    if children and not 1 <= cut_off <= len(features):
        raise TeamaroundError(f"cohort_features is {cut_off}; it is a number from 1 to {len(features)}, of features.")
    near = [
        c
        for c, answers in children.items()
        if belongs(answers, cut_off) == "no" and sum(a == "yes" for a in answers.values()) == cut_off - 1
    ]
    return Cohort(
        cut_off,
        features,
        _counted(children, features, cut_off, {"yes"}),
        _counted(children, features, cut_off, {"yes", "unknown"}),
        tuple(sorted(near)),
    )


def _counted(children: Mapping[str, Answers], features: Sequence[str], cut_off: int, met: set[str]) -> Counted:
    counts = {c: sum(answers[f] in met for f in features) for c, answers in children.items()}
    members = sorted(c for c, count in counts.items() if count >= cut_off)
    n, d, q = len(children), len(features), len(members)
    total = sum(counts[c] for c in members)
    h = q / n if n else 0.0
    a = total / (q * d) if q else None
    having = Counter(f for c in members for f in features if children[c][f] in met)
    shares = tuple(Share(f, having[f] / n if n else 0.0, having[f] / total if total else None) for f in features)
    return Counted(tuple(members), n, h, a, h * (a or 0.0), shares)


# --- how sure it is ---


@dataclass(frozen=True)
class Sensitivity:
    """What a child's belonging would be if the definition were a little different.

    cut_offs: by one feature less and one more. dropped: by each feature left out. steps: by each threshold a step
    down and a step up. unknown: the features on which it hangs that the records do not tell of.
    """

    now: Answer
    cut_offs: Mapping[int, Answer]
    dropped: Mapping[str, Answer]
    steps: Mapping[str, tuple[Answer, ...]]
    unknown: tuple[str, ...]

    @property
    def depends_on(self) -> tuple[str, ...]:
        """The parameters and the features a small change of which would change the answer."""
        by_number = ["cohort_features"] if any(a != self.now for a in self.cut_offs.values()) else []
        by_feature = [f for f, a in self.dropped.items() if a != self.now]
        by_step = [name for name, after in self.steps.items() if any(a != self.now for a in after)]
        return tuple(dict.fromkeys([*by_number, *by_feature, *by_step, *self.unknown]))

    @property
    def label(self) -> str:
        """stable in, stable out, or depends on: and what on."""
        if self.depends_on:
            return f"depends on: {', '.join(self.depends_on)}"
        return "stable in" if self.now == "yes" else "stable out"


def sensitivity(answers: Answers, cut_off: int, steps: Mapping[str, Sequence[Answers]] | None = None) -> Sensitivity:
    """How sure a child's belonging is.

    A feature that is left out is asked for no longer: the cut-off falls with it where all are asked for.
    steps: by parameter, the child's features under one step down and one up.
    """
    d, now = len(answers), belongs(answers, cut_off)
    return Sensitivity(
        now=now,
        cut_offs={k: belongs(answers, k) for k in (cut_off - 1, cut_off + 1) if 0 < k <= d},
        dropped={f: belongs({g: a for g, a in answers.items() if g != f}, min(cut_off, d - 1)) for f in answers},
        steps={name: tuple(belongs(a, cut_off) for a in after) for name, after in (steps or {}).items()},
        unknown=tuple(f for f, a in answers.items() if a == "unknown") if now == "unknown" else (),
    )


# --- two axes ---

# How the system answered: three families, never added to what the child needs.
RESPONSE = ("continuity", "area", "silos")


@dataclass(frozen=True)
class Place:
    """Where a child stands: features met for certain, those that may be met besides, findings about the response."""

    child: str
    needs: int
    perhaps: int
    response: int


def places(
    children: Mapping[str, Answers], raised: Mapping[str, Collection[str]], facts: Collection[str] = ()
) -> tuple[Place, ...]:
    """Needs and response of each child, as two counts, in the order of the children's names.

    raised: by child, the ids of the rules of each raised finding, as often as it is raised. facts: ids of rules
    that describe and never alarm; they are not counted.
    """
    return tuple(
        Place(
            child,
            sum(a == "yes" for a in answers.values()),
            sum(a == "unknown" for a in answers.values()),
            sum(r.split(".")[0] in RESPONSE and r not in facts for r in raised.get(child, ())),
        )
        for child, answers in sorted(children.items())
    )


def cells(where: Iterable[Place], bands: Sequence[tuple[int, int | None]]) -> dict[tuple[int, int], tuple[str, ...]]:
    """Children by needs and band of response: (features met, number of the band); within a cell by name only.

    bands: the first and the last number of each, in order from 0; the last is open.
    """
    found: dict[tuple[int, int], list[str]] = {}
    for place in where:
        band = max(n for n, (low, _) in enumerate(bands) if low <= place.response)
        found.setdefault((place.needs, band), []).append(place.child)
    return {cell: tuple(sorted(of)) for cell, of in sorted(found.items())}


# --- beside everyone else ---


@dataclass(frozen=True)
class Part:
    """How many of the cohort, and of all looked-after children, have a value; None = too few to be shown."""

    attribute: str
    value: str
    members: int | None
    everyone: int | None


def composition(
    children: Mapping[str, Mapping[str, str | None]], members: Collection[str], attributes: Sequence[str]
) -> tuple[Part, ...]:
    """The cohort against all looked-after children by sex, ethnicity and the like, with nothing suppressed.

    children: every looked-after child's attributes; one that is absent counts as not recorded. Members who are
    not among them are left out, so that the cohort is a part of the whole.
    """
    parts = []
    for attribute in attributes:
        values = {child: of.get(attribute) or "not recorded" for child, of in children.items()}
        everyone, ours = Counter(values.values()), Counter(values[c] for c in members if c in values)
        parts += [Part(attribute, value, ours[value], everyone[value]) for value in sorted(everyone)]
    return tuple(parts)


def suppressed(parts: Sequence[Part], least: int) -> tuple[Part, ...]:
    """The composition as it may be exported: no number under `least`, and none that the others give away.

    Where what is left out of an attribute is one number, or adds up to less than `least`, the next smallest goes
    too, since the sum may be known.
    """
    kept = list(parts)
    for attribute in dict.fromkeys(p.attribute for p in parts):
        of = [i for i, p in enumerate(parts) if p.attribute == attribute]
        for i in _hidden({i: parts[i].members or 0 for i in of}, least):
            kept[i] = replace(kept[i], members=None)
        for i in _hidden({i: parts[i].everyone or 0 for i in of}, least):
            kept[i] = replace(kept[i], everyone=None)
    return tuple(kept)


def _hidden(counts: Mapping[int, int], least: int) -> list[int]:
    """Which numbers of one column must not be shown."""
    ordered = sorted(counts, key=lambda i: (counts[i], i))
    hidden = [i for i in ordered if counts[i] < least]
    for i in ordered[len(hidden) :]:
        if not hidden or (len(hidden) > 1 and sum(counts[h] for h in hidden) >= least):
            break
        hidden.append(i)
    return hidden


@dataclass(frozen=True)
class Circumstances:
    """What happened around a child; None where it is not recorded or no load covers it.

    moves: changes of carer. miles: from home. resets: waiting lists begun again after a move. changes: of social
    worker.
    """

    child: str
    moves: int | None = None
    miles: float | None = None
    resets: int | None = None
    changes: int | None = None


@dataclass(frozen=True)
class Spread:
    """A measure over a group: how many children, of how many it is known, the median and the range."""

    children: int
    known: int
    median: float | None
    least: float | None
    most: float | None


@dataclass(frozen=True)
class Beside:
    """A measure over the cohort and over all others."""

    what: str
    members: Spread
    others: Spread


# What two groups are compared on, and what it is called.
MEASURES = {
    "moves": "moves in 24 months",
    "miles": "miles from home",
    "resets": "waiting lists begun again",
    "changes": "changes of social worker in 12 months",
}


def beside(of: Sequence[Circumstances], members: Collection[str]) -> tuple[Beside, ...]:
    """The cohort beside all others on moves, distance, resets and changes of worker."""
    ours, others = ([c for c in of if (c.child in members) is is_in] for is_in in (True, False))
    return tuple(Beside(what, _spread(ours, what), _spread(others, what)) for what in MEASURES)


def exported(lines: Iterable[Beside], least: int) -> tuple[Beside, ...]:
    """The comparison as it may be exported: no median of fewer than `least`, and no range, which is one child's."""
    return tuple(replace(b, members=_large(b.members, least), others=_large(b.others, least)) for b in lines)


def _spread(of: Sequence[Circumstances], what: str) -> Spread:
    values = [v for c in of if (v := getattr(c, what)) is not None]
    middle = float(median(values)) if values else None
    return Spread(len(of), len(values), middle, min(values, default=None), max(values, default=None))


def _large(spread: Spread, least: int) -> Spread:
    return replace(spread, median=spread.median if spread.known >= least else None, least=None, most=None)
