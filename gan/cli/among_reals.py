"""`python -m gan map` and `nearest`: how a generator's pictures lie among the real ones, and how near to them."""

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from gan import data
from gan.cli import sources
from gan.cli.latent import SEED, check_outputs, classes, refuse_dots
from gan.cli.shell import fetch_first, write
from gan.export.map_file import map_csv, map_png
from gan.export.nearest_file import nearest_csv, nearest_png
from gan.inside import latent
from gan.messages import Refusal, msg
from gan.setup.kinds import Whole

if TYPE_CHECKING:
    from gan.inside.moment import Moment

FAKES = Whole(20, 20_000)  # on a map
COMPARED = Whole(1, 1_000)


def add(commands: argparse._SubParsersAction) -> None:
    """Add both to the list of commands."""
    map_ = commands.add_parser("map", help="draw where a generator's pictures lie among the real ones")
    map_.set_defaults(command=map_of)
    sources.add(map_)
    map_.add_argument("-n", default="2000", metavar="N", help="fakes on the map (2000)")
    map_.add_argument("--out", type=Path, metavar="FILE.png", help="a picture of pictures")
    map_.add_argument("--csv", type=Path, metavar="FILE.csv", help="a row a picture")

    nearest_ = commands.add_parser("nearest", help="find the real pictures that a generator's are nearest to")
    nearest_.set_defaults(command=nearest)
    sources.add(nearest_)
    nearest_.add_argument("-n", default="8", metavar="N", help="fakes (8): the first of `sample` with this seed")
    nearest_.add_argument("--class", dest="classes", metavar="NAME", help="what to draw, such as 3 or 3,7 or dress")
    nearest_.add_argument("--seed", default="0", metavar="N", help="the same seed, the same fakes (0)")
    nearest_.add_argument("--out", type=Path, metavar="FILE.png", help="beside each fake the five nearest")
    nearest_.add_argument("--csv", type=Path, metavar="FILE.csv", help="how near they are: ratio 0 for a copy")


def map_of(chosen: argparse.Namespace) -> int:
    check_outputs(chosen)
    count = FAKES.read(msg("setting.count", "count"), chosen.n)
    drawn = latent.chart(_among_reals(chosen), count)
    if drawn is None:
        raise _too_few()
    if chosen.out:
        write(chosen.out, map_png(drawn))
    if chosen.csv:
        write(chosen.csv, map_csv(drawn).encode())
    return 0


def nearest(chosen: argparse.Namespace) -> int:
    check_outputs(chosen)
    count = COMPARED.read(msg("setting.count", "count"), chosen.n)
    seed = SEED.read("seed", chosen.seed)
    moment = _among_reals(chosen)
    kinds, space = classes(moment.config, chosen.classes), latent.space_of(moment)
    fakes = space.draw(space.noise(seed, count), np.resize(kinds, count) if kinds else None)
    found = latent.nearest(moment, fakes)
    if not found:
        raise _too_few()
    if chosen.out:
        write(chosen.out, nearest_png(fakes, moment.pictures.images, found))
    if chosen.csv:
        write(chosen.csv, nearest_csv(found).encode())
    return 0


def _among_reals(chosen: argparse.Namespace) -> "Moment":
    """The networks that are asked for, of a run whose real pictures are here."""
    moment = sources.moment(chosen)
    refuse_dots(moment.config.data)
    try:
        data.wanted(moment.config)
    except data.NotDownloaded as error:
        raise fetch_first(error, moment.config.data) from error
    return moment


def _too_few() -> Refusal:
    return Refusal("cli.too_few_reals", "The run learned from too few real pictures to compare its own with.")
