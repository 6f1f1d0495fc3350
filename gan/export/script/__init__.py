"""A run as a script and as a notebook in plain PyTorch, for those who want to see the code.

Both are put together from our own files: of the networks, the loss and the stabilisers that were chosen, those
definitions that are used, and around them the training loop in `gan/export/script/template.py`. They draw the same
random numbers in the same order as `gan.learn.trainer`, so that on the same computer they make the same generator.
"""

import io
import json
from collections.abc import Sequence

import numpy as np

from gan import data, families
from gan.data import Pictures
from gan.export import zipped
from gan.export.script.assemble import SECTION, Section, sections
from gan.export.script.pieces import has_own
from gan.messages import Refusal
from gan.records import Change
from gan.setup.config import RunConfig

README = """\
{headline}: train.py is the whole code in plain PyTorch, train.ipynb the same as a notebook.
Install Python 3.11 or newer, then: pip install torch numpy, and: python train.py; the folder drawn fills with pictures.
Made by Forger & Detective, MIT licence; the pictures in pictures.npz: {source}.
"""


def bundle(config: RunConfig, changes: Sequence[Change] = (), pictures: Pictures | None = None) -> bytes:
    """A zip of train.py, train.ipynb, the pictures.npz that this config learns from, and a README.txt.

    `pictures` defaults to the config's own; `changes` are made again at their steps. Raises ValueError with a
    sentence for what cannot be trained or told, and gan.data.NotDownloaded.
    """
    from gan.learn.trainer import Trainer

    if not tells(config):
        title = families.title(config.family)
        raise Refusal("script.family", "There is no script of a {family:name} yet.", family=title)
    trainer = Trainer(config.but(device="cpu"), pictures)
    file = io.BytesIO()
    np.savez(file, **pictures_of(trainer))
    script = sections(config, changes, trainer)
    parts = {
        "train.py": as_script(script),
        "train.ipynb": as_notebook(sections(config, changes, trainer, notebook=True)),
        "pictures.npz": file.getvalue(),
        "README.txt": README.format(headline=script[0].title, source=data.get(config.data).source),
    }
    return zipped(parts)


def pictures_of(trainer) -> dict[str, np.ndarray]:
    """What a trainer learns from, as a script reads it: "images", and of each its class, "labels"; for translators
    also "sources", of which those are to be made, and "shown", those that are shown.
    """
    from gan.data.pixels import to_images, to_range

    def kept(seen) -> np.ndarray:
        return to_images(to_range(seen, "-1..1"), "-1..1")

    learner = trainer.learner
    found = {"images": kept(learner.images), "labels": learner.labels.byte().cpu().numpy()}
    if families.translates(learner.config.family):
        shown = trainer.observer.noise.view(-1, *learner.shape)
        found |= {"sources": kept(learner.sources), "shown": to_images(shown, learner.config.pixel_range)}
    return found


def tells(config: RunConfig) -> bool:
    """Whether there is a template of its family's steps."""
    return has_own(config.family)


def as_script(parts: Sequence[Section]) -> str:
    """The sections one below the other, their titles as the marks that editors take for cells."""
    first, *others = parts
    out = f'"""{first.title}.\n\n{first.about}\n"""\n\n{first.code}\n'
    for part in others:
        about = "".join(f"# {line}".rstrip() + "\n" for line in part.about.splitlines())
        out += f"\n{SECTION}{part.title}\n{about}\n{part.code}\n\n"
    return out.rstrip() + "\n"


def as_notebook(parts: Sequence[Section]) -> str:
    """The sections as cells, in Jupyter's format (nbformat 4)."""
    cells = []
    for part in parts:
        heading = f"{'##' if cells else '#'} {part.title}\n\n{part.about}"
        cells.append({"cell_type": "markdown", "metadata": {}, "source": heading})
        code = {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": part.code.strip(),
        }
        cells.append(code)
    for number, cell in enumerate(cells):
        cell["id"] = f"cell-{number}"
    kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
    book = {"cells": cells, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
    return json.dumps(book, indent=1) + "\n"
