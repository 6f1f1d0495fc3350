"""The charts of a run: points in, plain dictionaries out, as `assets/lines.js` draws them."""

from collections.abc import Sequence

from app_pages.shared import colours
from gan.runs.history import Point


def scores(points: Sequence[Point], theme: str, epochs: int) -> dict:
    """D(real) and D(fake) over the epochs, on a fixed axis from 0 to 1 with the line at 0.5."""
    series = [
        _line("D(real)", colours.REAL[theme], colours.REAL[theme], False, [point.d_real for point in points]),
        _line("D(fake)", colours.FAKE[theme], colours.FAKE_INK[theme], True, [point.d_fake for point in points]),
    ]
    return _chart(points, theme, epochs, series, "probability") | {"y_max": 1, "guide": 0.5}


def losses(points: Sequence[Point], theme: str, epochs: int) -> dict:
    """The losses of D and G over the epochs."""
    series = [
        _line(
            "detective", colours.DETECTIVE[theme], colours.DETECTIVE[theme], False, [point.d_loss for point in points]
        ),
        _line("forger", colours.FAKE[theme], colours.FAKE_INK[theme], True, [point.g_loss for point in points]),
    ]
    return _chart(points, theme, epochs, series, "loss")


def _line(name: str, colour: str, ink: str, dashed: bool, values: Sequence[float]) -> dict:
    rounded = [round(value, 4) for value in values]
    return {"name": name, "colour": colour, "ink": ink, "dashed": dashed, "values": rounded}


def _chart(points: Sequence[Point], theme: str, epochs: int, series: list[dict], unit: str) -> dict:
    x = [round(point.epoch, 3) for point in points]
    return {
        "x": x,
        "series": series,
        "x_label": "epoch",
        "y_label": unit,
        "x_max": axis_end(x[-1] if x else 0, epochs),
        "y_max": None,
        "guide": None,
        "text": colours.MUTED[theme],
        "faint": colours.FAINT[theme],
    }


def axis_end(done: float, epochs: int) -> int:
    """The axis grows in a few big steps, so that the lines do not shrink with every reading."""
    end = 5
    while end < done:
        end *= 2
    return min(end, epochs)
