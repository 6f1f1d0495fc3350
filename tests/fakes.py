"""A trainer without torch whose readings a test releases one by one."""

import asyncio
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from math import nan
from time import monotonic
from typing import ClassVar

import numpy as np

from gan import data
from gan.records import SAMPLES, Change, EpochRecord, Measures, Plane, Reading, Scores, Wish, Word
from gan.setup import presets

EMBEDDED = [name for name, config in presets.PRESETS.items() if not data.get(config.data).download_mb]


class Clock:
    """A clock that a test moves."""

    now = 0.0
    step = 0.0  # by itself, at each look

    def __call__(self) -> float:
        self.now += self.step
        return self.now


def wait_until(condition: Callable[[], object], timeout: float = 10.0) -> None:
    """Wait for what a background thread brings about; fails after `timeout` seconds."""
    end = monotonic() + timeout
    while not condition():
        assert monotonic() < end, "the condition never came true"
        threading.Event().wait(0.005)


class FakeEyes:
    """What a fake trainer's checkpoints show: their epoch, or the class that is wished for, as a shade of grey."""

    @staticmethod
    def check(config, moments):
        for epoch, moment in moments.items():
            if int(moment.split()[1]) != epoch:
                raise ValueError(f"not after epoch {epoch}")

    @staticmethod
    def look_back(config, moment, wish):
        return np.full((SAMPLES, 28, 28), 100 + int(moment.split()[1]), dtype=np.uint8), (0.5,) * SAMPLES

    @staticmethod
    def measure(config, moment):
        """The VAE is blurry, diffusion is slow, and the GAN draws best."""
        family, real = config.family, Scores(samples=9, realism=0.5, variety=10.0, shares=(1.0,), recall=0.9)
        return Measures(
            scores=replace(real, realism={"gan": 3.0, "vae": 7.0}.get(family, 9.0) + config.seed, recall=0.6),
            real=real,
            sharpness=0.3 if family == "vae" else 0.5,
            real_sharpness=0.56,
            draw_seconds=0.4 if family == "diffusion" else 0.004,
            jump=0.08,
            error=0.1 if family == "vae" else None,
        )

    @staticmethod
    def look_again(config, moment, wish, reading):
        if is_dots(config):
            return replace(reading, plane=fake_plane(10 * int(moment.split()[1]), config) if wish.plane else None)
        return replace(reading, samples=np.full_like(reading.samples, 200 + (wish.label or 0)))


def is_dots(config) -> bool:
    return data.get(config.data).is_dots


def fake_plane(step: int, config) -> Plane:
    """Fakes on a ring that shrinks with each step; the detective believes each second one."""
    around = np.linspace(0, 2 * np.pi, 250, dtype=np.float32)
    ring = np.stack([np.cos(around), np.sin(around)], 1) / (1 + step)
    beliefs = np.tile(np.float32([0.25, 0.75]), 125)
    noise = np.tile(ring[:, :1], config.latent_size)
    grid = np.zeros((21, 21, 2) if config.latent_size == 2 else (0, 2), np.float32)
    return Plane(step, ring, noise, beliefs, -ring, np.full((40, 40), 100, np.uint8), grid)


class FakeTrainer:
    """Yields an untrained Reading, then an EpochRecord each time `go` is called; `fail` makes it raise."""

    made: ClassVar[list] = []  # all of them, oldest first
    wish = Wish()
    floor = None
    remark = None
    threads = 1
    scores = None  # of every whole epoch

    def __init__(self, config, start: bytes | None = None, changes=(), budget=None) -> None:
        self.budget = budget  # an epoch takes a second of it
        self.config, self.start, self.to_repeat = config, start, changes
        self.changes = []
        self.epoch = float(start.split()[1]) if start else 0.0
        self._released = threading.Semaphore(0)
        self._error: BaseException | None = None
        FakeTrainer.made.append(self)

    def go(self, epochs: int = 1) -> None:
        for _ in range(epochs):
            self._released.release()

    def fail(self, error: BaseException) -> None:
        self._error = error
        self.go()

    def checkpoint(self) -> bytes:
        return b"after %d" % self.epoch

    def change(self, **settings) -> None:
        self.config = self.config.steered(**settings)
        self.changes.append(Change(10 * int(self.epoch), self.epoch, settings))

    @property
    def trained_seconds(self) -> float:
        return self.epoch

    def readings(self, ask, every_seconds: float = 0.5):
        yield replace(self._reading(Reading, int(self.epoch)), d_loss=nan, g_loss=nan)
        last = round(self.budget.seconds) if self.budget else self.config.epochs
        for epoch in range(int(self.epoch) + 1, last + 1):
            while (word := ask()) is not Word.GO or not self._released.acquire(timeout=0.01):
                if word is Word.STOP:
                    return
                if word is Word.SHOW:
                    yield self._reading(Reading, epoch - 1)
            if self._error:
                raise self._error
            self.epoch = float(epoch)
            yield self._reading(EpochRecord, epoch)

    def _reading(self, kind, epoch: int):
        dots = is_dots(self.config)
        return kind(
            epoch=epoch,
            step=10 * epoch,
            d_loss=1.25 if epoch else nan,
            g_loss=0.75 if epoch else nan,
            d_real=0.75 if epoch else nan,
            d_fake=0.25 if epoch else nan,
            real_passed=0.875 if epoch else nan,
            fake_passed=0.25 if epoch else nan,
            seconds=0.5,
            steps_per_second=20.0,
            samples=np.zeros((SAMPLES, 1, 2), np.float32)
            if dots
            else np.full((SAMPLES, 28, 28), min(255, epoch), np.uint8),
            plane=fake_plane(10 * epoch, self.config) if dots and self.wish.plane else None,
            sample_scores=tuple(0.75 if n < 6 else 0.25 for n in range(SAMPLES)),
            scores=self.scores if epoch else None,
        )


def completed(coroutine):
    """What a coroutine returns, also where a browser test has left an event loop on this thread."""
    with ThreadPoolExecutor(1) as elsewhere:
        return elsewhere.submit(asyncio.run, coroutine).result()
