"""Starting the dashboard: on this machine alone, until Ctrl-C, in this very process."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from pathlib import Path

from graph.errors import TeamaroundError

HOST = "127.0.0.1"
APP = Path(__file__).parent / "app.py"


def serve(port: int, browser: bool, home: Path, say: Callable[[str], None], page: str = "") -> None:
    """Run the dashboard of one home's graph; returns after Ctrl-C.

    browser: open a page in the browser once it answers. page: which one, such as `child?child=…`.
    Raises TeamaroundError where the port is taken.
    """
    # Streamlit takes a second or two to import: only a command that serves pays for it.
    from click.exceptions import Abort
    from streamlit.web.cli import main as streamlit

    if _taken(port):
        raise TeamaroundError(
            f"Port {port} is taken, perhaps by a dashboard that already runs: see http://{HOST}:{port}. "
            "Or choose another with --port."
        )
    os.environ["TEAMAROUND_HOME"] = str(home)
    address = f"http://{HOST}:{port}/{page}"
    say(f"The dashboard is at {address}\nCtrl-C ends it.")
    if browser:
        _open_when_it_answers(port, address)
    arguments = ["run", str(APP), f"--server.port={port}", f"--server.address={HOST}", "--server.headless=true"]
    output = sys.stdout
    try:
        # Streamlit's own banner names no page and says nothing that was not said.
        sys.stdout = open(os.devnull, "w", encoding="utf-8")
        streamlit(arguments, standalone_mode=False)
    except (KeyboardInterrupt, Abort):  # Ctrl-C, as Python says it and as click does
        pass
    finally:
        sys.stdout.close()
        sys.stdout = output
    say("The dashboard has ended.")


def free_port(first: int = 8501, tries: int = 50) -> int:
    """The first port from `first` on that nothing answers on."""
    for port in range(first, first + tries):
        if not _taken(port):
            return port
    raise TeamaroundError(f"No port from {first} to {first + tries - 1} is free. Choose another with --port.")


def _taken(port: int) -> bool:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.settimeout(1)
        return probe.connect_ex((HOST, port)) == 0


def _open_when_it_answers(port: int, address: str) -> None:
    """Open the page as soon as the dashboard answers, from a thread that ends with the process."""
    import threading
    import time
    import webbrowser

    def wait() -> None:
        for _ in range(240):
            if _taken(port):
                webbrowser.open(address)
                return
            time.sleep(0.25)

    threading.Thread(target=wait, daemon=True).start()
