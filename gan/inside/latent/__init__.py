"""Where a generator's pictures come from. The door for all who have no torch: it is imported where it is needed.

Noise is float32 (n, latent_size); `kinds` are classes (n,), weights of classes (n, classes), or None for networks that
are told none. Pictures are uint8 (n, h, w) or (n, h, w, 3).
"""

from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from gan.inside.latent.atlas import Atlas
    from gan.inside.latent.directions import Direction
    from gan.inside.latent.neighbours import Nearest
    from gan.inside.latent.space import Space
    from gan.inside.moment import Moment

WEIGHTS, ANSWERS = "weights", "answers"  # how directions are found
CHUNK = 250  # pictures that are judged at once
OPEN = 8  # moments of which something is remembered


@lru_cache(maxsize=OPEN)
def space_of(moment: "Moment") -> "Space":
    """The space of a moment's generator."""
    from gan.inside.latent.space import Space

    return Space(moment.generator, moment.config)


@lru_cache(maxsize=2 * OPEN)
def directions_of(moment: "Moment", how: str = WEIGHTS) -> "list[Direction]":
    """The strongest directions, named; worked out once. Raises ValueError where the weights hold none."""
    from gan.inside.latent import directions as found

    space = space_of(moment)
    return found.named(space, found.by_weights(space) if how == WEIGHTS else found.by_answers(space), moment.referee)


def nearest(moment: "Moment", images: np.ndarray) -> "dict[str, Nearest]":
    """The real pictures nearest to each of `images`, by "pixels" and, where there is a referee, by "features".

    Empty where the real pictures are not on this computer, or fewer than two.
    """
    from gan.inside.latent import neighbours

    pictures, referee = moment.pictures, moment.referee
    if pictures is None or len(pictures.images) < 2:
        return {}
    found = {"pixels": neighbours.find(neighbours.pixels(images), neighbours.by_pixels(pictures))}
    if referee:
        found["features"] = neighbours.find(referee.look(images)[0], neighbours.by_features(pictures, referee))
    return found


@lru_cache(maxsize=OPEN)
def chart(moment: "Moment", count: int = 1_000) -> "Atlas | None":
    """The map of so many fakes among the real pictures; None where these are not on this computer or too few."""
    from gan.inside.latent import atlas

    if moment.pictures is None or len(moment.pictures.images) < atlas.FEWEST:
        return None
    space = space_of(moment)
    learned = moment.config.learned_classes
    kinds = np.resize(learned, count) if moment.is_conditional else None
    fakes = space.draw(space.noise(0, count), kinds)
    return atlas.chart(fakes, moment.pictures, moment.referee, beliefs(moment, fakes, kinds))


def beliefs(moment: "Moment", images: np.ndarray, kinds: np.ndarray | None = None) -> np.ndarray:
    """How sure the discriminator is that each of the `images` is real, float32 (n,), 0..1."""
    import torch

    from gan.data.pixels import channels_first, to_range
    from gan.look.networks import for_each

    found = []
    with torch.inference_mode():
        for begin in range(0, len(images), CHUNK):
            part = slice(begin, begin + CHUNK)
            pictures = to_range(channels_first(images[part]).to(moment.device), moment.config.pixel_range)
            told = None if kinds is None else torch.as_tensor(kinds[part]).to(moment.device)
            found.append(for_each(moment.belief(moment.discriminator(pictures, told)), len(pictures)).cpu())
    return torch.cat(found).numpy()


def walk(
    moment: "Moment", starts: np.ndarray, ends: np.ndarray, steps: int, way: str, kinds: np.ndarray | None = None
) -> np.ndarray:
    """Pictures (n, steps, h, w[, 3]) on the ways from noise `starts` (n, z) to `ends` (n, z).

    `kinds` (n, 2) are the classes at both ends, which are blended on the way.
    """
    from gan.inside.latent import families, walks

    space = space_of(moment)
    points = walks.walk(starts, ends, steps, way)
    told = None
    if kinds is not None:
        shares, classes = np.linspace(0, 1, steps), moment.config.class_count
        told = np.concatenate([[families.blend(*pair, share, classes) for share in shares] for pair in kinds])
    drawn = space.draw(points.reshape(-1, points.shape[-1]), told)
    return drawn.reshape(len(points), steps, *drawn.shape[1:])


def moved(moment: "Moment", noise: np.ndarray, ways: np.ndarray, kind: int | None = None) -> np.ndarray:
    """What is drawn from one vector of noise (z,) moved by each of `ways` (n, size), in the directions' space."""
    space = space_of(moment)
    points = space.points(noise[None]) + ways
    return space.draw_points(points, None if kind is None else np.full(len(points), kind))


def moderated(moment: "Moment", noise: np.ndarray, share: float, kinds: np.ndarray | None = None) -> np.ndarray:
    """What is drawn from noise (n, z) that keeps only a `share` of its distance from the middle."""
    from gan.inside.latent import families

    space = space_of(moment)
    return space.draw_points(families.truncated(space.points(noise), share, space.middle), kinds)


@lru_cache(maxsize=2 * OPEN)
def groups_of(moment: "Moment", kind: int | None = None) -> dict[tuple[str, str | int], np.ndarray]:
    """Noise of fakes that have something in common, worked out once; see `gan.inside.latent.groups`."""
    from gan.inside.latent import groups as found

    return found.groups(space_of(moment), moment.referee, kind)
