"""Which engine a server has."""

import sys

import pytest

from gan.runs.kept.opening import open_store
from gan.runs.server import engines
from gan.runs.state.limits import Limits
from gan.setup.kinds import complaints
from tests.fakes import wait_until


@pytest.mark.parametrize(
    "value", ["", "threads", "ray", "ray://head:10001", "ray://192.168.0.5:10001", "ray://[::1]:1"]
)
def test_an_address_is_taken(value):
    assert engines.address({engines.VARIABLE: value}) == (value or "threads")


@pytest.mark.parametrize("value", ["spark", "ray://", "ray://head", "http://head:1", "ray://head:port", "ray://a b:1"])
def test_what_is_none_is_told_and_runs_train_on_threads(tmp_path, value):
    (complaint,) = complaints({engines.VARIABLE: value}, engines.address)
    assert str(complaint) == f"GAN_STUDIO_ENGINE cannot be {value!r}: it must be threads, ray, or ray://HOST:PORT."
    assert engines.engine_of({engines.VARIABLE: value}, open_store(tmp_path), Limits()) is None


def test_without_the_package_ray_it_is_said_what_to_do(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "ray", None)
    engine = engines.engine_of({engines.VARIABLE: "ray://127.0.0.1:1"}, open_store(tmp_path), Limits())
    with pytest.raises(ValueError, match="needs the package ray"):
        engine.join("ann", ["run"])
    assert engine.ahead("ann") == 0
    engine.close([], 1)


class Answers:
    """A wire to a cluster that answers."""

    def see_to(self, name, kind, *values):
        """There is a foreman."""

    def ask(self, name, kind, method, *values, patience=0):
        return {} if method == "call" else None

    def close(self):
        """Nothing is held."""


def test_a_cluster_that_comes_later_is_found_though_no_run_is_followed(tmp_path):
    engine = engines.engine_of({engines.VARIABLE: "ray://127.0.0.1:1"}, open_store(tmp_path), Limits())
    wait_until(lambda: engine._trouble)
    with pytest.raises(ValueError, match="does not answer"):
        engine.join("ann", ["run"])
    engine._wire = Answers()
    wait_until(lambda: not engine._trouble)
    (claim,) = engine.join("ann", ["run"])
    assert claim.owner == "ann" and claim.place is None
    engine.close([], 5)
