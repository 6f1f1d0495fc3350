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
        self.decay = decay
        self.updates = torch.zeros((), device=next(source.parameters()).device)
        self._pairs = list(zip(self.net.parameters(), source.parameters(), strict=True))

    @torch.no_grad()
    def update(self) -> None:
        self.updates += 1
        share = 1 - ((1 + self.updates) / (10 + self.updates)).clamp(max=self.decay)
        for own, other in self._pairs:
            own.lerp_(other, share)
        for own, other in zip(self.net.buffers(), self.source.buffers(), strict=True):
            own.copy_(other)
