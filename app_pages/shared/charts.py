"""The charts of a run: points in, plain dictionaries out, as `assets/lines.js` draws them."""

import math
from collections.abc import Sequence

from app_pages.shared import colours
from gan.records import Point, Scores

POINTS = 200  # of a score, thinned evenly beyond


Marks = Sequence[tuple[float, str]]  # epochs at which something was changed, and what


def beliefs(points: Sequence[Point], theme: str, epochs: int, marks: Marks = ()) -> dict:
    """D(real) and D(fake) over the epochs, on a fixed axis from 0 to 1 with the line at 0.5."""
    series = [
        _line("D(real)", colours.REAL[theme], colours.REAL[theme], False, [point.d_real for point in points]),
        _line("D(fake)", colours.FAKE[theme], colours.FAKE_INK[theme], True, [point.d_fake for point in points]),
    ]
    return _chart(_epochs(points), theme, epochs, series, "probability", marks) | {"y_max": 1, "guide": 0.5}


def losses(points: Sequence[Point], theme: str, epochs: int, marks: Marks = ()) -> dict:
    """The losses of D and G over the epochs."""
    series = [
        _line(
            "detective", colours.DETECTIVE[theme], colours.DETECTIVE[theme], False, [point.d_loss for point in points]
        ),
        _line("forger", colours.FAKE[theme], colours.FAKE_INK[theme], True, [point.g_loss for point in points]),
    ]
    return _chart(_epochs(points), theme, epochs, series, "loss", marks)


def _epochs(points: Sequence[Point]) -> list[float]:
    return [point.epoch for point in points]


def score(name: str, scores: Sequence[tuple[float, Scores]], floor: Scores | None, theme: str, epochs: int) -> dict:
    """One score of the fakes over the epochs, with what real pictures get as a dashed line in their colour."""
    known = [(epoch, getattr(each, name)) for epoch, each in scores if getattr(each, name) is not None]
    known = known[:: -(-len(known) // POINTS) or 1][:-1] + known[-1:]
    line = _line("", colours.FAKE[theme], colours.FAKE_INK[theme], False, [value for _, value in known])
    chart = _chart([epoch for epoch, _ in known], theme, epochs, [line], "")
    guide = getattr(floor, name, None)
    tops = {"precision": 1, "recall": 1, "variety": math.ceil(guide or 10)}
    real = {"guide": guide, "guide_colour": colours.REAL[theme], "guide_label": f"real {guide:.3g}" if guide else None}
    return chart | real | {"y_max": tops.get(name), "log": name == "realism", "label_width": 56}


def _line(name: str, colour: str, ink: str, dashed: bool, values: Sequence[float]) -> dict:
    rounded = [round(value, 4) for value in values]
    return {"name": name, "colour": colour, "ink": ink, "dashed": dashed, "values": rounded}


def _chart(at: Sequence[float], theme: str, epochs: int, series: list[dict], unit: str, marks: Marks = ()) -> dict:
    x = [round(epoch, 3) for epoch in at]
    return {
        "x": x,
        "series": series,
        "x_label": "epoch",
        "y_label": unit,
        "x_max": axis_end(x[-1] if x else 0, epochs),
        "y_max": None,
        "log": False,
        "marks": [[round(epoch, 3), what] for epoch, what in marks],
        "guide": None,
        "guide_colour": colours.MUTED[theme],
        "guide_label": None,
        "label_width": 132,
        "text": colours.MUTED[theme],
        "faint": colours.FAINT[theme],
    }


def axis_end(done: float, epochs: int) -> int:
    """The axis grows in a few big steps, so that the lines do not shrink with every reading."""
    end = 5
    while end < done:
        end *= 2
    return min(end, epochs)
