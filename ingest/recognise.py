"""Any mix of files and folders to extracts: which of the readers each file is for.

A folder is one extract of each format it holds; folders inside it are folders of their own, so that a year
of the return in each makes an extract of each. A file is known by its header (a table by its name as well).
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from graph import reference
from graph.errors import TeamaroundError
from ingest import ssda903, tables
from ingest.extract import Extract, FileReport
from ingest.ledger import Ledger, counted, listed
from ingest.reading import File, read_file

# Part of an extract's digest: raise it when the same files are read differently.
VERSION = "1"
READ = (".csv", ".tsv")
WORKBOOKS = (".xlsx", ".xlsm", ".xls", ".ods")
NOT_KNOWN = (
    "It is not known: its first row is the header of no table of the SSDA903, and of none of ours. "
    "Is the header row missing?"
)
MISSED = "a file that is not known"

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
    say: Say


def read(
    paths: Sequence[Path | str],
    authority: str,
    *,
    covers: tuple[date, date] | None = None,
    partial: bool = False,
    today: date | None = None,
    supplier: str | None = None,
    say: Say = lambda _: None,
) -> list[Extract]:
    """Read and check files and folders; nothing is written anywhere.

    authority: ONS code, DfE's three digits or name; nothing where files are only checked. covers: the days
    the files cover, where their own dates or coverage.csv say it wrongly. partial: not everything of its kind
    is in them. supplier: of tables; the folder's name where nothing is said.

    Raises TeamaroundError where a path does not exist, the authority is not known, or no file at all is.
    Whatever else is wrong with a file stands in the report of an extract.
    """
    code = reference.authority(authority).code if authority else ""
    options = _Options(code, covers, partial, today or date.today(), supplier, say)
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
    return " ".join(["Nothing here can be read.", *(said or ["There are no CSV files."])])


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
    """A folder and those inside it; hidden ones are not opened."""
    inside = sorted(path.iterdir(), key=lambda each: each.name)
    files = [each for each in inside if each.is_file()]
    read = [each for each in files if each.suffix.lower() in READ and not each.name.startswith(".")]
    folders = [each for each in inside if each.is_dir() and not each.name.startswith(".")]
    if files or not folders:
        yield _Folder(path, name, tuple(read), tuple(each for each in files if each not in read))
    for each in folders:
        yield from _walk(each, f"{name}/{each.name}")


# --- which reader each is for ---


def _read_folder(folder: _Folder, options: _Options) -> tuple[list[Extract], list[FileReport]]:
    """The extracts of one folder; or, where there is none, what to say of its files."""
    if folder.read:
        options.say(f"Reading {folder.name} ({counted(len(folder.read), 'file')})")
    files = [read_file(path, f"{folder.name}/{path.name}") for path in folder.read]
    returns = [f for f in files if f.sheet and ssda903.recognise(f.sheet.frame.columns)]
    own = [f for f in files if f.sheet and f not in returns and tables.recognise(f.name, f.sheet.frame.columns)]
    others = [f for f in files if f not in returns and f not in own]
    ledger = Ledger()
    for path in folder.ignored:
        ledger.ignore(f"{folder.name}/{path.name}")
        if path.suffix.lower() in WORKBOOKS:
            ledger.note(f"{folder.name}/{path.name} is a workbook: save its sheets as CSV to have them read.")
    if not returns and not own:
        return [], _unread(folder, others, ledger)
    if returns:
        for file in others if not own else ():
            ledger.fail(file, file.problem or NOT_KNOWN)
        extracts = [_read_return(returns, folder, options, ledger)]
        ledger = Ledger()
    else:
        extracts = []
    if own:
        extracts.append(_read_tables([*own, *others], folder, options, ledger))
    return extracts, []


def _unread(folder: _Folder, files: Sequence[File], ledger: Ledger) -> list[FileReport]:
    for file in files:
        ledger.fail(file, file.problem or NOT_KNOWN)
    if not files and not folder.ignored:
        return [FileReport(folder.name, "", problem="There is nothing in this folder.")]
    return list(ledger.reports())


def _read_return(files: Sequence[File], folder: _Folder, options: _Options, ledger: Ledger) -> Extract:
    return ssda903.read(
        files,
        authority=options.authority,
        digest=_digest(ssda903.KIND, files, options, ""),
        covers=options.covers,
        partial=options.partial,
        today=options.today,
        say=options.say,
        ledger=ledger,
    )


def _read_tables(files: Sequence[File], folder: _Folder, options: _Options, ledger: Ledger) -> Extract:
    supplier = options.supplier or folder.path.name
    return tables.read(
        files,
        authority=options.authority,
        supplier=supplier,
        digest=_digest(tables.KIND, files, options, supplier),
        covers=options.covers,
        partial=options.partial,
        ledger=ledger,
    )


def _digest(kind: str, files: Sequence[File], options: _Options, supplier: str) -> str:
    """What makes an extract the same as another: bytes, names in the folder, authority, options, version."""
    said = [VERSION, kind, options.authority, supplier, str(options.partial), *map(str, options.covers or ())]
    said += sorted(f"{Path(file.name).name} {file.digest}" for file in files)
    return hashlib.sha256("\n".join(said).encode()).hexdigest()
