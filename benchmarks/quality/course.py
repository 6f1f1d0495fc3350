"""A run in steps, as the doctor and the referee see it: a busy machine changes nothing."""

import math
from dataclasses import dataclass

import torch

from gan import doctor, export
from gan.doctor import Condition
from gan.look import referee
from gan.records import Scores, Word
from gan.runs.state.history import History
from gan.setup.config import RunConfig

POINT_STEPS, SCORE_STEPS = 60, 240  # between two points and two scores: about what a page has of a small network
SURE = 0.9  # the referee's probability of a class from which on a fake can be read
READ = 300  # fakes that are read


@dataclass(frozen=True)
class Course:
    """One run as the doctor saw it."""

    said: tuple[tuple[int, Condition], ...]  # steps, and each change of the diagnosis
    evidence: str
    scores: tuple[Scores, ...]
    floor: Scores | None
    has_diverged: bool
    readable: float  # share of the fakes at the end that the referee can read, 0..1

    @property
    def last(self) -> Condition:
        return self.said[-1][1]


def follow(
    config: RunConfig, steps: int, settled: int = 0, awaited: tuple[Condition, ...] = (Condition.HEALTHY,)
) -> Course:
    """Train for so many steps on one thread; ask the doctor at every point, as a page would.

    Ends before, as soon as an `awaited` diagnosis has stood for `settled` steps, unless that is 0.
    """
    from gan.learn.trainer import NotFinite, Trainer

    torch.set_num_threads(1)
    trainer, history, scores, said, shown = Trainer(config), History(), [], [], set()

    def ask() -> Word:
        stands = settled and said and said[-1][1] in awaited
        if trainer.steps >= steps or (stands and trainer.steps - said[-1][0] >= settled):
            return Word.STOP
        if trainer.steps % POINT_STEPS or trainer.steps in shown:
            return Word.GO
        shown.add(trainer.steps)
        return Word.SHOW

    readings, diverged, found = trainer.readings(ask, every_seconds=math.inf), False, None
    while not diverged:
        try:
            reading = next(readings, None)
        except NotFinite:
            diverged = True
        else:
            if reading is None:
                break
            history.add(reading)
            if reading.step and reading.step % SCORE_STEPS == 0:
                scores.append((float(reading.epoch), trainer.observer.scores(0, always=True)))
        found = doctor.diagnose(config, history.points, scores, trainer.floor, diverged=diverged)
        if not said or found.name is not said[-1][1]:
            said.append((trainer.steps, found.name))
    plain = tuple(each for _, each in scores)
    return Course(tuple(said), str(found.evidence), plain, trainer.floor, diverged, _readable(trainer, config))


def _readable(trainer, config: RunConfig) -> float:
    _, probabilities = referee.load(config.data).look(export.sample(trainer.learner.best_generator, config, READ))
    return (probabilities.max(1).values >= SURE).float().mean().item()
