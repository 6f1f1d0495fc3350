"""Contests: runs that differ in one thing and race, that differ in two and fill a table, or whole recipes in turn."""

import itertools
import json
import secrets
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from gan import families
from gan.messages import Refusal
from gan.records import Budget
from gan.runs.live.run import Run
from gan.runs.server.manager import RunManager
from gan.setup import presets
from gan.setup.config import RunConfig

FEWEST, MOST = 2, 4  # values of a setting
RECIPE = "recipe"
ENDLESS = 10_000  # epochs, where seconds count


class Kind(StrEnum):
    RACE = "race"  # runs that begin together
    SWEEP = "sweep"  # runs that take their places one by one
    VERSUS = "versus"  # runs of several recipes, in turn on one machine, each for as many seconds


@dataclass(frozen=True)
class Contest:
    """Runs that share all settings but those named. In a comparison of recipes these are RECIPE and "seed", and they
    share the pictures alone.
    """

    contest_id: str
    kind: Kind
    base: RunConfig
    settings: tuple[str, ...]  # in which they differ, or options by their own names
    values: tuple[tuple[Any, ...], ...]  # of each run, one for each of `settings`, in `RunConfig.to_dict`'s form
    run_ids: tuple[str, ...]
    rule: str = ""  # of a race, in rules.RULES
    target: float | None = None  # of that rule, where it has one
    guess: int | None = None  # the run that somebody thinks will win, from 0
    seconds: float | None = None  # of training, that each has in a comparison of recipes
    more_of: str | None = None  # the comparison whose recipes are trained again here with other seeds
    owner: str | None = None  # who started it, and may stop it; None = the server's own computer


def race_configs(base: RunConfig, setting: str, values: Sequence[Any]) -> list[RunConfig]:
    """The configs of a race, one a value. Raises ValueError with a sentence for bad, equal, too few or many values."""
    return sweep_configs(base, {setting: values})


def sweep_configs(base: RunConfig, axes: Mapping[str, Sequence[Any]]) -> list[RunConfig]:
    """The configs of a table, row by row: the last of `axes` changes fastest. Raises ValueError with a sentence."""
    for name, values in axes.items():
        if not FEWEST <= len(values) <= MOST:
            raise Refusal(
                "contest.values",
                "{setting} needs {fewest} to {most} different values here, not {count}.",
                setting=name,
                fewest=FEWEST,
                most=MOST,
                count=len(values),
            )
    configs = [base.varied(dict(zip(axes, cell, strict=True))) for cell in itertools.product(*axes.values())]
    if len(set(configs)) < len(configs):
        raise Refusal("contest.twice", "{settings:list} cannot have the same value twice here.", settings=tuple(axes))
    return configs


def versus_configs(recipes: Sequence[str], pictures: str, seeds: Sequence[int] = (1,)) -> list[RunConfig]:
    """The configs of a comparison of recipes, by `presets`: seed by seed. Raises ValueError with a sentence."""
    if not FEWEST <= len(set(recipes)) <= MOST:
        raise Refusal(
            "versus.recipes", "A comparison needs {fewest} to {most} different presets, not {count}.",
            fewest=FEWEST, most=MOST, count=len(set(recipes)),
        )  # fmt: skip
    for name in recipes:
        if families.translates(presets.get(name).family):
            raise Refusal(
                "versus.given", "{name} cannot be compared with others: it is given pictures, not noise.", name=name
            )
    return [
        presets.on(presets.get(name), pictures).but(seed=seed, epochs=ENDLESS) for seed in seeds for name in recipes
    ]


def scored_of(configs: Sequence[RunConfig]) -> int:
    """How many fakes of each are scored, so that all have equally many: as many as of the slowest."""
    return min(families.most_scored(config.family) for config in configs)


class Contests:
    """The contests of a server. They are kept in the store of its runs, or in memory where there is none."""

    def __init__(self, manager: RunManager) -> None:
        self._manager = manager
        self._known: dict[str, Contest] = {}

    def race(
        self,
        base: RunConfig,
        setting: str,
        values: Sequence[Any],
        rule: str,
        viewer: str,
        owner: str | None = None,
        target: float | None = None,
        guess: int | None = None,
    ) -> Contest:
        """Start runs with these values of a setting together. Raises ValueError with a sentence."""
        configs = race_configs(base, setting, values)
        runs = self._manager.starting.together(configs, viewer, owner)
        return self._keep(Kind.RACE, base, (setting,), runs, rule=rule, target=target, guess=guess, owner=owner)

    def sweep(
        self, base: RunConfig, axes: Mapping[str, Sequence[Any]], viewer: str, owner: str | None = None
    ) -> Contest:
        """Start a run for each cell of the table of `axes`, in turn. Raises ValueError with a sentence."""
        runs = self._manager.starting.in_turn(sweep_configs(base, axes), viewer, owner)
        return self._keep(Kind.SWEEP, base, tuple(axes), runs, owner=owner)

    def versus(
        self,
        recipes: Sequence[str],
        pictures: str,
        seconds: float,
        viewer: str,
        owner: str | None = None,
        seeds: Sequence[int] = (1,),
        more_of: str | None = None,
    ) -> Contest:
        """Start a run of each recipe and seed, which take turns. Raises ValueError with a sentence."""
        configs = versus_configs(recipes, pictures, seeds)
        runs = self._manager.starting.taking_turns(configs, Budget(seconds, scored_of(configs)), viewer, owner)
        values = tuple((name, seed) for seed in seeds for name in recipes)
        return self._keep(
            Kind.VERSUS, configs[0], (RECIPE, "seed"), runs, values, seconds=seconds, more_of=more_of, owner=owner
        )

    def more_of(self, contest: Contest) -> list[Contest]:
        """The comparisons of the same recipes with other seeds."""
        try:
            found = self.all()
        except ValueError:  # as of `get`
            found = list(self._known.values())
        return [each for each in found if each.more_of == contest.contest_id]

    def get(self, contest_id: str | None) -> Contest | None:
        """The contest of that id, from memory or from the store."""
        if not contest_id or contest_id in self._known or not self._manager.store:
            return self._known.get(contest_id)
        try:
            content = self._manager.store.contest(contest_id)
        except ValueError:  # the disk cannot be read, which its runs say too
            return None
        return content and _from_json(content)

    def of(self, run_id: str) -> Contest | None:
        """The contest that began a run here, if one did."""
        return next((each for each in list(self._known.values()) if run_id in each.run_ids), None)

    def all(self) -> list[Contest]:
        """All contests that are kept, or known where nothing is kept. Raises ValueError where they cannot be read."""
        if not self._manager.store:
            return list(self._known.values())
        found = [_from_json(content) for content in self._manager.store.contests()]
        return [self._known.get(contest.contest_id, contest) for contest in found if contest]

    def runs(self, contest: Contest) -> tuple[Run | None, ...]:
        """Its runs; None for one that is not kept any more."""
        return tuple(self._manager.get(run_id) for run_id in contest.run_ids)

    def _keep(
        self,
        kind: Kind,
        base: RunConfig,
        settings: tuple[str, ...],
        runs: list[Run],
        values: tuple[tuple[Any, ...], ...] = (),
        **rest: Any,
    ) -> Contest:
        """`values` are those of the `settings` where no config says them."""
        contest = Contest(
            contest_id=secrets.token_hex(4),
            kind=kind,
            base=base,
            settings=settings,
            values=values or tuple(tuple(map(run.config.value_of, settings)) for run in runs),
            run_ids=tuple(run.run_id for run in runs),
            **rest,
        )
        self._known[contest.contest_id] = contest
        if self._manager.store:
            with suppress(ValueError):  # its runs say what is wrong with the disk
                self._manager.store.keep_contest(contest.contest_id, _to_json(contest))
        return contest


def _to_json(contest: Contest) -> str:
    content = asdict(contest) | {"base": contest.base.to_dict()}
    del content["owner"]  # nothing about people is written, and by the next start all its runs have ended
    return json.dumps(content)


def _from_json(content: str) -> Contest | None:
    """A contest; None for one that another version wrote."""
    try:
        values = json.loads(content)
        return Contest(
            **values
            | {
                "kind": Kind(values["kind"]),
                "base": RunConfig.from_dict(values["base"]),
                "settings": tuple(values["settings"]),
                "values": tuple(tuple(each) for each in values["values"]),
                "run_ids": tuple(values["run_ids"]),
            }
        )
    except (ValueError, KeyError, TypeError):
        return None
