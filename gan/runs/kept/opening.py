"""Opening the store, whatever is in the way."""

import sqlite3
import tempfile
from dataclasses import replace
from pathlib import Path

from gan.messages import Message, Refusal, message_of, msg
from gan.runs.kept.database import Damaged, TooNew, has_no_room, set_aside
from gan.runs.kept.library import Library
from gan.runs.kept.store import Store
from gan.runs.state.limits import DEFAULTS, Limits


def default_folder() -> Path:
    """Where what this server keeps for itself lies."""
    return Library.read().folder


def open_store(where: Path | Library | None = None, limits: Limits = DEFAULTS) -> Store:
    """The store in a folder, or where the environment says. It always opens: what stands in the way is told in
    `notice`, and nothing is lost.

    A damaged database is set aside, with its runs. One that cannot be written is read. Where the folder cannot be used
    at all, runs are kept until the server ends. A database that servers share is waited for; an address that is none
    raises, since whoever wrote it is there to read that.
    """
    library = _library(where, limits)
    if library.database:
        return Store(library)
    try:
        return _open(library)
    except TooNew:
        notice = msg(
            "library.too_new",
            "The library was written by a newer version of this program. It stays as it is; new runs are kept "
            "until the server ends.",
        )
    except (sqlite3.Error, OSError, Refusal) as error:
        if found := _reader(library, error):
            return found
        notice = msg(
            "library.unusable",
            "The library cannot be used ({reason}). It stays as it is; new runs are kept until the server ends.",
            reason=_reason(error),
        )
    passing = Library(Path(tempfile.mkdtemp(prefix="gan-library-")), limits)
    return Store(passing, notice, is_passing=True)


def _library(where: Path | Library | None, limits: Limits) -> Library:
    if where is None:
        return Library.read(limits=limits)
    return replace(where, limits=limits) if isinstance(where, Library) else Library(where, limits)


def _open(library: Library) -> Store:
    try:
        return Store(library)
    except Damaged:
        aside = set_aside(library.folder, library.folder / "runs")
        notice = msg(
            "library.damaged",
            "The library was damaged. It begins anew; the old one is kept beside it, in {folder}.",
            folder=aside.name,
        )
        return Store(library, notice)


def _reader(library: Library, error: Exception) -> Store | None:
    """The store to read, where that is possible."""
    notice = msg(
        "library.only_read",
        "The library can only be read at the moment ({reason}): new runs are kept until the server ends.",
        reason=_reason(error),
    )
    if has_no_room(error):
        notice = msg(
            "library.no_room_at_start",
            "The disk is full: new runs are kept until the server ends. Delete some runs, or free some space.",
        )
    try:
        return Store(library, notice, only_read=True)
    except (sqlite3.Error, OSError, TooNew):
        return None


def _reason(error: Exception) -> Message:
    """What stands in the way, as the system says it."""
    error = error.__cause__ if isinstance(error, Refusal) and error.__cause__ else error
    return message_of(OSError(error.strerror) if isinstance(error, OSError) and error.strerror else error)
