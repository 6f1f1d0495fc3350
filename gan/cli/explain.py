"""`python -m gan explain`: which pixels made a discriminator say what it says."""

import argparse
import csv
import io
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gan import data, export, families, inside
from gan.cli import sources
from gan.cli.shell import check_writable, write
from gan.data import framing
from gan.export.generator_file import check_asked
from gan.inside import Subject
from gan.messages import Refusal
from gan.setup.kinds import Choice, Whole

if TYPE_CHECKING:
    from gan.inside.moment import Moment

LARGE = 336  # pixels of a picture's side at least, as it is written


def add(commands: argparse._SubParsersAction) -> None:
    """Add it to the list of commands."""
    command = commands.add_parser("explain", help="say which pixels made a discriminator call a picture real or fake")
    command.set_defaults(command=explain)
    sources.add(command)
    which = command.add_mutually_exclusive_group()
    which.add_argument("--fake", metavar="N", help="the generator's sample N (0)")
    which.add_argument("--real", metavar="N", help="the real picture N")
    which.add_argument("--picture", type=Path, metavar="FILE.png", help="a picture or drawing of your own")
    command.add_argument("--class", dest="kind", metavar="NAME", help="what a conditional discriminator is told it is")
    command.add_argument("--method", default=inside.GRADIENT, metavar="NAME", help=", ".join(inside.METHODS))
    command.add_argument("--out", type=Path, required=True, metavar="DIR", help="picture.png, heat.png and scores.csv")


def explain(chosen: argparse.Namespace) -> int:
    """Write a heat map as PNG, and as CSV what the discriminator of every kept epoch says."""
    check_writable(chosen.out, is_folder=True)
    method = Choice(lambda: inside.METHODS).read("method", chosen.method)
    kept = sources.find(chosen.run)
    epoch = kept.chosen(chosen.epoch)
    moment = kept.open(epoch)
    if not families.judges(moment.config.family):
        raise Refusal(
            "explain.unjudged",
            "No discriminator of this run judges whole pictures by themselves, so nothing can be explained.",
        )
    if data.get(moment.config.data).is_dots:
        raise Refusal("explain.dots", "This run draws dots, which have no pixels to explain.")
    subject = _subject(chosen, moment)
    found = inside.heat(moment, subject, method)
    write(chosen.out / "picture.png", export.png(_large(subject.picture)))
    write(chosen.out / "heat.png", export.png(_large(export.marked(subject.picture, found.values))))
    write(chosen.out / "scores.csv", _scores(kept, subject).encode())
    print(f"epoch {epoch}   D {found.verdict.belief:.3f}   answer {found.verdict.answer:.3f}")
    return 0


def _subject(chosen: argparse.Namespace, moment: "Moment") -> Subject:
    """The picture that is asked about."""
    number = Whole(0, 63).read("fake" if chosen.real is None else "real", chosen.real or chosen.fake or 0)
    if chosen.picture:
        picture = _own(chosen.picture, moment)
        subject = Subject(picture, True, _read(moment, picture))
    elif chosen.real is not None:
        sheet = inside.reals(moment, 1, number)
        if not len(sheet.pictures):
            raise Refusal("explain.no_reals", "The real pictures are not on this computer.")
        subject = Subject(sheet.pictures[0], True, sheet.labels[0])
    else:
        sheet = inside.fakes(moment, number + 1)
        subject = Subject(sheet.pictures[number], False, sheet.labels[number])
    if not chosen.kind:
        return subject
    kinds = export.classes_named(moment.config, chosen.kind)
    check_asked(moment.config, kinds)
    return Subject(subject.picture, subject.is_real, kinds[0])


def _read(moment: "Moment", picture: np.ndarray) -> int | None:
    """What a conditional discriminator is told of somebody's own picture: what the referee reads."""
    if not moment.is_conditional:
        return None
    reading = inside.read(moment, picture)
    kinds = moment.config.learned_classes
    return reading.label if reading and reading.label in kinds else kinds[0]


def _own(path: Path, moment: "Moment") -> np.ndarray:
    """A picture from a file, at the size and in the colours of the run's: as it is, or drawings as real ones lie."""
    from PIL import Image, UnidentifiedImageError

    channels, height, width = moment.shape
    try:
        with Image.open(path) as image:
            found = image.convert("L" if channels == 1 else "RGB")
            found.thumbnail((1024, 1024))
    except (UnidentifiedImageError, Image.DecompressionBombError) as error:
        raise Refusal("explain.no_picture", "{path} is not a picture.", path=path) from error
    picture = np.asarray(found)
    return picture if picture.shape[:2] == (height, width) else framing.framed(picture, moment.framing, height, width)


def _scores(kept: sources.Kept, subject: Subject) -> str:
    file = io.StringIO()
    lines = csv.writer(file, lineterminator="\n")
    lines.writerow(["epoch", "belief", "answer"])
    for epoch in kept.epochs:
        found = inside.judge(kept.open(epoch), subject)
        lines.writerow([epoch, f"{found.belief:.6f}", f"{found.answer:.6f}"])
    return file.getvalue()


def _large(picture: np.ndarray) -> np.ndarray:
    times = max(1, LARGE // picture.shape[0])
    return picture.repeat(times, axis=0).repeat(times, axis=1)
