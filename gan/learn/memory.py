"""What a config's run takes of the memory, worked out before it starts.

The networks are built without memory of their own (torch's meta device) and asked what they would keep of a batch for
their gradients. All else is in proportion to that and to their weights; the proportions were measured on runs of 27
configs, of which the estimates are 0.85 to 1.5 times the peak.
"""

import ctypes
import os
import sys
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path

import torch
from torch import Tensor

from gan import data
from gan.learn import device
from gan.learn.build import assemble, timed
from gan.messages import Message, Refusal
from gan.parts import nets, stabilisers
from gan.setup.config import RunConfig
from gan.setup.kinds import named

BATCH = 8  # pictures that the networks are asked about
BASE = 180e6  # bytes of any run, with its scores
WEIGHTS = 3.0  # times the weights: gradients, what the optimiser remembers, the average
G_KEEPS = 1.7  # times what G keeps of a batch, so that its gradients can be worked out ...
D_KEEPS = 3.4  # ... and what D keeps of the real ones and of the fakes
PENALTIES = {"r1": 5.0, "r2": 5.0, "gradient_penalty": 5.0}  # times what D keeps of one batch: slopes of slopes
AHEAD = 3.7  # for each step that is looked ahead, times what D keeps of both batches ...
AHEAD_WEIGHTS = 3.1  # ... and times D's weights
GIB = 2**30
MATTERS = 0.1  # a setting is named if its usual value would save this share


def check(config: RunConfig) -> None:
    """Refuse a config whose run would not fit into what is free, with the settings that make it so large."""
    free = free_bytes(config.device)
    if free is None or (need := estimate(config)) <= free:
        return
    raise Refusal(
        "memory.too_large",
        "These settings need about {need:.1f} GB of memory, but only {free:.1f} GB are free. "
        "Make smaller: {settings:or}.",
        need=need / GIB, free=free / GIB, settings=tuple(_largest(config)),
    )  # fmt: skip


@lru_cache(maxsize=64)
def estimate(config: RunConfig) -> float:
    """The bytes that a run of this config takes at its peak."""
    shape = data.shape_of(config.data, config.picture_size)
    with torch.device("meta"):
        generator, discriminator = assemble(config, shape)
        for part in (*timed(generator), *timed(discriminator)):
            part.progress = 1.0  # what comes in later counts
        noise, labels = torch.zeros(BATCH, config.latent_size), torch.zeros(BATCH, dtype=torch.long)
        pictures = torch.zeros(BATCH, *shape, requires_grad=True)
        g_kept = _kept(lambda: generator(noise, labels), generator) / BATCH * config.batch_size
        d_kept = _kept(lambda: discriminator.look(pictures, labels), discriminator) / BATCH * config.batch_size
    g_weights, d_weights = (sum(weight.nbytes for weight in net.parameters()) for net in (generator, discriminator))
    ahead = config.strengths.get("unrolling", 0)
    return (
        BASE
        + _pictures(config)
        + WEIGHTS * (g_weights + d_weights)
        + G_KEEPS * g_kept
        + D_KEEPS * 2 * d_kept
        + sum(times for name, times in PENALTIES.items() if name in config.strengths) * d_kept
        + ahead * (AHEAD * 2 * d_kept + AHEAD_WEIGHTS * d_weights)
    )


def _kept(call: Callable[[], object], net: torch.nn.Module) -> int:
    """The bytes that a call keeps for its gradients, the weights aside."""
    kept: dict[int, Tensor] = {}  # by their memory, which several tensors may share

    def keep(tensor: Tensor) -> Tensor:
        kept[tensor.untyped_storage()._cdata] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        call()
    for weight in net.parameters():
        kept.pop(weight.untyped_storage()._cdata, None)
    return sum(tensor.untyped_storage().nbytes() for tensor in kept.values())


def _pictures(config: RunConfig) -> int:
    """The bytes of the picture set as it is opened, resized, and as the run holds it."""
    found = data.get(config.data)
    channels, height, width = data.shape_of(config.data, config.picture_size)
    own = found.channels * found.size**2
    resized = 0 if config.picture_size in ("own", str(found.size)) else channels * height * width
    return found.count * (own + resized + channels * height * width)


def _largest(config: RunConfig) -> Iterator[Message]:
    """The settings whose usual values would save most, the first three; the batch size where none would."""
    usual = RunConfig()
    smaller = [
        (named("batch_size"), {"batch_size": min(usual.batch_size, config.batch_size)}),
        (named("picture_size"), {"picture_size": "own"}),
        (named("latent_size"), {"latent_size": min(usual.latent_size, config.latent_size)}),
    ]
    for option in config.options:
        others = {name: value for name, value in config.options.items() if name != option}
        smaller.append((nets.option_title(option), {"options": others}))
    for name in config.strengths:
        smaller.append((stabilisers.title(name), {"stabilisers": {**config.stabilisers, name: 0}}))
    whole, savings = estimate(config), []
    for title, changes in smaller:
        saved = 1 - estimate(config.but(**changes)) / whole
        savings.append((saved, title))
    found = sorted(savings, key=lambda each: -each[0])
    matter = [title for saved, title in found if saved >= MATTERS][:3]
    return iter(matter or [named("batch_size")])


# What is free


def free_bytes(name: str = "auto") -> int | None:
    """The bytes that a run on this device can have now; None where nobody knows."""
    if device.choose(name).type == "cuda":
        return torch.cuda.mem_get_info()[0]
    known = [free for free in (_of_the_machine(), _of_the_container()) if free is not None]
    return min(known, default=None)


def _of_the_machine() -> int | None:
    if sys.platform == "win32":
        return _of_windows()
    try:
        lines = dict(line.split(":", 1) for line in Path("/proc/meminfo").read_text().splitlines())
        return int(lines["MemAvailable"].split()[0]) * 1024
    except (OSError, KeyError, ValueError):  # not Linux: all there is at all
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")


def _of_the_container() -> int | None:
    """What a container's limit (cgroup v2) leaves."""
    try:
        most, used = (int(Path(f"/sys/fs/cgroup/memory.{name}").read_text()) for name in ("max", "current"))
    except (OSError, ValueError):  # there is none, or it is "max"
        return None
    return max(0, most - used)


def _of_windows() -> int:
    class Status(ctypes.Structure):  # MEMORYSTATUSEX
        _fields_ = [("length", ctypes.c_ulong), ("load", ctypes.c_ulong)] + [
            (name, ctypes.c_ulonglong)
            for name in ("total", "available", "page_total", "page_free", "virtual", "virtual_free", "extended")
        ]

    status = Status(length=ctypes.sizeof(Status))
    ctypes.windll.kernel32.GlobalMemoryStatusEx(ctypes.byref(status))
    return status.available
