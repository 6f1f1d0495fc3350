"""The stage of the Train page: what will be trained, a run that moves, or a run that has ended."""

import streamlit as st

from gan import data, families
from gan.data import tasks
from gan.data.remembered import forgettable
from gan.messages import Message, message_of, msg
from gan.records import Preview
from gan.runs import Run, RunState, Snapshot
from gan.setup.config import RunConfig
from pages.shared import families as family_views
from pages.shared.draw import pictures
from pages.shared.draw.theme import theme
from pages.shared.kept import waiting
from pages.shared.settings import controls, hidden
from pages.shared.stage import courses, doctor_bar, model, one_step, past, scoreboard, standing, views
from pages.shared.stage.once import once
from pages.shared.tab import looks, requests, session
from pages.shared.words import DEEPEST, depth, plain, say, states

UNTRAINED = msg("stage.untrained", "Untrained, the forger turns random numbers into this.")
UNTRAINED_TRANSLATOR = msg("stage.untrained_translator", "Untrained, the forger makes this of what goes in.")
REALS = msg("stage.reals", "**Real pictures.** Can you tell the difference?")
GIVEN = msg("stage.given", "**What goes in.** The forger learns from others.")
WAITS_SECONDS = 2.0  # between two looks for the next run, by those who watch one that has ended


@forgettable
@st.cache_resource(show_spinner=False, max_entries=32)
def cached_preview(config: RunConfig) -> Preview:
    from gan.learn.preview import preview  # brings torch: late, so that the controls are there before it

    return preview(config)


@forgettable
@st.cache_resource(show_spinner=False, max_entries=64)
def real_pictures(name: str, classes: tuple[int, ...], size: str, theme: str, alt: str) -> bytes:
    """The real pictures that stand beside the fakes; choosing classes goes through the whole set."""
    return pictures.encode(data.load(name, classes, size).images, alt, theme)


@forgettable
@st.cache_resource(show_spinner=False, max_entries=64)
def given_pictures(config: RunConfig, theme: str, alt: str) -> bytes:
    """The pictures that the fakes are made of, in families that are given some."""
    return pictures.encode(tasks.going_in(config, pictures.SHOWN), alt, theme)


def before_start(config: RunConfig) -> None:
    """Real pictures, what noise gives untrained, and both networks."""
    start = _preview(config)
    if start is None:
        return
    told = UNTRAINED_TRANSLATOR if families.translates(config.family) else UNTRAINED
    fakes = pictures.encode(start.fakes, _fakes_alt(told), theme(), start.scores)
    _sheets(told, fakes, _beside(config), pictures.encode(start.reals, _beside_alt(config), theme()))
    if start.discriminator:
        model.before_start(config, start)


def _preview(config: RunConfig) -> Preview | None:
    """Its networks before the first step; None, and the reason on the page, where there can be none."""
    try:
        with st.spinner(say("stage.building", "Building the networks ...")):
            return cached_preview(config)
    except ValueError as error:  # such as a batch of more pictures than there are: only the pictures say so
        st.warning(say(message_of(error)), icon=":material/block:")
        return None


def live(run: Run, config: RunConfig, was_live: bool) -> None:
    """The run, redrawn in place while it goes on; one full rerun when it ends. `config` is what the page's settings
    say, `was_live` whether its buttons are those of a run that goes on: it may have ended since.
    """
    model.load()
    was_held, every = run.control.is_held, session.every_seconds()

    @st.fragment(run_every=every if was_live else WAITS_SECONDS if session.only_watches() else None)
    def draw() -> None:
        controls.write_link(config, looks.in_link(run))
        if session.only_watches():
            requests.look_along(run)
        else:
            requests.ask(run, views.chosen(run.config))
        snapshot = run.snapshot()
        has_turned = was_live and (not snapshot.state.is_live or run.control.is_held != was_held)
        is_crowded = was_live and session.every_seconds() > every
        if session.is_something_asked() or has_turned or is_crowded or session.has_moved_on(run):
            st.rerun()  # there are other buttons now, a slower clock, or another run
        _stage(run, snapshot, config)

    draw()


def _stage(run: Run, snapshot: Snapshot, config: RunConfig) -> None:
    standing.alarms(snapshot)
    if snapshot.state is RunState.QUEUED:
        waiting.show(run, snapshot, lambda other: _seen(other, theme())[1])
    if snapshot.reading is None:
        if snapshot.state not in (RunState.FAILED, RunState.QUEUED):
            st.info(say(states.going(snapshot) if snapshot.state.is_live else states.summary(snapshot)))
        return
    view = views.chosen(snapshot.config)
    epoch = past.chosen(run) if view == states.PAST else None
    spotted = None
    if epoch is None:
        _sheets(*_seen(snapshot, theme()), _beside(snapshot.config), _reals(snapshot))
    else:
        spotted = past.sheets(run, epoch, _reals(snapshot))
    standing.show(snapshot, epoch, spotted)
    if epoch is None:
        scoreboard.copying(snapshot)
    if snapshot.remark and snapshot.state.is_live:
        st.caption(say(snapshot.remark))
    if view != states.PAST and families.judges(snapshot.config.family) and hidden.is_shown("doctor"):
        doctor_bar.show(snapshot)
    with st.container(key="views", horizontal=True, gap="small", vertical_alignment="center"):
        views.choose(run)
        standing.progress(snapshot, epoch)
    if view == states.PAST:
        past.choose(run, config)
    _below(run, snapshot, config, view, epoch)


def _below(run: Run, snapshot: Snapshot, config: RunConfig, view: str, epoch: int | None) -> None:
    """What the view shows below the pictures; `epoch` is the one that the viewer has gone back to."""
    if view == states.NETWORKS:
        _networks(snapshot, config)
    elif view == states.SCORES:
        scoreboard.show(snapshot)
    elif view == states.OWN:
        if snapshot.reading.views:
            family_views.of(snapshot.config.family).show(run, snapshot.reading.views, theme())
            if families.judges(snapshot.config.family):  # its charts are those of a game
                courses.own(snapshot, epoch)
        else:
            st.info(say("stage.soon", "This is shown from the next moment of the run on."))
    elif view == states.STEP:
        if snapshot.reading.trace:
            st.html(_step(snapshot))
        else:
            st.info(_no_step())
    else:
        with st.container(key="lower"):
            courses.show(snapshot, epoch)
            if (
                families.judges(snapshot.config.family)
                and view == states.CHARTS
                and (snapshot.state.is_live or snapshot.reading.walk)
            ):
                model.small(snapshot)
        if view == states.CHARTS and depth() == DEEPEST:
            courses.formula(snapshot, epoch)


def _networks(snapshot: Snapshot, config: RunConfig) -> None:
    """Large; with knobs for the settings where Start stands beside them."""
    if snapshot.state.is_live or session.only_watches():
        model.large(snapshot)
        return
    is_other = config.data != snapshot.config.data or not config.has_networks_of(snapshot.config)
    if not (is_other and families.judges(config.family) and data.is_here(config.data)):
        model.after_end(snapshot, config, None)
    elif start := _preview(config):
        model.after_end(snapshot, config, start)


def _no_step() -> str:
    if session.only_watches():
        return say("step.elsewhere", "A step is shown here while those who steer this run look at one.")
    return say("step.none_yet", "The next step is shown here, part by part.")


def _sheets(sentence: Message, fakes: bytes, beside: Message, reals: bytes) -> None:
    with st.container(key="sheets"):
        with st.container(key="fakes"):
            st.markdown(say("stage.fakes", "**Fakes.** {sentence}", sentence=sentence))
            pictures.sheet(fakes, "fakes_sheet")
        with st.container(key="reals"):
            st.markdown(say(beside))
            past.reals_sheet(reals)


def _fakes_alt(sentence: Message) -> str:
    return plain("stage.fakes_alt", "{count} fakes. {sentence}", count=pictures.SHOWN, sentence=sentence)


def _beside(config: RunConfig) -> Message:
    """What stands beside the fakes: real pictures, or what they are made of."""
    return GIVEN if families.translates(config.family) else REALS


def _beside_alt(config: RunConfig) -> str:
    if families.translates(config.family):
        return plain("stage.given_alt", "{count} pictures that go in", count=pictures.SHOWN)
    return plain("stage.reals_alt", "{count} real pictures", count=pictures.SHOWN)


# What all viewers see alike


@once
def _seen(snapshot: Snapshot, theme: str) -> tuple[Message, bytes]:
    """A sentence about the newest fakes, and the fakes."""
    sentence, reading = states.seen(snapshot, pictures.SHOWN), snapshot.reading
    return sentence, pictures.encode(reading.samples, _fakes_alt(sentence), theme, reading.sample_scores)


def _reals(snapshot: Snapshot) -> bytes:
    """The sheet beside the fakes; empty where the pictures are not here any more."""
    return _reals_here(snapshot, theme()) if data.is_here(snapshot.config.data) else b""


@once
def _reals_here(snapshot: Snapshot, theme: str) -> bytes:
    config, alt = snapshot.config, _beside_alt(snapshot.config)
    if families.translates(config.family):
        return given_pictures(config, theme, alt)
    return real_pictures(config.data, config.classes, config.picture_size, theme, alt)


@once
def _step(snapshot: Snapshot) -> str:
    return one_step.html(snapshot.reading.trace)
