"""The SQLite file of the store: opened, brought up to date, or set aside when it is damaged."""

import errno
import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

NAME = "library.sqlite"
PATIENCE_SECONDS = 2.0  # for another program that is writing

MIGRATIONS = [  # each brings the file from the version of its place to the next
    """
    CREATE TABLE runs (
        number INTEGER PRIMARY KEY AUTOINCREMENT,
        run_id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL DEFAULT '',
        starred INTEGER NOT NULL DEFAULT 0,
        deleted INTEGER NOT NULL DEFAULT 0,
        created TEXT NOT NULL,
        server TEXT,
        bytes INTEGER NOT NULL DEFAULT 0,
        state TEXT NOT NULL,
        config TEXT NOT NULL,
        begun_with TEXT NOT NULL,
        changes TEXT NOT NULL,
        fault TEXT,
        parent TEXT,
        forked_at INTEGER,
        epoch REAL NOT NULL,
        seconds REAL NOT NULL,
        realism REAL,
        reading TEXT,
        scores TEXT NOT NULL,
        floor TEXT,
        points BLOB NOT NULL,
        samples BLOB,
        beliefs TEXT NOT NULL
    );
    CREATE TABLE records (
        run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
        epoch INTEGER NOT NULL,
        numbers TEXT NOT NULL,
        PRIMARY KEY (run_id, epoch)
    ) WITHOUT ROWID;
    CREATE TABLE frames (
        run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        picture BLOB NOT NULL,
        PRIMARY KEY (run_id, number)
    );
    """,
    """
    CREATE TABLE contests (
        contest_id TEXT PRIMARY KEY,
        created TEXT NOT NULL,
        content TEXT NOT NULL
    ) WITHOUT ROWID;
    """,
    # What went wrong was two texts, and is two messages now (Message.to_dict): a text as it is has no id. The bytes of
    # a run were those of its networks alone.
    """
    UPDATE runs SET fault = json_set(
        fault,
        '$.what', json_object('id', '', 'english', '{text}', 'values', json_object('text', fault ->> '$.what')),
        '$.try_', json_object('id', '', 'english', '{text}', 'values', json_object('text', fault ->> '$.try_'))
    ) WHERE fault IS NOT NULL;
    UPDATE runs SET bytes = bytes + length(points) + coalesce(length(samples), 0)
        + (SELECT coalesce(sum(length(numbers)), 0) FROM records WHERE records.run_id = runs.run_id)
        + (SELECT coalesce(sum(length(picture)), 0) FROM frames WHERE frames.run_id = runs.run_id);
    """,
    "ALTER TABLE runs ADD COLUMN threads INTEGER;",
    "ALTER TABLE runs ADD COLUMN measures TEXT;",
    "ALTER TABLE runs ADD COLUMN budget REAL;",
]
VERSION = len(MIGRATIONS)
NO_ROOM = (sqlite3.SQLITE_FULL, sqlite3.SQLITE_IOERR_SHMSIZE, sqlite3.SQLITE_IOERR_WRITE)
SHARED_NO_ROOM = "53100"  # as PostgreSQL says it


class Damaged(Exception):
    """The file is not a database, its content is broken, or it is empty beside runs that are kept."""


class TooNew(Exception):
    """The file was written by a newer version of this program."""


def connect(folder: Path) -> sqlite3.Connection:
    """The database in `folder`, made or brought up to date where needed; the old one is backed up before.

    Raises Damaged, TooNew, sqlite3.Error (locked, full, read-only) or OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / NAME
    if not any(_bytes(file) for file in (path, _log(path))) and any(folder.glob("runs/*/*")):
        raise Damaged(NAME)
    connection = sqlite3.connect(path, timeout=PATIENCE_SECONDS, check_same_thread=False, isolation_level=None)
    try:
        _prepare(connection, path)
    except BaseException:
        connection.close()
        raise
    return connection


def connect_to_read(folder: Path) -> sqlite3.Connection:
    """The database in `folder` on a disk that is full, or that cannot be written; one of an older version as a copy.

    Raises TooNew or sqlite3.Error.
    """
    path = folder / NAME
    is_whole = not _bytes(_log(path))  # without a log, all is in the file itself
    try:
        return _reader(path, "mode=ro")
    except sqlite3.OperationalError as error:
        if not is_whole or error.sqlite_errorcode & 0xFF == sqlite3.SQLITE_BUSY:
            raise
    return _reader(path, "mode=ro&immutable=1")  # reading a log needs a file beside it, which cannot be made


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")


def _bytes(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0


def _reader(path: Path, mode: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{mode}", PATIENCE_SECONDS, uri=True, check_same_thread=False, isolation_level=None
    )
    try:
        connection.execute("SELECT count(*) FROM runs")
        connection = _up_to_date(connection)
    except BaseException:
        connection.close()
        raise
    connection.row_factory = sqlite3.Row
    return connection


def _up_to_date(connection: sqlite3.Connection) -> sqlite3.Connection:
    version = connection.execute("PRAGMA user_version").fetchone()[0]
    if version > VERSION:
        raise TooNew(f"version {version}")
    if version == VERSION:
        return connection
    copy = sqlite3.connect(":memory:", check_same_thread=False, isolation_level=None)
    with closing(connection):
        connection.backup(copy)
    _migrate(copy, version)
    return copy


def has_no_room(error: BaseException | None) -> bool:
    """Whether this is what a full disk says."""
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) in NO_ROOM
    if isinstance(error, OSError):
        return error.errno in (errno.ENOSPC, errno.EDQUOT)
    return getattr(error, "sqlstate", None) == SHARED_NO_ROOM


def _prepare(connection: sqlite3.Connection, path: Path) -> None:
    try:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        health = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
    except sqlite3.OperationalError:  # locked, read-only: not damaged
        raise
    except sqlite3.DatabaseError as error:
        raise Damaged(str(error)) from error
    if health != "ok":
        raise Damaged(health)
    if version > VERSION:
        raise TooNew(f"version {version}")
    connection.row_factory = sqlite3.Row
    connection.execute("PRAGMA journal_mode = WAL")  # a killed program leaves no half-written rows
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    if version < VERSION:
        if version:
            _back_up(connection, path.with_name(f"library-version-{version}.sqlite"))
        _migrate(connection, version)


def _migrate(connection: sqlite3.Connection, version: int) -> None:
    for step in range(version, VERSION):
        connection.executescript(f"BEGIN; {MIGRATIONS[step]} PRAGMA user_version = {step + 1}; COMMIT;")


def _back_up(connection: sqlite3.Connection, path: Path) -> None:
    with closing(sqlite3.connect(path)) as copy:
        connection.backup(copy)


def set_aside(folder: Path, runs: Path) -> Path:
    """Move a damaged database, and the runs that it knew, into a folder of their own; returns that folder."""
    number = 1
    while (aside := folder / f"damaged-{number}").exists():
        number += 1
    aside.mkdir(parents=True)
    for path in [*folder.glob(f"{NAME}*"), *([runs] if runs.exists() else [])]:
        shutil.move(path, aside / path.name)
    return aside
