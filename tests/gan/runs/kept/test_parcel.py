"""A run as one file: it comes back as it was, and a file that lies is refused with nothing taken."""

import io
import json
import zipfile

import numpy as np
import pytest
import torch
from safetensors import numpy as safetensors
from safetensors import torch as weights

from gan.learn import learner
from gan.runs import RunManager, RunState
from gan.runs.kept import parcel
from gan.runs.kept.opening import open_store
from gan.runs.state.limits import Limits
from gan.setup import presets
from tests.gan.runs.kept.test_store import same

CONFIG = presets.get("pocket").but(pictures=96, batch_size=16, epochs=3, device="cpu")
NETWORKS = "epochs/2.safetensors"


@pytest.fixture
def manager(library):
    manager = RunManager(limits=Limits(runs_at_once=2), store=open_store(library))
    yield manager
    manager.stop_all()


@pytest.fixture(scope="module")
def wrapped(tmp_path_factory):
    """A real run of three epochs, steered once and named, in a file; and its snapshot."""
    manager = RunManager(limits=Limits(runs_at_once=2), store=open_store(tmp_path_factory.mktemp("library")))
    run = manager.starting.new(CONFIG, "ann")
    run.change(learning_rate=1e-3)
    assert run.wait(60)
    manager.store.rename(run.run_id, "Our best")
    content, snapshot = manager.wrap(run), run.snapshot()
    manager.stop_all()
    return content, snapshot


def changed(content: bytes, **files: bytes | None) -> bytes:
    """The file with some of its parts replaced, added or (None) left out."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()} | files
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        for name, part in parts.items():
            if part is not None:
                archive.writestr(name, part)
    return file.getvalue()


def part(content: bytes, name: str) -> bytes:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read(name)


def with_numbers(content: bytes, change) -> bytes:
    numbers = json.loads(part(content, parcel.NUMBERS))
    change(numbers)
    return changed(content, **{parcel.NUMBERS: json.dumps(numbers).encode()})


def test_a_run_comes_back_as_it_was(manager, wrapped):
    content, before = wrapped
    run = manager.unwrap(content)
    after = run.snapshot()
    assert run.run_id != before.run_id and not run.is_live and after.kept == (0, 1, 2, 3)
    auto = {"config": before.config.but(device="auto"), "begun_with": before.begun_with.but(device="auto")}
    from dataclasses import replace

    same(after, replace(before, run_id=run.run_id, **auto))
    assert manager.store.name(run.run_id) == "Our best"
    same(manager.store.load(run.run_id), after)
    assert run.look_back(1)[0].shape == (64, 28, 28)


def test_an_imported_run_goes_on_to_the_pictures_of_the_first(manager, wrapped):
    run = manager.unwrap(with_numbers(wrapped[0], lambda numbers: numbers["settings"].update(epochs=4)))
    again = manager.starting.resume(run.run_id, "ann")
    never_stopped = manager.starting.new(CONFIG.but(epochs=4), "ben")
    never_stopped.change(learning_rate=1e-3)
    assert again.wait(60) and never_stopped.wait(60)
    assert again.snapshot().state is RunState.FINISHED, again.snapshot().fault
    assert (again.snapshot().reading.samples == never_stopped.snapshot().reading.samples).all()


def test_its_networks_are_built_once_to_be_checked(manager, wrapped, monkeypatch):
    """Not a trainer with its pictures and scores for each epoch: all who use the server would wait for that."""
    built, build = [], learner.build
    monkeypatch.setattr(learner, "build", lambda *with_: built.append(with_) or build(*with_))
    monkeypatch.setattr("gan.learn.trainer.Trainer", None)
    monkeypatch.setattr("gan.data.load", None)
    assert manager.unwrap(wrapped[0]).moments.epochs == (0, 1, 2, 3)
    assert len(built) == 1


def test_without_a_store_it_is_kept_until_the_server_ends(wrapped):
    run = RunManager(limits=Limits(runs_at_once=1)).unwrap(wrapped[0])
    assert run.look_back(3)[0].shape == (64, 28, 28)


def networks(change):
    def make(content):
        tensors = weights.load(part(content, NETWORKS))
        change(tensors)
        return changed(content, **{NETWORKS: weights.save(tensors)})

    return make


def pictures(change):
    def make(content):
        arrays = safetensors.load(part(content, parcel.PICTURES))
        change(arrays)
        return changed(content, **{parcel.PICTURES: safetensors.save(arrays)})

    return make


def numbers(change):
    return lambda content: with_numbers(content, change)


FILES = {
    "nothing": (lambda content: b"", "not a run"),
    "text": (lambda content: b"hello " * 1000, "not a run"),
    "half": (lambda content: content[: len(content) // 2], "not a run"),
    "a flipped byte": (lambda content: content.replace(b"discriminator", b"discriminatos", 1), "not a run"),
    "a stranger": (lambda content: changed(content, **{"../../evil.py": b"import os"}), "does not belong"),
    "no numbers": (lambda content: changed(content, **{parcel.NUMBERS: None}), "run.json is missing"),
    "no pictures": (lambda content: changed(content, **{parcel.PICTURES: None}), "pictures.safetensors is missing"),
    "numbers that are a list": (lambda content: changed(content, **{parcel.NUMBERS: b"[1, 2]"}), "not a run"),
    "deep numbers": (lambda content: changed(content, **{parcel.NUMBERS: b"[" * 100_000}), "not a run"),
    "another format": (numbers(lambda all: all.update(format=99)), "another version"),
    "an unknown setting": (numbers(lambda all: all["settings"].update(hyperdrive=1)), "no setting called"),
    "a bad setting": (numbers(lambda all: all["settings"].update(epochs=-3)), "epochs"),
    "a wild change": (numbers(lambda all: all["settings"]["changes"][0].update(settings={"latent_size": 5})), "latent"),
    "an unknown state": (numbers(lambda all: all.update(state="exploded")), "exploded"),
    "a text as a number": (numbers(lambda all: all.update(seconds="long")), "seconds"),
    "epochs out of order": (numbers(lambda all: all["records"].reverse()), "out of order"),
    "an epoch that is no number": (numbers(lambda all: all["records"][0].update(epoch=float("nan"))), "epoch"),
    "a loss that is a list": (numbers(lambda all: all["records"][0].update(d_loss=[1])), "d_loss"),
    "a record without numbers": (numbers(lambda all: all["records"].append({})), "missing"),
    "a long name": (numbers(lambda all: all.update(name="x" * 5000)), "name"),
    "scores of nothing": (numbers(lambda all: all.update(scores=[[1, {"shares": []}]])), "missing"),
    "tiny pictures": (pictures(lambda all: all.update(samples=np.zeros((64, 0, 28), np.uint8))), "shape"),
    "pictures of floats": (pictures(lambda all: all.update(samples=np.zeros((64, 28, 28)))), "shape"),
    "another size in the film": (
        pictures(lambda all: all.update({"frame.0": np.zeros((64, 9, 9), np.uint8)})), "shape"),
    "a long film": (
        pictures(lambda all: all.update({f"frame.{n}": np.zeros((64, 28, 28), np.uint8) for n in range(99)})), "film"),
    "a belief of 7": (pictures(lambda all: all.update(beliefs=np.full(64, 7.0))), "beliefs"),
    "points elsewhere": (pictures(lambda all: all.update(points=np.zeros((3, 2)))), "points"),
    "points that are nowhere": (pictures(lambda all: all.update(points=np.full((3, 10), np.nan))), "points"),
    "other networks": (networks(lambda all: all.update({"generator.extra": torch.zeros(3)})), "not the ones"),
    "a missing weight": (networks(lambda all: all.pop(next(n for n in all if n.startswith("gen")))), "not the ones"),
    "another epoch": (networks(lambda all: all.update(numbers=torch.tensor([5.0, 9, 0]).double())), "after epoch 2"),
    "an epoch without end": (
        networks(lambda all: all.update(numbers=torch.tensor([5.0, torch.inf, 0]).double())), "after epoch 2"),
    "no epoch": (networks(lambda all: all.update(numbers=torch.tensor([5, torch.nan, 0]).double())), "after epoch 2"),
    "no random stream": (networks(lambda all: all.pop("random")), "damaged"),
    "a short random stream": (networks(lambda all: all.update(random=torch.zeros(3, dtype=torch.uint8))), "damaged"),
    "numbers that are words": (networks(lambda all: all.update(numbers=torch.full((3,), torch.nan))), "damaged"),
    "an optimiser of a giant": (
        networks(lambda all: all.update({"g_optimizer.0.exp_avg": torch.zeros(2, 2)})), "not the ones"),
    "an optimiser for nobody": (
        networks(lambda all: all.update({"g_optimizer.999.exp_avg": torch.zeros(2, 2)})), "not the ones"),
    "networks that are text": (lambda content: changed(content, **{NETWORKS: b"weights"}), "damaged"),
}  # fmt: skip


@pytest.mark.parametrize("lie", FILES)
def test_a_file_that_lies_is_refused_and_nothing_is_taken(manager, wrapped, lie):
    make, word = FILES[lie]
    with pytest.raises(ValueError, match=word) as found:
        manager.unwrap(make(wrapped[0]))
    assert "\n" not in str(found.value) and str(found.value).endswith((".", "?"))
    assert manager.store.runs() == [] and manager.runs() == []


def test_a_small_file_that_grows_huge_is_refused(manager, wrapped):
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(parcel.NUMBERS, b" " * (parcel.MOST_NUMBERS_BYTES + 1))
    with pytest.raises(ValueError, match="more than a run can"):
        manager.unwrap(file.getvalue())
