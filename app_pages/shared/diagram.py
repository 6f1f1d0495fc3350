"""Both networks as a row of boxes: layers, what comes out of each, and parameter counts."""

from html import escape

import streamlit as st

from gan.records import Layer, NetSummary, Preview

# Layers that change only the form of the numbers, or only bend them, are told in their neighbour's box.
QUIET = {"LeakyReLU", "ReLU", "Tanh", "Sigmoid", "Flatten", "Pictures", "Dropout"}
NAMES = {
    "Linear": "Linear",
    "Logit": "Linear to 1",
    "Conv2d": "Convolution",
    "ConvTranspose2d": "Growing convolution",
    "BatchNorm1d": "Batch norm",
    "BatchNorm2d": "Batch norm",
    "LeakyReLU": "leaky ReLU",
}


def networks(preview: Preview) -> None:
    """Show the forger above and the detective below, each from its input to its output."""
    noise = f"{preview.latent_size} random numbers"
    picture = "picture " + _shape(preview.reals.shape[1:])
    rows = [
        _row("Forger (generator)", "forger", noise, preview.generator, "fake " + picture),
        _row("Detective (discriminator)", "detective", picture, preview.discriminator, "real or fake? 0 to 1"),
    ]
    st.html(f'<div class="networks">{"".join(rows)}</div>')


def _row(name: str, role: str, start: str, net: NetSummary, end: str) -> str:
    boxes = [f'<span class="end">{escape(start)}</span>']
    boxes += [_box(group) for group in _groups(net.layers)]
    boxes += [f'<span class="end">{escape(end)}</span>']
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


def _box(group: list[Layer]) -> str:
    first, rest = group[0], [NAMES.get(layer.kind, layer.kind) for layer in group[1:]]
    extra = ", ".join(word for word in rest if word not in ("Flatten", "Pictures"))
    parameters = sum(layer.parameters for layer in group)
    return (
        f'<span class="layer"><b>{NAMES.get(first.kind, first.kind)}</b>'
        f"<small>{escape(extra) or '&nbsp;'}</small>"
        f"<small>{_shape(group[-1].shape)} out, {parameters:,} parameters</small></span>"
    )


def _shape(shape: tuple[int, ...]) -> str:
    return " x ".join(str(number) for number in shape) or "1"
