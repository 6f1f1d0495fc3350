"""The labels of charts in a real browser: at no width does one lie over another, or leave the chart."""

import pytest

from gan.records import Point, Scores
from pages.shared.draw import charts, lines
from pages.shared.draw.theme import ASSETS

WIDTHS = (280, 320, 480, 900, 1900)
SCRIPT = (ASSETS / "lines.js").read_text().replace("export default render;", "globalThis.draw = render;")
DRAW = """async ([text, width]) => {
    document.body.innerHTML = `<div style="width: ${width}px"><div class="lines"></div></div>`;
    draw({ parentElement: document.body.firstChild, data: new TextEncoder().encode(text) });
    await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));
    const frame = document.querySelector(".lines"), canvas = frame.querySelector("canvas");
    const upright = frame.plot.axes[1], ctx = document.createElement("canvas").getContext("2d");
    ctx.font = upright.font[0].replace(/[\\d.]+px/, "14px");
    const widest = Math.max(...upright._values.map((text) => ctx.measureText(text).width));
    const axis = { room: upright._size - 4, widest };
    return { placed: frame.placed, width: canvas.width, height: canvas.height, shown: canvas.clientWidth, ...axis };
}"""


def points(count, far=1.0):
    """Beliefs and losses that all but meet at the end, and one spike."""
    losses = [31.0 if n == count // 2 else 1.45 for n in range(1, count + 1)]
    shares = {"real_passed": 0.5, "fake_passed": 0.49}
    return [Point(20 * far * n / count, loss, 1.5, 0.52, 0.48, **shares) for n, loss in enumerate(losses, start=1)]


def blown_up():
    """Losses of millions, from the first epoch on."""
    return [Point(n / 20, 1_718_754.0, 1_167_865.0, 0.61, 0.49) for n in range(1, 21)]


def score(realism, far):
    scores = [(20 * far * n / 9, Scores(samples=9, precision=realism)) for n in range(1, 10)]
    return charts.score("precision", scores, Scores(samples=9, precision=0.871), "light", 20)


MARKS = [(19.5, "Learning rate 0.01")]
CHARTS = {
    "a score at its floor": score(0.87, 1),
    "a score at its floor, on the way": score(0.87, 0.4),
    "beliefs that meet": charts.beliefs(points(60), "light", 20, MARKS),
    "beliefs at the beginning": charts.beliefs(points(6, 0.1), "light", 20),
    "losses with a spike and a change": charts.losses(points(60), "light", 20, [(10.0, "Learning rate 0.01"), *MARKS]),
    "losses that blew up": charts.losses(blown_up(), "light", 20),
    "right answers": charts.accuracy(points(60, 0.7), "light", 20),
    "a race of four": charts.race([(each, [(1.0, 0.5), (20.0, 0.5)]) for each in "ABCD"], "d_fake", "light", 20),
}


@pytest.fixture
def page(open_tab):
    page = open_tab("about:blank")
    page.add_style_tag(content=(lines.UPLOT / "uPlot.min.css").read_text())
    page.add_script_tag(content=(lines.UPLOT / "uPlot.iife.min.js").read_text() + "\nglobalThis.uPlot = uPlot;")
    page.add_script_tag(content=SCRIPT)
    return page


@pytest.mark.parametrize("name", CHARTS)
@pytest.mark.parametrize("height", [lines.HEIGHT, lines.SHORT])
def test_no_label_lies_over_another_or_is_cut(page, name, height):
    for width in WIDTHS:
        drawn = page.evaluate(DRAW, [lines.encode(CHARTS[name], name, height).decode(), width])
        assert drawn["placed"] and drawn["shown"] == width
        assert drawn["widest"] <= drawn["room"], (width, drawn["widest"], drawn["room"])
        boxes = drawn["placed"]
        for number, one in enumerate(boxes):
            assert one["x"] >= 0 and one["x"] + one["width"] <= drawn["width"], (width, one)
            assert one["y"] >= -1 and one["y"] + one["height"] <= drawn["height"] + 1, (width, one)
            for other in boxes[:number]:
                apart = one["x"] + one["width"] <= other["x"] or other["x"] + other["width"] <= one["x"]
                above = one["y"] + one["height"] <= other["y"] + 1 or other["y"] + other["height"] <= one["y"] + 1
                assert apart or above, (width, one["text"], other["text"])
