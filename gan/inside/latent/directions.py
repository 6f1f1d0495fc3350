"""Directions in which a generator's pictures change most, found without anybody having named them, and then named.

- From its weights alone, in closed form: SeFa (Shen, Zhou 2021, "Closed-form factorization of latent semantics in
  GANs", eq. 4): the eigenvectors of A^T A, where A is the matrix by which the first layer sees a point.
- From what it answers: GANSpace (Haerkoenen et al. 2020, section 2): the principal components of an early layer's
  activations, brought back to points by regression (eq. 3). Where the first layer is linear, its own components
  are SeFa's; so the layer looked at is the first that bends.
"""

from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor, nn

from gan.inside.latent import traits
from gan.inside.latent.space import Space
from gan.look.referee import Referee
from gan.messages import Refusal
from gan.parts.blocks import layers

COUNT = 6
SAMPLED = 512  # points whose activations are looked at
TRIED = 32  # points that are moved to see what a direction changes
MOVED = 2.0  # standard deviations, both ways
WEAK = 0.35  # a change of fewer standard deviations than this is not worth a name
SURE = 0.15  # of the referee: a share of the pictures that become another class
BENDS = (nn.ReLU, nn.LeakyReLU, nn.Tanh, nn.Sigmoid)


@dataclass(frozen=True)
class Direction:
    """A unit vector, and what pictures do along it."""

    vector: np.ndarray  # float32 (size,)
    share: float  # of the variance that all directions of its kind have together, 0..1
    spread: float  # how far points usually lie along it, one standard deviation
    trait: str | None = None  # of `traits.measures`, that grows most; None where nothing much does
    kind: int | None = None  # the class that pictures become more like, as the referee reads them


def eigen(matrix: Tensor) -> tuple[Tensor, Tensor]:
    """The eigenvalues (size,) of A^T A, largest first, and its eigenvectors as rows (size, size); A is (m, size).

    Raises ValueError for numbers that are not finite.
    """
    if not matrix.isfinite().all():
        raise Refusal("latent.not_finite", "The numbers in this generator are not finite any more: it blew up.")
    values, vectors = torch.linalg.eigh(matrix.double().T @ matrix.double())
    return values.flip(0).clamp(min=0), vectors.T.flip(0)


def principal(rows: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """The principal components of rows (n, d): unit vectors (count, d), variances (count,), coordinates (n, count).

    By the smaller of the two matrices of products, so that neither many rows nor long ones take long.
    """
    centred = (rows - rows.mean(0)).double()
    n, d = centred.shape
    count = min(count, n - 1, d)
    if d <= n:
        values, vectors = eigen(centred)
        components = vectors[:count]
    else:
        values, across = eigen(centred.T)
        components = across[:count] @ centred
        components = components / components.norm(dim=1, keepdim=True).clamp(min=1e-12)
    return components, values[:count] / max(1, n - 1), centred @ components.T


def by_weights(space: Space, count: int = COUNT) -> list[tuple[np.ndarray, float]]:
    """SeFa's first directions and their shares. Raises ValueError for a generator without a first matrix."""
    values, vectors = eigen(space.matrix.detach().cpu())
    shares = values / values.sum().clamp(min=1e-12)
    return [(vectors[k].float().numpy(), shares[k].item()) for k in range(min(count, len(values)))]


def by_answers(space: Space, count: int = COUNT, kinds: np.ndarray | None = None) -> list[tuple[np.ndarray, float]]:
    """GANSpace's first directions and their shares."""
    points = space.points(space.noise(0, SAMPLED))
    rows = torch.from_numpy(points) if space.has_styles else activations(space, points, kinds)
    components, variances, coordinates = principal(rows, count)
    total = (rows - rows.mean(0)).double().square().sum() / max(1, len(rows) - 1)
    # Least squares of points by coordinates, which are uncorrelated: each alone.
    back = coordinates.T @ torch.from_numpy(points - points.mean(0)).double()
    found = components if space.has_styles else back
    found = found / found.norm(dim=1, keepdim=True).clamp(min=1e-12)
    shares = variances / total.clamp(min=1e-12)
    return [(vector.float().numpy(), share.item()) for vector, share in zip(found, shares, strict=True)]


def activations(space: Space, points: np.ndarray, kinds: np.ndarray | None = None) -> Tensor:
    """What the first layer that bends makes of points (n, size), one row (n, d) each, on the CPU."""
    own = Space(deepcopy(space.generator), space.config)  # others may be looking at the same networks
    parts, seen = layers(own.generator), []
    watched = next((layer for layer in parts if isinstance(layer, BENDS)), parts[0])
    watched.register_forward_hook(lambda _, __, output: seen.append(output.flatten(1).cpu().clone()))
    own.draw_points(points, kinds)
    return torch.cat(seen)


def named(space: Space, found: list[tuple[np.ndarray, float]], referee: Referee | None) -> list[Direction]:
    """Directions with what they change; each points to where its trait, or its class, grows."""
    base = space.points(space.noise(1, TRIED))
    return [_named(space, vector, share, base, referee) for vector, share in found]


def _named(space: Space, vector: np.ndarray, share: float, base: np.ndarray, referee: Referee | None) -> Direction:
    spread = float((space.usual @ vector).std()) or 1.0
    step = MOVED * spread * vector
    less, more = space.draw_points(base - step), space.draw_points(base + step)
    if referee:
        change = (referee.look(more)[1] - referee.look(less)[1]).mean(0)
        kind = int(change.abs().argmax())
        if abs(change[kind]) >= SURE:
            return Direction(_towards(vector, change[kind]), share, spread, kind=kind)
    before, after = traits.measures(less), traits.measures(more)
    effects = {name: _effect(before[name], after[name]) for name in before}
    trait = max(effects, key=lambda name: abs(effects[name]))
    if abs(effects[trait]) < WEAK:
        return Direction(vector, share, spread)
    return Direction(_towards(vector, effects[trait]), share, spread, trait=trait)


def _towards(vector: np.ndarray, change: float) -> np.ndarray:
    return vector if change >= 0 else -vector


def _effect(before: np.ndarray, after: np.ndarray) -> float:
    """The mean change in standard deviations (Cohen's d); 0 where nothing varies."""
    spread = np.sqrt((before.var() + after.var()) / 2)
    return float((after - before).mean() / spread) if spread > 1e-9 else 0.0
