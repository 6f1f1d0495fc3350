"""The averaged generator."""

import copy
from itertools import chain

import torch
from torch import nn


class Average:
    """An exponential moving average of a generator's weights (EMA; Yazici et al. 2018), and of its batch norms'
    statistics: the source's own are those of its last few batches, with which the pictures would jump.

    While it is young it looks back over a tenth of the steps so far: its decay is (1 + t) / (10 + t) after t
    steps, at most the given one (tensorflow.org: tf.train.ExponentialMovingAverage, num_updates).
    """

    def __init__(self, source: nn.Module, decay: float) -> None:
        self.source = source
        self.net = copy.deepcopy(source).requires_grad_(False)
        self.decay = decay
        self.updates = torch.zeros((), device=next(source.parameters()).device)
        numbers = (chain(net.parameters(), net.buffers()) for net in (self.net, source))
        self._pairs = [pair for pair in zip(*numbers, strict=True) if pair[0].is_floating_point()]

    @torch.no_grad()
    def update(self) -> None:
        self.updates += 1
        share = 1 - ((1 + self.updates) / (10 + self.updates)).clamp(max=self.decay)
        for own, other in self._pairs:
            own.lerp_(other, share)
