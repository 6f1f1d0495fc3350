"""What goes on: every run, room and device of this server, each with its stop; and the end of the class."""

import streamlit as st

from gan.desk import Ending, begin_anew, stop_everything, what_would_go
from gan.desk.ending import live_runs
from gan.messages import Message, message_of, msg, msgs
from gan.rooms import Phase, Room, Standing
from gan.runs import Run, RunState
from pages.shared.kept import naming
from pages.shared.room import view
from pages.shared.server import held
from pages.shared.tab import dialogs, session
from pages.shared.words import say, states

EVERY_SECONDS = 2.0
RESET = "desk_reset"
CAME = "desk_came"  # what came of the newest press


def show() -> None:
    if came := st.session_state.pop(CAME, None):
        st.info(say(came), icon=":material/info:")
    st.fragment(run_every=EVERY_SECONDS)(_all)()
    _offer_to_begin_anew()


def _all() -> None:
    runs, rooms = live_runs(session.manager()), held.rooms().all()
    told = [
        msgs("desk.runs", "{count} run", "{count} runs", len(runs)),
        msgs("desk.rooms", "{count} room", "{count} rooms", len(rooms)),
        msgs("desk.devices", "{count} device in it", "{count} devices in them", sum(room.here for room in rooms)),
        msgs("desk.tabs", "{count} tab that watches", "{count} tabs that watch", session.manager().viewers),
    ]
    with st.container(key="desk_now", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{say(Message('', '{told:list}', {'told': told}))}**")
        if runs or rooms:
            told = say("desk.would_stop_all", "All runs stop, and all rooms end with their votes.")
            dialogs.ask_once(
                "desk_stop_all", say("desk.stop_all", "Stop all"), told, say("desk.stop_all_do", "Yes, stop all"),
                stop_everything, session.manager(), held.rooms(),
            )  # fmt: skip
    for run in runs:
        _run(run)
    for room in rooms:
        _room(room)
    if not (runs or rooms):
        st.caption(say("desk.quiet", "Nothing trains, and no room is open."))


def _run(run: Run) -> None:
    """What it is, how far, who started it, and its stop."""
    snapshot, name = run.snapshot(), naming.called(run)
    line = msg("desk.run_line", "{state} \N{MIDDLE DOT} epoch {epoch} \N{MIDDLE DOT} {who}",
        state=states.STATES[snapshot.state], epoch=states.at(snapshot, len(snapshot.records)), who=_who(run),
    )  # fmt: skip
    if snapshot.state is RunState.QUEUED:
        line = msg(
            "desk.run_waits", "Number {place} in the queue \N{MIDDLE DOT} {who}", place=snapshot.place, who=_who(run)
        )
    with _row(f"desk_run_{run.watch_id}", name, line):
        label = say("desk.stop", "Stop *{what}*", what=name)  # which one is not seen, but read out
        st.button(label, key=f"desk_stop_{run.watch_id}", icon=":material/stop:", on_click=run.stop)


def _room(room: Room) -> None:
    name = msg("desk.room", "Room {code}", code=room.code)
    here = msgs("room.here", "One device is here.", "{count} devices are here.", room.here)
    with _row(f"desk_room_{room.code}", name, here):
        _devices(room, name)
        view.offer_to_end(room, f"desk_end_{room.code}", say("desk.stop", "Stop *{what}*", what=name))


def _devices(room: Room, name: Message) -> None:
    """The room's devices by the numbers that stand on them, each to be sent away."""
    with st.popover(say("desk.its_devices", "Devices *of {what}*", what=name), key=f"desk_devices_{room.code}"):
        told = say(
            "desk.send_away_how",
            "Its number stands on each device. One that is sent away is refused until the room ends, and its votes do "
            "not count.",
        )
        st.markdown(told)
        for device in room.devices:
            st.button(
                say("desk.send_away", "Send device {number} away ({state})", number=device.number,
                    state=_state(room, device)),
                key=f"desk_send_{room.code}_{device.number}", icon=":material/logout:", width="stretch",
                on_click=room.send_away, args=(device.number,),
            )  # fmt: skip
        if not room.devices:
            st.caption(say("desk.no_devices", "No device is here yet."))
        view.offer_to_close(room, f"desk_closed_{room.code}")


def _state(room: Room, device: Standing) -> Message:
    if not device.is_here:
        return msg("desk.device_away", "asleep or closed")
    if device.has_answered and room.phase in (Phase.VOTE, Phase.ASK):
        return msg("desk.device_answered", "has answered")
    return msg("desk.device_here", "is here")


def _row(key: str, name: Message, line: Message):
    row = st.container(key=key, horizontal=True, vertical_alignment="center", gap="small", border=True)
    row.markdown(f"**{say(name)}**  \n:gray[{say(line)}]")
    return row


def _who(run: Run) -> Message:
    store = session.manager().store
    owner = store.owner(run.run_id) if store else None
    if owner:
        return msg("desk.from", "from {visitor}", visitor=owner)
    return msg("desk.own", "from the teacher") if store else msg("desk.somebody", "from somebody")


def _offer_to_begin_anew() -> None:
    label = say("desk.reset", "Ready for the next class")
    dialogs.offer(RESET, label, label, _ask, icon=":material/restart_alt:")


def _ask() -> None:
    """What it would do, and whether it shall."""
    try:
        would = what_would_go(session.manager(), held.rooms(), held.tables())
    except ValueError as error:
        st.error(say(message_of(error)), icon=":material/error:")
        return
    for sentence in _would(would):
        st.markdown(f"- {say(sentence)}")
    with st.container(horizontal=True, gap="small"):
        do, leave = say("desk.reset_do", "Do all this"), say("desk.reset_leave", "Leave it as it is")
        done = st.button(do, key="desk_reset_do", type="primary", on_click=_begin_anew)
        if st.button(leave, key="desk_reset_leave", on_click=dialogs.close, args=(RESET,)) or done:
            st.rerun()  # the page behind the dialog too


def _would(would: Ending) -> list[Message]:
    runs = msgs("desk.would_stop", "{count} run stops.", "{count} runs stop.", would.runs)
    rooms = msgs(
        "desk.would_end", "{count} room ends, with all votes.", "{count} rooms end, with all votes.", would.rooms
    )
    tables = msgs(
        "desk.would_empty",
        "{count} light-table with the class's pictures is emptied.",
        "{count} light-tables with the class's pictures are emptied.",
        would.tables,
    )
    sets = msgs(
        "desk.would_let_go",
        "{count} set of the class's pictures is gone from memory: take home or keep what you want.",
        "{count} sets of the class's pictures are gone from memory: take home or keep what you want.",
        would.sets,
    )
    kept = msgs(
        "desk.would_delete",
        "{count} run of a visitor is deleted from the library.",
        "{count} runs of visitors are deleted from the library.",
        would.kept,
    )
    return [
        *(told for told in (runs, rooms, tables, sets, kept) if told.values["count"]),
        msg("desk.would_clock", "The clock of the lesson plan goes back to its start."),
        msg("desk.would_stay", "What you trained, and what visitors may do, stay as they are."),
    ]


def _begin_anew() -> None:
    dialogs.close(RESET)
    try:
        begin_anew(session.manager(), held.rooms(), held.tables())
        st.session_state[CAME] = msg("desk.anew", "All is ready for the next class.")
    except ValueError as error:
        st.session_state[CAME] = message_of(error)
    finally:
        held.desk().clock.reset()
