"""A training step on the CPU as a straight program: what it asked of torch, written down once and then done again
without modules and without autograd, which take a tenth to a quarter of the time of steps as small as ours.
"""

from collections.abc import Callable, Iterable
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

# Python gets to know a number, makes a tensor of one, or the numbers decide on a shape: not the same in each step.
NOT_AGAIN = {"_local_scalar_dense", "lift_fresh", "nonzero", "masked_select"}

Step = Callable[[Tensor], list[Tensor | None]]


class NotRecorded(Exception):
    """The step was taken, but cannot be recorded; the message says why."""


class Operation(NamedTuple):
    """One call of torch's, below autograd."""

    call: Any  # torch._ops.OpOverload
    args: tuple
    kwargs: dict[str, Any]
    result: Any


class Tape(TorchDispatchMode):
    """Notes the operations of this thread as they happen."""

    def __init__(self) -> None:
        super().__init__()
        self.operations: list[Operation] = []

    def __torch_dispatch__(self, call, types, args=(), kwargs=None):
        result = call(*args, **(kwargs or {}))
        self.operations.append(Operation(call, args, kwargs or {}, result))
        return result


def record(work: Step, indices: Tensor) -> Step:
    """Call `work(indices)`, and return what does the same with other indices; both return some tensors.

    Tensors that were there before are taken from where they are. Raises NotRecorded after the call.
    """
    with Tape() as tape:
        outputs = work(indices)
    again = _Writer(indices).program(tape.operations, outputs)

    def step(indices: Tensor) -> list[Tensor | None]:
        with torch.no_grad():
            return again(indices)

    return step


class _Writer:
    """Writes operations down as a Python function. While it lives, all their tensors do, so that places are unique."""

    def __init__(self, indices: Tensor) -> None:
        self._names = {_place(indices): "indices"}
        self._known: dict[str, Any] = {}  # what the program holds on to: weights, operations, streams, numbers
        self._made = {_memory(indices)}  # memory that is another each time
        self._last_use: dict[str, int] = {}
        self._lines: list[str] = []

    def program(self, operations: Iterable[Operation], outputs: list[Tensor | None]) -> Step:
        for operation in operations:
            self._write(operation)
        result = self._name(outputs)
        for name, line in self._last_use.items():
            if line < len(self._lines):
                self._lines[line] += f"; del {name}"
        source = "\n    ".join(["def again(indices):", *self._lines, f"return {result}"])
        exec(source, self._known)
        return self._known["again"]

    def _write(self, operation: Operation) -> None:
        call, args, kwargs, result = operation
        if call.overloadpacket.__name__ in NOT_AGAIN:
            raise NotRecorded(f"{call} may give something else each time")
        results = [*result] if isinstance(result, list | tuple) else [result]
        if call.is_view and not any(self._is_new(each) and _memory(each) in self._made for each in results):
            return  # it stays where it is, or has a name already
        words = [self._name(each) for each in args] + [f"{key}={self._name(each)}" for key, each in kwargs.items()]
        line = f"{self._name(call)}({', '.join(words)})"
        if any(map(self._is_new, results)):
            targets = ", ".join(map(self._target, results))
            line = f"{targets if isinstance(result, Tensor) else f'({targets},)'} = {line}"
        self._lines.append(line)

    def _is_new(self, result: Any) -> bool:
        """Whether this is a tensor that was not there before, neither changed in place nor by another name."""
        if isinstance(result, list | tuple):
            raise NotRecorded("torch gave lists of lists of tensors")
        return isinstance(result, Tensor) and _place(result) not in self._names

    def _target(self, result: Any) -> str:
        """The name of a new tensor; _ for other results."""
        if not self._is_new(result):
            return "_"
        place = _place(result)
        self._made.add(_memory(result))
        name = self._names[place] = f"made_{len(self._names)}"
        self._last_use[name] = len(self._lines)
        return name

    def _name(self, value: Any) -> str:
        """How the program calls a value."""
        if isinstance(value, list | tuple):
            return f"[{', '.join(map(self._name, value))}]"
        if value is None or isinstance(value, bool | int):
            return repr(value)
        place = _place(value) if isinstance(value, Tensor) else id(value)
        if place not in self._names:
            if isinstance(value, Tensor) and _memory(value) in self._made:
                raise NotRecorded("a part of something made in the step was seen from nowhere")
            self._names[place] = f"known_{len(self._names)}"
            self._known[self._names[place]] = value
        name = self._names[place]
        if name.startswith("made_"):
            self._last_use[name] = len(self._lines)
        return name


def _memory(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _place(tensor: Tensor) -> tuple:
    """Equal for tensors that are the same numbers in the same memory: autograd makes new ones of those it has saved."""
    return _memory(tensor), tensor.storage_offset(), tuple(tensor.shape), tensor.stride(), tensor.dtype
