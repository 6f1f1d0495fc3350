# ruff: noqa: F821, SIM108
"""A diffusion model learns to draw: {data}

One network learns to see the picture behind noise, at every time between noise (0) and picture (1). From noise alone
it then brings one out, step by step.
"""

import torch
from torch import Tensor

from gan.data.pixels import bytes_to_range, dots_to_range
from gan.learn.optimizers import make as make_optimizer
from gan.parts.process import PROCESSES, target, weight

COMMENTS = {
    "PIXEL_RANGE": "how the networks see pictures",
    "LEARNING_RATE_DECAY": "share of the learning rate that is gone at the end",
    "LEARNING_RATE": "of the network",
    "EMA": "decay of the averaged network, which draws",
    "PROCESS": "how pictures become noise: flow or ddpm",
    "PREDICTS": "what the network says: picture, velocity or noise",
    "GUIDANCE": "1: draw as the class says; more: lean away from what no class says",
    "SAMPLER_STEPS": "looks at a picture until it stands",
}

piece("before_networks")

# %% Noise and back
# A picture becomes noise along a path, and the sampler leads back along it.

insert("gan.parts.process")

piece("build")

generator = make_generator(shape).to(device)

piece("optimisers")

g_optimizer = make_optimizer(generator, LEARNING_RATE)

piece("learning")

# %% What the network makes small
# How wrong it is about each picture, at a time of its own.


def error(pictures: Tensor, kinds: Tensor | None) -> Tensor:
    """The weighted square of what the network says too much or too little, the mean of all pixels."""
    t = torch.randn(len(pictures), generator=random, device=device).sigmoid()  # most often in the middle
    if CONDITIONAL:
        # Now and then it is not told the class, so that it can do without (Ho, Salimans 2022).
        keeps = torch.rand(len(kinds), generator=random, device=device) >= 0.1
        kinds = torch.where(keeps, kinds, CLASS_COUNT)
    noise = torch.randn(pictures.shape, generator=random, device=device)
    mix = PROCESSES[PROCESS](t[:, None, None, None])
    said = generator.denoiser(mix.of(pictures, noise), t, kinds)
    squares = (said - target(pictures, noise, mix, PREDICTS)).square()
    return (weight(mix, PREDICTS) * squares).flatten(1).mean(1).mean()


piece("starts")

noise = torch.randn(64, images[0].numel(), generator=random, device=device)

piece("at_rest")

if CHANGED & {"GUIDANCE", "SAMPLER_STEPS"}:
    network.guidance, network.steps = GUIDANCE, SAMPLER_STEPS

piece("training")

# %% The training
# In each step the network learns from one batch of real pictures with noise in them. An epoch is once through all.

piece("epoch")

losses = []

piece("step")

if DOTS:
    pictures = dots_to_range(images[numbers], PIXEL_RANGE)
else:
    pictures = bytes_to_range(images[numbers], PIXEL_RANGE)
if CONDITIONAL:
    loss = error(pictures, labels[numbers])
else:
    loss = error(pictures, None)
g_optimizer.zero_grad()
loss.backward()
g_optimizer.step()
if EMA:
    average.update()
losses.append(loss.detach())

piece("report")

print(f"epoch {epoch:>4}   denoising error {sum(losses) / len(losses):7.4f}", flush=True)
