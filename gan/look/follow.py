"""One noise vector's way through the generator, and its picture's way through the discriminator to a score."""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from gan.data.pixels import to_uint8
from gan.parts.blocks import kind, watched
from gan.records import Stage, Walk
from gan.setup.config import RunConfig

TILES = 16  # channels of a layer that are shown at most


@torch.no_grad()
def follow(
    generator: nn.Module,
    discriminator: nn.Module,
    config: RunConfig,
    seed: int,
    label: int | None = None,
    belief: Callable[[Tensor], Tensor] = torch.sigmoid,
) -> Walk:
    """What each layer makes of the noise vector `seed`, both networks at rest.

    The same seed gives the same vector, the first that `gan.export.sample` draws for it. `belief` turns
    D's logits (n,) into 0..1. Neither the networks nor any random stream is changed.
    """
    device = next(generator.parameters()).device
    random = torch.Generator().manual_seed(seed)
    noise = torch.randn(256, config.latent_size, generator=random)[:1].to(device)
    labels = None if label is None else torch.tensor([label], device=device)

    picture, g_stages = watched(generator, noise, labels, note=_stage)
    logits, d_stages = watched(discriminator, picture, labels, note=_stage)
    return Walk(
        seed=seed,
        noise=tuple(noise[0].tolist()),
        generator=g_stages,
        picture=to_uint8(picture, config.pixel_range)[0],
        discriminator=d_stages,
        logit=logits[0].item(),
        belief=belief(logits)[0].item(),
    )


def _stage(layer: nn.Module, output: Tensor) -> Stage:
    return Stage(kind(layer), tuple(output.shape[1:]), picture_of(output[0]))


def picture_of(output: Tensor) -> np.ndarray:
    """A layer's output for one example as a small grey picture, uint8 (h, w): its smallest number is black.

    Vectors become a near-square block; of feature maps (c, h, w) the first 16 channels stand side by side.
    """
    values = output.detach().float().cpu()
    maps = values[:TILES] if values.dim() == 3 else values.reshape(-1, 1, 1)
    count, height, width = maps.shape
    columns = math.ceil(math.sqrt(count))
    rows = math.ceil(count / columns)
    low, high = maps.min(), maps.max()
    tiles = low.repeat(rows * columns, height, width)
    tiles[:count] = maps
    picture = tiles.view(rows, columns, height, width).transpose(1, 2).reshape(rows * height, columns * width)
    return ((picture - low) / (high - low).clamp(min=1e-12) * 255).round().byte().numpy()
