"""With how many threads a run computes: as many as its work is for, from its config alone.

Sums come out a little different with another number, so the same config has to have the same one each time on the same
machine. It follows from the config, the cores and what the server is set up for, never from who else happens to train:

- unless a server says how many runs it trains at once, it is somebody's own computer, and a run may use all cores where
  its work is worth it. Runs that train side by side keep their numbers, and the operating system shares the cores
  between them: torch's waiting threads soon sleep (`gan/__init__.py`);
- a server that says so shares the cores out beforehand: each run uses its part at most, alone or not.
"""

from functools import lru_cache
from itertools import chain
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils.flop_counter import flop_registry

from gan import data, families
from gan.learn.build import timed
from gan.learn.device import choose
from gan.parts import nets
from gan.parts.blocks import at_rest
from gan.setup.config import RunConfig

A_THREADS_WORK = 25_000_000  # multiplications in a batch's way through both networks; with less, a thread only waits


def threads_for(config: RunConfig, cores: int, shared_by: int = 1) -> int:
    """The threads for a run of this config: the more, the larger its layers are, at most its part of the cores.

    The cores are shared out beforehand to `shared_by` runs: to as many as a server was told to train at once. A run
    on a graphics card has one thread. Raises what building networks raises.
    """
    part = max(1, cores // shared_by)
    if part == 1 or choose(config.device).type != "cpu":
        return 1
    return min(part, max(1, _work(config) // A_THREADS_WORK))


def use_threads(count: int) -> None:
    """Set torch's threads for what is computed from this thread; others keep theirs."""
    torch.get_num_threads()  # else this thread's first work would take the number that any thread has set last
    torch.set_num_threads(count)


@lru_cache(maxsize=64)
def _work(config: RunConfig) -> int:
    return multiplications(config, data.shape_of(config.data, config.picture_size))


def multiplications(config: RunConfig, shape: tuple[int, int, int]) -> int:
    """Multiplications on a batch's way through all networks, for pictures of this shape, as torch's layers do them.

    A step takes about six times as many; stabilisers and turns come on top, but make no layer any larger.
    """
    architecture, draws = nets.get(config.architecture), families.learner(config.family).draws
    with torch.device("meta"), torch.no_grad():
        made = {part: getattr(architecture, part)(config, shape) for part in families.parts(config.family)}
        for part in chain(*map(timed, made.values())):
            part.progress = 1.0  # with all that comes in later
        noise, pictures, labels = torch.zeros(1, config.noise_size), torch.zeros(1, *shape), torch.zeros(1).long()
        with at_rest(*made.values()), _Count() as count:
            draws(made, noise, pictures, labels)
            if "discriminator" in made:
                made["discriminator"](pictures, labels)
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
