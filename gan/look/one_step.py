"""One training step, told part by part with its own numbers. Telling changes nothing in the training."""

import weakref
from typing import Any, Protocol

import torch
from torch import Tensor, nn

from gan.data.pixels import to_images
from gan.look.networks import for_each
from gan.records import StepTrace
from gan.setup.config import RunConfig

SHOWN = 8  # pictures of each kind
NUMBERS = 8  # of a noise vector


class Stepping(Protocol):
    """What takes the steps that are told."""

    config: RunConfig
    generator: nn.Module
    discriminator: nn.Module

    def step(self, pictures: Tensor, labels: Tensor | None = None) -> Any:
        """Take one; what came about in it, as `gan.families.gan.learner.Step` has it."""

    def belief(self, logits: Tensor) -> Tensor:
        """D's answers (n,) as 0..1."""


class Teller:
    """Has a learner take its steps, and tells the newest."""

    def __init__(self, learner: Stepping) -> None:
        self.learner = weakref.proxy(learner)  # its owner
        self._step, self._changes = None, (0.0, 0.0)

    def step(self, pictures: Tensor, labels: Tensor | None = None) -> None:
        """`Learner.step`, noting how far each network moves."""
        networks = self.learner.discriminator, self.learner.generator
        before = [[weight.detach().clone() for weight in net.parameters()] for net in networks]
        self._step = self.learner.step(pictures, labels)
        self._changes = tuple(_moved(old, net) for old, net in zip(before, networks, strict=True))

    def trace(self) -> StepTrace | None:
        """The newest step; None before the first."""
        step = self._step
        if step is None:
            return None
        shown = [None if batch is None else self._pictures(batch) for batch in (step.real, step.fake, step.drawn)]
        reals, fakes, drawn = shown
        d_change, g_change = self._changes
        return StepTrace(
            step=step.number,
            reals=reals,
            fakes=fakes,
            real_beliefs=self._beliefs(step.real_logits, len(step.real.pictures)),
            fake_beliefs=self._beliefs(step.fake_logits, len(step.fake.pictures)),
            d_loss=step.d_loss.item(),
            d_change=d_change,
            noise=tuple((step.drawn or step.fake).noise[0, :NUMBERS].tolist()),
            drawn=drawn,
            drawn_beliefs=() if drawn is None else self._beliefs(step.drawn_logits, len(step.drawn.pictures)),
            g_loss=None if drawn is None else step.g_loss.item(),
            g_change=g_change,
        )

    def _pictures(self, batch):
        return to_images(batch.pictures[:SHOWN].detach(), self.learner.config.pixel_range)

    def _beliefs(self, logits: Tensor, count: int) -> tuple[float, ...]:
        return tuple(for_each(self.learner.belief(logits.detach()), count)[:SHOWN].tolist())


@torch.no_grad()
def _moved(before: list[Tensor], net: nn.Module) -> float:
    """The length of the way that a network's weights went, as a share of their own length."""
    now = list(net.parameters())
    way = nn.utils.get_total_norm(torch._foreach_sub(now, before))
    return (way / nn.utils.get_total_norm(before)).item()
