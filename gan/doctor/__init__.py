"""The doctor: what a run suffers from, in plain words, with its evidence and what to change.

A pure function of a run's points and scores.
"""

from collections.abc import Sequence

from gan.doctor.case import Case
from gan.doctor.diagnosis import Condition, Cure, Diagnosis
from gan.doctor.rules import RULES
from gan.records import Point, Scores
from gan.setup.config import RunConfig

__all__ = ["Condition", "Cure", "Diagnosis", "diagnose"]


def diagnose(
    config: RunConfig,
    points: Sequence[Point],
    scores: Sequence[tuple[float, Scores]] = (),
    floor: Scores | None = None,
    *,
    diverged: bool = False,
) -> Diagnosis:
    """What a run suffers from. `scores` are (epoch, Scores) in order, `floor` the scores of real pictures.

    `diverged` says that the run ended with a loss that is not finite.
    """
    case = Case(config, tuple(points), tuple(scores), floor, diverged)
    return next(found for rule in RULES if (found := rule(case)))
