"""Pictures that leave a run: sheets and films, as PNG and GIF files."""

import io
from collections.abc import Iterable

import numpy as np

from gan.messages import Refusal


def grid(samples: np.ndarray, columns: int = 8, scale: int = 2, gap: int = 2) -> np.ndarray:
    """Samples uint8 (n, h, w) or (n, h, w, 3) on one black sheet, row by row, uint8 (H, W) or (H, W, 3).

    Every pixel becomes `scale` x `scale` equal ones; `gap` is in pixels of the sheet.
    Raises ValueError when there are no samples.
    """
    if not len(samples):
        raise Refusal("export.no_pictures", "There are no pictures to lay out.")
    return laid_out(samples, columns, scale, gap)


def laid_out(samples: np.ndarray, columns: int = 8, scale: int = 2, gap: int = 2) -> np.ndarray:
    """`grid` of at least one picture."""
    columns = min(columns, len(samples))
    rows = -(-len(samples) // columns)
    large = samples.repeat(scale, axis=1).repeat(scale, axis=2)
    _, height, width, *colours = large.shape
    sheet = np.zeros((rows * (height + gap) - gap, columns * (width + gap) - gap, *colours), np.uint8)
    for index, picture in enumerate(large):
        top, left = index // columns * (height + gap), index % columns * (width + gap)
        sheet[top : top + height, left : left + width] = picture
    return sheet


def png(image: np.ndarray) -> bytes:
    """One picture uint8 (h, w) or (h, w, 3) as a PNG file."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()


def grid_png(samples: np.ndarray, columns: int = 8, scale: int = 2, gap: int = 2) -> bytes:
    """`grid` as a PNG file."""
    return png(grid(samples, columns, scale, gap))


def gif(
    frames: Iterable[np.ndarray],
    columns: int = 8,
    scale: int = 2,
    gap: int = 2,
    milliseconds: int = 200,
    last_milliseconds: int = 2000,
) -> bytes:
    """One `grid` a frame as an endless GIF file, with time to look at the last one.

    GIF counts in hundredths of a second. Raises ValueError when there are no frames.
    """
    from PIL import Image

    images = [Image.fromarray(grid(samples, columns, scale, gap)) for samples in frames]
    if not images:
        raise Refusal("export.no_frames", "There are no frames to show.")
    durations = [milliseconds] * (len(images) - 1) + [last_milliseconds]
    file = io.BytesIO()
    images[0].save(file, "GIF", save_all=True, append_images=images[1:], duration=durations, loop=0)
    return file.getvalue()
