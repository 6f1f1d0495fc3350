"""What Apple's graphics lack is never asked of them: no number of double precision, no optimiser's single call."""

import inspect

import pytest
import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten

from gan.learn import optimizers
from gan.learn.trainer import Trainer
from gan.parts import losses, nets, stabilisers
from gan.setup.config import RunConfig
from tests.gan.learn.tiny import TINY


class Single(TorchDispatchMode):
    """Computes as a device without double precision and without fused steps would."""

    def __torch_dispatch__(self, call, types, args=(), kwargs=None):
        result = call(*args, **(kwargs or {}))
        assert "fused" not in call._schema.name, call
        for each in tree_flatten((args, kwargs or {}, result))[0]:
            kind = each.dtype if isinstance(each, torch.Tensor) else each
            assert kind is not torch.float64 and kind is not torch.complex128, call
        return result


def unfused():
    """`optimizers.make` as it is for a device that is not among those of fused steps."""
    source = inspect.getsource(optimizers.make)
    assert source.count('("cpu", "cuda")') == 1
    exec(source.replace('("cpu", "cuda")', "()"), there := dict(vars(optimizers)))
    return there["make"]


@pytest.fixture(autouse=True)
def as_there(monkeypatch):
    monkeypatch.setattr("gan.learn.build.quicken", lambda net, shape: None)  # for processors alone
    monkeypatch.setattr(optimizers, "make", unfused())


def steps(config, pictures):
    trainer = Trainer(config, pictures)
    trainer.recorder = None
    learner, indices = trainer.learner, torch.arange(8)
    with Single():
        for _ in range(3):
            learner.tell(0.4)
            learner.step(*learner.real(indices))
            torch.randperm(24, generator=learner.random, device=learner.device)


@pytest.mark.parametrize("architecture", nets.names())
def test_steps_of_every_network(architecture, make_pictures):
    family = nets.family_of(architecture)
    config = RunConfig().but(family=family, architecture=architecture, batch_size=8, pictures=24, device="cpu")
    steps(config, None if family == "translation" else make_pictures(24))


@pytest.mark.parametrize("loss", losses.names())
def test_steps_of_every_loss(loss, make_pictures):
    steps(TINY.but(loss=loss), make_pictures(24))


@pytest.mark.parametrize("name", stabilisers.names())
def test_steps_of_every_stabiliser(name, make_pictures):
    strength = stabilisers.facts(name)["STRENGTH"][0]
    steps(TINY.but(architecture="dcgan", stabilisers={name: strength}, ema=0.9), make_pictures(24))


@pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "sgd"])
def test_steps_of_every_optimiser(optimizer, make_pictures):
    steps(TINY.but(optimizer=optimizer, beta1=0.5, learning_rate_decay=0.5), make_pictures(24))
