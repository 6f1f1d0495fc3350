"""Layers: what each layer of the detective sees, and which part of the picture excites each feature most."""

import math
from typing import TYPE_CHECKING

import streamlit as st

from gan import export, inside
from gan.inside import LayerSeen, Unit
from gan.messages import msg
from pages.shared.draw import pictures
from pages.shared.inside.eye import overlay, words
from pages.shared.inside.eye.picking import Picked
from pages.shared.words import html, layers, plain, say, values

if TYPE_CHECKING:
    from gan.inside.moment import Moment

ABOUT = msg(
    "eye.layers_about",
    "Layer by layer, the features that this picture excites most. Lit: the part of the picture that does it. Below: "
    "where else the feature answers.",
)


def show(moment: "Moment", picked: Picked) -> None:
    st.markdown(say(ABOUT))
    seen = inside.look_at_layers(moment, picked.subject)
    if not all(math.isfinite(unit.strength) for layer in seen for unit in layer.units):
        st.info(say(words.RUN_AWAY), icon=":material/explore_off:")
        return
    rows = "".join(_layer(number, layer, picked) for number, layer in enumerate(seen, start=1))
    st.html(f'<div class="eye_layers">{rows}</div>')


def _layer(number: int, layer: LayerSeen, picked: Picked) -> str:
    said = layers.words(layer.kind)
    head = html("eye.layer", "**{number}. {does}**", number=number, does=said.does)
    about = html("eye.layer_about", "{term}: {size}", term=said.term, size=layers.size(layer.shape))
    units = "".join(_unit(unit, picked) for unit in layer.units)
    return f"<section><p>{head}<br>{about}</p>{units}</section>"


def _unit(unit: Unit, picked: Picked) -> str:
    picture = picked.subject.picture
    top, left, bottom, right = unit.box
    if unit.map is None:
        alt = plain("eye.pattern_alt", "What feature {number} wants brighter (blue) or darker", number=unit.number)
        shown = pictures.html(export.png(overlay.heat(picture, unit.pattern)), alt)
    else:
        alt = plain(
            "eye.part_alt", "Feature {number}: rows {top} to {bottom}, columns {left} to {right} excite it most",
            number=unit.number, top=top + 1, bottom=bottom, left=left + 1, right=right,
        )  # fmt: skip
        lit = pictures.html(export.png(overlay.spotlight(picture, unit.box)), alt)
        shown = lit + pictures.html(export.png(unit.map), "")
    strength = html(values.number(unit.strength, ".1f"))
    return f"<figure>{shown}<figcaption>{strength}</figcaption></figure>"
