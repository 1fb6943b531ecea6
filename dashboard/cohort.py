"""The cohort as its page shows it: what the analysis wrote of each child, as `graph.cohort` counts it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from dashboard import header, words
from dashboard.data import Raised
from graph import cohort
from graph.analysis.cohort.around import ATTRIBUTES, attributes, circumstances
from graph.analysis.cohort.features import NAMES
from graph.cohort import LEAST, Answer, Answers, Beside, Circumstances, Cohort, Part, Place
from graph.findings import rules
from graph.parameters import Parameters
from graph.records import Records, area_of, as_at, in_care, stay_at

# Findings about the response, in bands; the last is open.
BANDS = ((0, 0), (1, 2), (3, 4), (5, 6), (7, None))
MOST_AREAS = 8


@dataclass(frozen=True)
class CohortRow:
    """A looked-after child: features, the rules that are raised, as often as they are, and where the child lives.

    match: matches, may match, near, may be near, or nothing. stable: whichever feature is left out. depends_on: the
    features without which the child would not belong, or would.
    """

    ref: str
    answers: Answers
    match: str
    raised: tuple[str, ...]
    around: Circumstances
    area: str | None
    where: header.Where
    stable: bool
    depends_on: tuple[str, ...]
    attributes: Mapping[str, str | None]

    def of(self, answer: Answer) -> tuple[str, ...]:
        """The features that are met, not met, or unknown."""
        return tuple(name for name, said in self.answers.items() if said == answer)


def rows(
    caseload: Sequence[Records], raised: Mapping[str, Sequence[Raised]], t: date, parameters: Parameters
) -> list[CohortRow]:
    """Every child who is looked after on the day of the analysis. raised: by child, what it wrote."""
    seen = [(as_at(records, t), raised.get(records.child.id, ())) for records in caseload]
    return [row(records, found, t, parameters) for records, found in seen if in_care(records, t)]


def row(records: Records, raised: Sequence[Raised], t: date, parameters: Parameters) -> CohortRow:
    """One child, masked by the caller (`graph.records.as_at`)."""
    child, stay = records.child, stay_at(records, t)
    area = area_of(records, stay.last.to_id, t) if stay else None
    told = answers(raised)
    firm: Mapping[str, object] = next((r.measures for r in raised if r.rule in ("cohort.matches", "cohort.near")), {})
    depends = firm.get("depends_on", ())
    return CohortRow(
        ref=child.ref or "",
        answers=told,
        match=match(told, parameters.cohort_features),
        raised=tuple(r.rule for r in raised if r.status == "raised"),
        around=circumstances(records, t, (), parameters),
        area=words.authority(records, area) if area else None,
        where=header.where(records.authority, area),
        stable=firm.get("stability") == "stable in",
        depends_on=tuple(depends) if isinstance(depends, list | tuple) else (),
        attributes=attributes(records, t),
    )


def answers(raised: Sequence[Raised]) -> Answers:
    """The features as the analysis wrote them: what it wrote nothing of is not met."""
    said: dict[str, Answer] = dict.fromkeys(NAMES, "no")
    for r in raised:
        feature = r.rule.removeprefix("cohort.")
        if feature in said:
            said[feature] = "yes" if r.status == "raised" else "unknown"
    return said


def match(answers: Answers, cut_off: int) -> str:
    """matches, may match, near, may be near, or nothing."""
    belongs, near = cohort.belongs(answers, cut_off), cohort.belongs(answers, cut_off - 1)
    if belongs != "no":
        return "matches" if belongs == "yes" else "may match"
    return {"yes": "near", "unknown": "may be near", "no": ""}[near]


# --- all of them ---


def counted(of: Sequence[CohortRow], cut_off: int) -> Cohort:
    """The children counted (Alkire and Foster), under their random names."""
    return cohort.cohort({row.ref: row.answers for row in of}, cut_off)


@dataclass(frozen=True)
class Cell:
    """Children with so many certain features and a band of findings about the response."""

    features: int
    band: int
    rows: tuple[CohortRow, ...]

    @property
    def certain(self) -> int:
        """Those for whom nothing that is unknown would make them near or a match."""
        return sum(not row.match.startswith("may") for row in self.rows)


def cells(of: Sequence[CohortRow]) -> tuple[Cell, ...]:
    """Children by how many features are certain and how many findings there are about the response."""
    by_ref = {row.ref: row for row in of}
    found = cohort.cells(_places(of), BANDS)
    return tuple(Cell(needs, band, tuple(by_ref[ref] for ref in refs)) for (needs, band), refs in found.items())


def _places(of: Sequence[CohortRow]) -> tuple[Place, ...]:
    facts = {id for id, rule in rules().items() if rule.fact}
    return cohort.places({row.ref: row.answers for row in of}, {row.ref: row.raised for row in of}, facts)


def band_name(n: int) -> str:
    """0, 1–2 … 7 or more."""
    low, high = BANDS[n]
    return f"{low} or more" if high is None else str(low) if low == high else f"{low}–{high}"


def beside(of: Sequence[CohortRow], members: Sequence[CohortRow]) -> tuple[Beside, ...]:
    """These children beside all others, on what happened around them; what nothing is known of is left out."""
    those = {row.around.child for row in members}
    told = cohort.beside([row.around for row in of], those)
    return tuple(line for line in told if line.members.known or line.others.known)


def composition(of: Sequence[CohortRow], members: Sequence[CohortRow]) -> tuple[Part, ...]:
    """Who these children are beside all looked after, without numbers so small that they name someone."""
    children = {row.ref: row.attributes for row in of}
    parts = cohort.composition(children, [row.ref for row in members], ATTRIBUTES)
    return cohort.suppressed(parts, LEAST)


def areas(of: Sequence[CohortRow]) -> list[tuple[str, int, int]]:
    """Authorities in which children live outside their own: name, children, of them at a distance; most first."""
    outside = [row for row in of if row.area and row.where not in ("at home", "not recorded")]
    counts = Counter(str(row.area) for row in outside)
    far = Counter(str(row.area) for row in outside if row.where == "at a distance")
    ordered = sorted(counts, key=lambda a: (-counts[a], a))
    shown = [(a, counts[a], far[a]) for a in ordered[:MOST_AREAS]]
    rest = ordered[MOST_AREAS:]
    if rest:
        shown.append((f"{len(rest)} others", sum(counts[a] for a in rest), sum(far[a] for a in rest)))
    return shown
