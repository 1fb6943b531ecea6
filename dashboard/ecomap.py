"""The ecomap in the browser: what pyvis is given, and the page of its own in which it is drawn.

pyvis only builds the nodes and edges: the HTML it would write calls three other servers and runs what a name
may hold. Ours is a template that escapes, with vis-network inside it and nothing from elsewhere; it is shown in a
frame without an origin, from which only two messages come: a person was chosen, a date was chosen.
"""

from __future__ import annotations

import secrets
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from jinja2 import Environment, PackageLoader
from markupsafe import Markup

from dashboard import layout, words
from dashboard.layout import Layout
from dashboard.people import RINGS, State, Team, Track

# How each line is drawn: width, dashes, and whether in grey; vis-network and the SVG read the same.
LINES: Mapping[str, dict[str, Any]] = {
    "thick": {"width": 5, "dashes": None, "grey": False},
    "plain": {"width": 2, "dashes": None, "grey": False},
    "dashed": {"width": 2, "dashes": [8, 6], "grey": False},
    "unknown": {"width": 1, "dashes": None, "grey": True},
    "ended": {"width": 1.5, "dashes": [2, 5], "grey": True},
}


@dataclass(frozen=True)
class Mark:
    """Something on the line of time: a review, a move, a crisis."""

    day: date
    kind: str
    text: str


BEND = 0.62  # how far an arc of exchange keeps from the middle: 1 = straight
GREY = "#6b7276"


@cache
def templates() -> Environment:
    """The templates of the dashboard; every value is escaped."""
    return Environment(
        loader=PackageLoader("dashboard", "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
    )


def page(team: Team, child: str, marks: Sequence[Mark], nonce: str | None = None) -> str:
    """The ecomap as a page of its own, for a sandboxed frame; all that was ever so is in it, once.

    nonce: lets only our scripts run; the same for as long as the same page is to be kept.
    """
    placed = layout.place(team)
    return templates().get_template("ecomap.html").render(
        nonce=nonce or secrets.token_urlsafe(16),
        child=child,
        scene=scene(team, placed, child, marks),
        network=network(team, placed),
        vis=Markup(_vis_network()),
        script=Markup(file("ecomap.js")),
        style=Markup(file("ecomap.css")),
        lines=LINES,
    )  # fmt: skip


def height(placed: Layout) -> int:
    """About how high the page will be on a laptop: it says so itself once it is drawn."""
    return round(0.9 * placed.height) + 205


def network(team: Team, placed: Layout) -> dict[str, Any]:
    """Nodes, edges and options as pyvis builds them: places fixed, physics off, as at the last day."""
    # pyvis brings IPython with it: seconds on a cold disk, so only where it is needed.
    from pyvis.network import Network

    net = Network(cdn_resources="in_line")
    net.toggle_physics(False)
    net.add_node("child", label=" ", shape="dot", size=layout.CHILD, x=0, y=0, color="#ffdd00", level=0)
    cast = placed.on(team.last)
    for n, track in enumerate(team.tracks):
        seat, state = cast.seat(track.id), track.on(team.last)
        x, y = seat.points[state.ring] if seat and state else (0, 0)
        shape, colour = "dot" if track.person else "square", layout.COLOURS[track.group]
        net.add_node(track.id, label=" ", shape=shape, size=placed.node, x=x, y=y, color=colour, level=n + 1)
        net.add_edge("child", track.id, id=f"line {track.id}", color=colour, width=2)
    nodes, edges, *_ = net.get_network_data()
    return {"nodes": nodes, "edges": edges}


def scene(team: Team, placed: Layout, child: str, marks: Sequence[Mark]) -> dict[str, Any]:
    """All that the frame's script needs beside pyvis's data: days are counted from the first."""

    def number(d: date | None) -> int | None:
        return (d - team.first).days if d else None

    return {
        "child": child,
        "first": team.first.isoformat(),
        "days": number(team.last),
        "width": layout.WIDTH,
        "height": placed.height,
        "node": placed.node,
        "labelLines": placed.lines,
        "centre": layout.CHILD,
        "bend": BEND,
        "grey": GREY,
        "lines": LINES,
        "rings": rings(team, placed),
        "casts": [
            {
                "from": number(cast.start),
                "to": number(cast.end),
                "seats": {s.track: [s.x, s.y, s.room, s.points] for s in cast.seats},
                "wedges": {w.group: {"x": w.x, "y": w.y, **wedge(placed, w)} for w in cast.wedges},
            }
            for cast in placed.casts
        ],
        "groups": {w.group: {"colour": layout.COLOURS[w.group], "anchor": w.anchor}
                   for cast in placed.casts for w in cast.wedges},
        "people": [_person(team, track, number) for track in team.tracks],
        "arcs": [{"a": x.a, "b": x.b, "spans": [[number(s), number(e)] for s, e in x.spans()]} for x in team.exchanges],
        "marks": [
            {"day": number(m.day), "kind": m.kind, "text": m.text} for m in marks if team.first <= m.day <= team.last
        ],
        "changes": changes(team, marks),
    }  # fmt: skip


def rings(team: Team, placed: Layout) -> list[dict[str, Any]]:
    """The borders of the rings, each with what lies inside it; the last only where someone stands there."""
    used = 4 if any(s.ring == 3 for t in team.tracks for s in t.states) else 3
    return [
        {"rx": rx, "ry": ry, "name": name}
        for name, (rx, ry) in list(zip(RINGS, layout.borders(placed.ry), strict=True))[:used]
    ]


def wedge(placed: Layout, w: layout.Wedge) -> dict[str, str]:
    """A group's place as paths: the line on the rim, and the field behind it."""
    (x0, y0), (x1, y1) = w.arc
    arc = f"A{layout.RADIUS} {placed.ry:.1f} 0 0 {1 if w.anchor == 'start' else 0} {x1:.1f} {y1:.1f}"
    return {"rim": f"M{x0:.1f} {y0:.1f}{arc}", "field": f"M0 0L{x0:.1f} {y0:.1f}{arc}Z"}


def _person(team: Team, track: Track, number: Callable[[date | None], int | None]) -> dict[str, Any]:
    return {
        "id": track.id,
        "name": track.name,
        "group": track.group,
        "colour": layout.COLOURS[track.group],
        "states": [
            {
                "from": number(s.start),
                "to": number(s.end),
                "role": role_line(s),
                "says": sentence(track, s),
                "line": s.line,
                "ring": s.ring,
                "new": s.new,
                "area": s.area,
            }
            for s in track.states
        ],
    }


def role_line(state: State) -> str:
    """The second line of a label."""
    return f"{state.role}, ended" if state.ended else state.role


def sentence(track: Track, state: State) -> str:
    """What the picture says of a person, in words: the tooltip, and what a screen reader says."""
    parts = [f"{track.name}, {state.role}"]
    if state.agency and state.agency != track.name:
        parts.append(state.agency)
    if state.area:
        parts.append(f"in {state.area}")
    if state.ended:
        parts.append(f"ended {words.on_day(state.ended)}")
    elif state.since:
        parts.append(f"since {words.on_day(state.since)}" + (", new since the last review" if state.new else ""))
    parts.append(contact(state))
    return "; ".join(parts)


def contact(state: State) -> str:
    """The last recorded contact in words, or why none can be named."""
    if state.lives_here:
        return "lives here"
    if state.contact:
        return f"last contact on record {words.on_day(state.contact)}"
    return "no contact on record" if state.covered else "contacts not loaded"


def changes(team: Team, marks: Sequence[Mark]) -> list[int]:
    """Days, counted from the first, on which someone came or left, the child moved, or a review was held."""
    days = {m.day for m in marks if m.kind != "crisis"}
    for track in team.tracks:
        for s in track.states:
            days |= {d for d in (s.since, s.ended) if d}
    return sorted((d - team.first).days for d in days | {team.last} if team.first <= d <= team.last)


def day_of(first: date, text: object, last: date) -> date | None:
    """A date that came back from the frame, or None where it is not one of ours."""
    try:
        found = date.fromisoformat(str(text))
    except ValueError:
        return None
    return found if first <= found <= last else None


@cache
def _vis_network() -> str:
    """vis-network as pyvis brings it, so that nothing is fetched from elsewhere."""
    text = resources.files("pyvis").joinpath("templates/lib/vis-9.1.2/vis-network.min.js").read_text(encoding="utf-8")
    if "</script" in text.lower():
        raise ValueError("vis-network holds text that would end the script it stands in.")
    return text


@cache
def file(name: str) -> str:
    """The text of a file beside the templates."""
    return resources.files("dashboard").joinpath("templates", name).read_text(encoding="utf-8")
