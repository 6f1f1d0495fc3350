"""A round's pictures: fakes of an epoch that a run has kept, and real ones, judged by that epoch's discriminator."""

import random

from gan import data, families, inside
from gan.rooms.room import Round
from gan.runs import Run

PICTURES = 8  # of a round
LEAST = 3  # real ones, and fakes, among them
APART = 5  # kept epochs that a run which has ended is played through, from its first to its last


def can_play(run: Run) -> bool:
    """Whether a class can play against this run: a discriminator judges pictures, these are here, and some of its
    epochs are kept.
    """
    name, family = run.config.data, run.config.family
    is_judged = families.judges(family) and not families.translates(family) and not data.get(name).is_dots
    return is_judged and data.is_here(name) and bool(run.moments.epochs)


def draw_round(run: Run, number: int) -> Round:
    """The pictures of round `number`, from 1: of the newest epoch while the run goes on; of one that has ended, of its
    epochs one after the other. Raises ValueError with a sentence where the moment cannot be read.
    """
    epoch = _epoch(run, number)
    moment = inside.open_moment(*run.as_kept(epoch))
    chance = random.Random(f"{run.run_id} {number}")
    fake = chance.randint(LEAST, PICTURES - LEAST)
    fakes = inside.fakes(moment, fake, seed=chance.randrange(10_000))
    reals = inside.reals(moment, PICTURES - fake, first=chance.randrange(10_000))
    shown = [
        (picture, is_fake, belief, label)
        for sheet, is_fake in ((fakes, True), (reals, False))
        for picture, belief, label in zip(sheet.pictures, sheet.beliefs, sheet.labels, strict=True)
    ]
    chance.shuffle(shown)
    return Round(epoch, *map(tuple, zip(*shown, strict=True)))


def _epoch(run: Run, number: int) -> int:
    kept = run.moments.epochs
    if run.is_live:
        return kept[-1]
    steps = min(APART, len(kept))
    chosen = [kept[round(step * (len(kept) - 1) / max(1, steps - 1))] for step in range(steps)]
    return chosen[min(number, steps) - 1]
