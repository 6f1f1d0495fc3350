"""Where the networks of runs lie: in a folder a run. `bucket` is the same in an object store."""

import os
import shutil
import tempfile
import weakref
from pathlib import Path
from typing import Protocol, Self

PART = ".part"


class Place(Protocol):
    """The files of one run. All but `clear` raise OSError where they cannot do what they are asked."""

    is_far: bool  # each write takes a while, however small it is

    def sizes(self) -> dict[str, int]:
        """What is there: the bytes of each file."""

    def read(self, name: str) -> bytes: ...

    def write(self, name: str, content: bytes, is_synced: bool = True) -> None:
        """Write a file whole or not at all; synced, even if the power goes."""

    def copy(self, other: Self, name: str) -> None:
        """Have the same file as another place."""

    def remove(self, name: str) -> None:
        """Remove a file, if it is there."""

    def clear(self) -> None:
        """Remove all that lets itself be removed."""


class Files(Protocol):
    """The places of all runs."""

    def of(self, run_id: str) -> Place: ...

    def names(self) -> list[str]:
        """The runs that have a place."""

    @property
    def free_bytes(self) -> int | None:
        """What could be written yet; None where nobody knows."""


class Folder:
    """A place in a folder; without a path, in one that goes with this object."""

    is_far = False

    def __init__(self, path: Path | None = None) -> None:
        self.path = path
        self._is_swept = False  # of what was half written by whoever wrote here before

    def sizes(self) -> dict[str, int]:
        """As of any place, without what is half written yet: the run may train elsewhere."""
        found = {}
        for path in sorted(self.path.glob("*")) if self.path else ():
            try:
                if path.suffix != PART:
                    found[path.name] = path.stat().st_size
            except FileNotFoundError:  # the run goes on elsewhere, and has just thinned out its past
                continue
        return found

    def read(self, name: str) -> bytes:
        if self.path is None:
            raise FileNotFoundError(name)
        return (self.path / name).read_bytes()

    def write(self, name: str, content: bytes, is_synced: bool = True) -> None:
        folder = self._made()
        path = folder / name
        part = path.with_suffix(PART)
        self._sweep(folder)
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

    def copy(self, other: Place, name: str) -> None:
        if not isinstance(other, Folder):
            self.write(name, other.read(name))
        elif other.path is None:
            raise FileNotFoundError(name)
        else:
            _copy(other.path / name, self._made() / name)

    def remove(self, name: str) -> None:
        if self.path:
            (self.path / name).unlink(missing_ok=True)

    def clear(self) -> None:
        if self.path:
            shutil.rmtree(self.path, ignore_errors=True)

    def _sweep(self, folder: Path) -> None:
        if not self._is_swept:
            for part in folder.glob(f"*{PART}"):
                _try_to_unlink(part)
            self._is_swept = True

    def _made(self) -> Path:
        if self.path is None:
            self.path = Path(tempfile.mkdtemp(prefix="gan-run-"))
            weakref.finalize(self, shutil.rmtree, self.path, ignore_errors=True)
        self.path.mkdir(parents=True, exist_ok=True)
        return self.path


class Folders:
    """The places of runs within one folder."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def of(self, run_id: str) -> Folder:
        return Folder(self._path / run_id)

    def names(self) -> list[str]:
        return [path.name for path in self._path.iterdir()] if self._path.exists() else []

    @property
    def free_bytes(self) -> int:
        there = next(path for path in (self._path, *self._path.parents) if path.exists())
        return shutil.disk_usage(there).free


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


def _try_to_unlink(path: Path) -> None:
    """Remove what is of no use; on a disk that does not let go of it, it does no harm."""
    try:
        path.unlink(missing_ok=True)
    except OSError:
        return
