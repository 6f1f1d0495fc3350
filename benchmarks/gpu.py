"""What a graphics card (CUDA) makes of the engine.

    python -m benchmarks.gpu

`deep_mlp_vs_conv` on 60,000 pictures: 50 epochs of it with readings as the app takes them, a trial of recorded steps as
the app has it made, such steps against the textbook loop and against the same ones taken one by one, a stop of large
networks, and four runs at once. Where there is no card, a row says so.
"""

import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter

import torch

from benchmarks.report import Row, show, table
from benchmarks.speed import loop, textbook
from benchmarks.timing import take_turns
from gan import data
from gan.learn import device
from gan.learn.device.recorded import order
from gan.learn.pace import recorder_for
from gan.learn.trainer import Trainer
from gan.records import Word
from gan.setup import presets
from gan.setup.config import RunConfig

RECIPE = "deep_mlp_vs_conv"
EPOCHS = 50
AT_ONCE = 4
ROUNDS, SECONDS = 5, 2.0
STEPS = 300  # compared picture by picture


def _trainer(pictures: data.Pictures, **settings) -> Trainer:
    return Trainer(presets.get(RECIPE).but(device="cuda", data="mnist", **settings), pictures)


def _recorded(trainer: Trainer) -> Trainer:
    """With recorded steps that need no trial."""
    trainer.recorder = recorder_for(trainer.learner.device)
    return trainer


def _one_by_one(trainer: Trainer) -> Trainer:
    trainer.recorder = None
    return trainer


def course(pictures: data.Pictures) -> Row:
    """Fifty epochs, from pressing Start."""
    begun = perf_counter()
    *_, last = _trainer(pictures, epochs=EPOCHS).readings()
    torch.cuda.synchronize()
    seconds = perf_counter() - begun
    print(f"{EPOCHS} epochs: {seconds:.1f} s, {last.steps_per_second:.0f} steps a second in the last.\n")
    return Row(f"{EPOCHS} epochs of {RECIPE} on 60,000 pictures", "10 s", f"{seconds:.1f} s", seconds <= 10)


def trial(pictures: data.Pictures) -> Row:
    """A trial of recorded steps, in a process of its own: while it lasts, a run takes its steps one by one."""
    begun = perf_counter()
    ended = subprocess.run([sys.executable, *order(_trainer(pictures).learner)], capture_output=True, text=True)
    seconds, is_good = perf_counter() - begun, ended.returncode == 0
    said = (ended.stdout + ended.stderr).strip().splitlines()[-1:]
    outcome = "the same bits" if is_good else f"exit code {ended.returncode}: {' '.join(said)}"
    return Row("a trial of recorded steps", "the same bits", f"{outcome}, {seconds:.1f} s", is_good)


def stop() -> Row:
    """From the word to stop until the networks are kept, while large ones learn and the driver's queue is full."""
    config = RunConfig(architecture="dcgan", options={"width": 128}, batch_size=512, epochs=1000, device="cuda")
    trainer, asked = Trainer(config), perf_counter()
    for _ in trainer.readings(lambda: Word.STOP if perf_counter() > asked + SECONDS else Word.GO):
        pass
    trainer.checkpoint()
    seconds = perf_counter() - asked - SECONDS
    return Row("stop while large networks learn", "0.5 s", f"{seconds:.2f} s", seconds <= 0.5)


def places() -> Row:
    free, whole = torch.cuda.mem_get_info()
    count = device.runs_at_once()
    measured = f"{count} for {free / device.GIB:.1f} of {whole / device.GIB:.1f} GiB"
    return Row("places by what is free of the card", "at least 1", measured, count >= 1)


def pace(pictures: data.Pictures) -> list[Row]:
    """Recorded steps, steps taken one by one, and the textbook's, in turn."""
    endless = loop.endless(RECIPE, "cuda")
    with tempfile.TemporaryDirectory() as folder:
        textbook.write_mnist(pictures.images, pictures.labels, Path(folder))
        sides = {
            "recorded": loop.ours(_recorded(Trainer(endless, pictures)), 1),
            "one by one": loop.ours(_one_by_one(Trainer(endless, pictures)), 1),
            "textbook": loop.repeated(partial(next, textbook.steps(endless, Path(folder), "cuda")), 1),
        }
        times = take_turns(sides, ROUNDS, SECONDS)
    print(table(["side", "ms a step"], [[side, f"{time:.3f}"] for side, time in times.items()]) + "\n")
    against_textbook, against_one = (times[other] / times["recorded"] for other in ("textbook", "one by one"))
    return [
        Row("textbook loop's time over ours", "20", f"{against_textbook:.1f}", against_textbook >= 20),
        Row("the same steps one by one, over ours", "1", f"{against_one:.1f}", against_one >= 1),
    ]


def at_once(pictures: data.Pictures) -> Row:
    """What is left to each of several runs of a lonely run's speed, in equal shares of it."""

    def many(trainers: list[Trainer]) -> Callable[[float], int]:
        works = [loop.ours(trainer, 1) for trainer in trainers]

        def work(seconds: float) -> int:
            done = [0] * len(works)

            def run(number: int) -> None:
                done[number] = works[number](seconds)

            threads = [threading.Thread(target=run, args=(number,)) for number in range(len(works))]
            for thread in threads:
                thread.start()
            for thread in threads:
                thread.join()
            return sum(done)

        return work

    sides = {
        name: many([_trainer(pictures, epochs=100_000, seed=seed) for seed in range(count)])
        for name, count in (("alone", 1), ("at once", AT_ONCE))
    }
    times = take_turns(sides, ROUNDS, SECONDS)
    share = times["alone"] / times["at once"]
    return Row(f"each of {AT_ONCE} runs at once, in quarters of a lonely one's speed", "1", f"{share:.2f}", share >= 1)


def sameness(pictures: data.Pictures) -> Row:
    """Whether recorded steps draw what steps taken one by one draw."""
    count = STEPS * presets.get(RECIPE).batch_size
    few = data.Pictures(pictures.images[:count], pictures.labels[:count])
    recorded, one_by_one = ([*make(_trainer(few, epochs=1)).epochs()][-1].samples for make in (_recorded, _one_by_one))
    share = (recorded == one_by_one).mean()
    return Row(f"numbers of the samples that are equal after {STEPS} steps", "100 %", f"{share:.1%}", share == 1)


def rows() -> list[Row]:
    if device.choose("auto").type != "cuda":
        return [Row(f"{EPOCHS} epochs of {RECIPE} on a graphics card", "10 s", "no card here", None)]
    print(f"{torch.cuda.get_device_name()}, torch {torch.__version__}\n")
    pictures = loop.sixty_thousand()
    tried = trial(pictures)
    rows = [places(), tried, course(pictures), stop(), at_once(pictures)]
    return [*rows, *pace(pictures), sameness(pictures)] if tried.holds else rows


def main() -> None:
    show(rows())


if __name__ == "__main__":
    main()
