"""What the process needs beyond torch, and what a long run adds.

    python -m benchmarks.speed.memory

Resident memory, read in a process of its own for each figure. The engine is measured with both embedded
picture sets loaded and `quick` training; the long run is 1,000 epochs of few pictures, from epoch 10 to its end;
the 100 runs are short ones of `quick`, one after the other.
"""

import os
import subprocess
import sys
from pathlib import Path

from benchmarks.report import Row, show

ROOT = Path(__file__).parents[2]
MB = 2**20

ENGINE = """
import torch
from benchmarks.speed.memory import resident
torch.set_num_threads(1)
torch.randn(9, 9) @ torch.randn(9, 9)
before = resident()
from gan import data
from gan.setup import presets
from gan.learn.trainer import Trainer
sets = [data.load(name) for name in ("digits", "fashion")]
list(Trainer(presets.get("quick").but(epochs=2, device="cpu")).readings())
print(resident() - before)
"""

HISTORY = """
from benchmarks.speed.memory import resident
from gan.setup import presets
from gan.runs import Snapshot, ThreadRun
config = presets.get("quick").but(pictures=32, epochs=1000, device="cpu")
run = ThreadRun(Snapshot("long", config))
run.start()
while len(run.snapshot().records) < 10:
    run.wait(0.01)
before = resident()
run.wait()
assert len(run.snapshot().records) == 1000, run.snapshot().fault
print(resident() - before)
"""

RUNS = """
from benchmarks.speed.memory import resident
from gan.setup import presets
from gan.runs import RunManager, ThreadRun
manager, config = RunManager(), presets.get("quick").but(pictures=96, epochs=2, device="cpu")
for number in range(100):
    if number == 10:
        before = resident()
    run = manager.starting.new(config, f"viewer {number}")
    run.wait()
    assert len(run.snapshot().records) == 2, run.snapshot().fault
    manager.leave(f"viewer {number}")
print(100 * resident() / before)
"""

LAZY = """
import sys
import gan.setup.config
print(int("torch" in sys.modules))
"""


def resident() -> int:
    """This process's resident memory in bytes (Linux)."""
    pages = int(Path("/proc/self/statm").read_text().split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE")


def _ask(program: str) -> float:
    run = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True)
    return float(run.stdout)


def rows() -> list[Row]:
    engine, history, runs, torch_came = _ask(ENGINE) / MB, _ask(HISTORY) / MB, _ask(RUNS), _ask(LAZY)
    return [
        Row("memory beyond torch, both embedded sets, quick training", "400 MB", f"{engine:.0f} MB", engine < 400),
        Row("memory that 990 more epochs add", "50 MB", f"{history:.0f} MB", history < 50),
        Row("memory after 100 runs, of that after 10", "110 %", f"{runs:.0f}%", runs <= 110),
        Row(
            "import gan.setup.config", "without torch", "with torch" if torch_came else "without torch", not torch_came
        ),
    ]


if __name__ == "__main__":
    show(rows())
