"""What translators reach in seconds, against what needs no learning: on pictures that nothing was learned from.

    python -m benchmarks.quality.translation [--seeds 3] [--only fill ...] [--set NAME=VALUE ...] [--save DIR]

One thread, one run after the other. Time is the processor's, of training alone, so that a busy machine does less harm;
beside each stands how many steps a second of it were made. Differences are means over all pixels, as a share of the way
from black to white. "Nothing" leaves what goes in as it is. Bicubic enlarges the 7 x 7 pixels that a coarse picture
stands for; neighbours fills what is damaged, which it is told, from the edges inwards by the mean of what is known
around each pixel.
"""

import argparse
from collections.abc import Callable, Iterable
from pathlib import Path
from statistics import median
from time import process_time
from typing import NamedTuple

import numpy as np
import torch
from PIL import Image

from benchmarks.report import Row, show, table
from gan import data, export
from gan.data import tasks
from gan.data.pixels import channels_first, to_images, to_range
from gan.data.shares import hold_out
from gan.learn.trainer import Trainer
from gan.look import referee
from gan.look.networks import draw
from gan.records import Word
from gan.setup import presets
from gan.setup.config import RunConfig


class Case(NamedTuple):
    """A recipe, what is changed in it, the seconds after which it is measured, and what is asked of it at the last."""

    preset: str
    changes: dict[str, object]
    marks: tuple[int, ...]
    measure: Callable[[RunConfig, torch.nn.Module], dict[str, float]]
    asked: tuple[str, str, Callable[[dict[str, float]], bool]]  # of which number, in words, and whether it holds


def held_out(config: RunConfig) -> tasks.Lesson:
    """What goes in, and what shall come out, of the pictures that nothing is learned from."""
    aside = hold_out(data.wanted(config), config.pictures, data.get(config.data).is_a_part)[1]
    return tasks.lesson(config.task, aside, config.learned_classes)


def through(net: torch.nn.Module, images: np.ndarray) -> np.ndarray:
    return to_images(draw(net, to_range(channels_first(images), "-1..1")), "-1..1")


def difference(some: np.ndarray, others: np.ndarray) -> float:
    return float(np.abs(some.astype(float) - others).mean() / 255)


def differences(config: RunConfig, net: torch.nn.Module) -> dict[str, float]:
    """How far it is from what shall come out, what needs no learning beside it, and where it leads back too, how far
    that is from where it began.
    """
    sources, aims = held_out(config)
    found = {
        "difference": difference(through(net, sources), aims.images),
        "nothing": difference(sources, aims.images),
    }
    if config.task == tasks.SHARPEN:
        found["bicubic"] = difference(bicubic(tasks.small(aims.images)), aims.images)
    if config.task == tasks.REPAIR:
        where = tasks.damage(sources) > 0
        found["neighbours"] = difference(filled(sources, where), aims.images)
        found["of it in the damage"] = difference(np.where(where, through(net, sources), aims.images), aims.images)
    if back := getattr(net, "back", None):
        found["and back"] = difference(through(back, through(net.there, sources)), sources)
    return found


def kinds(config: RunConfig, net: torch.nn.Module) -> dict[str, float]:
    """The share that the referee reads as the other kind, each way, and of those that are of that kind."""
    (one, other), judge = config.learned_classes, referee.load(config.data)
    sources, aims = held_out(config)

    def share(images: np.ndarray, kind: int) -> float:
        return float((judge.look(images)[1].argmax(1) == kind).float().mean())

    return {
        "read as boots": share(through(net.there, sources), other),
        "back way: as shoes": share(through(net.back, aims.images), one),
        "real boots": share(aims.images, other),
        "shoes as they are": share(sources, other),
        "and back": difference(through(net.back, through(net.there, sources)), sources),
    }


def bicubic(small: np.ndarray) -> np.ndarray:
    side = tasks.COARSE * small.shape[1]
    return np.stack([Image.fromarray(one).resize((side, side), Image.Resampling.BICUBIC) for one in small])


def filled(images: np.ndarray, damage: np.ndarray) -> np.ndarray:
    """Pictures (n, h, w) whose damaged pixels have the mean of those around them that are known, and so on inwards."""
    found, known = np.where(damage, 0.0, images), ~damage
    while not known.all():
        sums, counts = (_around(each) for each in (found, known.astype(float)))
        new = ~known & (counts > 0)
        found[new] = sums[new] / counts[new]
        known |= new
    return found.round()


def _around(values: np.ndarray) -> np.ndarray:
    """The sum of each pixel's eight neighbours; nothing comes in from outside."""
    height, width = values.shape[1:]
    wide = np.pad(values, ((0, 0), (1, 1), (1, 1)))
    moves = [(down, right) for down in range(3) for right in range(3) if (down, right) != (1, 1)]
    return sum(wide[:, down : down + height, right : right + width] for down, right in moves)


FILL, BOOTS = "difference", "read as boots"
CASES = {
    "fill": Case(
        "outlines", {}, (5, 15, 30, 60), differences,
        (FILL, "at most 0.05 after 60 s", lambda found: found[FILL] <= 0.05),
    ),
    "fill clothes": Case(
        "outlines", {"data": "fashion"}, (5, 15, 30, 60), differences,
        (FILL, "less than nothing", lambda found: found[FILL] < found["nothing"]),
    ),
    "sharpen": Case(
        "outlines", {"task": "sharpen"}, (5, 15, 30), differences,
        (FILL, "better than bicubic after 30 s", lambda found: found[FILL] < found["bicubic"]),
    ),
    "repair": Case(
        "outlines", {"task": "repair"}, (5, 15, 30), differences,
        (FILL, "better than neighbours after 30 s", lambda found: found[FILL] < found["neighbours"]),
    ),
    "fill without pairs": Case(
        "boots", {"data": "digits", "classes": (), "task": "outline"}, (15, 30, 60), differences,
        (FILL, "at most 0.05 after 60 s", lambda found: found[FILL] <= 0.05),
    ),
    "thin to thick": Case(
        "boots", {"data": "digits", "classes": (), "task": "thicken"}, (15, 30, 60), differences,
        (FILL, "less than nothing", lambda found: found[FILL] < found["nothing"]),
    ),
    "boots": Case(
        "boots", {}, (30, 60, 90), kinds,
        (BOOTS, "85 % after 90 s", lambda found: found[BOOTS] >= 0.85),
    ),
}  # fmt: skip


def grow(config: RunConfig, case: Case, save: Path | None = None) -> tuple[dict[int, dict[str, float]], float]:
    """What was measured at each mark, and the steps a second of training."""
    trainer, found = Trainer(config), {}
    begun, aside = process_time(), 0.0  # seconds that were not training

    def ask() -> Word:
        nonlocal aside
        trained = process_time() - begun - aside
        mark = next((mark for mark in case.marks if mark not in found and trained >= mark), None)
        if mark:
            since = process_time()
            found[mark] = case.measure(config, trainer.learner.best_generator)
            aside += process_time() - since
        return Word.STOP if len(found) == len(case.marks) else Word.GO

    for _ in trainer.epochs(ask):
        pass
    if len(found) < len(case.marks):  # the run was over before
        found[case.marks[-1]] = case.measure(config, trainer.learner.best_generator)
    if save:
        _save(config, trainer.learner.best_generator, save)
    return found, trainer.steps / (process_time() - begun - aside)


def _save(config: RunConfig, net: torch.nn.Module, path: Path) -> None:
    """What goes in, what comes out and what should, eight of each."""
    sources, aims = held_out(config)
    rows = [sources[:8], through(net, sources[:8]), aims.images[:8]]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(export.grid_png(np.concatenate(rows)))


def pace(config: RunConfig, steps: int = 150) -> float:
    """Steps that a config makes in a second of the processor's time."""
    learner = Trainer(config).learner
    batch = torch.arange(config.batch_size)
    for _ in range(10):
        learner.step(*learner.real(batch))
    begun = process_time()
    for _ in range(steps):
        learner.step(*learner.real(batch))
    return steps / (process_time() - begun)


def told(values: Iterable[float]) -> str:
    values = list(values)
    return f"{median(values):.3f} ({min(values):.3f} to {max(values):.3f})" if len(values) > 1 else f"{values[0]:.3f}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="+", choices=CASES, default=list(CASES))
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE", help="change a setting")
    parser.add_argument("--save", type=Path, help="a folder for what goes in, comes out and should")
    options = parser.parse_args()
    torch.set_num_threads(1)
    changes = dict(pair.split("=", 1) for pair in options.set)
    print(f"quick makes {pace(presets.get('quick').but(device='cpu')):.0f} steps in such a second.\n", flush=True)
    rows = []
    for name in options.only:
        case, runs, rates = CASES[name], [], []
        for seed in range(1, options.seeds + 1):
            config = presets.get(case.preset).but(device="cpu", seed=seed, **case.changes | changes)
            save = options.save and options.save / f"{name.replace(' ', '_')}_{seed}.png"
            found, rate = grow(config, case, save)
            runs.append(found)
            rates.append(rate)
        names = list(runs[0][case.marks[-1]])
        lines = [
            [f"{mark} s", *(told(run[mark][each] for run in runs) for each in names)]
            for mark in case.marks
            if all(mark in run for run in runs)
        ]
        print(f"{name} ({told(rates)} steps a second)\n", table(["", *names], lines), "", sep="\n", flush=True)
        number, asked, holds = case.asked
        last = [run[case.marks[-1]] for run in runs]
        rows.append(Row(name, asked, told(each[number] for each in last), all(map(holds, last))))
    show(rows)


if __name__ == "__main__":
    main()
