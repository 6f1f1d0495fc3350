"""64 new fakes at a press, as often as one likes."""

from typing import TYPE_CHECKING

import streamlit as st

from gan.messages import msg
from gan.runs import Run
from pages.shared.inside.latent import desk, sheet, words
from pages.shared.inside.latent.desk import Desk
from pages.shared.words import plain, say

if TYPE_CHECKING:
    from gan.inside.moment import Moment

SEED, KIND = "latent_seed", "latent_kind"
LAST_SEED = 999_999
ALL = -1  # a box whose choice is None can be cleared
ALL_KINDS = msg("latent.all_kinds", "all kinds in turn")


def show(run: Run, epoch: int, moment: "Moment", own: Desk) -> None:
    st.session_state.setdefault(SEED, 0)
    press, seed, kind = st.columns([2, 2, 2], gap="medium", vertical_alignment="bottom")
    press.button(
        say("latent.new_64", "64 new ones"), key="latent_more", type="primary", width="stretch", on_click=_next,
        icon=":material/casino:",
    )  # fmt: skip
    chosen = seed.number_input(
        say("latent.seed", "Seed"), 0, LAST_SEED, key=SEED, persist_state="session",
        help=say("latent.seed.about", "Where chance begins: the same seed, the same 64 pictures."),
    )  # fmt: skip
    with kind:
        asked = _kind(moment)
    made = desk.new(moment, int(chosen), desk.SHEET, asked)
    pressed = {place for place, each in enumerate(made) if own.has(each)}

    def tap(place: int) -> None:
        if place in pressed and len(own.picks) > 2:
            own.drop(made[place])
        else:
            own.take(made[place])

    sheet.show(
        desk.draw(moment, made), "latent_new", plain("latent.new_alt", "64 new fakes of seed {seed}", seed=chosen),
        [each.name for each in made], tap, pressed=pressed, columns=(16, 14, 12, 8),
    )  # fmt: skip


def _next() -> None:
    st.session_state[SEED] = (st.session_state[SEED] + 1) % (LAST_SEED + 1)


def _kind(moment: "Moment") -> int | None:
    """The kind to draw, of a forger that can be asked for one."""
    if not moment.is_conditional:
        return None
    learned = moment.config.learned_classes
    names = {ALL: plain(ALL_KINDS)} | {each: plain(words.class_name(moment.config, each)) for each in learned}
    if st.session_state.get(KIND) not in names:
        st.session_state[KIND] = ALL
    asked = st.selectbox(
        say("latent.draw", "Draw me"), list(names), format_func=names.get, key=KIND, persist_state="session"
    )
    return None if asked == ALL else asked
