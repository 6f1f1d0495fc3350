"""The story of a GAN as one drawing: noise, forger, fakes; real pictures; detective; verdict."""

import numpy as np
import streamlit as st

from gan import data, export
from pages.shared.draw import pictures

STEPS = (
    (
        "The forger draws",
        "It gets random numbers and turns them into a picture. At first it draws only noise.",
        "The forger is a neural network: the <b>generator</b>.",
    ),
    (
        "The detective looks",
        "It sees real pictures and fakes, mixed, and says how sure it is that each one is real.",
        "The detective is a second network: the <b>discriminator</b>.",
    ),
    (
        "Both learn",
        "The detective learns from its mistakes. The forger learns what would have fooled it. Again and again.",
        "Together they are a <b>generative adversarial network</b> (GAN).",
    ),
)


def show() -> None:
    """Draw the story; nothing in it needs a network to be built."""
    steps = "".join(f"<li><h3>{title}</h3><p>{text}</p><p class='term'>{term}</p></li>" for title, text, term in STEPS)
    st.html(f'<div class="story"><ol>{steps}</ol>{_scene()}</div>')


def _scene() -> str:
    reals = data.load("digits").images[:8]
    noise = np.random.default_rng(0).integers(0, 256, size=reals.shape, dtype=np.uint8)
    fake_sheet = _picture(noise, "Eight fakes that are only noise")
    real_sheet = _picture(reals, "Eight real handwritten digits")
    return (
        '<div class="scene">'
        '<div class="role noise"><span>random numbers</span><b>0.3&ensp;-1.2&ensp;0.8</b></div>'
        '<i aria-hidden="true">&#8594;</i>'
        '<div class="role forger"><span>generator</span><b>forger</b></div>'
        '<i aria-hidden="true">&#8594;</i>'
        f'<figure class="fake">{fake_sheet}<figcaption>fakes</figcaption></figure>'
        '<i aria-hidden="true">&#8594;</i>'
        '<div class="role detective"><span>discriminator</span><b>detective</b><span>real or fake?</span></div>'
        '<i aria-hidden="true">&#8592;</i>'
        f'<figure class="real">{real_sheet}<figcaption>real</figcaption></figure>'
        "</div>"
    )


def _picture(images: np.ndarray, alt: str) -> str:
    return pictures.html(export.grid_png(images, columns=4, scale=2), alt)
