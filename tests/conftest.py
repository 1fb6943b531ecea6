"""What every test may ask for: one real Neo4j for the whole run, with a home of its own."""

import atexit
import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from graph import server as managed_neo4j
from graph.server import Connection
from graph.store import Store
from ingest.generate import generate

# How long an example takes says how busy the machine is, and nothing of what is tested.
settings.register_profile("any machine", deadline=None)
settings.load_profile("any machine")


@pytest.fixture(scope="session", autouse=True)
def nobodys_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What names no home finds this one, never the user's; a server that was started in it is stopped."""
    home = tmp_path_factory.mktemp("nobody")
    before = os.environ.get("TEAMAROUND_HOME")
    os.environ["TEAMAROUND_HOME"] = str(home)
    yield
    managed_neo4j.stop(home)
    if before is None:
        del os.environ["TEAMAROUND_HOME"]
    else:
        os.environ["TEAMAROUND_HOME"] = before


@pytest.fixture(scope="session")
def council(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of an invented council that looks after 60 children, for tests that only read them."""
    folder = tmp_path_factory.mktemp("invented") / "council"
    generate(folder, children=60, seed=1)
    return folder


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A managed Neo4j, never the user's: started once, stopped at the end, however the run ends."""
    home = tmp_path_factory.mktemp("home")
    atexit.register(managed_neo4j.stop, home)
    yield managed_neo4j.managed(home, print)
    managed_neo4j.stop(home)


@pytest.fixture(scope="session")
def graph_store(server: Connection) -> Iterator[Store]:
    """The one store on that server: for what one module loads once and only reads."""
    with Store.open(server) as store:
        yield store


@pytest.fixture
def store(graph_store: Store) -> Store:
    """A store on that server with nothing in it but the schema and the authorities."""
    graph_store.clear()
    return graph_store
