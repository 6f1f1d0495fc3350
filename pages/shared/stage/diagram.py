"""Both networks as a row of boxes: layers, what comes out of each, and parameter counts."""

from html import escape

import numpy as np

from gan import export
from gan.records import Layer, NetSummary, Preview, Stage, Walk
from pages.shared.draw import pictures

# Layers that change only the form of the numbers, or only bend them, are told in their neighbour's box.
QUIET = {"LeakyReLU", "ReLU", "Tanh", "Sigmoid", "Flatten", "Pictures", "Dropout", "LayerNorm", "Normalise", "Identity"}
NAMES = {
    "ClassBeside": "Class beside",
    "Embedding": "Class",
    "Normalise": "norm",
    "LayerNorm": "layer norm",
    "StyledConv": "Styled convolution",
    "Start": "Learned start",
    "Pack": "Pack",
    "MinibatchStd": "Batch variety",
    "Linear": "Linear",
    "SlowLinear": "Linear",
    "Logit": "Linear to 1",
    "Conv2d": "Convolution",
    "ConvTranspose2d": "Growing convolution",
    "BatchNorm1d": "Batch norm",
    "BatchNorm2d": "Batch norm",
    "LeakyReLU": "leaky ReLU",
}


def html(preview: Preview, walk: Walk | None = None) -> str:
    """The forger above and the detective below, each from its input to its output.

    With a walk, each layer shows what it makes of that walk's noise or picture.
    """
    noise = escape(f"{preview.latent_size} random numbers")
    picture = escape("picture " + _shape(preview.reals.shape[1:]))
    verdict, fake = "real or fake? 0 to 1", "fake " + picture
    g_stages = d_stages = ()
    if walk:
        g_stages, d_stages = walk.generator, walk.discriminator
        shown = _image(walk.picture, "The fake that this noise becomes")
        noise += "<small>" + " ".join(f"{number:.1f}" for number in walk.noise[:6]) + " ...</small>"
        fake, picture = shown + fake, shown + picture
        verdict = f"<b class='belief'>{walk.belief:.2f}</b> real or fake?"
    rows = [
        _row("Forger (generator)", "forger", noise, preview.generator, fake, g_stages),
        _row("Detective (discriminator)", "detective", picture, preview.discriminator, verdict, d_stages),
    ]
    return f'<div class="networks">{"".join(rows)}</div>'


def _row(name: str, role: str, start: str, net: NetSummary, end: str, stages: tuple[Stage, ...]) -> str:
    stages = list(stages)
    boxes = [f'<span class="end">{start}</span>']
    boxes += [_box(group, _made_by(group, stages)) for group in _groups(net.layers)]
    boxes += [f'<span class="end">{end}</span>']
    arrow = '<span class="arrow" aria-hidden="true">&#8594;</span>'
    return (
        f'<div class="network {role}"><p><b>{escape(name)}</b> {net.parameters:,} adjustable numbers (parameters)</p>'
        f'<div class="layers">{arrow.join(boxes)}</div></div>'
    )


def _groups(layers: tuple[Layer, ...]) -> list[list[Layer]]:
    """Each layer that computes, with the quiet ones and norms that follow it."""
    groups: list[list[Layer]] = []
    for layer in layers:
        if groups and (layer.kind in QUIET or layer.kind.startswith("BatchNorm")):
            groups[-1].append(layer)
        elif layer.kind not in QUIET:
            groups.append([layer])
    return groups


def _made_by(group: list[Layer], stages: list[Stage]) -> str:
    """The picture of what the group's last layer made; takes its stages from the front of the list."""
    newest = None
    for layer in group:
        if stages and (stages[0].kind, stages[0].shape) == (layer.kind, layer.shape):
            newest = stages.pop(0)
    return _image(newest.image, f"What {NAMES.get(group[0].kind, group[0].kind)} makes of it") if newest else ""


def _image(pixels: np.ndarray, alt: str) -> str:
    return pictures.html(export.png(pixels), alt)


def _box(group: list[Layer], image: str) -> str:
    first, rest = group[0], [NAMES.get(layer.kind, layer.kind) for layer in group[1:]]
    extra = ", ".join(word for word in rest if word not in ("Flatten", "Pictures"))
    parameters = sum(layer.parameters for layer in group)
    return (
        f'<span class="layer"><b>{NAMES.get(first.kind, first.kind)}</b>'
        f"<small>{escape(extra) or '&nbsp;'}</small>"
        f"<small>{_shape(group[-1].shape)} out, {parameters:,} parameters</small>{image}</span>"
    )


def _shape(shape: tuple[int, ...]) -> str:
    return " x ".join(str(number) for number in shape) or "1"
