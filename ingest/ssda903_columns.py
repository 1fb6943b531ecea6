"""The tables of the children looked-after return (SSDA903): their columns, and how a file is known.

Source: DfE, children looked-after return, specifications of 2017-18 to 2026-27. Columns that a year lacks or
adds do no harm: a table is known by the columns that no other has.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from graph import reference
from graph.errors import TeamaroundError
from graph.reference import codes
from ingest import checking
from ingest.checking import Column


@dataclass(frozen=True)
class Table:
    """One table of the return.

    marks: the columns that tell it from the others. columns: those that are read; none where the table is set
    aside, for this `reason`. unread: its other columns. key: what makes two rows the same; ended: the column
    that says that a row is closed. dates: the columns that tell which days it covers: starts and ends.
    needed: columns that every year has and without which each row would say something untrue (a spell open,
    a short break a placement), though a row may leave them blank.
    """

    name: str
    marks: tuple[str, ...]
    columns: tuple[Column, ...] = ()
    unread: tuple[str, ...] = ()
    key: tuple[str, ...] = ()
    ended: str = ""
    starts: tuple[str, ...] = ()
    ends: tuple[str, ...] = ()
    reason: str = ""
    needed: tuple[str, ...] = ()


def read_child(text: str) -> str | None:
    """The authority's own number for a child, mended where a spreadsheet took it for a number."""
    tidy = re.sub(r"\.0+$", "", text) if re.fullmatch(r"\d+\.0+", text) else text
    return None if re.fullmatch(r"\d(?:\.\d+)?E\+?\d+", tidy, re.IGNORECASE) or len(tidy) > 40 else tidy


def read_worker(text: str) -> str | None:
    """A Social Work England number (SW and digits), or XX and anything: a worker nobody can tell."""
    tidy = "".join(text.split()).upper()
    return tidy if re.fullmatch(r"SW[0-9]+|XX.*", tidy) else None


_OUTSIDE = {"SCO": "S", "WAL": "W", "NIR": "N"}
_SEXES = {"1": "male", "2": "female", "M": "male", "F": "female", "U": "unknown"}


def read_area(text: str) -> str | None:
    """The ONS code of the authority or nation a placement is in."""
    if nation := _OUTSIDE.get(text.upper()):
        return reference.NATIONS[nation]
    try:
        return reference.authority(text.removesuffix(".0")).code
    except TeamaroundError:
        return None


def _coded(name: str, code_list: str, *, required: bool = False) -> Column:
    return Column(name, "code", tuple(codes.code_list(code_list)), required)


def _date(name: str, *, required: bool = False) -> Column:
    return Column(name, "date", required=required)


def _score(text: str) -> int | None:
    score = checking.read_integer(text)
    return score if score is not None and 0 <= score <= 40 else None


CHILD = Column(
    "CHILD", "identifier", required=True, read=read_child,
    expected="the child's number, written in full (as text, not as 1.2E+05)",
)  # fmt: skip
DOB = _date("DOB")
SEX = Column("SEX", "code", ("1", "2", "M", "F", "U"), read=lambda t: _SEXES.get(t.upper().removesuffix(".0")))

# OC2's yearly answers, by the kind of assessment they are.
ANSWERS = {
    "HEALTH_ASSESSMENT": "health assessment",
    "TEETH_CHECK": "dental check",
    "IMMUNISATIONS": "immunisations",
    "HEALTH_CHECK": "development check",
    "SUBSTANCE_MISUSE": "substance misuse",
}

HEADER = Table(
    "header", ("ETHNIC", "UPN"),
    (CHILD, SEX, DOB, _coded("ETHNIC", "ethnic"), Column("UPN", **checking.UPN), Column("UASC", "flag")),
    ("MOTHER", "MC_DOB"), ("CHILD",),
)  # fmt: skip
EPISODES = Table(
    "episodes", ("DECOM", "RNE", "LS", "CIN", "PLACE", "DEC", "REC"),
    (
        CHILD, _date("DECOM", required=True), _coded("RNE", "rne"), _coded("LS", "ls"), _coded("CIN", "cin"),
        _coded("PLACE", "place"), _coded("PLACE_PROVIDER", "provider"), _date("DEC"), _coded("REC", "rec"),
        _coded("REASON_PLACE_CHANGE", "change"), Column("HOME_POST", "postcode"),
        Column("PL_POST", "postcode"), Column("URN", **checking.URN),
        Column("PL_LA", "code", ("SCO", "WAL", "NIR"), read=read_area, filler="CON|NUK",
               expected="an authority's code, CON, NIR, NUK, SCO or WAL"),
        Column("PL_DISTANCE", "number"),
    ),
    ("DOB", "PL_LOCATION"), ("CHILD", "DECOM"), "DEC", ("DECOM",), ("DEC",), needed=("RNE", "LS", "PLACE", "DEC"),
)  # fmt: skip
REVIEWS = Table(
    "reviews", ("REVIEW", "REVIEW_CODE"),
    (CHILD, DOB, _date("REVIEW", required=True), _coded("REVIEW_CODE", "participation")),
    (), ("CHILD", "REVIEW"), "REVIEW_CODE", (), ("REVIEW",),
)  # fmt: skip
MISSING = Table(
    "missing", ("MISSING", "MIS_START", "MIS_END"),
    (CHILD, DOB, _coded("MISSING", "missing", required=True), _date("MIS_START", required=True),
     _date("MIS_END")),
    (), ("CHILD", "MISSING", "MIS_START"), "MIS_END", ("MIS_START",), ("MIS_END",), needed=("MIS_END",),
)  # fmt: skip
OC2 = Table(
    "oc2", ("SDQ_SCORE", "IMMUNISATIONS", "TEETH_CHECK", "HEALTH_ASSESSMENT"),
    (CHILD, DOB, Column("SDQ_SCORE", "integer", read=_score, expected="a whole number from 0 to 40"),
     *(Column(name, "flag") for name in ANSWERS)),
    ("SDQ_REASON", "CONVICTED", "INTERVENTION_RECEIVED", "INTERVENTION_OFFERED"), ("CHILD", "year"),
)  # fmt: skip
UASC = Table("uasc", ("DUC",), (CHILD, SEX, DOB), ("DUC",), ("CHILD",))
WORKERS = Table(
    "social worker episodes", ("SW_ID", "SW_DECOM", "SW_DEC", "SW_REASON"),
    (
        CHILD, DOB,
        Column("SW_ID", "identifier", required=True, read=read_worker,
               expected="a Social Work England number (SW and digits), or XX for a worker without one"),
        _date("SW_DECOM", required=True), _date("SW_DEC"), _coded("SW_REASON", "sw_reason"),
    ),
    (), ("CHILD", "SW_ID", "SW_DECOM"), "SW_DEC", ("SW_DECOM",), ("SW_DEC",), needed=("SW_DEC",),
)  # fmt: skip

_NOT_IN_MODEL = "a table of the return that is not used"
TABLES = (
    HEADER, EPISODES, REVIEWS, MISSING, OC2, UASC, WORKERS,
    Table("care leavers (OC3)", ("IN_TOUCH", "ACTIV", "ACCOM"), reason=_NOT_IN_MODEL),
    Table("previous permanence", ("PREV_PERM", "LA_PERM", "DATE_PERM"), reason=_NOT_IN_MODEL),
    Table("adoption (AD1)", ("DATE_INT", "DATE_MATCH", "FOSTER_CARE", "NB_ADOPTR"), reason=_NOT_IN_MODEL),
    Table("placed for adoption", ("DATE_PLACED", "DATE_PLACED_CEASED", "REASON_PLACED_CEASED"),
          reason=_NOT_IN_MODEL),
    Table("deprivation of liberty", ("DOLO_START", "DOLO_END"), reason=_NOT_IN_MODEL),
)  # fmt: skip
# What the return's XML form, and exports made of it, call some columns.
_ALIASES = {"CHILDID": "CHILD", "CHILD_ID": "CHILD", "PL": "PLACE"}


def column_name(cell: str) -> str:
    """A header cell as the return writes it."""
    name = re.sub(r"[\s-]+", "_", cell.strip()).upper()
    return _ALIASES.get(name, name)


def recognise(header: Iterable[str]) -> Table | None:
    """The table of the return that has these columns, in any order, with others beside them, or None."""
    names = {column_name(cell) for cell in header}
    table = max(TABLES, key=lambda each: (len(names & set(each.marks)), -len(each.marks)))
    # Without the child's number the rest must be beyond doubt: our own tables have a column `upn` too.
    least = len(table.marks) / 2 if CHILD.name in names else len(table.marks)
    return table if len(names & set(table.marks)) >= least else None


def year_in(name: str) -> int | None:
    """The year of the return that a file's name gives (2024 for 2023-24, 202324, 2324 or 2024), or None."""
    found = None
    for text in re.findall(r"(?<!\d)(?:20\d\d[-_ ]?(?:20)?\d\d|\d{4}|\d\d[-_]\d\d)(?!\d)", name):
        digits = re.sub(r"\D", "", text)
        first, last = int(digits[-4:-2] if len(digits) == 4 else digits[2:4]), int(digits[-2:])
        if last == (first + 1) % 100 and first >= 15:
            found = 2000 + last
        elif re.fullmatch(r"20\d\d", text):
            found = int(text)
    return found
