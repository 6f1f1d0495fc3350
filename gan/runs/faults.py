"""What went wrong, as a sentence and something to try."""

import errno
from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """Why a run failed: `what` happened and what to `try_` next, a sentence each."""

    what: str
    try_: str


def explain(error: BaseException) -> Fault:
    """The fault that an exception of the engine means."""
    text = f"{error}".strip()
    if isinstance(error, ArithmeticError):
        return Fault(
            f"The numbers blew up: {text or type(error).__name__}.",
            "Try a learning rate ten times smaller, or the Adam optimiser.",
        )
    if isinstance(error, MemoryError) or "out of memory" in text.lower() or "can't allocate memory" in text:
        return Fault(
            "This computer ran out of memory.",
            "Try a smaller batch size, fewer classes or a smaller picture set, or close other programs.",
        )
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return Fault("The disk is full.", "Free some space and start again.")
    if isinstance(error, ValueError | RuntimeError) and type(error).__module__.startswith(("builtins", "gan")):
        first_line = text.splitlines()[0] if text else type(error).__name__
        if isinstance(error, ValueError) or type(error).__module__.startswith("gan"):
            return Fault(first_line, "Change that setting and start again.")
        return Fault(f"The training stopped with an error: {first_line}", "Try the quick recipe, or other settings.")
    return Fault(
        f"The training stopped with an error that nobody expected: {type(error).__name__}.",
        "Start again; if it comes back, try the quick recipe and report it.",
    )
