"""What a stabiliser may do in a training step. Each hook does nothing unless a stabiliser defines it."""

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor, nn

from gan.messages import Refusal
from gan.parts import choices
from gan.parts.blocks import Discriminator, Look


class Batch(NamedTuple):
    """Pictures (n, c, h, w) and, where the networks are told the class, labels (n,)."""

    pictures: Tensor
    labels: Tensor | None = None


Judge = Callable[[Batch], Look]  # D as it is at this moment, with all that is done to what it is shown


class Base:
    """One stabiliser of one run. `random` is the run's own random stream."""

    order = 0  # stabilisers with a higher number change D later
    alone = False  # its penalty is on D's slope for each picture alone: no batch norm in D
    needs_real = False  # `g_loss` looks at the real pictures too
    timed = False  # it changes with time: before each step it is told what share of the run is done

    def __init__(self, strength: float, random: torch.Generator | None = None) -> None:
        self.strength = strength
        self.random = random
        self.progress = 0.0  # 0..1, if it is `timed`

    def shape(self, shape: tuple[int, int, int]) -> tuple[int, int, int]:
        """The (channels, height, width) that D is built for."""
        return shape

    def check(self, discriminator: Discriminator) -> None:
        """Raise Refusal where it does not go with D's layers.

        Batch norm makes D's answer to a picture depend on all others, so that the slope by one picture alone means
        nothing (Gulrajani et al. 2017, section 4). Layers that only tell D about the batch, such as batch variety,
        stand beside these penalties in their papers (Karras et al. 2018, 2020).
        """
        if self.alone and discriminator.has_batch_norm:
            raise Refusal(
                "stabiliser.batch_norm",
                "{stabiliser:name} does not go with batch norm in the discriminator: "
                "the penalty is on its slope for each picture alone.",
                stabiliser=choices.title("gan.parts.stabilisers", type(self).__module__.rpartition(".")[2]),
            )

    def change(self, discriminator: Discriminator) -> None:
        """Change the layers of a new D, in place."""

    def show(self, pictures: Tensor) -> Tensor:
        """What D is shown instead of `pictures`, real or fake; gradients must pass."""
        return pictures

    def d_penalty(self, judge: Judge, real: Batch, fake: Batch) -> Tensor | None:
        """A number to add to D's loss; `fake` carries no gradients, but where G looks ahead."""

    def after_d_step(self, discriminator: Discriminator) -> None:
        """Change D's weights after its step, in place."""

    def opponent(
        self,
        discriminator: Discriminator,
        judge_with: Callable,
        d_loss: Callable[[Judge], Tensor],
        optimizer: torch.optim.Optimizer,
    ) -> Judge | None:
        """The D that G's step is made against, where it is not the present one; `optimizer` is D's."""

    def g_loss(self, adversarial: Tensor, real: Look | None, fake: Look) -> Tensor:
        """G's loss, made from its adversarial loss."""
        return adversarial

    def g_penalty(self, generator: nn.Module) -> Tensor | None:
        """A number to add to G's loss, which follows from its weights."""
