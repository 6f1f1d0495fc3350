"""Everything that a run needs to go on from a moment, as the content of one safetensors file."""

import json
import zlib
from collections.abc import Mapping

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from gan.learn.learner import Kit
from gan.look.networks import Networks
from gan.messages import Refusal

CPU_STATE = 5056  # bytes of a random stream's state on the CPU
CHECKSUM = "crc32"  # in the file's metadata; files from before there was one are read without
SHORT_STATE = (16, 64)  # bytes, at least and at most, on other devices, whose streams only count (CUDA: 16)


def pack(kit: Kit, epoch: float) -> bytes:
    """The networks, optimisers, random stream and counts after `epoch`; `unpack` puts them back."""
    tensors = {}
    for part, net in _nets(kit).items():
        tensors |= {f"{part}.{name}": tensor for name, tensor in net.state_dict().items()}
    for part, optimizer in kit.optimizers.items():
        for number, weight in enumerate(optimizer.param_groups[0]["params"]):
            state = optimizer.state.get(weight, {})
            kept = {name: value for name, value in state.items() if isinstance(value, Tensor)}
            if "step" in kept:
                kept["step"] = kept["step"].clone()  # weights share it, but no two tensors of a file may
            tensors |= {f"{part}.{number}.{name}": value for name, value in kept.items()}
    numbers = (kit.steps, epoch, kit.average.updates.item() if kit.average else 0)
    tensors["random"] = kit.random.get_state()
    tensors["midpoint"] = kit.midpoint
    tensors["numbers"] = torch.tensor(numbers, dtype=torch.float64)
    # safetensors holds three copies, and where there is no room for them it does not raise: the process ends or hangs.
    bytearray(3 * sum(tensor.nbytes for tensor in tensors.values()))
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}
    return save(tensors, {CHECKSUM: _checksum(tensors)})


def unpack(kit: Kit, content: bytes) -> float:
    """Have the kit be as it was when `pack` kept it, as if nothing had ever stopped; the epoch.

    Its settings may be others, but its networks must be the same. An optimiser of another kind begins anew, and so
    does chance on another kind of device, such as a CPU after a graphics card: the random streams of the two are not
    the same, so what follows is another one, made from the seed and the steps so far.
    Raises ValueError, with the kit unusable, where they are not or where something is missing.
    """
    tensors = _read(content)
    for part, net in _nets(kit).items():
        if part == "average" and not _of("average", tensors):
            tensors |= {f"average.{name}": value for name, value in _of("generator", tensors).items()}
        _fill(net, _of(part, tensors))
    for part, optimizer in kit.optimizers.items():
        _remember(optimizer, _of(part, tensors))
    try:
        _go_on(kit.random, tensors["random"], kit.config.seed, int(tensors["numbers"][0]))
        kit.midpoint.copy_(tensors["midpoint"].reshape(()))
        steps, epoch, updates = tensors["numbers"].tolist()
        kit.steps = int(steps)
    except (KeyError, IndexError, RuntimeError, TypeError, ValueError, OverflowError) as error:
        raise _broken() from error
    if kit.average:
        kit.average.updates.fill_(updates)
    return epoch


def _go_on(random: torch.Generator, state: Tensor, seed: int, steps: int) -> None:
    """Have a random stream go on from a state; from one of another kind of device, begin anew. Raises RuntimeError."""
    is_state = state.dtype == torch.uint8 and state.dim() == 1
    other = is_state and (len(state) == CPU_STATE or SHORT_STATE[0] <= len(state) <= SHORT_STATE[1])
    if other and len(state) != len(random.get_state()):
        random.manual_seed((seed + (steps << 31)) % 2**63)  # other steps, other chance
    else:
        random.set_state(state)


def look_back(content: bytes, nets: Mapping[str, nn.Module]) -> Networks:
    """New networks of the same kind, filled with those that `pack` kept, to look at."""
    tensors = _read(content)
    for part, net in nets.items():
        _fill(net, (part == "generator" and _of("average", tensors)) or _of(part, tensors))
    return Networks(nets, tensors["midpoint"])


def steps_of(content: bytes) -> int:
    """The training steps done at the moment that `pack` kept. Raises ValueError for one that is damaged."""
    return int(_number(content, 0))


def epoch_of(content: bytes) -> float:
    """The epoch of the moment that `pack` kept. Raises ValueError for one that is damaged."""
    return _number(content, 1)


def _number(content: bytes, which: int) -> float:
    try:
        return _read(content)["numbers"][which].item()
    except (KeyError, IndexError) as error:
        raise _broken() from error


def _nets(kit: Kit) -> dict[str, nn.Module]:
    average = {"average": kit.average.net} if kit.average else {}
    return kit.nets | average


def _read(content: bytes) -> dict[str, Tensor]:
    """The tensors in a file. Raises ValueError where a bit of them is not as it was."""
    try:
        tensors = load(content)
    except SafetensorError as error:
        raise _broken() from error
    header = json.loads(content[8 : 8 + int.from_bytes(content[:8], "little")])
    if header.get("__metadata__", {}).get(CHECKSUM, found := _checksum(tensors)) != found:
        raise _broken()
    return tensors


def _checksum(tensors: dict[str, Tensor]) -> str:
    """Of names and values: a disk that flips a bit of a weight says nothing."""
    found = 0
    for name in sorted(tensors):
        found = zlib.crc32(tensors[name].reshape(-1).numpy(), zlib.crc32(name.encode(), found))
    return f"{found:08x}"


def _of(part: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of one part, by their own names."""
    return {name.removeprefix(f"{part}."): value for name, value in tensors.items() if name.startswith(f"{part}.")}


def _fill(net: nn.Module, tensors: dict[str, Tensor]) -> None:
    try:
        net.load_state_dict(tensors)
    except RuntimeError as error:
        raise _other() from error


def _remember(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Give an optimiser back what it knew of each weight, if it is of the kind that keeps such things."""
    known = {"Adam": {"step", "exp_avg", "exp_avg_sq"}, "RMSprop": {"step", "square_avg"}, "SGD": {"momentum_buffer"}}
    if {name.partition(".")[2] for name in tensors} - known[type(optimizer).__name__]:
        return
    weights, counts = optimizer.param_groups[0]["params"], {}
    for name, value in tensors.items():
        number, key = name.split(".")
        if not number.isdecimal() or int(number) >= len(weights):
            raise _other()
        weight = weights[int(number)]
        if value.shape != (() if key == "step" else weight.shape):
            raise _other()
        if key != "step":
            value = value.to(weight.device)
        elif optimizer.param_groups[0].get("fused"):  # only there it lies on the device, and is shared
            value = counts.setdefault(value.item(), value.to(weight.device))
        optimizer.state[weight][key] = value


def _broken() -> Refusal:
    return Refusal("checkpoint.broken", "What was kept of this moment is damaged.")


def _other() -> Refusal:
    return Refusal("checkpoint.other", "These networks cannot go on from there: they are not the ones that were kept.")
