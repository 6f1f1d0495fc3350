"""The loop that GAN courses print: one picture at a time from disk format, BCELoss, .item() each step.

It is kept as such courses write it, with the same networks, optimisers and maths as ours, in torch's own layers.
"""

import gzip
import struct
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from torch import nn

from gan.learn.build import build
from gan.parts import blocks as _blocks
from gan.setup.config import RunConfig


def write_mnist(images: np.ndarray, labels: np.ndarray, root: Path) -> None:
    """Write pictures as MNIST's own files, so that torchvision's MNIST class reads them."""
    raw = root / "MNIST" / "raw"
    raw.mkdir(parents=True, exist_ok=True)
    count, height, width = images.shape
    for part in ("train", "t10k"):
        pictures = struct.pack(">4I", 2051, count, height, width) + images.tobytes()
        names = struct.pack(">2I", 2049, count) + labels.tobytes()
        for name, content in (("images-idx3", pictures), ("labels-idx1", names)):
            path = raw / f"{part}-{name}-ubyte"
            path.write_bytes(content)
            Path(f"{path}.gz").write_bytes(gzip.compress(content, compresslevel=1))


class WithSigmoid(nn.Module):
    """Our discriminators end in a logit; the courses' end in a probability of shape (n, 1)."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, pictures: torch.Tensor) -> torch.Tensor:
        return torch.sigmoid(self.net(pictures)).unsqueeze(1)


def with_torchs_layers(net: nn.Module) -> nn.Module:
    """The net without what we have made faster: with torch's own layers, by their defaults not in place."""
    for name, layer in net.named_children():
        if hasattr(layer, "inplace"):
            layer.inplace = False
        elif isinstance(layer, _blocks.Dropout):
            setattr(net, name, nn.Dropout(layer.p))
        elif type(layer).__module__.startswith("gan.fast."):
            layer.__class__ = type(layer).__base__
    return net


def steps(config: RunConfig, root: Path, device: str = "cpu") -> Iterator[tuple[float, float, float, float]]:
    """Train for ever; yield d_loss, g_loss, d_real, d_fake after each step."""
    from torchvision import datasets, transforms

    change = [transforms.ToTensor()]
    if config.pixel_range == "-1..1":
        change.append(transforms.Normalize((0.5,), (0.5,)))
    dataset = datasets.MNIST(root, train=True, transform=transforms.Compose(change))
    loader = torch.utils.data.DataLoader(
        dataset, batch_size=config.batch_size, shuffle=True, drop_last=config.drop_last
    )
    generator, discriminator = map(with_torchs_layers, build(config, (1, 28, 28)).values())
    generator, discriminator = generator.to(device), WithSigmoid(discriminator).to(device)
    betas = (config.beta1, config.beta2)
    g_optimizer = torch.optim.Adam(generator.parameters(), lr=config.learning_rate, betas=betas)
    d_optimizer = torch.optim.Adam(discriminator.parameters(), lr=config.learning_rate, betas=betas)
    criterion = nn.BCELoss()
    while True:
        for real, _ in loader:
            real = real.to(device)
            count = real.size(0)
            ones, zeros = torch.ones(count, 1, device=device), torch.zeros(count, 1, device=device)

            d_optimizer.zero_grad()
            fake = generator(torch.randn(count, config.latent_size, device=device))
            real_out, fake_out = discriminator(real), discriminator(fake.detach())
            d_loss = criterion(real_out, ones) + criterion(fake_out, zeros)
            d_loss.backward()
            d_optimizer.step()

            g_optimizer.zero_grad()
            if config.fresh_fakes:
                fake = generator(torch.randn(count, config.latent_size, device=device))
            g_loss = criterion(discriminator(fake), ones)
            g_loss.backward()
            g_optimizer.step()
            yield d_loss.item(), g_loss.item(), real_out.mean().item(), fake_out.mean().item()
