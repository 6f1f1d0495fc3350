"""The words of a sweep: how far it is, and how each of its cells does."""

from collections.abc import Sequence

from gan import data
from gan.messages import Message, msg, msgs
from gan.runs import Contest, RunState, Snapshot
from gan.runs.server.contest_rules import Out, Standing, measure_of
from pages.shared.words import races
from pages.shared.words.values import in_a_row

ABOUT = msg("sweep.about", "A sweep tries every pair: which learning rate goes with which latent size?")
LOOK = msg(
    "sweep.look",
    "**Look along a row:** what do bigger learning steps do? **Look down a column:** what do more random numbers do?",
)
CORNER = msg("sweep.corner", "latent size ↓\nlearning rate →")
LOST = msg("sweep.lost", "The sweep in this link is not on this computer any more. Start a new one.")
NOTES = {
    Out.FAILED: msg("sweep.failed", "blew up"),
    Out.STOPPED: msg("sweep.stopped", "stopped"),
    Out.CHANGED: msg("sweep.changed", "changed"),
}


def plan(count: int, epochs: int) -> Message:
    """What will be done."""
    return msgs(
        "sweep.plan",
        "{runs} runs of {count} epoch each, same pictures and same seed. They take turns on this computer.",
        "{runs} runs of {count} epochs each, same pictures and same seed. They take turns on this computer.",
        epochs,
        runs=count,
    )


def note(snapshot: Snapshot | None, standing: Standing) -> Message:
    """How one run of a sweep stands, in two or three words."""
    if snapshot is None:
        return msg("sweep.not_kept", "not kept")
    if snapshot.state.is_live:
        return races.progress(snapshot)
    if standing.place == 1:
        return msg("sweep.best", "best")
    if standing.place and data.get(snapshot.config.data).is_dots:
        return msg("sweep.js", "JS")
    if standing.place:
        return msg("sweep.realism", "realism")
    return NOTES.get(standing.out, msg("sweep.no_referee", "no referee"))


def cell_alt(sweep: Contest, number: int, note: Message, value: float | None) -> Message:
    """A cell for somebody who cannot see it."""
    what = races.cell(sweep, number)
    if value is None:
        return msg("sweep.cell", "{what}: {note}", what=what, note=note)
    return msg(
        "sweep.cell_with_realism", "{what}: {note} {number}", what=what, note=note,
        number=races.bare(measure_of(data.get(sweep.base.data)), value),
    )  # fmt: skip


def told(
    sweep: Contest,
    standings: Sequence[Standing],
    best: Sequence[int],
    snapshots: Sequence[Snapshot | None],
    timed: bool = True,
) -> Message:
    """How far a sweep is, how long the rest takes where that is `timed`, and its best cell."""
    parts = []
    is_live = any(each and each.state.is_live for each in snapshots)
    if is_live:
        done = sum(each is not None and not each.state.is_live for each in snapshots)
        parts.append(msg("sweep.done", "{done} of {count} done.", done=done, count=len(snapshots)))
        if timed and (seconds := seconds_left(snapshots)):
            parts.append(races.left(seconds))
    if best:
        cells = _and(*(races.cell(sweep, place) for place in best))
        realism = races.number(measure_of(data.get(sweep.base.data)), standings[best[0]].number)
        parts.append(
            msg("sweep.best_so_far", "**Best so far: {cells}** ({realism}).", cells=cells, realism=realism)
            if is_live
            else msg("sweep.best_of_all", "**Best: {cells}** ({realism}).", cells=cells, realism=realism)
        )
    return in_a_row(*parts) if parts else msg("sweep.no_numbers", "Every cell has ended without a number.")


def _and(first: Message, *others: Message) -> Message:
    """Cells that are equally good; each has a comma of its own."""
    for each in others:
        first = msg("sweep.and", "{first} and {next}", first=first, next=each)
    return first


def seconds_left(snapshots: Sequence[Snapshot | None]) -> float | None:
    """Seconds to the end of all runs, at the pace of the epochs so far; None before the first run has ended."""
    runs = [each for each in snapshots if each]
    if all(each.state.is_live for each in runs):
        return None
    paces = [each.seconds / each.reading.epoch for each in runs if each.reading and each.reading.epoch]
    going = [each for each in runs if each.state.is_live]
    at_once = sum(each.state is RunState.RUNNING for each in going)
    if not paces or not at_once:
        return None
    epochs = sum(each.config.epochs - (each.reading.epoch if each.reading else 0) for each in going)
    return epochs * sum(paces) / len(paces) / at_once
