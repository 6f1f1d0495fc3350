"""While a run waits for its place: where it stands, about how long it takes, and something to look at meanwhile."""

from collections.abc import Callable, Sequence

import streamlit as st

from gan.runs import Kind, Run, RunState, Snapshot
from pages.shared.draw import film, pictures
from pages.shared.server.held import contests
from pages.shared.tab import session
from pages.shared.words import say, states


def show(run: Run, snapshot: Snapshot, fakes_of: Callable[[Snapshot], bytes]) -> None:
    """The place in the queue, and the run that this tab watched before, or a recorded one; `fakes_of` gives the sheet
    of a run's newest fakes.
    """
    told = [say(states.queued(snapshot))]
    if (seconds := estimate(snapshot.place, _left(run))) is not None:
        told.append(say("waiting.about", "That takes about {seconds:duration}.", seconds=seconds))
    st.info(" ".join(told), icon=":material/hourglass_top:")
    watched = session.watched_before()
    shown = watched.snapshot() if watched and watched.is_live else None
    if shown and shown.reading:
        with st.container(key="fakes"):
            st.markdown(say("waiting.watched", "**Meanwhile: the run that you watched.** It goes on training."))
            pictures.sheet(fakes_of(shown), "fakes_sheet")
    else:
        with st.container(key="recording"):
            st.markdown(
                say("waiting.recording", "**A recording, meanwhile.** What the quick recipe drew, epoch by epoch.")
            )
            film.play("quick")


def _left(run: Run) -> list[float | None]:
    """Seconds until each place in use is free. The runs of a race leave theirs together, and those of a comparison
    take turns in it.
    """
    places: dict[str, list[Snapshot]] = {}
    for each in session.manager().runs():
        snapshot = each.snapshot()
        if each is not run and snapshot.state in (RunState.RUNNING, RunState.PAUSED):
            contest = contests().of(each.run_id)
            shares = contest and contest.kind is not Kind.SWEEP and snapshot.resumed_at is None
            places.setdefault(contest.contest_id if shares else each.run_id, []).append(snapshot)
    return [_together(snapshots) for snapshots in places.values()]


def _together(snapshots: list[Snapshot]) -> float | None:
    left = [snapshot.seconds_left for snapshot in snapshots]
    if None in left:
        return None
    return sum(left) if snapshots[0].budget is not None else max(left)


def estimate(place: int | None, left: Sequence[float | None]) -> float | None:
    """Seconds until the run at this place of the queue begins, from those that the runs before it have left; None
    while that is not known.
    """
    known = sorted(seconds for seconds in left if seconds is not None)
    if not place or not known or len(known) < len(left):
        return None
    rounds, next_free = divmod(place - 1, len(known))
    return known[next_free] + rounds * known[-1]
