"""Fool the detective, on the teacher's screen: what the class has drawn, and how real the detective finds the best."""

import streamlit as st

from gan.messages import Message, msg, msgs
from gan.rooms import Forged, Phase, Room, begin_forging
from gan.runs import Run
from pages.shared.draw import pictures
from pages.shared.room import rounds
from pages.shared.words import html, plain, say

SHOWN = 8  # drawings, one a device


def offer(room: Room, run: Run | None) -> None:
    """A button that has the class draw."""
    st.button(
        say("forge.begin", "Fool the detective"), key="forge_begin", icon=":material/draw:", on_click=rounds.play,
        args=(_begin, room, run),
    )  # fmt: skip


def _begin(room: Room, run: Run) -> None:
    if room.phase is not Phase.FORGE:  # pressed twice, it would forget what has come since
        room.ask_to_fool(begin_forging(run))


def show(room: Room, run: Run | None) -> None:
    """What has come is judged, and the best stand in their order."""
    forging = room.forging
    if forging is None:  # the room has just ended
        return
    rounds.play(Room.judge, room, run)
    st.markdown(
        say("forge.how", "Draw on your device what the detective takes for a real picture. The one of the newest epoch "
            "judges; to fool a later one counts for more.")
    )  # fmt: skip
    best = forging.best(SHOWN)
    st.markdown(f"**{say(_told(forging.tries, best))}**")
    if best:
        st.html(f'<ol class="room_pictures">{"".join(map(_drawing, best))}</ol>')


def _told(tries: int, best: list[Forged]) -> Message:
    if not best:
        return msg("forge.none", "No drawing has come yet.")
    first = best[0]
    if first.has_fooled:
        return msgs(
            "forge.fooled",
            "{count} drawing. The detective of epoch {epoch} is fooled: it finds the best {share:.0%} real.",
            "{count} drawings. The detective of epoch {epoch} is fooled: it finds the best {share:.0%} real.",
            tries, epoch=first.epoch, share=first.belief,
        )  # fmt: skip
    return msgs(
        "forge.not_fooled",
        "{count} drawing. Nobody has fooled the detective yet: it finds the best {share:.0%} real.",
        "{count} drawings. Nobody has fooled the detective yet: it finds the best {share:.0%} real.",
        tries, share=first.belief,
    )  # fmt: skip


def _drawing(each: Forged) -> str:
    """One of the best: no name, and no number of a device either."""
    image = pictures.html(each.file, plain("forge.alt", "A drawing of the class"))
    told = html("forge.belief", "{share:.0%} real, epoch {epoch}", share=each.belief, epoch=each.epoch)
    says = html("forge.has_fooled", "fooled") if each.has_fooled else html("forge.seen_through", "seen through")
    return f'<li class="fake">{image}<small>{told}<br><b>{says}</b></small></li>'
