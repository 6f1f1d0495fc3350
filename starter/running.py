"""The app that runs already: it is easily clicked on again. The second window shows its page, and ends."""

import os
import socket
import threading
import webbrowser
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from time import monotonic
from urllib.request import urlopen

from starter.environment import lock

FIRST_PORT, PORTS = 8501, 100  # Streamlit's own, and how many are tried
LOCK, PORT = "running", "port.txt"
PATIENCE_SECONDS = 60.0  # for an app that is just being started
LOOK_SECONDS = 0.2


@contextmanager
def alone(folder: Path) -> Iterator[int | None]:
    """The port at which to start the app; those that come later are told it, until this ends. None where it runs
    already. The lock goes with its process, however that ends. On a stick that cannot be written to nobody is told.
    """
    try:
        file = (folder / LOCK).open("w")
    except OSError:
        yield _free()
        return
    with file:
        try:
            lock(file.fileno())
        except OSError:
            yield None
            return
        (folder / PORT).write_text(str(port := _free()))
        try:
            yield port
        finally:
            with suppress(OSError):
                (folder / PORT).unlink()


def show(folder: Path) -> int:
    """Open the page of the app that runs; the exit code."""
    end = monotonic() + PATIENCE_SECONDS
    while monotonic() < end:
        with suppress(OSError, ValueError):
            address = f"http://localhost:{int((folder / PORT).read_text())}"
            with urlopen(f"{address}/_stcore/health", timeout=5):
                webbrowser.open(address)
                return 0
        threading.Event().wait(LOOK_SECONDS)
    print("It does not answer. Close its window, and start again.")
    return 1


def _free() -> int:
    """The first port at which nobody listens."""
    for port in range(FIRST_PORT, FIRST_PORT + PORTS):
        with suppress(OSError), socket.socket() as probe:
            if os.name != "nt":  # as Streamlit does: a port whose connections have just been closed is free
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("", port))
            return port
    return FIRST_PORT
