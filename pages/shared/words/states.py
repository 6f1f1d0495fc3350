"""The words of a run as it goes: its state, its views, what is to be seen, what was changed, how it ended."""

from collections.abc import Sequence

from gan import families
from gan.doctor import Condition
from gan.messages import Message, msg, msgs
from gan.records import Change
from gan.runs import RunState, Snapshot
from gan.runs.kept.store import StoredRun
from gan.setup.kinds import as_text
from pages.shared.words import readings, settings, values

STATES = {
    RunState.QUEUED: msg("state.queued", "Waiting"),
    RunState.STARTING: msg("state.starting", "Getting ready"),
    RunState.RUNNING: msg("state.running", "Training"),
    RunState.PAUSED: msg("state.paused", "Paused"),
    RunState.STOPPING: msg("state.stopping", "Stopping"),
    RunState.FINISHED: msg("state.finished", "Finished"),
    RunState.STOPPED: msg("state.stopped", "Stopped"),
    RunState.ABANDONED: msg("state.abandoned", "Stopped: nobody was watching"),
    RunState.INTERRUPTED: msg("state.interrupted", "Interrupted"),
    RunState.FAILED: msg("state.failed", "Something went wrong"),
}

CONDITIONS = {
    Condition.TOO_EARLY: msg("condition.too_early", "Too early to say"),
    Condition.HEALTHY: msg("condition.healthy", "Healthy"),
    Condition.MODE_COLLAPSE: msg("condition.mode_collapse", "Mode collapse"),
    Condition.DISCRIMINATOR_TOO_STRONG: msg("condition.discriminator_too_strong", "The detective is too strong"),
    Condition.GENERATOR_TOO_STRONG: msg("condition.generator_too_strong", "The forger is too strong"),
    Condition.OSCILLATION: msg("condition.oscillation", "Oscillation"),
    Condition.DIVERGENCE: msg("condition.divergence", "Divergence"),
    Condition.OVERFITTING: msg("condition.overfitting", "The detective learns by heart"),
    Condition.WORSENING: msg("condition.worsening", "The pictures get worse"),
    Condition.ONE_SIDED: msg("condition.one_sided", "Only one of them learns"),
}

CHARTS, SCORES, NETWORKS, STEP, OWN, PAST = "charts", "scores", "networks", "step", "own", "past"
VIEWS = {  # what can be shown below a run's pictures
    CHARTS: msg("view.charts", "Charts"),
    SCORES: msg("view.scores", "Scores"),
    NETWORKS: msg("view.networks", "Nets"),
    STEP: msg("view.step", "Step"),
    PAST: msg("view.past", "Past"),
}


def queued(snapshot: Snapshot) -> Message:
    return msg(
        "run.queued",
        "Waiting for a place to train: number {place} in the queue. It starts by itself.",
        place=snapshot.place,
    )


def going(snapshot: Snapshot) -> Message:
    """What a run without pictures does just now."""
    return msg("run.going", "{state} ...", state=STATES[snapshot.state])


def seen(snapshot: Snapshot, shown: int) -> Message:
    """What is to be seen in the newest reading, in one sentence."""
    scores = snapshot.reading.sample_scores[:shown]
    if not snapshot.reading.step:
        return msg("seen.untrained", "The forger has not learned anything yet.")
    if families.translates(snapshot.config.family):
        return msg("seen.translated", "What the forger makes of what goes in.")
    if not families.judges(snapshot.config.family):
        return msg("seen.drawn", "Drawn from random numbers alone.")
    return msg(
        "seen.spotted",
        "Bar: how real it looks. The detective spots {spotted} of {count}.",
        spotted=sum(score < 0.5 for score in scores),
        count=len(scores),
    )


def change(change: Change) -> Message:
    """What was changed while a run went on, in a few words."""
    told = [
        msg("change.one", "{setting} {value}", setting=settings.label(name), value=settings.value(value))
        if as_text(value)
        else msg("change.off", "{setting} off", setting=settings.label(name))
        for name, value in change.settings.items()
    ]
    return Message("", "{told:list}", {"told": told})


def chart_alt(chart: Message, changes: Sequence[Change]) -> Message:
    """What a chart shows, and where something was changed, for somebody who cannot see it."""
    for each in changes:
        chart = msg(
            "change.alt", "{chart} At epoch {epoch:.1f}: {change}.", chart=chart, epoch=each.epoch, change=change(each)
        )
    return chart


def at(snapshot: Snapshot, epoch: int) -> Message:
    """An epoch, and of how many, where that is known."""
    if snapshot.budget is not None:
        return values.number(epoch, ",d")
    return msg("strip.epochs", "{epoch} of {epochs}", epoch=epoch, epochs=snapshot.epochs)


def summary(snapshot: Snapshot) -> Message:
    """A run that has ended, in two sentences."""
    state = STATES[snapshot.state]
    has_diverged = bool(snapshot.fault) and snapshot.fault.is_divergence
    if not snapshot.reading or not snapshot.reading.step:
        if has_diverged:
            return msg("ended.first_steps", "{state} in the first steps.", state=state)
        return msg("ended.before", "{state} before the first step.", state=state)
    ended = msgs(
        "ended.after",
        "{state} after {count} epoch in {time:duration}.",
        "{state} after {count} epochs in {time:duration}.",
        len(snapshot.records),
        state=state,
        time=snapshot.seconds,
    )
    if has_diverged:
        return ended  # what the last numbers before it say means nothing
    verdict = readings.verdict(snapshot)
    return msg("ended.summary", "{ended} {verdict}", ended=ended, verdict=verdict) if verdict else ended


def stored_line(run: StoredRun) -> Message:
    """How far a run came, when, and what it takes."""
    told = {
        "state": STATES[run.state],
        "epochs": msgs("run.epochs", "{count} epoch", "{count} epochs", round(run.epoch)),
        "time": run.seconds,
        "created": run.created,
        "size": readings.size(run.bytes),
    }
    if run.realism is None:
        return msg("run.stored", "{state} · {epochs} · {time:duration} · {created:date} · {size}", **told)
    return msg(
        "run.stored_realism",
        "{state} · {epochs} · {time:duration} · realism {realism:.1f} · {created:date} · {size}",
        realism=run.realism,
        **told,
    )
