"""Whether there is room for runs in the memory, before they start, and for what is changed on the way."""

from collections.abc import Sequence

from gan import families
from gan.learn.memory.estimates import estimate
from gan.learn.memory.free import free_bytes
from gan.messages import Message, Refusal
from gan.parts import nets, stabilisers
from gan.setup.config import RunConfig, most_parts
from gan.setup.kinds import named

GIB = 2**30
MATTERS = 0.1  # a setting is named if its usual value would save this share

__all__ = ["check", "check_change", "estimate", "free_bytes"]


def check(*configs: RunConfig, at_once: int | None = None, beside: Sequence[RunConfig] = ()) -> None:
    """Refuse configs whose runs would not fit together into what is free, with the settings that make them so large.

    Of these train so many `at_once`, or all; and `beside` them others that have yet to take their memory.
    """
    if (free := free_bytes(configs[0].device)) is not None:
        _fit(sorted(configs, key=estimate, reverse=True)[:at_once], free, beside)


def check_change(before: RunConfig, after: RunConfig) -> None:
    """Refuse a change for which a run that trains would not fit into what it has and what is free."""
    if (free := free_bytes(after.device)) is not None:
        _fit([after], free + estimate(before))


def _fit(configs: Sequence[RunConfig], free: float, beside: Sequence[RunConfig] = ()) -> None:
    largest, need = max(configs, key=estimate), sum(map(estimate, [*configs, *beside]))
    if estimate(largest) > free:
        raise _too_large(largest, free)
    if need > free:
        raise Refusal(
            "memory.too_large_together",
            "{count} runs that train at the same time need about {need:.1f} GB of memory, but only {free:.1f} GB are "
            "free. Train fewer at a time, or make smaller: {settings:or}.",
            count=len(configs) + len(beside), need=need / GIB, free=free / GIB, settings=_largest(largest),
        )  # fmt: skip


def _too_large(config: RunConfig, free: float) -> Refusal:
    told = {"need": estimate(config) / GIB, "free": free / GIB, "settings": _largest(config)}
    if parts := _fitting_parts(config, free):
        return Refusal(
            "memory.too_large_in_one",
            "These settings need about {need:.1f} GB of memory, but only {free:.1f} GB are free. "
            "Make smaller: {settings:or}. Or have each batch worked through in {parts} parts ({batch_parts}): "
            "then they need about {less:.1f} GB.",
            **told, parts=parts, batch_parts=named("batch_parts"), less=estimate(config.but(batch_parts=parts)) / GIB,
        )  # fmt: skip
    return Refusal(
        "memory.too_large",
        "These settings need about {need:.1f} GB of memory, but only {free:.1f} GB are free. "
        "Make smaller: {settings:or}.",
        **told,
    )


def _fitting_parts(config: RunConfig, free: float) -> int | None:
    """In how many parts at least its batches fit, as the page offers them; None where they never do."""
    if "batch_parts" in families.ignored(config.family):
        return None
    counts = (2**n for n in range(1, 7) if config.batch_parts < 2**n <= most_parts(config.batch_size))
    return next((count for count in counts if estimate(config.but(batch_parts=count)) <= free), None)


def _largest(config: RunConfig) -> list[Message]:
    """The settings whose usual values would save most, the first three; the batch size where none would."""
    usual = RunConfig()
    smaller = [
        (named("batch_size"), {"batch_size": min(usual.batch_size, config.batch_size), "batch_parts": 1}),
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
