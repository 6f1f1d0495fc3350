"""One noise vector's way through the generator, and its picture's way through the discriminator to a score."""

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from gan.nets._blocks import kind, layers
from gan.pixels import to_uint8
from gan.records import Stage, Walk

TILES = 16  # channels of a layer that are shown at most


@torch.no_grad()
def follow(
    generator: nn.Module,
    discriminator: nn.Module,
    config,
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

    picture, g_stages = _watched(generator, noise, labels)
    logits, d_stages = _watched(discriminator, picture, labels)
    return Walk(
        seed=seed,
        noise=tuple(noise[0].tolist()),
        generator=g_stages,
        picture=to_uint8(picture, config.pixel_range)[0],
        discriminator=d_stages,
        logit=logits[0].item(),
        belief=belief(logits)[0].item(),
    )


def _watched(net: nn.Module, *inputs: Tensor | None) -> tuple[Tensor, tuple[Stage, ...]]:
    """The output of a network at rest, and what each of its layers made on the way."""
    stages: list[Stage] = []

    def note(module: nn.Module, _inputs: tuple, output: Tensor) -> None:
        stages.append(Stage(kind(module), tuple(output.shape[1:]), picture_of(output[0])))

    hooks = [module.register_forward_hook(note) for module in layers(net)]
    was_training = net.training
    net.eval()
    try:
        return net(*inputs), tuple(stages)
    finally:
        net.train(was_training)
        for hook in hooks:
            hook.remove()


def picture_of(output: Tensor) -> np.ndarray:
    """A layer's output for one example as a small grey picture, uint8 (h, w): its smallest number is black.

    Vectors become a near-square block; of feature maps (c, h, w) the first 16 channels stand side by side.
    """
    values = output.detach().float().cpu()
    if values.dim() == 3:
        values = values[:TILES]
        columns = math.ceil(math.sqrt(len(values)))
        rows = math.ceil(len(values) / columns)
        padded = torch.full((rows * columns, *values.shape[1:]), values.min().item())
        padded[: len(values)] = values
        height, width = values.shape[1:]
        values = padded.view(rows, columns, height, width).transpose(1, 2).reshape(rows * height, columns * width)
    else:
        values = values.flatten()
        columns = math.ceil(math.sqrt(len(values)))
        rows = math.ceil(len(values) / columns)
        padded = torch.full((rows * columns,), values.min().item())
        padded[: len(values)] = values
        values = padded.view(rows, columns)
    low, high = values.min(), values.max()
    return ((values - low) / (high - low).clamp(min=1e-12) * 255).round().byte().numpy()
