"""One child: who is around her on any day, what the records raise, who was there when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import pandas as pd
import streamlit as st

from dashboard import components, data, ecomap, ecomap_svg, header, layout, panel, people, timeline, words
from dashboard.people import State, Team, Track
from dashboard.session import kept
from graph.findings import Finding
from graph.parameters import DEFAULTS, Parameters
from graph.records import Records

BESIDE = 790  # height of the findings, so that they stand beside the picture and time comes right below
SPANS = {"24 months": 24, "5 years": 60, "The whole record": None}


def page() -> None:
    """The page of the child behind `?child=`, or of the one looked at last."""
    source = data.source()
    ref = st.query_params.get("child") or st.session_state.get("child", "")
    records = source.records(ref) if ref else None
    if records is None:
        st.title("One child", anchor=False)
        st.info(words.NO_SUCH_CHILD if ref else words.NO_CHILD_CHOSEN)
        return
    st.session_state["child"] = st.query_params["child"] = ref
    last, parameters = _analysed(source, records)
    show(records, ref, last, parameters)


def as_page() -> st.Page:
    """This page, for the navigation and for links to it."""
    return st.Page(page, title="One child", url_path="child")


def open_child() -> None:
    """Go to the child whose link was followed."""
    if ref := components.opened():
        st.switch_page(as_page(), query_params={"child": ref})


def _analysed(source: data.Source, records: Records) -> tuple[date, Parameters]:
    """The day pages look from, and with which parameters: those of the authority's analysis.

    Where nothing is analysed: the last day anything is covered, and the defaults.
    """
    found = {a.code: a for a in source.authorities() if a.as_at}
    analysed = found.get(records.child.authority or "") or found.get(records.authority)
    if analysed and analysed.as_at:
        return analysed.as_at, analysed.parameters
    return min(max((c.end for c in records.coverage), default=date.today()), date.today()), DEFAULTS


def show(records: Records, ref: str, last: date, parameters: Parameters) -> None:
    """Everything about one child, as at the day the slider was left on."""
    months = SPANS[st.session_state.get(f"span {ref}", "24 months")]
    first = timeline.begin(records, last, months)
    team = people.team(records, first, last)
    t = _day(ref, team)
    review = header.last_review(records, t)
    now = _findings(records, t, parameters)
    then = _findings(records, review, parameters) if review else ()
    changed = header.change(records, t, now, then)
    summary = header.summary(records, t)
    render("header.html", s=summary, c=changed, day=words.day, some=words.some, counted=words.counted)
    left, right = st.columns([2, 1], gap="medium")
    with left:
        _picture(records, ref, team, summary, t)
    with right:
        _card(records, ref, team, t)
        st.header("Findings", anchor=False)
        with st.container(height=BESIDE, border=True, key="findings"):
            st.html(panel.html(panel.sections(records, now, then, review is not None), review))
    _time(records, ref, team, t)


def render(template: str, **values: object) -> None:
    """A template of ours on the page, every value escaped."""
    st.html(ecomap.templates().get_template(template).render(**values))


def _findings(records: Records, t: date, parameters: Parameters) -> tuple[Finding, ...]:
    """Findings as at a day, each day run once while the same records are looked at."""
    by_day: dict[date, tuple[Finding, ...]] = kept("findings", (records, parameters), dict)
    if t not in by_day:
        by_day[t] = data.findings(records, t, parameters)
    return by_day[t]


# --- the day and the person that were chosen ---


def _day(ref: str, team: Team) -> date:
    """The day the slider was left on; the last one until it is moved."""
    told = st.session_state.get(_key(ref), {})
    return ecomap.day_of(team.first, told.get("day"), team.last) or team.last


def _key(ref: str, name: str = "ecomap") -> str:
    """The key of a component: Streamlit parts its own with two underlines, which a name may have."""
    return f"{name} {ref}".replace("_", " ")


def _picture(records: Records, ref: str, team: Team, summary: header.Summary, t: date) -> None:
    # The frame is told nothing that changes with the day: it would be drawn anew, and the slider lost.
    marks = timeline.marks(records, team.last)
    html = kept("picture", (team, summary.name, marks), lambda: ecomap.page(team, summary.name, marks))
    chosen = st.session_state.get(f"chosen {ref}")
    told = components.frame(
        html,
        key=_key(ref),
        title=f"Ecomap of {summary.name}, with a slider for the date; the same people are in the table below it",
        height=ecomap.height(layout.place(team)),
        known=[track.id for track in team.tracks],
        chosen=chosen,
        day=t.isoformat(),
    )
    _choose(ref, told.get("chosen"))
    with st.expander("The same picture for keyboard, screen reader and print"):
        told = components.drawing(ecomap_svg.draw(team, t, summary.title, interactive=True), key=_key(ref, "svg"))
        _choose(ref, told.get("chosen"))
        st.download_button(
            "Save this picture (SVG)",
            lambda: ecomap_svg.draw(team, t, summary.title),  # drawn when asked for: no copy waits at an address
            f"ecomap-{ref}-{t}.svg",
            "image/svg+xml",
            on_click="ignore",
        )
    with st.expander("The same people as a table"):
        st.table(people_table(team, t))


def _choose(ref: str, chosen: object) -> None:
    """Whoever was chosen, in whichever drawing, is whom the card shows."""
    if chosen and chosen != st.session_state.get(f"chosen {ref}"):
        st.session_state[f"chosen {ref}"] = chosen
        st.rerun()


def people_table(team: Team, t: date) -> pd.DataFrame:
    """Everyone in the picture on day t, in its order, one row each; text made safe for a place that reads Markdown."""
    names = {track.id: track.name for track in team.tracks}
    rows = [
        {
            "Person or service": track.name,
            "Role": ecomap.role_line(state),
            "Agency": state.agency,
            "Since": words.short_day(state.since, "not recorded"),
            "Last contact on record": words.opened(_contact(state)),
            "Exchanged with, 12 months": _exchanged(names, team.exchanged(track.id, t)),
        }
        for track, state in team.on(t)
    ]
    return pd.DataFrame([{k: words.markdown(v) for k, v in row.items()} for row in rows])


def _contact(state: State) -> str:
    return words.short_day(state.contact) if state.contact and not state.lives_here else ecomap.contact(state)


def _exchanged(names: dict[str, str], ids: list[str]) -> str:
    return f"{len(ids)}: {words.listed(names[i] for i in ids)}" if ids else "no one on record"


# --- one person ---


def _card(records: Records, ref: str, team: Team, t: date) -> None:
    """The card of the person that was chosen."""
    track = team.track(st.session_state.get(f"chosen {ref}", ""))
    state = track.on(t) if track else None
    if track is None or state is None:
        return
    render("card.html", card=card(records, team, track, state, t))
    if st.button("Close this card", key=f"close {ref}"):
        st.session_state[f"chosen {ref}"] = None
        st.rerun()


@dataclass(frozen=True)
class Card:
    """What is said of one person: each line a name and a text."""

    name: str
    lines: tuple[tuple[str, str], ...]
    sources: tuple[str, ...]


def card(records: Records, team: Team, track: Track, state: State, t: date) -> Card:
    """The card of one person on day t: who, since when, last contact, as of which day, from which rows."""
    names = {other.id: other.name for other in team.tracks}
    lines = [
        ("Role", ecomap.role_line(state)),
        ("Agency", state.agency),
        ("Area", state.area or ""),
        ("Since", words.on_day(state.since)),
        ("Ended", words.day(state.ended) if state.ended else ""),
        ("Contact", words.opened(ecomap.contact(state))),
        ("Exchange", words.opened(_exchanged(names, team.exchanged(track.id, t)))),
        ("As of", words.day(t)),
        ("Coverage", "contacts are loaded up to this day" if state.covered else "contacts are not loaded for this day"),
    ]
    behind = [r for r in records.relationships if r.id in state.records]
    rows = dict.fromkeys(words.source(s) for r in behind for s in r.sources)
    return Card(track.name, tuple((k, v) for k, v in lines if v), tuple(rows))


# --- time ---


def _time(records: Records, ref: str, team: Team, t: date) -> None:
    """The timeline, and the same as a table."""
    title, span = st.columns([2, 1], vertical_alignment="bottom")
    title.header("Who was there when", anchor=False)
    span.segmented_control(
        "Time shown", list(SPANS), default="24 months", required=True, key=f"span {ref}", persist_state="session"
    )
    components.drawing(timeline.draw(records, team.first, team.last, t), key=_key(ref, "time"))
    with st.expander("The same as a table"):
        st.table(time_table(records, team.first, t))


def time_table(records: Records, first: date, t: date) -> pd.DataFrame:
    """Every spell and every gap of the timeline, one row each."""
    rows = []
    for lane in timeline.lanes(records, first, t):
        spells: list[tuple[date, date | None, str]] = [(b.start, b.end, b.name) for b in lane.bars]
        gaps: list[tuple[date, date | None, str]] = [(a, b, "no one on record") for a, b in lane.gaps]
        for start, end, who in sorted(spells + gaps, key=lambda s: (s[0], s[2])):
            until = words.short_day(end) if end else "now"
            rows.append({"Role": lane.label, "Who": who, "From": words.short_day(start), "To": until})
        if not spells and not gaps:
            rows.append({"Role": lane.label, "Who": "no one on record" if lane.loaded else "not loaded"})
    return pd.DataFrame([{k: words.markdown(row.get(k, "")) for k in ("Role", "Who", "From", "To")} for row in rows])
