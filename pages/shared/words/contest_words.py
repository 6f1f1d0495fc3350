"""The child-facing words of races, sweeps and comparisons."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from gan import data
from gan.parts import choices, nets, stabilisers
from gan.records import Change
from gan.runs import Contest, Kind, RunState, Snapshot
from gan.runs.server.contest_rules import Out, Standing
from gan.setup.config import RunConfig
from gan.setup.kinds import as_text
from pages.shared.words import plain, words

LETTERS = "ABCD"
FILES = {"architecture": nets.__name__, "loss": "gan.parts.losses"}
SHORT = {"pictures": "pictures", "data": "on", "architecture": "networks", "ema": "average", "optimizer": "optimiser"}

ABOUT_RACE = "A fair test: all is the same but one thing."
ABOUT_START = "All of them start with these fakes:"
ABOUT_STARTS = "These are their fakes before training:"
GUESS = "Which one will win? Let the class decide before you start."
NO_LANE = "none"
MINE = "My settings"
THIS = {Kind.RACE: "Watch this race", Kind.SWEEP: "Watch this sweep"}
SHARED = dict.fromkeys(THIS.values(), "Others see it live. From another computer they cannot stop or change it.")
LOST_RACE = "The race in this link is not on this computer any more. Start a new one."

# name of the rule -> (label, the sentence that is shown all the time)
RULES = {
    "realism": ("Best at the end", "Who has the best realism after the last epoch wins. Lower is better."),
    "speed": ("First to the mark", "Who is first to reach a realism of {target:g} wins, in seconds of training."),
    "variety": ("Most variety", "Who draws the most kinds of pictures after the last epoch wins."),
    "d_fake": ("Most believed", "Whose detective believes the fakes most in the last epoch (D(fake)) wins."),
}
FAIRNESS = {
    "realism": "Fair: one referee compares 1,000 fakes of each with real pictures.",
    "speed": "Fair, but measured every few seconds only: a close finish says little.",
    "variety": "Fair: one referee sorts 1,000 fakes of each. It counts kinds, not beauty.",
    "d_fake": "Not fair: each has a detective of its own, and a poor one believes anything. Who should not have won?",
}
TOLD_THE_KIND = "These networks are told which kind to draw, so most draw them all."
ONLY_BELIEF = "No referee can read these pictures, so only the detectives judge."
TO_THE_END = "Only who reaches the last epoch with its settings unchanged can win."

OUTS = {
    Out.FAILED: "out: something went wrong",
    Out.STOPPED: "out: stopped early",
    Out.CHANGED: "out: its settings were changed",
    Out.UNMEASURED: "no number by this rule",
    Out.GONE: "not kept any more",
}
PLACES = {1: "1st", 2: "2nd", 3: "3rd", 4: "4th"}

# name of a number over the epochs -> (title, what to look for)
SERIES = {
    "realism": ("Realism", "Which line falls fastest? Lower is better."),
    "variety": ("Variety", "How many kinds of pictures each one draws."),
    "precision": ("Precision", "The share of fakes that look real to the referee."),
    "d_fake": ("D(fake)", "How real each detective finds the fakes of its own forger."),
    "d_real": ("D(real)", "How real each detective finds real pictures."),
    "d_loss": ("Detective's loss", "Which one runs away?"),
    "g_loss": ("Forger's loss", "Which one runs away?"),
}


def label(setting: str) -> str:
    """The name of a setting."""
    return words.SETTINGS[setting][0]


def pair(setting: str, value: Any) -> str:
    """A setting and its value within a sentence."""
    return f"{SHORT.get(setting, label(setting).lower())} {told(setting, value)}"


def told(setting: str, value: Any) -> str:
    """A value of a setting, as the page shows it; `value` may be its text."""
    if setting == "stabilisers":
        chosen = value if isinstance(value, Mapping) else dict.fromkeys(part for part in str(value).split(",") if part)
        names = [plain(choices.title(stabilisers.__name__, name)) for name in chosen if name in stabilisers.names()]
        return ", ".join(names) or ("None" if not chosen else str(value))
    text = as_text(value)
    if setting in FILES and text in choices.names(FILES[setting]):
        return plain(choices.title(FILES[setting], text))
    if setting == "pictures" and text == "0":
        return "All"
    if setting == "data":
        return plain(data.get(text).title)
    return words.CHOICES.get(text, text.capitalize() if text in ("true", "false", "same") else text)


def cell(contest: Contest, number: int) -> str:
    """What one run of a contest has of its own, such as "learning rate 0.002"."""
    return ", ".join(map(pair, contest.settings, contest.values[number]))


def rule(name: str, target: float | None) -> str:
    """The rule in a sentence."""
    return RULES[name][1].format(target=target)


def fairness(name: str, base: RunConfig) -> str:
    """How fair the rule is."""
    if name == "variety" and nets.is_conditional(base.architecture):
        return f"{FAIRNESS[name]} {TOLD_THE_KIND}"
    return FAIRNESS[name]


def number(rule: str, value: float) -> str:
    """A run's number by a rule, with its unit."""
    if rule == "speed":
        return words.duration(value)
    if rule == "variety":
        return f"{value:.1f} kinds"
    return f"D(fake) {value:.2f}" if rule == "d_fake" else f"realism {value:.1f}"


def _bare(rule: str, value: float) -> str:
    """The same without its name, where that has just been said."""
    return number(rule, value).removeprefix("realism ").removeprefix("D(fake) ")


def standing(contest: Contest, each: Standing) -> str:
    """How one lane stands, in a few words."""
    if each.out is Out.UNMEASURED and contest.rule == "speed":
        return "never reached the mark"
    if each.out:
        return OUTS[each.out]
    if each.number is None:
        return "mark not reached yet" if contest.rule == "speed" else "not measured yet"
    return f"{PLACES[each.place]}: {number(contest.rule, each.number)}"


def leading(
    contest: Contest, standings: Sequence[Standing], leaders: Sequence[int], snapshots: Sequence[Snapshot | None]
) -> str:
    """Who is ahead at the moment, and how long it takes at the pace so far."""
    if not leaders:
        return "Nobody leads yet."
    who, best = _together(leaders), number(contest.rule, standings[leaders[0]].number)
    lefts = [each.seconds_left for each in snapshots if each and each.state.is_live]
    left = f" About {words.duration(max(lefts))} left." if lefts and None not in lefts else ""
    return f"<b>{who}</b> {'leads' if len(leaders) == 1 else 'lead'} at the moment: {best}.{left}"


def verdict(
    contest: Contest, standings: Sequence[Standing], winners: Sequence[int], snapshots: Sequence[Snapshot | None] = ()
) -> str:
    """Who has won, with the numbers of all, and what the class had said."""
    if not winners:
        return f"<b>Nobody wins.</b> {TO_THE_END}"
    best = number(contest.rule, standings[winners[0]].number)
    if len(winners) > 1:
        first = f"<b>{_together(winners)} share the first place</b>: {best}."
    else:
        first = f"<b>{LETTERS[winners[0]]} wins</b> with {cell(contest, winners[0])}: {best}."
    others = [
        f"{LETTERS[n]} {_bare(contest.rule, each.number)}"
        for n, each in enumerate(standings)
        if n not in winners and each.number is not None and not each.out
    ]
    rest = f" {', '.join(others)}." if others else ""
    return first + rest + _guess(contest, winners)


def _guess(contest: Contest, winners: Sequence[int]) -> str:
    if contest.guess is None:
        return ""
    return " You had guessed it." if contest.guess in winners else f" You had guessed {LETTERS[contest.guess]}."


def _together(lanes: Sequence[int]) -> str:
    letters = [LETTERS[lane] for lane in lanes]
    return letters[0] if len(letters) == 1 else f"{', '.join(letters[:-1])} and {letters[-1]}"


def race_alt(name: str, curves: Sequence[tuple[str, Sequence[tuple[float, float]]]]) -> str:
    """A chart of several runs for somebody who cannot see it."""
    newest = [f"{letter} {curve[-1][1]:.3g}" for letter, curve in curves if curve]
    return f"{SERIES[name][0]} over the epochs. " + (f"Newest: {', '.join(newest)}." if newest else "No points yet.")


def progress(snapshot: Snapshot) -> str:
    """How far a run is."""
    if snapshot.reading is None or not snapshot.state.is_live:
        return words.STATES[snapshot.state]
    epochs = snapshot.config.epochs
    at = f"epoch {min(epochs, int(snapshot.reading.epoch) + 1)} of {epochs}"
    return f"Paused, {at}" if words.STATES[snapshot.state] == "Paused" else at


# Comparisons

ABOUT_COMPARE = "What did one change do? Put runs side by side."
HOW_TO_COMPARE = "Choose two to four runs above. Every run that has trained for a while is there."
NOTHING_TO_COMPARE = "There are no two runs yet. A race makes several at once."
CHOOSE_RUNS = "Runs to compare"
CHOOSE_TWO = "Choose two to four"
LOST_RUNS = "Some of these runs are not on this computer any more."
SAME = "These runs began with the same settings."
FORKED = "fork"
STILL_GOING = "A run that goes on is shown as it was a moment ago."


def run_name(config: RunConfig, name: str = "", created: datetime | None = None) -> str:
    """What a person knows a run by: its name or its recipe, and when it began."""
    when = f" · {created.astimezone():%d %b, %H:%M}" if created else ""
    return (name or words.run_title(config)) + when


def own(snapshots: Sequence[Snapshot], number: int) -> str:
    """What one of several runs has of its own, in a few words."""
    config = snapshots[number].first_config
    names = [name for name in _differing(snapshots) if name != "epochs"]
    return ", ".join(pair(name, config.to_dict()[name]) for name in names) or words.run_title(config)


def _differing(snapshots: Sequence[Snapshot]) -> list[str]:
    plain = [snapshot.first_config.to_dict() for snapshot in snapshots]
    return [name for name in plain[0] if any(values[name] != plain[0][name] for values in plain)]


def differences(snapshots: Sequence[Snapshot]) -> list[tuple[str, list[str]]]:
    """The settings in which runs differ, with the value of each."""
    plain = [snapshot.first_config.to_dict() for snapshot in snapshots]
    rows = [(label(name), [told(name, values[name]) for values in plain]) for name in _differing(snapshots)]
    if any(snapshot.changes for snapshot in snapshots):
        changed = ["; ".join(map(_change, snapshot.changes)) or "nothing" for snapshot in snapshots]
        rows.append(("Changed on the way", changed))
    if any(snapshot.parent for snapshot in snapshots):
        rows.append(("Begins", [_beginning(snapshot, snapshots) for snapshot in snapshots]))
    return rows


def results(snapshots: Sequence[Snapshot]) -> list[tuple[str, list[str]]]:
    """What came out of each run."""
    rows = [
        ("Epochs done", [f"{each.reading.epoch:.0f}" if each.reading else "0" for each in snapshots]),
        ("Time", [words.duration(each.seconds) for each in snapshots]),
    ]
    for name, digits in (("realism", 1), ("variety", 1), ("precision", 2)):
        values = [getattr(each.scores[-1][1], name) if each.scores else None for each in snapshots]
        if any(value is not None for value in values):
            rows.append((SERIES[name][0], ["–" if value is None else f"{value:.{digits}f}" for value in values]))
    last = [each.points[-1].d_fake if each.points else None for each in snapshots]
    rows.append(("D(fake)", ["–" if value is None else f"{value:.2f}" for value in last]))
    return rows


def _change(change: Change) -> str:
    return f"epoch {change.epoch:.1f}: {words.change_line(change)}"


def _beginning(snapshot: Snapshot, snapshots: Sequence[Snapshot]) -> str:
    if not snapshot.parent:
        return "untrained"
    beside = [LETTERS[n] for n, each in enumerate(snapshots) if each.run_id == snapshot.parent]
    return f"as {beside[0] if beside else 'another run'} at epoch {snapshot.forked_at}"


# Sweeps

ABOUT_SWEEP = "A sweep tries every pair: which learning rate goes with which latent size?"
SWEEP_PLAN = "{count} runs of {epochs} epochs each, same pictures and same seed. They take turns on this computer."
LOOK_SWEEP = (
    "**Look along a row:** what do bigger learning steps do? **Look down a column:** what do more random numbers do?"
)
CORNER = "latent size ↓  learning rate →"
LOST_SWEEP = "The sweep in this link is not on this computer any more. Start a new one."
COMPARE_SWEEP = "The two best and the worst, side by side."


def cell_note(snapshot: Snapshot | None, standing: Standing) -> str:
    """How one run of a sweep stands, in two or three words."""
    if snapshot is None:
        return "not kept"
    if snapshot.state.is_live:
        return progress(snapshot)
    if standing.place:
        return "best" if standing.place == 1 else "realism"
    return {Out.FAILED: "blew up", Out.STOPPED: "stopped", Out.CHANGED: "changed"}.get(standing.out, "no referee")


def sweep_told(
    sweep: Contest, standings: Sequence[Standing], best: Sequence[int], snapshots: Sequence[Snapshot | None]
) -> str:
    """How far a sweep is, its best cell, and what its colours mean."""
    done = sum(each is not None and not each.state.is_live for each in snapshots)
    is_live = any(each and each.state.is_live for each in snapshots)
    told = [f"{done} of {len(snapshots)} done."] if is_live else []
    if is_live and (left := sweep_seconds_left(snapshots)):
        told.append(f"About {words.duration(left)} left.")
    if best:
        which = " and ".join(cell(sweep, place) for place in best)
        how_good = number("realism", standings[best[0]].number)
        told.append(f"<b>Best{' so far' if is_live else ''}: {which}</b> ({how_good}).")
        told.append('<span class="legend">far from real<i></i>near</span>')
    return " ".join(told) or "Every cell has ended without a number."


def sweep_seconds_left(snapshots: Sequence[Snapshot | None]) -> float | None:
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
