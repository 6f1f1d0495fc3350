"""The architectures: one file each, found by its name.

A file `gan/nets/NAME.py` defines `generator(config, shape)` and `discriminator(config, shape)`:
`shape` is (channels, height, width). The generator takes noise (n, latent_size) and gives pictures
(n, channels, height, width); the discriminator takes pictures and gives logits (n,), whose sigmoid
is the probability that a picture is real. Names can be listed without importing torch.
"""

import importlib
from pathlib import Path
from types import ModuleType


def names() -> tuple[str, ...]:
    files = Path(__file__).parent.glob("*.py")
    return tuple(sorted(file.stem for file in files if not file.stem.startswith("_")))


def get(name: str) -> ModuleType:
    """The module of the architecture `name`; imports torch."""
    return importlib.import_module(f"gan.nets.{name}")
