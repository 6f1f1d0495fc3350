"""Opening the store, whatever is in the way."""

import os
import sqlite3
import tempfile
from pathlib import Path

from platformdirs import user_data_path

from gan.messages import Message, Refusal, message_of, msg
from gan.runs.kept.database import Damaged, TooNew, has_no_room, set_aside
from gan.runs.kept.store import Store
from gan.runs.state.limits import DEFAULTS, Limits

FOLDER_ENV = "GAN_STUDIO_LIBRARY"


def default_folder() -> Path:
    """Where the runs of this user lie, unless GAN_STUDIO_LIBRARY names another folder."""
    return Path(os.environ.get(FOLDER_ENV) or user_data_path("forger-and-detective", appauthor=False))


def open_store(folder: Path | None = None, limits: Limits = DEFAULTS) -> Store:
    """The store in `folder`. It always opens: what stands in the way is told in `notice`, and nothing is lost.

    A damaged database is set aside, with its runs. One that cannot be written is read. Where the folder cannot be used
    at all, runs are kept until the server ends.
    """
    folder = folder or default_folder()
    try:
        return _open(folder, limits)
    except TooNew:
        notice = msg(
            "library.too_new",
            "The library was written by a newer version of this program. It stays as it is; new runs are kept "
            "until the server ends.",
        )
    except (sqlite3.Error, OSError, Refusal) as error:
        if found := _reader(folder, limits, error):
            return found
        notice = msg(
            "library.unusable",
            "The library cannot be used ({reason}). It stays as it is; new runs are kept until the server ends.",
            reason=_reason(error),
        )
    return Store(Path(tempfile.mkdtemp(prefix="gan-library-")), limits, notice, is_passing=True)


def _open(folder: Path, limits: Limits) -> Store:
    try:
        return Store(folder, limits)
    except Damaged:
        aside = set_aside(folder, folder / "runs")
        notice = msg(
            "library.damaged",
            "The library was damaged. It begins anew; the old one is kept beside it, in {folder}.",
            folder=aside.name,
        )
        return Store(folder, limits, notice)


def _reader(folder: Path, limits: Limits, error: Exception) -> Store | None:
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
        return Store(folder, limits, notice, only_read=True)
    except (sqlite3.Error, OSError, TooNew):
        return None


def _reason(error: Exception) -> Message:
    """What stands in the way, as the system says it."""
    error = error.__cause__ if isinstance(error, Refusal) and error.__cause__ else error
    return message_of(OSError(error.strerror) if isinstance(error, OSError) and error.strerror else error)
