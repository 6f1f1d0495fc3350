"""What an autoencoder shows of itself, whatever else learns beside it."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from gan.data.pixels import to_images
from gan.learn.learner import Learner
from gan.look import networks
from gan.parts.blocks import at_rest

PAIRS = 16  # real pictures that are shown beside what comes back of them
SIDE, REACH = 13, 2.5  # of the sheet of all codes, where these are two numbers, and how far it goes from 0


@torch.no_grad()
def there_and_back(learner: Learner) -> dict[str, np.ndarray]:
    """Some real pictures and what comes back of each; of codes of two numbers, all of them as one sheet."""
    nets = networks.of(learner)
    pictures, labels = learner.real(torch.arange(min(PAIRS, len(learner.images)), device=learner.device))
    shown = {"before": pictures, "back": brought_back(nets.parts, pictures, labels)}
    if learner.config.latent_size == 2:
        labels = None if labels is None else labels[:1].expand(SIDE * SIDE)
        with at_rest(nets.generator):
            shown["sheet"] = nets.generator.drawn(sheet_codes(learner.device), labels).tanh()
    return {name: to_images(each, learner.config.pixel_range) for name, each in shown.items()}


@torch.no_grad()
def brought_back(nets: Mapping[str, nn.Module], pictures: Tensor, labels: Tensor | None) -> Tensor:
    """What an encoder and a generator, by name, bring back of pictures (n, c, h, w)."""
    encoder, generator = nets["encoder"], nets["generator"]
    with at_rest(encoder, generator):
        codes, _ = encoder(pictures, labels)
        return generator.drawn(codes, labels).tanh()


def sheet_codes(device: torch.device) -> Tensor:
    """Codes (SIDE * SIDE, 2) of two numbers from -REACH to REACH, row by row from the top."""
    places = torch.linspace(-REACH, REACH, SIDE, device=device)
    y, x = torch.meshgrid(places.flip(0), places, indexing="ij")
    return torch.stack([x, y], 2).reshape(-1, 2)
