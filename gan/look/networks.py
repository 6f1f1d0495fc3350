"""Networks to look at, at rest: what G makes of noise, and how sure D is."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from gan.data.pixels import to_images
from gan.parts.blocks import at_rest
from gan.parts.hooks import Batch

Belief = Callable[[Tensor, Tensor], Tensor]  # of D's answers (n,) and a critic's midpoint


class Networks(NamedTuple):
    """What is needed to see a moment."""

    generator: nn.Module  # the averaged one where there is one
    discriminator: nn.Module
    midpoint: Tensor  # of a critic's points


@torch.no_grad()
def drawn(
    nets: Networks, noise: Tensor, labels: Tensor | None, pixel_range: str, belief: Belief
) -> tuple[np.ndarray, tuple[float, ...]]:
    """What G makes of noise (n, latent_size), as `to_images` shows it, and D's belief in each, 0..1."""
    fakes = draw(nets.generator, noise, labels)
    return to_images(fakes, pixel_range), tuple(beliefs(nets, Batch(fakes, labels), belief).tolist())


@torch.no_grad()
def draw(generator: nn.Module, noise: Tensor, labels: Tensor | None = None) -> Tensor:
    """What a generator makes of noise when nobody trains it."""
    with at_rest(generator):
        return generator(noise, labels)


@torch.no_grad()
def beliefs(nets: Networks, batch: Batch, belief: Belief) -> Tensor:
    """D's belief in each picture (n,), at rest."""
    with at_rest(nets.discriminator):
        found = belief(nets.discriminator(batch.pictures, batch.labels), nets.midpoint)
    return for_each(found, len(batch.pictures))


def for_each(beliefs: Tensor, count: int) -> Tensor:
    """A belief for each of `count` pictures; a D that looks at several at once gives them one together."""
    return beliefs.repeat(-(-count // len(beliefs)))[:count]
