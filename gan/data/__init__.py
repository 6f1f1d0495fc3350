"""The picture sets that a run can learn from: what there is, and how to get it.

Embedded sets lie in `assets/data/`; the others are downloaded once, only when the user asks
(`gan.data.downloads`). Those that people make of pictures of their own are told apart by their names
(`gan.data.own`). Nothing here imports torch.
"""

from dataclasses import dataclass
from typing import Protocol

import numpy as np

from gan.data import dots, downloads, embedded, own
from gan.data.catalog import SETS, DataSet
from gan.data.remembered import remembered
from gan.messages import Told


@dataclass(frozen=True, eq=False)
class Pictures:
    """Pictures to learn from: `images` uint8 (n, h, w) or (n, h, w, 3), `labels` uint8 (n,).

    Dots are float32 (n, 1, 2) instead (`gan.data.dots`).
    """

    images: np.ndarray
    labels: np.ndarray

    @property
    def shape(self) -> tuple[int, int, int]:
        """(channels, height, width) of one picture."""
        _, height, width, *colours = self.images.shape
        return (colours or [1])[0], height, width


class NotDownloaded(Told, RuntimeError):
    """The set must be downloaded first, and only the user may ask for that."""


class NotBrought(NotDownloaded):
    """The set is of somebody's own pictures, which can only be brought."""


def names() -> tuple[str, ...]:
    """The sets that everybody has; those of people's own pictures come beside them."""
    return tuple(SETS)


def get(name: str) -> DataSet:
    """What is known of the set `name`. Raises KeyError where there can be none."""
    return SETS[name] if name in SETS else own.known(name)


def most_classes() -> int:
    """The classes of the set that has most of them."""
    return max(own.MOST_KINDS, *(len(item.class_names) for item in SETS.values()))


def is_here(name: str) -> bool:
    """Whether the set can be opened without a download, and without somebody who brings it."""
    if name not in SETS:
        return own.is_here(name)
    return not SETS[name].download_mb or downloads.is_here(name)


def shape_of(name: str, size: str = "own") -> tuple[int, int, int]:
    """(channels, height, width) of a set's pictures at their own size or another, without opening it."""
    channels, height, width = get(name).shape
    return (channels, height, width) if size == "own" else (channels, int(size), int(size))


class Wanted(Protocol):
    """What a config says of its pictures."""

    data: str
    classes: tuple[int, ...]
    picture_size: str
    drawing: str


def wanted(config: Wanted, fresh: bool = False) -> Pictures:
    """The pictures that a config asks for, or other dots like them. Raises what `load` raises."""
    return load(config.data, config.classes, config.picture_size, config.drawing, fresh)


def load(
    name: str, classes: tuple[int, ...] = (), size: str = "own", drawing: str = "", fresh: bool = False
) -> Pictures:
    """The pictures of the set `name`, of all classes or of `classes` alone, at their own size or another.

    `drawing` is what "dots_drawn" looks like; `fresh` dots are others of the same kind, which nobody learns from.
    Raises NotDownloaded with a sentence when the set is not on this computer.
    """
    pictures = _load_all(name, size, drawing if name == "dots_drawn" else "", fresh)
    if not classes:
        return pictures
    chosen = np.isin(pictures.labels, classes)
    return Pictures(pictures.images[chosen], pictures.labels[chosen])


def resize(images: np.ndarray, side: int) -> np.ndarray:
    """Pictures uint8 (n, h, w) or (n, h, w, 3) at `side` x `side` pixels (bilinear)."""
    from PIL import Image

    small = (Image.fromarray(image).resize((side, side), Image.Resampling.BILINEAR) for image in images)
    return np.stack([np.asarray(image) for image in small])


@remembered(3)
def _load_all(name: str, size: str = "own", drawing: str = "", fresh: bool = False) -> Pictures:
    item = get(name)
    if item.is_dots:
        return Pictures(*dots.load(name, drawing, fresh))
    if size not in ("own", str(item.shape[1])):
        whole = _load_all(name)
        return Pictures(resize(whole.images, int(size)), whole.labels)
    if name not in SETS:
        return _own(name, item)
    if not is_here(name):
        raise NotDownloaded(
            "data.not_downloaded", "{title} is not on this computer yet ({megabytes} MB to download).",
            title=item.title, megabytes=item.download_mb,
        )  # fmt: skip
    open_set = downloads.load if item.download_mb else embedded.load
    return Pictures(*open_set(name))


def _own(name: str, item: DataSet) -> Pictures:
    found = own.find(name)
    if found is None:
        raise NotBrought(
            "data.own.missing", "{title} are not on this computer: bring the file or the folder that they are kept in.",
            title=item.title,
        )  # fmt: skip
    return Pictures(found.images, found.labels)
