"""A training step on a graphics card as a CUDA graph: recorded once, then done again with a single launch.

A step is a few hundred small kernels, and a card is done with each sooner than Python can name the next (pytorch.org,
"CUDA semantics", CUDA Graphs).
"""

import gc
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import torch
from torch import Tensor

from gan.messages import Told, verbatim

Step = Callable[[Tensor], list[Tensor | None]]

_recording = threading.Lock()


class NotRecorded(Told):
    """The step was taken, but cannot be recorded; the message says why."""


def record(work: Step, indices: Tensor, random: torch.Generator) -> Step:
    """Do `work(indices)`, and return what does the same with as many other indices; both return some tensors.

    Tensors that were there before are taken from where they are, and so are those that are returned. Raises
    NotRecorded, with the work done, where the card or one of its libraries refuses.
    """
    before, place = random.get_state(), indices.clone()
    graph = torch.cuda.CUDAGraph()
    graph.register_generator_state(random)
    gc.collect()  # what is freed during a recording could spoil it
    try:
        with _recording:
            graph.capture_begin(capture_error_mode="thread_local")  # other runs go on
            try:
                outputs = work(place)
            finally:
                graph.capture_end()
    except RuntimeError as error:
        random.graphsafe_set_state(torch.Generator(random.device).set_state(before))
        work(indices)
        raise NotRecorded(verbatim(str(error).partition("\n")[0].rstrip("."))) from error

    def step(indices: Tensor) -> list[Tensor | None]:
        place.copy_(indices)
        graph.replay()
        return outputs

    step(indices)  # nothing was computed so far
    return step


def own_stream(device: torch.device) -> torch.cuda.Stream | None:
    """A stream for one run's work on a CUDA device: runs go side by side, and what goes there can be recorded."""
    return torch.cuda.Stream(device) if device.type == "cuda" else None


@contextmanager
def on(stream: torch.cuda.Stream | None) -> Iterator[None]:
    """Have this thread's work go to that stream, after what it did before and before what it does next."""
    if stream is None:
        yield
        return
    outside = torch.cuda.current_stream(stream.device)
    stream.wait_stream(outside)
    with torch.cuda.stream(stream):
        yield
    outside.wait_stream(stream)
