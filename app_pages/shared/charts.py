"""The charts of a run, as ECharts options: points in, plain dictionaries out."""

from collections.abc import Sequence

from gan.runs.history import Point
from app_pages.shared import colours

PLOT_PIXELS, LABEL_PIXELS = 126, 18  # heights of the plot and of a line's label

Series = tuple[str, str, str, Sequence[tuple[float, float]]]  # name, colour, line type, points


def scores(points: Sequence[Point], theme: str, epochs: int) -> dict:
    """D(real) and D(fake) over the epochs, on a fixed axis from 0 to 1 with the line at 0.5."""
    option = _lines(
        theme,
        epochs,
        "probability",
        [
            ("D(real)", colours.REAL[theme], "solid", [(p.epoch, p.d_real) for p in points]),
            ("D(fake)", colours.FAKE[theme], "dashed", [(p.epoch, p.d_fake) for p in points]),
        ],
    )
    option["yAxis"] |= {"min": 0, "max": 1, "interval": 0.5}
    option["series"][0]["markLine"] = {
        "silent": True,
        "symbol": "none",
        "animation": False,
        "label": {"show": False},
        "lineStyle": {"color": colours.MUTED[theme], "type": "dashed", "width": 1},
        "data": [{"yAxis": 0.5}],
    }
    return option


def losses(points: Sequence[Point], theme: str, epochs: int) -> dict:
    """The losses of D and G over the epochs."""
    return _lines(
        theme,
        epochs,
        "loss",
        [
            ("detective", colours.DETECTIVE[theme], "solid", [(p.epoch, p.d_loss) for p in points]),
            ("forger", colours.FAKE[theme], "dashed", [(p.epoch, p.g_loss) for p in points]),
        ],
    )


def _lines(theme: str, epochs: int, unit: str, series: list[Series]) -> dict:
    text, faint = colours.MUTED[theme], colours.FAINT[theme]
    axis = {
        "type": "value",
        "nameTextStyle": {"color": text, "fontSize": 13},
        "axisLabel": {"color": text, "fontSize": 13},
        "splitLine": {"lineStyle": {"color": faint}},
    }
    height = max((y for *_, points in series for _, y in points), default=1)
    offsets = _apart([points[-1][1] / (1 if unit == "probability" else height) for *_, points in series if points])
    done = max((points[-1][0] for *_, points in series if points), default=0)
    return {
        "animation": False,
        "grid": {"left": 56, "right": 122, "top": 10, "bottom": 42, "outerBoundsMode": "none"},
        "tooltip": {"trigger": "axis", "valueFormatter": "%.2f"},
        "dataZoom": [{"type": "inside", "filterMode": "none"}],
        "xAxis": axis
        | {"name": "epoch", "nameLocation": "middle", "nameGap": 26, "min": 0, "max": _round_up(done, epochs)}
        | {"splitLine": {"show": False}},
        "yAxis": axis | {"name": unit, "nameLocation": "middle", "nameGap": 38, "min": 0, "splitNumber": 3},
        "series": [_line(*one, offset) for one, offset in zip(series, offsets or [0, 0], strict=True)],
    }


def _line(name: str, colour: str, kind: str, points: Sequence[tuple[float, float]], offset: float) -> dict:
    latest = f"{points[-1][1]:.2f}" if points else ""
    return {
        "id": name,
        "name": name,
        "type": "line",
        "showSymbol": False,
        "data": [[round(x, 3), round(y, 4)] for x, y in points],
        "lineStyle": {"color": colour, "type": kind, "width": 3},
        "itemStyle": {"color": colour},
        "endLabel": {
            "show": True,
            "formatter": f"{name} {latest}",
            "offset": [0, offset],
            "color": colour,
            "fontSize": 15,
            "fontWeight": 600,
        },
    }


def _apart(levels: list[float]) -> list[float]:
    """Shifts in pixels that keep two end labels at the heights 0..1 from covering each other."""
    if len(levels) < 2:
        return [0.0] * len(levels)
    overlap = max(0.0, LABEL_PIXELS - abs(levels[0] - levels[1]) * PLOT_PIXELS) / 2
    return [-overlap, overlap] if levels[0] >= levels[1] else [overlap, -overlap]


def _round_up(done: float, epochs: int) -> int:
    """The axis grows in a few big steps, so that lines do not shrink with every reading."""
    length = 5
    while length < done:
        length *= 2
    return min(length, max(epochs, 1))
