"""The space that a generator draws from: points in, pictures out, and the matrix that first looks at a point.

A point is the noise vector itself, but for a generator that turns it into a style first: there it is the style.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import torch
from torch import Tensor, nn

from gan.data.pixels import to_images
from gan.families import translates as is_given_pictures
from gan.inside.latent import families, walks
from gan.messages import Refusal
from gan.parts import nets
from gan.parts.blocks import Normalise, at_rest, layers
from gan.parts.nets.biggan import BigGenerator
from gan.parts.nets.style import StyleGenerator
from gan.parts.nets.vae._blocks import Fitted
from gan.parts.noise import draw_noise
from gan.setup.config import RunConfig

CHUNK = 250  # pictures drawn at once
USUAL = 512  # points that say what is usual
DRAWN = 256  # vectors that `gan.export.sample` draws at once
AFFINE = (nn.Linear, nn.Conv2d, nn.ConvTranspose2d)


@dataclass(frozen=True, eq=False)
class Space:
    """A generator, asked with arrays and always at rest. Any number of threads may ask one that rests for good."""

    generator: nn.Module
    config: RunConfig

    def __post_init__(self) -> None:
        if is_given_pictures(self.config.family):
            raise Refusal("latent.no_noise", "This generator is given pictures, not noise: there is no space of noise.")

    def noise(self, seed: int, count: int) -> np.ndarray:
        """Noise float32 (count, latent_size): that from which `gan.export.sample` draws for this seed."""
        random = torch.Generator().manual_seed(seed)
        size = self.config.noise_size
        chunks = [draw_noise(self.config.noise, DRAWN, size, random) for _ in range(-(-count // DRAWN))]
        return torch.cat(chunks)[:count].numpy()

    @torch.no_grad()
    def points(self, noise: np.ndarray) -> np.ndarray:
        """Where noise (n, latent_size) lies in this space, (n, size)."""
        if not self.has_styles:
            return noise
        mapped = self.generator.mapping(self._tensor(noise))
        return self.generator.mean.lerp(mapped, self.generator.truncation).cpu().numpy()

    def draw(self, noise: np.ndarray, kinds: np.ndarray | None = None) -> np.ndarray:
        """What is drawn from noise (n, latent_size), uint8 (n, h, w) or (n, h, w, 3).

        `kinds` are classes (n,) or weights of classes (n, classes), for networks that are told the class; None = all in
        turn.
        """
        return self.draw_points(self.points(noise), kinds)

    def draw_points(self, points: np.ndarray, kinds: np.ndarray | None = None) -> np.ndarray:
        """What is drawn from points (n, size) of this space."""
        shown = self._tensor(points).split(CHUNK)
        told = [None] * len(shown) if kinds is None else torch.as_tensor(kinds).to(self.device).split(CHUNK)
        return to_images(torch.cat([self._draw(*part) for part in zip(shown, told, strict=True)]), self.pixel_range)

    def walk(
        self, starts: np.ndarray, ends: np.ndarray, steps: int, way: str, kinds: np.ndarray | None = None
    ) -> np.ndarray:
        """Pictures (n, steps, h, w[, 3]) on the ways from noise `starts` (n, latent_size) to `ends`.

        `kinds` (n, 2) are the classes at both ends, which are blended on the way.
        """
        points = walks.walk(starts, ends, steps, way)
        told = None
        if kinds is not None:
            shares, classes = np.linspace(0, 1, steps), self.config.class_count
            told = np.concatenate([[families.blend(*pair, share, classes) for share in shares] for pair in kinds])
        drawn = self.draw(points.reshape(-1, points.shape[-1]), told)
        return drawn.reshape(len(points), steps, *drawn.shape[1:])

    @torch.no_grad()
    def _draw(self, points: Tensor, kinds: Tensor | None) -> Tensor:
        with at_rest(self.generator):
            if self.has_styles:
                x = self.generator.start(points)
                for layer in self.generator.layers:
                    x = layer(x, points)
                return self.generator.paint(x)
            return self.generator(points, kinds)

    @cached_property
    def matrix(self) -> Tensor:
        """The matrix (m, size) by which the generator's first layers see a point.

        Raises ValueError where there is none: directions can then only be found from what layers answer.
        """
        if self.has_styles:  # every layer looks at the style by a matrix of its own
            return torch.cat([layer.to_scales for layer in self.generator.layers])
        if isinstance(self.generator, BigGenerator):
            return self.generator.looks()
        first = next((layer for layer in layers(self.generator) if isinstance(layer, AFFINE)), None)
        if first is None:
            raise Refusal("latent.no_matrix", "This generator does not begin with a layer that multiplies.")
        weight = first.weight.detach()
        if isinstance(first, nn.ConvTranspose2d):
            weight = weight.transpose(0, 1)
        columns = weight.movedim(1, -1).flatten(0, -2)
        columns = columns[:, : self.config.noise_size]  # what stands beside the noise is the class
        stretches = self._stretches()
        return torch.cat([columns @ each for each in stretches]) if stretches else columns

    def _stretches(self) -> list[Tensor]:
        """The matrices (size, size) by which noise is stretched before any layer sees it, one a class that is drawn."""
        start = next(iter(self.generator.children()), None)
        return [start.spread[kind] for kind in start.offered] if isinstance(start, Fitted) and start.is_fitted else []

    @cached_property
    def middle(self) -> np.ndarray:
        """The mean point (size,)."""
        return self.usual.mean(0) if self.has_styles else np.zeros(self.config.noise_size, np.float32)

    @cached_property
    def usual(self) -> np.ndarray:
        """Points (512, size) as they usually are."""
        return self.points(self.noise(0, USUAL))

    @property
    def has_styles(self) -> bool:
        """Whether noise is turned into a style first."""
        return isinstance(self.generator, StyleGenerator)

    @property
    def is_conditional(self) -> bool:
        """Whether it is told the class."""
        return nets.is_conditional(self.config.architecture)

    @property
    def forgets_length(self) -> bool:
        """Whether all points are brought to one length, so that how far they are from the middle means nothing."""
        first = next(iter(layers(self.generator)), None)
        return isinstance(first, Normalise) and not self.has_styles

    @property
    def pixel_range(self) -> str:
        return self.config.pixel_range

    @property
    def device(self) -> torch.device:
        return next(chain(self.generator.parameters(), self.generator.buffers())).device

    def _tensor(self, numbers: np.ndarray) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(numbers, np.float32)).to(self.device)
