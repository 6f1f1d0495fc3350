"""Every promise about speed, in one table: `python -m benchmarks`, about half an hour on two cores.

The parts are commands of their own; each prints what it measured before the verdicts.
"""

from benchmarks import gpu
from benchmarks.classroom import dots, inside, latent, live
from benchmarks.quality import digits
from benchmarks.report import show
from benchmarks.speed import floor, memory, steering


def main() -> None:
    rows = [
        *steering.rows(),
        *live.rows(),
        *dots.rows(),
        *inside.rows(),
        *latent.rows(),
        *floor.rows(rounds=3, seconds=0.8),
        *gpu.rows(),
        *digits.rows(beside=[memory.rows]),
    ]
    show(rows)


if __name__ == "__main__":
    main()
