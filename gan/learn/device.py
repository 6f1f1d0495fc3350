"""What a run computes on: the devices and the cores of this computer."""

import os

import torch

from gan.messages import Refusal
from gan.setup.kinds import named

GIB = 2**30


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
