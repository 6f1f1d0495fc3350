"""The families: what kind of thing learns to draw. One folder each, found by its name.

A folder `gan/families/NAME/` says what the family is in `__init__.py`, whose constants are plain literals; its
`learner.py` defines `Learner`, a `gan.learn.learner.Learner` that takes one step from a batch to losses and updates;
`template.py` is that step once more, for scripts (`gan/export/script/pieces.py`).
The constants:

    OPTIMISERS = {"g_optimizer": ("generator",), ...}   which networks learn together; an architecture of the family has
                                                        a function for each, and one is always the generator
    READS = ("d_loss", ...)     the numbers that each step is counted by, of which a reading shows the means
    LOSSES = ("d_loss", ...)    those of them that the family makes small: where one is not finite, the run ends
    SOME = ("cycle", ...)       those of them that only some of its architectures read; in others they are no number
    SETTINGS = {"architecture": "mlp", ...}             what comes along with the family
    IGNORES = ("loss", ...)     settings that mean nothing to it
    OPTIONS = {"beta": (1.0, 0.0, 20.0)}                settings that only it has, as those of an architecture
    LIVE = ("beta",)            those of them that may change between two steps
    SCORED = 250                fakes that are scored at most, where drawing takes long; else 1,000
    STEPS = True                a picture comes out of its noise in several steps
    NOISE = "latent"            what a picture is made of: as many numbers as "latent_size" says, as many as it has
                                "pixels", or another "picture"
"""

from functools import partial
from importlib import import_module

from gan.messages import Message
from gan.parts import choices

CONSTANTS = {
    "OPTIMISERS": dict, "READS": tuple, "LOSSES": tuple, "SETTINGS": dict, "IGNORES": tuple, "OPTIONS": dict,
    "LIVE": tuple, "SOME": tuple, "SCORED": int, "STEPS": bool, "NOISE": str,
}  # fmt: skip

MOST_SCORED = 1_000  # fakes

names = partial(choices.names, __name__)
facts = partial(choices.facts, __name__)
title = partial(choices.title, __name__)


def parts(name: str) -> tuple[str, ...]:
    """The networks of a family, by name, in the order in which they are built."""
    return tuple(part for together in facts(name)["OPTIMISERS"].values() for part in together)


def judges(name: str) -> bool:
    """Whether a discriminator of the family tells real pictures from fakes."""
    return "discriminator" in parts(name)


def has_latent_space(name: str) -> bool:
    """Whether its pictures are made of as many numbers as one likes."""
    return facts(name).get("NOISE", "latent") == "latent"


def translates(name: str) -> bool:
    """Whether its generator makes pictures of other pictures, not of noise."""
    return facts(name).get("NOISE") == "picture"


def draws_in_steps(name: str) -> bool:
    """Whether a picture comes out of its noise in several steps, of which a film can be made."""
    return facts(name).get("STEPS", False)


def options(name: str) -> dict[str, tuple]:
    """The settings that only the family has."""
    return facts(name).get("OPTIONS", {})


def live(name: str) -> tuple[str, ...]:
    """Its options that may change while a run goes on."""
    return facts(name).get("LIVE", ())


def own_settings(name: str) -> dict[str, object]:
    """The settings that come along with the family; none for one that there is not."""
    return facts(name).get("SETTINGS", {}) if name in names() else {}


def ignored(name: str) -> tuple[str, ...]:
    """The settings that mean nothing to the family; none for one that there is not."""
    return facts(name).get("IGNORES", ()) if name in names() else ()


def always_read(name: str) -> tuple[str, ...]:
    """What each step of a family is counted by, whatever its architecture."""
    return tuple(read for read in facts(name)["READS"] if read not in facts(name).get("SOME", ()))


def most_scored(name: str) -> int:
    """How many fakes of a run are scored at most: fewer where drawing takes long."""
    return facts(name).get("SCORED", MOST_SCORED)


def losses(name: str) -> tuple[str, ...]:
    """Those of them that the family makes small."""
    return tuple(read for read in facts(name)["LOSSES"] if read in always_read(name))


def own_losses(name: str) -> tuple[str, ...]:
    """What it makes small beside what the two sides of a GAN do."""
    return tuple(loss for loss in facts(name)["LOSSES"] if loss not in facts("gan")["READS"])


def reading_title(reading: str) -> Message:
    """What a number that a family reads is called, such as "Reconstruction"."""
    return Message(f"reading.{reading}", reading.replace("_", " ").capitalize())


def learner(name: str) -> type:
    """What takes a family's steps; importing it imports torch."""
    return import_module(f"{__name__}.{name}.learner").Learner
