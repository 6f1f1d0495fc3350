"""A training step on the CPU as a straight program: what it asked of torch, written down once and then done again
without modules and without autograd, every result in the same place each time.
"""

from collections import defaultdict
from collections.abc import Iterable
from functools import cache
from typing import Any, NamedTuple

import torch
from torch import Tensor

from gan.fast.tape import NotRecorded, Operation, Step, Tape, memory, tensors

# Python gets to know a number, makes a tensor of one, or the numbers decide on a shape: not the same in each step.
NOT_AGAIN = {"_local_scalar_dense", "lift_fresh", "nonzero", "masked_select"}
EMPTY = {"empty", "empty_like", "empty_strided", "new_empty", "new_empty_strided"}  # memory without numbers
OF_A_SHAPE = {"ones_like", "zeros_like", "full_like", "new_ones", "new_zeros", "new_full"}  # and of nothing else
COPIES = {"_to_copy", "clone"}

Spare = list[torch.UntypedStorage]  # memory that several recordings use, one at a time; it grows as needed


def record(work: Step, indices: Tensor, spare: Spare) -> Step:
    """Call `work(indices)`, and return what does the same with other indices; both return some tensors.

    Tensors that were there before are taken from where they are; what is returned is overwritten by the next call.
    Raises NotRecorded after the call.
    """
    with Tape() as tape:
        outputs = work(indices)
    again = _Writer(indices, tape.operations, outputs, spare).program()

    def step(indices: Tensor) -> list[Tensor | None]:
        with torch.no_grad():
            return again(indices)

    return step


class _Memory:
    """Where recorded results lie when they are made again: in memory of ours, each place used again and again.

    What is returned has memory of its own, so that it stays until it is returned again.
    """

    def __init__(self, operations: list[Operation], outputs: list[Tensor | None], spare: Spare) -> None:
        self._ours: dict[int, torch.UntypedStorage] = {}
        self._spare, self._free = spare, [*spare]
        self._kept = {*map(memory, tensors(outputs))}
        self._ends: dict[int, set[int]] = defaultdict(set)  # what nobody looks at after this operation
        last_looks = {
            memory(tensor): number
            for number, operation in enumerate(operations)
            for tensor in operation.given + operation.made
        }
        for each in last_looks.keys() - self._kept:
            self._ends[last_looks[each]].add(each)

    def __contains__(self, tensor: Tensor) -> bool:
        return memory(tensor) in self._ours

    def take(self, made: Iterable[Tensor]) -> None:
        """Have memory of ours stand for theirs."""
        for tensor in made:
            self._ours[memory(tensor)] = self._place(tensor.untyped_storage().nbytes(), memory(tensor) in self._kept)

    def _place(self, size: int, kept: bool) -> torch.UntypedStorage:
        if kept:
            return torch.UntypedStorage(size)
        fitting = [storage for storage in self._free if size <= storage.nbytes() <= 2 * size]
        if not fitting:
            self._spare.append(torch.UntypedStorage(size))
            return self._spare[-1]
        storage = min(fitting, key=torch.UntypedStorage.nbytes)
        self._free.remove(storage)
        return storage

    def release(self, number: int) -> None:
        """Give away what nobody looks at after this operation."""
        for each in self._ends[number] & self._ours.keys():
            self._free.append(self._ours[each])

    def here(self, tensor: Tensor) -> Tensor:
        """What stands for a tensor in memory that was taken."""
        storage = self._ours[memory(tensor)]
        return torch.empty(0, dtype=tensor.dtype).set_(storage, tensor.storage_offset(), tensor.shape, tensor.stride())


class _Writer:
    """Writes operations down as a Python function. While it lives, all their tensors do, so that places are unique.

    What an operation makes lies in memory of ours, where torch can be told where; then views of it need not be made
    again. Nor need what is the same each time. The rest has names in the program.
    """

    def __init__(
        self,
        indices: Tensor,
        operations: list[Operation],
        outputs: list[Tensor | None],
        spare: Spare,
    ) -> None:
        self._operations, self._outputs = operations, outputs
        self._memory = _Memory(operations, outputs, spare)
        self._changed = {memory(tensor) for operation in operations for tensor in operation.changed}
        self._given = _given(operations)
        self._constant: set[int] = set()
        self._named = {memory(indices)}  # what is elsewhere each time
        self._names = {_place(indices): "indices"}
        self._known: dict[str, Any] = {}  # what the program holds on to: weights, memory, operations, streams, numbers
        self._lines: list[str] = []
        self._last_use: dict[str, int] = {}  # of names that hold a result

    def program(self) -> Step:
        for number, operation in enumerate(self._operations):
            self._write(operation)
            self._memory.release(number)
        result = self._name(self._outputs)
        for name, line in self._last_use.items():
            if line < len(self._lines):
                self._lines[line] += f"; del {name}"
        source = "\n    ".join(["def again(indices):", *self._lines, f"return {result}"])
        exec(source, self._known)
        return self._known.pop("again")  # which holds on to what is known; not the other way round, or it would stay

    def _write(self, operation: Operation) -> None:
        call, args, kwargs, _ = operation
        if operation.name in NOT_AGAIN or torch.Tag.inplace_view in call.tags:
            raise NotRecorded(f"{call} may give something else each time")
        new = [tensor for tensor in operation.made if self._is_new(tensor)]
        if not new:
            if call._schema.is_mutable or self._is_view_of_named(operation):
                self._call(operation)
        elif self._is_constant(operation):
            self._constant.update(map(memory, new))
        elif operation.name in EMPTY:
            self._memory.take(new)
        elif operation.name in COPIES:
            self._memory.take(new)
            self._lines.append(self._line(torch.ops.aten.copy_.default, (new[0], args[0]), {}))
        elif len(new) == len(operation.results) and (variant := _writing(call)):
            self._memory.take(new)
            self._lines.append(self._line(variant.call, args, kwargs | dict(zip(variant.outs, new, strict=True))))
        else:
            self._call(operation)

    def _call(self, operation: Operation) -> None:
        """Write it down as it was, with names for what it makes."""
        line = self._line(operation.call, operation.args, operation.kwargs)
        if any(isinstance(each, list | tuple) for each in operation.results):
            raise NotRecorded("torch gave lists of lists of tensors")
        if any(_place(tensor) not in self._names for tensor in operation.made):
            targets = ", ".join(map(self._target, operation.results))
            line = f"{targets if isinstance(operation.result, Tensor) else f'({targets},)'} = {line}"
        self._lines.append(line)

    def _is_new(self, tensor: Tensor) -> bool:
        """Whether nothing was made in its memory so far."""
        known = (self._given, self._named, self._constant)
        return tensor not in self._memory and not any(memory(tensor) in each for each in known)

    def _is_constant(self, operation: Operation) -> bool:
        """Whether what it makes is the same each time."""
        call = operation.call
        if call._schema.is_mutable or torch.Tag.nondeterministic_seeded in call.tags or operation.name in EMPTY:
            return False
        if self._changed & {*map(memory, operation.made)}:
            return False
        return operation.name in OF_A_SHAPE or {*map(memory, operation.given)} <= self._constant

    def _is_view_of_named(self, operation: Operation) -> bool:
        return any(memory(tensor) in self._named and _place(tensor) not in self._names for tensor in operation.made)

    def _target(self, result: Any) -> str:
        """The name of a new tensor; _ for other results."""
        if not isinstance(result, Tensor) or _place(result) in self._names:
            return "_"
        self._named.add(memory(result))
        name = self._names[_place(result)] = f"made_{len(self._names)}"
        self._last_use[name] = len(self._lines)
        return name

    def _line(self, call: Any, args: tuple, kwargs: dict[str, Any]) -> str:
        words = [self._name(each) for each in args] + [f"{key}={self._name(each)}" for key, each in kwargs.items()]
        return f"{self._name(call._op)}({', '.join(words)})"  # _op: without the Python around it

    def _name(self, value: Any) -> str:
        """How the program calls a value."""
        if isinstance(value, list | tuple):
            return f"[{', '.join(map(self._name, value))}]"
        if value is None or isinstance(value, bool | int):
            return repr(value)
        place = _place(value) if isinstance(value, Tensor) else id(value)
        if place not in self._names:
            if isinstance(value, Tensor) and value in self._memory:
                value = self._memory.here(value)
            elif isinstance(value, Tensor) and memory(value) in self._named:
                raise NotRecorded("a part of something made in the step was seen from nowhere")
            self._names[place] = f"known_{len(self._names)}"
            self._known[self._names[place]] = value
        name = self._names[place]
        if name.startswith("made_"):
            self._last_use[name] = len(self._lines)
        return name


class _Variant(NamedTuple):
    call: Any
    outs: list[str]  # the arguments that say where


@cache
def _writing(call: Any) -> _Variant | None:
    """The variant of an operation that is told where to write, if the CPU has a kernel of its own for that."""
    wanted = [(argument.name, str(argument.type)) for argument in call._schema.arguments]
    for overload in call.overloadpacket.overloads():
        variant = getattr(call.overloadpacket, overload)
        arguments = variant._schema.arguments
        outs = [argument.name for argument in arguments if argument.is_out]
        others = [(argument.name, str(argument.type)) for argument in arguments if not argument.is_out]
        if outs and others == wanted and torch._C._dispatch_has_kernel_for_dispatch_key(variant.name(), "CPU"):
            return _Variant(variant, outs)
    return None


def _given(operations: list[Operation]) -> set[int]:
    """The memory of all that was there before the first operation."""
    given: set[int] = set()
    made: set[int] = set()
    for operation in operations:
        given |= {*map(memory, operation.given)} - made
        made |= {*map(memory, operation.made)} - given
    return given


def _place(tensor: Tensor) -> tuple:
    """Equal for tensors that are the same numbers in the same memory: autograd makes new ones of those it has saved."""
    return memory(tensor), tensor.storage_offset(), tuple(tensor.shape), tensor.stride(), tensor.dtype
