"""One cluster for all tests that need one: a head, and two nodes with a core each that can be taken away."""

import pytest

from tests.clusters import two_nodes


@pytest.fixture(scope="session")
def cluster():
    cluster = two_nodes()
    yield cluster
    cluster.shutdown()
