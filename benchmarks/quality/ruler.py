"""A ruler for drawn digits that has nothing in common with the referee: its own classifier and its own pictures.

    python -m benchmarks.quality.ruler

The embedded digits are cut in two. The classifier learns from one half, turned, moved, blurred, noised and on
backgrounds that are not quite black, so that its features do not turn on what nobody sees. The other half, which it
never saw, is what fakes are measured against: the Frechet distance (Heusel et al. 2017) of 2,500 fakes, in units in
which the real half's features have a variance of 100. A generator that is to be measured against pictures that are
new to it too learns from the first half alone.

The classifier is trained once, in about a minute on one thread, and is kept in the temporary folder.
"""

import math
import tempfile
from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor, nn
from torch.nn.functional import affine_grid, avg_pool2d, cross_entropy, grid_sample

from benchmarks.report import table
from gan import data
from gan.data import Pictures
from gan.look import scores

SAMPLES = 2_500  # fakes, and the real pictures that they are measured against
FEATURES, CLASSES = 48, 10
STEPS, BATCH, RATE = 3_000, 64, 2e-3
SEED = 1905
CHUNK = 250  # pictures at once
UNIT = 100.0  # the variance of the real half's features, all together
KEPT = Path(tempfile.gettempdir()) / f"gan-ruler-{SEED}-{STEPS}.safetensors"


def halves() -> tuple[Pictures, Pictures]:
    """The embedded digits in two: the classifier's half, and the half that it never saw."""
    pictures = data.load("digits")
    order = np.random.default_rng(SEED).permutation(len(pictures.images))
    return tuple(Pictures(pictures.images[part], pictures.labels[part]) for part in np.split(order, [-SAMPLES]))


def network() -> nn.Sequential:
    """Floats 0..1 (n, 1, 28, 28) to features (n, 48) to class logits (n, 10)."""
    body = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1), nn.SiLU(), nn.AvgPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1), nn.SiLU(), nn.AvgPool2d(2),
        nn.Conv2d(32, 48, 3), nn.SiLU(), nn.Flatten(),
        nn.Linear(48 * 25, FEATURES), nn.SiLU(),
    )  # fmt: skip
    return nn.Sequential(body, nn.Dropout(0.2), nn.Linear(FEATURES, CLASSES))


class Ruler:
    """Measures digits against the half that the classifier never saw."""

    def __init__(self) -> None:
        learned, self.real = halves()
        self.net = network()
        if KEPT.exists():
            self.net.load_state_dict(load_file(KEPT))
        else:
            train(self.net, learned)
            save_file(self.net.state_dict(), KEPT)
        self.net.eval().requires_grad_(False)
        self._scale = 1.0
        self._scale = math.sqrt(UNIT / self.features(self.real.images).var(0).sum().item())
        self._target = scores.gaussian(self.features(self.real.images))

    def distance(self, images: np.ndarray) -> float:
        """The Frechet distance of `images` uint8 (n, 28, 28) to the real half."""
        return scores.frechet(self._target, self.features(images))

    def read(self, images: np.ndarray) -> np.ndarray:
        """The class (n,) that each of the images is taken for."""
        return self.net[1:](self.features(images) / self._scale).argmax(1).numpy()

    @torch.inference_mode()
    def features(self, images: np.ndarray) -> Tensor:
        """(n, 48), in the ruler's unit."""
        parts = np.split(images, range(CHUNK, len(images), CHUNK))
        return torch.cat([self.net[0](_as_input(part)) for part in parts]) * self._scale


@lru_cache(maxsize=1)
def load() -> Ruler:
    """The ruler; made at the first call."""
    return Ruler()


def _as_input(images: np.ndarray) -> Tensor:
    return torch.from_numpy(images).unsqueeze(1).float() / 255


def train(net: nn.Sequential, pictures: Pictures) -> None:
    """Teach a classifier, with a rate that falls to 0 along a cosine."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(SEED)
        for layer in net.modules():
            if hasattr(layer, "reset_parameters"):
                layer.reset_parameters()
        images, answers = _as_input(pictures.images), torch.from_numpy(pictures.labels).long()
        optimizer = torch.optim.AdamW(net.parameters(), RATE, weight_decay=0.02)
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimizer, STEPS)
        for _ in range(STEPS):
            batch = torch.randint(len(images), (BATCH,))
            loss = cross_entropy(net(disguised(images[batch])), answers[batch], label_smoothing=0.05)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()


def disguised(pictures: Tensor) -> Tensor:
    """Pictures 0..1 (n, 1, 28, 28) turned, sized, slanted, moved; by chance blurred, noised and greyed."""
    count = len(pictures)
    turns = torch.eye(2) + 0.12 * torch.randn(count, 2, 2)
    shifts = 0.08 * torch.randn(count, 2, 1)
    grid = affine_grid(torch.cat([turns, shifts], 2), list(pictures.shape), align_corners=False)
    pictures = grid_sample(pictures, grid, align_corners=False)
    blurred = avg_pool2d(pictures, 3, stride=1, padding=1)
    luck = torch.rand(4, count, 1, 1, 1)
    pictures = pictures + 0.7 * luck[0].square() * (blurred - pictures)
    pictures = pictures + 0.1 * luck[1].square() * torch.randn_like(pictures)
    return ((1 - 0.2 * luck[2].square()) * pictures + 0.1 * luck[3].square()).clamp(0, 1)


def main() -> None:
    ruler, (learned, real) = load(), halves()
    right = (ruler.read(real.images) == real.labels).mean()
    print(f"The ruler reads {right:.1%} of {len(real.images):,} digits that it never saw.\n")
    rest = learned.images
    noise = np.random.default_rng(SEED).normal(0, 5, rest.shape)
    sets = {
        "the other real pictures": rest,
        "on a background of 2 of 255": np.maximum(rest, 2),
        "with noise of sigma 5": (rest + noise).clip(0, 255).astype(np.uint8),
        "moved right by a pixel": np.roll(rest, 1, 2),
        "without the kinds 5 to 9": np.resize(rest[learned.labels < CLASSES // 2], rest.shape),
    }
    print(
        table([f"{SAMPLES:,} pictures", "distance"], [[name, f"{ruler.distance(s):.2f}"] for name, s in sets.items()])
    )


if __name__ == "__main__":
    main()
