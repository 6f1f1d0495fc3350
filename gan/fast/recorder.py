"""A trainer's steps: the first few of a kind one by one, later ones as a recording."""

import weakref
from collections import Counter

import torch
from torch import Tensor

from gan.fast import cuda_graph, program
from gan.fast.tape import NotRecorded, Step

WARM_UP = 3  # steps before one is recorded: torch chooses its kernels and makes the optimisers' memories


def is_possible(device: torch.device) -> bool:
    return device.type in ("cpu", "cuda")


class Recorder:
    """Takes the steps of a trainer as long as its settings stay.

    A recording holds every number that Python knew when it was made. So whatever changes from step to step is a tensor
    that is changed where it is: `Learner.learn` does nothing else.
    """

    def __init__(self, trainer) -> None:
        self.trainer = weakref.proxy(trainer)  # its owner
        self.fault: str | None = None  # why nothing can be recorded here
        self._recordings: dict[tuple[int, bool], tuple[list[Tensor], Step]] = {}
        self._spare: program.Spare = []
        self._taken: Counter[tuple[int, bool]] = Counter()

    def take(self, indices: Tensor, g_learns: bool) -> None:
        """`Learner.learn` on the real pictures with these numbers."""
        kind = len(indices), g_learns
        if kind in self._recordings:
            weights, step = self._recordings[kind]
            for weight, gradient in zip(weights, step(indices), strict=True):
                weight.grad = gradient  # as `learn` leaves them
        elif self._taken[kind] < WARM_UP or self.fault:
            self._taken[kind] += 1
            self.trainer.learn(*self.trainer.real(indices), g_learns)
        else:
            self._record(kind, indices)

    def _record(self, kind: tuple[int, bool], indices: Tensor) -> None:
        _, g_learns = kind
        weights = self._learning(g_learns)

        def work(indices: Tensor) -> list[Tensor | None]:
            self.trainer.learn(*self.trainer.real(indices), g_learns)
            return [weight.grad for weight in weights]

        try:
            if indices.device.type == "cuda":
                step = cuda_graph.record(work, indices, self.trainer.random)
            else:
                step = program.record(work, indices, self._spare)
        except NotRecorded as reason:
            self.fault = str(reason)
        else:
            self._recordings[kind] = weights, step

    def _learning(self, g_learns: bool) -> list[Tensor]:
        """The weights that a step changes."""
        trainer = self.trainer
        nets = [trainer.discriminator] * (trainer.config.learners != "generator") + [trainer.generator] * g_learns
        return [weight for net in nets for weight in net.parameters()]
