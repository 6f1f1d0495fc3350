"""What is kept of a run's past: one file an epoch, within a number of bytes."""

import tempfile
from pathlib import Path

BUDGET_BYTES = 64 * 2**20


class Checkpoints:
    """Moments of a run on disk, the first always among them.

    Beyond `budget` bytes every second one goes, so that what stays is spread evenly; two stay however large. The
    files go with the run. One thread adds; any may read.
    """

    def __init__(self, budget: int = BUDGET_BYTES) -> None:
        self._budget = budget
        self._folder: tempfile.TemporaryDirectory | None = None  # made when there is something to keep
        self._files: dict[int, Path] = {}
        self._every = 1
        self.bytes = 0
        self.fault: str | None = None  # why nothing more is kept

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs that can be seen again, oldest first."""
        return tuple(self._files)

    def wants(self, epoch: int) -> bool:
        """Whether this epoch would be kept."""
        return epoch % self._every == 0 and not self.fault

    def add(self, epoch: int, content: bytes) -> None:
        """Keep a moment. Where the disk cannot take it, `fault` says so, and the run goes on."""
        try:
            self._folder = self._folder or tempfile.TemporaryDirectory(prefix="gan-run-", ignore_cleanup_errors=True)
            path = Path(self._folder.name) / f"{epoch}.safetensors"
            path.write_bytes(content)
        except OSError as error:
            self.fault = f"The past is not kept any more: {error.strerror or error}."
            return
        self.bytes += len(content)
        files = self._files | {epoch: path}
        while self.bytes > self._budget and len(files) > 2:
            self._every *= 2
            for each in [each for each in files if each % self._every]:
                gone = files.pop(each)
                self.bytes -= gone.stat().st_size
                gone.unlink()
        self._files = files

    def read(self, epoch: int) -> bytes:
        """The moment after so many epochs. Raises ValueError for one that is not kept."""
        try:
            return self._files[epoch].read_bytes()
        except (KeyError, OSError) as error:
            raise ValueError(f"Epoch {epoch} of this run is not kept.") from error
