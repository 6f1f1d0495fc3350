"""A run before its first step, as plain data: real pictures, untrained fakes, both networks."""

import numpy as np
import torch
from torch import nn

from gan import data
from gan.config import RunConfig
from gan.records import Layer, NetSummary, Preview
from gan.trainer import SAMPLES, Trainer


def preview(config: RunConfig) -> Preview:
    """What the config's run would start from. Raises what Trainer raises."""
    trainer = Trainer(config.but(device="cpu"))
    pictures = data.load(config.data, config.classes)
    fakes, scores = trainer.samples()
    noise = torch.zeros(1, config.latent_size)
    generator = summary(trainer.generator, noise)
    discriminator = summary(trainer.discriminator, torch.zeros(1, *trainer.shape))
    count = len(pictures.images)
    return Preview(reals(pictures), fakes, scores, config.latent_size, count, generator, discriminator)


def reals(pictures: data.Pictures, count: int = SAMPLES) -> np.ndarray:
    """The first `count` real pictures, uint8."""
    return pictures.images[:count]


@torch.no_grad()
def summary(net: nn.Sequential, example: torch.Tensor) -> NetSummary:
    """The layers that `example` (1, ...) passes through, with their output shapes and parameters."""
    layers: list[Layer] = []

    def note(module: nn.Module, _inputs: tuple, output: torch.Tensor) -> None:
        parameters = sum(p.numel() for p in module.parameters())
        layers.append(Layer(type(module).__name__, tuple(output.shape[1:]), parameters))

    leaves = [module for module in net.modules() if not list(module.children())]
    hooks = [module.register_forward_hook(note) for module in leaves]
    net.eval()
    net(example)
    net.train()
    for hook in hooks:
        hook.remove()
    return NetSummary(tuple(layers), sum(p.numel() for p in net.parameters()))
