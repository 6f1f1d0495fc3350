"""Scores of a run's fakes: a small classifier that reads them, and what it is measured against.

The referees are trained by `tools/train_referee.py` and lie in `assets/referee/`. Each reads as many classes as its
pictures have; pictures without a referee keep the score that needs none, copying.
"""

from functools import lru_cache
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from gan.data import Pictures
from gan.data.catalog import SETS
from gan.data.pixels import channels_first
from gan.look import scores
from gan.messages import Refusal
from gan.records import Scores

FOLDER = Path(__file__).parents[2] / "assets" / "referee"
FILES = {item.name: item.referee for item in SETS.values() if item.referee}
SIDE, FEATURES = 28, 64

SAMPLES = 1_000  # fakes that are measured, and real pictures that play fakes for the floor
REALS = 5_000  # real pictures at most that realism compares with
USUAL = 2_000  # real pictures at most that say how near real ones are to each other
FEWEST = 20  # real pictures; with fewer a referee says nothing
SPLIT_SEED = 2019
CHUNK = 250  # pictures that the referee looks at at once: with 1,000 they leave the cache, twice as slow


def network(channels: int, classes: int, width: int = 16) -> nn.Sequential:
    """uint8 pictures as floats 0..1 (n, channels, 28, 28) to features (n, 64) to class logits (n, classes).

    Strides instead of pooling: 1,000 pictures take a ninth of the time. Photos need twice the width.
    """
    body = nn.Sequential(
        nn.Conv2d(channels, width, 5, stride=2, padding=2),
        nn.ReLU(),
        nn.Conv2d(width, 2 * width, 3, stride=2, padding=1),
        nn.ReLU(),
        nn.Conv2d(2 * width, 4 * width, 3),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(4 * width * 5 * 5, FEATURES),
        nn.ReLU(),
    )
    return nn.Sequential(body, nn.Linear(FEATURES, classes))


def as_input(images: np.ndarray) -> Tensor:
    """uint8 (n, h, w) or (n, h, w, 3) as the network sees them, float 0..1 (n, 1 or 3, 28, 28)."""
    pictures = channels_first(images).float() / 255
    if pictures.shape[2:] == (SIDE, SIDE):
        return pictures
    return interpolate(pictures, (SIDE, SIDE), mode="bilinear", antialias=True)


class Referee:
    """A classifier of pictures with so many `channels` and `classes`, and its features; it sees each at 28x28.

    `facts` says how it was trained and tested; its `accuracy` is the share of test pictures that it reads rightly.
    """

    def __init__(self, net: nn.Sequential, facts: dict[str, str]) -> None:
        self._body, self._head = net.eval().requires_grad_(False)
        self.channels: int = net[0][0].in_channels
        self.classes: int = net[1].out_features
        self.facts = facts
        self.accuracy = float(facts["accuracy"])

    @torch.inference_mode()
    def look(self, images: np.ndarray) -> tuple[Tensor, Tensor]:
        """Features (n, 64), 0 or more, and class probabilities (n, classes) of `images` uint8 (n, h, w[, 3])."""
        parts = [self._body(as_input(part)) for part in np.split(images, range(CHUNK, len(images), CHUNK))]
        features = torch.cat(parts)
        return features, self._head(features).softmax(1)


def names() -> tuple[str, ...]:
    """The picture sets that have a referee."""
    return tuple(FILES)


def load(name: str) -> Referee | None:
    """The referee of the picture set `name`, or None where it has none."""
    return _load(FILES[name]) if name in FILES else None


@lru_cache
def _load(file: str) -> Referee:
    from safetensors import safe_open

    with safe_open(FOLDER / f"{file}.safetensors", framework="pt") as stored:
        facts = stored.metadata()
        weights = {key: stored.get_tensor(key).float() for key in stored.keys()}  # noqa: SIM118 (not a dict)
    with torch.device("meta"):  # drawing weights would disturb the random stream of a run that is being built
        width, channels, *_ = weights["0.0.weight"].shape
        net = network(channels, len(weights["1.weight"]), width)
    net.load_state_dict(weights, assign=True)
    return Referee(net, facts)


def split(count: int) -> tuple[np.ndarray, np.ndarray]:
    """The numbers 0..count-1 in two: the pictures to compare with, and those held out, 1,000 or at most half.

    Always the same. Of the 5,000 embedded digits the held-out ones are those that the referee is tested on.
    """
    # RandomState's numbers are frozen for ever; those of default_rng may change with a new numpy.
    order = np.random.RandomState(SPLIT_SEED).permutation(count)
    held = min(SAMPLES, count // 2)
    return order[: count - held], order[count - held :]


class Scorer:
    """Measures fakes against the real pictures of a run.

    `samples` is how many fakes it wants: 1,000, fewer if it is told so, or half as many as there are real pictures. As
    many real pictures are held out; scored as if they were fakes, they give the `floor`: what a perfect forger would
    score.
    """

    def __init__(self, pictures: Pictures, referee: Referee | None, most: int = SAMPLES) -> None:
        """`referee` reads these pictures, or None where there is none; it must be one for as many colours."""
        count = len(pictures.images)
        reference, held = split(count)
        held = held[:most]
        self.samples = max(1, len(held))
        reads = referee is not None and count >= FEWEST and referee.channels == pictures.shape[0]
        self._referee = referee if reads else None
        self._kinds = _asked_for(pictures.labels, referee.classes) if reads else None
        with torch.inference_mode():
            if self._referee:
                features, _ = self._referee.look(pictures.images[reference[:REALS]])
                self._real = scores.gaussian(features)
                self._around = scores.manifold(features[: self.samples])
            # The forger learns from the held-out pictures too, so copies of them count as copies.
            self._gallery = scores.Gallery(pictures.images, pictures.labels, reference[:USUAL]) if count > 1 else None
            copying = self._gallery.copying_among(held) if self._gallery else None
            self.floor = self._scores(pictures.images[held], copying)

    @torch.inference_mode()
    def score(self, fakes: np.ndarray) -> Scores:
        """The scores of the first `samples` of `fakes`, uint8 (n, h, w) or (n, h, w, 3).

        Raises ValueError when there are fewer: the numbers would not be comparable with the floor.
        """
        if len(fakes) < self.samples:
            raise Refusal(
                "referee.too_few", "There must be {needed:,} fakes to score, not {count:,}.",
                needed=self.samples, count=len(fakes),
            )  # fmt: skip
        fakes = fakes[: self.samples]
        return self._scores(fakes, self._gallery.copying(fakes) if self._gallery else None)

    def _scores(self, images: np.ndarray, copying: float | None) -> Scores:
        if not self._referee:
            return Scores(samples=self.samples, copying=copying)
        features, probabilities = self._referee.look(images)
        shares = scores.shares(self._kinds[probabilities[:, self._kinds].argmax(1)], self._referee.classes)
        precision, recall = scores.precision_recall(self._around, features)
        return Scores(
            samples=self.samples,
            realism=scores.frechet(self._real, scores.gaussian(features)),
            variety=scores.variety(shares),
            shares=shares,
            precision=precision,
            recall=recall,
            copying=copying,
        )


def _asked_for(labels: np.ndarray, classes: int) -> Tensor:
    """Among which class numbers the referee has to choose: those of the run, or all where it has a single one.

    Of zeros and ones alone it would else read what lies between both as eights, and count more kinds than there are.
    """
    found = np.unique(labels)
    return torch.from_numpy(found.astype(np.int64)) if len(found) > 1 else torch.arange(classes)
