"""What is wrong with the states of a walk; what comes last is the page's theme, which the next state begins with."""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.screens.barriers import in_both_themes
from tests.browser.screens.layout import on_every_screen, settle
from tests.browser.screens.states import Walk

Faults = dict[str, object]


def what_bars(walk: Walk, open_tab: Callable[[str], Page]) -> Faults:
    """What keeps out those who see little or hear it read out."""
    found = {}
    for name, page, _ in walk(open_tab):
        settle(page)
        found[name] = in_both_themes(page)
    return {name: told for name, told in found.items() if told}


def what_fails(walk: Walk, open_tab: Callable[[str], Page]) -> Faults:
    """That, and what does not fit a screen."""
    found = {}
    for name, page, essentials in walk(open_tab):
        settle(page)
        found[name] = (on_every_screen(page, essentials), in_both_themes(page))
    return {name: told for name, told in found.items() if any(told)}
