"""A generator as an ONNX file, for browsers, phones and other languages (onnx.ai).

torch has two exporters. The newer one switches oneDNN and cuDNN off for the whole process while it works
(torch.export._trace), so that runs that train beside it would no longer give the same pictures; and it takes
seconds. The one that follows a call of the network (`dynamo=False`) touches nothing else.
"""

import copy
import io
import json
import threading
import warnings
from typing import TYPE_CHECKING

from gan import data, families
from gan.messages import Refusal, verbatim
from gan.parts import nets
from gan.setup.config import RunConfig

if TYPE_CHECKING:
    from torch import nn

    from gan.parts.blocks import OneStep

NOISE, LABEL, PICTURES = "noise", "label", "pictures"
STEP_OUT = ("x_then", "picture")
STEPS = """\
x (n, c, h, w) is how the pictures are at the time now, 0 for noise. Out come x_then, how they are at the time then, 1 \
for pictures, and picture, what is seen behind x. Begin with x = standard normal numbers. In each of K steps, k = 0 to \
K - 1, give now = k / K and then = (k + 1) / K, and take x_then for the next x. What is drawn is the last picture."""
OPSET = 17  # of 2022: old enough for every runtime, new enough for layer norm
KINDS = {"normal": "standard normal numbers", "uniform": "numbers from -1 to 1, all as likely"}
PICTURES_IN = "pixels of a picture, row by row, -1 is black, 1 is white"  # of translators, in place of noise
PIXELS = {"-1..1": "-1 is black, 1 is white", "0..1": "0 is black, 1 is white"}

_exporting = threading.Lock()  # torch's exporter has settings of its own that threads share


def onnx_file(net: "nn.Module", config: RunConfig) -> bytes:
    """The generator `net` at rest, as the content of an ONNX file; takes about a tenth of a second.

    Inputs: `noise` float32 (n, latent_size), normal or uniform numbers, and for conditional networks `label` int64
    (n,), the class to draw. Output: `pictures` float32 (n, channels, height, width) in the config's pixel range.
    n is whatever it is given. What is drawn by chance in training alone (dropout, the noise of `style`) stands
    still: the same noise gives the same picture. The file's properties hold all settings, and of the classes that were
    learned their numbers (`classes`) and, in the same order, their names (`class_names`).

    Of a generator that draws in several steps the file holds one of them (`gan.parts.blocks.OneStep`), and its property
    `steps` says how they follow each other.

    Raises ValueError with a sentence where the package onnx is missing, or for networks that cannot be exported.
    """
    try:
        import onnx
    except ImportError as error:
        raise Refusal("onnx.no_package", "The package onnx is missing. Install it with: pip install onnx") from error
    import torch

    from gan.look.networks import draw

    net = copy.deepcopy(net).cpu().eval()
    shape = tuple(draw(net, torch.zeros(1, config.noise_size)).shape[1:])
    step = net.one_step()
    with _exporting:
        content, other = (_traced(net, step, config, count) for count in (2, 3))
    if content != other:
        raise Refusal(
            "onnx.depends",
            "The networks of {architecture} cannot be written as an ONNX file: "
            "they depend on how many pictures are drawn at once.",
            architecture=config.architecture,
        )

    model = onnx.load_from_string(content)
    for output in model.graph.output:
        for side, size in zip(output.type.tensor_type.shape.dim[1:], shape, strict=True):
            side.dim_value = size
    names = data.get(config.data).class_names
    model.graph.name = "generator"
    model.doc_string = _about(config, shape, step)
    onnx.helper.set_model_props(
        model,
        {
            "latent_size": str(config.noise_size),
            "noise": PICTURES_IN if families.translates(config.family) else config.noise,
            "pixel_range": config.pixel_range,
            "classes": json.dumps(config.learned_classes),
            "class_names": json.dumps([str(names[number]) for number in config.learned_classes]),
            "settings": json.dumps(config.to_dict()),
            **({"steps": STEPS} if step else {}),
        },
    )
    return model.SerializeToString()


def _traced(net: "nn.Module", step: "OneStep | None", config: RunConfig, count: int) -> bytes:
    """The ONNX file that torch makes of a call with `count` noise vectors, or of one step of so many pictures."""
    import torch

    # What tracing takes for constant is compared afterwards; see `onnx_file`.
    warnings.filterwarnings("ignore", category=torch.jit.TracerWarning)
    warnings.filterwarnings("ignore", category=DeprecationWarning, module=r"torch\.onnx|gan\.onnx_file")
    inputs = step.inputs(count) if step else {NOISE: torch.zeros(count, config.noise_size)}
    if not step and nets.is_conditional(config.architecture):
        inputs[LABEL] = torch.zeros(count, dtype=torch.int64)
    outputs = STEP_OUT if step else (PICTURES,)
    many = [name for name, value in inputs.items() if value.dim()]
    file = io.BytesIO()
    try:
        torch.onnx.export(
            step or net,
            tuple(inputs.values()),
            file,
            dynamo=False,
            opset_version=OPSET,
            input_names=list(inputs),
            output_names=list(outputs),
            dynamic_axes={name: {0: "n"} for name in (*many, *outputs)},
        )
    except (RuntimeError, TypeError) as error:
        reason = str(error).partition("\n")[0].rstrip(".")
        raise Refusal(
            "onnx.failed", "The networks of {architecture} cannot be written as an ONNX file: {reason}.",
            architecture=config.architecture, reason=verbatim(reason),
        ) from error  # fmt: skip
    return file.getvalue()


def _about(config: RunConfig, shape: tuple[int, int, int], step: "OneStep | None") -> str:
    channels, height, width = shape
    asked = f", and {LABEL} (n,), the number of a class" if nets.is_conditional(config.architecture) else ""
    names = data.get(config.data).class_names
    listed = ", ".join(f"{number} {names[number]}" for number in config.learned_classes)
    if step:
        told = f"One step of a {families.title(config.family)}: {STEPS} {PIXELS[config.pixel_range]}."
        return f"{told} Classes: {listed}." if asked else told
    given = PICTURES_IN if families.translates(config.family) else KINDS[config.noise]
    return (
        f"The generator of a {families.title(config.family)}. In: {NOISE} (n, {config.noise_size}), {given}{asked}. "
        f"Out: {PICTURES} (n, {channels}, {height}, {width}); {PIXELS[config.pixel_range]}. Classes: {listed}."
    )
