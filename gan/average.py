"""The averaged generator."""

import copy

import torch
from torch import nn


class Average:
    """An exponential moving average of a generator's weights (EMA; Yazici et al. 2018).

    While it is young it looks back over a tenth of the steps so far: its decay is (1 + t) / (10 + t) after t
    steps, at most the given one (tensorflow.org: tf.train.ExponentialMovingAverage, num_updates).
    """

    def __init__(self, source: nn.Module, decay: float) -> None:
        self.source = source
        self.net = copy.deepcopy(source).requires_grad_(False)
        self.decay, self.updates = decay, 0
        self._pairs = list(self.net.parameters()), list(source.parameters())

    @torch.no_grad()
    def update(self) -> None:
        mine, theirs = self._pairs
        self.updates += 1
        decay = min(self.decay, (1 + self.updates) / (10 + self.updates))
        torch._foreach_lerp_(mine, theirs, 1 - decay)
        for own, other in zip(self.net.buffers(), self.source.buffers(), strict=True):
            own.copy_(other)
