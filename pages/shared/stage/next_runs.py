"""What to try after a run: a few experiments, chosen from what happened in it."""

from typing import NamedTuple

from gan import data, families
from gan.data import own, tasks
from gan.doctor import Condition
from gan.messages import Message, msg
from gan.runs import RunState, Snapshot
from gan.runs.server.contest_rules import rules_for
from gan.setup import presets
from gan.setup.config import RunConfig
from pages.shared.words import settings

MOST = 3
FEW = 2  # random numbers behind each picture, in the experiment with few of them
RATES = 10  # times smaller, or bigger, is the other rate of the race
LOW_RATE = 1e-5
CHANGED = "diff_augment"
WELL = (Condition.HEALTHY, Condition.TOO_EARLY)


class Idea(NamedTuple):
    """An experiment: its name, why just now, and the runs to start; more than one is a race between them."""

    title: Message
    why: Message | str
    configs: tuple[RunConfig, ...]


def ideas(snapshot: Snapshot, condition: Condition, cure: tuple[Message | str, RunConfig] | None) -> list[Idea]:
    """The experiments for a run that has ended as this condition, the best first; `cure` is the doctor's best one."""
    config = snapshot.config
    if not families.judges(config.family):  # the doctor knows nothing of it
        condition, cure = Condition.HEALTHY, None
    goes_well = condition in WELL
    found = [Idea(msg("next.cure", "Try the cure"), cure[0], (cure[1],))] if cure else []
    if goes_well and snapshot.state is RunState.FINISHED and _gets_better(snapshot):
        found.append(_longer(config))
    if data.get(config.data).is_dots:
        return [idea for idea in (*found, *_of_dots(config)) if idea.configs != (config,)][:MOST]
    if own.is_own(config.data) and families.judges(config.family):
        found.append(_changed_or_not(config))
    race = _races(config)
    few = [] if "latent_size" in families.ignored(config.family) else [_few_numbers(config)]
    if families.translates(config.family):
        found += [_other_task(config), _well(config)]
    elif not families.judges(config.family):
        found += [*few, *race, _judged(config)]
    else:
        found += [*few, *race, _broken(config)] if goes_well else [*race, _well(config)]
    new = [idea for idea in found if idea.configs != (config,)]
    return (new if len(new) > 1 else [*new, *few])[:MOST]


def _of_dots(config: RunConfig) -> list[Idea]:
    title, why = msg("next.nine", "Nine blobs"), msg("next.nine.why", "Does the forger find them all?")
    line = msg("next.line", "A single random number")
    bend = msg("next.line.why", "The forger can only bend a line: how does it reach all the dots?")
    return [
        Idea(title, why, (config.but(data="dots_grid_9", drawing=""),)),
        Idea(line, bend, (config.but(latent_size=1),)),
        *_races(config),
    ]


def _changed_or_not(config: RunConfig) -> Idea:
    """Of few pictures: what comes of it if the discriminator sees each of them always alike, or never."""
    others = {name: value for name, value in config.stabilisers.items() if name != CHANGED}
    if CHANGED in config.strengths:
        why = msg("next.alike.why", "The detective sees each picture again and again. Will the forger copy?")
        return Idea(msg("next.alike", "Without changed pictures"), why, (config.but(stabilisers=others),))
    why = msg("next.changed.why", "The detective sees each picture changed every time. Does the forger copy?")
    return Idea(msg("next.changed", "With changed pictures"), why, (config.but(stabilisers={**others, CHANGED: 1.0}),))


def _longer(config: RunConfig) -> Idea:
    title = msg("next.longer", "Train three times as long")
    why = msg("next.longer.why", "The fakes were still getting better.")
    return Idea(title, why, (config.but(epochs=min(1000, 3 * config.epochs)),))


def _few_numbers(config: RunConfig) -> Idea:
    title = msg("next.few_numbers", "Latent size {size}", size=FEW)
    why = msg("next.few_numbers.why", "What can the forger still draw from {size} random numbers?", size=FEW)
    return Idea(title, why, (config.but(latent_size=FEW),))


def rule(config: RunConfig) -> str | None:
    """Who wins a race of such runs; None where nobody could say."""
    return next(iter(rules_for(config)), None)


def _races(config: RunConfig) -> list[Idea]:
    """A race of two, where it can be won."""
    if rule(config) is None:
        return []
    own = config.learning_rate
    other = own / RATES if own > LOW_RATE else own * RATES
    title = msg("next.race", "Race two learning rates")
    why = msg("next.race.why", "{rate:g} against {other:g}: which one wins?", rate=own, other=other)
    return [Idea(title, why, (config, config.but(learning_rate=other)))]


def _broken(config: RunConfig) -> Idea:
    why = msg("next.break.why", "A run that is made to fail. Can you see what goes wrong?")
    return Idea(msg("next.break", "Break it"), why, (_recipe(presets.FAILURES["mode_collapse"], config),))


def _other_task(config: RunConfig) -> Idea:
    task = tasks.SHARPEN if config.task == tasks.REPAIR else tasks.REPAIR
    why = msg("next.task.why", "The same networks can learn this too. {task}.", task=settings.value(task))
    return Idea(msg("next.task", "Another task"), why, (config.but(task=task, classes=()),))


def _judged(config: RunConfig) -> Idea:
    why = msg("next.judged.why", "The same pictures, drawn by a forger that plays against a detective.")
    return Idea(msg("next.judged", "With a detective"), why, (_recipe("quick", config),))


def _well(config: RunConfig) -> Idea:
    why = msg("next.quick.why", "A run that goes well, to compare with.")
    return Idea(msg("next.quick", "The quick recipe"), why, (_recipe("quick", config),))


def _recipe(name: str, config: RunConfig) -> RunConfig:
    return presets.with_same_world(presets.get(name), config)


def _gets_better(snapshot: Snapshot) -> bool:
    """Whether realism, for which lower is better, still fell in the last third of the run."""
    told = [scores.realism for _, scores in snapshot.scores if scores.realism is not None]
    return len(told) > 2 and told[-1] < 0.97 * min(told[: -max(1, len(told) // 3)])
