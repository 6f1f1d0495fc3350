"""A generator that leaves its run: written, read back, and asked for pictures. Torch is imported where it is needed."""

import io
import zipfile
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gan.export.settings_file import check_file, read_settings, settings_json
from gan.setup.config import RunConfig
from gan.setup.kinds import Whole

if TYPE_CHECKING:
    from torch import Tensor, device, nn

WEIGHTS, SETTINGS = "generator.safetensors", "config.json"
MAX_WEIGHTS_BYTES = 256 * 2**20
MAX_SIDE = 128  # pixels of one picture in a loaded generator
CHUNK = 256  # pictures drawn at once


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Files by their names as one ZIP file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in files.items():
            archive.writestr(name, part)
    return content.getvalue()


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

    from gan.look.observer import draw

    shape = draw(net, torch.zeros(1, config.latent_size, device=_device(net))).shape[1:]
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in net.state_dict().items()}
    weights = save(tensors, {"shape": ",".join(str(side) for side in shape)})
    return {WEIGHTS: weights, SETTINGS: settings_json(config).encode()}


def load_generator(folder: str | Path) -> tuple["nn.Module", RunConfig]:
    """The generator and the config that `save_generator` wrote, on the CPU.

    Raises ValueError with a sentence when something is missing, damaged or does not fit together.
    """
    from safetensors import SafetensorError, safe_open

    from gan.learn.build import build

    folder = Path(folder)
    if not folder.is_dir():
        raise ValueError(f"There is no folder {folder}.")
    config, _ = read_settings(folder / SETTINGS)
    path = folder / WEIGHTS
    check_file(path, MAX_WEIGHTS_BYTES)
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

    from gan.data.pixels import to_uint8
    from gan.look.observer import draw

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
