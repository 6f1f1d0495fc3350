"""Everything that a trainer needs to go on from a moment, as the content of one safetensors file."""

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save
from torch import Tensor, nn

from gan.look.observer import Networks

BROKEN = "What was kept of this moment is damaged."
OTHER = "These networks cannot go on from there: they are not the ones that were kept."


def pack(trainer) -> bytes:
    """The trainer's networks, optimisers, random stream and counts; `unpack` puts them back."""
    tensors = {}
    for part, net in _nets(trainer).items():
        tensors |= {f"{part}.{name}": tensor for name, tensor in net.state_dict().items()}
    for part, optimizer in _optimizers(trainer).items():
        for number, weight in enumerate(optimizer.param_groups[0]["params"]):
            state = optimizer.state.get(weight, {})
            kept = {name: value for name, value in state.items() if isinstance(value, Tensor)}
            if "step" in kept:
                kept["step"] = kept["step"].clone()  # weights share it, but no two tensors of a file may
            tensors |= {f"{part}.{number}.{name}": value for name, value in kept.items()}
    average = trainer.average
    numbers = (trainer.steps, trainer.epoch, average.updates.item() if average else 0)
    tensors["random"] = trainer.random.get_state()
    tensors["midpoint"] = trainer.midpoint
    tensors["numbers"] = torch.tensor(numbers, dtype=torch.float64)
    # safetensors holds three copies, and where there is no room for them it does not raise: the process ends or hangs.
    bytearray(3 * sum(tensor.nbytes for tensor in tensors.values()))
    return save({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()})


def unpack(trainer, content: bytes) -> None:
    """Have the trainer go on from what `pack` kept, as if it had never stopped.

    Its settings may be others, but its networks must be the same. An optimiser of another kind begins anew.
    Raises ValueError, with the trainer unusable, where they are not or where something is missing.
    """
    tensors = _read(content)
    for part, net in _nets(trainer).items():
        if part == "average" and not _of("average", tensors):
            tensors |= {f"average.{name}": value for name, value in _of("generator", tensors).items()}
        _fill(net, _of(part, tensors))
    for part, optimizer in _optimizers(trainer).items():
        _remember(optimizer, _of(part, tensors))
    try:
        trainer.random.set_state(tensors["random"])
        trainer.midpoint.copy_(tensors["midpoint"].reshape(()))
        steps, trainer.epoch, updates = tensors["numbers"].tolist()
        trainer.steps = trainer.counted = int(steps)
    except (KeyError, RuntimeError, TypeError, ValueError, OverflowError) as error:
        raise ValueError(BROKEN) from error
    if trainer.average:
        trainer.average.updates.fill_(updates)


def look_back(content: bytes, generator: nn.Module, discriminator: nn.Module) -> Networks:
    """New networks of the same kind, filled with those that `pack` kept, to look at."""
    tensors = _read(content)
    _fill(generator, _of("average", tensors) or _of("generator", tensors))
    _fill(discriminator, _of("discriminator", tensors))
    return Networks(generator, discriminator, tensors["midpoint"])


def _nets(trainer) -> dict[str, nn.Module]:
    average = {"average": trainer.average.net} if trainer.average else {}
    return {"generator": trainer.generator, "discriminator": trainer.discriminator} | average


def _optimizers(trainer) -> dict[str, torch.optim.Optimizer]:
    return {"g_optimizer": trainer.g_optimizer, "d_optimizer": trainer.d_optimizer}


def _read(content: bytes) -> dict[str, Tensor]:
    try:
        return load(content)
    except SafetensorError as error:
        raise ValueError(BROKEN) from error


def _of(part: str, tensors: dict[str, Tensor]) -> dict[str, Tensor]:
    """The tensors of one part, by their own names."""
    return {name.removeprefix(f"{part}."): value for name, value in tensors.items() if name.startswith(f"{part}.")}


def _fill(net: nn.Module, tensors: dict[str, Tensor]) -> None:
    try:
        net.load_state_dict(tensors)
    except RuntimeError as error:
        raise ValueError(OTHER) from error


def _remember(optimizer: torch.optim.Optimizer, tensors: dict[str, Tensor]) -> None:
    """Give an optimiser back what it knew of each weight, if it is of the kind that keeps such things."""
    known = {"Adam": {"step", "exp_avg", "exp_avg_sq"}, "RMSprop": {"step", "square_avg"}, "SGD": {"momentum_buffer"}}
    if {name.partition(".")[2] for name in tensors} - known[type(optimizer).__name__]:
        return
    weights, counts = optimizer.param_groups[0]["params"], {}
    for name, value in tensors.items():
        number, key = name.split(".")
        if not number.isdecimal() or int(number) >= len(weights):
            raise ValueError(OTHER)
        weight = weights[int(number)]
        if value.shape != (() if key == "step" else weight.shape):
            raise ValueError(OTHER)
        if key != "step":
            value = value.to(weight.device)
        elif optimizer.param_groups[0].get("fused"):  # only there it lies on the device, and is shared
            value = counts.setdefault(value.item(), value.to(weight.device))
        optimizer.state[weight][key] = value
