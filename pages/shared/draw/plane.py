"""A run of dots as one picture that moves in place: the plane, and who feeds whom (a small browser component)."""

import json
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, field

import numpy as np
import streamlit as st

from gan.export import moments
from gan.messages import Message, msg
from gan.records import Plane
from pages.shared.draw import colours
from pages.shared.draw.theme import ASSETS
from pages.shared.words import language, plain

NOISE_UNIT = 4096
REALS = 600  # real dots that are drawn at most
LAYERS = {  # what can be switched on and off, and what it is
    "reals": (msg("plane.reals", "Real"), msg("plane.reals.about", "Real dots: round and blue.")),
    "fakes": (
        msg("plane.fakes", "Fakes"),
        msg("plane.fakes.about", "Diamonds, filled with what the detective believes."),
    ),
    "heat": (
        msg("plane.heat", "Belief"),
        msg("plane.heat.about", "Blue where a dot would look real to the detective."),
    ),
    "map": (msg("plane.map", "Map"), msg("plane.map.about", "Random numbers laid out evenly, and bent by the forger.")),
    "arrows": (
        msg("plane.arrows", "Arrows"),
        msg("plane.arrows.about", "Which way each fake would fool the detective."),
    ),
    "wiring": (msg("plane.wiring", "Networks"), msg("plane.wiring.about", "Who feeds whom.")),
}
FIRST = ("reals", "fakes", "heat", "arrows", "wiring")  # are on at first
LIVE, FILM, STILL = "live", "film", "still"  # how moments follow each other

SHOW = """
export default (component) => {
  if (globalThis.showDots) showDots(component);
  else addEventListener("dots", () => showDots(component), { once: true });
};
"""
FILES = ("paint", "play", "pen", "show")  # in this order: one text

# A component's code travels with each of its updates, and the drawing's own is longer than what it draws.
_library = st.components.v2.component(
    "dots_code",
    html="<span></span>",
    js="\n".join((ASSETS / "dots" / f"{name}.js").read_text() for name in FILES),
    isolate_styles=False,
)
_dots = st.components.v2.component("dots", html='<div class="dots"></div>', js=SHOW, isolate_styles=False)


@dataclass(frozen=True)
class Part:
    """A part of one training step: its name, what is said of it, and what is to be seen meanwhile."""

    title: Message
    says: Message
    lit: tuple[str, ...] = ()  # of "noise", "forger", "detective"
    on: dict[str, bool] = field(default_factory=dict)  # layers that are on or off whatever was chosen
    rings: Sequence[Sequence[float]] = ()  # dots (n, 2) that have a ring
    after: bool = False  # whether it is seen as it is after the step


@dataclass(frozen=True)
class Pen:
    """One draws the real dots; `drawn` are those there are, as text (`RunConfig.drawing`)."""

    drawn: str
    most: int


@dataclass(frozen=True, kw_only=True)
class Scene:
    """All that is shown."""

    run: str  # whose moments they are
    moments: Sequence[Plane]  # oldest first
    reals: np.ndarray  # float32 (n, 2), -1..1
    alt: str  # what is seen, in a sentence
    moves: str = STILL
    feed: str | None = None  # where the browser asks for more of them
    spread: float = 2.0  # how far noise reaches in the forger's map: 2 for normal noise, 1 for uniform
    on: Sequence[str] = FIRST
    chips: bool = True  # whether layers can be switched
    parts: Sequence[Part] = ()  # of the newest moment's step
    pen: Pen | None = None


def load() -> None:
    """Bring the drawing's code to the browser; once a page, outside of what is redrawn."""
    with st.container(key="dots_code"):
        _library(key="dots_library")


def show(encoded: bytes, key: str, layers: Callable[[], None], drawn: Callable[[], None]) -> None:
    """Draw it. What is done in the browser stands in session state under `key` when a callback is called: `layers`,
    the names of those that are on; `drawn`, the dots as text, or `done`, when one has drawn them all.
    """
    _dots(key=key, data=encoded, on_layers_change=layers, on_drawn_change=drawn, on_done_change=drawn)


def encode(scene: Scene, theme: str) -> bytes:
    """A scene as JSON for `show`, in the visitor's language."""
    newest = scene.moments[-1] if scene.moments else None
    noise = newest.noise if newest else np.zeros((0, 1), np.float32)
    data = {
        "run": scene.run,
        "frames": [moments.frame(moment) for moment in scene.moments],
        "film": scene.run if scene.moves == FILM else None,
        "moves": scene.moves,
        "feed": scene.feed,
        "reals": moments.places(scene.reals[:REALS]),
        "noise": moments.whole(noise[:, :2], NOISE_UNIT),
        "noise_size": min(2, noise.shape[1]),
        "noise_left": max(0, noise.shape[1] - 2),
        "spread": scene.spread,
        "alt": scene.alt,
        "colours": _colours(theme),
        "layers": [
            {"name": name, "label": plain(label), "about": plain(about), "on": name in scene.on}
            for name, (label, about) in LAYERS.items()
        ],
        "chips": scene.chips,
        "parts": _parts(scene.parts, newest),
        "pen": scene.pen and asdict(scene.pen),
        "language": language().replace("_", "-"),
        "words": {name: plain(told) for name, told in _words().items()},
    }
    return json.dumps(data, allow_nan=False).encode()


def _words() -> dict[str, Message]:
    """What the browser says by itself; a name in braces is filled in there."""
    return {
        "noise": msg("plane.noise", "random numbers"),
        "noise_alt": msg("plane.noise_alt", "The random numbers that the forger begins with"),
        "fakes": msg("plane.wire.fakes", "fakes"),
        "real": msg("plane.wire.real", "real"),
        "verdict": msg("plane.wire.verdict", "verdict"),
        "forger": msg("plane.forger", "Forger"),
        "forger_about": msg(
            "plane.forger_about",
            "The forger (generator) turns random numbers into fakes. The verdict tells it which way to move them.",
        ),
        "detective": msg("plane.detective", "Detective"),
        "detective_about": msg(
            "plane.detective_about",
            "The detective (discriminator) sees real dots and fakes, and says how real a dot is at each place.",
        ),
        "layers": msg("plane.layers", "What is shown"),
        "fake_dot": _open(
            msg("plane.fake_dot", "A fake from the random numbers {noise}. The detective finds it {belief} real."),
            "noise", "belief",
        ),
        "real_dot": _open(msg("plane.real_dot", "A real dot. The detective finds it {belief} real."), "belief"),
        "real_only": msg("plane.real_only", "A real dot."),
        "nowhere": _open(msg("plane.nowhere", "Here the detective would find a dot {belief} real."), "belief"),
        "drawn": _open(msg("plane.drawn", "Dots drawn: {count}. Draw on, or press Done."), "count"),
        "undo": msg("plane.undo", "Undo"),
        "clear": msg("plane.clear", "Clear"),
        "done": msg("plane.done", "Done"),
    }  # fmt: skip


def _open(message: Message, *names: str) -> Message:
    """The message with these places left open."""
    return message.but(**{name: f"{{{name}}}" for name in names})


def _parts(parts: Sequence[Part], newest: Plane | None) -> dict | None:
    if not parts or newest is None:
        return None
    told = [
        {
            "title": plain(part.title),
            "says": plain(part.says),
            "lit": list(part.lit),
            "on": dict(part.on),
            "rings": np.round(np.asarray(part.rings, float).reshape(-1, 2), 3).tolist(),
            "after": part.after,
        }
        for part in parts
    ]
    return {"step": newest.step, "list": told}


def _colours(theme: str) -> dict[str, str]:
    names = ("REAL", "FAKE", "FAKE_INK", "DETECTIVE", "TEXT", "MUTED", "SOFT", "PAGE", "ACCENT")
    found = {name.lower(): getattr(colours, name)[theme] for name in names}
    return found | {"paper": found["page"]}
