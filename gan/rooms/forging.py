"""Drawings that are to fool the discriminator of a run's newest kept epoch, and the best one of each device.

What has come is judged all together, when the teacher's screen looks or a while after a device has asked: sending costs
a device's request no more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from threading import Lock
from time import monotonic
from typing import TYPE_CHECKING

import numpy as np

from gan import export, inside
from gan.data.framing import box_of
from gan.runs import Run

if TYPE_CHECKING:
    from gan.inside.moment import Moment

LIKE = 4  # real pictures that are shown for what to draw
REST_SECONDS = 1.0  # between two looks for devices at what has come


@dataclass(frozen=True, eq=False)
class Forged:
    """A drawing, and what the discriminator of an epoch made of it."""

    device: int  # its number in the room
    epoch: int
    picture: np.ndarray  # as the discriminator was shown it
    belief: float  # how real it found that, 0..1

    @property
    def has_fooled(self) -> bool:
        return self.belief > 0.5

    @property
    def rank(self) -> tuple[bool, int, float]:
        """The higher the better: a discriminator that was fooled, a later one of these, a greater belief."""
        return self.has_fooled, self.epoch * self.has_fooled, self.belief

    @cached_property
    def file(self) -> bytes:
        """The picture as a PNG file."""
        return export.png(self.picture)


class Forging:
    """What a room has drawn so far; `like` are PNG files of real pictures. Several threads may ask at once."""

    def __init__(self, like: tuple[bytes, ...] = (), clock: Callable[[], float] = monotonic) -> None:
        self.like, self._clock = like, clock
        self._due = 0.0  # when `is_due` says yes again
        self.tries = 0  # that were judged
        self._lock, self._judging = Lock(), Lock()
        self._waiting: list[tuple[int, np.ndarray]] = []
        self._last: dict[int, Forged] = {}
        self._best: dict[int, Forged] = {}
        self._forgotten: set[int] = set()  # devices: what is being judged of theirs counts no more

    def take(self, device: int, levels: np.ndarray) -> None:
        """A device's drawing, light ink on dark uint8 (n, n), to be judged."""
        with self._lock:
            if device not in self._forgotten:
                self._waiting.append((device, levels))

    def is_due(self) -> bool:
        """Whether something waits that nobody judges yet, and this caller is to have it judged: one at a time."""
        with self._lock:
            if not self._waiting or self._judging.locked() or self._clock() < self._due:
                return False
            self._due = self._clock() + REST_SECONDS
            return True

    def judge(self, run: Run) -> bool:
        """Have what waits judged by the newest kept epoch of a run; whether anything did.

        Raises ValueError with a sentence where that epoch cannot be read: then it waits on.
        """
        with self._judging:
            if not self._waiting:
                return False
            epoch = run.moments.epochs[-1]
            moment = inside.open_moment(*run.as_kept(epoch))
            with self._lock:
                waiting, self._waiting = self._waiting, []
            for device, levels in waiting:
                self._keep(_judged(moment, device, epoch, levels))
            with self._lock:
                self._due = self._clock() + REST_SECONDS
            return bool(waiting)

    def best(self, most: int) -> list[Forged]:
        """The best of the room, one a device, the best first."""
        with self._lock:
            return sorted(self._best.values(), key=lambda each: each.rank, reverse=True)[:most]

    def of(self, device: int) -> tuple[Forged | None, Forged | None]:
        """A device's newest and its best drawing."""
        with self._lock:
            return self._last.get(device), self._best.get(device)

    def forget(self, device: int) -> None:
        """Nothing that this device drew counts, nor what it will draw."""
        with self._lock:
            self._forgotten.add(device)
            self._waiting = [each for each in self._waiting if each[0] != device]
            self._last.pop(device, None)
            self._best.pop(device, None)

    def _keep(self, new: Forged) -> None:
        with self._lock:
            if new.device in self._forgotten:
                return
            self.tries += 1
            self._last[new.device] = new
            if (best := self._best.get(new.device)) is None or new.rank > best.rank:
                self._best[new.device] = new


def begin_forging(run: Run) -> Forging:
    """Nothing drawn yet, with some of the run's real pictures. Raises ValueError as `judge` does."""
    moment = inside.open_moment(*run.as_kept(run.moments.epochs[-1]))
    return Forging(tuple(export.png(picture) for picture in inside.reals(moment, LIKE).pictures))


def is_empty(levels: np.ndarray) -> bool:
    """Whether nothing is drawn there."""
    return box_of(levels.astype(float)) is None


def _judged(moment: "Moment", device: int, epoch: int, levels: np.ndarray) -> Forged:
    """Brought into the frame and the colours of the set, told to a conditional discriminator as what it is read as."""
    blank = np.array(moment.framing.blank, float)
    ink = blank + levels[..., None] / 255 * (255 - 2 * blank)  # as far from blank as can be
    paper = ink.round().astype(np.uint8)
    picture = inside.into_frame(moment, paper if len(blank) == 3 else paper[..., 0])
    label = None
    if moment.is_conditional:
        kinds, reading = moment.config.learned_classes, inside.read(moment, picture)
        label = reading.label if reading and reading.label in kinds else kinds[0]
    belief = inside.judge(moment, inside.Subject(picture, is_real=True, label=label)).belief
    return Forged(device, epoch, picture, belief if belief == belief else 0.0)  # one that has run away believes nothing
