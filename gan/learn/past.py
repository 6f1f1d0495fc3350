"""Moments of a run that were kept, to look at and to check: without a trainer and its pictures.

What is seen is what the run itself showed then, by its networks alone.
"""

from collections.abc import Mapping
from dataclasses import replace
from functools import partial

import numpy as np
import torch

from gan import data, families
from gan.data.remembered import remembered
from gan.data.shares import hold_out
from gan.learn import checkpoint, device
from gan.learn.belief import belief
from gan.learn.build import build
from gan.learn.learner import Kit
from gan.look.networks import Networks, drawn
from gan.look.observer import asked
from gan.look.plane import see
from gan.look.way import way_through
from gan.messages import Refusal
from gan.parts import nets
from gan.records import SAMPLES, Reading, Wish
from gan.setup.config import RunConfig

NO_WISH = Wish()
Shape = tuple[int, int, int]


def networks(config: RunConfig, content: bytes, shape: Shape | None = None) -> Networks:
    """The networks of a run of this config as `Trainer.checkpoint` kept them, on the config's device, or for MPS on the
    CPU.

    `shape` (channels, height, width) is that of the run's pictures, where they are not the config's own. Raises
    ValueError with a sentence for content that is damaged or of other networks, and for a device that is not here.
    """
    place = device.to_look(config.device)
    kept = checkpoint.look_back(content, build(config, shape or data.shape_of(config.data, config.picture_size)))
    return Networks({name: net.to(place) for name, net in kept.parts.items()}, kept.midpoint.to(place))


def check(config: RunConfig, moments: Mapping[int, bytes]) -> None:
    """Raises ValueError with a sentence unless a run of this config could go on from each of these, kept by epoch.

    However many they are, its networks and optimisers are built once.
    """
    kit = Kit(config, data.shape_of(config.data, config.picture_size)) if moments else None
    for epoch, content in moments.items():
        found = checkpoint.unpack(kit, content)
        if not abs(found - epoch) < 0.5:  # nor is it where it is no number
            raise Refusal(
                "parcel.other_epoch", "The networks in this file are not those after epoch {epoch}.", epoch=epoch
            )


def look_back(
    config: RunConfig,
    content: bytes,
    wish: Wish = NO_WISH,
    shape: Shape | None = None,
    labels: np.ndarray | None = None,
) -> tuple[np.ndarray, tuple[float, ...]]:
    """The samples at that moment, uint8 (64, h, w) or (64, h, w, 3), and D's belief in each, 0..1.

    `shape` and the first 64 `labels` are those of the run's pictures, where they are not the config's own. Raises what
    `networks` raises, and gan.data.NotDownloaded where the networks are told classes of pictures that are not here.
    """
    return _samples(networks(config, content, shape), config, wish, labels)


def look_again(config: RunConfig, content: bytes, wish: Wish, reading: Reading) -> Reading:
    """The reading of that moment with what is wished for now. Raises what `look_back` raises."""
    kept = networks(config, content)
    samples, beliefs = _samples(kept, config, wish)
    walk = plane = None
    if wish.seed is not None:
        judge = partial(belief, config.loss, midpoint=kept.midpoint)
        pictures = learned(config) if data.is_here(config.data) else None
        walk = way_through(kept, config, wish.seed, wish.label, judge, pictures)
    if wish.plane and data.get(config.data).is_dots:
        plane = see(kept, config, checkpoint.steps_of(content), learned(config), partial(belief, config.loss))
    views = _views(kept, config) if wish.views else reading.views
    return replace(reading, samples=samples, sample_scores=beliefs, walk=walk, plane=plane, views=views)


def learned(config: RunConfig) -> data.Pictures:
    """The pictures that a run of this config learns from: the same object for all such runs, while it is remembered."""
    return _held_out(config.data, config.classes, config.picture_size, config.drawing, config.pictures)[0]


@remembered(3)
def _held_out(
    name: str, classes: tuple[int, ...], size: str, drawing: str, limit: int
) -> tuple[data.Pictures, data.Pictures]:
    pictures = data.load(name, classes, size, drawing)
    return hold_out(pictures, limit, is_a_part=data.get(name).is_a_part)


def _views(kept: Networks, config: RunConfig) -> dict[str, np.ndarray]:
    """What the run's family shows of itself at that moment."""
    known = _held_out(config.data, config.classes, config.picture_size, config.drawing, config.pictures)
    return families.learner(config.family).views(kept.parts, config, known)


def _samples(
    kept: Networks, config: RunConfig, wish: Wish, labels: np.ndarray | None = None
) -> tuple[np.ndarray, tuple[float, ...]]:
    place = kept.midpoint.device
    # A trainer draws the noise of its samples first of all.
    random = torch.Generator(place).manual_seed(config.seed)
    noise = families.learner(config.family).starts(config, SAMPLES, random, place)
    kinds = None
    if nets.is_conditional(config.architecture):
        kinds = asked(data.wanted(config).labels if labels is None else labels, wish).to(place)
    return drawn(kept, noise, kinds, config.pixel_range, partial(belief, config.loss))
