"""One noise vector's way through the generator, and its picture's and a real one's way through the discriminator."""

import math
from collections.abc import Callable
from dataclasses import replace
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn

from gan.data import Pictures
from gan.data.pixels import channels_first, to_images, to_range
from gan.look.networks import Networks
from gan.parts.blocks import kind, parameter_count, watched
from gan.parts.noise import draw_noise
from gan.records import Sight, Stage, Walk
from gan.setup.config import RunConfig

TILES = 16  # channels of a layer that are shown at most


@torch.no_grad()
def way_through(
    nets: Networks,
    config: RunConfig,
    seed: int,
    label: int | None = None,
    belief: Callable[[Tensor], Tensor] = torch.sigmoid,
    pictures: Pictures | None = None,
) -> Walk:
    """What each layer makes of the noise vector `seed`, both networks at rest; and of one of the real `pictures`.

    The same seed gives the same vector, the first that `gan.export.sample` draws for it, and the same real picture
    (`one_real`). `belief` turns D's logits (n,) into 0..1. Neither the networks nor any random stream is changed.
    """
    device = next(nets.generator.parameters()).device
    random = torch.Generator().manual_seed(seed)
    noise = draw_noise(config.noise, 256, config.noise_size, random)[:1].to(device)
    labels = None if label is None else torch.tensor([label], device=device)

    picture, g_stages = watched(nets.generator, noise, labels, note=_stage)
    walk = Walk(
        seed=seed,
        noise=tuple(noise[0].tolist()),
        generator=g_stages,
        picture=to_images(picture, config.pixel_range)[0],
    )
    if not nets.discriminator:
        return walk
    judge = partial(_judged, nets.discriminator, config, labels, belief)
    real = None
    if pictures is not None:
        shown = to_range(channels_first(one_real(pictures, seed, label)[None]).to(device), config.pixel_range)
        real = judge(nets.discriminator.reals(shown))
    fake = judge(picture)
    return replace(walk, discriminator=fake.discriminator, logit=fake.logit, belief=fake.belief, real=real)


def one_real(pictures: Pictures, seed: int, label: int | None = None) -> np.ndarray:
    """The real picture beside the fake of this seed, uint8 (h, w) or (h, w, 3): of the class `label`, if one is asked
    for that is among them.
    """
    places = np.arange(len(pictures.images)) if label is None else np.flatnonzero(pictures.labels == label)
    return pictures.images[places[seed % len(places)] if len(places) else seed % len(pictures.images)]


def _judged(
    discriminator: nn.Module,
    config: RunConfig,
    labels: Tensor | None,
    belief: Callable[[Tensor], Tensor],
    picture: Tensor,
) -> Sight:
    """The way of one picture (1, c, h, w) through D."""
    logits, stages = watched(discriminator, picture, labels, note=_stage)
    return Sight(to_images(picture, config.pixel_range)[0], stages, logits[0].item(), belief(logits)[0].item())


def _stage(layer: nn.Module, output: Tensor) -> Stage:
    return Stage(kind(layer), tuple(output.shape[1:]), picture_of(output[0]), parameter_count(layer))


def picture_of(output: Tensor) -> np.ndarray:
    """A layer's output for one example as a small grey picture, uint8 (h, w): its smallest number is black.

    Vectors become a near-square block; of feature maps (c, h, w) the first 16 channels stand side by side.
    """
    values = output.detach().float().cpu().numpy()  # numpy is quicker with so few numbers
    values = np.where(np.isfinite(values), values, 0)  # networks that run away make others
    maps = values[:TILES] if values.ndim == 3 else values.reshape(-1, 1, 1)
    count, height, width = maps.shape
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    low, high = maps.min(), maps.max()
    tiles = np.full((rows * columns, height, width), low)
    tiles[:count] = maps
    picture = tiles.reshape(rows, columns, height, width).swapaxes(1, 2).reshape(rows * height, columns * width)
    return ((picture - low) / max(high - low, np.float32(1e-12)) * 255).round().astype(np.uint8)
