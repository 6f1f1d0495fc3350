"""The class teaches the discriminator: what most said of a round's pictures becomes its labels."""

from gan import inside
from gan.inside import Subject, Taught
from gan.rooms.room import Result, Round
from gan.runs import Run


def teach(run: Run, shown: Round, result: Result) -> Taught | None:
    """Let a copy of the discriminator of that round's epoch learn what the class said; None where it said nothing.

    Raises ValueError with a sentence where the moment cannot be read.
    """
    said = said_real(shown, result)
    if said.count(None) == len(said):
        return None
    moment = inside.open_moment(*run.as_kept(shown.epoch))
    pictures = zip(shown.pictures, shown.is_fake, shown.labels, strict=True)
    return inside.teach(moment, [Subject(picture, not is_fake, label) for picture, is_fake, label in pictures], said)


def said_real(shown: Round, result: Result) -> list[float | None]:
    """The share of the class that took each picture for a real one, 0..1."""
    pairs = zip(result.fooled, shown.is_fake, strict=True)
    return [share if share is None or is_fake else 1 - share for share, is_fake in pairs]
