"""All of a dots run at one moment, against what is worked out by hand."""

from functools import partial

import numpy as np
import pytest
import torch

from gan.learn.belief import belief
from gan.learn.past import look_again
from gan.learn.trainer import Trainer
from gan.look import networks
from gan.look.plane import lattice, see
from gan.parts import losses
from gan.parts.noise import draw_noise
from gan.records import EpochRecord, Wish
from gan.setup.config import RunConfig

TINY = RunConfig(
    data="dots_grid_9", architecture="mlp", options={"width": 16, "activation": "tanh"}, latent_size=2, batch_size=32,
    pictures=128, epochs=2, ema=0.0, device="cpu",
)  # fmt: skip


def trained(**settings) -> Trainer:
    trainer = Trainer(TINY.but(**settings))
    trainer.observer.scores = lambda *_, **__: None
    list(trainer.epochs())
    return trainer


def plane_of(trainer: Trainer):
    trainer.wish = Wish(plane=True)
    return trainer.observer.wished()["plane"]


def tensor(places: np.ndarray, pixel_range: str = "-1..1") -> torch.Tensor:
    """Places (n, 2) in the plane as D sees them, in float64."""
    dots = torch.from_numpy(places).double().view(-1, 1, 1, 2)
    return (dots + 1) / 2 if pixel_range == "0..1" else dots


class TestArrows:
    @pytest.mark.parametrize(
        "settings",
        [
            *({"loss": loss} for loss in losses.names()),
            {"stabilisers": {"packing": 2}},
            {"stabilisers": {"minibatch_std": 1}},
            {"stabilisers": {"spectral_norm": 1}},
            {"pixel_range": "0..1"},
        ],
        ids=str,
    )
    def test_point_where_the_generators_loss_falls(self, settings):
        trainer = trained(**settings)
        plane, judge, config = plane_of(trainer), trainer.learner.discriminator.double().eval(), trainer.config
        learned = trainer.observer.learned.images[np.arange(250) % 128, 0]
        loss, real = losses.get(config.loss).generator, judge(tensor(learned, config.pixel_range))

        def total(places: np.ndarray) -> float:
            return len(places) * loss(judge(tensor(places, config.pixel_range)), real).item()

        with torch.no_grad():
            for number, axis in [(0, 0), (0, 1), (7, 0), (100, 1), (249, 0)]:
                there, back = (plane.fakes.astype(np.float64) for _ in range(2))
                there[number, axis] += 1e-5
                back[number, axis] -= 1e-5
                slope = (total(there) - total(back)) / 2e-5
                assert plane.arrows[number, axis] == pytest.approx(-slope, rel=2e-3, abs=1e-5)

    def test_feature_matching_bends_them(self):
        plain, matched = (
            plane_of(trained(learners="discriminator", **more))
            for more in ({}, {"stabilisers": {"feature_matching": 1}})
        )
        assert np.array_equal(plain.fakes, matched.fakes) and not np.allclose(plain.arrows, matched.arrows)


class TestHeat:
    def test_is_what_the_discriminator_believes_at_each_place(self):
        trainer = trained()
        heat = plane_of(trainer).heat
        assert heat.shape == (40, 40) and heat.dtype == np.uint8
        for row, column, x, y in [(0, 0, -0.975, 0.975), (39, 0, -0.975, -0.975), (10, 30, 0.525, 0.475)]:
            dot = torch.tensor([x, y]).view(1, 1, 1, 2)
            assert heat[row, column] == pytest.approx(
                255 * trainer.learner.discriminator(dot).sigmoid().item(), abs=0.51
            )

    @pytest.mark.parametrize("stabilisers", [{"packing": 2}, {"packing": 3}, {"minibatch_std": 1}], ids=str)
    def test_beside_real_dots_where_it_looks_at_several_at_once(self, stabilisers):
        trainer = trained(stabilisers=stabilisers)
        heat = plane_of(trainer).heat
        company = torch.from_numpy(trainer.observer.learned.images[:7])[:, None]
        for row, column, x, y in [(0, 0, -0.975, 0.975), (25, 10, -0.475, -0.275)]:
            dots = torch.cat([torch.tensor([x, y]).view(1, 1, 1, 2), company])
            assert heat[row, column] == pytest.approx(
                255 * trainer.learner.discriminator(dots)[0].sigmoid().item(), abs=0.51
            )

    def test_a_critics_is_measured_from_its_midpoint(self):
        trainer = trained(loss="wasserstein")
        points = trainer.learner.discriminator(torch.tensor([0.525, 0.475]).view(1, 1, 1, 2))
        expected = (points - trainer.learner.midpoint).sigmoid().item()
        assert plane_of(trainer).heat[10, 30] == pytest.approx(255 * expected, abs=0.51)


class TestGrid:
    def test_is_what_the_generator_makes_of_even_noise(self):
        trainer = trained()
        grid = plane_of(trainer).grid
        assert grid.shape == (21, 21, 2)
        for row, column, noise in [
            (0, 0, (-2.0, 2.0)),
            (20, 0, (-2.0, -2.0)),
            (10, 10, (0.0, 0.0)),
            (0, 20, (2.0, 2.0)),
        ]:
            assert np.allclose(
                grid[row, column], trainer.learner.generator(torch.tensor([noise])).flatten().tolist(), atol=1e-6
            )

    @pytest.mark.parametrize(("size", "shape"), [(1, (41, 2)), (2, (21, 21, 2)), (3, (0, 2))])
    def test_follows_how_many_numbers_there_are(self, size, shape):
        assert plane_of(trained(latent_size=size)).grid.shape == shape

    def test_reaches_as_far_as_the_noise(self):
        assert lattice(TINY).abs().max() == 2 and lattice(TINY.but(noise="uniform")).abs().max() == 1
        uniform = draw_noise("uniform", 5_000, 2, torch.Generator().manual_seed(1))
        assert uniform.abs().max() <= 1 and uniform.std() == pytest.approx(3**-0.5, rel=0.02)
        assert draw_noise("normal", 5_000, 2, torch.Generator().manual_seed(1)).std() == pytest.approx(1, rel=0.02)


class TestPlane:
    def test_holds_what_the_generator_makes_of_the_same_noise_each_time(self):
        trainer = trained(noise="uniform")
        plane, again = plane_of(trainer), plane_of(trainer)
        assert (
            np.array_equal(plane.noise, again.noise) and plane.noise.shape == (250, 2) and plane.step == trainer.steps
        )
        fakes = trainer.learner.generator(torch.from_numpy(plane.noise))
        assert np.array_equal(plane.fakes, fakes.detach().flatten(1).numpy())
        assert np.allclose(plane.beliefs, trainer.learner.discriminator(fakes).sigmoid().detach().numpy(), atol=1e-6)
        assert {each.dtype.name for each in (plane.fakes, plane.noise, plane.beliefs, plane.arrows, plane.grid)} == {
            "float32"
        }

    def test_is_not_worked_out_for_pictures_nor_without_a_wish(self, make_pictures):
        trainer = trained()
        assert trainer.observer.wished()["plane"] is None
        trainer = Trainer(RunConfig(architecture="pocket", device="cpu"), make_pictures(32))
        trainer.wish = Wish(plane=True)
        assert trainer.observer.wished()["plane"] is None

    @pytest.mark.parametrize("settings", [{}, {"stabilisers": {"packing": 2}, "loss": "wgan_gp"}], ids=str)
    def test_looking_changes_nothing_in_the_training(self, settings):
        plain, watched = trained(**settings), Trainer(TINY.but(**settings))
        watched.wish = Wish(plane=True)
        watched.observer.scores = lambda *_, **__: None
        readings = [reading for reading in watched.readings(every_seconds=0.0)]
        assert all(reading.plane.step == reading.step for reading in readings)
        for ours, theirs in zip(
            plain.learner.generator.parameters(), watched.learner.generator.parameters(), strict=True
        ):
            assert torch.equal(ours, theirs)

    def test_of_a_kept_moment_is_what_the_run_itself_showed(self):
        trainer = trained(noise="uniform", loss="relativistic_pairing")
        plane, content = plane_of(trainer), trainer.checkpoint()
        reading = next(Trainer(trainer.config).readings())
        again = look_again(trainer.config, content, Wish(plane=True), reading).plane
        for name in ("fakes", "noise", "beliefs", "arrows", "heat", "grid"):
            assert np.array_equal(getattr(plane, name), getattr(again, name)), name
        assert again.step == plane.step == 8 and reading.step == 0  # the moment's own, whatever is read by now
        assert look_again(trainer.config, content, Wish(), reading).plane is None

    def test_comes_ten_times_a_second_without_shortening_the_epochs(self, monkeypatch):
        clock = iter(range(10**9))
        monkeypatch.setattr("gan.learn.trainer.perf_counter", lambda: next(clock) * 0.01)
        trainer = Trainer(TINY.but(pictures=0, epochs=1))
        trainer.wish = Wish(plane=True)
        readings = [*trainer.readings(every_seconds=1e9)]
        inside = readings[1:-1]
        assert len(inside) > 10 and isinstance(readings[-1], EpochRecord)
        assert not any(isinstance(reading, EpochRecord) for reading in inside)
        trainer = Trainer(TINY.but(pictures=0, epochs=1))
        assert len([*trainer.readings(every_seconds=1e9)]) == 2

    def test_of_more_numbers_than_anybody_can_draw_is_seen_all_the_same(self):
        trainer = trained(latent_size=64)
        plane = see(
            networks.of(trainer.learner), trainer.config, 3, trainer.observer.learned, partial(belief, "non_saturating")
        )
        assert plane.step == 3 and plane.noise.shape == (250, 64) and plane.grid.shape == (0, 2)
