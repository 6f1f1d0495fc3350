"""A generator that makes pictures of pictures, or two that lead there and back, and what judges their patches."""

import math
from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from gan.data import Pictures, tasks
from gan.data.pixels import channels_first, to_images, to_range
from gan.families.translation import READS, equations
from gan.learn import optimizers
from gan.learn.learner import Learner as Base
from gan.parts.blocks import at_rest
from gan.parts.losses import least_squares, non_saturating
from gan.parts.translators import ThereAndBack
from gan.setup.config import RunConfig

SHOWN = 8  # pictures in its own view


class Learner(Base):
    """The translator of a config. One that leads back too learns from two halves that have no picture in common, so
    that it is told nothing of pairs.
    """

    def __init__(self, config: RunConfig, pictures: Pictures, held_out: Pictures | None = None) -> None:
        sources, aims = _lesson(config, pictures)
        super().__init__(config, aims)
        self.sources = channels_first(sources).to(self.device)
        self.nothing = torch.full((), math.nan, device=self.device)  # what this architecture does not read

    @property
    def is_both_ways(self) -> bool:
        return isinstance(self.generator, ThereAndBack)

    def obey(self, config: RunConfig) -> None:
        super().obey(config)
        names = ("cycle_weight", "identity_weight") if self.is_both_ways else ("l1_weight",)
        self.weights = [config.option(name) for name in names]

    @staticmethod
    def draws(nets: Mapping[str, nn.Module], noise: Tensor, pictures: Tensor, labels: Tensor | None) -> Tensor:
        generator, judge = nets["generator"], nets["judge"]
        if not isinstance(generator, ThereAndBack):
            drawn = generator(noise)
            judge(torch.cat([pictures, drawn], 1))
            return drawn
        for translator, other, one in zip(generator, reversed(generator), judge, strict=True):
            drawn = translator(pictures)
            one(drawn)
            other(drawn)
        return drawn

    @staticmethod
    def starts(
        config: RunConfig,
        count: int,
        random: torch.Generator,
        device: torch.device | str = "cpu",
        known: tuple[Pictures, Pictures] | None = None,
    ) -> Tensor:
        """The pictures (count, c*h*w) that go in: first those that nothing is learned from."""
        images = channels_first(tasks.going_in(config, count, known)).to(device)
        return to_range(images, config.pixel_range).flatten(1)

    @staticmethod
    def aims(config: RunConfig, pictures: Pictures) -> Pictures:
        """The pictures that shall come out."""
        return tasks.aims(config.task, pictures, config.learned_classes)

    def real(self, indices: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures that shall come out, with these numbers, and those that go in: theirs, or where nobody knows which
        are theirs, any.
        """
        aims = to_range(self.images.index_select(0, indices), self.config.pixel_range)
        if self.is_both_ways:
            indices = torch.randint(len(self.sources), indices.shape, generator=self.random, device=self.device)
        return aims, to_range(self.sources.index_select(0, indices), self.config.pixel_range)

    def learn(self, pictures: Tensor, labels: Tensor, turn: None) -> None:
        """A turn of what judges, and one of what draws; `labels` are the pictures (n, c, h, w) that go in."""
        losses = (self._there_and_back if self.is_both_ways else self._in_pairs)(labels, pictures)
        if self.average:
            self.average.update()
        self.sums.add(*(losses[name].detach() if name in losses else self.nothing for name in READS))

    def _in_pairs(self, sources: Tensor, aims: Tensor) -> dict[str, Tensor]:
        """Isola et al. 2017, eq. 4; what judges is shown what went in beside what came out, and learns half as fast."""
        judge, drawn = self.nets["judge"], self.generator(sources)
        real, fake = judge(torch.cat([sources, aims], 1)), judge(torch.cat([sources, drawn.detach()], 1))
        judging = non_saturating.discriminator(real, fake) / 2
        optimizers.descend(judging, self.optimizers["d_optimizer"])
        fooling = non_saturating.generator(judge(torch.cat([sources, drawn], 1)))
        l1 = equations.l1(drawn, aims)
        optimizers.descend(fooling + self.weights[0] * l1, self.optimizers["g_optimizer"])
        return {"fooling": fooling, "judging": judging, "l1": l1}

    def _there_and_back(self, sources: Tensor, aims: Tensor) -> dict[str, Tensor]:
        """Zhu et al. 2017, eq. 3 with least squares and the identity loss; each way the same.

        Its store of earlier fakes is left out: there each step sees one picture, here a batch.
        """
        there, back = self.generator
        out, same_aims = there(torch.cat([sources, aims])).chunk(2)  # each picture passes by itself
        home, same_sources = back(torch.cat([aims, sources])).chunk(2)
        judges, drawn = self.nets["judge"], (out, home)
        shown = (torch.cat([aims, out.detach()]), torch.cat([sources, home.detach()]))
        judged = [judge(both) for judge, both in zip(judges, shown, strict=True)]
        judging = sum(least_squares.discriminator(*answers.chunk(2)) for answers in judged)
        optimizers.descend(judging, self.optimizers["d_optimizer"])
        fooling = sum(least_squares.generator(judge(fake)) for judge, fake in zip(judges, drawn, strict=True))
        cycle = equations.cycle(back, out, sources) + equations.cycle(there, home, aims)
        same = equations.identity(same_aims, aims) + equations.identity(same_sources, sources)
        weight, beside = self.weights
        optimizers.descend(fooling + weight * (cycle + beside * same), self.optimizers["g_optimizer"])
        return {"fooling": fooling, "judging": judging, "cycle": cycle, "identity": same}

    @staticmethod
    @torch.no_grad()
    def views(
        nets: Mapping[str, nn.Module], config: RunConfig, known: tuple[Pictures, Pictures]
    ) -> dict[str, np.ndarray]:
        """Some pictures that nothing is learned from: what goes in, what comes out, what should (where that is known),
        and of two ways what comes back, and the same the other way round.
        """
        net, pixel_range = nets["generator"], config.pixel_range
        device = next(net.parameters()).device
        sources, aims = _first(config, known)
        shown = {"in": sources}
        with at_rest(net):
            out = net(to_range(channels_first(sources).to(device), pixel_range))
            shown["out"] = to_images(out, pixel_range)
            if tasks.has_pairs(config.task):
                shown["truth"] = aims
            if isinstance(net, ThereAndBack):
                there, back = net
                shown["again"] = to_images(back(out), pixel_range)
                other = back(to_range(channels_first(aims).to(device), pixel_range))
                shown["other_in"] = aims
                shown["other_out"] = to_images(other, pixel_range)
                shown["other_again"] = to_images(there(other), pixel_range)
        return shown


def _first(config: RunConfig, known: tuple[Pictures, Pictures]) -> tuple[np.ndarray, np.ndarray]:
    """The first pictures that go in and that shall come out, of those that nothing is learned from if there are any."""
    learned, held_out = known
    unseen = held_out if len(held_out.images) else learned
    if tasks.has_pairs(config.task):  # the others need not be made
        unseen = Pictures(unseen.images[:SHOWN], unseen.labels[:SHOWN])
    sources, aims = tasks.made(config.task, unseen, config.learned_classes)
    return sources[:SHOWN], aims.images[:SHOWN]


def _lesson(config: RunConfig, pictures: Pictures) -> tasks.Lesson:
    sources, aims = tasks.lesson(config.task, pictures, config.learned_classes)
    if config.takes_pairs_apart:
        return tasks.Lesson(sources[::2], Pictures(aims.images[1::2], aims.labels[1::2]))
    return tasks.Lesson(sources, aims)
