"""Who is winning: all numbers on the stage agree, now and in the past, or a sentence says why they do not."""

import itertools
import math
from dataclasses import replace

import pytest

from gan.doctor import Condition, Diagnosis
from gan.messages import verbatim
from gan.records import Point, Scores
from gan.runs import Snapshot
from gan.runs.state import balance
from gan.runs.state.situation import Situation
from gan.setup.config import RunConfig
from pages.shared.stage import doctor_bar, standing
from pages.shared.words import plain, readings, states
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import button, started, texts


@pytest.fixture
def judge(monkeypatch):
    """`judge(how)` has each epoch's reading say what share of reals and fakes passed: `how(epoch)`."""
    plain_reading = FakeTrainer._reading

    def judge(how):
        def reading(self, kind, epoch):
            found = plain_reading(self, kind, epoch)
            real, fake = how(epoch) if epoch else (math.nan, math.nan)
            return replace(found, real_passed=real, fake_passed=fake)

        monkeypatch.setattr(FakeTrainer, "_reading", reading)

    return judge


def trained(page, manager, epochs=3):
    run, trainer = started(page, manager)
    trainer.go(epochs)
    wait_until(lambda: len(run.snapshot().records) == epochs)
    page.run()
    return run


def test_rope_caption_and_verdict_say_the_same(train_page, manager):
    run = trained(train_page, manager)
    said = texts(train_page)
    # 7 of 8 real pictures and 1 of 4 fakes passed: (0.875 + 0.75) / 2, and 18 of 24 is 0.75
    assert "The detective is right <b>81%</b> of the time" in said and "spots 18 of 24" in said
    assert 'style="width:62%"' in said and 'class="rope_note"' not in said
    button(train_page, "Stop").click().run()
    assert run.wait(5)
    assert "The detective gets 81% right: it can often tell." in texts(train_page.run())


def test_before_the_first_step_nobody_wins(train_page, manager):
    started(train_page, manager)
    assert "Nobody is winning yet" in texts(train_page) and 'class="rope"' not in texts(train_page)


@pytest.mark.parametrize(("ema", "why"), [(0.999, "forger&#x27;s average"), (0, "a few of this moment")])
def test_where_the_fakes_on_screen_are_spotted_more_rarely_it_says_why(ema, why, train_page, manager, judge):
    judge(lambda epoch: (0.95, 0.02))
    train_page.session_state["ema"] = ema
    run = trained(train_page, manager)
    run._snapshot = replace(run.snapshot(), config=run.config.but(ema=ema))
    said = texts(train_page.run()).replace("'", "&#x27;")
    assert "It spots 98% of" in said and why in said


def test_the_past_has_the_rope_of_its_epoch(train_page, manager, judge):
    judge(lambda epoch: (0.5 + epoch / 10, 0.5 - epoch / 10))
    run = trained(train_page, manager)
    train_page.segmented_control(key="view").set_value(states.PAST).run()
    for epoch, share, count in ((1, "60%", "1 of"), (2, "65%", "2 of"), (3, "70%", "3 of")):
        train_page.select_slider(key=f"past_{run.watch_id}").set_value(epoch).run()
        assert f"right <b>{share}</b>" in texts(train_page) and f"<b>{count}" in texts(train_page)
    train_page.select_slider(key=f"past_{run.watch_id}").set_value(0).run()
    assert "Nobody is winning yet" in texts(train_page) and not train_page.exception


def test_what_is_read_out_changes_with_the_situation_alone():
    points = tuple(
        Point(n / 4, 1.0, 1.0, 0.9, 0.1, weight=30, real_passed=0.98, fake_passed=0.01) for n in range(1, 80)
    )
    said = {standing._situation(Snapshot("a", RunConfig(), points=points[:n]), None) for n in range(30, 80)}
    assert len(said) == 1 and 'role="status"' in said.pop()


def test_the_doctor_is_read_out_when_the_verdict_changes_and_not_with_each_number(monkeypatch):
    told = []
    monkeypatch.setattr(doctor_bar.st, "html", told.append)
    for number, condition in enumerate([*3 * [Condition.HEALTHY], Condition.OSCILLATION]):
        doctor_bar.tell(Diagnosis(condition, verbatim(f"The loss is {number}."), verbatim("")))
    read_out = [each for each in told if 'role="status"' in each]
    shown = [each for each in told if 'class="doctor' in each]
    assert len(read_out) == len(shown) == 4 and len({*shown}) == 4
    assert len({*read_out[:3]}) == 1 and read_out[3] != read_out[0] and "loss" not in "".join(read_out)


def test_every_situation_has_a_sentence_of_its_own():
    assert set(readings.SITUATIONS) == set(Situation)
    assert len({plain(each) for each in readings.SITUATIONS.values()}) == len(Situation)


def old(**changes):
    """A run from before right answers were counted."""
    points = tuple(Point(n / 4, 1.0, 1.0, 0.9, 0.1, weight=30) for n in range(1, 30))
    return Snapshot("old", RunConfig(), points=points, **changes)


def test_an_older_run_says_that_it_was_not_counted():
    assert "not counted" in standing._winning(old(), None)
    assert "<i " not in standing._rope(old(), 5, None) and "role=" not in standing._rope(old(), 5, None)
    assert plain(readings.verdict(old())) == "D(fake) is 0.10: the detective can nearly always tell."
    assert "was not counted" in plain(readings.accuracy_alt(old().points))


def test_a_critic_says_what_right_means():
    points = (Point(1.0, 1.0, 1.0, 0.5, 0.5, weight=30, real_passed=0.8, fake_passed=0.2),)
    assert "points" in plain(readings.note(Snapshot("w", RunConfig(loss="wgan_gp"), points=points), 0.8, math.inf))
    assert readings.note(Snapshot("w", RunConfig(), points=points), 0.8, math.inf) is None


@pytest.mark.parametrize(
    ("share", "words"), [(0.5, "hardly"), (0.6, "hardly"), (0.61, "often"), (0.86, "nearly always")]
)
def test_the_verdict_is_of_the_rope(share, words):
    points = (Point(1.0, 1.0, 1.0, 0.5, 0.5, weight=300, real_passed=share, fake_passed=1 - share),)
    said = plain(readings.verdict(Snapshot("a", RunConfig(), points=points)))
    assert f"{share:.0%} right" in said and words in said


class TestTheEnd:
    """What is said of a run that has ended does not contradict the numbers that stand beside it."""

    @staticmethod
    def ended(real_passed, fake_passed, d_fake=0.5, count=20, **changes):
        shares = {"real_passed": real_passed, "fake_passed": fake_passed}
        points = tuple(Point(n / 4, 1.0, 1.0, 0.5, d_fake, weight=30, **shares) for n in range(1, count))
        return Snapshot("a", RunConfig(), points=points, **changes)

    def test_the_share_is_that_of_the_rope(self):
        for real, fake in itertools.product((0, 0.3, 0.504, 0.846, 1), repeat=2):
            snapshot = self.ended(real, fake)
            share = f"{balance.accuracy(snapshot.points):.0%}"
            assert share in plain(readings.verdict(snapshot)) and share in standing._winning(snapshot, None)

    def test_who_takes_all_for_fake_is_not_said_to_tell_hardly_beside_a_d_fake_of_5_percent(self):
        assert "nearly all for fake" in plain(readings.verdict(self.ended(0.04, 0.01, d_fake=0.05)))
        assert "nearly all for real" in plain(readings.verdict(self.ended(0.99, 0.97, d_fake=0.95)))
        assert "hardly tell" in plain(readings.verdict(self.ended(0.5, 0.45)))
        assert "nearly always" in plain(readings.verdict(self.ended(0.99, 0.01)))

    def test_a_number_that_is_none_says_nothing(self):
        snapshot = self.ended(math.nan, math.nan, d_fake=0.3)
        assert "D(fake) is 0.30" in plain(readings.verdict(snapshot))
        broken = replace(snapshot, points=(*snapshot.points, Point(9.0, math.nan, math.nan, math.nan, math.nan)))
        assert "D(fake) is 0.30" in plain(readings.verdict(broken))
        assert readings.verdict(replace(snapshot, points=broken.points[-1:])) is None

    def test_the_words_are_those_of_the_number_that_is_shown(self):
        said = plain(readings.verdict(self.ended(math.nan, math.nan, d_fake=0.404)))
        assert "D(fake) is 0.40" in said and "often" in said


class TestScores:
    FLOOR = Scores(samples=1000, realism=0.5, variety=9.9, precision=0.9, recall=0.9, copying=1.0)

    @pytest.fixture
    def scored(self, train_page, manager, monkeypatch):
        scores = Scores(samples=1000, realism=12.5, variety=7.5, precision=0.5, recall=0.4, copying=1.3)
        monkeypatch.setattr(FakeTrainer, "scores", scores)
        monkeypatch.setattr(FakeTrainer, "floor", self.FLOOR)
        trained(train_page, manager)
        return train_page.segmented_control(key="view").set_value(states.SCORES).run()

    def test_one_is_large_and_all_are_numbers_beside_what_real_pictures_get(self, scored):
        labels = [item.label for item in scored.button if item.key.startswith("show_")]
        assert labels[0] == "**12.5** Realism (real 0.5)" and len(labels) == len(readings.SCORES)
        assert "One sees what they are meant to be." in texts(scored)

    def test_a_tap_swaps_and_the_choice_stays(self, scored):
        scored.button(key="show_recall").click().run()
        assert "The share of real pictures that have fakes like them" in texts(scored)
        scored.segmented_control(key="view").set_value(states.CHARTS).run()
        scored.segmented_control(key="view").set_value(states.SCORES).run()
        assert "The share of real pictures that have fakes like them" in texts(scored) and not scored.exception


@pytest.mark.parametrize(("times", "words"), [(1, "Nearly"), (3, "Nearly"), (4, "Close"), (25, "meant to be"),
                                              (200, "far from"), (400, "Nothing like")])  # fmt: skip
def test_realism_in_words_goes_by_what_real_pictures_get(times, words):
    for floor in (0.3, 2.0):
        assert words in plain(readings.realism_in_words(times * floor, Scores(samples=9, realism=floor)))
    assert readings.realism_in_words(5.0, None) is None is readings.realism_in_words(None, Scores(samples=9, realism=1))


@pytest.mark.parametrize(
    ("link", "shown"),
    [
        ({"reading_level": "scientist"}, True), ({"reading_level": "tinkerer"}, False),
        ({"reading_level": "scientist", "loss": "hinge"}, False),
        ({"reading_level": "scientist", "stabilisers": "r1=1"}, False),
    ],
)  # fmt: skip
def test_the_formula_has_the_runs_own_number_where_the_loss_is_the_games_value(app, manager, link, shown):
    for name, value in link.items():
        app.query_params[name] = value
    page = app.switch_page("train.py").run()
    run, trainer = started(page, manager)
    trainer.go(1)
    wait_until(lambda: run.snapshot().points)
    page.run()
    assert not page.exception and run.config.loss == link.get("loss", "non_saturating")
    assert ("Now it is **-1.25**" in texts(page)) is shown
