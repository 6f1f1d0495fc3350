"""What a config's run takes of the memory, worked out before it starts.

The networks are built without memory of their own (torch's meta device) and asked what they would keep of a batch for
their gradients. All else is in proportion to that and to their weights; the proportions were measured on runs of 27
configs, of which the estimates are 0.85 to 1.5 times the peak; those of `biggan` in parts, 0.8 to 1.2 times.
"""

import math
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import chain

import torch
from torch import Tensor

from gan import data, families
from gan.learn.build import assemble, timed
from gan.setup.config import RunConfig

BATCH = 8  # pictures that the networks are asked about
BASE = 180e6  # bytes of any run, with its scores
WEIGHTS = 3.0  # times the weights: gradients, what the optimiser remembers, the average
G_KEEPS = 1.7  # times what G keeps of a batch, so that its gradients can be worked out ...
D_KEEPS = 3.4  # ... and what D keeps of the real ones and of the fakes
PENALTIES = {"r1": 5.0, "r2": 5.0, "gradient_penalty": 5.0}  # times what D keeps of one batch: slopes of slopes
IN_PARTS = 60e6  # bytes more where a batch is in parts: sums of slopes, and gaps between what the parts took
AHEAD = 3.7  # for each step that is looked ahead, times what D keeps of both batches ...
AHEAD_WEIGHTS = 3.1  # ... and times D's weights


@lru_cache(maxsize=64)
def estimate(config: RunConfig) -> float:
    """The bytes that a run of this config takes at its peak."""
    shape = data.shape_of(config.data, config.picture_size)
    draws = families.learner(config.family).draws
    with torch.device("meta"):
        nets = assemble(config, shape)
        for part in chain(*map(timed, nets.values())):
            part.progress = 1.0  # what comes in later counts
        noise, labels = torch.zeros(BATCH, config.noise_size), torch.zeros(BATCH, dtype=torch.long)
        pictures = torch.zeros(BATCH, *shape, requires_grad=True)
        weights = [weight for net in nets.values() for weight in net.parameters()]
        g_kept = _kept(lambda: draws(nets, noise, pictures, labels), weights) / BATCH * config.part_size
        d_kept = d_weights = 0.0
        if judge := nets.get("discriminator"):
            d_kept = _kept(lambda: judge.look(pictures, labels), weights) / BATCH * config.part_size
            d_weights = sum(weight.nbytes for weight in judge.parameters())
    ahead = config.strengths.get("unrolling", 0)
    return (
        BASE
        + (IN_PARTS if config.batch_parts > 1 else 0)
        + _pictures(config)
        + WEIGHTS * sum(weight.nbytes for weight in weights)
        + G_KEEPS * g_kept
        + D_KEEPS * 2 * d_kept
        + sum(times for name, times in PENALTIES.items() if name in config.strengths) * d_kept
        + ahead * (AHEAD * 2 * d_kept + AHEAD_WEIGHTS * d_weights)
    )


def _kept(call: Callable[[], object], weights: Iterable[Tensor]) -> int:
    """The bytes that a call keeps for its gradients, the weights aside."""
    kept: dict[int, Tensor] = {}  # by their memory, which several tensors may share

    def keep(tensor: Tensor) -> Tensor:
        kept[tensor.untyped_storage()._cdata] = tensor
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, lambda tensor: tensor):
        call()
    for weight in weights:
        kept.pop(weight.untyped_storage()._cdata, None)
    return sum(tensor.untyped_storage().nbytes() for tensor in kept.values())


def _pictures(config: RunConfig) -> int:
    """The bytes of the picture set as it is opened, resized, and as the run holds it."""
    found = data.get(config.data)
    own, held = math.prod(found.shape), math.prod(data.shape_of(config.data, config.picture_size))
    resized = 0 if config.picture_size in ("own", str(found.shape[1])) else held
    return found.count * (own + resized + held) * (4 if found.is_dots else 1)
