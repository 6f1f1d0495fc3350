"""Scores of dots: how unlike the real ones the fakes are spread, how many blobs they find, how many hit one.

Fakes are compared with all real dots, as many with as many; other real dots, which nobody has learned from, give the
floor. docs/scores.md says what each can and cannot say.
"""

import math

import numpy as np

from gan.data import Pictures
from gan.data.dots import Blobs
from gan.messages import Refusal
from gan.records import Scores

SIDE = 25  # squares of the histogram both ways, each 0.08 wide; what lies outside counts in the squares at the edge
SMOOTHING = 0.5  # dots more in each square: without them a square that fakes leave empty would make kl infinite
NEAR = 3.0  # standard deviations from a blob's centre within which a dot is of high quality (PacGAN, section 4.1)
FOUND = 0.1  # of a fair share of the fakes must be so near a blob that it counts as found


class DotsScorer:
    """Measures fakes against the real dots of a run, as `gan.look.referee.Scorer` does pictures.

    `samples` is how many fakes it wants: as many as there are real dots.
    """

    def __init__(self, pictures: Pictures, others: Pictures, blobs: Blobs | None) -> None:
        """`others` are as many dots of the same kind that nobody learns from; `blobs` are those that are learned."""
        self.samples = len(pictures.images)
        self._real, self._blobs = histogram(pictures.images), blobs
        self.floor = self.score(others.images)

    def score(self, fakes: np.ndarray) -> Scores:
        """The scores of the first `samples` of `fakes`, float32 (n, 1, 2). Raises ValueError when there are fewer."""
        if len(fakes) < self.samples:
            raise Refusal(
                "referee.too_few", "There must be {needed:,} fakes to score, not {count:,}.",
                needed=self.samples, count=len(fakes),
            )  # fmt: skip
        fakes = fakes[: self.samples]
        kinds, high_quality = hits(fakes, self._blobs) if self._blobs else (None, None)
        drawn = histogram(fakes)
        return Scores(
            samples=self.samples,
            kl=kl(self._real, drawn),
            js=js(self._real, drawn),
            kinds=kinds,
            high_quality=high_quality,
        )


def histogram(dots: np.ndarray) -> np.ndarray:
    """How many of the dots (n, 1, 2) lie in each square of the plane (SIDE, SIDE)."""
    places = ((np.nan_to_num(dots[:, 0]) + 1) / 2 * SIDE).clip(0, SIDE - 1).astype(int)
    return np.bincount(places[:, 1] * SIDE + places[:, 0], minlength=SIDE**2).reshape(SIDE, SIDE)


def kl(real: np.ndarray, fake: np.ndarray) -> float:
    """Kullback-Leibler divergence of the fakes' histogram from the real one, in nats, 0 or more.

    Large where real dots have no fakes near them: it sees what is missing.
    """
    p, q = ((counts + SMOOTHING) / (counts.sum() + SMOOTHING * counts.size) for counts in (real, fake))
    return float(_relative(p, q))


def js(real: np.ndarray, fake: np.ndarray) -> float:
    """Jensen-Shannon divergence of two histograms, in nats: 0 for the same ones, log 2 = 0.69 for nothing in common."""
    p, q = real / real.sum(), fake / fake.sum()
    between = (p + q) / 2
    return min(math.log(2), float(_relative(p, between) + _relative(q, between)) / 2)


def _relative(p: np.ndarray, q: np.ndarray) -> float:
    there = p > 0
    return (p[there] * np.log(p[there] / q[there])).sum()


def hits(fakes: np.ndarray, blobs: Blobs) -> tuple[int, float]:
    """How many of the blobs the fakes (n, 1, 2) find, and the share of the fakes that lie within one."""
    distances = np.linalg.norm(fakes - blobs.centres, axis=2)  # (n, k)
    near = distances <= NEAR * blobs.spread
    least = math.ceil(FOUND * len(fakes) / len(blobs.centres))
    return int((near.sum(0) >= least).sum()), float(near.any(1).mean())
