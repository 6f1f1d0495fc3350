"""Figures to look at closely: plain data in, Plotly figures out. What moves is drawn by `charts` instead."""

from collections.abc import Callable, Sequence

from plotly import graph_objects as go

from gan.messages import Message, msg
from pages.shared.draw import charts, colours

DASHES = ("solid", "dash", "dot", "dashdot")
POINT = msg(  # under the pointer; Plotly puts the numbers in
    "figure.point", "**{lane}** {value}, epoch {epoch}", value="%{y:.4g}", epoch="%{x:.2f}"
)
LOG_TICKS = [digit * 10.0**power for power in range(-3, 6) for digit in (1, 2, 5)]  # each in full: 10, 20, 50, 100
CONFIG = {"displaylogo": False, "modeBarButtonsToRemove": ["select2d", "lasso2d", "autoScale2d"]}


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
    figure.update_yaxes(title_text=tell(charts.UNITS.get(name, name)))
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
        margin={"l": 62, "r": 34, "t": 12, "b": 46}, font={"family": "inherit"},  # the page's
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
