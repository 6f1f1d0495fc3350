"""A diffusion model: how noise becomes pictures, step by step, and how wrong it is at which noise."""

from collections.abc import Mapping

import numpy as np
import streamlit as st

from gan import export, inside
from gan.data.remembered import forgettable
from gan.messages import Message, message_of, msg, msgs
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
LOOKS = (1, 2, 5, 10, 25)  # at a picture
ASKED = "looks_asked"  # the moment of which this tab wants to know it
FROM = msg(
    "diffusion.looks",
    "**How many looks does a picture need?** The same noise, drawn in fewer and in more: from where on do you see no "
    "difference?",
)


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
    _in_looks(run)


def _bars(errors: np.ndarray) -> str:
    """A bar for each level of noise, as long as its error is beside the largest."""
    largest = float(np.nanmax(errors)) or 1.0
    told = (plain(Message("", "{error:.2f}", {"error": float(error)})) for error in errors)
    bars = (
        f'<li><i style="width:{LONGEST * float(error) / largest:.0%}"></i><span>{text}</span></li>'
        for error, text in zip(errors, told, strict=True)
    )
    return f'<ul class="noise_levels">{"".join(bars)}</ul>'


def _in_looks(run: Run) -> None:
    """On demand, pictures drawn in ever more looks, and what they are worth; each stands as soon as it is known."""
    epoch = max(run.moments.epochs, default=0)
    st.markdown(say(FROM))
    if st.button(
        say("diffusion.draw", "Draw and measure"), key="looks", icon=":material/speed:", disabled=not epoch,
        help=say("diffusion.too_early", "From the first whole epoch on.") if not epoch else None,
    ):  # fmt: skip
        st.session_state[ASKED] = run.watch_id, epoch
    watch_id, asked = st.session_state.get(ASKED, ("", 0))
    if watch_id != run.watch_id:
        return
    st.caption(say("diffusion.of_epoch", "After epoch {epoch}. Realism: lower is better.", epoch=asked))
    with st.container(horizontal=True, gap="medium"):
        for looks in LOOKS:
            with st.spinner(say("diffusion.drawing", "Drawing ...")):
                try:
                    found = _drawn_in(run.watch_id, asked, looks, run)
                except ValueError as error:  # thinned out or damaged meanwhile
                    st.warning(say(message_of(error)), icon=":material/history:")
                    return
            st.html(_figure(found), width="content")


def _figure(found: inside.Looked) -> str:
    count = msgs("diffusion.in_looks", "{count} look", "{count} looks", found.looks)
    realism = msg("diffusion.realism", "realism {realism:.1f}", realism=found.realism) if found.realism else None
    told = (msg("diffusion.seconds", "{ms:,.1f} ms each", ms=1000 * found.seconds), realism)
    sheet = pictures.html(export.grid_png(found.pictures, columns=2, scale=2), plain(count))
    lines = "".join(f"<br>{html(each)}" for each in told if each)
    return f'<figure class="in_looks">{sheet}<figcaption><b>{html(count)}</b>{lines}</figcaption></figure>'


@forgettable
@st.cache_resource(show_spinner=False, max_entries=64)
def _drawn_in(watch_id: str, epoch: int, looks: int, _run: Run) -> inside.Looked:
    """Once for each moment: the page looks twice a second."""
    return inside.drawn_in(inside.open_moment(*_run.as_kept(epoch)), looks)
