"""Both networks as a row of boxes: layers, what comes out of each, and parameter counts."""

import numpy as np

from gan import export
from gan.messages import Message, msg
from gan.records import Layer, NetSummary, Preview, Stage, Walk
from pages.shared.draw import pictures
from pages.shared.words import html as told
from pages.shared.words import plain, values

# Layers that change only the form of the numbers, or only bend them, are told in their neighbour's box.
QUIET = {"LeakyReLU", "ReLU", "Tanh", "Sigmoid", "Flatten", "Pictures", "Dropout", "LayerNorm", "Normalise", "Identity"}
UNSAID = ("Flatten", "Pictures")
KINDS = {  # others go by their names in the code
    "ClassBeside": msg("layer.class_beside", "Class beside"),
    "Embedding": msg("layer.embedding", "Class"),
    "Normalise": msg("layer.normalise", "norm"),
    "LayerNorm": msg("layer.layer_norm", "layer norm"),
    "StyledConv": msg("layer.styled_conv", "Styled convolution"),
    "Start": msg("layer.start", "Learned start"),
    "Pack": msg("layer.pack", "Pack"),
    "Variety": msg("layer.variety", "Batch variety"),
    "Closeness": msg("layer.closeness", "Closeness"),
    "Attention": msg("layer.attention", "Attention"),
    "Projection": msg("layer.projection", "Projection"),
    "Dropout": msg("layer.dropout", "Dropout"),
    "LogitAndClass": msg("layer.logit_and_class", "Linear to 1 and class"),
    "Linear": msg("layer.linear", "Linear"),
    "SlowLinear": msg("layer.linear", "Linear"),
    "Logit": msg("layer.logit", "Linear to 1"),
    "Conv2d": msg("layer.conv", "Convolution"),
    "ConvTranspose2d": msg("layer.conv_transpose", "Growing convolution"),
    "BatchNorm1d": msg("layer.batch_norm", "Batch norm"),
    "BatchNorm2d": msg("layer.batch_norm", "Batch norm"),
    "LeakyReLU": msg("layer.leaky_relu", "leaky ReLU"),
}


def html(preview: Preview, walk: Walk | None = None) -> str:
    """The forger above and the detective below, each from its input to its output.

    With a walk, each layer shows what it makes of that walk's noise or picture.
    """
    noise = told("diagram.noise", "{count} random numbers", count=preview.latent_size)
    size = _shape(preview.reals.shape[1:])
    picture = told("diagram.picture", "picture {size}", size=size)
    fake = told("diagram.fake", "fake picture {size}", size=size)
    verdict = told("diagram.verdict", "real or fake? 0 to 1")
    g_stages = d_stages = ()
    if walk:
        g_stages, d_stages = walk.generator, walk.discriminator
        shown = _image(walk.picture, plain("diagram.becomes", "The fake that this noise becomes"))
        numbers = " ".join(told(values.number(number, ".1f")) for number in walk.noise[:6])
        noise += f"<small>{numbers} ...</small>"
        fake, picture = shown + fake, shown + picture
        belief = told(values.number(walk.belief, ".2f"))
        verdict = f"<b class='belief'>{belief}</b> {told('diagram.question', 'real or fake?')}"
    forger = told("diagram.forger", "Forger (generator)")
    detective = told("diagram.detective", "Detective (discriminator)")
    rows = [
        _row(forger, "forger", noise, preview.generator, fake, g_stages),
        _row(detective, "detective", picture, preview.discriminator, verdict, d_stages),
    ]
    return f'<div class="networks">{"".join(rows)}</div>'


def _row(name: str, role: str, start: str, net: NetSummary, end: str, stages: tuple[Stage, ...]) -> str:
    stages = list(stages)
    boxes = [f'<span class="end">{start}</span>']
    boxes += [_box(group, _made_by(group, stages)) for group in _groups(net.layers)]
    boxes += [f'<span class="end">{end}</span>']
    arrow = '<span class="arrow" aria-hidden="true">&#8594;</span>'
    size = told("diagram.parameters", "{count:,} adjustable numbers (parameters)", count=net.parameters)
    return f'<div class="network {role}"><p><b>{name}</b> {size}</p><div class="layers">{arrow.join(boxes)}</div></div>'


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
    made = plain("diagram.made", "What {layer} makes of it", layer=_kind(group[0]))
    return _image(newest.image, made) if newest else ""


def _image(pixels: np.ndarray, alt: str) -> str:
    return pictures.html(export.png(pixels), alt)


def _box(group: list[Layer], image: str) -> str:
    first, rest = group[0], [_kind(layer) for layer in group[1:] if layer.kind not in UNSAID]
    size = told(
        "diagram.size", "{shape} out, {count:,} parameters",
        shape=_shape(group[-1].shape), count=sum(layer.parameters for layer in group),
    )  # fmt: skip
    return (
        f'<span class="layer"><b>{told(_kind(first))}</b>'
        f"<small>{told(Message('', '{rest:list}', {'rest': rest})) or '&nbsp;'}</small>"
        f"<small>{size}</small>{image}</span>"
    )


def _kind(layer: Layer) -> Message | str:
    return KINDS.get(layer.kind, layer.kind)


def _shape(shape: tuple[int, ...]) -> str:
    return " x ".join(str(number) for number in shape) or "1"
