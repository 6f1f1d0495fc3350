"""The library: what is kept, found, named, taken away, deleted and brought back."""

import threading
from pathlib import Path

import pytest
import streamlit as st
from streamlit import config as options
from streamlit.testing.v1 import AppTest

from gan.export import settings_json
from gan.messages import verbatim
from gan.records import Change
from gan.runs import RunState, Snapshot
from gan.runs.kept import parcel
from gan.setup import presets
from pages.shared.server import held
from pages.shared.tab import contest_tab, session
from pages.shared.words import library as library_words
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import button, labels, texts


@pytest.fixture
def library(app):
    """A tab on the Library page."""
    app.run()
    return lambda: app.switch_page("library.py").run()


def kept(manager, name="", epochs=2, **settings):
    """A run that is kept."""
    count = len(FakeTrainer.made)
    run = manager.starting.new(presets.get("quick").but(epochs=epochs, **settings), f"viewer {count}")
    wait_until(lambda: len(FakeTrainer.made) > count)
    FakeTrainer.made[-1].go(epochs)
    assert run.wait(5)
    manager.store.rename(run.run_id, name)
    return run


def in_library(page) -> str:
    return " | ".join(element.value for element in page.markdown)


def test_an_empty_library_says_what_it_is_for_and_leads_to_a_run(library, store):
    page = library()
    assert [info.value for info in page.info] == [str(library_words.EMPTY)]
    button(page, "Train one").click().run()
    assert "Start training" in labels(page) and not page.exception


def test_a_server_without_a_store_says_so(library):
    assert [info.value for info in library().info] == [str(library_words.OFF)]


def test_lists_what_was_trained_by_what_it_is(library, store, manager):
    kept(manager, latent_size=8)
    page = library()
    assert "Quick, latent size 8" in in_library(page) and "Finished · 2 epochs" in in_library(page)
    assert "1 run, 0 MB of" in in_library(page) and not page.exception


def test_opens_a_run_with_its_settings(library, store, manager):
    run = kept(manager, learning_rate=5e-3)
    manager.forget(run.run_id)  # the server was started anew
    page = library()
    page.button(key=f"open_{run.run_id}").click().run()
    assert page.select_slider(key="learning_rate").value == 5e-3 and not page.exception
    assert "Finished after 2 epochs" in texts(page)
    assert manager.get(run.run_id).run_id == run.run_id


def test_finds_names_and_settings(library, store, manager):
    kept(manager, "Anna's best"), kept(manager, data="fashion")
    page = library()
    page.text_input(key="search").set_value("anna").run()
    assert "Anna's best" in in_library(page) and "clothes" not in in_library(page)
    page.text_input(key="search").set_value("unicorn").run()
    assert [info.value for info in page.info] == [str(library_words.NOTHING)]


def runs_shown(page) -> set[str]:
    """The ids of the runs on the page."""
    return {each.key.removeprefix("open_") for each in page.button if each.label.startswith("Open *")}


def search(page, words: str) -> set[str]:
    page.text_input(key="search").set_value(words).run()
    assert not page.exception
    return runs_shown(page)


def test_finds_what_the_list_shows_by_the_words_it_shows(library, store, manager):
    small = kept(manager, latent_size=8)
    clothes = kept(manager, data="fashion", latent_size=16, learning_rate=5e-3)
    sick = manager.starting.new(presets.get("collapse").but(epochs=1), "carl")
    wait_until(lambda: len(FakeTrainer.made) == 3)
    FakeTrainer.made[-1].go(1)
    assert sick.wait(5)
    page = library()
    assert search(page, "mode collapse") == search(page, "instance noise") == {sick.run_id}
    assert search(page, "latent size 8") == {small.run_id}
    assert search(page, "latent size 16") == search(page, "clothes") == {clothes.run_id}
    assert search(page, "quick learning rate 0.005") == {clothes.run_id}
    assert search(page, "finished") == {small.run_id, clothes.run_id, sick.run_id}
    assert search(page, "latent size 9") == set()


def test_searches_in_the_visitors_language(library, store, manager):
    sick = manager.starting.new(presets.get("collapse").but(epochs=1), "carl")
    wait_until(lambda: FakeTrainer.made)
    FakeTrainer.made[-1].go(1)
    assert sick.wait(5)
    page = library()
    for language, words in (("es", "colapso"), ("zh_Hans", "模式坍塌")):
        page.session_state["lang"] = language
        page.run()
        page.text_input(key="search").set_value(words).run()
        assert page.button(key=f"open_{sick.run_id}") and not page.exception


def test_the_search_goes_on_as_one_types(library, store, manager):
    kept(manager)
    proto = library().text_input(key="search").proto
    assert proto.live_debounce_ms > 0 and proto.label


@pytest.fixture
def race(store, manager):
    """A race that has ended, of three learning rates."""
    race = contest_tab.contests().race(
        presets.get("quick").but(epochs=1), "learning_rate", (1e-3, 2e-3, 5e-3), "realism", "ann"
    )
    wait_until(lambda: len(FakeTrainer.made) == 3)
    for trainer in FakeTrainer.made:
        trainer.go(1)
    assert all(run.wait(5) for run in contest_tab.contests().runs(race))
    return race


def test_a_race_is_one_row_that_opens(library, store, manager, race):
    alone = kept(manager, "alone")
    page = library()
    assert "Race: learning rate 0.001, 0.002, 0.005" in in_library(page) and "Finished: 3" in in_library(page)
    assert runs_shown(page) == {alone.run_id} and "4 runs," in in_library(page)
    page.session_state[f"runs_of_{race.contest_id}_False"] = True
    page.run()
    assert runs_shown(page) == {alone.run_id, *race.run_ids} and not page.exception
    page.button(key=f"open_{race.contest_id}").click().run()
    assert race.contest_id in page.query_params["race"] and not page.exception


def test_a_search_opens_a_race_at_the_runs_that_it_finds(library, store, manager, race):
    page = library()
    assert search(page, "learning rate 0.005") == {race.run_ids[2]}
    assert search(page, "race") == set(race.run_ids)
    store.rename(race.run_ids[1], "Zebra")
    assert search(page, "zebra") == {race.run_ids[1]}
    assert "Race: learning rate" in in_library(page)
    assert search(page, "unicorn") == set() and "Race: learning rate" not in in_library(page)


def test_a_race_is_kept_as_one_after_the_server_was_started_anew(library, store, manager, race):
    held.contests.let_go()
    page = library()
    assert "Race: learning rate 0.001, 0.002, 0.005" in in_library(page) and not page.exception


class TestAWholeRace:
    def test_can_have_a_star(self, library, store, manager, race):
        store.star(race.run_ids[1])
        page = library()
        page.button(key=f"star_{race.contest_id}").click().run()
        assert all(run.is_starred for run in store.runs())
        page.button(key=f"star_{race.contest_id}").click().run()
        assert not any(run.is_starred for run in store.runs()) and not page.exception

    def test_is_deleted_and_brought_back_as_one(self, library, store, manager, race):
        alone = kept(manager, "alone")
        page = library()
        page.button(key=f"delete_{race.contest_id}").click().run()
        assert [run.run_id for run in store.runs()] == [alone.run_id]
        assert "Deleted: Race: learning rate 0.001, 0.002, 0.005" in page.info[0].value
        page.button(key="undo").click().run()
        assert {run.run_id for run in store.runs()} == {alone.run_id, *race.run_ids} and not page.exception
        page.button(key=f"delete_{race.contest_id}").click().run()
        page.button(key=f"delete_{alone.run_id}").click().run()
        page.button(key=f"back_{race.contest_id}").click().run()
        assert {run.run_id for run in store.runs()} == {*race.run_ids} and not page.exception

    def test_is_meant_where_a_search_shows_a_part_of_it(self, library, store, manager, race):
        page = library()
        assert search(page, "learning rate 0.005") == {race.run_ids[2]}
        page.button(key=f"delete_{race.contest_id}").click().run()
        assert store.runs() == [] and not page.exception

    def test_stays_while_one_of_its_runs_goes_on(self, library, store, manager):
        race = contest_tab.contests().race(presets.get("quick"), "learning_rate", (1e-3, 2e-3), "realism", "ann")
        runs = contest_tab.contests().runs(race)
        wait_until(lambda: all(run.snapshot().kept for run in runs))
        page = library()
        assert page.button(key=f"delete_{race.contest_id}").disabled
        runs[0].stop()
        assert runs[0].wait(5)
        with pytest.raises(ValueError, match="stop it before"):
            manager.starting.delete(*race.run_ids)
        with pytest.raises(ValueError, match="stop it before"):
            store.delete(*race.run_ids)
        assert len(store.runs()) == 2


def test_runs_that_wait_say_so(library, store, manager):
    sweep = contest_tab.contests().sweep(
        presets.get("quick"), {"latent_size": (2, 4, 8), "learning_rate": (1e-3, 2e-3, 5e-3)}, "ann"
    )
    wait_until(lambda: len(FakeTrainer.made) == 8)  # as many as train at once
    waiting = manager.starting.new(presets.get("quick"), "ben")
    page = library()
    assert "Sweep: latent size 2, 4, 8 × learning rate 0.001, 0.002, 0.005" in in_library(
        page
    ) and "Waiting: 1" in in_library(page)
    assert "Waits for a place to train: number 1 in the queue" in in_library(page)
    assert search(page, "waits") == {waiting.run_id, sweep.run_ids[-1]}
    assert page.button(key=f"delete_{waiting.run_id}").disabled


def test_files_have_names_that_one_can_read(library, store, manager, monkeypatch):
    offered, offer = [], st.download_button
    monkeypatch.setattr(
        st,
        "download_button",
        lambda label, make, name, *a, **o: offered.append(name) or offer(label, make, name, *a, **o),
    )
    kept(manager, latent_size=8)
    library()
    assert offered == ["Quick-latent-size-8.ganrun"]


@pytest.mark.parametrize(
    ("called", "file"),
    [
        ("Anna's best, #2: 0.5/epoch", "Anna-s-best-2-0.5-epoch"),
        ("../../etc/passwd", "etc-passwd"),
        ("失败：模式坍塌", "失败-模式坍塌"),
        ("Él y yo...", "Él-y-yo"),
        ("con", "run-con"), ("LPT1.x", "run-LPT1.x"), ("contest", "contest"), ("***", "run"), (".hidden.", "hidden"),
        ("x" * 200, "x" * 60), ("a\nb\0c", "a-b-c"),
    ],
)  # fmt: skip
def test_any_name_gives_a_file_name(called, file):
    assert library_words.file_name(verbatim(called)) == file


def test_how_large_a_file_may_be_is_said_and_is_what_streamlit_and_a_run_allow(library, store):
    assert st.get_option("server.maxUploadSize") == parcel.MOST_BYTES // 2**20 == 256
    page = library()
    assert "at most 256 MB" in page.caption[0].value and page.get("file_uploader")[0].proto.max_upload_size_mb == 256
    for language in ("es", "zh_Hans"):
        page.session_state["lang"] = language
        assert "256 MB" in page.run().caption[0].value
    options.set_option("server.maxUploadSize", 50)
    try:
        assert "50 MB" in page.run().caption[0].value and page.get("file_uploader")[0].proto.max_upload_size_mb == 50
    finally:
        options.set_option("server.maxUploadSize", 256)


def test_the_settings_of_a_file_are_on_the_train_page(library, store, manager):
    config = presets.get("pocket").but(latent_size=16, data="fashion", seed=7)
    page = library()
    page.get("file_uploader")[0].upload(
        "mine.json", settings_json(config, threads=2).encode(), "application/json"
    ).run()
    assert page.selectbox(key="preset").value == "pocket" and page.selectbox(key="data").value == "fashion"
    assert page.select_slider(key="latent_size").value == 16 and page.number_input(key="seed").value == 7
    assert str(library_words.SETTINGS_IN) in [toast.value for toast in page.toast] and not page.exception
    assert not manager.runs(), "it starts nothing"


def test_what_was_changed_on_the_way_is_not_brought_in(library, store, manager):
    config = presets.get("quick").but(latent_size=16)
    content = settings_json(config, [Change(3, 0.5, {"learning_rate": 1e-4})]).encode()
    page = library()
    page.get("file_uploader")[0].upload("mine.json", content, "application/json").run()
    assert str(library_words.SETTINGS_CHANGED) in [toast.value for toast in page.toast]
    assert page.select_slider(key="learning_rate").value == config.learning_rate and not page.exception


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"nonsense", "mine.json is not a JSON file."),
        (b"\x80\x04\x95", "mine.json is not a JSON file."),  # a pickle
        (b"[" * 60_000, "mine.json is not a JSON file."),
        (b"[]", "must hold a JSON object"),
        (b'{"latent_size": -3}', "Latent size cannot be"),
        (b'{"latent_sise": 3}', "Did you mean latent_size?"),
        (b'{"threads": "all"}', "threads cannot be 'all'"),
        (b" " * 1_050_000, "too large"),
    ],
)  # fmt: skip
def test_a_bad_settings_file_is_told_and_changes_nothing(library, store, manager, content, words):
    page = library()
    page.get("file_uploader")[0].upload("mine.json", content, "application/json").run()
    assert words in page.error[0].value and not page.exception
    page.switch_page("train.py").run()
    assert page.select_slider(key="latent_size").value == presets.get("quick").latent_size and not page.toast


def test_names_stars_and_shows_names_as_they_are(library, store, manager):
    run = kept(manager)
    page = library()
    page.text_input(key=f"name_{run.run_id}").set_value("**my** [run](x)").run()
    assert store.runs()[0].name == "**my** [run](x)"
    assert "\\*\\*my\\*\\*" in in_library(page)
    page.button(key=f"star_{run.run_id}").click().run()
    assert store.runs()[0].is_starred
    page.button(key=f"star_{run.run_id}").click().run()
    assert not store.runs()[0].is_starred and not page.exception


def test_what_was_deleted_can_be_brought_back(library, store, manager):
    first, second = kept(manager, "first"), kept(manager, "second")
    page = library()
    page.button(key=f"delete_{first.run_id}").click().run()
    page.button(key=f"delete_{second.run_id}").click().run()
    assert store.runs() == [] and manager.get(first.run_id) is None
    page.button(key="undo").click().run()
    assert [run.name for run in store.runs()] == ["second"]
    page.button(key=f"back_{first.run_id}").click().run()
    assert [run.name for run in store.runs()] == ["second", "first"] and not page.exception


def test_a_run_that_trains_cannot_be_deleted(library, store, manager):
    run = manager.starting.new(presets.get("quick"), "ann")
    wait_until(lambda: run.snapshot().kept)
    page = library()
    assert page.button(key=f"delete_{run.run_id}").disabled and "Training" in in_library(page)


def test_a_run_in_a_file_is_taken_in_and_a_bad_file_refused(library, store, manager):
    content = manager.wrap(kept(manager, "from elsewhere"))
    page = library()
    page.get("file_uploader")[0].upload("run.ganrun", content, "application/zip").run()
    assert [success.value for success in page.success] == [str(library_words.BROUGHT_IN)]
    assert [run.name for run in store.runs()] == ["from elsewhere"] * 2
    page.get("file_uploader")[0].upload("run.ganrun", b"nonsense", "application/zip").run()
    assert "not a run" in page.error[0].value and len(store.runs()) == 2 and not page.exception


def test_more_runs_than_fit_are_shown_on_request(library, store, manager):
    for number in range(8):
        store.begin(Snapshot(f"run{number}", presets.get("quick"), RunState.FINISHED))
    page = library()
    assert len(runs_shown(page)) == 6
    button(page, "Show more (2)").click().run()
    assert len(runs_shown(page)) == 8


def test_visitors_from_elsewhere_see_their_own_runs_alone(library, store, manager, monkeypatch):
    mine = manager.starting.new(presets.get("quick"), "ann", owner="10.0.0.7")
    manager.starting.new(presets.get("quick"), "ben", owner="10.0.0.8")
    monkeypatch.setattr(session, "visitor", lambda: "10.0.0.7")
    page = library()
    assert runs_shown(page) == {mine.run_id}
    monkeypatch.setattr(session, "visitor", lambda: None)
    assert len(runs_shown(library())) == 2


def test_trouble_with_the_store_is_a_sentence(library, store, manager):
    store.notice = "The library was damaged."
    kept(manager)
    store._access.connection.close()
    page = library()
    assert "The library was damaged." in [warning.value for warning in page.warning]
    assert "closed database" in page.error[0].value and not page.exception
    manager.store = None


def test_an_interrupted_run_goes_on_from_the_train_page(library, store, manager):
    run = kept(manager, epochs=4)
    snapshot = run.snapshot()
    again = manager.starting.new(snapshot.config, "ben")
    wait_until(lambda: len(FakeTrainer.made) > 1)
    FakeTrainer.made[-1].go(2)
    wait_until(lambda: len(again.snapshot().records) == 2)
    again.stop()
    assert again.wait(5)
    page = library()
    page.button(key=f"open_{again.run_id}").click().run()
    page.switch_page("train.py").run()
    button(page, "Go on from epoch 2").click().run()
    wait_until(lambda: manager.get(again.run_id).snapshot().state is RunState.RUNNING)
    assert FakeTrainer.made[-1].start == b"after 2" and not page.exception


@pytest.fixture
def full_disk(manager):
    """Nothing can be written into the store any more."""

    def fill():
        manager.store._access.connection.execute("PRAGMA query_only = ON")

    yield fill
    manager.store._access.connection.execute("PRAGMA query_only = OFF")


def test_a_full_disk_is_told_and_nothing_is_lost(library, store, manager, full_disk):
    run = kept(manager, "mine")
    page = library()
    full_disk()
    page.button(key=f"star_{run.run_id}").click().run()
    assert len(page.error) == 1 and not page.exception and not store.runs()[0].is_starred
    page.button(key=f"delete_{run.run_id}").click().run()
    assert len(page.error) == 1 and not page.exception
    assert [each.name for each in store.runs()] == ["mine"] and manager.get(run.run_id) is not None
    page.text_input(key=f"name_{run.run_id}").set_value("yours").run()
    assert len(page.error) == 1 and not page.exception
    assert not page.run().error, "it is told once"


def test_a_deleted_run_cannot_be_brought_back_onto_a_full_disk(library, store, manager, full_disk):
    run = kept(manager, "mine")
    page = library()
    page.button(key=f"delete_{run.run_id}").click().run()
    full_disk()
    page.button(key="undo").click().run()
    assert len(page.error) == 1 and not page.exception and "Undo" in labels(page)


def test_a_name_is_read_letter_by_letter_everywhere(library, store, manager):
    picture = "![x](http://203.0.113.9/x)"
    first, second = kept(manager, picture), kept(manager, picture)
    page = library()
    for run in (first, second):
        page.button(key=f"delete_{run.run_id}").click().run()
    shown = [*labels(page), *(info.value for info in page.info), *(text.value for text in page.markdown)]
    assert sum("203.0.113.9" in text for text in shown) == 3 and not any("![" in text for text in shown)


def test_where_the_library_lies_is_the_teachers_business(library, store, manager, monkeypatch):
    def told(page):
        return [str(text.proto.help) for text in page.markdown if text.proto.help]

    assert str(store.folder) in " ".join(told(library())).replace("\\", "")
    monkeypatch.setattr(session, "visitor", lambda: "10.0.0.7")
    assert not told(library())


@pytest.fixture
def ended(store, manager):
    """A run of four epochs that was stopped after two."""
    run = manager.starting.new(presets.get("quick").but(epochs=4), "ann")
    wait_until(lambda: run.snapshot().reading)
    run._trainer.go(2)
    wait_until(lambda: len(run.snapshot().records) == 2)
    run.stop()
    assert run.wait(5)
    return run


def test_a_stale_tab_cannot_delete_what_another_had_go_on(library, store, manager, ended):
    page = library()
    again = manager.starting.resume(ended.run_id, "ben")
    page.button(key=f"delete_{ended.run_id}").click().run()
    assert "stop it before you delete it" in page.error[0].value and not page.exception
    assert again.is_live and manager.get(ended.run_id) is again
    assert ended.run_id in [each.run_id for each in store.runs()]


def test_two_tabs_that_press_go_on_have_one_run_go_on(store, manager, ended):
    tabs = []
    for _ in range(2):
        tab = AppTest.from_file(Path(__file__).parents[2] / "pages/frame.py", default_timeout=60)
        tab.query_params["run"] = ended.run_id
        tabs.append(tab.run().switch_page("train.py").run())
    for tab in tabs:
        tab.button(key="resume").click().run()
        assert not tab.exception and not tab.error
    wait_until(lambda: manager.get(ended.run_id).snapshot().state is RunState.RUNNING)
    threads = [thread for thread in threading.enumerate() if thread.name == f"run-{ended.run_id}"]
    assert len(threads) == 1 and manager.get(ended.run_id).lease.is_watched
