"""A command's training, which outlives a graphics card's failure."""

from collections.abc import Callable, Iterator
from typing import Any

from gan.records import EpochRecord, NotRecorded, Word


class Course:
    """A trainer, and should a graphics card fail in a way that only another one is safe from, that other one.

    `make(start=None)` makes one, untrained or from a checkpoint.
    """

    def __init__(self, make: Callable[..., Any]) -> None:
        self._make, self._moment = make, None
        self.trainer = make()

    def epochs(self, ask: Callable[[], Word]) -> Iterator[EpochRecord]:
        """The trainer's `epochs`, each once, whichever of the two trains it."""
        try:
            yield from self._noted(ask)
        except NotRecorded:
            self.trainer = self._make(start=self._moment)
            yield from self._noted(ask)

    def _noted(self, ask: Callable[[], Word]) -> Iterator[EpochRecord]:
        for record in self.trainer.epochs(ask):
            if self.trainer.recorder:  # without one nothing of the kind can happen
                self._moment = self.trainer.checkpoint()
            yield record
