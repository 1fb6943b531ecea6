"""The roles a person can have around a child, in words a panel would use, and their place in a picture."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

# The groups of an ecomap, in the order in which they go round it.
GROUPS = (
    "Family and friends",
    "Home",
    "Social care",
    "Education",
    "Health",
    "Police and justice",
    "Advocacy and voluntary",
)


@dataclass(frozen=True)
class Role:
    """A role: its code, its label, its group in an ecomap, the kind of agency it belongs to."""

    role: str
    label: str
    group: str
    agency_kind: str


@cache
def roles() -> Mapping[str, Role]:
    """Every role by its code, in the order of the groups."""
    text = resources.files("graph.reference").joinpath("roles.csv").read_text(encoding="utf-8")
    return {row["role"]: Role(**row) for row in csv.DictReader(text.splitlines())}


def label(role: str | None) -> str:
    """A role in words."""
    found = roles().get(role or "")
    return found.label if found else (role or "role not recorded").replace("_", " ")
