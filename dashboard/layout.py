"""Where everyone stands: one layout, from which every drawing is made.

Pure: a team in, positions out, the same each time. The child is in the middle; each group has its wedge and keeps
its side; each person has a place on the rim where the name stands, and a spoke along which they come nearer or go
further as the last recorded contact does. Names never collide, since each has a row of its own on its side: where
there are many the rows become one line, and then the picture grows taller.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

from dashboard.people import Team, Track
from graph.reference.roles import GROUPS

# Dark enough on white for text (4.5:1 and better), and told apart by place and name, never by colour alone.
COLOURS = dict(
    zip(
        GROUPS,
        ("#5b3a8c", "#7a4f00", "#1a5596", "#0b6b4f", "#a33b2a", "#3d4852", "#00666b"),
        strict=True,
    )
)
Anchor = Literal["start", "end"]
WIDTH = 944
RADIUS = 208
CHILD = 38
# How far out each ring's people stand, and where its border is, as shares of the radius.
SEATS = (0.36, 0.61, 0.84, 0.96)
BORDERS = (0.48, 0.73, 0.92, 1.0)
TWO_LINES, ONE_LINE, HEADING = 33.0, 17.0, 21.0
MANY = 34  # seats beyond which a label takes one line
GAP = 14  # between the rim and a name
MARGIN = 16
EVEN = 0.94  # of the half circle that each side takes up, where there is room
LETTER = 6.4  # width of a letter of 12.5 px, for cutting what would not fit


@dataclass(frozen=True)
class Seat:
    """Where one person stands: a point on each ring, and the label."""

    track: str
    points: tuple[tuple[float, float], ...]
    x: float
    y: float
    anchor: Anchor  # start: the name runs to the right; end: to the left
    room: float  # width that the name may take


@dataclass(frozen=True)
class Wedge:
    """The place of a group: its arc on the rim, and its heading."""

    group: str
    arc: tuple[tuple[float, float], tuple[float, float]]
    x: float
    y: float
    anchor: Anchor


@dataclass(frozen=True)
class Cast:
    """Everyone's places while the same people are there: from `start` until `end` (open where None)."""

    start: date
    end: date | None
    seats: tuple[Seat, ...]
    wedges: tuple[Wedge, ...]

    def holds(self, t: date) -> bool:
        """Whether it holds on day t."""
        return self.start <= t and (self.end is None or t < self.end)

    def seat(self, track: str) -> Seat | None:
        """The seat of a track, or None where they are not there."""
        return next((s for s in self.seats if s.track == track), None)


@dataclass(frozen=True)
class Layout:
    """Places around the child, who is at (0, 0): one size for the whole time, a cast for each who-is-there."""

    height: float
    ry: float
    node: float
    lines: int
    casts: tuple[Cast, ...]

    def on(self, t: date) -> Cast:
        """The cast of a day within the team's time."""
        return next(c for c in self.casts if c.holds(t))


def place(team: Team) -> Layout:
    """Places for everyone on every day of a team's time."""
    times = _who_when(team)
    most = {g: max(sum(t.group == g for t in there) for _, there in times) for g in GROUPS}
    most = {g: n for g, n in most.items() if n}
    many = sum(most.values()) > MANY
    row = ONE_LINE if many else TWO_LINES
    sides = _sides({g: n * row + HEADING for g, n in most.items()})
    ry = max(RADIUS, *(sum(most[g] * row + HEADING for g in side) / 2 + HEADING / 2 for side in sides))
    ends: list[date | None] = [start for start, _ in times[1:]]
    casts = [_cast(start, end, there, sides, row, ry) for (start, there), end in zip(times, [*ends, None], strict=True)]
    size = max(5.5, min(11.0, 185.0 / max(1, sum(most.values())) ** 0.93))
    return Layout(2 * (ry + MARGIN), ry, size, 1 if many else 2, tuple(casts))


def borders(ry: float) -> tuple[tuple[float, float], ...]:
    """The ellipses between the rings, from the nearest, the rim last: half width and half height."""
    return tuple((RADIUS * share, ry * share) for share in BORDERS)


def fitted(text: str, room: float, letter: float = LETTER) -> str:
    """Text cut to a width, with an ellipsis; whole wherever it fits."""
    most = max(4, int(room / letter))
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


# --- who is there when ---


def _who_when(team: Team) -> list[tuple[date, list[Track]]]:
    """From which day which people are in the picture, in order."""
    days = {team.first}
    for track in team.tracks:
        days |= {d for s in track.states for d in (s.start, s.end) if d and team.first < d <= team.last}
    found: list[tuple[date, list[Track]]] = []
    for day in sorted(days):
        there = [track for track, _ in team.on(day)]
        if not found or found[-1][1] != there:
            found.append((day, there))
    return found


# --- sides: the groups go round clockwise from the top, and keep their side ---


def _sides(heights: dict[str, float]) -> tuple[list[str], list[str]]:
    """The groups of the right side and of the left, no group on both, as even as can be."""
    groups = list(heights)

    def uneven(k: int) -> float:
        return abs(sum(heights[g] for g in groups[:k]) - sum(heights[g] for g in groups[k:]))

    best = min(range(len(groups) + 1), key=lambda k: (uneven(k), k))
    return groups[:best], groups[best:]


def _cast(
    start: date,
    end: date | None,
    there: Sequence[Track],
    sides: tuple[list[str], list[str]],
    row: float,
    ry: float,
) -> Cast:
    by_group = {g: [t for t in there if t.group == g] for g in GROUPS}
    seats: list[Seat] = []
    wedges: list[Wedge] = []
    for groups, sign in zip(sides, (1, -1), strict=True):
        placed = _side([(g, by_group[g]) for g in groups if by_group[g]], sign, row, ry)
        seats += placed[0]
        wedges += placed[1]
    order = {t.id: n for n, t in enumerate(there)}
    return Cast(start, end, tuple(sorted(seats, key=lambda s: order[s.track])), tuple(wedges))


def _side(groups: list[tuple[str, list[Track]]], sign: int, row: float, ry: float) -> tuple[list[Seat], list[Wedge]]:
    """Seats and wedges of one side, from the top: on the left the groups come in turn from below."""
    if sign < 0:
        groups = [(g, tracks[::-1]) for g, tracks in groups[::-1]]
    units = [(HEADING if n == 0 else 0.0) + row for _, tracks in groups for n in range(len(tracks))]
    middles = iter(_spread(units, row, ry))
    seats: list[Seat] = []
    wedges: list[Wedge] = []
    for group, tracks in groups:
        ys = [next(middles) for _ in tracks]
        seats += [_seat(track, sign, y, row, ry) for track, y in zip(tracks, ys, strict=True)]
        wedges.append(_wedge(group, sign, ys[0] - row / 2, ys[-1] + row / 2, ry))
    return seats, wedges


def _spread(units: Sequence[float], row: float, ry: float) -> list[float]:
    """Middles of the labels from the top: at even angles where there is room, apart by their heights always."""
    total, reached, ys = sum(units), 0.0, []
    for unit in units:
        middle = reached + unit / 2
        ys.append(ry * math.sin(math.pi * (middle / total - 0.5) * EVEN))
        reached += unit
    floor = -ry
    for n, unit in enumerate(units):
        ys[n] = max(ys[n], floor + unit - row / 2)
        floor = ys[n] + row / 2
    ceiling = ry
    for n in range(len(ys) - 1, -1, -1):
        ys[n] = min(ys[n], ceiling - row / 2)
        ceiling = ys[n] - (units[n] - row / 2)
    return ys


def _seat(track: Track, sign: int, y: float, row: float, ry: float) -> Seat:
    rim_x, rim_y = _on_rim(y, sign, ry)
    x = _rim_beside(y, row / 2, ry) + GAP
    return Seat(
        track=track.id,
        points=tuple((round(rim_x * share, 1), round(rim_y * share, 1)) for share in SEATS),
        x=round(sign * x, 1),
        y=round(y, 1),
        anchor="start" if sign > 0 else "end",
        room=round(WIDTH / 2 - x - 4, 1),
    )


def _wedge(group: str, sign: int, top: float, bottom: float, ry: float) -> Wedge:
    y = top - HEADING / 2 + 2
    return Wedge(
        group,
        (_on_rim(top + 2, sign, ry), _on_rim(bottom - 2, sign, ry)),
        round(sign * (_rim_beside(y, HEADING / 2, ry) + GAP), 1),
        round(y, 1),
        "start" if sign > 0 else "end",
    )


def _on_rim(y: float, sign: int, ry: float) -> tuple[float, float]:
    y = max(-0.985 * ry, min(0.985 * ry, y))
    return round(sign * RADIUS * math.sqrt(1 - (y / ry) ** 2), 1), round(y, 1)


def _rim_beside(y: float, half: float, ry: float) -> float:
    """How far out the rim is beside a label: its widest along the label's height."""
    return abs(_on_rim(max(0.0, abs(y) - half), 1, ry)[0])
