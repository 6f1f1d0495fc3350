"""Style (StyleGAN): the noise becomes a style, and every layer of the generator draws in that style.

StyleGAN, Karras, Laine, Aila 2019 (mapping, section 2; mixing, 3.1; noise, 3.2; truncation, appendix B),
with the modulated convolution of StyleGAN2 (Karras et al. 2020, section 2.2); small. D is DCGAN's.
"""

import torch
from torch import Tensor, nn
from torch.nn.functional import conv2d, interpolate, leaky_relu, linear

from gan.parts.blocks import Chancy, Discriminator, Generator, Logit, Normalise, sizes

OPTIONS = {
    "mapping": (3, 1, 8),  # layers from noise to style
    "mixing": (0.5, 0.0, 1.0),  # share of the pictures in training that mix two styles
    "truncation": (1.0, 0.0, 1.0),  # how far from the mean style a picture may be at rest
}
STYLE = 64  # numbers in a style
WIDE, NARROW = 32, 16  # channels; NARROW at full size
MEMORY = 0.998  # of the mean style, a step
RATE = 0.01  # of the mapping's learning
REFUSES = {"dots": "its layers look at neighbouring pixels, and a dot has none"}


def generator(config, shape):
    return StyleGenerator(config, shape)


def discriminator(config, shape):
    channels, height, width = shape
    return Discriminator(
        nn.Conv2d(channels, 16, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Conv2d(16, 32, 4, stride=2, padding=1),
        nn.LeakyReLU(0.2, inplace=True),
        nn.Flatten(),
        Logit(32 * (height // 4) * (width // 4)),
    )


class StyleGenerator(Generator, Chancy):
    """Layers from noise to a style, then layers that draw from a learned constant, each told its style."""

    def __init__(self, config, shape: tuple[int, int, int]) -> None:
        super().__init__()
        self.mixing, self.truncation = config.option("mixing"), config.option("truncation")
        self.mapping = nn.Sequential(Normalise())
        for layer in range(config.option("mapping")):
            self.mapping.append(SlowLinear(STYLE if layer else config.latent_size, STYLE))
            self.mapping.append(nn.LeakyReLU(0.2, inplace=True))
        first, *larger = sizes(shape)
        self.start = Start(WIDE, first)
        self.layers = nn.ModuleList([StyledConv(WIDE, WIDE, first)])
        for size in larger:
            outputs = NARROW if size == larger[-1] else WIDE
            self.layers.append(StyledConv(WIDE, outputs, size))
        self.paint = nn.Sequential(nn.Conv2d(outputs, shape[0], 1), nn.Tanh())
        self.register_buffer("mean", torch.zeros(STYLE))

    def forward(self, noise: Tensor, labels: Tensor | None = None) -> Tensor:
        x = self.start(noise)
        for layer, style in zip(self.layers, self.styles(noise), strict=True):
            x = layer(x, style)
        return self.paint(x)

    def styles(self, noise: Tensor) -> list[Tensor]:
        """A style (n, STYLE) for each layer."""
        count = len(self.layers)
        if not self.training:
            return [self.mean.lerp(self.mapping(noise), self.truncation)] * count
        if not self.mixing:
            style = self._remembered(self.mapping(noise))
            return [style] * count
        more = torch.randn(noise.shape, generator=self.stream, device=noise.device)
        style, other = self._remembered(self.mapping(torch.cat([noise, more]))).chunk(2)
        # Layers from `change` on take the other style, in a picture that mixes.
        chance, place = torch.rand(2, len(noise), 1, generator=self.stream, device=noise.device)
        change = torch.where(chance < self.mixing, 1 + place * (count - 1), count).floor()
        return [torch.where(layer < change, style, other) for layer in range(count)]

    def _remembered(self, styles: Tensor) -> Tensor:
        with torch.no_grad():
            self.mean.lerp_(styles.mean(0), 1 - MEMORY)
        return styles


class SlowLinear(nn.Module):
    """A linear layer that learns at RATE of the others' pace (StyleGAN, appendix C): its weights are stored larger."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs) / RATE)
        self.bias = nn.Parameter(torch.zeros(outputs))
        self.scale = RATE * (2 / inputs) ** 0.5

    def forward(self, x: Tensor) -> Tensor:
        return linear(x, self.weight * self.scale, self.bias * RATE)


class Start(nn.Module):
    """The learned picture that all pictures start from."""

    def __init__(self, channels: int, size: tuple[int, int]) -> None:
        super().__init__()
        self.picture = nn.Parameter(torch.randn(channels, *size))

    def forward(self, noise: Tensor) -> Tensor:
        return self.picture.expand(noise.shape[0], -1, -1, -1)


class StyledConv(Chancy):
    """A convolution to pictures of `size`, told by a style how much of each channel to use, and some noise."""

    def __init__(self, inputs: int, outputs: int, size: tuple[int, int]) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.randn(outputs, inputs, 3, 3))
        self.bias = nn.Parameter(torch.zeros(outputs, 1, 1))
        self.to_scales = nn.Parameter(torch.randn(inputs, STYLE))
        self.scales = nn.Parameter(torch.ones(inputs))
        self.strength = nn.Parameter(torch.zeros(()))  # of the noise
        self.register_buffer("still", torch.randn(1, 1, *size))  # the noise at rest

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        if x.shape[-2:] != self.still.shape[-2:]:
            x = interpolate(x, scale_factor=2)
        x = modulated(x, self.weight, linear(style, self.to_scales * STYLE**-0.5, self.scales))
        return leaky_relu(x + self.bias + self.strength * self._noise(x.shape[0]), 0.2) * 2**0.5

    def _noise(self, count: int) -> Tensor:
        if not self.training:
            return self.still
        return torch.randn(count, *self.still.shape[1:], generator=self.stream, device=self.still.device)


def modulated(x: Tensor, weight: Tensor, scales: Tensor) -> Tensor:
    """Convolve x (n, c, h, w) with each input channel scaled by `scales` (n, c); what comes out has size 1 again."""
    spread = scales.square() @ weight.square().sum((2, 3)).T  # the outputs' variance, were the inputs' 1
    x = conv2d(x * scales[..., None, None], weight, padding="same")
    return x * (spread + 1e-8).rsqrt()[..., None, None]
