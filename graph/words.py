"""How days, counts and lists are written in the sentences people read."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from functools import lru_cache


@lru_cache(maxsize=4096)
def day(d: date) -> str:
    """9 December 2025."""
    return f"{d.day} {d:%B %Y}"


def days(n: int) -> str:
    """1 day, 41 days, 1,278 days."""
    return counted(n, "day")


def counted(n: int, one: str, many: str | None = None) -> str:
    """A number with its noun: 1 placement, 3 placements, 2 agencies."""
    return f"{n:,} {one if n == 1 else many or one + 's'}"


def listed(words: Iterable[str]) -> str:
    """A; A and B; A, B and C."""
    *first, last = list(words) or [""]
    return f"{', '.join(first)} and {last}" if first else last


def opened(sentence: str) -> str:
    """With a capital at its beginning, the rest left as it is: CAMHS stays CAMHS."""
    return sentence[:1].upper() + sentence[1:]
