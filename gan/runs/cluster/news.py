"""News of a run that trains elsewhere: plain data, and of what only ever grows just what is new."""

from collections.abc import Mapping, Set
from dataclasses import dataclass, replace

import numpy as np

from gan.messages import Message
from gan.runs.state.snapshot import Snapshot


@dataclass(frozen=True)
class Known:
    """What who asks for news knows already."""

    version: tuple[str, int] = ("", -1)  # of the news, by who told them
    frames: Set[int] = frozenset()  # of the film


@dataclass(frozen=True)
class Steered:
    """How a run stands to what was asked of it."""

    is_held: bool = False
    is_resting: bool = False
    refusal: Message | None = None


@dataclass(frozen=True)
class News:
    """A run at one moment, without those pictures that are known."""

    version: tuple[str, int]
    snapshot: Snapshot  # its frames are the new ones alone
    frames: tuple[int, ...]  # of the whole film
    steered: Steered

    def whole(self, before: Mapping[int, np.ndarray]) -> Snapshot:
        """The snapshot with its whole film, of which `before` was known."""
        known = {**before, **self.snapshot.frames}
        return replace(self.snapshot, frames={number: known[number] for number in self.frames if number in known})


def news_of(snapshot: Snapshot, steered: Steered, version: tuple[str, int], known: Known) -> News:
    """What is new for somebody who knows so much."""
    new = {number: frame for number, frame in snapshot.frames.items() if number not in known.frames}
    return News(version, replace(snapshot, frames=new), tuple(snapshot.frames), steered)
