"""One alone against the machine: the same rounds, answered on the screen that shows them."""

from functools import partial

import numpy as np
import streamlit as st

from gan.messages import msg
from gan.rooms import FAKE, REAL, Phase, Result, Room
from gan.runs import Run
from pages.shared.draw import lines
from pages.shared.inside.latent import sheet
from pages.shared.room import rounds
from pages.shared.server import held
from pages.shared.words import plain, say

GAME = "solo_game"  # in session state: gone with the tab
PLAYER = "thisscreen"  # the one device of its room
PIXELS = 140  # of a picture, about


def current() -> Room | None:
    return st.session_state.get(GAME)


def begin(run: Run) -> None:
    """Play against this run; nobody else can come in."""
    if current() is None:  # not pressed twice
        room = st.session_state[GAME] = Room("alone", "", run.run_id)
        _next(room, run, 1)


def _next(room: Room, run: Run | None, number: int) -> None:
    if number <= len(room.rounds):
        return
    rounds.play(partial(rounds.begin, number=number), room, run)
    if room.phase is Phase.VOTE:
        room.vote(PLAYER, len(room.rounds), REAL * len(room.rounds[-1].pictures))  # what is not tapped is real
    elif not room.rounds:
        _end()


def _end() -> None:
    st.session_state.pop(GAME, None)


def show(room: Room) -> None:
    """The pictures, to be tapped; then what they were, who was right, and the next round."""
    lines.load()
    run, shown = held.run_of(room), room.rounds[-1]
    is_open = room.phase is Phase.VOTE
    with st.container(key="room_bar", horizontal=True, vertical_alignment="center", gap="small"):
        if is_open:
            st.button(say("room.reveal", "Reveal"), type="primary", on_click=room.reveal)
        else:
            number = len(room.rounds) + 1
            label = say("room.next", "Round {number}", number=number)
            st.button(label, key="room_next", type="primary", on_click=_next, args=(room, run, number))
        st.button(say("room.stop", "Stop playing"), on_click=_end)
    if refusal := st.session_state.pop(rounds.REFUSED, None):
        st.warning(say(refusal), icon=":material/block:")
    if is_open:
        st.markdown(say("room.tap", "Drawn after epoch {epoch}. **Tap the fakes.**", epoch=shown.epoch))
        _tappable(room)
    else:
        st.markdown(_sentence(room.results[-1]))
        st.html(rounds.pictures(shown, room.results[-1], alone=True))
    if room.results:
        rounds.chart(room, run, alone=True)


def _tappable(room: Room) -> None:
    ballot = room.look(PLAYER).ballot
    taken = [place for place, said in enumerate(ballot) if said == FAKE]
    mark = plain("room.was_fake", "fake")
    names = [plain("room.picture", "Picture {number}", number=place + 1) for place in range(len(ballot))]

    def flip(place: int) -> None:
        other = REAL if ballot[place] == FAKE else FAKE
        room.vote(PLAYER, len(room.rounds), ballot[:place] + other + ballot[place + 1 :])

    sheet.show(
        np.stack(room.rounds[-1].pictures), "solo_sheet", plain("room.sheet", "Which are fakes?"), names, flip,
        pressed=taken, marks=dict.fromkeys(taken, mark), columns=(4, 2), pixels=PIXELS,
    )  # fmt: skip


def _sentence(result: Result) -> str:
    ahead = msg("room.you_win", "**You are ahead:** {share:.0%} right, the detective {machine:.0%}.")
    behind = msg("room.you_lose", "**The detective is ahead:** {machine:.0%} right, you {share:.0%}.")
    return rounds.score(result, ahead, behind)
