"""A map of fakes among real pictures, as a picture of pictures and as a table."""

import csv
import io
from typing import TYPE_CHECKING

import numpy as np

from gan.export.pictures import png

if TYPE_CHECKING:
    from gan.inside.latent.atlas import Atlas

REAL, FAKE = (0, 114, 178), (213, 94, 0)  # as everywhere: blue and vermilion
COLUMNS, ROWS = 48, 32  # places for a picture on the sheet
EDGE = 2  # pixels of a frame
PAPER = 255
NEAR = 3  # places away from where it belongs that a picture may lie, or else it is left out


def map_png(atlas: "Atlas") -> bytes:
    """Every picture near its place on the map, framed blue where it is real and orange where it is fake.

    None lies on another: where many belong, some are left out, of both kinds in turn.
    """
    height, width = atlas.images.shape[1:3]
    tall, wide = height + 2 * EDGE, width + 2 * EDGE
    sheet = np.full((ROWS * tall, COLUMNS * wide, 3), PAPER, np.uint8)
    for number, (column, row) in _seats(atlas).items():
        place = sheet[row * tall : (row + 1) * tall, column * wide : (column + 1) * wide]
        place[:] = framed(atlas.images[number][None], REAL if number < atlas.real else FAKE)[0]
    return png(sheet)


def framed(images: np.ndarray, colour: tuple[int, int, int]) -> np.ndarray:
    """Pictures uint8 (n, h, w) or (n, h, w, 3) in a frame of this colour, (n, h + 4, w + 4, 3)."""
    count, height, width = images.shape[:3]
    sheets = np.full((count, height + 2 * EDGE, width + 2 * EDGE, 3), colour, np.uint8)
    sheets[:, EDGE:-EDGE, EDGE:-EDGE] = images if images.ndim == 4 else images[..., None]
    return sheets


def _seats(atlas: "Atlas") -> dict[int, tuple[int, int]]:
    """The column and row of each picture that has a place: the nearest that is free, real ones and fakes in turn."""
    low, high = np.percentile(atlas.places, (1, 99), axis=0)
    shares = ((atlas.places - low) / np.maximum(high - low, 1e-9)).clip(0, 1)
    wanted = np.stack([shares[:, 0] * (COLUMNS - 1), (1 - shares[:, 1]) * (ROWS - 1)], 1)
    count = len(atlas.places)
    turns = np.argsort([2 * n if n < atlas.real else 2 * (n - atlas.real) + 1 for n in range(count)], kind="stable")
    rows, columns = np.indices((ROWS, COLUMNS))
    free, found = np.ones((ROWS, COLUMNS), bool), {}
    for number in turns:
        x, y = wanted[number]
        far = np.where(free, np.hypot(columns - x, rows - y), np.inf)
        row, column = np.unravel_index(far.argmin(), far.shape)
        if far[row, column] <= NEAR:
            free[row, column] = False
            found[int(number)] = (int(column), int(row))
    return found


def map_csv(atlas: "Atlas") -> str:
    """A row a picture: real or fake, where it lies, what the referee reads, and whether the other kind is near.

    Last what the discriminator believes of a fake, where it was asked.
    """
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\n")
    rows.writerow(["picture", "x", "y", "class", "sure", "near", "belief"])
    near = np.concatenate([atlas.reached, atlas.believable])
    for number, (x, y) in enumerate(atlas.places):
        read = ["", ""] if atlas.kinds is None else [int(atlas.kinds[number]), f"{atlas.sure[number]:.4f}"]
        whose = "real" if number < atlas.real else "fake"
        asked = atlas.beliefs is not None and number >= atlas.real
        belief = f"{atlas.beliefs[number - atlas.real]:.4f}" if asked else ""
        rows.writerow([whose, f"{x:.6g}", f"{y:.6g}", *read, int(near[number]), belief])
    return text.getvalue()
