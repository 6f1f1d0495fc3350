"""What the pages of one run begin with: the settings, which run is on screen, and who steers it."""

from typing import NamedTuple

from gan.runs import Run
from gan.setup import presets
from pages.shared.settings import controls
from pages.shared.tab import looks, session


class Opened(NamedTuple):
    """A page of one run, as it begins: the run if there is one, whether it goes on, and what this visitor may do."""

    run: Run | None
    live: bool
    watches: bool
    steers: bool


def open_page(page: str) -> Opened:
    """Take what the link, another page or the widgets say of the settings, and find the run of this `page`.

    Where another page has asked for a run, that begins instead.
    """
    run = session.current_run(page)
    controls.read_link(run and run.config, page)
    looks.recall(run)
    if asked := session.take_what_was_asked(page):
        asked_config, begin_it = asked
        controls.put_next(presets.nearest_in_any_world(asked_config), asked_config)
        begin_it()
    controls.settle()
    live = run is not None and run.is_live
    watches = run is not None and session.only_watches()
    return Opened(run, live, watches, live and not watches)
