"""Make assets/recordings/ from real runs: a recipe's thumbnail, and the run that somebody sees who waits.

    python -m tools.make_recordings quick dcgan ...     # thumbnails of these recipes; without names, of all
    python -m tools.make_recordings --film quick ...   # whole runs, a sheet of fakes at each of some epochs
    python -m tools.make_recordings --versus            # four families on digits, for the comparison page

A thumbnail is what the recipe draws when it is done, or after `STEPS` steps: a few fakes side by side, as PNG.
The film is an .npz with `epochs` (n,) and `fakes` uint8 (n, 32, 28, 28). The comparison is one too, which
`gan.runs.state.comparison` writes and reads. Make it with OMP_NUM_THREADS=1; the one that ships comes from a core that
was shared with other work: Quick made 37 steps a second there.
"""

import sys
from io import BytesIO
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
SHEETS = 17  # of a film at most, closer to each other where more happens: at the beginning
MOST_BYTES = 160_000  # of a film's file


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


def film(name: str) -> dict[str, np.ndarray]:
    """A recipe from its first noise to its last epoch, or the one in which its numbers blow up."""
    config = presets.get(name).but(device="cpu")
    shown = {*range(7), *np.geomspace(8, config.epochs, SHEETS - 7).round().astype(int).tolist()}
    sheets = {}
    try:
        for reading in Trainer(config).readings(lambda: Word.GO):
            if (isinstance(reading, EpochRecord) or not reading.step) and reading.epoch in shown:
                sheets[int(reading.epoch)] = reading.samples[:SHOWN]
                print(f"{name}: epoch {reading.epoch:.0f}", flush=True)
    except NotFinite:
        pass
    return {"epochs": np.array(list(sheets)), "fakes": np.stack(list(sheets.values()))}


def packed(found: dict[str, np.ndarray]) -> bytes:
    """A film's file; where noise makes it too large, of every other sheet, but the first and the last."""
    file = BytesIO()
    np.savez_compressed(file, **found)
    if file.tell() <= MOST_BYTES or len(found["epochs"]) < 3:
        return file.getvalue()
    count = len(found["epochs"])
    kept = sorted({*range(0, count, 2), count - 1})
    return packed({name: values[kept] for name, values in found.items()})


def main() -> None:
    OUT.mkdir(parents=True, exist_ok=True)
    if "--film" in sys.argv:
        for name in sys.argv[2:]:
            (OUT / "films" / f"{name}.npz").write_bytes(packed(film(name)))
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
