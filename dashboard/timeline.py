"""Who was there when: a lane a role, hatched where no one is on record, cut by the line of each move."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from dashboard import ecomap, layout, words
from graph.calendars import Days, add_months, common, joined, school_age, without
from graph.model import Attends, Event, Meeting
from graph.parameters import DEFAULTS
from graph.records import Records, area_of, as_at, covered, in_care, involvements, moves, stays
from graph.required import required_roles

WIDTH, LEFT, RIGHT = 1240, 142, 12
ROW, GAP_ROWS, TOP = 24, 5, 30
LETTER = 6.9  # width of a letter of 12.5 px


@dataclass(frozen=True)
class Bar:
    """Someone in a lane, from a day until another (open where None)."""

    name: str
    role: str
    start: date
    end: date | None


@dataclass(frozen=True)
class Lane:
    """A role over time. gaps: days (half-open) on which loads cover the role and no one is on record.

    loaded: whether any load covers the role at all in the time shown.
    """

    label: str
    group: str
    bars: tuple[Bar, ...]
    gaps: Days
    loaded: bool


@dataclass(frozen=True)
class _Kind:
    """A lane's label, its group, the roles it holds, and whether it stands there when empty."""

    label: str
    group: str
    roles: tuple[str, ...]
    always: bool = False


KINDS = (
    _Kind("Home", "Home", (), True),
    _Kind("Social worker", "Social care", ("social_worker",), True),
    _Kind("Reviewing officer", "Social care", ("iro",), True),
    _Kind("Personal adviser", "Social care", ("personal_adviser",)),
    _Kind("Key worker", "Home", ("keyworker_residential", "supervising_social_worker")),
    _Kind("School", "Education", ("school",), True),
    _Kind("Virtual school", "Education", ("virtual_school",)),
    _Kind("CAMHS", "Health", ("camhs", "psychologist"), True),
    _Kind("GP", "Health", ("gp",), True),
    _Kind("Nurse", "Health", ("lac_nurse", "school_nurse", "health_visitor")),
    _Kind("Health lead", "Health", ("health_lead", "paediatrician")),
    _Kind("Youth justice", "Police and justice", ("yot_worker",)),
    _Kind("Police", "Police and justice", ("police",)),
    _Kind("Advocate", "Advocacy and voluntary", ("advocate",), True),
    _Kind("Exploitation", "Advocacy and voluntary", ("exploitation_worker",)),
    _Kind("Visitor", "Advocacy and voluntary", ("independent_visitor",)),
)


def lanes(records: Records, first: date, t: date) -> tuple[Lane, ...]:
    """The lanes of the time from first to t, as it was known on day t."""
    seen = as_at(records, t)
    shown = joined([(first, t)])  # up to the day itself, as the findings count
    required = {r.role: r.yes for r in required_roles(seen, t, DEFAULTS)}
    found = (_lane(seen, kind, required, shown, t) for kind in KINDS)
    return tuple(lane for kind, lane in zip(KINDS, found, strict=True) if kind.always or lane.bars)


def _lane(records: Records, kind: _Kind, required: dict[str, Days], shown: Days, t: date) -> Lane:
    bars = tuple(_bars(records, kind))
    there = joined((b.start, b.end or t + timedelta(days=1)) for b in bars)
    known = _known(records, kind, bars)
    gaps = common(common(without(_expected(records, kind, required, bars, t), there), known), shown)
    visible = tuple(b for b in bars if common(joined([(b.start, b.end or date.max)]), shown))
    return Lane(kind.label, kind.group, visible, gaps, bool(common(known, shown)))


def _bars(records: Records, kind: _Kind) -> Iterator[Bar]:
    if kind.label == "Home":
        for stay in stays(records):
            home = stay.last.to_id
            role = words.home_kind(records.get(home), stay.last.place_type)
            yield Bar(words.person_name(records, home), role, stay.start, stay.end)
    if kind.label == "School":
        for a in records.of(Attends):
            if a.start:
                yield Bar(records.name(a.to_id), "school", a.start, a.end)
    for i in involvements(records, *kind.roles) if kind.roles else ():
        if i.start:
            yield Bar(records.name(i.from_id), words.role(i), i.start, i.end)


def _known(records: Records, kind: _Kind, bars: Sequence[Bar]) -> Days:
    """The days for which loads say who was there: all roles that are on record here, else the first."""
    if kind.label == "Home":
        return covered(records, "placed_at")
    if kind.label == "School":
        return joined([*covered(records, "attends"), *covered(records, "involved_with", "school")])
    held = [r for r in kind.roles if involvements(records, r)] or kind.roles[:1]
    days = covered(records, "involved_with", held[0])
    for other in held[1:]:
        days = common(days, covered(records, "involved_with", other))
    return days


def _expected(records: Records, kind: _Kind, required: dict[str, Days], bars: Sequence[Bar], t: date) -> Days:
    """The days on which someone must be there or, of a service nobody must have, since it was first there."""
    tomorrow = t + timedelta(days=1)
    for role in ("carer",) if kind.label == "Home" else kind.roles:
        if role in required:
            return required[role]
    since = min((b.start for b in bars), default=None)
    if since is None:
        return ()
    born = records.child.born
    until = min(tomorrow, school_age(born)[1]) if kind.label == "School" and born else tomorrow
    return joined([(since, until)])


# --- what happened ---


def marks(records: Records, t: date) -> tuple[ecomap.Mark, ...]:
    """Reviews held, moves and crises up to day t, in order."""
    seen = as_at(records, t)
    found = [ecomap.Mark(b.start, "move", _moved(seen, b.last.to_id, b.start)) for _, b in moves(seen)]
    for meeting in seen.of(Meeting):
        if meeting.kind == "review" and meeting.on and meeting.status in (None, "held"):
            found.append(ecomap.Mark(meeting.on, "review", f"review {words.day(meeting.on)}"))
    for event in seen.of(Event):
        if event.on and event.kind not in ("notice by carer", "death of someone close"):
            found.append(ecomap.Mark(event.on, "crisis", _happened(event)))
    return tuple(sorted(found, key=lambda m: (m.day, m.kind)))


def _moved(records: Records, home: str, on: date) -> str:
    area = area_of(records, home, on)
    return f"moved to {words.authority(records, area)}" if area else f"moved to {words.person_name(records, home)}"


def _happened(event: Event) -> str:
    days = (event.end - event.on).days if event.end and event.on else 0
    return f"{event.kind} {words.day(event.on)}" + (f", {words.days(days)}" if days > 0 else "")


def begin(records: Records, last: date, months: int | None) -> date:
    """The first day that pictures show: so many months before the last, or all of the record where None."""
    care = in_care(records, last)
    known = [i.start for i in involvements(records) if i.start] + [s.start for s in stays(records)]
    first = min([*known, *([care.start] if care else [])], default=last)
    return first if months is None else max(first, add_months(last, -months))


# --- the drawing ---


def draw(records: Records, first: date, last: date, t: date) -> str:
    """The timeline from first to last as SVG text, as known on day t; nothing stands after t."""
    found = lanes(records, first, t)

    def x(d: date) -> float:
        d = min(max(d, first), last)
        return round(LEFT + (WIDTH - LEFT - RIGHT) * (d - first).days / max(1, (last - first).days), 1)

    placed, y = [], float(TOP)
    for lane in found:
        drawn = _drawn(lane, x, y, t)
        placed.append(drawn)
        y += ROW * drawn["rows"] + GAP_ROWS
    happened = [m for m in marks(records, t) if first <= m.day <= t]
    moved = _staggered([(x(m.day), m.text) for m in happened if m.kind == "move"])
    return (
        ecomap.templates()
        .get_template("timeline.svg")
        .render(
            width=WIDTH,
            height=y + 44 + 15 * max((row for *_, row in moved), default=-1) + 15,
            left=LEFT,
            right=WIDTH - RIGHT,
            lanes=placed,
            bottom=y,
            moves=moved,
            reviews=[(x(m.day), m.text) for m in happened if m.kind == "review"],
            crises=[(x(m.day), m.text) for m in happened if m.kind == "crisis"],
            ticks=[(x(d), f"{d:%b %Y}") for d in _ticks(first, last)],
            now=x(t),
            is_past=t < last,
            day=words.day(t),
            span=f"{words.day(first)} to {words.day(last)}",
            gap_words=[gap_words(lane, gap) for lane in found for gap in lane.gaps],
        )
    )


def _drawn(lane: Lane, x: Callable[[date], float], y: float, t: date) -> dict[str, Any]:
    """A lane as the template draws it: its bars and gaps with their places and words."""
    rows = _rows(lane.bars)
    return {
        "label": lane.label,
        "colour": layout.COLOURS[lane.group],
        "y": y,
        "rows": max(rows.values(), default=0) + 1,
        "bars": [_bar(b, x(b.start), x(min(b.end or t, t)), y + ROW * rows[b]) for b in lane.bars],
        "gaps": [_gap(lane, gap, x(gap[0]), x(gap[1])) for gap in lane.gaps],
        "loaded": lane.loaded,
    }


def _bar(bar: Bar, x0: float, x1: float, y: float) -> dict[str, Any]:
    until = words.day(bar.end) if bar.end else "now"
    return {
        "x": x0,
        "y": y,
        "width": max(2.0, x1 - x0 - 1.5),
        "name": layout.fitted(bar.name, x1 - x0 - 10, LETTER) if x1 - x0 > 34 else "",
        "title": f"{bar.name}, {bar.role}: {words.day(bar.start)} to {until}",
    }


def _gap(lane: Lane, gap: tuple[date, date], x0: float, x1: float) -> dict[str, Any]:
    title = gap_words(lane, gap)
    short = words.days((gap[1] - gap[0]).days)
    said = (text for text in (f"no one on record: {short}", short) if x1 - x0 > len(text) * LETTER + 8)
    return {"x": x0, "width": max(2.0, x1 - x0), "text": next(said, ""), "title": title}


def gap_words(lane: Lane, gap: tuple[date, date]) -> str:
    """`Social worker: no one on record for 41 days from 9 December 2025`."""
    return f"{lane.label}: no one on record for {words.days((gap[1] - gap[0]).days)} from {words.day(gap[0])}"


def _rows(bars: Sequence[Bar]) -> dict[Bar, int]:
    """In which row of its lane each bar stands: those there at once stand below each other."""
    until: list[date] = []
    found: dict[Bar, int] = {}
    for bar in sorted(bars, key=lambda b: (b.start, b.name)):
        row = next((n for n, end in enumerate(until) if end <= bar.start), len(until))
        until[row : row + 1] = [bar.end or date.max]
        found[bar] = row
    return found


def _staggered(texts: Sequence[tuple[float, str]]) -> list[tuple[float, str, int]]:
    """Texts under the lines, each in the first row in which it does not run into the one before."""
    ends: dict[int, float] = defaultdict(lambda: -1.0)
    found = []
    for at, text in texts:
        half = len(text) * LETTER / 2
        at_text = min(max(at, LEFT / 2 + half), WIDTH - half)
        row = next(n for n in range(len(texts)) if ends[n] < at_text - half)
        ends[row] = at_text + half + 8
        found.append((at, text, row))
    return found


def _ticks(first: date, last: date) -> Iterator[date]:
    months = (last - first).days / 30.44
    every = 3 if months <= 30 else 6 if months <= 66 else 12
    year, month = first.year, 1
    while (d := date(year + (month - 1) // 12, (month - 1) % 12 + 1, 1)) <= last:
        if d >= first:
            yield d
        month += every
