"""A config's networks, untrained."""

import threading
from collections.abc import Callable

import torch
from torch import nn

from gan import families
from gan.learn.pace import quicken
from gan.parts import nets, stabilisers
from gan.parts.blocks import Timed
from gan.setup.config import RunConfig

# Weights are drawn from torch's one global random stream, which threads share.
_building = threading.Lock()


def build(config: RunConfig, shape: tuple[int, int, int]) -> dict[str, nn.Module]:
    """The config's untrained networks by name, on the CPU; the same seed, the same weights."""
    with _building, torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        return assemble(config, shape, quicken)


def assemble(
    config: RunConfig, shape: tuple[int, int, int], finish: Callable[[nn.Module, tuple], None] = lambda net, shape: None
) -> dict[str, nn.Module]:
    """The networks of the config's family, a discriminator with its stabilisers; `finish` is done to each as it was
    made.
    """
    architecture, made = nets.get(config.architecture), {}
    changes = stabilisers.make(config.strengths)
    for part in families.parts(config.family):
        seen = shape
        for change in changes if part == "discriminator" else ():
            seen = change.shape(seen)
        made[part] = getattr(architecture, part)(config, seen)
        finish(made[part], seen)
    for change in changes:
        change.check(made["discriminator"])
        change.change(made["discriminator"])
    return made


def has_batch_norm(net: nn.Module) -> bool:
    """Whether it learns from the statistics of a batch, which a single picture does not have."""
    return any(isinstance(module, nn.modules.batchnorm._BatchNorm) for module in net.modules())


def timed(net: nn.Module) -> list[nn.Module]:
    """The parts of a network that are told how far the run is."""
    return [module for module in net.modules() if isinstance(module, Timed)]
