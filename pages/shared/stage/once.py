"""Once a moment of a run, not once a viewer: what all pages show alike is worked out by the first that asks."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Concatenate, ParamSpec, TypeVar

from gan.runs import Snapshot

KEPT = 16  # results of each function: a few runs, in both themes

P, T = ParamSpec("P"), TypeVar("T")


def once(make: Callable[Concatenate[Snapshot, P], T]) -> Callable[Concatenate[Snapshot, P], T]:
    """A function of a snapshot and other plain values, worked out once for all threads that show this snapshot."""

    @lru_cache(maxsize=KEPT)
    def kept(moment: _Moment, *others: P.args) -> T:
        return make(moment.snapshot, *others)

    @wraps(make)
    def shared(snapshot: Snapshot, *others: P.args) -> T:
        return kept(_Moment(snapshot), *others)

    return shared


class _Moment:
    """A snapshot as a key. A run at rest hands out a new one at each look, but made of the very same parts."""

    def __init__(self, snapshot: Snapshot) -> None:
        self.snapshot = snapshot  # kept, so that no other object gets the identity of one of its parts
        self._parts = tuple(map(id, vars(snapshot).values()))

    def __hash__(self) -> int:
        return hash(self._parts)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Moment) and self._parts == other._parts
