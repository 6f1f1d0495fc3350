"""Whether a run draws what it is asked for, as the referee reads it."""

import numpy as np

from gan import data
from gan.look import referee
from gan.look.observer import asked
from gan.records import Wish
from gan.setup.config import RunConfig


def as_asked(config: RunConfig, samples: np.ndarray, wish: Wish) -> float | None:
    """The share of a reading's `samples`, uint8 (64, h, w) or (64, h, w, 3), that the referee reads as the classes that
    they were to show, 0..1; of networks that are told no class as often as chance has it. None without a referee.
    """
    judge = referee.load(config.data)
    if judge is None or not data.is_here(config.data):
        return None
    if judge.channels != data.shape_of(config.data, config.picture_size)[0]:
        return None
    read = judge.look(samples)[1].argmax(1)
    return (read == asked(data.wanted(config).labels, wish)).float().mean().item()
