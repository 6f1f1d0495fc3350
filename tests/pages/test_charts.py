"""Charts are plain dictionaries: what they hold, and that they never grow."""

import json

import numpy as np
import pytest

from gan.records import Scores
from gan.runs import Snapshot
from gan.runs.state.history import History, Point
from gan.setup.config import RunConfig
from pages.shared.draw import charts, colours, figures, lines, pictures
from pages.shared.words import plain, readings
from tests.gan.runs.test_runs import EpochRecord, reading

POINTS = [Point(0.5, 1.4, 0.7, 0.6, 0.4), Point(1.0, 1.2, 0.9, 0.7, 0.3)]


def test_beliefs_have_a_fixed_axis_and_the_line_at_a_half():
    chart = charts.beliefs(POINTS, "light", epochs=60)
    assert chart["x"] == [0.5, 1.0] and chart["y_max"] == 1 and chart["guide"] == 0.5
    assert {str(line["name"]): line["values"] for line in chart["series"]} == {
        "D(real)": [0.6, 0.7],
        "D(fake)": [0.4, 0.3],
    }


def test_the_axis_of_variety_holds_more_than_ten_kinds():
    few, many = [("A", [(1.0, 7.5), (2.0, 9.8)])], [("A", [(1.0, 7.5)]), ("B", [(1.0, 11.6)])]
    assert charts.race(few, "variety", "light", epochs=2)["y_max"] == 10
    assert charts.race(many, "variety", "light", epochs=2)["y_max"] == 12
    assert figures.overlay(many, "variety", "light").layout.yaxis.range == (0, pytest.approx(12.24))
    assert charts.race(few, "d_loss", "light", epochs=2)["y_max"] is None


def test_losses_belong_to_the_right_network():
    chart = charts.losses(POINTS, "dark", epochs=60)
    assert {str(line["name"]): line["values"] for line in chart["series"]} == {
        "detective": [1.4, 1.2],
        "forger": [0.7, 0.9],
    }
    assert chart["series"][1]["colour"] == colours.FAKE["dark"]


NAN, BEYOND = float("nan"), float("inf")
BROKEN = [POINTS[0], Point(0.7, NAN, BEYOND, NAN, 0.4), Point(NAN, 1.0, 1.0, 0.5, 0.5), POINTS[1]]


@pytest.mark.parametrize("draw", [charts.beliefs, charts.losses])
def test_what_is_no_number_leaves_a_gap(draw):
    chart = draw(BROKEN, "light", epochs=60)
    assert chart["x"] == [0.5, 0.7, 1.0] and not chart["joined"], "a line that goes on would hide it"
    assert chart["series"][0]["values"][1] is None and None not in chart["series"][0]["values"][::2]
    assert json.loads(lines.encode(chart, "alt", 100), parse_constant=pytest.fail)


def test_scores_and_floors_that_are_no_numbers_are_left_out():
    scores = [(1.0, Scores(samples=9, realism=NAN)), (2.0, Scores(samples=9, realism=7.0))]
    chart = charts.score("realism", scores, Scores(samples=9, realism=NAN), "light", epochs=3)
    assert chart["x"] == [2.0] and chart["guide"] is None
    assert json.loads(lines.encode(chart, "alt", 100), parse_constant=pytest.fail)


def test_pictures_of_which_nothing_is_believed_have_no_bar():
    sheet = pictures.encode(np.zeros((2, 4, 4), np.uint8), "alt", "dark", (NAN, 0.25))
    assert json.loads(sheet, parse_constant=pytest.fail)["scores"] == [0, 0.25]


def test_an_empty_chart_is_drawn_too():
    assert charts.beliefs([], "light", epochs=3)["x"] == []
    assert "No points yet" in plain(readings.beliefs_alt([])) and "No points yet" in plain(readings.losses_alt([]))


def test_one_update_costs_the_same_after_a_thousand_epochs():
    def size(epochs: int) -> int:
        history = History()
        for epoch in range(1, epochs + 1):
            history.add(reading(epoch, 10 * epoch, EpochRecord))
        return len(json.dumps(charts.beliefs(history.points, "light", 100_000), default=str))

    assert size(100_000) <= size(399)


@pytest.mark.parametrize(
    ("done", "epochs", "end"),
    [(0, 60, 5), (5, 60, 5), (5.1, 60, 8), (30, 60, 30), (31, 60, 50), (51, 60, 60), (0, 3, 3)],
)
def test_the_axis_grows_in_big_steps_up_to_the_last_epoch(done, epochs, end):
    assert charts.axis_end(done, epochs) == end


def test_of_no_axis_is_much_unused_after_the_first_epochs():
    ends = [charts.axis_end(done + 0.01, 10_000) for done in range(5, 9_000)]
    assert all(done / end > 0.59 for done, end in enumerate(ends, 5))
    assert len(set(ends)) < 20


class TestRace:
    def test_lanes_share_their_axes_and_keep_their_own_epochs(self):
        curves = [("A", [(0.5, 90.0), (2.0, 30.0)]), ("B", [(1.0, 50.0)]), ("C", [])]
        chart = charts.race(curves, "realism", "light", epochs=8, mark=(20.0, "mark 20"))
        assert chart["x"] == [0.5, 1.0, 2.0] and chart["log"] and chart["guide"] == 20.0
        assert [line["values"] for line in chart["series"]] == [[90, None, 30], [None, 50, None], [None] * 3]
        assert [line["name"] for line in chart["series"]] == ["A", "B", "C"]
        assert len({line["colour"] for line in chart["series"]}) == len({str(line["dash"]) for line in chart["series"]})

    def test_long_curves_are_thinned_and_keep_their_end(self):
        curve = [(float(n), 0.5) for n in range(1, 5001)]
        chart = charts.race([("A", curve), ("B", curve)], "d_fake", "dark", epochs=5000)
        assert len(chart["x"]) <= charts.LANE_POINTS + 1 and chart["x"][-1] == 5000 and chart["y_max"] == 1

    def test_a_curve_leaves_out_what_is_no_number(self):
        snapshot = Snapshot("run", RunConfig(), points=(Point(1.0, float("nan"), 0.7, 0.6, 0.4), *POINTS))
        assert charts.curve(snapshot, "d_loss") == [(0.5, 1.4), (1.0, 1.2)]
        scores = (1.0, Scores(samples=9)), (2.0, Scores(samples=9, realism=7.0))
        assert charts.curve(Snapshot("run", RunConfig(), scores=scores), "realism") == [(2.0, 7.0)]


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours (WCAG 2.2, relative luminance)."""

    def luminance(colour: str) -> float:
        parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
        linear = [part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
        return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]

    low, high = sorted((luminance(one), luminance(other)))
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("name", ["REAL", "FAKE_INK", "DETECTIVE", "TEXT", "MUTED"])
@pytest.mark.parametrize(("theme", "background"), [("light", "#FFFFFF"), ("dark", "#111418")])
def test_colours_that_carry_text_can_be_read(name, theme, background):
    assert contrast(getattr(colours, name)[theme], background) >= 4.5


@pytest.mark.parametrize(("theme", "background"), [("light", "#FFFFFF"), ("dark", "#111418")])
def test_the_colours_of_lanes_can_be_read_and_mean_nothing_else(theme, background):
    assert all(contrast(colour, background) >= 4.5 for colour in colours.LANES[theme])
    others = {getattr(colours, name)[theme] for name in ("REAL", "FAKE", "FAKE_INK", "DETECTIVE")}
    assert not others & set(colours.LANES[theme])


@pytest.mark.parametrize("value", [1.0, 3.0, 9.0, 9.5, 10.0, 10.3, 10.6, 12.0, 30.0, 100.0])
def test_numbers_on_a_heat_map_can_be_read(value):
    background, ink = charts.heat(value, [1.0, 100.0])
    assert contrast(background, ink) >= 4.5


class TestAccuracy:
    def test_is_the_share_that_is_right_and_the_mean_probability_of_the_right_answer(self):
        points = [
            Point(1.0, 1.0, 1.0, 0.6, 0.4, real_passed=0.75, fake_passed=0.5),
            Point(2.0, 1.0, 1.0, 0.9, 0.2, real_passed=1.0, fake_passed=0.25),
        ]
        chart = charts.accuracy(points, "light", epochs=5)
        assert {str(line["name"]): line["values"] for line in chart["series"]} == {
            "right": [0.625, 0.875],
            "sure": [0.6, 0.85],
        }
        assert chart["guide"] == 0.5 and chart["y_max"] == 1 and chart["percent"]

    def test_of_a_run_from_before_has_a_gap(self):
        chart = charts.accuracy([*POINTS, Point(2.0, 1, 1, 0.5, 0.5, real_passed=1.0, fake_passed=0.0)], "dark", 60)
        assert chart["series"][0]["values"] == [None, None, 1.0] and None not in chart["series"][1]["values"]
        snapshot = Snapshot("run", RunConfig(), points=tuple(POINTS))
        assert charts.curve(snapshot, "d_right") == []


class TestSpikes:
    def chart(self, *losses, sign=1):
        points = [Point(n / 10, sign * loss, 0.7, 0.5, 0.5) for n, loss in enumerate(losses, start=1)]
        return charts.losses(points, "light", epochs=60)

    def test_one_does_not_flatten_the_rest_and_is_marked_with_its_value(self):
        chart = self.chart(*[1.0 + n % 3 / 10 for n in range(50)], 31.0, *[1.0] * 20)
        assert 1.2 < chart["y_max"] < 3 and [spike[:2] for spike in chart["spikes"]] == [[5.1, 31.0]]
        assert 31.0 in chart["series"][0]["values"], "nothing is hidden from who looks closer"

    def test_below_is_marked_too(self):
        chart = self.chart(*[1.0] * 50, 31.0, *[1.0] * 20, sign=-1)
        assert chart["y_min"] > -3 and chart["spikes"][0][1] == -31.0 and chart["y_max"] is None

    def test_losses_that_have_died_down_to_nothing_still_have_an_axis(self):
        points = [Point(n / 10, loss, -loss, 0.5, 0.5) for n, loss in enumerate([0.8, *[1e-6] * 60], start=1)]
        chart = charts.losses(points, "light", epochs=60)
        assert chart["y_max"] == -chart["y_min"] == 0.1 and {abs(spike[1]) for spike in chart["spikes"]} == {0.8}

    @pytest.mark.parametrize("losses", [[1.0] * 29, [1.0 + n / 10 for n in range(80)], [1.0] * 60 + [30.0] * 4])
    def test_what_goes_on_is_no_spike(self, losses):
        chart = self.chart(*losses)
        assert chart["y_max"] is None and chart["spikes"] == []
