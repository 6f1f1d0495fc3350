"""What a run shows of itself now and then. Looking changes nothing in the training."""

import itertools
import math
import weakref
from collections.abc import Mapping
from dataclasses import replace
from functools import lru_cache
from time import perf_counter
from typing import Any, Protocol

import numpy as np
import torch
from torch import Tensor, nn

from gan import data, families
from gan.data import Pictures, dots
from gan.data.pixels import channels_first, to_images, to_range
from gan.look import networks, referee
from gan.look.dots_scores import DotsScorer
from gan.look.networks import beliefs, draw, drawn
from gan.look.plane import see
from gan.look.referee import Scorer
from gan.look.way import way_through
from gan.parts.hooks import Batch
from gan.records import SAMPLES, Budget, Plane, Scores, Walk, Wish
from gan.setup.config import RunConfig

LOOKED_AT = 64  # of the samples, and of those that it does learn from, at each reading
SCORING_SHARE = 0.03  # of the time spent training; where epochs are short, some go without scores
SCORED_EVERY_SECONDS = 4.0  # of training, inside a long epoch
AHEAD_SECONDS = 0.5  # of drawing them; what takes longer has to be earned first
CHUNK = 250  # of the fakes that are scored, drawn at once


class Observed(Protocol):
    """What an observer looks at: a learner, at any moment."""

    config: RunConfig  # as it is by now
    device: torch.device
    is_conditional: bool  # the networks are told the class
    nets: Mapping[str, nn.Module]
    generator: nn.Module  # the one that learns
    best_generator: nn.Module  # the one that is shown
    discriminator: nn.Module | None
    midpoint: Tensor
    steps: int  # done so far

    def starts(self, config: RunConfig, count: int, random: torch.Generator, **known: Any) -> Tensor:
        """What pictures are made of (count, noise_size)."""

    def views(
        self, nets: Mapping[str, nn.Module], config: RunConfig, known: tuple[Pictures, Pictures]
    ) -> dict[str, np.ndarray]:
        """What its family shows of itself."""

    def belief(self, logits: Tensor, midpoint: Tensor | None = None) -> Tensor:
        """D's answers (n,) as 0..1."""


class Observer:
    """Samples, scores and D's beliefs of a learner at the moment of asking."""

    def __init__(
        self,
        observed: Observed,
        noise: Tensor,
        pictures: Pictures,
        learned: Pictures,
        held_out: Pictures,
        budget: Budget | None = None,
    ) -> None:
        """`noise` (64, latent_size) is what samples are drawn from; `pictures` are all that samples are to be like,
        `learned` those that the networks learn from. With a `budget` scores come as often as it says,
        whatever they cost.
        """
        self._observed = weakref.proxy(observed)  # its owner, which goes as soon as nobody needs it
        self.noise = noise
        self.pictures, self.learned, self.held_out = pictures, learned, held_out
        self.wish = Wish()
        self.budget = budget
        self.floor: Scores | None = None
        self._classes = torch.from_numpy(pictures.labels).unique().long()
        self._looks = itertools.cycle(range(0, max(1, min(len(learned.images), len(held_out.images))), LOOKED_AT))
        self._scorer: Scorer | DotsScorer | None = None
        self._scoring_seconds = self._scored_at = self._drawing_seconds = 0.0

    def look(self) -> dict[str, Any]:
        """The parts of a Reading that need the networks."""
        seen, unseen = self._seen_and_unseen()
        return self.wished() | {
            "d_seen": seen,
            "d_unseen": unseen,
            "d_gradient": gradient_norm(self._observed.discriminator),
            "g_gradient": gradient_norm(self._observed.generator),
        }

    def wished(self) -> dict[str, Any]:
        """The parts of a Reading that depend on the wish, but for the trace."""
        samples, sample_scores = self.samples()
        return {
            "samples": samples,
            "sample_scores": sample_scores,
            "walk": self._walk(),
            "plane": self._plane(),
            "views": self._views(),
        }

    def samples(self) -> tuple[np.ndarray, tuple[float, ...]]:
        """What G makes of the fixed noise, uint8 (64, h, w) or (64, h, w, 3), and D's belief in each, 0..1."""
        shown, observed = asked(self.pictures.labels, self.wish), self._observed
        labels = shown.to(observed.device) if observed.is_conditional else None
        begun = perf_counter()
        found = drawn(networks.of(observed), self.noise, labels, observed.config.pixel_range, observed.belief)
        self._drawing_seconds = perf_counter() - begun
        return found

    def scores(self, training_seconds: float, whole_epoch: bool = True, always: bool = False) -> Scores | None:
        """How good the fakes are, or None while that would take more than its share of the time.

        Inside an epoch they are measured only if the last ones are some seconds old.
        """
        if not (always or self._is_due(training_seconds, whole_epoch)):
            return None
        self._scored_at = training_seconds
        if self._scorer is None:
            self._scorer = scorer_of(self.pictures, self._observed.config, self.budget and self.budget.scored)
            self.floor = self._scorer.floor
        begun = perf_counter()
        scores = self._scorer.score(self._fakes_to_score())
        self._scoring_seconds += perf_counter() - begun
        return replace(scores, seconds=training_seconds)

    def _is_due(self, training_seconds: float, whole_epoch: bool) -> bool:
        age = training_seconds - self._scored_at
        if self.budget:
            return age >= self.budget.scored_every
        ahead = self._drawing_seconds * families.most_scored(self._observed.config.family) / SAMPLES
        spent = self._scoring_seconds + (ahead if ahead > AHEAD_SECONDS else 0)
        return spent <= SCORING_SHARE * training_seconds and (whole_epoch or age >= SCORED_EVERY_SECONDS)

    @torch.no_grad()
    def _fakes_to_score(self) -> np.ndarray:
        """Always of the same noise, which no other part of the run sees."""
        observed, count = self._observed, self._scorer.samples
        config, random = observed.config, torch.Generator().manual_seed(observed.config.seed)
        noise = observed.starts(config, count, random, known=(self.learned, self.held_out)).to(observed.device)
        labels = repeated(self._classes, count).to(observed.device) if observed.is_conditional else None
        parts = labels.split(CHUNK) if labels is not None else itertools.repeat(None)
        generator = observed.best_generator
        fakes = [draw(generator, *part) for part in zip(noise.split(CHUNK), parts, strict=False)]
        return to_images(torch.cat(fakes), observed.config.pixel_range)

    def _seen_and_unseen(self) -> tuple[float, float]:
        """D's mean belief in some pictures that it learns from, and in some that it never does."""
        if not (self._observed.discriminator and len(self.held_out.images)):
            return math.nan, math.nan
        first = next(self._looks)
        return tuple(
            self._mean_belief(pictures, slice(first, first + LOOKED_AT)) for pictures in (self.learned, self.held_out)
        )

    def _mean_belief(self, known: Pictures, part: slice) -> float:
        observed = self._observed
        images = channels_first(known.images[part]).to(observed.device)
        labels = torch.from_numpy(known.labels[part]).long().to(observed.device) if observed.is_conditional else None
        pictures = observed.discriminator.reals(to_range(images, observed.config.pixel_range))
        return beliefs(networks.of(observed), Batch(pictures, labels), observed.belief).mean().item()

    def _walk(self) -> Walk | None:
        if self.wish.seed is None:
            return None
        observed = self._observed
        config, wish = observed.config, self.wish
        return way_through(networks.of(observed), config, wish.seed, wish.label, observed.belief, self.learned)

    def _views(self) -> dict[str, np.ndarray]:
        observed = self._observed
        if not self.wish.views:
            return {}
        return observed.views(networks.of(observed).parts, observed.config, (self.learned, self.held_out))

    def _plane(self) -> Plane | None:
        observed = self._observed
        if not self.shows_plane:
            return None
        return see(networks.of(observed), observed.config, observed.steps, self.learned, observed.belief)

    @property
    def shows_plane(self) -> bool:
        """Whether all of the plane is wished for, and there is one."""
        return self.wish.plane and data.get(self._observed.config.data).is_dots


def asked(labels: np.ndarray, wish: Wish) -> Tensor:
    """The classes (64,) that samples are to show: the wished one, or those of the real pictures with these labels."""
    kinds = torch.from_numpy(labels[:SAMPLES]) if wish.label is None else torch.tensor([wish.label])
    return repeated(kinds, SAMPLES)


def repeated(kinds: Tensor, count: int) -> Tensor:
    """`kinds` (n,) in turn, (count,)."""
    return kinds.long().repeat(-(-count // len(kinds)))[:count]


def scorer_of(pictures: Pictures, config: RunConfig, most: int | None = None) -> Scorer | DotsScorer:
    """What measures the fakes of a run of this config, whose pictures these are: `most` of them, or as usual."""
    if not data.get(config.data).is_dots:
        return scorer(pictures, config.data, most or families.most_scored(config.family))
    others = data.wanted(config, fresh=True)
    return DotsScorer(pictures, others, dots.blobs_of(config.data, config.classes))


@lru_cache(maxsize=3)
def scorer(pictures: Pictures, judged_as: str | None, most: int = families.MOST_SCORED) -> Scorer:
    """The scorer of a picture set, with the referee of the set `judged_as`; made once, for it takes a while."""
    return Scorer(pictures, judged_as and referee.load(judged_as), most)


def gradient_norm(net: nn.Module | None) -> float:
    """The norm of a network's newest gradient; not a number before the first, or where there is no such network."""
    if net is None:
        return math.nan
    gradients = [weight.grad for weight in net.parameters() if weight.grad is not None]
    return nn.utils.get_total_norm(gradients).item() if gradients else math.nan
