"""What makes training steps fast, and nothing else: without this folder training goes on, slower.

`gan.learn.pace` is the one place that asks for it, by these two names:

    quicken(net, shape)    have a new network's convolutions done by products of matrices, where that is faster
    recorder_for(device, order)  what takes a run's steps on a graphics card with one launch each, once what `order` has
                           Python run in another process has shown that it can; None for other devices
"""

from gan.fast.convolutions import quicken
from gan.fast.recorder import recorder_for

__all__ = ["quicken", "recorder_for"]
