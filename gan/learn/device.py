"""Where a run computes, and with how many threads."""

import os
from functools import lru_cache

import torch

from gan import data
from gan.learn.work import multiplications
from gan.messages import Refusal
from gan.setup.config import RunConfig
from gan.setup.kinds import named

GIB = 2**30
A_THREADS_WORK = 64_000_000  # multiplications in a batch's way through both networks; with less, a thread only waits


def choose(name: str) -> torch.device:
    """The device that the setting `name` means; "auto" takes CUDA, then MPS, then the CPU.

    Raises ValueError with a sentence if this computer does not have it.
    """
    here = {"cuda": torch.cuda.is_available(), "mps": torch.backends.mps.is_available(), "cpu": True}
    if name == "auto":
        name = next(kind for kind, found in here.items() if found)
    if not here[name]:
        raise Refusal(
            "device.not_here", "{device} cannot be {value!r} on this computer: it has no such device. Use auto or cpu.",
            device=named("device"), value=name,
        )  # fmt: skip
    if name == "cuda":
        torch.backends.cudnn.deterministic = True  # the same config gives the same pictures
        torch.backends.cuda.matmul.fp32_precision = "tf32"  # mixed precision, as torch has its convolutions
    return torch.device(name)


def runs_at_once() -> int:
    """How many runs this computer trains side by side: one for two cores, or for each 4 GiB of a graphics card."""
    if torch.cuda.is_available():
        return min(16, max(2, torch.cuda.get_device_properties(0).total_memory // GIB // 4))
    return max(2, cores() // 2)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def threads_for(config: RunConfig, cores: int, runs_at_once: int = 1) -> int:
    """The threads that suit a run of this config: the more, the larger its layers are, at most its share of the cores.

    Sums come out a little different with another number, so the same config has the same one on the same machine:
    `runs_at_once` is what the machine is set up for, not what happens to go on. Raises what building networks raises.
    """
    share = max(1, cores // runs_at_once)
    if share == 1 or choose(config.device).type != "cpu":
        return 1
    return min(share, max(1, _work(config) // A_THREADS_WORK))


@lru_cache(maxsize=64)
def _work(config: RunConfig) -> int:
    return multiplications(config, data.shape_of(config.data, config.picture_size))


def use_threads(count: int) -> None:
    """Set torch's threads for what is computed from this thread; others keep theirs."""
    torch.get_num_threads()  # else this thread's first work would take the number that any thread has set last
    torch.set_num_threads(count)
