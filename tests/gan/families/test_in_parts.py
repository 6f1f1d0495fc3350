"""A batch in parts takes the step of the whole one, and less memory."""

import pytest
import torch

from gan.families.gan import in_parts
from gan.learn.trainer import Trainer
from gan.look.networks import for_each
from gan.parts import losses, stabilisers
from gan.parts.hooks import Batch
from gan.records import Wish
from gan.setup.config import RunConfig
from tests.gan.learn.tiny import STILL, TINY, assert_same, finish, real_batch, short, spy_on_noise, weights

MLP = TINY.but(architecture="mlp", options={"width": 16, "depth": 2})
ACGAN = TINY.but(architecture="acgan", options={"width": 4})
COMPARES = ("relativistic_average",)  # what it makes small is no mean over single pictures or pairs
PARTS = 3


def doubles(config, make_pictures):
    """A trainer that computes in double precision, so that sums in another order agree closely."""
    trainer = Trainer(config, make_pictures(24))
    learner, noise = trainer.learner, trainer.learner.noise
    for net in learner.nets.values():
        net.double().eval()  # batch norm by what it has seen looks at each picture alone
    for optimizer in learner.optimizers.values():
        optimizer.load_state_dict(optimizer.state_dict())  # what it holds becomes double too
    learner.noise = lambda count: noise(count).double()
    return trainer


def stood_still(trainer, start):
    """The weights that are what they were at the `start`, but for what spectral norm notes of a layer of one row."""
    now = {
        name: weight for name, weight in weights(trainer).items() if "weight" in name and name[-2:] not in ("_u", "_v")
    }
    return [name for name, weight in now.items() if torch.equal(weight, start[name])]


def steps(trainer, count=4):
    """What came about in steps on the same real pictures each time."""
    torch.manual_seed(3)
    labels = torch.arange(8) % 10 if trainer.learner.is_conditional else None
    return [trainer.learner.step(real_batch().double(), labels) for _ in range(count)]


class TestTheStep:
    @pytest.mark.parametrize(
        "config",
        [
            *(MLP.but(loss=name, stabilisers={"gradient_penalty": 0} if name == "wgan_gp" else {})
              for name in losses.names() if name not in COMPARES),
            *(MLP.but(stabilisers={name: 1.0}) for name in ("r1", "r2")),
            MLP.but(stabilisers={"orthogonal": 1e-2}),
            MLP.but(stabilisers={"weight_clipping": 0.1}, loss="wasserstein"),
            MLP.but(fresh_fakes=True),
            MLP.but(g_steps=3, d_steps=2),
            MLP.but(label_smoothing=0.1, optimizer="rmsprop"),
            MLP.but(optimizer="sgd", beta1=0.9, learning_rate=0.1),
            MLP.but(learners="generator"),
            MLP.but(learners="discriminator"),
            MLP.but(noise="uniform", batch_size=7),
            TINY.but(architecture="pocket"),
            ACGAN,
            ACGAN.but(stabilisers={"r1": 1.0}, loss="hinge"),
        ],
        ids=short,
    )  # fmt: skip
    def test_is_that_of_the_whole_batch(self, config, make_pictures):
        whole, parted = (doubles(config.but(batch_parts=parts), make_pictures) for parts in (1, PARTS))
        start = weights(whole)
        for one, other in zip(steps(whole), steps(parted), strict=True):
            for name in ("d_loss", "g_loss", "real_logits", "fake_logits", "drawn_logits"):
                expected, found = getattr(one, name), getattr(other, name)
                assert (expected is None) == (found is None)
                if expected is not None:
                    torch.testing.assert_close(found, expected, rtol=1e-8, atol=1e-10, msg=name)
        expected, found = weights(whole), weights(parted)
        for name, weight in expected.items():
            torch.testing.assert_close(found[name], weight, rtol=1e-8, atol=1e-10, msg=name)
        moved = {name[0] for name, weight in expected.items() if not torch.equal(weight, start[name])}
        assert moved == {"both": {"G", "D", "b"}, "generator": {"G", "b"}, "discriminator": {"D"}}[config.learners]
        assert torch.equal(whole.learner.random.get_state(), parted.learner.random.get_state())

    @pytest.mark.parametrize("name", stabilisers.names())
    def test_goes_with_every_stabiliser(self, name, make_pictures):
        strength = stabilisers.facts(name)["STRENGTH"][0]
        config = TINY.but(architecture="dcgan", options={"width": 4}, stabilisers={name: strength}, batch_parts=PARTS)
        trainer = Trainer(config, make_pictures(24))
        start = weights(trainer)
        steps_taken = [trainer.learner.step(*trainer.learner.real(torch.arange(8))) for _ in range(2)]
        assert all(step.d_loss.isfinite() and step.g_loss.isfinite() for step in steps_taken)
        assert not stood_still(trainer, start)

    def test_of_pictures_that_are_compared_is_that_of_means_over_parts(self, make_pictures):
        config = MLP.but(loss="relativistic_average", batch_parts=2)
        trainer = Trainer(config, make_pictures(24))
        real, fake = Batch(real_batch()), Batch(real_batch())
        loss = in_parts.taken(
            lambda *both: trainer.learner._d_loss(trainer.learner._judge, *both),
            in_parts.split(real, 2), in_parts.split(fake, 2), None,
        ).loss  # fmt: skip
        halves = [
            trainer.learner._d_loss(trainer.learner._judge, Batch(real.pictures[part]), Batch(fake.pictures[part])).loss
            for part in (slice(4), slice(4, 8))
        ]
        torch.testing.assert_close(loss, sum(halves) / 2)

    def test_judges_the_generator_by_the_fakes_that_the_discriminator_saw_unless_fresh_ones_are_asked_for(
        self, make_pictures, monkeypatch
    ):
        for fresh in (False, True):
            trainer = Trainer(MLP.but(batch_parts=2, fresh_fakes=fresh), make_pictures(24))
            noises = spy_on_noise(trainer, monkeypatch)
            step = trainer.learner.step(real_batch())
            assert torch.equal(step.drawn.noise, noises[-1]) and len(noises) == 1 + fresh
            assert torch.allclose(step.drawn.pictures, step.fake.pictures) is not fresh


class TestTheParts:
    @pytest.mark.parametrize(
        ("count", "sizes"), [(8, [2, 2, 2, 2]), (11, [3, 3, 3, 2]), (7, [3, 2, 2]), (3, [3]), (1, [1])]
    )
    def test_are_alike_and_hold_two_or_more(self, count, sizes):
        batch = Batch(torch.rand(count, 1, 4, 4), torch.arange(count))
        parts = in_parts.split(batch, 4)
        assert [len(part.pictures) for part in parts] == [len(part.labels) for part in parts] == sizes
        again = in_parts.joined(parts)
        assert torch.equal(again.pictures, batch.pictures) and torch.equal(again.labels, batch.labels)
        assert in_parts.split(Batch(batch.pictures), 4)[0].labels is None

    @pytest.mark.parametrize("count", [17, 18, 19, 22])
    def test_of_a_short_last_batch_are_learned_from_too(self, count, make_pictures):
        whole, parted = (Trainer(MLP.but(batch_parts=parts), make_pictures(count)) for parts in (1, 4))
        records = finish(whole), finish(parted)
        assert records[0].step == records[1].step == 6
        assert records[1].d_loss == pytest.approx(records[0].d_loss, rel=1e-4)
        assert records[1].g_loss == pytest.approx(records[0].g_loss, rel=1e-4)

    def test_of_packs_are_judged_by_the_answers_to_their_own_packs(self, make_pictures):
        trainer = Trainer(STILL.but(stabilisers={"packing": 2}, batch_parts=2), make_pictures(24))
        step = trainer.learner.step(*trainer.learner.real(torch.arange(8)))
        halves = [trainer.learner.discriminator(step.real.pictures[part]) for part in (slice(4), slice(4, 8))]
        assert [len(half) for half in halves] == [2, 2]
        torch.testing.assert_close(
            step.real_logits, torch.cat([for_each(half, 4) for half in halves]).detach(), rtol=1e-4, atol=1e-5
        )


class Held:
    """The bytes that graphs hold, now and at their most."""

    def __init__(self):
        self.now = self.most = 0

    def pack(self, tensor):
        return _Kept(self, tensor)


class _Kept:
    def __init__(self, held, tensor):
        self.held, self.tensor = held, tensor
        held.now += tensor.nbytes
        held.most = max(held.most, held.now)

    def __del__(self):
        self.held.now -= self.tensor.nbytes


@pytest.mark.parametrize(
    "settings", [{}, {"loss": "relativistic_average"}, {"fresh_fakes": True, "g_steps": 2}], ids=str
)
def test_no_more_than_a_part_is_held(settings, make_pictures):
    def most(parts):
        held = Held()
        config = TINY.but(architecture="dcgan", options={"width": 4}, batch_size=64, batch_parts=parts, **settings)
        trainer = Trainer(config, make_pictures(64))
        with torch.autograd.graph.saved_tensors_hooks(held.pack, lambda kept: kept.tensor):
            trainer.learner.step(*trainer.learner.real(torch.arange(64)))
        return held.most

    whole = most(1)
    assert most(4) < 0.27 * whole and most(16) < 0.08 * whole


class TestARun:
    CONFIG = TINY.but(architecture="conditional", options={"width": 4}, batch_parts=3, epochs=3, ema=0.9)

    def test_goes_on_from_a_checkpoint_as_if_it_had_never_stopped(self, make_pictures):
        pictures = make_pictures(27)
        through = Trainer(self.CONFIG, pictures)
        epochs = through.epochs()
        next(epochs)
        kept = through.checkpoint()
        list(epochs)
        again = Trainer(self.CONFIG, pictures, start=kept)
        finish(again)
        assert_same(weights(again), weights(through))

    def test_may_change_them_on_the_way_and_repeats_it(self, make_pictures):
        pictures, trainer = make_pictures(27), Trainer(self.CONFIG, make_pictures(27))
        epochs = trainer.epochs()
        next(epochs)
        trainer.change(batch_parts=1)
        next(epochs)
        trainer.change(batch_parts=4)
        finish_of = list(epochs)
        again = Trainer(self.CONFIG, pictures, trainer.changes)
        assert finish(again).d_loss == finish_of[-1].d_loss
        assert_same(weights(again), weights(trainer))

    def test_is_told_step_by_step_as_without_parts(self, make_pictures):
        traces = []
        for parts in (1, 4):
            trainer = Trainer(MLP.but(batch_size=16, batch_parts=parts), make_pictures(32))
            trainer.wish = Wish(trace=True)
            list(trainer.epochs())
            traces.append(trainer.teller.trace())
        whole, parted = traces
        assert whole.step == parted.step and len(parted.drawn_beliefs) == len(parted.fake_beliefs) == 8
        for name in (
            "real_beliefs",
            "fake_beliefs",
            "drawn_beliefs",
            "d_loss",
            "g_loss",
            "d_change",
            "g_change",
            "noise",
        ):
            assert getattr(parted, name) == pytest.approx(getattr(whole, name), rel=1e-3), name

    def test_of_the_large_batches_of_biggan(self, make_pictures):
        config = RunConfig(
            architecture="biggan", options={"width": 4}, loss="hinge", batch_size=24, batch_parts=4, epochs=2,
            stabilisers={"orthogonal": 1e-4}, device="cpu",
        )  # fmt: skip
        trainer = Trainer(config, make_pictures(48))
        start = weights(trainer)
        finish(trainer)
        assert not stood_still(trainer, start)
