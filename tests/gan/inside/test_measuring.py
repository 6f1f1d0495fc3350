"""What a kept generator is measured by: the same for all families, and against what is drawn by hand."""

import numpy as np
import pytest

from gan import data, families
from gan.inside import drawn_in, looks, measuring, open_moment
from gan.inside.latent.space import Space
from gan.learn import past
from gan.learn.trainer import Trainer
from gan.look import measures, observer
from gan.setup.config import RunConfig

CONFIGS = {
    "gan": {"architecture": "pocket"},
    "vae": {"architecture": "vae_class"},
    "diffusion": {"architecture": "denoiser_mlp", "options": {"sampler_steps": 2}},
}


@pytest.fixture(scope="module", autouse=True)
def few():
    """Forty digits of two kinds, so that nothing takes long."""
    pictures = data.load("digits")
    mine = data.Pictures(pictures.images[:40], pictures.labels[:40])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(data, "wanted", lambda config, fresh=False: mine)
        yield mine


def made(family: str, **more) -> tuple[RunConfig, bytes]:
    config = RunConfig.from_dict({"family": family, "epochs": 1, "batch_size": 8, "device": "cpu"} | CONFIGS[family])
    trainer = Trainer(config.but(**more))
    *_, _ = trainer.epochs()
    return trainer.config, trainer.checkpoint()


@pytest.mark.parametrize("family", CONFIGS)
def test_every_family_is_measured(family, few):
    config, moment = made(family)
    found = measuring.measure(config, moment)
    assert found.scores.samples == found.real.samples == 20
    assert found.real == observer.scorer(few, "digits").floor
    assert found.real_sharpness == measures.sharpness(few.images[:20])
    space = Space(past.networks(config, moment).generator, config)
    assert found.sharpness == measures.sharpness(space.draw(space.noise(config.seed, 20)))
    assert 1 / measuring.STEPS <= found.jump <= 1 and found.draw_seconds > 0
    assert (found.error is None) == (family != "vae")


def test_what_comes_back_of_real_pictures_is_compared_with_them(few):
    config, moment = made("vae")
    kept = past.networks(config, moment)
    views = families.learner("vae").views(kept.parts, config, (few, few))  # made by other code
    error = np.sqrt(np.mean((views["before"].astype(float) / 255 - views["back"].astype(float) / 255) ** 2))
    found = measuring._error(config, kept, data.Pictures(few.images[: len(views["back"])], few.labels))
    assert found == pytest.approx(error, rel=1e-3)


def test_the_same_noise_is_drawn_in_any_number_of_looks(few):
    config, content = made("diffusion")
    moment = open_moment(config, content)
    space = Space(moment.generator, config)
    own = drawn_in(moment, config.option("sampler_steps"))
    assert np.array_equal(own.pictures, space.draw(space.noise(config.seed, looks.SHOWN)))  # as the run itself draws
    more = drawn_in(moment, 7)
    assert (own.looks, more.looks) == (2, 7) and more.seconds > 0
    assert not np.array_equal(more.pictures, own.pictures)
    config, content = made("diffusion", options={"sampler_steps": 7})
    assert np.array_equal(more.pictures, drawn_in(open_moment(config, content), 7).pictures)
    assert moment.generator.steps == 2  # others look at the same moment
    fakes = space.draw(space.noise(config.seed, looks.JUDGED))
    assert own.realism == observer.scorer(moment.pictures, "digits", looks.JUDGED).score(fakes).realism
