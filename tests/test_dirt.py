"""Dirt: every mistake that was made is in the report, with its row, and nothing else is refused."""

from __future__ import annotations

import csv
import hashlib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest

from graph.errors import TeamaroundError
from ingest.extract import Extract, Refusal
from ingest.generate import AS_AT, generate
from ingest.generate.dirt_kinds import SPOTS
from ingest.recognise import read

AUTHORITY = "E08000025"
SHARE = 0.02
Row = dict[str, str]
Place = tuple[str, int]  # file within the council's folder, row
# What the list of officers calls its columns.
CALLED = {"Child ID": "child", "Start date": "start", "End date": "end"}


@dataclass(frozen=True)
class Dirty:
    """A council with mistakes in its files: those made, and what the readers say."""

    folder: Path
    mistakes: dict[Place, Row]
    extracts: list[Extract]

    @property
    def refusals(self) -> dict[Place, list[Refusal]]:
        found: dict[Place, list[Refusal]] = {}
        for extract in self.extracts:
            for refusal in extract.refusals:
                found.setdefault((_within(refusal.file), refusal.row or 0), []).append(refusal)
        return found

    @property
    def notes(self) -> str:
        return "\n".join(note for extract in self.extracts for note in extract.notes)

    def expected(self, *outcomes: str) -> dict[Place, Row]:
        return {place: row for place, row in self.mistakes.items() if row["expected"] in outcomes}


def _within(file: str) -> str:
    return file.partition("/")[2]


def _dirty(folder: Path, children: int, seed: int, share: float) -> Dirty:
    generate(folder, children=children, seed=seed, dirt=share)
    with (folder / "truth" / "dirt.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    mistakes = {(r["file"], int(r["row_number"])): r for r in rows}
    assert len(mistakes) == len(rows)
    return Dirty(folder, mistakes, read([folder], AUTHORITY, today=AS_AT))


@pytest.fixture(scope="module")
def dirty(tmp_path_factory: pytest.TempPathFactory) -> Dirty:
    return _dirty(tmp_path_factory.mktemp("dirty") / "council", 60, 1, SHARE)


def test_mistakes_are_of_every_format_and_of_many_kinds(dirty: Dirty) -> None:
    assert {place.partition("/")[0] for place, _ in dirty.mistakes} == set(SPOTS)
    kinds = Counter(r["mistake"] for r in dirty.mistakes.values())
    assert {"impossible date", "end before start", "missing key", "unknown code", "number with .0", "doubled row",
            "mistyped postcode", "NHS number that fails its check", "reference to nothing", "a cell too many",
            "stray quotation mark", "a role nobody knows"} <= set(kinds)  # fmt: skip
    assert {r["expected"] for r in dirty.mistakes.values()} == {
        "refused row", "refused value", "set aside", "noted", "joined unharmed"
    }  # fmt: skip


def test_as_many_as_were_asked_for(dirty: Dirty) -> None:
    rows = sum(f.rows for e in dirty.extracts for f in e.files)
    assert 0.6 * SHARE < len(dirty.mistakes) / rows < 1.2 * SHARE


def test_every_mistake_that_costs_a_row_or_a_value_is_refused_with_its_row(dirty: Dirty) -> None:
    for place, mistake in dirty.expected("refused row", "refused value").items():
        whole = mistake["expected"] == "refused row"
        column = CALLED.get(mistake["column_name"], mistake["column_name"])
        found = [r for r in dirty.refusals.get(place, []) if r.whole_row == whole and column in ("", r.column)]
        assert found, mistake


def test_nothing_else_is_refused(dirty: Dirty) -> None:
    assert set(dirty.refusals) == set(dirty.expected("refused row", "refused value"))


def test_a_doubled_row_is_used_once_and_told_with_its_row(dirty: Dirty) -> None:
    doubled = Counter(file for file, _ in dirty.expected("set aside"))
    aside = {_within(f.file): (f.set_aside or {}).get("duplicate row", 0) for e in dirty.extracts for f in e.files}
    assert doubled == Counter({file: n for file, n in aside.items() if n})
    for file, row in dirty.expected("set aside"):
        (note,) = [n for n in dirty.notes.splitlines() if n.startswith(f"{dirty.folder.name}/{file}: repeated")]
        assert f" {row}" in note.replace(".", " ").replace(",", " "), (file, row, note)


def test_a_role_nobody_knows_is_told(dirty: Dirty) -> None:
    counts = Counter(_role(dirty, *place) for place, m in dirty.expected("noted").items() if "role" in m["mistake"])
    assert counts
    for words in counts:
        assert f"“{words}”" in dirty.notes or f"a text of {len(words)} characters" in dirty.notes, words


def _role(dirty: Dirty, file: str, row: int) -> str:
    lines = (dirty.folder / file).read_text(encoding="utf-8").splitlines()  # a stray mark must not join two
    header, cells = (next(csv.reader([line])) for line in (lines[0], lines[row - 1]))
    return cells[header.index("invo_professional_role_id")]


def test_a_postcode_that_is_not_there_is_counted_by_its_file(dirty: Dirty) -> None:
    noted = dirty.expected("noted")
    files = Counter(file for (file, _), m in noted.items() if m["mistake"] == "postcode that is not there")
    for file, n in files.items():
        rows = "1 row" if n == 1 else f"{n} rows"
        said = f"{dirty.folder.name}/{file}: {rows} with a PL_POST that is not in the ONS directory"
        assert said in dirty.notes, file


def test_a_number_with_a_point_joins_the_child_it_was_of(dirty: Dirty) -> None:
    numbers = {n for e in dirty.extracts if "children" in e.tables for n in e.tables["children"]["local_id"] if n}
    assert dirty.expected("joined unharmed")
    assert not {n for n in numbers if n.endswith(".0")}
    assert numbers <= _truth(dirty.folder)


def _truth(folder: Path) -> set[str]:
    with (folder / "truth" / "children.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return {r["child_number"] for r in rows} | {r["earlier_number"] for r in rows}


def test_rows_read_are_used_set_aside_or_refused(dirty: Dirty) -> None:
    for file in (f for e in dirty.extracts for f in e.files):
        assert file.used + file.refused + sum((file.set_aside or {}).values()) == file.rows and file.used >= 0, file


def test_a_file_with_a_mistake_in_every_seventh_row_is_read_just_so(tmp_path: Path) -> None:
    very = _dirty(tmp_path / "council", 12, 5, 0.15)
    assert set(very.refusals) == set(very.expected("refused row", "refused value"))


def test_what_is_written_down_is_not_a_source(dirty: Dirty) -> None:
    told = {f.file: f for e in dirty.extracts for f in e.files if "/truth/" in f.file}
    assert f"{dirty.folder.name}/truth/dirt.csv" in told
    assert not any(f.recognised_as or f.rows or f.problem for f in told.values())


def test_the_same_seed_makes_the_same_mistakes_and_without_any_the_files_are_clean(tmp_path: Path) -> None:
    for name, share in (("a", SHARE), ("b", SHARE), ("clean", 0.0)):
        generate(tmp_path / name, children=6, seed=9, dirt=share)
    assert _digest(tmp_path / "a") == _digest(tmp_path / "b") != _digest(tmp_path / "clean")
    assert not (tmp_path / "clean" / "truth" / "dirt.csv").exists()
    assert [r for e in read([tmp_path / "clean"], AUTHORITY, today=AS_AT) for r in e.refusals] == []


def test_a_share_is_between_nothing_and_everything(tmp_path: Path) -> None:
    with pytest.raises(TeamaroundError, match="from 0 to 1"):
        generate(tmp_path / "x", children=5, dirt=2)
    assert not (tmp_path / "x").exists()


def _digest(folder: Path) -> str:
    files = sorted(p for p in folder.rglob("*") if p.is_file())
    return hashlib.sha256(b"".join(str(p.relative_to(folder)).encode() + p.read_bytes() for p in files)).hexdigest()
