"""What a run computes on: the devices and the cores of this computer."""

import os
import threading
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext

import torch

from gan.learn.device import tried
from gan.messages import Refusal
from gan.setup.kinds import named

GIB = 2**30
MOST = 16  # runs side by side on a graphics card


def choose(name: str) -> torch.device:
    """The device that the setting `name` means. "auto" takes CUDA, or else MPS where that is faster than the CPU, or
    else the CPU; none that cannot do what it is asked for (`tried`).

    Raises ValueError with a sentence if this computer does not have it.
    """
    if name == "auto":
        name = _best()
    elif not _is_here(name):
        raise Refusal(
            "device.not_here",
            "{device} cannot be {value!r} on this computer: it has no such device, or none that this PyTorch can use. "
            "Use auto or cpu.",
            device=named("device"), value=name,
        )  # fmt: skip
    if name == "cuda":
        torch.backends.cudnn.deterministic = True  # the same config gives the same pictures
        torch.backends.cuda.matmul.fp32_precision = "tf32"  # mixed precision, as torch has its convolutions
    return torch.device(name)


def to_look(name: str) -> torch.device:
    """Where kept networks are looked at, from any thread: as `choose` says, but never on MPS, where a run may train."""
    found = choose(name)
    return torch.device("cpu") if found.type == "mps" else found


def alone(device: torch.device) -> AbstractContextManager:
    """While a thread works on the device: on MPS one at a time, for two of them end the process
    (github.com/pytorch/pytorch/issues/197805).
    """
    return _lock(device) or nullcontext()


@contextmanager
def let_go(device: torch.device) -> Iterator[None]:
    """Within `alone`: others may have it meanwhile."""
    lock = _lock(device)
    if lock:
        lock.release()
    try:
        yield
    finally:
        if lock:
            lock.acquire()


def runs_at_once() -> int:
    """How many runs this computer trains side by side: one for two cores, or for each 4 GiB that are free on a graphics
    card; on MPS a single one.
    """
    taken = choose("auto").type
    if taken == "cuda":
        return min(MOST, max(1, torch.cuda.mem_get_info()[0] // GIB // 4))
    return 1 if taken == "mps" else max(2, cores() // 2)


def cores() -> int:
    """The cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _lock(device: torch.device) -> "threading.RLock | None":
    return tried.one_at_a_time if device.type == "mps" else None


def _is_here(name: str) -> bool:
    found = {"cuda": torch.cuda.is_available, "mps": torch.backends.mps.is_available}
    return name not in found or (found[name]() and tried.works(name))


def _best() -> str:
    if _is_here("cuda"):
        return "cuda"
    return "mps" if _is_here("mps") and tried.is_faster("mps") else "cpu"
