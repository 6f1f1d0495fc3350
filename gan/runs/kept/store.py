"""The store: runs on disk as they go, so that neither a closed tab nor a killed server loses them.

Settings and numbers lie in an SQLite database, networks as safetensors files in a folder a run. Nothing about
people is written.
"""

import os
import secrets
import shutil
import sqlite3
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from platformdirs import user_data_path

from gan.runs.kept import rows
from gan.runs.kept.database import Damaged, TooNew, connect, set_aside
from gan.runs.kept.moments import Moments
from gan.runs.state.limits import DEFAULTS, Limits
from gan.runs.state.snapshot import LIVE, RunState, Snapshot
from gan.setup.config import RunConfig

FOLDER_ENV = "GAN_STUDIO_LIBRARY"
LIMIT_BYTES = 4 * 2**30
EACH = 0.25  # of the limit that the runs of one owner may fill
LONGEST_NAME = 80
LIVE_STATES = ", ".join(f"'{state.value}'" for state in LIVE)
SUMMARY = "run_id, name, starred, deleted, created, bytes, state, config, epoch, seconds, realism, samples, parent"


class LibraryFull(ValueError):
    """There is no room for another run; the message says what to do."""


@dataclass(frozen=True)
class StoredRun:
    """A line of the library."""

    run_id: str
    name: str  # "" until somebody names it
    is_starred: bool
    is_deleted: bool  # it can still be brought back
    created: datetime
    state: RunState
    config: RunConfig | None  # None when it has settings that this version does not know
    epoch: float  # that it came to
    seconds: float
    realism: float | None
    samples: np.ndarray | None  # uint8 (n, h, w) or (n, h, w, 3)
    bytes: int
    parent: str | None


def default_folder() -> Path:
    """Where the runs of this user lie, unless GAN_STUDIO_LIBRARY names another folder."""
    return Path(os.environ.get(FOLDER_ENV) or user_data_path("forger-and-detective", appauthor=False))


def open_store(folder: Path | None = None, limits: Limits = DEFAULTS) -> "Store":
    """The store in `folder`. It always opens: what stands in the way is told in `notice`, and nothing is lost.

    A damaged database is set aside, with its runs. Where the folder cannot be used, runs are kept until the
    server ends.
    """
    folder = folder or default_folder()
    try:
        try:
            return Store(folder, limits)
        except Damaged:
            aside = set_aside(folder, folder / "runs")
            return Store(folder, limits, f"The library was damaged. It begins anew; the old one is kept in {aside}.")
    except TooNew:
        reason = "was written by a newer version of this program"
    except sqlite3.OperationalError as error:
        reason = f"cannot be opened ({error})"
    except OSError as error:
        reason = f"cannot be used ({error.strerror or error})"
    except ValueError as error:
        reason = f"cannot be used now ({error.__cause__})"
    notice = f"The library in {folder} {reason}. It stays as it is; new runs are kept until the server ends."
    return Store(Path(tempfile.mkdtemp(prefix="gan-library-")), limits, notice, is_passing=True)


class Store:
    """All runs that are kept. Any thread may call anything.

    Raises Damaged, TooNew, sqlite3.Error or OSError where `folder` cannot be used. Later trouble with the disk
    raises ValueError with a sentence, except in `save`, which returns it.
    """

    def __init__(
        self, folder: Path, limits: Limits = DEFAULTS, notice: str | None = None, is_passing: bool = False
    ) -> None:
        self.folder, self.notice = folder, notice
        self._limits, self._is_passing = limits, is_passing
        self._connection = connect(folder)
        self._lock = threading.RLock()
        self._owners: dict[str, str] = {}  # of the runs of this server, never written
        self._server = secrets.token_hex(4)
        self._alive = self._server_lock(self._server)
        self._alive.acquire(timeout=0)
        self._find_interrupted()
        self.purge()

    def close(self) -> None:
        """Close the file; every run of this server must have ended."""
        with self._lock:
            self._connection.close()
        self._alive.release()
        Path(self._alive.lock_file).unlink(missing_ok=True)
        if self._is_passing:
            shutil.rmtree(self.folder, ignore_errors=True)

    # One run as it goes

    def begin(self, snapshot: Snapshot, owner: str = "") -> None:
        """Keep a new run. The oldest ones without a star make room; raises LibraryFull where that is not enough."""
        self._make_room(owner)
        row = rows.to_row(snapshot)
        row |= {"run_id": snapshot.run_id, "server": self._server, "created": datetime.now(UTC).isoformat()}
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        with self._changing() as database:
            database.execute(f"INSERT INTO runs ({names}) VALUES ({marks})", tuple(row.values()))
        self._owners[snapshot.run_id] = owner

    def save(self, snapshot: Snapshot, size: int) -> str | None:
        """Write what is new of a run; `size` are the bytes of its moments.

        Returns why that was not possible; the next call then writes what was left out.
        """
        try:
            with self._changing() as database:
                self._save(database, snapshot, size)
        except ValueError as error:
            return f"This run is not kept at the moment. {error}"
        return None

    def _save(self, database: sqlite3.Connection, snapshot: Snapshot, size: int) -> None:
        run_id = snapshot.run_id
        row = rows.to_row(snapshot) | {"server": self._server, "bytes": size}
        names = ", ".join(f"{name} = ?" for name in row)
        if not database.execute(f"UPDATE runs SET {names} WHERE run_id = ?", (*row.values(), run_id)).rowcount:
            return  # it was deleted for good
        newest = database.execute("SELECT max(epoch) FROM records WHERE run_id = ?", (run_id,)).fetchone()[0] or 0
        records = [(run_id, each.epoch, rows.reading_json(each)) for each in snapshot.records if each.epoch > newest]
        database.executemany("INSERT INTO records VALUES (?, ?, ?)", records)
        found = database.execute("SELECT number FROM frames WHERE run_id = ?", (run_id,))
        kept, wanted = {number for (number,) in found}, snapshot.frames.keys()
        gone = [(run_id, number) for number in kept - wanted]
        database.executemany("DELETE FROM frames WHERE run_id = ? AND number = ?", gone)
        new = [(run_id, number, rows.pack(snapshot.frames[number])) for number in wanted - kept]
        database.executemany("INSERT INTO frames VALUES (?, ?, ?)", new)

    def rewind(self, run_id: str, epoch: int) -> None:
        """Forget the records after `epoch`, since the run goes on from there."""
        with self._changing() as database:
            database.execute("DELETE FROM records WHERE run_id = ? AND epoch > ?", (run_id, epoch))

    def load(self, run_id: str) -> Snapshot | None:
        """A run as it was when it was saved last; None where there is no such run."""
        with self._reading() as database:
            row = database.execute("SELECT * FROM runs WHERE run_id = ? AND NOT deleted", (run_id,)).fetchone()
            if row is None:
                return None
            records = database.execute("SELECT numbers FROM records WHERE run_id = ? ORDER BY epoch", (run_id,))
            frames = database.execute("SELECT number, picture FROM frames WHERE run_id = ? ORDER BY number", (run_id,))
            numbers, frames = [text for (text,) in records], dict(map(tuple, frames))
        return rows.from_row(row, numbers, frames, self.moments(run_id).epochs)

    def moments(self, run_id: str) -> Moments:
        """The kept moments of a run."""
        return Moments(self._folder(run_id), int(self._limits.past_mb * 2**20))

    # Races and sweeps

    def keep_contest(self, contest_id: str, content: str) -> None:
        """Keep what a contest is."""
        with self._changing() as database:
            row = contest_id, datetime.now(UTC).isoformat(), content
            database.execute("INSERT INTO contests VALUES (?, ?, ?)", row)

    def contest(self, contest_id: str) -> str | None:
        """What `keep_contest` was given; None where there is no such contest."""
        with self._reading() as database:
            row = database.execute("SELECT content FROM contests WHERE contest_id = ?", (contest_id,)).fetchone()
        return row and row["content"]

    # The library

    def runs(self, search: str = "", deleted: bool = False) -> list[StoredRun]:
        """The runs whose name or settings hold every word of `search`, the newest first."""
        self._find_interrupted()
        with self._reading() as database:
            order = f"SELECT {SUMMARY} FROM runs WHERE deleted = ? ORDER BY number DESC"
            found = [_stored(row) for row in database.execute(order, (deleted,))]
        return [run for run in found if all(word in _text(run) for word in search.lower().split())]

    def run_ids(self) -> list[str]:
        """All runs that are not deleted."""
        with self._reading() as database:
            return [run_id for (run_id,) in database.execute("SELECT run_id FROM runs WHERE NOT deleted")]

    def owner(self, run_id: str) -> str | None:
        """Who started the run, if that was on this server and since it was started."""
        return self._owners.get(run_id)

    def name(self, run_id: str) -> str:
        """What a run is called; "" until somebody names it."""
        with self._reading() as database:
            found = database.execute("SELECT name FROM runs WHERE run_id = ?", (run_id,)).fetchone()
        return found[0] if found else ""

    def rename(self, run_id: str, name: str) -> None:
        self._set(run_id, name=" ".join(name.split())[:LONGEST_NAME])

    def star(self, run_id: str, is_starred: bool = True) -> None:
        """A run with a star never has to make room for others."""
        self._set(run_id, starred=is_starred)

    def delete(self, run_id: str) -> None:
        """Take the run off the list; `restore` brings it back until the server ends or its room is needed."""
        self._set(run_id, deleted=True)

    def restore(self, run_id: str) -> None:
        self._set(run_id, deleted=False)

    def purge(self) -> None:
        """Delete for good what was taken off the list, and contests of which no run is left."""
        with self._changing() as database:
            gone = [run_id for (run_id,) in database.execute("SELECT run_id FROM runs WHERE deleted")]
            self._forget(gone)
            database.execute("DELETE FROM contests WHERE NOT EXISTS (SELECT 1 FROM runs WHERE instr(content, run_id))")
            known = {run_id for (run_id,) in database.execute("SELECT run_id FROM runs")}
        for folder in self._runs.iterdir() if self._runs.exists() else ():
            if folder.name not in known:
                shutil.rmtree(folder, ignore_errors=True)

    @property
    def used_bytes(self) -> int:
        """What all runs take on the disk."""
        with self._reading() as database:
            pages, page = (database.execute(f"PRAGMA page_{what}").fetchone()[0] for what in ("count", "size"))
            return pages * page + database.execute("SELECT coalesce(sum(bytes), 0) FROM runs").fetchone()[0]

    @property
    def limit_bytes(self) -> int:
        """What they may take: unless that is set, 4 GB and at most half of what is free."""
        if self._limits.library_mb:
            return int(self._limits.library_mb * 2**20)
        return min(LIMIT_BYTES, self.used_bytes + shutil.disk_usage(self.folder).free // 2)

    # Within

    @property
    def _runs(self) -> Path:
        return self.folder / "runs"

    def _folder(self, run_id: str) -> Path:
        return self._runs / run_id

    def _server_lock(self, server: str) -> FileLock:
        """Held by a server while it lives; the system lets go of it however the server ends."""
        folder = self.folder / "servers"
        folder.mkdir(exist_ok=True)
        return FileLock(folder / f"{server}.lock")

    def _find_interrupted(self) -> None:
        """Mark the runs that were going on when their server ended without a word."""
        others = f"SELECT DISTINCT server FROM runs WHERE state IN ({LIVE_STATES}) AND server IS NOT ?"
        with self._reading() as database:
            servers = [server for (server,) in database.execute(others, (self._server,))]
        for server in servers:
            lock = self._server_lock(server)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            ended = f"UPDATE runs SET state = ? WHERE server = ? AND state IN ({LIVE_STATES})"
            with self._changing() as database:
                database.execute(ended, (RunState.INTERRUPTED.value, server))
            lock.release()
            Path(lock.lock_file).unlink(missing_ok=True)

    def _make_room(self, owner: str) -> None:
        limit = self.limit_bytes
        if self.used_bytes > limit:
            self.purge()
        if owner:
            self._drop_oldest(EACH * limit, [run_id for run_id, who in self._owners.items() if who == owner])
        self._drop_oldest(limit)

    def _drop_oldest(self, limit: float, among: list[str] | None = None) -> None:
        """Drop the oldest runs without a star until all, or those `among` which it looks, fit into `limit` bytes."""
        with self._changing() as database:
            found = database.execute(
                f"SELECT run_id, bytes, starred OR state IN ({LIVE_STATES}) AS stays FROM runs ORDER BY number"
            ).fetchall()
            found = [row for row in found if among is None or row["run_id"] in among]
            used = sum(row["bytes"] for row in found)
            for row in found:
                if used > limit and not row["stays"]:
                    self._forget([row["run_id"]])
                    used -= row["bytes"]
        if used > limit:
            raise LibraryFull("The library is full of runs with a star. Delete some, or take their stars away.")

    def _forget(self, run_ids: list[str]) -> None:
        for run_id in run_ids:
            self._connection.execute("DELETE FROM runs WHERE run_id = ?", (run_id,))
            shutil.rmtree(self._folder(run_id), ignore_errors=True)

    def _set(self, run_id: str, **values: object) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        with self._changing() as database:
            database.execute(f"UPDATE runs SET {names} WHERE run_id = ?", (*values.values(), run_id))

    @contextmanager
    def _changing(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing. Raises ValueError with a sentence when the disk does not do it."""
        with self._reading() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise

    @contextmanager
    def _reading(self) -> Iterator[sqlite3.Connection]:
        with self._lock:
            try:
                yield self._connection
            except sqlite3.Error as error:
                raise ValueError(f"The library in {self.folder} says: {error}.") from error


def _stored(row: sqlite3.Row) -> StoredRun:
    try:
        config = rows.config_from(row["config"])
    except ValueError:
        config = None
    return StoredRun(
        run_id=row["run_id"],
        name=row["name"],
        is_starred=bool(row["starred"]),
        is_deleted=bool(row["deleted"]),
        created=datetime.fromisoformat(row["created"]),
        state=RunState(row["state"]),
        config=config,
        epoch=row["epoch"],
        seconds=row["seconds"],
        realism=row["realism"],
        samples=rows.unpack(row["samples"]) if row["samples"] else None,
        bytes=row["bytes"],
        parent=row["parent"],
    )


def _text(run: StoredRun) -> str:
    """What a search looks through."""
    settings = run.config.to_dict().values() if run.config else ()
    return " ".join([run.name, run.run_id, run.state.value, *map(str, settings)]).lower()
