"""The optimisers, and a step down a loss."""

from collections.abc import Iterable
from typing import Any

import torch
from torch import Tensor, nn

from gan.setup.config import RunConfig


def make(config: RunConfig, net: nn.Module, learning_rate: float) -> torch.optim.Optimizer:
    """The chosen optimiser for a network's weights, in the variant that runs fastest."""
    weights = list(net.parameters())
    device = weights[0].device.type
    fused = device in ("cpu", "cuda")  # where one call of torch's moves all weights
    if config.optimizer == "rmsprop":
        optimizer = torch.optim.RMSprop(weights, learning_rate, config.beta2, foreach=fused)
    elif config.optimizer == "adam":
        optimizer = torch.optim.Adam(weights, learning_rate, (config.beta1, config.beta2), fused=fused)
    else:
        optimizer = torch.optim.SGD(weights, learning_rate, momentum=config.beta1, fused=fused)
        for weight in weights if config.beta1 else ():  # the fused step cannot begin with one and go on with others
            optimizer.state[weight]["momentum_buffer"] = torch.zeros_like(weight)
    if fused:  # a tensor, so that a recorded step sees it change; in the form that torch's fused steps read there
        number = torch.float64 if device == "cpu" else torch.float32
        optimizer.param_groups[0]["lr"] = torch.tensor(learning_rate, dtype=number, device=device)
    return optimizer


def descend(loss: Tensor | Iterable[Tensor], optimizer: torch.optim.Optimizer, goes_on: bool = False) -> None:
    """Change the optimiser's weights, and nothing else, so that the loss gets smaller; `goes_on` where another step
    needs what it was worked out from.

    Of several losses, which may be made one by one while they are asked for, the sum gets smaller in one step.
    """
    weights = optimizer.param_groups[0]["params"]
    is_first = True
    for each in (loss,) if isinstance(loss, Tensor) else loss:
        gradients = torch.autograd.grad(each, weights, allow_unused=True, retain_graph=goes_on)
        del each  # with what it was worked out from, before the next is made
        for weight, gradient in zip(weights, gradients, strict=True):
            # Fused steps take a weight and its slope as they lie in memory.
            slope = None if gradient is None else gradient.contiguous()
            weight.grad = slope if is_first else _sum(weight.grad, slope)
        is_first = False
    group = optimizer.param_groups[0]
    used = [weight for weight in weights if weight.grad is not None]
    states = [optimizer.state[weight] for weight in used]
    if isinstance(optimizer, torch.optim.Adam) and group["fused"]:
        _adam(group, used, states)
    elif isinstance(optimizer, torch.optim.RMSprop) and isinstance(group["lr"], Tensor) and all(states):
        _rmsprop(group, used, states)
    else:
        optimizer.step()


def _sum(one: Tensor | None, other: Tensor | None) -> Tensor | None:
    """Of two slopes, None for one that there is not."""
    return (one if other is None else other) if one is None or other is None else one + other


def _adam(group: dict[str, Any], used: list[Tensor], states: list[dict[str, Tensor]]) -> None:
    """Fused Adam's step. torch's own groups and checks the weights each time, which takes longer than the
    arithmetic of networks as small as ours: 0.24 of 0.28 ms for the discriminator of `quick`. And it counts the steps
    of each weight by itself; ours that begin together share their count, so torch's own must not follow.
    """
    if not all(states):
        begun = torch.zeros((), device=used[0].device)
        for weight, state in zip(used, states, strict=True):
            if not state:
                state |= {"step": begun, "exp_avg": torch.zeros_like(weight), "exp_avg_sq": torch.zeros_like(weight)}
    steps = [state["step"] for state in states]
    for count in {id(count): count for count in steps}.values():
        count.add_(1)
    torch._fused_adam_(
        used,
        [weight.grad for weight in used],
        [state["exp_avg"] for state in states],
        [state["exp_avg_sq"] for state in states],
        [],
        steps,
        lr=group["lr"],
        beta1=group["betas"][0],
        beta2=group["betas"][1],
        weight_decay=group["weight_decay"],
        eps=group["eps"],
        amsgrad=False,
        maximize=False,
    )


@torch.no_grad()
def _rmsprop(group: dict[str, Any], used: list[Tensor], states: list[dict[str, Tensor]]) -> None:
    """RMSprop's step with torch's own arithmetic, but for a learning rate that is a tensor."""
    slopes, squares = [weight.grad for weight in used], [state["square_avg"] for state in states]
    torch._foreach_mul_(squares, group["alpha"])
    torch._foreach_addcmul_(squares, slopes, slopes, value=1 - group["alpha"])
    roots = torch._foreach_sqrt(squares)
    torch._foreach_add_(roots, group["eps"])
    rate = group["lr"].to(slopes[0].dtype)  # by a double, the slope of a weight of a single number would become one
    torch._foreach_addcdiv_(used, torch._foreach_mul(slopes, -rate), roots)


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    (group,) = optimizer.param_groups
    if isinstance(group["lr"], Tensor):
        group["lr"].fill_(rate)
    else:
        group["lr"] = rate
