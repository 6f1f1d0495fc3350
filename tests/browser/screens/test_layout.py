"""What looks for faults of a layout finds each kind of them, and none where there is none."""

import pytest

from tests.browser.screens.layout import LOOK, PROJECTOR, on_every_screen, screens

FINE = """<h1>A heading</h1><p>Words and more words. <a href="#">A link within them</a></p>
<button style="height: 30px">Press</button>
<div style="height: 60px; overflow: auto"><p>One.</p><p>Two.</p><p>Three, which one scrolls to.</p></div>
<div style="height: 1px; width: 1px; overflow: hidden">Only read out.</div>"""
FAULTS = {
    "The page is": '<div style="width: 1500px; height: 9px"></div>',
    "Scrolls sideways": '<div style="width: 90px; overflow: auto"><p style="width: 200px">Words.</p></div>',
    "Cut off:": '<p style="width: 60px; overflow: hidden; white-space: nowrap">Words that are too long</p>',
    "Cut off above or below": '<div style="width: 90px; height: 50px; overflow: hidden">Words in some lines.</div>',
    "Beyond the screen": '<p style="position: fixed; left: 1000px; white-space: nowrap">Words that leave it</p>',
    "Longer than its box": '<input role="combobox" style="width: 60px" value="Words that are too long">',
    'Over "': '<p>Words.</p><p style="margin-top: -34px">Others.</p>',
    "is cut in two": '<button style="width: 60px; word-break: break-all">Incomprehensible</button>',
    "A target of": '<button style="position: absolute; left: 90px; top: 90px; width: 9px; height: 9px"></button>',
    "Below the fold": '<p class="essential" style="margin-top: 800px">Far down.</p>',
    "Not there": '<p class="essential" hidden>Unseen.</p>',
}


@pytest.fixture
def look(open_tab):
    """Shows something on a screen, and says what is wrong with it."""
    page = open_tab("about:blank")

    def look(content: str, *essentials: str) -> list[str]:
        page.set_content(f"<style>body {{ font: 16px sans-serif }}</style>{content}")
        with screens(page) as put_on:
            put_on(PROJECTOR)
            return page.evaluate(LOOK, list(essentials))

    return look


def test_a_page_without_faults_has_none(look):
    assert look(FINE, "h1", "button") == []


@pytest.mark.parametrize("kind", FAULTS)
def test_each_kind_of_fault_is_found(look, kind):
    found = look(FAULTS[kind], *([".essential"] if "essential" in FAULTS[kind] else []))
    assert [fault for fault in found if kind in fault], found


def test_a_fault_is_found_at_the_sizes_that_have_it(open_tab):
    page = open_tab("about:blank")
    page.set_content('<meta name="viewport" content="width=device-width"><p style="width: 400px">Words.</p>')
    assert [*on_every_screen(page)] == [(390, 844), (320, 640)]
