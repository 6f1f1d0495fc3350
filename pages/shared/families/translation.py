"""A translator: what goes in, what comes out, what should, and there and back again."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from gan.messages import msg
from pages.shared.draw import pictures
from pages.shared.words import plain, say

VIEW = msg("view.translation", "In and out")
LOOK = msg("translation.look", "The first two play against each other; what is below them should fall.")
COLUMNS = 4
ROWS = (
    (
        ("in", msg("translation.in", "Goes in")), ("out", msg("translation.out", "Comes out")),
        ("truth", msg("translation.truth", "Should come out")), ("again", msg("translation.again", "And back again")),
    ),
    (
        ("other_in", msg("translation.other_in", "The other way: goes in")),
        ("other_out", msg("translation.out", "Comes out")),
        ("other_again", msg("translation.again", "And back again")),
    ),
)  # fmt: skip


def show(views: Mapping[str, np.ndarray], theme: str) -> None:
    """Some pictures on their way, a sheet for each place of it; where there is a way back, that too."""
    st.markdown(say("translation.about", "**The forger never learned from these pictures.** Compare place by place."))
    for row in ROWS:
        shown = [(name, title) for name, title in row if name in views]
        for column, (name, title) in zip(st.columns(max(3, len(shown))), shown, strict=False):
            with column:
                st.caption(say(title))
                images = views[name]
                alt = plain("translation.alt", "{count} pictures: {what}.", count=len(images), what=title)
                encoded = pictures.encode(images, alt, theme, count=len(images), columns=COLUMNS, bars=False)
                pictures.sheet(encoded, f"translation_{name}")
