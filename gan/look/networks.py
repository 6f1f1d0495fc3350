"""Networks to look at, at rest: what G makes of noise, and how sure D is."""

from collections.abc import Callable, Mapping
from typing import NamedTuple, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from gan.data import Pictures
from gan.data.pixels import channels_first, to_images, to_range
from gan.parts import nets
from gan.parts.blocks import at_rest
from gan.parts.hooks import Batch
from gan.setup.config import RunConfig

Belief = Callable[[Tensor, Tensor], Tensor]  # of D's answers (n,) and a critic's midpoint


class Networks(NamedTuple):
    """What is needed to see a moment."""

    parts: Mapping[str, nn.Module]  # by name; the generator is the averaged one where there is one
    midpoint: Tensor  # of a critic's points

    @property
    def generator(self) -> nn.Module:
        return self.parts["generator"]

    @property
    def discriminator(self) -> nn.Module | None:
        """What tells real pictures from fakes, in families that have it."""
        return self.parts.get("discriminator")


class Kit(Protocol):
    """What a run's steps change."""

    nets: Mapping[str, nn.Module]
    best_generator: nn.Module
    midpoint: Tensor


def of(kit: Kit) -> Networks:
    """The networks to look at by now."""
    return Networks({**kit.nets, "generator": kit.best_generator}, kit.midpoint)


def reals(config: RunConfig, pictures: Pictures, count: int, device: torch.device) -> Batch:
    """The first `count` real pictures as networks see them, and their labels for those that are told them."""
    images = channels_first(pictures.images[:count]).to(device)
    labels = None
    if nets.is_conditional(config.architecture):
        labels = torch.from_numpy(pictures.labels[: len(images)]).long().to(device)
    return Batch(to_range(images, config.pixel_range), labels)


@torch.no_grad()
def drawn(
    nets: Networks, noise: Tensor, labels: Tensor | None, pixel_range: str, belief: Belief
) -> tuple[np.ndarray, tuple[float, ...]]:
    """What G makes of noise (n, noise_size), as `to_images` shows it, and D's belief in each, 0..1, if there is one."""
    fakes = draw(nets.generator, noise, labels)
    said = beliefs(nets, Batch(fakes, labels), belief).tolist() if nets.discriminator else ()
    return to_images(fakes, pixel_range), tuple(said)


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
