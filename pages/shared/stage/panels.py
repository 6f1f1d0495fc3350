"""The stage of the Train page: what will be trained, a run that moves, or a run that has ended."""

from html import escape

import streamlit as st

from gan import data
from gan.records import Preview
from gan.runs import Run, RunState, Snapshot
from gan.setup.config import RunConfig
from pages.shared.draw import charts, lines, pictures
from pages.shared.draw.theme import theme
from pages.shared.kept import take_home
from pages.shared.stage import diagram, doctor_bar, one_step, past, scoreboard
from pages.shared.stage.once import once
from pages.shared.tab import session
from pages.shared.words import words

WAITS_SECONDS = 2.0  # between two looks for the next run, by those who watch one that has ended


@st.cache_resource(show_spinner="Building the networks ...", max_entries=32)
def cached_preview(config: RunConfig) -> Preview:
    from gan.learn.preview import preview  # brings torch: late, so that the controls are there before it

    return preview(config)


@st.cache_resource(show_spinner=False, max_entries=32)
def real_pictures(name: str, classes: tuple[int, ...], size: str, theme: str) -> bytes:
    """The real pictures that stand beside the fakes; choosing classes goes through the whole set."""
    return pictures.encode(data.load(name, classes, size).images, words.REALS_ALT, theme)


def before_start(config: RunConfig) -> None:
    """Real pictures, what noise gives untrained, and both networks."""
    start = cached_preview(config)
    fakes = pictures.encode(start.fakes, f"{words.FAKES_ALT} {words.UNTRAINED}", theme(), start.scores)
    _sheets(words.UNTRAINED, fakes, pictures.encode(start.reals, words.REALS_ALT, theme()))
    st.html(diagram.html(start))


def live(run: Run, view: str) -> None:
    """The run, redrawn in place while it goes on; one full rerun when it ends. `view` says what is below."""
    epoch = past.chosen(run) if view == words.PAST else None
    was_live, was_held, every = run.is_live, run.control.is_held, session.every_seconds()

    @st.fragment(run_every=every if was_live else WAITS_SECONDS if session.only_watches() else None)
    def draw() -> None:
        snapshot = run.snapshot()
        has_turned = was_live and (not snapshot.state.is_live or run.control.is_held != was_held)
        has_a_past = view == words.PAST and epoch is None and len(snapshot.kept) > 1
        is_crowded = was_live and session.every_seconds() > every
        if session.is_asked_to_begin() or has_turned or has_a_past or is_crowded or session.has_moved_on(run):
            st.rerun()  # there are other buttons now, a slower clock, or another run
        _stage(run, snapshot, view, epoch)

    draw()


def _stage(run: Run, snapshot: Snapshot, view: str, epoch: int | None) -> None:
    if snapshot.state is RunState.FAILED:
        st.error(f"{snapshot.fault.what} {snapshot.fault.try_}", icon=":material/error:")
    if snapshot.refusal:
        st.warning(words.plain(snapshot.refusal), icon=":material/block:")
    if snapshot.unkept:
        st.warning(words.plain(snapshot.unkept), icon=":material/save:")
    if snapshot.state is RunState.QUEUED:
        st.info(words.QUEUED.format(place=snapshot.place), icon=":material/hourglass_top:")
    if snapshot.reading is None:
        if snapshot.state not in (RunState.FAILED, RunState.QUEUED):
            st.info(f"{words.STATES[snapshot.state]} ..." if snapshot.state.is_live else words.summary(snapshot))
        return
    if epoch is None:
        _sheets(*_seen(snapshot, theme()), _reals(snapshot, theme()))
    else:
        past.sheets(run, epoch, _reals(snapshot, theme()))
    st.html(_strip(snapshot))
    if snapshot.remark and snapshot.state.is_live:
        st.caption(snapshot.remark)
    if view == words.NETWORKS:
        st.html(_networks(snapshot))
    elif view == words.SCORES:
        scoreboard.show(snapshot)
    elif view == words.STEP:
        if snapshot.reading.story:
            st.html(_step(snapshot))
        else:
            st.info(words.STEP_ELSEWHERE if session.only_watches() else words.NO_STEP_YET)
    else:
        _charts(snapshot, epoch)
    if view != words.PAST:
        doctor_bar.show(snapshot)


def _charts(snapshot: Snapshot, epoch: int | None) -> None:
    left, right = st.columns(2, gap="medium")
    scores, losses = _lines(snapshot, theme(), epoch)
    height = _height(snapshot)
    with left:
        st.markdown(words.LOOK_SCORES)
        lines.chart(scores, "scores", height)
    with right:
        st.markdown(words.LOOK_LOSSES)
        lines.chart(losses, "losses", height)


def _sheets(sentence: str, fakes: bytes, reals: bytes) -> None:
    left, right = st.columns(2, gap="medium")
    with left, st.container(key="fakes"):
        st.markdown(f"**Fakes.** {sentence}")
        pictures.sheet(fakes, "fakes_sheet")
    with right, st.container(key="reals"):
        st.markdown("**Real pictures.** Can you tell the difference?")
        pictures.sheet(reals, "reals_sheet")


# What all viewers see alike


@once
def _seen(snapshot: Snapshot, theme: str) -> tuple[str, bytes]:
    """A sentence about the newest fakes, and the fakes."""
    sentence, reading = words.seen(snapshot, pictures.SHOWN), snapshot.reading
    alt = f"{words.FAKES_ALT} {sentence}"
    return sentence, pictures.encode(reading.samples, alt, theme, reading.sample_scores)


@once
def _reals(snapshot: Snapshot, theme: str) -> bytes:
    config = snapshot.config
    return real_pictures(config.data, config.classes, config.picture_size, theme)


@once
def _lines(snapshot: Snapshot, theme: str, epoch: int | None) -> tuple[bytes, bytes]:
    """The charts of the beliefs and of the losses; `epoch` is the one that the viewer has gone back to."""
    points, epochs = snapshot.points, snapshot.config.epochs
    marks = [(change.epoch, words.change_line(change)) for change in snapshot.changes]
    if epoch is not None:
        marks.append((epoch, words.HERE))
    changed, height = words.changes_alt(snapshot.changes), _height(snapshot)
    beliefs = charts.beliefs(points, theme, epochs, marks)
    losses = charts.losses(points, theme, epochs, marks)
    return (
        lines.encode(beliefs, words.scores_alt(points) + changed, height),
        lines.encode(losses, words.losses_alt(points) + changed, height),
    )


def _height(snapshot: Snapshot) -> int:
    return lines.HEIGHT if snapshot.state.is_live else lines.SHORT


@once
def _networks(snapshot: Snapshot) -> str:
    return diagram.html(cached_preview(snapshot.config), snapshot.reading.walk)


@once
def _step(snapshot: Snapshot) -> str:
    return one_step.html(snapshot.reading.story)


@once
def _strip(snapshot: Snapshot) -> str:
    """Who is winning, and how far the run is."""
    reading, config = snapshot.reading, snapshot.config
    shown = reading.sample_scores[: pictures.SHOWN]
    fooled = sum(score >= 0.5 for score in shown) / max(1, len(shown))
    if snapshot.state.is_live:
        epoch = min(config.epochs, int(reading.epoch) + 1)
        left = snapshot.seconds_left
        time = ("..." if left is None else words.duration(left), "left")
    else:
        epoch = int(reading.epoch)
        time = (words.duration(snapshot.seconds), "taken")
    numbers = [(f"{epoch} of {config.epochs}", "epoch"), (f"{reading.steps_per_second:.0f}", "steps a second"), time]
    cells = "".join(f'<div class="cell"><b>{escape(value)}</b><span>{name}</span></div>' for value, name in numbers)
    return (
        f'<div class="strip"><div class="tug"><p>Fakes that fool the detective: <b>{fooled:.0%}</b></p>'
        f'<div class="rope" role="img" aria-label="{fooled:.0%} of the fakes fool the detective">'
        f'<i style="width:{fooled:.0%}"></i></div>'
        f'<div class="ends"><span>forger</span><span>detective</span></div></div>{cells}</div>'
    )


def ended(run: Run) -> None:
    """What came out, in two sentences, and everything to take home."""
    snapshot = run.snapshot()
    if not snapshot.reading:
        return
    text, home = st.columns([6, 1.6], vertical_alignment="center")
    text.markdown(words.summary(snapshot))
    with home:
        take_home.take_home(run)
