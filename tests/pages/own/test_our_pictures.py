"""The page of our pictures: brought, sorted on the light-table, trained on, taken home."""

import io
import zipfile

import numpy as np
import pytest
from PIL import Image

from gan.data import own
from gan.desk.rules import BRING_IN, ROOM, Rules
from gan.records import Scores
from pages.shared.own import desk, room
from pages.shared.server import held
from pages.shared.tab import session
from tests import app_pages
from tests.brought import as_file, muted, on_paper, zipped
from tests.fakes import FakeTrainer, wait_until


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_STUDIO_DATA", str(tmp_path))


@pytest.fixture
def page(app):
    app.run()
    return app.switch_page("pictures.py").run()


def texts(app) -> str:
    return "\n".join(element.value for element in [*app.title, *app.markdown, *app.warning, *app.info, *app.caption])


def button(app, label: str):
    return next(each for each in app.button if each.label == label)


def bring(app, name: str, content: bytes):
    return app.get("file_uploader")[0].upload(name, content, "application/octet-stream").run()


def drawings(count: int, seed: int = 1) -> dict[str, bytes]:
    """Pictures of so many different crosses, in two folders."""
    chance, found = np.random.RandomState(seed), {}
    for number in range(count):
        picture = np.zeros((28, 28), np.uint8)
        picture[chance.randint(4, 24), 4:24] = picture[4:24, chance.randint(4, 24)] = 200 + number
        found[f"{'left' if number % 2 else 'right'}/{number}.png"] = as_file(Image.fromarray(picture))
    return found


def table():
    (found,) = held.tables()._tables.values()
    return found


def test_before_anything_was_brought_there_is_one_thing_to_do(page):
    assert "Nothing lies here yet" in texts(page) and button(page, "Train on these").disabled
    assert not held.tables()._tables and "table" not in page.query_params


def test_pictures_are_brought_sorted_and_trained_on(page, manager):
    bring(page, "set.zip", zipped(drawings(10) | {"notes.txt": b"hello"}))
    assert "**left** · 5" in texts(page) and "**right** · 5" in texts(page)
    assert "set.zip: notes.txt is no picture" in texts(page) and not page.exception
    page.text_input(key=desk.KIND).input("ring").run()
    bring(page, "one.png", as_file(on_paper()))
    assert "**ring** · 1" in texts(page) and "notes.txt" not in texts(page)
    # Picked, called something else, removed, and put back.
    button(page, "Pick all").click().run()
    assert "5 picked" in texts(page)
    page.selectbox(key="own_called").set_value("right").run()
    button(page, "Name them").click().run()
    assert {kind: len(lying) for kind, lying in table().kinds().items()} == {"right": 10, "ring": 1}
    page.button(key="own_all_1").click().run()
    button(page, "Remove").click().run()
    assert table().count == 10 and "**ring**" not in texts(page)
    page.button(key="own_put_back").click().run()
    assert table().count == 11
    button(page, "Train on these").click().run()
    (run,) = manager.runs()
    assert run.config.data.startswith("own-28-10.1-") and run.config.batch_size == 8
    assert own.find(run.config.data).kinds == ("right", "ring")
    assert page.selectbox(key="preset").value == "few_pictures" and page.selectbox(key="data").value == run.config.data
    assert "Our pictures: right, ring (11)" in page.selectbox(key="data").options and not page.exception
    assert page.query_params["data"] == run.config.data


def test_other_recipes_take_as_few_pictures_as_there_are(page, manager):
    bring(page, "set.zip", zipped(drawings(10)))
    button(page, "Train on these").click().run()
    page.switch_page("train.py").run()
    page.selectbox(key="preset").set_value("fundamentals").run()
    assert not page.exception and page.select_slider(key="batch_size").value == 10
    page.switch_page("contests/race.py").run()
    assert not page.exception and "Our pictures: left, right (10)" in page.selectbox(key="race_data").options


def test_a_run_of_own_pictures_says_whether_it_copies_and_what_to_try(page, manager, monkeypatch):
    monkeypatch.setattr(FakeTrainer, "scores", Scores(samples=5, copying=0.3))
    bring(page, "set.zip", zipped(drawings(10)))
    button(page, "Train on these").click().run()
    (run,) = manager.runs()
    wait_until(lambda: FakeTrainer.made)
    FakeTrainer.made[-1].go(2)
    wait_until(lambda: run.snapshot().scores)
    page.switch_page("train.py").run()
    assert "**It copies.**" in texts(page)
    run.stop()
    assert run.wait(5)
    page.run()
    assert "Without changed pictures" in [each.label for each in page.button]


def test_a_run_whose_pictures_are_gone_is_still_shown(page, manager):
    bring(page, "set.zip", zipped(drawings(10)))
    button(page, "Train on these").click().run()
    (run,) = manager.runs()
    wait_until(lambda: FakeTrainer.made)
    FakeTrainer.made[-1].go(2)
    wait_until(lambda: run.snapshot().records)
    own.forget(run.config.data)
    page.switch_page("train.py").run()
    assert not page.exception and "These pictures are not on this computer" in texts(page)
    run.stop()
    assert run.wait(5)
    page.run()
    assert not page.exception and "Our pictures (10)" in texts(page)
    for name in ("library", "compare", "game", "race"):
        page.switch_page(app_pages.SCRIPTS[name]).run()
        assert not page.exception, name


def test_too_few_are_told(page):
    bring(page, "set.zip", zipped(drawings(3)))
    assert "3 of 8 pictures" in texts(page) and button(page, "Train on these").disabled


def test_what_finds_no_place_on_a_full_table_is_counted_in_words(page, monkeypatch):
    monkeypatch.setattr(own, "MOST_PICTURES", 10)
    bring(page, "set.zip", zipped(drawings(8)))
    assert "Left out" not in texts(page) and "is full" not in texts(page)
    table().remove([1, 2, 3])
    bring(page, "more.zip", zipped(drawings(7, seed=2) | {"notes.txt": b"hello"}))
    assert table().count == 10 and "holds 10 pictures at most. Left out: 2." in texts(page)
    assert "notes.txt is no picture" in texts(page) and "The light-table is full" in texts(page)
    page.button(key="own_put_back").click().run()
    assert table().count == 10 and "Left out: 3." in texts(page) and not page.exception
    table().remove([4, 5])
    page.run()
    page.button(key="own_put_back").click().run()
    assert table().count == 10 and "Left out" not in texts(page)


def test_in_colour_the_same_pictures_are_another_set(page, manager):
    bring(page, "set.zip", zipped(drawings(8)))
    page.segmented_control(key=f"own_look_{table().table_id}").set_value("colours").run()
    button(page, "Train on these").click().run()
    assert manager.runs()[0].config.data.startswith("own-32-4.4-")


def test_a_set_that_was_taken_home_in_colour_lies_there_in_colour(page):
    made = own.make(muted(9), [""] * 9)
    bring(page, "set.zip", own.pack(made))
    assert table().is_coloured and table().as_set().name == made.name


def kept_sets(app) -> list[str]:
    return [each.key for each in app.toggle if each.key.startswith("own_keep_")]


def test_the_set_that_is_offered_is_looked_at_as_the_table_is_and_in_all_tabs(page):
    bring(page, "set.zip", zipped(drawings(8)))
    look, version = f"own_look_{table().table_id}", table().version
    (grey,) = kept_sets(page)
    page.segmented_control(key=look).set_value("colours").run()
    (coloured,) = kept_sets(page)
    assert grey.startswith("own_keep_own-28-") and coloured.startswith("own_keep_own-32-")
    assert table().version > version
    table().look(False)  # in another tab
    page.run()
    assert page.segmented_control(key=look).value == "drawings" and kept_sets(page) == [grey]
    assert not table().is_coloured
    page.segmented_control(key=look).set_value("colours").run()
    assert table().is_coloured and kept_sets(page) == [coloured]


def test_f5_finds_the_table_again_and_a_link_of_none_harms_nothing(page):
    bring(page, "set.zip", zipped(drawings(8)))
    found = table().table_id
    assert page.query_params["table"] == found
    del page.session_state["table"]
    page.run()
    assert "**left** · 4" in texts(page)
    page.query_params["table"] = "nobody"
    page.session_state["table"] = "nobody"
    page.run()
    assert not page.exception and "Nothing lies here yet" in texts(page)


def test_pictures_are_on_disk_only_once_the_teacher_keeps_them(page, tmp_path):
    bring(page, "set.zip", zipped(drawings(8)))
    assert not list(tmp_path.rglob("*.zip"))
    toggle = next(each for each in page.toggle if each.label == "Keep the set on this computer")
    toggle.set_value(True).run()
    assert len(own.saved()) == 1
    next(each for each in page.toggle if each.label == "Keep the set on this computer").set_value(False).run()
    assert own.saved() == ()


def test_a_link_to_pictures_that_are_not_here_asks_for_them(app):
    made = own.make([np.full((28, 28), level, np.uint8) for level in range(9)], ["cat"] * 9)
    app.query_params |= {"preset": "few_pictures", "data": made.name}
    app.switch_page("train.py").run()
    assert button(app, "Start training").disabled and "not on this computer" in texts(app) and not app.exception
    bring(app, "other.zip", zipped(drawings(8)))
    assert "other pictures than these" in app.error[0].value
    with zipfile.ZipFile(io.BytesIO(own.pack(made))) as archive:
        assert archive.namelist()[0] == "cat/0001.png"
    bring(app, "set.zip", own.pack(made))
    assert not button(app, "Start training").disabled and not app.exception
    assert "Our pictures: cat (9)" in app.selectbox(key="data").options


def test_the_class_draws_and_its_drawings_arrive(page):
    page.segmented_control(key="own_way").set_value("class").run()
    page.text_input(key="own_asked").input("cat, ../dog, cat").run()
    button(page, "Let the class draw").click().run()
    (room,) = held.rooms()._rooms.values()
    assert room.asked == ("cat", "dog") and room.code in page.code[0].value and not page.exception
    pixels = np.zeros((56, 56), np.uint8)
    pixels[20:30, 5:50] = 255
    for number in range(9):
        room.draw(f"device00000{number}", "drawing0001", room.asked[number % 2], pixels.tobytes())
    page.run()
    assert "**cat** · 5" in texts(page) and "**dog** · 4" in texts(page) and "9 devices draw" in texts(page)
    page.text_input(key="own_asked").input("").run()
    assert room.asked == ()
    button(page, "Let nobody in any more").click().run()
    assert "Let the class draw" in [each.label for each in page.button] and table().count == 9


def test_a_table_has_one_room_however_often_it_is_opened(page, monkeypatch):
    page.segmented_control(key="own_way").set_value("class").run()
    once = room._open
    monkeypatch.setattr(room, "_open", lambda: (once(), once()))
    page.run()
    button(page, "Let the class draw").click().run()
    assert len(held.rooms().all()) == 1 and not page.exception


def test_what_the_teacher_forbids_is_said(page, monkeypatch):
    held.desk().rules = Rules(frozenset({BRING_IN, ROOM}))
    monkeypatch.setattr(session, "is_teacher", lambda: False)
    page.run()
    assert "only the teacher brings in files" in texts(page) and not page.get("file_uploader")
    page.segmented_control(key="own_way").set_value("class").run()
    assert "only the teacher opens rooms" in texts(page) and not held.rooms().all()


def test_the_pad_and_the_camera_are_ways_too(page):
    page.segmented_control(key="own_way").set_value("draw").run()
    assert button(page, "Lay it on the table").disabled and not page.exception
    page.segmented_control(key="own_way").set_value("camera").run()
    assert not page.exception
