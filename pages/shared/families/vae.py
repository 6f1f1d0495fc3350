"""An autoencoder: real pictures, and what comes back of each; of codes of two numbers, everything that can be drawn."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from gan.messages import msg
from gan.runs import Run
from pages.shared.draw import pictures
from pages.shared.words import plain, say

VIEW = msg("view.vae", "There and back")
LOOK = msg("vae.look", "Both fall, then they pull at each other.")
ABOUT = msg(
    "vae.about",
    "**Each real picture is squeezed into a few numbers, and drawn again from these alone.** What got lost?",
)
COLUMNS = 8
SHEET = msg("vae.sheet", "**All that two numbers can say.** To the right the first grows, upwards the second.")


def show(run: Run, views: Mapping[str, np.ndarray], theme: str) -> None:
    """Pictures before and after; beside them the sheet of all codes, where there is one."""
    st.markdown(say(ABOUT))
    before, back, *sheet = st.columns(3 if "sheet" in views else 2)
    with before:
        st.caption(say("vae.before", "Real pictures"))
        pictures.bare(views["before"], plain("vae.before_alt", "Real pictures."), theme, "vae_before", COLUMNS)
    with back:
        st.caption(say("vae.back", "What comes back"))
        alt = plain("vae.back_alt", "The same pictures, drawn from their codes.")
        pictures.bare(views["back"], alt, theme, "vae_back", COLUMNS)
    for column in sheet:
        with column:
            st.caption(say(SHEET))
            count = len(views["sheet"])
            alt = plain("vae.sheet_alt", "{count} pictures whose two numbers go from low to high.", count=count)
            pictures.bare(views["sheet"], alt, theme, "vae_sheet", round(count**0.5))
