"""Every promise about speed, in one table: `python -m benchmarks`, about 20 minutes on two cores.

The parts are commands of their own; each prints what it measured before the verdicts.
"""

from benchmarks import digits, floor, gpu, live, memory, steering
from benchmarks.report import show


def main() -> None:
    rows = [
        *memory.rows(),
        *steering.rows(),
        *live.rows(),
        *floor.rows(rounds=3, seconds=1.0),
        *digits.rows(),
        *gpu.rows(),
    ]
    show(rows)


if __name__ == "__main__":
    main()
