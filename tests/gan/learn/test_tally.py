"""How often D is right: counted in the steps themselves, against a count by hand."""

import pytest
import torch

from gan.learn.trainer import Trainer
from gan.setup.config import RunConfig

SMALL = RunConfig(architecture="pocket", latent_size=6, batch_size=8, epochs=2, ema=0, device="cpu")


def passed(loss: str, logits: torch.Tensor, both: torch.Tensor) -> float:
    """The share of answers that mean "real", by the definition of each kind of answer."""
    border = {"non_saturating": 0.0, "hinge": 0.0, "least_squares": 0.5, "wgan_gp": both.mean().item()}[loss]
    return sum(answer >= border for answer in logits.tolist()) / len(logits)


@pytest.mark.parametrize("loss", ["non_saturating", "hinge", "least_squares", "wgan_gp"])
def test_a_reading_says_what_share_of_reals_and_fakes_passed(loss, make_pictures, monkeypatch):
    trainer = Trainer(SMALL.but(loss=loss, learning_rate=5e-3), make_pictures(24))
    trainer.recorder = None  # only the first steps would go through `step`
    seen, step = [], trainer.learner.step
    monkeypatch.setattr(trainer.learner, "step", lambda *batch: seen.append(step(*batch)) or seen[-1])
    for record in trainer.epochs():
        steps, seen[:] = seen[:], []
        pairs = [(each.real_logits.detach(), each.fake_logits.detach()) for each in steps]
        shares = [[passed(loss, part, torch.cat(pair)) for part in pair] for pair in pairs]
        real, fake = (sum(each) / len(shares) for each in zip(*shares, strict=True))
        assert len(shares) == 3 and (record.real_passed, record.fake_passed) == pytest.approx((real, fake), abs=1e-6)
        assert record.d_right == pytest.approx((real + 1 - fake) / 2, abs=1e-6)
        assert record.d_sure == pytest.approx((record.d_real + 1 - record.d_fake) / 2)


def test_who_answers_the_same_to_everything_is_right_half_of_the_time(make_pictures):
    trainer = Trainer(SMALL.but(optimizer="sgd", beta1=0, learning_rate=1e-7, loss="least_squares"), make_pictures(24))
    for weight in trainer.learner.discriminator.parameters():
        weight.data.zero_()
    record = next(trainer.epochs())
    assert record.d_right == 0.5 and record.d_sure == pytest.approx(0.5, abs=1e-3)
