"""What is wrong with the states of a walk. What `bars` leaves behind is the page in the other theme, with which the
next state begins.
"""

from collections.abc import Callable

from playwright.sync_api import Page

from tests.browser.screens.barriers import in_both_themes
from tests.browser.screens.layout import on_every_screen, settle
from tests.browser.screens.states import State, Walk

Check = Callable[[State], object]


def fits(state: State) -> dict[tuple[int, int], list[str]]:
    """What does not fit, at each size of a screen at which something does not."""
    return on_every_screen(state.page, state.essentials)


def bars(state: State) -> list[str]:
    """What keeps out those who see little or hear it read out."""
    return in_both_themes(state.page)


def what_fails(walk: Walk, open_tab: Callable[[str], Page], *checks: Check) -> dict[str, list]:
    """What the checks find in each state in which they find anything."""
    found = {}
    for state in walk(open_tab):
        settle(state.page)
        found[state.name] = [check(state) for check in checks]
    return {name: told for name, told in found.items() if any(told)}
