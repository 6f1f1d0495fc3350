"""Who wins a race: rules that are chosen beforehand, and standings that follow from the records alone."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from gan import data, families
from gan.data import DataSet
from gan.runs.state.snapshot import RunState, Snapshot
from gan.setup.config import RunConfig


@dataclass(frozen=True)
class Rule:
    """`measure(snapshot, target)` gives a run's number, or None while there is none."""

    measure: Callable[[Snapshot, float], float | None]
    lowest_wins: bool
    digits: int  # to which numbers are rounded, and within which runs are equal
    needs_referee: bool = True
    has_target: bool = False
    of_dots: bool = False
    needs_judge: bool = False  # a discriminator

    def fits(self, pictures: DataSet, family: str = "gan") -> bool:
        """Whether runs of a family on these pictures have the number."""
        if self.needs_judge and not families.judges(family):
            return False
        if self.of_dots:
            return pictures.is_dots
        return not self.needs_referee or pictures.referee is not None


def realism(snapshot: Snapshot, target: float = math.nan) -> float | None:
    """The newest realism. The referee is the same for all, so it is fair."""
    return snapshot.scores[-1][1].realism if snapshot.scores else None


def variety(snapshot: Snapshot, target: float = math.nan) -> float | None:
    """The newest variety; it says little where the forger is told what to draw."""
    return snapshot.scores[-1][1].variety if snapshot.scores else None


def seconds_to_target(snapshot: Snapshot, target: float) -> float | None:
    """Seconds of training until realism was as low as `target`; None while that epoch is not whole.

    Between two measurements realism is taken to fall evenly on a logarithmic axis, as the chart draws it.
    """
    before = None
    for epoch, scores in snapshot.scores:
        if scores.realism is None:
            continue
        if scores.realism <= target:
            return _seconds_at(snapshot, epoch if before is None else _crossing(*before, epoch, scores.realism, target))
        before = epoch, scores.realism
    return None


def unlikeness(snapshot: Snapshot, target: float = math.nan) -> float | None:
    """The newest Jensen-Shannon divergence of fakes and real dots."""
    return snapshot.scores[-1][1].js if snapshot.scores else None


def kinds(snapshot: Snapshot, target: float = math.nan) -> float | None:
    """How many blobs the newest fakes find; None where the dots come in none."""
    return snapshot.scores[-1][1].kinds if snapshot.scores else None


def d_fake(snapshot: Snapshot, target: float = math.nan) -> float | None:
    """D(fake) of the newest whole epoch. Each run has a detective of its own, so it compares unlike judges."""
    return snapshot.records[-1].d_fake if snapshot.records else None


RULES = {
    "realism": Rule(realism, lowest_wins=True, digits=1),
    "speed": Rule(seconds_to_target, lowest_wins=True, digits=0, has_target=True),
    "variety": Rule(variety, lowest_wins=False, digits=1),
    "alike": Rule(unlikeness, lowest_wins=True, digits=3, of_dots=True),
    "kinds": Rule(kinds, lowest_wins=False, digits=0, of_dots=True),
    "d_fake": Rule(d_fake, lowest_wins=False, digits=2, needs_referee=False, needs_judge=True),
}


def rules_for(config: RunConfig) -> list[str]:
    """The rules by which such runs can win; none where nobody could say who has."""
    pictures = data.get(config.data)
    return [name for name, rule in RULES.items() if rule.fits(pictures, config.family)]


def measure_of(pictures: DataSet) -> str:
    """The rule by which runs on these pictures are compared where nobody chose one."""
    return "alike" if pictures.is_dots else "realism"


class Out(StrEnum):
    """Why a run cannot win: only those count that reach their last epoch with the settings they began with."""

    FAILED = "failed"
    STOPPED = "stopped"
    CHANGED = "changed"  # somebody steered it
    UNMEASURED = "unmeasured"  # it ended, and there is no number
    GONE = "gone"  # it is not kept any more


@dataclass(frozen=True)
class Standing:
    """How a run of a race stands."""

    number: float | None = None  # by the rule, rounded
    out: Out | None = None
    place: int | None = None  # from 1, equal numbers share one; None for those without a number and those out


def standings(rule: Rule, snapshots: Sequence[Snapshot | None], target: float = math.nan) -> tuple[Standing, ...]:
    """The standings of all runs at this moment; None stands for a run that is not kept any more."""
    found = [_standing(rule, snapshot, target) for snapshot in snapshots]
    sign = 1 if rule.lowest_wins else -1
    counted = [sign * each.number for each in found if each.number is not None and not each.out]
    return tuple(
        each
        if each.number is None or each.out
        else replace(each, place=1 + sum(number < sign * each.number for number in counted))
        for each in found
    )


def is_over(snapshots: Sequence[Snapshot | None]) -> bool:
    """Whether no run goes on any more."""
    return not any(snapshot and snapshot.state.is_live for snapshot in snapshots)


def leaders(standings: Sequence[Standing]) -> list[int]:
    """The numbers from 0 of those in the first place: the winners, once the race is over."""
    return [number for number, each in enumerate(standings) if each.place == 1]


def _standing(rule: Rule, snapshot: Snapshot | None, target: float) -> Standing:
    if snapshot is None:
        return Standing(out=Out.GONE)
    number = rule.measure(snapshot, target)
    number = None if number is None or not math.isfinite(number) else round(number, rule.digits)
    return Standing(number, _out(snapshot, number))


def _out(snapshot: Snapshot, number: float | None) -> Out | None:
    if snapshot.state is RunState.FAILED:
        return Out.FAILED
    if snapshot.changes:
        return Out.CHANGED
    if snapshot.state.is_live:
        return None
    if snapshot.state is not RunState.FINISHED:
        return Out.STOPPED
    return Out.UNMEASURED if number is None else None


def _crossing(epoch: float, realism: float, later: float, better: float, target: float) -> float:
    """Where a straight line on a logarithmic axis from (epoch, realism) to (later, better) meets `target`."""
    if better <= 0:
        return later
    return epoch + (later - epoch) * math.log(realism / target) / math.log(realism / better)


def _seconds_at(snapshot: Snapshot, epoch: float) -> float | None:
    """Seconds of training until `epoch`, 2.5 = in the middle of the third; None beyond the last whole one."""
    seconds = 0.0
    for record in snapshot.records:
        if record.epoch >= epoch:
            return seconds + (epoch - (record.epoch - 1)) * record.seconds
        seconds += record.seconds
    return None
