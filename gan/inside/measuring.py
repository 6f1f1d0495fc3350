"""What a generator that has been trained is worth, by the same measures for every family."""

from statistics import median
from time import perf_counter

import numpy as np
import torch

from gan import data
from gan.data.pixels import to_images
from gan.families.vae.views import brought_back
from gan.inside.latent.space import Space
from gan.learn import past
from gan.look import measures, observer
from gan.look.networks import Networks, reals
from gan.records import Measures
from gan.setup.config import RunConfig

DRAWN, TIMES = 64, 3  # pictures that are drawn at once, and how often, to take the time
WALKS, STEPS = 10, 16
BROUGHT_BACK = 256  # real pictures


def measure(config: RunConfig, content: bytes) -> Measures:
    """The measures of a run of this config as `Trainer.checkpoint` kept it: about as many seconds as drawing 1,500
    pictures takes. Raises ValueError with a sentence for content that is damaged or of other networks.
    """
    kept = past.networks(config, content)
    space, pictures = Space(kept.generator, config), data.wanted(config)
    scorer = observer.scorer(pictures, config.data)
    fakes = space.draw(space.noise(config.seed, scorer.samples))
    return Measures(
        scores=scorer.score(fakes),
        real=scorer.floor,
        sharpness=measures.sharpness(fakes),
        real_sharpness=measures.sharpness(pictures.images[: scorer.samples]),
        draw_seconds=_seconds(space),
        jump=measures.jump(_walks(space)),
        error=_error(config, kept, pictures),
        weights=sum(weight.numel() for weight in kept.generator.parameters()),
    )


def _seconds(space: Space) -> float:
    """Seconds for a sheet of pictures: the median of some, after one to warm up."""
    noise, found = space.noise(space.config.seed, DRAWN), []
    for _ in range(1 + TIMES):
        begun = perf_counter()
        space.draw(noise)
        found.append(perf_counter() - begun)
    return median(found[1:])


def _walks(space: Space) -> np.ndarray:
    """Pictures (WALKS, STEPS + 1, h, w[, 3]) on the ways between pairs of noises; each stays with its class."""
    config = space.config
    ends = space.noise(config.seed + 1, 2 * WALKS)
    way = "spherical" if config.noise == "normal" else "straight"
    kinds = np.resize(config.learned_classes, WALKS)[:, None].repeat(2, 1) if space.is_conditional else None
    return space.walk(ends[:WALKS], ends[WALKS:], STEPS + 1, way, kinds)


@torch.no_grad()
def _error(config: RunConfig, kept: Networks, pictures: data.Pictures) -> float | None:
    """How far real pictures are from what comes back of them, in families with an encoder, which squeezes them."""
    if "encoder" not in kept.parts:
        return None
    place = kept.midpoint.device
    shown, labels = reals(config, pictures, BROUGHT_BACK, place)
    back = to_images(brought_back(kept.parts, shown, labels), config.pixel_range)
    return measures.error(back, pictures.images[:BROUGHT_BACK])
