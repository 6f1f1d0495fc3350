"""The room on the teacher's screen: how to join, the pictures, who has answered, and at the end one chart."""

from functools import partial

import streamlit as st

from gan.desk import rules
from gan.inside import Taught
from gan.messages import Message, message_of, msg, msgs
from gan.rooms import Phase, Result, Room, Round, can_play, said_real, teach
from gan.runs import Run
from gan.runs.server import exhibit
from pages.shared.draw import lines
from pages.shared.room import forge, rounds, solo
from pages.shared.server import address, held
from pages.shared.settings.share import qr_code
from pages.shared.tab import dialogs, session
from pages.shared.tab.session import ROOM
from pages.shared.words import html, recipes, say

EVERY_SECONDS = 0.6  # between two looks at who has answered
TAUGHT = "room_taught"  # in session state: the room and its round, and what the detective learned there


def current() -> Room | None:
    """The room that this tab has opened, or that its link names."""
    room_id = st.session_state.get(ROOM) or st.query_params.get(ROOM)
    room = held.rooms().of(room_id)
    if room is None:
        st.session_state.pop(ROOM, None)
        st.query_params.pop(ROOM, None)
        return None
    st.session_state[ROOM] = room.room_id
    if st.query_params.get(ROOM) != room.room_id:
        st.query_params[ROOM] = room.room_id
    return room


def opened() -> Room | None:
    """The room for other pages, whose links do not name it: the one that this tab has opened, or the newest that the
    teacher has opened in any tab.
    """
    return _of_this_tab() or next(reversed(held.rooms().of_owner(session.teacher())), None)


def _of_this_tab() -> Room | None:
    return held.rooms().of(st.session_state.get(ROOM))


def offer() -> None:
    """What the game is, which run it is played with, and one button."""
    run = _playable()
    st.title(say("room.title", "Class against machine"), anchor=False)
    st.markdown(
        say("room.how", "Real pictures and fakes, mixed. Everybody says on a phone which is which, and so does the "
            "detective. Who is better at it, and how long?")
    )  # fmt: skip
    if refusal := st.session_state.pop(rounds.REFUSED, None):
        st.warning(say(refusal), icon=":material/block:")
    _offer_those_of_other_tabs()
    if session.refuses(rules.ROOM):
        return
    if run is None:
        st.info(say("room.none", "There is no run to play with. Train one for an epoch, then come back."))
        return
    own = run.run_id != exhibit.RUN_ID
    told = msg("room.with", "Played with: {run}.", run=recipes.run_title(run.config))
    example = msg("room.example", "Played with an example that comes along. Train a run to play with that.")
    st.markdown(say(told if own else example))
    with st.container(key="open_room", horizontal=True):
        st.button(say("room.open", "Open a room"), type="primary", on_click=_open, args=(run,))
        st.button(say("room.alone", "Play alone"), on_click=solo.begin, args=(run,))


def _offer_those_of_other_tabs() -> None:
    """The rooms that the teacher has opened elsewhere, or here before the page was loaded anew."""
    theirs = held.rooms().of_owner(session.teacher())
    if not theirs:
        return
    with st.container(key="own_rooms", horizontal=True):
        for room in theirs:
            st.button(
                say("desk.room", "Room {code}", code=room.code), key=f"own_room_{room.code}", icon=":material/groups:",
                on_click=_enter, args=(room,),
            )  # fmt: skip


def _enter(room: Room) -> None:
    st.session_state[ROOM] = room.room_id


def _playable() -> Run | None:
    run = session.current_run(session.PICTURES)
    return run if run and can_play(run) else exhibit.exhibit()


def _open(run: Run) -> None:
    if _of_this_tab():  # pressed twice
        return
    try:
        session.rules().check(rules.ROOM)
        st.session_state[ROOM] = held.rooms().open(run.run_id, owner=session.teacher()).room_id
    except ValueError as error:
        st.session_state[rounds.REFUSED] = message_of(error)


def show(room: Room) -> None:
    """The room: how to join on the left, the game on the right."""
    lines.load()
    is_lobby = _is_lobby(room)
    with st.container(key="room_lobby" if is_lobby else "room"):
        door, stage = st.container(key="room_door"), st.container(key="room_stage")
    with door:
        way_in(room, msg("room.play_here", "[Play on this device too]({link})"))
    with stage:
        st.fragment(run_every=EVERY_SECONDS)(_stage)(room, _around(room))


def way_in(room: Room, here: Message) -> None:
    """The code, and how to come in while one can; `here` is the link for this device, with the place {link}."""
    st.html(f'<p class="room_code"><small>{html("room.code", "Code")}</small><b>{room.code}</b></p>')
    if room.is_closed:
        st.markdown(say("room.is_closed", "This room is closed: a new device is told to ask you."))
    else:
        _address(room, here)
    offer_to_close(room, "room_closed")


def _address(room: Room, here: Message) -> None:
    link = f"{address.for_others() or address.own()}/room/{room.code}"
    st.html(qr_code(link))
    st.code(link, language=None, wrap_lines=True)
    if not address.is_for_others(link):
        told = say("room.only_here", "Only this computer can open this address: others cannot reach it.")
        st.info(told, icon=":material/computer:")
    st.markdown(say(here.but(link=f"./room/{room.code}")))


def offer_to_close(room: Room, key: str) -> None:
    """A switch that lets nobody else in."""
    st.session_state[key] = room.is_closed
    st.toggle(
        say("room.closed", "Nobody else may join"),
        key=key,
        on_change=lambda: room.close(st.session_state[key]),
        help=say(
            "room.about_closed",
            "Who is in stays in, after a reload too. Who comes now is told to ask you. Then a device "
            "that was sent away cannot come again from a private window.",
        ),
    )


def offer_to_end(room: Room, key: str, label: str) -> None:
    """A button that ends the room, once it was asked whether it shall."""
    told = say("room.would_end", "The room ends for all its devices, and all votes are gone.")
    dialogs.ask_once(key, label, told, say("room.end_do", "Yes, end it"), room.end)


def _is_lobby(room: Room) -> bool:
    """Whether nothing has begun yet: then the way in is all that matters."""
    return not room.rounds and room.forging is None


def _around(room: Room) -> tuple[bool, bool]:
    """What the way in beside the stage depends on."""
    return _is_lobby(room), room.is_closed


def _stage(room: Room, around: tuple[bool, bool]) -> None:
    if around != _around(room) or room.phase is Phase.OVER:
        st.rerun()  # the way in steps aside, or has been closed, or there is nothing more to join
    run = held.run_of(room)
    here = room.here
    told = say(msgs("room.here", "One device is here.", "{count} devices are here.", here))
    if room.phase is Phase.VOTE:
        done, begun = room.answered
        told = say("room.answered", "{done} of {here} have answered everything.", done=done, here=max(here, begun))
    with st.container(key="room_bar", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{told}**")
        if room.phase is Phase.VOTE:
            st.button(say("room.reveal", "Reveal"), type="primary", on_click=room.reveal)
        else:
            number = len(room.rounds) + 1
            begin = partial(rounds.begin, number=number)
            label = say("room.next", "Round {number}", number=number)
            st.button(label, key="room_next", type="primary", on_click=rounds.play, args=(begin, room, run))
            if room.phase is not Phase.FORGE:
                forge.offer(room, run)
        if room.phase is Phase.REVEAL and room.results[-1].answered and not _taught(room):
            label = say("room.teach", "Teach the detective")
            st.button(label, icon=":material/school:", on_click=rounds.play, args=(_teach, room, run))
        offer_to_end(room, "room_end", say("room.end", "End the room"))
    if refusal := st.session_state.pop(rounds.REFUSED, None):
        st.warning(say(refusal), icon=":material/block:")
    if room.phase is Phase.FORGE:
        forge.show(room, run)
        return
    if room.phase not in (Phase.VOTE, Phase.REVEAL):
        if not room.is_closed:
            st.markdown(
                say("room.lobby", "Scan the code, or type the address. No names are asked for, and nothing is kept.")
            )
        return
    shown = room.rounds[-1]
    result = room.results[-1] if room.phase is Phase.REVEAL else None
    taught = _taught(room) if result else None
    st.markdown(_sentence(room, shown, result))
    if taught:
        st.markdown(_learned(shown, result, taught))
    st.html(rounds.pictures(shown, result, taught))
    if room.results:
        rounds.chart(room, run)


def _taught(room: Room) -> Taught | None:
    """What the detective has learned from the class in the round that is shown."""
    place, taught = st.session_state.get(TAUGHT, (None, None))
    return taught if place == (room.room_id, len(room.rounds)) else None


def _teach(room: Room, run: Run) -> None:
    taught = teach(run, room.rounds[-1], room.results[-1])
    st.session_state[TAUGHT] = (room.room_id, len(room.rounds)), taught


def _learned(shown: Round, result: Result, taught: Taught) -> str:
    """What has changed: on the pictures of the round, and on others that the class has never seen."""
    said = said_real(shown, result)
    agree = [
        sum((belief >= 0.5) == (share >= 0.5) for belief, share in zip(beliefs, said, strict=True) if share is not None)
        for beliefs in (taught.before, taught.after)
    ]
    told = msg(
        "room.taught",
        "**The detective has learned from the class.** It now agrees with you on {after} of {count} pictures, before "
        "on {before}. Of new pictures it takes {right_after:.0%} for what they are; that was {right_before:.0%}.",
        after=agree[1],
        before=agree[0],
        count=len(said) - said.count(None),
        right_after=taught.right_after,
        right_before=taught.right_before,
    )
    return say(told)


def _sentence(room: Room, shown: Round, result: Result | None) -> str:
    """What is asked, or what the round came to."""
    if result is None:
        return say("room.ask", "Drawn after epoch {epoch}. Which are real?", epoch=shown.epoch)
    if result.class_right is None:
        return say(
            "room.nobody",
            "Nobody answered. The detective was right {machine:.0%} of the time.",
            machine=result.machine_right,
        )
    ahead = msg("room.class_wins", "**The class is ahead:** {share:.0%} right, the detective {machine:.0%}.")
    behind = msg("room.machine_wins", "**The detective is ahead:** {machine:.0%} right, the class {share:.0%}.")
    return rounds.score(result, ahead, behind)
