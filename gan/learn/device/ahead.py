"""How far Python runs ahead of a device, which takes its orders without having done the ones before.

A driver's queue holds a thousand of them: whole seconds in which a stop or a new learning rate would do nothing.
"""

from collections import deque

import torch

STEPS = 4  # ahead: the card never waits for Python, and a stop for few steps


class Ahead:
    """The steps that a device has been told to take, of one run. Tell it of each, on the run's own thread."""

    def __init__(self, device: torch.device) -> None:
        self._kind = device.type
        self._marks: deque[torch.cuda.Event] = deque()

    def stepped(self) -> None:
        """One more step was asked for: wait while more than `STEPS` are not done."""
        if self._kind == "mps":
            torch.mps.synchronize()
        elif self._kind == "cuda":
            # The marks come round again. One that blocks lets the thread sleep, where it would keep a core busy.
            mark = self._marks.popleft() if len(self._marks) == STEPS else torch.cuda.Event(blocking=True)
            mark.synchronize()
            mark.record()
            self._marks.append(mark)
