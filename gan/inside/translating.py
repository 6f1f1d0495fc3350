"""A moment's translator, asked about single pictures."""

import numpy as np

from gan.inside.judging import as_input, as_picture
from gan.inside.moment import Moment
from gan.look.networks import draw


def translate(moment: Moment, picture: np.ndarray) -> np.ndarray:
    """What it makes of a picture uint8 (h, w) or (h, w, 3)."""
    return as_picture(moment, draw(moment.generator, as_input(moment, picture))[0])
