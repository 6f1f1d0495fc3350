"""Whether there is room for a run in the memory, before it starts."""

from gan.learn.memory.estimates import estimate
from gan.learn.memory.free import free_bytes
from gan.messages import Message, Refusal
from gan.parts import nets, stabilisers
from gan.setup.config import RunConfig
from gan.setup.kinds import named

GIB = 2**30
MATTERS = 0.1  # a setting is named if its usual value would save this share

__all__ = ["check", "estimate", "free_bytes"]


def check(config: RunConfig) -> None:
    """Refuse a config whose run would not fit into what is free, with the settings that make it so large."""
    free = free_bytes(config.device)
    if free is None or (need := estimate(config)) <= free:
        return
    raise Refusal(
        "memory.too_large",
        "These settings need about {need:.1f} GB of memory, but only {free:.1f} GB are free. "
        "Make smaller: {settings:or}.",
        need=need / GIB, free=free / GIB, settings=_largest(config),
    )  # fmt: skip


def _largest(config: RunConfig) -> list[Message]:
    """The settings whose usual values would save most, the first three; the batch size where none would."""
    usual = RunConfig()
    smaller = [
        (named("batch_size"), {"batch_size": min(usual.batch_size, config.batch_size)}),
        (named("picture_size"), {"picture_size": "own"}),
        (named("latent_size"), {"latent_size": min(usual.latent_size, config.latent_size)}),
    ]
    for option in config.options:
        others = {name: value for name, value in config.options.items() if name != option}
        smaller.append((nets.option_title(option), {"options": others}))
    for name in config.strengths:
        smaller.append((stabilisers.title(name), {"stabilisers": {**config.stabilisers, name: 0}}))
    whole, savings = estimate(config), []
    for title, changes in smaller:
        saved = 1 - estimate(config.but(**changes)) / whole
        savings.append((saved, title))
    found = sorted(savings, key=lambda each: -each[0])
    return [title for saved, title in found if saved >= MATTERS][:3] or [named("batch_size")]
