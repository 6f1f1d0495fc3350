"""A training step on the CPU as a straight program: what it asked of torch, written down once and then done again
without modules and without autograd, every result in the same place each time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor
from torch.utils._python_dispatch import TorchDispatchMode

# Python gets to know a number, makes a tensor of one, or the numbers decide on a shape: not the same in each step.
NOT_AGAIN = {"_local_scalar_dense", "lift_fresh", "nonzero", "masked_select"}
MEMORY_ALONE = {"empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided"}  # its numbers mean nothing
SHAPE_ALONE = {"ones_like", "zeros_like", "full_like", "new_ones", "new_zeros", "new_full"}  # of what they are given
COPIES = {"_to_copy", "clone"}

Step = Callable[[Tensor], list[Tensor | None]]


class NotRecorded(Exception):
    """The step was taken, but cannot be recorded; the message says why."""


class Operation(NamedTuple):
    """One call of torch's, below autograd."""

    call: Any  # torch._ops.OpOverload
    args: tuple
    kwargs: dict[str, Any]
    result: Any

    @property
    def name(self) -> str:
        return self.call.overloadpacket.__name__

    @property
    def given(self) -> list[Tensor]:
        return [*_tensors([self.args, [*self.kwargs.values()]])]

    @property
    def results(self) -> list[Any]:
        return [*self.result] if isinstance(self.result, list | tuple) else [self.result]

    @property
    def changed(self) -> Iterator[Tensor]:
        """What it is given and changes."""
        arguments = self.call._schema.arguments
        values = {argument.name: value for argument, value in zip(arguments, self.args, strict=False)} | self.kwargs
        for argument in arguments:
            if argument.alias_info and argument.alias_info.is_write:
                yield from _tensors(values.get(argument.name))


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

    Tensors that were there before are taken from where they are, and what is returned is overwritten by the next call.
    Raises NotRecorded after the call.
    """
    with Tape() as tape:
        outputs = work(indices)
    again = _Writer(indices, tape.operations, outputs).program()

    def step(indices: Tensor) -> list[Tensor | None]:
        with torch.no_grad():
            return again(indices)

    return step


class _Writer:
    """Writes operations down as a Python function. While it lives, all their tensors do, so that places are unique.

    What an operation makes lies in memory of ours where torch can write there, and memory that is no longer looked at
    is used again. So views need not be made again, nor what is the same each time. The rest has a name in the program.
    """

    def __init__(self, indices: Tensor, operations: list[Operation], outputs: list[Tensor | None]) -> None:
        self._operations, self._outputs = operations, outputs
        self._names = {_place(indices): "indices"}
        self._known: dict[str, Any] = {}  # what the program holds on to: weights, memory, operations, streams, numbers
        self._named = {_memory(indices)}  # memory that is another each time
        self._ours: dict[int, torch.UntypedStorage] = {}  # what stands for memory of the recorded step
        self._free: dict[int, list[torch.UntypedStorage]] = defaultdict(list)  # by size
        self._constant: set[int] = set()
        self._lines: list[str] = []
        self._last_use: dict[str, int] = {}
        self._made: set[int] = set()
        self._changed: set[int] = set()
        self._unused_after: dict[int, set[int]] = defaultdict(set)
        self._survey()

    def _survey(self) -> None:
        """Find out what is made, what is changed, and when it is looked at last."""
        seen, last = set(self._named), {}
        for number, operation in enumerate(self._operations):
            seen.update(map(_memory, operation.given))
            self._changed.update(map(_memory, operation.changed))
            for result in _tensors(operation.results):
                if _memory(result) not in seen:
                    self._made.add(_memory(result))
            last |= {_memory(tensor): number for tensor in [*operation.given, *_tensors(operation.results)]}
        last |= {_memory(tensor): len(self._operations) for tensor in _tensors(self._outputs)}
        for memory, number in last.items():
            self._unused_after[number].add(memory)

    def program(self) -> Step:
        for number, operation in enumerate(self._operations):
            self._write(operation)
            for memory in self._unused_after[number] & self._ours.keys():
                storage = self._ours[memory]
                self._free[storage.nbytes()].append(storage)
        result = self._name(self._outputs)
        for name, line in self._last_use.items():
            if line < len(self._lines):
                self._lines[line] += f"; del {name}"
        source = "\n    ".join(["def again(indices):", *self._lines, f"return {result}"])
        exec(source, self._known)
        return self._known["again"]

    def _write(self, operation: Operation) -> None:
        call, args, kwargs, _ = operation
        if operation.name in NOT_AGAIN or torch.Tag.inplace_view in call.tags:
            raise NotRecorded(f"{call} may give something else each time")
        fresh = [each for each in _tensors(operation.results) if self._is_new(each)]
        if fresh and self._is_constant(operation):
            self._constant.update(map(_memory, fresh))
        elif operation.name in MEMORY_ALONE:
            self._take(fresh)
        elif fresh and operation.name in COPIES:
            source = self._name(args[0])
            self._take(fresh)
            self._lines.append(f"{self._name(torch.ops.aten.copy_.default._op)}({self._name(fresh[0])}, {source})")
        elif fresh and len(fresh) == len(operation.results) and (variant := _writing(call)):
            words = self._words(args, kwargs)
            self._take(fresh)
            places = zip(variant.outs, fresh, strict=True)
            words += [f"{key}={self._name(place)}" for key, place in places]
            self._lines.append(f"{self._name(variant.call._op)}({', '.join(words)})")
        elif fresh or call._schema.is_mutable or self._is_view_of_named(operation):
            self._call(operation)

    def _call(self, operation: Operation) -> None:
        """Write it down as it was, its results with names of their own."""
        line = f"{self._name(operation.call._op)}({', '.join(self._words(operation.args, operation.kwargs))})"
        results = operation.results
        if any(isinstance(each, list | tuple) for each in results):
            raise NotRecorded("torch gave lists of lists of tensors")
        if any(isinstance(each, Tensor) and _place(each) not in self._names for each in results):
            targets = ", ".join(map(self._target, results))
            line = f"{targets if isinstance(operation.result, Tensor) else f'({targets},)'} = {line}"
        self._lines.append(line)

    def _is_new(self, result: Tensor) -> bool:
        """Whether it lies in memory that has not been made so far."""
        memory = _memory(result)
        return memory in self._made and not (memory in self._named or memory in self._ours or memory in self._constant)

    def _is_constant(self, operation: Operation) -> bool:
        """Whether its results are the same in each step."""
        if operation.call._schema.is_mutable or torch.Tag.nondeterministic_seeded in operation.call.tags:
            return False
        if operation.name in MEMORY_ALONE or self._changed & {*map(_memory, _tensors(operation.results))}:
            return False
        return operation.name in SHAPE_ALONE or {*map(_memory, operation.given)} <= self._constant

    def _is_view_of_named(self, operation: Operation) -> bool:
        results = [*_tensors(operation.results)]
        return any(_memory(each) in self._named and _place(each) not in self._names for each in results)

    def _take(self, tensors: Iterable[Tensor]) -> None:
        """Have memory of ours stand for theirs."""
        for tensor in tensors:
            size = tensor.untyped_storage().nbytes()
            free = self._free[size]
            self._ours[_memory(tensor)] = free.pop() if free else torch.UntypedStorage(size)

    def _target(self, result: Any) -> str:
        """The name of a new tensor; _ for other results."""
        if not isinstance(result, Tensor) or _place(result) in self._names:
            return "_"
        place = _place(result)
        self._named.add(_memory(result))
        name = self._names[place] = f"made_{len(self._names)}"
        self._last_use[name] = len(self._lines)
        return name

    def _words(self, args: tuple, kwargs: dict[str, Any]) -> list[str]:
        return [self._name(each) for each in args] + [f"{key}={self._name(each)}" for key, each in kwargs.items()]

    def _name(self, value: Any) -> str:
        """How the program calls a value."""
        if isinstance(value, list | tuple):
            return f"[{', '.join(map(self._name, value))}]"
        if value is None or isinstance(value, bool | int):
            return repr(value)
        place = _place(value) if isinstance(value, Tensor) else id(value)
        if place not in self._names:
            if isinstance(value, Tensor):
                value = self._here(value)
            self._names[place] = f"known_{len(self._names)}"
            self._known[self._names[place]] = value
        name = self._names[place]
        if name.startswith("made_"):
            self._last_use[name] = len(self._lines)
        return name

    def _here(self, tensor: Tensor) -> Tensor:
        """What stands for a tensor that has no name in the program."""
        memory = _memory(tensor)
        if memory in self._ours:
            here = torch.empty(0, dtype=tensor.dtype)
            return here.set_(self._ours[memory], tensor.storage_offset(), tensor.shape, tensor.stride())
        if memory in self._named:
            raise NotRecorded("a part of something made in the step was seen from nowhere")
        return tensor


class _Variant(NamedTuple):
    call: Any
    outs: list[str]  # the arguments that say where


@cache
def _writing(call: Any) -> _Variant | None:
    """The variant of an operation that writes its results where it is told, where the CPU has a kernel for that."""
    inputs = [(argument.name, str(argument.type)) for argument in call._schema.arguments]
    for overload in call.overloadpacket.overloads():
        variant = getattr(call.overloadpacket, overload)
        arguments = variant._schema.arguments
        outs = [argument.name for argument in arguments if argument.is_out]
        others = [(argument.name, str(argument.type)) for argument in arguments if not argument.is_out]
        if outs and others == inputs and torch._C._dispatch_has_kernel_for_dispatch_key(variant.name(), "CPU"):
            return _Variant(variant, outs)
    return None


def _tensors(value: Any) -> Iterator[Tensor]:
    if isinstance(value, Tensor):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _tensors(each)


def _memory(tensor: Tensor) -> int:
    return tensor.untyped_storage().data_ptr()


def _place(tensor: Tensor) -> tuple:
    """Equal for tensors that are the same numbers in the same memory: autograd makes new ones of those it has saved."""
    return _memory(tensor), tensor.storage_offset(), tuple(tensor.shape), tensor.stride(), tensor.dtype
