"""What a run takes of the memory is known before it starts, and refused where there is no room for it."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
import torch

from gan.__main__ import main
from gan.learn import memory
from gan.learn.memory import estimates, free
from gan.learn.preview import preview
from gan.learn.trainer import Trainer
from gan.parts import nets, stabilisers
from gan.records import Budget
from gan.runs import RunState, ThreadRun
from gan.runs.server.manager import RunManager
from gan.runs.state.limits import Limits
from gan.setup.config import RunConfig
from tests.fakes import wait_until

ROOT = Path(__file__).parents[3]
LARGE = {
    "architecture": "dcgan", "options": {"width": 128}, "picture_size": "64",
    "batch_size": 1024, "stabilisers": {"unrolling": 10},
}  # fmt: skip
SMALL = RunConfig(architecture="pocket", device="cpu")
MIDDLE = RunConfig(**LARGE | {"batch_size": 256, "stabilisers": {}, "device": "cpu"})  # 2.9 GB

MEASURE = """
import json, sys
from pathlib import Path
import torch
from gan.learn.trainer import Trainer
from gan.records import Word
from gan.setup.config import RunConfig

def peak():  # of this program alone; getrusage's is inherited from who started it
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return 1024 * int(status["VmHWM"].split()[0])

torch.nn.Conv2d(1, 2, 3)(torch.zeros(2, 1, 8, 8)).sum().backward()  # what torch takes for itself
before = peak()
trainer, asked = Trainer(RunConfig(**json.loads(sys.argv[1]))), []
for reading in trainer.readings(lambda: asked.append(1) or (Word.STOP if len(asked) > 2 else Word.GO), 1e9):
    pass
print(peak() - before)
"""


@pytest.mark.parametrize(
    "settings",
    [
        {"architecture": "dcgan", "options": {"width": 64}, "batch_size": 256},
        {
            "architecture": "dcgan",
            "options": {"width": 32},
            "picture_size": "64",
            "batch_size": 64,
            "stabilisers": "r1",
        },
        {"architecture": "dcgan", "options": {"width": 32}, "batch_size": 128, "stabilisers": "unrolling=5"},
        {"architecture": "mlp", "options": {"width": 1024, "depth": 6}, "batch_size": 512},
        {"architecture": "biggan", "batch_size": 512, "batch_parts": 8},
    ],
)
def test_an_estimate_is_near_what_a_run_takes(settings):
    ran = subprocess.run(
        [sys.executable, "-c", MEASURE, json.dumps(settings)], capture_output=True, text=True, cwd=ROOT
    )
    taken = int(ran.stdout)
    assert 0.6 * taken < memory.estimate(RunConfig(**settings)) < 1.7 * taken


def test_more_of_anything_that_is_kept_takes_more():
    config = RunConfig(architecture="dcgan", batch_size=64)
    least = memory.estimate(config)
    for more in ({"batch_size": 128}, {"picture_size": "64"}, {"options": {"width": 64}}, {"stabilisers": "unrolling"}):
        assert memory.estimate(config.but(**more)) > least
    one, two, three = (memory.estimate(config.but(stabilisers={"unrolling": k})) for k in (1, 2, 3))
    assert three - two == pytest.approx(two - one)


def test_a_batch_in_parts_takes_what_a_part_does():
    config = RunConfig(architecture="dcgan", options={"width": 64}, batch_size=512, stabilisers={"r1": 1.0})
    whole, *parted = (memory.estimate(config.but(batch_parts=parts)) for parts in (1, 2, 8, 64))
    assert whole > parted[0] > parted[1] > parted[2]
    assert parted[1] - estimates.IN_PARTS == pytest.approx(memory.estimate(config.but(batch_size=64)))


@pytest.mark.parametrize("architecture", nets.of_family("gan"))
@pytest.mark.parametrize("stabiliser", ["", *stabilisers.names()])
def test_every_config_that_can_be_has_an_estimate(architecture, stabiliser):
    try:
        config = RunConfig(architecture=architecture, loss="least_squares", stabilisers=stabiliser, data="cifar10")
        build_needs = memory.estimate(config)
    except ValueError:
        return  # they do not go together
    assert estimates.BASE < build_needs < 4 * memory.GIB


def test_an_estimate_leaves_chance_alone():
    before = torch.get_rng_state()
    memory.estimate(RunConfig(architecture="self_attention", stabilisers="spectral_norm", latent_size=33))
    assert torch.equal(torch.get_rng_state(), before)


class TestNoRoom:
    SAID = (
        r"These settings need about \d+\.\d GB of memory, but only 4\.0 GB are free\. "
        r"Make smaller: batch_size, Looking ahead \(unrolling\) or Width\."
    )

    @pytest.fixture(autouse=True)
    def four_gigabytes(self, monkeypatch):
        monkeypatch.setattr(memory, "free_bytes", lambda name="auto": 4 * memory.GIB)

    def test_is_refused_with_what_to_make_smaller(self):
        memory.check(SMALL)
        with pytest.raises(ValueError, match=self.SAID):
            memory.check(RunConfig(**LARGE))

    def test_is_refused_with_how_many_parts_its_batches_would_fit_in(self):
        config = RunConfig(**LARGE)
        with pytest.raises(ValueError, match=self.SAID) as refusal:
            memory.check(config)
        found = re.search(r" Or have each batch worked through in (\d+) parts \(batch_parts\)", str(refusal.value))
        parts = int(found[1])
        memory.check(config.but(batch_parts=parts))
        with pytest.raises(ValueError, match=rf"in {parts} parts .*: then they need about [34]\.\d GB\.$"):
            memory.check(config.but(batch_parts=parts // 2))

    def test_says_nothing_of_parts_where_no_number_would_do_or_a_family_has_none(self, monkeypatch):
        monkeypatch.setattr(memory, "free_bytes", lambda name="auto": 0.1 * memory.GIB)
        family = RunConfig.from_dict({"family": "vae_gan", "batch_size": 256})
        for config in (SMALL, RunConfig(**LARGE), RunConfig(**LARGE | {"batch_parts": 64}), family):
            with pytest.raises(ValueError, match=r"only 0\.1 GB are free\. Make smaller: [^.]+\.$"):
                memory.check(config)

    def test_before_the_page_builds_it(self):
        with pytest.raises(ValueError, match=self.SAID):
            preview(RunConfig(**LARGE))

    def test_before_a_run_of_the_app_takes_a_place(self):
        manager = RunManager()
        for start in (manager.starting.new, lambda *given: manager.starting.together([SMALL, given[0]], given[1])):
            with pytest.raises(ValueError, match=self.SAID):
                start(RunConfig(**LARGE), "viewer")
        assert manager.runs() == []

    @pytest.mark.parametrize("begin", ["together", "taking_turns", "in_turn"])
    def test_for_runs_that_train_at_the_same_time_though_there_is_for_each(self, begin):
        manager = RunManager(limits=Limits(runs_at_once=2))
        memory.check(MIDDLE)
        budget = [Budget(seconds=60, scored=20)] if begin == "taking_turns" else []
        said = "2 runs" if begin == "in_turn" else "4 runs"
        with pytest.raises(ValueError, match=f"^{said} that train at the same time need about .*batch_size"):
            getattr(manager.starting, begin)([MIDDLE] * 4, *budget, "viewer")
        assert manager.runs() == [] and manager.ahead("viewer") == 0

    def test_for_runs_that_come_one_by_one_there_is(self, monkeypatch):
        manager = RunManager(limits=Limits(runs_at_once=1))
        monkeypatch.setattr(ThreadRun, "start", lambda run: None)
        assert len(manager.starting.in_turn([MIDDLE] * 4, "viewer")) == 4

    def test_beside_a_run_that_has_only_just_begun(self, monkeypatch):
        manager = RunManager(limits=Limits(runs_at_once=2))
        monkeypatch.setattr(ThreadRun, "start", lambda run: None)
        manager.starting.new(MIDDLE, "ann")
        with pytest.raises(ValueError, match=r"^2 runs that train at the same time"):
            manager.starting.new(MIDDLE, "ben")
        assert len(manager.runs()) == 1

    def test_is_not_said_of_a_small_run_for_what_a_large_one_beside_it_needs(self, monkeypatch):
        monkeypatch.setattr(memory, "free_bytes", lambda name="auto": 1.0 * memory.GIB)
        memory.check(SMALL)
        with pytest.raises(ValueError, match=r"^2 runs that train at the same time need about .* batch_size"):
            memory.check(SMALL, beside=[MIDDLE])

    def test_for_a_run_that_goes_on_and_for_a_fork(self, monkeypatch):
        manager = RunManager(limits=Limits(runs_at_once=2))
        run = manager.starting.new(SMALL.but(pictures=32, batch_size=16, epochs=5), "ann")
        wait_until(lambda: run.snapshot().records)
        run.stop()
        assert run.wait(20) and run.moments.epochs
        monkeypatch.setattr(memory, "free_bytes", lambda name="auto": 0.1 * memory.GIB)
        for begin in (
            lambda: manager.starting.resume(run.run_id, "ann"),
            lambda: manager.starting.fork(run.config, run, run.moments.epochs[0], "ann"),
        ):
            with pytest.raises(ValueError, match=r"but only 0\.1 GB are free"):
                begin()
        assert manager.runs() == [run] and not run.is_live and manager.ahead("ann") == 0

    def test_for_a_change_leaves_the_run_as_it_was(self):
        trainer = Trainer(MIDDLE)
        before = trainer.config
        with pytest.raises(ValueError, match=r"These settings need about \d+\.\d GB .* Looking ahead \(unrolling\)"):
            trainer.change(stabilisers={"unrolling": 10})
        assert trainer.config == before and trainer.changes == []
        trainer.change(learning_rate=1e-5)
        assert trainer.config.learning_rate == 1e-5

    def test_for_fewer_parts_is_refused_and_for_more_it_is_made(self, monkeypatch):
        trainer = Trainer(MIDDLE.but(batch_parts=8))
        monkeypatch.setattr(memory, "free_bytes", lambda name="auto": memory.GIB)
        trainer.change(batch_parts=16)
        with pytest.raises(ValueError, match=r"^These settings need about .* GB are free\."):
            trainer.change(batch_parts=1)
        assert trainer.config.batch_parts == 16

    def test_for_a_change_is_said_by_a_run_that_trains_on(self, monkeypatch):
        manager = RunManager()
        run = manager.starting.new(SMALL.but(pictures=32, batch_size=16, epochs=10_000), "ann")
        wait_until(lambda: run.snapshot().records)
        monkeypatch.setattr(memory, "free_bytes", lambda name="auto": 0)
        run.change(stabilisers={"unrolling": 10})
        wait_until(lambda: run.snapshot().refusal)
        assert "These settings need about" in str(run.snapshot().refusal) and run.config.stabilisers == {}
        step = run.snapshot().reading.step
        wait_until(lambda: run.snapshot().reading.step > step)
        run.stop()
        assert run.wait(20) and run.snapshot().state is RunState.STOPPED

    def test_before_the_command_line_trains(self, capsys, tmp_path):
        path = tmp_path / "settings.json"
        path.write_text(json.dumps(RunConfig(**LARGE).to_dict()))
        assert main(["train", f"--config={path}", f"--out={tmp_path / 'a'}"]) == 2
        out, err = capsys.readouterr()
        assert out == "" and err.startswith("gan: These settings need about ")
        assert list(tmp_path.iterdir()) == [path]


def test_what_is_free_is_known_here():
    found = memory.free_bytes("cpu")
    assert found is None or 2**20 < found < 2**50


@pytest.mark.parametrize(
    ("limit", "used", "left"), [("1000\n", "400\n", 600), ("max\n", "400\n", None), ("9\n", "10\n", 0)]
)
def test_the_limit_of_a_container_counts(limit, used, left, monkeypatch):
    texts = {"memory.max": limit, "memory.current": used}
    monkeypatch.setattr(Path, "read_text", lambda path, *rest: texts[path.name])
    assert free._of_the_container() == left
