"""News of a run that trains elsewhere: plain data, and of what only ever grows just what is new."""

from collections.abc import Set
from dataclasses import dataclass, replace

from gan.messages import Message
from gan.runs.state.snapshot import Snapshot


@dataclass(frozen=True)
class Known:
    """What who asks for news knows already."""

    version: tuple[str, int] = ("", -1)  # of the news, by who told them
    frames: Set[int] = frozenset()  # of the film
    records: int = 0  # from the first on, of the run as that one told it


@dataclass(frozen=True)
class Steered:
    """How a run stands to what was asked of it."""

    is_held: bool = False
    is_resting: bool = False
    refusal: Message | None = None


@dataclass(frozen=True)
class News:
    """A run at one moment, without those pictures and records that are known."""

    version: tuple[str, int]
    snapshot: Snapshot  # its frames and records are the new ones alone
    frames: tuple[int, ...]  # of the whole film
    steered: Steered
    records: int = 0  # that come before the new ones

    def whole(self, before: Snapshot) -> Snapshot:
        """The snapshot with its whole film and all its records, of which those of `before` were known."""
        known = {**before.frames, **self.snapshot.frames}
        frames = {number: known[number] for number in self.frames if number in known}
        return replace(self.snapshot, frames=frames, records=before.records[: self.records] + self.snapshot.records)


def news_of(snapshot: Snapshot, steered: Steered, version: tuple[str, int], known: Known) -> News:
    """What is new for somebody who knows so much."""
    frames = {number: frame for number, frame in snapshot.frames.items() if number not in known.frames}
    records = known.records if known.version[0] == version[0] else 0  # who went on elsewhere may have fewer
    told = replace(snapshot, frames=frames, records=snapshot.records[records:])
    return News(version, told, tuple(snapshot.frames), steered, records)
