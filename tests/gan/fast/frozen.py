"""A step done again with every number that Python knew the first time: what a CUDA graph does, on any device."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map_only

from gan.fast.cuda_graph import NotRecorded, Step
from gan.messages import verbatim

ASKS = ("aten::_local_scalar_dense", "aten::nonzero", "aten::masked_select")  # Python gets to know a number


def record(work: Callable[[Tensor], list], indices: Tensor, random: torch.Generator) -> Step:
    """Stands for `gan.fast.cuda_graph.record`."""
    place = indices.clone()
    with _Calls() as calls:
        outputs = work(place)
    if calls.asked:
        raise NotRecorded(verbatim("the step asks for a number"))

    def step(indices: Tensor) -> list[Tensor | None]:
        place.copy_(indices)
        with torch.no_grad():
            made = calls.again()
        return [None if each is None else made.get(_place(each), each) for each in outputs]

    return step


class _Calls(TorchDispatchMode):
    """What is asked of torch, below modules and autograd."""

    def __init__(self) -> None:
        super().__init__()
        self.calls: list[tuple[Any, Any, Any]] = []
        self.asked = False

    def __torch_dispatch__(self, call, types, args=(), kwargs=None):
        result = call(*args, **(kwargs or {}))
        self.asked = self.asked or call._schema.name in ASKS
        self.calls.append((call, (args, kwargs or {}), result))
        return result

    def again(self) -> dict[tuple, Tensor]:
        """All tensors that are made by the same calls, by the places of those that were made the first time."""
        made: dict[tuple, Tensor] = {}

        def anew(tensor: Tensor) -> Tensor:
            return made.get(_place(tensor), tensor)

        for call, given, result in self.calls:
            args, kwargs = tree_map_only(Tensor, anew, given)
            olds, news = [], []
            tree_map_only(Tensor, olds.append, result)
            tree_map_only(Tensor, news.append, call(*args, **kwargs))
            made |= {_place(old): new for old, new in zip(olds, news, strict=True) if new is not old}
        return made


def _place(tensor: Tensor) -> tuple:
    """Equal for tensors that are the same numbers in the same memory: autograd makes new ones of those it has saved."""
    where = tensor.untyped_storage().data_ptr(), tensor.storage_offset()
    return *where, tuple(tensor.shape), tensor.stride(), tensor.dtype
