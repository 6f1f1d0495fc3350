# ruff: noqa: B007, B018, F821, SIM108
# The training loop of `gan.learn.trainer`, once more and straight, to be read. It is never imported:
# `gan.export.script` settles its branches for one set of settings.
# put("step") is where a piece of the family's own template comes in (`gan/families/NAME/template.py`), if it has one.
# Names in capitals are settings, or facts about them (`gan.export.script.facts`);
# make_generator, generator_loss and their like come from the files that were chosen;
# insert("gan.parts.nets") is where the definitions of these modules come in. A "%%" begins a section, or a cell.
import struct
import zlib
from pathlib import Path

import numpy as np
import torch
from IPython.display import Image, display

from gan.data.pixels import channels_first, to_bytes, to_dots
from gan.export.pictures import laid_out, plane
from gan.learn.average import Average
from gan.learn.optimizers import set_rate
from gan.parts.blocks import Chancy

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
    put("pictures")
shape = tuple(images.shape[1:])  # channels, height, width

put("before_networks")

# %% The networks: {architecture}
# {about_architecture}

insert("gan.parts.blocks")


insert("gan.parts.translators")


insert("gan.parts.nets")


put("networks")

put("sections")

# %% Before the first step
# The networks begin with random weights. All chance comes from the seed: the same seed, the same pictures.

insert("gan.learn.optimizers")


insert("gan.learn.average")


random = torch.Generator(device).manual_seed(SEED)  # noise, the order of the pictures, and what else is left to chance
if LAYERS_OF_CHANCE:
    Chancy.stream = random
torch.manual_seed(SEED)  # the first weights
put("build")
if EMA:
    average = Average(generator, EMA)
put("optimisers")

put("learning")

# %% Showing what is drawn
# After each epoch the generator draws 64 {drawn}, always from the same noise.

insert("gan.export.pictures")


put("starts")


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
    put("at_rest")
    if CONDITIONAL:
        pictures = network(noise, labels[:64].repeat(64)[:64])  # of the classes that the first real pictures show
    else:
        pictures = network(noise)
    network.train()
    if DOTS:
        return png(plane(to_dots(pictures, PIXEL_RANGE)))
    return png(laid_out(to_bytes(pictures, PIXEL_RANGE)))


put("training")

step = 0
epoch = 0
if NOTEBOOK:
    newest = display(Image(sheet()), display_id=True)
else:
    (folder / "drawn").mkdir(exist_ok=True)
while epoch < EPOCHS:
    order = torch.randperm(len(images), generator=random, device=device)
    batches = list(order.split(BATCH_SIZE))
    if DROP_LAST:
        if len(batches[-1]) < BATCH_SIZE:
            batches.pop()
    elif BATCH_NORM and len(batches[-1]) == 1:
        batches.pop()  # a single picture has no batch statistics
    put("epoch")

    for numbers in batches:
        CHANGES
        if IS_TIMED:
            progress = min(1.0, (epoch + step % len(batches) / len(batches)) / EPOCHS)  # the share of the run
        if TIMED_STABILISERS:
            for stabiliser in stabilisers:
                stabiliser.progress = progress
        if TIMED_LAYERS:
            for layer in timed:
                layer.progress = progress
        if LEARNING_RATE_DECAY:
            set_rate(g_optimizer, (1 - LEARNING_RATE_DECAY * progress) * LEARNING_RATE)
            if "d_optimizer" in OPTIMISERS:
                set_rate(d_optimizer, (1 - LEARNING_RATE_DECAY * progress) * D_LEARNING_RATE)
            if "e_optimizer" in OPTIMISERS:
                set_rate(e_optimizer, (1 - LEARNING_RATE_DECAY * progress) * LEARNING_RATE)
        elif CHANGED & {"LEARNING_RATE", "D_LEARNING_RATE"}:
            set_rate(g_optimizer, LEARNING_RATE)
            if "d_optimizer" in OPTIMISERS:
                set_rate(d_optimizer, D_LEARNING_RATE)
            if "e_optimizer" in OPTIMISERS:
                set_rate(e_optimizer, LEARNING_RATE)
        step += 1

        put("step")

    epoch += 1
    put("report")
    if NOTEBOOK:
        newest.update(Image(sheet()))
    else:
        (folder / "drawn" / f"{epoch:04}.png").write_bytes(sheet())

if EMA:
    torch.save(average.net.state_dict(), folder / "generator.pt")
else:
    torch.save(generator.state_dict(), folder / "generator.pt")
