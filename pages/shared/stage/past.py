"""The time machine: back to an epoch that was kept, and on from there with other settings."""

import streamlit as st

from gan import families
from gan.data import NotDownloaded
from gan.data.remembered import forgettable
from gan.messages import Message, message_of, msg, msgs
from gan.runs import Run
from gan.setup.config import RunConfig
from pages.shared.draw import pictures
from pages.shared.draw.theme import theme
from pages.shared.tab import chosen_runs, looks, session
from pages.shared.words import plain, readings, say, voice

REALS = msg("past.reals", "**Real pictures.** {kept}")
GIVEN = msg("past.given", "**What goes in.** {kept}")
FAKES, PARENT = msg("past.fakes", "Fakes"), msg("past.parent", "The run before")


def chosen(run: Run) -> int | None:
    """The epoch that the slider stands at; None while there is nothing to go back to."""
    kept, key = run.moments.epochs, looks.past_key(run)
    if len(kept) < 2:
        return None
    wished = st.session_state.get(key)
    if wished not in kept:  # one that a link names, or that was thinned out
        st.session_state[key] = kept[-1] if wished is None else min(kept, key=lambda epoch: abs(epoch - wished))
    return st.session_state[key]


def choose(run: Run, config: RunConfig) -> None:
    """A slider over the epochs that were kept, and a button to fork there."""
    epoch = chosen(run)
    if epoch is None:
        st.info(
            say("past.nothing_yet", "From the first whole epoch on, you can go back here."), icon=":material/history:"
        )
        return
    parent = session.manager().parent(run)
    widths = [4.4, 2.4, 1.9, 1.9] if parent else [5, 3.2, 2]
    slider, text, button, *beside = st.columns(widths, gap="small", vertical_alignment="center")
    slider.select_slider(
        say("past.back", "Back to epoch"), run.moments.epochs, key=looks.past_key(run), persist_state="session"
    )
    fits = config.has_networks_of(run.config)
    text.markdown(
        say("past.fork", "A new run from there, with the settings as they are now.")
        if fits
        else say("past.cannot_fork", "These settings need other networks, so they cannot go on from there.")
    )
    button.button(
        say("past.fork_here", "Fork from here"), key="fork", width="stretch", icon=":material/fork_right:",
        disabled=not fits, on_click=session.ask_to_begin, args=(config, run, epoch),
    )  # fmt: skip
    for place in beside:
        both = say("past.about_both", "This run and the one that it was forked from, side by side.")
        if place.button(say("past.both", "Both futures"), key="both_futures", width="stretch", help=both):
            chosen_runs.turn_to((parent, run))


def _what_is_kept(run: Run) -> Message | str:
    """What of the run's past is there, in a sentence."""
    moments = run.moments
    if moments.fault:
        return moments.fault
    return msgs(
        "past.kept", "{count} moment of this run is kept ({size}).", "{count} moments of this run are kept ({size}).",
        len(moments.epochs), size=readings.size(moments.bytes),
    )  # fmt: skip


def sheets(run: Run, epoch: int, reals: bytes) -> float | None:
    """The fakes of that time, and beside them those of the run that this one was forked from, or real pictures.

    Returns the share of these fakes that the detective spots; None where they cannot be shown.
    """
    parent = session.manager().parent(run)
    with st.container(key="sheets"):
        with st.container(key="fakes"):
            spotted = _sheet(run, epoch, FAKES, "fakes_sheet")
        if parent and parent.moments.epochs:
            nearest = min(parent.moments.epochs, key=lambda kept: abs(kept - epoch))
            with st.container(key="others"):
                _sheet(parent, nearest, PARENT, "others_sheet")
        else:
            with st.container(key="reals"):
                beside = GIVEN if families.translates(run.config.family) else REALS
                st.markdown(say(beside.but(kept=_what_is_kept(run))))
                reals_sheet(reals)
    return spotted


def reals_sheet(reals: bytes) -> None:
    """What stands beside the fakes, or that it is not here any more."""
    if reals:
        pictures.sheet(reals, "reals_sheet")
    else:
        st.info(say("stage.no_reals", "These pictures are not on this computer."), icon=":material/hide_image:")


def _sheet(run: Run, epoch: int, whose: Message, key: str) -> float | None:
    try:
        text, sheet, spotted = _then(run.run_id, epoch, run.wished.label, whose, voice(), theme(), run)
    except (ValueError, NotDownloaded) as error:  # thinned out since the slider was drawn; pictures that are not here
        st.info(say(message_of(error)))
        return None
    st.markdown(text)
    pictures.sheet(sheet, key)
    return spotted


# A moment of a run never changes.
@forgettable
@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs={Message: lambda message: message.id})
def _then(
    run_id: str, epoch: int, label: int | None, whose: Message, voice: tuple[str, str], theme: str, _run: Run
) -> tuple[str, bytes, float | None]:
    """What is said of a moment, its fakes, and the share of them that the detective spots, where there is one."""
    samples, beliefs = _run.look_back(epoch)
    found = [record.scores for record in _run.snapshot().records if record.epoch == epoch and record.scores]
    realism = found[0].realism if found else None
    spotted = sum(belief < 0.5 for belief in beliefs[: pictures.SHOWN]) if beliefs else None
    then = _told(spotted, realism).but(whose=whose, epoch=epoch)
    share = None if spotted is None else spotted / pictures.SHOWN
    return say(then), pictures.encode(samples, plain(then), theme, beliefs), share


def _told(spotted: int | None, realism: float | None) -> Message:
    """What is known of a moment's fakes."""
    if spotted is None and realism is None:
        return msg("past.then_unjudged", "**{whose}**, epoch {epoch}.")
    if spotted is None:
        return msg("past.then_unjudged_realism", "**{whose}**, epoch {epoch}. Realism {realism:.1f}.", realism=realism)
    told = {"spotted": spotted, "count": pictures.SHOWN}
    if realism is None:
        return msg("past.then", "**{whose}**, epoch {epoch}. {spotted} of {count} spotted.", **told)
    return msg(
        "past.then_realism", "**{whose}**, epoch {epoch}. {spotted} of {count} spotted, realism {realism:.1f}.",
        realism=realism, **told,
    )  # fmt: skip
