"""The charts of a run: points in, plain dictionaries out, as `assets/lines.js` draws them.

What they say is messages; `lines.encode` puts them into the visitor's language.
"""

import math
from collections.abc import Sequence
from itertools import count

from gan import families
from gan.messages import Message, msg
from gan.records import Point, Scores
from gan.runs import Snapshot
from pages.shared.draw import colours

POINTS = 200  # of a score, thinned evenly beyond
LANE_POINTS = 100  # of each run of a race
DASHED = (9, 5)
# A spike lies beyond SPIKE times what all but one value in USUAL stay within; LEAST_TO_CUT values show what is usual.
SPIKE, USUAL, LEAST_TO_CUT = 2.0, 20, 30
NEWEST = 3  # values of each line that are never cut
MARKED = 8  # spikes at most
NARROWEST = 0.1  # an axis reaches as far, so that losses that have died down to nothing lie on its middle
# By the referee, or all over the plane; now and then.
MEASURED = ("realism", "variety", "precision", "recall", "copying", "js", "kl", "kinds", "high_quality")
LOGARITHMIC = ("realism",)
TOPS = {
    "d_right": 1,
    "d_real": 1,
    "d_fake": 1,
    "precision": 1,
    "recall": 1,
    "variety": 10,
    "kinds": 9,
}  # of axes that do not move
SHARES = ("d_right",)  # said in per cent
AXIS_ENDS = (5, 8, 12, 20, 30)  # epochs, and ten times as many, and so on: each about half as many again
EPOCH = msg("axis.epoch", "epoch")
PROBABILITY = msg("axis.probability", "probability")
LOSS = msg("axis.loss", "loss")
SHARE = msg("axis.share", "share")
UNITS = {  # of numbers over the epochs
    "d_right": SHARE,
    "d_real": PROBABILITY,
    "d_fake": PROBABILITY,
    "d_loss": LOSS,
    "g_loss": LOSS,
    "realism": msg("axis.realism", "realism"),
    "variety": msg("axis.variety", "variety"),
    "precision": msg("axis.precision", "precision"),
    "js": msg("axis.js", "JS divergence"),
    "kinds": msg("axis.kinds", "blobs"),
}

Text = Message | str
Marks = Sequence[tuple[float, Text]]  # epochs at which something was changed, and what
Curve = Sequence[tuple[float, float]]  # (epoch, value)


def beliefs(points: Sequence[Point], theme: str, epochs: int, marks: Marks = ()) -> dict:
    """D(real) and D(fake) over the epochs, on a fixed axis from 0 to 1 with the line at 0.5."""
    real, fake, ink = colours.REAL[theme], colours.FAKE[theme], colours.FAKE_INK[theme]
    lines = [
        (msg("line.d_real", "D(real)"), real, real, (), "d_real"),
        (msg("line.d_fake", "D(fake)"), fake, ink, DASHED, "d_fake"),
    ]
    return _course(points, theme, epochs, lines, PROBABILITY, marks) | {"y_max": 1, "guide": 0.5}


def accuracy(points: Sequence[Point], theme: str, epochs: int, marks: Marks = ()) -> dict:
    """What share of all pictures D takes for what they are, and how sure it is of that, with the line at a half.

    A run from before right answers were counted has a gap in the first.
    """
    detective, muted = colours.DETECTIVE[theme], colours.MUTED[theme]
    lines = [
        (msg("line.right", "right"), detective, detective, (), "d_right"),
        (msg("line.sure", "sure"), muted, muted, DASHED, "d_sure"),
    ]
    return _course(points, theme, epochs, lines, SHARE, marks) | {"y_max": 1, "guide": 0.5, "percent": True}


def losses(points: Sequence[Point], theme: str, epochs: int, marks: Marks = ()) -> dict:
    """The losses of D and G over the epochs; a few spikes do not press all the rest flat."""
    detective, forger, ink = colours.DETECTIVE[theme], colours.FAKE[theme], colours.FAKE_INK[theme]
    lines = [
        (msg("line.detective", "detective"), detective, detective, (), "d_loss"),
        (msg("line.forger", "forger"), forger, ink, DASHED, "g_loss"),
    ]
    return _without_spikes(_course(points, theme, epochs, lines, LOSS, marks))


def own_losses(points: Sequence[Point], names: Sequence[str], theme: str, epochs: int, marks: Marks = ()) -> dict:
    """What a family makes small over the epochs, by the names of its readings."""
    points, looks = _drawn(points), zip(colours.LANES[theme], colours.DASHES, strict=False)
    names = [name for name in names if any(name in point.own for point in points)] or names
    series = [
        _line(families.reading_title(name), ink, ink, dash, [point.own.get(name) for point in points])
        for name, (ink, dash) in zip(names, looks, strict=False)
    ]
    return _without_spikes(_chart([point.epoch for point in points], theme, epochs, series, LOSS, marks))


def _course(points: Sequence[Point], theme: str, epochs: int, lines: Sequence[tuple], unit: Text, marks: Marks) -> dict:
    """Numbers of a run's points over the epochs: each line's name, colour, ink, dash and what it is called in Point."""
    points = _drawn(points)
    series = [_line(*look, [getattr(point, number) for point in points]) for *look, number in lines]
    return _chart([point.epoch for point in points], theme, epochs, series, unit, marks)


def _drawn(points: Sequence[Point]) -> list[Point]:
    return [point for point in points if math.isfinite(point.epoch)]


def judged(points: Curve, theme: str, epoch: int) -> dict:
    """What D believed of one picture after each of some epochs, with a mark at the `epoch` that is looked at."""
    detective = colours.DETECTIVE[theme]
    line = _line("", detective, detective, (), [belief for _, belief in points])
    here = [(float(epoch), msg("chart.here", "here"))]
    chart = _chart([float(each) for each, _ in points], theme, int(points[-1][0]), [line], PROBABILITY, here)
    return chart | {"y_max": 1, "guide": 0.5}


def against(rounds: Sequence[tuple[int, float | None, float]], theme: str, epochs: int, alone: bool = False) -> dict:
    """How often a class, or one who plays alone, and D were right in rounds of the same pictures, (epoch, class, D) of
    each; the newest counts where several are of one epoch.
    """
    newest = dict(sorted({epoch: (mine, machine) for epoch, mine, machine in rounds}.items()))
    accent, detective = colours.ACCENT[theme], colours.DETECTIVE[theme]
    series = [
        _line(
            msg("line.you", "you") if alone else msg("line.class", "class"),
            accent,
            accent,
            (),
            [mine for mine, _ in newest.values()],
        ),
        _line(msg("line.detective", "detective"), detective, detective, DASHED, [each for _, each in newest.values()]),
    ]
    beside = {"y_max": 1, "guide": 0.5, "percent": True, "joined": True}
    return _chart([float(epoch) for epoch in newest], theme, epochs, series, SHARE) | beside


def score(name: str, scores: Sequence[tuple[float, Scores]], floor: Scores | None, theme: str, epochs: int) -> dict:
    """One score of the fakes over the epochs, with what real pictures get as a dashed line in their colour."""
    known = _thinned(_measured(name, scores), POINTS)
    line = _line("", colours.FAKE[theme], colours.FAKE_INK[theme], (), [value for _, value in known])
    chart = _chart([epoch for epoch, _ in known], theme, epochs, [line], "")
    real = getattr(floor, name, None)
    guide = real if _is_number(real) else None
    tops = {"precision": 1, "recall": 1, "high_quality": 1} | dict.fromkeys(
        ("variety", "kinds"), math.ceil(guide or 10)
    )
    label = msg("chart.real", "real {value:.3g}", value=guide) if guide else None
    beside = {"guide": guide, "guide_colour": colours.REAL[theme], "guide_label": label}
    return chart | beside | {"y_max": tops.get(name), "log": name == "realism"}


def curve(snapshot: Snapshot, name: str) -> Curve:
    """A number of a run over its epochs: one of Point's, one that only its family reads, or one that the referee
    measures.
    """
    if name in MEASURED and not any(name in point.own for point in snapshot.points):  # "kl" is either
        return _measured(name, snapshot.scores)
    values = [(point.epoch, getattr(point, name, point.own.get(name))) for point in _drawn(snapshot.points)]
    return [(epoch, value) for epoch, value in values if _is_number(value)]


def unit(name: str) -> Text:
    """What a number over the epochs is of; what only a family reads is a loss."""
    return UNITS.get(name, LOSS)


def top(name: str, curves: Sequence[tuple[str, Curve]]) -> float | None:
    """Where the axis of a number of several runs ends; None where it follows the numbers. Some pictures are of more
    than ten kinds.
    """
    highest = max((value for _, curve in curves for _, value in curve), default=0)
    return max(TOPS[name], math.ceil(highest)) if name in TOPS else None


def race(
    curves: Sequence[tuple[str, Curve]], name: str, theme: str, epochs: int, mark: tuple[float, Text] | None = None
) -> dict:
    """The number `name` of several runs, (letter, curve) of each, on shared axes; `mark` is a line across, named."""
    thin = [_thinned(curve, LANE_POINTS) for _, curve in curves]
    at = sorted({epoch for curve in thin for epoch, _ in curve})
    series = []
    for (letter, _), points, ink, dash in zip(curves, thin, colours.LANES[theme], colours.DASHES, strict=False):
        values = dict(points)
        series.append(_line(letter, ink, ink, dash, [values.get(epoch) for epoch in at]))
    guide, label = mark or (None, None)
    chart = _chart(at, theme, epochs, series, unit(name)) | {
        "y_max": top(name, curves), "log": name in LOGARITHMIC, "percent": name in SHARES, "guide": guide,
        "guide_label": label, "joined": True,
    }  # fmt: skip
    return _without_spikes(chart) if unit(name) is LOSS else chart


def heat(value: float | None, among: Sequence[float | None]) -> tuple[str, str]:
    """Background and ink of a cell with this realism among others; the lowest is best. Nothing for None."""
    if value is None:
        return "transparent", "inherit"
    logs = [math.log(max(each, 0.01)) for each in among if each is not None]
    spread = max(logs) - min(logs)
    good = (max(logs) - math.log(max(value, 0.01))) / spread if spread else 1.0
    place = good * (len(colours.HEAT) - 1)
    low = min(int(place), len(colours.HEAT) - 2)
    one, other = (_parts(colours.HEAT[at]) for at in (low, low + 1))
    mixed = [round(a + (b - a) * (place - low)) for a, b in zip(one, other, strict=True)]
    background = "#" + "".join(f"{part:02X}" for part in mixed)
    return background, next(ink for ink in colours.INKS if colours.contrast(ink, background) >= colours.READABLE)


def _parts(colour: str) -> tuple[int, ...]:
    return tuple(int(colour[at : at + 2], 16) for at in (1, 3, 5))


def _measured(name: str, scores: Sequence[tuple[float, Scores]]) -> Curve:
    known = [(epoch, getattr(each, name, None)) for epoch, each in scores]
    return [(epoch, value) for epoch, value in known if _is_number(value)]


def _is_number(value: float | None) -> bool:
    return value is not None and math.isfinite(value)


def _thinned(curve: Curve, most: int) -> Curve:
    return [*curve[:: -(-len(curve) // most) or 1][:-1], *curve[-1:]]


def _line(name: Text, colour: str, ink: str, dash: Sequence[int], values: Sequence[float | None]) -> dict:
    """`dash` is pixels on and off, nothing for an unbroken line; a value that is no number leaves a gap."""
    rounded = [round(value, 4) if _is_number(value) else None for value in values]
    return {"name": name, "colour": colour, "ink": ink, "dash": list(dash), "values": rounded}


def _chart(at: Sequence[float], theme: str, epochs: int, series: list[dict], unit: Text, marks: Marks = ()) -> dict:
    x = [round(epoch, 3) for epoch in at]
    return {
        "x": x,
        "series": series,
        "x_label": EPOCH,
        "y_label": unit,
        "x_max": axis_end(x[-1] if x else 0, epochs),
        "y_min": None,
        "y_max": None,
        "log": False,
        "percent": False,
        "spikes": [],  # epoch, value and ink of what lies beyond the axis
        "marks": [[round(epoch, 3), what] for epoch, what in marks],
        "joined": False,  # whether a line goes on over places where it has no value
        "guide": None,
        "guide_colour": colours.MUTED[theme],
        "guide_label": None,
        "text": colours.MUTED[theme],
        "faint": colours.FAINT[theme],
        "paper": colours.PAGE[theme],
    }


def _without_spikes(chart: dict) -> dict:
    """The chart on an axis that a few values far beyond all others do not stretch; the greatest of these are marked.

    The newest values are never left out: where a line runs away for good, the axis goes with it.
    """
    known = sorted(value for line in chart["series"] for value in line["values"] if value is not None)
    if len(known) < LEAST_TO_CUT:
        return chart
    newest = [value for line in chart["series"] for value in [*filter(_is_number, line["values"])][-NEWEST:]]
    edge = len(known) // USUAL
    reach = max(NARROWEST, SPIKE * max(abs(known[edge]), abs(known[-1 - edge]), *map(abs, newest)))
    high, low = (reach if known[-1] > reach else None), (-reach if known[0] < -reach else None)
    if high is None and low is None:
        return chart
    spikes = [
        [at, value, line["ink"]]
        for line in chart["series"]
        for at, value in zip(chart["x"], line["values"], strict=True)
        if value is not None and abs(value) > reach
    ]
    spikes.sort(key=lambda spike: -abs(spike[1]))
    return chart | {"y_max": high, "y_min": low, "spikes": spikes[:MARKED]}


def axis_end(done: float, epochs: int) -> int:
    """The axis grows in a few big steps, so that the lines do not shrink with every reading; of each, most is used."""
    ends = (end * 10**power for power in count() for end in AXIS_ENDS)
    return min(next(end for end in ends if end >= done), epochs)
