"""A run's steps on a graphics card: one by one, and where that was tried and trusted, as recordings."""

from collections import Counter
from collections.abc import Callable, Hashable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from gan.fast import cuda_graph
from gan.fast.trials import Trial
from gan.messages import Message, msg, verbatim
from gan.records import NotRecorded

WARM_UP = 3  # steps before one is recorded: torch chooses its kernels and makes the optimisers' memories


class Learner(Protocol):
    """Networks, and a step of theirs."""

    random: torch.Generator
    turn: Hashable  # what kind of step the next one is

    def real(self, indices: Tensor) -> tuple[Tensor, Tensor | None]:
        """The real pictures with these numbers, and their labels."""

    def learn(self, pictures: Tensor, labels: Tensor | None, turn: Hashable) -> Any:
        """Take a step, and leave each weight that moved its slope."""

    def moved_by(self, turn: Hashable) -> list[nn.Parameter]:
        """The weights that such a step moves."""


def recorder_for(device: torch.device, order: Callable[[], Sequence[str]] | None = None) -> "Recorder | None":
    """For CUDA alone. `order` tells what Python is to run for a trial of this kind of steps; without one they are
    trusted, as in such a trial.
    """
    if device.type != "cuda":
        return None
    return Recorder(cuda_graph.Card(device), Trial.on(device, order()) if order else None)


class Recorder:
    """Takes the steps of one run: by themselves, until a trial has shown that recordings of such steps do the same.

    A recording holds every number that Python knew when it was made. So whatever changes from step to step is a tensor
    that is changed where it is: `learn` does nothing else. After a change of settings, `forget`.
    """

    def __init__(self, card: cuda_graph.Card, trial: Trial | None = None) -> None:
        self._card, self._trial = card, trial
        self.forget()

    def forget(self) -> None:
        """Record anew."""
        self._card.forget()
        self.recordings: dict[tuple[int, Hashable], tuple[list[Tensor], cuda_graph.Work]] = {}
        self._taken: Counter[tuple[int, Hashable]] = Counter()

    @property
    def fault(self) -> Message | None:
        """Why nothing is recorded here; None as long as nothing speaks against it."""
        if why := self._trial and self._trial.outcome():
            return msg("fast.trial_failed", "a trial of that failed ({why})", why=verbatim(why))
        return cuda_graph.fault()

    def at_work(self) -> AbstractContextManager[None]:
        """While the run's work goes on in this thread."""
        return self._card.at_work()

    def take(self, learner: Learner, indices: Tensor) -> None:
        """A step of the learner's on the real pictures with these numbers.

        Raises NotRecorded where the card fails: then the learner is of no use, and another one, made from the last
        checkpoint, has its steps taken one by one.
        """
        kind = len(indices), learner.turn
        if cuda_graph.fault() or not (kind in self.recordings or self._may_record(kind)):
            self._taken[kind] += 1
            learner.learn(*learner.real(indices), learner.turn)
            return
        try:
            self._record_or_repeat(kind, learner, indices)
        except NotRecorded as error:
            if self._trial:
                self._trial.failed(str(error))
            raise

    def _may_record(self, kind: tuple[int, Hashable]) -> bool:
        trusted = self._trial is None or self._trial.outcome() == ""  # asked at once, for it takes a while
        return trusted and self._taken[kind] >= WARM_UP

    def _record_or_repeat(self, kind: tuple[int, Hashable], learner: Learner, indices: Tensor) -> None:
        if kind in self.recordings:
            weights, step = self.recordings[kind]
            for weight, slope in zip(weights, step(indices), strict=True):
                weight.grad = slope  # as `learn` leaves them
            return
        _, turn = kind
        weights = learner.moved_by(turn)

        def work(indices: Tensor) -> list[Tensor | None]:
            learner.learn(*learner.real(indices), turn)
            return [weight.grad for weight in weights]

        self.recordings[kind] = weights, self._card.record(work, indices, learner.random)
