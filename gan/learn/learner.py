"""What a run's steps change, and a step at a time. It names no network, loss or picture set: they come from outside;
what a step is, the family says.
"""

from collections.abc import Hashable, Mapping
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from gan import families
from gan.data import Pictures
from gan.data.pixels import channels_first, to_range
from gan.learn import device, optimizers
from gan.learn.average import Average
from gan.learn.belief import belief
from gan.learn.build import build, has_batch_norm, timed
from gan.learn.tally import Sums
from gan.parts import nets
from gan.parts.blocks import Chancy
from gan.parts.noise import draw_noise
from gan.setup.config import RunConfig, too_few


class Kit:
    """A config's networks, untrained, with what goes with them; `shape` (channels, height, width) is its pictures'."""

    def __init__(self, config: RunConfig, shape: tuple[int, int, int], device: torch.device | str = "cpu") -> None:
        self.config = config
        self.shape = shape
        self.device = torch.device(device)
        self.random = torch.Generator(self.device).manual_seed(config.seed)
        self.nets: dict[str, nn.Module] = build(config, shape)
        for net in self.nets.values():
            net.to(self.device)
            for module in net.modules():
                if isinstance(module, Chancy):
                    module.stream = self.random
        self.average = Average(self.nets["generator"], config.ema) if config.ema else None
        self.optimizers = {
            name: optimizers.make(config, nn.ModuleList(self.nets[part] for part in parts), self.rates()[name])
            for name, parts in families.facts(config.family)["OPTIMISERS"].items()
        }
        self.midpoint = torch.zeros((), device=self.device)  # where a critic's points mean neither real nor fake
        self.steps = 0

    def rates(self) -> dict[str, float]:
        """The learning rate that each optimiser begins with."""
        own = {"d_optimizer": self.config.discriminator_learning_rate}
        return {
            name: own.get(name, self.config.learning_rate) for name in families.facts(self.config.family)["OPTIMISERS"]
        }

    @property
    def generator(self) -> nn.Module:
        return self.nets["generator"]

    @property
    def discriminator(self) -> nn.Module | None:
        return self.nets.get("discriminator")

    @property
    def best_generator(self) -> nn.Module:
        """The averaged generator where there is one."""
        return self.average.net if self.average else self.generator

    @property
    def timed_parts(self) -> list[nn.Module]:
        """The parts of all networks that are told how far the run is."""
        averaged = [self.average.net] if self.average else []
        return [part for net in (*self.nets.values(), *averaged) for part in timed(net)]


class Learner(Kit):
    """A config's networks with all that a step of theirs needs; `pictures` are those to learn from,
    `held_out` others, that it never learns from.

    A family has its own (`gan/families/NAME/learner.py`), which adds `learn` and, where there is more to it, `obey` and
    `turn`. Raises ValueError with a sentence for a config that cannot be trained here.
    """

    def __init__(self, config: RunConfig, pictures: Pictures, held_out: Pictures | None = None) -> None:
        if len(pictures.images) < config.batch_size:
            raise too_few(config, len(pictures.images))
        super().__init__(config, pictures.shape, device.choose(config.device))
        self.images = channels_first(pictures.images).to(self.device)
        self.labels = torch.from_numpy(pictures.labels).long().to(self.device)
        self.is_conditional = nets.is_conditional(config.architecture)
        self.needs_several = any(map(has_batch_norm, self.nets.values()))
        self.sums = Sums(families.facts(config.family)["READS"], self.device)  # of the steps since the last reading
        self._rates: dict[str, float] = {}
        self.obey(config)

    def obey(self, config: RunConfig) -> None:
        """Take the next steps as this config says, which has the same networks."""
        self.config = config
        self.timed: list[Any] = self.timed_parts

    def tell(self, progress: float) -> None:
        """Tell all that changes with time what share of the run is done, 0..1."""
        for part in self.timed:
            part.progress = progress
        left = 1 - self.config.learning_rate_decay * progress
        rates = {name: left * rate for name, rate in self.rates().items()}
        if rates != self._rates:
            self._rates = rates
            for name, rate in rates.items():
                optimizers.set_rate(self.optimizers[name], rate)

    def step(self, pictures: Tensor, labels: Tensor | None = None) -> Any:
        """Train on real pictures (n, c, h, w), for conditional networks with their labels (n,)."""
        self.steps += 1
        return self.learn(pictures, labels, self.turn)

    @property
    def turn(self) -> Hashable:
        """What kind of step the present one is, where there are several."""
        return None

    def learn(self, pictures: Tensor, labels: Tensor | None, turn: Hashable) -> Any:
        """What a step asks of the device. It changes tensors in place and nothing else, so that it can be recorded."""
        raise NotImplementedError

    @staticmethod
    def draws(nets: Mapping[str, nn.Module], noise: Tensor, pictures: Tensor, labels: Tensor | None) -> Tensor:
        """What a step has the networks draw of so many pictures, but for what a discriminator then says; pictures."""
        return nets["generator"](noise, labels)

    def moved_by(self, turn: Hashable) -> list[nn.Parameter]:
        """The weights that such a step changes."""
        return [weight for net in self.nets.values() for weight in net.parameters()]

    @staticmethod
    def starts(
        config: RunConfig,
        count: int,
        random: torch.Generator,
        device: torch.device | str = "cpu",
        known: tuple[Pictures, Pictures] | None = None,
    ) -> Tensor:
        """What `count` pictures are made of (count, noise_size): noise, drawn from `random`, which is on `device`.

        Where it is other pictures: of those that are `known`, to learn from and held out, or else of the config's own.
        """
        return draw_noise(config.noise, count, config.noise_size, random, device)

    @staticmethod
    def aims(config: RunConfig, pictures: Pictures) -> Pictures:
        """What its samples are to be like, of the pictures of a run: all of them."""
        return pictures

    def real(self, indices: Tensor) -> tuple[Tensor, Tensor | None]:
        """The real pictures with these numbers and, where the networks are told them, their labels."""
        pictures = to_range(self.images.index_select(0, indices), self.config.pixel_range)
        return pictures, self.labels[indices] if self.is_conditional else None

    def noise(self, count: int) -> Tensor:
        """Noise (count, noise_size) from the run's own random stream."""
        return draw_noise(self.config.noise, count, self.config.noise_size, self.random, self.device)

    def belief(self, logits: Tensor, midpoint: Tensor | None = None) -> Tensor:
        """D's answers (n,) as 0..1: how sure it is that a picture is real; by the present `midpoint`, or another."""
        return belief(self.config.loss, logits, self.midpoint if midpoint is None else midpoint)

    @staticmethod
    def views(
        nets: Mapping[str, nn.Module], config: RunConfig, known: tuple[Pictures, Pictures]
    ) -> dict[str, np.ndarray]:
        """What networks of the family show of themselves beside samples, by name; pictures are uint8. `known` are the
        run's pictures: those to learn from, and those held out.
        """
        return {}
