"""A generator that leaves its run: written, read back, and asked for pictures. Torch is imported where it is needed."""

import io
import math
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gan import data, families
from gan.data.dots import SHAPE
from gan.export.files import write_whole
from gan.export.settings_file import check_file, read_last_settings, settings_json
from gan.messages import Message, Refusal, msg
from gan.parts import nets
from gan.records import Change
from gan.setup.config import RunConfig
from gan.setup.kinds import Number, Whole, refuse

if TYPE_CHECKING:
    from torch import Tensor, device, nn

WEIGHTS, SETTINGS = "generator.safetensors", "config.json"
MAX_WEIGHTS_BYTES = 256 * 2**20
MAX_SIDE = 128  # pixels of one picture in a loaded generator
CHUNK = 256  # pictures drawn at once
TRUNCATION = Number(0.04, 10.0)  # the smallest is the paper's


def zipped(files: Mapping[str, str | bytes]) -> bytes:
    """Files by their names as one ZIP file."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in files.items():
            archive.writestr(name, part)
    return content.getvalue()


def save_generator(
    net: "nn.Module",
    config: RunConfig,
    folder: str | Path,
    threads: int | None = None,
    changes: Sequence[Change] = (),
) -> None:
    """Write a generator and its config into `folder`, so that it can be rebuilt without the pictures.

    `threads` are those that it was trained with, `changes` what was changed of the config on the way.
    One that lies there already is only replaced when the new one is whole on the disk. Raises OSError.
    """
    files = _generator_files(net, config, threads, changes)
    write_whole({Path(folder) / name: content for name, content in files.items()})


def generator_zip(net: "nn.Module", config: RunConfig) -> bytes:
    """The files that `save_generator` writes, as one ZIP file."""
    return zipped(_generator_files(net, config))


def _generator_files(
    net: "nn.Module", config: RunConfig, threads: int | None = None, changes: Sequence[Change] = ()
) -> dict[str, bytes]:
    import torch
    from safetensors.torch import save

    from gan.look.networks import draw

    shape = draw(net, torch.zeros(1, config.noise_size, device=_device(net))).shape[1:]
    tensors = {name: tensor.detach().cpu().contiguous() for name, tensor in net.state_dict().items()}
    weights = save(tensors, {"shape": ",".join(str(side) for side in shape)})
    return {WEIGHTS: weights, SETTINGS: settings_json(config, changes, threads).encode()}


def load_generator(folder: str | Path) -> tuple["nn.Module", RunConfig]:
    """The generator that `save_generator` wrote, on the CPU, and its config as it was in the end.

    Raises ValueError with a sentence when something is missing, damaged or does not fit together.
    """
    from safetensors import SafetensorError, safe_open

    from gan.learn.build import build

    folder = Path(folder)
    if not folder.is_dir():
        raise Refusal("export.no_folder", "There is no folder {folder}.", folder=folder)
    config = read_last_settings(folder / SETTINGS)
    path = folder / WEIGHTS
    check_file(path, MAX_WEIGHTS_BYTES)
    try:
        with safe_open(path, framework="pt") as file:
            shape = _shape(path, (file.metadata() or {}).get("shape", ""))
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 (not a dict)
    except (SafetensorError, OSError) as error:
        raise Refusal("export.not_weights", "{path} is not a file of weights, or it is damaged.", path=path) from error

    generator = build(config, shape)["generator"]
    if problem := _misfit(tensors, generator.state_dict()):
        raise Refusal(
            "export.misfit", "{path} does not fit its settings ({architecture}): {problem}.",
            path=path, architecture=config.architecture, problem=problem,
        )  # fmt: skip
    generator.load_state_dict(tensors)
    return generator, config


def sample(
    net: "nn.Module",
    config: RunConfig,
    count: int,
    seed: int = 0,
    classes: tuple[int, ...] = (),
    truncation: float | None = None,
) -> np.ndarray:
    """`count` new pictures, uint8 (n, h, w) or (n, h, w, 3), or dots, float32 (n, 1, 2).
    Of a translator what it makes of the pictures of its set, first of those that nothing was learned from.

    Conditional networks draw these classes in turn. Noise beyond `truncation` is drawn again, where there is one. The
    same seed gives the same pictures; a smaller count gives the first of them. Raises ValueError with a sentence for
    classes that the networks have not learned, or that they are not told at all, and for truncation where it means
    nothing.
    """
    import torch

    from gan.data.pixels import to_images
    from gan.look.networks import draw
    from gan.parts.noise import draw_noise, redrawn

    if families.translates(config.family):
        return _translated(net, config, count, truncation)
    count = Whole(1, 100_000).read(msg("setting.count", "count"), count)
    random = torch.Generator().manual_seed(Whole(0, 2**31 - 1).read("seed", seed))
    check_asked(config, classes)
    most = _truncation(net, config, truncation)
    chunks = []
    for begin in range(0, count, CHUNK):
        # A short chunk would draw and round its numbers differently, so the last one is whole too.
        noise = draw_noise(config.noise, CHUNK, config.noise_size, random)
        noise = redrawn(noise, most, config.noise, random).to(_device(net))
        turns = [classes[number % len(classes)] for number in range(begin, begin + CHUNK)] if classes else None
        labels = None if turns is None else torch.tensor(turns, device=_device(net))
        chunks.append(to_images(draw(net, noise, labels), config.pixel_range))
    return np.concatenate(chunks)[:count]


def from_noise(
    net: "nn.Module",
    config: RunConfig,
    count: int = 16,
    seed: int = 0,
    classes: tuple[int, ...] = (),
    truncation: float | None = None,
) -> list[np.ndarray]:
    """The first `count` pictures of `sample` on their way: as the generator sees them at each of its steps, each uint8
    (n, h, w) or (n, h, w, 3), or dots.

    Raises ValueError with a sentence for families that draw at once, and for classes and truncation as `sample` does.
    """
    import torch

    from gan.data.pixels import to_images
    from gan.parts.blocks import at_rest
    from gan.parts.noise import draw_noise, redrawn

    if not families.draws_in_steps(config.family):
        raise Refusal(
            "export.at_once", "{family:name} draws at once: there is no film of it.",
            family=families.title(config.family),
        )  # fmt: skip
    count = Whole(1, CHUNK).read(msg("setting.count", "count"), count)
    random = torch.Generator().manual_seed(Whole(0, 2**31 - 1).read("seed", seed))
    check_asked(config, classes)
    most = _truncation(net, config, truncation)
    noise = redrawn(draw_noise(config.noise, CHUNK, config.noise_size, random), most, config.noise, random)
    noise = noise[:count].to(_device(net))
    turns = [classes[number % len(classes)] for number in range(count)] if classes else None
    labels = None if turns is None else torch.tensor(turns, device=_device(net))
    with torch.no_grad(), at_rest(net):
        return [to_images(frame, config.pixel_range) for frame in net.film(noise, labels)]


def _translated(net: "nn.Module", config: RunConfig, count: int, truncation: float | None) -> np.ndarray:
    import torch

    from gan.data.pixels import to_images
    from gan.look.networks import draw

    if truncation is not None:
        raise Refusal("export.no_noise", "There is no noise to truncate: this generator is given pictures.")
    count = Whole(1, 100_000).read(msg("setting.count", "count"), count)
    given = families.learner(config.family).starts(config, count, torch.Generator(), _device(net))
    return np.concatenate([to_images(draw(net, part), config.pixel_range) for part in given.split(CHUNK)])


def _truncation(net: "nn.Module", config: RunConfig, wanted: float | None) -> float:
    """The most that noise may be; refused for networks that hear nothing of its size."""
    from gan.parts.blocks import Normalise, layers

    if wanted is None:
        return math.inf
    if isinstance(layers(net)[0], Normalise):
        raise Refusal(
            "export.no_truncation",
            "The noise of {architecture} cannot be truncated: these networks bring all noise to one length.",
            architecture=config.architecture,
        )
    return TRUNCATION.read(msg("setting.truncation", "truncation"), wanted)


def check_asked(config: RunConfig, classes: tuple[int, ...]) -> None:
    """Refuse classes that the config's networks cannot be asked for."""
    if classes and not nets.is_conditional(config.architecture):
        raise Refusal(
            "export.not_conditional", "The networks of {architecture} cannot be asked for a class: they are told none.",
            architecture=config.architecture,
        )  # fmt: skip
    for number in classes:
        if number not in config.learned_classes:
            raise refuse("classes", number, allowed_classes(config))


def classes_named(config: RunConfig, text: str) -> tuple[int, ...]:
    """Classes by their numbers or English names: "3" or "3,7" or "dress". Raises ValueError with a sentence."""
    names = [str(name).casefold() for name in data.get(config.data).class_names]
    numbers = {str(number): number for number in range(len(names))} | {name: n for n, name in enumerate(names)}
    found = []
    for part in filter(None, (part.strip().casefold() for part in text.split(","))):
        if part not in numbers:
            raise refuse("classes", part, allowed_classes(config))
        found.append(numbers[part])
    if not found:
        raise refuse("classes", text, allowed_classes(config))
    return tuple(found)


def allowed_classes(config: RunConfig) -> Message:
    """The classes that a generator of this config has learned, with their names."""
    names = data.get(config.data).class_names
    known = tuple(
        msg("export.class", "{number} ({name})", number=number, name=names[number]) for number in config.learned_classes
    )
    return msg("export.learned_classes", "one that was learned: {known:list}", known=known)


def _device(net: "nn.Module") -> "device":
    return next(net.parameters()).device


def _shape(path: Path, text: str) -> tuple[int, int, int]:
    """(channels, height, width) from its text "1,28,28"."""
    sides = [int(part) if part.isdecimal() else 0 for part in text.split(",")]
    is_picture = len(sides) == 3 and sides[0] in (1, 3) and all(4 <= side <= MAX_SIDE for side in sides[1:])
    if not is_picture and tuple(sides) != SHAPE:
        raise Refusal(
            "export.bad_shape", "{path} cannot be used: the shape of its pictures cannot be {shape!r}.",
            path=path, shape=text,
        )  # fmt: skip
    return tuple(sides)


def _misfit(found: dict[str, "Tensor"], wanted: dict[str, "Tensor"]) -> Message | None:
    """The first thing that is wrong with the tensors `found`."""
    for name in sorted(found.keys() ^ wanted.keys()):
        if name in wanted:
            return msg("export.missing", "{tensor} is missing", tensor=name)
        return msg("export.no_place", "{tensor} has no place in it", tensor=name)
    for name, tensor in found.items():
        expected = wanted[name]
        if tensor.shape != expected.shape or tensor.dtype != expected.dtype:
            return msg(
                "export.other_shape", "{tensor} is {found} and must be {wanted}",
                tensor=name, found=_kind(tensor), wanted=_kind(expected),
            )  # fmt: skip
        if not tensor.isfinite().all():
            return msg("export.not_finite", "{tensor} holds numbers that are not finite", tensor=name)
    return None


def _kind(tensor: "Tensor") -> Message:
    kind = str(tensor.dtype).removeprefix("torch.")
    if not tensor.shape:
        return msg("export.one_number", "one number ({kind})", kind=kind)
    return msg("export.sides", "{sides} ({kind})", sides=" x ".join(map(str, tensor.shape)), kind=kind)
