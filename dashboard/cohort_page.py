"""Whom the usual process fails: needs beside response, the description they match, and what is not known.

Two axes that are never added; children are dots in cells, never a list in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

import streamlit as st

from dashboard import components, data, ecomap, panel, words
from dashboard.child_page import open_child, render
from dashboard.children_page import choose_authority
from dashboard.data import FEATURES, CohortRow, Pair
from dashboard.session import kept
from graph.analysis.cohort.features import NAMES
from graph.calendars import add_months
from graph.findings import rules
from graph.parameters import DEFAULTS
from graph.records import Records, covers

# Findings of continuity, area and silos that are raised, in bands; the last is open.
BANDS = ((0, 0), (1, 2), (3, 4), (5, 6), (7, None))
BESIDE = {
    "continuity.social_workers": "Three or more social workers in 12 months",
    "continuity.placements": "Three or more placements in 12 months",
    "continuity.turnover_at_move": "The team changed at a move",
    "area.service_gap": "A service that stopped at a move",
    "area.waiting_list_reset": "A waiting list begun again after a move",
    "silos.disconnected": "Agencies with no exchange on record",
    "silos.single_point": "One person holds the network together",
    "cohort.no_plan": "No bespoke multi-agency plan on record",
}
MOST_AREAS = 8


def page() -> None:
    """The cohort of one authority."""
    st.title("Whom the usual process fails", anchor=False)
    source = data.source()
    authority = choose_authority(source.authorities())
    if authority is None or authority.as_at is None:
        return
    t = authority.as_at
    caseload, found = data.of_authority(source, authority)
    if not caseload:
        st.info(words.NO_CHILDREN)
        return
    rows = [data.cohort_row(r, found.get(r.child.id, ()), t) for r in caseload]
    st.html(_under_title(len(rows), authority.name, words.day(t)))
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _cells(rows, authority.code)
        _beside(rows)
    with right:
        _description(rows)
        of = (authority.code, authority.analysis)
        _pairs(kept("pairs", of, lambda: source.pairs(authority.code, t)), caseload[0], t)
        render("areas.html", areas=areas(rows), authority=authority.name, most=_most(rows))
    open_child()


def _under_title(n: int, authority: str, day: str) -> str:
    template = ecomap.templates().from_string(
        '<p class="quiet">{{ n }} of {{ authority }}, as at {{ day }}. The children stand under random names; '
        "a name is on the child’s own page.</p>"
    )
    return template.render(n=words.counted(n, "child", "children"), authority=authority, day=day)


# --- needs beside response ---


@dataclass(frozen=True)
class Cell:
    """Children with so many certain features and a band of findings; possible: who may have more."""

    features: int
    band: int
    rows: tuple[CohortRow, ...]

    @property
    def certain(self) -> int:
        """Those for whom nothing that is unknown would make them near or a match."""
        return sum(not _possible(r) for r in self.rows)


def _possible(row: CohortRow) -> bool:
    return row.match.startswith("may")


def cells(rows: Sequence[CohortRow]) -> tuple[Cell, ...]:
    """Children by how many features are certain and how many findings there are about the response."""
    found: dict[tuple[int, int], list[CohortRow]] = {}
    for row in rows:
        found.setdefault((len(row.certain), band(row.response)), []).append(row)
    return tuple(Cell(f, b, tuple(sorted(of, key=lambda r: r.ref))) for (f, b), of in sorted(found.items()))


def band(response: int) -> int:
    """The band a number of findings is in."""
    return next(n for n, (low, high) in enumerate(BANDS) if low <= response and (high is None or response <= high))


def band_name(n: int) -> str:
    """0, 1–2 … 7 or more."""
    low, high = BANDS[n]
    return f"{low} or more" if high is None else str(low) if low == high else f"{low}–{high}"


def _cells(rows: Sequence[CohortRow], code: str) -> None:
    st.header("Needs and response, side by side", anchor=False)
    found = cells(rows)
    told = components.drawing(draw(found), key=f"cells {code}")
    of = f"cell {code}"
    st.session_state[of] = told.get("chosen") or st.session_state.get(of)
    chosen = next((c for c in found if f"{c.features},{c.band}" == st.session_state[of]), None)
    if chosen:
        _chosen(chosen)
    else:
        st.html('<p class="quiet">Choose a cell to see who is in it, under random names, and why.</p>')


def draw(found: Sequence[Cell]) -> str:
    """The cells as SVG text, each of which can be chosen."""
    n = Counter(r.match for c in found for r in c.rows)
    return ecomap.templates().get_template("cells.svg").render(
        cells=[_drawn(c, first=n == 0) for n, c in enumerate(found)],
        bands=[band_name(b) for b in range(len(BANDS))],
        matches=_heading("matches", n["matches"], n["may match"]),
        near=_heading("near", n["near"], n["may be near"]),
    )  # fmt: skip


def _heading(what: str, certain: int, possible: int) -> str:
    return f"{what}: {certain}" + (f", may be {possible}" if possible else "")


def _drawn(cell: Cell, first: bool) -> dict[str, Any]:
    """A cell with its dots, as large as fit."""
    n, width, height = len(cell.rows), 116, 48
    step = next(s for s in (9.5, 7.6, 6.0, 4.6, 3.4, 2.4, 1.6) if int(width / s) * int(height / s) >= n or s == 1.6)
    across = int(width / step)
    dots = [
        {"x": (i % across) * step, "y": (i // across) * step, "hollow": i >= cell.certain}
        for i in range(min(n, across * int(height / step)))
    ]
    possible = n - cell.certain
    says = f"{words.counted(n, 'child', 'children')}: {words.counted(cell.features, 'feature')} certain, "
    says += f"{band_name(cell.band)} findings about the response"
    return {
        "f": cell.features, "b": cell.band, "n": n, "dots": dots, "r": step * 0.38, "first": first,
        "says": says + (f"; {possible} may have more features" if possible else ""),
    }  # fmt: skip


def _chosen(cell: Cell) -> None:
    """Who is in a cell, in no order but that of their random names, and why."""
    render(
        "cell.html",
        title=f"{words.counted(len(cell.rows), 'child', 'children')} with "
        f"{words.counted(cell.features, 'feature')} and {band_name(cell.band)} findings about the response",
        rows=[(r, _why(r), _firm(r)) for r in cell.rows],
    )


def _why(row: CohortRow) -> str:
    certain = [NAMES[f] for f in FEATURES if f in row.certain]
    unknown = [NAMES[f] for f in FEATURES if f in row.unknown]
    said = words.opened(words.listed(certain)) if certain else "No feature is certain"
    return f"{said}. Not known: {words.listed(unknown)}." if unknown else f"{said}."


def _firm(row: CohortRow) -> str:
    """How firmly a child stands in or near the description."""
    if row.stable:
        return "whichever feature is left out"
    if row.depends_on:
        return f"depends on {words.listed(NAMES[f] for f in row.depends_on)}"
    return "not certain" if row.match else "not near the description"


# --- the description ---


def _description(rows: Sequence[CohortRow]) -> None:
    ours = [r for r in rows if r.match in ("matches", "may match")]
    certain = [r for r in rows if r.match == "matches"]
    stable = sum(r.stable for r in certain)
    render(
        "description.html",
        features=[(NAMES[f], sum(f in r.certain for r in ours), sum(f in r.unknown for r in ours)) for f in FEATURES],
        certain=len(certain),
        possible=len(ours) - len(certain),
        stable=stable,
        question=rules()["cohort.matches"].question,
        citation=rules()["cohort.matches"].citation,
        cut_off=DEFAULTS.cohort_features,
        parameters=[panel.parameter(p, getattr(DEFAULTS, p)) for p in rules()["cohort.matches"].parameters],
        counted=words.counted,
    )


# --- beside all others ---


def _beside(rows: Sequence[CohortRow]) -> None:
    """Those who match beside all others; where nobody does, those who are near."""
    kind = "matches" if any(r.match == "matches" for r in rows) else "near"
    ours = [r for r in rows if r.match == kind]
    others = [r for r in rows if r.match != kind]
    if not ours:
        return
    name = "who match the description" if kind == "matches" else "who are near the description"
    render("beside.html", n=len(ours), others=len(others), name=name, lines=beside(ours, others), counted=words.counted)


def beside(ours: Sequence[CohortRow], others: Sequence[CohortRow]) -> list[tuple[str, str, str]]:
    """Lines of two groups side by side: medians, and shares for whom a finding is raised."""
    lines = [
        ("Placements in 24 months, median", _median([r.homes for r in ours]), _median([r.homes for r in others])),
        ("Miles from home, median", _median(_miles(ours)), _median(_miles(others))),
    ]
    there = {rule for r in (*ours, *others) for rule in r.rules}
    for rule, name in BESIDE.items():
        if rule in there:
            lines.append((name, _share(ours, rule), _share(others, rule)))
    return lines


def _miles(rows: Sequence[CohortRow]) -> list[float]:
    return [r.miles for r in rows if r.miles is not None]


def _median(values: Sequence[float]) -> str:
    return f"{median(values):g}" if values else "not recorded"


def _share(rows: Sequence[CohortRow], rule: str) -> str:
    return f"{100 * sum(rule in r.rules for r in rows) / len(rows):.0f}%" if rows else "–"


# --- where they live, who talks to whom ---


def areas(rows: Sequence[CohortRow]) -> list[tuple[str, int, int]]:
    """Authorities in which children live outside their own: name, children, of them at a distance; most first."""
    outside = [r for r in rows if r.area and r.where not in ("at home", "not recorded")]
    counts = Counter(str(r.area) for r in outside)
    far = Counter(str(r.area) for r in outside if r.where == "at a distance")
    ordered = sorted(counts, key=lambda a: (-counts[a], a))
    shown = [(a, counts[a], far[a]) for a in ordered[:MOST_AREAS]]
    rest = ordered[MOST_AREAS:]
    if rest:
        shown.append((f"{len(rest)} others", sum(counts[a] for a in rest), sum(far[a] for a in rest)))
    return shown


def _most(rows: Sequence[CohortRow]) -> int:
    return max((n for _, n, _ in areas(rows)), default=1)


def _pairs(pairs: Sequence[Pair], one: Records, t: date) -> None:
    """Who talks to whom; what no load covers is said to be so, and is never a nought."""
    kinds = _kinds(pairs)
    first = add_months(t, -12) + timedelta(days=1)
    loaded = {k for k in kinds if covers(one, "attended", first, t, k)}
    render("pairs.html", kinds=kinds, share=shares(pairs, loaded), loaded=loaded, called=words.agency_kind)


def _kinds(pairs: Sequence[Pair]) -> list[str]:
    """The kinds of agency in the order of how many children they share."""
    shared = Counter[str]()
    for p in pairs:
        shared[p.a] += p.both
        shared[p.b] += p.both
    return [kind for kind, _ in sorted(shared.items(), key=lambda kn: (-kn[1], kn[0]))][:8]


def shares(pairs: Sequence[Pair], loaded: Collection[str]) -> Mapping[tuple[str, str], tuple[int, int]]:
    """Percent of the children they share for whom exchange is on record, and how many they share.

    Only of pairs whose attendance loads cover on both sides, or for whom some exchange is on record.
    """
    found = {}
    for p in pairs:
        if p.both and (p.exchanged or (p.a in loaded and p.b in loaded)):
            found[p.a, p.b] = found[p.b, p.a] = (round(100 * p.exchanged / p.both), p.both)
    return found
