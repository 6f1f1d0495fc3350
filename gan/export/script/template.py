# ruff: noqa: B018, F821, SIM108
# The training loop of `gan.learn.trainer`, once more and straight, to be read. It is never imported:
# `gan.export.script` settles its branches for one set of settings.
# Names in capitals are settings, or facts about them (`gan.export.script.facts`);
# make_generator, make_discriminator, generator_loss and discriminator_loss come from the files that were chosen;
# insert("gan.parts.nets") is where the definitions of these modules come in. A "%%" begins a section, or a cell.
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from IPython.display import Image, display
from torch import Tensor

from gan.data.pixels import bytes_to_range, channels_first, dots_to_range, to_bytes, to_dots
from gan.export.pictures import laid_out, plane
from gan.learn.average import Average
from gan.learn.optimizers import make as make_optimizer
from gan.learn.optimizers import set_rate
from gan.parts.blocks import Chancy, Look, Timed
from gan.parts.hooks import Batch, Judge

# %% The settings
# Change them and see what happens.

SETTINGS

if DEVICE == "auto":
    has_mps = torch.backends.mps.is_available()
    device = torch.device("cuda" if torch.cuda.is_available() else "mps" if has_mps else "cpu")
else:
    device = torch.device(DEVICE)
torch.backends.cudnn.deterministic = True  # the same numbers each time
torch.backends.cuda.matmul.fp32_precision = "tf32"  # sooner done on a graphics card, and as good pictures
torch.set_num_threads(THREADS)

# %% The pictures
# pictures.npz holds {count} real {kept}, and of each the number of its class.
# The networks see them as numbers {pixels}.

insert("gan.data.pixels")


if NOTEBOOK:
    folder = Path()
else:
    folder = Path(__file__).parent
if not (folder / "pictures.npz").is_file():
    raise SystemExit(f"pictures.npz is not in {folder.resolve()}: unpack it there, from the ZIP file it came in.")
with np.load(folder / "pictures.npz") as file:
    images = channels_first(file["images"]).to(device)
    labels = torch.from_numpy(file["labels"]).long().to(device)
shape = tuple(images.shape[1:])  # channels, height, width

# %% The networks: {architecture}
# {about_architecture}

insert("gan.parts.blocks")


insert("gan.parts.nets")


insert("gan.parts.hooks.Batch")


insert("gan.parts.hooks.Judge")


# %% The loss: {loss}
# {about_loss}

insert("gan.parts.losses")


# %% The stabilisers: {stabilisers}
# {about_stabilisers}

insert("gan.parts.hooks")


insert("gan.parts.stabilisers")


# %% Before the first step
# Both networks begin with random weights. All chance comes from the seed: the same seed, the same pictures.

insert("gan.learn.optimizers")


insert("gan.learn.average")


random = torch.Generator(device).manual_seed(SEED)  # noise, the order of the pictures, and what else is left to chance
if LAYERS_OF_CHANCE:
    Chancy.stream = random
if STRENGTHS:
    stabilisers = STABILISERS
torch.manual_seed(SEED)  # the first weights
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
if EMA:
    average = Average(generator, EMA)
if TIMED_LAYERS:
    if EMA:
        networks = (generator, discriminator, average.net)
    else:
        networks = (generator, discriminator)
    timed = [layer for network in networks for layer in network.modules() if isinstance(layer, Timed)]

g_optimizer = make_optimizer(generator, LEARNING_RATE)
d_optimizer = make_optimizer(discriminator, D_LEARNING_RATE)

# %% What each of them makes small
# The discriminator is shown as many fakes as real pictures. The generator never sees a picture: it learns from what
# the discriminator says of its fakes.


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


def total_g_loss(real: Batch, fake: Batch) -> Tensor:
    """All that the generator makes small."""
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
    return loss


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


# %% Showing the fakes
# After each epoch the generator draws 64 {drawn}, always from the same noise.

insert("gan.export.pictures")


if NOISE == "uniform":
    noise = torch.rand(64, LATENT_SIZE, generator=random, device=device) * 2 - 1
else:
    noise = torch.randn(64, LATENT_SIZE, generator=random, device=device)


def png(image: np.ndarray) -> bytes:
    """A picture uint8 (h, w) or (h, w, 3) as a PNG file."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    height, width, *colours = image.shape
    head = struct.pack(">IIBBBBB", width, height, 8, 2 if colours else 0, 0, 0, 0)
    rows = b"".join(b"\0" + row.tobytes() for row in image)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@torch.no_grad()
def sheet() -> bytes:
    """The 64 pictures on one sheet, as a PNG file."""
    if EMA:
        network = average.net.eval()
    else:
        network = generator.eval()
    if CONDITIONAL:
        pictures = network(noise, labels[:64].repeat(64)[:64])  # of the classes that the first real pictures show
    else:
        pictures = network(noise)
    network.train()
    if DOTS:
        return png(plane(to_dots(pictures, PIXEL_RANGE)))
    return png(laid_out(to_bytes(pictures, PIXEL_RANGE)))


# %% The training
# In each step the discriminator learns from one batch of real pictures and as many fakes; then the generator learns
# to fool it. An epoch is once through all the pictures.

step = 0
epoch = 0
if NOTEBOOK:
    newest = display(Image(sheet()), display_id=True)
else:
    (folder / "fakes").mkdir(exist_ok=True)
while epoch < EPOCHS:
    order = torch.randperm(len(images), generator=random, device=device)
    batches = list(order.split(BATCH_SIZE))
    if DROP_LAST:
        if len(batches[-1]) < BATCH_SIZE:
            batches.pop()
    elif BATCH_NORM and len(batches[-1]) == 1:
        batches.pop()  # a single picture has no batch statistics
    d_losses, g_losses = [], []

    for numbers in batches:
        CHANGES
        if IS_TIMED:
            progress = (epoch + len(d_losses) / len(batches)) / EPOCHS  # the share of the run that is done
        if TIMED_STABILISERS:
            for stabiliser in stabilisers:
                stabiliser.progress = progress
        if TIMED_LAYERS:
            for layer in timed:
                layer.progress = progress
        if LEARNING_RATE_DECAY:
            set_rate(g_optimizer, (1 - LEARNING_RATE_DECAY * progress) * LEARNING_RATE)
            set_rate(d_optimizer, (1 - LEARNING_RATE_DECAY * progress) * D_LEARNING_RATE)
        elif RATES_CHANGE:
            set_rate(g_optimizer, LEARNING_RATE)
            set_rate(d_optimizer, D_LEARNING_RATE)
        step += 1

        # The discriminator's turn.
        real = real_batch(numbers)
        fake = draw(len(numbers))
        d_loss = total_d_loss(judge, real, fake._replace(pictures=fake.pictures.detach()))
        if LEARNERS != "generator":
            descend(d_loss, d_optimizer)
            if "after_d_step" in HOOKS:
                for stabiliser in stabilisers:
                    stabiliser.after_d_step(discriminator)
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

    epoch += 1
    d_mean = sum(d_losses) / len(d_losses)
    g_mean = sum(g_losses) / max(1, len(g_losses))
    print(f"epoch {epoch:>4}   discriminator's loss {d_mean:7.4f}   generator's loss {g_mean:7.4f}", flush=True)
    if NOTEBOOK:
        newest.update(Image(sheet()))
    else:
        (folder / "fakes" / f"{epoch:04}.png").write_bytes(sheet())

if EMA:
    torch.save(average.net.state_dict(), folder / "generator.pt")
else:
    torch.save(generator.state_dict(), folder / "generator.pt")
