"""The one door to `gan/fast`. That folder may be deleted: then steps are taken as they stand, slower."""

from collections.abc import Callable, Sequence

import torch
from torch import nn

try:
    from gan.fast import quicken, recorder_for
except ImportError as missing:
    if missing.name != "gan.fast":
        raise

    def quicken(net: nn.Module, shape: tuple[int, int, int]) -> None:
        """Leave the layers as they are."""

    def recorder_for(device: torch.device, order: Callable[[], Sequence[str]] | None = None) -> None:
        """Nothing: each step is taken by itself."""


__all__ = ["quicken", "recorder_for"]
