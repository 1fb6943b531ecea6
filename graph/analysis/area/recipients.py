"""Whom regulation 13 has told of a placement, and what a source may call them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache

# SI 2010/959 came into force; regulation 13(4) was put in by SI 2013/3239.
IN_FORCE = date(2011, 4, 1)
AREA_AUTHORITY_SINCE = date(2014, 1, 27)

CHILD, PARENT, CONTACT, CARER = "child", "parent", "court-ordered contact", "previous carer"
COMMISSIONER, GP, NEW_GP, EDUCATION, IRO = "health commissioner", "gp", "new gp", "education", "iro"
AREA_AUTHORITY = "area authority"


@dataclass(frozen=True)
class Recipient:
    """Someone to be told of a placement.

    code: the part of `notices` that `coverage.csv` names. words: what a source may call them. exempt: whether
    regulation 13(3) lets the authority decide not to tell them, because of a risk of significant harm.
    """

    code: str
    label: str
    paragraph: str
    words: tuple[str, ...]
    exempt: bool = False


RECIPIENTS: Mapping[str, Recipient] = {
    r.code: r
    for r in (
        Recipient(CHILD, "the child", "13(2)(a)", ("young person", "child or young person", "yp", "c")),
        Recipient(
            PARENT, "the parents", "13(2)(b)",
            ("parents", "mother", "father", "mum", "dad", "birth parent", "birth parents", "guardian", "p"),
            exempt=True,
        ),
        Recipient(
            CONTACT, "people with court-ordered contact", "13(2)(c) and (d)",
            ("contact order", "contact order holder", "person with contact", "court ordered contact", "contact"),
            exempt=True,
        ),
        Recipient(
            CARER, "the carer before", "13(2)(e)",
            ("former carer", "last carer", "old carer", "carer before", "carer", "foster carer", "previous placement"),
            exempt=True,
        ),
        Recipient(
            COMMISSIONER, "the health commissioner", "13(2)(f)",
            ("health commissioners", "icb", "integrated care board", "ccg", "clinical commissioning group", "pct",
             "primary care trust", "local health board", "commissioner", "health"),
        ),
        Recipient(GP, "the GP", "13(2)(g)", ("old gp", "previous gp", "former gp", "doctor", "general practitioner")),
        Recipient(NEW_GP, "the new GP", "13(2)(g)", ("gp new", "next gp", "receiving gp")),
        Recipient(
            EDUCATION, "the school", "13(2)(h)",
            ("school", "schools", "new school", "education provider", "designated teacher", "college", "virtual school",
             "virtual school head", "nursery"),
        ),
        Recipient(IRO, "the reviewing officer", "13(2)(i)", ("independent reviewing officer", "reviewing officer")),
        Recipient(
            AREA_AUTHORITY, "the area authority", "13(4)",
            ("host authority", "host local authority", "area local authority", "local authority", "area la", "host la",
             "receiving authority"),
        ),
    )
}  # fmt: skip


@cache
def _words() -> Mapping[str, str]:
    return {_plain(word): r.code for r in RECIPIENTS.values() for word in (r.code, *r.words)}


def fold(text: str | None) -> str | None:
    """The recipient a source means, or None: case, hyphens, underscores and “the” make no difference."""
    return _words().get(_plain(text or ""))


def _plain(text: str) -> str:
    words = text.casefold().replace("_", " ").replace("-", " ").replace("'", "").split()
    return " ".join(w for w in words if w != "the")


def commissioner(on: date) -> str:
    """What the body that commissions health services was called on a day.

    Primary care trusts ended on 1 April 2013 (Health and Social Care Act 2012), clinical commissioning groups on
    1 July 2022 (Health and Care Act 2022).
    """
    if on < date(2013, 4, 1):
        return "the primary care trust"
    return "the clinical commissioning group" if on < date(2022, 7, 1) else "the integrated care board"
