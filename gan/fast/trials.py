"""Recording a kind of step is tried in a process of its own, before this one does it.

Whatever a driver does there, refuse, crash or hang, it does there. What came out is kept on this computer, by card,
driver and torch; a crash or a hang counts until the app is started again.
"""

import ctypes
import json
import logging
import subprocess
import sys
import tempfile
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from typing import IO, Self

import torch

from gan.data import downloads

SECONDS = 120.0  # until one counts as hanging
REFUSED = 3  # the exit code of one that came to its end and says no; the last line that it wrote says why
UNKNOWN = "driver ?"
ROOT = Path(__file__).parents[2]


@dataclass
class _Running:
    about: str
    process: subprocess.Popen
    output: IO[bytes]
    begun: float


class Trials:
    """All trials of this computer; one goes on at a time. Any thread may ask."""

    def __init__(self, path: Path, seconds: float = SECONDS) -> None:
        self._path, self._seconds = path, seconds
        self._lock = threading.Lock()
        self._known = self._read()
        self._running: _Running | None = None

    def outcome(self, about: str, order: Sequence[str]) -> str | None:
        """What went wrong, or "" for a good one; None as long as nobody knows. It waits for nothing: the first who asks
        has Python run `order` in another process.
        """
        with self._lock:
            if self._running:
                self._look()
            if about not in self._known and not self._running:
                self._begin(about, order)
            return self._known.get(about)

    def note(self, about: str, outcome: str, keep: bool = True) -> None:
        """What came out, to be kept for the next start of the app too."""
        self._known[about] = outcome
        if outcome:
            logging.getLogger(__name__).warning("steps are taken one by one (%s): %s", about, outcome)
        if not keep or UNKNOWN in about:
            return
        try:
            self._path.parent.mkdir(parents=True, exist_ok=True)
            kept = json.dumps(self._read() | {about: outcome}, indent=1)
            new = self._path.with_suffix(".new")
            new.write_text(kept)
            new.replace(self._path)
        except OSError as error:  # then it is tried again next time
            logging.getLogger(__name__).warning("what came out of a trial cannot be kept: %s", error)

    def _read(self) -> dict[str, str]:
        try:
            found = json.loads(self._path.read_text())
            return {about: outcome for about, outcome in found.items() if isinstance(outcome, str)}
        except (OSError, ValueError, AttributeError):
            return {}

    def _begin(self, about: str, order: Sequence[str]) -> None:
        hidden = getattr(subprocess, "CREATE_NO_WINDOW", 0)  # of Windows
        try:
            output = tempfile.TemporaryFile()  # noqa: SIM115 (it is read later)
            process = subprocess.Popen(
                [sys.executable, *order], cwd=ROOT, stdin=subprocess.DEVNULL, stdout=output, stderr=output,
                creationflags=hidden,
            )  # fmt: skip
        except OSError as error:
            self.note(about, str(error), keep=False)
            return
        self._running = _Running(about, process, output, monotonic())

    def _look(self) -> None:
        """Note what came out of the one that goes on, if it has ended or has had its time."""
        about, process, output = self._running.about, self._running.process, self._running.output
        code = process.poll()
        if code is None:
            if monotonic() - self._running.begun < self._seconds:
                return
            process.kill()  # nobody waits for its end: a driver may hold it
        self._running = None
        with output:
            output.seek(0)
            last = (output.read().decode(errors="replace").strip().splitlines() or [""])[-1]
        if code == 0:
            self.note(about, "")
        elif code == REFUSED:
            self.note(about, last)
        else:
            self.note(about, "timeout" if code is None else f"exit={code} {last}", keep=False)


_here: list[Trials] = []  # those of this computer, once somebody has asked
_finding = threading.Lock()


def here() -> Trials:
    with _finding:
        if not _here:
            _here.append(Trials(downloads.folder() / "recorded_steps.json"))
        return _here[0]


@dataclass(frozen=True)
class Trial:
    """The trial of one kind of steps on one card."""

    about: str
    order: Sequence[str]
    trials: Trials

    @classmethod
    def on(cls, device: torch.device, order: Sequence[str]) -> Self:
        card = f"{torch.cuda.get_device_name(device)}, {driver()}, torch {torch.__version__}"
        return cls(f"{card}: {order[-1]}", order, here())

    def outcome(self) -> str | None:
        """See `Trials.outcome`."""
        return self.trials.outcome(self.about, self.order)

    def failed(self, why: str) -> None:
        """It went wrong in the end, here."""
        self.trials.note(self.about, why)


def driver() -> str:
    """The version of NVIDIA's driver, as its own library says it."""
    try:
        library = ctypes.CDLL("nvml.dll" if sys.platform == "win32" else "libnvidia-ml.so.1")
        text = ctypes.create_string_buffer(80)
        if library.nvmlInit_v2() == 0 and library.nvmlSystemGetDriverVersion(text, len(text)) == 0:
            return f"driver {text.value.decode()}"
    except (OSError, AttributeError):
        pass
    return UNKNOWN
