"""How much there is to do in a step, from a config alone: its networks are built without memory and numbers."""

from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from gan.learn.build import timed
from gan.parts import nets
from gan.parts.blocks import at_rest
from gan.setup.config import RunConfig


def multiplications(config: RunConfig, shape: tuple[int, int, int]) -> int:
    """Multiplications on a batch's way through both networks, for pictures of this shape, as torch's layers do them.

    A step takes about six times as many; stabilisers and turns come on top, but make no layer any larger.
    """
    architecture = nets.get(config.architecture)
    with torch.device("meta"), torch.no_grad():
        generator, discriminator = (
            make(config, shape) for make in (architecture.generator, architecture.discriminator)
        )
        for part in (*timed(generator), *timed(discriminator)):
            part.progress = 1.0  # with all that comes in later
        labels = torch.zeros(1, dtype=torch.long)
        with at_rest(generator, discriminator), _Count() as count:
            discriminator(generator(torch.zeros(1, config.latent_size), labels), labels)
    return config.batch_size * count.found


class _Count(TorchDispatchMode):
    """Counts the multiplications of this thread; torch's own counter would look at those of all threads."""

    def __init__(self) -> None:
        super().__init__()
        self.found = 0

    def __torch_dispatch__(self, call: Any, types: Any, args: tuple = (), kwargs: dict | None = None) -> Any:
        result = call(*args, **(kwargs or {}))
        if (operation := call._overloadpacket) in flop_registry:
            self.found += flop_registry[operation](*args, **(kwargs or {}), out_val=result) // 2
        return result
