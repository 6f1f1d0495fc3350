"""What an autoencoder shows of itself, whatever else learns beside it."""

import numpy as np
import torch
from torch import Tensor

from gan.data.pixels import to_images
from gan.learn.learner import Learner
from gan.parts.blocks import at_rest

PAIRS = 16  # real pictures that are shown beside what comes back of them
SIDE, REACH = 13, 2.5  # of the sheet of all codes, where these are two numbers, and how far it goes from 0


@torch.no_grad()
def there_and_back(learner: Learner) -> dict[str, np.ndarray]:
    """Some real pictures and what comes back of each; of codes of two numbers, all of them as one sheet."""
    encoder, generator = learner.nets["encoder"], learner.best_generator
    pictures, labels = learner.real(torch.arange(min(PAIRS, len(learner.images)), device=learner.device))
    with at_rest(encoder, generator):
        codes, _ = encoder(pictures, labels)
        back = generator.drawn(codes, labels).tanh()
        shown = {"before": pictures, "back": back}
        if learner.config.latent_size == 2:
            labels = None if labels is None else labels[:1].expand(SIDE * SIDE)
            shown["sheet"] = generator.drawn(sheet_codes(learner.device), labels).tanh()
    return {name: to_images(each, learner.config.pixel_range) for name, each in shown.items()}


def sheet_codes(device: torch.device) -> Tensor:
    """Codes (SIDE * SIDE, 2) of two numbers from -REACH to REACH, row by row from the top."""
    places = torch.linspace(-REACH, REACH, SIDE, device=device)
    y, x = torch.meshgrid(places.flip(0), places, indexing="ij")
    return torch.stack([x, y], 2).reshape(-1, 2)
