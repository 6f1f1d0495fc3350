"""All rooms of a server, by their codes."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock
from time import monotonic
from typing import Protocol

from gan.messages import Refusal
from gan.rooms.room import Phase, Room

LETTERS = "BCDFGHJKMNPQRTVWXY"  # none that is read as another, and no words
CODE = 4  # letters
MOST = 16  # rooms at once
IDLE_SECONDS = 3 * 3600.0  # after which a room in which nobody does anything is gone
OVER_SECONDS = 60.0  # after which one that was ended is


class Directory(Protocol):
    """Which server has which room, for all that are known under one address."""

    def claim(self, code: str) -> bool:
        """The room with this code is to be here; False where another server has one with the same."""

    def leave(self, code: str) -> None:
        """That room is over."""


class Rooms:
    def __init__(self, clock: Callable[[], float] = monotonic, directory: Directory | None = None) -> None:
        self._clock, self._directory, self._lock = clock, directory, Lock()
        self._rooms: dict[str, Room] = {}

    def open(self, run_id: str, room_id: str | None = None, owner: str = "") -> Room:
        """A new room for a run, or for who knows its `room_id` already: then the one that is open under it, if one is.
        Raises Refusal where there are too many.
        """
        for code in iter(_code, None):
            if room_id and (room := self.of(room_id)):
                return room
            with self._swept() as rooms:
                count = len(rooms)
            if count >= MOST:
                raise Refusal("room.many", "There are {most} rooms already. End one first.", most=MOST)
            if self._directory and not self._directory.claim(code):  # may take a while: devices need not wait for it
                continue
            with self._lock:
                if code not in self._rooms:
                    room = self._rooms[code] = Room(room_id or secrets.token_hex(8), code, run_id, self._clock, owner)
                    return room

    def find(self, code: str) -> Room | None:
        """The room with this code, however it was typed; None where there is none."""
        with self._swept() as rooms:
            return rooms.get(code.upper())

    def of(self, room_id: str | None) -> Room | None:
        """The room for who opened it, until it is over."""
        return next((room for room in self.all() if room.room_id == room_id), None)

    def of_owner(self, owner: str) -> list[Room]:
        """The rooms that this one may find again, the oldest first."""
        return [room for room in self.all() if owner and room.owner == owner]

    def all(self) -> list[Room]:
        """The rooms that are open, the oldest first."""
        with self._swept() as rooms:
            return [room for room in rooms.values() if room.phase is not Phase.OVER]

    @contextmanager
    def _swept(self) -> Iterator[dict[str, Room]]:
        """The rooms, without those that nobody needs any more; others hear of these once nobody waits."""
        with self._lock:
            now = self._clock()
            gone = [room for room in self._rooms.values() if now - room.touched > _stays(room)]
            for room in gone:
                del self._rooms[room.code]
            yield self._rooms
        if self._directory:
            for room in gone:
                self._directory.leave(room.code)


def _stays(room: Room) -> float:
    """Seconds that a room which nobody touches is kept."""
    return OVER_SECONDS if room.phase is Phase.OVER else IDLE_SECONDS


def _code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE))
