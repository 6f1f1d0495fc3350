"""The stage of the Train page: what will be trained, a run that moves, or a run that has ended."""

from html import escape

import numpy as np
import streamlit as st

from app_pages.shared import charts, diagram, doctor_bar, lines, one_step, past, pictures, scoreboard, session, words
from app_pages.shared.frame import EVERY_SECONDS, theme
from gan import data, export
from gan.config import RunConfig
from gan.records import Preview
from gan.runs import Run, RunState, Snapshot


@st.cache_resource(show_spinner="Building the networks ...", max_entries=32)
def cached_preview(config: RunConfig) -> Preview:
    from gan.preview import preview  # brings torch: late, so that the controls are there before it

    return preview(config)


@st.cache_resource(show_spinner=False, max_entries=32)
def real_pictures(name: str, classes: tuple[int, ...], size: str) -> np.ndarray:
    """The real pictures that stand beside the fakes; choosing classes goes through the whole set."""
    return data.load(name, classes, size).images[: pictures.SHOWN].copy()


def before_start(config: RunConfig) -> None:
    """Real pictures, what noise gives untrained, and both networks."""
    start = cached_preview(config)
    _sheets(start.fakes, start.scores, start.reals, "Untrained, the forger turns random numbers into this.")
    diagram.networks(start)


def live(run: Run, view: str) -> None:
    """The run, redrawn in place while it goes on; one full rerun when it ends. `view` says what is below."""
    epoch = past.chosen(run) if view == words.PAST else None
    was_live, was_held = run.is_live, run.control.is_held

    @st.fragment(run_every=EVERY_SECONDS if was_live else None)
    def draw() -> None:
        snapshot = run.snapshot()
        has_turned = was_live and (not snapshot.state.is_live or run.control.is_held != was_held)
        has_a_past = view == words.PAST and epoch is None and len(snapshot.kept) > 1
        if session.is_asked_to_begin() or has_turned or has_a_past:
            st.rerun()  # there are other buttons now
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
    reals = real_pictures(snapshot.config.data, snapshot.config.classes, snapshot.config.picture_size)
    if epoch is None:
        _sheets(snapshot.reading.samples, snapshot.reading.sample_scores, reals, words.seen(snapshot, pictures.SHOWN))
    else:
        past.sheets(run, epoch, reals)
    _strip(snapshot)
    if view == words.NETWORKS:
        diagram.networks(cached_preview(snapshot.config), snapshot.reading.walk)
    elif view == words.SCORES:
        scoreboard.show(snapshot)
    elif view == words.STEP:
        one_step.show(snapshot.reading.story, words.STEP_ELSEWHERE if session.only_watches() else words.NO_STEP_YET)
    else:
        _charts(snapshot, epoch)
    if view != words.PAST:
        doctor_bar.show(snapshot)


def _charts(snapshot: Snapshot, epoch: int | None) -> None:
    left, right = st.columns(2, gap="medium")
    points, epochs = snapshot.points, snapshot.config.epochs
    marks = [(change.epoch, words.change_line(change)) for change in snapshot.changes]
    if epoch is not None:
        marks.append((epoch, words.HERE))
    changed = words.changes_alt(snapshot.changes)
    height = lines.HEIGHT if snapshot.state.is_live else lines.SHORT
    with left:
        st.markdown(words.LOOK_SCORES)
        chart = charts.beliefs(points, theme(), epochs, marks)
        lines.chart(chart, "scores", words.scores_alt(points) + changed, height)
    with right:
        st.markdown(words.LOOK_LOSSES)
        chart = charts.losses(points, theme(), epochs, marks)
        lines.chart(chart, "losses", words.losses_alt(points) + changed, height)


def _sheets(fakes: np.ndarray, scores: tuple[float, ...], reals: np.ndarray, sentence: str) -> None:
    left, right = st.columns(2, gap="medium")
    with left, st.container(key="fakes"):
        st.markdown(f"**Fakes.** {sentence}")
        pictures.sheet(fakes, "fakes_sheet", f"{pictures.SHOWN} fakes. {sentence}", scores)
    with right, st.container(key="reals"):
        st.markdown("**Real pictures.** Can you tell the difference?")
        pictures.sheet(reals, "reals_sheet", f"{pictures.SHOWN} real pictures")


def _strip(snapshot: Snapshot) -> None:
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
    st.html(
        f'<div class="strip"><div class="tug"><p>Fakes that fool the detective: <b>{fooled:.0%}</b></p>'
        f'<div class="rope" role="img" aria-label="{fooled:.0%} of the fakes fool the detective">'
        f'<i style="width:{fooled:.0%}"></i></div>'
        f'<div class="ends"><span>forger</span><span>detective</span></div></div>{cells}</div>'
    )


def _settings(snapshot: Snapshot) -> str:
    return export.settings_json(snapshot.first_config, snapshot.changes)


def ended(run: Run) -> None:
    """What came out, in two sentences, and everything to take home."""
    snapshot = run.snapshot()
    if not snapshot.reading:
        return
    text, *places = st.columns([5, 1.2, 1.1, 1.2, 1.2], vertical_alignment="center")
    with text:
        st.markdown(words.summary(snapshot))
    name = f"{snapshot.config.data}-{run.watch_id}"
    frames = (*snapshot.frames.values(), snapshot.reading.samples)
    downloads = [
        ("Pictures", f"{name}.png", "image/png", lambda: export.grid_png(snapshot.reading.samples), True),
        ("Film", f"{name}.gif", "image/gif", lambda: export.gif(frames), True),
        ("Numbers", f"{name}.csv", "text/csv", lambda: export.history_csv(snapshot.records), bool(snapshot.records)),
        ("Settings", f"{name}.json", "application/json", lambda: _settings(snapshot), True),
    ]
    for place, (label, file, mime, make, ready) in zip(places, downloads, strict=True):
        with place:
            st.download_button(
                label, make, file, mime, on_click="ignore", icon=":material/download:",
                width="stretch", disabled=not ready, help=words.DOWNLOADS[label],
            )  # fmt: skip
