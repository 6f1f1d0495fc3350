"""The story of a GAN as one drawing: noise, forger, fakes; real pictures; detective; verdict."""

from base64 import b64encode
from functools import cache
from html import escape

import numpy as np
import streamlit as st

from gan import data, export
from gan.messages import Message, msg
from pages.shared.draw import film, pictures
from pages.shared.words import html, plain

SHOWN = 8  # fakes, and real pictures
STEPS = (
    (
        msg("home.draws", "The forger draws"),
        msg("home.how_it_draws", "It gets random numbers and turns them into a picture. At first it draws only noise."),
        msg("home.generator", "The forger is a neural network: the **generator**."),
    ),
    (
        msg("home.looks", "The detective looks"),
        msg(
            "home.how_it_looks",
            "It sees real pictures and fakes, mixed, and says how sure it is that each one is real.",
        ),
        msg("home.discriminator", "The detective is a second network: the **discriminator**."),
    ),
    (
        msg("home.learn", "Both learn"),
        msg(
            "home.how_they_learn",
            "The detective learns from its mistakes. The forger learns what would have fooled it. Again and again.",
        ),
        msg("home.gan", "Together they are a **generative adversarial network** (GAN)."),
    ),
)


def show() -> None:
    """Draw the story; nothing in it needs a network to be built."""
    steps = "".join(
        f"<li><h2>{html(title)}</h2><p>{html(text)}</p><p class='term'>{html(term)}</p></li>"
        for title, text, term in STEPS
    )
    st.html(f'<div class="story"><ol>{steps}</ol>{_scene()}</div>')


def _scene() -> str:
    reals = data.load("digits").images[:SHOWN]
    fake_sheet = _recording(plain("home.fakes_alt", "Eight fakes of a recorded run: noise at first, digits in the end"))
    real_sheet = _picture(reals, plain("home.reals_alt", "Eight real handwritten digits"))
    numbers = "&ensp;".join(html(Message("", "{number}", {"number": number})) for number in (0.3, -1.2, 0.8))
    generator, forger = html("home.scene.generator", "generator"), html("home.scene.forger", "forger")
    fakes = html("home.scene.fakes_recorded", "fakes (a recording)")
    discriminator = html("home.scene.discriminator", "discriminator")
    detective, verdict = html("home.scene.detective", "detective"), html("home.scene.verdict", "real or fake?")
    return (
        '<div class="scene">'
        f'<div class="role noise"><span>{html("home.scene.noise", "random numbers")}</span><b>{numbers}</b></div>'
        '<i aria-hidden="true">&#8594;</i>'
        f'<div class="role forger"><span>{generator}</span><b>{forger}</b></div>'
        '<i aria-hidden="true">&#8594;</i>'
        f'<figure class="fake">{fake_sheet}<figcaption>{fakes}</figcaption></figure>'
        '<i aria-hidden="true">&#8594;</i>'
        f'<div class="role detective"><span>{discriminator}</span><b>{detective}</b><span>{verdict}</span></div>'
        '<i aria-hidden="true">&#8592;</i>'
        f'<figure class="real">{real_sheet}<figcaption>{html("home.scene.real", "real")}</figcaption></figure>'
        "</div>"
    )


@cache
def _recording(alt: str) -> str:
    """Fakes of a recorded run, played once in the four seconds in which what moves needs no way to stop it; who wants
    less motion sees the last of them (assets/style/home.css: a <source> loses its address in Streamlit).
    """
    _, sheets = film.recorded("quick")
    first, second = sheets[:2]  # what happens fastest is shown longest
    frames = [sheet[:SHOWN] for sheet in (first, first, second, *sheets)]
    moving = export.gif(frames, columns=4, scale=1, milliseconds=240, endless=False)
    return f'<img class="moving" alt="{escape(alt)}" src="{_inline("gif", moving)}">' + _picture(
        frames[-1], alt, "still"
    )


def _inline(kind: str, content: bytes) -> str:
    return f"data:image/{kind};base64,{b64encode(content).decode()}"


def _picture(images: np.ndarray, alt: str, kind: str = "") -> str:
    return pictures.html(export.grid_png(images, columns=4, scale=2), alt, kind)
