"""Every promise about speed, in one table: `python -m benchmarks`, a little less than 15 minutes on two cores.

The parts are commands of their own; each prints what it measured before the verdicts.
"""

from benchmarks import digits, floor, gpu, live, memory, steering
from benchmarks.report import show


def main() -> None:
    rows = [
        *steering.rows(),
        *live.rows(),
        *floor.rows(rounds=3, seconds=0.8),
        *gpu.rows(),
        *digits.rows(beside=[memory.rows]),
    ]
    show(rows)


if __name__ == "__main__":
    main()
