"""A file's picture as pixels, whatever it is stored as."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageOps

from gan.messages import Refusal

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
MOST_PIXELS = 60_000_000  # of a picture as it is stored; a phone's have 12 to 50 million
LONGEST_SIDE = 1024  # of what goes on
HEIC = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"}  # brands of files with HEVC pictures
DEEP = ("I", "F")  # modes of more than eight bits a pixel, by how they begin


def pixels(name: str, content: bytes) -> np.ndarray:
    """The picture in a file, uint8 (h, w, 3), upright, its longer side at most 1024. Of one that moves, the first.

    What shines through lies on white, or on black where what is drawn is light. Raises Refusal, which names the file.
    """
    if is_heic(content):
        raise Refusal(
            "own.heic",
            "{file} is a HEIC photo, as iPhones take them, and cannot be opened here. On the iPhone choose Settings, "
            "Camera, Formats, Most Compatible, and take it again; or save the photo as JPEG.",
            file=name,
        )
    try:
        image = Image.open(BytesIO(content), formats=FORMATS)
    except Image.DecompressionBombError as error:
        raise _too_many(name) from error
    except Exception as error:  # a decoder given nonsense raises whatever it likes
        raise Refusal(
            "own.no_picture", "{file} is no picture of a known kind ({formats:or}), so it was left out.",
            file=name, formats=FORMATS,
        ) from error  # fmt: skip
    if image.width * image.height > MOST_PIXELS:
        raise _too_many(name)
    try:
        return _upright(image)
    except Exception as error:
        raise broken(name) from error


def is_heic(content: bytes) -> bool:
    """Whether a file begins as HEIC does (ISO 23008-12). It is not decoded: libheif, on which all decoders for Python
    stand, let photos run code of theirs, as was reported in 2026 ("HEIF Heist").
    """
    size = int.from_bytes(content[:4], "big")
    brands = {content[8:12], *(content[at : at + 4] for at in range(16, min(size, 64), 4))}
    return content[4:8] == b"ftyp" and bool(brands & HEIC)


def broken(name: str) -> Refusal:
    return Refusal("own.broken", "{file} is damaged, so it was left out.", file=name)


def _too_many(name: str) -> Refusal:
    return Refusal(
        "own.too_many_pixels", "{file} has more than {count:,} million pixels, so it was left out.",
        file=name, count=MOST_PIXELS // 1_000_000,
    )  # fmt: skip


def _upright(image: Image.Image) -> np.ndarray:
    image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))  # a JPEG can be opened small at once
    image.load()
    turned = ImageOps.exif_transpose(image)
    if turned.mode.startswith(DEEP):
        turned = _eight_bits(turned)
    elif turned.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in turned.info:
        turned = _on_paper(turned.convert("RGBA"))
    plain = turned.convert("RGB")
    if max(plain.size) > LONGEST_SIDE:
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    return np.asarray(plain)


def _eight_bits(image: Image.Image) -> Image.Image:
    """Levels of sixteen bits as eight, and those of floats from their least to their greatest."""
    levels = np.nan_to_num(np.asarray(image, dtype=np.float64))
    if image.mode.startswith("F") or levels.min() < 0 or levels.max() > 65_535:
        levels = (levels - levels.min()) * (65_535 / max(np.ptp(levels), 1e-9))
    return Image.fromarray((levels / 257).round().astype(np.uint8))


def _on_paper(image: Image.Image) -> Image.Image:
    """Paper below what shines through, of the shade on which it can be seen."""
    found = np.asarray(image)
    opaque = found[found[..., 3] > 127]
    is_light = len(opaque) and opaque[:, :3].mean() > 170
    paper = Image.new("RGBA", image.size, (0, 0, 0, 255) if is_light else (255, 255, 255, 255))
    return Image.alpha_composite(paper, image)
