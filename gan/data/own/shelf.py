"""The sets of people's own pictures that are here: in memory, and on disk if somebody has them saved."""

import os
from pathlib import Path
from threading import Lock

from gan.data import downloads
from gan.data.catalog import DataSet
from gan.data.own import naming, reading, sets, sources
from gan.data.own.sets import OwnSet
from gan.data.remembered import forget_all

MOST_BYTES = 300 * 2**20  # of pictures in memory; those that nobody has used for longest go first

_lock = Lock()
_kept: dict[str, OwnSet] = {}  # the one that was used last comes last


def keep(own: OwnSet) -> str:
    """Keep a set in memory; its name."""
    with _lock:
        _kept.pop(own.name, None)
        _kept[own.name] = own
        while len(_kept) > 1 and sum(each.images.nbytes for each in _kept.values()) > MOST_BYTES:
            _kept.pop(next(iter(_kept)))
    return own.name


def find(name: str) -> OwnSet | None:
    """The set `name`, from memory or disk; None where it is in neither, or what is there is another."""
    with _lock:
        if name in _kept:
            own = _kept[name] = _kept.pop(name)
            return own
    if not is_saved(name):
        return None
    own = _opened(_file(name))
    if own is None or own.name != name:
        return None
    keep(own)
    return own


def is_here(name: str) -> bool:
    return find(name) is not None


def known(name: str) -> DataSet:
    """What is known of the set `name`, here or not. Raises KeyError for what is no such name."""
    with _lock:
        own = _kept.get(name)
    return own.facts if own else naming.facts(name)


def save(name: str) -> None:
    """Have a set stay on this computer. Raises OSError where that cannot be, and KeyError where it is not here."""
    own = find(name)
    if own is None:
        raise KeyError(name)
    file = _file(name)
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_suffix(".part")
    part.write_bytes(sets.pack(own))
    os.replace(part, file)


def is_saved(name: str) -> bool:
    return naming.is_own(name) and _file(name).is_file()


def saved() -> tuple[str, ...]:
    """The sets on disk, by name."""
    found = _folder().glob("own-*.zip") if _folder().is_dir() else ()
    return tuple(sorted(file.stem for file in found if naming.is_own(file.stem)))


def forget(name: str) -> None:
    """Have a set gone, from memory and from disk."""
    with _lock:
        _kept.pop(name, None)
    if is_saved(name):
        _file(name).unlink(missing_ok=True)


def unsaved() -> int:
    """How many sets are in memory alone."""
    with _lock:
        names = [*_kept]
    return sum(not is_saved(name) for name in names)


def let_go() -> None:
    """Have no set in memory any more, nor what was worked out of their pictures; those on disk stay there."""
    with _lock:
        _kept.clear()
    forget_all()


def _folder() -> Path:
    return downloads.folder() / "own"


def _file(name: str) -> Path:
    return _folder() / f"{name}.zip"


def _opened(file: Path) -> OwnSet | None:
    """The set in a file of ours; None where the file is damaged."""
    try:
        found = reading.read(sources.in_file(file.name, file.read_bytes())).found
        return reading.made_of(found, is_coloured=naming.facts(file.stem).shape[0] == 3)
    except (OSError, ValueError):
        return None
