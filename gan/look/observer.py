"""What a trainer shows of itself now and then. Looking changes nothing in the training."""

import itertools
import math
import weakref
from functools import lru_cache
from time import perf_counter
from typing import Any, NamedTuple

import numpy as np
import torch
from torch import Tensor, nn

from gan.data import Pictures
from gan.data.pixels import channels_first, to_range, to_uint8
from gan.look import referee
from gan.look.follow import follow
from gan.look.referee import Scorer
from gan.parts.blocks import at_rest
from gan.parts.hooks import Batch
from gan.records import Scores, Walk, Wish

SAMPLES = 64
HELD_OUT = 256  # real pictures that D never learns from
FEW = 100  # pictures of which none can be spared
LOOKED_AT = 64  # of these, and of those that it does learn from, at each reading
SCORING_SHARE = 0.03  # of the time spent training; where epochs are short, some go without scores
SCORED_EVERY_SECONDS = 4.0  # of training, inside a long epoch
CHUNK = 250  # fakes drawn at once for the scores


class Networks(NamedTuple):
    """What is needed to see a moment again."""

    generator: nn.Module  # the averaged one where there is one
    discriminator: nn.Module
    midpoint: Tensor  # of a critic's points


class Observer:
    """Samples, scores and D's beliefs of a trainer at the moment of asking."""

    def __init__(self, trainer, pictures: Pictures, learned: Pictures, held_out: Pictures) -> None:
        """`pictures` are all there are, `learned` those that the trainer learns from."""
        self.trainer, self.config = weakref.proxy(trainer), trainer.config  # its owner goes as soon as nobody needs it
        self.pictures, self.learned, self.held_out = pictures, learned, held_out
        self.wish = Wish()
        self.noise = trainer.noise(SAMPLES)
        self.floor: Scores | None = None
        self._classes = torch.from_numpy(pictures.labels).unique().long()
        self._looks = itertools.cycle(range(0, max(1, min(len(learned.images), len(held_out.images))), LOOKED_AT))
        self._scorer: Scorer | None = None
        self._scoring_seconds = self._scored_at = 0.0

    def look(self) -> dict[str, Any]:
        """The parts of a Reading that need the networks."""
        seen, unseen = self._seen_and_unseen()
        return self.wished() | {
            "d_seen": seen,
            "d_unseen": unseen,
            "d_gradient": gradient_norm(self.trainer.discriminator),
            "g_gradient": gradient_norm(self.trainer.generator),
        }

    def wished(self) -> dict[str, Any]:
        """The parts of a Reading that depend on the wish."""
        samples, sample_scores = self.samples()
        story = self.trainer.teller.story() if self.wish.story else None
        return {"samples": samples, "sample_scores": sample_scores, "walk": self._walk(), "story": story}

    @torch.no_grad()
    def samples(self, nets: Networks | None = None) -> tuple[np.ndarray, tuple[float, ...]]:
        """What G makes of the fixed noise, uint8 (64, h, w) or (64, h, w, 3), and D's belief in each, 0..1.

        Of the present networks, unless others are given.
        """
        nets = nets or self.trainer.networks
        labels = self._asked()
        fakes = draw(nets.generator, self.noise, labels)
        return to_uint8(fakes, self.config.pixel_range), tuple(self._beliefs(Batch(fakes, labels), nets).tolist())

    def scores(self, training_seconds: float, whole_epoch: bool = True, always: bool = False) -> Scores | None:
        """How good the fakes are, or None while that would take more than its share of the time.

        Inside an epoch they are measured only if the last ones are some seconds old.
        """
        fresh = training_seconds - self._scored_at < SCORED_EVERY_SECONDS
        if not always and (self._scoring_seconds > SCORING_SHARE * training_seconds or (fresh and not whole_epoch)):
            return None
        self._scored_at = training_seconds
        if self._scorer is None:
            self._scorer = scorer(self.pictures, self.config.data)
            self.floor = self._scorer.floor
        begun = perf_counter()
        scores = self._scorer.score(self._fakes_to_score())
        self._scoring_seconds += perf_counter() - begun
        return scores

    @torch.no_grad()
    def _fakes_to_score(self) -> np.ndarray:
        """Always of the same noise, which no other part of the run sees."""
        count, random = self._scorer.samples, torch.Generator().manual_seed(self.config.seed)
        noise = torch.randn(count, self.config.latent_size, generator=random).to(self.trainer.device)
        labels = self._repeated(self._classes, count)
        parts = labels.split(CHUNK) if labels is not None else itertools.repeat(None)
        drawn = [draw(self.trainer.best_generator, *part) for part in zip(noise.split(CHUNK), parts, strict=False)]
        return to_uint8(torch.cat(drawn), self.config.pixel_range)

    def _asked(self) -> Tensor | None:
        """What the samples are to show: the wished class, or what the real pictures beside them show."""
        label = self.wish.label
        kinds = torch.from_numpy(self.pictures.labels[:SAMPLES]) if label is None else torch.tensor([label])
        return self._repeated(kinds, SAMPLES)

    def _repeated(self, kinds: Tensor, count: int) -> Tensor | None:
        """`kinds` (n,) in turn, (count,); None for networks that are not told the class."""
        if not self.trainer.is_conditional:
            return None
        return kinds.long().repeat(-(-count // len(kinds)))[:count].to(self.trainer.device)

    @torch.no_grad()
    def _beliefs(self, batch: Batch, nets: Networks | None = None) -> Tensor:
        """D's belief in each picture (n,), at rest."""
        _, discriminator, midpoint = nets or self.trainer.networks
        with at_rest(discriminator):
            beliefs = self.trainer.belief(discriminator(batch.pictures, batch.labels), midpoint)
        return for_each(beliefs, len(batch.pictures))

    def _seen_and_unseen(self) -> tuple[float, float]:
        """D's mean belief in some pictures that it learns from, and in some that it never does."""
        if not len(self.held_out.images):
            return math.nan, math.nan
        first = next(self._looks)
        return tuple(
            self._mean_belief(pictures, slice(first, first + LOOKED_AT)) for pictures in (self.learned, self.held_out)
        )

    def _mean_belief(self, known: Pictures, part: slice) -> float:
        images = channels_first(known.images[part]).to(self.trainer.device)
        labels = torch.from_numpy(known.labels[part]).long().to(self.trainer.device)
        pictures = self.trainer.discriminator.reals(to_range(images, self.config.pixel_range))
        batch = Batch(pictures, labels if self.trainer.is_conditional else None)
        return self._beliefs(batch).mean().item()

    def _walk(self) -> Walk | None:
        if self.wish.seed is None:
            return None
        trainer = self.trainer
        return follow(
            trainer.best_generator, trainer.discriminator, self.config,
            self.wish.seed, self.wish.label, trainer.belief,
        )  # fmt: skip


def for_each(beliefs: Tensor, count: int) -> Tensor:
    """A belief for each of `count` pictures; a D that looks at several at once gives them one together."""
    return beliefs.repeat(-(-count // len(beliefs)))[:count]


@lru_cache(maxsize=3)
def scorer(pictures: Pictures, judged_as: str | None) -> Scorer:
    """The scorer of a picture set, with the referee of the set `judged_as`; made once, for it takes a while."""
    return Scorer(pictures, judged_as and referee.load(judged_as))


def hold_out(pictures: Pictures, limit: int = 0) -> tuple[Pictures, Pictures]:
    """The pictures to learn from (`limit` of them, 0 = all), and others that D is only ever asked about.

    The others are at most an eighth of all, and none where there are fewer than 100.
    """
    count = len(pictures.images)
    others = min(HELD_OUT, count // 8) if count >= FEW else 0
    kept = min(limit or count, count - others)
    return (
        Pictures(pictures.images[:kept], pictures.labels[:kept]),
        Pictures(pictures.images[count - others :], pictures.labels[count - others :]),
    )


@torch.no_grad()
def draw(generator: nn.Module, noise: Tensor, labels: Tensor | None = None) -> Tensor:
    """What a generator makes of noise when nobody trains it."""
    with at_rest(generator):
        return generator(noise, labels)


def gradient_norm(net: nn.Module) -> float:
    """The norm of a network's newest gradient; not a number before the first."""
    gradients = [weight.grad for weight in net.parameters() if weight.grad is not None]
    return nn.utils.get_total_norm(gradients).item() if gradients else math.nan
