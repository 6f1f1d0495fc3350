"""One cluster for all tests that need one: two nodes with a core each, of which one can be taken away."""

from pathlib import Path

import pytest

from tests.clusters import two_nodes


@pytest.fixture(scope="session")
def cluster():
    cluster = two_nodes()
    yield cluster
    cluster.shutdown()


def pytest_collection_modifyitems(items) -> None:
    """Processes start and end by the dozen here: a computer that pauses meanwhile gets a second try, which is told."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.flaky(reruns=1))
