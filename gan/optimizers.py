"""The optimisers, and a step down a loss."""

import torch
from torch import Tensor, nn

from gan.config import RunConfig


def make(config: RunConfig, net: nn.Module, learning_rate: float) -> torch.optim.Optimizer:
    """The chosen optimiser for a network's weights, in the variant that runs fastest."""
    weights = list(net.parameters())
    if config.optimizer == "rmsprop":
        return torch.optim.RMSprop(weights, lr=learning_rate, alpha=config.beta2, foreach=True)
    fused = weights[0].device.type in ("cpu", "cuda")
    if config.optimizer == "adam":
        return torch.optim.Adam(weights, lr=learning_rate, betas=(config.beta1, config.beta2), fused=fused)
    return torch.optim.SGD(weights, lr=learning_rate, momentum=config.beta1, fused=fused)


def descend(loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
    """Change the optimiser's weights, and nothing else, so that the loss gets smaller."""
    weights = optimizer.param_groups[0]["params"]
    gradients = torch.autograd.grad(loss, weights, allow_unused=True)
    for weight, gradient in zip(weights, gradients, strict=True):
        weight.grad = gradient
    if isinstance(optimizer, torch.optim.Adam) and optimizer.param_groups[0]["fused"]:
        _adam(optimizer)
    else:
        optimizer.step()


def _adam(optimizer: torch.optim.Adam) -> None:
    """Fused Adam's step. torch's own groups and checks the weights each time, which takes longer than the
    arithmetic of networks as small as ours: 0.24 of 0.28 ms for the discriminator of `quick`.
    """
    group = optimizer.param_groups[0]
    used = [weight for weight in group["params"] if weight.grad is not None]
    states = [optimizer.state[weight] for weight in used]
    if not all(states):
        optimizer.step()  # the first step makes the states
        return
    steps = [state["step"] for state in states]
    torch._foreach_add_(steps, 1)
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


def set_rate(optimizer: torch.optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        group["lr"] = rate
