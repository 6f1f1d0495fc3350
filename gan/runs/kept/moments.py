"""What is kept of a run's past: one file an epoch, within a number of bytes."""

import os
import shutil
import tempfile
import weakref
from pathlib import Path
from time import monotonic

BUDGET_BYTES = 64 * 2**20
WRITING_SHARE = 0.1  # of the time, at most, where epochs are short
SUFFIX, PART, LAST = ".safetensors", ".part", "last"


class Moments:
    """Moments of a run on disk: the first, the newest, and as many between as `budget` bytes hold.

    Beyond the budget every second one goes, so that what stays is spread evenly; two stay however large. In a
    `folder` of its own they outlive the run and are found again; without one they go with it. One thread adds;
    any may read.
    """

    def __init__(self, folder: Path | None = None, budget: int = BUDGET_BYTES) -> None:
        self._folder, self._budget = folder, budget
        self._files = _found(folder) if folder else {}
        self._sizes = {epoch: path.stat().st_size for epoch, path in self._files.items()}
        self._every = _distance(self.epochs)
        self._busy_until = 0.0
        self.fault: str | None = None  # why the newest moment could not be kept

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs that can be seen again, oldest first."""
        return tuple(self._files)

    @property
    def bytes(self) -> int:
        return sum(self._sizes.values())

    def wants(self, epoch: int) -> bool:
        """Whether this epoch would be kept: writing must not hold up the training."""
        return epoch % self._every == 0 or monotonic() >= self._busy_until

    def add(self, epoch: int, content: bytes) -> None:
        """Keep a moment as the newest. Where the disk cannot take it, `fault` says so, and the run goes on."""
        begun = monotonic()
        path = self._write(str(epoch), content)
        if path is None:
            return
        newest = next(reversed(self._files), 0)
        files = self._files | {epoch: path}
        self._sizes[epoch] = len(content)
        gone = [newest] if newest % self._every else []
        while sum(size for each, size in self._sizes.items() if each not in gone) > self._budget:
            if len(files) - len(gone) <= 2:
                break
            self._every *= 2
            gone = [each for each in files if each % self._every and each != epoch]
        self._files = {each: file for each, file in files.items() if each not in gone}
        for each in gone:
            files[each].unlink(missing_ok=True)
            self._sizes.pop(each)
        now = monotonic()
        self._busy_until = now + (now - begun) / WRITING_SHARE

    def end(self, epoch: float, content: bytes) -> None:
        """Keep the run's last moment, which may lie within an epoch: to look at, not to go on from."""
        if epoch not in self._files:
            self._write(LAST, content)

    def read(self, epoch: int) -> bytes:
        """The moment after so many epochs. Raises ValueError for one that is not kept."""
        try:
            return self._files[epoch].read_bytes()
        except (KeyError, OSError) as error:
            raise ValueError(f"Epoch {epoch} of this run is not kept.") from error

    def read_last(self) -> bytes:
        """The run's last moment. Raises ValueError where none is kept."""
        last = self._folder / f"{LAST}{SUFFIX}" if self._folder else None
        if last and last.is_file():
            return last.read_bytes()
        if not self._files:
            raise ValueError("The networks of this run are not kept.")
        return self.read(self.epochs[-1])

    def rewind(self, epoch: int) -> None:
        """Forget what came after `epoch`, since the run goes on from there."""
        for each in [each for each in self._files if each > epoch]:
            self._files.pop(each).unlink(missing_ok=True)
            self._sizes.pop(each)
        if self._folder:
            (self._folder / f"{LAST}{SUFFIX}").unlink(missing_ok=True)

    def _write(self, name: str, content: bytes) -> Path | None:
        """Write a file whole or not at all."""
        part = None
        try:
            folder = self._folder = self._folder or self._own_folder()
            folder.mkdir(parents=True, exist_ok=True)
            path, part = folder / f"{name}{SUFFIX}", folder / f"{name}{PART}"
            part.write_bytes(content)
            os.replace(part, path)
        except OSError as error:
            self.fault = f"The past is not kept: {error.strerror or error}."
            if part:
                part.unlink(missing_ok=True)
            return None
        self.fault = None
        return path

    def _own_folder(self) -> Path:
        folder = tempfile.mkdtemp(prefix="gan-run-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        return Path(folder)


def _found(folder: Path) -> dict[int, Path]:
    """The kept epochs of a folder, oldest first; what was only half written goes."""
    for part in folder.glob(f"*{PART}"):
        part.unlink(missing_ok=True)
    names = sorted(int(path.stem) for path in folder.glob(f"*{SUFFIX}") if path.stem.isdecimal())
    return {epoch: folder / f"{epoch}{SUFFIX}" for epoch in names}


def _distance(epochs: tuple[int, ...]) -> int:
    """Every how manieth epoch was kept: the largest power of two in all but the newest."""
    every = 1
    while len(epochs) > 2 and all(epoch % (2 * every) == 0 for epoch in epochs[:-1]):
        every *= 2
    return every
