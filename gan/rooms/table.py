"""A light-table: pictures that a class brings, drawn or photographed, to be sorted before a network learns from them.

In memory, gone with the lesson, like a room. Its id is for who opened it alone.
"""

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from threading import RLock
from time import monotonic

from gan.data import own
from gan.data.own import Found, OwnSet
from gan.messages import Refusal

MOST_TABLES = 32
IDLE_SECONDS = 3 * 3600.0


@dataclass(frozen=True, eq=False)
class Lying:
    """A picture on the table; its `number` is its own for good."""

    number: int
    found: Found

    @property
    def kind(self) -> str:
        return self.found.kind


class Table:
    """Several threads may add, label and remove at once. `is_coloured` is how the pictures are looked at."""

    def __init__(self, table_id: str, clock: Callable[[], float] = monotonic) -> None:
        self.table_id, self.clock = table_id, clock
        self.is_coloured = False
        self.version = 0  # goes up with each change
        self._lock = RLock()
        self._lying: dict[int, Lying] = {}
        self._taken: list[Lying] = []  # what was removed last
        self._next = 1
        self.touched = clock()

    def add(self, found: Iterable[Found]) -> int:
        """Lay pictures on the table, as many as there is room for; how many those were."""
        with self._lock:
            new = list(found)[: self._places]
            for each in new:
                self._lying[self._next] = Lying(self._next, each)
                self._next += 1
            self._change()
            return len(new)

    def look(self, is_coloured: bool) -> None:
        """Have the pictures looked at in colour, or as drawings."""
        with self._lock:
            if self.is_coloured != is_coloured:
                self.is_coloured = is_coloured
                self._change()

    def label(self, numbers: Iterable[int], kind: str) -> None:
        """Call these pictures so."""
        with self._lock:
            for number in numbers:
                if lying := self._lying.get(number):
                    self._lying[number] = replace(lying, found=replace(lying.found, kind=own.kind_name(kind)))
            self._change()

    def remove(self, numbers: Iterable[int]) -> None:
        with self._lock:
            self._taken = [self._lying.pop(number) for number in numbers if number in self._lying]
            self._change()

    def put_back(self) -> None:
        """What was removed last lies where it lay, as much of it as there is room for."""
        with self._lock:
            back, self._taken = self._taken[: self._places], self._taken[self._places :]
            self._lying = dict(sorted((self._lying | {each.number: each for each in back}).items()))
            self._change()

    @property
    def taken(self) -> int:
        """How many pictures `put_back` would bring."""
        return len(self._taken)

    def kinds(self) -> dict[str, list[Lying]]:
        """What lies there, by what it is called; in the order of these names."""
        with self._lock:
            self.touched = self.clock()
            found: dict[str, list[Lying]] = {}
            for each in self._lying.values():
                found.setdefault(each.kind, []).append(each)
        return dict(sorted(found.items()))

    def as_set(self) -> OwnSet:
        """All that lies there as a set. Raises Refusal where that is none."""
        return own.made_of([each.found for kind in self.kinds().values() for each in kind], self.is_coloured)

    @property
    def count(self) -> int:
        return len(self._lying)

    @property
    def is_full(self) -> bool:
        return not self._places

    @property
    def _places(self) -> int:
        """How many more pictures there is room for."""
        return max(0, own.MOST_PICTURES - len(self._lying))

    def _change(self) -> None:
        self.version, self.touched = self.version + 1, self.clock()


class Tables:
    """All light-tables of a server."""

    def __init__(self, clock: Callable[[], float] = monotonic) -> None:
        self._clock, self._lock = clock, RLock()
        self._tables: dict[str, Table] = {}

    def open(self) -> Table:
        """A new table, if need be for the empty one that nobody has touched for longest. Raises Refusal where there
        are too many.
        """
        with self._lock:
            self._sweep()
            if len(self._tables) >= MOST_TABLES:
                self._drop_an_empty_one()
            table = Table(secrets.token_hex(8), self._clock)
            self._tables[table.table_id] = table
            return table

    def of(self, table_id: str | None) -> Table | None:
        """The table for who opened it."""
        with self._lock:
            self._sweep()
            return self._tables.get(table_id or "")

    def all(self) -> list[Table]:
        """The tables that are open, the oldest first."""
        with self._lock:
            self._sweep()
            return list(self._tables.values())

    def clear(self) -> None:
        """Have all of them gone."""
        with self._lock:
            self._tables.clear()

    def _drop_an_empty_one(self) -> None:
        empty = [table for table in self._tables.values() if not table.count]
        if not empty:
            raise Refusal("table.many", "There are {most} light-tables already. Empty one first.", most=MOST_TABLES)
        self._tables.pop(min(empty, key=lambda table: table.touched).table_id)

    def _sweep(self) -> None:
        now = self._clock()
        for table in [each for each in self._tables.values() if now - each.touched > IDLE_SECONDS]:
            self._tables.pop(table.table_id)
