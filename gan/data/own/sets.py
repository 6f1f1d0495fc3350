"""A set of people's own pictures, and the one file that it is taken home as: a ZIP of PNGs, in a folder for each kind,
that every other program can open.
"""

import hashlib
import unicodedata
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from io import BytesIO

import numpy as np
from PIL import Image

from gan.data.catalog import DataSet
from gan.data.own import naming, sources
from gan.messages import Refusal

LONGEST_KIND = 24  # characters


@dataclass(frozen=True, eq=False)
class OwnSet:
    """`images` uint8 (n, 28, 28) or (n, 32, 32, 3), `labels` uint8 (n,), `kinds` what people call each of these.

    The order is that of the pictures' digests, as good as by chance: the same pictures are the same set, with the same
    name, in whatever order and under whatever file names they came.
    """

    name: str
    kinds: tuple[str, ...]
    images: np.ndarray
    labels: np.ndarray

    @property
    def facts(self) -> DataSet:
        return naming.facts(self.name, self.kinds)


def kind_name(text: str) -> str:
    """What a kind is called: a folder's name, or what somebody typed, as a short line that can be a folder's name."""
    known = unicodedata.normalize("NFC", text)
    plain = "".join(" " if letter in '/\\<>:"|?*' or not letter.isprintable() else letter for letter in known)
    return " ".join(plain.split()).strip(". ")[:LONGEST_KIND].strip(". ")


def make(pictures: Sequence[np.ndarray], kinds: Sequence[str]) -> OwnSet:
    """A set of pictures of one size, each with what its kind is called. Raises Refusal where there are none, or too
    many, or of too many kinds.
    """
    if not pictures:
        raise Refusal("own.none", "There are no pictures to learn from.")
    if len(pictures) > naming.MOST_PICTURES:
        raise Refusal(
            "own.too_many_pictures", "A set has at most {most:,} pictures; these are {count:,}.",
            most=naming.MOST_PICTURES, count=len(pictures),
        )  # fmt: skip
    names = tuple(sorted({kind_name(kind) for kind in kinds}))
    if len(names) > naming.MOST_KINDS:
        raise Refusal(
            "own.too_many_kinds", "A set has at most {most} kinds; these are {count}: {kinds:list}.",
            most=naming.MOST_KINDS, count=len(names), kinds=names[:20],
        )  # fmt: skip
    numbers = {name: number for number, name in enumerate(names)}
    rows = [(np.ascontiguousarray(each), numbers[kind_name(kind)]) for each, kind in zip(pictures, kinds, strict=True)]
    rows.sort(key=lambda row: (hashlib.sha256(row[0].tobytes()).digest(), row[1]))
    images, labels = np.stack([image for image, _ in rows]), np.uint8([label for _, label in rows])
    content = repr(names).encode() + labels.tobytes() + images.tobytes()
    counts = tuple(np.bincount(labels, minlength=len(names)).tolist())
    name = naming.name_of(images.shape[1], counts, hashlib.sha256(content).hexdigest())
    return OwnSet(name, names, images, labels)


def pack(own: OwnSet) -> bytes:
    """The set as a file, which `sources` and `reading` read again; the same set gives the same bytes."""
    file = BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_STORED) as archive:
        archive.comment = sources.FINISHED
        for number, (image, label) in enumerate(zip(own.images, own.labels, strict=True), 1):
            picture = BytesIO()
            Image.fromarray(image).save(picture, "PNG")
            folder = f"{own.kinds[label]}/" if own.kinds[label] else ""
            archive.writestr(zipfile.ZipInfo(f"{folder}{number:04}.png"), picture.getvalue())
    return file.getvalue()
