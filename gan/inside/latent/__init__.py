"""Where a generator's pictures come from. The door for all who have no torch: it is imported where it is needed.

Noise is float32 (n, latent_size); `kinds` are classes (n,), weights of classes (n, classes), or None for networks that
are told none. Pictures are uint8 (n, h, w) or (n, h, w, 3).
"""

from typing import TYPE_CHECKING

import numpy as np

from gan.data.remembered import remembered

if TYPE_CHECKING:
    from gan.inside.latent.atlas import Atlas
    from gan.inside.latent.directions import Direction
    from gan.inside.latent.neighbours import Nearest
    from gan.inside.latent.space import Space
    from gan.inside.moment import Moment

WEIGHTS, ANSWERS = "weights", "answers"  # how directions are found
FAKES = 2_000  # on a map
CHUNK = 250  # pictures that are judged at once
OPEN = 8  # moments of which something is remembered


@remembered(OPEN)
def space_of(moment: "Moment") -> "Space":
    """The space of a moment's generator."""
    from gan.inside.latent.space import Space

    return Space(moment.generator, moment.config)


@remembered(2 * OPEN)
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


@remembered(OPEN)
def chart(moment: "Moment", count: int = FAKES) -> "Atlas | None":
    """The map of so many fakes among the real pictures; None where these are not on this computer or too few."""
    return _chart((moment,), count, is_judged=True)


@remembered(2)
def history(moments: "tuple[Moment, ...]", count: int = FAKES // 10) -> "Atlas | None":
    """The same of several moments of a run: so many fakes of each, one moment after the other."""
    return _chart(moments, count)


def _chart(moments: "tuple[Moment, ...]", count: int, is_judged: bool = False) -> "Atlas | None":
    from gan.inside.latent import atlas

    first = moments[0]
    if first.pictures is None or len(first.pictures.images) < atlas.FEWEST:
        return None
    kinds = np.resize(first.config.learned_classes, count) if first.is_conditional else None
    noise = space_of(first).noise(0, count)
    fakes = np.concatenate([space_of(moment).draw(noise, kinds) for moment in moments])
    judged = beliefs(first, fakes, kinds) if is_judged and first.discriminator else None
    return atlas.chart(fakes, first.pictures, first.referee, judged)


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


@remembered(2 * OPEN)
def groups_of(moment: "Moment", kind: int | None = None) -> dict[tuple[str, str | int], np.ndarray]:
    """Noise of fakes that have something in common, worked out once; see `gan.inside.latent.groups`."""
    from gan.inside.latent import groups as found

    return found.groups(space_of(moment), moment.referee, kind)
