from collections.abc import Callable
from urllib.parse import urlencode

import pytest

from gan.runs.live.run import watch_id
from gan.runs.server.exhibit import RUN_ID


@pytest.fixture
def example(server) -> Callable[..., str]:
    """`example("detective", eye="draw")` is a link to a page that looks into the run which comes with the project,
    whatever was trained on the server before.
    """

    def example(page: str, **link: str) -> str:
        return f"{server.url}/{page}?{urlencode({'inside': watch_id(RUN_ID)} | link)}"

    return example
