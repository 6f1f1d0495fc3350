"""The training loop. It names no network, loss or picture set: they come from outside."""

import copy
import math
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from time import perf_counter

import numpy as np
import torch
from torch import Tensor, nn

from gan import data, device, losses, nets
from gan.config import RunConfig
from gan.data import Pictures
from gan.nets._blocks import Dropout
from gan.records import EpochRecord, Reading

SAMPLES = 64

# Weights are drawn from torch's one global random stream, which threads share.
_building = threading.Lock()


class NotFinite(ArithmeticError):
    """A loss became infinite or not a number; the message names the step."""


class Trainer:
    """Trains a generator and a discriminator on pictures, and reports readings.

    `pictures` defaults to the config's own. Raises ValueError with a sentence for a config that
    cannot be trained here, and gan.data.NotDownloaded for pictures that are not on this computer.
    """

    def __init__(self, config: RunConfig, pictures: Pictures | None = None) -> None:
        self.config = config
        self.device = device.choose(config.device)
        pictures = pictures or data.load(config.data, config.classes)
        self.shape = pictures.shape
        if len(pictures.images) < config.batch_size:
            raise ValueError(
                f"batch_size cannot be {config.batch_size}: it must be at most {len(pictures.images):,}, "
                "the number of pictures to learn from."
            )
        self.images = _channels_first(torch.from_numpy(pictures.images)).to(self.device)
        self.random = torch.Generator(self.device).manual_seed(config.seed)

        self.generator, self.discriminator = build(config, self.shape)
        self.generator.to(self.device)
        self.discriminator.to(self.device)
        for module in self.discriminator.modules():
            if isinstance(module, Dropout):
                module.stream = self.random
        self.average = Average(self.generator, config) if config.ema else None
        self.g_optimizer = optimizer(config, self.generator, config.generator_learning_rate)
        self.d_optimizer = optimizer(config, self.discriminator, config.discriminator_learning_rate)
        # Batch statistics make D's view of a picture depend on its batch: then reals and fakes go apart.
        self.one_pass = not any(isinstance(m, nn.modules.batchnorm._BatchNorm) for m in self.discriminator.modules())

        self.steps = self._counted = 0
        self.sums = torch.zeros(4, device=self.device)  # of d_loss, g_loss, d_real, d_fake since the last reading
        self.fixed_noise = self.noise(SAMPLES)

    # One step

    def step(self, real: Tensor) -> None:
        """Train D on the pictures `real` (n, c, h, w) and as many fakes; then, every `d_steps`, train G."""
        train_generator = (self.steps + 1) % self.config.d_steps == 0
        fake = self._fakes(len(real), with_gradient=train_generator and not self.config.fresh_fakes)

        real_logits, fake_logits = self._judge(real, fake.detach())
        d_loss = losses.discriminator_loss(real_logits, fake_logits, self.config.label_smoothing)
        _descend(d_loss, self.d_optimizer)
        self.steps += 1

        if train_generator:
            if self.config.fresh_fakes:
                fake = self._fakes(len(real), with_gradient=True)
            self.discriminator.requires_grad_(False)
            g_loss = losses.generator_loss(self.discriminator(fake))
            _descend(g_loss, self.g_optimizer)
            self.discriminator.requires_grad_(True)
            if self.average:
                self.average.update()
        else:
            with torch.no_grad():
                g_loss = losses.generator_loss(fake_logits)

        with torch.no_grad():
            d_real, d_fake = real_logits.sigmoid().mean(), fake_logits.sigmoid().mean()
            self.sums += torch.stack([d_loss, g_loss, d_real, d_fake])

    def _fakes(self, count: int, with_gradient: bool) -> Tensor:
        with torch.set_grad_enabled(with_gradient):
            return self.generator(self.noise(count))

    def _judge(self, real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
        if self.one_pass:
            return self.discriminator(torch.cat([real, fake])).split(len(real))
        return self.discriminator(real), self.discriminator(fake)

    def noise(self, count: int) -> Tensor:
        """Standard normal noise (count, latent_size) from the run's own random stream."""
        return torch.randn(count, self.config.latent_size, generator=self.random, device=self.device)

    # Epochs

    def readings(
        self, should_stop: Callable[[], bool] = lambda: False, every_seconds: float = 0.5
    ) -> Iterator[Reading]:
        """Train epoch after epoch; yield a Reading about every `every_seconds`, an EpochRecord at each end.

        The first Reading comes before the first step: the untrained generator. Reading changes nothing
        in the training. Raises NotFinite when a loss is.
        """
        yield self._read(Reading, 0.0, Tally())
        for epoch in range(1, self.config.epochs + 1):
            whole = Tally()
            begun = perf_counter()
            batches = self._batches()
            for done, indices in enumerate(batches, start=1):
                if should_stop():
                    return
                self.step(self._real(indices))
                last = done == len(batches)
                if last or perf_counter() - begun >= every_seconds:
                    part = self._take(perf_counter() - begun)
                    whole += part
                    if not last:
                        yield self._read(Reading, epoch - 1 + done / len(batches), part)
                    begun = perf_counter()
            yield self._read(EpochRecord, epoch, whole)

    def epochs(self, should_stop: Callable[[], bool] = lambda: False) -> Iterator[EpochRecord]:
        """The EpochRecords alone."""
        for reading in self.readings(should_stop, every_seconds=math.inf):
            if isinstance(reading, EpochRecord):
                yield reading

    def _batches(self) -> list[Tensor]:
        """This epoch's batches of picture numbers, in a new random order."""
        order = torch.randperm(len(self.images), generator=self.random, device=self.device)
        batches = list(order.split(self.config.batch_size))
        last = len(batches[-1])
        if last < self.config.batch_size and (self.config.drop_last or last == 1):
            batches.pop()  # batch statistics of one picture do not exist
        return batches

    def _real(self, indices: Tensor) -> Tensor:
        return to_range(self.images.index_select(0, indices), self.config.pixel_range)

    # Reports

    def _take(self, seconds: float) -> "Tally":
        """What has been counted since the last time; the only place that waits for the device."""
        part = Tally(self.steps - self._counted, seconds, np.array(self.sums.tolist()))
        self.sums.zero_()
        self._counted = self.steps
        return part

    def _read(self, kind: type, epoch: float, tally: "Tally") -> Reading:
        d_loss, g_loss, d_real, d_fake = tally.means
        if tally.steps and not (math.isfinite(d_loss) and math.isfinite(g_loss)):
            raise NotFinite(f"a loss was no longer a finite number by step {self.steps:,} (epoch {math.ceil(epoch)})")
        samples, scores = self.samples()
        return kind(
            epoch=epoch,
            step=self.steps,
            d_loss=d_loss,
            g_loss=g_loss,
            d_real=d_real,
            d_fake=d_fake,
            seconds=tally.seconds,
            steps_per_second=tally.steps / tally.seconds if tally.seconds else 0.0,
            samples=samples,
            sample_scores=scores,
        )

    @torch.no_grad()
    def samples(self) -> tuple[np.ndarray, tuple[float, ...]]:
        """What G makes of the fixed noise, uint8 (64, h, w) or (64, h, w, 3), and D's score for each."""
        fakes = draw(self.best_generator, self.fixed_noise)
        self.discriminator.eval()
        scores = self.discriminator(fakes).sigmoid()
        self.discriminator.train()
        return to_uint8(fakes, self.config.pixel_range), tuple(scores.tolist())

    @property
    def best_generator(self) -> nn.Module:
        """The averaged generator where there is one."""
        return self.average.net if self.average else self.generator


class Average:
    """An exponential moving average of a generator's weights (EMA; Yazici et al. 2018)."""

    def __init__(self, source: nn.Module, config: RunConfig) -> None:
        self.source = source
        self.net = copy.deepcopy(source).requires_grad_(False)
        self.decay = config.ema
        self._pairs = list(self.net.parameters()), list(source.parameters())

    @torch.no_grad()
    def update(self) -> None:
        mine, theirs = self._pairs
        torch._foreach_lerp_(mine, theirs, 1 - self.decay)
        for own, other in zip(self.net.buffers(), self.source.buffers(), strict=True):
            own.copy_(other)


@dataclass
class Tally:
    """Sums of the four statistics over some steps, and the seconds that these took."""

    steps: int = 0
    seconds: float = 0.0
    sums: np.ndarray = field(default_factory=lambda: np.zeros(4))

    def __iadd__(self, part: "Tally") -> "Tally":
        self.steps += part.steps
        self.seconds += part.seconds
        self.sums += part.sums
        return self

    @property
    def means(self) -> list[float]:
        """Means a step; not a number where there were none."""
        return (self.sums / self.steps).tolist() if self.steps else [math.nan] * 4


def build(config: RunConfig, shape: tuple[int, int, int]) -> tuple[nn.Module, nn.Module]:
    """The config's untrained generator and discriminator on the CPU; the same seed, the same weights."""
    with _building, torch.random.fork_rng(devices=[]):
        torch.manual_seed(config.seed)
        architecture = nets.get(config.architecture)
        return architecture.generator(config, shape), architecture.discriminator(config, shape)


def optimizer(config: RunConfig, net: nn.Module, learning_rate: float) -> torch.optim.Optimizer:
    """The config's optimiser for a network's weights, in the variant that runs fastest."""
    weights = list(net.parameters())
    fused = weights[0].device.type in ("cpu", "cuda")
    if config.optimizer == "adam":
        return torch.optim.Adam(weights, lr=learning_rate, betas=(config.beta1, config.beta2), fused=fused)
    if config.optimizer == "rmsprop":
        return torch.optim.RMSprop(weights, lr=learning_rate, alpha=config.beta2, foreach=True)
    return torch.optim.SGD(weights, lr=learning_rate, momentum=config.beta1, fused=fused)


@torch.no_grad()
def draw(generator: nn.Module, noise: Tensor) -> Tensor:
    """What a generator makes of noise when nobody trains it: batch statistics stand still."""
    generator.eval()
    pictures = generator(noise)
    generator.train()
    return pictures


def to_range(images: Tensor, pixel_range: str) -> Tensor:
    """uint8 pictures as floats from 0 to 1 or from -1 to 1."""
    if pixel_range == "0..1":
        return images.float().div_(255)
    return images.float().div_(127.5).sub_(1)


def to_uint8(pictures: Tensor, pixel_range: str) -> np.ndarray:
    """Float pictures (n, c, h, w) as uint8 (n, h, w) or (n, h, w, 3); what lies outside is clipped."""
    scaled = pictures * 255 if pixel_range == "0..1" else (pictures + 1) * 127.5
    whole = scaled.round().clamp_(0, 255).to(torch.uint8).cpu().numpy()
    return whole[:, 0] if whole.shape[1] == 1 else whole.transpose(0, 2, 3, 1).copy()


def _channels_first(images: Tensor) -> Tensor:
    """(n, h, w) or (n, h, w, 3) as (n, c, h, w)."""
    return images.unsqueeze(1) if images.dim() == 3 else images.permute(0, 3, 1, 2).contiguous()


def _descend(loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
    optimizer.zero_grad()
    loss.backward()
    optimizer.step()
