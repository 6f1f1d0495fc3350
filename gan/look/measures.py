"""More that pictures are measured by, without a referee: uint8 arrays in, plain numbers out."""

import numpy as np

WHITE = 255


def sharpness(images: np.ndarray) -> float:
    """How high a typical step between two neighbouring pixels of `images` uint8 (n, h, w) or (n, h, w, 3) is, 0..1.

    The mean height of the steps along and across, each weighed by its own height: sum of squares over sum. From black
    to white at once is 1, in four equal steps 1/4, whatever the share of the picture that is flat; the mean over the
    pictures. Noise counts as sharp too.
    """
    pictures = images.reshape(*images.shape[:3], -1).astype(np.float64) / WHITE
    along, across = (np.abs(np.diff(pictures, axis=axis)).reshape(len(pictures), -1) for axis in (1, 2))
    steps = np.concatenate([along, across], axis=1)
    sums = steps.sum(1)
    return float(np.mean(np.square(steps).sum(1) / np.where(sums > 0, sums, 1)))


def jump(walks: np.ndarray) -> float:
    """The largest step's share of a walk of pictures, uint8 (n, steps + 1, h, w[, 3]); the mean over the walks.

    A step is as long as the root of the squares of what changes in the picture. 1 / steps where all are equally long,
    1 where the picture changes at once; one that never changes has no jump.
    """
    pictures = walks.reshape(*walks.shape[:2], -1).astype(np.float64)
    lengths = np.sqrt(np.square(np.diff(pictures, axis=1)).sum(2))
    ways = lengths.sum(1)
    shares = np.where(ways > 0, lengths.max(1) / np.where(ways > 0, ways, 1), 1 / lengths.shape[1])
    return float(shares.mean())


def error(images: np.ndarray, others: np.ndarray) -> float:
    """The root of the mean square of what a pixel of `images` differs from that of `others`, 0..1."""
    return float(np.sqrt(np.square((images.astype(np.float64) - others) / WHITE).mean()))
