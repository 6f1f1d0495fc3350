"""Libraries of both kinds, and a server whose runs are kept."""

import pytest

from gan.runs import RunManager
from gan.runs.kept import moments, shared
from gan.runs.kept.library import Library
from gan.runs.kept.opening import open_store
from gan.runs.state.limits import Limits
from tests.fakes import FakeEyes, FakeTrainer
from tests.servers import ObjectStore, Postgres


@pytest.fixture(scope="session")
def postgres():
    server = Postgres()
    yield server
    server.remove()


@pytest.fixture(scope="session")
def object_store():
    server = ObjectStore()
    yield server
    server.stop()


@pytest.fixture
def shared_library(tmp_path, postgres, object_store, monkeypatch):
    """A library in PostgreSQL and an object store; who is dead there is seen at once, and each epoch is kept."""
    for name, value in object_store.environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(shared, "MISSING_SECONDS", 0.0)
    monkeypatch.setattr(moments, "WRITING_SHARE", 1e9)
    return Library(tmp_path, database=postgres.address(), files=object_store.address())


@pytest.fixture(params=["folder", "shared"])
def library(request, tmp_path):
    """What the store promises holds in both."""
    return Library(tmp_path) if request.param == "folder" else request.getfixturevalue("shared_library")


@pytest.fixture
def manager(tmp_path):
    """Of a library in a folder."""
    yield from serve(Library(tmp_path))


@pytest.fixture
def either(library):
    """The same of both kinds of library."""
    yield from serve(library)


def serve(library):
    FakeTrainer.made.clear()
    manager = RunManager(FakeTrainer, Limits(runs_at_once=8), open_store(library), FakeEyes)
    yield manager
    for run in manager.runs():
        run.stop()
        assert run.wait(5)
    manager.store.close()
