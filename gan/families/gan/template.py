# ruff: noqa: F821, SIM108
"""A GAN learns to draw: {data}

Two networks learn from each other: the generator (G) draws pictures, the discriminator (D) tells them from real ones.
"""

from collections.abc import Callable, Iterable

import torch
from torch import Tensor

from gan.data.pixels import bytes_to_range, dots_to_range
from gan.learn.optimizers import make as make_optimizer
from gan.parts.blocks import Look, Timed
from gan.parts.hooks import Batch, Judge

piece("networks")

insert("gan.parts.hooks.Batch")


insert("gan.parts.hooks.Judge")

piece("sections")

# %% The loss: {loss}
# {about_loss}

insert("gan.parts.losses")


# %% The stabilisers: {stabilisers}
# {about_stabilisers}

insert("gan.parts.hooks")


insert("gan.parts.stabilisers")

piece("build")

if STRENGTHS:
    stabilisers = STABILISERS
generator = make_generator(shape).to(device)
if BUILT_IN:
    for stabiliser in stabilisers:
        if "shape" in HOOKS:
            shape = stabiliser.shape(shape)
discriminator = make_discriminator(shape)
if BUILT_IN:
    for stabiliser in stabilisers:
        stabiliser.change(discriminator)
discriminator.to(device)
piece("optimisers")

if TIMED_LAYERS:
    if EMA:
        networks = (generator, discriminator, average.net)
    else:
        networks = (generator, discriminator)
    timed = [layer for network in networks for layer in network.modules() if isinstance(layer, Timed)]

g_optimizer = make_optimizer(generator, LEARNING_RATE)
d_optimizer = make_optimizer(discriminator, D_LEARNING_RATE)

piece("learning")

# %% What each of them makes small
# The discriminator is shown as many fakes as real pictures. The generator never sees a picture: it learns from what
# the discriminator says of its fakes.

put("real_batch")


if WHOLE:

    def draw(count: int) -> Batch:
        """Fakes, each of new noise."""
        if NOISE == "uniform":
            noise = torch.rand(count, LATENT_SIZE, generator=random, device=device) * 2 - 1
        else:
            noise = torch.randn(count, LATENT_SIZE, generator=random, device=device)
        if CONDITIONAL:
            # Classes to ask for, as frequent as among the real pictures.
            asked = labels[torch.randint(len(labels), (count,), generator=random, device=device)]
            return Batch(generator(noise, asked), asked)
        return Batch(generator(noise))


if IN_PARTS:

    def asked(count: int) -> tuple[Tensor, ...]:
        """Noise for so many fakes."""
        if NOISE == "uniform":
            noise = torch.rand(count, LATENT_SIZE, generator=random, device=device) * 2 - 1
        else:
            noise = torch.randn(count, LATENT_SIZE, generator=random, device=device)
        if CONDITIONAL:
            # Classes to ask for, as frequent as among the real pictures.
            return noise, labels[torch.randint(len(labels), (count,), generator=random, device=device)]
        return (noise,)

    def drawn(part: tuple[Tensor, ...]) -> Batch:
        """Fakes of this noise."""
        return Batch(generator(*part), *part[1:])

    def parted(batch: tuple[Tensor | None, ...]) -> list[tuple[Tensor, ...]]:
        """A batch in BATCH_PARTS parts of about the same size; in fewer where they would hold less than two."""
        count = max(1, min(BATCH_PARTS, len(batch[0]) // 2))
        return list(zip(*(each.tensor_split(count) for each in batch if each is not None), strict=True))


put("judging")


if WHOLE:

    def descend(loss: Tensor, optimizer: torch.optim.Optimizer) -> None:
        """A step that makes the loss smaller."""
        if "d_penalty" in HOOKS:
            # As backward(), but slopes of slopes are summed up in the order in which the app does it.
            weights = optimizer.param_groups[0]["params"]
            for weight, slope in zip(weights, torch.autograd.grad(loss, weights, allow_unused=True), strict=True):
                weight.grad = None if slope is None else slope.contiguous()
        else:
            optimizer.zero_grad()
            loss.backward()
        optimizer.step()


if IN_PARTS:

    def descend_in_parts(losses: Iterable[Tensor], optimizer: torch.optim.Optimizer) -> Tensor:
        """A step that makes the sum of the losses smaller, each worked out when those before it are done; the sum."""
        total = 0
        optimizer.zero_grad()
        for loss in losses:
            total = total + loss.detach()
            if "d_penalty" in HOOKS:
                # As backward(), but slopes of slopes are summed up in the order in which the app does it.
                weights = optimizer.param_groups[0]["params"]
                for weight, slope in zip(weights, torch.autograd.grad(loss, weights, allow_unused=True), strict=True):
                    if slope is not None:
                        weight.grad = slope.contiguous() if weight.grad is None else weight.grad + slope.contiguous()
            else:
                loss.backward()
            del loss  # with all that it was worked out from
        optimizer.step()
        return total


piece("real_batch")


def real_batch(numbers: Tensor) -> Batch:
    """The real pictures with these numbers."""
    if DOTS:
        pictures = dots_to_range(images[numbers], PIXEL_RANGE)
    elif FADES_REALS:
        pictures = discriminator.reals(bytes_to_range(images[numbers], PIXEL_RANGE))
    else:
        pictures = bytes_to_range(images[numbers], PIXEL_RANGE)
    if CONDITIONAL:
        return Batch(pictures, labels[numbers])
    return Batch(pictures)


piece("judging")

if "show" in HOOKS:

    def shown(pictures: Tensor) -> Tensor:
        """What the discriminator is shown instead of these pictures."""
        for stabiliser in stabilisers:
            pictures = stabiliser.show(pictures)
        return pictures


if "opponent" in HOOKS:

    def judge(batch: Batch, look: Callable | None = None) -> Look:
        """What the discriminator makes of a batch, or what another one with its layers does, `look`."""
        if "show" in HOOKS:
            return (look or discriminator.look)(shown(batch.pictures), batch.labels)
        return (look or discriminator.look)(batch.pictures, batch.labels)

else:

    def judge(batch: Batch) -> Look:
        """What the discriminator makes of a batch."""
        if "show" in HOOKS:
            return discriminator.look(shown(batch.pictures), batch.labels)
        return discriminator.look(batch.pictures, batch.labels)


def total_d_loss(judge: Judge, real: Batch, fake: Batch) -> Tensor:
    """All that the discriminator makes small."""
    if ONE_PASS:
        if CONDITIONAL:
            both = Batch(torch.cat([real.pictures, fake.pictures]), torch.cat([real.labels, fake.labels]))
        else:
            both = Batch(torch.cat([real.pictures, fake.pictures]))
        real_look, fake_look = judge(both).split(len(real.pictures))
    else:
        # Each picture is judged beside the others of its batch, so real pictures and fakes go apart.
        real_look, fake_look = judge(real), judge(fake)
    if LABEL_SMOOTHING:
        loss = discriminator_loss(real_look.logits, fake_look.logits, real_label=1 - LABEL_SMOOTHING)
    else:
        loss = discriminator_loss(real_look.logits, fake_look.logits)
    if NAMES_CLASSES:
        loss = loss + discriminator.class_loss(real_look, real.labels)
    if "d_penalty" in HOOKS and LEARNERS != "generator":  # it has no penalties while it stands still
        for stabiliser in stabilisers:
            penalty = stabiliser.d_penalty(judge, real, fake)
            if penalty is not None:
                loss = loss + penalty
    return loss


if "encoder" in NETWORKS:

    def total_g_loss(real: Batch, fake: Batch) -> tuple[Tensor, Look]:
        """All that the generator makes small, and what the discriminator makes of the fakes."""
        put("g_loss")
        return loss, fake_look

else:

    def total_g_loss(real: Batch, fake: Batch) -> Tensor:
        """All that the generator makes small."""
        put("g_loss")
        return loss


piece("g_loss")

if "opponent" in HOOKS:
    opponent = judge
    for stabiliser in stabilisers:
        ahead = stabiliser.opponent(discriminator, judge, lambda each: total_d_loss(each, real, fake), d_optimizer)
        opponent = ahead or opponent
    fake_look = opponent(fake)
else:
    fake_look = judge(fake)
if NEEDS_REAL:
    if "opponent" in HOOKS:
        real_look = opponent(real)
    else:
        real_look = judge(real)
    loss = generator_loss(fake_look.logits, real_look.logits)
else:
    if "g_loss" in HOOKS:
        real_look = None
    loss = generator_loss(fake_look.logits)
if "g_loss" in HOOKS:
    for stabiliser in stabilisers:
        loss = stabiliser.g_loss(loss, real_look, fake_look)
if "g_penalty" in HOOKS:
    for stabiliser in stabilisers:
        penalty = stabiliser.g_penalty(generator)
        if penalty is not None:
            loss = loss + penalty
if NAMES_CLASSES:
    loss = loss + discriminator.class_loss(fake_look, fake.labels)

piece("starts")

if NOISE == "uniform":
    noise = torch.rand(64, LATENT_SIZE, generator=random, device=device) * 2 - 1
else:
    noise = torch.randn(64, LATENT_SIZE, generator=random, device=device)

piece("training")

# %% The training
# In each step the discriminator learns from one batch of real pictures and as many fakes; then the generator learns
# to fool it. An epoch is once through all the pictures.

piece("epoch")

d_losses, g_losses = [], []

piece("d_turn")

d_loss = total_d_loss(judge, real, fake._replace(pictures=fake.pictures.detach()))
if LEARNERS != "generator":
    descend(d_loss, d_optimizer)
    if "after_d_step" in HOOKS:
        for stabiliser in stabilisers:
            stabiliser.after_d_step(discriminator)

piece("step")

if BATCH_PARTS == 1:
    put("whole")
else:
    put("in_parts")

piece("whole")

# The discriminator's turn.
real = real_batch(numbers)
fake = draw(len(numbers))
put("d_turn")
d_losses.append(d_loss.detach())

# The generator's turn.
if LEARNERS != "discriminator" and (LEARNERS == "generator" or D_STEPS == 1 or step % D_STEPS == 0):
    if G_STEPS == 1:
        if FRESH_FAKES:
            fake = draw(len(numbers))
        g_loss = total_g_loss(real, fake)
        descend(g_loss, g_optimizer)
        if EMA:
            average.update()
    else:
        for turn in range(G_STEPS):
            if FRESH_FAKES or turn:
                fake = draw(len(numbers))
            g_loss = total_g_loss(real, fake)
            descend(g_loss, g_optimizer)
            if EMA:
                average.update()
    g_losses.append(g_loss.detach())

piece("in_parts")

# Part by part, so that the work on one alone is in memory: for the generator's turn, the fakes are drawn once more.
real, noises = parted(real_batch(numbers)), parted(asked(len(numbers)))
shares = [len(part[0]) / len(numbers) for part in real]
with torch.no_grad():
    fakes = [drawn(part) for part in noises]

# The discriminator's turn.
losses = (
    share * total_d_loss(judge, Batch(*part), fake) for share, part, fake in zip(shares, real, fakes, strict=True)
)
if LEARNERS != "generator":
    d_losses.append(descend_in_parts(losses, d_optimizer))
    if "after_d_step" in HOOKS:
        for stabiliser in stabilisers:
            stabiliser.after_d_step(discriminator)
else:
    with torch.no_grad():
        d_losses.append(sum(losses))

# The generator's turn.
if LEARNERS != "discriminator" and (LEARNERS == "generator" or D_STEPS == 1 or step % D_STEPS == 0):
    for turn in range(G_STEPS):
        if FRESH_FAKES or turn:
            noises = parted(asked(len(numbers)))
        losses = (
            share * total_g_loss(Batch(*part), drawn(noise))
            for share, part, noise in zip(shares, real, noises, strict=True)
        )
        g_loss = descend_in_parts(losses, g_optimizer)
        if EMA:
            average.update()
    g_losses.append(g_loss)

piece("report")

d_mean = sum(d_losses) / len(d_losses)
g_mean = sum(g_losses) / max(1, len(g_losses))
print(f"epoch {epoch:>4}   discriminator's loss {d_mean:7.4f}   generator's loss {g_mean:7.4f}", flush=True)
