"""The frame around every page: title, logo, style."""

from pathlib import Path

import streamlit as st

from pages.shared.draw import colours
from pages.shared.words import language, plain

ASSETS = Path(__file__).parents[3] / "assets"
# One file a room, in this order: what comes later may overrule what came before.
ROOMS = (
    "frame",
    "controls",
    "pictures",
    "train",
    "stage",
    "networks",
    "step",
    "dots",
    "contests",
    "compare",
    "versus",
    "library",
    "latent",
    "home",
    "pad",
    "families",
    "inside",
    "lessons",
    "glossary",
    "room",
    "own",
    "desk",
    "projector",
)
STYLES = [ASSETS / "style" / f"{room}.css" for room in ROOMS]
SETTINGS_OPEN = "settings_open"  # the switch that shows the settings during a run
SETTINGS_SHUT = "settings_shut"  # whether it goes back: where there is little room they stand before what has begun
STAY_SECONDS = 60.0
NAME = "Forger & Detective"

_browser = st.components.v2.component("page_language", js=(ASSETS / "page.js").read_text())


def open_page() -> None:
    """Page settings and style; the first thing in every script run."""
    st.set_page_config(page_title=NAME, page_icon=str(ASSETS / "icon.svg"), layout="wide")
    st.logo(str(ASSETS / f"logo-{theme()}.svg"), size="large")
    st.html(f"<style>{''.join(file.read_text() for file in STYLES)}{_colours()}</style>")
    told = {"language": language().replace("_", "-"), "theme": theme(), "pages": plain("page.pages", "Pages")}
    if st.session_state.pop(SETTINGS_SHUT, False):
        st.session_state[SETTINGS_OPEN] = False
    told["settings"] = bool(st.session_state.get(SETTINGS_OPEN))
    _browser(key="page_language", data=told, on_theme_change=lambda: None)
    _come_back()


@st.fragment(run_every=STAY_SECONDS)
def _come_back() -> None:
    """Nothing, now and then. A page that repeats something runs anew when a lost connection is there again, and so is
    a viewer of its run again.
    """


def theme() -> str:
    """ "light" or "dark", as the viewer has chosen."""
    return st.context.theme.type or "light"


def _colours() -> str:
    """The colours of the current theme as CSS variables."""
    names = ("REAL", "FAKE", "DETECTIVE", "TEXT", "MUTED", "TRACK", "SOFT", "PAGE", "ACCENT")
    values = (f"--{name.lower()}: {getattr(colours, name)[theme()]};" for name in names)
    lanes = (f"--lane-{n}: {colour};" for n, colour in enumerate(colours.LANES[theme()]))
    heat = f"--heat: {', '.join(colours.HEAT)};"
    return f":root {{ {' '.join((*values, *lanes, heat))} }}"
