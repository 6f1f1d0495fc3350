"""Which run the pages look into that look inside one, as long as nobody has chosen."""

import pytest

from gan.runs.kept.opening import open_store
from gan.setup import presets
from pages.shared.inside import chosen
from tests.fakes import FakeTrainer, wait_until
from tests.pages.test_train import texts

DOTS = "This run draws dots in a plane, not pictures"


@pytest.fixture(params=[False, True], ids=["in memory", "in a library"], autouse=True)
def store(request, tmp_path):
    return open_store(tmp_path / "library") if request.param else None


@pytest.fixture(params=["detective.py", "latent.py"])
def look(request, app):
    """`look(link)` opens the page in a new tab; returns it and the name of the run that it looks into."""

    def look(**link):
        app.run()
        app.query_params.update(link)
        page = app.switch_page(request.param).run()
        assert not page.exception
        return page, page.selectbox(key=chosen.RUN)

    return look


def trained(manager, preset: str, epochs: int = 1):
    """A run that goes on after these epochs."""
    count = len(FakeTrainer.made)
    run = manager.starting.new(presets.get(preset).but(epochs=epochs + 1), f"viewer {count}", None)
    wait_until(lambda: len(FakeTrainer.made) > count)
    FakeTrainer.made[-1].go(epochs)
    wait_until(lambda: run.snapshot().reading and len(run.snapshot().records) == epochs)
    return run


def test_runs_of_dots_are_passed_over(look, manager):
    run = trained(manager, "quick")
    trained(manager, "dots")
    page, box = look()
    assert box.value == run.watch_id and len(box.options) == 2 and DOTS not in texts(page)


def test_after_runs_of_dots_alone_there_is_the_example(look, manager):
    trained(manager, "dots")
    page, box = look()
    assert box.options == [str(chosen.EXHIBIT)] and DOTS not in texts(page)


def test_a_run_of_dots_that_a_link_names_says_where_it_is_shown(look, manager):
    run = trained(manager, "dots")
    page, box = look(inside=run.watch_id)
    assert box.value == run.watch_id and len(box.options) == 2 and DOTS in texts(page)


def test_a_run_that_has_just_begun_is_passed_over(look, manager):
    run = trained(manager, "quick")
    trained(manager, "quick", epochs=0)
    _, box = look()
    assert box.value == run.watch_id


def test_another_run_opens_at_its_own_newest_epoch(look, manager):
    first = trained(manager, "quick", epochs=3)
    second = trained(manager, "quick", epochs=5)
    page, box = look(inside=first.watch_id, epoch="1")
    assert page.query_params["epoch"] in ("1", ["1"])
    box.set_value(second.watch_id).run()
    assert page.query_params["epoch"] in ("5", ["5"]) and page.query_params["inside"] in (
        second.watch_id,
        [second.watch_id],
    )


def test_a_link_with_the_runs_own_id_keeps_its_epoch(look, manager):
    run = trained(manager, "quick", epochs=3)
    page, _ = look(inside=run.run_id, epoch="1")
    assert page.query_params["epoch"] in ("1", ["1"])
