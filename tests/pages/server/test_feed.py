"""The moments that a plane asks for by itself."""

import json
from urllib.parse import urlencode

import pytest
from starlette.requests import Request
from starlette.responses import Response

from gan.records import Wish
from gan.setup import presets
from pages.shared.server import feed
from tests.fakes import FakeTrainer, completed, wait_until


def ask(watch_id: str, **query: object) -> Response:
    (route,) = feed.routes()
    named = {"path_params": {"watch_id": watch_id}, "query_string": urlencode(query).encode()}
    return completed(route.endpoint(Request({"type": "http", "method": "GET", "headers": []} | named)))


@pytest.fixture
def run(manager):
    """A run of dots whose plane is wished for, in its third epoch."""
    run = manager.starting.new(presets.get("dots"), "somebody")
    wait_until(lambda: run.snapshot().reading)
    run.wish(Wish(plane=True))
    FakeTrainer.made[-1].go(3)
    wait_until(lambda: run.snapshot().reading.epoch == 3 and run.snapshot().planes)
    return run


def steps(answer: Response) -> list[int]:
    return [frame["step"] for frame in json.loads(answer.body)["frames"]]


def test_only_moments_that_are_new_come_and_those_of_the_right_row(run):
    planes = run.snapshot().planes
    answer = ask(run.watch_id)
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert steps(answer) == [plane.step for plane in planes]
    assert json.loads(answer.body)["run"] == feed.name_of(run.snapshot())
    assert run.run_id not in answer.body.decode()  # by which one could stop it
    before_last = ask(run.watch_id, after=planes[-1].step - 1)
    assert steps(before_last) == [planes[-1].step]
    assert ask(run.watch_id, after=planes[-1].step).status_code == 204


@pytest.mark.parametrize("nonsense", ["", "x", "-1", "1e3", "9" * 40, "\u0663"])
def test_a_step_that_is_none_gets_all(run, nonsense):
    assert steps(ask(run.watch_id, after=nonsense)) == [plane.step for plane in run.snapshot().planes]


def test_who_does_not_know_a_run_sees_none(run):
    assert ask("0123456789").status_code == 404
    assert ask(run.run_id).status_code == 404


def test_a_run_of_pictures_has_none(manager):
    run = manager.starting.new(presets.get("quick"), "somebody")
    wait_until(lambda: run.snapshot().reading)
    assert ask(run.watch_id).status_code == 204
