"""A photograph of a drawing on paper: the paper is found and straightened, the light on it evened, and the ink kept."""

import numpy as np
from PIL import Image, ImageFilter

SEARCHED = 200  # pixels of the longer side in which the paper is looked for
LEAST_PAPER = 0.15  # of the photo
FIT = (0.8, 1.25)  # the area of the four corners' shape, by that of the paper found: else it is no sheet
INSIDE = 0.03  # of the paper's sides, cut off: its edges and their shadows
LIGHT = 24  # pixels: at this size the light is looked at
DARK = 90  # levels of 255: most of a photo of a board is darker
STRAY = 0.004  # of all ink: what has less is a speck


def photographed(photo: np.ndarray) -> np.ndarray:
    """How much ink is where on the paper in a photo uint8 (h, w, 3), or chalk on a board: float (h, w), 0..255."""
    sheet = straightened(photo)
    is_board = sheet is photo and np.median(photo) < DARK
    ink = _evened(255 - sheet if is_board else sheet)
    level = otsu(ink)
    soft = np.clip((ink - 0.6 * level) / (0.8 * level), 0, 1) * 255
    return _without_strays(soft)


def straightened(photo: np.ndarray) -> np.ndarray:
    """The sheet of paper in a photo, as if seen from straight above; the photo where none stands out."""
    corners = _corners(photo)
    if corners is None:
        return photo
    centre = corners.mean(0)
    corners = centre + (corners - centre) * (1 - 2 * INSIDE)
    (left_top, right_top, right_bottom, left_bottom) = corners
    width = round((_length(right_top - left_top) + _length(right_bottom - left_bottom)) / 2)
    height = round((_length(left_bottom - left_top) + _length(right_bottom - right_top)) / 2)
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], float)
    way = Image.Transform.PERSPECTIVE
    flat = Image.fromarray(photo).transform(
        (width, height), way, perspective(target, corners), Image.Resampling.BILINEAR
    )
    return np.asarray(flat)


def perspective(seen: np.ndarray, there: np.ndarray) -> tuple[float, ...]:
    """The eight numbers by which Pillow finds for each point of `seen` (4, 2) that of `there` (4, 2), as x and y."""
    rows = []
    for (x, y), (u, v) in zip(seen, there, strict=True):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
    return tuple(np.linalg.solve(np.array(rows), there.reshape(-1)))


def otsu(levels: np.ndarray) -> float:
    """The level 0..255 that parts the dark from the light best (Otsu 1979): the variance between both is largest. 256
    where all levels are one: nothing is lighter.
    """
    counts, _ = np.histogram(levels, 256, (0, 256))
    if np.count_nonzero(counts) < 2:
        return 256.0
    values = np.arange(256) + 0.5
    below = np.cumsum(counts).astype(float)
    above = below[-1] - below
    sums = np.cumsum(counts * values)
    with np.errstate(divide="ignore", invalid="ignore"):
        between = below * above * (sums / below - (sums[-1] - sums) / above) ** 2
    return float(np.nanargmax(between) + 1)


def pieces(mask: np.ndarray) -> tuple[np.ndarray, int]:
    """The pieces that hang together in a mask bool (h, w), corners included: numbers (h, w), 0 = none, and how many.

    Row by row: stretches of a row that touch one of the row above are of its piece.
    """
    numbers, heads, above = np.zeros(mask.shape, np.int64), [0], []

    def head(number: int) -> int:
        while heads[number] != number:
            heads[number] = number = heads[heads[number]]
        return number

    for row, line in enumerate(mask):
        ends = np.flatnonzero(np.diff(np.concatenate([[0], line.view(np.int8), [0]])))
        here = []
        for start, end in ends.reshape(-1, 2):
            touched = [head(number) for first, last, number in above if first <= end and start <= last]
            if touched:
                number = min(touched)
                for each in touched:
                    heads[each] = number
            else:
                number = len(heads)
                heads.append(number)
            numbers[row, start:end] = number
            here.append((start, end, number))
        above = here
    whole = np.array([head(number) for number in range(len(heads))])
    _, order = np.unique(whole, return_inverse=True)
    return order[numbers], int(order.max())


def _corners(photo: np.ndarray) -> np.ndarray | None:
    """The paper's corners as x and y (4, 2), from the left top clockwise; None where no sheet stands out."""
    scale = min(1.0, SEARCHED / max(photo.shape[:2]))
    small = Image.fromarray(photo).resize((round(photo.shape[1] * scale), round(photo.shape[0] * scale)))
    # Paper is bright in all colours; ink on it must not part it.
    least = np.asarray(small.filter(ImageFilter.MaxFilter(5)).filter(ImageFilter.MinFilter(5))).min(2)
    numbers, count = pieces(least > otsu(least))
    if not count:
        return None
    sizes = np.bincount(numbers.ravel())[1:]
    rows, columns = np.nonzero(numbers == sizes.argmax() + 1)
    both, apart = columns + rows, columns - rows
    found = [both.argmin(), apart.argmax(), both.argmax(), apart.argmin()]
    corners = np.stack([columns[found], rows[found]], 1) + 0.5
    after = np.roll(corners, -1, 0)
    area = abs(np.sum(corners[:, 0] * after[:, 1] - corners[:, 1] * after[:, 0])) / 2
    is_sheet = LEAST_PAPER * least.size <= area and FIT[0] <= area / sizes.max() <= FIT[1]
    return corners / scale if is_sheet and _sides(corners).min() > 4 else None


def _sides(corners: np.ndarray) -> np.ndarray:
    return np.linalg.norm(np.roll(corners, -1, 0) - corners, axis=1)


def _length(way: np.ndarray) -> float:
    return float(np.linalg.norm(way))


def _evened(sheet: np.ndarray) -> np.ndarray:
    """How much darker than the paper around it each pixel of uint8 (h, w, 3) is in the colour that shows it best, float
    (h, w) 0..255. A shadow that lies across the paper is paper.
    """
    height, width, _ = sheet.shape
    image = Image.fromarray(sheet)
    small = image.resize((LIGHT * 4, LIGHT * 4), Image.Resampling.BOX).filter(ImageFilter.MaxFilter(3))
    lit = small.filter(ImageFilter.MaxFilter(9)).filter(ImageFilter.MinFilter(9)).filter(ImageFilter.BoxBlur(4))
    light = np.asarray(lit.resize((width, height), Image.Resampling.BILINEAR), dtype=float)
    seen = np.asarray(image.filter(ImageFilter.MedianFilter(3)), dtype=float)
    return (1 - np.clip(seen / np.maximum(light, 1), 0, 1)).max(2) * 255


def _without_strays(ink: np.ndarray) -> np.ndarray:
    """Ink without specks, and without what comes in from the edge: fingers, the table, shadows."""
    numbers, count = pieces(ink > 127)
    if not count:
        return np.zeros_like(ink)
    weights = np.bincount(numbers.ravel(), weights=ink.ravel(), minlength=count + 1)
    edge = np.unique(np.concatenate([numbers[0], numbers[-1], numbers[:, 0], numbers[:, -1]]))
    stays = weights >= STRAY * weights[1:].sum()
    inner = stays.copy()
    inner[edge] = False
    stays = inner if inner[1:].any() else stays
    stays[0] = False
    near = Image.fromarray((stays[numbers] * 255).astype(np.uint8)).filter(ImageFilter.MaxFilter(5))
    return np.where(np.asarray(near) > 0, ink, 0.0)
