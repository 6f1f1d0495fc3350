"""The forger's map in a real browser: the denser the noise comes to lie, the darker."""

import pytest

from pages.shared.draw.theme import ASSETS

DARKNESS = """([across, spread]) => {
    const canvas = Object.assign(document.createElement("canvas"), { width: 400, height: 400 });
    const lines = [...Array(across).keys()].map((n) => 1.8 * n / (across - 1) - 0.9);
    const grid = lines.flatMap((y) => lines.flatMap((x) => [x, -y])), context = canvas.getContext("2d");
    context.fillStyle = "white";
    context.fillRect(0, 0, 400, 400);
    paintGrid(context, grid, { fake: "black" }, 400, spread);
    const { x, y } = placer(400), middle = (n) => (lines[n] + lines[n + 1]) / 2;
    const dark = (left, top) => 255 - context.getImageData(Math.round(left), Math.round(top), 1, 1).data[0];
    const cell = (column, row) => dark(x(middle(column)), y(-middle(row)));
    return [cell(0, 0), cell(10, 10)];
}"""


@pytest.mark.parametrize(("spread", "is_even"), [(1, True), (2, False)], ids=["uniform", "normal"])
def test_noise_that_is_left_as_it_is_is_as_dark_as_it_is_dense(open_tab, spread, is_even):
    page = open_tab("about:blank")
    page.add_script_tag(content=(ASSETS / "dots" / "paint.js").read_text())
    corner, middle = page.evaluate(DARKNESS, [21, spread])
    assert corner > 0
    assert middle == corner if is_even else middle > 4 * corner
