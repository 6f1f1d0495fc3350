import pytest

from tests.browser.screens import states
from tools.real_server import Server


@pytest.fixture(scope="package")
def server(tmp_path_factory):
    """A server that has kept some runs."""
    folder = tmp_path_factory.mktemp("library")
    states.fill(folder)
    server = Server(
        GAN_STUDIO_LIBRARY=str(folder), GAN_STUDIO_GRACE_SECONDS="4", GAN_STUDIO_RUNS_AT_ONCE="8",
        GAN_STUDIO_PIN=states.PIN,
    )  # fmt: skip
    yield server
    server.stop()
