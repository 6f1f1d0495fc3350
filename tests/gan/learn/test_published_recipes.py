"""The five published recipes against their courses' own loops, written anew in plain PyTorch from their table.

Both begin with the same weights and are given the same pictures, noise and dropout masks, in double precision: losses
and weights have to be the same to the last digits, step after step.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pytest
import torch
from torch import nn

from gan.families.gan.learner import Learner
from gan.parts.blocks import Dropout
from gan.setup import presets

LATENT, PIXELS, RATE = 100, 784, 2e-4
STEPS = 4
CLOSE = 1e-11
IDLE = 1e-9  # where the true slope is 0, Adam makes steps of what was rounded: a bias before batch norm, and its mean


class Masked(nn.Module):
    """Dropout with masks from outside: 0 for the numbers that are left out, 1 for the others."""

    masks: list[torch.Tensor]

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x):
        return x * self.masks.pop(0) / (1 - self.p)


def deep_generator() -> nn.Sequential:
    def hidden(inputs, outputs):
        return nn.Linear(inputs, outputs), nn.BatchNorm1d(outputs, momentum=0.8), nn.ReLU()

    return nn.Sequential(
        *hidden(LATENT, 256), *hidden(256, 512), *hidden(512, 1024), nn.Linear(1024, PIXELS), nn.Tanh()
    )  # fmt: skip


def looking_discriminator() -> nn.Sequential:
    return nn.Sequential(
        nn.Unflatten(1, (1, 28, 28)),
        nn.Conv2d(1, 64, 4, stride=2, padding=1), nn.LeakyReLU(0.2),
        nn.Conv2d(64, 128, 4, stride=2, padding=1), nn.BatchNorm2d(128, momentum=0.8), nn.LeakyReLU(0.2),
        nn.Flatten(), nn.Linear(6272, 1), nn.Sigmoid(),
    )  # fmt: skip


def shallow_generator(width: int) -> Callable[[], nn.Sequential]:
    return lambda: nn.Sequential(nn.Linear(LATENT, width), nn.ReLU(), nn.Linear(width, PIXELS), nn.Tanh())


def shallow_discriminator(width: int) -> Callable[[], nn.Sequential]:
    return lambda: nn.Sequential(nn.Linear(PIXELS, width), nn.LeakyReLU(0.2), nn.Linear(width, 1), nn.Sigmoid())


def workshop_generator() -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(LATENT, 256), nn.Linear(256, 512), nn.ReLU(), nn.Linear(512, PIXELS), nn.Sigmoid()
    )  # fmt: skip


def workshop_discriminator() -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(PIXELS, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, 1), nn.Sigmoid()
    )  # fmt: skip


def fundamentals_generator() -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(LATENT, 128), nn.LeakyReLU(0.2),
        nn.Linear(128, 256), nn.BatchNorm1d(256), nn.LeakyReLU(0.2),
        nn.Linear(256, 512), nn.BatchNorm1d(512), nn.LeakyReLU(0.2),
        nn.Linear(512, PIXELS), nn.Tanh(),
    )  # fmt: skip


def fundamentals_discriminator() -> nn.Sequential:
    return nn.Sequential(
        nn.Linear(PIXELS, 512), nn.LeakyReLU(0.2), Masked(0.3),
        nn.Linear(512, 256), nn.LeakyReLU(0.2), Masked(0.3),
        nn.Linear(256, 1), nn.Sigmoid(),
    )  # fmt: skip


@dataclass(frozen=True)
class Recipe:
    """A row of the table."""

    generator: Callable[[], nn.Sequential]
    discriminator: Callable[[], nn.Sequential]
    zero_is_black: bool  # pixels from 0 to 1, not from -1 to 1
    batch: int
    beta1: float
    fresh: bool  # a new batch of fakes for G's step
    epochs: int
    drops_last: bool


RECIPES = {
    "deep_mlp_vs_conv": Recipe(deep_generator, looking_discriminator, False, 128, 0.5, False, 50, False),
    "first_gan": Recipe(shallow_generator(256), shallow_discriminator(256), True, 128, 0.9, True, 3, False),
    "workshop": Recipe(workshop_generator, workshop_discriminator, True, 64, 0.9, False, 100, False),
    "pocket": Recipe(shallow_generator(128), shallow_discriminator(128), False, 64, 0.9, True, 10, False),
    "fundamentals": Recipe(fundamentals_generator, fundamentals_discriminator, False, 128, 0.5, False, 20, True),
}


class CoursesLoop:
    """The loop that all five courses have, on double precision numbers."""

    def __init__(self, recipe: Recipe) -> None:
        self.recipe = recipe
        self.generator, self.discriminator = recipe.generator().double(), recipe.discriminator().double()
        betas = (recipe.beta1, 0.999)
        self.g_optimizer = torch.optim.Adam(self.generator.parameters(), lr=RATE, betas=betas)
        self.d_optimizer = torch.optim.Adam(self.discriminator.parameters(), lr=RATE, betas=betas)
        self.criterion = nn.BCELoss()

    def pixels(self, images: np.ndarray) -> torch.Tensor:
        """Bytes (n, 28, 28) as the networks see them, (n, 784)."""
        flat = torch.from_numpy(images).flatten(1).double()
        return flat / 255 if self.recipe.zero_is_black else flat / 127.5 - 1

    def step(self, real: torch.Tensor, noises: list[torch.Tensor]) -> tuple[float, float]:
        """Both losses of a step on real pictures (n, 784); `noises` are taken from the front."""
        ones, zeros = torch.ones(len(real), 1).double(), torch.zeros(len(real), 1).double()
        fake = self.generator(noises.pop(0))
        self.d_optimizer.zero_grad()
        d_loss = self.criterion(self.discriminator(real), ones) + self.criterion(
            self.discriminator(fake.detach()), zeros
        )
        d_loss.backward()
        self.d_optimizer.step()

        if self.recipe.fresh:
            fake = self.generator(noises.pop(0))
        self.g_optimizer.zero_grad()
        g_loss = self.criterion(self.discriminator(fake), ones)
        g_loss.backward()
        self.g_optimizer.step()
        return d_loss.item(), g_loss.item()


def numbers_of(net: nn.Module) -> list[torch.Tensor]:
    """Weights, biases and running statistics in order, without the counts of batches."""
    return [tensor for name, tensor in net.state_dict().items() if not name.endswith("num_batches_tracked")]


@torch.no_grad()
def copy(ours: nn.Module, theirs: nn.Module) -> None:
    for mine, other in zip(numbers_of(ours), numbers_of(theirs), strict=True):
        assert mine.shape == other.shape
        other.copy_(mine)


def assert_same(ours: nn.Module, theirs: nn.Sequential) -> None:
    norms = (nn.BatchNorm1d, nn.BatchNorm2d)
    idle = {f"{place}.bias" for place, after in enumerate(theirs[1:]) if isinstance(after, norms)}
    names = [name for name in theirs.state_dict() if not name.endswith("num_batches_tracked")]
    for name, mine, other in zip(names, numbers_of(ours), numbers_of(theirs), strict=True):
        most = IDLE if name in idle or name.endswith("running_mean") else CLOSE
        torch.testing.assert_close(mine, other, rtol=0, atol=most)


@pytest.mark.parametrize("name", RECIPES)
def test_every_step_is_that_of_the_courses_loop(name, make_pictures, monkeypatch):
    recipe, config = RECIPES[name], presets.get(name).but(device="cpu")
    assert (config.batch_size, config.epochs, config.drop_last) == (recipe.batch, recipe.epochs, recipe.drops_last)
    random = np.random.default_rng(5)
    pictures = make_pictures(recipe.batch * STEPS)
    ours, theirs = Learner(config, pictures), CoursesLoop(recipe)
    ours.generator.double(), ours.discriminator.double()
    copy(ours.generator, theirs.generator)
    copy(ours.discriminator, theirs.discriminator)

    noises, masks = [], []
    monkeypatch.setattr(ours, "noise", lambda count: noises.pop(0))
    monkeypatch.setattr(Dropout, "_keep", lambda layer, x: masks.pop(0))
    for step in range(STEPS):
        part = np.arange(recipe.batch) + recipe.batch * step
        real = theirs.pixels(pictures.images[part])
        shown, _ = ours.real(torch.from_numpy(part))
        torch.testing.assert_close(shown.flatten(1).double(), real, rtol=0, atol=1e-6)
        given = [torch.from_numpy(random.normal(size=(recipe.batch, LATENT))) for _ in range(2)]
        # Ours judges reals and fakes in one pass: its masks are two of theirs, one below the other.
        kept = [[random.random((recipe.batch, width)) > 0.3 for width in (512, 256)] for _ in range(3)]
        d_real, d_fake, g = ([torch.from_numpy(mask).double() for mask in each] for each in kept)
        noises[:] = given
        masks[:] = [*(torch.cat(both) for both in zip(d_real, d_fake, strict=True)), *(mask.clone() for mask in g)]
        result = ours.step(real.unflatten(1, (1, 28, 28)))
        Masked.masks = [*d_real, *d_fake, *g]
        d_loss, g_loss = theirs.step(real, list(given))
        assert result.d_loss.item() == pytest.approx(d_loss, rel=1e-12)
        assert result.g_loss.item() == pytest.approx(g_loss, rel=1e-12)
        assert_same(ours.generator, theirs.generator)
        assert_same(ours.discriminator, theirs.discriminator)


def test_the_courses_loop_learns(make_pictures):
    """So that the test above compares steps that change something."""
    loop = CoursesLoop(RECIPES["pocket"])
    before = [tensor.clone() for tensor in numbers_of(loop.generator)]
    real = loop.pixels(make_pictures(64).images)
    loop.step(real, [torch.randn(64, LATENT).double() for _ in range(2)])
    assert all(not torch.equal(one, other) for one, other in zip(before, numbers_of(loop.generator), strict=True))
