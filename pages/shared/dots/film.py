"""A run that was recorded, to look at before one has started any."""

from functools import lru_cache

import numpy as np

from gan import data
from gan.messages import msg
from gan.records import Plane
from gan.setup import presets
from pages.shared.draw.plane import FILM, FIRST, Scene
from pages.shared.draw.theme import ASSETS
from pages.shared.words import plain

FILE = ASSETS / "recordings" / "dots.npz"  # made by tools/make_dots_film.py
RECORDED = "dots"  # the recipe


@lru_cache(maxsize=1)
def moments() -> tuple[Plane, ...]:
    """The recorded moments, oldest first."""
    with np.load(FILE) as kept:
        of_each = [kept[name] for name in ("step", "fakes", "beliefs", "arrows", "heat", "grid")]
        noise = kept["noise"].astype(np.float32)
    return tuple(_moment(noise, *parts) for parts in zip(*of_each, strict=True))


def _moment(noise: np.ndarray, step: int, fakes, beliefs, arrows, heat: np.ndarray, grid) -> Plane:
    whole = {"fakes": fakes, "beliefs": beliefs, "arrows": arrows, "grid": grid}
    return Plane(
        step=int(step), noise=noise, heat=heat, **{name: part.astype(np.float32) for name, part in whole.items()}
    )


def scene() -> Scene:
    """The film as it is shown."""
    recipe = presets.get(RECORDED)
    alt = msg(
        "dots.film_alt", "A film of {count} moments of an earlier run: fakes move until they lie among the real dots.",
        count=len(moments()),
    )  # fmt: skip
    return Scene(
        run="film", moments=moments(), moves=FILM, reals=data.wanted(recipe).images.reshape(-1, 2), alt=plain(alt),
        on=FIRST, spread=2.0,
    )  # fmt: skip
