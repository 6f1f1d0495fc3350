"""Both networks at work on one noise vector, as a drawing that moves in place (a small browser component).

Numbers flow into the forger, its fake and a real picture into the detective, and its verdicts come out.
"""

import base64
import json
import math
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from itertools import zip_longest

import numpy as np
import streamlit as st

from gan.messages import Message, msg
from gan.records import Stage, Walk
from pages.shared.draw import colours
from pages.shared.draw.theme import ASSETS
from pages.shared.words import layers, plain

NOISE_SHOWN = 12  # numbers
MAPS = {False: 4, True: 16}  # feature maps of a layer that are shown, small and large
PIXELS = {False: 1024, True: 3200}  # numbers of a layer that are sent at most
SIDE = 32  # pixels of a picture in the small drawing

SHOW = """
export default (component) => {
  if (globalThis.showNetworks) showNetworks(component);
  else addEventListener("networks", () => showNetworks(component), { once: true });
};
"""

# A component's code travels with each of its updates, and the drawing's own is longer than what it draws.
_library = st.components.v2.component(
    "networks", html="<span></span>", js=(ASSETS / "model.js").read_text(), isolate_styles=False
)
_model = st.components.v2.component("model", html='<div class="model"></div>', js=SHOW, isolate_styles=False)


@dataclass(frozen=True)
class Knob:
    """What "-" and "+" change: its name and value in words, and the values below and above, None where there is none.

    The labels say what the buttons do, or why they cannot.
    """

    name: str
    label: str
    value: str
    less: int | None = None
    more: int | None = None
    less_label: str = ""
    more_label: str = ""


@dataclass(frozen=True)
class Turns:
    """How often each learns in a row, 0 = stands still; it is said in `says`."""

    detective: int
    forger: int
    says: Message


def load() -> None:
    """Bring the drawing's code to the browser; once a page, outside of what is redrawn."""
    with st.container(key="networks_code"):
        _library(key="networks")


def encode(
    walk: Walk | None,
    theme: str,
    turns: Turns,
    *,
    large: bool = False,
    moves: str = "never",
    knobs: Sequence[Knob] = (),
    note: Message | None = None,
) -> bytes:
    """The drawing as JSON for `show`. `moves` says when a pulse runs through it: "never", "once", or "always" anew.
    With a `note` on what it shows, the knobs stand beside that, above it, and not below the noise.

    Without a walk the room is kept free.
    """
    told = plain(note) if note else ""
    data = {"large": large, "moves": moves, "knobs": [asdict(knob) for knob in knobs], "note": told}
    dark_to_lit = {"forger": colours.FAKE, "detective": colours.DETECTIVE}
    data["lights"] = {role: {"background": colours.SOFT[theme], "ink": lit[theme]} for role, lit in dark_to_lit.items()}
    if walk is None:
        return json.dumps(data).encode()
    real = walk.real
    sights = [walk, *([real] if real else [])]
    named = {
        "noise": msg("diagram.noise", "{count} random numbers", count=len(walk.noise)),
        "forger": msg("diagram.forger", "Forger (generator)") if large else msg("model.forger", "Forger"),
        "detective": msg("diagram.detective", "Detective (discriminator)")
        if large
        else msg("model.detective", "Detective"),
        "fake": msg("model.fake", "fake"),
        "real": msg("model.real", "real"),
        "open": msg("model.open", "Show both networks large"),
        "hint": msg("model.hint", "Tap a layer to see what it does."),
        "turns": turns.says,
    }
    data |= {
        "alt": _alt(walk),
        "words": {name: plain(message) for name, message in named.items()},
        "sizes": {"forger": _parameters(walk.generator), "detective": _parameters(walk.discriminator)},
        "noise": [round(number, 2) for number in walk.noise[:NOISE_SHOWN]],
        "forger": _boxes([walk.generator], large),
        "detective": _boxes([sight.discriminator for sight in sights], large, [sight.logit for sight in sights]),
        "pictures": [_picture(sight.picture, large) for sight in sights],
        "beliefs": [round(sight.belief, 3) if math.isfinite(sight.belief) else 0 for sight in sights],
        "says": [plain("model.belief", "{belief:.0%}", belief=sight.belief) for sight in sights],
        "turns": {"detective": turns.detective, "forger": turns.forger},
    }
    return json.dumps(data, allow_nan=False).encode()


def show(encoded: bytes, key: str, opened: Callable[[], None], changed: Callable[[], None]) -> dict:
    """Draw it. Returns what was tapped just now: `opened` for the whole; `changed`: a knob's name and its new value."""
    return _model(key=key, data=encoded, on_opened_change=opened, on_changed_change=changed)


def _parameters(stages: Sequence[Stage]) -> str:
    return plain(layers.parameters(sum(stage.parameters for stage in stages)))


def _alt(walk: Walk) -> str:
    """A sentence that says what is seen."""
    made = layers.drawn(walk)
    if walk.real is None:
        return plain(
            "model.alt_fake", "{made} The detective finds it {fake:.0%} real.", made=made, fake=walk.belief
        )  # fmt: skip
    return plain(
        "model.alt", "{made} The detective finds it {fake:.0%} real, and a real picture {real:.0%} real.",
        made=made, fake=walk.belief, real=walk.real.belief,
    )  # fmt: skip


def _boxes(ways: list[tuple[Stage, ...]], large: bool, logits: Sequence[float] = ()) -> list[dict]:
    """One box for each layer that computes something, with what it made on each of the ways."""
    return [_box(group, large, logits) for group in groups(ways)]


def groups(ways: list[tuple[Stage, ...]]) -> list[list[tuple[Stage, ...]]]:
    """Each layer that computes, with the quiet ones that follow it; each a tuple with its stage on every way."""
    found: list[list[tuple[Stage, ...]]] = []
    for stages in zip_longest(*ways, fillvalue=None):
        kept = tuple(stage for stage in stages if stage)
        if found and layers.is_quiet(kept[0].kind):
            found[-1].append(kept)
        elif kept[0].kind not in layers.UNSAID:
            found.append([kept])
    return found


def _box(group: list[tuple[Stage, ...]], large: bool, logits: Sequence[float]) -> dict:
    kinds = [stages[0].kind for stages in group]
    last = [stages for stages in group if stages[0].kind != "Flatten"][-1]  # what was laid flat is seen better before
    words = layers.words(kinds[0])
    is_sum = bool(logits) and last[0].shape == ()
    box = {"does": plain(words.does), "numbers": [plain("model.logit", "{logit:+.1f}", logit=x) for x in logits]}
    box |= {"maps": []} if is_sum else {"numbers": [], "maps": [_maps(stage, large) for stage in last]}
    if not large:
        return box
    return box | {
        "term": plain(words.term),
        "size": plain(layers.size(last[0].shape)),
        "about": plain(
            "model.about",
            "{does} ({terms}): {about} It has {parameters}.",
            does=words.does,
            terms=layers.terms(kinds),
            about=words.about,
            parameters=layers.parameters(sum(stages[0].parameters for stages in group)),
        ),
    }


def _maps(stage: Stage, large: bool) -> dict:
    """Some of a layer's maps, or of its numbers as a block: { count, height, width, pixels }."""
    image = stage.image
    if len(stage.shape) == 3:
        (count, height, width), rows = stage.shape, image.shape[0] // stage.shape[1]
        maps = image.reshape(rows, height, -1, width).swapaxes(1, 2).reshape(-1, height, width)
        kept = max(1, min(count, MAPS[large], PIXELS[large] // (height * width)))
        maps = maps[:kept]
        step = math.ceil(height / 64) if large else math.ceil(height / SIDE)
        maps = maps[:, ::step, ::step]
    else:
        numbers = math.prod(stage.shape)
        maps = image.reshape(-1)[: min(numbers, PIXELS[large])].reshape(-1, 1, 1)
    count, height, width = maps.shape
    return {"count": count, "height": height, "width": width, "pixels": _text(maps)}


def _picture(pixels: np.ndarray, large: bool) -> dict:
    step = 1 if large else math.ceil(len(pixels) / SIDE)
    small = pixels[::step, ::step]
    channels = 3 if small.ndim == 3 else 1
    return {"height": len(small), "width": small.shape[1], "channels": channels, "pixels": _text(small)}


def _text(pixels: np.ndarray) -> str:
    return base64.b64encode(np.ascontiguousarray(pixels)).decode()
