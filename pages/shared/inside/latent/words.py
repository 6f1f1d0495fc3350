"""The words of the latent space: its views, what changes along a direction, what a group has in common."""

from typing import TYPE_CHECKING, NamedTuple

from gan import data
from gan.messages import Message, msg
from gan.setup.config import RunConfig

if TYPE_CHECKING:
    from gan.inside.latent.directions import Direction


class View(NamedTuple):
    title: Message
    about: Message  # in a line, shown all the time


VIEWS = {
    "new": View(
        msg("latent.new", "New ones"),
        msg("latent.new.about", "Every fake comes from a row of random numbers (a noise vector). Tap those you like."),
    ),
    "walk": View(
        msg("latent.walk", "Walk"),
        msg("latent.walk.about", "Change the numbers little by little: what lies between two pictures?"),
    ),
    "directions": View(
        msg("latent.directions", "Directions"),
        msg(
            "latent.directions.about",
            "Some directions change a picture more than others. They are found first, and named by what changed.",
        ),
    ),
    "mix": View(
        msg("latent.mix", "Mix"),
        msg("latent.mix.about", "Reckon with pictures: add, take away, and have children."),
    ),
    "map": View(
        msg("latent.map", "Map"),
        msg(
            "latent.map.about",
            "What looks alike lies close together. Where there is blue and no orange, the forger misses something.",
        ),
    ),
    "copies": View(
        msg("latent.copies", "Copied?"),
        msg("latent.copies.about", "Has the forger copied? Beside each fake, the five real pictures nearest to it."),
    ),
}

GROWS = {  # what a direction changes, by the trait that grows
    "thickness": msg("latent.grows.thickness", "thicker"),
    "slant": msg("latent.grows.slant", "leans to the right"),
    "width": msg("latent.grows.width", "wider"),
    "height": msg("latent.grows.height", "taller"),
    "brightness": msg("latent.grows.brightness", "brighter"),
    "warmth": msg("latent.grows.warmth", "warmer colours"),
    "colourfulness": msg("latent.grows.colourfulness", "more colourful"),
    "contrast": msg("latent.grows.contrast", "more contrast"),
}
NAMELESS = msg("latent.nameless", "no name for it")
GROUPS = {
    ("most", "thickness"): msg("latent.group.thick", "thick"),
    ("least", "thickness"): msg("latent.group.thin", "thin"),
    ("most", "slant"): msg("latent.group.slanted", "slanted"),
    ("least", "slant"): msg("latent.group.upright", "least slanted"),
    ("most", "width"): msg("latent.group.wide", "wide"),
    ("least", "width"): msg("latent.group.narrow", "narrow"),
    ("most", "height"): msg("latent.group.tall", "tall"),
    ("least", "height"): msg("latent.group.flat", "flat"),
    ("most", "brightness"): msg("latent.group.bright", "bright"),
    ("least", "brightness"): msg("latent.group.dark", "dark"),
    ("most", "warmth"): msg("latent.group.warm", "warm colours"),
    ("least", "warmth"): msg("latent.group.cold", "cold colours"),
    ("most", "colourfulness"): msg("latent.group.colourful", "colourful"),
    ("least", "colourfulness"): msg("latent.group.pale", "pale"),
    ("most", "contrast"): msg("latent.group.strong", "strong contrast"),
    ("least", "contrast"): msg("latent.group.weak", "weak contrast"),
}
LIKE = msg("latent.like", "more like {kind}")
NUMBERED = msg("latent.numbered", "{number}: {what}")


def class_name(config: RunConfig, kind: int) -> Message | str:
    return data.get(config.data).class_names[kind]


def change(config: RunConfig, direction: "Direction") -> Message:
    """What pictures do along a direction."""
    if direction.kind is not None:
        return LIKE.but(kind=class_name(config, direction.kind))
    return GROWS.get(direction.trait, NAMELESS)


def group(config: RunConfig, key: tuple[str, str | int]) -> Message | str:
    """What a group of fakes has in common."""
    return GROUPS.get(key) or class_name(config, key[1])
