"""What is kept of a run's past: thinned within its bytes, found again, and whole whatever the disk does."""

import pytest

from gan.runs.kept import files
from gan.runs.kept.files import Folder
from gan.runs.kept.moments import Moments


class TestMoments:
    def test_are_thinned_evenly_within_their_bytes(self):
        moments = Moments(budget=1000)
        for epoch in range(101):
            if moments.wants(epoch):
                moments.add(epoch, b"x" * 100)
            assert moments.bytes == 100 * len(moments.epochs) <= 1000
        assert moments.epochs == (0, 16, 32, 48, 64, 80, 96)

    def test_come_back(self):
        moments = Moments()
        moments.add(0, b"first")
        moments.add(1, b"second")
        assert moments.read(0) == b"first" and moments.read(1) == b"second"
        with pytest.raises(ValueError, match="Epoch 7 of this run is not kept"):
            moments.read(7)

    def test_stay_two_however_large(self):
        moments = Moments(budget=10)
        for epoch in (0, 1, 2, 4, 8):
            assert moments.wants(epoch)
            moments.add(epoch, b"x" * 100)
        assert moments.epochs == (0, 8)

    def test_go_with_the_run(self):
        moments = Moments()
        moments.add(0, b"x")
        path = moments._place.path / "0.safetensors"
        assert path.exists()
        del moments
        assert not path.exists()

    def test_a_full_disk_is_told_and_what_is_kept_stays(self, monkeypatch):
        moments = Moments()
        moments.add(0, b"x")
        monkeypatch.setattr("pathlib.Path.write_bytes", full)
        moments.add(1, b"y")
        assert str(moments.fault) == "The past is not kept: No space left on device."
        assert moments.epochs == (0,) and moments.read(0) == b"x"


def full(*_):
    raise OSError(28, "No space left on device")


@pytest.fixture
def place(library):
    """Where one run's moments are kept."""
    return library.places().of("run")


class TestMomentsInTheirPlace:
    def test_are_found_again(self, place):
        first = Moments(place)
        for epoch in range(3):
            first.add(epoch, b"%d" % epoch)
        again = Moments(place)
        assert again.epochs == (0, 1, 2) and again.read(2) == b"2" and again.bytes == 3

    def test_go_on_at_the_same_distance(self, place):
        first = Moments(place, budget=300)
        for epoch in range(12):
            first.add(epoch, b"x" * 100)
        assert first.epochs == (0, 8, 11)
        again = Moments(place, budget=300)
        again.add(12, b"x" * 100)
        assert again.epochs == (0, 8, 12)

    def test_the_newest_is_always_kept_even_between_the_even_ones(self, place):
        moments = Moments(place, budget=300)
        for epoch in range(100):
            moments.add(epoch, b"%03d" % epoch * 33)
            assert moments.epochs[-1] == epoch and moments.bytes <= 300
            assert len(place.sizes()) == len(moments.epochs)
        assert moments.epochs == (0, 64, 99)

    def test_the_last_moment_is_what_is_read_last(self, place):
        moments = Moments(place)
        with pytest.raises(ValueError, match="not kept"):
            moments.read_last()
        moments.add(1, b"one")
        assert moments.read_last() == b"one"
        moments.end(1.5, b"one and a half")
        assert Moments(place).read_last() == b"one and a half" and Moments(place).epochs == (1,)
        moments.rewind(1)
        assert moments.read_last() == b"one"

    def test_are_taken_over_by_another_run_wherever_that_is_kept(self, library, place):
        first, passing = Moments(place), Moments()
        first.add(3, b"three")
        passing.adopt(first, 3)
        second = Moments(library.places().of("another"))
        for parent in (first, passing):
            second.adopt(parent, 3)
            assert Moments(second._place).read(3) == b"three" and second.bytes == 5
        with pytest.raises(ValueError, match="Epoch 2 of this run is not kept"):
            second.adopt(first, 2)


def test_a_folder_lets_go_of_what_was_half_written_once_another_writes_there(tmp_path):
    (tmp_path / "3.part").write_bytes(b"half writ")
    moments = Moments(Folder(tmp_path))
    assert moments.epochs == () and (tmp_path / "3.part").exists()
    moments.add(1, b"one")
    assert [path.name for path in tmp_path.iterdir()] == ["1.safetensors"]


def test_who_looks_into_a_folder_leaves_what_is_being_written_there(tmp_path, monkeypatch):
    seen = []
    monkeypatch.setattr(files, "_sync_file", lambda _: seen.append(Moments(Folder(tmp_path)).epochs))
    moments = Moments(Folder(tmp_path))
    moments.add(1, b"one")
    assert seen == [()] and moments.fault is None and Moments(Folder(tmp_path)).read(1) == b"one"
