"""My children: whose review is next, and what is raised about each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from dashboard import data, header, words
from dashboard.child_page import open_child, render
from dashboard.data import Authority, ChildRow

FIELD = 360
ALL = "All children"
NOBODY = "No reviewing officer on record"


def page() -> None:
    """The children of one reviewing officer, or all, in the order of the diary."""
    st.title("My children", anchor=False)
    source = data.source()
    authority = choose_authority(source.authorities())
    if authority is None or authority.as_at is None:
        return
    t = authority.as_at
    caseload, found = data.of_authority(source, authority)
    rows = [data.child_row(r, found.get(r.child.id, ()), t) for r in caseload]
    if not rows:
        st.info(words.NO_CHILDREN)
        return
    show(_chosen(rows), t, authority.name)
    open_child()


def choose_authority(found: Sequence[Authority]) -> Authority | None:
    """The authority to look at; says what to type where nothing is loaded or analysed yet."""
    if not found:
        st.info(words.NOTHING_LOADED)
        return None
    by_code = {a.code: a for a in found}
    chosen = found[0]
    if len(found) > 1:
        code = st.selectbox(
            "Authority", list(by_code), format_func=lambda c: by_code[c].name, key="authority", persist_state="session",
            width=FIELD,
        )  # fmt: skip
        chosen = by_code.get(code, chosen)
    if chosen.as_at is None:
        st.info(words.NOT_ANALYSED)
    return chosen


def _chosen(rows: Sequence[ChildRow]) -> list[ChildRow]:
    """The rows of the reviewing officer that is chosen."""
    names = sorted({name for row in rows for name in row.iros})
    lone = [NOBODY] if any(row.in_care and not row.iros for row in rows) else []
    iro = st.selectbox("Reviewing officer", [ALL, *names, *lone], key="iro", persist_state="session", width=FIELD)
    if iro == ALL:
        return list(rows)
    if iro == NOBODY:
        return [row for row in rows if row.in_care and not row.iros]
    return [row for row in rows if iro in row.iros]


def show(rows: Sequence[ChildRow], t: date, authority: str) -> None:
    """The table, in the order of the next review."""
    ordered = sorted(rows, key=lambda r: (r.next_review is None, r.next_review or date.max, r.label, r.ref))
    render(
        "children.html",
        rows=[
            (row, header.next_review(row.next_review, row.reviews_loaded, t), raised(row))
            for row in ordered
            if row.in_care
        ],
        others=[(row, "", raised(row)) for row in ordered if not row.in_care],
        authority=authority,
        day=words.day(t),
        counted=words.counted,
    )


def raised(row: ChildRow) -> str:
    """What is raised, in words: `what was due (1) · who knows what (2)`."""
    said = [f"{name} ({n})" for family, name in words.FAMILIES.items() if (n := row.raised.get(family))]
    return " · ".join(said) or "nothing is raised"
