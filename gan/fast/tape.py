"""What a piece of work asks of torch, below modules and autograd: one call after the other."""

from collections.abc import Callable, Iterator
from typing import Any, NamedTuple

from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

Step = Callable[[Tensor], list[Tensor | None]]


class NotRecorded(Exception):
    """The step was taken, but cannot be recorded; the message says why."""


class Operation(NamedTuple):
    """One call of torch's."""

    call: Any  # torch._ops.OpOverload
    args: tuple
    kwargs: dict[str, Any]
    result: Any

    @property
    def name(self) -> str:
        return self.call.overloadpacket.__name__

    @property
    def results(self) -> list[Any]:
        return [*self.result] if isinstance(self.result, list | tuple) else [self.result]

    @property
    def made(self) -> list[Tensor]:
        """The tensors among its results; they may be views, or what was given."""
        return [*tensors(self.result)]

    @property
    def given(self) -> list[Tensor]:
        return [*tensors([self.args, [*self.kwargs.values()]])]

    @property
    def changed(self) -> list[Tensor]:
        """The given tensors that it writes to."""
        arguments = self.call._schema.arguments
        values = {argument.name: value for argument, value in zip(arguments, self.args, strict=False)} | self.kwargs
        written = [argument.name for argument in arguments if argument.alias_info and argument.alias_info.is_write]
        return [*tensors([values.get(name) for name in written])]


class Tape(TorchDispatchMode):
    """Notes the operations of this thread as they happen."""

    def __init__(self) -> None:
        super().__init__()
        self.operations: list[Operation] = []

    def __torch_dispatch__(self, call, types, args=(), kwargs=None):
        result = call(*args, **(kwargs or {}))
        self.operations.append(Operation(call, args, kwargs or {}, result))
        return result


def tensors(value: Any) -> Iterator[Tensor]:
    """The tensors in nested lists and tuples."""
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from tensors(each)


def memory(tensor: Tensor) -> int:
    """Where the memory begins in which a tensor's numbers lie, maybe with those of others."""
    return tensor.untyped_storage().data_ptr()
