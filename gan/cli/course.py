"""A command's training, which outlives a graphics card's failure."""

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from typing import Any

from gan.records import Change, EpochRecord, NotRecorded, Word
from gan.setup.config import RunConfig


class Course:
    """A trainer, and should a graphics card fail in a way that only another one is safe from, that other one.

    `make(config, start=None, changes=())` makes one, untrained or from a checkpoint; changes are made on the way.
    """

    def __init__(self, make: Callable[..., Any], config: RunConfig, changes: Sequence[Change] = ()) -> None:
        self._make, self._wanted = make, tuple(changes)
        self._made: tuple[Change, ...] = ()  # before the present trainer began
        self._again, self._made_by_then = partial(make, config, changes=self._wanted), ()
        self.trainer = self._again()

    @property
    def changes(self) -> tuple[Change, ...]:
        """Those that were made so far."""
        return (*self._made, *self.trainer.changes)

    def epochs(self, ask: Callable[[], Word]) -> Iterator[EpochRecord]:
        """The trainer's `epochs`, each once, whichever of the two trains it."""
        try:
            yield from self._noted(ask)
        except NotRecorded:
            self._made, self.trainer = self._made_by_then, self._again()
            yield from self._noted(ask)

    def _noted(self, ask: Callable[[], Word]) -> Iterator[EpochRecord]:
        for record in self.trainer.epochs(ask):
            if self.trainer.recorder:  # without one nothing of the kind can happen
                to_come = tuple(change for change in self._wanted if change.step >= record.step)
                config, moment = self.trainer.config, self.trainer.checkpoint()
                self._again = partial(self._make, config, start=moment, changes=to_come)
                self._made_by_then = self.changes
            yield record
