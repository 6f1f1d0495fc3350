"""What is found inside a moment, as plain numbers and pictures."""

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, eq=False)
class Subject:
    """A picture to be judged, uint8 (h, w) or (h, w, 3).

    A `real` one is shown as the run shows real pictures, and among real ones where the discriminator looks at several.
    """

    picture: np.ndarray
    is_real: bool
    label: int | None = None  # the class that conditional networks are told


@dataclass(frozen=True)
class Verdict:
    """What the discriminator answers."""

    answer: float  # as it is: a logit, a critic's points, or a number from 0 to 1
    belief: float  # 0..1, how sure it is that the picture is real; nan where its numbers have run away


@dataclass(frozen=True, eq=False)
class Sheet:
    """Some pictures of one kind with what the discriminator makes of them."""

    pictures: np.ndarray  # uint8 (n, h, w) or (n, h, w, 3)
    labels: tuple[int | None, ...]
    beliefs: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class Heat:
    """What made a picture look real (above 0) or fake (below 0), pixel by pixel, in units of the answer."""

    values: np.ndarray  # float32 (h, w)
    verdict: Verdict
    blank: Verdict  # on the blank picture, with which the map compares


@dataclass(frozen=True, eq=False)
class Looked:
    """What a diffusion model draws in a number of looks."""

    looks: int
    pictures: np.ndarray  # some of them, uint8 (n, h, w) or (n, h, w, 3): of the same noise for every number
    realism: float | None  # of many; None where nobody can say
    seconds: float  # to draw one


@dataclass(frozen=True, eq=False)
class Improved:
    """A picture before and after somebody improved it."""

    before: np.ndarray  # uint8 (h, w) or (h, w, 3)
    after: np.ndarray
    change: np.ndarray  # float32 (h, w), -1..1: brighter above 0; the mean over the colours
    verdicts: tuple[Verdict, Verdict]


@dataclass(frozen=True, eq=False)
class Unit:
    """One feature of a layer, and the part of the picture that excites it most."""

    number: int
    strength: float  # its largest output
    map: np.ndarray | None  # uint8 (h, w), bright where it is excited; None for a layer without places
    box: tuple[int, int, int, int]  # top, left, bottom, right of that part, in pixels of the picture
    pattern: np.ndarray  # float32 (h, w), -1..1: how it would change with each pixel


@dataclass(frozen=True, eq=False)
class LayerSeen:
    """One layer of the discriminator as it sees a picture: its most excited features, the strongest first."""

    kind: str  # "Conv2d", "Linear", ...
    shape: tuple[int, ...]  # of its output
    units: tuple[Unit, ...]


@dataclass(frozen=True)
class Reading:
    """What the referee reads: a class, and its probability."""

    label: int
    share: float


@dataclass(frozen=True)
class Taught:
    """What a discriminator has learned from people; beliefs and shares are 0..1."""

    before: tuple[float, ...]  # its belief in each picture that it was shown
    after: tuple[float, ...]
    right_before: float  # how many of the pictures that nobody labelled it takes for what they are
    right_after: float
