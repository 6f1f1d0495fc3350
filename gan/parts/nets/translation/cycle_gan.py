"""Without pairs (CycleGAN): two forgers, one for each way, and what went there and back shall be as it was.

Zhu, Park, Isola, Efros 2017: each forger has a PatchGAN of its own, which knows only what pictures of its kind look
like. No one says which picture belongs to which.
"""

from torch import nn

from gan.parts.translators import PatchGAN, Residual, ThereAndBack, Translator, norm

FAMILY = "translation"
HALVES_PAIRS = True  # of each it is shown one half alone, so that nobody tells it which belong together
OPTIONS = {
    "width": (16, 4, 64),  # channels at half the side
    "blocks": (2, 0, 9),  # residual ones
    "patches": (1, 1, 3),  # layers that halve the side before patches are judged: of 16, 34 or 70 pixels
    "cycle_weight": (10.0, 0.0, 100.0),  # of the share of all levels that is lost there and back again: see `equations`
    "identity_weight": (0.5, 0.0, 10.0),  # beside it, of the change of what should stay as it is
}
REFUSES = {"dots": "its layers look at neighbouring pixels, and a dot has none"}


def generator(config, shape):
    width, blocks = config.option("width"), config.option("blocks")
    return ThereAndBack(*(Translator(_layers(shape[0], width, blocks), shape, changes=True) for _ in range(2)))


def judge(config, shape):
    return nn.ModuleList(PatchGAN(shape[0], config.option("width"), config.option("patches")) for _ in range(2))


def _layers(channels: int, width: int, blocks: int) -> nn.Module:
    """The side is halved once, changed by residual blocks, and doubled again (appendix 7.2, smaller)."""
    return nn.Sequential(
        nn.Conv2d(channels, width, 4, stride=2, padding=1), norm(width), nn.ReLU(),
        *(Residual(width) for _ in range(blocks)),
        nn.ConvTranspose2d(width, channels, 4, stride=2, padding=1),
    )  # fmt: skip
