"""The stage of the dots lab: a recorded run, a run that moves, or one that has ended; beside it its numbers."""

from dataclasses import replace
from time import monotonic, sleep

import numpy as np
import streamlit as st

from gan import data
from gan.data.remembered import forgettable, remembered
from gan.messages import Message, message_of, msg
from gan.parts import stabilisers
from gan.records import Plane
from gan.runs import Run, RunState, Snapshot
from gan.setup.config import RunConfig
from pages.shared.dots import drawing, exhibits, film, numbers, slow, steer
from pages.shared.draw import lines, plane
from pages.shared.draw.theme import theme
from pages.shared.kept import waiting
from pages.shared.server import feed
from pages.shared.settings import controls, hidden
from pages.shared.stage import past, standing
from pages.shared.stage.once import once
from pages.shared.tab import looks, requests, session
from pages.shared.words import plain, say, states

EVERY_SECONDS = 0.5  # between two looks at a plane that does not move by itself
FED_SECONDS = 4.0  # at one whose moments the browser asks for: what is said of it, and moments where it gets none
NUMBERS_SECONDS = 1.0  # between two looks at the numbers, which are read and not watched
HEARD_SECONDS = 0.3  # that one waits, where a control was moved, for the run to say so
KEY = "plane"
VIEWS = {states.CHARTS: msg("dots.now", "Now"), states.PAST: states.VIEWS[states.PAST]}
WHAT = msg(
    "dots.what",
    "The forger moves its fakes (diamonds) to where the detective takes them for real. "
    "The detective colours the plane: blue where a dot looks real to it, orange where it looks fake.",
)
TOGETHER = msg(
    "dots.together",
    "This detective judges several dots at once: a fake beside other fakes, the ground beside real dots. So both may "
    "differ in colour.",
)
ON = "layers"  # in session state: the layers that are switched on


def before_start(config: RunConfig) -> None:
    """A recorded run, or the dots that are drawn now; beside it what there is to see."""
    plane.load()
    left, right = _halves()
    with left:
        shown = _drawn(config, pen) if (pen := drawing.pen(None)) else film.scene()
        _show(plane.encode(replace(shown, on=_on(), chips=hidden.is_shown("layers")), theme()))
    with right:
        st.markdown(say("dots.recorded", "**A run recorded earlier.** Press Start to train one now."))
        st.markdown(say(WHAT))
        exhibits.cards()


def live(run: Run, config: RunConfig, was_live: bool) -> None:
    """The run, redrawn in place while it goes on; one full rerun when it ends. `config` is what the page's settings
    say, `was_live` whether its buttons are those of a run that goes on: it may have ended since.
    """
    plane.load()
    lines.load()
    was_held, moves, begun = run.control.is_held, was_live or session.only_watches(), run.snapshot()
    is_crowded = session.every_seconds() > session.EVERY_SECONDS
    every = session.EVERY_SECONDS_IN_A_CROWD if is_crowded else EVERY_SECONDS

    def turned(snapshot: Snapshot) -> bool:
        has_turned = was_live and (not snapshot.state.is_live or run.control.is_held != was_held)
        return session.is_something_asked() or has_turned or session.has_moved_on(run)

    @st.fragment(run_every=(FED_SECONDS if _is_fed(run, begun) else every) if moves else None)
    def moving() -> None:
        _ask(run)
        snapshot = run.snapshot()
        if turned(snapshot):
            st.rerun()
        _moving(run, snapshot, config)

    @st.fragment(run_every=max(every, NUMBERS_SECONDS) if moves else None)
    def counting() -> None:
        controls.write_link(config, looks.in_link(run) | in_link())
        _ask(run)
        snapshot = _heard(run)
        if turned(snapshot) or _tells(snapshot) != _tells(begun):
            st.rerun()
        _counting(snapshot)

    left, right = _halves()
    with left:
        moving()
        if was_live and not session.only_watches():
            steer.who_learns()
    with right:
        counting()


def _is_fed(run: Run, snapshot: Snapshot) -> bool:
    """Whether the browser asks for the run's moments itself."""
    moves = snapshot.state is RunState.RUNNING and bool(snapshot.planes)
    return moves and not _is_step(run) and _epoch(run) is None and not drawing.pen(run)


def _tells(snapshot: Snapshot) -> tuple:
    """What stands above the plane, or instead of it: seldom something else."""
    return snapshot.state, snapshot.refusal, snapshot.unkept, snapshot.reading is None, not snapshot.planes


def _heard(run: Run) -> Snapshot:
    """The run; where a control was just moved, once it has heard of that, so that its mark is there at once."""
    until = monotonic() + HEARD_SECONDS
    while (snapshot := run.snapshot()).state is RunState.RUNNING and run.config != snapshot.config:
        if monotonic() > until:
            break
        sleep(HEARD_SECONDS / 10)
    return snapshot


def _halves():
    with st.container(key="lab"):
        return st.container(key="lab_plane"), st.container(key="lab_numbers")


def _ask(run: Run) -> None:
    """Have the run show all of its plane, and its steps part by part while it rests between them."""
    if session.only_watches():
        requests.look_along(run)
    else:
        requests.ask(run, states.STEP if _is_step(run) else states.CHARTS)


def _is_step(run: Run) -> bool:
    return run.control.is_held and st.session_state.get(looks.VIEW) != states.PAST


def _moving(run: Run, snapshot: Snapshot, config: RunConfig) -> None:
    standing.alarms(snapshot)
    if snapshot.state is RunState.QUEUED:
        waiting.show(run, snapshot)
    if pen := drawing.pen(run):
        _show(plane.encode(_drawn(config, pen), theme()))
    elif snapshot.reading is None:
        if snapshot.state not in (RunState.FAILED, RunState.QUEUED):
            _show(_encoded(snapshot, theme(), _on(), hidden.is_shown("layers"), False))
            st.info(say(states.going(snapshot) if snapshot.state.is_live else states.summary(snapshot)))
    else:
        if (epoch := _epoch(run)) is not None:
            _show_past(run, epoch)
        else:
            slow.go_on(run, snapshot)
            fed = feed.address(run) if _is_fed(run, snapshot) else None
            _show(_encoded(snapshot, theme(), _on(), hidden.is_shown("layers"), _is_step(run), fed))
        if not _is_step(run):  # its parts say it
            st.caption(say(WHAT))
            if any(stabilisers.facts(name).get("COUPLES") for name in snapshot.config.strengths):
                st.caption(say(TOGETHER))
        _views(run, config)


def _counting(snapshot: Snapshot) -> None:
    if snapshot.reading:
        numbers.show(snapshot)


def _views(run: Run, config: RunConfig) -> None:
    """What of the run the plane shows: now, or its past."""
    if st.session_state.get(looks.VIEW) not in VIEWS:
        st.session_state[looks.VIEW] = states.CHARTS
    if not hidden.is_shown("past"):
        return
    view = st.segmented_control(
        plain("train.view", "Show below"), list(VIEWS), format_func=lambda each: say(VIEWS[each]), required=True,
        key=looks.VIEW, persist_state="session", label_visibility="collapsed",
    )  # fmt: skip
    if view == states.PAST:
        past.choose(run, config)


def _epoch(run: Run) -> int | None:
    """The epoch that one has gone back to."""
    return past.chosen(run) if st.session_state.get(looks.VIEW) == states.PAST else None


def _show_past(run: Run, epoch: int) -> None:
    try:
        then = _then(run.run_id, epoch, run)
    except ValueError as error:  # thinned out since the slider was drawn
        st.info(say(message_of(error)))
        return
    scene = plane.Scene(
        run=f"{run.watch_id} {epoch}", moments=[then], reals=_reals(run.config), alt=plain(_seen(then)),
        spread=_spread(run.config), on=_on(), chips=hidden.is_shown("layers"),
    )  # fmt: skip
    _show(plane.encode(scene, theme()))


@forgettable
@st.cache_resource(show_spinner=False, max_entries=64)
def _then(run_id: str, epoch: int, _run: Run) -> Plane:
    return _run.look_at_plane(epoch)


@once
def _encoded(
    snapshot: Snapshot, theme: str, on: tuple[str, ...], chips: bool, is_step: bool, fed: str | None = None
) -> bytes:
    config, trace = snapshot.config, snapshot.reading and snapshot.reading.trace
    newest = snapshot.planes[-feed.SENT :]
    scene = plane.Scene(
        run=feed.name_of(snapshot), moments=newest, feed=fed, reals=_reals(config), spread=_spread(config), on=on,
        chips=chips, alt=plain(_seen(newest[-1])) if newest else "",
        moves=plane.LIVE if snapshot.state is RunState.RUNNING else plane.STILL,
        parts=slow.parts(trace) if is_step else (),
    )  # fmt: skip
    return plane.encode(scene, theme)


def _seen(moment: Plane) -> Message:
    """What is to be seen, in a sentence."""
    return msg(
        "dots.seen",
        "{count} fakes in the plane after {step:,} steps. The detective finds them {belief:.0%} real on average, and "
        "takes {fooled} of them for real.",
        count=len(moment.fakes), step=moment.step, belief=float(np.mean(moment.beliefs)),
        fooled=int((moment.beliefs >= 0.5).sum()),
    )  # fmt: skip


def _drawn(config: RunConfig, pen: plane.Pen) -> plane.Scene:
    told = msg("drawing.alt", "A plane to draw dots on: with a pointer, or with the arrow keys and the space bar.")
    return plane.Scene(run="drawing", moments=(), reals=_reals(config), alt=plain(told), pen=pen)


@remembered(16)
def _reals(config: RunConfig) -> np.ndarray:
    return data.wanted(config).images[: plane.REALS].reshape(-1, 2)


def _spread(config: RunConfig) -> float:
    """How far the noise reaches that the forger's map is drawn of."""
    return 1.0 if config.noise == "uniform" else 2.0


# Layers


def _on() -> tuple[str, ...]:
    """The layers that are switched on: here, by the link, or at first."""
    if ON not in st.session_state:
        asked = st.query_params.get(ON)
        st.session_state[ON] = plane.FIRST if asked is None else _known(asked.split(","))
    return st.session_state[ON]


def _known(names: object) -> tuple[str, ...]:
    return tuple(name for name in plane.LAYERS if isinstance(names, list) and name in names)


def in_link() -> dict[str, str]:
    """What the address says of the layers."""
    return {} if _on() == plane.FIRST else {ON: ",".join(_on())}


def _show(encoded: bytes) -> None:
    plane.show(encoded, KEY, _switch, _draw)


def _switch() -> None:
    st.session_state[ON] = _known(_sent("layers"))


def _draw() -> None:
    drawing.take(_sent("drawn"), _sent("done"))


def _sent(what: str) -> object:
    """What the browser sent; None for a message that is none of ours."""
    return st.session_state.get(KEY, {}).get(what)
