"""What the networks of diffusion models are made of."""

import math

import torch
from torch import Tensor, nn
from torch.nn.functional import one_hot, pad

from gan.parts import process
from gan.parts.blocks import Generator, OneStep

FEATURES = 32  # numbers that tell the time


class Sampler(Generator):
    """A generator that looks at noise (n, c*h*w) again and again, until it has become a picture.

    Inside is one network, the denoiser: of pictures with noise in them (n, c, h, w), the time (n,) 0..1 and the class
    (n,), `class_count` for none, or weights of the classes, it says what lies behind them. `guidance` is how much
    further it goes than the class says, from what it would say without (Ho, Salimans 2022, eq. 6, whose w is this
    minus 1).
    """

    def __init__(self, denoiser: nn.Module, config, shape: tuple[int, int, int], class_count: int = 0) -> None:
        super().__init__(denoiser)
        self.shape, self.class_count = shape, class_count
        self.offered = config.classes or tuple(range(class_count))
        self.process, self.predicts = config.option("process"), config.option("predicts")
        self.guidance, self.steps = config.option("guidance"), config.option("sampler_steps")

    @property
    def denoiser(self) -> nn.Module:
        return self[0]

    def forward(self, noise: Tensor, labels: Tensor | None = None) -> Tensor:
        return self.film(noise, labels)[-1]

    def film(self, noise: Tensor, labels: Tensor | None = None) -> list[Tensor]:
        """The picture (n, c, h, w) that it sees at each step."""
        if self.class_count and labels is None:
            offered = torch.tensor(self.offered, device=noise.device)
            labels = offered.repeat(-(-len(noise) // len(offered)))[: len(noise)]
        noise = noise.view(-1, *self.shape)
        return process.sample(lambda x, t: self._look(x, t, labels), noise, self.process, self.predicts, self.steps)

    def one_step(self) -> "SamplingStep":
        return SamplingStep(self)

    def _look(self, x: Tensor, t: Tensor, labels: Tensor | None) -> Tensor:
        if not self.class_count:
            return self.denoiser(x, t)
        if labels.is_floating_point():
            labels = pad(labels, (0, 1))
        if self.guidance == 1:
            return self.denoiser(x, t, labels)
        nothing = torch.full((len(x),), self.class_count, device=x.device)
        if labels.is_floating_point():
            nothing = one_hot(nothing, self.class_count + 1).to(labels.dtype)
        both = self.denoiser(torch.cat([x, x]), torch.cat([t, t]), torch.cat([labels, nothing]))
        told, untold = both.chunk(2)
        return untold + self.guidance * (told - untold)


class SamplingStep(OneStep):
    """A step of a `Sampler`, with the guidance as one of its inputs."""

    def __init__(self, sampler: Sampler) -> None:
        super().__init__()
        self.denoiser, self.shape, self.class_count = sampler.denoiser, sampler.shape, sampler.class_count
        self.process, self.predicts, self.guidance = sampler.process, sampler.predicts, sampler.guidance

    def inputs(self, count: int) -> dict[str, Tensor]:
        found = {"x": torch.zeros(count, *self.shape), "now": torch.tensor(0.25), "then": torch.tensor(0.5)}
        if self.class_count:
            label, guidance = torch.zeros(count, dtype=torch.int64), torch.tensor(float(self.guidance))
            found |= {"label": label, "guidance": guidance}
        return found

    def forward(
        self, x: Tensor, now: Tensor, then: Tensor, label: Tensor | None = None, guidance: Tensor | None = None
    ) -> tuple[Tensor, Tensor]:
        def look(x: Tensor, t: Tensor) -> Tensor:
            if label is None:
                return self.denoiser(x, t)
            kinds = torch.cat([label, torch.full_like(label, self.class_count)])
            told, untold = self.denoiser(torch.cat([x, x]), torch.cat([t, t]), kinds).chunk(2)
            return untold + guidance * (told - untold)

        return process.step_on(look, x, now, then, self.process, self.predicts)


class Told(nn.Module):
    """The time (n,) and the class (n,) as numbers (n, width), by waves of the time (Vaswani et al. 2017, 3.5)."""

    def __init__(self, width: int, class_count: int = 0) -> None:
        super().__init__()
        self.time = nn.Linear(FEATURES, width)
        self.kind = nn.Embedding(class_count + 1, width) if class_count else None
        self.register_buffer("speeds", torch.exp(torch.linspace(0, math.log(200), FEATURES // 2)), persistent=False)

    def forward(self, t: Tensor, labels: Tensor | None) -> Tensor:
        angles = t[:, None] * self.speeds
        told = self.time(torch.cat([angles.sin(), angles.cos()], 1))
        if self.kind is not None:
            told = told + (labels @ self.kind.weight if labels.is_floating_point() else self.kind(labels))
        return nn.functional.silu(told)


class Hearing(nn.Module):
    """A layer, and what was told (n, width) added to each of its channels or numbers; then a SiLU."""

    def __init__(self, layer: nn.Module, channels: int, width: int) -> None:
        super().__init__()
        self.layer = layer
        self.ear = nn.Linear(width, channels)

    def forward(self, x: Tensor, told: Tensor) -> Tensor:
        heard = self.ear(told)
        values = self.layer(x)
        return nn.functional.silu(values + heard.view(*heard.shape, *[1] * (values.dim() - 2)))
