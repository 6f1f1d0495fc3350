"""Make assets/recordings/ from real runs: a recipe's thumbnail, and the run that somebody sees who waits.

    python -m tools.make_recordings quick dcgan ...     # thumbnails of these recipes; without names, of all
    python -m tools.make_recordings --film              # a whole run of Quick, a sheet of fakes at each of some epochs
    python -m tools.make_recordings --versus            # four families on digits, for the comparison page

A thumbnail is what the recipe draws when it is done, or after `STEPS` steps: a few fakes side by side, as PNG.
The film is an .npz with `epochs` (n,) and `fakes` uint8 (n, 32, 28, 28). The comparison is one too, which
`gan.runs.state.comparison` writes and reads. Make it with OMP_NUM_THREADS=1; the one that ships comes from a core that
was shared with other work: Quick made 37 steps a second there.
"""

import sys
from itertools import pairwise
from pathlib import Path

import numpy as np

from gan import data, export
from gan.cli.versus import compare
from gan.learn.trainer import NotFinite, Trainer
from gan.records import EpochRecord, Word
from gan.setup import presets

OUT = Path(__file__).parents[1] / "assets" / "recordings"
STEPS = 1500
FAKES = 4  # of a thumbnail, in a square
SHOWN = 32  # of each sheet of the film
VERSUS, SECONDS, SEEDS = ("quick", "vae", "vae_gan", "diffusion"), 30, (1, 2, 3)
EPOCHS = (0, 1, 2, 3, 4, 5, 6, 8, 10, 12, 15, 20, 25, 30, 40, 50, 60)


def thumbnail(name: str) -> bytes:
    """The recipe's fakes, of four kinds where it is told what to draw."""
    newest = None
    try:
        for reading in Trainer(presets.get(name).but(device="cpu")).readings(lambda: Word.GO):
            newest = reading
            if reading.step >= STEPS:
                break
    except NotFinite:  # the recipe that blows up: what it drew last
        pass
    return export.grid_png(newest.samples[:FAKES], columns=2, scale=1, gap=1)


def film() -> dict[str, np.ndarray]:
    """Quick from its first noise to its last epoch."""
    sheets, last = {}, presets.get("quick").epochs
    assert last == EPOCHS[-1] and all(first < second for first, second in pairwise(EPOCHS))
    for reading in Trainer(presets.get("quick").but(device="cpu")).readings(lambda: Word.GO):
        if (isinstance(reading, EpochRecord) or not reading.step) and reading.epoch in EPOCHS:
            sheets[int(reading.epoch)] = reading.samples[:SHOWN]
            print(f"epoch {reading.epoch:.0f}", flush=True)
    return {"epochs": np.array(list(sheets)), "fakes": np.stack(list(sheets.values()))}


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    if "--film" in sys.argv:
        np.savez_compressed(OUT / "quick.npz", **film())
        return
    if "--versus" in sys.argv:
        comparison = compare([name for name in VERSUS if name in presets.PRESETS], "digits", SECONDS, SEEDS)
        (OUT / "versus.npz").write_bytes(comparison.to_bytes())
        return
    here = [name for name, config in presets.PRESETS.items() if data.is_here(config.data)]
    for name in sys.argv[1:] or here:
        (OUT / f"{name}.png").write_bytes(thumbnail(name))
        print(name, flush=True)


if __name__ == "__main__":
    main()
