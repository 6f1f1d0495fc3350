"""Pictures to bring, drawn here: ink on paper, and photographs of it."""

import io
import zipfile

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from gan.data import own

FOUND = own.Found("", np.zeros((28, 28), np.uint8), np.zeros((32, 32, 3), np.uint8))  # a picture for a light-table


def a_set() -> own.OwnSet:
    """A small set of noise, as somebody brings it."""
    pictures = np.random.RandomState(3).randint(0, 256, (12, 28, 28), dtype=np.uint8)
    return own.make(list(pictures), ["cat"] * 12)


def muted(count: int, spread: int = 5) -> list[np.ndarray]:
    """Pictures of noise whose colours are but a little more than grey."""
    levels = np.random.RandomState(5).randint(60, 200, (count, 32, 32, 1))
    return list(np.uint8(levels + spread * np.arange(3)))


def on_paper(shape: str = "ring", size: tuple[int, int] = (300, 300), ink="black", paper="white") -> Image.Image:
    """One thick line on paper: a ring, or a cross, larger than its place in the middle."""
    image = Image.new("RGB", size, paper)
    draw, (width, height) = ImageDraw.Draw(image), size
    side = min(size) // 4
    box = (width // 2 - side, height // 2 - side, width // 2 + side, height // 2 + side)
    if shape == "ring":
        draw.ellipse(box, outline=ink, width=12)
    else:
        draw.line(box, fill=ink, width=12)
        draw.line((box[0], box[3], box[2], box[1]), fill=ink, width=12)
    return image


def photographed(drawing: Image.Image, noise: float = 4.0) -> Image.Image:
    """The drawing on a sheet that lies askew on a dark table, lit from one side, a little blurred and noisy."""
    table = Image.new("RGB", (800, 600), (70, 50, 40))
    corners = np.array([(170, 80), (660, 120), (620, 540), (130, 470)], float)
    width, height = drawing.size
    rows = []
    for (u, v), (x, y) in zip([(0, 0), (width, 0), (width, height), (0, height)], corners, strict=True):
        rows += [(x, y, 1, 0, 0, 0, -u * x, -u * y), (0, 0, 0, x, y, 1, -v * x, -v * y)]
    target = np.array([(0, 0), (width, 0), (width, height), (0, height)], float).reshape(-1)
    way = tuple(np.linalg.solve(np.array(rows), target))
    sheet = drawing.transform((800, 600), Image.Transform.PERSPECTIVE, way, Image.Resampling.BILINEAR)
    mask = Image.new("L", drawing.size, 255).transform((800, 600), Image.Transform.PERSPECTIVE, way)
    table.paste(sheet, (0, 0), mask)
    light = np.linspace(0.95, 0.55, 800)[None, :, None]
    pixels = np.asarray(table.filter(ImageFilter.GaussianBlur(1)), float) * light
    pixels += np.random.RandomState(7).normal(0, noise, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def as_file(image: Image.Image, kind: str = "PNG", **options) -> bytes:
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def zipped(members: dict[str, bytes]) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in members.items():
            archive.writestr(name, content)
    return file.getvalue()


def likeness(one: np.ndarray, other: np.ndarray) -> float:
    """How alike two pictures are, 1 = the same, 0 = as by chance (correlation), wherever within a pixel they lie."""
    best = -1.0
    for down in (-1, 0, 1):
        for right in (-1, 0, 1):
            moved = np.roll(other, (down, right), (0, 1))
            best = max(best, np.corrcoef(one.ravel(), moved.ravel())[0, 1])
    return float(best)
