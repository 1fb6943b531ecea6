"""From a case system's own words for a role to ours.

Every authority words its roles in its own way. The default map (`role_map.csv`) holds spellings that are common in
case systems; a council adds its own, or says otherwise, in a CSV of two columns, `local` and `role`. A role that is
in neither is kept as `other`, with the words of the source, and reported.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path

from graph.errors import TeamaroundError
from graph.reference import roles
from ingest.ledger import listed
from ingest.reading import read_files

COLUMNS = ("local", "role")
TWO_COLUMNS = "A map of roles is one sheet with the columns local and role."
SHOWN = 60


@dataclass(frozen=True)
class RoleMap:
    """Roles by the words of a source, folded."""

    by_words: Mapping[str, str]

    def role(self, text: str | None) -> str | None:
        """The role these words stand for; None where they are not in the map."""
        return self.by_words.get(folded(text or ""))

    def said(self) -> str:
        """All of it as one text, the same for maps that read alike."""
        return "\n".join(f"{words}={role}" for words, role in sorted(self.by_words.items()))


def folded(text: str) -> str:
    """Words without what people differ in: case, spacing and punctuation."""
    words = re.sub(r"['’]", "", text.replace("&", " and "))
    return " ".join(re.sub(r"[\W_]+", " ", words).split()).casefold()


@cache
def default() -> RoleMap:
    """The map that comes with the software: common spellings, and each role by its own code and label."""
    text = resources.files("ingest").joinpath("role_map.csv").read_text(encoding="utf-8")
    rows = csv.DictReader(text.splitlines())
    return RoleMap({**_own_words(), **{folded(row["local"]): row["role"] for row in rows}})


def read(path: Path | str) -> RoleMap:
    """A council's own map: a CSV, or a workbook's only sheet, with the columns local and role.

    It adds to the default and overrides it. A role is given by its code or its label. Raises TeamaroundError,
    naming the rows, where the file cannot be read as that.
    """
    path = Path(path)
    files = read_files(path, path.name)
    sheet = files[0].sheet if len(files) == 1 else None
    if sheet is None:
        raise TeamaroundError(f"{path.name}: {files[0].problem or TWO_COLUMNS}")
    frame = sheet.frame.rename(columns=lambda cell: str(cell).strip().casefold())
    if not frame.columns.is_unique or not set(COLUMNS) <= set(frame):
        raise TeamaroundError(f"{path.name}: {TWO_COLUMNS}")
    rows = list(zip(frame.index, frame["local"], frame["role"], strict=True))
    wrong = sorted([*((n, f"row {n}: {why}") for n, why in sheet.broken.items()), *_wrong(rows)])
    if wrong:
        raise TeamaroundError(f"{path.name} is no map of roles: {listed([said for _, said in wrong])}.")
    own = {folded(local): _role(role) for _, local, role in rows}
    return RoleMap({**default().by_words, **{words: role for words, role in own.items() if role}})


def _wrong(rows: Iterable[tuple[int, str, str]]) -> Iterable[tuple[int, str]]:
    """What is wrong, row by row."""
    first: dict[str, tuple[int, str | None]] = {}
    for row, local, text in rows:
        words, role = folded(local), _role(text)
        if not words:
            yield row, f"row {row}: local is empty"
        elif role is None:
            yield row, f"row {row}: “{text[:SHOWN]}” is no role" if text else f"row {row}: role is empty"
        elif words in first and first[words][1] != role:
            yield row, f"row {row}: the same words as row {first[words][0]}, with another role"
        first.setdefault(words, (row, role))


def _role(text: str) -> str | None:
    return _own_words().get(folded(text))


@cache
def _own_words() -> Mapping[str, str]:
    return {folded(words): each.role for each in roles.roles().values() for words in (each.role, each.label)}
