"""Figures to look at closely: plain data in, Plotly figures out. What moves is drawn by `charts` instead."""

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from plotly import graph_objects as go

from gan.messages import Message, msg
from pages.shared.draw import charts, colours

DASHES = ("solid", "dash", "dot", "dashdot")
POINT = msg(  # under the pointer; Plotly puts the numbers in
    "figure.point", "**{lane}** {value}, epoch {epoch}", value="%{y:.4g}", epoch="%{x:.2f}"
)
LOG_TICKS = [digit * 10.0**power for power in range(-3, 6) for digit in (1, 2, 5)]  # each in full: 10, 20, 50, 100
BUTTONS = ["zoomIn2d", "zoomOut2d", "resetScale2d"]  # in Plotly's bar; of a list of one's own, Streamlit adds none
WORDS = {  # what Plotly says -> what is said instead
    "Zoom in": msg("figure.zoom_in", "Zoom in"),
    "Zoom out": msg("figure.zoom_out", "Zoom out"),
    "Reset axes": msg("figure.show_all", "Show all of it"),
    "Double-click to zoom back out": msg("figure.double_click", "A double click shows all of it again"),
}


def config(tell: Callable[[Message], str], wheel: bool = False) -> dict[str, Any]:
    """How a figure is handled: by three buttons, which `tell` puts into words, and by the mouse, its `wheel` too."""
    words = {what: tell(said) for what, said in WORDS.items()}
    return {
        "displaylogo": False,
        "displayModeBar": True,  # a finger and a keyboard hover over nothing
        "modeBarButtons": [BUTTONS],
        "scrollZoom": wheel,
        "locale": "visitor",
        "locales": {"visitor": {"dictionary": words}},
    }


def overlay(
    curves: Sequence[tuple[str, charts.Curve]],
    name: str,
    theme: str,
    marks: charts.Marks = (),
    tell: Callable[[Message | str], str] = str,
    signs: str = ".,",
) -> go.Figure:
    """The number `name` of up to four runs over their epochs, (letter, curve) each; `marks` are upright lines.

    `tell` says a message as HTML, as Plotly reads it; `signs` are those for decimals and thousands.
    """
    figure = go.Figure()
    for (letter, curve), colour, dash in zip(curves, colours.LANES[theme], DASHES, strict=False):
        if not curve:
            continue
        epochs, values = zip(*curve, strict=True)
        few = len(curve) <= charts.POINTS // 10
        figure.add_scatter(
            x=epochs, y=values, name=letter, mode="lines+markers" if few else "lines",
            line={"color": colour, "dash": dash, "width": 3}, marker={"size": 7},
            hovertemplate=f"{tell(POINT.but(lane=letter))}<extra></extra>",
        )  # fmt: skip
        figure.add_scatter(
            x=[epochs[-1]], y=[values[-1]], mode="text", text=f" <b>{letter}</b>", textposition="middle right",
            textfont={"color": colour, "size": 18}, hoverinfo="skip", cliponaxis=False,
        )  # fmt: skip
    for epoch, what in marks:
        figure.add_vline(
            epoch, line={"color": colours.MUTED[theme], "dash": "dot", "width": 1},
            annotation={"text": tell(what), "font": {"color": colours.MUTED[theme], "size": 14}},
        )  # fmt: skip
    figure.update_layout(separators=signs)
    figure.update_xaxes(title_text=tell(charts.EPOCH))
    figure.update_yaxes(title_text=tell(charts.unit(name)))
    return _dressed(figure, name, theme, charts.top(name, curves))


def _dressed(figure: go.Figure, name: str, theme: str, top: float | None) -> go.Figure:
    axis = {
        "gridcolor": colours.FAINT[theme],
        "linecolor": colours.FAINT[theme],
        "zeroline": False,
        "tickfont": {"size": 14, "color": colours.MUTED[theme]},
        "title": {"font": {"size": 15, "color": colours.MUTED[theme]}},
    }
    figure.update_layout(
        template="none", showlegend=False, hovermode="closest", dragmode="zoom",
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor="rgba(0,0,0,0)",
        margin={"l": 62, "r": 34, "t": 38, "b": 46}, font={"family": "inherit"},  # the page's
        modebar=_bar(theme),
    )  # fmt: skip
    figure.update_xaxes(**axis, rangemode="tozero")
    figure.update_yaxes(**axis)
    if name in charts.LOGARITHMIC:
        figure.update_yaxes(type="log", tickvals=LOG_TICKS, tickformat="~r")
    elif top:
        figure.update_yaxes(range=[0, top * 1.02])
    if name in charts.SHARES:
        figure.update_yaxes(tickformat=".0%")
    return figure


def _bar(theme: str) -> dict[str, str]:
    return {"bgcolor": "rgba(0,0,0,0)", "color": colours.MUTED[theme], "activecolor": colours.TEXT[theme]}


class Dots(NamedTuple):
    """Some points of a map that look alike: where, what is said of each, and its number among the map's pictures."""

    places: np.ndarray  # (n, 2)
    told: Sequence[str]  # HTML, under the pointer
    numbers: Sequence[int]
    colour: Sequence[float] | str  # one for all, or a number 0..1 each
    symbol: str = "circle"
    size: int = 6


def chart_of(dots: Sequence[Dots], labels: Sequence[tuple[float, float, str]], theme: str) -> go.Figure:
    """A map of pictures as points; `labels` are words on it, (x, y, text). The axes have no meaning of their own."""
    figure = go.Figure()
    for some in dots:
        scale = {} if isinstance(some.colour, str) else {"colorscale": colours.HEAT, "cmin": 0, "cmax": 1}
        figure.add_scatter(
            x=some.places[:, 0], y=some.places[:, 1], mode="markers", text=some.told, customdata=some.numbers,
            hovertemplate="%{text}<extra></extra>",
            marker={"color": some.colour, "symbol": some.symbol, "size": some.size, "opacity": 0.8} | scale,
        )  # fmt: skip
    for x, y, text in labels:
        figure.add_annotation(
            x=x, y=y, text=f"<b>{text}</b>", showarrow=False, font={"size": 20, "color": colours.TEXT[theme]},
            bgcolor=colours.PAGE[theme], opacity=0.85, borderpad=1,
        )  # fmt: skip
    figure.update_layout(
        template="none", showlegend=False, hovermode="closest", dragmode="pan",
        paper_bgcolor="rgba(0,0,0,0)", plot_bgcolor=colours.SOFT[theme],
        margin={"l": 0, "r": 0, "t": 0, "b": 0}, font={"family": "inherit"}, modebar=_bar(theme),
    )  # fmt: skip
    figure.update_xaxes(visible=False)
    figure.update_yaxes(visible=False)
    return figure
