"""Control: what those who watch a run ask of it, and how its thread obeys between two steps."""

import math
import threading
from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, Protocol

from gan.messages import Message, message_of
from gan.records import Word

LOOK_SECONDS = 1.0  # how often a paused run looks whether anybody is still there


class Steered(Protocol):
    """A trainer, as far as it is steered."""

    epoch: float  # epochs done

    def change(self, **settings: Any) -> None:
        """Go on with some settings changed. Raises ValueError where only a new run can have them."""


class Control:
    """Stop, pause, single steps and changed settings. Any thread may ask; only the run's own calls `next`.

    `is_over` tells that nobody watches any more, so that a paused run ends too.
    """

    def __init__(self, is_over: Callable[[], bool] = lambda: False) -> None:
        self._is_over = is_over
        self._news = threading.Condition()
        self._stopped = False
        self._steps_left = math.inf  # until it pauses
        self._to_epoch_end = False  # it pauses when the next epoch is about to begin
        self._moved = False  # since that was asked
        self._changes: list[dict[str, Any]] = []
        self._shown = False  # the moment at which it paused
        self.is_resting = False  # it has paused, and shown where
        self.refusal: Message | None = None  # why the newest change could not be made
        self.paused_seconds = 0.0

    @property
    def is_stopped(self) -> bool:
        return self._stopped

    @property
    def is_held(self) -> bool:
        """It rests, or is about to: it was not asked to go on."""
        return self._steps_left < math.inf

    def stop(self) -> None:
        self._ask(_stopped=True)

    def pause(self) -> None:
        self._ask(_steps_left=0, _to_epoch_end=False)

    def go_on(self) -> None:
        self._ask(_steps_left=math.inf, _to_epoch_end=False)

    def one_step(self) -> None:
        """Take a single step, and pause."""
        self._ask(_steps_left=1, _to_epoch_end=False)

    def one_epoch(self) -> None:
        """Go on to the end of the epoch, and pause."""
        self._ask(_steps_left=math.inf, _to_epoch_end=True, _moved=False)

    def change(self, settings: Mapping[str, Any]) -> None:
        """Go on with these settings."""
        with self._news:
            self._changes.append(dict(settings))
            self._shown = False
            self._news.notify_all()

    def show(self) -> None:
        """Show this moment again, should it be at rest: somebody wishes to see something else."""
        self._ask(_shown=False)

    def _ask(self, **asked: Any) -> None:
        with self._news:
            for name, value in asked.items():
                setattr(self, name, value)
            self._news.notify_all()

    # On the run's thread

    def next(self, trainer: Steered) -> Word:
        """What to do before the next step: changes are made, pauses waited for. Blocks while paused."""
        with self._news:
            while True:
                while self._changes:
                    self._change(trainer, self._changes.pop(0))
                if self._stopped or self._is_over():
                    return Word.STOP
                if self._to_epoch_end and self._moved and trainer.epoch == round(trainer.epoch):
                    self._steps_left, self._to_epoch_end = 0, False
                if self._steps_left:
                    self._steps_left -= 1
                    self._moved, self._shown, self.is_resting = True, False, False
                    return Word.GO
                if not self._shown:
                    self._shown = True
                    return Word.SHOW
                self.is_resting = True
                begun = monotonic()
                self._news.wait(LOOK_SECONDS)
                self.paused_seconds += monotonic() - begun

    def _change(self, trainer: Steered, settings: Mapping[str, Any]) -> None:
        try:
            trainer.change(**settings)
            self.refusal = None
        except ValueError as error:  # only the trainer sees that its networks cannot do it; the run goes on as it was
            self.refusal = message_of(error)
