"""The page that compares recipes: before, during and after, with more seeds, after F5, and from the library."""

from dataclasses import replace

import pytest
from streamlit.testing.v1 import AppTest

from gan.records import Scores
from gan.runs import Kind
from gan.runs.server.contest_rules import Out
from gan.setup import presets
from pages.shared.contests.versus import claims, setup, table, words
from pages.shared.tab import contest_tab, looks
from pages.shared.words import races, states
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import button, labels, texts


@pytest.fixture(autouse=True)
def scored(monkeypatch):
    """The VAE is best on the way."""

    def scores(trainer):
        realism = {"gan": 20.0, "vae": 10.0}.get(trainer.config.family, 40.0) / trainer.epoch
        return Scores(samples=9, realism=realism, variety=5.0, seconds=trainer.epoch)

    monkeypatch.setattr(FakeTrainer, "scores", property(scores))


@pytest.fixture
def page(app):
    app.run()
    return app.switch_page("contests/versus.py").run()


def begun(page, seconds: int = 10):
    """Press Start; the comparison, its runs and their trainers, in the order of the lanes."""
    page.select_slider(key="versus_seconds").set_value(seconds).run()
    button(page, "Start the comparison").click().run()
    contest = contest_tab.contests().get(page.query_params["versus"])
    return contest, *taking_part(contest)


def taking_part(contest):
    runs = contest_tab.contests().runs(contest)
    wait_until(lambda: all(run.snapshot().reading for run in runs))
    made = {trainer.config: trainer for trainer in FakeTrainer.made}
    return runs, [made[run.config] for run in runs]


def to_the_end(page, runs, trainers, seconds: int = 10):
    for trainer in trainers:
        trainer.go(seconds)
    assert all(run.wait(10) for run in runs)
    page.run()


def html_of(page) -> str:
    return " ".join(each.proto.body for each in page.get("html"))


def test_before_the_start_a_recorded_comparison_tells_something(page):
    assert not page.exception
    text = texts(page)
    assert str(words.ABOUT) in text and str(words.FAIR) in text and "Recorded beforehand" in text
    found = setup.recording()
    assert {"quick", "vae", "diffusion"} <= {each.recipe for each in found.courses}
    assert all(each.measures and each.curve for each in found.courses)
    assert min(len(found.realisms(each.recipe)) for each in found.firsts) == 3
    assert "<table" in html_of(page) and str(table.ROWS[0].title) in html_of(page)
    assert [item.label for item in page.button] == ["Start the comparison"]


def test_recipes_come_from_the_presets_and_failures_stay_out(page):
    offered = setup.offered()
    assert {"quick", "vae", "vae_plane", "diffusion", "biggan"} <= set(offered)
    assert not {"collapse", "collapse_cured", "dots"} & set(offered)
    assert page.multiselect(key="versus_recipes").value == [*setup.FIRST]


@pytest.mark.parametrize("few", [[], ["vae"]])
def test_one_alone_cannot_be_compared(page, few):
    page.multiselect(key="versus_recipes").set_value(few).run()
    assert button(page, "Start the comparison").disabled
    assert "A comparison needs 2 to 4 different recipes" in page.warning[0].value


def test_they_take_turns_and_say_how_far_they_are(page):
    contest, runs, trainers = begun(page)
    assert contest.kind is Kind.VERSUS and contest.seconds == 10
    assert [run.config for run in runs] == [presets.get(name).but(epochs=10_000) for name in setup.FIRST]
    for trainer in trainers:
        trainer.go(2)
    wait_until(lambda: all(run.snapshot().seconds == 2 for run in runs))
    page.run()
    found = html_of(page)
    assert "2 of 10 s" in found and "is ahead at the moment" in found and "Autoencoder (VAE)" in found
    assert "Stop all" in labels(page) and "New comparison" not in labels(page) and "<table" not in found
    assert not page.exception


def test_on_the_train_page_one_of_them_goes_by_its_seconds(page):
    _, runs, trainers = begun(page)
    for trainer in trainers:
        trainer.go(2)
    wait_until(lambda: all(run.snapshot().seconds == 2 for run in runs))
    page.query_params["run"] = runs[0].run_id
    page.switch_page("train.py").run()
    assert not page.exception
    found = html_of(page)
    assert "10,000" not in found and "<b>3</b> <small>epoch</small>" in found and "<b>8 s</b> <small>left" in found
    assert runs[0].snapshot().epochs == 10  # at this pace


def test_at_the_end_the_table_is_filled_and_sentences_say_what_it_shows(page):
    _, runs, trainers = begun(page)
    to_the_end(page, runs, trainers)
    found, text = html_of(page), texts(page)
    assert "New comparison" in labels(page) and not page.exception
    for told in ("4.0", "8.0", "0.30", "0.56", "cannot", "10%", "400 ms", "60%", "one seed", "100"):
        assert told in found, told
    assert found.count("role='tooltip'") == 5 * (len(table.ROWS) + 1), "each cell says how it was measured"
    assert "<b>4.0</b>" in found and "<b>0.50</b>" in found and "<b>4 ms</b>" in found
    assert "Quick came nearest to the real pictures" in text
    assert "So it is here: sharpness 0.30, real pictures 0.56" in text
    assert "Not in so short a time" in text and "100 times as long" in text
    assert "Not more than the others here" in text


def test_one_of_them_does_not_go_on_and_stays_measured(page, manager):
    _, runs, trainers = begun(page)
    to_the_end(page, runs, trainers)
    measured = runs[0].snapshot().measures
    page.query_params.clear()
    page.query_params["run"] = runs[0].run_id
    train = page.switch_page("train.py").run()
    assert not train.exception and not [each for each in train.button if each.key == "resume"]
    with pytest.raises(ValueError, match="stays as it ended"):
        manager.starting.resume(runs[0].run_id, "somebody")
    assert measured and manager.get(runs[0].run_id).snapshot().measures == measured


def test_what_was_measured_is_not_trained_on_but_can_be_forked(page, store):
    _, runs, trainers = begun(page)
    to_the_end(page, runs, trainers)
    measured = runs[0].snapshot().measures
    assert measured
    page.button(key="open_A").click().run()
    assert not page.exception and not [each for each in labels(page) if each.startswith("Go on")]
    page.switch_page("train.py").run()
    page.segmented_control(key=looks.VIEW).set_value(states.PAST).run()
    page.button(key="fork").click().run()
    assert not page.exception
    fork = contest_tab.session.manager().get(page.query_params["run"])
    wait_until(lambda: fork.snapshot().reading)
    assert fork.snapshot().parent == runs[0].run_id and fork.snapshot().budget is None
    assert store.load(runs[0].run_id).measures == measured


def test_more_seeds_show_how_much_luck_there_is(page):
    contest, runs, trainers = begun(page)
    to_the_end(page, runs, trainers)
    button(page, str(words.MORE)).click().run()
    (more,) = contest_tab.contests().more_of(contest)
    assert more.values == tuple((name, seed) for seed in (2, 3) for name in setup.FIRST)
    runs, trainers = taking_part(more)
    page.run()
    assert "More seeds, one after the other: 0% done." in html_of(page)
    to_the_end(page, runs, trainers)
    assert "4.0 – 6.0" in html_of(page) and "8.0 – 10.0" in html_of(page)
    assert str(words.MORE) not in labels(page) and not page.exception


def test_who_stops_it_sees_what_there_is(page):
    _, runs, trainers = begun(page)
    trainers[0].go(1)
    button(page, "Stop all").click().run()
    assert all(run.wait(5) for run in runs)
    page.run()
    assert "None of them trained to the end" in texts(page) and "not measured" in html_of(page)
    assert "New comparison" in labels(page) and not page.exception
    button(page, "New comparison").click().run()
    assert "Start the comparison" in labels(page)


def test_one_that_somebody_steered_says_so_and_one_that_failed_too(page):
    _, runs, trainers = begun(page)
    runs[0].change(learning_rate=1e-3)
    trainers[1].fail(MemoryError())
    trainers[0].go(10)
    for trainer in trainers[2:]:
        trainer.go(10)
    assert all(run.wait(10) for run in runs)
    page.run()
    assert "out: its settings were changed" in html_of(page) and "Something went wrong" in html_of(page)
    assert "not measured" in html_of(page) and not page.exception


def test_a_link_shows_it_to_others_and_one_that_leads_nowhere_says_so(page, app):
    contest, *_ = begun(page)
    other = AppTest.from_file(app._script_path, default_timeout=60)
    other.query_params["versus"] = contest.contest_id
    other.run()
    other.switch_page("contests/versus.py").run()
    assert "10 seconds of training for each" in html_of(other) and not other.exception
    lost = AppTest.from_file(app._script_path, default_timeout=60)
    lost.query_params["versus"] = "deadbeef"
    lost.run()
    lost.switch_page("contests/versus.py").run()
    assert str(words.LOST) in " ".join(each.value for each in lost.info)


def test_the_library_lists_it_as_one(page, store):
    contest, runs, trainers = begun(page)
    to_the_end(page, runs, trainers)
    page.switch_page("library.py").run()
    assert (
        "Comparison: Quick, Autoencoder (VAE), Autoencoder with a detective (VAE-GAN), Diffusion" in texts(page)
        and not page.exception
    )
    page.button(key=f"open_{contest.contest_id}").click().run()
    assert page.query_params["versus"] == contest.contest_id or page.query_params["versus"] == [contest.contest_id]
    assert "<table" in html_of(page)


def test_the_sentences_turn_round_where_the_numbers_do():
    found = setup.recording()
    told = " ".join(str(each) for each in claims.told(found))
    best = min(found.firsts, key=lambda each: each.realism)
    assert f"{words.title(best)} came nearest" in told
    assert ("Courses say that diffusion draws best" in told) == (best.family == "diffusion")


class TestOneThatSomebodySteered:
    """It shows its numbers, and wins nothing."""

    @pytest.fixture
    def best(self):
        return min(setup.recording().firsts, key=lambda each: each.realism)

    @pytest.fixture
    def found(self, best):
        whole = setup.recording()
        return replace(whole, courses=tuple(replace(each, is_changed=each is best) for each in whole.firsts))

    def test_no_sentence_counts_it(self, found, best):
        told = " ".join(str(each) for each in claims.told(found))
        second = min((each for each in found.firsts if not each.is_changed), key=lambda each: each.realism)
        assert f"{words.title(second)} came nearest" in told and str(words.title(best)) not in told

    def test_the_table_shows_its_numbers_and_marks_none(self, found, best):
        first, lane = table.table(setup.recording()), setup.recording().firsts.index(best)
        marked, after = f"<b>{best.realism:.1f}</b>", table.table(found)
        assert marked in first and marked not in after and f">{best.realism:.1f}<" in after
        rows = after.split("<tr>")[1:]
        assert not any(row.split("<td")[lane + 1].count("<b>") for row in rows[1:]) and "<b>" in after

    def test_it_says_nothing_of_how_much_luck_there_is(self, best):
        whole = setup.recording()
        wild = replace(best.measures, scores=replace(best.measures.scores, realism=987.6))
        steered = replace(best, seed=99, is_changed=True, measures=wild)
        assert 987.6 not in replace(whole, courses=(*whole.courses, steered)).realisms(best.recipe)
        alone = replace(whole, courses=tuple(replace(each, is_changed=True) for each in whole.firsts))
        assert str(races.OUTS[Out.CHANGED]) in table._stability(alone) and "one seed" not in table._stability(alone)

    def test_it_is_not_ahead(self, found, best):
        assert str(words.title(best)) in str(words.ahead(setup.recording().firsts))
        assert str(words.title(best)) not in str(words.ahead(found.firsts))

    def test_where_all_were_steered_none_is_best(self, found):
        none = replace(found, courses=tuple(replace(each, is_changed=True) for each in found.firsts))
        (told,) = claims.told(none)
        assert "settings were changed" in str(told) and words.ahead(none.firsts) == races.NOBODY
        assert "<b>" not in table.table(none)


@pytest.mark.parametrize(
    ("numbers", "real", "row", "best"),
    [
        ([3.0, 1.0, None], 0.5, 0, {1}),
        ([3.04, 3.0, 9.0], 0.5, 0, {0, 1}),  # shown alike
        ([0.3, 0.7, 0.9], 0.56, 1, {1}),  # nearest to the real pictures
        ([9.0, 10.0, 8.0], 10.0, 2, {1}),
        ([None, 0.1, None], None, 6, set()),  # nobody to compare with
    ],
)
def test_the_best_of_a_row(numbers, real, row, best):
    assert table.winners(table.ROWS[row], numbers, real) == best
