"""Many independent trainings, as many at a time as there are cores, each with one thread."""

import multiprocessing
import os
from collections.abc import Callable, Iterable, Iterator
from typing import Any


def one_thread() -> None:
    import torch

    torch.set_num_threads(1)


def each(work: Callable[[Any], Any], items: Iterable[Any]) -> Iterator[Any]:
    """The result of `work(item)` for each item, in order, as they come; `work` is a function of a module."""
    with multiprocessing.get_context("spawn").Pool(os.cpu_count(), one_thread) as pool:
        yield from pool.imap(work, items)
