"""Which of two processes runs which tests."""

from xdist.scheduler import LoadScopeScheduling

BROWSER = "tests/browser/"


class BrowserApart(LoadScopeScheduling):
    """All tests in a real browser in one process, with one server and one browser: of two, on two cores, both would be
    slow. The others go to whoever is free.
    """

    def _split_scope(self, nodeid: str) -> str:
        return BROWSER if nodeid.startswith(BROWSER) else nodeid


def pytest_xdist_make_scheduler(config, log) -> BrowserApart:
    return BrowserApart(config, log)
