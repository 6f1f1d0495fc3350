"""Which of two processes runs which tests."""

from xdist.scheduler import LoadScopeScheduling

APART = ("tests/browser/", "tests/gan/runs/cluster/")


class Apart(LoadScopeScheduling):
    """All tests in a real browser in one process, with one server and one browser: of two, on two cores, both would be
    slow. Those of a cluster, a dozen processes, in the same one. The others go to whoever is free.
    """

    def _split_scope(self, nodeid: str) -> str:
        return "apart" if nodeid.startswith(APART) else nodeid


def pytest_xdist_make_scheduler(config, log) -> Apart:
    return Apart(config, log)
