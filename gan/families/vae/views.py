"""What an autoencoder shows of itself, whatever else learns beside it."""

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor, nn

from gan.data import Pictures
from gan.data.pixels import to_images
from gan.look.networks import reals
from gan.parts.blocks import at_rest
from gan.setup.config import RunConfig

PAIRS = 16  # real pictures that are shown beside what comes back of them
SIDE, REACH = 13, 2.5  # of the sheet of all codes, where these are two numbers, and how far it goes from 0


@torch.no_grad()
def there_and_back(
    nets: Mapping[str, nn.Module], config: RunConfig, known: tuple[Pictures, Pictures]
) -> dict[str, np.ndarray]:
    """Some real pictures and what comes back of each; of codes of two numbers, all of them as one sheet."""
    generator = nets["generator"]
    device = next(generator.parameters()).device
    pictures, labels = reals(config, known[0], PAIRS, device)
    shown = {"before": pictures, "back": brought_back(nets, pictures, labels)}
    if config.latent_size == 2:
        labels = None if labels is None else labels[:1].expand(SIDE * SIDE)
        with at_rest(generator):
            shown["sheet"] = generator.drawn(sheet_codes(device), labels).tanh()
    return {name: to_images(each, config.pixel_range) for name, each in shown.items()}


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
