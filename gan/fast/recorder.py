"""A run's steps on a graphics card: the first few of a kind one by one, later ones as a recording."""

from collections import Counter
from collections.abc import Hashable
from contextlib import AbstractContextManager
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from gan.fast import cuda_graph
from gan.messages import Message

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


def recorder_for(device: torch.device) -> "Recorder | None":
    return Recorder(device) if device.type == "cuda" else None


class Recorder:
    """Takes the steps of one run.

    A recording holds every number that Python knew when it was made. So whatever changes from step to step is a tensor
    that is changed where it is: `learn` does nothing else. After a change of settings, `forget`.
    """

    def __init__(self, device: torch.device) -> None:
        self.stream = cuda_graph.own_stream(device)
        self.forget()

    def forget(self) -> None:
        """Record anew."""
        self.fault: Message | None = None  # why nothing can be recorded here
        self.recordings: dict[tuple[int, Hashable], tuple[list[Tensor], cuda_graph.Step]] = {}
        self._taken: Counter[tuple[int, Hashable]] = Counter()

    def at_work(self) -> AbstractContextManager[None]:
        """While the run's work goes on in this thread."""
        return cuda_graph.on(self.stream)

    def take(self, learner: Learner, indices: Tensor) -> None:
        """A step of the learner's on the real pictures with these numbers."""
        kind = len(indices), learner.turn
        if kind in self.recordings:
            weights, step = self.recordings[kind]
            for weight, slope in zip(weights, step(indices), strict=True):
                weight.grad = slope  # as `learn` leaves them
        elif self._taken[kind] < WARM_UP or self.fault:
            self._taken[kind] += 1
            learner.learn(*learner.real(indices), learner.turn)
        else:
            self._record(kind, learner, indices)

    def _record(self, kind: tuple[int, Hashable], learner: Learner, indices: Tensor) -> None:
        _, turn = kind
        weights = learner.moved_by(turn)

        def work(indices: Tensor) -> list[Tensor | None]:
            learner.learn(*learner.real(indices), turn)
            return [weight.grad for weight in weights]

        try:
            self.recordings[kind] = weights, cuda_graph.record(work, indices, learner.random)
        except cuda_graph.NotRecorded as reason:
            self.fault = reason.message
