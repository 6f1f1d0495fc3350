"""What state the run is in, what to press, and why; after the end also what came out, and what to try next."""

from functools import partial
from typing import NoReturn

import streamlit as st

from gan import export
from gan.data import NotDownloaded
from gan.data.remembered import forgettable
from gan.messages import Message, Refusal, message_of, msg
from gan.runs import Kind, Run, RunState, Snapshot
from gan.runs.kept.moments import NONE
from gan.runs.state.history import FRAMES, spread
from gan.setup.config import RunConfig
from pages.shared.draw import film, pictures
from pages.shared.kept import file_button, naming, take_home
from pages.shared.settings import locks
from pages.shared.stage import doctor_bar, next_runs
from pages.shared.stage.next_runs import Idea
from pages.shared.stage.once import once
from pages.shared.tab import contest_tab, dialogs, session
from pages.shared.words import library, plain, say, states

FAILED = msg("now.failed", "**Something went wrong.** The fakes are the last that it drew.")
PAUSED = msg("now.paused", "**Paused.** Nothing is lost: go on, or look at a single step.")


def show(run: Run, steers: bool) -> None:
    """The panel beside the pictures; nothing while the run simply goes on, or before it showed anything."""
    snapshot = run.snapshot()
    if snapshot.state.is_live:
        if steers and run.control.is_held:
            st.container(key="now").markdown(say(PAUSED))
        elif snapshot.resumed_at is not None:
            told = say(
                "now.resumed", "**Goes on** from epoch {epoch}, where it was kept last.", epoch=snapshot.resumed_at
            )
            st.container(key="now").markdown(told)
    elif snapshot.reading:
        with st.container(key="ended"):
            _ended(run, snapshot)


def _ended(run: Run, snapshot: Snapshot) -> None:
    """What came out, what to take home, and what to try next."""
    in_first_epoch = snapshot.state is RunState.FAILED and snapshot.reading.step and not snapshot.records
    st.markdown(say(FAILED if in_first_epoch else states.summary(snapshot)))
    with st.container(key="outcome", horizontal=True, gap="small"):
        _film(run)
        take_home.take_home(run)
    if not session.only_watches():
        _what_now(run, snapshot)


# The film


def _film(run: Run) -> None:
    label, title = say("now.film", "Film"), say("film.title", "From noise to this")
    is_long = len(run.moments.epochs) > 1
    dialogs.offer("film", label, title, _dialog, run, icon=":material/movie:", width="stretch", disabled=not is_long)


def _dialog(run: Run) -> None:
    try:
        epochs, sheets = moments(run.run_id, spread(run.moments.epochs, FRAMES), run)
    except (ValueError, NotDownloaded) as error:  # none can be seen any more; pictures that are not here
        st.info(say(message_of(error)))
        return
    alt = plain("film.alt", "{count} fakes of this run.", count=pictures.SHOWN)
    film.show(film.encode([export.grid_png(sheet) for sheet in sheets], epochs, alt), "run_film")
    name = f"{library.file_name(naming.called(run))}.gif"
    file_button.offer(
        say("film.gif", "Save as a GIF"), lambda: export.gif(sheets, epochs=epochs), name, "image/gif",
        f"film_gif_{run.watch_id}",
    )  # fmt: skip


# A moment of a run never changes. The largest film has 60 sheets of 24 pictures in colour, 64 by 64: 18 MB.
@forgettable
@st.cache_resource(show_spinner=False, max_entries=4)
def moments(run_id: str, epochs: tuple[int, ...], _run: Run) -> tuple[list[int], list]:
    """The epochs that can still be seen, and the fakes of each. Raises ValueError where there is none, and
    gan.data.NotDownloaded.
    """
    seen, trouble = {}, Refusal(NONE)
    for epoch in epochs:
        try:
            seen[epoch] = _run.look_back(epoch)[0][: pictures.SHOWN]
        except ValueError as error:  # thinned out since
            trouble = error
    if not seen:
        raise trouble
    return list(seen), list(seen.values())


# What to try next


def _what_now(run: Run, snapshot: Snapshot) -> None:
    with st.container(key="what_now"):
        st.markdown(say("next.title", "**What now?**"))
        with st.container(key="ideas"):
            for number, idea in enumerate(_ideas(snapshot)):
                with st.container(key=f"idea_{number}"):
                    _offer(idea, number)


def _offer(idea: Idea, number: int) -> None:
    """A button that begins it, and why just now, or why it cannot be begun."""
    refused = locks.why_not(*idea.configs)
    told = say(refused or idea.why)
    st.button(
        say(idea.title), key=f"try_{number}", width="stretch", on_click=session.ask, disabled=refused is not None,
        args=(idea.configs[0], partial(_begin, idea)), help=told if refused else None,
        icon=":material/lock:" if refused else None,
    )  # fmt: skip
    st.caption(told)


@once
def _ideas(snapshot: Snapshot) -> list[Idea]:
    found = doctor_bar.examine(snapshot)
    cures = doctor_bar.cure_configs(snapshot, found)
    cure: tuple[Message | str, RunConfig] | None = None
    if cures:
        cure = cures[0][0], snapshot.config.but(**cures[0][1])
    return next_runs.ideas(snapshot, found.name, cure)


def _begin(idea: Idea) -> NoReturn:
    if len(idea.configs) == 1:
        session.begin(idea.configs[0])
    rates = [config.learning_rate for config in idea.configs]
    race = locks.heeded(contest_tab.contests().race, *idea.configs)
    first = idea.configs[0]
    contest_tab.begin(Kind.RACE, race, first, "learning_rate", rates, next_runs.rule(first))
