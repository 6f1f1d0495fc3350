"""Recorded steps against steps taken one by one: on a graphics card, or where there is none with `frozen` instead."""

import gc
import weakref

import pytest
import torch

from gan.fast import cuda_graph, recorder_for
from gan.fast.recorder import Recorder
from gan.learn.trainer import Trainer
from gan.messages import verbatim
from gan.parts import losses, nets, stabilisers
from gan.records import NotRecorded, Wish, Word
from gan.setup.config import RunConfig
from tests.gan.fast import frozen

TINY = RunConfig(
    architecture="pocket", latent_size=6, batch_size=8, epochs=4, ema=0.9, drop_last=False,
    device="cuda" if torch.cuda.is_available() else "cpu",
)  # fmt: skip


@pytest.fixture(autouse=True)
def nothing_has_failed(monkeypatch):
    monkeypatch.setattr(cuda_graph, "_failures", [])


def recording(*args, trial=None, **kwargs):
    """A trainer that records its steps."""
    trainer = Trainer(*args, **kwargs)
    here = trainer.learner.device
    trainer.recorder = Recorder(cuda_graph.Card(here) if here.type == "cuda" else frozen.Card(), trial)
    return trainer


def one_by_one(*args, **kwargs):
    """A trainer that takes each step by itself."""
    trainer = Trainer(*args, **kwargs)
    trainer.recorder = None
    return trainer


def train(trainer, ask=lambda: Word.GO):
    """The trainer after its last epoch, and the last record."""
    *_, last = trainer.epochs(ask)
    return trainer, last


def assert_same(recorded, taken):
    (one, last), (other, expected) = recorded, taken
    assert len(one.recorder.recordings) and not one.recorder.fault
    for part in ("generator", "discriminator", "best_generator"):
        states = getattr(one.learner, part).state_dict(), getattr(other.learner, part).state_dict()
        for key in states[0]:
            assert torch.equal(states[0][key], states[1][key]), f"{part}.{key}"
    assert torch.equal(one.learner.random.get_state(), other.learner.random.get_state())
    assert torch.equal(one.learner.midpoint, other.learner.midpoint)
    assert (last.samples == expected.samples).all()
    ours, theirs = last.numbers(), expected.numbers()
    for key in ("step", "d_loss", "g_loss", "d_real", "d_fake", "d_gradient", "g_gradient"):
        assert ours[key] == theirs[key], key


def both(config, pictures):
    return train(recording(config, pictures)), train(one_by_one(config, pictures))


STEADY = [name for name in nets.of_family("gan") if name != "progressive"]
STEADY_STABILISERS = [name for name in stabilisers.names() if name != "instance_noise"]


@pytest.mark.parametrize("architecture", STEADY)
def test_recorded_steps_are_the_same_steps_for_every_network(architecture, make_pictures):
    config = TINY.but(architecture=architecture, latent_size=8)
    assert_same(*both(config, make_pictures(60)))


@pytest.mark.parametrize("loss", losses.names())
def test_recorded_steps_are_the_same_steps_for_every_loss(loss, make_pictures):
    assert_same(*both(TINY.but(loss=loss), make_pictures(60)))


@pytest.mark.parametrize("name", STEADY_STABILISERS)
def test_recorded_steps_are_the_same_steps_for_every_stabiliser(name, make_pictures):
    config = TINY.but(architecture="dcgan", stabilisers={name: stabilisers.facts(name)["STRENGTH"][0]})
    assert_same(*both(config, make_pictures(60)))


@pytest.mark.parametrize(
    "settings",
    [
        {"optimizer": "rmsprop"},
        {"optimizer": "rmsprop", "learning_rate_decay": 0.8},
        {"optimizer": "sgd", "learning_rate_decay": 0.8},
        {"optimizer": "sgd", "beta1": 0.9},
        {"d_steps": 3},
        {"g_steps": 2},
        {"fresh_fakes": False},
        {"batch_parts": 3, "d_steps": 2, "g_steps": 2},
        {"ema": 0},
        {"drop_last": True},
        {"learners": "discriminator"},
        {"learners": "generator"},
        {"label_smoothing": 0.1},
        {"learning_rate_decay": 0.8},
        {"pixel_range": "0..1"},
    ],
    ids=str,
)
def test_recorded_steps_are_the_same_steps_for_every_setting(settings, make_pictures):
    assert_same(*both(TINY.but(**settings), make_pictures(60)))


def test_a_change_in_the_middle_is_recorded_anew(make_pictures):
    def asker():
        steps = iter(range(1000))

        def ask():
            if next(steps) == 12:
                trainer.change(label_smoothing=0.2, learning_rate=1e-4)
            return Word.GO

        return ask

    pair = []
    for make in (recording, one_by_one):
        trainer = make(TINY, make_pictures(60))
        pair.append(train(trainer, ask=asker()))
    assert pair[0][0].changes == pair[1][0].changes
    assert_same(*pair)


def test_a_run_goes_on_from_a_recorded_moment(make_pictures):
    whole, last = train(one_by_one(TINY, make_pictures(60)))
    first = recording(TINY, make_pictures(60))
    records = first.epochs()
    next(records), next(records)
    assert first.recorder.recordings
    second, again = train(recording(TINY, make_pictures(60), start=first.checkpoint()))
    assert_same((second, again), (whole, last))


def test_a_step_told_part_by_part_is_taken_by_itself(make_pictures):
    def words():
        asked = iter(range(1000))

        def ask():
            trainer.wish = Wish(trace=10 <= next(asked) < 14)
            return Word.GO

        return ask

    trainer = recording(TINY, make_pictures(60))
    recorded = train(trainer, ask=words())
    assert trainer.teller.trace().step == 14
    assert_same(recorded, train(one_by_one(TINY, make_pictures(60))))


@pytest.mark.parametrize(
    "settings", [{"architecture": "progressive"}, {"stabilisers": {"instance_noise": 0.1}}], ids=str
)
def test_what_changes_with_time_is_not_recorded(settings, make_pictures):
    trainer = recording(TINY.but(latent_size=8, **settings), make_pictures(60))
    assert train(trainer)[1].epoch == TINY.epochs
    assert not trainer.recorder.recordings


class Asked:
    """A trial whose outcome a test decides."""

    def __init__(self, *outcomes):
        self.outcomes, self.failures = list(outcomes), []

    def outcome(self):
        return self.outcomes.pop(0) if len(self.outcomes) > 1 else self.outcomes[0]

    def failed(self, why):
        self.failures.append(why)
        self.outcomes = [why]


def test_steps_are_taken_one_by_one_until_a_trial_has_been_good(make_pictures):
    trainer = recording(TINY, make_pictures(60), trial=Asked(*[None] * 12, ""))
    seen = []

    def ask():
        seen.append(len(trainer.recorder.recordings))
        return Word.GO

    assert_same(train(trainer, ask), train(one_by_one(TINY, make_pictures(60))))
    assert not any(seen[:13]) and seen[14] and trainer.remark is None


@pytest.mark.parametrize("outcome", [None, "CUDA error: operation not permitted"])
def test_and_for_ever_where_it_was_not(outcome, make_pictures):
    trainer = recording(TINY, make_pictures(60), trial=Asked(outcome))
    _, last = train(trainer)
    assert not trainer.recorder.recordings
    assert (last.samples == train(one_by_one(TINY, make_pictures(60)))[1].samples).all()
    if outcome:
        assert str(trainer.remark) == (
            "The steps are taken one by one, which is slower, because they cannot be recorded: "
            "a trial of that failed (CUDA error: operation not permitted)."
        )


def test_a_failure_is_told_and_this_kind_is_not_recorded_again(make_pictures, monkeypatch):
    trial = Asked("")
    trainer = recording(TINY, make_pictures(60), trial=trial)
    learn = trainer.learner.learn

    def wait(*args):
        step = learn(*args)
        step.d_loss.item()
        return step

    monkeypatch.setattr(trainer.learner, "learn", wait)
    with pytest.raises(NotRecorded):
        train(trainer)
    assert not trainer.recorder.recordings and trial.failures and trainer.recorder.fault
    assert not train(recording(TINY, make_pictures(60), trial=trial))[0].recorder.recordings


def test_where_a_graphics_card_takes_steps_one_by_one_a_line_says_why(make_pictures, monkeypatch):
    trainer = recording(TINY, make_pictures(60))
    assert trainer.remark is None
    monkeypatch.setattr(cuda_graph, "_failures", [(verbatim("operation not permitted when stream is capturing"), ())])
    assert str(trainer.remark) == (
        "The steps are taken one by one, which is slower, because they cannot be recorded: "
        "operation not permitted when stream is capturing."
    )
    trainer = recording(TINY.but(stabilisers={"instance_noise": 0.1}), make_pictures(60))
    assert str(trainer.remark).endswith("because they cannot be recorded: something in them changes with time.")
    trainer.recorder = None
    assert trainer.remark is None  # there it hardly matters


@pytest.mark.parametrize("kind", ["cpu", "mps"])
def test_other_devices_take_their_steps_one_by_one(kind):
    assert recorder_for(torch.device(kind)) is None


def test_a_trainer_with_recordings_goes_as_soon_as_nobody_needs_it(make_pictures):
    trainer, _ = train(recording(TINY, make_pictures(60)))
    assert trainer.recorder.recordings
    held = [
        weakref.ref(each)
        for each in (trainer.learner.generator, trainer.learner.generator[0].weight, trainer.learner.images)
    ]
    gc.disable()
    try:
        del trainer, _
        assert [each() for each in held] == [None, None, None]
    finally:
        gc.enable()
