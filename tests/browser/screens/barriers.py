"""What on a page keeps out those who see little or hear it read out: axe, in both themes."""

import json
import re
from functools import cache

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from pages.shared.draw import colours
from tests.browser.screens.layout import settle

# WCAG 2.2 A and AA, and what axe's authors hold to be good practice.
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
STREAMLITS = {  # what its own parts bring along, neither serious nor in our hands, and how they are known
    "region": 'role="listbox"|stMainMenuList|Made with Streamlit|data-st-overlay-root',  # what opens
    "presentation-role-conflict": "stFileUploaderDropzone",  # the place for a file has a name though it is no control
}
COLOURS = ["color-contrast", "link-in-text-block"]  # the rules that depend on the theme
SCHEMES = ["light", "dark"]


def in_both_themes(page: Page) -> list[str]:
    """By all rules in one theme, and by those about colours in the other, which the page then has."""
    found = barriers(page, TAGS)
    turn_the_theme(page)
    return found + [f"in the other theme: {each}" for each in barriers(page, COLOURS)]


@cache
def axe() -> str:
    return Axe().axe_script


def barriers(page: Page, only: list[str]) -> list[str]:
    """What on the page as it is now keeps somebody out, by these of axe's rules; the minor too."""
    page.evaluate(f"() => {{ globalThis.axe || (0, eval)({json.dumps(axe())}) }}")
    found = page.evaluate("only => axe.run({ runOnly: only, resultTypes: ['violations'] })", only)["violations"]
    return [
        f"{rule['impact']} {rule['id']}: {node['target'][0]} {node['html'][:160]} {why(node)}"
        for rule in found
        for node in rule["nodes"]
        if not re.search(STREAMLITS.get(rule["id"], "$^"), node["html"])
    ]


def why(node: dict) -> str:
    return " ".join(each["message"] for each in (*node["any"], *node["all"], *node["none"]))


def turn_the_theme(page: Page) -> None:
    """Light to dark, or back, as the system of the visitor may do at any time."""
    light, dark = SCHEMES
    scheme = dark if page.evaluate("matchMedia('(prefers-color-scheme: light)').matches") else light
    page.emulate_media(color_scheme=scheme)
    paper = "getComputedStyle(document.documentElement).getPropertyValue('--page').trim()"
    page.wait_for_function(f"paper => {paper} === paper", arg=colours.PAGE[scheme])
    settle(page)
