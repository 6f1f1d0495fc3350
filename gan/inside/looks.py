"""How often a diffusion model has to look until a picture stands: the same noise, drawn in fewer looks and in more."""

from copy import copy
from time import perf_counter

from gan.inside.latent.space import Space
from gan.inside.moment import Moment
from gan.inside.seen import Looked
from gan.look import observer

JUDGED = 250  # pictures that are drawn and measured
SHOWN = 4


def drawn_in(moment: Moment, looks: int) -> Looked:
    """What this moment's sampler draws in so many steps, whatever the run's own number is."""
    sampler = copy(moment.generator)  # the same weights, another number of steps
    sampler.steps = looks
    space = Space(sampler, moment.config)
    scorer = moment.pictures and observer.scorer(moment.pictures, moment.config.data, JUDGED)
    noise = space.noise(moment.config.seed, scorer.samples if scorer else JUDGED)
    begun = perf_counter()
    fakes = space.draw(noise)
    seconds = (perf_counter() - begun) / len(fakes)
    return Looked(looks, fakes[:SHOWN], scorer.score(fakes).realism if scorer else None, seconds)
