"""Groups of fakes that have something in common: the most slanted, the least, those that the referee reads as a 3."""

import numpy as np

from gan.inside.latent import traits
from gan.inside.latent.space import Space
from gan.look.referee import Referee

SEED = 2
SAMPLED = 256  # fakes that are sorted
EACH = 16  # of a group at most
FEWEST = 4  # of a class, that an average can be taken of
MOST, LEAST, KIND = "most", "least", "kind"


def groups(space: Space, referee: Referee | None, kind: int | None = None) -> dict[tuple[str, str | int], np.ndarray]:
    """The noise (n, latent_size) of each group, by what it has in common: ("most", "slant") or ("kind", 3).

    For networks that are told the class, all are of this `kind`: what differs is then not that.
    """
    noise = space.noise(SEED, SAMPLED)
    images = space.draw(noise, None if kind is None else np.full(SAMPLED, kind))
    found: dict[tuple[str, str | int], np.ndarray] = {}
    for name, values in traits.measures(images).items():
        order = np.argsort(values, kind="stable")
        found |= {(MOST, name): noise[order[: -EACH - 1 : -1]], (LEAST, name): noise[order[:EACH]]}
    if referee and kind is None:
        sure, read = (each.numpy() for each in referee.look(images)[1].max(1))
        for each in range(referee.classes):
            own = np.flatnonzero(read == each)
            if len(own) >= FEWEST:
                found[KIND, each] = noise[own[np.argsort(-sure[own], kind="stable")][:EACH]]
    return found
