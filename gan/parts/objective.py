"""What G makes small: its loss as the stabilisers change it, their penalties, and the naming of classes."""

from collections.abc import Sequence
from types import ModuleType

from torch import Tensor, nn

from gan.parts import losses
from gan.parts.blocks import Discriminator, Look
from gan.parts.hooks import Base


def needs_real(loss: str, used: Sequence[Base]) -> bool:
    """Whether it depends on the real pictures too, with the loss of this name and these stabilisers."""
    return losses.facts(loss).get("NEEDS_REAL", False) or any(stabiliser.needs_real for stabiliser in used)


def by_looks(loss: ModuleType, used: Sequence[Base], real: Look | None, fake: Look) -> Tensor:
    """The part of it that depends only on what D makes of real pictures, where they are needed, and of fakes."""
    total = loss.generator(fake.logits, real and real.logits)
    for stabiliser in used:
        total = stabiliser.g_loss(total, real, fake)
    return total


def whole(
    loss: ModuleType,
    used: Sequence[Base],
    generator: nn.Module,
    discriminator: Discriminator,
    real: Look | None,
    fake: Look,
    asked: Tensor | None,
) -> Tensor:
    """All of it; `asked` are the classes (n,) that the fakes were asked for."""
    total = by_looks(loss, used, real, fake)
    for penalty in (stabiliser.g_penalty(generator) for stabiliser in used):
        total = total if penalty is None else total + penalty
    class_loss = discriminator.class_loss(fake, asked)
    return total if class_loss is None else total + class_loss
