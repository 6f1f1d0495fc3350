"""What the doctor can say."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from gan.messages import Message


class Condition(StrEnum):
    TOO_EARLY = "too_early"
    HEALTHY = "healthy"
    MODE_COLLAPSE = "mode_collapse"
    DISCRIMINATOR_TOO_STRONG = "discriminator_too_strong"
    GENERATOR_TOO_STRONG = "generator_too_strong"
    OSCILLATION = "oscillation"
    DIVERGENCE = "divergence"
    OVERFITTING = "overfitting"  # the discriminator learns its pictures by heart
    WORSENING = "worsening"  # the pictures were better before
    ONE_SIDED = "one_sided"  # one of the networks is set to stand still: no illness, and no game either


@dataclass(frozen=True)
class Cure:
    """One thing to try. `config.but(**changes)` is valid, and every change differs from the config."""

    why: Message  # what it does, in a sentence
    changes: dict[str, Any]


@dataclass(frozen=True)
class Diagnosis:
    """What the doctor says: a sentence each for what is seen and where it comes from, the best cure first."""

    name: Condition
    evidence: Message
    cause: Message
    cures: tuple[Cure, ...] = ()
