"""Every loss and every architecture after about the same number of real pictures: realism, variety, time.

    python -m benchmarks.quality.choices [--epochs 4] [--seeds 3] [--only NAME ...]

An epoch of digits is 4,744 pictures and one of clothes 9,744, so clothes get half as many epochs. The losses
train the small DCGAN of the default settings; an architecture with a recipe of its name trains that recipe, the
others the default settings with these networks. One thread each, as many at a time as there are cores.
"""

import argparse
from dataclasses import dataclass
from statistics import median

from benchmarks.report import table
from benchmarks.speed.workers import each
from gan.parts import losses, nets
from gan.setup import presets
from gan.setup.config import RunConfig

SETS = {"digits": 1, "fashion": 2}  # how many epochs of digits one of the set's stands for
DEFAULT = RunConfig()


@dataclass(frozen=True)
class Result:
    realism: float
    variety: float
    seconds: float  # of training


def configs(only: list[str]) -> dict[str, RunConfig]:
    """What is tried, by its name in the table."""
    tried = {f"loss {name}": DEFAULT.but(loss=name) for name in losses.names()}
    published = {name: config for name, config in presets.PRESETS.items() if name == config.architecture != "dcgan"}
    tried |= {f"net {name}": published.get(name, DEFAULT.but(architecture=name)) for name in nets.names()}
    return {name: config for name, config in tried.items() if not only or name.split()[1] in only}


def train(config: RunConfig) -> Result | str:
    """The scores at the end of the run, or the sentence with which it failed."""
    from gan.learn.trainer import NotFinite, Trainer

    try:
        records = list(Trainer(config).epochs())
    except NotFinite as error:
        return str(error)
    scores = records[-1].scores
    return Result(scores.realism, scores.variety, sum(record.seconds for record in records))


def row(name: str, results: list[Result | str]) -> list[str]:
    """The medians over the seeds with their spread, or what went wrong."""
    failed = [result for result in results if isinstance(result, str)]
    if failed:
        return [name, f"{len(failed)} of {len(results)} failed: {failed[0]}", "", ""]
    cells = []
    for values, form in (
        ([r.realism for r in results], ".0f"),
        ([r.variety for r in results], ".1f"),
        ([r.seconds for r in results], ".0f"),
    ):
        cells.append(f"{median(values):{form}} ({min(values):{form}} to {max(values):{form}})")
    return [name, *cells]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--epochs", type=int, default=4, help="of digits")
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--only", nargs="*", default=[], metavar="NAME")
    options = parser.parse_args()

    chosen = configs(options.only)
    for data, share in SETS.items():
        jobs = [
            config.but(data=data, epochs=max(1, options.epochs // share), seed=seed)
            for config in chosen.values()
            for seed in range(1, options.seeds + 1)
        ]
        results = each(train, jobs)
        rows = []
        for name in chosen:
            rows.append(row(name, [next(results) for _ in range(options.seeds)]))
            print(*rows[-1], sep=" | ", flush=True)
        print(f"\n{data}: {jobs[0].epochs} epochs, {options.seeds} seeds, median (spread)\n")
        print(table(["choice", "realism", "variety", "seconds"], rows), flush=True)


if __name__ == "__main__":
    main()
