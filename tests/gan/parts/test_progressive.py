"""Growing networks: what is drawn at each moment of a run, that nothing jumps, and that growth is stored."""

import numpy as np
import pytest
import torch
from torch.nn.functional import avg_pool2d

from gan import export
from gan.data.pixels import to_range
from gan.learn.build import build, timed
from gan.learn.trainer import Trainer
from gan.parts.nets import progressive
from gan.setup.config import RunConfig

CONFIG = RunConfig(architecture="progressive", latent_size=8, batch_size=4, epochs=2, ema=0.5)


def at(progress, shape=(1, 28, 28)):
    networks = tuple(build(CONFIG, shape).values())
    for net in networks:
        for part in timed(net):
            part.progress = progress
    return networks


@pytest.mark.parametrize("shape", [(1, 28, 28), (3, 32, 32), (1, 64, 64)])
@pytest.mark.parametrize("progress", [0.0, 0.1, 0.3, 0.5, 1.0])
def test_pictures_always_have_their_full_size(shape, progress):
    generator, discriminator = at(progress, shape)
    pictures = generator(torch.randn(3, 8))
    assert pictures.shape == (3, *shape) and pictures.abs().max() <= 1
    assert discriminator(pictures).shape == (3,)


def test_growth_is_steady_over_the_first_half():
    assert progressive.level(0.0, 3) == (0, 1.0)
    assert progressive.level(0.0625, 3) == (1, 0.5)
    assert progressive.level(0.25, 3) == (1, 1.0)
    assert progressive.level(0.3125, 3) == (2, 0.5)
    assert progressive.level(0.5, 3) == progressive.level(1.0, 3) == (2, 1.0)


def blocks(pictures, side):
    return pictures.unfold(2, side, side).unfold(3, side, side).flatten(4)


def test_the_first_pictures_are_coarse_and_the_last_are_fine():
    noise = torch.randn(2, 8)
    coarse, fine = (at(progress)[0](noise) for progress in (0.0, 1.0))
    assert blocks(coarse, 4).std(-1).max() < 1e-6
    assert blocks(fine, 2).std(-1).min() > 1e-6


@pytest.mark.parametrize("moment", [0.0, 0.125, 0.25, 0.375, 0.5])
def test_nothing_jumps(moment):
    noise, before, after = torch.randn(2, 8), at(max(0.0, moment - 1e-6)), at(moment + 1e-6)
    pictures = before[0](noise)
    torch.testing.assert_close(pictures, after[0](noise), atol=1e-4, rtol=0)
    torch.testing.assert_close(before[1](pictures), after[1](pictures), atol=1e-3, rtol=0)


def test_the_discriminator_sees_no_more_than_its_resolution():
    _, discriminator = at(0.0)
    picture = torch.rand(1, 1, 28, 28)
    mixed = picture.unfold(2, 4, 4).unfold(3, 4, 4).flip(-1).permute(0, 1, 2, 4, 3, 5).reshape(1, 1, 28, 28)
    assert not torch.equal(picture, mixed)
    torch.testing.assert_close(discriminator(picture), discriminator(mixed))


def test_training_grows_both_networks_and_the_average(make_pictures, tmp_path):
    trainer = Trainer(CONFIG, make_pictures(24))
    first, *_, last = trainer.readings(every_seconds=0.0)
    assert blocks(torch.from_numpy(first.samples)[:, None].float(), 4).std(-1).max() == 0
    assert blocks(torch.from_numpy(last.samples)[:, None].float(), 4).std(-1).max() > 0
    assert trainer.learner.best_generator is not trainer.learner.generator
    export.save_generator(trainer.learner.best_generator, CONFIG, tmp_path)
    loaded, config = export.load_generator(tmp_path)
    drawn = [export.sample(net, config, 4) for net in (trainer.learner.best_generator, loaded)]
    assert np.array_equal(*drawn)
    assert timed(loaded)[0].progress == pytest.approx(timed(trainer.learner.generator)[0].progress)


def test_slopes_of_slopes_are_there_for_penalties():
    _, discriminator = at(0.3)
    pictures = torch.rand(2, 1, 28, 28, requires_grad=True)
    slope = torch.autograd.grad(discriminator(pictures).sum(), pictures, create_graph=True)[0]
    slope.square().sum().backward()
    assert discriminator[0].reads[1][0].weight.grad.abs().sum() > 0


class TestRealPictures:
    """While a finer resolution is blended in, real pictures are as fakes are (Karras et al. 2018, figure 2)."""

    def faded(self, progress, pictures):
        return at(progress, tuple(pictures.shape[1:]))[1].reals(pictures)

    def test_a_quarter_of_the_detail_by_hand(self):
        """Of 8 x 8 pixels there are two resolutions, 4 and 8; after a sixteenth of the run a quarter of 8 is there."""
        fine = torch.tensor([[0.0, 1.0], [2.0, 5.0]]).repeat(4, 4)[None, None]
        wanted = torch.tensor([[1.5, 1.75], [2.0, 2.75]]).repeat(4, 4)[None, None]
        assert progressive.level(1 / 16, 2) == (1, 0.25)
        torch.testing.assert_close(self.faded(1 / 16, fine), wanted)

    @pytest.mark.parametrize("progress", [0.0, 0.125, 0.25, 0.375, 0.5, 1.0])
    def test_are_as_they_are_where_nothing_is_blended_in(self, progress):
        pictures = torch.rand(2, 1, 28, 28)
        assert torch.equal(self.faded(progress, pictures), pictures)

    def test_lose_what_a_fake_of_the_moment_cannot_show(self):
        """Half of 14 x 14 is blended in: D sees half of what differs within a block of 4 x 4 full-size pixels."""
        pictures = torch.rand(2, 1, 28, 28)
        at_14 = avg_pool2d(pictures, 2)
        at_7 = avg_pool2d(pictures, 4).repeat_interleave(2, 2).repeat_interleave(2, 3)
        seen = ((at_7 + at_14) / 2).repeat_interleave(2, 2).repeat_interleave(2, 3)
        discriminator = at(1 / 16)[1]
        assert progressive.level(1 / 16, 3) == (1, 0.5)
        torch.testing.assert_close(discriminator(discriminator.reals(pictures)), discriminator(seen))
        assert not torch.allclose(discriminator(pictures), discriminator(seen), atol=1e-4)

    def test_are_learned_from_so(self, make_pictures):
        trainer = Trainer(CONFIG, make_pictures(24))
        trainer.learner.tell(1 / 16)
        pictures, _ = trainer.learner.real(torch.arange(4))
        whole = to_range(trainer.learner.images[:4], CONFIG.pixel_range)
        assert torch.equal(pictures, trainer.learner.discriminator.reals(whole)) and not torch.equal(pictures, whole)
        trainer.learner.tell(1.0)
        assert torch.equal(trainer.learner.real(torch.arange(4))[0], whole)

    @pytest.mark.parametrize("architecture", ["dcgan", "pocket", "style"])
    def test_of_other_networks_stay_as_they_are(self, architecture):
        discriminator = build(CONFIG.but(architecture=architecture), (1, 28, 28))["discriminator"]
        pictures = torch.rand(2, 1, 28, 28)
        assert discriminator.reals(pictures) is pictures
