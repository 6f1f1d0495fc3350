"""Get the process ready ahead of time, so that neither the first page nor a live run waits for it."""

import gc
import importlib
import threading


def warm_up() -> None:
    """Get ready on a background thread; a failure shows up again where it is needed."""
    threading.Thread(target=get_ready, name="warm-up", daemon=True).start()


def get_ready() -> None:
    """Import the trainer, and keep it out of all later garbage collection."""
    try:
        importlib.import_module("gan.learn.preview")
        _make_an_optimizer()
    except (ImportError, OSError, RuntimeError):
        return  # the first run repeats the import and reports it on its page
    # Streamlit collects garbage after every script run, each live update too. With torch's objects
    # among those to look through, that takes half of the interpreter's time; frozen ones are skipped.
    gc.collect()
    gc.freeze()


def _make_an_optimizer() -> None:
    """Torch imports half of itself with the first one: a second that the first pictures would wait for,
    and objects that would come too late to be frozen.
    """
    import torch

    torch.optim.SGD([torch.zeros(1)])
