"""A moment's discriminator as a judge of single pictures."""

from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from gan.data.pixels import channels_first, to_images, to_range
from gan.inside.moment import Moment
from gan.inside.seen import Reading, Sheet, Subject, Verdict
from gan.look.observer import draw


def answers(moment: Moment, pictures: Tensor, label: int | None = None, is_real: bool = True) -> Tensor:
    """D's answer (n,) to each of the pictures (n, c, h, w) as networks see them; gradients pass through."""
    net = moment.discriminator
    shown = net.reals(pictures) if is_real else pictures
    others, kinds = moment.real_company if is_real else moment.fake_company
    if not len(others):
        return net(shown, _labels(moment, label, len(shown)))
    own = _labels(moment, label, 1)
    labels = None if own is None or kinds is None else torch.cat([own, kinds])
    return torch.cat([net(torch.cat([each[None], others.to(each.dtype)]), labels)[:1] for each in shown])


def score_of(moment: Moment, subject: Subject) -> Callable[[Tensor], Tensor]:
    """The same as a function of pictures alone, shown as this one is."""
    return lambda pictures: answers(moment, pictures, subject.label, subject.is_real)


def verdict(moment: Moment, answer: Tensor) -> Verdict:
    return Verdict(answer.item(), moment.belief(answer[None])[0].item())


@torch.no_grad()
def judge(moment: Moment, subject: Subject) -> Verdict:
    """What the moment's D makes of a picture."""
    return verdict(moment, answers(moment, as_input(moment, subject.picture), subject.label, subject.is_real)[0])


def fakes(moment: Moment, count: int, seed: int | None = None, wished: int | None = None) -> Sheet:
    """The first `count` of 64 that G draws of the run's own noise, or of another `seed`, and D's belief in each."""
    labels = moment.labels(wished=wished)
    pictures = to_images(draw(moment.generator, moment.noise(seed=seed), labels), moment.config.pixel_range)
    return _sheet(moment, pictures[:count], None if labels is None else labels[:count], is_real=False)


def reals(moment: Moment, count: int, first: int = 0) -> Sheet:
    """Real pictures from the number `first` on, and D's belief in each; none where they are not on this computer."""
    if moment.pictures is None:
        return Sheet(np.zeros((0, *moment.shape[1:]), np.uint8), (), ())
    places = np.arange(first, first + count) % len(moment.pictures.images)
    labels = torch.from_numpy(moment.pictures.labels[places]).long() if moment.is_conditional else None
    return _sheet(moment, moment.pictures.images[places], labels, is_real=True)


@torch.no_grad()
def _sheet(moment: Moment, pictures: np.ndarray, labels: Tensor | None, is_real: bool) -> Sheet:
    kinds = [None] * len(pictures) if labels is None else labels.tolist()
    judged = [judge(moment, Subject(picture, is_real, kind)) for picture, kind in zip(pictures, kinds, strict=True)]
    return Sheet(pictures, tuple(kinds), tuple(each.belief for each in judged))


def reading_of(moment: Moment, picture: np.ndarray) -> Reading | None:
    """The class that the referee reads; None where there is no referee."""
    if moment.referee is None:
        return None
    _, shares = moment.referee.look(picture[None])
    share, label = shares[0].max(0)
    return Reading(label.item(), share.item())


def as_input(moment: Moment, *pictures: np.ndarray) -> Tensor:
    """Pictures uint8 (h, w) or (h, w, 3) as the networks see them, (n, c, h, w)."""
    images = channels_first(np.ascontiguousarray(np.stack(pictures))).to(moment.device)
    return to_range(images, moment.config.pixel_range)


def as_picture(moment: Moment, picture: Tensor) -> np.ndarray:
    """One picture (c, h, w) as uint8 (h, w) or (h, w, 3)."""
    return to_images(picture[None].detach(), moment.config.pixel_range)[0]


def blank(moment: Moment) -> Tensor:
    """An empty picture (c, h, w), in the colour that is commonest among the real ones' pixels."""
    return as_input(moment, moment.framing.paper(*moment.shape[1:]))[0]


def _labels(moment: Moment, label: int | None, count: int) -> Tensor | None:
    if not moment.is_conditional or label is None:
        return None
    return torch.full((count,), label, device=moment.device)
