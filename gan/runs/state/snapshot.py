"""Snapshot: all there is to know of a run at one moment, as plain data."""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from itertools import count
from typing import Self

import numpy as np

from gan.messages import Message
from gan.records import Change, EpochRecord, Measures, Plane, Point, Reading, Scores, Wish
from gan.runs.state.faults import Fault
from gan.setup.config import RunConfig

NO_WISH = Wish()
_moments = count()


class RunState(StrEnum):
    QUEUED = "queued"  # waiting for a place
    STARTING = "starting"  # pictures and networks are being made ready
    RUNNING = "running"
    PAUSED = "paused"  # at rest between two steps
    STOPPING = "stopping"  # asked to stop, not there yet
    FINISHED = "finished"  # all epochs done
    STOPPED = "stopped"  # somebody stopped it
    ABANDONED = "abandoned"  # nobody watched any more
    INTERRUPTED = "interrupted"  # its server ended without a word
    FAILED = "failed"  # see Snapshot.fault

    @property
    def is_live(self) -> bool:
        return self in LIVE


LIVE = (RunState.QUEUED, RunState.STARTING, RunState.RUNNING, RunState.PAUSED, RunState.STOPPING)


@dataclass(frozen=True)
class Snapshot:
    """A run at one moment; it never changes."""

    run_id: str
    config: RunConfig  # as it is now
    state: RunState = RunState.STARTING
    place: int | None = None  # in the queue, from 1
    reading: Reading | None = None  # the newest, with its samples
    records: tuple[EpochRecord, ...] = ()  # without samples
    points: tuple[Point, ...] = ()  # for the charts, a bounded number
    frames: Mapping[int, np.ndarray] = field(default_factory=dict)  # sample grids by their reading's number, bounded
    seconds: float = 0.0  # of training so far
    budget: float | None = None  # seconds that it trains, in place of its epochs; None = it goes by these
    scores: tuple[tuple[float, Scores], ...] = ()  # with their epochs, a bounded number
    floor: Scores | None = None  # what real pictures would score
    wish: Wish = NO_WISH  # what the newest reading shows
    measures: Measures | None = None  # of one that was compared with others, once it has trained
    fault: Fault | None = None
    begun_with: RunConfig | None = None  # the config before all changes; None = the same
    changes: tuple[Change, ...] = ()  # made while it ran, oldest first
    refusal: Message | None = None  # why the newest wish or change could not be met
    threads: int | None = None  # torch's, with which it computes; with others the last digits of all numbers differ
    remark: Message | None = None  # why it trains slower than the device could
    unkept: Message | None = None  # what is wrong with keeping the run on disk
    planes: tuple[Plane, ...] = ()  # of a dots run while they are wished for: at most the 16 newest, oldest first
    kept: tuple[int, ...] = ()  # epochs that can be seen again
    parent: str | None = None  # the run that it was forked from
    forked_at: int | None = None  # at this epoch
    resumed_at: int | None = None  # the epoch from which it went on last, after it had ended
    # By it a moment is known without being kept. Each snapshot of this process has another.
    moment: int = field(default_factory=lambda: next(_moments), init=False, compare=False, repr=False)

    def seen_as(self, state: RunState, place: int | None = None) -> Self:
        """The same moment, as it looks from outside."""
        seen = replace(self, state=state, place=place)
        object.__setattr__(seen, "moment", self.moment)
        return seen

    @property
    def first_config(self) -> RunConfig:
        return self.begun_with or self.config

    @property
    def epochs(self) -> int:
        """Those that it will have been through: as its settings say, or as its budget seems to be enough for."""
        if self.budget is None:
            return self.config.epochs
        done = self.reading.epoch if self.reading else 0.0
        ahead = self.budget / self.seconds if self.state.is_live and self.seconds else 1.0
        return math.ceil(max(1.0, done, done * ahead))

    @property
    def seconds_left(self) -> float | None:
        """Seconds to the end at the pace so far; None before there is a pace."""
        if self.budget is not None:
            return max(0.0, self.budget - self.seconds)
        begun = self.forked_at or 0
        done = self.reading.epoch - begun if self.reading else 0
        return self.seconds * (self.config.epochs - begun - done) / done if done else None

    def as_of(self, epoch: int) -> tuple[Self, tuple[Change, ...]]:
        """The run as it was after `epoch`, about to go on, and the changes that were made later."""
        step = max((record.step for record in self.records if record.epoch <= epoch), default=0)
        later = tuple(change for change in self.changes if change.step >= step)
        earlier = tuple(change for change in self.changes if change.step < step)
        cut = replace(
            self,
            state=RunState.STARTING,
            config=self.first_config.after(change.settings for change in earlier),
            changes=earlier,
            records=tuple(record for record in self.records if record.epoch <= epoch),
            points=tuple(point for point in self.points if point.epoch <= epoch),
            scores=tuple(each for each in self.scores if each[0] <= epoch),
            measures=None,
            fault=None,
            refusal=None,
            unkept=None,
            planes=(),
        )
        return cut, later
