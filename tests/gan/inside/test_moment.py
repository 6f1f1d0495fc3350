"""A kept moment that is open to be looked into."""

import threading

import numpy as np
import pytest
import torch

from gan.inside import moment as moments
from gan.inside import open_moment
from gan.learn import past
from gan.learn.trainer import Trainer
from gan.look.observer import drawn
from gan.setup.config import RunConfig

TINY = RunConfig(architecture="pocket", latent_size=6, epochs=1, pictures=200, device="cpu")


@pytest.fixture(scope="module")
def content():
    return Trainer(TINY).checkpoint()


@pytest.fixture(autouse=True)
def nothing_open():
    moments._opened.clear()


def samples(found):
    nets = past.Networks({"generator": found.generator, "discriminator": found.discriminator}, found.midpoint)
    return drawn(nets, found.noise(), found.labels(), "-1..1", lambda logits, _: found.belief(logits))


def test_its_networks_draw_and_judge_as_the_run_did(content):
    found = open_moment(TINY, content)
    pictures, beliefs = samples(found)
    expected, expected_beliefs = past.look_back(TINY, content)
    assert np.array_equal(pictures, expected) and beliefs == expected_beliefs


def test_a_conditional_run_draws_the_kinds_that_its_samples_had():
    config = TINY.but(architecture="conditional", classes=(3, 7), options={"width": 4})
    content = Trainer(config).checkpoint()
    found = open_moment(config, content)
    pictures, _ = samples(found)
    assert np.array_equal(pictures, past.look_back(config, content)[0])
    assert found.labels(4, 7).tolist() == [7] * 4 and set(found.labels().tolist()) == {3, 7}


def test_networks_stand_still_and_collect_no_gradients(content):
    found = open_moment(TINY, content)
    for net in (found.generator, found.discriminator):
        assert not net.training and not any(weight.requires_grad for weight in net.parameters())


def test_it_is_opened_once_however_many_ask_at_once(content, monkeypatch):
    made, read = [], moments.read
    monkeypatch.setattr(moments, "read", lambda *asked: made.append(1) or read(*asked))
    found = []
    threads = [threading.Thread(target=lambda: found.append(open_moment(TINY, bytes(content)))) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(made) == 1 and len(set(map(id, found))) == 1


def test_the_oldest_are_closed_when_they_are_too_much(content, monkeypatch):
    first = open_moment(TINY, content)
    monkeypatch.setattr(moments, "MOST_BYTES", int(2.5 * first.bytes))
    others = [open_moment(TINY.but(label_smoothing=share), content) for share in (0.1, 0.2)]
    assert list(moments._opened.values()) == others


def test_what_is_damaged_is_refused(content):
    with pytest.raises(ValueError, match="damaged"):
        open_moment(TINY, content[:-100])
    with pytest.raises(ValueError, match="not the ones that were kept"):
        open_moment(TINY.but(architecture="mlp"), content)


def test_it_knows_the_pictures_that_were_learned_from(content):
    found = open_moment(TINY, content)
    assert len(found.pictures.images) == 200 and found.shape == (1, 28, 28) and found.referee.classes == 10
    assert torch.equal(found.belief(torch.zeros(2)), torch.full((2,), 0.5))


def test_it_sees_pictures_that_came_to_the_computer_after_it_was_opened(content, monkeypatch):
    with monkeypatch.context() as before:
        before.setattr(moments.data, "is_here", lambda name: False)
        blind = open_moment(TINY, content)
    found = open_moment(TINY, content)
    assert blind.pictures is None and len(found.pictures.images) == 200 and found.name != blind.name
