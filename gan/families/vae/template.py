# ruff: noqa: F821, SIM108
"""A variational autoencoder learns to draw: {data}

Two networks learn together: the encoder squeezes each real picture into a few numbers, its code, and the generator
draws it again from them alone. As the codes shall also look like noise, new noise gives new pictures.
"""

import torch
from torch import Tensor, nn

from gan.data.pixels import bytes_to_range
from gan.families.vae.equations import bernoulli, gaussian, kl
from gan.families.vae.equations import draw as draw_codes
from gan.learn.optimizers import make as make_optimizer

COMMENTS = {
    "LATENT_SIZE": "numbers in one code",
    "LEARNING_RATE": "of both networks",
    "PIXEL_RANGE": "how the networks see pictures",
    "LEARNING_RATE_DECAY": "share of the learning rate that is gone at the end",
    "EMA": "decay of the averaged generator",
    "BETA": "weight of the wish that codes look like noise",
    "WARM_UP": "share of the run in which that weight grows from 0",
    "LIKELIHOOD": "how the difference of two pictures is counted: bernoulli or gaussian",
    "DRAWS_FROM": "fitted: new pictures come from where the codes lie; prior: from noise as it is",
}

piece("sections")

# %% The equations
# Minus the evidence lower bound (Kingma, Welling 2014) has two parts: how badly a picture comes back, and how far the
# Gaussian that its code is drawn from is from noise.

insert("gan.families.vae.equations")

piece("build")

encoder = make_encoder(shape).to(device)
generator = make_generator(shape).to(device)

piece("optimisers")

g_optimizer = make_optimizer(nn.ModuleList([encoder, generator]), LEARNING_RATE)

piece("learning")

# %% What they make small
# The sum of both parts, the second one weighed by beta.


def lost(pictures: Tensor, kinds: Tensor | None) -> tuple[Tensor, Tensor]:
    """How badly pictures come back, and how far their codes are from noise, the means in nats a picture."""
    mean, log_variance = encoder(pictures, kinds)
    codes = draw_codes(mean, log_variance, random)
    drawn = generator.drawn(codes, kinds)
    if LIKELIHOOD == "bernoulli":
        reconstruction = bernoulli(drawn, pictures).mean()
    else:
        reconstruction = gaussian(drawn, pictures).mean()
    generator[0].follow(mean, log_variance, kinds)
    return reconstruction, kl(mean, log_variance).mean()


piece("starts")

noise = torch.randn(64, LATENT_SIZE, generator=random, device=device)

piece("at_rest")

if "DRAWS_FROM" in CHANGED:
    network[0].is_fitted = DRAWS_FROM == "fitted"
network[0].settle()

piece("training")

# %% The training
# In each step both networks learn from one batch of real pictures. An epoch is once through all of them.

piece("epoch")

losses = []

piece("step")

pictures = bytes_to_range(images[numbers], PIXEL_RANGE)
if CONDITIONAL:
    reconstruction, divergence = lost(pictures, labels[numbers])
else:
    reconstruction, divergence = lost(pictures, None)
if WARM_UP > 0:
    weight = BETA * min(1.0, progress / WARM_UP)
else:
    weight = BETA
g_optimizer.zero_grad()
(reconstruction + weight * divergence).backward()
g_optimizer.step()
if EMA:
    average.update()
losses.append(torch.stack([reconstruction, divergence]).detach())

piece("report")

reconstruction, divergence = torch.stack(losses).mean(0)
print(f"epoch {epoch:>4}   reconstruction {reconstruction:8.3f}   KL divergence {divergence:7.3f}", flush=True)
