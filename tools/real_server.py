"""A real server in a process of its own, for the browser tests, the benchmarks and the screenshot."""

import os
import subprocess
import sys
import tempfile
import threading
import urllib.request
from collections.abc import Sequence
from pathlib import Path
from time import monotonic

from gan.runs.cluster.head import free_port

ROOT = Path(__file__).parents[1]
COMMAND = (sys.executable, "-m", "streamlit", "run", "streamlit_app.py")
CHROMIUM_FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
]


class Server:
    """`streamlit run streamlit_app.py` on a free `port`, with a library of its own unless one is named.

    `options` are some more of Streamlit's, such as "--server.address", "127.0.0.1"; `base` is where the app lies on
    the server, such as "/gan", `root` the folder that it runs in, and `command` what starts it.
    """

    def __init__(
        self,
        *options: str,
        base: str = "",
        root: Path = ROOT,
        command: Sequence[str] = COMMAND,
        port: int = 0,
        **environment: str,
    ) -> None:
        self.port = port or free_port()
        self.url = f"http://localhost:{self.port}{base}"
        self._library = tempfile.TemporaryDirectory(prefix="gan-library-")
        self._console = tempfile.TemporaryFile()  # noqa: SIM115
        usual = ["--server.port", str(self.port), "--server.headless", "true", "--server.baseUrlPath", base]
        self._process = subprocess.Popen(
            [*command, *usual, *options],
            cwd=root,
            env=os.environ | {"GAN_STUDIO_LIBRARY": self._library.name} | environment,
            stdout=self._console,
            stderr=subprocess.STDOUT,
        )
        self._wait(60)

    def _wait(self, timeout: float) -> None:
        end = monotonic() + timeout
        while monotonic() < end:
            try:
                urllib.request.urlopen(f"{self.url}/_stcore/health", timeout=1)
                return
            except OSError:
                threading.Event().wait(0.1)
        self.stop()
        raise TimeoutError("the server did not start")

    def console(self) -> str:
        """What it has said so far."""
        size = os.fstat(self._console.fileno()).st_size
        return os.pread(self._console.fileno(), size, 0).decode(errors="replace")

    def kill(self) -> None:
        """End it as a power cut would."""
        self._process.kill()
        self._process.wait()

    def signal(self, number: int) -> None:
        """Send the server's process a signal."""
        self._process.send_signal(number)

    def cpu_seconds(self) -> float:
        """What it has taken of the processor so far, all threads together (Linux)."""
        fields = Path(f"/proc/{self._process.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def stop(self) -> None:
        self._process.terminate()
        try:
            self._process.wait(10)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._console.close()
        self._library.cleanup()
