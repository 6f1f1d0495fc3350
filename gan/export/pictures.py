"""Pictures that leave a run: sheets and films, as PNG and GIF files."""

import io
from collections.abc import Iterable, Sequence

import numpy as np

from gan.messages import Refusal

PLANE, SPOT = 96, 2  # pixels of a plane with dots, and of each dot, both ways

Colour = tuple[int, int, int]
SKY, ORANGE = (86, 180, 233), (240, 136, 62)  # for what looks real and what looks fake, on dark pictures
STRIP, BAR = 24, 4  # pixels below a sheet that tell its epoch, and of these of how far that is
FULL, FAINTER = (
    0.95,
    0.4,
)  # share of the marked pixels below the full colour; brightness left to the picture under a map


def grid(samples: np.ndarray, columns: int = 8, scale: int = 2, gap: int = 2) -> np.ndarray:
    """Samples uint8 (n, h, w) or (n, h, w, 3) on one black sheet, row by row, uint8 (H, W) or (H, W, 3).

    Every pixel becomes `scale` x `scale` equal ones; `gap` is in pixels of the sheet. Dots are one `plane`.
    Raises ValueError when there are no samples.
    """
    if not len(samples):
        raise Refusal("export.no_pictures", "There are no pictures to lay out.")
    if is_dots(samples):
        return plane(samples).repeat(scale, axis=0).repeat(scale, axis=1)
    return laid_out(samples, columns, scale, gap)


def is_dots(samples: np.ndarray) -> bool:
    """Whether these are dots, float32 (n, 1, 2), and no pictures."""
    return samples.dtype.kind == "f" and samples.shape[1:] == (1, 2)


def plane(dots: np.ndarray) -> np.ndarray:
    """Dots float32 (n, 1, 2), from -1 to 1, as one black square with a white spot for each, uint8 (96, 96)."""
    sheet = np.zeros((PLANE, PLANE), np.uint8)
    across, down = ((dots[:, 0] * (1, -1) + 1) / 2 * PLANE).T
    seen = np.isfinite(across) & np.isfinite(down)
    for x, y in zip(across[seen].clip(0, PLANE - SPOT), down[seen].clip(0, PLANE - SPOT), strict=True):
        sheet[int(y) : int(y) + SPOT, int(x) : int(x) + SPOT] = 255
    return sheet


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


def marked(picture: np.ndarray, values: np.ndarray, above: Colour = SKY, below: Colour = ORANGE) -> np.ndarray:
    """A picture uint8 (h, w) or (h, w, 3), fainter, with a signed map (h, w) over it, uint8 (h, w, 3).

    The colours are for what is above 0 and below; the strongest twentieth has all of its colour, or a few pixels would
    leave all others pale.
    """
    size = np.nan_to_num(np.abs(values))
    strong = np.quantile(size[size > 0], FULL) if size.any() else 1.0
    shade = np.clip(size / strong, 0, 1)[..., None] ** 0.6
    colour = np.where(values[..., None] > 0, np.array(above, float), np.array(below, float))
    return (in_colour(picture) * FAINTER * (1 - shade) + colour * shade).round().astype(np.uint8)


def in_colour(picture: np.ndarray) -> np.ndarray:
    """A picture uint8 (h, w) or (h, w, 3) with three colours, (h, w, 3)."""
    return picture if picture.ndim == 3 else np.repeat(picture[..., None], 3, axis=2)


def png(image: np.ndarray) -> bytes:
    """One picture uint8 (h, w) or (h, w, 3) as a PNG file."""
    from PIL import Image

    file = io.BytesIO()
    Image.fromarray(image).save(file, "PNG")
    return file.getvalue()


def _with_epoch(sheet: np.ndarray, epoch: int, last: int) -> np.ndarray:
    """A sheet uint8 (h, w) or (h, w, 3), and below it a bar as long as the way so far, with the epoch at its end."""
    from PIL import Image, ImageDraw, ImageFont

    _, width, *colours = sheet.shape
    strip = Image.new("L", (width, STRIP))
    draw, end = ImageDraw.Draw(strip), round(width * epoch / max(1, last))
    draw.rectangle((0, STRIP - BAR, width, STRIP), fill=60)
    draw.rectangle((0, STRIP - BAR, end, STRIP), fill=220)
    number, font = str(epoch), ImageFont.load_default(STRIP - BAR - 5)
    draw.text((min(end, width - draw.textlength(number, font) - 1), 1), number, fill=220, font=font)
    told = np.asarray(strip)
    return np.concatenate([sheet, in_colour(told) if colours else told])


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
    *,
    endless: bool = True,
    epochs: Sequence[int] = (),
) -> bytes:
    """One `grid` a frame as a GIF file, with time to look at the last one; endless, or played once.

    With `epochs`, one a frame, a strip below each sheet tells its own. GIF counts in hundredths of a second.
    Raises ValueError when there are no frames.
    """
    from PIL import Image

    sheets = [grid(samples, columns, scale, gap) for samples in frames]
    if not sheets:
        raise Refusal("export.no_frames", "There are no frames to show.")
    if epochs:
        sheets = [_with_epoch(sheet, epoch, epochs[-1]) for sheet, epoch in zip(sheets, epochs, strict=True)]
    images = [Image.fromarray(sheet) for sheet in sheets]
    durations = [milliseconds] * (len(images) - 1) + [last_milliseconds]
    file = io.BytesIO()
    images[0].save(
        file, "GIF", save_all=True, append_images=images[1:], duration=durations, **{"loop": 0} if endless else {}
    )
    return file.getvalue()
