"""The managed Neo4j, against the real one: it is fetched, started, shared, killed and started again."""

import json
import os
import socket
import stat
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import Any, NamedTuple

import neo4j
import psutil
import pytest

from graph import server
from graph.errors import TeamaroundError
from graph.server import Connection, Jar, Server

posix = pytest.mark.skipif(os.name != "posix", reason="Windows has neither modes nor sessions")


def ask(connection: Connection, text: str, **parameters: Any) -> list[dict[str, Any]]:
    with neo4j.GraphDatabase.driver(connection.uri, auth=(connection.user, connection.password)) as driver:
        return [record.data() for record in driver.execute_query(text, parameters, database_="neo4j").records]


# --- Running it


class Born(NamedTuple):
    """A server that two commands asked for at the same time, and what could be seen meanwhile."""

    home: Path
    pids: list[str]
    said: str
    command_lines: set[str]


@pytest.fixture(scope="module")
def born(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Born]:
    home = tmp_path_factory.mktemp("a home").resolve() / "Zoë's graph"
    try:
        yield start_twice_at_once(home)
    finally:
        server.stop(home)


def start_twice_at_once(home: Path) -> Born:
    script = "import sys; from pathlib import Path; from graph import server; "
    script += "print(server.start(Path(sys.argv[1]), lambda line: print(line, file=sys.stderr)).pid)"
    command = [sys.executable, "-c", script, str(home)]
    both = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) for _ in "12"]
    seen: set[str] = set()
    while any(one.poll() is None for one in both):
        seen |= {" ".join(one.info["cmdline"] or ()) for one in psutil.process_iter(["cmdline"])}
        time.sleep(0.02)
    told = [one.communicate() for one in both]
    ours = {line for line in seen if "neo4j" in line}
    return Born(home, [out.strip() for out, _ in told], "".join(err for _, err in told), ours)


def test_two_commands_that_start_it_at_once_get_one_server(born: Born) -> None:
    assert born.pids == [str(server.status(born.home).pid)] * 2
    assert [one.pid for one in running_for(born.home)] == [int(born.pids[0])]
    assert born.said.count("Starting Neo4j") == 1
    assert born.said.count("Another teamaround is starting or stopping this Neo4j: waiting for it.") == 1


def test_it_is_found_again_and_not_started_twice(born: Born) -> None:
    said: list[str] = []
    assert server.start(born.home, said.append).pid == int(born.pids[0])
    assert said == []


def test_status_says_what_runs_where_and_since_when(born: Born) -> None:
    running = server.status(born.home)
    assert (running.running, running.home, running.version) == (True, born.home, server.VERSION)
    assert running.uri.startswith("bolt://127.0.0.1:")
    assert running.since is not None and 0 <= time.time() - running.since.timestamp() < 300
    assert running.memory > 100_000_000


def test_it_answers_at_once_when_start_returns(born: Born) -> None:
    assert ask(server.managed(born.home), "RETURN 1 AS one") == [{"one": 1}]


@posix
def test_its_files_are_for_its_owner_alone(born: Born) -> None:
    def mode(path: Path) -> int:
        return stat.S_IMODE(path.stat().st_mode)

    assert mode(born.home) == mode(born.home / "neo4j") == 0o700
    assert mode(born.home / "neo4j" / "password") == 0o600


def test_the_password_is_in_no_process_list(born: Born) -> None:
    password = (born.home / "neo4j" / "password").read_text()
    assert len(password) == 48
    assert any("set-initial-password" in line for line in born.command_lines)  # so the moment was watched
    assert not [line for line in born.command_lines if password in line]


def test_without_the_password_nobody_is_let_in(born: Born) -> None:
    with pytest.raises(neo4j.exceptions.AuthError):
        ask(Connection(server.status(born.home).uri, "neo4j", "neo4j", "neo4j"), "RETURN 1")


@posix
def test_ctrl_c_in_the_terminal_is_not_for_it(born: Born) -> None:
    assert os.getsid(int(born.pids[0])) == int(born.pids[0])


def test_it_listens_on_this_machine_alone_and_calls_no_other(born: Born) -> None:
    sockets = psutil.Process(int(born.pids[0])).net_connections()
    assert {one.laddr.ip for one in sockets} == {"127.0.0.1"}
    assert {one.raddr.ip for one in sockets if one.raddr} <= {"127.0.0.1"}
    assert [one.laddr.port for one in sockets if one.status == psutil.CONN_LISTEN] == [
        int(server.status(born.home).uri.rpartition(":")[2])
    ]


def test_no_web_server_no_usage_report_and_no_log_of_queries(born: Born) -> None:
    rows = ask(server.managed(born.home), "SHOW SETTINGS YIELD name, value RETURN name, value")
    settings = {row["name"]: row["value"] for row in rows}
    for name in (
        "dbms.usage_report.enabled",
        "server.http.enabled",
        "server.https.enabled",
        "server.logs.debug.enabled",
        "db.logs.query.parameter_logging_enabled",
    ):
        assert settings[name] == "false", name
    assert settings["db.logs.query.enabled"] == "OFF"


@pytest.mark.parametrize("address", ["file:///etc/hosts", "http://127.0.0.1:9/x", "http://[::1]:9/x", "https://a.test"])
def test_a_query_reads_no_file_and_no_address(born: Born, address: str) -> None:
    hidden = f"RETURN [x IN [1] | COLLECT {{ LOAD CSV FROM '{address}' AS row RETURN row }}] AS rows"
    for query in (f"LOAD CSV FROM '{address}' AS row RETURN row", hidden):
        with pytest.raises(neo4j.exceptions.ClientError, match="Cannot load from URL"):
            ask(server.managed(born.home), query)


def test_nothing_about_a_child_reaches_a_log(born: Born) -> None:
    connection, name = server.managed(born.home), "Sophie Marker"
    for query in (  # each fails, and Neo4j would quote the value
        "CREATE CONSTRAINT FOR (child:Twin) REQUIRE child.name IS UNIQUE",
        "RETURN date($name)",
        "RETURN 1 / 0, $name",
        f"RETURN '{name}' AS",
    ):
        ask(connection, "CREATE (:Twin {name: $name}), (:Twin {name: $name})", name=name)
        with pytest.raises(neo4j.exceptions.Neo4jError):
            ask(connection, query, name=name)
    logs = [path for path in (born.home / "neo4j" / "logs").rglob("*") if path.is_file()]
    assert [path.name for path in logs] == ["console.log"]
    assert "Started." in logs[0].read_text()
    assert not [path for path in logs if "Sophie" in path.read_text()]


def test_killed_it_starts_again_with_what_was_committed_and_stops_and_a_second_stop_says_so(born: Born) -> None:
    ask(server.managed(born.home), "CREATE (:Child {id: 'c1'})")
    dead = server.status(born.home)
    psutil.Process(dead.pid).kill()
    wait_until(lambda: not server.status(born.home).running)
    assert (born.home / "neo4j" / "server.json").exists()  # the run record of a dead server is noticed, not believed

    said: list[str] = []
    alive = server.start(born.home, said.append)
    assert alive.pid != dead.pid
    assert ask(server.managed(born.home), "MATCH (child:Child) RETURN child.id AS id") == [{"id": "c1"}]

    assert server.stop(born.home, said.append) is True
    assert server.status(born.home) == Server(running=False, home=born.home)
    assert not running_for(born.home)
    assert server.stop(born.home, said.append) is False
    told = [line for line in said if "still starting" not in line]  # on a slow machine
    assert told == [f"Starting Neo4j {server.VERSION}.", "Neo4j has stopped.", "Neo4j is not running."]


def running_for(home: Path) -> list[psutil.Process]:
    named = f"--home-dir={home / 'neo4j'}"
    return [one for one in psutil.process_iter(["cmdline"]) if named in (one.info["cmdline"] or ())]


def wait_until(true: Callable[[], bool], seconds: float = 10) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def test_the_servers_of_the_whole_run_and_of_this_file_are_two(server: Connection, born: Born) -> None:
    assert ask(server, "MATCH (child:Child {id: 'c1'}) RETURN child") == []


# --- When it cannot run


def home_with(tmp_path: Path, **contents: str) -> Path:
    (tmp_path / "neo4j").mkdir()
    for name, text in contents.items():
        (tmp_path / "neo4j" / name).write_text(text)
    return tmp_path


def test_a_record_whose_number_another_program_has_since_been_given_is_stale(tmp_path: Path) -> None:
    home = home_with(tmp_path)
    record = home / "neo4j" / "server.json"
    for text in (json.dumps({"pid": os.getpid()}), json.dumps({"pid": 2**22 + 1}), '{"pid": "x"}', "[]", "{", ""):
        record.write_text(text)
        assert not server.status(home).running
        assert server.stop(home) is False  # and this very process goes on
        assert not record.exists()


def test_a_server_that_dies_at_start_says_its_last_words_and_leaves_no_record(tmp_path: Path) -> None:
    home = home_with(tmp_path, data="a file where a folder should be")
    with pytest.raises(TeamaroundError, match=r"could not (start|be set up): .*neo4j/data"):
        server.start(home)
    assert not (home / "neo4j" / "server.json").exists()


def test_data_of_a_newer_neo4j_is_left_alone(tmp_path: Path) -> None:
    home = home_with(tmp_path, version="2026.01.0")
    with pytest.raises(TeamaroundError, match=r"last opened by Neo4j 2026\.01\.0; this is 5\.26\.\d+, which cannot"):
        server.start(home)
    assert {path.name for path in (home / "neo4j").iterdir()} <= {"version", "lock"}


def test_a_graph_whose_password_is_lost_is_not_given_a_new_one(tmp_path: Path) -> None:
    home = home_with(tmp_path)
    (home / "neo4j" / "data" / "databases").mkdir(parents=True)
    with pytest.raises(TeamaroundError, match=r"password is gone, and with it the way into the graph"):
        server.start(home)


def test_a_home_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TeamaroundError, match=r"file/home.* cannot be used: .*TEAMAROUND_HOME"):
        server.start(tmp_path / "file" / "home")


def test_a_server_of_ones_own_is_used_as_it_is_and_none_is_managed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TEAMAROUND_NEO4J_URI", "neo4j+s://graph.council.test")
    monkeypatch.setenv("TEAMAROUND_NEO4J_PASSWORD", "a secret")
    named = server.connection(tmp_path / "home")
    assert named == Connection("neo4j+s://graph.council.test", "neo4j", "a secret", "neo4j")
    assert "secret" not in repr(named)
    assert not (tmp_path / "home").exists()


# --- Getting it


@pytest.fixture
def cache(tmp_path: Path) -> Path:
    """A cache like the user's own, in which a test may break things: the files are the same until replaced."""
    own = tmp_path / "cache" / f"neo4j-{server.VERSION}"
    own.mkdir(parents=True)
    for jar in server.fetch().glob("*.jar"):
        try:
            os.link(jar, own / jar.name)
        except OSError:  # the temporary folder is on another disk
            (own / jar.name).write_bytes(jar.read_bytes())
    return own.parent


@pytest.fixture
def no_way_out(monkeypatch: pytest.MonkeyPatch) -> None:
    """Every request goes to a proxy that is not there."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    for name in ("HTTP_PROXY", "HTTPS_PROXY", "http_proxy", "https_proxy"):
        monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
    for name in ("NO_PROXY", "no_proxy"):
        monkeypatch.setenv(name, "")


class Repository(ThreadingHTTPServer):
    """The jars over HTTP on this machine, the first `broken` of the answers with a byte changed."""

    broken = 0
    daemon_threads = True

    class Answer(SimpleHTTPRequestHandler):
        server: "Repository"

        def copyfile(self, source: Any, outputfile: Any) -> None:
            content = source.read()
            if self.server.broken > 0:
                self.server.broken -= 1
                content = content[:-1] + bytes([content[-1] ^ 1])
            outputfile.write(content)

        def log_message(self, *_: Any) -> None:
            pass


@pytest.fixture
def repository(monkeypatch: pytest.MonkeyPatch) -> Iterator[Repository]:
    with Repository(("127.0.0.1", 0), partial(Repository.Answer, directory=str(server.fetch()))) as serving:
        thread = Thread(target=serving.serve_forever, args=(0.01,))
        thread.start()
        address = f"http://127.0.0.1:{serving.server_port}"
        monkeypatch.setattr(server, "_addresses", lambda: lambda jar: [f"{address}/{jar.name}"])
        yield serving
        serving.shutdown()
        thread.join()


def spoil(cache: Path, name: str, content: bytes) -> Path:
    """Another file of this name, so that the one that is linked to stays as it is."""
    jar = next(cache.glob(f"*/{name}-*.jar"))
    jar.unlink()
    jar.write_bytes(content)
    return jar


def test_jars_that_are_all_there_need_no_network_and_no_right_to_write(cache: Path, no_way_out: None) -> None:
    said: list[str] = []
    assert server.fetch(cache, said.append) == cache / f"neo4j-{server.VERSION}"
    assert said == []
    assert [path.name for path in cache.iterdir()] == [f"neo4j-{server.VERSION}"]


@pytest.mark.parametrize("content", [b"", b"PK not the jar that is pinned"])
def test_a_jar_cut_short_or_changed_is_fetched_again(cache: Path, repository: Repository, content: bytes) -> None:
    jar, said = spoil(cache, "picocli", content), list[str]()
    server.fetch(cache, said.append)
    assert server._sha256(jar) == next(one.sha256 for one in server.pinned() if one.name == jar.name)
    assert said == [f"Getting Neo4j {server.VERSION}: 1 of 1 files, 0 of 0 MB"]


def test_a_jar_that_comes_broken_is_fetched_once_more(cache: Path, repository: Repository) -> None:
    spoil(cache, "picocli", b"")
    repository.broken = 1
    server.fetch(cache)


def test_a_jar_that_stays_broken_is_refused(cache: Path, repository: Repository) -> None:
    jar = spoil(cache, "picocli", b"as it was")
    repository.broken = 2
    with pytest.raises(TeamaroundError, match=r"^picocli-.*\.jar came twice with other contents"):
        server.fetch(cache)
    assert jar.read_bytes() == b"as it was"


def test_a_jar_that_is_not_pinned_is_thrown_out(cache: Path) -> None:
    stray = cache / f"neo4j-{server.VERSION}" / "more.jar"
    stray.touch()
    server.fetch(cache)
    assert not stray.exists()


def test_an_interrupted_download_leaves_whole_files_and_goes_on_from_there(
    tmp_path: Path, repository: Repository
) -> None:
    def interrupt(_: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        server.fetch(tmp_path, interrupt)
    jars = tmp_path / f"neo4j-{server.VERSION}"
    here = {path.name for path in jars.iterdir()}
    assert 0 < len(here) < len(server.pinned())
    assert {jar.name for jar in server._wrong(jars)} == {jar.name for jar in server.pinned()} - here
    assert not list(tmp_path.glob("*.part-*"))

    said: list[str] = []
    server.fetch(tmp_path, said.append)
    assert said[-1].startswith(f"Getting Neo4j {server.VERSION}: {len(server.pinned()) - len(here)} of ")


def test_two_that_fetch_at_once_wait_for_each_other(tmp_path: Path, repository: Repository) -> None:
    said: list[str] = []
    both = [Thread(target=server.fetch, args=(tmp_path, said.append)) for _ in "12"]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert said.count("Another teamaround is getting Neo4j: waiting for it.") == 1
    assert sum("216 of 216 files" in line for line in said) == 1


def test_offline_with_nothing_here_it_says_quickly_how_to_bring_the_files(tmp_path: Path, no_way_out: None) -> None:
    began = time.monotonic()
    with pytest.raises(TeamaroundError, match=r"216 of its files are missing.*`teamaround db fetch FOLDER`"):
        server.fetch(tmp_path)
    assert time.monotonic() - began < 10


def test_a_cache_that_cannot_be_used_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(TeamaroundError, match=r"file/cache.* cannot be used: .*TEAMAROUND_CACHE"):
        server.fetch(tmp_path / "file" / "cache")


def test_the_lock_names_every_jar_once_in_order_and_no_address() -> None:
    jars = server.pinned()
    assert [jar.coordinate for jar in jars] == sorted({jar.coordinate for jar in jars})
    assert len({jar.name for jar in jars}) == len(jars) == 216
    assert all(len(jar.sha256) == 64 and jar.size > 0 for jar in jars)
    assert "://" not in (Path(server.__file__).with_name(server.PINNED)).read_text()


def test_a_jar_is_named_as_maven_names_it() -> None:
    assert Jar("", 0, "io.netty:epoll:jar:linux-x86_64:4.1").name == "epoll-4.1-linux-x86_64.jar"
    assert Jar("", 0, "org.neo4j:neo4j:jar:5.26.30").name == "neo4j-5.26.30.jar"
