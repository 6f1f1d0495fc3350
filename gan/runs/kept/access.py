"""Access to the database: one connection that threads share, and which servers live that write to it.

`FileAccess` is to an SQLite file in a folder; `shared` is to a database that servers share. Both take the same
statements.
"""

import secrets
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

from filelock import FileLock, Timeout

from gan.messages import Message, Refusal, msg
from gan.runs.kept.database import Damaged, TooNew, connect, connect_to_read, has_no_room
from gan.runs.state.snapshot import LIVE, RunState

LIVE_STATES = ", ".join(f"'{state.value}'" for state in LIVE)


class Connection(Protocol):
    """What the store asks of a connection, as `sqlite3` has it; rows are read by column or place."""

    in_transaction: bool

    def execute(self, statement: str, values: Sequence[Any] = ()) -> Any: ...

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> Any: ...

    def close(self) -> None: ...


class Access:
    """A database, for one server. Any thread may call anything."""

    connection: Connection
    errors: tuple[type[Exception], ...]  # of its connection
    change, read = "BEGIN IMMEDIATE", "BEGIN"  # one server changes at a time; who reads sees all as it was at one time
    others = f"SELECT DISTINCT server FROM runs WHERE state IN ({LIVE_STATES}) AND server <> ?"  # with runs that go on

    def __init__(self) -> None:
        self.server = secrets.token_hex(4)
        self._lock = threading.RLock()
        self._dead: set[str] = set()  # servers that ended without a word
        self._owners: dict[str, str] = {}  # of the runs of this server, never written
        self.ended: dict[str, RunState] = {}  # how runs of this server ended, where the database did not take it

    @property
    def can_write(self) -> bool:
        raise NotImplementedError

    def close(self) -> None:
        """This server has ended."""
        raise NotImplementedError

    @contextmanager
    def changing(self) -> Iterator[Connection]:
        """All of it or nothing. Raises ValueError with a sentence when the database does not do it."""
        with self._transaction(self.change) as connection:
            yield connection

    @contextmanager
    def reading(self) -> Iterator[Connection]:
        """The connection for a while, to this thread alone. Raises ValueError as `changing` does."""
        with self._transaction(self.read) as connection:
            yield connection

    def state(self, row: Any) -> RunState:
        """The state of a run, from its columns `run_id`, `state` and `server`."""
        state = self.ended.get(row["run_id"]) or RunState(row["state"])
        return RunState.INTERRUPTED if state.is_live and row["server"] in self._dead else state

    def find_interrupted(self) -> None:
        """Mark the runs that were going on when their server ended without a word."""
        with self.reading() as database:
            servers = [server for (server,) in database.execute(self.others, (self.server,))]
        self._look_after(servers)

    def own(self, run_id: str, owner: str) -> None:
        """Remember who started a run, once it is kept."""
        self._owners[run_id] = owner

    def tell_owner(self, run_id: str, owner: str) -> None:
        """Tell other servers who started a run, within the change that keeps it; here there are none to tell."""

    def owner(self, run_id: str) -> str | None:
        return self._owners.get(run_id)

    def runs_of(self, owner: str) -> set[str]:
        """The runs that this owner started, on any server that lives."""
        return {run_id for run_id, who in self._owners.items() if who == owner}

    def claim_room(self, code: str, address: str) -> bool:
        """Tell other servers that the room with this code is here, at this address; False where another has one with
        the same code. Raises ValueError with a sentence where that cannot be told. Here there are no others.
        """
        return True

    def leave_room(self, code: str) -> None:
        """That room is over. Raises ValueError as `claim_room` does."""

    def room_at(self, code: str) -> str | None:
        """The address of the other server that has this room. Raises ValueError as `claim_room` does."""
        return None

    # Within

    @contextmanager
    def _transaction(self, begin: str) -> Iterator[Connection]:
        with self._lock:
            try:
                try:
                    self._begin(begin)
                    yield self.connection
                    self.connection.execute("COMMIT")
                except BaseException:
                    self._roll_back()
                    raise
            except self.errors as error:
                raise Refusal(self._told(error)) from error

    def _begin(self, begin: str) -> None:
        self.connection.execute(begin)

    def _roll_back(self) -> None:
        if self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def _told(self, error: Exception) -> Message:
        """What stands in the way, as a sentence."""
        if has_no_room(error):
            return msg("library.no_room", "The disk is full. Delete some runs, or free some space.")
        reason = getattr(error, "strerror", None) or str(error).partition("\n")[0]
        return msg("library.says", "The library says: {reason}.", reason=reason)

    def _look_after(self, servers: Sequence[str]) -> None:
        """Mark the runs of those that are dead."""
        raise NotImplementedError

    def _mark_interrupted(self, server: str) -> None:
        ended = f"UPDATE runs SET state = ? WHERE server = ? AND state IN ({LIVE_STATES})"
        with self.changing() as database:
            database.execute(ended, (RunState.INTERRUPTED.value, server))


class FileAccess(Access):
    """The database in `folder`; who lives holds a lock there.

    With `only_read` it opens a library on a disk that is full or read-only; each change then tries anew whether it can
    be written. Raises Damaged, TooNew, sqlite3.Error or OSError where `folder` cannot be used.
    """

    errors = (sqlite3.Error,)

    def __init__(self, folder: Path, only_read: bool = False) -> None:
        super().__init__()
        self.folder = folder
        self._alive: FileLock | None = None  # held while this server can write
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

    def _begin(self, begin: str) -> None:
        if begin == self.change and not self.can_write:
            self._open_again()
        super()._begin(begin)

    def _look_after(self, servers: Sequence[str]) -> None:
        for server in servers if self.can_write else ():
            lock = self._server_lock(server)
            try:
                lock.acquire(timeout=0)
            except Timeout:
                continue
            self._dead.add(server)
            try:
                self._mark_interrupted(server)
            except ValueError:  # a full disk; `state` knows all the same
                lock.release()
                continue
            lock.release()
            Path(lock.lock_file).unlink(missing_ok=True)

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
            raise Refusal(self._told(error)) from error
        before.close()

    def _server_lock(self, server: str) -> FileLock:
        """Held by a server while it lives; the system lets go of it however the server ends."""
        folder = self.folder / "servers"
        folder.mkdir(exist_ok=True)
        return FileLock(folder / f"{server}.lock")
