"""A map of fakes and real pictures: placed by what they look like to the referee, so that missing kinds show as holes.

The map is drawn by the real pictures alone, so that it stays the same whatever the forger does: the two directions
in which they differ most (PCA). Fakes are then put where they belong on it.
"""

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from gan.data import Pictures
from gan.inside.latent.directions import principal
from gan.look.referee import Referee, split
from gan.look.scores import NEIGHBOURS, manifold, shares, squared_distances, thumbnails

FEWEST = 20  # real pictures; fewer make no map
MISSING = 0.2  # of the share that a kind has among real pictures: a kind with less among the fakes is missing


@dataclass(frozen=True, eq=False)
class Atlas:
    """`real` real pictures, then fakes; n together."""

    images: np.ndarray  # uint8 (n, h, w) or (n, h, w, 3)
    places: np.ndarray  # float32 (n, 2)
    real: int
    kinds: np.ndarray | None  # int (n,), as the referee reads them; None without one
    sure: np.ndarray | None  # float32 (n,), how sure it is of that, 0..1
    reached: np.ndarray  # bool (real,): a fake is as near to it as real ones are to each other (its recall)
    believable: np.ndarray  # bool (n - real,): it is as near to a real picture as real ones are (precision)
    explained: float  # the share of the differences between real pictures that the map's two directions show
    beliefs: np.ndarray | None = None  # float32 (n - real,), the discriminator's, 0..1; None where nobody asked it
    real_shares: tuple[float, ...] = ()  # of each class among the real pictures, as the referee reads them
    fake_shares: tuple[float, ...] = ()

    @property
    def missing(self) -> list[int]:
        """Classes that hardly any fake belongs to, though real pictures do."""
        pairs = enumerate(zip(self.real_shares, self.fake_shares, strict=True))
        return [kind for kind, (real, fake) in pairs if real and fake < MISSING * real]


@torch.inference_mode()
def chart(
    fakes: np.ndarray,
    pictures: Pictures,
    referee: Referee | None,
    beliefs: np.ndarray | None = None,
    reals: int = 1_000,
) -> Atlas:
    """The map of `fakes`, uint8 (n, h, w[, 3]), among at most so many `reals` of the real `pictures`.

    `beliefs` (n,) are the discriminator's in the fakes. Without a referee pictures are placed by their thumbnails of
    7x7 pixels. There must be at least FEWEST of each.
    """
    shown = pictures.images[split(len(pictures.images))[0][:reals]]
    real, real_sure, real_kinds = _seen(shown, referee)
    fake, fake_sure, fake_kinds = _seen(fakes, referee)
    components, variances, _ = principal(real, 2)
    middle = real.mean(0)
    places = (torch.cat([real, fake]) - middle) @ components.T.float()
    counted = {}
    if referee:
        counted = {
            "real_shares": shares(real_kinds, referee.classes),
            "fake_shares": shares(fake_kinds, referee.classes),
        }
    total = (real - middle).double().square().sum() / max(1, len(real) - 1)
    reached, believable = covered(real, fake)
    return Atlas(
        images=np.concatenate([shown, fakes]),
        places=places.numpy(),
        real=len(shown),
        kinds=torch.cat([real_kinds, fake_kinds]).numpy() if referee else None,
        sure=torch.cat([real_sure, fake_sure]).numpy() if referee else None,
        reached=reached.numpy(),
        believable=believable.numpy(),
        beliefs=beliefs,
        explained=(variances.sum() / total.clamp(min=1e-12)).item(),
        **counted,
    )


def covered(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    """Which real features (n, d) lie among the fake ones (m, d), and which fake ones among the real ones.

    Recall and precision of Kynkaanniemi et al. 2019, picture by picture: within a ball around one of the others
    that reaches to its third neighbour.
    """
    k = min(NEIGHBOURS, len(real) - 1, len(fake) - 1)
    distances = squared_distances(real, fake)
    reached = (distances - manifold(fake, k).reach).amin(1) <= 0
    believable = (distances - manifold(real, k).reach.unsqueeze(1)).amin(0) <= 0
    return reached, believable


def _seen(images: np.ndarray, referee: Referee | None) -> tuple[Tensor, Tensor | None, Tensor | None]:
    """Features (n, d), how sure the referee is (n,), and of what class (n,)."""
    if referee is None:
        return thumbnails(images), None, None
    features, probabilities = referee.look(images)
    sure, kinds = probabilities.max(1)
    return features, sure, kinds
