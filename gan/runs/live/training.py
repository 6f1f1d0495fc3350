"""What a run asks of the engine. Torch is imported only here, and on the thread that asks."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

from gan.records import Budget, Change, Measures, Reading, Wish
from gan.setup.config import RunConfig

if TYPE_CHECKING:
    from torch import nn


def make_trainer(
    config: RunConfig,
    start: bytes | None = None,
    changes: Sequence[Change] = (),
    budget: Budget | None = None,
    shared_by: int = 1,
    cores: int | None = None,
):
    """A trainer; with a `start`, from that moment on, with `changes` to be made again on the way.

    Its threads are what `gan.learn.threads` gives to one of so many runs that the cores are shared out to: those of
    this computer, unless it has only some of them.
    """
    from gan.learn import device, threads
    from gan.learn.trainer import Trainer

    threads.use_threads(threads.threads_for(config, cores or device.cores(), shared_by))
    return Trainer(config, changes=changes, start=start, budget=budget)


def check_room(configs: Sequence[RunConfig], at_once: int, beside: Sequence[RunConfig]) -> None:
    """Refuse, with a sentence, runs for which this computer has no room in its memory: see `memory.check`."""
    from gan.learn import memory

    memory.check(*configs, at_once=at_once, beside=beside)


class Eyes:
    """How a moment that was kept is seen: by its two networks alone. Raises ValueError for one that is damaged."""

    @staticmethod
    def check(config: RunConfig, moments: Mapping[int, bytes]) -> None:
        """Raises ValueError with a sentence unless these moments, by epoch, are ones that the run could go on from."""
        from gan.learn import past

        past.check(config, moments)

    @staticmethod
    def look_back(config: RunConfig, moment: bytes, wish: Wish) -> tuple[np.ndarray, tuple[float, ...]]:
        """The samples of that moment, uint8 (64, h, w) or (64, h, w, 3), and D's belief in each, 0..1."""
        from gan.learn import past

        return past.look_back(config, moment, wish)

    @staticmethod
    def look_again(config: RunConfig, moment: bytes, wish: Wish, reading: Reading) -> Reading:
        """The reading of that moment with what is wished for now."""
        from gan.learn import past

        return past.look_again(config, moment, wish, reading)

    @staticmethod
    def measure(config: RunConfig, moment: bytes) -> Measures:
        """What the generator of that moment is measured by."""
        from gan.inside import measuring

        return measuring.measure(config, moment)


def generator_of(config: RunConfig, moment: bytes) -> "nn.Module":
    """The generator of a kept moment, the averaged one where there is one."""
    from gan.learn import past

    return past.networks(config, moment).generator
