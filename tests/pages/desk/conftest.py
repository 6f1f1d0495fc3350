"""A tab at the desk, before it is in."""

import pytest

from tests.pages.desk.walk import PIN, come_in


@pytest.fixture
def gate(app, monkeypatch):
    monkeypatch.setenv("GAN_STUDIO_PIN", PIN)
    app.run()
    return app.switch_page("desk.py").run()


@pytest.fixture
def desk(gate):
    return come_in(gate)
