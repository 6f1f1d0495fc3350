"""A kept moment, opened: both networks at rest for good, so that any number of threads may look at once."""

import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256

import numpy as np
import torch
from torch import Tensor, nn

from gan import data
from gan.data import Pictures
from gan.data.framing import Framing, framing_of
from gan.data.pixels import channels_first, to_range
from gan.data.remembered import on_forgetting
from gan.learn import belief, past
from gan.look import referee
from gan.look.networks import draw
from gan.look.observer import repeated
from gan.look.referee import Referee
from gan.parts import nets
from gan.parts.noise import draw_noise
from gan.parts.stabilisers.packing import Pack
from gan.records import SAMPLES
from gan.setup.config import RunConfig

BATCH = 16  # pictures, or packs of them, among which one is judged where they are compared
OTHERS = 1_000_003  # beside the run's seed: the noise of fakes that are company alone
MOST_BYTES = 256 * 2**20  # of networks that stay open; the newest stays however large


@dataclass(frozen=True, eq=False)
class Moment:
    """Two networks as they were after some epoch. They never change, and collect no gradients of their own."""

    config: RunConfig  # as it was then
    generator: nn.Module  # noise (n, latent_size) to pictures (n, c, h, w); the averaged one where there is one
    discriminator: nn.Module | None  # None in families that have none
    midpoint: Tensor  # of a critic's points
    pictures: Pictures | None  # the real ones that it learned from; None where they are not on this computer
    referee: Referee | None  # reads pictures of this set; None where there is none, or it reads other colours
    name: str  # tells it from all others, and from itself without its pictures

    @property
    def device(self) -> torch.device:
        return self.midpoint.device

    @property
    def is_conditional(self) -> bool:
        """Whether its networks are told the class."""
        return nets.is_conditional(self.config.architecture)

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width) of a picture."""
        return data.shape_of(self.config.data, self.config.picture_size)

    def belief(self, logits: Tensor) -> Tensor:
        """D's answers (n,) as 0..1: how sure it is that a picture is real; a critic's by its midpoint."""
        return belief.belief(self.config.loss, logits, self.midpoint)

    def noise(self, count: int = SAMPLES, seed: int | None = None) -> Tensor:
        """Noise (count, latent_size): that of the run's own samples, or of another `seed`."""
        # A trainer draws the noise of its samples first of all.
        random = torch.Generator(self.device).manual_seed(self.config.seed if seed is None else seed)
        most = max(count, SAMPLES)  # fewer numbers would be others
        return draw_noise(self.config.noise, most, self.config.noise_size, random, self.device)[:count]

    def labels(self, count: int = SAMPLES, wished: int | None = None) -> Tensor | None:
        """The classes (count,) of the run's own samples, or of one kind alone; None for networks that are told none.

        Without its real pictures the classes come in turn.
        """
        if not self.is_conditional:
            return None
        if wished is not None:
            kinds = torch.tensor([wished])
        elif self.pictures is None:
            kinds = torch.tensor(self.config.learned_classes)
        else:
            kinds = torch.from_numpy(data.wanted(self.config).labels[:SAMPLES])
        return repeated(kinds, count).to(self.device)

    @cached_property
    def real_company(self) -> tuple[Tensor, Tensor | None]:
        """The real pictures (m, c, h, w) among which a real one is judged, and their labels; fakes if there are none.

        They never change, so that no answer depends on what else is asked; a D that looks at one alone has none.
        """
        count = company_size(self.discriminator)
        if self.pictures is None or not count:
            return self.fake_company
        last = np.arange(-count, 0) % len(self.pictures.images)
        images = channels_first(self.pictures.images[last]).to(self.device)
        kinds = torch.from_numpy(self.pictures.labels[last]).long().to(self.device)
        shown = self.discriminator.reals(to_range(images, self.config.pixel_range))
        return shown, kinds if self.is_conditional else None

    @cached_property
    def fake_company(self) -> tuple[Tensor, Tensor | None]:
        """The same for a fake, of fakes."""
        count = company_size(self.discriminator)
        if not count:
            return torch.zeros(0, *self.shape, device=self.device), None
        kinds = self.labels(count)
        return draw(self.generator, self.noise(count, self.config.seed + OTHERS), kinds), kinds

    @property
    def company_size(self) -> int:
        """How many others D looks at beside the picture that it judges."""
        return company_size(self.discriminator)

    @cached_property
    def is_coarse(self) -> bool:
        """Whether D is shown real pictures coarser than they are, as the fakes are while pictures grow."""
        if self.pictures is None:
            return False
        shown = to_range(channels_first(self.pictures.images[:1]).to(self.device), self.config.pixel_range)
        return not torch.equal(self.discriminator.reals(shown), shown)

    @cached_property
    def framing(self) -> Framing:
        """How its pictures lie in their frame. Without the real ones: on black, from edge to edge."""
        colours = [3] if self.shape[0] == 3 else []
        nothing = np.zeros((1, *self.shape[1:], *colours), np.uint8)
        return framing_of(self.pictures.images if self.pictures else nothing)

    @property
    def bytes(self) -> int:
        """What its networks take in memory."""
        return sum(
            weight.nbytes
            for net in filter(None, (self.generator, self.discriminator))
            for weight in net.state_dict().values()
        )


def company_size(discriminator: nn.Module) -> int:
    """How many others D looks at beside the picture that it judges: those of its pack, or enough to compare with."""
    parts = [part for part in discriminator.modules() if part is not discriminator]
    size = next((part.size for part in parts if isinstance(part, Pack)), 1)
    compares = any(getattr(type(part), "couples", False) for part in parts if not isinstance(part, Pack))
    return size * (BATCH if compares else 1) - 1


_opened: OrderedDict[tuple[RunConfig, bytes, bool], Moment] = OrderedDict()  # the newest last
_opening = threading.Lock()
on_forgetting(_opened.clear)


def open_moment(config: RunConfig, content: bytes) -> Moment:
    """The moment kept as `content`, on the best device here. Who asks while it is being opened waits for it.

    Raises ValueError with a sentence for content that is damaged or of other networks.
    """
    key = config, sha256(content).digest(), data.is_here(config.data)  # its pictures may come later, or go
    with _opening:
        if key not in _opened:
            _opened[key] = read(config, content)
        _opened.move_to_end(key)
        while len(_opened) > 1 and sum(moment.bytes for moment in _opened.values()) > MOST_BYTES:
            _opened.popitem(last=False)
        return _opened[key]


def read(config: RunConfig, content: bytes) -> Moment:
    """The same, opened anew."""
    kept = past.networks(config.but(device="auto"), content)
    for net in kept.parts.values():
        net.eval().requires_grad_(False)
    return _moment(config, kept.generator, kept.discriminator, kept.midpoint, content)


def of_generator(generator: nn.Module, config: RunConfig) -> Moment:
    """A moment of which nothing is left but its generator, as `gan.export.load_generator` gives it."""
    generator.eval().requires_grad_(False)
    weights = b"".join(tensor.cpu().numpy().tobytes() for tensor in generator.state_dict().values())
    return _moment(config, generator, None, torch.zeros(()), weights)


def _moment(
    config: RunConfig, generator: nn.Module, discriminator: nn.Module | None, midpoint: Tensor, weights: bytes
) -> Moment:
    pictures, judge = _known(config)
    name = sha256(repr((config, pictures is None)).encode() + weights).hexdigest()
    return Moment(config, generator, discriminator, midpoint, pictures, judge, name)


def _known(config: RunConfig) -> tuple[Pictures | None, Referee | None]:
    """The real pictures that a run of this config learned from, and who reads them; None for what is not here."""
    pictures = past.learned(config) if data.is_here(config.data) else None
    judge = referee.load(config.data)
    reads = judge is not None and judge.channels == data.shape_of(config.data, config.picture_size)[0]
    return pictures, judge if reads else None
