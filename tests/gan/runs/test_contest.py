"""Contests: who wins by which rule, computed from records made by hand; and that contests outlive a server."""

import sqlite3
from dataclasses import replace

import pytest

from gan.records import Change, EpochRecord, Scores
from gan.runs import Contest, Contests, Kind, RunManager, RunState, Snapshot
from gan.runs.kept import database, rows
from gan.runs.kept.library import Library
from gan.runs.kept.store import Store
from gan.runs.server.contest import race_configs, scored_of, sweep_configs, versus_configs
from gan.runs.server.contest_rules import RULES, Out, is_over, leaders, standings
from gan.runs.state.comparison import Comparison, Course
from gan.runs.state.limits import Limits
from gan.setup.config import RunConfig
from tests.fakes import FakeEyes, FakeTrainer, wait_until

CONFIG = RunConfig(epochs=3)


def record(epoch: int, seconds: float = 10.0, d_fake: float = 0.5) -> EpochRecord:
    numbers = {"d_loss": 1.0, "g_loss": 1.0, "d_real": 0.5, "d_fake": d_fake, "steps_per_second": 1.0}
    return EpochRecord(epoch=epoch, step=10 * epoch, seconds=seconds, samples=None, **numbers)


def snapshot(*scored: tuple[float, float | None], state=RunState.FINISHED, d_fake=0.5, seconds=10.0, variety=5.0):
    """A run of three epochs with these (epoch, realism)."""
    return Snapshot(
        "run",
        CONFIG,
        state=state,
        records=tuple(record(epoch, seconds, d_fake) for epoch in (1, 2, 3)),
        scores=tuple((epoch, Scores(samples=9, realism=each, variety=variety)) for epoch, each in scored),
    )


def result(name: str, *snapshots, target: float = 20.0):
    found = standings(RULES[name], snapshots, target)
    return leaders(found), [each.number for each in found], [each.out for each in found]


class TestRules:
    def test_the_best_realism_is_the_lowest_of_the_last_ones(self):
        winners, numbers, _ = result("realism", snapshot((1, 5), (3, 9)), snapshot((3, 7.44)), snapshot((3, 50)))
        assert winners == [1] and numbers == [9, 7.4, 50]

    def test_the_most_variety_is_the_highest(self):
        assert result("variety", snapshot((3, 9), variety=6.2), snapshot((3, 5), variety=9.1))[:2] == ([1], [6.2, 9.1])

    def test_the_most_believed_fakes_are_those_of_the_last_epoch(self):
        assert result("d_fake", snapshot(d_fake=0.3), snapshot(d_fake=0.412))[:2] == ([1], [0.3, 0.41])

    def test_speed_is_read_off_between_two_measurements_on_a_logarithmic_axis(self):
        # From 80 to 5 within two epochs of 10 s: at 20 after half of them.
        winners, numbers, _ = result("speed", snapshot((0.5, 80), (2.5, 5)), snapshot((1, 19), (3, 1), seconds=16))
        assert winners == [0] and numbers == [15, 16]

    def test_speed_counts_the_seconds_of_each_epoch(self):
        slow_start = replace(snapshot((2, 40), (3, 20)), records=(record(1, 30), record(2, 4), record(3, 2)))
        assert result("speed", slow_start)[1] == [36]

    def test_speed_has_no_number_before_the_epoch_is_whole(self):
        running = replace(snapshot((2.5, 5), state=RunState.RUNNING), records=(record(1), record(2)))
        assert result("speed", running) == ([], [None], [None])

    def test_who_never_reaches_the_mark_cannot_win(self):
        assert result("speed", snapshot((3, 21)), snapshot((3, 20))) == ([1], [None, 30], [Out.UNMEASURED, None])

    def test_a_perfect_realism_of_zero_counts(self):
        assert result("speed", snapshot((1, 40), (2, 0)))[1] == [20]

    @pytest.mark.parametrize("name", RULES)
    def test_runs_without_any_number_have_no_winner(self, name):
        bare = Snapshot("run", CONFIG, state=RunState.FINISHED)
        assert result(name, bare, bare) == ([], [None, None], [Out.UNMEASURED] * 2)

    @pytest.mark.parametrize("name", ["realism", "speed", "variety"])
    def test_pictures_without_a_referee_have_no_winner(self, name):
        assert result(name, snapshot((3, None), variety=None))[0] == []


class TestStandings:
    def test_equal_numbers_share_a_place_and_the_next_one_is_left_out(self):
        found = standings(RULES["realism"], [snapshot((3, each)) for each in (7.04, 9, 6.96, 8)])
        assert [each.place for each in found] == [1, 4, 1, 3] and leaders(found) == [0, 2]

    @pytest.mark.parametrize(
        ("lost", "why"),
        [
            (snapshot((3, 1), state=RunState.FAILED), Out.FAILED),
            (snapshot((3, 1), state=RunState.STOPPED), Out.STOPPED),
            (snapshot((3, 1), state=RunState.ABANDONED), Out.STOPPED),
            (snapshot((3, 1), state=RunState.INTERRUPTED), Out.STOPPED),
            (replace(snapshot((3, 1)), changes=(Change(5, 0.5, {"learning_rate": 0.1}),)), Out.CHANGED),
            (snapshot((3, float("nan"))), Out.UNMEASURED),
            (None, Out.GONE),
        ],
    )
    def test_only_those_count_that_reach_the_end_as_they_began(self, lost, why):
        winners, _, outs = result("realism", lost, snapshot((3, 99)))
        assert winners == [1] and outs == [why, None]

    def test_while_they_run_the_newest_numbers_count(self):
        live = [snapshot((1, each), state=RunState.RUNNING) for each in (9, 5)]
        fresh = Snapshot("run", CONFIG, state=RunState.QUEUED)
        found = standings(RULES["realism"], [*live, fresh])
        assert [each.place for each in found] == [2, 1, None] and found[2].out is None
        assert not is_over([*live, None]) and is_over([snapshot(), None])


class TestConfigs:
    def test_a_race_changes_one_thing(self):
        configs = race_configs(CONFIG, "learning_rate", ["2e-4", 2e-3])
        assert [each.changes_from(CONFIG) for each in configs] == [{"learning_rate": 2e-4}, {}]

    def test_a_table_goes_row_by_row(self):
        configs = sweep_configs(CONFIG, {"latent_size": [2, 4], "learning_rate": [1e-4, 1e-3]})
        assert [(each.latent_size, each.learning_rate) for each in configs] == [
            (2, 1e-4), (2, 1e-3), (4, 1e-4), (4, 1e-3),
        ]  # fmt: skip

    @pytest.mark.parametrize(
        ("setting", "values", "said"),
        [
            ("learning_rate", ["fast", 1], "learning_rate cannot be 'fast': it must be a number"),
            ("learning_rate", ["0.001", 1e-3], "cannot have the same value twice"),
            ("latent_size", [2], "needs 2 to 4 different values"),
            ("latent_size", [1, 2, 3, 4, 5], "needs 2 to 4 different values"),
            ("stabilisers", ["", "spectral"], "stabilisers cannot be 'spectral'"),
        ],
    )
    def test_bad_values_are_refused_with_a_sentence(self, setting, values, said):
        with pytest.raises(ValueError, match=said):
            race_configs(CONFIG, setting, values)


@pytest.fixture
def manage(tmp_path, monkeypatch):
    """`manage()` is a server's manager with a store; each call is a server that has been started again."""
    managers = []
    monkeypatch.setattr(FakeTrainer, "made", [])

    def manage(at_once: int = 2, is_kept: bool = True) -> RunManager:
        for manager in managers:
            manager.stop_all()
        store = Store(Library(tmp_path)) if is_kept else None
        managers.append(RunManager(FakeTrainer, Limits(runs_at_once=at_once), store, FakeEyes))
        return managers[-1]

    yield manage
    managers[-1].stop_all()


class TestContests:
    def race(self, manager):
        return Contests(manager).race(CONFIG, "learning_rate", [1e-4, 1e-3], "speed", "ann", target=25.0, guess=1)

    def test_a_race_begins_together_and_knows_what_differs(self, manage):
        manager = manage(at_once=1)
        race = self.race(manager)
        runs = Contests(manager).runs(race)
        assert race.kind is Kind.RACE and race.settings == ("learning_rate",) and race.values == ((1e-4,), (1e-3,))
        assert [run.config.learning_rate for run in runs] == [1e-4, 1e-3]
        wait_until(lambda: all(run.snapshot().state is RunState.RUNNING for run in runs))

    def test_a_table_waits_for_its_places(self, manage):
        manager = manage()
        sweep = Contests(manager).sweep(CONFIG, {"latent_size": [2, 4], "learning_rate": [1e-4, 1e-3]}, "ann")
        runs = Contests(manager).runs(sweep)
        assert sweep.values == ((2, 1e-4), (2, 1e-3), (4, 1e-4), (4, 1e-3))
        wait_until(lambda: [run.snapshot().place for run in runs] == [None, None, 1, 2])

    def versus(self, manager, **more) -> Contest:
        return Contests(manager).versus(["quick", "vae"], "fashion", 3.0, "ann", **more)

    def test_recipes_take_turns_for_as_many_seconds_and_are_measured(self, manage):
        manager = manage(at_once=1, is_kept=False)
        contest = self.versus(manager)
        first, second = runs = Contests(manager).runs(contest)
        assert contest.settings == ("recipe", "seed") and contest.values == (("quick", 1), ("vae", 1))
        assert [run.config.family for run in runs] == ["gan", "vae"] and contest.base.data == "fashion"
        wait_until(lambda: len(FakeTrainer.made) == 2)
        quick, vae = sorted(FakeTrainer.made, key=lambda each: each.config.family)
        wait_until(lambda: all(run.snapshot().reading for run in runs))
        assert [run.snapshot().seconds for run in runs] == [0, 0], "waiting is no training"
        assert quick.budget == vae.budget and quick.budget.seconds == 3
        quick.go(2)  # seconds
        wait_until(lambda: first.snapshot().seconds == 1)
        assert not first.wait(0.1) and first.snapshot().seconds == 1, "it is the other's turn"
        vae.go(3)
        wait_until(lambda: second.snapshot().seconds == 2)
        quick.go(1)
        assert first.wait(5) and second.wait(5)
        assert [run.snapshot().state for run in runs] == [RunState.FINISHED] * 2
        assert [run.snapshot().measures.error for run in runs] == [None, 0.1]

    def test_one_that_is_stopped_is_not_measured_and_holds_nobody_up(self, manage):
        manager = manage(is_kept=False)
        first, second = Contests(manager).runs(self.versus(manager))
        first.stop()
        assert first.wait(5) and first.snapshot().state is RunState.STOPPED and first.snapshot().measures is None
        vae = next(each for each in FakeTrainer.made if each.config.family == "vae" and each.config is second.config)
        vae.go(3)
        assert second.wait(5) and second.snapshot().measures

    @pytest.mark.parametrize("seconds", [2, 3])
    def test_a_run_stays_as_it_ended_and_trains_on_as_a_fork(self, manage, seconds):
        manager = manage()
        contest = self.versus(manager)
        runs = Contests(manager).runs(contest)
        wait_until(lambda: all(run.snapshot().reading for run in runs))
        for trainer in FakeTrainer.made:
            trainer.go(seconds)
        wait_until(lambda: all(run.snapshot().seconds == seconds for run in runs))
        if seconds < 3:
            for run in runs:
                run.stop()
        assert all(run.wait(5) for run in runs)
        before = runs[0].snapshot()
        assert bool(before.measures) == (seconds == 3)
        for begins_anew in (False, True):
            server = manage() if begins_anew else manager
            with pytest.raises(ValueError, match="To train on, fork it"):
                server.starting.resume(before.run_id, "ann")
            after = server.get(before.run_id).snapshot()
            assert (after.state, after.budget, after.measures) == (before.state, 3.0, before.measures)
        fork = server.starting.fork(before.config.but(epochs=5), server.get(before.run_id), 2, "ann")
        wait_until(lambda: fork.snapshot().reading)
        trainer = FakeTrainer.made[-1]
        assert (trainer.start, trainer.budget, fork.snapshot().budget) == (b"after 2", None, None)
        trainer.go(3)
        assert fork.wait(5) and fork.snapshot().state is RunState.FINISHED and not fork.snapshot().unkept

    def test_what_was_measured_outlives_the_server(self, manage):
        manager = manage()
        contest = self.versus(manager, seeds=(2,), more_of="cafe")
        wait_until(lambda: len([each for each in FakeTrainer.made if each.budget]) >= 2)
        for trainer in FakeTrainer.made:
            trainer.go(3)
        before = [run.wait(5) and run.snapshot() for run in Contests(manager).runs(contest)]
        contests = Contests(manage())
        assert contests.get(contest.contest_id) == contest and contests.more_of(contest) == []
        assert [each.contest_id for each in contests.all() if each.more_of == "cafe"] == [contest.contest_id]
        after = [run.snapshot() for run in contests.runs(contest)]
        assert [each.measures for each in after] == [each.measures for each in before] and before[0].measures
        courses = [Course.of(name, seed, "gan", each) for (name, seed), each in zip(contest.values, after, strict=True)]
        comparison = Comparison("fashion", 3.0, tuple(courses))
        again = Comparison.from_bytes(comparison.to_bytes())
        assert [(each.recipe, each.measures, each.curve) for each in again.courses] == [
            (each.recipe, each.measures, each.curve) for each in courses
        ]
        assert (again.courses[0].samples == courses[0].samples[:32]).all()
        assert again.realisms("quick") == [5.0] and [each.recipe for each in again.firsts] == ["quick", "vae"]

    @pytest.mark.parametrize("recipes", [["quick"], ["quick", "quick"], ["quick", "vae", "dcgan", "biggan", "best"]])
    def test_two_to_four_recipes_are_compared(self, recipes):
        with pytest.raises(ValueError, match="needs 2 to 4 different presets"):
            versus_configs(recipes, "digits")

    def test_equally_many_fakes_of_all_are_scored(self):
        assert scored_of(versus_configs(["quick", "vae"], "digits")) == 1_000
        assert scored_of(versus_configs(["quick", "diffusion"], "digits")) == 250

    def test_a_contest_outlives_the_server(self, manage):
        before = self.race(manage())
        after = Contests(manage())
        assert after.get(before.contest_id) == before
        assert [run.run_id for run in after.runs(before)] == list(before.run_ids)

    def test_without_a_store_it_lives_as_long_as_the_server(self, manage):
        contests = Contests(manage(is_kept=False))
        race = contests.race(CONFIG, "learning_rate", [1e-4, 1e-3], "realism", "ann")
        assert contests.get(race.contest_id) is race
        assert contests.get("deadbeef") is None and contests.get(None) is None

    def test_a_run_that_was_deleted_leaves_its_lane_empty(self, manage):
        race = self.race(manage())
        manager = manage()
        manager.store.delete(race.run_ids[0])
        assert [run is None for run in Contests(manager).runs(race)] == [True, False]

    def test_a_contest_of_another_version_is_none(self, manage):
        manager = manage()
        manager.store.keep_contest("strange", '{"kind": "duel"}')
        assert Contests(manager).get("strange") is None


def test_a_library_of_version_1_is_brought_up_to_date_and_backed_up(tmp_path, monkeypatch):
    with monkeypatch.context() as patch:
        patch.setattr(database, "MIGRATIONS", database.MIGRATIONS[:1])
        patch.setattr(database, "VERSION", 1)
        patch.setattr(Store, "purge", lambda store: None)  # it knew of no contests,
        new, later = rows.to_row, ("threads", "measures", "budget")
        patch.setattr(rows, "to_row", lambda snapshot: {k: v for k, v in new(snapshot).items() if k not in later})
        old = Store(Library(tmp_path))
        old.begin(Snapshot("abcd", CONFIG))
        old.save(replace(snapshot((3, 7)), run_id="abcd"), 0)
        old.close()
    store = Store(Library(tmp_path))
    assert store.load("abcd").scores[-1][1].realism == 7 and len(store.load("abcd").records) == 3
    store.keep_contest("race", "{}")
    assert store.contest("race") == "{}" and store.contest("other") is None
    store.close()
    copy = sqlite3.connect(tmp_path / "library-version-1.sqlite")
    assert copy.execute("PRAGMA user_version").fetchone() == (1,)
    assert copy.execute("SELECT run_id FROM runs").fetchall() == [("abcd",)]
    copy.close()
