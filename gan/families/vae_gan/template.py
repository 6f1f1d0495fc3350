# ruff: noqa: F821
"""A VAE-GAN learns to draw: {data}

Three networks learn from each other: the encoder squeezes each real picture into a few numbers, its code, the
generator (G) draws it again from them alone, and the discriminator (D) tells what was drawn from real pictures. A
picture shall come back as the discriminator sees it, not pixel by pixel.
"""

import torch
from torch import Tensor

from gan.families.vae.equations import draw as draw_codes
from gan.families.vae.equations import kl
from gan.families.vae_gan.learner import first_half, first_of, unlikeness
from gan.learn.optimizers import make as make_optimizer
from gan.parts.hooks import Batch

COMMENTS = {
    "LATENT_SIZE": "numbers in one code",
    "LEARNING_RATE": "of the encoder and the generator",
    "LEARNING_RATE_DECAY": "share of all learning rates that is gone at the end",
    "BETA": "weight of the wish that codes look like noise",
    "LIKENESS": "weight of how badly pictures come back, in the generator's loss",
    "LEARNERS": "both, generator or discriminator; the others stand still, and the encoder goes with the generator",
    "D_STEPS": "discriminator steps before the others have their turn",
}

piece("networks")

put("gan.networks")

piece("sections")

put("gan.sections")

# %% The equations
# How far codes are from noise (Kingma, Welling 2014), and how differently the discriminator sees a picture and what
# came back of it (Larsen, Sonderby, Larochelle, Winther 2016).

insert("gan.families")

piece("build")

encoder = make_encoder(shape).to(device)
put("gan.build")

piece("optimisers")

put("gan.optimisers")
e_optimizer = make_optimizer(encoder, LEARNING_RATE)

piece("learning")

# %% What each of them makes small
# Half of the fakes come back from the codes of real pictures, half are drawn from noise.

put("gan.real_batch")


def draw(codes: Tensor, real: Batch) -> Batch:
    """As many fakes as real pictures: what comes back from the codes, then what noise gives."""
    count = len(real.pictures) - len(codes)
    noise = torch.randn(count, LATENT_SIZE, generator=random, device=device)
    if CONDITIONAL:
        # Classes to ask for, as frequent as among the real pictures.
        asked = labels[torch.randint(len(labels), (count,), generator=random, device=device)]
        asked = torch.cat([real.labels[: len(codes)], asked])
        return Batch(generator.drawn(torch.cat([codes, noise]), asked).tanh(), asked)
    return Batch(generator.drawn(torch.cat([codes, noise])).tanh())


put("gan.judging")


def descend(loss: Tensor, optimizer: torch.optim.Optimizer, goes_on: bool = False) -> None:
    """A step that makes the loss smaller; `goes_on` where another step needs what it was worked out from."""
    weights = optimizer.param_groups[0]["params"]
    slopes = torch.autograd.grad(loss, weights, allow_unused=True, retain_graph=goes_on)
    for weight, slope in zip(weights, slopes, strict=True):
        weight.grad = None if slope is None else slope.contiguous()
    optimizer.step()


piece("starts")

noise = torch.randn(64, LATENT_SIZE, generator=random, device=device)

piece("training")

# %% The training
# In each step the discriminator learns from one batch of real pictures and as many fakes; then the encoder and the
# generator learn. An epoch is once through all the pictures.

piece("epoch")

losses = []

piece("step")

# The encoder squeezes half of the pictures, and the generator draws.
real = real_batch(numbers)
known = first_half(real)
is_turn = LEARNERS == "generator" or (LEARNERS == "both" and step % D_STEPS == 0)  # of these two
with torch.set_grad_enabled(is_turn):
    mean, log_variance = encoder(known.pictures, known.labels)
    codes, divergence = draw_codes(mean, log_variance, random), kl(mean, log_variance).mean()
    fake = draw(codes, real)

# The discriminator's turn.
put("gan.d_turn")

# The turn of the others.
with torch.set_grad_enabled(is_turn):
    g_loss, fake_look = total_g_loss(real, fake)
    with torch.no_grad():
        features = discriminator.look(*known).features
    if STABILISED:  # pictures as they are: by what stabilisers change from look to look they would differ for good
        fake_look = discriminator.look(*first_of(fake, len(features)))
    lost = unlikeness(fake_look.features[: len(features)], features).mean()
if is_turn:
    descend(BETA * divergence + lost, e_optimizer, goes_on=True)
    descend(g_loss + LIKENESS * lost, g_optimizer)
    if EMA:
        average.update()
losses.append(torch.stack([d_loss, g_loss, lost, divergence]).detach())

piece("report")

d_mean, g_mean, lost, divergence = torch.stack(losses).mean(0)
print(f"epoch {epoch:>4}   discriminator's loss {d_mean:7.4f}   generator's loss {g_mean:7.4f}", end="")
print(f"   reconstruction {lost:8.3f}   KL divergence {divergence:7.3f}", flush=True)
