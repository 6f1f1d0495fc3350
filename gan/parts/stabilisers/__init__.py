"""The stabilisers: one file each, found by its name; each changes one thing about a training step.

A file `NAME.py` here, or in a folder below, defines `class Stabiliser(Base)` with some of the hooks of
`gan.parts.hooks.Base`, and the constants

    STRENGTH = (default, low, high)    what its number may be; whole numbers if all three are
    BUILT_IN = True                    it changes D's layers, so a run has it from its first step to its last
    COUPLES = True                     its D judges a picture together with others
    REFUSES = {"name": "why"}          choices that it does not go with, "norm=batch" of an option or "dots" too
"""

from collections.abc import Mapping
from functools import partial

from gan.parts import choices

CONSTANTS = {"STRENGTH": tuple, "BUILT_IN": bool, "COUPLES": bool, "REFUSES": dict}

names = partial(choices.names, __name__)
get = partial(choices.get, __name__)
module = partial(choices.module, __name__)
facts = partial(choices.facts, __name__)
title = partial(choices.title, __name__)
refusals = partial(choices.refusals, __name__)


def make(strengths: Mapping[str, float], random=None) -> list:
    """The stabilisers of a run, ready to work; `random` is its torch.Generator."""
    made = [get(name).Stabiliser(strength, random) for name, strength in sorted(strengths.items())]
    return sorted(made, key=lambda stabiliser: stabiliser.order)
