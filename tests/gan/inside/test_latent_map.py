"""The nearest real pictures against brute force, and the map against cases with a known answer."""

import numpy as np
import pytest
import torch

from gan import data
from gan.data import Pictures
from gan.inside import latent, open_moment
from gan.inside.latent import atlas, neighbours
from gan.learn.trainer import Trainer
from gan.look import referee
from gan.look.scores import precision_recall
from gan.setup.config import RunConfig

RANDOM = np.random.RandomState(3)


@pytest.mark.parametrize("shape", ((28, 28), (8, 8, 3)))
def test_the_nearest_are_those_that_brute_force_finds(shape, monkeypatch):
    monkeypatch.setattr(neighbours, "CHUNK", 7)  # the last part is smaller than what is asked for
    reals = RANDOM.randint(0, 256, (30, *shape)).astype(np.uint8)
    fakes = RANDOM.randint(0, 256, (4, *shape)).astype(np.uint8)
    fakes[1] = reals[11]
    known = neighbours.by_pixels(Pictures(reals, np.zeros(30, np.uint8)))
    found = neighbours.find(neighbours.pixels(fakes), known)
    gaps = (fakes[:, None].astype(float) - reals[None]) / 255
    distances = np.sqrt((gaps**2).reshape(4, 30, -1).mean(-1))
    assert (found.numbers == np.argsort(distances, axis=1)[:, :5]).all()
    np.testing.assert_allclose(found.distances, np.sort(distances, axis=1)[:, :5], atol=1e-6)
    own = ((reals[:, None].astype(float) - reals[None]) / 255).reshape(30, 30, -1)
    among = np.sqrt((own**2).mean(-1)) + np.diag(np.full(30, np.inf))
    np.testing.assert_allclose(found.usual, among.min(1)[found.numbers].mean(1), rtol=1e-3)
    assert found.ratios[1] == 0 and found.numbers[1, 0] == 11
    assert (np.delete(found.ratios, 1) > 0.8).all()


def test_fewer_real_pictures_than_asked_for_are_all_found():
    rows = torch.eye(3)
    numbers, distances = neighbours.nearest(rows[:1], rows, 5)
    assert numbers.shape == (1, 3) and numbers[0, 0] == 0
    assert distances[0].tolist() == pytest.approx([0, 2**0.5, 2**0.5])


def test_on_the_map_real_pictures_played_as_fakes_leave_no_hole():
    pictures, judge = data.load("digits"), referee.load("digits")
    held = pictures.images[referee.split(len(pictures.images))[1]]
    found = atlas.chart(held, pictures, judge)
    assert found.real == 1000 and found.places.shape == (2000, 2)
    assert found.missing == [] and found.reached.mean() > 0.9 and found.believable.mean() > 0.85
    labels = pictures.labels[referee.split(len(pictures.images))[0][:1000]]
    assert (found.kinds[:1000] == labels).mean() > 0.97
    features = judge.look(found.images)[0]
    precision, recall = precision_recall(features[:1000], features[1000:])
    assert (found.believable.mean(), found.reached.mean()) == pytest.approx((precision, recall))


def test_kinds_that_are_never_drawn_are_holes():
    pictures, judge = data.load("digits"), referee.load("digits")
    some = pictures.images[np.isin(pictures.labels, (0, 1, 2, 3, 4, 5, 6, 9))][:1000]
    found = atlas.chart(some, pictures, judge)
    assert found.missing == [7, 8]
    holes = found.kinds[:1000][~found.reached]
    assert np.isin(holes, (7, 8)).mean() > 0.7  # of a fifth of the pictures


def test_the_map_stays_the_same_whatever_the_fakes_are():
    pictures, judge = data.load("digits"), referee.load("digits")
    one, other = (atlas.chart(pictures.images[part], pictures, judge) for part in (slice(0, 50), slice(50, 90)))
    assert np.array_equal(one.places[: one.real], other.places[: other.real])
    real = judge.look(one.images[: one.real])[0].double().numpy()
    variances = np.linalg.svd(real - real.mean(0), compute_uv=False) ** 2
    assert one.explained == pytest.approx(variances[:2].sum() / variances.sum(), rel=1e-4)
    assert np.ptp(one.places[:, 0]) >= np.ptp(one.places[:, 1]) * 0.5


@pytest.fixture(scope="module")
def moment():
    config = RunConfig(architecture="conditional", options={"width": 4}, latent_size=6, epochs=1, device="cpu")
    return open_moment(config, Trainer(config).checkpoint())


def test_all_that_pages_ask_of_a_moment(moment):
    space = latent.space_of(moment)
    noise = space.noise(0, 4)
    walked = space.walk(noise[:2], noise[2:], 5, "spherical", np.array([[1, 2], [3, 3]]))
    assert walked.shape == (2, 5, 28, 28)
    ends = space.draw(noise[[0, 2]], np.array([1, 2]))
    assert np.abs(walked[0, [0, -1]].astype(int) - ends).max() <= 1
    assert set(latent.nearest(moment, ends)) == {"pixels", "features"}
    chart = latent.chart(moment, 60)
    assert len(chart.places) == chart.real + 60 and len(chart.beliefs) == 60
    assert latent.chart(moment, 60) is chart
    still = latent.moved(moment, noise[0], np.zeros((1, 6), np.float32), 1)
    assert np.abs(still.astype(int) - ends[:1]).max() <= 1
    assert (
        latent.moderated(moment, noise, 0, np.ones(4, int)) == latent.moderated(moment, 0 * noise, 1, np.ones(4, int))
    ).all()
    assert len(latent.directions_of(moment, latent.WEIGHTS)) == len(latent.directions_of(moment, latent.ANSWERS)) == 6


def test_beliefs_are_those_that_the_run_showed(moment):
    noise, labels = moment.noise(16), moment.labels(16)
    with torch.no_grad():
        pictures = moment.generator(noise, labels)
        expected = moment.belief(moment.discriminator(pictures, labels))
    images = latent.space_of(moment).draw(noise.numpy(), labels.numpy())
    np.testing.assert_allclose(latent.beliefs(moment, images, labels.numpy()), expected, atol=2e-3)


def test_without_a_referee_pictures_are_placed_by_their_thumbnails():
    pictures = data.load("digits")
    found = atlas.chart(pictures.images[:40], pictures, None)
    assert found.kinds is None and found.missing == [] and np.isfinite(found.places).all()
