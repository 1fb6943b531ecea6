"""Numbers that changed: a child whom the case system knew by another number before it was replaced.

The returns of the years before have the old number, everything since has the new one, and the case system's extract
says of the new one which it was.
"""

from __future__ import annotations

from datetime import date

from ingest.generate.childhood import FIRST_NUMBER, Child

SHARE_RENUMBERED = 0.04
FIRST_OLD_NUMBER = 300_100


def old_number(child: Child, seed: int, changed: date) -> str | None:
    """The number of a child before a day; None for the most, who came later or kept theirs."""
    if child.start >= changed or child.chance(seed, "renumbered").random() > SHARE_RENUMBERED:
        return None
    return f"{FIRST_OLD_NUMBER + int(child.number) - FIRST_NUMBER}"


def number_on(child: Child, seed: int, changed: date, day: date) -> str:
    """The number by which a child went on a day."""
    return (old_number(child, seed, changed) if day < changed else None) or child.number
