"""Runs: one thread each, state that anybody may read, an end for every way to end."""

import io
import threading
import zipfile
from time import monotonic

import numpy as np
import pytest

from gan.export import load_generator, sample
from gan.export.onnx_file import onnx_file
from gan.learn import device, threads
from gan.learn.trainer import Trainer
from gan.records import EpochRecord, Reading, Wish
from gan.runs import RunManager, RunState, Snapshot, ThreadRun
from gan.runs.live.lease import Lease
from gan.runs.state.faults import explain
from gan.runs.state.history import FRAMES, POINTS, Film, History
from gan.runs.state.limits import Limits
from gan.setup import presets
from gan.setup.config import RunConfig
from tests.fakes import Clock, FakeEyes, FakeTrainer, wait_until

CONFIG = RunConfig(epochs=3)


@pytest.fixture
def fake_run():
    """Builds runs with fake trainers; every run is ended afterwards."""
    runs = []

    def build(config=CONFIG, **options):
        run = ThreadRun(Snapshot("test", config), FakeTrainer, **options)
        runs.append(run)
        run.start()
        wait_until(lambda: run.snapshot().reading)
        return run, FakeTrainer.made[-1]

    yield build
    for run in runs:
        run.stop()
        assert run.wait(5)


class TestRun:
    @pytest.fixture
    def steered(self, fake_run, monkeypatch):
        """`steered(config, eye, **changes)` is a run of three epochs, changed after the first, and the settings with
        which it will be seen again by this one of its eyes.
        """

        def build(config, eye: str, **changes):
            run, trainer = fake_run(config.but(epochs=3))
            seen, look = [], getattr(FakeEyes, eye)
            trainer.go()
            wait_until(lambda: run.snapshot().records)
            run.change(**changes)
            trainer.go(2)
            assert run.wait(5)
            monkeypatch.setattr(run, "_eyes", FakeEyes)
            monkeypatch.setattr(FakeEyes, eye, lambda config, *rest: seen.append(config) or look(config, *rest))
            return run, seen

        return build

    def test_is_seen_again_with_the_settings_of_that_time(self, steered):
        run, seen = steered(presets.get("diffusion"), "look_back", options={"guidance": 4.0})
        for epoch in (1, 3):
            run.look_back(epoch)
        assert [config.option("guidance") for config in seen] == [1.5, 4.0]
        assert seen == [run.as_kept(epoch)[0] for epoch in (1, 3)]

    def test_its_plane_is_seen_again_with_the_settings_of_that_time(self, steered):
        run, seen = steered(presets.get("dots"), "look_again", stabilisers={"feature_matching": 0.5})
        planes = [run.look_at_plane(epoch) for epoch in (1, 3)]
        assert [plane.step for plane in planes] == [10, 30]
        assert [config.strengths for config in seen] == [{}, {"feature_matching": 0.5}]

    def test_goes_from_the_first_reading_to_the_last_epoch(self, fake_run):
        run, trainer = fake_run()
        assert run.snapshot().state is RunState.RUNNING and run.is_live
        assert run.snapshot().records == () and run.snapshot().seconds_left is None
        trainer.go(3)
        assert run.wait(5)
        snapshot = run.snapshot()
        assert snapshot.state is RunState.FINISHED and not run.is_live
        assert [record.epoch for record in snapshot.records] == [1, 2, 3]
        assert all(record.samples is None for record in snapshot.records)
        assert snapshot.reading.samples is not None and len(snapshot.frames) == 4
        assert snapshot.seconds_left == 0

    def test_snapshots_do_not_change_under_their_reader(self, fake_run):
        run, trainer = fake_run()
        before = run.snapshot()
        trainer.go(3)
        assert run.wait(5)
        assert before.records == () and before.state is RunState.RUNNING and before.reading.epoch == 0

    def test_stops_when_asked_and_keeps_its_history(self, fake_run):
        run, trainer = fake_run()
        trainer.go(2)
        wait_until(lambda: len(run.snapshot().records) == 2)
        run.stop()
        assert run.snapshot().state in (RunState.STOPPING, RunState.STOPPED)
        assert run.wait(5)
        assert run.snapshot().state is RunState.STOPPED and len(run.snapshot().records) == 2

    def test_stopped_before_it_starts_never_makes_a_trainer(self):
        run = ThreadRun(Snapshot("test", CONFIG), make=lambda config: pytest.fail("a trainer was made"))
        run.stop()
        run.start()
        assert run.wait(5) and run.snapshot().state is RunState.STOPPED

    def test_stopped_while_its_trainer_is_being_made_ends_at_once(self):
        making, go_on = threading.Event(), threading.Event()

        def make(config):
            making.set()
            go_on.wait(5)
            return FakeTrainer(config)

        run = ThreadRun(Snapshot("test", CONFIG), make)
        run.start()
        assert making.wait(5)
        run.stop()
        assert run.snapshot().state is RunState.STOPPING
        go_on.set()
        assert run.wait(5) and run.snapshot().state is RunState.STOPPED

    def test_ends_when_it_has_been_alone_for_too_long(self, fake_run):
        clock = Clock()
        run, _ = fake_run(lease=Lease(grace_seconds=20, clock=clock))
        run.lease.join("tab")
        run.lease.leave("tab")
        clock.step = 1
        assert run.wait(5) and run.snapshot().state is RunState.ABANDONED

    def test_keeps_an_exception_as_data(self, fake_run):
        run, trainer = fake_run()
        trainer.go()
        wait_until(lambda: run.snapshot().records)
        trainer.fail(RuntimeError("CUDA out of memory. Tried to allocate 20 GiB"))
        assert run.wait(5)
        assert run.snapshot().state is RunState.FAILED and len(run.snapshot().records) == 1
        assert "memory" in str(run.snapshot().fault.what) and "batch size" in str(run.snapshot().fault.try_)

    def test_fails_with_a_sentence_when_its_trainer_cannot_be_made(self):
        run = ThreadRun(Snapshot("test", RunConfig(data="cifar10", classes=(3,), batch_size=1024)))
        run.start()
        assert run.wait(60)
        assert run.snapshot().state is RunState.FAILED
        assert "not on this computer" in str(run.snapshot().fault.what)

    def test_trains_for_real(self):
        run = ThreadRun(Snapshot("test", presets.get("pocket").but(epochs=2, classes=(1,), device="cpu")))
        run.start()
        assert run.wait(60)
        snapshot = run.snapshot()
        assert snapshot.state is RunState.FINISHED, snapshot.fault
        assert snapshot.reading.samples.shape == (64, 28, 28)
        assert 0 < snapshot.records[-1].d_fake < 1 and snapshot.seconds > 0

    def test_gives_its_generator_away(self, tmp_path):
        config = presets.get("pocket").but(epochs=1, classes=(1,), device="cpu")
        run = ThreadRun(Snapshot("test", config))
        with pytest.raises(ValueError, match="The networks of this run are not kept"):
            run.generator_file()
        run.start()
        assert run.wait(60)
        trainer = Trainer(config)
        list(trainer.epochs())
        with zipfile.ZipFile(io.BytesIO(run.generator_file())) as files:
            files.extractall(tmp_path)
        net, its_config = load_generator(tmp_path)
        assert its_config == config
        assert np.array_equal(sample(net, config, 5), sample(trainer.learner.best_generator, config, 5))
        assert run.onnx_file() == onnx_file(trainer.learner.best_generator, config)

    def test_is_seen_after_its_end_without_another_trainer(self, monkeypatch):
        run = ThreadRun(Snapshot("test", presets.get("pocket").but(epochs=1, classes=(1,), device="cpu")))
        run.start()
        assert run.wait(60)
        last = run.snapshot().reading
        monkeypatch.setattr(Trainer, "__init__", lambda *_, **__: pytest.fail("a trainer was made"))
        assert (run.look_back(1)[0] == last.samples).all()
        run.wish(Wish(seed=3))
        assert run.snapshot().refusal is None and run.snapshot().reading.walk.seed == 3
        assert run.generator_file() and run.onnx_file()

    @pytest.mark.parametrize(("set_up_for", "at_once"), [(None, 1), (4, 4)])
    def test_shares_the_cores_where_the_server_is_set_up_for_several(self, monkeypatch, set_up_for, at_once):
        asked = []
        monkeypatch.setattr(threads, "threads_for", lambda config, cores, at_once: asked.append((cores, at_once)) or 1)
        manager = RunManager(limits=Limits(runs_at_once=set_up_for))
        run = manager.starting.new(presets.get("pocket").but(epochs=1, classes=(1,), device="cpu"), "ann")
        assert run.wait(60) and run.snapshot().state is RunState.FINISHED, run.snapshot().fault
        assert asked == [(device.cores(), at_once)] and run.snapshot().threads == 1


class TestManager:
    def test_two_viewers_train_two_runs(self):
        manager = RunManager(FakeTrainer)
        one, two = manager.starting.new(CONFIG, "ann"), manager.starting.new(CONFIG, "ben")
        assert one.run_id != two.run_id and one.is_live and two.is_live
        assert manager.get(one.run_id) is one and manager.get("nobody's") is None and manager.get(None) is None
        manager.stop_all()
        assert not one.is_live and not two.is_live

    def test_a_run_ends_when_its_last_viewer_has_left(self):
        manager = RunManager(FakeTrainer, Limits(grace_seconds=0))
        run = manager.starting.new(CONFIG, "ann")
        manager.watch("ben", run)
        manager.leave("ann")
        assert not run.lease.ended
        manager.leave("ben")
        assert run.wait(5) and run.snapshot().state is RunState.ABANDONED

    def test_a_viewer_who_comes_back_in_time_keeps_the_run(self):
        manager = RunManager(FakeTrainer, Limits(grace_seconds=1000))
        run = manager.starting.new(CONFIG, "ann")
        manager.leave("ann")
        manager.watch("ann after F5", run)
        assert not run.lease.ended and run.is_live
        manager.stop_all()

    def test_who_turns_to_another_run_leaves_the_one_before(self):
        manager = RunManager(FakeTrainer, Limits(grace_seconds=0))
        first = manager.starting.new(CONFIG, "ann")
        second = manager.starting.new(CONFIG, "ann")
        assert first.wait(5) and first.snapshot().state is RunState.ABANDONED
        assert second.is_live
        manager.leave("nobody")
        manager.stop_all()

    def test_old_runs_are_forgotten_but_never_a_live_one(self):
        manager = RunManager(FakeTrainer)
        alive = manager.starting.new(CONFIG, "ann")
        for number in range(30):
            run = manager.starting.new(CONFIG, f"viewer {number}")
            run.stop()
            run.wait(5)
        assert manager.get(alive.run_id) is alive and len(manager.runs()) < 25
        manager.stop_all()

    def test_no_thread_is_left_over(self):
        manager = RunManager(FakeTrainer)
        for number in range(5):
            manager.starting.new(CONFIG, str(number))
        manager.stop_all()
        assert not [thread for thread in threading.enumerate() if thread.name.startswith("run-")]


class TestLease:
    @pytest.fixture
    def clock(self):
        return Clock()

    @pytest.fixture
    def lease(self, clock):
        return Lease(grace_seconds=10, clock=clock)

    def look(self, lease, clock, seconds):
        """Look at the lease for so long, as a run does before each step."""
        ended = False
        for _ in range(round(seconds / 0.25)):
            clock.now += 0.25
            ended = lease.ended
        return ended

    def test_ends_only_after_the_grace_time_of_the_last_viewer(self, lease, clock):
        assert not self.look(lease, clock, 100), "nobody has come yet"
        lease.join("a")
        lease.join("b")
        lease.leave("a")
        assert not self.look(lease, clock, 100)
        lease.leave("b")
        lease.leave("a")
        assert not self.look(lease, clock, 10)
        assert self.look(lease, clock, 0.25)
        lease.join("c")
        assert not self.look(lease, clock, 100)
        lease.leave("c")
        assert not self.look(lease, clock, 10) and self.look(lease, clock, 1)

    @pytest.mark.parametrize("alone_before", [0, 9])
    def test_sleep_counts_no_more_than_a_look(self, lease, clock, alone_before):
        lease.join("a")
        lease.leave("a")  # the connection was lost as the lid closed, or some time before
        self.look(lease, clock, alone_before)
        clock.now += 3600
        assert not lease.ended
        assert self.look(lease, clock, 10 - alone_before)

    def test_a_connection_that_is_lost_by_sleep_has_the_whole_grace_time(self, lease, clock):
        lease.join("a")
        self.look(lease, clock, 5)
        clock.now += 3600
        lease.leave("a")  # the server sees it only now
        assert not self.look(lease, clock, 10) and self.look(lease, clock, 1)

    def test_steps_of_some_seconds_count_whole(self, clock):
        lease = Lease(grace_seconds=120, clock=clock)
        lease.join("a")
        lease.leave("a")
        for seconds in range(5, 121, 5):
            clock.now = seconds
            assert not lease.ended
        clock.now += 5
        assert lease.ended

    def test_many_looks_count_no_more_than_few(self, lease, clock):
        lease.join("a")
        lease.leave("a")
        for _ in range(1000):
            assert not lease.ended
        assert not self.look(lease, clock, 10) and self.look(lease, clock, 1)


def reading(epoch, step, kind=Reading, **values):
    numbers = {"d_loss": 1.0, "g_loss": 1.0, "d_real": 0.5, "d_fake": 0.5} | values
    return kind(epoch=epoch, step=step, seconds=1.0, steps_per_second=1.0, samples=None, **numbers)


class TestHistory:
    def test_never_grows_beyond_its_bound_and_keeps_the_mean(self):
        history = History()
        values = np.random.default_rng(0).random(5000)
        for n, value in enumerate(values, start=1):
            history.add(reading(n, 10 * n, EpochRecord, d_loss=value))
        points = history.points
        assert POINTS <= len(points) <= 2 * POINTS
        weights = np.array([point.weight for point in points])
        assert weights.sum() == 50_000
        mean = np.average([point.d_loss for point in points], weights=weights)
        assert mean == pytest.approx(values.mean(), rel=1e-9)
        epochs = [point.epoch for point in points]
        assert epochs == sorted(epochs) and epochs[-1] == 5000

    def test_has_every_step_once_also_of_epochs_seen_from_inside(self):
        """The end of an epoch, which comes after the last look into it, and the steps of epochs without any."""
        history, losses = History(), [1.0, 1.0, 2.0, 4.0, 4.0, 5.0, 6.0, 7.0]
        history.add(reading(0, 0))
        history.add(reading(0.5, 2, d_loss=1.0, d_unseen=0.1, g_gradient=9.0))
        history.add(reading(0.75, 3, d_loss=2.0, d_unseen=0.1, g_gradient=9.0))
        history.add(reading(1, 4, EpochRecord, d_loss=2.0, d_seen=0.25, d_unseen=0.75, g_gradient=2.0))
        history.add(reading(2, 8, EpochRecord, d_loss=5.5))
        points = history.points
        assert [(point.epoch, point.weight) for point in points] == [(0.5, 2), (0.75, 1), (1.0, 1), (2.0, 4)]
        assert [point.d_loss for point in points] == pytest.approx([1.0, 2.0, 4.0, 5.5])
        assert np.average([point.d_loss for point in points], weights=[2, 1, 1, 4]) == pytest.approx(np.mean(losses))
        assert points[2].d_real == pytest.approx(0.5)
        assert (points[2].d_seen, points[2].d_unseen, points[2].g_gradient) == (0.25, 0.75, 2.0)  # of its last step

    def test_an_epoch_that_is_begun_anew_is_none_that_was_seen_before(self):
        """After a fault it begins at its first step again."""
        history = History()
        history.add(reading(1, 10, EpochRecord, d_loss=1.0))
        history.add(reading(1.5, 15, d_loss=9.0))
        history.add(Reading(epoch=1, step=10, seconds=0.0, steps_per_second=0.0, samples=None))
        history.add(reading(2, 20, EpochRecord, d_loss=3.0))
        assert (history.points[-1].d_loss, history.points[-1].weight) == (3.0, 10)

    def test_single_steps_leave_no_spikes(self):
        history = History()
        history.add(reading(1.0, 100, d_loss=1.0))
        history.add(reading(1.01, 101, d_loss=9.0))
        (point,) = history.points
        assert (point.epoch, point.weight) == (1.01, 101)
        assert point.d_loss == pytest.approx((100 * 1.0 + 9.0) / 101)


def test_a_film_keeps_its_first_frame_even_distances_and_its_bound():
    film = Film()
    for number in range(1000):
        film.add(np.array(number))
    numbers = [int(frame) for frame in film.frames.values()]
    assert numbers[0] == 0 and FRAMES / 2 <= len(numbers) <= FRAMES
    assert len(set(np.diff(numbers))) == 1


@pytest.mark.parametrize(
    ("error", "word"),
    [
        (ArithmeticError("a loss was no longer a finite number by step 7"), "step 7"),
        (MemoryError(), "memory"),
        (RuntimeError("[enforce fail] DefaultCPUAllocator: can't allocate memory: you tried"), "memory"),
        (OSError(28, "No space left on device"), "disk is full"),
        (ValueError("batch_size cannot be 99: it must be at most 50."), "batch_size cannot be 99"),
        (RuntimeError("mat1 and mat2 shapes cannot be multiplied\n  at line 5"), "mat1 and mat2"),
        (KeyError("w"), "KeyError"),
    ],
)
def test_every_fault_is_a_sentence_of_one_line_with_something_to_try(error, word):
    fault = explain(error)
    what, try_ = str(fault.what), str(fault.try_)
    assert word in what and "\n" not in what and what.endswith(".")
    assert len(try_) > 10 and try_.endswith(".")


class TestSteering:
    CONFIG = presets.get("pocket").but(pictures=96, batch_size=16, epochs=100_000, device="cpu")

    @pytest.fixture
    def run(self):
        """A real run that trains on few pictures."""
        run = ThreadRun(Snapshot("test", self.CONFIG))
        run.start()
        wait_until(lambda: run.snapshot().records)
        yield run
        run.stop()
        assert run.wait(5)

    @pytest.fixture
    def resting(self, run):
        run.control.pause()
        wait_until(lambda: run.snapshot().state is RunState.PAUSED)
        return run

    def step(self, run):
        return run.snapshot().reading.step

    def test_pauses_between_two_steps_and_goes_on(self, run):
        run.control.pause()
        begun = monotonic()
        wait_until(lambda: run.snapshot().state is RunState.PAUSED)
        assert monotonic() - begun < 2  # the promise of 0.2 s is measured in benchmarks
        before = self.step(run)
        assert not threading.Event().wait(0.1) and self.step(run) == before and run.is_live
        run.control.go_on()
        wait_until(lambda: self.step(run) > before)
        assert run.snapshot().state is RunState.RUNNING

    def test_takes_a_single_step(self, resting):
        for _ in range(3):
            before = self.step(resting)
            resting.control.one_step()
            wait_until(lambda before=before: self.step(resting) != before)
            wait_until(lambda: resting.snapshot().state is RunState.PAUSED)
            assert self.step(resting) == before + 1

    def test_takes_a_whole_epoch(self, resting):
        for _ in range(2):
            before = resting.snapshot().reading.epoch
            resting.control.one_epoch()
            wait_until(lambda before=before: resting.snapshot().reading.epoch != before)
            wait_until(lambda: resting.snapshot().state is RunState.PAUSED)
            now = resting.snapshot().reading.epoch
            assert now == int(before) + 1 and resting.snapshot().reading.step == now * 6

    def test_pausing_takes_no_time(self, resting):
        before = resting.snapshot().seconds
        threading.Event().wait(0.5)
        resting.control.one_step()
        wait_until(lambda: resting.snapshot().seconds != before)
        assert resting.snapshot().seconds - before < 0.4

    def test_stops_while_it_rests(self, resting):
        resting.stop()
        assert resting.wait(5) and resting.snapshot().state is RunState.STOPPED

    def test_ends_while_it_rests_and_nobody_watches(self):
        clock = Clock()
        run = ThreadRun(Snapshot("test", self.CONFIG), lease=Lease(0.5, clock))
        run.lease.join("me")
        run.start()
        run.control.pause()
        wait_until(lambda: run.snapshot().state is RunState.PAUSED)
        run.lease.leave("me")
        clock.step = 1
        assert run.wait(5) and run.snapshot().state is RunState.ABANDONED

    def test_goes_on_with_other_settings_and_says_when(self, resting):
        at = self.step(resting)
        resting.change(learning_rate=1e-3)
        assert resting.config.learning_rate == 1e-3
        wait_until(lambda: resting.snapshot().changes)
        snapshot = resting.snapshot()
        assert snapshot.changes[0].step == at and snapshot.changes[0].settings == {"learning_rate": 1e-3}
        assert snapshot.config.learning_rate == 1e-3 and snapshot.begun_with == self.CONFIG

    def test_refuses_what_only_a_new_run_can_have(self, resting):
        with pytest.raises(ValueError, match="latent_size cannot change while a run goes on"):
            resting.change(latent_size=5)
        assert resting.config == self.CONFIG and resting.is_live

    def test_goes_on_as_it_was_when_its_networks_refuse(self, monkeypatch):
        monkeypatch.setattr("gan.setup.config.clashes", lambda config: [])  # as if no file told of the batch norm
        config = presets.get("dcgan").but(options={"d_norm": "batch"}, pictures=96, epochs=100_000, device="cpu")
        run = ThreadRun(Snapshot("test", config))
        run.start()
        run.change(stabilisers={"gradient_penalty": 10})
        wait_until(lambda: run.snapshot().refusal)
        assert "batch norm" in str(run.snapshot().refusal) and run.config == config
        step = self.step(run)
        wait_until(lambda: self.step(run) > step)
        run.stop()
        assert run.wait(5)

    def test_shows_what_is_wished_for_while_it_rests(self, resting):
        resting.wish(Wish(seed=3))
        wait_until(lambda: resting.snapshot().reading.walk)
        assert resting.snapshot().reading.walk.seed == 3 and resting.snapshot().state is RunState.PAUSED

    def test_tells_the_story_of_the_step_it_took(self, resting):
        resting.wish(Wish(trace=True))
        resting.control.one_step()
        wait_until(lambda: resting.snapshot().reading.trace)
        snapshot = resting.snapshot()
        assert snapshot.reading.trace.step == snapshot.reading.step
