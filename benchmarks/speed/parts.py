"""What a batch in parts saves, and what it costs: the peak of the memory, and steps a second.

    python -m benchmarks.speed.parts
    python -m benchmarks.speed.parts dcgan --batch 512 --parts 1 16 --steps 10

Each figure is of a process of its own, in one thread: the peak beyond torch of a run of so many steps, and its steps
but for the first.
"""

import argparse
import json
import subprocess
import sys
from pathlib import Path
from time import perf_counter

import torch

from gan.learn import memory
from gan.learn.trainer import Trainer
from gan.setup import presets
from gan.setup.config import RunConfig

ROOT = Path(__file__).parents[2]
MB = 2**20


def peak() -> int:
    """This process's largest resident memory in bytes (Linux)."""
    status = Path("/proc/self/status").read_text()
    return 1024 * int(status.partition("VmHWM:")[2].split()[0])


def measured(config: RunConfig, steps: int) -> tuple[float, float]:
    """Bytes at the peak, and steps a second."""
    torch.set_num_threads(1)
    torch.nn.Conv2d(1, 2, 3)(torch.zeros(2, 1, 8, 8)).sum().backward()  # what torch takes for itself
    before, learner = peak(), Trainer(config).learner
    batch = learner.real(torch.arange(config.batch_size))
    learner.step(*batch)
    begun = perf_counter()
    for _ in range(steps):
        learner.step(*batch)
    return peak() - before, steps / (perf_counter() - begun)


def _ask(config: RunConfig, steps: int) -> tuple[float, float]:
    command = [
        sys.executable,
        "-m",
        "benchmarks.speed.parts",
        "--one",
        json.dumps(config.to_dict()),
        f"--steps={steps}",
    ]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    return tuple(json.loads(ran.stdout))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("preset", nargs="?", default="biggan")
    parser.add_argument("--batch", type=int, nargs="+", default=[256, 512])
    parser.add_argument("--parts", type=int, nargs="+", default=[1, 4, 8])
    parser.add_argument("--steps", type=int, default=5)
    parser.add_argument("--one", help=argparse.SUPPRESS)
    asked = parser.parse_args()
    if asked.one:
        print(json.dumps(measured(RunConfig.from_dict(json.loads(asked.one)), asked.steps)))
        return
    print("| batch | parts | memory | estimate | steps a second |")
    print("| ----- | ----- | ------ | -------- | -------------- |")
    for size in asked.batch:
        for parts in asked.parts:
            config = presets.get(asked.preset).but(batch_size=size, batch_parts=parts, device="cpu")
            taken, speed = _ask(config, asked.steps)
            estimate = memory.estimate(config)
            print(f"| {size} | {parts} | {taken / MB:.0f} MB | {estimate / MB:.0f} MB | {speed:.2f} |", flush=True)


if __name__ == "__main__":
    main()
