"""The sets that come with the project, made by `tools/make_data.py`."""

from pathlib import Path

import numpy as np

FOLDER = Path(__file__).parents[2] / "assets" / "data"


def load(name: str) -> tuple[np.ndarray, np.ndarray]:
    """`images` uint8 (n, h, w) or (n, h, w, 3) and `labels` uint8 (n,), in a fixed shuffled order."""
    with np.load(FOLDER / f"{name}.npz", allow_pickle=False) as file:
        return file["images"], file["labels"]
