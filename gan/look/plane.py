"""All of a dots run at one moment, in the plane in which its dots lie. Looking changes nothing in the training."""

import numpy as np
import torch
from torch import Tensor

from gan.data import Pictures
from gan.data.pixels import channels_first, to_images, to_range
from gan.look.networks import Belief, Networks, beliefs, draw
from gan.parts import losses, objective, stabilisers
from gan.parts.blocks import Discriminator, at_rest
from gan.parts.hooks import Batch
from gan.parts.noise import draw_noise
from gan.records import Plane
from gan.setup.config import RunConfig

FAKES = 250
SIDE = 40  # beliefs both ways
LINES = 21  # of the grid of noise, both ways
LINE = 41  # points of a line of noise
NORMAL, UNIFORM = 2.0, 1.0  # how far the grid reaches: nearly all noise lies within
COMPANY = 7  # real dots that stand beside each one that is judged, where D looks at several at once


def see(nets: Networks, config: RunConfig, step: int, learned: Pictures, belief: Belief) -> Plane:
    """The plane of these networks after so many steps; the `learned` dots are what some losses compare fakes with."""
    device = nets.midpoint.device
    noise = draw_noise(config.noise, FAKES, config.noise_size, torch.Generator().manual_seed(config.seed)).to(device)
    compared = learned.images[np.arange(FAKES) % len(learned.images)]
    reals = to_range(channels_first(compared).to(device), config.pixel_range)
    fakes = draw(nets.generator, noise)
    return Plane(
        step=step,
        fakes=_places(fakes, config),
        noise=noise.cpu().numpy(),
        beliefs=beliefs(nets, Batch(fakes), belief).cpu().numpy(),
        arrows=_scale(config) * _slopes(nets.discriminator, config, fakes, reals)[:, 0, 0].cpu().numpy(),
        heat=_heat(nets, config, reals, belief),
        grid=_places(draw(nets.generator, lattice(config, device)), config).reshape(*_sides(config), 2),
    )


def _places(dots: Tensor, config: RunConfig) -> np.ndarray:
    """Where dots (n, 1, 1, 2) lie, float32 (n, 2)."""
    return to_images(dots, config.pixel_range)[:, 0]


def _scale(config: RunConfig) -> float:
    """How a slope by D's numbers becomes one by the plane's."""
    return -0.5 if config.pixel_range == "0..1" else -1.0


def _slopes(discriminator: Discriminator, config: RunConfig, fakes: Tensor, reals: Tensor) -> Tensor:
    """The slope of G's loss by each of the fakes, as if each had its loss for itself: n times that of their mean."""
    fakes = fakes.detach().requires_grad_()
    with at_rest(discriminator), torch.enable_grad():
        look = discriminator.look(fakes)
        with torch.no_grad():
            real = discriminator.look(reals)
        total = objective.by_looks(losses.get(config.loss), stabilisers.make(config.strengths), real, look)
        return torch.autograd.grad(len(fakes) * total, fakes)[0]


@torch.no_grad()
def _heat(nets: Networks, config: RunConfig, reals: Tensor, belief: Belief) -> np.ndarray:
    """D's belief at the middles of 40 x 40 squares, uint8."""
    middles = (torch.arange(SIDE, device=reals.device) + 0.5) * 2 / SIDE - 1
    y, x = torch.meshgrid(-middles, middles, indexing="ij")
    dots = to_range(torch.stack([x, y], -1).view(-1, 1, 1, 2), config.pixel_range)
    with at_rest(nets.discriminator):
        found = belief(_judged(nets.discriminator, dots, reals[:COMPANY]), nets.midpoint)
    return (found * 255).round().to(torch.uint8).view(SIDE, SIDE).cpu().numpy()


def _judged(discriminator: Discriminator, dots: Tensor, company: Tensor) -> Tensor:
    """D's answers (n,); where it looks at several dots at once, each is judged beside the same real ones."""
    if not discriminator.couples:
        return discriminator(dots)
    return torch.vmap(lambda dot: discriminator(torch.cat([dot[None], company]))[0])(dots)


def lattice(config: RunConfig, device: torch.device | str = "cpu") -> Tensor:
    """Noise at even distances: a square (441, 2) row by row from the upper left, a line (41, 1), or nothing (0, n)."""
    reach = UNIFORM if config.noise == "uniform" else NORMAL
    if config.noise_size == 1:
        return torch.linspace(-reach, reach, LINE, device=device)[:, None]
    if config.noise_size == 2:
        along = torch.linspace(-reach, reach, LINES, device=device)
        y, x = torch.meshgrid(-along, along, indexing="ij")
        return torch.stack([x, y], -1).view(-1, 2)
    return torch.zeros(0, config.noise_size, device=device)


def _sides(config: RunConfig) -> tuple[int, ...]:
    return {1: (LINE,), 2: (LINES, LINES)}.get(config.noise_size, (0,))
