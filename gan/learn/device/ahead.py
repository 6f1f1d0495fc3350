"""How far Python runs ahead of a device, which takes its orders without having done the ones before.

A driver's queue holds a thousand of them: whole seconds in which a stop or a new learning rate would do nothing.
"""

from collections import deque
from time import perf_counter

import torch

STEPS = 4  # ahead: the card never waits for Python, and a stop for few steps ...
SLOW = 0.1  # seconds; ... none ahead where one takes so long


class Ahead:
    """The steps that a device has been told to take, of one run. Tell it of each, on the run's own thread."""

    def __init__(self, device: torch.device) -> None:
        self._kind = device.type
        self._marks: deque[torch.cuda.Event] = deque()
        self._most = 0  # of them that are not done yet
        self._begun = 0.0  # when Python could go on after the step before

    def stepped(self) -> None:
        """One more step was asked for: wait while too many are not done."""
        if self._kind == "mps":
            torch.mps.synchronize()
        elif self._kind == "cuda":
            mark = torch.cuda.Event(blocking=True)  # the thread sleeps, where it would keep a core busy
            mark.record()
            self._marks.append(mark)
            while len(self._marks) > self._most:
                self._marks.popleft().synchronize()
            now = perf_counter()
            self._most = 0 if now - self._begun > SLOW else STEPS
            self._begun = now
