"""Our convolutions against torch's: one layer that learns, forward, back to its weights and back to its pictures.

    python -m benchmarks.speed.convolutions [--threads 1] [--rounds 5] [--seconds 0.05]

Each side in turn with the other; ours has its pictures and slopes in the order in which its neighbours leave them. A
processor without AVX-512 can be had from one that has it:
ONEDNN_MAX_CPU_ISA=AVX2 MKL_ENABLE_INSTRUCTIONS=AVX2 ATEN_CPU_CAPABILITY=avx2 python -m benchmarks.speed.convolutions
"""

import argparse
from collections.abc import Callable

import torch
from torch import Tensor, nn

from benchmarks.report import table
from benchmarks.speed.loop import repeated
from benchmarks.timing import take_turns
from gan.fast import quicken

SIZES = ((1, 16, 28), (1, 64, 28), (3, 16, 32), (16, 32, 14), (16, 32, 16), (32, 64, 8), (32, 64, 14), (64, 128, 14))
BATCHES = (16, 32, 128)
FEW = 8  # channels of pictures, or of next to pictures; those come in the usual order


def learning(layer: nn.Module, x: Tensor, slope: Tensor) -> Callable[[], list[Tensor]]:
    leaves = [x.requires_grad_(), *layer.parameters()]

    def learn() -> list[Tensor]:
        pictures, *weights = torch.autograd.grad(layer(x), leaves, slope)
        return [pictures, *(each.contiguous() for each in weights)]

    return learn


def channels_last(x: Tensor) -> Tensor:
    return x.permute(2, 3, 0, 1).contiguous().permute(2, 3, 0, 1)


def measure(kind: type[nn.Module], batch: int, size: tuple[int, int, int], options: argparse.Namespace) -> list[str]:
    """A line of the table; `size` is fewer and more channels, and the larger pictures' side."""
    few, many, side = size
    larger, smaller = torch.randn(batch, few, side, side), torch.randn(batch, many, side // 2, side // 2)
    as_left = larger.clone() if few < FEW else channels_last(larger)
    down = kind is nn.Conv2d
    channels = (few, many) if down else (many, few)
    plain, quick = (kind(*channels, 4, stride=2, padding=1) for _ in range(2))
    quicken(quick, (few, side, side))
    sides = {}
    for name, layer, large in (("torch", plain, larger), ("ours", quick, as_left)):
        sides[name] = learning(layer, large, smaller) if down else learning(layer, smaller.clone(), large)
    turns = {name: repeated(step, options.threads) for name, step in sides.items()}
    times = take_turns(turns, options.rounds, options.seconds)
    heights = (side, side // 2) if down else (side // 2, side)
    name = "{} to {}, {} to {} a side".format(*channels, *heights)
    return [name, str(batch), *(f"{time:.3f}" for time in times.values()), f"{times['torch'] / times['ours']:.2f}"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--threads", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=float, default=0.05)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    kinds = (nn.Conv2d, nn.ConvTranspose2d)
    lines = [measure(kind, batch, size, options) for kind in kinds for size in SIZES for batch in BATCHES]
    print(table(["layer", "batch", "torch, ms", "ours, ms", "times as fast"], lines))


if __name__ == "__main__":
    main()
