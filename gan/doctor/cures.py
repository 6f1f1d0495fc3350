"""Changes of settings that are offered as cures."""

from typing import Any

from gan.doctor.diagnosis import Cure
from gan.messages import Message
from gan.setup.config import RunConfig

MOST_CURES = 3  # as many as fit under one sentence


def cures(config: RunConfig, *offers: tuple[Message, dict[str, Any]]) -> tuple[Cure, ...]:
    """The first offers that the config accepts and that change something."""
    cures = []
    for why, changes in offers:
        try:
            changed = config.but(**changes)
        except ValueError:
            continue  # not with this loss or architecture
        changes = {name: getattr(changed, name) for name in changes if getattr(changed, name) != getattr(config, name)}
        if changes:
            cures.append(Cure(why, changes))
    return tuple(cures[:MOST_CURES])


def add(config: RunConfig, stabiliser: str) -> dict[str, Any]:
    """The changes that switch a stabiliser on at its usual strength, beside those that are on."""
    if stabiliser in config.strengths:
        return {}
    return {"stabilisers": {**config.stabilisers, stabiliser: None}}


def rates(config: RunConfig, g_times: float, d_times: float) -> dict[str, Any]:
    """The changes that multiply both learning rates."""
    g_rate, d_rate = (
        rate if times == 1 else float(f"{rate * times:.3g}")
        for rate, times in ((config.learning_rate, g_times), (config.discriminator_learning_rate, d_times))
    )
    return {"learning_rate": g_rate, "d_learning_rate": None if d_rate == g_rate else d_rate}


def ratio(config: RunConfig) -> float:
    """D's learning rate in units of G's."""
    return config.discriminator_learning_rate / config.learning_rate
