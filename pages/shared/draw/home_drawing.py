"""The story of a GAN as one drawing: noise, forger, fakes; real pictures; detective; verdict."""

import numpy as np
import streamlit as st

from gan import data, export
from gan.messages import Message, msg
from pages.shared.draw import pictures
from pages.shared.words import html, plain

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
    reals = data.load("digits").images[:8]
    noise = np.random.default_rng(0).integers(0, 256, size=reals.shape, dtype=np.uint8)
    fake_sheet = _picture(noise, plain("home.noise_alt", "Eight fakes that are only noise"))
    real_sheet = _picture(reals, plain("home.reals_alt", "Eight real handwritten digits"))
    numbers = "&ensp;".join(html(Message("", "{number}", {"number": number})) for number in (0.3, -1.2, 0.8))
    generator, forger = html("home.scene.generator", "generator"), html("home.scene.forger", "forger")
    discriminator = html("home.scene.discriminator", "discriminator")
    detective, verdict = html("home.scene.detective", "detective"), html("home.scene.verdict", "real or fake?")
    return (
        '<div class="scene">'
        f'<div class="role noise"><span>{html("home.scene.noise", "random numbers")}</span><b>{numbers}</b></div>'
        '<i aria-hidden="true">&#8594;</i>'
        f'<div class="role forger"><span>{generator}</span><b>{forger}</b></div>'
        '<i aria-hidden="true">&#8594;</i>'
        f'<figure class="fake">{fake_sheet}<figcaption>{html("home.scene.fakes", "fakes")}</figcaption></figure>'
        '<i aria-hidden="true">&#8594;</i>'
        f'<div class="role detective"><span>{discriminator}</span><b>{detective}</b><span>{verdict}</span></div>'
        '<i aria-hidden="true">&#8592;</i>'
        f'<figure class="real">{real_sheet}<figcaption>{html("home.scene.real", "real")}</figcaption></figure>'
        "</div>"
    )


def _picture(images: np.ndarray, alt: str) -> str:
    return pictures.html(export.grid_png(images, columns=4, scale=2), alt)
