"""The losses: one file each, found by its name; each says what D and G make small.

A file `gan/parts/losses/NAME.py` defines, on D's answers as numbers (n,), the logits:

    discriminator(real, fake)    what D makes small; with labels also `real_label`, 1 unless smoothed
    generator(fake, real)        what G makes small; `real` is None unless NEEDS_REAL

and these constants, where they are not the default:

    NEEDS_REAL = True            G's loss looks at D's answers to the real pictures too
    CRITIC = True                D gives points, whose zero means nothing, not the logit of a probability
    LINEAR = True                D's answer is its belief as it stands, 0 fake and 1 real, not a logit
    HAS_MARGIN = True            D is not asked to be surer than a margin, so how sure it is says little
    GUESSING = 1.386294          D's loss when it can only guess, above 0; without it, D's loss has no such level
    SATURATES = True             G learns next to nothing while D is sure of its fakes
    BRINGS = {"r1": 1.0}         stabilisers that belong to the loss, with their strengths
    SETTINGS = {"d_steps": 5}    what its paper trains it with: comes along when somebody chooses the loss
    REFUSES = {"name": "why"}    choices that it does not go with
"""

from functools import partial
from typing import Any

from gan.parts import choices

CONSTANTS = {
    "NEEDS_REAL": bool, "CRITIC": bool, "LINEAR": bool, "HAS_MARGIN": bool, "GUESSING": float, "SATURATES": bool,
    "BRINGS": dict, "SETTINGS": dict, "REFUSES": dict,
}  # fmt: skip

names = partial(choices.names, __name__)
get = partial(choices.get, __name__)
module = partial(choices.module, __name__)
facts = partial(choices.facts, __name__)
title = partial(choices.title, __name__)
refusals = partial(choices.refusals, __name__)


def own_settings(name: str) -> dict[str, Any]:
    """The settings that its paper trains the loss `name` with; none for most, and for one that there is not."""
    return facts(name).get("SETTINGS", {}) if name in names() else {}


def own_stabilisers(name: str) -> dict[str, float]:
    """The stabilisers that belong to the loss `name`, with their strengths."""
    return facts(name).get("BRINGS", {})
