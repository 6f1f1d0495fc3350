"""Train the referees in assets/referee/, and say how often they are right on pictures that they never saw.

    apt-get download dataset-fashion-mnist              # holds all of Fashion-MNIST
    python -m tools.train_referee digits
    python -m tools.train_referee fashion dataset-fashion-mnist_*.deb
    python -m tools.train_referee photos cifar-10-binary.tar.gz    # from www.cs.toronto.edu/~kriz
    python -m tools.train_referee doodles
    python -m tools.train_referee critters

Digits: 4,000 of the embedded 5,000 to train on, 1,000 to test on (`gan.look.referee.split`). Clothes: the training
files without the 10,000 embedded pictures, so that the referee knows none of those either; tested on the test
files. Photos: CIFAR-10's training files, all of which the app learns from too; tested on its test file. Doodles and
critters: others, drawn in the same way; tested on the embedded ones.

The referee also learns to tell sound pictures from spoiled ones (blurred, noisy, blended, pieced together,
faded), with a second head that is then thrown away. Without it the features of bad fakes fall among those of
real pictures, and precision falls while the forger gets better.

And it learns to overlook what nobody sees: each picture is also looked at a little lighter, with less contrast, with
faint noise or moved by a pixel, and features that differ from those before cost something. Without it a background
of 2 of 255 costs as much as half the classes.

Every choice was made with `--validate`, which trains without a tenth of the training pictures (a fifth of
the digits) and tests on these; accuracy on the test pictures decided nothing. `--seeds 3` trains three
times and stores nothing.
"""

import argparse
import copy
import gzip
import math
import subprocess
import tarfile
import tempfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.functional import affine_grid, conv2d, cross_entropy, grid_sample, interpolate

from gan import data
from gan.data import downloads
from gan.look.referee import FEATURES, FOLDER, as_input, network, split
from tools import make_data

SPREAD = 100.0  # the features' variance in all, over the training pictures: the unit of realism
AVERAGE = 0.999  # decay of the average of the weights
SOUND, BLURRED, NOISY, BLENDED, PIECED, FADED = range(6)
LEGIBLE = (SOUND, BLURRED, NOISY)  # what still belongs to its class
SPOILED = 0.3  # share of the pictures that are spoiled
LEAST = 1e-3  # a feature that varies less than this is none
LIGHTER, FAINT, CONTRAST = 6 / 255, 8 / 255, 0.1  # at most: added to all, deviation of noise, share of contrast gone


@dataclass(frozen=True)
class Recipe:
    """How one referee is trained."""

    epochs: int
    batch_size: int
    learning_rate: float
    shake: float  # how far pictures are turned, stretched and moved
    bend: float  # how far they are bent, in half widths
    flip: bool  # whether left and right may change places
    doubts: float  # weight of telling what is spoiled, beside telling the classes
    calm: float  # weight of overlooking what nobody sees
    validation: float  # share of the training pictures
    width: int = 16  # channels of the first layer
    one_by_one: bool = False  # whether it overlooks feature by feature, each in its own unit, or all together


RECIPES = {
    "digits": Recipe(120, 64, 2e-3, shake=1.0, bend=0.05, flip=False, doubts=0.3, calm=1.0, validation=0.2),
    "fashion": Recipe(
        25, 128, 2e-3, shake=0.4, bend=0.0, flip=True, doubts=0.4, calm=0.6, validation=0.1, one_by_one=True
    ),
    "photos": Recipe(25, 128, 2e-3, shake=0.4, bend=0.0, flip=True, doubts=0.1, calm=1.0, validation=0.1, width=32),
    "doodles": Recipe(25, 64, 2e-3, shake=0.4, bend=0.05, flip=True, doubts=0.3, calm=1.0, validation=0.1),
    "critters": Recipe(25, 64, 2e-3, shake=0.4, bend=0.0, flip=True, doubts=0.3, calm=1.0, validation=0.1),
}


@dataclass(frozen=True)
class Split:
    """Pictures uint8 (n, h, w) or (n, h, w, 3) and labels (n,) to train on, and others to test on; where from."""

    train: tuple[np.ndarray, np.ndarray]
    test: tuple[np.ndarray, np.ndarray]
    words: str


def digits() -> Split:
    pictures = data.load("digits")
    train, test = split(len(pictures.images))
    return Split(
        (pictures.images[train], pictures.labels[train]),
        (pictures.images[test], pictures.labels[test]),
        "gan.look.referee.split of the 5,000 embedded digits",
    )


def fashion(package: Path) -> Split:
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg", "-x", package, folder], check=True)
        source = Path(folder) / "usr/share/datasets/fashion-mnist"
        images, labels = _idx(source, "train")
        test = _idx(source, "t10k")
    embedded = np.concatenate([np.flatnonzero(labels == c)[:1_000] for c in range(10)])  # as in tools/make_data.py
    rest = np.setdiff1d(np.arange(len(labels)), embedded)
    words = "Fashion-MNIST's training files without the embedded pictures; its test files"
    return Split((images[rest], labels[rest]), test, words)


def photos(archive: Path) -> Split:
    with tempfile.TemporaryDirectory() as folder:
        with tarfile.open(archive) as tar:
            tar.extractall(folder, filter="data")
        files = {file.name: downloads.cifar_records(file) for file in Path(folder).rglob("*.bin")}
    test = files.pop("test_batch.bin")
    parts = [files[name] for name in downloads.CIFAR_FILES]
    images, labels = (np.concatenate(part) for part in zip(*parts, strict=True))
    return Split((images, labels), test, "CIFAR-10's training files; its test file")


def drawn(name: str) -> Split:
    """Others than the embedded ones to train on, since one can have as many as one likes."""
    embedded = data.load(name)
    return Split(
        make_data.drawn(make_data.DRAWN[name], make_data.OTHERS_SEED),
        (embedded.images, embedded.labels),
        "others that tools/make_data.py draws; the embedded ones",
    )


def _idx(folder: Path, part: str) -> tuple[np.ndarray, np.ndarray]:
    """Pictures and labels of one part of the data set; the files' headers are 16 and 8 bytes long."""
    images, labels = (
        np.frombuffer(gzip.decompress((folder / f"{part}-{kind}-ubyte.gz").read_bytes()), np.uint8)
        for kind in ("images-idx3", "labels-idx1")
    )
    return images[16:].reshape(-1, 28, 28).copy(), labels[8:].copy()


def train(images: np.ndarray, labels: np.ndarray, recipe: Recipe, seed: int) -> nn.Sequential:
    """A new referee; the average of its weights over the last steps (Izmailov et al. 2018), in its own unit."""
    torch.manual_seed(seed)
    pictures, answers = as_input(images), torch.from_numpy(labels).long()
    net = network(pictures.shape[1], int(answers.max()) + 1, recipe.width)
    doubts = nn.Linear(FEATURES, FADED + 1)
    average = copy.deepcopy(net)
    weights = [*net.parameters(), *doubts.parameters()]
    optimizer = torch.optim.AdamW(weights, lr=recipe.learning_rate, weight_decay=0.01, fused=True)
    steps = recipe.epochs * (len(pictures) // recipe.batch_size)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda step: _rate(step / steps))
    for _ in range(recipe.epochs):
        batches = torch.randperm(len(pictures)).split(recipe.batch_size)
        for batch in batches[: len(pictures) // recipe.batch_size]:
            faults = torch.randint(1, FADED + 1, batch.shape) * (torch.rand(batch.shape) < SPOILED)
            shown = _spoiled(_changed(pictures[batch], recipe), faults)
            features, again = net[0](torch.cat([shown, _hardly_changed(shown)])).chunk(2)
            legible = torch.isin(faults, torch.tensor(LEGIBLE))
            loss = cross_entropy(net[1](features[legible]), answers[batch][legible])
            loss = loss + recipe.doubts * cross_entropy(doubts(features), faults)
            loss = loss + recipe.calm * _apart(features, again, features[faults == SOUND].var(0), recipe.one_by_one)
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            schedule.step()
            with torch.no_grad():
                torch._foreach_lerp_(list(average.parameters()), list(net.parameters()), 1 - AVERAGE)
    return _in_units(average, pictures)


def _apart(features: Tensor, again: Tensor, spread: Tensor, one_by_one: bool) -> Tensor:
    """How far features (n, f) differ from `again`, in units of their `spread` (f,), which are variances.

    All together is stricter with the large features, which tell the classes: the clothes' referee is then right on
    half a percent fewer.
    """
    if one_by_one:
        return ((again - features).square().mean(0) / (spread + LEAST)).mean()
    return (again - features).square().sum(1).mean() / spread.sum()


def _rate(done: float) -> float:
    """The learning rate's share: up for a twentieth of the time, then down along a cosine."""
    return min(1.0, done / 0.05 + 1e-3) * (1 + math.cos(math.pi * done)) / 2


def _changed(pictures: Tensor, recipe: Recipe) -> Tensor:
    """The pictures (n, c, 28, 28) a little turned, stretched, leant, moved and bent, each differently."""
    count = len(pictures)
    if recipe.flip:
        pictures = torch.where(torch.rand(count, 1, 1, 1) < 0.5, pictures.flip(3), pictures)

    def about(width: float, *shape: int) -> Tensor:
        return recipe.shake * width * (torch.rand(count, *shape) - 0.5)

    angle, wide, high = about(0.5), 1 + about(0.3), 1 + about(0.3)
    change = torch.zeros(count, 2, 3)
    change[:, 0, 0], change[:, 0, 1] = wide * angle.cos(), about(0.4) - wide * angle.sin()
    change[:, 1, 0], change[:, 1, 1] = high * angle.sin(), high * angle.cos()
    change[:, :, 2] = about(0.25, 2)
    grid = affine_grid(change, list(pictures.shape), align_corners=False)
    if recipe.bend:  # a coarse random field made smooth (Simard et al. 2003)
        field = recipe.bend * torch.randn(count, 2, 4, 4)
        grid = grid + interpolate(field, pictures.shape[2:], mode="bicubic", align_corners=True).permute(0, 2, 3, 1)
    return grid_sample(pictures, grid, align_corners=False)


def _hardly_changed(pictures: Tensor) -> Tensor:
    """The pictures (n, c, 28, 28) as nobody would know them apart: each change is made to half of them, by chance."""

    def some(most: float) -> Tensor:
        return most * torch.rand(len(pictures), 1, 1, 1) * (torch.rand(len(pictures), 1, 1, 1) < 0.5)

    by = torch.randint(-1, 2, (2,)).tolist()
    moved = torch.where(some(1.0) > 0, pictures.roll(by, (2, 3)), pictures)
    lighter = moved * (1 - some(CONTRAST)) + some(LIGHTER)
    return ((lighter + some(FAINT) * torch.randn_like(pictures)).clamp(0, 1) * 255).round() / 255


def _spoiled(pictures: Tensor, faults: Tensor) -> Tensor:
    """The pictures (n, c, 28, 28), each with its fault (n,)."""
    spoiled, others = pictures.clone(), pictures[torch.randperm(len(pictures))]
    for fault, spoil in ((BLURRED, _blur), (NOISY, _noise), (BLENDED, _blend), (PIECED, _piece), (FADED, _fade)):
        chosen = faults == fault
        spoiled[chosen] = spoil(pictures[chosen], others[chosen])
    return spoiled


def _blur(pictures: Tensor, _others: Tensor) -> Tensor:
    width = 0.7 + 1.5 * torch.rand(1)
    line = torch.exp(-0.5 * (torch.arange(-4, 5) / width) ** 2)
    line = (line / line.sum()).view(1, 1, 1, 9)
    each = pictures.flatten(0, 1).unsqueeze(1)  # colour by colour
    return conv2d(conv2d(each, line, padding=(0, 4)), line.mT, padding=(4, 0)).view_as(pictures)


def _noise(pictures: Tensor, _others: Tensor) -> Tensor:
    strength = 0.05 + torch.rand(len(pictures), 1, 1, 1) ** 2
    return (pictures + strength * torch.randn_like(pictures)).clamp(0, 1)


def _blend(pictures: Tensor, others: Tensor) -> Tensor:
    return torch.lerp(pictures, others, 0.25 + 0.5 * torch.rand(len(pictures), 1, 1, 1))


def _piece(pictures: Tensor, others: Tensor) -> Tensor:
    return torch.where(_patches(len(pictures), 4) > 0, pictures, others)


def _fade(pictures: Tensor, _others: Tensor) -> Tensor:
    return pictures * (3 * _patches(len(pictures), 7)).sigmoid()


def _patches(count: int, coarse: int) -> Tensor:
    """Smooth random fields (count, 1, 28, 28) that vary over 28 / `coarse` pixels."""
    return interpolate(torch.randn(count, 1, coarse, coarse), (28, 28), mode="bicubic", align_corners=True)


@torch.no_grad()
def _in_units(net: nn.Sequential, pictures: Tensor) -> nn.Sequential:
    """The same classifier with features whose variances over `pictures` add up to SPREAD, rounded to float16."""
    body, head = net
    features = torch.cat([body(part) for part in pictures.split(1_000)])
    factor = (SPREAD / features.var(0).sum()).sqrt()
    body[-2].weight *= factor  # a ReLU follows: it lets a factor through
    body[-2].bias *= factor
    head.weight /= factor
    return net.half().float()


@torch.no_grad()
def accuracy(net: nn.Sequential, images: np.ndarray, labels: np.ndarray) -> float:
    return (net(as_input(images)).argmax(1) == torch.from_numpy(labels)).float().mean().item()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("name", choices=RECIPES)
    parser.add_argument("source", type=Path, nargs="?", help="Debian's package or CIFAR-10's archive")
    parser.add_argument("--validate", action="store_true", help="test on a part of the training pictures")
    parser.add_argument("--seeds", type=int, help="train so many times and store nothing")
    options = parser.parse_args()
    torch.set_num_threads(1)  # sums in the same order on every machine with these processors

    recipe = RECIPES[options.name]
    published = {"digits": lambda _: digits(), "fashion": fashion, "photos": photos}
    pictures = drawn(options.name) if options.name in make_data.DRAWN else published[options.name](options.source)
    learn, test = pictures.train, pictures.test
    if options.validate:
        count = round(recipe.validation * len(learn[0]))
        learn, test = tuple(part[:-count] for part in learn), tuple(part[-count:] for part in learn)

    for seed in range(options.seeds or 1):
        net = train(*learn, recipe, seed)
        right = accuracy(net, *test)
        print(f"seed {seed}: {right:.2%} of {len(test[0]):,} right, trained on {len(learn[0]):,}", flush=True)
    if options.validate or options.seeds:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    facts = {
        "accuracy": f"{right:.4f}",
        "trained_on": str(len(learn[0])),
        "tested_on": str(len(test[0])),
        "split": pictures.words,
        "spread": f"{SPREAD:g}",
    }
    tensors = {key: tensor.half() for key, tensor in net.state_dict().items()}
    save_file(tensors, FOLDER / f"{options.name}.safetensors", facts)


if __name__ == "__main__":
    main()
