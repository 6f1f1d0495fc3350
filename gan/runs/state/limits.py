"""What one server allows, so that a class can share it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Self

from gan.messages import Message, message_of
from gan.setup.kinds import Number, Whole

PREFIX = "GAN_STUDIO_"


def limit(default: Any, kind: Any) -> Any:
    """A dataclass field with the kind that checks its values."""
    return field(default=default, metadata={"kind": kind})


@dataclass(frozen=True, kw_only=True)
class Limits:
    """Each can be set in the environment: GAN_STUDIO_ and its name in capitals."""

    runs_at_once: int | None = limit(None, Whole(1, 256))  # that train side by side; None = what the computer can
    waiting: int = limit(200, Whole(0, 10_000))  # runs in the queue
    waiting_each: int = limit(16, Whole(0, 10_000))  # of one visitor; a sweep of four by four
    grace_seconds: float = limit(120.0, Number(0, 86_400))  # a run goes on alone; as long as Streamlit keeps a session
    past_mb: float = limit(64.0, Number(0, 100_000))  # for the kept epochs of one run
    library_mb: float | None = limit(None, Number(1, 10_000_000))  # for all runs; None = by the disk
    place_cores: int = limit(1, Whole(1, 256))  # on a cluster: what each run that trains takes of a node
    place_gpu: float = limit(0.25, Number(0, 16))  # and of a graphics card, unless it is to train without

    @classmethod
    def read(cls, environment: Mapping[str, str]) -> tuple[Self, list[Message]]:
        """The limits in the environment, and a message for each that means nothing: it keeps its default."""
        found, complaints = {}, []
        for item in fields(cls):
            name = PREFIX + item.name.upper()
            if name in environment:
                try:
                    found[item.name] = item.metadata["kind"].read(name, environment[name])
                except ValueError as error:
                    complaints.append(message_of(error))
        return cls(**found), complaints


DEFAULTS = Limits()
