"""What the scores say of picture sets whose faults are known, and what they cost.

    python -m benchmarks.quality.scores [digits fashion cifar10 ...]

2,000 of the pictures are kept from the scorer; the sets are made of them (of the digits, 1,000 of these
were never seen by the referee either). The last row is chance alone: other pictures kept each time. The time is
that of one `Scorer.score`, without drawing the fakes.
"""

import argparse
from statistics import median
from time import perf_counter, thread_time

import numpy as np
import torch
from torch.nn.functional import conv2d

from benchmarks.report import table
from gan import data
from gan.data import Pictures
from gan.data.pixels import channels_first
from gan.look import referee
from gan.look.referee import SAMPLES, Referee, Scorer
from gan.records import Scores

KEPT = 2 * SAMPLES
HEADER = ["fakes", "realism", "variety", "precision", "recall", "copying"]


def halves(name: str) -> tuple[Pictures, Pictures]:
    """The set `name` in two: for the scorer, and 2,000 others, the last 1,000 new to the referee too."""
    pictures = data.load(name)
    order = np.concatenate(referee.split(len(pictures.images)))
    for_scorer, others = order[:-KEPT], order[-KEPT:]
    return tuple(Pictures(pictures.images[part], pictures.labels[part]) for part in (for_scorer, others))


def cases(seen: Pictures, others: Pictures) -> dict[str, np.ndarray]:
    """1,000 pictures of each kind, uint8 (1000, h, w) or (1000, h, w, 3); `seen` are those that the scorer has."""
    random = np.random.default_rng(0)
    new = others.images[-SAMPLES:]
    noise = random.normal(0, 40, new.shape)
    return {
        "new real pictures": new,
        **hardly_changed(new),
        "slightly blurred": blurred(new, 0.8),
        "blurred": blurred(new, 1.5),
        "noisy": (new + noise).clip(0, 255).astype(np.uint8),
        "one class missing": _repeated(others.images[others.labels < 9]),
        "half the classes": _repeated(others.images[others.labels < 5]),
        "10 pictures, 100 times each": _repeated(new[:10]),
        "copies": seen.images[:SAMPLES],
        "copies, blurred": blurred(seen.images[:SAMPLES], 1.5),
        "copies, one in ten": np.concatenate([seen.images[: SAMPLES // 10], new[SAMPLES // 10 :]]),
        "pure noise": random.integers(0, 256, new.shape, dtype=np.uint8),
    }


def hardly_changed(new: np.ndarray) -> dict[str, np.ndarray]:
    """Pictures uint8 (n, h, w) or (n, h, w, 3) with changes that nobody sees, or that nobody minds."""
    random = np.random.default_rng(1)
    noise = random.normal(0, 5, new.shape)
    return {
        "a background of 2": np.maximum(new, 2),
        "all lighter by 4": (new.astype(int) + 4).clip(0, 255).astype(np.uint8),
        "noise of 5": (new + noise).round().clip(0, 255).astype(np.uint8),
        "3 % less contrast": (0.97 * new).round().astype(np.uint8),
        "moved by a pixel": np.roll(new, 1, 2),
    }


def blurred(images: np.ndarray, width: float) -> np.ndarray:
    """uint8 (n, h, w) or (n, h, w, 3) after a Gaussian blur of standard deviation `width` pixels."""
    reach = int(np.ceil(3 * width))
    line = torch.exp(-0.5 * (torch.arange(-reach, reach + 1) / width) ** 2)
    line /= line.sum()
    pictures = channels_first(images).float()
    each = conv2d(pictures.flatten(0, 1).unsqueeze(1), line.view(1, 1, 1, -1), padding=(0, reach))
    each = conv2d(each, line.view(1, 1, -1, 1), padding=(reach, 0)).view_as(pictures).round().byte()
    return (each[:, 0] if images.ndim == 3 else each.permute(0, 2, 3, 1)).numpy()


def _repeated(images: np.ndarray) -> np.ndarray:
    """1,000 pictures: those, over and over."""
    return np.resize(images, (SAMPLES, *images.shape[1:]))


def row(name: str, scores: Scores) -> list[str]:
    numbers = [f"{scores.realism:.2f}", f"{scores.variety:.2f}"]
    return [name, *numbers, f"{scores.precision:.2f}", f"{scores.recall:.2f}", f"{scores.copying:.2f}"]


def draws(name: str, count: int = 20) -> list[Scores]:
    """The scores of `count` random draws of 1,000 real pictures that the scorer does not have: how much is chance."""
    pictures, judge, found = data.load(name), referee.load(name), []
    for seed in range(count):
        order = np.random.default_rng(seed).permutation(len(pictures.images))
        new, seen = order[:SAMPLES], order[SAMPLES:]
        scorer = Scorer(Pictures(pictures.images[seen], pictures.labels[seen]), judge)
        found.append(scorer.score(pictures.images[new]))
    return found


def chance(found: list[Scores]) -> list[str]:
    """Mean and standard deviation of each score."""
    cells = []
    for part in HEADER[1:]:
        numbers = np.array([getattr(scores, part) for scores in found])
        cells.append(f"{numbers.mean():.2f} ± {numbers.std(ddof=1):.2f}")
    return cells


def milliseconds(scorer: Scorer, fakes: np.ndarray, turns: int = 21) -> str:
    """The processor's time for one scoring on this thread, median and least; waiting for a turn is left out."""
    times = []
    for _ in range(turns):
        begun = thread_time()
        scorer.score(fakes)
        times.append(1000 * (thread_time() - begun))
    return f"{median(times):.0f} ({min(times):.0f}) ms"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("sets", nargs="*", default=["digits", "fashion"], help="picture sets that are on this computer")
    torch.set_num_threads(1)

    for name in parser.parse_args().sets:
        judge = referee.load(name)
        seen, others = halves(name)
        scorer, seconds = made(seen, judge)
        sets = cases(seen, others)
        rows = [row("floor: held-out real pictures", scorer.floor)]
        rows += [row(case, scorer.score(images)) for case, images in sets.items()]
        rows.append(["20 draws of new real pictures", *chance(draws(name))])
        tested = f"right on {judge.accuracy:.1%} of {int(judge.facts['tested_on']):,} pictures it never saw"
        print(f"\n### {name}\n\n{scorer.samples:,} samples; the referee is {tested}.\n\n{table(HEADER, rows)}")

        many = Pictures(np.resize(seen.images, (60_000, *seen.images.shape[1:])), np.resize(seen.labels, 60_000))
        large, large_seconds = made(many, judge)
        print(
            f"\nOne scoring on one thread, median (least): {milliseconds(scorer, sets['noisy'])} beside "
            f"{len(seen.images):,} real pictures, {milliseconds(large, sets['noisy'], 7)} beside 60,000. "
            f"Making the scorer: {seconds:.2f} s and {large_seconds:.2f} s."
        )


def made(pictures: Pictures, judge: Referee) -> tuple[Scorer, float]:
    """A scorer, and the seconds that making it took."""
    begun = perf_counter()
    return Scorer(pictures, judge), perf_counter() - begun


if __name__ == "__main__":
    main()
