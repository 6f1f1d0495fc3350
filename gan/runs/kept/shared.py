"""A database that several servers share: PostgreSQL, by an address.

The one module that knows psycopg, and imported only where an address asks for it. A server that lives holds an
advisory lock for as long as its connection lasts, which ends however the server does: no clock, and nothing to clean
up. As a database that was restarted forgets these locks, a server counts as dead only when its lock was missing for
a while; each that lives takes it again within seconds, since it asks for it in the background.
"""

import logging
import threading
from collections.abc import Iterable, Sequence
from contextlib import suppress
from hashlib import sha256
from time import monotonic
from typing import Any

import psycopg

from gan.messages import Message, Refusal, msg
from gan.runs.kept.access import LIVE_STATES as LIVE
from gan.runs.kept.access import Access
from gan.runs.kept.database import TooNew

CLASS = 0x6A44  # of the advisory locks of servers
WRITER = 0x6A45  # the advisory lock of who changes something
MISSING_SECONDS = 15.0  # without its lock, until a server counts as dead
LOOK_SECONDS = 5.0  # between two looks in the background whether the connection lasts
AGAIN_SECONDS = 1.0  # between two tries there to connect again
REST_SECONDS = 10.0  # after a failed try, until anybody else tries: a run must not wait for a database that is away

PATIENCE = {  # a network that swallows everything is noticed in so many seconds
    "connect_timeout": 3,
    "keepalives_idle": 5,
    "keepalives_interval": 5,
    "keepalives_count": 2,
    "tcp_user_timeout": 15_000,
    "application_name": "forger-and-detective",
}
SETTINGS = {  # the same for the database, about this server; and nobody waits for long who holds up all others
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "5",
    "tcp_keepalives_count": "2",
    "lock_timeout": "20s",
    "statement_timeout": "30s",
    "idle_in_transaction_session_timeout": "60s",
    "client_min_messages": "warning",
}
LIVING = f"""
    SELECT lpad(to_hex(objid::bigint), 8, '0') FROM pg_locks WHERE locktype = 'advisory' AND classid = {CLASS}
    AND database = (SELECT oid FROM pg_database WHERE datname = current_database())
"""
MIGRATIONS = [  # each brings the database from the version of its place to the next; columns as in `database`
    """
    CREATE TABLE runs (
        number BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        run_id TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL DEFAULT '',
        starred INTEGER NOT NULL DEFAULT 0,
        deleted INTEGER NOT NULL DEFAULT 0,
        created TEXT NOT NULL,
        server TEXT,
        bytes BIGINT NOT NULL DEFAULT 0,
        state TEXT NOT NULL,
        config TEXT NOT NULL,
        begun_with TEXT NOT NULL,
        changes TEXT NOT NULL,
        fault TEXT,
        parent TEXT,
        forked_at INTEGER,
        epoch DOUBLE PRECISION NOT NULL,
        seconds DOUBLE PRECISION NOT NULL,
        realism DOUBLE PRECISION,
        reading TEXT,
        scores TEXT NOT NULL,
        floor TEXT,
        points BYTEA NOT NULL,
        samples BYTEA,
        beliefs TEXT NOT NULL,
        threads INTEGER,
        measures TEXT
    );
    CREATE TABLE records (
        run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
        epoch INTEGER NOT NULL,
        numbers TEXT NOT NULL,
        PRIMARY KEY (run_id, epoch)
    );
    CREATE TABLE frames (
        run_id TEXT NOT NULL REFERENCES runs (run_id) ON DELETE CASCADE,
        number INTEGER NOT NULL,
        picture BYTEA NOT NULL,
        PRIMARY KEY (run_id, number)
    );
    CREATE TABLE contests (
        contest_id TEXT PRIMARY KEY,
        created TEXT NOT NULL,
        content TEXT NOT NULL
    );
    CREATE UNLOGGED TABLE owners (
        run_id TEXT PRIMARY KEY REFERENCES runs (run_id) ON DELETE CASCADE,
        mark TEXT NOT NULL,
        server TEXT NOT NULL
    );
    """,
    "CREATE UNLOGGED TABLE rooms (code TEXT PRIMARY KEY, address TEXT NOT NULL, server TEXT NOT NULL);",
    "ALTER TABLE runs ADD COLUMN budget DOUBLE PRECISION;",
]
VERSION = len(MIGRATIONS)
ROOM = "INSERT INTO rooms VALUES (?, ?, ?) ON CONFLICT DO NOTHING"


class SharedAccess(Access):
    """The database at `address`. It opens even where that cannot be reached, and is there as soon as it can.

    Raises TooNew, and psycopg.Error for an address that is none.
    """

    errors = (psycopg.Error,)
    change = f"BEGIN; SELECT pg_advisory_xact_lock({WRITER}, 0)"
    read = "BEGIN ISOLATION LEVEL REPEATABLE READ, READ ONLY"
    others = f"""
        SELECT DISTINCT server FROM (
            SELECT server FROM runs WHERE state IN ({LIVE})
            UNION SELECT server FROM owners UNION SELECT server FROM rooms
        ) AS known WHERE server <> ? AND server NOT IN ({LIVING})
    """

    def __init__(self, address: str) -> None:
        super().__init__()
        psycopg.conninfo.conninfo_to_dict(address)
        self._address, self.connection = address, Session(None)
        self._missing: dict[str, float] = {}  # servers without their lock, and since when
        self._looked = 0.0  # for them, last
        self._looks_after_others = False
        self._rooms: dict[str, str] = {}  # those of this server, and the address at which others find them
        self._failure, self._rests_until = psycopg.OperationalError(), 0.0
        self._is_closed = threading.Event()
        with suppress(psycopg.OperationalError):
            self._connect()
        threading.Thread(target=self._stay_connected, name=f"library-{self.server}", daemon=True).start()

    def close(self) -> None:
        self._is_closed.set()
        with self._lock:
            with suppress(ValueError):
                self._forget(self.server)
            self.connection.close()

    @property
    def can_write(self) -> bool:
        return not self.connection.is_closed

    def find_interrupted(self) -> None:
        """See `Access`; in the background as well, from now on."""
        self._looks_after_others = True
        super().find_interrupted()

    def tell_owner(self, run_id: str, owner: str) -> None:
        """With a mark, another for each run: a random name cannot be found from it, an address only by trying them all.
        It stands in an unlogged table, so that no copy of the database's disk holds it.
        """
        if owner:
            self.connection.execute("INSERT INTO owners VALUES (?, ?, ?)", (run_id, _mark(run_id, owner), self.server))

    def runs_of(self, owner: str) -> set[str]:
        with self.reading() as database:
            marked = [tuple(row) for row in database.execute("SELECT run_id, mark FROM owners")]
        return super().runs_of(owner) | {run_id for run_id, mark in marked if mark == _mark(run_id, owner)}

    def claim_room(self, code: str, address: str) -> bool:
        with self.changing() as database:
            is_mine = database.execute(ROOM, (code, address, self.server)).rowcount == 1
        if is_mine:
            self._rooms[code] = address
        return is_mine

    def leave_room(self, code: str) -> None:
        self._rooms.pop(code, None)
        with self.changing() as database:
            database.execute("DELETE FROM rooms WHERE code = ? AND server = ?", (code, self.server))

    def room_at(self, code: str) -> str | None:
        with self.reading() as database:
            others = "SELECT address FROM rooms WHERE code = ? AND server <> ?"
            found = database.execute(others, (code, self.server)).fetchone()
        return found and found[0]

    # Within

    def _begin(self, begin: str) -> None:
        if self.connection.in_transaction:  # one that nobody could end; it ends with its session
            self.connection.close()
        if not self.connection.is_closed:
            try:
                self.connection.execute(begin)
                return
            except psycopg.OperationalError:
                if not self.connection.is_closed:
                    raise  # otherwise it was lost since it was used last
        try:
            self._connect()
        except TooNew as error:
            raise Refusal(self._told(error)) from error
        self.connection.execute(begin)

    def _roll_back(self) -> None:
        try:
            super()._roll_back()
        except psycopg.Error:  # it ends with its session; the next begins in a new one
            self.connection.close()

    def _told(self, error: Exception) -> Message:
        if isinstance(error, psycopg.OperationalError) and self.connection.is_closed:
            return msg("library.away", "The library cannot be reached at the moment.")
        if isinstance(error, TooNew):
            return msg("library.newer", "The library was written by a newer version of this program.")
        return super()._told(error)

    def _connect(self) -> None:
        if monotonic() < self._rests_until or self._is_closed.is_set():
            raise psycopg.OperationalError(str(self._failure))
        try:
            self._take(self._new_session())
        except psycopg.Error as error:
            logging.getLogger(__name__).warning("The library cannot be reached: %s", error)
            self._failure, self._rests_until = error, monotonic() + REST_SECONDS
            raise

    def _new_session(self) -> "Session":
        session = Session(psycopg.connect(self._address, autocommit=True, row_factory=_rows, **PATIENCE))
        try:
            session.executemany("SELECT set_config(?, ?, false)", SETTINGS.items())
            _migrate(session)
            session.execute("SELECT pg_advisory_lock_shared(?, ?)", (CLASS, _number(self.server)))
            self._tell_again(session)
        except BaseException:
            session.close()
            raise
        return session

    def _take(self, session: "Session") -> None:
        with self._lock:
            if self.connection.is_closed and not self._is_closed.is_set():
                self.connection = session
            else:
                session.close()  # somebody was faster

    def _tell_again(self, session: "Session") -> None:
        """Owners and rooms, since a database that crashed has lost them."""
        owned = [(run_id, _mark(run_id, owner), self.server) for run_id, owner in list(self._owners.items()) if owner]
        session.executemany(
            "INSERT INTO owners SELECT run_id, ?, ? FROM runs WHERE run_id = ? ON CONFLICT DO NOTHING",
            [(mark, server, run_id) for run_id, mark, server in owned],
        )
        session.executemany(ROOM, [(code, address, self.server) for code, address in list(self._rooms.items())])

    def _stay_connected(self) -> None:
        while not self._is_closed.wait(AGAIN_SECONDS if self.connection.is_closed else LOOK_SECONDS):
            try:
                self._look_at_connection()
            except Exception:  # this server lives for the others only as long as somebody looks
                logging.getLogger(__name__).exception("library")

    def _look_at_connection(self) -> None:
        if not self.connection.is_closed:
            with suppress(Refusal), self.reading():
                pass  # a connection that was lost shows it
            with suppress(Refusal):
                if self._looks_after_others:
                    self.find_interrupted()
        if self.connection.is_closed:
            with suppress(psycopg.Error, TooNew):
                self._take(self._new_session())  # without the lock: others are told at once that it is away

    def _look_after(self, servers: Sequence[str]) -> None:
        with self._lock:
            now = monotonic()
            if now - self._looked > 3 * LOOK_SECONDS:
                self._missing.clear()  # nobody knows whether their locks were there meanwhile
            self._looked = now
            self._missing = {server: self._missing.get(server, now) for server in servers}
            for server, since in self._missing.items():
                if now - since >= MISSING_SECONDS:
                    self._mark_interrupted(server)
                    self._forget(server)

    def _forget(self, server: str) -> None:
        """It ended: whose runs its were is not to stay, and its rooms are over."""
        with self.changing() as database:
            database.execute("DELETE FROM owners WHERE server = ?", (server,))
            database.execute("DELETE FROM rooms WHERE server = ?", (server,))


class Session:
    """A connection of psycopg that takes statements as `sqlite3` does."""

    def __init__(self, connection: psycopg.Connection | None) -> None:
        self._connection = connection

    @property
    def is_closed(self) -> bool:
        return self._connection is None or self._connection.closed

    @property
    def in_transaction(self) -> bool:
        return not self.is_closed and self._connection.info.transaction_status != psycopg.pq.TransactionStatus.IDLE

    def execute(self, statement: str, values: Sequence[Any] = ()) -> psycopg.Cursor:
        return self._connection.execute(_marked(statement), values)

    def executemany(self, statement: str, rows: Iterable[Sequence[Any]]) -> None:
        with self._connection.cursor() as cursor:
            cursor.executemany(_marked(statement), list(rows))

    def close(self) -> None:
        if self._connection:
            self._connection.close()


class Row(tuple):
    """A row whose values are read by column or place."""

    names: dict[str, int]

    def __getitem__(self, key: Any) -> Any:
        return super().__getitem__(self.names[key] if isinstance(key, str) else key)


def _rows(cursor: psycopg.Cursor) -> Any:
    names = {column.name: number for number, column in enumerate(cursor.description or ())}

    def row(values: Sequence[Any]) -> Row:
        made = Row(values)
        made.names = names
        return made

    return row


def _marked(statement: str) -> str:
    return statement.replace("%", "%%").replace("?", "%s")


def _migrate(session: Session) -> None:
    """Make the tables, or bring them up to date; one server does it, and the others wait."""
    if _version(session) == VERSION:
        return
    session.execute(SharedAccess.change)
    for step in range(_version(session), VERSION):
        session.execute(MIGRATIONS[step])
    session.execute("CREATE TABLE IF NOT EXISTS library (version INTEGER NOT NULL)")
    session.execute("DELETE FROM library")
    session.execute("INSERT INTO library VALUES (?)", (VERSION,))
    session.execute("COMMIT")


def _version(session: Session) -> int:
    """Of the tables; 0 where there are none. Raises TooNew."""
    # Not `to_regclass`: asked again in the same session, that does not see what another has made meanwhile.
    there = "SELECT 1 FROM pg_tables WHERE tablename = 'library' AND schemaname = ANY (current_schemas(false))"
    if session.execute(there).fetchone() is None:
        return 0
    version = session.execute("SELECT version FROM library").fetchone()[0]
    if version > VERSION:
        raise TooNew(f"version {version}")
    return version


def _number(server: str) -> int:
    """A server as the number of its lock: 32 bits with a sign."""
    return int.from_bytes(bytes.fromhex(server), signed=True)


def _mark(run_id: str, owner: str) -> str:
    return sha256(f"{run_id} {owner}".encode()).hexdigest()[:32]
