"""A step done again with every number that Python knew the first time: what a CUDA graph does, on any device."""

from collections.abc import Callable
from contextlib import nullcontext
from typing import Any

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_map_only

from gan.fast.cuda_graph import Work
from gan.messages import verbatim
from gan.records import NotRecorded

ASKS = ("aten::_local_scalar_dense", "aten::nonzero", "aten::masked_select")  # Python gets to know a number


class Card:
    """Stands for `gan.fast.cuda_graph.Card`."""

    def forget(self) -> None:
        pass

    def at_work(self) -> nullcontext:
        return nullcontext()

    def record(self, work: Callable[[Tensor], list], indices: Tensor, random: torch.Generator) -> Work:
        place = indices.clone()
        with Calls() as calls:
            outputs = work(place)
        if calls.asked:
            raise NotRecorded(verbatim("the step asks for a number"))

        def step(indices: Tensor) -> list[Tensor | None]:
            place.copy_(indices)
            made = {_place(old): new for old, new in calls.again()}
            return [None if each is None else made.get(_place(each), each) for each in outputs]

        return step


class Calls(TorchDispatchMode):
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

    @torch.no_grad()
    def again(self) -> list[tuple[Tensor, Tensor]]:
        """All tensors that were made the first time, each with the one that is made by the same call now."""
        made: dict[tuple, Tensor] = {}
        pairs = []

        def anew(tensor: Tensor) -> Tensor:
            return made.get(_place(tensor), tensor)

        for call, given, result in self.calls:
            args, kwargs = tree_map_only(Tensor, anew, given)
            olds, news = [], []
            tree_map_only(Tensor, olds.append, result)
            tree_map_only(Tensor, news.append, call(*args, **kwargs))
            new_ones = [(old, new) for old, new in zip(olds, news, strict=True) if new is not old]
            made |= {_place(old): new for old, new in new_ones}
            pairs += new_ones
        return pairs


def _place(tensor: Tensor) -> tuple:
    """Equal for tensors that are the same numbers in the same memory: autograd makes new ones of those it has saved."""
    where = tensor.untyped_storage().data_ptr(), tensor.storage_offset()
    return *where, tuple(tensor.shape), tensor.stride(), tensor.dtype
