"""Pages run in AppTest with a trainer that only moves when the test says so."""

from pathlib import Path

import pytest
import streamlit as st
from streamlit.components.v2 import manifest_scanner
from streamlit.testing.v1 import AppTest

from gan.runs import RunManager
from gan.runs.kept.opening import open_store
from gan.runs.server.warm import get_ready
from gan.runs.state.limits import Limits
from pages.shared.server import held
from pages.shared.tab import session
from tests.fakes import FakeEyes, FakeTrainer


@pytest.fixture(scope="session", autouse=True)
def ready():
    """What a server does once, and AppTest anew for each tab: Streamlit looks for components in all that is installed,
    and at the end of a script for garbage in all that is not frozen.
    """
    get_ready()
    found = manifest_scanner.scan_component_manifests()
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(manifest_scanner, "scan_component_manifests", lambda *_, **__: found)
        yield


@pytest.fixture(autouse=True)
def manager(monkeypatch, request):
    """The server's run manager, with fake trainers, and a store if the test asks for one; every run is ended."""
    store = request.getfixturevalue("store") if "store" in request.fixturenames else None
    st.cache_resource.clear()
    held.let_go()
    FakeTrainer.made.clear()
    manager = RunManager(FakeTrainer, Limits(grace_seconds=60, runs_at_once=8), store, FakeEyes)
    monkeypatch.setattr(held, "RunManager", lambda **_: manager)
    monkeypatch.setattr(held, "open_store", lambda **_: None)
    monkeypatch.setattr(session, "visitor", lambda: None)  # AppTest's visitors have no address
    yield manager
    manager.stop_all()
    held.let_go()
    st.cache_resource.clear()


@pytest.fixture
def store(tmp_path):
    """The server keeps its runs here."""
    return open_store(tmp_path / "library")


@pytest.fixture
def app() -> AppTest:
    """A tab that has just opened the app's start page."""
    return AppTest.from_file(Path(__file__).parents[2] / "pages/frame.py", default_timeout=60)


@pytest.fixture
def train_page(app) -> AppTest:
    """A tab on the Train page."""
    app.run()
    return app.switch_page("train.py").run()
