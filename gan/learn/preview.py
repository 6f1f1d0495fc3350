"""A run before its first step, as plain data: real pictures, untrained fakes, both networks."""

import numpy as np
import torch
from torch import nn

from gan import data, families
from gan.data import tasks
from gan.learn import memory
from gan.learn.build import timed
from gan.learn.trainer import Trainer
from gan.parts.blocks import kind, parameter_count, watched
from gan.records import SAMPLES, Layer, NetSummary, Preview, Wish
from gan.setup.config import RunConfig

WALKED = 0  # the seed of the noise vector that is followed
SEVERAL = 4  # pictures: a discriminator may want that many at once


def preview(config: RunConfig) -> Preview:
    """What the config's run would start from. Raises what Trainer raises."""
    memory.check(config)
    trainer = Trainer(config.but(device="cpu"))
    pictures = data.wanted(config)
    trainer.wish = Wish(seed=WALKED)
    seen = trainer.observer.wished()
    labels = torch.zeros(SEVERAL, dtype=torch.long) if trainer.learner.is_conditional else None
    learner = trainer.learner
    labels = torch.zeros(SEVERAL, dtype=torch.long) if learner.is_conditional else None
    generator = summary(learner.generator, torch.zeros(SEVERAL, config.noise_size), labels)
    discriminator = None
    if learner.discriminator:
        discriminator = summary(learner.discriminator, torch.zeros(SEVERAL, *learner.shape), labels)
    return Preview(
        reals=tasks.going_in(config, SAMPLES) if families.translates(config.family) else reals(pictures),
        fakes=seen["samples"],
        scores=seen["sample_scores"],
        noise_size=config.noise_size,
        pictures=len(pictures.images),
        generator=generator,
        discriminator=discriminator,
        walk=seen["walk"],
    )


def reals(pictures: data.Pictures, count: int = SAMPLES) -> np.ndarray:
    """The first `count` real pictures, uint8, on their own: they do not hold the others in memory."""
    return pictures.images[:count].copy()


def summary(net: nn.Sequential, *examples: torch.Tensor | None) -> NetSummary:
    """The layers that `examples` (n, ...) pass through, with their output shapes and parameters."""
    for part in timed(net):
        part.progress = 1.0  # so that what comes in later is shown too
    _, found = watched(net, *examples, note=_layer)
    return NetSummary(found, sum(p.numel() for p in net.parameters()))


def _layer(layer: nn.Module, output: torch.Tensor) -> Layer:
    return Layer(kind(layer), tuple(output.shape[1:]), parameter_count(layer))
