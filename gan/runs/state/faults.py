"""What went wrong, as a sentence and something to try."""

import errno
from dataclasses import dataclass
from typing import Any, Self

from gan.data import NotBrought, NotDownloaded
from gan.messages import Message, Told, msg, verbatim

NO_MEMORY = ("out of memory", "can't allocate memory", "can't start new thread")


@dataclass(frozen=True)
class Fault:
    """Why a run failed: `what` happened and what to `try_` next, a sentence each."""

    what: Message
    try_: Message
    is_divergence: bool = False  # the losses grew beyond all numbers

    def to_dict(self) -> dict[str, Any]:
        """Plain JSON values, such that `from_dict` gives the same fault."""
        return {"what": self.what.to_dict(), "try_": self.try_.to_dict(), "is_divergence": self.is_divergence}

    @classmethod
    def from_dict(cls, plain: dict[str, Any]) -> Self:
        """Read `to_dict`'s form. Raises ValueError for anything else."""
        return cls(Message.from_dict(plain["what"]), Message.from_dict(plain["try_"]), plain["is_divergence"])


def explain(error: BaseException) -> Fault:
    """The fault that an exception of the engine means."""
    said = _said(error)
    if isinstance(error, ArithmeticError):
        return Fault(
            msg(
                "fault.diverged",
                "The numbers blew up: {said}.",
                said=error.message if isinstance(error, Told) else said,
            ),
            msg("fault.diverged.try", "Try a learning rate ten times smaller, or the Adam optimiser."),
            is_divergence=True,
        )
    if isinstance(error, MemoryError) or any(words in said.lower() for words in NO_MEMORY):
        return Fault(
            msg("fault.memory", "This computer ran out of memory."),
            msg(
                "fault.memory.try",
                "Try a smaller batch size, fewer classes or a smaller picture set, or close other programs.",
            ),
        )
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        return Fault(
            msg("fault.disk_full", "The disk is full."),
            msg("fault.disk_full.try", "Free some space and start again."),
        )
    if isinstance(error, NotBrought):
        return Fault(
            _sentence(error),
            msg("fault.not_brought.try", "Bring these pictures again, or take embedded ones."),
        )
    if isinstance(error, NotDownloaded):
        return Fault(
            _sentence(error),
            msg(
                "fault.not_downloaded.try",
                "Download the set with `python -m gan download NAME`, or take embedded pictures.",
            ),
        )
    if isinstance(error, ValueError):
        return Fault(_sentence(error), msg("fault.refused.try", "Change that setting and start again."))
    if isinstance(error, RuntimeError):
        return Fault(
            msg("fault.error", "The training stopped with an error: {said}.", said=said),
            msg("fault.error.try", "Try the preset quick, or other settings."),
        )
    return Fault(
        msg(
            "fault.unexpected",
            "The training stopped with an error that nobody expected: {kind}.",
            kind=type(error).__name__,
        ),
        msg("fault.unexpected.try", "Start again; if it comes back, try the preset quick and report it."),
    )


def _said(error: BaseException) -> str:
    """The first line of what an exception says, or its kind."""
    return (str(error).strip().splitlines() or [type(error).__name__])[0].rstrip(".")


def _sentence(error: BaseException) -> Message:
    """What an exception says, as a sentence of one line."""
    return error.message if isinstance(error, Told) else verbatim(f"{_said(error)}.")
