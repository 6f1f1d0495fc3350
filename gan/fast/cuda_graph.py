"""A training step on a graphics card as a CUDA graph: recorded once, then done again with a single launch.

A step is a few hundred small kernels, and a card is done with each sooner than Python can name the next (pytorch.org,
"CUDA semantics", CUDA Graphs).

The first failure ends all recording in this process: torch's allocator and random streams may go on in a state that
nobody has defined (github.com/pytorch/pytorch, 180395 and 190308). What failed is kept, for freeing it can end the
process. Whoever took steps makes its networks anew, from the last checkpoint.
"""

import gc
import logging
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch import Tensor

from gan.messages import Message, verbatim
from gan.records import NotRecorded

Work = Callable[[Tensor], list[Tensor | None]]

_recording = threading.Lock()
_failures: list[tuple[Message, tuple[Any, ...]]] = []  # why, and what was at work, which must not be freed


def fault() -> Message | None:
    """What went wrong first in this process: since then nothing is recorded."""
    return _failures[0][0] if _failures else None


class Card:
    """What the recordings of one run share: a stream, so that runs go side by side, and one pool of memory."""

    def __init__(self, device: torch.device) -> None:
        self._stream = torch.cuda.Stream(device)
        self._pool: Any = None

    def forget(self) -> None:
        """Be ready for other recordings, once those that were launched are done; then the old ones may go."""
        self._stream.synchronize()
        self._pool = None  # one whose recordings have all gone cannot be used again

    @contextmanager
    def at_work(self) -> Iterator[None]:
        """Have this thread's work go to the run's stream, after what it did before and before what it does next."""
        outside = torch.cuda.current_stream(self._stream.device)
        self._stream.wait_stream(outside)
        with torch.cuda.stream(self._stream):
            yield
        outside.wait_stream(self._stream)

    def record(self, work: Work, indices: Tensor, random: torch.Generator) -> Work:
        """Do `work(indices)`, and return what does the same with as many other indices; both return some tensors.

        Tensors that were there before are taken from where they are, and so are those that are returned. Both raise
        NotRecorded, and what they worked on is of no use any more, where the card or one of its libraries refuses.
        """
        graph = first = None
        try:
            place, graph = indices.clone(), torch.cuda.CUDAGraph()
            graph.register_generator_state(random)
            self._pool = self._pool or torch.cuda.graph_pool_handle()
            gc.collect()  # what is freed during a recording could spoil it
            with (
                _recording,
                torch.cuda.graph(graph, pool=self._pool, stream=self._stream, capture_error_mode="thread_local"),
            ):
                try:
                    outputs = work(place)
                except Exception as error:
                    first = error  # the end of the recording raises another
                    raise
        except Exception as error:
            raise _gave_up(first or error, graph, random, self) from (first or error)

        def step(indices: Tensor) -> list[Tensor | None]:
            try:
                place.copy_(indices)
                graph.replay()
            except Exception as error:
                raise _gave_up(error, graph, random, self) from error
            return outputs

        step(indices)  # nothing was computed so far
        return step


def _gave_up(error: Exception, *held: Any) -> NotRecorded:
    why = verbatim(str(error).partition("\n")[0].rstrip("."))
    if not _failures:
        logging.getLogger(__name__).error(
            "steps are taken one by one from now on, because recording one failed", exc_info=error
        )
    _failures.append((why, held))
    return NotRecorded(
        "fast.not_recorded",
        "A step could not be recorded on this graphics card, or not be done again: {reason}.",
        reason=why,
    )
