"""Looking inside a kept moment of a run. The door for all who have no torch: it is imported where it is needed.

Pictures are uint8 (h, w) or (h, w, 3); what is found comes as the plain records of `gan.inside.seen`.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from gan.inside.seen import Heat, Improved, LayerSeen, Looked, Reading, Sheet, Subject, Taught, Unit, Verdict
from gan.records import Wish
from gan.setup.config import RunConfig

if TYPE_CHECKING:
    from torch import nn

    from gan.inside.moment import Moment

__all__ = ["Heat", "Improved", "LayerSeen", "Looked", "Reading", "Sheet", "Subject", "Taught", "Unit", "Verdict"]

GRADIENT, OCCLUSION = METHODS = ("gradient", "occlusion")  # of `heat`


def open_moment(config: RunConfig, content: bytes) -> "Moment":
    """The moment that `run.moments` kept as `content`, of a run that had this `config` then; opened once for all.

    Raises ValueError with a sentence for content that is damaged or of other networks.
    """
    from gan.inside import moment

    return moment.open_moment(config, content)


def moment_of(generator: "nn.Module", config: RunConfig) -> "Moment":
    """A moment of a generator alone: with its space and the real pictures, without a discriminator."""
    from gan.inside import moment

    return moment.of_generator(generator, config)


def fakes(moment: "Moment", count: int, seed: int | None = None) -> Sheet:
    """What the forger draws of the run's own noise, or of another `seed`."""
    from gan.inside import judging

    return judging.fakes(moment, count, seed)


def reals(moment: "Moment", count: int, first: int = 0) -> Sheet:
    """Real pictures, from the number `first` on; none where they are not on this computer."""
    from gan.inside import judging

    return judging.reals(moment, count, first)


def judge(moment: "Moment", subject: Subject) -> Verdict:
    """What the discriminator makes of one picture."""
    from gan.inside import judging

    return judging.judge(moment, subject)


def heat(moment: "Moment", subject: Subject, method: str) -> Heat:
    """What made a picture look real or fake, by one of METHODS."""
    from gan.inside import heatmap

    return heatmap.heat(moment, subject, method)


def forger_step(moment: "Moment", place: int, steps: int = 1, seed: int | None = None) -> Improved:
    """The fake number `place` of `fakes` before and after the forger has learned `steps` times more."""
    from gan.inside import next_step

    return next_step.forger_step(moment, place, steps, seed)


def pixel_step(moment: "Moment", subject: Subject) -> Improved | None:
    """A picture and what the discriminator would rather see; None where its slope is no help."""
    from gan.inside import next_step

    return next_step.pixel_step(moment, subject)


def look_at_layers(moment: "Moment", subject: Subject) -> tuple[LayerSeen, ...]:
    """What each layer of the discriminator sees in a picture."""
    from gan.inside import layers

    return layers.look(moment, subject)


def read(moment: "Moment", picture: np.ndarray) -> Reading | None:
    """The class that the referee reads; None where there is no referee."""
    from gan.inside import judging

    return judging.reading_of(moment, picture)


def teach(moment: "Moment", subjects: Sequence[Subject], real: Sequence[float | None]) -> Taught:
    """Let a copy of the discriminator learn how real people found some pictures, 0..1."""
    from gan.inside import taught

    return taught.teach(moment, subjects, real)


def as_asked(config: RunConfig, samples: np.ndarray, wish: Wish) -> float | None:
    """The share of a reading's samples that the referee reads as the classes that they were to show, 0..1."""
    from gan.inside import asked

    return asked.as_asked(config, samples, wish)


def drawn_in(moment: "Moment", looks: int) -> Looked:
    """What a diffusion model draws in so many looks at the same noise."""
    from gan.inside import looks as sampling

    return sampling.drawn_in(moment, looks)


def translate(moment: "Moment", picture: np.ndarray) -> np.ndarray:
    """What a translator makes of a picture, uint8 of the form of the run's own."""
    from gan.inside import translating

    return translating.translate(moment, picture)


def into_frame(moment: "Moment", drawing: np.ndarray) -> np.ndarray:
    """A drawing of any size on blank paper as a picture that lies in its frame as the real ones do."""
    from gan.data.framing import framed

    return framed(drawing, moment.framing, *moment.shape[1:])
