"""The ecomap as an SVG: for print, for the keyboard and for a screen reader; the same places as on the screen."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from dashboard import ecomap, layout, words
from dashboard.layout import Cast, Layout, Seat
from dashboard.people import State, Team, Track

HEAD, FOOT = 58, 62  # room for the title above and the key below
LETTER_SMALL, LETTER = 6.1, 7.3  # widths of letters of 12 and of 13.5 px, for cutting what does not fit


@dataclass(frozen=True)
class Drawn:
    """One person as the template draws them."""

    id: str
    name: str
    role: str
    area: str
    says: str
    colour: str
    stroke: str
    width: float
    dashes: str
    hollow: bool
    person: bool
    new: bool
    at: tuple[float, float]
    rim: tuple[float, float]
    x: float
    y: float
    anchor: str


def draw(team: Team, t: date, child: str, *, interactive: bool = False) -> str:
    """The picture of day t as SVG text.

    interactive: each person can be reached by key and chosen (one stop for Tab, arrows inside); a saved or
    printed picture has no such parts.
    """
    placed = layout.place(team)
    cast = placed.on(t)
    drawn = [_drawn(track, state, seat, placed) for track, state, seat in _there(team, cast, t)]
    return ecomap.templates().get_template("ecomap.svg").render(
        child=child,
        called=textwrap.wrap(layout.fitted(child, 30 * LETTER, LETTER), 10)[:3],
        day=words.on_day(t),
        people=drawn,
        arcs=list(_arcs(team, drawn, t)),
        rings=_rings(team, placed),
        wedges=[_wedge(placed, w) for w in cast.wedges],
        lines=ecomap.LINES,
        interactive=interactive,
        node=placed.node,
        many=placed.lines == 1,
        centre=layout.CHILD,
        left=-layout.WIDTH / 2,
        top=-placed.height / 2 - HEAD,
        bottom=placed.height / 2,
        width=layout.WIDTH,
        height=placed.height + HEAD + FOOT,
        grey=ecomap.GREY,
    )  # fmt: skip


def _there(team: Team, cast: Cast, t: date) -> Iterator[tuple[Track, State, Seat]]:
    for track, state in team.on(t):
        seat = cast.seat(track.id)
        if seat:
            yield track, state, seat


def _drawn(track: Track, state: State, seat: Seat, placed: Layout) -> Drawn:
    line, colour = ecomap.LINES[state.line], layout.COLOURS[track.group]
    area = f" · {state.area}" if state.area else ""
    name = layout.fitted(track.name, seat.room, LETTER)
    left = seat.room - len(area) * LETTER_SMALL - (0 if placed.lines == 2 else len(name) * LETTER)
    role = layout.fitted(ecomap.role_line(state), left, LETTER_SMALL) if left > 40 else ""
    said = ecomap.sentence(track, state).split("; ", 1)[-1]
    return Drawn(
        id=track.id,
        name=name,
        role=role,
        area=area,
        says=f"{name} {role}{area}; {said}",
        colour=colour,
        stroke=ecomap.GREY if line["grey"] else colour,
        width=line["width"],
        dashes=" ".join(map(str, line["dashes"] or ())),
        hollow=state.line == "ended",
        person=track.person,
        new=state.new,
        at=seat.points[state.ring],
        rim=seat.points[-1],
        x=seat.x,
        y=seat.y,
        anchor=seat.anchor,
    )


def _arcs(team: Team, drawn: list[Drawn], t: date) -> Iterator[str]:
    at = {d.id: d.at for d in drawn}
    for x in team.exchanges:
        if x.a in at and x.b in at and x.on(t):
            (x0, y0), (x1, y1) = at[x.a], at[x.b]
            bend = ecomap.BEND / 2
            yield f"M{x0} {y0}Q{(x0 + x1) * bend:.1f} {(y0 + y1) * bend:.1f} {x1} {y1}"


def _rings(team: Team, placed: Layout) -> list[dict[str, object]]:
    inner = float(layout.CHILD)
    found = []
    for ring in ecomap.rings(team, placed):
        found.append({**ring, "y": -(ring["ry"] + inner) / 2 + 4})
        inner = ring["ry"]
    return found


def _wedge(placed: Layout, w: layout.Wedge) -> dict[str, object]:
    paths = ecomap.wedge(placed, w)
    return {
        "group": w.group,
        "colour": layout.COLOURS[w.group],
        "x": w.x,
        "y": w.y + 4,
        "anchor": w.anchor,
        "rim": Markup(paths["rim"]),
        "field": Markup(paths["field"]),
    }
