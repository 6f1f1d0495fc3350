"""Files in, pictures of a set out, and a sentence about each file that is none."""

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

import numpy as np
from PIL import Image

from gan.data.own import decode, ink, sources
from gan.data.own.naming import MOST_PICTURES
from gan.data.own.sets import OwnSet, kind_name, make
from gan.data.own.sources import File
from gan.messages import Message, Refusal, msg

MOST_PIXELS = 1_000_000_000  # of all pictures of a reading, as `decode.cost` counts them
SATURATED = 48  # levels of 255 between a pixel's strongest and weakest colour
COLOURFUL = 0.2  # of a picture's pixels


@dataclass(frozen=True, eq=False)
class Found:
    """A picture as both kinds of set would have it: uint8 (28, 28), and (32, 32, 3); and which `kind` it is of.

    One that comes out of a set of ours is as it was there, `was_coloured` or not.
    """

    kind: str
    grey: np.ndarray
    colour: np.ndarray
    was_coloured: bool | None = None

    def of(self, is_coloured: bool) -> np.ndarray:
        """The picture as a set in colour, or a grey one, has it."""
        return self.colour if is_coloured else self.grey


@dataclass
class Reading:
    """What was found, in the order of the files, and what was left out."""

    found: list[Found] = field(default_factory=list)
    complaints: list[Message] = field(default_factory=list)


def read(files: Iterable[File | Message], several: bool = False) -> Reading:
    """The pictures in these files; with `several` a sheet of paper holds more than one. Never raises for a file."""
    told, left = Reading(), MOST_PIXELS
    for file in files:
        if isinstance(file, Message):
            told.complaints.append(file)
            continue
        if len(told.found) >= MOST_PICTURES:
            told.complaints.append(
                msg("own.full", "There are {count:,} pictures already: {file} and all after it were left out.",
                    count=MOST_PICTURES, file=file.name)
            )  # fmt: skip
            break
        try:
            image = decode.opened(file.name, file.content)
            left -= decode.cost(image)
            if left < 0:
                told.complaints.append(sources.enough(file.name))
                break
            told.found += _pictures(file, image, several)
        except Refusal as refusal:
            told.complaints.append(refusal.message)
        except Exception:
            logging.getLogger(__name__).exception("A picture could not be read.")
            told.complaints.append(decode.broken(file.name).message)
    return told


def drawn(pixels: np.ndarray, kind: str) -> Found | None:
    """What was drawn on a pad, light ink on dark uint8 (n, n); None where that is nothing."""
    picture = np.repeat(pixels[..., None], 3, 2)
    found = next(ink.drawings(picture), None)
    return None if found is None else Found(kind_name(kind), found, ink.coloured(picture))


def made_of(found: Sequence[Found], is_coloured: bool) -> OwnSet:
    """The set of these pictures, in colour or grey. Raises Refusal where there are none, or too many."""
    return make([each.of(is_coloured) for each in found], [each.kind for each in found])


def first_few(complaints: Sequence[Message], most: int) -> list[Message]:
    """At most so many of the sentences about what was left out, and how many more there are."""
    left = len(complaints) - most
    return [*complaints[:most], *([msg("own.more", "{count} more were left out.", count=left)] if left > 0 else [])]


def are_coloured(found: Iterable[Found]) -> bool:
    """Whether most of these were in colour, or where nobody knows are colourful pictures rather than drawings."""
    votes = [_is_colourful(each.colour) if each.was_coloured is None else each.was_coloured for each in found]
    return bool(votes) and sum(votes) > len(votes) / 2


def _is_colourful(picture: np.ndarray) -> bool:
    return np.mean(np.ptp(picture, axis=2) > SATURATED) > COLOURFUL


def _pictures(file: File, image: Image.Image, several: bool) -> list[Found]:
    pixels, kind = decode.pixels(file.name, image), kind_name(file.kind)
    if file.is_finished and pixels.shape[:2] in ((ink.GREY, ink.GREY), (ink.COLOUR, ink.COLOUR)):
        return [Found(kind, _grey(pixels), ink.coloured(pixels), was_coloured=pixels.shape[0] == ink.COLOUR)]
    if min(pixels.shape[:2]) < 8:
        raise Refusal("own.too_small", "{file} is too small to show anything, so it was left out.", file=file.name)
    drawn = list(ink.drawings(pixels, several))
    if not drawn:
        raise Refusal("own.empty", "{file} is empty: nothing is drawn on it.", file=file.name)
    if len(drawn) == 1:
        return [Found(kind, drawn[0], ink.coloured(pixels))]
    return [Found(kind, each, ink.coloured(np.repeat(each[..., None], 3, 2))) for each in drawn]


def _grey(pixels: np.ndarray) -> np.ndarray:
    """A finished picture as one of 28: it is one, or what is drawn on one in colour."""
    if pixels.shape[0] == ink.GREY:
        return pixels[..., 0]
    return next(ink.drawings(pixels), np.zeros((ink.GREY, ink.GREY), np.uint8))
