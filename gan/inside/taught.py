"""A moment's discriminator, taught by people: a few steps on pictures of which they said what they are."""

import copy
from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy

from gan.inside.judging import answers, as_input, fakes, reals
from gan.inside.moment import Moment
from gan.inside.seen import Subject, Taught

STEPS = 20
CHECKED = 32  # real pictures, and as many fakes, that nobody has labelled
OTHER_SEED = 77  # of those fakes' noise
EDGE = 1e-6  # beliefs nearer to 0 or 1 would have no slope


def teach(moment: Moment, subjects: Sequence[Subject], real: Sequence[float | None]) -> Taught:
    """Let a copy of D learn STEPS times that each picture is `real` with the probability that people gave it, 0..1;
    what they said nothing of (None) is only looked at.

    It takes the steps that the run's own D takes (Adam, its learning rate), on the cross entropy of its beliefs.
    """
    pupil = replace(moment, discriminator=copy.deepcopy(moment.discriminator).requires_grad_(True))
    config, lesson = moment.config, [each for each, said in zip(subjects, real, strict=True) if said is not None]
    target = torch.tensor([said for said in real if said is not None], dtype=torch.float32, device=moment.device)
    optimizer = torch.optim.Adam(
        pupil.discriminator.parameters(), config.discriminator_learning_rate, (config.beta1, config.beta2)
    )
    with torch.enable_grad():
        for _ in range(STEPS):
            loss = binary_cross_entropy(_beliefs(pupil, lesson).clamp(EDGE, 1 - EDGE), target)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
    pupil.discriminator.requires_grad_(False)
    with torch.no_grad():
        before, after = (tuple(_beliefs(each, subjects).tolist()) for each in (moment, pupil))
    return Taught(before, after, _right(moment), _right(pupil))


def _beliefs(moment: Moment, subjects: Sequence[Subject]) -> Tensor:
    """D's belief (n,) in each of them."""
    told = [answers(moment, as_input(moment, each.picture), each.label, each.is_real) for each in subjects]
    return moment.belief(torch.cat(told)).float()


def _right(moment: Moment) -> float:
    """The share of new pictures that D takes for what they are."""
    believed, doubted = reals(moment, CHECKED).beliefs, fakes(moment, CHECKED, OTHER_SEED).beliefs
    right = sum(belief >= 0.5 for belief in believed) + sum(belief < 0.5 for belief in doubted)
    return right / (len(believed) + len(doubted))
