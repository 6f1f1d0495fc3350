"""A file's picture as pixels, whatever it is stored as."""

from io import BytesIO

import numpy as np
from PIL import Image, ImageOps
from PIL.JpegImagePlugin import JpegImageFile

from gan.messages import Refusal

FORMATS = ("PNG", "JPEG", "GIF", "WEBP", "BMP", "TIFF")
MOST_PIXELS = 25_000_000  # of a picture as it is stored
MOST_OF_JPEG = 60_000_000  # a phone's have 12 to 50 million, and are opened small
LONGEST_SIDE = 1024  # of what goes on
HEIC = {b"heic", b"heix", b"hevc", b"hevx", b"heim", b"heis", b"hevm", b"hevs"}  # brands of files with HEVC pictures
DEEP = ("I", "F")  # modes of more than eight bits a pixel, by how they begin


def opened(name: str, content: bytes) -> Image.Image:
    """The picture in a file, of which the size is known, and nothing decoded. Raises Refusal, which names the file."""
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
        raise _too_many(name, MOST_PIXELS) from error
    except Exception as error:  # a decoder given nonsense raises whatever it likes
        raise Refusal(
            "own.no_picture", "{file} is no picture of a known kind ({formats:or}), so it was left out.",
            file=name, formats=FORMATS,
        ) from error  # fmt: skip
    most = MOST_OF_JPEG if isinstance(image, JpegImageFile) else MOST_PIXELS
    if image.width * image.height > most:
        raise _too_many(name, most)
    return image


def cost(image: Image.Image) -> int:
    """How many pixels are to be decoded: of a JPEG, which is opened small, an eighth counts."""
    return image.width * image.height // (8 if isinstance(image, JpegImageFile) else 1)


def pixels(name: str, image: Image.Image) -> np.ndarray:
    """What `opened` found, uint8 (h, w, 3), upright, its longer side at most 1024. Of one that moves, the first.

    What shines through lies on white, or on black where what is drawn is light. Raises Refusal, which names the file.
    """
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


def _too_many(name: str, most: int) -> Refusal:
    return Refusal(
        "own.too_many_pixels", "{file} has more than {count:,} million pixels, so it was left out.",
        file=name, count=most // 1_000_000,
    )  # fmt: skip


def _upright(image: Image.Image) -> np.ndarray:
    width, height = (1 + side * LONGEST_SIDE // max(image.size) for side in image.size)
    image.draft("RGB", (width, height))  # a JPEG can be opened small at once
    image.load()
    turned = ImageOps.exif_transpose(_reduced(image))
    if turned.mode.startswith(DEEP):
        turned = _eight_bits(turned)
    elif turned.mode in ("LA", "PA", "RGBA", "La", "RGBa") or "transparency" in turned.info:
        turned = _on_paper(turned.convert("RGBA"))
    plain = turned.convert("RGB")
    if max(plain.size) > LONGEST_SIDE:
        plain.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.BOX)
    return np.asarray(plain)


def _reduced(image: Image.Image) -> Image.Image:
    """A picture less than twice as long as what goes on, before there are copies of it of many bytes a pixel."""
    times = max(image.size) // LONGEST_SIDE
    if times < 2:
        return image
    if image.mode.startswith("I;"):  # modes that cannot be averaged are changed first
        image = image.convert("I")
    elif image.mode == "PA" or "transparency" in image.info:
        image = image.convert("RGBA")
    elif image.mode in ("P", "1"):
        image = image.convert("RGB" if image.mode == "P" else "L")
    return image.reduce(times)


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
