"""The time machine: back to an epoch that was kept, and on from there with other settings."""

import streamlit as st

from gan.runs import Run
from gan.setup.config import RunConfig
from pages.shared.draw import pictures
from pages.shared.draw.theme import theme
from pages.shared.tab import chosen_runs, session
from pages.shared.words import words


def chosen(run: Run) -> int | None:
    """The epoch that the slider stands at; None while there is nothing to go back to."""
    kept, key = run.moments.epochs, _key(run)
    if len(kept) < 2:
        return None
    if st.session_state.get(key) not in kept:
        st.session_state[key] = kept[-1]
    return st.session_state[key]


def choose(run: Run, config: RunConfig) -> None:
    """A slider over the epochs that were kept, and a button to fork there."""
    epoch = chosen(run)
    if epoch is None:
        st.info(words.NOTHING_KEPT_YET, icon=":material/history:")
        return
    parent = session.manager().parent(run)
    widths = [4.4, 2.4, 1.9, 1.9] if parent else [5, 3.2, 2]
    slider, text, button, *beside = st.columns(widths, gap="small" if parent else "medium", vertical_alignment="center")
    slider.select_slider("Back to epoch", run.moments.epochs, key=_key(run))
    fits = config.has_networks_of(run.config)
    text.markdown(words.FORK if fits else words.FORK_OTHER)
    button.button(
        "Fork from here", key="fork", width="stretch", icon=":material/fork_right:", disabled=not fits,
        on_click=session.ask_to_begin, args=(config, run, epoch),
    )  # fmt: skip
    for place in beside:
        if place.button("Both futures", key="both_futures", width="stretch", help=words.BOTH_FUTURES):
            chosen_runs.turn_to((parent, run))


def _key(run: Run) -> str:
    return f"past_{run.watch_id}"  # a key reaches the browser, and with the run's own id one could stop it


def _what_is_kept(run: Run) -> str:
    """What of the run's past is there, in a sentence."""
    moments = run.moments
    count, size = len(moments.epochs), moments.bytes / 2**20
    return words.plain(moments.fault) if moments.fault else words.KEPT.format(count=count, size=size)


def sheets(run: Run, epoch: int, reals: bytes) -> None:
    """The fakes of that time, and beside them those of the run that this one was forked from, or real pictures."""
    left, right = st.columns(2, gap="medium")
    with left, st.container(key="fakes"):
        _sheet(run, epoch, words.FAKES, "fakes_sheet")
    parent = session.manager().parent(run)
    if parent and parent.moments.epochs:
        nearest = min(parent.moments.epochs, key=lambda kept: abs(kept - epoch))
        with right, st.container(key="others"):
            _sheet(parent, nearest, words.PARENT, "others_sheet")
    else:
        with right, st.container(key="reals"):
            st.markdown(f"**Real pictures.** {_what_is_kept(run)}")
            pictures.sheet(reals, "reals_sheet")


def _sheet(run: Run, epoch: int, whose: str, key: str) -> None:
    try:
        text, sheet = _then(run, epoch, run.wished.label, whose, theme())
    except ValueError as error:  # it has been thinned out since the slider was drawn
        st.info(str(error))
        return
    st.markdown(text)
    pictures.sheet(sheet, key)


# The run is the same object on every page; a moment of it never changes.
@st.cache_resource(show_spinner=False, max_entries=64, hash_funcs={Run: lambda run: run.run_id})
def _then(run: Run, epoch: int, label: int | None, whose: str, theme: str) -> tuple[str, bytes]:
    """What is said of a moment, and its fakes."""
    samples, beliefs = run.look_back(epoch)
    spotted = sum(belief < 0.5 for belief in beliefs[: pictures.SHOWN])
    scores = [record.scores for record in run.snapshot().records if record.epoch == epoch and record.scores]
    realism = f", realism {scores[0].realism:.1f}" if scores and scores[0].realism is not None else ""
    text = words.THEN.format(whose=whose, epoch=epoch, spotted=spotted, count=pictures.SHOWN, realism=realism)
    return text, pictures.encode(samples, text, theme, beliefs)
