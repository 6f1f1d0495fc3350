"""From the light-table to a run: the set is made, and trained on, taken home, or kept on this computer."""

import streamlit as st

from gan.data import own
from gan.messages import message_of, msg
from gan.rooms import Table
from gan.setup import presets
from pages.shared.kept import file_button
from pages.shared.own import desk
from pages.shared.settings import controls, hidden, locks
from pages.shared.tab import own_sets, session
from pages.shared.words import say

FEWEST = 8  # pictures


def offer(table: Table | None) -> None:
    """One clear button, and what else can be done with the set."""
    made, refusal = None, None
    count = table.count if table else 0
    if count >= FEWEST:
        try:
            made = table.as_set()
        except ValueError as error:
            refusal = message_of(error)
    elif count:
        refusal = msg("own.too_few", "{count} of {fewest} pictures that it takes at least.", count=count, fewest=FEWEST)
    with st.container(key="own_begin", horizontal=True, vertical_alignment="center", gap="small"):
        start = say("own.train", "Train on these")
        if st.button(start, key="own_train", type="primary", icon=":material/play_arrow:", disabled=made is None):
            train(made)
        if made:
            file_button.offer(
                say("own.take_home", "Take the set home (ZIP)"), lambda: own.pack(made), f"{made.name}.zip",
                "application/zip", "own_take_home",
            )  # fmt: skip
            if session.is_teacher():
                _keep(made)
    if refusal:
        st.caption(say(refusal))


def train(made: own.OwnSet) -> None:
    """Begin a run of the recipe for few pictures, and go to it."""
    own_sets.remember(own.keep(made))
    config = locks.kept(presets.few(made.name))
    if config.data != made.name or locks.why_not(config):
        st.info(say(hidden.LOCKED), icon=":material/block:")
        return
    controls.put("few_pictures", config)
    session.begin(config)


def _keep(made: own.OwnSet) -> None:
    """Pictures are in memory alone unless the teacher has them stay."""
    is_saved = own.is_saved(made.name)
    st.toggle(
        say("own.keep", "Keep the set on this computer"), value=is_saved, key=f"own_keep_{made.name}",
        on_change=_turn, args=(made, is_saved),
        help=say("own.not_kept", "Otherwise it is only in memory, and gone when the program ends."),
    )  # fmt: skip


def _turn(made: own.OwnSet, is_saved: bool) -> None:
    if is_saved:
        own.forget(made.name)
        own.keep(made)
        return
    try:
        own.save(own.keep(made))
    except OSError as error:
        told = msg("own.not_saved", "It could not be kept: {reason}.", reason=error.strerror or str(error))
        st.session_state[desk.LEFT_OUT] = [told]
