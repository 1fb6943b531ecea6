"""Whom the usual process fails: needs beside response, the description they match, and what is not known.

Two axes that are never added; children are dots in cells, never a list in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import streamlit as st

from dashboard import cohort, components, data, ecomap, panel, words
from dashboard.child_page import open_child, render
from dashboard.children_page import choose_authority
from dashboard.cohort import BANDS, Cell, CohortRow
from dashboard.data import Authority, Pair
from dashboard.session import kept
from graph.analysis.cohort.definition import definition
from graph.analysis.cohort.features import NAMES
from graph.calendars import add_months
from graph.cohort import LEAST, MEASURES, Part, Spread
from graph.findings import rules
from graph.parameters import Parameters
from graph.records import Records, covers


def page() -> None:
    """The cohort of one authority."""
    st.title("Whom the usual process fails", anchor=False)
    source = data.source()
    authority = choose_authority(source.authorities())
    if authority is None or authority.as_at is None:
        return
    t, of = authority.as_at, (authority.code, authority.analysis)
    caseload, found = data.of_authority(source, authority)
    rows = kept("cohort", of, lambda: cohort.rows(caseload, found, t, authority.parameters))
    if not rows:
        st.info(words.NO_CHILDREN if not caseload else words.NOBODY_LOOKED_AFTER)
        return
    st.html(_under_title(len(rows), authority.name, words.day(t)))
    left, right = st.columns([7, 5], gap="medium")
    with left:
        _cells(rows, authority)
        _beside(rows, authority.parameters)
    with right:
        _description(rows, authority.parameters)
        _pairs(kept("pairs", of, lambda: source.pairs(authority.code, t)), caseload[0], t)
        areas = cohort.areas(rows)
        render("areas.html", areas=areas, authority=authority.name, most=max((n for _, n, _ in areas), default=1))
    open_child()


def _under_title(n: int, authority: str, day: str) -> str:
    template = ecomap.templates().from_string(
        '<p class="quiet">{{ n }} looked after by {{ authority }}, as at {{ day }}. The children stand under random '
        "names; a name is on the child’s own page.</p>"
    )
    return template.render(n=words.counted(n, "child", "children"), authority=authority, day=day)


# --- needs beside response ---


def _cells(rows: Sequence[CohortRow], authority: Authority) -> None:
    st.header("Needs and response, side by side", anchor=False)
    found = cohort.cells(rows)
    told = components.drawing(draw(found, authority.parameters.cohort_features), key=f"cells {authority.code}")
    of = f"cell {authority.code}"
    st.session_state[of] = told.get("chosen") or st.session_state.get(of)
    chosen = next((c for c in found if f"{c.features},{c.band}" == st.session_state[of]), None)
    if chosen:
        _chosen(chosen)
    else:
        st.html('<p class="quiet">Choose a cell to see who is in it, under random names, and why.</p>')


def draw(found: Sequence[Cell], cut_off: int) -> str:
    """The cells as SVG text, each of which can be chosen. cut_off: features that make a match."""
    n = Counter(r.match for c in found for r in c.rows)
    return ecomap.templates().get_template("cells.svg").render(
        cells=[_drawn(c, first=n == 0) for n, c in enumerate(found)],
        bands=[cohort.band_name(b) for b in range(len(BANDS))],
        cut_off=cut_off,
        matches=_heading("matches", n["matches"], n["may match"]),
        near=_heading("near", n["near"], n["may be near"]),
    )  # fmt: skip


def _heading(what: str, certain: int, possible: int) -> tuple[str, str]:
    return f"{what}: {certain}", f"{possible} more may" if possible else ""


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
    says += f"{cohort.band_name(cell.band)} findings about the response"
    return {
        "f": cell.features, "b": cell.band, "n": n, "dots": dots, "r": step * 0.38, "first": first,
        "says": says + (f"; {possible} may have more features" if possible else ""),
    }  # fmt: skip


def _chosen(cell: Cell) -> None:
    """Who is in a cell, in no order but that of their random names, and why."""
    render(
        "cell.html",
        title=f"{words.counted(len(cell.rows), 'child', 'children')} with "
        f"{words.counted(cell.features, 'feature')} and {cohort.band_name(cell.band)} findings about the response",
        rows=[(r, _why(r), _firm(r)) for r in cell.rows],
    )


def _why(row: CohortRow) -> str:
    certain, unknown = ([NAMES[f] for f in row.of(answer)] for answer in ("yes", "unknown"))
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


def _description(rows: Sequence[CohortRow], parameters: Parameters) -> None:
    found = cohort.counted(rows, parameters.cohort_features)
    ours = [r for r in rows if r.ref in found.possible.members]
    share = {s.feature: s.share for s in found.certain.shares}
    render(
        "description.html",
        features=[
            (name, sum(f in r.of("yes") for r in ours), sum(f in r.of("unknown") for r in ours), _percent(share.get(f)))
            for f, name in NAMES.items()
        ],
        certain=len(found.certain.members),
        possible=len(found.only_possible),
        stable=sum(r.stable for r in ours if r.match == "matches"),
        shared=parameters.cohort_features < len(NAMES),  # who meets all of them has an equal part of each
        question=rules()["cohort.matches"].question,
        cut_off=parameters.cohort_features,
        of=len(NAMES),
        ratios=[
            (what, _percent(counted.h), _percent(counted.a), _percent(counted.m0))
            for what, counted in (("certain", found.certain), ("certain and possible", found.possible))
        ],
        definition=definition(parameters).lines,
        parameters=[panel.parameter(p, getattr(parameters, p)) for p in rules()["cohort.matches"].parameters],
        counted=words.counted,
    )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f}%"


# --- beside all others ---


def _beside(rows: Sequence[CohortRow], parameters: Parameters) -> None:
    """Those who match beside all others; where nobody does, those who are near."""
    kind = "matches" if any(r.match == "matches" for r in rows) else "near"
    ours = [r for r in rows if r.match == kind]
    if not ours:
        return
    render(
        "beside.html",
        n=len(ours),
        others=len(rows) - len(ours),
        name="who match the description" if kind == "matches" else "who are near the description",
        lines=beside(rows, ours, parameters),
        parts=[_part(part) for part in cohort.composition(rows, ours)],
        least=LEAST,
        counted=words.counted,
    )


def beside(rows: Sequence[CohortRow], ours: Sequence[CohortRow], parameters: Parameters) -> list[tuple[str, str, str]]:
    """Lines of some children and all others side by side: medians, and shares for whom a finding is raised."""
    others = [r for r in rows if r not in ours]
    lines = [
        (f"{words.opened(MEASURES[line.what])}, median", _median(line.members), _median(line.others))
        for line in cohort.beside(rows, ours)
    ]
    there = {rule for r in rows for rule in r.raised}
    shares = [(name, rule) for rule, name in _findings(parameters).items() if rule in there]
    return [*lines, *((name, _share(ours, rule), _share(others, rule)) for name, rule in shares)]


def _findings(p: Parameters) -> dict[str, str]:
    """Findings for which the two groups are put side by side."""
    return {
        "continuity.social_workers": f"{p.social_workers} or more social workers in 12 months",
        "continuity.placements": f"{p.placements} or more placements in 12 months",
        "continuity.turnover_at_move": "The team changed at a move",
        "area.service_gap": "A service that stopped at a move",
        "area.waiting_list_reset": "A waiting list begun again after a move",
        "silos.disconnected": "Agencies with no exchange on record",
        "silos.single_point": "One person holds the network together",
        "cohort.no_plan": "No bespoke multi-agency plan on record",
    }


def _median(spread: Spread) -> str:
    if spread.median is None:
        return "not known"
    return f"{spread.median:g}" + (f" (of {spread.known})" if spread.known < spread.children else "")


def _share(rows: Sequence[CohortRow], rule: str) -> str:
    return f"{100 * sum(rule in r.raised for r in rows) / len(rows):.0f}%" if rows else "–"


def _part(part: Part) -> tuple[str, str, str, str]:
    members, everyone = ("few" if n is None else str(n) for n in (part.members, part.everyone))
    return part.attribute, part.value, members, everyone


# --- who talks to whom ---


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
