"""The store: runs on disk as they go, so that neither a closed tab nor a killed server loses them.

Settings, numbers and small pictures lie in a database: an SQLite file, or one that servers share. Networks are
safetensors files: in a folder a run, or in an object store. Nothing about people is written.
"""

import shutil
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from gan.messages import Message, Refusal, message_of, msg
from gan.runs.kept import listing, rows
from gan.runs.kept.access import LIVE_STATES, Access, Connection
from gan.runs.kept.database import has_no_room
from gan.runs.kept.library import Library
from gan.runs.kept.listing import StoredRun
from gan.runs.kept.moments import Moments
from gan.runs.state.snapshot import RunState, Snapshot

LIMIT_BYTES = 4 * 2**30
EACH = 0.25  # of the limit that the runs of one owner may fill
LONGEST_NAME = 80
ORPHANS = "DELETE FROM contests WHERE NOT EXISTS (SELECT 1 FROM runs WHERE content LIKE '%' || run_id || '%')"
STANDS = "SELECT run_id, state, server, seconds FROM runs WHERE run_id = ? AND deleted = 0"
TOTAL = """
    UPDATE runs SET bytes = ?
        + (SELECT coalesce(sum(length(numbers)), 0) FROM records WHERE run_id = ?)
        + (SELECT coalesce(sum(length(picture)), 0) FROM frames WHERE run_id = ?)
    WHERE run_id = ?
"""


class LibraryFull(Refusal):
    """There is no room for another run; the message says what to do."""


class Elsewhere(Refusal):
    """Another server has taken over a run, since this one had not answered for a while."""


class Store:
    """All runs that are kept. Any thread may call anything.

    With `only_read` it opens a library that cannot be written: a full or read-only disk. It becomes one that can be
    written as soon as the disk lets it, such as when runs were deleted.

    One that is opened `beside` others, for single runs, leaves it to them to look after what was deleted and what was
    interrupted.

    Raises Damaged, TooNew, sqlite3.Error or OSError where a folder cannot be used; a database that servers share may
    come later. Later trouble raises ValueError with a sentence, except in `save`, which returns it.
    """

    def __init__(
        self,
        library: Library,
        notice: Message | None = None,
        is_passing: bool = False,
        only_read: bool = False,
        beside: bool = False,
    ) -> None:
        self._library, self._limits, self.notice, self._is_passing = library, library.limits, notice, is_passing
        self._files, self._access = library.places(), library.access(only_read)
        self._only_read = not self._access.can_write
        self._trouble: Message | None = None  # at the start, until something was written
        if beside:
            return
        try:
            self._access.find_interrupted()
            if not only_read:
                self.purge()
        except ValueError as error:  # a full disk: what there is can be seen, and deleting makes room
            self._trouble = message_of(error)

    @property
    def library(self) -> Library:
        """Where all of it is kept."""
        return replace(self._library, limits=self._limits)

    @property
    def folder(self) -> Path:
        """Where what is kept on this computer lies."""
        return self._library.folder

    @property
    def access(self) -> Access:
        """To its database, for what is no run: which server has which room."""
        return self._access

    @property
    def notice(self) -> Message | None:
        """What stands in the way of keeping runs here, as long as it does."""
        return None if self._only_read and self._access.can_write else self._notice or self._trouble

    @notice.setter
    def notice(self, notice: Message | None) -> None:
        self._notice = notice

    def close(self) -> None:
        """Close the file; every run of this server must have ended."""
        self._access.close()
        if self._is_passing:
            shutil.rmtree(self.folder, ignore_errors=True)

    # One run as it goes

    def begin(self, snapshot: Snapshot, owner: str = "") -> None:
        """Keep a new run. The oldest ones without a star make room; raises LibraryFull where that is not enough."""
        self._make_room(owner)
        with self._writing() as database:
            self._insert(database, snapshot, owner)
        self._access.own(snapshot.run_id, owner)

    def take(self, snapshot: Snapshot, kept: Mapping[int, bytes], name: str = "", owner: str = "") -> None:
        """Keep a whole run with its moments, or nothing of it. Raises LibraryFull where there is no room for it."""
        run_id = snapshot.run_id
        self._make_room(owner, rows.size(snapshot) + sum(map(len, kept.values())))
        try:
            with self._writing() as database:
                self._insert(database, snapshot, owner, name)
                moments = self.moments(run_id)
                for epoch, content in kept.items():
                    moments.add(epoch, content)
                    if moments.fault:
                        raise Refusal(moments.fault)
                self._save(database, snapshot, moments.bytes)
        except BaseException:
            self._files.of(run_id).clear()
            raise
        self._access.own(run_id, owner)

    def claim(self, run_id: str, seconds: float | None = None) -> None:
        """Have a run that has ended go on here, where it is known as it was after so many `seconds` of training.

        Raises ValueError with a sentence where it is not kept any more, or goes on already, here or on another server,
        or did so meanwhile.
        """
        with self._access.changing() as database:
            row = database.execute(STANDS, (run_id,)).fetchone()
            if row is None:
                raise Refusal("library.gone", "This run is not kept any more.")
            if self._access.state(row).is_live or (seconds is not None and self._was_elsewhere(row, seconds)):
                raise Refusal("library.goes_on", "This run goes on already.")
            self._go_on_here(database, run_id)
        self._access.ended.pop(run_id, None)

    def has_moved_on(self, run_id: str, seconds: float) -> bool:
        """Whether a run that ended after so many seconds of training goes on on another server, or did. One that trains
        on never has as many as before.
        """
        with self._access.reading() as database:
            row = database.execute(STANDS, (run_id,)).fetchone()
        return row is not None and self._was_elsewhere(row, seconds)

    def take_over(self, run_id: str) -> None:
        """Have a run go on here that went on elsewhere, and is known not to any more."""
        with self._access.changing() as database:
            self._go_on_here(database, run_id)

    def drop(self, run_id: str) -> None:
        """Delete a run for good."""
        with self._access.changing() as database:
            database.execute("DELETE FROM runs WHERE run_id = ?", (run_id,))
        self._files.of(run_id).clear()

    def save(self, snapshot: Snapshot, size: int) -> Message | None:
        """Write what is new of a run; `size` are the bytes of its moments.

        Returns why that was not possible; the next call then writes what was left out. Raises Elsewhere where another
        server goes on with the run.
        """
        try:
            with self._writing() as database:
                self._save(database, snapshot, size)
        except Elsewhere:
            raise
        except ValueError as error:
            if not snapshot.state.is_live:
                self._access.ended[snapshot.run_id] = snapshot.state
            return msg("library.unsaved", "This run is not kept at the moment. {why}", why=message_of(error))
        self._access.ended.pop(snapshot.run_id, None)
        return None

    def _was_elsewhere(self, row: Any, seconds: float) -> bool:
        """What was kept here last is as it is in memory, or older: where the disk was full."""
        is_other = self._access.state(row).is_live or row["seconds"] != seconds
        return row["server"] != self._access.server and is_other

    def _go_on_here(self, database: Connection, run_id: str) -> None:
        values = RunState.STARTING.value, self._access.server, run_id
        database.execute("UPDATE runs SET state = ?, server = ? WHERE run_id = ?", values)

    def _insert(self, database: Connection, snapshot: Snapshot, owner: str, name: str = "") -> None:
        row = rows.to_row(snapshot) | {"run_id": snapshot.run_id, "server": self._access.server, "name": _short(name)}
        row["created"] = datetime.now(UTC).isoformat()
        names, marks = ", ".join(row), ", ".join("?" * len(row))
        database.execute(f"INSERT INTO runs ({names}) VALUES ({marks})", tuple(row.values()))
        self._access.tell_owner(snapshot.run_id, owner)

    def _save(self, database: Connection, snapshot: Snapshot, size: int) -> None:
        run_id = snapshot.run_id
        row = rows.to_row(snapshot) | {"server": self._access.server}
        if not self._update_own(database, run_id, row):
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
        database.execute(TOTAL, (size + rows.row_size(row), run_id, run_id, run_id))

    def _update_own(self, database: Connection, run_id: str, row: Mapping[str, object]) -> bool:
        """Whether the run is there. Raises Elsewhere where it goes on, or waits, on another server that lives."""
        found = database.execute("SELECT run_id, state, server FROM runs WHERE run_id = ?", (run_id,)).fetchone()
        if found is None:
            return False
        if found["server"] != self._access.server and self._access.state(found).is_live:
            raise Elsewhere("library.elsewhere", "This run goes on elsewhere: its library is shared.")
        names = ", ".join(f"{name} = ?" for name in row)
        database.execute(f"UPDATE runs SET {names} WHERE run_id = ?", (*row.values(), run_id))
        return True

    def rewind(self, run_id: str, epoch: int) -> None:
        """Forget the records after `epoch`, since the run goes on from there."""
        with self._access.changing() as database:
            database.execute("DELETE FROM records WHERE run_id = ? AND epoch > ?", (run_id, epoch))

    def load(self, run_id: str) -> Snapshot | None:
        """A run as it was when it was saved last; None where there is no such run."""
        with self._access.reading() as database:
            row = database.execute("SELECT * FROM runs WHERE run_id = ? AND deleted = 0", (run_id,)).fetchone()
            if row is None:
                return None
            records = database.execute("SELECT numbers FROM records WHERE run_id = ? ORDER BY epoch", (run_id,))
            frames = database.execute("SELECT number, picture FROM frames WHERE run_id = ? ORDER BY number", (run_id,))
            numbers, frames = [text for (text,) in records], dict(map(tuple, frames))
        moments = self.moments(run_id)
        if moments.fault:
            raise Refusal(moments.fault)
        return rows.from_row(row, self._access.state(row), numbers, frames, moments.epochs)

    def moments(self, run_id: str) -> Moments:
        """The kept moments of a run."""
        return Moments(self._files.of(run_id), int(self._limits.past_mb * 2**20))

    # Races and sweeps

    def keep_contest(self, contest_id: str, content: str) -> None:
        """Keep what a contest is."""
        with self._access.changing() as database:
            row = contest_id, datetime.now(UTC).isoformat(), content
            database.execute("INSERT INTO contests VALUES (?, ?, ?)", row)

    def contest(self, contest_id: str) -> str | None:
        """What `keep_contest` was given; None where there is no such contest."""
        with self._access.reading() as database:
            row = database.execute("SELECT content FROM contests WHERE contest_id = ?", (contest_id,)).fetchone()
        return row and row["content"]

    def contests(self) -> list[str]:
        """What `keep_contest` was given, all of it, the newest first."""
        with self._access.reading() as database:
            return [content for (content,) in database.execute("SELECT content FROM contests ORDER BY created DESC")]

    # The library

    def runs(self, search: str = "", deleted: bool = False) -> list[StoredRun]:
        """The runs whose name or settings hold every word of `search`, the newest first."""
        self._access.find_interrupted()
        with self._access.reading() as database:
            order = f"SELECT {listing.SUMMARY} FROM runs WHERE deleted = ? ORDER BY number DESC"
            found = [listing.stored(row, self._access.state(row)) for row in database.execute(order, (int(deleted),))]
        return [run for run in found if all(word in listing.text(run) for word in search.lower().split())]

    def run_ids(self) -> list[str]:
        """All runs that are not deleted."""
        with self._access.reading() as database:
            return [run_id for (run_id,) in database.execute("SELECT run_id FROM runs WHERE deleted = 0")]

    def owner(self, run_id: str) -> str | None:
        """Who started the run, if that was on this server and since it was started."""
        return self._access.owner(run_id)

    def runs_of(self, owner: str) -> set[str]:
        """The runs that this owner started, on any server that lives and shares the library."""
        return self._access.runs_of(owner)

    def name(self, run_id: str) -> str:
        """What a run is called; "" until somebody names it."""
        with self._access.reading() as database:
            found = database.execute("SELECT name FROM runs WHERE run_id = ?", (run_id,)).fetchone()
        return found[0] if found else ""

    def rename(self, run_id: str, name: str) -> None:
        self._set(run_id, name=_short(name))

    def star(self, *run_ids: str, is_starred: bool = True) -> None:
        """A run with a star never has to make room for others."""
        self._set(*run_ids, starred=int(is_starred))

    def delete(self, *run_ids: str) -> None:
        """Take runs off the list, all or none; `restore` brings them back until the server ends or needs their room.

        On a full disk their networks go at once, and make the room that this takes. Raises ValueError with a sentence
        where one of them goes on.
        """
        try:
            self._delete(run_ids)
        except ValueError as error:
            if not has_no_room(error.__cause__):
                raise
            self._make_free()
            for run_id in run_ids:
                self._files.of(run_id).clear()
            self._delete(run_ids)

    def _delete(self, run_ids: Sequence[str]) -> None:
        with self._writing() as database:
            for run_id in run_ids:
                row = database.execute("SELECT run_id, state, server FROM runs WHERE run_id = ?", (run_id,)).fetchone()
                if row and self._access.state(row).is_live:
                    raise Refusal("runs.stop_first", "This run goes on: stop it before you delete it.")
                database.execute("UPDATE runs SET deleted = 1 WHERE run_id = ?", (run_id,))

    def restore(self, *run_ids: str) -> None:
        """Bring deleted runs back, all or none."""
        self._set(*run_ids, deleted=0)

    def purge(self) -> None:
        """Delete for good what was taken off the list, and contests of which no run is left."""
        there = self._files.names()  # before the list: runs begin meanwhile
        self._make_free()
        with self._access.changing() as database:
            database.execute("DELETE FROM runs WHERE deleted = 1")
            database.execute(ORPHANS)
            known = {run_id for (run_id,) in database.execute("SELECT run_id FROM runs")}
        for run_id in there:
            if run_id not in known:
                self._files.of(run_id).clear()

    @property
    def used_bytes(self) -> int:
        """What all runs take on the disk."""
        with self._access.reading() as database:
            return database.execute("SELECT CAST(coalesce(sum(bytes), 0) AS BIGINT) FROM runs").fetchone()[0]

    @property
    def limit_bytes(self) -> int:
        """What they may take: unless that is set, 4 GB and at most half of what is free."""
        if self._limits.library_mb:
            return int(self._limits.library_mb * 2**20)
        free = self._files.free_bytes
        return LIMIT_BYTES if free is None else min(LIMIT_BYTES, self.used_bytes + free // 2)

    # Within

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """A change that is sure to write something: where it works, a disk that was full is so no more."""
        with self._access.changing() as database:
            yield database
        self._trouble = None

    def _make_room(self, owner: str, size: int = 0) -> None:
        """Make room for `size` bytes more, by the oldest runs without a star. Raises LibraryFull, and drops nothing."""
        limit = self.limit_bytes
        if self.used_bytes + size > limit:
            self.purge()
        if owner:
            self._drop_oldest(EACH * limit, size, self._access.runs_of(owner))
        self._drop_oldest(limit, size)

    def _drop_oldest(self, limit: float, size: int, among: Set[str] | None = None) -> None:
        """Drop the oldest runs without a star until all, or those `among` which it looks, leave room for `size`."""
        if size > limit:
            raise LibraryFull(
                "library.too_large",
                "This run takes {mb:.1f} MB. That is more than the library may hold for you: {most:.1f} MB.",
                mb=size / 2**20,
                most=limit / 2**20,
            )
        with self._access.changing() as database:
            found = database.execute(
                f"SELECT run_id, bytes, starred = 1 OR state IN ({LIVE_STATES}) AS stays FROM runs ORDER BY number"
            ).fetchall()
            found = [row for row in found if among is None or row["run_id"] in among]
            used, gone = size + sum(row["bytes"] for row in found), []
            for row in found:
                if used > limit and not row["stays"]:
                    gone.append(row["run_id"])
                    used -= row["bytes"]
            if used > limit:
                raise LibraryFull("library.full", "The library is full of starred runs. Delete some, or unstar them.")
            database.executemany("DELETE FROM runs WHERE run_id = ?", [(run_id,) for run_id in gone])
        for run_id in gone:
            self._files.of(run_id).clear()

    def _make_free(self, but: Sequence[str] = ()) -> bool:
        """Remove the networks of what was taken off the list; returns whether that made room."""
        with self._access.reading() as database:
            gone = [run_id for (run_id,) in database.execute("SELECT run_id FROM runs WHERE deleted = 1")]
        there = set(self._files.names()).difference(but).intersection(gone)
        for run_id in there:
            self._files.of(run_id).clear()
        return bool(there)

    def _set(self, *run_ids: str, **values: object) -> None:
        try:
            self._update(run_ids, values)
        except ValueError as error:
            if not (has_no_room(error.__cause__) and self._make_free(but=run_ids)):
                raise
            self._update(run_ids, values)

    def _update(self, run_ids: Sequence[str], values: Mapping[str, object]) -> None:
        names = ", ".join(f"{name} = ?" for name in values)
        with self._writing() as database:
            each = [(*values.values(), run_id) for run_id in run_ids]
            database.executemany(f"UPDATE runs SET {names} WHERE run_id = ?", each)


def _short(name: str) -> str:
    return " ".join(name.replace("\0", "").split())[:LONGEST_NAME]
