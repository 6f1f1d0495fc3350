"""With how many threads a run computes."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import pytest
import torch

from gan.learn import threads
from gan.parts import nets
from gan.setup import presets
from gan.setup.config import RunConfig

ROOT = Path(__file__).parents[3]


class TestThreads:
    """Measured on two cores, a step with one thread and with two: `deep_mlp_vs_conv` 135 and 82 ms,
    `fundamentals` 13.3 and 9.8, `first_gan` 5.4 and 4.5, but `quick` 6.1 and 6.4.
    """

    @pytest.mark.parametrize(
        ("recipe", "two", "many"),
        [
            ("deep_mlp_vs_conv", 2, 16),
            ("fundamentals", 2, 5),
            ("first_gan", 2, 2),
            ("workshop", 2, 2),
            ("quick", 1, 1),
            ("dcgan", 1, 1),
            ("pocket", 1, 1),
        ],
    )
    def test_are_as_many_as_the_work_of_a_step_is_for(self, recipe, two, many):
        config = presets.get(recipe).but(device="cpu")
        assert [threads.threads_for(config, cores) for cores in (1, 2, 16)] == [1, two, many]

    def test_are_the_same_whatever_may_change_on_the_way(self):
        """A run that was steered goes on with the threads that it began with, which its pictures depend on."""
        config = RunConfig(architecture="dcgan", options={"width": 64}, batch_size=256, device="cpu")
        changed = config.but(batch_parts=8, d_steps=3, g_steps=2, learning_rate=1e-3, epochs=7)
        assert threads.threads_for(changed, 1000) == threads.threads_for(config, 1000) > 1

    def test_are_shared_where_several_runs_are_to_go_on_at_once(self):
        config = presets.get("deep_mlp_vs_conv").but(device="cpu")
        assert [threads.threads_for(config, 8, runs) for runs in (1, 2, 3, 8, 30)] == [8, 4, 2, 1, 1]
        small = presets.get("fundamentals").but(device="cpu")
        assert [threads.threads_for(small, 8, runs) for runs in (1, 4, 8)] == [5, 2, 1]

    def test_are_one_where_a_graphics_card_computes(self, monkeypatch, cards):
        monkeypatch.setattr("torch.cuda.is_available", lambda: True)
        monkeypatch.setattr("gan.learn.device.tried.works", lambda kind: True)
        assert threads.threads_for(presets.get("deep_mlp_vs_conv"), 16) == 1

    def test_are_found_without_memory_chance_or_pictures(self, monkeypatch):
        monkeypatch.setattr("gan.data.load", None)
        before = torch.get_rng_state()
        config = RunConfig(data="cifar10", picture_size="64", architecture="dcgan", options={"width": 128})
        assert threads.threads_for(config.but(batch_size=1024, device="cpu"), 64) == 64
        assert torch.equal(torch.get_rng_state(), before)

    @pytest.mark.parametrize("architecture", nets.of_family("gan"))
    def test_are_found_for_every_network(self, architecture):
        config = RunConfig(architecture=architecture, latent_size=10)
        assert threads.multiplications(config.but(batch_size=64), (1, 28, 28)) == 32 * threads.multiplications(
            config.but(batch_size=2), (1, 28, 28)
        )

    def test_work_is_what_the_layers_multiply(self):
        config = RunConfig(architecture="pocket", latent_size=100, batch_size=2)
        assert threads.multiplications(config, (1, 28, 28)) == 2 * (100 * 128 + 128 * 784 + 784 * 128 + 128)

    def test_are_each_threads_own(self):
        threads.use_threads(1)
        ready, found = threading.Barrier(2), {}

        def work(count):
            threads.use_threads(count)
            ready.wait()
            torch.ones(300, 300) @ torch.ones(300, 300)
            found[count] = torch.get_num_threads()

        workers = [threading.Thread(target=work, args=(count,)) for count in (1, 2)]
        for thread in workers:
            thread.start()
        for thread in workers:
            thread.join()
        assert found == {1: 1, 2: 2} and torch.get_num_threads() == 1
        torch.set_num_threads(1)  # what threads that begin later take


def test_waiting_threads_spin_only_briefly():
    code = "import gan, os; print(os.environ['GOMP_SPINCOUNT'])"
    environment = {name: value for name, value in os.environ.items() if name != "GOMP_SPINCOUNT"}
    for extra, expected in (({}, "3000"), ({"GOMP_SPINCOUNT": "7"}, "7")):
        command = [sys.executable, "-c", code]
        run = subprocess.run(command, env=environment | extra, cwd=ROOT, capture_output=True, text=True)
        assert run.stdout.strip() == expected
