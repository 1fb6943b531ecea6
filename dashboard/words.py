"""The words of the screens: dates, names, roles and homes as a panel would say them.

Plain text in, plain text out. `markdown` is the only door by which text from a file reaches a part of
Streamlit that reads Markdown; everything else goes through templates that escape.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from graph import reference
from graph.model import Child, Involvement, LooksAfter, Node, Placement
from graph.records import Records
from graph.reference import codes, roles
from graph.words import counted, day, days, listed, opened

# What stands behind a rule, as it is said beside a finding.
KINDS = {
    "S": "regulation",
    "G": "statutory guidance",
    "D": "DfE definition",
    "L": "local practice",
    "H": "house rule",
}
FAMILIES = {
    "continuity": "who stayed, who left",
    "area": "what a boundary cost",
    "silos": "who knows what",
    "voice": "was the child heard",
    "clocks": "what was due",
    "cohort": "the usual process",
}
# The homes of the 903's codes, in the words of people who live in them.
HOMES = {
    "foster home": codes.FOSTER,
    "children's home": {"K2"},
    "secure children's home": {"K1"},
    "supported accommodation": {"K3"},
    "semi-independent living": {"H5"},
    "with parents": codes.WITH_PARENTS,
    "with those who will adopt the child": {"A3", "A4", "A5", "A6"},
    "residential school": {"S1"},
    "independent living": {"P2"},
    "hospital or health establishment": {"R2"},
    "young offender institution": {"R5"},
}
BARE = {
    "with parents",
    "with those who will adopt the child",
    "supported accommodation",
    "independent living",
    "semi-independent living",
}
NOTHING_LOADED = (
    "Nothing is loaded yet. In a terminal, type “teamaround load FOLDER --authority NAME” with the folder of files "
    "your council holds, then “teamaround analyse”. To see the dashboard on invented children: “teamaround demo”."
)
NOT_ANALYSED = "Records are loaded, but no analysis has run over them. In a terminal, type “teamaround analyse”."
NO_CHILDREN = "Records are loaded for this authority, but there is no child among them."
NOBODY_LOOKED_AFTER = "Nobody on record is looked after on the day of the last analysis."
NO_CHILD_CHOSEN = "Choose a child from My children."
NO_SUCH_CHILD = "There is no child behind this address. Choose one from My children."

# The words of findings are those of the screens too.
__all__ = ["counted", "day", "days", "listed", "opened"]

_ADDRESS = re.compile(r"[a-z]:(?=//)|\bwww(?=\.)|.(?=@)", re.IGNORECASE)
_PUNCTUATION = re.compile(r"([!-/:-@\[-`{-~])")


def markdown(text: object) -> str:
    """Text for a place that reads Markdown, so that it stands there as it is written and does nothing.

    Addresses become links even where they are escaped: a joiner without width parts them.
    """
    parted = _ADDRESS.sub(lambda found: f"{found[0]}\u2060", " ".join(str(text).split()))
    return _PUNCTUATION.sub(r"\\\1", parted)


def on_day(d: date | None, missing: str = "not recorded") -> str:
    """4 June 2026, or what is said where there is no date."""
    return day(d) if d else missing


def short_day(d: date | None, missing: str = "") -> str:
    """A date as it fits a table: 4 Jun 2026."""
    return f"{d.day} {d:%b %Y}" if d else missing


def some(names: Iterable[str], most: int) -> str:
    """A, B and C; beyond `most` the rest are counted."""
    every = list(names)
    return listed([*every[: most - 1], f"{len(every) - most + 1} more"] if len(every) > most else every)


def a(noun: str) -> str:
    """A noun with its article, where it takes one: a foster home, supported accommodation, with parents."""
    return noun if noun in BARE else f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def role(involvement: Involvement) -> str:
    """The role of an involvement; `other` in the source's own words."""
    if involvement.role in roles.roles() and involvement.role != "other":
        return roles.label(involvement.role)
    return involvement.local_role or roles.label(involvement.role)


def agency_kind(kind: str) -> str:
    """A kind of agency as it heads a row: Social care, CAMHS."""
    return kind.upper() if kind == "camhs" else opened(kind)


def child_label(child: Child) -> str:
    """What to call a child on a screen: the name, else the authority's own number."""
    return child.name or f"Child {child.local_id or child.id.rpartition('/')[2]}"


def person_name(records: Records, identifier: str) -> str:
    """What to call someone in the picture."""
    node = records.get(identifier)
    if isinstance(node, Placement) and not node.name:
        return (node.kind or "home").capitalize()
    if isinstance(node, Child):
        return child_label(node)
    return records.name(identifier)


def home_kind(home: Node | None, place_type: str | None) -> str:
    """The kind of home: foster home, children's home …; from the 903's code where it has one."""
    for kind, held in HOMES.items():
        if place_type in held:
            return kind
    own = home.kind if isinstance(home, Placement) else None
    return own or (codes.meaning("place", place_type) if place_type else "home")


def authority(records: Records | None, code: str | None) -> str:
    """The name of an authority or nation."""
    found = reference.authorities().get(code or "") or reference.authorities().get(
        reference.upper_tier(code or "") or ""
    )
    if found:
        return found.name.split(",")[0]
    return records.name(code) if records and code else "an authority that is not recorded"


def legal_status(episode: LooksAfter | None) -> str:
    """Legal status in words."""
    return codes.meaning("ls", episode.legal_status) if episode and episode.legal_status else ""


def source(line: str) -> str:
    """Where a record comes from, `load:file:row`, in words."""
    parts = line.split(":")
    if len(parts) < 3:
        return line
    return f"{':'.join(parts[1:-1])}, row {parts[-1]}"
