"""Small runs that train in no time, and what tests see of them."""

import torch

from gan.setup.config import RunConfig

TINY = RunConfig(architecture="pocket", latent_size=6, batch_size=8, epochs=2, ema=0, drop_last=False, device="cpu")
DROPOUT = TINY.but(architecture="fundamentals")
CONVOLUTIONS = TINY.but(architecture="dcgan", ema=0.9)
NORM_IN_D = TINY.but(architecture="deep_mlp_vs_conv")
# Steps so short that the networks stand still, to compare statistics with what untrained networks give.
STILL = TINY.but(optimizer="sgd", beta1=0, learning_rate=1e-7)


def short(config):
    """What is special about a config, to tell tests apart."""
    return ",".join(f"{key}={value}" for key, value in config.to_dict().items() if value != TINY.to_dict()[key])


def weights(trainer):
    """All numbers of a trainer's networks, under their names."""
    nets = {"G": trainer.learner.generator, "D": trainer.learner.discriminator, "best": trainer.learner.best_generator}
    return {f"{part}.{key}": t.clone() for part, net in nets.items() for key, t in net.state_dict().items()}


def assert_same(a, b):
    assert a.keys() == b.keys()
    for key in a:
        assert torch.equal(a[key], b[key]), key


def differ(a, b):
    return any(not torch.equal(a[key], b[key]) for key in a)


def finish(trainer):
    """Train to the end; the last record."""
    *_, last = trainer.epochs()
    return last


def spy_on_reals(trainer, monkeypatch):
    """The list that will hold each step's real pictures."""
    trainer.recorder = None  # only the first steps would go through `step`
    seen, step = [], trainer.learner.step

    def spy(real, labels=None):
        seen.append(real.clone())
        step(real, labels)

    monkeypatch.setattr(trainer.learner, "step", spy)
    return seen


def spy_on_noise(trainer, monkeypatch):
    """The list that will hold each batch of noise."""
    seen, noise = [], trainer.learner.noise

    def spy(count):
        seen.append(noise(count))
        return seen[-1]

    monkeypatch.setattr(trainer.learner, "noise", spy)
    return seen


def feed(trainer, monkeypatch, batches):
    """Let the trainer's noise be these batches, one after another."""
    batches = iter(batches)
    monkeypatch.setattr(trainer.learner, "noise", lambda count: next(batches))


def real_batch(count=8):
    return torch.rand(count, 1, 28, 28) * 2 - 1
