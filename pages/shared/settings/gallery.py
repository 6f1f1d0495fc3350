"""All recipes in groups, each with what it draws."""

from functools import lru_cache

import streamlit as st

from gan.messages import Message, msg
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.draw import pictures
from pages.shared.draw.theme import ASSETS
from pages.shared.settings import controls, hidden
from pages.shared.tab import dialogs, session
from pages.shared.words import recipes, say

RECORDINGS = ASSETS / "recordings"
START = ("quick", "best", "best_clothes", "best_photos", "dcgan")
PUBLISHED = ("first_gan", "pocket", "fundamentals", "workshop", "deep_mlp_vs_conv")
COLUMNS = 5
ALL = "all_recipes"


def groups() -> dict[Message, list[str]]:
    """The recipes by what they are for; a new one of GANs stands with those to start with."""
    broken, cured = [*presets.FAILURES.values()], [*presets.CURES.values()]
    known = {*START, *PUBLISHED, *broken, *cured}
    new = {name: each for name, each in presets.PRESETS.items() if name not in known and _is_of_pictures(each)}
    beyond = [name for name, recipe in new.items() if recipe.family != RunConfig().family]
    return {
        msg("gallery.start", "Start here"): [*START, *(name for name in new if name not in beyond)],
        msg("gallery.beyond", "Beyond the GAN"): beyond,
        msg("gallery.published", "Published in courses"): [*PUBLISHED],
        msg("gallery.broken", "Made to fail"): broken,
        msg("gallery.cured", "The same, cured"): cured,
    }


def _is_of_pictures(recipe: RunConfig) -> bool:
    return session.page_of(recipe) == session.PICTURES


def offer() -> None:
    """The chosen recipe's picture, and a button that shows all recipes."""
    with st.container(key="gallery", horizontal=True, gap="small", vertical_alignment="center"):
        st.html(thumbnail(st.session_state[controls.PRESET]))
        title = say("gallery.all", "All recipes")
        dialogs.offer(
            ALL, title, title, _dialog, width="stretch", icon=":material/grid_view:",
            disabled=hidden.is_locked(controls.PRESET),
        )  # fmt: skip


def _dialog() -> None:
    for title, names in groups().items():
        st.markdown(say("gallery.group", "**{group}**", group=title))
        for start in range(0, len(names), COLUMNS):
            for name, column in zip(names[start : start + COLUMNS], st.columns(COLUMNS, gap="small"), strict=False):
                with column, st.container(key=f"recipe_{name}"):
                    _card(name)


def _card(name: str) -> None:
    st.html(thumbnail(name))
    is_chosen = name == st.session_state[controls.PRESET]
    if st.button(
        say(recipes.title(name)), key=f"take_{name}", type="primary" if is_chosen else "secondary", width="stretch",
        help=say(recipes.line(name)), on_click=_take, args=(name,),
    ):  # fmt: skip
        st.rerun()


def _take(name: str) -> None:
    dialogs.close(ALL)
    st.session_state[controls.PRESET] = name
    controls.take_preset()


def drawn() -> list[str]:
    """The recipes whose pictures were recorded."""
    return sorted(path.stem for path in RECORDINGS.glob("*.png"))


@lru_cache(maxsize=64)
def thumbnail(name: str) -> str:
    """What the recipe draws, as HTML; an empty frame where nothing was recorded, such as for pictures to download."""
    file = RECORDINGS / f"{name}.png"
    return pictures.html(file.read_bytes(), "", "recipe") if file.exists() else '<span class="recipe"></span>'
