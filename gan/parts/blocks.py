"""Pieces that several architectures share."""

import math
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrize import is_parametrized


class Look(NamedTuple):
    """What D makes of pictures: logits (n,), the features before its last layer, class logits where it has them."""

    logits: Tensor
    features: Tensor
    classes: Tensor | None = None

    def split(self, count: int) -> tuple["Look", "Look"]:
        """The first `count` pictures and the others."""
        parts = [(None, None) if part is None else part.split((count, len(part) - count)) for part in self]
        return Look(*(part[0] for part in parts)), Look(*(part[1] for part in parts))


class Generator(nn.Sequential):
    """Layers from noise (n, latent_size) to pictures (n, c, h, w)."""

    def forward(self, noise: Tensor, labels: Tensor | None = None) -> Tensor:
        return super().forward(noise)

    def one_step(self) -> "OneStep | None":
        """Of one that draws in several steps a network that takes one of them."""
        return None


class OneStep(nn.Module):
    """A step of a generator that draws in several, for programs that take them by themselves: of x (n, c, h, w), how
    the pictures are at the time `now` (), 0 for noise, to how they are at the time `then` (), 1 for pictures, and the
    pictures that are seen by now. Where it is told the class, `label` (n,) and `guidance` () go in as well.
    """

    def inputs(self, count: int) -> dict[str, Tensor]:
        """Some inputs for `count` pictures, by name."""
        raise NotImplementedError


class Discriminator(nn.Sequential):
    """Layers from pictures (n, c, h, w) to features (n, f), and a `Logit` at the end."""

    @property
    def couples(self) -> bool:
        """Whether its view of one picture depends on the others in the batch: then reals and fakes are judged apart."""
        return self.has_batch_norm or any(getattr(type(m), "couples", False) for m in [*self.modules()][1:])

    @property
    def has_batch_norm(self) -> bool:
        return any(isinstance(module, nn.modules.batchnorm._BatchNorm) for module in self.modules())

    def forward(self, pictures: Tensor, labels: Tensor | None = None) -> Tensor:
        return self.look(pictures, labels).logits

    def look(self, pictures: Tensor, labels: Tensor | None = None) -> Look:
        *body, head = self
        features = pictures
        for layer in body:
            features = layer(features)
        return Look(head(features, labels), features)

    def reals(self, pictures: Tensor) -> Tensor:
        """Real pictures (n, c, h, w) as they stand beside the fakes of this moment: as they are."""
        return pictures

    def class_loss(self, look: Look, labels: Tensor | None) -> Tensor | None:
        """What both networks make small beside their losses, where D also names classes."""

    def widen(self, layer: nn.Module, extra: int) -> None:
        """Put a layer that adds `extra` features before the last layer."""
        head = self.pop(-1)
        self.append(layer)
        self.append(Logit(head.in_features + extra))


class Pictures(nn.Module):
    """Numbers (n, c*h*w) as pictures (n, c, h, w)."""

    def __init__(self, shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.shape = shape

    def forward(self, x: Tensor) -> Tensor:
        return x.view(-1, *self.shape)


class Timed(nn.Module):
    """A part of a network that changes with time: before each step it is told what share of the run is done."""

    progress = 0.0  # 0..1


class Chancy(nn.Module):
    """A part of a network that draws random numbers: from the run's own stream, so that runs side by side
    stay repeatable. `stream` is set from outside; without one, torch's global stream is used.
    """

    stream: torch.Generator | None = None


class Logit(nn.Linear):
    """The last layer of a discriminator: one logit a picture, (n,), which may depend on the class that it is told."""

    def __init__(self, inputs: int) -> None:
        super().__init__(inputs, 1)

    def forward(self, x: Tensor, labels: Tensor | None = None) -> Tensor:
        return super().forward(x).squeeze(1)


class Dropout(Chancy):
    """Dropout (Srivastava et al. 2014)."""

    def __init__(self, p: float) -> None:
        super().__init__()
        self.p = p

    def forward(self, x: Tensor) -> Tensor:
        if not self.training:
            return x
        return x * self._keep(x).div_(1 - self.p)

    def _keep(self, x: Tensor) -> Tensor:
        """1 for those of x's numbers that stay, each with probability 1 - p, and 0 for the others."""
        if x.device.type != "cpu":
            return torch.empty_like(x).bernoulli_(1 - self.p, generator=self.stream)
        # 16 random bits a number decide: p is kept to 1/65,536, at a quarter of bernoulli_'s cost.
        bits = torch.empty((x.numel() + 3) // 4, dtype=torch.int64)
        bits.random_(-(2**63), None, generator=self.stream)
        bits, least = bits.view(torch.int16)[: x.numel()].view_as(x), round(self.p * 65536) - 32768
        return torch.ge(bits, least, out=torch.empty_like(x))  # a quarter of the time that it takes by way of booleans


def pixels(shape: tuple[int, int, int]) -> int:
    channels, height, width = shape
    return channels * height * width


class ClassGenerator(Generator):
    """A generator that is told the class: its first layer is a `ClassBeside`."""

    def forward(self, noise: Tensor, labels: Tensor | None = None) -> Tensor:
        return super().forward((noise, labels))


class ClassBeside(nn.Embedding):
    """Noise (n, z) and, beside it, learned numbers for the class or for weights of classes (n, k): (n, z + SIZE).

    At first they have an eighth of the noise's energy: with more, AC-GAN's generator soon heard nothing but the
    class and drew one picture of each. When nobody asks for classes, those of `offered` come in turn; () = all.
    """

    SIZE = 8

    def __init__(self, noise_size: int, class_count: int, offered: tuple[int, ...] = ()) -> None:
        super().__init__(class_count, self.SIZE)
        nn.init.normal_(self.weight, std=math.sqrt(noise_size / self.SIZE / 8))
        self.offered = offered or tuple(range(class_count))

    def forward(self, both: tuple[Tensor, Tensor | None]) -> Tensor:
        noise, labels = both
        if labels is None:
            offered = torch.tensor(self.offered, device=noise.device)
            labels = offered.repeat(-(-len(noise) // len(offered)))[: len(noise)]
        numbers = labels @ self.weight if labels.is_floating_point() else super().forward(labels)
        return torch.cat([noise, numbers], 1)


class Normalise(nn.Module):
    """Every vector (n, f), or pixel of (n, f, h, w), brought to a mean square of 1 (Karras et al. 2018, 4.2)."""

    def forward(self, x: Tensor) -> Tensor:
        return x * (x.square().mean(1, keepdim=True) + 1e-8).rsqrt()


def sizes(shape: tuple[int, int, int]) -> list[tuple[int, int]]:
    """Heights and widths, each twice the one before, up to the shape's; the first is odd or not above 4."""
    _, height, width = shape
    found = [(height, width)]
    while min(found[0]) > 4 and found[0][0] % 2 == found[0][1] % 2 == 0:
        found.insert(0, (found[0][0] // 2, found[0][1] // 2))
    return found


@contextmanager
def at_rest(*nets: nn.Module) -> Iterator[None]:
    """Networks as they are when nobody trains them: batch statistics stand still, nothing drops out."""
    modes = [net.training for net in nets]
    for net in nets:
        net.eval()
    try:
        yield
    finally:
        for net, mode in zip(nets, modes, strict=True):
            net.train(mode)


@torch.no_grad()
def watched(net: nn.Module, *inputs: Tensor | None, note: Callable[[nn.Module, Tensor], Any]) -> tuple[Tensor, tuple]:
    """The output of a network at rest, and `note(layer, output)` of each of its layers on the way, of the last time
    where it is passed several times.
    """
    notes: dict[nn.Module, Any] = {}

    def noted(layer: nn.Module, _: Any, output: Tensor) -> None:
        notes[layer] = note(layer, output)

    hooks = [layer.register_forward_hook(noted) for layer in layers(net)]
    try:
        with at_rest(net):
            return net(*inputs), tuple(notes.values())
    finally:
        for hook in hooks:
            hook.remove()


def layers(net: nn.Module) -> list[nn.Module]:
    """The modules of a network that do something themselves, in order; one with normed weights counts as one."""
    normed = [module for module in net.modules() if is_parametrized(module)]
    norms = {part for module in normed for part in module.parametrizations.modules()}
    own = [m for m in net.modules() if not list(m.children()) or list(m.parameters(recurse=False))]
    return [m for m in net.modules() if m in normed or (m in own and m not in norms)]


def parameter_count(layer: nn.Module) -> int:
    """The numbers that are a layer's own, whatever lies inside it; those of normed weights lie with their norm."""
    own = [*layer.parameters(recurse=False), *(layer.parametrizations.parameters() if is_parametrized(layer) else ())]
    return sum(p.numel() for p in own)


def kind(layer: nn.Module) -> str:
    """A layer's name for people; torch gives one with normed weights a longer one."""
    return type(layer).__name__.removeprefix("Parametrized")
