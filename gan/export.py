"""What leaves a run: picture sheets, an animation, its history, its settings, its generator.

All of it is functions over records, samples and generators; only `save_generator` writes files.
What has to do with generators imports torch, the rest does not. A generator as ONNX: `gan.onnx_file`;
a run as a script: `gan.script`.
"""

import csv
import io
import json
import zipfile
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gan.config import RunConfig
from gan.records import Change, Reading
from gan.settings import Number, Whole, refuse

if TYPE_CHECKING:
    from torch import Tensor, device, nn

WEIGHTS, SETTINGS = "generator.safetensors", "config.json"
CHANGES = "changes"  # beside the settings in a settings file
MAX_WEIGHTS_BYTES, MAX_SETTINGS_BYTES = 256 * 2**20, 64 * 2**10
MAX_SIDE = 128  # pixels of one picture in a loaded generator
CHUNK = 256  # pictures drawn at once

# Pictures


def grid(samples: np.ndarray, columns: int = 8, scale: int = 2, gap: int = 2) -> np.ndarray:
    """Samples uint8 (n, h, w) or (n, h, w, 3) on one black sheet, row by row, uint8 (H, W) or (H, W, 3).

    Every pixel becomes `scale` x `scale` equal ones; `gap` is in pixels of the sheet.
    Raises ValueError when there are no samples.
    """
    if not len(samples):
        raise ValueError("There are no pictures to lay out.")
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
        raise ValueError("There are no frames to show.")
    durations = [milliseconds] * (len(images) - 1) + [last_milliseconds]
    file = io.BytesIO()
    images[0].save(file, "GIF", save_all=True, append_images=images[1:], duration=durations, loop=0)
    return file.getvalue()


# Numbers and settings


def history_csv(records: Sequence[Reading]) -> str:
    """The records' numbers as CSV: a header, then one row a record; "" when there are none."""
    if not records:
        return ""
    file = io.StringIO()
    table = csv.DictWriter(file, records[0].numbers(), lineterminator="\n")
    table.writeheader()
    table.writerows(record.numbers() for record in records)
    return file.getvalue()


def settings_json(config: RunConfig, changes: Sequence[Change] = ()) -> str:
    """The config that a run began with, and what was changed while it went on, as a JSON file."""
    values = config.to_dict()
    if changes:
        values[CHANGES] = [asdict(change) for change in changes]
    return json.dumps(values, indent=2) + "\n"


def read_settings(path: str | Path) -> tuple[RunConfig, tuple[Change, ...]]:
    """What `settings_json` wrote. Raises ValueError with a sentence for a file that does not hold it."""
    path = Path(path)
    _check_file(path, MAX_SETTINGS_BYTES)
    try:
        values = json.loads(path.read_text("utf-8"))
    except (ValueError, RecursionError) as error:
        raise ValueError(f"{path} is not a JSON file.") from error
    try:
        return settings_from(values)
    except ValueError as error:
        raise ValueError(f"{path} cannot be used. {error}") from error


def settings_from(values: object) -> tuple[RunConfig, tuple[Change, ...]]:
    """The JSON object of `settings_json`. Raises ValueError with a sentence for another one."""
    if not isinstance(values, dict):
        raise ValueError("It must hold a JSON object, one entry a setting.")
    config = RunConfig.from_dict({name: value for name, value in values.items() if name != CHANGES})
    return config, _read_changes(config, values.get(CHANGES, []))


def _read_changes(config: RunConfig, found: object) -> tuple[Change, ...]:
    """Changes that can be made to a run of `config`, one after the other."""
    changes, now = [], config
    for item in found if isinstance(found, list) else [None]:
        if not isinstance(item, dict) or item.keys() != {"step", "epoch", "settings"}:
            raise ValueError(f"{CHANGES} must be a list of objects with a step, an epoch and settings.")
        if not isinstance(item["settings"], dict):
            raise refuse(f"{CHANGES} settings", item["settings"], "an object, one entry a setting")
        now = now.steered(**item["settings"])
        first = changes[-1].step if changes else 0
        step = Whole(first, 10**12).read(f"{CHANGES} step", item["step"])
        epoch = Number(0, 100_000).read(f"{CHANGES} epoch", item["epoch"])
        changes.append(Change(step, epoch, item["settings"]))
    return tuple(changes)


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Files by their names as one ZIP file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in files.items():
            archive.writestr(name, part)
    return content.getvalue()


# Generators


def save_generator(net: "nn.Module", config: RunConfig, folder: str | Path) -> None:
    """Write a generator and its config into `folder`, so that it can be rebuilt without the pictures."""
    folder = Path(folder)
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in _generator_files(net, config).items():
        (folder / name).write_bytes(content)


def generator_zip(net: "nn.Module", config: RunConfig) -> bytes:
    """The files that `save_generator` writes, as one ZIP file."""
    return zipped(_generator_files(net, config))


def _generator_files(net: "nn.Module", config: RunConfig) -> dict[str, bytes]:
    import torch
    from safetensors.torch import save

    from gan.observer import draw

    shape = draw(net, torch.zeros(1, config.latent_size, device=_device(net))).shape[1:]
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in net.state_dict().items()}
    weights = save(tensors, {"shape": ",".join(str(side) for side in shape)})
    return {WEIGHTS: weights, SETTINGS: settings_json(config).encode()}


def load_generator(folder: str | Path) -> tuple["nn.Module", RunConfig]:
    """The generator and the config that `save_generator` wrote, on the CPU.

    Raises ValueError with a sentence when something is missing, damaged or does not fit together.
    """
    from safetensors import SafetensorError, safe_open

    from gan.build import build

    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"There is no folder {folder}.")
    config, _ = read_settings(folder / SETTINGS)
    path = folder / WEIGHTS
    _check_file(path, MAX_WEIGHTS_BYTES)
    try:
        with safe_open(path, framework="pt") as file:
            shape = _shape((file.metadata() or {}).get("shape", ""))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except (SafetensorError, OSError) as error:
        raise ValueError(f"{path} is not a file of weights, or it is damaged.") from error
    except ValueError as error:
        raise ValueError(f"{path} cannot be used: {error}.") from error

    generator, _ = build(config, shape)
    problem = _misfit(tensors, generator.state_dict())
    if problem:
        raise ValueError(f"{path} does not fit its settings ({config.architecture}): {problem}.")
    generator.load_state_dict(tensors)
    return generator, config


def sample(net: "nn.Module", config: RunConfig, count: int, seed: int = 0) -> np.ndarray:
    """`count` new pictures, uint8 (n, h, w) or (n, h, w, 3).

    The same seed gives the same pictures; a smaller count gives the first of them.
    """
    import torch

    from gan.observer import draw
    from gan.pixels import to_uint8

    count = Whole(1, 100_000).read("count", count)
    random = torch.Generator().manual_seed(Whole(0, 2**31 - 1).read("seed", seed))
    chunks = []
    for _ in range(0, count, CHUNK):
        # A short chunk would draw and round its numbers differently, so the last one is whole too.
        noise = torch.randn(CHUNK, config.latent_size, generator=random)
        chunks.append(to_uint8(draw(net, noise.to(_device(net))), config.pixel_range))
    return np.concatenate(chunks)[:count]


def _device(net: "nn.Module") -> "device":
    return next(net.parameters()).device


def _check_file(path: Path, most_bytes: int) -> None:
    if not path.is_file():
        raise ValueError(f"There is no file {path}.")
    if path.stat().st_size > most_bytes:
        raise ValueError(f"{path} is too large: it must be at most {most_bytes:,} bytes.")


def _shape(text: str) -> tuple[int, int, int]:
    """(channels, height, width) from its text "1,28,28"."""
    sides = [int(part) if part.isdecimal() else 0 for part in text.split(",")]
    if not (len(sides) == 3 and sides[0] in (1, 3) and all(4 <= side <= MAX_SIDE for side in sides[1:])):
        raise ValueError(f"the shape of its pictures cannot be {text!r}")
    return tuple(sides)


def _misfit(found: dict[str, "Tensor"], wanted: dict[str, "Tensor"]) -> str | None:
    """The first thing that is wrong with the tensors `found`, in words."""
    for name in sorted(found.keys() ^ wanted.keys()):
        return f"{name} is missing" if name in wanted else f"{name} has no place in it"
    for name, tensor in found.items():
        expected = wanted[name]
        if tensor.shape != expected.shape or tensor.dtype != expected.dtype:
            return f"{name} is {_kind(tensor)} and must be {_kind(expected)}"
        if not tensor.isfinite().all():
            return f"{name} holds numbers that are not finite"
    return None


def _kind(tensor: "Tensor") -> str:
    sides = " x ".join(str(side) for side in tensor.shape) or "one number"
    return f"{sides} ({str(tensor.dtype).removeprefix('torch.')})"
