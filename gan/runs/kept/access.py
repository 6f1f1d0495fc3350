"""Access to the database: one connection that threads share, and which servers live that write to it."""

import secrets
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from gan.messages import Message, Refusal, msg
from gan.runs.kept.database import Damaged, TooNew, connect, connect_to_read, has_no_room
from gan.runs.state.snapshot import LIVE, RunState

LIVE_STATES = ", ".join(f"'{state.value}'" for state in LIVE)


class Access:
    """The database in `folder`, for one server. Any thread may call anything.

    With `only_read` it opens a library on a disk that is full or read-only; each change then tries anew whether it can
    be written. Raises Damaged, TooNew, sqlite3.Error or OSError where `folder` cannot be used.
    """

    def __init__(self, folder: Path, only_read: bool = False) -> None:
        self.folder, self.server = folder, secrets.token_hex(4)
        self._lock = threading.RLock()
        self._alive: FileLock | None = None  # held while this server can write
        self._dead: set[str] = set()  # servers that ended without a word
        self.ended: dict[str, RunState] = {}  # how runs of this server ended, where the disk did not take it
        if only_read:
            self.connection = connect_to_read(folder)
        else:
            self._open()

    def close(self) -> None:
        with self._lock:
            self.connection.close()
        if self._alive:
            self._alive.release()
            Path(self._alive.lock_file).unlink(missing_ok=True)

    @property
    def can_write(self) -> bool:
        return self._alive is not None

    @contextmanager
    def changing(self) -> Iterator[sqlite3.Connection]:
        """All of it or nothing. Raises ValueError with a sentence when the disk does not do it."""
        with self.reading():
            if not self.can_write:
                self._open_again()
            database = self.connection
            database.execute("BEGIN IMMEDIATE")
            try:
                yield database
                database.execute("COMMIT")
            except BaseException:
                if database.in_transaction:
                    database.execute("ROLLBACK")
                raise

    @contextmanager
    def reading(self) -> Iterator[sqlite3.Connection]:
        """The connection for a while, to this thread alone. Raises ValueError as `changing` does."""
        with self._lock:
            try:
                yield self.connection
            except sqlite3.Error as error:
                raise Refusal(_trouble(error)) from error

    def state(self, row: sqlite3.Row) -> RunState:
        """The state of a run, from its columns `run_id`, `state` and `server`."""
        state = self.ended.get(row["run_id"]) or RunState(row["state"])
        return RunState.INTERRUPTED if state.is_live and row["server"] in self._dead else state

    def find_interrupted(self) -> None:
        """Mark the runs that were going on when their server ended without a word."""
        others = f"SELECT DISTINCT server FROM runs WHERE state IN ({LIVE_STATES}) AND server IS NOT ?"
        with self.reading() as database:
            servers = [server for (server,) in database.execute(others, (self.server,))]
        for server in servers if self.can_write else ():
            lock = self._server_lock(server)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            self._dead.add(server)
            is_marked = self._mark_interrupted(server)
            lock.release()
            if is_marked:
                Path(lock.lock_file).unlink(missing_ok=True)

    def _mark_interrupted(self, server: str) -> bool:
        """Whether the disk took it; where it is full, `state` knows all the same."""
        ended = f"UPDATE runs SET state = ? WHERE server = ? AND state IN ({LIVE_STATES})"
        try:
            with self.changing() as database:
                database.execute(ended, (RunState.INTERRUPTED.value, server))
        except ValueError:
            return False
        return True

    def _open(self) -> None:
        connection, alive = connect(self.folder), self._server_lock(self.server)
        try:
            alive.acquire(timeout=0)
        except BaseException:
            connection.close()
            raise
        self.connection, self._alive = connection, alive

    def _open_again(self) -> None:
        before = self.connection
        try:
            self._open()
        except (OSError, Damaged, TooNew) as error:
            raise Refusal(_trouble(error)) from error
        before.close()

    def _server_lock(self, server: str) -> FileLock:
        """Held by a server while it lives; the system lets go of it however the server ends."""
        folder = self.folder / "servers"
        folder.mkdir(exist_ok=True)
        return FileLock(folder / f"{server}.lock")


def _trouble(error: Exception) -> Message:
    if has_no_room(error):
        return msg("library.no_room", "The disk is full. Delete some runs, or free some space.")
    reason = getattr(error, "strerror", None) or str(error)
    return msg("library.says", "The library says: {reason}.", reason=reason)
