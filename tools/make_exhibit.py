"""Make assets/exhibits/: a trained run that ships with the project, to look inside before anything was trained.

    python -m tools.make_exhibit quick      # about ten minutes on an old laptop

It is a parcel like any run's, but of each moment it keeps only what can be looked at: the networks that draw and
judge, in half precision, without the optimisers and random numbers that it would need to go on.
"""

import sys
from dataclasses import replace

from safetensors import torch as safetensors

from gan.runs import Snapshot, ThreadRun
from gan.runs.kept import parcel
from gan.runs.kept.moments import Moments
from gan.runs.server.exhibit import FOLDER
from gan.setup import presets

EPOCHS = (0, 1, 2, 4, 8, 16, 32, 60)
FRAMES = 8  # sheets of its film
SEEN = ("average.", "discriminator.", "midpoint", "numbers")


def slim(moment: bytes) -> bytes:
    """A moment with what `gan.learn.checkpoint.look_back` needs of it."""
    tensors = safetensors.load(moment)
    kept = {name: tensor for name, tensor in tensors.items() if name.startswith(SEEN)}
    halved = {name: each.half() if each.is_floating_point() and each.dim() else each for name, each in kept.items()}
    return safetensors.save(halved | {"numbers": tensors["numbers"]})


def make(preset: str, epochs: tuple[int, ...]) -> bytes:
    """Train the preset to the last of `epochs`, and wrap it with its moments after these, or those next to them."""
    config = presets.get(preset).but(epochs=epochs[-1], device="cpu")
    run = ThreadRun(Snapshot("exhibit", config), moments=Moments(budget=2**30))
    run.start()
    while not run.wait(timeout=20):
        print(f"epoch {len(run.snapshot().records)}", flush=True)
    nearest = {min(run.moments.epochs, key=lambda kept: abs(kept - epoch)) for epoch in epochs}
    return parcel.wrap(small(run.snapshot()), {epoch: slim(run.moments.read(epoch)) for epoch in sorted(nearest)})


def small(snapshot: Snapshot) -> Snapshot:
    """With a short film."""
    numbers = sorted(snapshot.frames)
    every = -(-len(numbers) // FRAMES)
    return replace(snapshot, frames={number: snapshot.frames[number] for number in numbers[::every]})


def main(names: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in names or ["quick"]:
        (FOLDER / f"{name}{parcel.SUFFIX}").write_bytes(make(name, EPOCHS))


if __name__ == "__main__":
    main(sys.argv[1:])
