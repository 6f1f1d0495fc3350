"""A device is tried before it is taken, once in a process: that there is one says little.

For cards from Maxwell to Volta current PyTorch has no kernels, and yet it says that they are available. And small
networks may take longer on a laptop's graphics than on its processor, for each step is hundreds of small orders.
"""

import threading
from collections.abc import Callable
from functools import wraps
from time import perf_counter

import torch
from torch.nn.functional import conv2d

STEPS = 20  # of the short trial

one_at_a_time = threading.RLock()
_known: dict[tuple[str, str], bool] = {}


def forget() -> None:
    """Try everything again."""
    _known.clear()


def _once(trial: Callable[[str], bool]) -> Callable[[str], bool]:
    """Its first answer for each device, for which other threads wait."""

    @wraps(trial)
    def asked(device: str) -> bool:
        about = trial.__name__, device
        if about not in _known:
            with one_at_a_time:
                if about not in _known:
                    _known[about] = trial(device)
        return _known[about]

    return asked


@_once
def works(device: str) -> bool:
    """Whether it does what networks ask for, a convolution and a product and back, and comes to the right result."""
    try:
        picture = torch.ones(1, 1, 3, 3, device=device, requires_grad=True)
        weight = torch.ones(1, 1, 3, 3, device=device)
        found = conv2d(picture, weight).flatten(1) @ torch.ones(1, 1, device=device)
        found.sum().backward()
        return found.item() == 9 and picture.grad.sum().item() == 9
    except torch.OutOfMemoryError:  # it is a good one, but full by now: that is said of each run by itself
        return True
    except RuntimeError:
        return False


@_once
def is_faster(device: str) -> bool:
    """Whether a small network of convolutions learns faster on it than on the processor."""
    try:
        return seconds(device) < seconds("cpu")
    except RuntimeError:
        return False


def seconds(device: str) -> float:
    """How long some steps of such a network take there, after as many that do not count."""
    shapes = (16, 1, 4, 4), (32, 16, 4, 4), (32 * 7 * 7, 1)  # nothing is drawn: chance belongs to the runs
    first, second, last = weights = [torch.full(shape, 0.01, device=device, requires_grad=True) for shape in shapes]
    learning, pictures = torch.optim.Adam(weights), torch.ones(32, 1, 28, 28, device=device)
    for _ in range(2):
        begun = perf_counter()
        for _ in range(STEPS):
            seen = conv2d(conv2d(pictures, first, stride=2, padding=1).relu(), second, stride=2, padding=1).relu()
            loss = (seen.flatten(1) @ last).square().mean()
            learning.zero_grad()
            loss.backward()
            learning.step()
        loss.item()  # waits until the device has done it
    return perf_counter() - begun
