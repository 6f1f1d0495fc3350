"""What is kept of a run's past: one file an epoch, within a number of bytes."""

import os
import shutil
import tempfile
import weakref
from pathlib import Path
from time import monotonic

from gan.messages import Message, Refusal, msg

BUDGET_BYTES = 64 * 2**20
WRITING_SHARE = 0.1  # of the time, at most, where epochs are short; waiting for the disk included
MOST_SECONDS = 5.0  # between two that are kept, or one epoch: so much a killed server may lose
SUFFIX, PART, LAST = ".safetensors", ".part", "last"


class Moments:
    """Moments of a run on disk: the first, the newest, and as many between as `budget` bytes hold.

    Beyond the budget every second one goes, so that what stays is spread evenly; two stay however large. In a
    `folder` of its own they outlive the run and are found again; without one they go with it. One thread adds;
    any may read. What the disk does not do is told in `fault`, and the run goes on.
    """

    def __init__(self, folder: Path | None = None, budget: int = BUDGET_BYTES) -> None:
        self._folder, self._budget = folder, budget
        self._files, self._sizes = _found(folder) if folder else ({}, {})
        self._every = _distance(self.epochs)
        self._busy_until = self._synced_until = 0.0
        self.fault: Message | None = None  # why the newest moment could not be kept, or an old one not be removed

    @property
    def epochs(self) -> tuple[int, ...]:
        """The epochs that can be seen again, oldest first."""
        return tuple(self._files)

    @property
    def bytes(self) -> int:
        """What lies on the disk."""
        return sum(self._sizes.values())

    def wants(self, epoch: int) -> bool:
        """Whether this epoch would be kept: writing must not hold up the training."""
        return epoch % self._every == 0 or monotonic() >= self._busy_until

    def add(self, epoch: int, content: bytes) -> None:
        """Keep a moment as the newest."""
        begun = monotonic()
        is_synced = begun >= self._synced_until
        path = self._write(str(epoch), content, is_synced)
        if path is None:
            return
        self._files = self._files | {epoch: path}
        gone = [each for each in self._files if each % self._every and each != epoch]
        while self.bytes - sum(self._sizes[each] for each in gone) > self._budget:
            if len(self._files) - len(gone) <= 2:
                break
            self._every *= 2
            gone = [each for each in self._files if each % self._every and each != epoch]
        self._remove(gone)
        now = monotonic()
        self._busy_until = now + min(MOST_SECONDS, (now - begun) / WRITING_SHARE)
        if is_synced:
            self._synced_until = self._busy_until

    def adopt(self, other: "Moments", epoch: int) -> None:
        """Begin with a moment of another run. Raises ValueError where that is not kept or cannot be copied."""
        path = other._files.get(epoch)
        try:
            own = self._own_folder() / f"{epoch}{SUFFIX}"
            if path is None:
                raise FileNotFoundError
            _copy(path, own)
            self._sizes[epoch] = own.stat().st_size
        except FileNotFoundError as error:
            raise _not_kept(epoch) from error
        except OSError as error:
            reason = error.strerror or str(error)
            raise Refusal("moments.not_copied", "This moment cannot be copied: {reason}.", reason=reason) from error
        self._files = {epoch: own}

    def end(self, epoch: float, content: bytes) -> None:
        """Keep the run's last moment, which may lie within an epoch: to look at, not to go on from."""
        if epoch not in self._files:
            self._write(LAST, content)

    def read(self, epoch: int) -> bytes:
        """The moment after so many epochs. Raises ValueError for one that is not kept, or is empty."""
        try:
            return _content(self._files[epoch])
        except (KeyError, OSError) as error:
            raise _not_kept(epoch) from error

    def read_last(self) -> bytes:
        """The run's last moment that can be read. Raises ValueError where there is none."""
        last = [self._folder / f"{LAST}{SUFFIX}"] if self._folder else []
        for path in [*last, *reversed(self._files.values())]:
            try:
                return _content(path)
            except OSError:  # not there, or lost by the disk: the one before
                continue
        raise Refusal("moments.none", "The networks of this run are not kept.")

    def rewind(self, epoch: int) -> None:
        """Forget what came after `epoch`, since the run goes on from there."""
        self._remove([each for each in self._files if each > epoch])
        self._files = {each: path for each, path in self._files.items() if each <= epoch}
        if self._folder:
            self._unlink(LAST, self._folder / f"{LAST}{SUFFIX}")

    def _remove(self, epochs: list[int]) -> None:
        """Forget these epochs. One that the disk does not let go stays in the list, and is tried again."""
        files = self._files
        self._files = {each: path for each, path in files.items() if each not in epochs}
        stuck = [each for each in epochs if not self._unlink(each, files[each])]
        if stuck:
            self._files = {each: path for each, path in files.items() if each in self._files or each in stuck}

    def _unlink(self, name: int | str, path: Path) -> bool:
        try:
            path.unlink(missing_ok=True)
        except OSError as error:  # immutable, a read-only disk, or open elsewhere on Windows
            reason = error.strerror or str(error)
            self.fault = msg("moments.stuck", "What is kept cannot be removed: {reason}.", reason=reason)
            return False
        self._sizes.pop(name, None)
        return True

    def _write(self, name: str, content: bytes, is_synced: bool = True) -> Path | None:
        """Write a file whole or not at all; synced, even if the power goes."""
        try:
            folder = self._own_folder()
            path, part = folder / f"{name}{SUFFIX}", folder / f"{name}{PART}"
            try:
                part.write_bytes(content)
                if is_synced:
                    _sync_file(part)  # before it gets its name, or after a power cut the name may stand for nothing
                os.replace(part, path)
                if is_synced:
                    _sync_names(folder)
            except OSError:
                _try_to_unlink(part)
                raise
        except OSError as error:
            reason = error.strerror or str(error)
            self.fault = msg("moments.unkept", "The past is not kept: {reason}.", reason=reason)
            return None
        self._sizes[LAST if name == LAST else int(name)] = len(content)
        self.fault = None
        return path

    def _own_folder(self) -> Path:
        if self._folder is None:
            self._folder = Path(tempfile.mkdtemp(prefix="gan-run-"))
            weakref.finalize(self, shutil.rmtree, self._folder, ignore_errors=True)
        self._folder.mkdir(parents=True, exist_ok=True)
        return self._folder


def _sync_file(path: Path) -> None:
    with path.open("rb+") as file:
        os.fsync(file.fileno())


def _sync_names(folder: Path) -> None:
    """Have the disk remember the names in a folder, where the system can be asked for that."""
    if os.name == "posix":
        number = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(number)
        finally:
            os.close(number)


def _copy(path: Path, to: Path) -> None:
    """The same file under another name, which takes no room; or where that is not possible, its copy."""
    to.unlink(missing_ok=True)
    try:
        os.link(path, to)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(path, to)


def _content(path: Path) -> bytes:
    content = path.read_bytes()
    if not content:
        raise FileNotFoundError(path)
    return content


def _not_kept(epoch: int) -> Refusal:
    return Refusal("moments.not_kept", "Epoch {epoch} of this run is not kept.", epoch=epoch)


def _found(folder: Path) -> tuple[dict[int, Path], dict[int | str, int]]:
    """The kept epochs of a folder, oldest first, and the sizes of all; what was only half written goes."""
    files, sizes = {}, {}
    for path in sorted(folder.glob("*")):
        if path.suffix == PART:
            _try_to_unlink(path)
        elif path.suffix == SUFFIX and (path.stem == LAST or path.stem.isdecimal()):
            try:
                size = path.stat().st_size
            except FileNotFoundError:  # the run goes on elsewhere, and has just thinned out its past
                continue
            name = LAST if path.stem == LAST else int(path.stem)
            sizes[name] = size
            if name != LAST:
                files[name] = path
    return dict(sorted(files.items())), sizes


def _try_to_unlink(path: Path) -> None:
    """Remove what is of no use; on a disk that does not let go of it, it does no harm."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return


def _distance(epochs: tuple[int, ...]) -> int:
    """Every how manieth epoch was kept: the largest power of two in all but the newest."""
    every = 1
    while len(epochs) > 2 and all(epoch % (2 * every) == 0 for epoch in epochs[:-1]):
        every *= 2
    return every
