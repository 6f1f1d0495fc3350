"""A run of dots on its way: its planes, and all that a run of pictures can do."""

import io
import zipfile

import numpy as np
import pytest

from gan import export
from gan.data.dots import text_of
from gan.records import Wish
from gan.runs import RunManager, RunState
from gan.runs.kept.opening import open_store
from gan.runs.live.thread_run import PLANES
from gan.runs.state.limits import Limits
from gan.setup.config import RunConfig
from tests.fakes import wait_until
from tests.gan.runs.kept.test_store import same

CONFIG = RunConfig(
    data="dots_drawn", drawing=text_of(np.array([(-0.5, 0.5), (0.5, -0.5)])), noise="uniform", architecture="mlp",
    options={"width": 16}, latent_size=2, batch_size=32, pictures=320, epochs=3, ema=0.0, device="cpu",
)  # fmt: skip
PLANE = Wish(plane=True)


@pytest.fixture
def manager(tmp_path):
    manager = RunManager(limits=Limits(runs_at_once=2), store=open_store(tmp_path))
    yield manager
    manager.stop_all()


def finished(manager, config=CONFIG):
    run = manager.starting.new(config, "ann")
    assert run.wait(60) and run.snapshot().state is RunState.FINISHED, run.snapshot().fault
    return run


class TestPlanes:
    def test_come_while_they_are_wished_for(self, manager):
        run = manager.starting.new(CONFIG.but(epochs=100_000), "ann")
        wait_until(lambda: run.snapshot().reading)
        assert run.snapshot().planes == ()
        run.wish(PLANE)
        wait_until(lambda: len(run.snapshot().planes) == PLANES)
        first = run.snapshot().planes
        wait_until(lambda: run.snapshot().planes[0].step > first[-1].step)
        steps = [plane.step for plane in run.snapshot().planes]
        assert steps == sorted(set(steps)) and len(steps) == PLANES
        run.wish(Wish())
        wait_until(lambda: run.snapshot().planes == ())

    def test_of_a_run_at_rest_come_with_each_step(self, manager):
        run = manager.starting.new(CONFIG.but(epochs=100_000), "ann")
        run.wish(PLANE)
        run.control.pause()
        wait_until(lambda: run.control.is_resting and run.snapshot().planes)
        before = run.snapshot().planes[-1]
        run.control.one_step()
        wait_until(lambda: run.snapshot().planes[-1].step == before.step + 1)
        assert not np.array_equal(run.snapshot().planes[-1].fakes, before.fakes)

    def test_are_there_after_the_end_without_a_trainer(self, manager):
        run = finished(manager)
        assert run.snapshot().planes == ()
        run.wish(PLANE)
        (plane,) = run.snapshot().planes
        assert plane.step == run.snapshot().reading.step and run.snapshot().refusal is None
        run.wish(Wish())
        assert run.snapshot().planes == ()


def test_it_is_kept_forked_and_gone_on_with(manager):
    run = finished(manager)
    snapshot = run.snapshot()
    assert snapshot.kept == (0, 1, 2, 3) and snapshot.floor.js < 0.05
    assert snapshot.reading.samples.shape == (64, 1, 2) and snapshot.reading.samples.dtype == np.float32
    same(manager.store.load(run.run_id), snapshot)
    then, beliefs = run.look_back(1)
    assert then.shape == (64, 1, 2) and len(beliefs) == 64
    fork = manager.starting.fork(CONFIG.but(learning_rate=1e-4), run, 2, "ann")
    assert fork.wait(60) and fork.snapshot().forked_at == 2 and fork.snapshot().state is RunState.FINISHED


def test_it_leaves_as_a_file_and_comes_back(manager):
    run = finished(manager)
    back = manager.unwrap(manager.wrap(run)).snapshot()
    assert back.config.drawing == CONFIG.drawing and back.config.noise == "uniform"
    assert np.array_equal(back.reading.samples, run.snapshot().reading.samples)
    assert back.scores[-1] == run.snapshot().scores[-1]
    assert [*back.frames] == [*run.snapshot().frames]


def test_its_generator_draws_dots_elsewhere(manager, tmp_path):
    zipfile.ZipFile(io.BytesIO(finished(manager).generator_file())).extractall(tmp_path)
    net, config = export.load_generator(tmp_path)
    dots = export.sample(net, config, 300, seed=3)
    assert dots.shape == (300, 1, 2) and dots.dtype == np.float32 and np.abs(dots).max() <= 1
    assert np.array_equal(dots[:5], export.sample(net, config, 5, seed=3))
    assert not np.array_equal(dots, export.sample(net, config, 300, seed=4))
