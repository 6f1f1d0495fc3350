"""The words of comparisons: how runs are known, in what they differ, and what came out of each."""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime

from gan import families
from gan.messages import Message, msg, verbatim
from gan.records import Change
from gan.runs import Snapshot
from gan.runs.state import balance
from gan.setup.config import RunConfig
from pages.shared.words import plain, recipes, states, values
from pages.shared.words.races import LETTERS, SERIES
from pages.shared.words.settings import label
from pages.shared.words.values import number, told

ABOUT = msg("compare.about", "What did one change do? Put runs side by side.")
HOW = msg("compare.how", "Choose two to four runs above. Every run that has trained for a while is there.")
NOTHING = msg("compare.nothing", "There are no two runs yet. A race makes several at once.")
LOST_RUNS = msg("compare.lost", "Some of these runs are not on this computer any more.")
SAME = msg("compare.same", "These runs began with the same settings.")
FORK = msg("compare.fork", "fork")
NO_NUMBER = verbatim("–")

Row = tuple[Message | str, list[Message]]  # its name, and what each run has there


def run_name(config: RunConfig, name: str = "", created: datetime | None = None) -> Message:
    """What a person knows a run by: its name or its recipe, and when it began."""
    known = verbatim(name) if name else recipes.run_title(config)
    return msg("run.name_and_date", "{name} · {created:date}", name=known, created=created) if created else known


def told_apart(runs: Mapping[str, tuple[RunConfig, Message]]) -> dict[str, str]:
    """What a person knows each of several runs by, the newest first: its config and its name are given. None is called
    as another is: what differs in their settings is said too, and where nothing does, they are numbered.
    """
    alike: dict[str, list[RunConfig]] = {}
    for config, name in runs.values():
        alike.setdefault(plain(name), []).append(config)
    found, taken, numbers = {}, set(), {}
    for run, (config, name) in reversed(runs.items()):
        differs = _differing(alike[plain(name)])[: recipes.TOLD]
        own = [values.pair(setting, config.to_dict()[setting]) for setting in differs]
        whole = values.listed([name, *own])
        told = first = plain(whole)
        while told in taken:
            numbers[first] = numbers.get(first, 1) + 1
            told = plain(msg("run.numbered", "{name} ({number})", name=whole, number=numbers[first]))
        taken.add(told)
        found[run] = told
    return dict(reversed(found.items()))


def own(snapshots: Sequence[Snapshot], which: int) -> Message:
    """What one of several runs has of its own, in a few words."""
    config = snapshots[which].first_config
    names = [name for name in _differing(_begun(snapshots)) if name != "epochs"]
    own = config.to_dict()
    return values.pairs(names, [own[name] for name in names]) if names else recipes.run_title(config)


def _differing(configs: Sequence[RunConfig]) -> list[str]:
    first, *others = (config.to_dict() for config in configs)
    return [name for name in first if any(values[name] != first[name] for values in others)]


def _begun(snapshots: Sequence[Snapshot]) -> list[RunConfig]:
    return [snapshot.first_config for snapshot in snapshots]


def differences(snapshots: Sequence[Snapshot]) -> list[Row]:
    """The settings in which runs differ, with the value of each."""
    begun = [snapshot.first_config.to_dict() for snapshot in snapshots]
    rows = [(label(name), [told(name, values[name]) for values in begun]) for name in _differing(_begun(snapshots))]
    if any(snapshot.changes for snapshot in snapshots):
        rows.append((msg("compare.changed", "Changed on the way"), [_changes(each.changes) for each in snapshots]))
    if any(snapshot.forked_at is not None for snapshot in snapshots):
        rows.append((msg("compare.begins", "Begins"), [_beginning(each, snapshots) for each in snapshots]))
    return rows


def results(snapshots: Sequence[Snapshot]) -> list[Row]:
    """What came out of each run."""
    epochs = [each.reading.epoch if each.reading else 0 for each in snapshots]
    rows = [
        (msg("compare.epochs", "Epochs done"), [number(each, ".0f") for each in epochs]),
        (msg("compare.time", "Time"), [number(each.seconds, "duration") for each in snapshots]),
    ]
    for name, spec in (("realism", ".1f"), ("variety", ".1f"), ("precision", ".2f")):
        measured = [getattr(each.scores[-1][1], name) if each.scores else None for each in snapshots]
        if any(value is not None for value in measured):
            rows.append((SERIES[name].title, [_or_dash(value, spec) for value in measured]))
    if not any(families.judges(each.config.family) for each in snapshots):
        return rows
    right = [balance.accuracy(each.points) for each in snapshots]
    rows.append((SERIES["d_right"].title, [_or_dash(value, ".0%") for value in right]))
    last = [each.points[-1].d_fake if each.points else None for each in snapshots]
    return [*rows, (SERIES["d_fake"].title, [_or_dash(value, ".2f") for value in last])]


def _or_dash(value: float | None, spec: str) -> Message:
    return NO_NUMBER if value is None or not math.isfinite(value) else number(value, spec)


def _changes(changes: Sequence[Change]) -> Message:
    if not changes:
        return msg("compare.unchanged", "nothing")
    first, *others = (
        msg("compare.change", "epoch {epoch:.1f}: {what}", epoch=each.epoch, what=states.change(each))
        for each in changes
    )
    for each in others:
        first = msg("compare.next_change", "{first}; {next}", first=first, next=each)
    return first


def _beginning(snapshot: Snapshot, snapshots: Sequence[Snapshot]) -> Message:
    if snapshot.forked_at is None:
        return msg("compare.untrained", "untrained")
    beside = [LETTERS[n] for n, each in enumerate(snapshots) if each.run_id == snapshot.parent]
    if beside:
        return msg("compare.fork_of", "as {lane} at epoch {epoch}", lane=beside[0], epoch=snapshot.forked_at)
    return msg("compare.fork_of_another", "as another run at epoch {epoch}", epoch=snapshot.forked_at)
