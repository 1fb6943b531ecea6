"""Any mix of files and folders to extracts: which of the readers each file is for.

A folder is one extract of each format it holds; folders inside it are folders of their own, so that a year
of the return in each makes an extract of each. A file, or a sheet of a workbook, is known by its header (a table
by its name as well). A new format is a line more in READERS.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

from graph import reference
from graph.errors import TeamaroundError
from ingest import allocations, ssd, ssda903, tables
from ingest.extract import Extract, FileReport
from ingest.ledger import Ledger, counted, listed
from ingest.reading import File, read_files
from ingest.roles import RoleMap, default

# Part of an extract's digest: raise it when the same files are read differently.
VERSION = "2"
READ = (".csv", ".tsv")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
# A folder with this file in it is no source: its files are told of and not read.
NOT_TO_LOAD = "not-to-load.txt"
NOT_KNOWN = (
    "It is not known: its first row is the header of no table of the SSDA903 or the SSD, of no list of reviewing "
    "officers, and of none of our tables. Is the header row missing?"
)

Say = Callable[[str], None]


@dataclass(frozen=True)
class _Folder:
    """The files of one folder: those to read, and the names of those that are not for us."""

    path: Path
    name: str  # as reports say it
    read: tuple[Path, ...]
    ignored: tuple[Path, ...]


@dataclass(frozen=True)
class _Options:
    authority: str
    covers: tuple[date, date] | None
    partial: bool
    today: date
    supplier: str | None
    roles: RoleMap
    say: Say


@dataclass(frozen=True)
class Reader:
    """One format: how its files are known, and what reads them.

    knows: whether a file that has a sheet is of the format. read: a module's `read`, which takes the files of one
    folder, what every reader takes (`authority`, `digest`, `covers`, `partial`, `ledger`), and what `options` gives
    of these options and this folder beside. supplier: whose files they are, where that tells one extract from
    another. roles: whether the map of roles makes a difference to it.
    """

    kind: str
    knows: Callable[[File], bool]
    read: Callable[..., Extract]
    options: Callable[[_Options], Mapping[str, Any]] = field(default=lambda options: {"today": options.today})
    supplier: Callable[[_Options, _Folder], str] | None = None
    roles: bool = False


def _columns(file: File) -> list[str]:
    return [str(name) for name in file.sheet.frame] if file.sheet else []


# The first that knows a file reads it. Tables come last: they also say what a file is that nobody knows.
READERS = (
    Reader(
        ssda903.KIND,
        lambda file: ssda903.recognise(_columns(file)) is not None,
        ssda903.read,
        lambda options: {"today": options.today, "say": options.say},
    ),
    Reader(
        ssd.KIND,
        lambda file: ssd.recognise(_columns(file)) is not None,
        ssd.read,
        lambda options: {"today": options.today, "say": options.say, "role_map": options.roles},
        roles=True,
    ),
    Reader(
        allocations.KIND,
        lambda file: allocations.recognise(_columns(file)),
        allocations.read,
        supplier=lambda options, folder: options.supplier or "",
    ),
    Reader(
        tables.KIND,
        lambda file: tables.recognise(file.name, _columns(file)) is not None,
        tables.read,
        lambda options: {},
        supplier=lambda options, folder: options.supplier or folder.path.name,
    ),
)


def read(
    paths: Sequence[Path | str],
    authority: str,
    *,
    covers: tuple[date, date] | None = None,
    partial: bool = False,
    today: date | None = None,
    supplier: str | None = None,
    roles: RoleMap | None = None,
    say: Say = lambda _: None,
) -> list[Extract]:
    """Read and check files and folders; nothing is written anywhere.

    authority: ONS code, DfE's three digits or name; nothing where files are only checked. covers: the days
    the files cover, where their own dates or coverage.csv say it wrongly. partial: not everything of its kind
    is in them. supplier: of tables; the folder's name where nothing is said. roles: what a case system's words
    for roles mean (`ingest.roles`); the default map where nothing is said.

    Raises TeamaroundError where a path does not exist, the authority is not known, or no file at all is.
    Whatever else is wrong with a file stands in the report of an extract.
    """
    code = reference.authority(authority).code if authority else ""
    options = _Options(code, covers, partial, today or date.today(), supplier, roles or default(), say)
    extracts: list[Extract] = []
    left: list[FileReport] = []
    for folder in _folders([Path(path) for path in paths]):
        found, over = _read_folder(folder, options)
        extracts += found
        left += over
    if not extracts:
        raise TeamaroundError(_nothing_known(left))
    return [_with_reports(extracts[0], left), *extracts[1:]]


def _nothing_known(left: Sequence[FileReport]) -> str:
    """Why nothing can be read; files with the same problem are named together."""
    wrong: dict[str, list[str]] = {}
    for report in left:
        if report.problem:
            wrong.setdefault(report.problem, []).append(report.file)
    said = [f"{listed(files)}: {problem}" for problem, files in wrong.items()]
    return " ".join(["Nothing here can be read.", *(said or ["There are no CSV files and no workbooks."])])


def _with_reports(extract: Extract, left: Sequence[FileReport]) -> Extract:
    """Files of folders from which nothing could be read are told with the first extract."""
    return replace(extract, files=(*extract.files, *left))


# --- which files there are ---


def _folders(paths: Sequence[Path]) -> Iterator[_Folder]:
    """Each folder once, whether it was named or its files were."""
    single: dict[Path, list[Path]] = {}
    for path in dict.fromkeys(path.resolve() for path in paths):
        if path.is_dir():
            yield from _walk(path, path.name)
        elif path.is_file():
            single.setdefault(path.parent, []).append(path)
        else:
            raise TeamaroundError(f"There is no file or folder {path.name} in {path.parent}.")
    for parent, files in single.items():
        yield _Folder(parent, parent.name, tuple(sorted(files)), ())


def _walk(path: Path, name: str) -> Iterator[_Folder]:
    """A folder and those inside it; hidden ones, and what an open workbook leaves beside it, are not opened."""
    inside = sorted(path.iterdir(), key=lambda each: each.name)
    files = [each for each in inside if each.is_file()]
    if any(each.name == NOT_TO_LOAD for each in files):
        yield _Folder(path, name, (), tuple(files))
        return
    read = [
        each for each in files if each.suffix.lower() in (*READ, *WORKBOOKS) and not each.name.startswith((".", "~$"))
    ]
    folders = [each for each in inside if each.is_dir() and not each.name.startswith(".")]
    if files or not folders:
        yield _Folder(path, name, tuple(read), tuple(each for each in files if each not in read))
    for each in folders:
        yield from _walk(each, f"{name}/{each.name}")


# --- which reader each is for ---


def _read_folder(folder: _Folder, options: _Options) -> tuple[list[Extract], list[FileReport]]:
    """The extracts of one folder; or, where there is none, what to say of its files.

    What nobody knows is told with the tables, where there are any, else with the first extract.
    """
    if folder.read:
        options.say(f"Reading {folder.name} ({counted(len(folder.read), 'file')})")
    files = [file for path in folder.read for file in read_files(path, f"{folder.name}/{path.name}", ssd.NAMES)]
    given: dict[str, list[File]] = {}
    for file in files:
        reader = next((reader for reader in READERS if file.sheet and reader.knows(file)), None)
        given.setdefault(reader.kind if reader else "", []).append(file)
    ledger = Ledger()
    for path in folder.ignored:
        ledger.ignore(f"{folder.name}/{path.name}")
    unknown = given.pop("", [])
    if not given:
        return [], _unread(folder, unknown, ledger)
    if tables.KIND in given:
        given[tables.KIND] += unknown
    else:
        _fail(unknown, ledger)
    extracts = []
    for reader in READERS:
        if reader.kind in given:
            extracts.append(_extract(reader, given[reader.kind], folder, options, ledger))
            ledger = Ledger()
    return extracts, []


def _fail(files: Sequence[File], ledger: Ledger) -> None:
    for file in files:
        ledger.fail(file, file.problem or NOT_KNOWN)


def _unread(folder: _Folder, files: Sequence[File], ledger: Ledger) -> list[FileReport]:
    _fail(files, ledger)
    if not files and not folder.ignored:
        return [FileReport(folder.name, "", problem="There is nothing in this folder.")]
    return list(ledger.reports())


def _extract(reader: Reader, files: Sequence[File], folder: _Folder, options: _Options, ledger: Ledger) -> Extract:
    supplier = reader.supplier(options, folder) if reader.supplier else None
    return reader.read(
        files,
        authority=options.authority,
        digest=_digest(reader, files, options, supplier or ""),
        covers=options.covers,
        partial=options.partial,
        ledger=ledger,
        **({} if supplier is None else {"supplier": supplier}),
        **reader.options(options),
    )


def _digest(reader: Reader, files: Sequence[File], options: _Options, supplier: str) -> str:
    """What makes an extract the same as another: bytes, names in the folder, authority, options, version."""
    said = [VERSION, reader.kind, options.authority, supplier, str(options.partial), *map(str, options.covers or ())]
    said += sorted(f"{Path(file.name).name} {file.digest}" for file in files)
    said += [options.roles.said()] if reader.roles else []
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
