"""Files that claim to be runs: each lie is a refusal in a sentence, and nothing of it stays behind."""

import io
import json
import math
import random
import struct
import zipfile
from dataclasses import replace

import numpy as np
import pytest
from safetensors import numpy as safetensors

from gan.messages import Refusal, msg
from gan.records import Change, EpochRecord, Measures, Point, Reading, Scores
from gan.runs import RunManager, RunState, Snapshot
from gan.runs.kept import parcel
from gan.runs.kept.opening import open_store
from gan.runs.kept.store import LibraryFull
from gan.runs.server.registry import Registry
from gan.runs.state.faults import Fault
from gan.runs.state.limits import Limits
from gan.setup.config import RunConfig
from tests.fakes import FakeEyes, FakeTrainer

CONFIG = RunConfig(epochs=3)
TRIES = 400  # of bytes that are changed, and as many of each kind
SCORES = Scores(samples=9, realism=12.5, variety=5.0, shares=(0.5, 0.5))
MEASURES = Measures(
    scores=SCORES,
    real=SCORES,
    sharpness=0.2,
    real_sharpness=0.25,
    draw_seconds=0.01,
    jump=0.1,
    error=0.05,
    weights=1000,
)


def reading(kind, epoch, **rest):
    means = {"d_loss": 1.0, "g_loss": 1.0, "d_real": 0.5, "d_fake": 0.5}
    return kind(epoch=epoch, step=10, seconds=1.0, steps_per_second=10.0, scores=SCORES, **means, **rest)


def snapshot(**changes) -> Snapshot:
    pictures = np.zeros((2, 4, 4), np.uint8)
    values = {
        "state": RunState.FAILED,
        "reading": reading(Reading, 2.5, samples=pictures, sample_scores=(0.5, 0.25)),
        "records": tuple(reading(EpochRecord, epoch, samples=None) for epoch in (1, 2)),
        "points": (Point(1.0, 1.0, 1.0, 0.5, 0.5), Point(2.0, 1.0, 1.0, 0.5, 0.5, weight=3, fake_passed=0.25)),
        "frames": {0: pictures, 2: pictures},
        "seconds": 2.0,
        "scores": ((1.0, SCORES),),
        "floor": SCORES,
        "measures": MEASURES,
        "fault": Fault(msg("a.what", "It broke at {epoch}.", epoch=2), msg("a.try", "Try again."), True),
        "forked_at": 0,
    }
    return Snapshot("run", CONFIG, **values | changes)


@pytest.fixture(scope="module")
def content() -> bytes:
    return parcel.wrap(snapshot(), {1: b"after 1", 2: b"after 2"}, "mine")


@pytest.fixture
def manager(tmp_path):
    manager = RunManager(FakeTrainer, Limits(), open_store(tmp_path), FakeEyes)
    yield manager
    manager.store.close()


def zipped(parts: dict[str, bytes], how=zipfile.ZIP_DEFLATED) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", how) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return file.getvalue()


def parts(content: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def with_numbers(content: bytes, change) -> bytes:
    found = parts(content)
    numbers = json.loads(found[parcel.NUMBERS])
    change(numbers)
    return zipped(found | {parcel.NUMBERS: json.dumps(numbers).encode()})


def with_pictures(content: bytes, **changes) -> bytes:
    found = parts(content)
    arrays = safetensors.load(found[parcel.PICTURES]) | changes
    return zipped(found | {parcel.PICTURES: safetensors.save(arrays)})


def is_untouched(manager) -> bool:
    folder = manager.store.folder / "runs"
    return manager.store.runs() == manager.runs() == [] and not (folder.exists() and list(folder.iterdir()))


def refused(manager, content: bytes) -> str:
    """What is said of a file: it can be shown, and nothing of the run stays."""
    with pytest.raises(Refusal) as found:
        manager.unwrap(content)
    said = str(found.value)
    assert said.encode() and is_untouched(manager)
    return said


def test_the_whole_one_is_taken(manager, content):
    run = manager.unwrap(content)
    found = manager.store.load(run.run_id)
    assert found.kept == (1, 2) and manager.store.name(run.run_id) == "mine"
    assert manager.runs() == [], "it is not kept in memory as well"
    assert str(found.fault.what) == "It broke at 2." and found.fault.what.id == "", "it is shown as it is"


def test_a_flipped_bit_is_refused_or_changes_nothing_that_matters(manager, content):
    """Every bit of a zip's headers matters little: what is taken must be whole, what is not leaves nothing behind."""
    chance = random.Random(1)
    taken = 0
    for _ in range(TRIES):
        lie = bytearray(content)
        lie[chance.randrange(len(lie))] ^= 1 << chance.randrange(8)
        try:
            run = manager.unwrap(bytes(lie))
        except Refusal as refusal:
            assert str(refusal).encode() and is_untouched(manager)
            continue
        taken += 1
        assert manager.store.load(run.run_id).records and run.moments.read(2) == b"after 2"
        manager.store.drop(run.run_id)
    assert taken < TRIES / 2


def test_a_file_that_has_lost_an_epoch_on_the_way_is_refused(manager, content):
    """A zip's list of its files can end early by one flipped bit, and nobody who reads it notices."""
    fewer = {name: part for name, part in parts(content).items() if name != "epochs/2.safetensors"}
    assert "damaged" in refused(manager, zipped(fewer))


def test_more_changes_than_a_person_makes_are_refused_before_they_are_read(manager, content, monkeypatch):
    steered = []
    monkeypatch.setattr(RunConfig, "steered", lambda self, **changes: steered.append(changes) or self)
    change = {"step": 1, "epoch": 0.5, "settings": {"learning_rate": 0.1}}
    file = with_numbers(content, lambda numbers: numbers["settings"].update(changes=[change] * 50_000))
    assert "more than a run can" in refused(manager, file) and not steered
    manager.unwrap(with_numbers(content, lambda numbers: numbers["settings"].update(changes=[change] * 100)))


@pytest.mark.parametrize("how", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA], ids=["bz2", "lzma"])
def test_other_ways_to_compress_are_refused(manager, content, how):
    assert "damaged" in refused(manager, zipped(parts(content), how))


def test_a_file_under_two_names_is_refused(manager, content):
    file = io.BytesIO(content)
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(file, "a") as archive:
        archive.writestr(parcel.NUMBERS, b"{}")
    refused(manager, file.getvalue())


ODD = (None, True, -1, 0, 2**31, 2**63, 2**63 - 1, 10**400, 1e308, float("nan"), float("inf"), "", "\ud800", "x" * 5000,
       "2", [], [[]], {}, {"id": "", "english": "{a.b}", "values": {}}, {"shares": None}, [None] * 3)  # fmt: skip


def places(value, path=()):
    """Where something stands in JSON."""
    yield path
    for key, part in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield from places(part, (*path, key))


def test_every_value_may_be_anything(manager, content):
    """Each place of run.json gets odd values: it is a refusal, or a run that is listed, loaded and saved again."""
    numbers = json.loads(parts(content)[parcel.NUMBERS])
    chance, paths = random.Random(2), [path for path in places(numbers) if path]
    tries = [(path, value) for path in paths for value in chance.sample(ODD, 4)] + [(path, ...) for path in paths]
    for path, value in tries:

        def change(numbers, path=path, value=value):
            for key in path[:-1]:
                numbers = numbers[key]
            if value is ...:
                del numbers[path[-1]]
            else:
                numbers[path[-1]] = value

        try:
            run = manager.unwrap(with_numbers(content, change))
        except Refusal as refusal:
            assert str(refusal).encode() and is_untouched(manager), (path, value)
            continue
        assert [each.run_id for each in manager.store.runs()] == [run.run_id]
        found = manager.store.load(run.run_id)
        assert (found.state is RunState.FAILED) == (found.fault is not None)
        parcel.wrap(found, {}, "")
        manager.store.drop(run.run_id)


def test_every_array_may_be_anything(manager, content):
    chance = random.Random(3)
    shapes = ((), (0,), (1,), (2,), (2, 4, 4), (2, 4, 4, 3), (3, 4, 4), (2, 10), (0, 10), (1, 10), (2, 2, 2, 2, 2))
    kinds = (np.uint8, np.int8, np.float32, np.float64, np.int64, np.float16, np.bool_)
    for name in ("samples", "beliefs", "points", "frame.0", "frame.x", "frame.-1", "other"):
        for shape in shapes:
            kind = chance.choice(kinds)
            try:
                run = manager.unwrap(with_pictures(content, **{name: np.ones(shape, kind)}))
            except Refusal as refusal:
                assert str(refusal).encode() and is_untouched(manager), (name, shape, kind)
                continue
            assert manager.store.load(run.run_id).reading.samples.dtype == np.uint8
            manager.store.drop(run.run_id)


NAN, INFINITE = float("nan"), float("inf")
LIES = {
    "a fork of the far future": lambda all: all.update(forked_at=2**63),
    "an endless epoch": lambda all: all["reading"].update(epoch=INFINITE),
    "an endless record": lambda all: all["records"][1].update(epoch=INFINITE),
    "a record beyond the last epoch": lambda all: all["records"][1].update(epoch=4),
    "scores beyond the last epoch": lambda all: all.update(scores=[[1e9, all["floor"]]]),
    "half a character as a name": lambda all: all.update(name="half \ud800"),
    "half a character as a fault": lambda all: all["fault"].update(what="half \ud800"),
    "half a character as a setting": lambda all: all["settings"].update({"half \ud800": 1}),
    "half a character as a state": lambda all: all.update(state="\ud800"),
    "a failure without a fault": lambda all: all.update(fault=None),
    "a fault without a failure": lambda all: all.update(state="finished"),
    "a loss that is no number": lambda all: all["records"][0].update(d_loss=NAN),
    "networks beyond the records": lambda all: all["records"].pop(),
    "records of a run that never began": lambda all: all.update(reading=None),
    "a budget that is no number": lambda all: all.update(budget="30"),
}


@pytest.mark.parametrize("measures", [MEASURES, replace(MEASURES, error=None), None])
def test_what_a_run_was_measured_by_goes_along(manager, measures):
    run = manager.unwrap(parcel.wrap(snapshot(measures=measures), {}))
    assert run.snapshot().measures == manager.store.load(run.run_id).measures == measures


@pytest.mark.parametrize("budget", [30.0, None])
def test_a_run_that_had_seconds_and_not_epochs_keeps_them(manager, budget):
    run = manager.unwrap(parcel.wrap(snapshot(budget=budget), {}))
    assert run.snapshot().budget == manager.store.load(run.run_id).budget == budget
    assert run.snapshot().epochs == (CONFIG.epochs if budget is None else 3)  # it ended in the third


@pytest.mark.parametrize("lie", LIES)
def test_numbers_that_lie_are_refused(manager, content, lie):
    refused(manager, with_numbers(content, LIES[lie]))


@pytest.mark.parametrize("number", [2**63 - 1, 10**9, -1, "1e3", " 1", "1_0"])
def test_frames_have_small_numbers(manager, content, number):
    assert "film" in refused(manager, with_pictures(content, **{f"frame.{number}": np.zeros((2, 4, 4), np.uint8)}))


@pytest.mark.parametrize("column", range(5))
@pytest.mark.parametrize("odd", [NAN, INFINITE, -INFINITE])
def test_points_can_be_drawn(manager, content, column, odd):
    points = safetensors.load(parts(content)[parcel.PICTURES])["points"]
    points[1, column] = odd
    assert "points" in refused(manager, with_pictures(content, points=points))


@pytest.mark.parametrize("share", [-0.1, 1.5, float("inf")])
def test_shares_are_shares(manager, content, share):
    points = safetensors.load(parts(content)[parcel.PICTURES])["points"]
    points[1, -1] = share
    assert "points" in refused(manager, with_pictures(content, points=points))
    lie = with_numbers(content, lambda numbers: numbers["records"][0].update(fake_passed=share))
    assert "fake_passed" in refused(manager, lie)


def test_a_file_from_before_right_answers_were_counted_is_taken(manager, content):
    def forget(numbers):
        for each in (numbers["reading"], *numbers["records"]):
            del each["real_passed"], each["fake_passed"]

    points = safetensors.load(parts(content)[parcel.PICTURES])["points"]
    old = with_pictures(with_numbers(content, forget), points=np.ascontiguousarray(points[:, :-2]))
    found = manager.store.load(manager.unwrap(old).run_id)
    assert found.records[0].numbers()["d_right"] is None and math.isnan(found.points[1].d_right)
    assert found.points[1].weight == 3 and found.records[0].d_sure == 0.5


def test_points_come_in_order(manager, content):
    points = safetensors.load(parts(content)[parcel.PICTURES])["points"][::-1].copy()
    assert "points" in refused(manager, with_pictures(content, points=points))


def test_what_a_parcel_says_is_never_one_of_our_sentences(manager, content):
    """A sentence of a file may hold what a page would read as a link or a picture."""
    evil = {"id": "fault.memory", "english": "![x](http://203.0.113.9/x)", "values": {}}
    run = manager.unwrap(with_numbers(content, lambda all: all["fault"].update(what=evil)))
    what = manager.store.load(run.run_id).fault.what
    assert (what.id, what.english, what.values) == ("", "{text}", {"text": "![x](http://203.0.113.9/x)"})


class TestSize:
    def test_pictures_of_nothing_do_not_unfold(self, manager, content):
        head = {"frame.0": {"dtype": "U8", "shape": [256, 960, 960], "data_offsets": [0, 256 * 960 * 960]}}
        lie = json.dumps(head).encode()
        part = struct.pack("<Q", len(lie)) + lie + bytes(256 * 960 * 960)
        file = zipped(parts(content) | {parcel.PICTURES: part})
        assert len(file) < 2**20
        assert "more than a run can" in refused(manager, file)

    def test_numbers_without_end_do_not_unfold(self, manager, content):
        file = zipped(parts(content) | {parcel.NUMBERS: b"[" + b"[]," * (parcel.MOST_NUMBERS_BYTES // 3) + b"[]]"})
        assert len(file) < 2**20 and "more than a run can" in refused(manager, file)

    def test_the_rows_count_in_what_the_library_may_hold(self, tmp_path, content):
        """115,000 records in a file of a megabyte were 66 MB of a library that may have 20."""
        store = open_store(tmp_path, Limits(library_mb=1))
        manager = RunManager(FakeTrainer, Limits(library_mb=1), store, FakeEyes)

        def many(numbers, count):
            numbers["settings"]["epochs"] = 100_000
            numbers["records"] = [numbers["records"][0] | {"epoch": epoch} for epoch in range(1, count + 1)]

        with pytest.raises(LibraryFull, match="more than the library may hold"):
            manager.unwrap(with_numbers(content, lambda numbers: many(numbers, 4000)))
        assert store.runs() == []
        for _ in range(6):
            manager.unwrap(with_numbers(content, lambda numbers: many(numbers, 600)))
            assert 0 < store.used_bytes <= 2**20
        assert 1 <= len(store.runs()) < 6, "the oldest made room"
        assert sum(run.bytes for run in store.runs()) == store.used_bytes
        store.close()

    def test_ended_runs_leave_the_memory_by_their_size_too(self):
        def ended(name):
            film = {number: np.zeros((64, 64, 64, 3), np.uint8) for number in range(60)}
            return type(
                "Ended", (), {"run_id": name, "is_live": False, "snapshot": lambda self: snapshot(frames=film)}
            )()

        registry = Registry(None, None)
        for number in range(10):
            registry.add(ended(str(number)))
        assert [run.run_id for run in registry.runs()] == ["5", "6", "7", "8", "9"]


def test_a_disk_that_does_not_take_it_leaves_nothing(manager, content, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("pathlib.Path.write_bytes", full)
        assert "No space left" in refused(manager, content)
    assert manager.unwrap(content).moments.epochs == (1, 2)


def test_a_run_that_is_gone_or_goes_on_is_not_wrapped(manager, content):
    with pytest.raises(Refusal, match="when it has ended"):
        manager.wrap(None)
    run = manager.unwrap(content)
    (manager.store.folder / "runs" / run.run_id / "2.safetensors").write_bytes(b"")
    assert sorted(name for name in parts(manager.wrap(run)) if "epochs" in name) == ["epochs/1.safetensors"]


def test_a_whole_run_too_long_for_a_file_is_a_sentence():
    with pytest.raises(Refusal, match="This run cannot be saved as a file: it is too long"):
        parcel.wrap(snapshot(), {epoch: b"" for epoch in range(parcel.MOST_FILES)}, "")


def test_a_run_with_more_changes_than_a_file_may_hold_is_a_sentence():
    """None leaves that could not come back."""
    steered = [Change(step, step / 10_000, {"learning_rate": 0.1}) for step in range(2_001)]
    with pytest.raises(Refusal, match="This run cannot be saved as a file: it is too long"):
        parcel.wrap(snapshot(changes=tuple(steered)), {}, "")
    parcel.unwrap(parcel.wrap(snapshot(changes=tuple(steered[:2_000])), {}, ""), "id")
