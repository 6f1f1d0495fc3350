"""A digit classifier that judges fakes: made on the spot from the embedded digits, same every time."""

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import affine_grid, cross_entropy, grid_sample

from gan import data

TRAINED_ON = 4_500  # the last 500 digits only test it
EPOCHS = 14


class Judge:
    """`features(images)` (n, 64) and `distance(fakes)` to the real digits, for uint8 images (n, 28, 28)."""

    def __init__(self) -> None:
        digits = data.load("digits")
        pictures, labels = _as_input(digits.images), torch.from_numpy(digits.labels).long()
        self._body, self._head = _train(pictures[:TRAINED_ON], labels[:TRAINED_ON])
        with torch.no_grad():
            guesses = self._head(self._body(pictures[TRAINED_ON:])).argmax(1)
        self.accuracy = (guesses == labels[TRAINED_ON:]).float().mean().item()
        self._reals = self.features(digits.images[:2500])
        self.floor = frechet(self._reals, self.features(digits.images[2500:]))

    @torch.no_grad()
    def features(self, images: np.ndarray) -> Tensor:
        return self._body(_as_input(images))

    def distance(self, fakes: np.ndarray) -> float:
        return frechet(self._reals, self.features(fakes))

    @torch.no_grad()
    def readable(self, fakes: np.ndarray, sure: float = 0.9) -> float:
        """The share of fakes that the classifier takes for some digit with at least that probability."""
        return (self._head(self.features(fakes)).softmax(1).amax(1) >= sure).float().mean().item()


def frechet(one: Tensor, other: Tensor) -> float:
    """Squared Frechet distance of two sets of features as Gaussians (Heusel et al. 2017, eq. 6)."""
    one, other = one.double(), other.double()
    gap = one.mean(0) - other.mean(0)
    a, b = torch.cov(one.T), torch.cov(other.T)
    root = torch.linalg.eigvals(a @ b).real.clamp(min=0).sqrt().sum()
    return float(gap @ gap + a.trace() + b.trace() - 2 * root)


def _as_input(images: np.ndarray) -> Tensor:
    return torch.from_numpy(images).unsqueeze(1).float() / 127.5 - 1


def _train(pictures: Tensor, labels: Tensor) -> tuple[nn.Module, nn.Module]:
    torch.manual_seed(0)
    body = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(16, 32, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(32 * 7 * 7, 64),
        nn.ReLU(),
    )
    head = nn.Linear(64, 10)
    optimizer = torch.optim.Adam([*body.parameters(), *head.parameters()], lr=2e-3)
    schedule = torch.optim.lr_scheduler.LinearLR(optimizer, 1.0, 0.05, total_iters=EPOCHS)
    for _ in range(EPOCHS):
        for batch in torch.randperm(len(pictures)).split(64):
            loss = cross_entropy(head(body(_shaken(pictures[batch]))), labels[batch])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
        schedule.step()
    return body, head


def _shaken(pictures: Tensor) -> Tensor:
    """The pictures a little turned, scaled and shifted, each differently."""
    angle, scale = 0.4 * (torch.rand(len(pictures)) - 0.5), 1 + 0.25 * (torch.rand(len(pictures)) - 0.5)
    change = torch.zeros(len(pictures), 2, 3)
    change[:, 0, 0] = change[:, 1, 1] = scale * angle.cos()
    change[:, 0, 1], change[:, 1, 0] = -scale * angle.sin(), scale * angle.sin()
    change[:, :, 2] = 0.25 * (torch.rand(len(pictures), 2) - 0.5)
    grid = affine_grid(change, list(pictures.shape), align_corners=False)
    return grid_sample(pictures + 1, grid, align_corners=False) - 1
