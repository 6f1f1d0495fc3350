"""The architectures: one file each, found by its name.

A file `gan/parts/nets/NAME.py` defines `generator(config, shape)` and `discriminator(config, shape)`;
`shape` is (channels, height, width). They return a `Generator` and a `Discriminator` of
`gan.parts.blocks`: the first takes noise (n, latent_size) and gives pictures (n, channels, height,
width), the second takes pictures and gives logits (n,). Both also take labels (n,), which only those
with CONDITIONAL look at; a generator then also takes weights of classes (n, classes). Its constants:

    OPTIONS = {"depth": (3, 1, 6), "norm": ("batch", "none")}    (default, low, high), or names, default first
    CONDITIONAL = True                 the networks are told the class
    BRINGS = {"spectral_norm": 1}      stabilisers that belong to it, with their strengths
    FAMILY = "vae"                     whose networks they are, if not a GAN's; then it defines a function for each
                                       network that the family has (`gan.families`)
    REFUSES = {"name": "why"}          choices that it does not go with, "dots" for all sets of dots
"""

from functools import partial

from gan.messages import Message
from gan.parts import choices

CONSTANTS = {"OPTIONS": dict, "CONDITIONAL": bool, "FAMILY": str, "BRINGS": dict, "REFUSES": dict, "HALVES_PAIRS": bool}

names = partial(choices.names, __name__)
get = partial(choices.get, __name__)
module = partial(choices.module, __name__)
facts = partial(choices.facts, __name__)
title = partial(choices.title, __name__)
refusals = partial(choices.refusals, __name__)


def of_family(family: str) -> tuple[str, ...]:
    """The architectures of a family."""
    return tuple(name for name in names() if family_of(name) == family)


def family_of(name: str) -> str:
    """The family whose networks these are."""
    return facts(name).get("FAMILY", "gan")


def options(name: str) -> dict[str, tuple]:
    """The settings that only the architecture `name` has."""
    return facts(name).get("OPTIONS", {})


def option_title(option: str) -> Message:
    """What an architecture's option is called, such as "Class weight"."""
    return Message(f"option.{option}", option.replace("_", " ").capitalize())


def value_title(option: str, value: str) -> Message:
    """What a value of such an option is called, for options that are a choice; "norm=batch" is its name."""
    return Message(f"option.{option}.{value}", value.replace("_", " ").capitalize(), {"name": f"{option}={value}"})


def is_conditional(name: str) -> bool:
    """Whether its networks are told the class, so that one can ask for it."""
    return facts(name).get("CONDITIONAL", False)


def own_stabilisers(name: str) -> dict[str, float]:
    """The stabilisers that belong to the architecture `name`, with their strengths."""
    return facts(name).get("BRINGS", {})
