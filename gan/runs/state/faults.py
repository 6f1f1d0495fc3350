"""What went wrong, as a sentence and something to try."""

import errno
from dataclasses import dataclass

from gan.data import NotDownloaded

NO_MEMORY = ("out of memory", "can't allocate memory", "can't start new thread")


@dataclass(frozen=True)
class Fault:
    """Why a run failed: `what` happened and what to `try_` next, a sentence each."""

    what: str
    try_: str
    is_divergence: bool = False  # the losses grew beyond all numbers


def explain(error: BaseException) -> Fault:
    """The fault that an exception of the engine means."""
    said = (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")
    if isinstance(error, ArithmeticError):
        return Fault(
            f"The numbers blew up: {said}.",
            "Try a learning rate ten times smaller, or the Adam optimiser.",
            is_divergence=True,
        )
    if isinstance(error, MemoryError) or any(words in said.lower() for words in NO_MEMORY):
        return Fault(
            "This computer ran out of memory.",
            "Try a smaller batch size, fewer classes or a smaller picture set, or close other programs.",
        )
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return Fault("The disk is full.", "Free some space and start again.")
    if isinstance(error, NotDownloaded):
        return Fault(f"{said}.", "Download it on the Train page, or take pictures that come with the app.")
    if isinstance(error, ValueError):
        return Fault(f"{said}.", "Change that setting and start again.")
    if isinstance(error, RuntimeError):
        return Fault(f"The training stopped with an error: {said}.", "Try the quick recipe, or other settings.")
    return Fault(
        f"The training stopped with an error that nobody expected: {type(error).__name__}.",
        "Start again; if it comes back, try the quick recipe and report it.",
    )
