"""Columns of text to columns of values, and what could not be read as such.

One mechanism for every format: a list of columns becomes a pandera schema, the schema finds the cells that
fail, each of them becomes a refusal, and the rest is turned into dates, numbers and codes.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

import pandas as pd
import pandera.pandas as pa

from graph.reference.codes import NO_UPN
from ingest.extract import Refusal
from ingest.postcodes import normalise

ColumnKind = Literal[
    "date", "code", "identifier", "postcode", "text", "integer", "number", "flag", "list", "reference"
]  # fmt: skip
Reader = Callable[[str], Any]

CORRECT = "Correct it in the system it comes from, and export again."
EARLIEST, LATEST = 1900, 2100
CODES_NAMED = 25

_MIDNIGHT = r"(?:[ T]00:00(?::00(?:\.0+)?)?)?"
_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})" + _MIDNIGHT)
_BRITISH = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})" + _MIDNIGHT)
_FLAGS = {"yes": True, "y": True, "true": True, "1": True, "no": False, "n": False, "false": False, "0": False}


@dataclass(frozen=True)
class Column:
    """One column of a file.

    codes: what a coded column takes. required: without it the row cannot be used. read: from text to value,
    None where the text is wrong (a kind has a reader of its own). expected: said where it is wrong.
    filler: a pattern of what is written for "nothing".
    """

    name: str
    kind: ColumnKind = "text"
    codes: tuple[str, ...] = ()
    required: bool = False
    read: Reader | None = None
    expected: str = ""
    filler: str = ""

    def value(self, text: str) -> Any:
        """The value of a cell that is not blank, or None where it is wrong."""
        reader = self.read or (_code_reader(self.codes) if self.codes else READERS.get(self.kind))
        return reader(text) if reader else text


# --- from text to value ---


def read_date(text: str) -> date | None:
    """A date as DD/MM/YYYY or YYYY-MM-DD, with or without a midnight behind it."""
    if found := _ISO.fullmatch(text):
        year, month, day = (int(part) for part in found.groups())
    elif found := _BRITISH.fullmatch(text):
        day, month, year = (int(part) for part in found.groups())
    else:
        return None
    try:
        return date(year, month, day) if EARLIEST <= year <= LATEST else None
    except ValueError:
        return None


def read_integer(text: str) -> int | None:
    """A whole number, also as a spreadsheet spoils it (`12.0`)."""
    digits = re.fullmatch(r"(-?[0-9]{1,12})(?:\.0+)?", text)
    return int(digits[1]) if digits else None


def read_number(text: str) -> float | None:
    """A number with a decimal point."""
    return float(text) if re.fullmatch(r"-?[0-9]{1,12}(?:\.[0-9]+)?", text) else None


def read_flag(text: str) -> bool | None:
    """Yes or no."""
    return _FLAGS.get(text.casefold().removesuffix(".0"))


def read_list(text: str) -> tuple[str, ...]:
    """Several, parted by semicolons."""
    return tuple(dict.fromkeys(part.strip() for part in text.split(";") if part.strip()))


def read_upn(text: str) -> str | None:
    """A unique pupil number: a letter, eleven digits, and a digit or (a temporary one) a letter."""
    tidy = "".join(text.split()).upper()
    return tidy if re.fullmatch(r"[A-Z][0-9]{11}[0-9A-Z]", tidy) else None


def read_nhs_number(text: str) -> str | None:
    """An NHS number: ten digits, the last of which checks the others (modulus 11)."""
    tidy = re.sub(r"[ -]", "", text)
    if not re.fullmatch(r"[0-9]{10}", tidy):
        return None
    total = sum(int(digit) * (10 - place) for place, digit in enumerate(tidy[:9]))
    return tidy if (11 - total % 11) % 11 == int(tidy[9]) else None


def read_urn(text: str) -> str | None:
    """An Ofsted registration number: digits, or the older SC and digits."""
    tidy = "".join(text.split()).upper().removesuffix(".0")
    return tidy if re.fullmatch(r"(?:SC)?[0-9]{4,8}", tidy) else None


UPN: dict[str, Any] = {
    "kind": "identifier",
    "read": read_upn,
    "expected": "a unique pupil number: a letter, eleven digits, then a digit or a letter",
    "filler": "|".join(sorted(NO_UPN)),
}
NHS_NUMBER: dict[str, Any] = {
    "kind": "identifier",
    "read": read_nhs_number,
    "expected": "an NHS number: ten digits, the last of which fits the others",
}
URN: dict[str, Any] = {
    "kind": "identifier",
    "read": read_urn,
    "expected": "an Ofsted URN: four to eight digits, or SC and digits",
    "filler": "X+",
}

READERS: dict[ColumnKind, Reader] = {
    "date": read_date,
    "integer": read_integer,
    "number": read_number,
    "flag": read_flag,
    "list": read_list,
    "postcode": normalise,
}
EXPECTED: dict[ColumnKind, str] = {
    "date": f"a day that exists, as DD/MM/YYYY or YYYY-MM-DD, from {EARLIEST} to {LATEST}",
    "integer": "a whole number",
    "number": "a number",
    "flag": "yes or no",
    "postcode": "a full postcode, as AA9 9AA (its last two letters are never C, I, K, M, O or V)",
}


def folded(text: str) -> str:
    """A code without what people differ in: case and spacing."""
    return " ".join(text.replace("_", " ").split()).casefold()


def _code_reader(codes: Iterable[str]) -> Reader:
    known = {folded(code): code for code in codes}
    return lambda text: known.get(folded(text))


# --- checking ---


def schema_of(columns: Sequence[Column]) -> pa.DataFrameSchema:
    """The pandera schema of a text frame with these columns; a blank cell is None."""
    return pa.DataFrameSchema(
        {
            column.name: pa.Column(checks=[pa.Check(_Readable(column), name="readable")], nullable=not column.required)
            for column in columns
        }
    )


@dataclass(frozen=True)
class _Readable:
    """The check of one column: which of its cells can be read."""

    column: Column

    def __call__(self, texts: pd.Series) -> pd.Series:
        values = _values(texts, self.column)
        return pd.Series([v is not None for v in values], index=texts.index, dtype=bool)


def check(frame: pd.DataFrame, columns: Sequence[Column], file: str) -> tuple[pd.DataFrame, list[Refusal]]:
    """Turn text into values.

    frame: text, "" where blank, indexed by the row's number; a column it has not got reads as blank. Answers
    the rows that are kept, with exactly these columns, each cell a value or None, and what was refused: a bad
    value alone, or, in a required column, its row.
    """
    text = _with_none(frame, columns)
    failures = _failures(text, columns)
    by_name = {column.name: column for column in columns}
    refusals = [refusal(by_name[name], text.at[row, name], file, row) for name, row in failures]
    lost = {row for name, row in failures if by_name[name].required}
    bad: dict[str, set[int]] = {}
    for name, row in failures:
        bad.setdefault(name, set()).add(row)
    kept = text.loc[[row not in lost for row in text.index]]
    typed = {c.name: _typed(kept[c.name], c, bad.get(c.name, set())) for c in columns}
    return pd.DataFrame(typed, index=kept.index, columns=[c.name for c in columns], dtype=object), refusals


def _with_none(frame: pd.DataFrame, columns: Sequence[Column]) -> pd.DataFrame:
    """The named columns, each in their place, None where blank or filled up."""
    blank = [None] * len(frame)
    found = {c.name: _blanked(frame[c.name], c) if c.name in frame else blank for c in columns}
    return pd.DataFrame(found, index=frame.index, dtype=object)


def _blanked(texts: pd.Series, column: Column) -> list[str | None]:
    filler = re.compile(column.filler or "(?!)", re.IGNORECASE)
    return [text if text and not filler.fullmatch(text) else None for text in texts]


def _failures(text: pd.DataFrame, columns: Sequence[Column]) -> list[tuple[str, int]]:
    """Column and row of every cell the schema will not have, by row."""
    try:
        schema_of(columns).validate(text, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        found = set(zip(cases["column"].astype(str), cases["index"].astype(int), strict=True))
        place = {column.name: n for n, column in enumerate(columns)}
        return sorted(found, key=lambda each: (each[1], place[each[0]]))
    return []


def _values(texts: Iterable[Any], column: Column) -> list[Any]:
    """Each distinct text is read once."""
    given = list(texts)
    known = {text: column.value(text) for text in set(given) if isinstance(text, str)}
    return [known.get(text) if isinstance(text, str) else None for text in given]


def _typed(texts: pd.Series, column: Column, bad: set[int]) -> pd.Series:
    good = [None if row in bad else text for row, text in zip(texts.index, texts, strict=True)]
    return pd.Series(_values(good, column), index=texts.index, dtype=object)


def refuse_ends(frame: pd.DataFrame, start: str, end: str, file: str) -> tuple[pd.DataFrame, list[Refusal]]:
    """Refuse an end that is before its start: the row is kept, as if it were open."""
    early = [
        row
        for row, first, last in zip(frame.index, frame[start], frame[end], strict=True)
        if first and last and last < first
    ]
    expected = f"a date that is not before {start}"
    return _without(frame, end, early), [
        Refusal(file, row, end, "an earlier date", expected, CORRECT, whole_row=False) for row in early
    ]


def refuse_without(
    frame: pd.DataFrame, names: Sequence[str], needs: str, file: str
) -> tuple[pd.DataFrame, list[Refusal]]:
    """Refuse what is only said of a thing that ended, where there is no end: the row is kept without it."""
    refusals = []
    for name in names:
        alone = [
            row for row, value, end in zip(frame.index, frame[name], frame[needs], strict=True)
            if value is not None and end is None
        ]  # fmt: skip
        refusals += [
            Refusal(file, row, name, str(frame.at[row, name]), f"nothing, as there is no usable {needs}",
                    f"Fill in {needs}, or clear {name}.", whole_row=False)
            for row in alone
        ]  # fmt: skip
        frame = _without(frame, name, alone)
    return frame, refusals


def _without(frame: pd.DataFrame, name: str, rows: list[int]) -> pd.DataFrame:
    gone = set(rows)
    cells = [None if row in gone else v for row, v in zip(frame.index, frame[name], strict=True)]
    return frame.assign(**{name: pd.Series(cells, index=frame.index, dtype=object)})


# --- telling what was refused ---


def shape(text: str) -> str:
    """What a text looks like, and no more: 9 for a digit, A for a letter."""
    letters = re.sub(r"[^\W\d_]", "A", text)
    return re.sub(r"[^A9 /:.;,_-]", "?", re.sub(r"\d", "9", letters))[:30]


def found(column: Column, text: str | None) -> str:
    """What a refusal may show of a cell: a code, the shape of an identifier, the length of a text."""
    if not text:
        return "nothing"
    if column.kind == "code" and _may_be_code(text, column.codes):
        return text
    if column.kind in ("text", "list"):
        return f"{len(text)} characters"
    return shape(text)


def _may_be_code(text: str, codes: Sequence[str]) -> bool:
    """Whether a text could be meant for one of these codes: cells slip, and a child's name or number is none.

    It must be built as one of them is (PR9 as PR1 is), or, where codes are words, be words in small letters.
    """
    if _built(text) in {_built(code) for code in codes}:
        return True
    words = all(_WORDS.fullmatch(code) for code in codes)
    return words and bool(_WORDS.fullmatch(text)) and len(text) <= max(map(len, codes), default=0)


_WORDS = re.compile(r"[a-z][a-z _-]+")


def _built(text: str) -> str:
    return re.sub(r"[a-z]", "a", re.sub(r"[A-Z]", "A", re.sub(r"[0-9]", "9", text)))


def _expected(column: Column) -> str:
    if column.expected:
        return column.expected
    if column.codes:
        named = ", ".join(column.codes[:CODES_NAMED])
        more = len(column.codes) - CODES_NAMED
        return f"one of {named}" + (f" and {more} more" if more > 0 else "")
    return EXPECTED.get(column.kind, "text")


def refusal(column: Column, text: Any, file: str, row: int) -> Refusal:
    """The refusal of one cell; of its whole row, where the column is required."""
    given = text if isinstance(text, str) else None
    do = CORRECT if given else "Fill it in: the row cannot be used without it."
    return Refusal(file, row, column.name, found(column, given), _expected(column), do, column.required)


def set_apart_duplicates(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[int]]:
    """The rows without those that repeat an earlier one cell by cell, and the numbers of those that did."""
    again = frame.duplicated()
    return frame.loc[~again], [int(n) for n in frame.index[again]]
