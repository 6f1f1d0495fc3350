"""A set of somebody's own pictures: its name, its file, and how it is a set like any other."""

import numpy as np
import pytest

from gan import data
from gan.data import own
from gan.learn.trainer import Trainer
from gan.messages import Refusal
from gan.runs.state import faults
from gan.setup.config import RunConfig
from tests.brought import muted


@pytest.fixture(autouse=True)
def own_folder(monkeypatch, tmp_path):
    monkeypatch.setenv("GAN_STUDIO_DATA", str(tmp_path))


def some(count: int, seed: int = 1, side: int = 28) -> list[np.ndarray]:
    shape = (count, 28, 28) if side == 28 else (count, 32, 32, 3)
    return list(np.random.RandomState(seed).randint(0, 256, shape, dtype=np.uint8))


def read_again(content: bytes) -> own.Reading:
    return own.read(own.in_file("a.zip", content))


def test_the_name_is_that_of_the_pictures_in_whatever_order_they_came():
    pictures, kinds = some(6), ["dog", "cat", "dog", "cat", "cat", "cat"]
    made = own.make(pictures, kinds)
    assert made.name.startswith("own-28-4.2-") and made.kinds == ("cat", "dog")
    turned = own.make(pictures[::-1], kinds[::-1])
    assert turned.name == made.name and (turned.images == made.images).all() and (turned.labels == made.labels).all()
    assert own.make(pictures, ["dog", "cat", "dog", "cat", "cat", "cow"]).name != made.name
    assert own.make(some(6, seed=2), kinds).name != made.name


@pytest.mark.parametrize("side", [28, 32])
def test_a_set_that_is_taken_home_comes_back_the_same(side):
    made = own.make(some(7, side=side), ["", "Äpfel & <b>", "", "", "Äpfel & <b>", "日", "日"])
    told = read_again(own.pack(made))
    assert not told.complaints and own.pack(made) == own.pack(made)
    again = own.make([each.of(side == 32) for each in told.found], [each.kind for each in told.found])
    assert again.name == made.name and (again.images == made.images).all()


SETS = {"grey": some(24), "colourful": some(24, side=32), "muted": muted(24), "without colour": muted(24, spread=0)}


@pytest.mark.parametrize("pictures", SETS.values(), ids=SETS)
def test_a_set_that_is_taken_home_comes_back_in_colour_or_grey_as_it_was(pictures):
    made = own.make(pictures, ["stone"] * 24)
    found = read_again(own.pack(made)).found
    assert own.made_of(found, own.are_coloured(found)).name == made.name


@pytest.mark.parametrize(
    "name", ["own-28-0-0123456789abcdef", "own-28-3000.3000-0123456789abcdef", "own-30-2-0123456789abcdef",
             "own-28-" + ".".join(["1"] * 13) + "-0123456789abcdef", "own-28-2-../../etc/passwd", "own", 3],
)  # fmt: skip
def test_what_is_no_name_is_refused(name):
    assert not own.is_own(name) and not own.is_saved(name)
    with pytest.raises(Refusal):
        RunConfig(data=name)


@pytest.mark.parametrize(
    "pictures, kinds, why",
    [([], [], "own.none"), (some(13), [f"{n}" for n in range(13)], "own.too_many_kinds")],
)
def test_what_is_no_set_is_refused(pictures, kinds, why):
    with pytest.raises(Refusal) as refused:
        own.make(pictures, kinds)
    assert refused.value.message.id == why


def test_kinds_are_short_names_of_folders():
    assert own.kind_name(" ../a/b\n\0 ") == "a b"
    assert own.kind_name("..") == "" and len(own.kind_name("x" * 99)) == 24


def test_a_config_carries_a_set_that_is_not_here_and_says_so():
    config = RunConfig(data="own-28-30.30-0123456789abcdef", batch_size=16)
    assert RunConfig.from_dict(config.to_dict()) == config
    assert (config.class_count, config.picture_count) == (2, 60)
    assert data.shape_of(config.data) == (1, 28, 28) and not data.is_here(config.data)
    with pytest.raises(data.NotBrought, match="are not on this computer") as refused:
        data.wanted(config)
    assert faults.explain(refused.value).try_.id == "fault.not_brought.try"
    with pytest.raises(Refusal, match="must be at most 60"):
        config.but(batch_size=64)
    with pytest.raises(Refusal, match="has the classes 0 to 1"):
        config.but(classes=[2])


def test_a_run_learns_from_a_set_like_any_other():
    made = own.make(some(24, side=32), ["a"] * 12 + ["b"] * 12)
    config = RunConfig(data=own.keep(made), architecture="conditional", batch_size=8, epochs=1)
    assert data.get(made.name).class_names == ("a", "b")
    last = [*Trainer(config).readings()][-1]
    assert last.scores.realism is None and last.scores.copying > 0  # nobody can read it, but copies can be found
    assert last.samples.shape == (64, 32, 32, 3)


def test_it_stays_in_memory_unless_it_is_saved(tmp_path):
    made = own.make(some(5), ["cat"] * 5)
    own.keep(made)
    assert not list(tmp_path.iterdir()) and own.is_here(made.name)
    own.save(made.name)
    assert own.saved() == (made.name,)
    own.shelf._kept.clear()  # as after a new start
    assert own.find(made.name).kinds == ("cat",) and (own.find(made.name).images == made.images).all()
    own.forget(made.name)
    assert not own.is_here(made.name) and own.saved() == ()


def test_a_file_that_was_changed_is_another_set(tmp_path):
    made = own.make(some(5), [""] * 5)
    own.save(own.keep(made))
    own.shelf._kept.clear()
    (tmp_path / "own" / f"{made.name}.zip").write_bytes(own.pack(own.make(some(5, seed=3), [""] * 5)))
    assert own.find(made.name) is None
    (tmp_path / "own" / f"{made.name}.zip").write_bytes(b"PK\x03\x04")
    assert own.find(made.name) is None


def test_the_oldest_sets_leave_when_there_are_too_many(monkeypatch):
    one, two = own.make(some(5, seed=5), [""] * 5), own.make(some(5, seed=6), [""] * 5)
    monkeypatch.setattr(own.shelf, "MOST_BYTES", one.images.nbytes)
    own.keep(one)
    own.keep(two)
    assert own.find(one.name) is None and own.find(two.name)
