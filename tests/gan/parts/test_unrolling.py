"""Unrolling against its equation, and against steps taken one by one."""

import pytest
import torch
from torch import nn, tensor

from gan.learn import optimizers
from gan.parts import losses
from gan.parts.blocks import Discriminator, Logit
from gan.parts.hooks import Batch
from gan.parts.stabilisers import unrolling
from tests.gan.parts.stabilised import TINY, make, pictures, train


class TestUnrolling:
    """D(x) = w x + b of one pixel, whose steps can be taken by hand."""

    real = Batch(tensor([1.0, 2.0]).view(2, 1, 1, 1))
    RATE = 0.5

    @pytest.fixture(autouse=True)
    def whole_steps(self, monkeypatch):
        monkeypatch.setattr(unrolling, "SHARE", 1.0)

    def ahead(self, loss, steps, fake, w=0.7):
        """G's loss against D as it will be, with plain gradient descent."""
        discriminator = Discriminator(nn.Flatten(), Logit(1))
        discriminator[-1].weight.data.fill_(w)
        discriminator[-1].bias.data.zero_()
        loss = losses.get(loss)
        judge = make("unrolling", steps).opponent(
            discriminator,
            lambda batch, look=None: (look or discriminator.look)(*batch),
            lambda judge: loss.discriminator(judge(self.real).logits, judge(Batch(fake)).logits),
            torch.optim.SGD(discriminator.parameters(), lr=self.RATE),
        )
        return loss.generator(judge(Batch(fake)).logits, None)

    @pytest.mark.parametrize("steps", [1, 2, 4])
    def test_is_the_equation_for_a_critic(self, steps):
        """D's loss w (f - r) moves w by -rate (f - r), so that G's loss is -(w - steps * rate * (f - r)) f.

        Its slope by f is -(w - steps * rate * (2 f - r)); without looking ahead it would be -w.
        """
        w, r, f = 0.7, 1.5, 0.4
        fake = torch.full((1, 1, 1, 1), f, requires_grad=True)
        g_loss = self.ahead("wasserstein", steps, fake)
        g_loss.backward()
        assert g_loss.item() == pytest.approx(-(w - steps * self.RATE * (f - r)) * f)
        assert fake.grad.item() == pytest.approx(-(w - steps * self.RATE * (2 * f - r)))

    def test_passes_through_bent_steps_too(self):
        """The slope by each fake is the difference that a small change of the fake makes, D's answer to it included."""
        fake = tensor([0.3, -0.6]).view(2, 1, 1, 1).requires_grad_()
        self.ahead("non_saturating", 3, fake).backward()
        for place in range(2):
            step = torch.zeros(2, 1, 1, 1)
            step[place] = 1e-2
            with torch.no_grad():
                fakes = fake + step, fake - step
            above, below = (self.ahead("non_saturating", 3, moved).item() for moved in fakes)
            assert fake.grad[place].item() == pytest.approx((above - below) / 2e-2, rel=1e-3)

    @pytest.mark.parametrize("optimizer", ["adam", "rmsprop", "sgd"])
    @pytest.mark.parametrize("architecture", ["dcgan", "deep_mlp_vs_conv"])
    def test_foresees_what_the_discriminator_will_do(self, optimizer, architecture, make_pictures):
        config = TINY.but(
            architecture=architecture, optimizer=optimizer, beta1=0, learning_rate=1e-4, stabilisers={"unrolling": 1}
        )
        trainer = train(config, make_pictures=make_pictures)
        real, fake = Batch(pictures(seed=5)), Batch(pictures(seed=6))
        discriminator = trainer.learner.discriminator

        def d_loss(judge):
            return trainer.learner._d_loss(judge, real, fake)[0]

        foreseen = make("unrolling", 1).opponent(
            discriminator, trainer.learner._judge, d_loss, trainer.learner.optimizers["d_optimizer"]
        )
        foreseen = foreseen(real).logits
        now = discriminator(*real)
        optimizers.descend(d_loss(trainer.learner._judge), trainer.learner.optimizers["d_optimizer"])
        then = discriminator(*real)
        assert (then - now).abs().max() > 1e-5
        assert torch.allclose(foreseen, then, atol=0.02 * (then - now).abs().max().item())

    def test_makes_the_discriminators_loss_small_in_thought_alone(self, make_pictures):
        """With batch norm, whose running statistics must not move either, and weights that take no gradient."""
        config = TINY.but(architecture="deep_mlp_vs_conv", learning_rate=1e-4)
        trainer = train(config, make_pictures=make_pictures)
        real, fake = Batch(pictures(seed=5)), Batch(pictures(seed=6))
        trainer.learner.discriminator.requires_grad_(False)
        before = {key: value.clone() for key, value in trainer.learner.discriminator.state_dict().items()}
        memory = [state["exp_avg_sq"].clone() for state in trainer.learner.optimizers["d_optimizer"].state.values()]
        steps = [state["step"].item() for state in trainer.learner.optimizers["d_optimizer"].state.values()]

        found = []
        for strength in (1, 3, 6):
            judge = make("unrolling", strength).opponent(
                trainer.learner.discriminator,
                trainer.learner._judge,
                lambda judge: trainer.learner._d_loss(judge, real, fake)[0],
                trainer.learner.optimizers["d_optimizer"],
            )
            found.append(trainer.learner._d_loss(judge, real, fake)[0].item())
        assert found == sorted(found, reverse=True) and found[0] > found[-1]
        assert [state["step"].item() for state in trainer.learner.optimizers["d_optimizer"].state.values()] == steps
        for state, kept in zip(trainer.learner.optimizers["d_optimizer"].state.values(), memory, strict=True):
            assert torch.equal(state["exp_avg_sq"], kept)
        # Looking by itself may move the running statistics, the steps ahead may not.
        for key, value in trainer.learner.discriminator.state_dict().items():
            assert torch.equal(value, before[key]), key
