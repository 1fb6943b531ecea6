"""The team around a child outside the browser: rows for the command line, the ecomap as a file."""

from __future__ import annotations

from datetime import date
from pathlib import Path

from dashboard import ecomap, ecomap_svg, header, timeline
from dashboard import people as around
from graph.errors import TeamaroundError
from graph.records import Records

MONTHS = 24


def people(records: Records, t: date, since: date | None = None) -> list[dict[str, object]]:
    """Everyone in the picture on day t, in its order.

    since: mark in `change` who joined after that day and who left.
    """
    begin = timeline.begin(records, t, MONTHS)
    team = around.team(records, min(begin, since or begin), t)
    return [
        {
            "name": track.name,
            "role": state.role,
            "agency": state.agency,
            "since": state.since,
            "ended": state.ended,
            "last_contact": state.contact,
            "area": state.area or "",
            "exchanged_with": len(team.exchanged(track.id, t)),
            **({"change": _change(state, since)} if since else {}),
        }
        for track, state in team.on(t)
    ]


def _change(state: around.State, since: date) -> str:
    if state.ended:
        return "left" if state.ended > since else ""
    return "joined" if state.since and state.since > since else ""


def write_ecomap(records: Records, t: date, path: Path) -> None:
    """The ecomap as at day t in a file: .svg for print, .html with the slider.

    Raises TeamaroundError for any other ending, or where the file cannot be written.
    """
    team = around.team(records, timeline.begin(records, t, MONTHS), t)
    child = header.summary(records, t).title
    match path.suffix.lower():
        case ".svg":
            text = ecomap_svg.draw(team, t, child)
        case ".html":
            text = ecomap.page(team, child, timeline.marks(records, t))
        case _:
            raise TeamaroundError("An ecomap is written as .svg or .html: give the file one of these endings.")
    try:
        path.write_text(text, encoding="utf-8")
    except OSError:
        raise TeamaroundError("The ecomap could not be written there. Choose a folder you may write in.") from None
