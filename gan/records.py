"""What a trainer reports: plain numbers and uint8 pictures, never tensors. Dots are float32 (n, 1, 2) instead."""

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, fields, replace
from enum import Enum
from typing import Any, Self

import numpy as np

from gan.messages import Told

SAMPLES = 64  # that a reading shows
MARKS = 10  # times that a run with a budget is scored


@dataclass(frozen=True, kw_only=True)
class Scores:
    """What is measured on a fixed number of fakes; None or empty where it cannot be measured on this picture set."""

    samples: int  # fakes that were measured
    realism: float | None = None  # Frechet distance to the real pictures in the referee's features, 0 = the same
    variety: float | None = None  # classes that the fakes spread over, 1..k: exp of the entropy of `shares`
    shares: tuple[float, ...] = ()  # share of each class among the fakes, as the referee reads them; sums to 1
    precision: float | None = None  # share of the fakes that lie among the real pictures, 0..1
    recall: float | None = None  # share of the real pictures that lie among the fakes, 0..1
    copying: float | None = None  # distance to the nearest real picture, in units of that of real ones; 0 = copies
    # Of dots, in nats, and of those that come in blobs:
    kl: float | None = None  # Kullback-Leibler divergence of the fakes from the real dots, 0 = the same
    js: float | None = None  # Jensen-Shannon divergence, 0 to log 2
    kinds: int | None = None  # blobs that the fakes find
    high_quality: float | None = None  # share of the fakes that lie within a blob, 0..1
    seconds: float | None = field(default=None, compare=False)  # of training before they were measured

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What `asdict` made, after JSON."""
        return cls(**values | {"shares": tuple(values["shares"])})

    @property
    def distance(self) -> float | None:
        """How far the fakes are from the real pictures by what there is to measure it: 0 = the same."""
        return self.js if self.realism is None else self.realism


class NotRecorded(Told, RuntimeError):
    """A graphics card could not record a step, or not do a recorded one again. From now on this process takes them one
    by one: another trainer goes on from the last checkpoint.
    """


@dataclass(frozen=True)
class Budget:
    """What a run has that is compared with others: seconds of training in place of its epochs."""

    seconds: float
    scored: int  # fakes that are scored at most, the same for all

    @property
    def scored_every(self) -> float:
        """Seconds of training between two scores."""
        return self.seconds / MARKS


@dataclass(frozen=True, kw_only=True)
class Measures:
    """What a generator that has been trained is measured by, beside the same of as many real pictures."""

    scores: Scores
    real: Scores
    sharpness: float  # height of a typical step between two neighbouring pixels, 0..1 (`gan.look.measures`)
    real_sharpness: float
    draw_seconds: float  # for 64 pictures
    jump: float  # the largest step's share of a walk between two noises; 1/16 is the least
    error: float | None = None  # of pictures that were squeezed and drawn again, a pixel 0..1; None: it cannot
    weights: int = 0  # of the network that draws

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> Self:
        """What `asdict` made, after JSON."""
        return cls(**values | {name: Scores.from_dict(values[name]) for name in ("scores", "real")})


@dataclass(frozen=True)
class Stage:
    """What one layer makes of one example: its kind, the shape of its output, and a small grey picture of it."""

    kind: str
    shape: tuple[int, ...]
    image: np.ndarray  # uint8 (h, w) or (h, w, 3)
    parameters: int = 0  # of the layer


@dataclass(frozen=True)
class Sight:
    """A real picture's way through D to a score."""

    picture: np.ndarray  # uint8 (h, w) or (h, w, 3)
    discriminator: tuple[Stage, ...]
    logit: float
    belief: float  # D's probability that the picture is real, 0..1


@dataclass(frozen=True)
class Walk:
    """One noise vector's way through G, and where there is a D, its picture's way through it to a score; beside it
    that of a real one.
    """

    seed: int
    noise: tuple[float, ...]
    generator: tuple[Stage, ...]
    picture: np.ndarray  # uint8 (h, w) or (h, w, 3)
    discriminator: tuple[Stage, ...] = ()
    logit: float = math.nan
    belief: float = math.nan  # D's probability that the picture is real, 0..1
    real: Sight | None = None  # None where the real pictures are not on this computer any more


@dataclass(frozen=True, kw_only=True)
class StepTrace:
    """One training step, part by part, with the numbers of that very step."""

    step: int
    reals: np.ndarray  # the first of the batch's real pictures, uint8 (n, h, w) or (n, h, w, 3)
    fakes: np.ndarray  # the first of the fakes that D was shown
    real_beliefs: tuple[float, ...]  # D's probability that each of `reals` is real
    fake_beliefs: tuple[float, ...]
    d_loss: float
    d_change: float  # length of D's update, as a share of the length of its weights; 0 when it stood still
    noise: tuple[float, ...]  # the first of the vectors that G was given
    drawn: np.ndarray | None  # what G made for its own turn; None when it had none
    drawn_beliefs: tuple[float, ...]  # of D as it is after its update
    g_loss: float | None
    g_change: float


@dataclass(frozen=True, eq=False)
class Plane:
    """All of a dots run at one moment; x and y in -1..1. A D that looks at several dots at once judges the fakes as it
    does in training, and for the heat each place beside the same few real dots.
    """

    step: int
    fakes: np.ndarray  # float32 (n, 2), n = 250, always of the same noise
    noise: np.ndarray  # float32 (n, latent_size)
    beliefs: np.ndarray  # float32 (n,), D's probability that each fake is real
    arrows: np.ndarray  # float32 (n, 2), minus the gradient of G's loss by each fake, as if it had that for itself
    heat: np.ndarray  # uint8 (40, 40), D's belief all over the plane, row 0 at y = 1, 255 = sure that it is real
    grid: np.ndarray  # float32 (21, 21, 2): what G makes of even noise, row 0 at the top; (41, 2) of noise with one
    #                   number, else (0, 2). Normal noise from -2 to 2, uniform from -1 to 1


class Judged:
    """What follows from D's answers to real pictures and to fakes, of which it sees equally many."""

    d_real: float
    d_fake: float
    real_passed: float
    fake_passed: float

    @property
    def d_right(self) -> float:
        """D's accuracy: the share of all pictures that it takes for what they are, 0..1; about 0.5 by guessing."""
        return (self.real_passed + 1 - self.fake_passed) / 2

    @property
    def d_sure(self) -> float:
        """D's mean probability for the right answer, 0..1."""
        return (self.d_real + 1 - self.d_fake) / 2


@dataclass(frozen=True, kw_only=True)
class Reading(Judged):
    """The state of a run at one moment; the means are over the steps since the last reading."""

    epoch: float  # epochs done so far, 2.5 = in the middle of the third
    step: int  # training steps done so far
    d_loss: float = math.nan  # of families in which a discriminator judges; so are the next three
    g_loss: float = math.nan
    d_real: float = math.nan  # D's mean probability that real pictures are real, 0..1
    d_fake: float = math.nan  # the same for the fakes, 0..1
    own: Mapping[str, float] = field(default_factory=dict)  # what else the run's family reads, by name
    real_passed: float = math.nan  # share of the real pictures that D takes for real: its belief is at least 0.5
    fake_passed: float = math.nan  # the same of its fakes: those that fool it
    seconds: float  # wall time that these means cover
    steps_per_second: float
    samples: np.ndarray | None  # uint8 (n, h, w) or (n, h, w, 3), always from the same noise
    sample_scores: tuple[float, ...] = ()  # D's probability that each sample is real
    d_seen: float = math.nan  # D's mean probability for some of the real pictures that it learns from, at rest
    d_unseen: float = math.nan  # the same for real pictures that it never learns from
    d_gradient: float = math.nan  # norm of D's gradient in the newest step
    g_gradient: float = math.nan  # the same for G
    scores: Scores | None = None  # of the fakes at this moment, where they were measured
    walk: Walk | None = None  # of one noise vector through both networks, where it was wished for
    trace: StepTrace | None = None  # of the newest step, where it was wished for
    plane: Plane | None = None  # of a dots run, where it was wished for
    views: Mapping[str, np.ndarray] = field(default_factory=dict)  # what its family shows of itself, where wished for

    @property
    def is_trained(self) -> bool:
        """Whether there are steps that its means are of."""
        return bool(self.own) or not math.isnan(self.d_loss)

    def without_samples(self) -> Self:
        """The numbers alone, to keep a long history small."""
        return replace(self, samples=None, sample_scores=(), walk=None, trace=None, plane=None, views={})

    def numbers(self) -> dict[str, float | int | None]:
        """The scalars, in the order in which CSV and JSON show them; None where there is no number."""
        names = ("epoch", "d_loss", "g_loss", "d_real", "d_fake", "seconds", "step", "steps_per_second")
        names += ("d_seen", "d_unseen", "d_gradient", "g_gradient", "real_passed", "fake_passed", "d_right", "d_sure")
        measured = ("realism", "variety", "precision", "recall", "copying", "kl", "js", "kinds", "high_quality")
        found = {name: getattr(self, name) for name in names}
        found |= {name: getattr(self.scores, name, None) for name in measured} | dict(self.own)
        return {name: None if value is None or math.isnan(value) else value for name, value in found.items()}


def by_name(means: Mapping[str, float]) -> dict[str, Any]:
    """Means of what was counted as fields of a Reading: those that it has none for are its family's own, where they are
    numbers.
    """
    known = {item.name for item in fields(Reading)}
    own = {name: value for name, value in means.items() if name not in known and not math.isnan(value)}
    return {name: value for name, value in means.items() if name in known} | {"own": own}


@dataclass(frozen=True, kw_only=True)
class EpochRecord(Reading):
    """One whole epoch: `epoch` is its number from 1, the means are over all of its steps."""

    epoch: int


@dataclass(frozen=True)
class Wish:
    """What a viewer wants to see of a run."""

    label: int | None = None  # the class that conditional networks draw; None = all in turn
    seed: int | None = None  # the noise vector that is followed through both networks; None = none
    trace: bool = False  # the newest training step, part by part
    plane: bool = False  # all of a dots run, ten times a second
    views: bool = False  # what its family shows of itself


class Word(Enum):
    """How a trainer is to go on."""

    GO = "go"  # take a step
    SHOW = "show"  # yield a reading of this moment, and ask again
    STOP = "stop"


@dataclass(frozen=True)
class Change:
    """Settings that were changed while a run went on."""

    step: int  # training steps done before it
    epoch: float  # epochs done before it, 2.5 = in the middle of the third
    settings: Mapping[str, Any]  # only those that changed, as in `RunConfig.to_dict`


# What a reading tells of its newest step alone, not of all steps since the one before.
OF_A_MOMENT = ("d_seen", "d_unseen", "d_gradient", "g_gradient")


@dataclass(frozen=True)
class Point(Judged):
    """One point of the charts; the means cover the `weight` steps before it.

    Points are kept as rows of a table in this order, so a new field comes last; `own` are columns of their own.
    """

    epoch: float
    d_loss: float = math.nan
    g_loss: float = math.nan
    d_real: float = math.nan
    d_fake: float = math.nan
    d_seen: float = math.nan
    d_unseen: float = math.nan
    d_gradient: float = math.nan
    g_gradient: float = math.nan
    weight: int = 1
    real_passed: float = math.nan
    fake_passed: float = math.nan
    own: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, reading: Reading, weight: int) -> Self:
        shared = {item.name: getattr(reading, item.name) for item in fields(cls) if item.name != "weight"}
        return cls(**shared | {"epoch": float(reading.epoch), "weight": weight})

    def and_then(self, after: Self) -> Self:
        """One point for the steps of both; what either of them does not know is unknown."""
        weight = self.weight + after.weight

        def mean(one: float, other: float) -> float:
            return (one * self.weight + other * after.weight) / weight if weight else other

        return replace(after, weight=weight, **self._with(after, mean, after.own))

    def without(self, before: Self) -> Self:
        """What is left of these steps without the first of them; what is not known of those is as it is of all."""
        weight = self.weight - before.weight

        def mean(whole: float, part: float) -> float:
            return whole if math.isnan(part) else (whole * self.weight - part * before.weight) / weight

        means = self._with(before, mean, self.own) | {name: getattr(self, name) for name in OF_A_MOMENT}
        return replace(self, weight=weight, **means)

    def _with(self, other: Self, mean: Callable[[float, float], float], own: Iterable[str]) -> dict[str, Any]:
        """All that is a mean of both, and the columns of its own that are called so."""
        names = [item.name for item in fields(Point) if item.name not in ("epoch", "weight", "own")]
        means = {name: mean(getattr(self, name), getattr(other, name)) for name in names}
        return means | {
            "own": {name: mean(self.own.get(name, math.nan), other.own.get(name, math.nan)) for name in own}
        }


@dataclass(frozen=True)
class Layer:
    """One layer of a network, as a diagram shows it."""

    kind: str  # "Linear", "Conv2d", ...
    shape: tuple[int, ...]  # of its output for one picture
    parameters: int


@dataclass(frozen=True)
class NetSummary:
    """A network's layers in order, and its parameters in all."""

    layers: tuple[Layer, ...]
    parameters: int


@dataclass(frozen=True)
class Preview:
    """A run before its first step: what there is to imitate, and what noise gives untrained."""

    reals: np.ndarray  # uint8 (n, h, w) or (n, h, w, 3); of translators the pictures that go in
    fakes: np.ndarray
    scores: tuple[float, ...]  # D's probability that each fake is real
    noise_size: int  # numbers in one noise vector
    pictures: int  # how many real pictures there are to learn from
    generator: NetSummary
    discriminator: NetSummary | None  # None in families that have none
    walk: Walk  # what the untrained networks make of one noise vector
