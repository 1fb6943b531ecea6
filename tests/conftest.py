"""What every test may ask for: one real Neo4j for the whole run, with a home of its own."""

import atexit
from collections.abc import Iterator

import pytest

from graph import server as managed_neo4j
from graph.server import Connection


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Connection]:
    """A managed Neo4j, never the user's: started once, stopped at the end, however the run ends."""
    home = tmp_path_factory.mktemp("home")
    atexit.register(managed_neo4j.stop, home)
    yield managed_neo4j.managed(home, print)
    managed_neo4j.stop(home)
