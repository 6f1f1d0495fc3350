"""A map of fakes and real pictures: placed by what they look like to the referee, so that missing kinds show as holes.

The map is drawn by the real pictures alone, so that it stays the same whatever the forger does: the two directions
in which they differ most (PCA). Fakes are then put where they belong on it.
"""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import torch
from torch import Tensor

from gan.data import Pictures
from gan.data.remembered import remembered
from gan.inside.latent.directions import principal
from gan.look.referee import Referee, split
from gan.look.scores import NEIGHBOURS, manifold, shares, squared_distances, thumbnails

FEWEST = 20  # real pictures; fewer make no map
REALS = 1_000  # real pictures at most
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


class Ground(NamedTuple):
    """The real pictures of a map, at most 1,000, and the two directions in which they differ most."""

    images: np.ndarray  # uint8 (n, h, w) or (n, h, w, 3)
    features: Tensor  # (n, d)
    sure: Tensor | None  # (n,), of the referee in the class that it reads
    kinds: Tensor | None  # (n,)
    components: Tensor  # (2, d)
    explained: float

    def place(self, features: Tensor) -> Tensor:
        """Where features (n, d) lie on the map, (n, 2)."""
        return (features - self.features.mean(0)) @ self.components.T


@remembered(3)
@torch.inference_mode()
def ground(pictures: Pictures, referee: Referee | None) -> Ground:
    """The map before any fake is on it; drawn once."""
    shown = pictures.images[split(len(pictures.images))[0][:REALS]]
    features, sure, kinds = _seen(shown, referee)
    components, variances, _ = principal(features, 2)
    total = (features - features.mean(0)).double().square().sum() / max(1, len(features) - 1)
    explained = (variances.sum() / total.clamp(min=1e-12)).item()
    return Ground(shown, features, sure, kinds, components.float(), explained)


@torch.inference_mode()
def chart(fakes: np.ndarray, pictures: Pictures, referee: Referee | None, beliefs: np.ndarray | None = None) -> Atlas:
    """The map of `fakes`, uint8 (n, h, w[, 3]), among the real `pictures`.

    `beliefs` (n,) are the discriminator's in the fakes. Without a referee pictures are placed by their thumbnails of
    7x7 pixels. There must be at least FEWEST of each.
    """
    real = ground(pictures, referee)
    features, sure, kinds = _seen(fakes, referee)
    counted = {}
    if referee:
        counted = {"real_shares": shares(real.kinds, referee.classes), "fake_shares": shares(kinds, referee.classes)}
    reached, believable = covered(real.features, features)
    return Atlas(
        images=np.concatenate([real.images, fakes]),
        places=real.place(torch.cat([real.features, features])).numpy(),
        real=len(real.images),
        kinds=torch.cat([real.kinds, kinds]).numpy() if referee else None,
        sure=torch.cat([real.sure, sure]).numpy() if referee else None,
        reached=reached.numpy(),
        believable=believable.numpy(),
        beliefs=beliefs,
        explained=real.explained,
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
