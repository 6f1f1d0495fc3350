"""The two parts of minus the evidence lower bound (Kingma, Welling 2014, eq. 3 and 10), in nats a picture."""

import math

import torch
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits


def kl(mean: Tensor, log_variance: Tensor) -> Tensor:
    """Kullback-Leibler divergence (n,) of Gaussians with these means (n, z) and variances from standard normal noise
    (Kingma, Welling 2014, appendix B).
    """
    return 0.5 * (mean.square() + log_variance.exp() - 1 - log_variance).sum(1)


def bernoulli(drawn: Tensor, pictures: Tensor) -> Tensor:
    """Minus the log likelihood (n,) of pictures -1..1, taken as probabilities of white, under what was drawn before its
    `tanh` (n, c, h, w): tanh(a) = 2 sigmoid(2a) - 1, so that the logit of white is 2a.
    """
    losses = binary_cross_entropy_with_logits(2 * drawn, (pictures + 1) / 2, reduction="none")
    return losses.flatten(1).sum(1)


def gaussian(drawn: Tensor, pictures: Tensor) -> Tensor:
    """Minus the log likelihood (n,) of pictures -1..1 under Gaussians around the tanh of `drawn`, whose one variance is
    the best for this batch: the mean square of the difference (Rybkin, Daniilidis, Levine 2021, eq. 5).
    """
    squares = (drawn.tanh() - pictures).square().flatten(1)
    variance = squares.mean()
    return 0.5 * (squares / variance + variance.log() + math.log(2 * math.pi)).sum(1)


def draw(mean: Tensor, log_variance: Tensor, random: torch.Generator) -> Tensor:
    """A draw (n, z) from each of these Gaussians, through which gradients pass (section 2.4)."""
    noise = torch.randn(mean.shape, generator=random, device=mean.device)
    return mean + (log_variance / 2).exp() * noise
