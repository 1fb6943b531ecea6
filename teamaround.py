"""The command line: `teamaround --help` is the manual.

Results go to standard output, progress and messages to standard error. Exit 0: done; 1: the input or the
question was wrong, said in one line; 2: the command was typed wrong.
"""

from __future__ import annotations

import csv
import io
import json
import os
import signal
import sys
import traceback
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from enum import StrEnum
from importlib.metadata import version
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape
from rich.table import Table

from graph.errors import TeamaroundError

app = typer.Typer(
    name="teamaround",
    help=(
        "The team around a child as a graph: who works with her, what a move cut, who knows what the others do not. "
        "`teamaround demo` shows it on invented children. With your own files: check, load, analyse, serve."
    ),
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
)
db = typer.Typer(help="The managed Neo4j that keeps the graph on this machine.", no_args_is_help=True)
app.add_typer(db, name="db")

Row = Mapping[str, Any]
DEMO_DAY = date(2026, 3, 31)
DEMO_AUTHORITY = "E08000025"


class Format(StrEnum):
    """How rows are printed."""

    table = "table"
    csv = "csv"
    json = "json"


class Shown(StrEnum):
    """Which findings are shown."""

    raised = "raised"
    clear = "clear"
    not_assessable = "not-assessable"
    not_applicable = "not-applicable"
    all = "all"


def _day(text: str | date) -> date:
    if isinstance(text, date):  # a default
        return text
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise typer.BadParameter(f"{text!r} is not a day: write it as 2026-03-31.") from None


Paths = Annotated[list[Path], typer.Argument(help="Files and folders, in any mix.", show_default=False)]
AsAt = Annotated[
    date | None,
    typer.Option(parser=_day, metavar="DATE", help="Look as at this day; else the last day the loads cover."),
]
OneAuthority = Annotated[
    str | None, typer.Option(metavar="CODE", help="ONS or DfE code or name; else every authority that is loaded.")
]
Child = Annotated[str, typer.Argument(metavar="CHILD", help="The authority's own number for the child.")]
RolesFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Your own names of roles: a CSV of local,role, added to those that are known."),
]
ReportFile = Annotated[
    Path | None,
    typer.Option(metavar="FILE", help="Every refusal, as .html or .csv.", callback=lambda path: _report_file(path)),
]
ParameterFile = Annotated[
    Path | None, typer.Option(metavar="FILE", help="A TOML file that changes house rules: `social_workers = 4`.")
]
AsFormat = Annotated[
    Format | None, typer.Option("--format", help="How to print rows; a table on a terminal, else CSV.")
]


# --- trying it out ---


@app.command()
def demo(
    children: Annotated[int, typer.Option(min=1, max=2000, help="How many invented children.")] = 60,
    port: Annotated[int | None, typer.Option(min=1024, max=65535, help="Port of the dashboard.")] = None,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """Show it on an invented council and published cases, in a graph of its own, until Ctrl-C."""
    from filelock import FileLock, Timeout

    from dashboard.serve import free_port
    from dashboard.serve import serve as run
    from graph import server

    if os.environ.get("TEAMAROUND_NEO4J_URI"):
        raise TeamaroundError(
            "TEAMAROUND_NEO4J_URI is set, and the demo never touches a graph that may hold real children. "
            "Unset it, or open a terminal without it, and try again."
        )
    home = server.default_home() / "demo"
    home.mkdir(parents=True, exist_ok=True)
    _ended_like_ctrl_c()
    try:
        with FileLock(home / "demo.lock", timeout=0):
            try:
                page = _prepare_demo(home, children)
                run(port or free_port(), browser, home, say, page=page)
            finally:
                server.stop(home, say)
    except Timeout:
        raise TeamaroundError("The demo is already running on this machine: use that one, or end it first.") from None


def _ended_like_ctrl_c() -> None:
    """A terminal that is closed, or a polite kill, ends the demo as Ctrl-C does: its server is stopped."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    for name in ("SIGTERM", "SIGHUP", "SIGBREAK"):
        if hasattr(signal, name):
            signal.signal(getattr(signal, name), interrupt)


def _prepare_demo(home: Path, children: int) -> str:
    """Invented children and the published cases in the demo's own graph; the page to open first.

    The council takes the path a real one takes: generate, check, load, analyse. Nothing is done twice.
    """
    from graph import analyse as analysing
    from graph import server
    from graph.store import Store
    from ingest import cases, recognise
    from ingest.generate import generate

    council = home / f"council-{children}-{version('teamaround')}"
    if not (council / "README.txt").exists():
        say(f"Writing the files of an invented council with {children} children")
        generate(council, children=children, seed=1, as_at=DEMO_DAY)
    with Store.open(server.managed(home, say)) as store:
        reviews = {code: [n for n in cases.cases() if cases.AUTHORITY[n] == code] for code in cases.AUTHORITY.values()}
        for paths, code, t in (
            ([council], DEMO_AUTHORITY, DEMO_DAY),
            *(([cases.case_folder(n) for n in of], code, cases.AS_AT[of[0]]) for code, of in reviews.items()),
        ):
            say(f"Loading {_name(code)}")
            _load_all(store, recognise.read(paths, code, today=date.today(), say=quiet))
            there = analysing.current(store, code)
            if not there or there["as_at"] != t:
                analysing.analyse(store, code, t)
        sophie = store.child_ids(cases.AUTHORITY["sophie"])[0]
        return f"child?child={store.child_records(sophie).child.ref}"


# --- from files to findings ---


@app.command()
def generate(
    folder: Annotated[Path, typer.Argument(help="A folder that is new or empty.")],
    children: Annotated[int, typer.Option(min=1, help="How many it looks after on the last day.")] = 60,
    seed: Annotated[int, typer.Option(help="The same seed writes the same files.")] = 1,
    as_at: Annotated[date, typer.Option(parser=_day, metavar="DATE", help="The last day of its records.")] = DEMO_DAY,
    dirt: Annotated[
        float, typer.Option(min=0, max=0.5, metavar="P", help="Share of rows with a planted mistake: 0.02.")
    ] = 0.0,
) -> None:
    """Write an invented council, as the files a real one holds."""
    from ingest.generate import generate
    from ingest.ledger import counted

    if folder.exists() and any(folder.iterdir()):
        raise TeamaroundError(f"{folder} is not empty: name a new folder, so that nothing of yours is written over.")
    generate(folder, children=children, seed=seed, as_at=as_at, dirt=dirt)
    say(f"A council that looks after {counted(children, 'child')} is in {folder}. Next: teamaround check {folder}")


@app.command()
def check(
    paths: Annotated[list[Path] | None, typer.Argument(help="Files and folders, in any mix.")] = None,
    template: Annotated[
        Path | None,
        typer.Option(metavar="FOLDER|FILE.xlsx", help="Write empty tables here: a folder of CSVs, or one workbook."),
    ] = None,
    roles: RolesFile = None,
    report: ReportFile = None,
) -> None:
    """Read files and report all that is wrong with them; touches no graph.

    Ends 1 if anything would be refused.
    """
    from ingest import recognise
    from ingest import report as reporting
    from ingest import template as templates

    if template:
        templates.write(template)
        say(f"Empty tables are in {template}: fill in what you hold, leave out the rest.")
        return
    if not paths:
        raise typer.BadParameter("Name files or folders to check, or --template FOLDER.")
    extracts = recognise.read(paths, "", roles=_roles(roles), today=date.today(), say=say)
    if report:
        reporting.write(extracts, report)
    reporting.show(extracts, sys.stdout)
    say(reporting.summary(extracts))
    if not reporting.usable(extracts) or any(e.refusals for e in extracts):
        raise typer.Exit(1)


@app.command()
def load(
    paths: Paths,
    authority: Annotated[str, typer.Option(metavar="CODE", help="Whose children they are: ONS or DfE code, or name.")],
    roles: RolesFile = None,
    covers: Annotated[
        str | None, typer.Option(metavar="FROM:TO", help="The days the files cover, where they do not say it.")
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Not everything of the period: nothing is retired.")
    ] = False,
    report: ReportFile = None,
) -> None:
    """Load files and folders, in any mix, into the graph. The same files again change nothing.

    Ends 1 if a file could not be used; the rest is loaded.
    """
    from graph import reference
    from ingest import recognise
    from ingest import report as reporting

    code = reference.authority(authority).code
    extracts = recognise.read(
        paths, code, roles=_roles(roles), covers=_period(covers) if covers else None, partial=partial,
        today=date.today(), say=say,
    )  # fmt: skip
    if report:  # what is refused is told even where the graph cannot be reached
        reporting.write(extracts, report)
    after, useful = None, any(f.used for e in extracts for f in e.files)
    if useful:
        with _graph() as store:
            before = store.coverage(code)
            done = _load_all(store, extracts)
            if report or not all(one.unchanged_since or one.later for _, one in done):
                say("Comparing the graph with the files")
                after = reporting.after(store, code, before, done, date.today())
    if report and after:
        reporting.write(extracts, report, after)
    reporting.show(extracts, sys.stdout, after)
    say(reporting.summary(extracts))
    if not useful:
        raise TeamaroundError("Nothing was loaded: no file here holds a row that could be used.")
    say(f"Next: teamaround analyse --authority {code}")
    if not reporting.usable(extracts):
        raise typer.Exit(1)


def _report_file(path: Path | None) -> Path | None:
    if path and path.suffix.lower() not in (".html", ".csv"):  # known before anything is read
        raise typer.BadParameter(f"a report is a .html or a .csv file, and “{path.name}” ends with neither.")
    return path


def _roles(path: Path | None) -> Any:
    from ingest import roles

    return roles.read(path) if path else None


def _period(text: str) -> tuple[date, date]:
    start, separator, end = text.partition(":")
    if not separator:
        raise typer.BadParameter("--covers takes two days: 2024-04-01:2025-03-31.")
    first, last = _day(start), _day(end)
    if last < first:
        raise typer.BadParameter("--covers ends before it starts.")
    return first, last


def _load_all(store: Any, extracts: Sequence[Any]) -> list[tuple[Any, Any]]:
    """Load extracts one after another, in any order the same graph; each with what it did."""
    from graph.loading import in_turn
    from graph.loading import load as write

    done = []
    for extract in in_turn(extracts):
        one = write(
            store, extract, files=[f.file for f in extract.files], rows=sum(f.rows for f in extract.files),
            refused=sum(f.refused for f in extract.files),
            set_aside=sum(sum((f.set_aside or {}).values()) for f in extract.files),
        )  # fmt: skip
        say(_told(extract, one))
        done.append((extract, one))
    return done


def _told(extract: Any, done: Any) -> str:
    from ingest.report import title

    name = title(extract)
    if done.unchanged_since:
        return f"{name}: these files were loaded before, and there is nothing to do."
    if done.later:
        return f"{name}: a later extract of the same, to {done.later:%d/%m/%Y}, is loaded and stands: nothing to do."
    parts = [f"{sum(done.written.values()):,} records written", f"{sum(done.same.values()):,} as before"]
    if done.retired:
        parts.append(f"{sum(done.retired.values()):,} retired that this extract no longer holds")
    if done.unmatched:
        parts.append(
            f"{len(done.unmatched):,} lines wait for children who are not on record: they are used when a load "
            "brings those children"
        )
    return f"{name}: {', '.join(parts)}."


@app.command()
def analyse(
    as_at: AsAt = None,
    authority: OneAuthority = None,
    child: Annotated[str | None, typer.Option(metavar="CHILD", help="One child only: prints, writes nothing.")] = None,
    workers: Annotated[int, typer.Option(min=1, max=64, help="Processes that share the work.")] = 1,
    parameters: ParameterFile = None,
    format: AsFormat = None,
) -> None:
    """Run every rule, and let the pages show what was found."""
    from graph import analyse as analysing

    chosen = _parameters(parameters)
    if child:
        return _print_findings(child, None, Shown.raised, as_at, authority, chosen, format)
    with _graph() as store:
        for code in _authorities(store, authority):
            t = as_at or _default_day(store, code)
            say(f"Running every rule for {_name(code)} as at {t}")
            done = analysing.analyse(store, code, t, parameters=chosen, workers=workers, say=say)
            rows = [{"rule": rule, **{s.value: n.get(_status(s), 0) for s in Shown if s is not Shown.all}}
                    for rule, n in done.counts.items()]  # fmt: skip
            _print(rows, format)
    say("Next: teamaround serve")


# --- asking ---


@app.command()
def findings(
    child: Annotated[str | None, typer.Option(metavar="CHILD", help="One child; else all.")] = None,
    rule: Annotated[str | None, typer.Option(metavar="ID", help="One rule, such as clocks.review.")] = None,
    status: Annotated[Shown, typer.Option(help="Which findings.")] = Shown.raised,
    as_at: AsAt = None,
    authority: OneAuthority = None,
    parameters: ParameterFile = None,
    format: AsFormat = None,
) -> None:
    """Findings with their evidence, run on the records as at a day. JSON holds everything."""
    _print_findings(child, rule, status, as_at, authority, _parameters(parameters), format)


def _print_findings(
    child: str | None, rule: str | None, status: Shown, as_at: date | None, authority: str | None,
    parameters: Any, format: Format | None,
) -> None:  # fmt: skip
    from graph.analyse import as_json
    from graph.findings import find_rule, run

    only = [find_rule(rule).id] if rule else None
    with _graph() as store:
        rows = [
            as_json(f)
            for records, t in _children(store, as_at, authority, child)
            for f in run(records, t, parameters, only)
            if status in (Shown.all, _shown(f.status))
        ]
    columns = ("child", "rule", "status", "sentence", "question")
    if _format(format) is not Format.json:
        rows = [{k: r[k] for k in columns} for r in rows]
    _print(rows, format, columns)


@app.command("child")
def show_child(
    child: Child,
    as_at: AsAt = None,
    since: Annotated[date | None, typer.Option(parser=_day, metavar="DATE", help="Mark who joined and left.")] = None,
    ecomap: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the ecomap as .svg or .html.")] = None,
    format: AsFormat = None,
) -> None:
    """Who is around one child on a day: person, role, agency, since when, last contact on record."""
    from dashboard import export

    with _graph() as store:
        for records, t in _children(store, as_at, None, child):
            if ecomap:
                export.write_ecomap(records, t, ecomap)
            _print(export.people(records, t, since), format)
    if ecomap:
        say(f"The ecomap is in {ecomap}: it shows a real child's network, keep it where her records are kept.")


@app.command()
def changes(
    child: Child,
    since: Annotated[
        date | None, typer.Option(parser=_day, metavar="DATE", help="Compare with this day; else the last review.")
    ] = None,
    as_at: AsAt = None,
    parameters: ParameterFile = None,
    format: AsFormat = None,
) -> None:
    """What changed around one child since the last review: joined, left, opened, closed; findings new and cleared."""
    from graph.change import change, last_review

    with _graph() as store:
        for records, t in _children(store, as_at, None, child):
            before = since or last_review(records, t)
            if before is None:
                raise TeamaroundError(f"No review is on record before {t}: name a day to compare with, --since DATE.")
            if before >= t:
                raise TeamaroundError(f"--since is {before}: it must be before {t}, the day that is looked at.")
            found = change(records, before, t, _parameters(parameters))
    rows = [{"change": s.went, "on": s.on, "what": s.what, "rule": ""} for s in found.steps]
    for word, findings in (("new", found.new), ("cleared", found.cleared), ("still there", found.still)):
        rows += [{"change": word, "on": "", "what": f.sentence, "rule": f.rule} for f in findings]
    say(f"From {found.since} to {found.t}.")
    _print(rows, format, ("change", "on", "what", "rule"))


@app.command()
def replay(child: Child, as_at: AsAt = None, parameters: ParameterFile = None, format: AsFormat = None) -> None:
    """From which day on the records of the time held each finding, and who was in the team then."""
    from graph.replay import replay as replayed

    with _graph() as store:
        for records, t in _children(store, as_at, None, child):
            found = replayed(records, t, _parameters(parameters))
    rows = [
        {
            "first": one.first.as_at, "months_before": found.months(one), "last": one.last, "rule": one.first.rule,
            "sentence": one.first.sentence, "team_then": list(one.team),
        }
        for one in found.seen
    ]  # fmt: skip
    say(f"Month by month from {found.begin} to {found.end}: what the records of each day held, not what was known.")
    _print(rows, format, ("first", "months_before", "last", "rule", "sentence", "team_then"))


@app.command()
def rehearse(
    child: Child,
    to: Annotated[str, typer.Option("--to", metavar="CODE", help="The authority whose area it would be.")],
    as_at: AsAt = None,
    format: AsFormat = None,
) -> None:
    """Before a move: what it would cut, who must be told and asked, what has no counterpart there, who could bridge."""
    from graph import reference
    from graph.rehearsal import agencies_in
    from graph.rehearsal import rehearse as rehearsed

    code = reference.authority(to).code
    with _graph() as store:
        for records, t in _children(store, as_at, None, child):
            found = rehearsed(records, code, t, agencies_in(store, code, t))
    rows = [{"part": one.part, "who": one.who, "says": one.says, "by": one.by} for one in found.lines]
    say(f"A move to {_name(code)}, as at {found.t}. Nothing is written; the regulations are those of SI 2010/959.")
    _print(rows, format, ("part", "who", "says", "by"))


@app.command()
def cohort(
    as_at: AsAt = None, authority: OneAuthority = None, parameters: ParameterFile = None, format: AsFormat = None
) -> None:
    """Who matches the published description of the complex cohort, and who may: features, never a score."""
    from graph.analysis.cohort.around import answers, circumstances
    from graph.analysis.cohort.definition import definition
    from graph.cohort import cohort as counted
    from graph.findings import run
    from graph.records import as_at as masked
    from graph.records import in_care

    chosen = _parameters(parameters)
    rows: list[Row] = []
    of, around = {}, []
    with _graph() as store:
        for records, t in _children(store, as_at, authority):
            seen = masked(records, t)
            if in_care(seen, t):
                found = run(records, t, chosen, ["cohort.matches", "cohort.near", "area.waiting_list_reset"])
                of[records.child.id] = answers(seen, t, chosen)
                around.append(circumstances(seen, t, found, chosen))
                rows += _membership(found)
    for line in definition(chosen).lines:
        say(line)
    _print(rows, format, ("child", "meets", "how_sure", "f1", "f2", "f3", "f4", "stability"))
    if of:
        _say_cohort(counted(of, chosen.cohort_features), around)


def _membership(found: Sequence[Any]) -> Iterator[Row]:
    """The lines of one child who is in the cohort or near it, or may be; in no order but that of the numbers."""
    for finding in found:
        if finding.rule.startswith("cohort.") and (
            finding.status == "raised" or (finding.status == "not assessable" and "features" in finding.measures)
        ):
            yield {
                "child": finding.child,
                "meets": finding.rule.partition(".")[2],
                "how_sure": "certain" if finding.status == "raised" else "possible",
                **finding.measures["features"],
                "stability": finding.measures["label"],
            }


def _say_cohort(found: Any, around: Sequence[Any]) -> None:
    """How many there are, each feature's share, and what happened around them beside all others."""
    from graph.cohort import LEAST, MEASURES, beside, exported

    certain, possible = found.certain, found.only_possible
    say(f"Of {certain.n:,} looked after {len(certain.members):,} match for certain ({certain.h:.1%}), "
        f"{len(possible):,} more may; {len(found.near):,} near it.")  # fmt: skip
    if not certain.members:
        return
    say(f"Features they meet: {certain.a:.0%} on average; of them " + ", ".join(
        f"{share.feature} {share.share:.0%}" for share in certain.shares) + ".")  # fmt: skip
    for line in exported(beside(around, certain.members), LEAST):
        these, others = (_median(spread) for spread in (line.members, line.others))
        say(f"Median of {MEASURES[line.what]}: {these} of those who match, {others} of all others.")


def _median(spread: Any) -> str:
    """The median of a group, and of how many it is known; nothing of so few that it would be one child's."""
    if spread.median is None:
        return "not known, or of too few,"
    return f"{spread.median:g} ({spread.known:,} known)"


@app.command()
def ask(
    question: Annotated[str | None, typer.Argument(help="The question's name.", show_default=False)] = None,
    parameter: Annotated[list[str] | None, typer.Option("-p", metavar="NAME=VALUE", help="A parameter.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="List the questions.")] = False,
    format: AsFormat = None,
) -> None:
    """Ask a question of the library in queries/."""
    import queries

    if list_ or not question:
        rows = [
            {"question": q.name, "asks": q.question, "parameters": ", ".join(f"-p {p}=…" for p in q.parameters)}
            for q in queries.questions().values()
        ]
        return _print(rows, format)
    query = queries.find(question)
    given = query.bind(_pairs(parameter or ()))
    with _graph() as store:
        if query.reads_findings:
            _analysed(store)
        rows = store.read(query.cypher, _as_kept(store, given))
    _print(rows, format, query.columns)
    if rows and len(rows) == query.most:
        say(f"These are the first {query.most:,} rows; there may be more.")


def _analysed(store: Any) -> None:
    """Raise TeamaroundError where nothing is analysed: a question about findings would answer as if all were well."""
    from graph import analyse as analysing

    if not any(analysing.current(store, code) for code in analysing.authorities(store)):
        raise TeamaroundError("Nothing is analysed yet: `teamaround analyse` comes before questions about findings.")


def _pairs(texts: Sequence[str]) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for text in texts:
        name, separator, value = text.partition("=")
        if not separator:
            raise typer.BadParameter(f"-p takes name=value: {text!r} has no =.")
        if name in pairs:
            raise typer.BadParameter(f"-p gives {name} twice: give it once.")
        pairs[name] = value
    return pairs


def _as_kept(store: Any, given: Mapping[str, object]) -> dict[str, object]:
    """Parameters of a question, an authority and a child in any way a person may write them.

    Asked of an authority or child that is not there, a question would answer with no rows, as if all were well.
    """
    found = dict(given)
    if "authority" in given:
        found["authority"] = _authorities(store, str(given["authority"]))[0]
    if "child" in given:
        found["child"] = store.find_child(str(given["child"]))
    return found


@app.command()
def serve(
    port: Annotated[int, typer.Option(min=1024, max=65535, help="Port of the dashboard.")] = 8501,
    browser: Annotated[bool, typer.Option("--browser/--no-browser", help="Open the page in the browser.")] = True,
) -> None:
    """The dashboard, on this machine alone, until Ctrl-C."""
    from dashboard.serve import serve as run
    from graph import server

    with _graph():
        pass  # what is wrong with the database is said here, not on a page
    run(port, browser, server.default_home(), say)


# --- the server ---


@db.command()
def fetch(
    folder: Annotated[Path | None, typer.Argument(help="A folder to carry over; else this machine's cache.")] = None,
) -> None:
    """Bring Neo4j's files, all checked, into the cache or into a folder for a machine with no way out."""
    from graph import server

    say(f"Neo4j {server.VERSION} is in {server.fetch(folder, say)}.")


@db.command()
def start() -> None:
    """Start the managed Neo4j, if it does not run."""
    from graph import server

    running = server.start(server.default_home(), say)
    say(f"Neo4j {running.version} answers at {running.uri}. `teamaround db stop` stops it.")


@db.command()
def stop() -> None:
    """Stop the managed Neo4j."""
    from graph import server

    if not server.stop(server.default_home(), say):
        say("It was not running.")


@db.command()
def status(format: AsFormat = None) -> None:
    """Whether the managed Neo4j runs, where, since when."""
    from graph import server

    found = server.status(server.default_home())
    _print(
        [
            {
                "running": "yes" if found.running else "no",
                "address": found.uri,
                "version": found.version,
                "since": found.since.isoformat(timespec="seconds") if found.since else "",
                "memory_mb": round(found.memory / 1e6) if found.memory else "",
                "folder": str(found.home),
            }
        ],
        format,
    )


# --- what commands share ---


def say(line: str) -> None:
    """Tell the person what goes on, beside the results."""
    print(line, file=sys.stderr, flush=True)


def quiet(_: str) -> None:
    """For steps that say enough already."""


@contextmanager
def _graph() -> Iterator[Any]:
    """The working graph: the managed one, started if need be, or the one TEAMAROUND_NEO4J_URI names."""
    from graph import server
    from graph.store import Store

    home = server.default_home()
    was_running = server.status(home).running
    with Store.open(server.connection(home, say)) as store:
        yield store
    if not was_running and server.status(home).running:
        say("Neo4j stays up for the next command; `teamaround db stop` stops it.")


def _authorities(store: Any, named: str | None) -> list[str]:
    """The authority that is named, or else every one that something is loaded for."""
    from graph import analyse as analysing
    from graph import reference

    loaded = analysing.authorities(store)
    wanted = [reference.authority(named).code] if named else loaded
    if not wanted or wanted[0] not in loaded:
        what = f"Nothing is loaded for {_name(wanted[0])} yet." if wanted else "Nothing is loaded yet."
        raise TeamaroundError(f"{what} `teamaround load FOLDER --authority CODE` loads a folder.")
    return wanted


def _children(
    store: Any, as_at: date | None, authority: str | None, child: str | None = None
) -> Iterator[tuple[Any, date]]:
    """The records of one child, or of every child of the authorities, each with the day to look at them."""
    if not child:
        for code in _authorities(store, authority):
            t = as_at or _default_day(store, code)
            yield from ((records, t) for records in store.records(store.child_ids(code)))
        return
    if authority:
        code = _authorities(store, authority)[0]
        child = f"{code}/{child.removeprefix(f'{code}/')}"
    records = store.child_records(store.find_child(child))
    yield records, as_at or _default_day(store, records.child.authority or "")


def _default_day(store: Any, code: str) -> date:
    from graph.analyse import default_day

    return default_day(store, code, date.today())


def _parameters(path: Path | None) -> Any:
    from graph.parameters import DEFAULTS, read

    return read(path) if path else DEFAULTS


def _name(code: str) -> str:
    from graph import reference

    return reference.authority(code).name


def _status(shown: Shown) -> str:
    return shown.value.replace("-", " ")


def _shown(status: str) -> Shown:
    return Shown(status.replace(" ", "-"))


def _format(chosen: Format | None) -> Format:
    return chosen or (Format.table if sys.stdout.isatty() else Format.csv)


def _print(rows: Sequence[Row], format: Format | None, columns: Sequence[str] = ()) -> None:
    """Rows as a table, CSV, or one JSON array of objects with ISO dates."""
    names = list(columns) or list(dict.fromkeys(k for row in rows for k in row))
    chosen = _format(format)
    if chosen is Format.json:
        json.dump([dict(r) for r in rows], sys.stdout, default=str, ensure_ascii=False, indent=1)
        print()
    elif chosen is Format.csv:
        writer = csv.writer(sys.stdout, lineterminator="\n")
        writer.writerows([names] if names else [])
        writer.writerows([_cell(row.get(n)) for n in names] for row in rows)
    elif rows:
        Console().print(_table(names, [[_cell(row.get(n)) for n in names] for row in rows]))
    if not rows:
        say("No rows.")


def _table(names: Sequence[str], rows: Sequence[Sequence[str]]) -> Table:
    """Rows for a terminal. What is one word, such as a name to type, stays on one line."""
    table = Table(box=None, header_style="bold", pad_edge=False)
    for name, cells in zip(names, zip(*rows, strict=True), strict=True):
        table.add_column(name.replace("_", " "), overflow="fold", no_wrap=not any(" " in cell for cell in cells))
    for row in rows:
        table.add_row(*map(escape, row))
    return table


def _cell(value: Any) -> str:
    text = "" if value is None else "; ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)
    # A cell that a spreadsheet would run as a formula is told that it is text.
    return f"'{text}" if text.startswith(("=", "+", "@")) else text


def main() -> None:
    """Run the command line; what a person can mend is said in one line, without a traceback."""
    from queries import QueryError

    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):  # whatever the locale of a scheduled task is
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")
    try:
        app()
    except (TeamaroundError, QueryError) as error:
        say(f"teamaround: {error}")
    except OSError as error:
        say(f"teamaround: {error.filename or 'A file'} cannot be read or written: {error.strerror or error}.")
    except KeyboardInterrupt:
        say("Stopped.")
        sys.exit(130)
    except Exception as error:
        # Where it happened is told; what it says is not, as it may quote a record.
        say(f"teamaround: A fault of the program itself ({type(error).__name__}). Please report it with these lines:")
        traceback.print_tb(error.__traceback__)
    else:
        return
    sys.exit(1)


if __name__ == "__main__":
    main()
