"""A GAN of few pictures, as few as a class draws: how soon they can be read, how good they are, and whether it copies.

    python -m benchmarks.quality.few digits:3 doodles:0 doodles:1,4,6 --seconds 15 90 [--pictures 60]
        [--steps 3000] [--seeds 1 2] [--preset few_pictures] [--set stabilisers=]

Each is a set and some of its kinds. So many pictures, equally many of each kind, are a set of one's own; the others of
those kinds are what fakes are measured against. One thread. `themselves` is the distance that the few pictures have to
the others: no generator that has seen nothing else can be expected to come nearer. `copies` are fakes nearer to one of
the few than 95 in 100 of the others are, in the thumbnails that the score of copying looks at: 5 % by chance alone;
`score` is what the page says of copying, 1 = as new as another real picture.
"""

import argparse
from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
import torch

from benchmarks.report import table
from gan import data, export
from gan.data import own
from gan.learn.trainer import Trainer
from gan.look import referee, scores
from gan.parts import nets
from gan.records import Word
from gan.setup import presets
from gan.setup.config import RunConfig

FAKES = 300
OWN_NAME = "{:02}"  # of a kind: sets order their kinds by name


class Ruler:
    """Measures fakes of a few pictures of some kinds of an embedded set."""

    def __init__(self, name: str, kinds: Sequence[int], count: int, seed: int) -> None:
        pictures, random = data.load(name), np.random.RandomState(seed)
        few, others = [], []
        for kind in kinds:
            order = random.permutation(np.flatnonzero(pictures.labels == kind))
            few.append(order[: count // len(kinds)])
            others.append(order[count // len(kinds) :])
        mine, self.kinds = np.concatenate(few), kinds
        self.set = own.make([*pictures.images[mine]], [OWN_NAME.format(each) for each in pictures.labels[mine]])
        self._judge = referee.load(name)
        self._mine, rest = scores.thumbnails(pictures.images[mine]), pictures.images[np.concatenate(others)]
        self._real = scores.gaussian(self._judge.look(rest)[0])
        self.themselves = scores.frechet(self._real, self._judge.look(pictures.images[mine])[0])
        self._near = torch.quantile(self._nearest(rest), 0.05).item()

    def _nearest(self, images: np.ndarray) -> torch.Tensor:
        return torch.cdist(scores.thumbnails(images), self._mine).amin(1)

    def measure(self, config: RunConfig, net: torch.nn.Module) -> tuple[float, float, float]:
        """The share of fakes that is read as asked, their distance to real ones, and the share that is copied."""
        drawn, right = [], []
        for place, kind in enumerate(self.kinds):
            asked = (place,) if nets.is_conditional(config.architecture) else ()
            drawn.append(export.sample(net, config, FAKES // len(self.kinds), seed=place, classes=asked))
            read = self._judge.look(drawn[-1])[1].argmax(1)
            right.append((read == kind) if asked else torch.isin(read, torch.tensor(self.kinds)))
        fakes = np.concatenate(drawn)
        distance = scores.frechet(self._real, self._judge.look(fakes)[0])
        copied = (self._nearest(fakes) < self._near).float().mean().item()
        return torch.cat(right).float().mean().item(), distance, copied


class Mark(NamedTuple):
    """A run at one moment: the seconds that were trained, the steps that were made, and what was measured."""

    seconds: float
    steps: int
    read: float
    distance: float
    copied: float
    copying: float  # the product's own score


def follow(config: RunConfig, ruler: Ruler, marks: Sequence[float], in_steps: bool = False) -> Iterator[Mark]:
    """A run measured after so many seconds, or steps."""
    trainer, left, copying = Trainer(config), list(marks), 1.0

    def is_due() -> bool:
        return (trainer.steps if in_steps else trainer.trained_seconds) >= left[0]

    for reading in trainer.readings(lambda: Word.SHOW if is_due() else Word.GO):
        copying = reading.scores.copying if reading.scores else copying
        if is_due():
            left.pop(0)
            measured = ruler.measure(config, trainer.learner.best_generator)
            yield Mark(trainer.trained_seconds, trainer.steps, *measured, copying)
        if not left:
            return


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="+", metavar="SET:KINDS")
    parser.add_argument("--seconds", type=float, nargs="+", default=[15.0, 90.0])
    parser.add_argument("--steps", type=int, nargs="+", help="measure after so many steps instead: for a busy machine")
    parser.add_argument("--pictures", type=int, default=60)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1])
    parser.add_argument("--preset", default="few_pictures")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="change a setting")
    options = parser.parse_args()
    torch.set_num_threads(1)

    lines, changes = [], dict(pair.split("=", 1) for pair in options.set)
    for text in options.sets:
        name, _, kinds = text.partition(":")
        for seed in options.seeds:
            ruler = Ruler(name, [*map(int, kinds.split(","))], options.pictures, seed)
            base = presets.few(own.keep(ruler.set)) if options.preset == "few_pictures" else presets.get(options.preset)
            config = base.but(**{"epochs": 100_000} | changes, data=ruler.set.name, device="cpu", seed=seed)
            for mark in follow(config, ruler, options.steps or options.seconds, bool(options.steps)):
                lines.append([text, str(seed), f"{mark.seconds:.0f}", f"{mark.steps:,}", f"{mark.read:.0%}",
                              f"{mark.distance:.1f}", f"{ruler.themselves:.1f}", f"{mark.copied:.1%}",
                              f"{mark.copying:.2f}"])  # fmt: skip
                print(" ".join(lines[-1]), flush=True)
    print(table(["set", "seed", "seconds", "steps", "as asked", "distance", "themselves", "copies", "score"], lines))


if __name__ == "__main__":
    main()
