"""A round on a screen: its pictures, what they were, and how all rounds went."""

from collections.abc import Callable

import streamlit as st

from gan.inside import Taught
from gan.messages import Message, Refusal, message_of, msg
from gan.rooms import Result, Room, Round, draw_round
from gan.runs import Run
from pages.shared.draw import charts, lines
from pages.shared.draw import pictures as drawn
from pages.shared.draw.theme import theme
from pages.shared.words import html, plain, say

REFUSED = "room_refused"


def play(what: Callable[[Room, Run], None], room: Room, run: Run | None) -> None:
    """Do something with a room's run; why that cannot be is said when the page is drawn."""
    try:
        if run is None:
            raise Refusal("room.lost", "The run of this room is not on this computer any more.")
        what(room, run)
    except ValueError as error:
        st.session_state[REFUSED] = message_of(error)


def begin(room: Room, run: Run, number: int) -> None:
    """Round `number`: a button that is pressed twice begins it once, and no other."""
    if number > len(room.rounds):
        room.begin(draw_round(run, number), number)


def score(result: Result, ahead: Message, behind: Message) -> str:
    """Who was right more often; the sentences have the places {share} and {machine}."""
    told = msg("room.tie", "**A tie:** both were right {share:.0%} of the time.")
    if result.class_right != result.machine_right:
        told = ahead if result.class_right > result.machine_right else behind
    return say(told.but(share=result.class_right, machine=result.machine_right))


def pictures(shown: Round, result: Result | None, taught: Taught | None = None, alone: bool = False) -> str:
    """The pictures; once revealed, what each was and how many it fooled, or whether it fooled one who plays alone, the
    best fake marked; once the class has taught the detective, how real it finds each now.
    """
    items = []
    best = _best(shown, result)
    for place, (picture, fake) in enumerate(zip(shown.files, shown.is_fake, strict=True)):
        alt = plain("room.picture", "Picture {number}", number=place + 1)
        note, kind = "", ""
        if result:
            kind = "fake" if fake else "real"
            note = html("room.was_fake", "fake") if fake else html("room.was_real", "real")
            if (share := result.fooled[place]) is not None:
                doubted = msg("room.doubted", "doubted by {share:.0%}", share=share)
                fooled = html(msg("room.fooled", "fooled {share:.0%}", share=share) if fake else doubted)
                if alone:
                    fooled = (
                        html("room.fooled_you", "fooled you") if share else html("room.seen_through", "seen through")
                    )
                note += f" \N{MIDDLE DOT} {fooled}"
            if place == best:
                note = f"<b>{note}</b>"
        if taught:
            before, after = taught.before[place], taught.after[place]
            told = html("room.belief_moved", "{before:.0%} → {after:.0%} real", before=before, after=after)
            note += f"<br>{told}"
        image = drawn.html(picture, alt)
        items.append(f'<li class="{kind}">{image}<small>{note}</small></li>')
    return f'<ol class="room_pictures">{"".join(items)}</ol>'


def _best(shown: Round, result: Result | None) -> int | None:
    """The fake that fooled most."""
    if result is None:
        return None
    shares = {place: share for place, share in enumerate(result.fooled) if shown.is_fake[place] and share}
    return max(shares, key=shares.get) if shares else None


def chart(room: Room, run: Run | None, alone: bool = False) -> None:
    spec = charts.against(
        [(result.epoch, result.class_right, result.machine_right) for result in room.results], theme(),
        run.snapshot().epochs if run else room.results[-1].epoch, alone,
    )  # fmt: skip
    st.markdown(say("room.look", "Who is right how often? At 50 % one only guesses."))
    alt = plain("room.chart_alt", "Right answers of the class and of the detective, epoch by epoch.")
    lines.chart(lines.encode(spec, alt, lines.SHORT), "room_chart")
