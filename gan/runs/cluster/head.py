"""The head of a cluster of this computer alone, in processes of its own."""

import os
import socket
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[3]
START_SECONDS, END_SECONDS, LOOK_SECONDS = 60.0, 8.0, 0.1


class Head:
    """Started when its address is asked for first, and ended with `end`. Any thread may call anything."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process: subprocess.Popen | None = None
        self._port = 0

    def address(self) -> str:
        """Where Ray's client finds it."""
        with self._lock:
            if self._process is None or self._process.poll() is not None:
                self._start()
        return f"ray://127.0.0.1:{self._port}"

    def end(self) -> None:
        """End all its processes."""
        with self._lock:
            if self._process is None:
                return
            self._process.terminate()
            try:
                self._process.wait(END_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()

    def _start(self) -> None:
        self._port, port = free_port(), free_port()
        options = [f"--port={port}", f"--ray-client-server-port={self._port}", "--include-dashboard=false", "--block"]
        paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
        self._process = subprocess.Popen(
            [sys.executable, "-m", "ray.scripts.scripts", "start", "--head", *options],
            env=os.environ | {"PYTHONPATH": paths},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        waited = 0.0
        while not listens(self._port) and waited < START_SECONDS and self._process.poll() is None:
            threading.Event().wait(LOOK_SECONDS)
            waited += LOOK_SECONDS


def free_port() -> int:
    """A port of this computer's at which nobody listens."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]


def listens(port: int, host: str = "127.0.0.1", seconds: float = 1.0) -> bool:
    """Whether somebody answers at this port within so many seconds."""
    with suppress(OSError):
        socket.create_connection((host, port), timeout=seconds).close()
        return True
    return False
