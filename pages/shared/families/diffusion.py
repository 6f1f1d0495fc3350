"""A diffusion model: how noise becomes pictures, step by step, and how wrong it is at which noise."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from gan.messages import Message, msg
from gan.runs import Run
from pages.shared.draw import pictures
from pages.shared.words import html, plain, say

VIEW = msg("view.diffusion", "From noise")
LOOK = msg("diffusion.look", "It falls fast, then slowly: small gains still show.")
ABOUT = msg(
    "diffusion.about",
    "**Each row is one picture on its way.** On the left is what the forger sees in pure noise, on the right what it "
    "has made of it.",
)
LONGEST = 0.75  # of the room; the number stands beside the bar
ERRORS = msg("diffusion.errors", "**How wrong it is**, from nearly all noise to nearly none:")


def show(run: Run, views: Mapping[str, np.ndarray], theme: str) -> None:
    """The film as a table of pictures, a row each, and the errors as bars."""
    film = views["film"]
    frames, count = film.shape[:2]
    st.markdown(say(ABOUT))
    alt = plain("diffusion.film_alt", "{count} pictures in {frames} steps from noise.", count=count, frames=frames)
    rows = film.swapaxes(0, 1).reshape(count * frames, *film.shape[2:])
    left, right = st.columns([5, 2], gap="medium")
    with left:
        pictures.bare(rows, alt, theme, "denoising_film", frames)
    with right:
        st.html(f'<p class="errors">{html(ERRORS)}</p>{_bars(views["errors"])}')


def _bars(errors: np.ndarray) -> str:
    """A bar for each level of noise, as long as its error is beside the largest."""
    largest = float(np.nanmax(errors)) or 1.0
    told = (plain(Message("", "{error:.2f}", {"error": float(error)})) for error in errors)
    bars = (
        f'<li><i style="width:{LONGEST * float(error) / largest:.0%}"></i><span>{text}</span></li>'
        for error, text in zip(errors, told, strict=True)
    )
    return f'<ul class="noise_levels">{"".join(bars)}</ul>'
