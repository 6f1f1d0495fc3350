"""What a trial of recorded steps finds, with steps done again by `frozen` in place of a card."""

import json

import pytest
import torch

from gan.fast.recorder import Recorder
from gan.learn.device import recorded
from gan.learn.trainer import Trainer
from gan.messages import verbatim
from gan.parts import nets
from gan.records import NotRecorded
from gan.setup.config import RunConfig
from tests.gan.fast import frozen
from tests.gan.learn.tiny import TINY


@pytest.fixture
def records(monkeypatch):
    """records(card): steps are recorded by such a card."""

    def make(card):
        monkeypatch.setattr(recorded, "recorder_for", lambda device: Recorder(card))

    make(frozen.Card())
    monkeypatch.setattr(recorded, "STEPS", 8)
    return make


class Forgetful(frozen.Card):
    """Does a recorded step again, but for the noise, which is the same each time."""

    def record(self, work, indices, random):
        step = super().record(work, indices, random)
        before = random.get_state()

        def same(indices):
            random.set_state(before)
            return step(indices)

        return same


class Refusing(frozen.Card):
    def __init__(self, cause):
        self.cause = cause

    def record(self, work, indices, random):
        raise NotRecorded(verbatim("it cannot be")) from self.cause


@pytest.mark.parametrize("architecture", ["pocket", "conditional", "cycle_gan", "denoiser", "vae_gan_conv"])
def test_the_same_bits_speak_for_it_in_every_family(architecture, records):
    family = nets.family_of(architecture)
    config = RunConfig().but(family=family, architecture=architecture, batch_size=4, device="cpu")
    assert recorded.differs(config) == ""


def test_and_for_dots(records):
    assert recorded.differs(TINY.but(data="dots_ring", architecture="mlp")) == ""


def test_every_kind_of_step_is_recorded(records, monkeypatch):
    made, take = [], Recorder.take
    monkeypatch.setattr(Recorder, "take", lambda self, *given: made.append(self) or take(self, *given))
    assert recorded.differs(TINY.but(d_steps=3)) == ""
    assert {turn for _, turn in made[-1].recordings} == {True, False} and len(made) == 3 * recorded.STEPS


def test_another_bit_speaks_against_it(records):
    records(Forgetful())
    assert recorded.differs(TINY) == "different"


def test_so_does_a_refusal_but_not_a_full_card(records):
    records(Refusing(RuntimeError("CUDA error")))
    assert recorded.differs(TINY) == "it cannot be"
    records(Refusing(torch.OutOfMemoryError("CUDA out of memory.")))
    with pytest.raises(NotRecorded):
        recorded.differs(TINY)


def test_it_ends_with_what_speaks_against_it(records, monkeypatch, capsys):
    monkeypatch.setattr("faulthandler.dump_traceback_later", lambda seconds, exit: None)
    monkeypatch.setattr("sys.argv", ["recorded", json.dumps(TINY.to_dict())])
    recorded.main()
    records(Forgetful())
    with pytest.raises(SystemExit) as ended:
        recorded.main()
    assert ended.value.code == 3 and capsys.readouterr().out == "different\n"


def test_what_makes_no_other_kernels_makes_no_other_trial(make_pictures):
    def order(**settings):
        return recorded.order(Trainer(TINY.but(**settings), make_pictures(24)).learner)

    assert order(seed=7, epochs=9, learning_rate=1e-4) == order()
    assert order(architecture="dcgan") != order() != order(batch_size=4)
    assert RunConfig.from_dict(json.loads(order()[-1])).device == "cpu"
    ours = [order(data=f"own-28-{counts}-{digits * 16}") for counts, digits in (("20.20.20", "a"), ("31.20.25", "b"))]
    assert ours[0] == ours[1] != order()  # and nothing in it leads to anybody's pictures
