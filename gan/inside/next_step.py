"""What would make a picture look more real: one step of the forger's weights, or of the picture's own pixels."""

import copy

import numpy as np
import torch
from torch import Tensor

from gan.inside.judging import as_input, as_picture, judge, score_of
from gan.inside.moment import Moment
from gan.inside.seen import Improved, Subject
from gan.learn import optimizers
from gan.look.attribution import slopes, uphill
from gan.look.observer import draw
from gan.parts import losses, objective, stabilisers
from gan.parts.blocks import Look

MOST = 0.2  # of the way from black to white that a pixel goes at most
REALS = 16  # real pictures beside the fakes, for losses that look at them too


def forger_step(moment: Moment, place: int, steps: int = 1, seed: int | None = None) -> Improved:
    """The fake number `place` of the run's own noise, or of another `seed`, before and after G has learned once more.

    A copy of G takes `steps` steps down its loss on a batch of fakes with this one among them, against the D of the
    moment, with the run's own optimiser and learning rate begun anew. The networks of the moment stay as they are.
    What a VAE-GAN's generator makes small besides is left out.
    """
    config = moment.config
    net = copy.deepcopy(moment.generator).requires_grad_()
    noise, labels = moment.noise(seed=seed), moment.labels()
    first = torch.arange(len(noise)).roll(-place)[: config.batch_size]
    kinds = None if labels is None else labels[first]
    optimizer = optimizers.make(config, net, config.learning_rate)
    used, reals = stabilisers.make(config.strengths), _real_look(moment)
    for _ in range(steps):
        with torch.enable_grad():
            look = moment.discriminator.look(net(noise[first], kinds), kinds)
            real = reals and reals._replace(logits=_as_many(reals.logits, look.logits))
            loss = objective.whole(losses.get(config.loss), used, net, moment.discriminator, real, look, kinds)
            optimizers.descend(loss, optimizer)
    drawn = (as_picture(moment, draw(each, noise, labels)[place]) for each in (moment.generator, net))
    return _step(moment, *drawn, None if labels is None else labels[place].item(), is_real=False)


def pixel_step(moment: Moment, subject: Subject) -> Improved | None:
    """A picture after one step of its own pixels down G's loss: what D would rather see.

    The pixel that changes most does so by a fifth of the way from black to white. None where D's slope is no help.
    """
    picture, reals, score = as_input(moment, subject.picture), _real_look(moment), score_of(moment, subject)
    loss = losses.get(moment.config.loss).generator

    def gain(pictures: Tensor) -> Tensor:
        return -loss(score(pictures), reals and reals.logits[: len(pictures)])[None]

    span = 1.0 if moment.config.pixel_range == "0..1" else 2.0
    after = uphill(picture, slopes(gain, picture), MOST * span)
    if after is None:
        return None
    return _step(moment, subject.picture, as_picture(moment, after[0]), subject.label, subject.is_real)


def _step(moment: Moment, before: np.ndarray, after: np.ndarray, label: int | None, is_real: bool) -> Improved:
    change = (after.astype(np.float32) - before.astype(np.float32)) / 255
    verdicts = tuple(judge(moment, Subject(picture, is_real, label)) for picture in (before, after))
    return Improved(before, after, change if change.ndim == 2 else change.mean(2), verdicts)


@torch.no_grad()
def _real_look(moment: Moment) -> Look | None:
    """What D makes of some real pictures, where G's loss looks at them; of fakes where there are none."""
    if not objective.needs_real(moment.config.loss, stabilisers.make(moment.config.strengths)):
        return None
    if moment.pictures is None:
        return moment.discriminator.look(draw(moment.generator, moment.noise(), moment.labels()), moment.labels())
    shown = moment.discriminator.reals(as_input(moment, *moment.pictures.images[:REALS]))
    labels = torch.from_numpy(moment.pictures.labels[:REALS]).long().to(moment.device)
    return moment.discriminator.look(shown, labels if moment.is_conditional else None)


def _as_many(reals: Tensor, fakes: Tensor) -> Tensor:
    return reals.repeat(-(-len(fakes) // len(reals)))[: len(fakes)]
