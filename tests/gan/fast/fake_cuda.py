"""As much of `torch.cuda` as recording needs, on a processor: what a graph does again, `frozen` does again here.

Any of its calls can be made to fail: with `fails=("replay", 2)` it is the second replay. A step
that fails halfway leaves the networks halfway, which a card might do too.
"""

from collections import Counter
from contextlib import contextmanager

import torch

from tests.gan.fast import frozen

CALLS = [  # each call that recording makes, and the time at which it fails
    ("CUDAGraph", 1), ("register_generator_state", 1), ("graph_pool_handle", 1), ("graph", 1), ("capture_begin", 1),
    ("kernel", 1), ("kernel", 60), ("capture_end", 1), ("capture_end", 2), ("replay", 1), ("replay", 2), ("replay", 9),
]  # fmt: skip


class FakeCuda:
    def __init__(self, monkeypatch, fails=("", 0)):
        self.fails, self.counts, self.pools = fails, Counter(), []
        for name in ("CUDAGraph", "Stream", "current_stream", "graph_pool_handle", "graph"):
            monkeypatch.setattr(f"torch.cuda.{name}", getattr(self, name))
        monkeypatch.setattr("torch.cuda.stream", lambda stream: stream)

    def call(self, name):
        self.counts[name] += 1
        if self.fails == (name, self.counts[name]):
            raise RuntimeError(f"CUDA error: {name} failed.\nCompile with TORCH_USE_CUDA_DSA.")

    def CUDAGraph(self):
        self.call("CUDAGraph")
        return Graph(self)

    def Stream(self, device):
        return Stream(self, device)

    def current_stream(self, device):
        return Stream(self, device)

    def graph_pool_handle(self):
        self.call("graph_pool_handle")
        return object()

    def graph(self, graph, pool, stream, capture_error_mode):
        self.call("graph")
        assert capture_error_mode == "thread_local" and pool and isinstance(stream, Stream)
        self.pools.append(pool)
        return self._capture(graph)

    @contextmanager
    def _capture(self, graph):
        self.call("capture_begin")
        try:
            with Kernels(self) as graph.calls:
                yield
        finally:
            self.call("capture_end")  # like torch's, it may hide the first error


class Kernels(frozen.Calls):
    def __init__(self, cuda):
        super().__init__()
        self.cuda = cuda

    def __torch_dispatch__(self, call, types, args=(), kwargs=None):
        self.cuda.call("kernel")
        return super().__torch_dispatch__(call, types, args, kwargs)


class Stream:
    def __init__(self, cuda, device):
        self.cuda, self.device = cuda, device

    def __enter__(self):
        return self

    def __exit__(self, *_):
        pass

    def wait_stream(self, other):
        self.cuda.call("wait_stream")

    def synchronize(self):
        self.cuda.call("synchronize")


class Graph:
    def __init__(self, cuda):
        self.cuda, self.calls, self.fresh = cuda, None, True

    def register_generator_state(self, random):
        assert isinstance(random, torch.Generator)
        self.cuda.call("register_generator_state")

    @torch.no_grad()
    def replay(self):
        self.cuda.call("replay")
        if self.fresh:  # here, recording it has done it
            self.fresh = False
            return
        for old, new in self.calls.again():
            if all(old.stride()) or not old.dim():  # else it is the same few numbers over and over
                old.copy_(new)
