"""Looking ahead (unrolling): the generator imagines the next steps that the discriminator will take, and
prepares for them.

Unrolled GAN (Metz et al. 2017, section 2): G's loss is that against D after k further steps on the same pictures,
and G's gradient passes through these steps. D itself does not take them. The strength is k. A step's size for each
weight is in proportion to what D's optimiser would choose; that choice and momentum are not looked through.
"""

import math
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.func import functional_call

from gan.parts.blocks import Discriminator, Look
from gan.parts.hooks import Base, Batch, Judge

STRENGTH = (3, 1, 10)
SHARE = 0.1  # of D's step; after whole ones, D knows these few pictures so well that G learns nothing from it
REFUSES = {"weight_clipping": "the steps that are looked ahead are not clipped"}


class Stabiliser(Base):
    @torch.enable_grad()  # its steps need D's slopes even where G only measures how it does
    def opponent(self, discriminator: Discriminator, judge_with, d_loss, optimizer: torch.optim.Optimizer) -> Judge:
        net = _Looking(discriminator)
        state = {name: buffer.clone() for name, buffer in net.named_buffers()}  # what looking may change
        names, weights = zip(*net.named_parameters(), strict=True)
        weights = [weight.detach().requires_grad_() for weight in weights]

        def judge(batch: Batch) -> Look:
            now = state | dict(zip(names, weights, strict=True))
            return judge_with(batch, lambda *inputs: functional_call(net, now, inputs))

        pace = _Pace(optimizer)
        for _ in range(self.strength):
            slopes = torch.autograd.grad(d_loss(judge), weights, create_graph=True, materialize_grads=True)
            sizes = pace.sizes(slopes)
            # A weight of a single number would become as precise as the rate.
            ways = [(size * slope).to(slope.dtype) for size, slope in zip(sizes, slopes, strict=True)]
            weights = [weight - way for weight, way in zip(weights, ways, strict=True)]
        return judge


class _Looking(nn.Module):
    """D's look as a module's forward, which is what functional_call calls."""

    def __init__(self, discriminator: Discriminator) -> None:
        super().__init__()
        self.discriminator = discriminator

    def forward(self, pictures: Tensor, labels: Tensor | None = None) -> Look:
        return self.discriminator.look(pictures, labels)


class _Pace:
    """How far to go for a slope of 1, for each of D's weights: a share of what D's optimiser would go."""

    def __init__(self, optimizer: torch.optim.Optimizer) -> None:
        (group,) = optimizer.param_groups
        self.rate, self.floor = SHARE * group["lr"], group.get("eps")  # plain gradient descent has no floor
        adam = isinstance(optimizer, torch.optim.Adam)
        self.memory = group["betas"][1] if adam else group.get("alpha")
        states = [optimizer.state.get(weight, {}) for weight in group["params"]]  # a weight may not have been used yet
        squares = [state.get("exp_avg_sq" if adam else "square_avg") for state in states]
        self.squares = [torch.zeros_like(w) if s is None else s for w, s in zip(group["params"], squares, strict=True)]
        self.steps = [state.get("step", 0) if adam else math.inf for state in states]

    @torch.no_grad()
    def sizes(self, slopes: Sequence[Tensor]) -> list[Tensor | float]:
        if self.floor is None:
            return [self.rate] * len(slopes)
        self.steps = [steps + 1 for steps in self.steps]
        self.squares = torch._foreach_lerp([s.square() for s in slopes], self.squares, self.memory)
        seen = [1 - self.memory**steps for steps in self.steps]  # Adam's memory begins empty
        roots = [(s / share).sqrt() for s, share in zip(self.squares, seen, strict=True)]
        return [self.rate * (root + self.floor).reciprocal() for root in roots]
