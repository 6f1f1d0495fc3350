"""Record what the dots lab shows before anybody has started a run there: `python -m tools.make_dots_film`."""

import numpy as np

from gan.learn.trainer import Trainer
from gan.records import Plane, Wish
from gan.setup import presets
from pages.shared.dots.film import FILE, RECORDED

STEPS = (0, 20, 40, 70, 100, 140, 180, 230, 280, 340, 400, 470, 540, 620, 700, 800, 900, 1050, 1200, 1400, 1600, 1900)
FAKES = 180  # of each moment


def main() -> None:
    moments = record()
    whole = {"fakes": np.float16, "beliefs": np.float16, "arrows": np.float16, "grid": np.float16, "heat": np.uint8}
    arrays = {name: np.stack([_cut(moment, name) for moment in moments]).astype(kind) for name, kind in whole.items()}
    FILE.parent.mkdir(exist_ok=True)
    noise = moments[0].noise[:FAKES].astype(np.float16)
    np.savez_compressed(FILE, step=np.array([moment.step for moment in moments]), noise=noise, **arrays)
    print(f"{FILE}: {len(moments)} moments, {FILE.stat().st_size / 1024:.0f} KB")


def record() -> list[Plane]:
    """The planes of a run of the recipe after so many steps, from before its first one."""
    trainer = Trainer(presets.get(RECORDED).but(device="cpu"))
    trainer.wish = Wish(plane=True)
    wanted, found = list(STEPS), []
    for reading in trainer.readings(every_seconds=0.0):
        if wanted and reading.step >= wanted[0]:
            found.append(reading.plane)
            wanted.pop(0)
        if not wanted:
            break
    return found


def _cut(moment: Plane, name: str) -> np.ndarray:
    part = getattr(moment, name)
    return part if name in ("heat", "grid") else part[:FAKES]


if __name__ == "__main__":
    main()
