"""How a picture becomes noise, and back: x(t) = alpha(t) picture + sigma(t) noise, from noise at t = 0 to the picture
at t = 1.
"""

import math
from collections.abc import Callable
from itertools import pairwise
from typing import NamedTuple

import torch
from torch import Tensor

OFFSET = 0.008  # of the cosine schedule (Nichol, Dhariwal 2021, eq. 17)
WORST = 4.0  # the largest weight of a loss


class Mix(NamedTuple):
    """At one time: the shares of picture and of noise, and how fast each changes."""

    alpha: Tensor
    sigma: Tensor
    alpha_speed: Tensor
    sigma_speed: Tensor

    def of(self, picture: Tensor, noise: Tensor) -> Tensor:
        """The mixture x."""
        return self.alpha * picture + self.sigma * noise

    def velocity(self, picture: Tensor, noise: Tensor) -> Tensor:
        """The mixture's speed dx/dt."""
        return self.alpha_speed * picture + self.sigma_speed * noise


def flow(t: Tensor) -> Mix:
    """Straight lines from noise to pictures (Liu, Gong, Liu 2023, eq. 1)."""
    return Mix(t, 1 - t, torch.ones_like(t), -torch.ones_like(t))


def ddpm(t: Tensor) -> Mix:
    """The cosine schedule: alpha^2 + sigma^2 = 1 (Nichol, Dhariwal 2021, eq. 17, with their time turned round)."""
    turn = math.pi / 2 / (1 + OFFSET)
    angle = (1 - t + OFFSET) * turn
    alpha = angle.cos().clamp(min=0) / math.cos(OFFSET * turn)
    sigma = (1 - alpha.square()).clamp(min=0).sqrt()
    alpha_speed = turn * angle.sin() / math.cos(OFFSET * turn)
    return Mix(alpha, sigma, alpha_speed, -alpha * alpha_speed / sigma.clamp(min=1e-4))


PROCESSES: dict[str, Callable[[Tensor], Mix]] = {"flow": flow, "ddpm": ddpm}


def picture_behind(said: Tensor, x: Tensor, mix: Mix, predicts: str) -> Tensor:
    """The picture that a network means which says this of x: the "picture" itself, the "noise" or the "velocity"."""
    if predicts == "picture":
        return said
    if predicts == "noise":
        return (x - mix.sigma * said) / mix.alpha.clamp(min=1e-3)
    # two equations: x = alpha p + sigma n, v = alpha' p + sigma' n
    determinant = mix.alpha * mix.sigma_speed - mix.sigma * mix.alpha_speed
    return (mix.sigma_speed * x - mix.sigma * said) / determinant


def noise_behind(picture: Tensor, x: Tensor, mix: Mix) -> Tensor:
    """The noise in x if that is its picture."""
    return (x - mix.alpha * picture) / mix.sigma.clamp(min=1e-3)


def target(picture: Tensor, noise: Tensor, mix: Mix, predicts: str) -> Tensor:
    """What a network should say that predicts this."""
    return {"picture": picture, "noise": noise, "velocity": mix.velocity(picture, noise)}[predicts]


def weight(mix: Mix, predicts: str) -> Tensor:
    """Of the loss at each time: 1, as in DDPM; for pictures that of the velocity's loss, 1 / sigma^2, bounded."""
    if predicts != "picture":
        return torch.ones_like(mix.sigma)
    return (1 / mix.sigma.square().clamp(min=1e-6)).clamp(max=WORST)


def sample(
    look: Callable[[Tensor, Tensor], Tensor], noise: Tensor, process: str, predicts: str, steps: int
) -> list[Tensor]:
    """The pictures (n, c, h, w) that `look(x, t)` sees behind noise (n, c, h, w), one list entry a step; the last is
    what is drawn.

    No chance is in it: DDIM (Song, Meng, Ermon 2021, eq. 12 with sigma 0), which for the flow are Euler's steps.
    """
    x, seen = noise, []
    times = torch.linspace(0, 1, steps + 1, device=noise.device)
    for now, then in pairwise(times):
        x, picture = step_on(look, x, now, then, process, predicts)
        seen.append(picture)
    return seen


def step_on(
    look: Callable[[Tensor, Tensor], Tensor], x: Tensor, now: Tensor, then: Tensor, process: str, predicts: str
) -> tuple[Tensor, Tensor]:
    """What x (n, c, h, w) at the time `now` () becomes by the time `then` (), and the picture that is seen behind x."""
    mixes = PROCESSES[process]
    here = mixes(now)
    picture = picture_behind(look(x, now.expand(x.shape[0])), x, here, predicts).clamp(-1, 1)
    return mixes(then).of(picture, noise_behind(picture, x, here)), picture
