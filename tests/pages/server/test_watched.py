"""What those who run a server watch."""

import pytest
from starlette.responses import Response

from gan.messages import msg
from gan.runs import RunState
from gan.setup import presets
from pages.shared.server import watched
from tests.fakes import FakeTrainer, completed, wait_until


def ask(path: str) -> Response:
    """What one of the routes answers."""
    (route,) = [each for each in watched.routes({watched.VARIABLE: "on"}) if each.path == path]
    return completed(route.endpoint(None))


@pytest.mark.parametrize("environment", [{}, {watched.VARIABLE: "off"}, {watched.VARIABLE: "perhaps"}])
def test_it_is_off_unless_it_is_switched_on(environment):
    assert watched.routes(environment) == []


def test_a_server_is_well_as_long_as_runs_can_be_kept(store):
    assert (ask("/healthz").status_code, ask("/healthz").body) == (200, b"ok")
    store.notice = msg("library.no_room", "The disk is full. Delete some runs, or free some space.")
    assert ask("/healthz").status_code == 503


def test_the_numbers_are_those_of_the_runs_and_name_nobody(manager):
    runs = [manager.starting.new(presets.get("quick").but(seed=seed), "ann") for seed in (1, 2)]
    wait_until(lambda: all(run.snapshot().state is RunState.RUNNING for run in runs))
    for trainer in FakeTrainer.made:
        trainer.go()
    wait_until(lambda: all(run.snapshot().records for run in runs))
    text = ask("/metrics").body.decode()
    numbers = dict(line.rsplit(" ", 1) for line in text.splitlines() if not line.startswith("#"))
    assert numbers['gan_studio_runs{state="running"}'] == "2" and numbers["gan_studio_queue"] == "0"
    assert numbers["gan_studio_steps_per_second"] == "40" and numbers["gan_studio_viewers"] == "1"
    assert float(numbers["gan_studio_lag_seconds"]) >= 0
    assert "ann" not in text and not any(run.run_id in text for run in runs)
